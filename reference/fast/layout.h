/* One image on its way between the layouts that a caller has and those that product.h reads.

       spread   pixels (C, H, W) into planes (C, phases_h, phases_w, plane_h, plane_w); see windows.py
       turn     maps (F, positions) into (positions, wide_F), transposed
       fold     columns (HH, WW, H', W') of one channel into its pixels (H, W): each is the sum of what the
                windows hold for it, zero if it is in none

   What lies in the planes outside the image is left as it is, zero. wide_F is F rounded up to whole
   vectors; the columns from F on are filled with something finite wherever the maps are.

   fold is lent planes of one channel to sum in, with room for a vector beyond them. */

#ifndef REFERENCE_FAST_LAYOUT_H
#define REFERENCE_FAST_LAYOUT_H

#include <stddef.h>

struct layout {
    ptrdiff_t C, H, W, stride, top, left, phases_h, phases_w, plane_h, plane_w;
};

struct windows {
    ptrdiff_t HH, WW, out_h, out_w;
};

#endif
