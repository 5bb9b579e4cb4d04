/* The product and the layouts for every set of vector instructions and both number types.

   The code is compiled once for each set, and the set is chosen while running, so one build serves
   every machine. */

#ifndef REFERENCE_FAST_LEVELS_H
#define REFERENCE_FAST_LEVELS_H

#include <string.h>

#include "layout.h"
#include "product.h"

#define PASTE_(a, b, c) a##_##b##_##c
#define PASTE(a, b, c) PASTE_(a, b, c)

/* A tile must leave registers for the vectors of B and one element of A: there are 16 vector registers,
   32 with AVX-512. Six rows of four vectors would still fit, and are no faster. */

#define LEVEL plain
#define TARGET
#define VECTOR_BYTES 16
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "level_types.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define LEVELS_X86

#define LEVEL avx2
#define NARROWER plain
#define TARGET __attribute__((target("avx2,fma")))
#define VECTOR_BYTES 32
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "level_types.h"

#define LEVEL avx512
#define NARROWER avx2
#define TARGET __attribute__((target("avx512f,fma")))
#define VECTOR_BYTES 64
#define TILE_ROWS 5
#define TILE_VECTORS 4
#include "level_types.h"
#endif

/* The best set of instructions that this processor has: 0 plain, 1 AVX2, 2 AVX-512. */
static int best_level_here(void) {
#ifdef LEVELS_X86
    if (__builtin_cpu_supports("avx512f"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 1;
#endif
    return 0;
}

static int vector_bytes(int level) { return 16 << level; }

#ifdef LEVELS_X86
#define CHOICE(function, scalar, ...)                        \
    if (level == 2)                                          \
        PASTE(function, scalar, avx512)(__VA_ARGS__);        \
    else if (level == 1)                                     \
        PASTE(function, scalar, avx2)(__VA_ARGS__);          \
    else                                                     \
        PASTE(function, scalar, plain)(__VA_ARGS__);
#else
#define CHOICE(function, scalar, ...) \
    (void)level;                      \
    PASTE(function, scalar, plain)(__VA_ARGS__);
#endif

#define FUNCTIONS_OF(scalar)                                                                       \
    static void product_##scalar(int level, const struct product_tables *tables, const scalar *a,  \
                                 const scalar *b, scalar *c, const scalar *start) {                \
        CHOICE(product, scalar, tables, a, b, c, start)                                            \
    }                                                                                              \
    static void spread_##scalar(int level, const scalar *pixels, scalar *planes,                   \
                                const struct layout *to) {                                         \
        CHOICE(spread, scalar, pixels, planes, to)                                                 \
    }                                                                                              \
    static void turn_##scalar(int level, const scalar *maps, scalar *turned, ptrdiff_t F,          \
                              ptrdiff_t positions, ptrdiff_t wide_F) {                             \
        CHOICE(turn, scalar, maps, turned, F, positions, wide_F)                                   \
    }                                                                                              \
    static void fold_##scalar(int level, const scalar *columns, scalar *planes, scalar *pixels,    \
                              const struct layout *to, const struct windows *of) {                 \
        CHOICE(fold, scalar, columns, planes, pixels, to, of)                                      \
    }

FUNCTIONS_OF(float)
FUNCTIONS_OF(double)

#endif
