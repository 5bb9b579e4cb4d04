"""Image patches as columns of a matrix, and back, in NumPy.

Rows of the matrix run over (channel, patch row, patch column), columns over
(output row, output column, image), the last of each varying fastest.
"""

import numpy as np


def get_im2col_indices(x_shape, field_height, field_width, padding=1, stride=1):
    """Where each entry of the column matrix lies in the padded image.

    Returns the channel indices (R, 1), row indices (R, L) and column indices (R, L), with
    R = C * field_height * field_width and L the number of window positions.
    """
    _, C, H, W = x_shape
    out_height = (H + 2 * padding - field_height) // stride + 1
    out_width = (W + 2 * padding - field_width) // stride + 1

    k, di, dj = (part.reshape(-1, 1) for part in np.indices((C, field_height, field_width)))
    i0, j0 = (stride * part.reshape(1, -1) for part in np.indices((out_height, out_width)))
    return k, di + i0, dj + j0


def im2col_indices(x, field_height, field_width, padding=1, stride=1):
    """The patches of x (N, C, H, W) as columns: (C * field_height * field_width, L * N)."""
    x_padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    k, i, j = get_im2col_indices(x.shape, field_height, field_width, padding, stride)
    patches = x_padded[:, k, i, j]  # (N, R, L)
    return patches.transpose(1, 2, 0).reshape(k.shape[0], -1)


def col2im_indices(cols, x_shape, field_height=3, field_width=3, padding=1, stride=1):
    """Add the columns back into images of shape x_shape; overlapping patches sum up."""
    N, C, H, W = x_shape
    k, i, j = get_im2col_indices(x_shape, field_height, field_width, padding, stride)
    patches = cols.reshape(*i.shape, N).transpose(2, 0, 1)
    x_padded = np.zeros((N, C, H + 2 * padding, W + 2 * padding), dtype=cols.dtype)
    np.add.at(x_padded, (slice(None), k, i, j), patches)
    return x_padded[:, :, padding : padding + H, padding : padding + W]


def col2im_6d(cols, N, C, H, W, HH, WW, pad, stride):
    """Like col2im_indices, for columns of shape (C, HH, WW, N, out_height, out_width)."""
    out_height, out_width = cols.shape[4:]
    x_padded = np.zeros((N, C, H + 2 * pad, W + 2 * pad), dtype=cols.dtype)
    for i in range(HH):
        rows = slice(i, i + stride * out_height, stride)
        for j in range(WW):
            columns = slice(j, j + stride * out_width, stride)
            x_padded[:, :, rows, columns] += cols[:, i, j].transpose(1, 0, 2, 3)
    return x_padded[:, :, pad : pad + H, pad : pad + W]


# *****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****

# This region is free; nothing has to be done here.
pass

# *****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****
