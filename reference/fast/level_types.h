/* Part of levels.h: both number types for one LEVEL of instructions. LANES is how many fit a vector. */

#define SCALAR float
#define INTEGER int
#define LANES (VECTOR_BYTES / 4)
#include "product_tile.h"
#include "layout_tile.h"
#undef LANES
#undef INTEGER
#undef SCALAR

#define SCALAR double
#define INTEGER long long
#define LANES (VECTOR_BYTES / 8)
#include "product_tile.h"
#include "layout_tile.h"
#undef LANES
#undef INTEGER
#undef SCALAR

#undef LEVEL
#undef NARROWER
#undef TARGET
#undef VECTOR_BYTES
#undef TILE_ROWS
#undef TILE_VECTORS
