"""The compiled extension against the definition, written in NumPy."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference.fast.im2col import col2im_6d_cython, col2im_cython, im2col_cython
from reference.layers import conv_forward_naive

Array = npt.NDArray[Any]

each_geometry = pytest.mark.parametrize(
    ("shape", "window", "pad", "stride"),
    [
        ((2, 3, 7, 6), (3, 2), 1, 2),
        ((1, 2, 5, 8), (2, 5), 0, 1),
        ((3, 1, 4, 4), (1, 3), 2, 3),
        ((2, 2, 3, 3), (3, 3), 0, 1),
        ((2, 1, 6, 5), (2, 2), 3, 2),
    ],
)
each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def definition(x: Array, HH: int, WW: int, pad: int, stride: int) -> Array:
    """Return the six axes (C, HH, WW, N, H', W')."""
    x_pad = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    view = np.lib.stride_tricks.sliding_window_view
    windows: Array = view(x_pad, (HH, WW), axis=(2, 3))  # type: ignore[call-overload,unused-ignore] # typed for two axes from NumPy 2.4 on
    return windows[:, :, ::stride, ::stride].transpose(1, 4, 5, 0, 2, 3)


def as_matrix(six: Array) -> Array:
    C, HH, WW, N, H_out, W_out = six.shape
    return six.transpose(0, 1, 2, 4, 5, 3).reshape(C * HH * WW, H_out * W_out * N)


@each_dtype
@each_geometry
def test_im2col(
    shape: tuple[int, ...], window: tuple[int, int], pad: int, stride: int, dtype: type
) -> None:
    x: Array = np.random.default_rng(1).standard_normal(shape).astype(dtype)
    x.flags.writeable = False
    cols = im2col_cython(x, *window, pad, stride)
    np.testing.assert_array_equal(cols, as_matrix(definition(x, *window, pad, stride)))
    assert cols.dtype == dtype


@each_dtype
@each_geometry
def test_col2im_is_the_transpose_of_im2col(
    shape: tuple[int, ...], window: tuple[int, int], pad: int, stride: int, dtype: type
) -> None:
    N, C, H, W = shape
    generator = np.random.default_rng(2)
    x = generator.standard_normal(shape)
    six: Array = generator.standard_normal(definition(x, *window, pad, stride).shape).astype(dtype)
    six.flags.writeable = False
    images = col2im_6d_cython(six, N, C, H, W, *window, pad, stride)
    assert images.dtype == dtype
    np.testing.assert_allclose(
        np.vdot(images, x),
        np.vdot(six, definition(x, *window, pad, stride)),
        rtol=1e-4 if dtype is np.float32 else 1e-11,
    )
    again = col2im_cython(as_matrix(six), N, C, H, W, *window, pad, stride)
    np.testing.assert_array_equal(again, images)


@each_geometry
def test_col2im_counts_the_windows_of_a_pixel(
    shape: tuple[int, ...], window: tuple[int, int], pad: int, stride: int
) -> None:
    N, C, H, W = shape
    (HH, WW) = window
    ones = np.ones_like(definition(np.ones(shape), HH, WW, pad, stride))
    counts = np.zeros((H + 2 * pad, W + 2 * pad))
    for i in range(ones.shape[4]):
        for j in range(ones.shape[5]):
            counts[i * stride : i * stride + HH, j * stride : j * stride + WW] += 1
    images = col2im_6d_cython(ones, N, C, H, W, HH, WW, pad, stride)
    due = np.broadcast_to(counts[pad : pad + H, pad : pad + W], shape)
    np.testing.assert_array_equal(images, due)


def test_a_convolution_is_one_matrix_product() -> None:
    generator = np.random.default_rng(3)
    x, w = generator.standard_normal((2, 3, 7, 6)), generator.standard_normal((4, 3, 3, 2))
    out, _ = conv_forward_naive(x, w, np.zeros(4), {"stride": 2, "pad": 1})
    product = w.reshape(4, -1) @ im2col_cython(x, 3, 2, 1, 2)
    np.testing.assert_allclose(product.reshape(4, 4, 4, 2).transpose(3, 0, 1, 2), out, atol=1e-12)


def test_strided_arrays_are_read_right() -> None:
    x = np.random.default_rng(4).standard_normal((6, 5, 3, 2)).transpose(3, 2, 1, 0)[:, :, ::2]
    np.testing.assert_array_equal(
        im2col_cython(x, 2, 2, 0, 1), as_matrix(definition(x, 2, 2, 0, 1))
    )


def test_what_does_not_fit_is_refused() -> None:
    x = np.ones((1, 1, 3, 3))
    with pytest.raises(ValueError, match="window of 6 pixels does not fit"):
        im2col_cython(x, 6, 2, 1, 1)
    with pytest.raises(ValueError, match="stride 0 must be positive"):
        im2col_cython(x, 2, 2, 0, 0)
    with pytest.raises(ValueError, match=r"cols must have shape \(4, 4\), not \(4, 3\)"):
        col2im_cython(np.ones((4, 3)), 1, 1, 3, 3, 2, 2, 0, 1)
    with pytest.raises(ValueError, match=r"cols must have shape \(1, 2, 2, 1, 2, 2\), not"):
        col2im_6d_cython(np.ones((1, 2, 2, 1, 3, 2)), 1, 1, 3, 3, 2, 2, 0, 1)
