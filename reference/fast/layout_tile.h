/* Part of levels.h: the copies of layout.h for one SCALAR and one LEVEL of instructions.

   Vectors are joined by shuffles of constant lanes. Rows that are shorter than a vector go to the next
   narrower set of instructions, in the end element by element. */

#define VECTOR PASTE(vector, SCALAR, LEVEL)
#define CHOSEN PASTE(chosen, SCALAR, LEVEL)
#define GATHER PASTE(gather, SCALAR, LEVEL)
#define SPREAD PASTE(spread, SCALAR, LEVEL)
#define TRANSPOSE PASTE(transpose, SCALAR, LEVEL)
#define TURN PASTE(turn, SCALAR, LEVEL)
#define ADD PASTE(add, SCALAR, LEVEL)
#define WEAVE PASTE(weave, SCALAR, LEVEL)
#define FOLD PASTE(fold, SCALAR, LEVEL)

#ifdef __clang__
#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#else
typedef INTEGER CHOSEN __attribute__((vector_size(VECTOR_BYTES)));
#define SHUFFLE(a, b, ...) __builtin_shuffle(a, b, (CHOSEN){__VA_ARGS__})
#endif

/* Of the lanes of a, then b: LOW and HIGH mix their halves in turn; EVERY_OTHER takes the even ones of a
   and the odd ones of b. */
#if LANES == 16
#define LOW(a, b) SHUFFLE(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define HIGH(a, b) SHUFFLE(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)
#define EVERY_OTHER(a, b) SHUFFLE(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31)
#elif LANES == 8
#define LOW(a, b) SHUFFLE(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define HIGH(a, b) SHUFFLE(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define EVERY_OTHER(a, b) SHUFFLE(a, b, 0, 2, 4, 6, 9, 11, 13, 15)
#elif LANES == 4
#define LOW(a, b) SHUFFLE(a, b, 0, 4, 1, 5)
#define HIGH(a, b) SHUFFLE(a, b, 2, 6, 3, 7)
#define EVERY_OTHER(a, b) SHUFFLE(a, b, 0, 2, 5, 7)
#else
#define LOW(a, b) SHUFFLE(a, b, 0, 2)
#define HIGH(a, b) SHUFFLE(a, b, 1, 3)
#define EVERY_OTHER(a, b) SHUFFLE(a, b, 0, 3)
#endif

/* Copy every stride-th pixel. The last vector ends where the row ends and so may overlap the one before;
   nothing beyond the last pixel is read. */
TARGET static inline __attribute__((always_inline)) void GATHER(const SCALAR *pixels, SCALAR *row,
                                                                ptrdiff_t count, ptrdiff_t stride) {
    if (count < LANES || stride > 2) {
#ifdef NARROWER
        PASTE(gather, SCALAR, NARROWER)(pixels, row, count, stride);
#else
        for (ptrdiff_t k = 0; k < count; k++)
            row[k] = pixels[k * stride];
#endif
        return;
    }
    for (ptrdiff_t k = 0;; k += LANES) {
        if (k > count - LANES)
            k = count - LANES;
        VECTOR some;
        memcpy(&some, pixels + k * stride, sizeof(VECTOR));
        if (stride == 2) {
            VECTOR others;
            memcpy(&others, pixels + 2 * k + LANES - 1, sizeof(VECTOR));
            some = EVERY_OTHER(some, others);
        }
        memcpy(row + k, &some, sizeof(VECTOR));
        if (k == count - LANES)
            return;
    }
}

TARGET static void SPREAD(const SCALAR *pixels, SCALAR *planes, const struct layout *to) {
    const ptrdiff_t s = to->stride, H = to->H, W = to->W, plane_w = to->plane_w;
    for (ptrdiff_t row_phase = 0; row_phase < to->phases_h; row_phase++) {
        /* The first row of the plane that the image reaches, and the row of the image that goes there. */
        const ptrdiff_t i = (to->top - row_phase + s - 1) / s;
        const ptrdiff_t top = i * s + row_phase - to->top;
        for (ptrdiff_t phase = 0; phase < to->phases_w; phase++) {
            const ptrdiff_t j = (to->left - phase + s - 1) / s;
            const ptrdiff_t x = j * s + phase - to->left;
            const ptrdiff_t count = (W - x + s - 1) / s;
            for (ptrdiff_t c = 0; c < to->C; c++) {
                const SCALAR *source = pixels + (c * H + top) * W + x;
                const ptrdiff_t plane = (c * to->phases_h + row_phase) * to->phases_w + phase;
                SCALAR *row = planes + (plane * to->plane_h + i) * plane_w + j;
                for (ptrdiff_t y = top; y < H; y += s) {
                    if (s == 1)
                        GATHER(source, row, count, 1);
                    else if (s == 2)
                        GATHER(source, row, count, 2);
                    else
                        GATHER(source, row, count, s);
                    row += plane_w;
                    source += s * W;
                }
            }
        }
    }
}

/* Transpose a square of vectors: mixing the two halves in turn, once for every bit of a lane's number. */
TARGET static inline __attribute__((always_inline)) void TRANSPOSE(VECTOR *square) {
#pragma GCC unroll 4
    for (int bit = 1; bit < LANES; bit *= 2) {
        VECTOR mixed[LANES];
#pragma GCC unroll 8
        for (int k = 0; k < LANES / 2; k++) {
            mixed[2 * k] = LOW(square[k], square[k + LANES / 2]);
            mixed[2 * k + 1] = HIGH(square[k], square[k + LANES / 2]);
        }
#pragma GCC unroll 16
        for (int k = 0; k < LANES; k++)
            square[k] = mixed[k];
    }
}

TARGET static void TURN(const SCALAR *maps, SCALAR *turned, ptrdiff_t F, ptrdiff_t positions,
                        ptrdiff_t wide_F) {
    for (ptrdiff_t f = 0; f < F; f += LANES) {
        const ptrdiff_t last = F - 1 - f;
        /* A few maps are quicker one by one. */
        const ptrdiff_t whole = last < LANES / 4 ? 0 : positions - positions % LANES;
        const SCALAR *rows[LANES]; /* the last map stands in for those that do not exist */
        for (int k = 0; k < LANES; k++)
            rows[k] = maps + (f + (k < last ? k : last)) * positions;
        SCALAR *to = turned + f;
        for (ptrdiff_t p = 0; p < whole; p += LANES) {
            VECTOR square[LANES];
#pragma GCC unroll 16
            for (int k = 0; k < LANES; k++)
                memcpy(&square[k], rows[k] + p, sizeof(VECTOR));
            TRANSPOSE(square);
#pragma GCC unroll 16
            for (int k = 0; k < LANES; k++)
                memcpy(to + (p + k) * wide_F, &square[k], sizeof(VECTOR));
        }
        for (ptrdiff_t k = 0; k < LANES && k <= last; k++)
            for (ptrdiff_t p = whole; p < positions; p++)
                to[p * wide_F + k] = rows[k][p];
    }
}

/* Add a row to sums, of which nothing beyond count is touched. */
TARGET static inline __attribute__((always_inline)) void ADD(const SCALAR *row, SCALAR *sums,
                                                             ptrdiff_t count) {
    for (; count >= LANES; count -= LANES, row += LANES, sums += LANES) {
        VECTOR some, before;
        memcpy(&some, row, sizeof(VECTOR));
        memcpy(&before, sums, sizeof(VECTOR));
        before += some;
        memcpy(sums, &before, sizeof(VECTOR));
    }
#ifdef NARROWER
    if (count)
        PASTE(add, SCALAR, NARROWER)(row, sums, count);
#else
    for (ptrdiff_t k = 0; k < count; k++)
        sums[k] += row[k];
#endif
}

/* Pixels 0, 2, … of the row are in even, the others in odd; both may be read for half a vector beyond
   their ends. */
TARGET static inline void WEAVE(const SCALAR *even, const SCALAR *odd, SCALAR *row, ptrdiff_t count) {
    if (count < LANES) {
        for (ptrdiff_t k = 0; k < count; k++)
            row[k] = k % 2 ? odd[k / 2] : even[k / 2];
        return;
    }
    for (ptrdiff_t k = 0;; k += LANES) {
        if (k > count - LANES)
            k = count - LANES;
        const SCALAR *first = k % 2 ? odd + k / 2 : even + k / 2;
        const SCALAR *second = k % 2 ? even + k / 2 + 1 : odd + k / 2;
        VECTOR firsts, seconds;
        memcpy(&firsts, first, sizeof(VECTOR));
        memcpy(&seconds, second, sizeof(VECTOR));
        const VECTOR woven = LOW(firsts, seconds);
        memcpy(row + k, &woven, sizeof(VECTOR));
        if (k == count - LANES)
            return;
    }
}

/* Sum in the planes, where the pixels that one tap meets lie side by side; then bring the pixels together. */
TARGET static void FOLD(const SCALAR *columns, SCALAR *planes, SCALAR *pixels, const struct layout *to,
                        const struct windows *of) {
    const ptrdiff_t s = to->stride, plane = to->plane_h * to->plane_w, plane_w = to->plane_w;
    memset(planes, 0, to->phases_h * to->phases_w * plane * sizeof(SCALAR));
    for (ptrdiff_t u = 0; u < of->HH; u++)
        for (ptrdiff_t v = 0; v < of->WW; v++) {
            SCALAR *sums = planes + (u % s * to->phases_w + v % s) * plane + u / s * plane_w + v / s;
            for (ptrdiff_t i = 0; i < of->out_h; i++, columns += of->out_w, sums += plane_w)
                ADD(columns, sums, of->out_w);
        }
    for (ptrdiff_t y = to->top; y < to->top + to->H; y++, pixels += to->W) {
        const SCALAR *sums = planes + y % s * to->phases_w * plane + y / s * plane_w;
        if (y % s >= to->phases_h) {
            memset(pixels, 0, to->W * sizeof(SCALAR));
        } else if (s == 2 && to->phases_w == 2) {
            const ptrdiff_t x = to->left, next = to->left + 1;
            WEAVE(sums + x % 2 * plane + x / 2, sums + next % 2 * plane + next / 2, pixels, to->W);
        } else {
            ptrdiff_t phase = to->left % s, j = to->left / s;
            for (ptrdiff_t x = 0; x < to->W; x++) {
                pixels[x] = phase < to->phases_w ? sums[phase * plane + j] : 0;
                if (++phase == s) {
                    phase = 0;
                    j++;
                }
            }
        }
    }
}

#undef EVERY_OTHER
#undef HIGH
#undef LOW
#undef SHUFFLE
#undef FOLD
#undef WEAVE
#undef ADD
#undef TURN
#undef TRANSPOSE
#undef SPREAD
#undef GATHER
#undef CHOSEN
#undef VECTOR
