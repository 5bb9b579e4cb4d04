/* Part of levels.h: the product of product.h for one SCALAR and one LEVEL of instructions.

   A tile of C, a few rows by a few vectors, stays in registers while the terms are summed. Each step
   multiplies every element of a column of A by every vector of a row of B. */

#define VECTOR PASTE(vector, SCALAR, LEVEL)
#define TILE PASTE(tile, SCALAR, LEVEL)
#define PRODUCT PASTE(product, SCALAR, LEVEL)

typedef SCALAR VECTOR __attribute__((vector_size(VECTOR_BYTES)));

/* Keep a pointer in a register of its own. A compiler would rather keep its distance from another pointer,
   run out of registers, and fetch the distances anew for every term. */
#define KEEP(pointer) __asm__("" : "+r"(pointer))

/* rows and vectors are constants wherever this is inlined, so that every loop but one is unrolled. */
TARGET static inline __attribute__((always_inline)) void TILE(
    const int rows, const int vectors, const struct product_tables *t, const SCALAR *a,
    const SCALAR *b, SCALAR *c, const SCALAR *start, ptrdiff_t m0, ptrdiff_t j0) {
    VECTOR sums[TILE_ROWS][TILE_VECTORS];
    const SCALAR *a_at[TILE_ROWS], *b_at[TILE_VECTORS];

    for (int m = 0; m < rows; m++) {
        a_at[m] = a + t->a_row[m0 + m];
        KEEP(a_at[m]);
        for (int j = 0; j < vectors; j++)
            sums[m][j] = (VECTOR){0};
    }
    for (int j = 0; j < vectors; j++) {
        b_at[j] = b + t->b_col[j0 + j];
        KEEP(b_at[j]);
    }

    const ptrdiff_t *a_col = t->a_col, *b_row = t->b_row;
    for (const ptrdiff_t *end = a_col + t->terms; a_col < end; a_col++, b_row++) {
        VECTOR row[TILE_VECTORS];
#pragma GCC unroll 4
        for (int j = 0; j < vectors; j++)
            memcpy(&row[j], b_at[j] + *b_row, sizeof(VECTOR));
#pragma GCC unroll 6
        for (int m = 0; m < rows; m++)
#pragma GCC unroll 4
            for (int j = 0; j < vectors; j++)
                sums[m][j] += a_at[m][*a_col] * row[j];
    }

    /* Looked up before anything is written: for all that the compiler knows, C may lie over the tables. */
    SCALAR *c_at[TILE_ROWS];
    ptrdiff_t c_col[TILE_VECTORS];
#pragma GCC unroll 6
    for (int m = 0; m < rows; m++) {
        c_at[m] = c + t->c_row[m0 + m];
#pragma GCC unroll 4
        for (int j = 0; start && j < vectors; j++)
            sums[m][j] += start[m0 + m];
    }
    for (int j = 0; j < vectors; j++)
        c_col[j] = t->c_col[j0 + j];
    const size_t stored = t->stored * sizeof(SCALAR);

#pragma GCC unroll 6
    for (int m = 0; m < rows; m++)
#pragma GCC unroll 4
        for (int j = 0; j < vectors; j++) {
            VECTOR sum = sums[m][j];
            if (!start) {
                VECTOR before;
                memcpy(&before, c_at[m] + c_col[j], sizeof(VECTOR));
                sum += before;
            }
            if (stored == sizeof(VECTOR))
                memcpy(c_at[m] + c_col[j], &sum, sizeof(VECTOR));
            else
                memcpy(c_at[m] + c_col[j], &sum, stored);
        }
}

#define TILE_OF(height, width)                                 \
    case 8 * (height) + (width):                               \
        TILE(height, width, t, a, b, c, start, m, j);          \
        break;
#define TILES_OF(width)                                                              \
    TILE_OF(1, width) TILE_OF(2, width) TILE_OF(3, width) TILE_OF(4, width)          \
    TILE_OF(5, width)

/* Strip by strip of C, a few vectors wide, so that what a strip reads of B stays in the nearest cache. */
TARGET static void PRODUCT(const struct product_tables *t, const SCALAR *a, const SCALAR *b,
                           SCALAR *c, const SCALAR *start) {
    ptrdiff_t strips = (t->vectors + TILE_VECTORS - 1) / TILE_VECTORS;
    for (ptrdiff_t j = 0; j < t->vectors; strips--) {
        /* Tiles of nearly equal size: 25 rows are five times 5, not four times 6 and 1. */
        const ptrdiff_t vectors = (t->vectors - j + strips - 1) / strips;
        ptrdiff_t blocks = (t->rows + TILE_ROWS - 1) / TILE_ROWS;
        for (ptrdiff_t m = 0; m < t->rows; blocks--) {
            const ptrdiff_t rows = (t->rows - m + blocks - 1) / blocks;
            switch (8 * rows + vectors) {
                TILES_OF(1)
                TILES_OF(2)
#if TILE_ROWS == 6
                TILE_OF(6, 1)
                TILE_OF(6, 2)
#endif
#if TILE_VECTORS == 4
                TILES_OF(3)
                TILES_OF(4)
#endif
            }
            m += rows;
        }
        j += vectors;
    }
}

#undef TILES_OF
#undef TILE_OF
#undef PRODUCT
#undef KEEP
#undef TILE
#undef VECTOR
