/* A matrix product whose rows and columns are found through tables of offsets.

       C[m, j] = start[m] + sum over r of A[m, r] B[r, j]

       A[m, r]     is  a[a_row[m] + a_col[r]]
       B[r, j + l] is  b[b_row[r] + b_col[j] + l]      for the l of one vector, which lie side by side
       C[m, j + l] is  c[c_row[m] + c_col[j] + l]

   With such tables the columns of a convolution need not be copied out of the images: they are read
   where they stand. The same product serves the output and both gradients.

   It is compiled once for each set of vector instructions, and the set is chosen while running, so one
   build serves every machine. */

#ifndef REFERENCE_FAST_PRODUCT_H
#define REFERENCE_FAST_PRODUCT_H

#include <stddef.h>
#include <string.h>

struct product_tables {
    ptrdiff_t rows, terms, vectors; /* the lengths of the tables of m, r and j */
    ptrdiff_t stored;               /* how many elements of each vector are written */
    const ptrdiff_t *a_row, *a_col, *b_row, *b_col, *c_row, *c_col;
};

#define PASTE_(a, b, c) a##_##b##_##c
#define PASTE(a, b, c) PASTE_(a, b, c)

/* A tile must leave registers for the vectors of B and one element of A: there are 16 vector registers,
   32 with AVX-512. Six rows of four vectors would still fit, but not the pointers to the six rows. */

#define LEVEL plain
#define TARGET
#define VECTOR_BYTES 16
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "product_levels.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define PRODUCT_X86

#define LEVEL avx2
#define TARGET __attribute__((target("avx2,fma")))
#define VECTOR_BYTES 32
#define TILE_ROWS 6
#define TILE_VECTORS 2
#include "product_levels.h"

#define LEVEL avx512
#define TARGET __attribute__((target("avx512f,fma")))
#define VECTOR_BYTES 64
#define TILE_ROWS 5
#define TILE_VECTORS 4
#include "product_levels.h"
#endif

/* The best set of instructions that this processor has: 0 plain, 1 AVX2, 2 AVX-512. */
static int product_best_level(void) {
#ifdef PRODUCT_X86
    if (__builtin_cpu_supports("avx512f"))
        return 2;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return 1;
#endif
    return 0;
}

static int product_vector_bytes(int level) { return 16 << level; }

#ifdef PRODUCT_X86
#define PRODUCT_CHOICE(scalar)                                      \
    if (level == 2) {                                               \
        PASTE(product, scalar, avx512)(tables, a, b, c, start);     \
        return;                                                     \
    }                                                               \
    if (level == 1) {                                               \
        PASTE(product, scalar, avx2)(tables, a, b, c, start);       \
        return;                                                     \
    }                                                               \
    PASTE(product, scalar, plain)(tables, a, b, c, start);
#else
#define PRODUCT_CHOICE(scalar)                                      \
    (void)level;                                                    \
    PASTE(product, scalar, plain)(tables, a, b, c, start);
#endif

/* Where start is NULL the product is added to C, and whole vectors of C are read and written. */
static void product_float(int level, const struct product_tables *tables, const float *a,
                          const float *b, float *c, const float *start) {
    PRODUCT_CHOICE(float)
}

static void product_double(int level, const struct product_tables *tables, const double *a,
                           const double *b, double *c, const double *start) {
    PRODUCT_CHOICE(double)
}

#endif
