/* A matrix product whose rows and columns are found through tables of offsets.

       C[m, j] = start[m] + sum over r of A[m, r] B[r, j]

       A[m, r]     is  a[a_row[m] + a_col[r]]
       B[r, j + l] is  b[b_row[r] + b_col[j] + l]      for the l of one vector, which lie side by side
       C[m, j + l] is  c[c_row[m] + c_col[j] + l]

   With such tables the columns of a convolution need not be copied out of the images: they are read
   where they stand. The same product serves the output and both gradients.

   Where start is NULL the product is added to C, and whole vectors of C are read and written. */

#ifndef REFERENCE_FAST_PRODUCT_H
#define REFERENCE_FAST_PRODUCT_H

#include <stddef.h>

struct product_tables {
    ptrdiff_t rows, terms, vectors; /* the lengths of the tables of m, r and j */
    ptrdiff_t stored;               /* how many elements of each vector are written */
    const ptrdiff_t *a_row, *a_col, *b_row, *b_col, *c_row, *c_col;
};

#endif
