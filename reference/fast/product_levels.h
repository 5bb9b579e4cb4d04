/* Part of product.h: both number types for one LEVEL of instructions. */

#define SCALAR float
#include "product_tile.h"
#undef SCALAR

#define SCALAR double
#include "product_tile.h"
#undef SCALAR

#undef LEVEL
#undef TARGET
#undef VECTOR_BYTES
#undef TILE_ROWS
#undef TILE_VECTORS
