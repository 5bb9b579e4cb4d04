"""The fast layers against the naive ones and against torch, over random shapes."""

import os
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from torch.nn import functional

from reference.fast import conv, layers, pool
from reference.fast.arguments import conv_geometry
from reference.fast.windows import column_product
from reference.layers import (
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
)

Array = npt.NDArray[Any]
Draw = tuple[Array, Array, Array, dict[str, int], Array]

Pair = tuple[Callable[..., Any], Callable[..., Any]]

METHODS: dict[str, Pair] = {
    "fast": (layers.conv_forward_fast, layers.conv_backward_fast),
    "im2col": (layers.conv_forward_im2col, layers.conv_backward_im2col),
    "strides": (layers.conv_forward_strides, layers.conv_backward_strides),
}
POOLING: dict[str, Pair] = {
    "fast": (layers.max_pool_forward_fast, layers.max_pool_backward_fast),
    "im2col": (layers.max_pool_forward_im2col, layers.max_pool_backward_im2col),
}
each_dtype = pytest.mark.parametrize("dtype", [np.float32, np.float64])
each_seed = pytest.mark.parametrize("seed", range(60))


def drawn(seed: int, dtype: type) -> Draw:
    """Draw x, w, b, conv_param and dout; rows are shorter and longer than vectors are."""
    generator = np.random.default_rng(seed)
    stride, pad = int(generator.integers(1, 4)), int(generator.integers(0, 4))
    HH, WW = (int(n) for n in generator.integers(1, 6, 2))
    H = int(generator.integers(max(HH - 2 * pad, 1), 14))
    W = int(generator.integers(max(WW - 2 * pad, 1), 45))
    N, C = (int(n) for n in generator.integers(1, 5, 2))
    F = int(generator.integers(1, 20))
    x: Array = generator.standard_normal((N, C, H, W)).astype(dtype)
    w: Array = generator.standard_normal((F, C, HH, WW)).astype(dtype)
    b: Array = generator.standard_normal(F).astype(dtype)
    out_h, out_w = 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride
    dout: Array = generator.standard_normal((N, F, out_h, out_w)).astype(dtype)
    return x, w, b, {"stride": stride, "pad": pad}, dout


def normal(shape: tuple[int, ...], dtype: type = np.float64, seed: int = 1) -> Array:
    return np.asarray(np.random.default_rng(seed).standard_normal(shape), dtype=dtype)


def assert_same(got: Array, due: Array, dtype: type) -> None:
    assert got.shape == due.shape
    assert got.dtype == dtype
    tolerance = 2e-5 if dtype is np.float32 else 1e-12
    np.testing.assert_allclose(got, due, atol=tolerance * max(1.0, float(np.abs(due).max())))


@pytest.mark.parametrize("method", METHODS)
@each_dtype
@each_seed
def test_convolution(seed: int, dtype: type, method: str) -> None:
    x, w, b, conv_param, dout = drawn(seed, dtype)
    forward, backward = METHODS[method]
    out, cache = forward(x, w, b, conv_param)
    due, naive_cache = conv_forward_naive(x, w, b, conv_param)
    assert_same(out, due, dtype)
    gradients = backward(dout, cache)
    for got, naive in zip(gradients, conv_backward_naive(dout, naive_cache), strict=True):
        assert_same(got, naive, dtype)


@pytest.mark.parametrize("level", range(conv.best_level() + 1))
@pytest.mark.parametrize("threads", [1, 3])
@each_dtype
def test_every_set_of_instructions_and_any_number_of_threads(
    dtype: type, threads: int, level: int
) -> None:
    for seed in range(100, 130):
        x, w, b, conv_param, dout = drawn(seed, dtype)
        geometry = conv_geometry(x, w, conv_param)
        due, cache = conv_forward_naive(x, w, b, conv_param)
        assert_same(conv.forward(geometry, x, w, b, threads, level), due, dtype)
        gradients = conv.backward(geometry, dout, x, w, threads, level)
        for got, naive in zip(gradients, conv_backward_naive(dout, cache), strict=True):
            assert_same(got, naive, dtype)


@each_dtype
@pytest.mark.parametrize(("stride", "pad"), [(1, 2), (2, 1), (3, 0), (2, 7), (9, 1), (10**9, 1)])
def test_convolution_agrees_with_torch(stride: int, pad: int, dtype: type) -> None:
    x, w, b = normal((3, 5, 17, 23), dtype), normal((7, 5, 4, 3), dtype), normal((7,), dtype)
    inputs = [torch.from_numpy(array).requires_grad_() for array in (x, w, b)]
    torch_out = functional.conv2d(inputs[0], inputs[1], inputs[2], stride=stride, padding=pad)
    dout = normal(torch_out.shape, dtype, seed=2)
    torch.autograd.backward(torch_out, torch.from_numpy(dout))

    out, cache = layers.conv_forward_fast(x, w, b, {"stride": stride, "pad": pad})
    assert_same(out, torch_out.detach().numpy(), dtype)
    for got, leaf in zip(layers.conv_backward_fast(dout, cache), inputs, strict=True):
        assert leaf.grad is not None
        assert_same(got, leaf.grad.numpy(), dtype)


def test_a_pixel_that_is_not_a_number_spoils_its_own_windows_only() -> None:
    x, w = np.ones((1, 1, 9, 9)), np.ones((2, 1, 3, 3))
    x[0, 0, 4, 4] = np.nan
    out, _ = layers.conv_forward_fast(x, w, np.zeros(2), {"stride": 1, "pad": 0})
    spoilt = np.zeros((7, 7), dtype=bool)
    spoilt[2:5, 2:5] = True
    np.testing.assert_array_equal(np.isnan(out), np.broadcast_to(spoilt, out.shape))


@pytest.mark.parametrize("stride", [1, 2, 3])
def test_a_gradient_that_is_not_a_number_spoils_the_pixels_of_its_window_only(stride: int) -> None:
    x, w = np.ones((2, 3, 16, 17)), np.ones((4, 3, 3, 2))
    out, cache = layers.conv_forward_fast(x, w, np.zeros(4), {"stride": stride, "pad": 0})
    dout = np.ones(out.shape)
    dout[1, 2, 1, 3] = np.nan
    dx, dw, db = layers.conv_backward_fast(dout, cache)
    spoilt = np.zeros(x.shape, dtype=bool)
    spoilt[1, :, stride : stride + 3, 3 * stride : 3 * stride + 2] = True
    np.testing.assert_array_equal(np.isnan(dx), spoilt)
    np.testing.assert_array_equal(np.isnan(dw).all(axis=(1, 2, 3)), [False, False, True, False])
    np.testing.assert_array_equal(np.isnan(dw).any(axis=(1, 2, 3)), np.isnan(db))


@pytest.mark.parametrize("level", range(conv.best_level() + 1))
@each_dtype
def test_channels_of_large_images_are_computed_a_few_at_a_time(dtype: type, level: int) -> None:
    x, w = normal((2, 5, 41, 40), dtype), normal((3, 5, 3, 3), dtype)
    conv_param = {"stride": 2, "pad": 1}
    geometry = conv_geometry(x, w, conv_param)
    at_once = column_product(geometry, 4).a_row.size // 9
    assert 1 < at_once < 5
    assert 5 % at_once
    out, cache = conv_forward_naive(x, w, np.zeros(3, dtype), conv_param)
    dout = normal(out.shape, dtype, seed=2)
    gradients = conv.backward(geometry, dout, x, w, 1, level)
    for got, due in zip(gradients, conv_backward_naive(dout, cache), strict=True):
        assert_same(got, due, dtype)


def test_large_batches_are_shared_with_the_same_result(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(5)
    x, w = generator.standard_normal((20, 8, 24, 24)), generator.standard_normal((16, 8, 3, 3))
    conv_param = {"stride": 1, "pad": 1}
    results = []
    for threads in ("1", "2"):
        monkeypatch.setitem(os.environ, "OMP_NUM_THREADS", threads)
        out, cache = layers.conv_forward_fast(x, w, np.ones(16), conv_param)
        results.append((out, *layers.conv_backward_fast(out, cache)))
    for alone, shared in zip(*results, strict=True):
        np.testing.assert_allclose(shared, alone, rtol=1e-9, atol=1e-9)


def test_the_cache_of_a_convolution_is_the_course_s() -> None:
    x, w, b, conv_param, _ = drawn(7, np.float64)
    _, cache = layers.conv_forward_fast(x, w, b, conv_param)
    _, of_strides = layers.conv_forward_strides(x, w, b, conv_param)
    assert len(cache) == len(of_strides) == 5
    assert all(got is due for got, due in zip(cache[:4], (x, w, b, conv_param), strict=True))
    *_, x_cols = cache
    np.testing.assert_array_equal(x_cols, of_strides[4])
    np.testing.assert_array_equal(cache[-1], of_strides[4])
    with pytest.raises(IndexError):
        cache[5]


@pytest.mark.parametrize(
    "forward", [conv_forward_naive, layers.conv_forward_fast, layers.conv_forward_strides]
)
def test_the_fast_backward_takes_the_cache_of_any_forward(forward: Callable[..., Any]) -> None:
    x, w, b, conv_param, dout = drawn(7, np.float64)
    _, naive_cache = conv_forward_naive(x, w, b, conv_param)
    _, cache = forward(x, w, b, conv_param)
    for got, due in zip(
        layers.conv_backward_fast(dout, cache), conv_backward_naive(dout, naive_cache), strict=True
    ):
        np.testing.assert_allclose(got, due, atol=1e-11)


@pytest.mark.parametrize("method", METHODS)
def test_read_only_strided_and_mixed_arrays_are_taken(method: str) -> None:
    forward, backward = METHODS[method]
    x = normal((9, 8, 3, 2)).transpose(3, 2, 1, 0)[:, :, ::-1, ::2]
    w = normal((3, 2, 3, 4), np.float32).transpose(3, 0, 2, 1)
    b = np.arange(4)
    x.flags.writeable = w.flags.writeable = b.flags.writeable = False
    conv_param = {"stride": np.int64(1), "pad": 1}
    out, cache = forward(x, w, b, conv_param)
    due, naive_cache = conv_forward_naive(x, w, b, conv_param)
    assert_same(out, due, np.float64)
    dout = normal(out.shape[::-1]).transpose()
    dout.flags.writeable = False
    for got, naive in zip(
        backward(dout, cache), conv_backward_naive(dout, naive_cache), strict=True
    ):
        assert_same(got, naive, np.float64)


def test_no_images_give_no_outputs() -> None:
    x, w = np.ones((0, 2, 5, 5)), np.ones((3, 2, 3, 3))
    out, cache = layers.conv_forward_fast(x, w, np.ones(3), {"stride": 1, "pad": 0})
    assert out.shape == (0, 3, 3, 3)
    dx, dw, db = layers.conv_backward_fast(out, cache)
    assert dx.shape == x.shape
    assert not dw.any()
    assert not db.any()


@pytest.mark.parametrize("method", POOLING)
@each_dtype
@each_seed
def test_pooling(seed: int, dtype: type, method: str) -> None:
    generator = np.random.default_rng(seed)
    height, width, stride = (int(n) for n in generator.integers(1, 5, 3))
    N, C = (int(n) for n in generator.integers(1, 5, 2))
    H, W = int(generator.integers(height, 12)), int(generator.integers(width, 40))
    # Few values, so that there are ties.
    x: Array = generator.integers(-2, 3, (N, C, H, W)).astype(dtype)
    pool_param = {"pool_height": height, "pool_width": width, "stride": stride}
    forward, backward = POOLING[method]
    out, cache = forward(x, pool_param)
    due, naive_cache = max_pool_forward_naive(x, pool_param)
    assert_same(out, due, dtype)
    dout = generator.standard_normal(out.shape).astype(dtype)
    assert_same(backward(dout, cache), max_pool_backward_naive(dout, naive_cache), dtype)


@each_dtype
@pytest.mark.parametrize(("window", "stride"), [((2, 2), 2), ((3, 2), 1), ((3, 3), 2)])
def test_pooling_agrees_with_torch(window: tuple[int, int], stride: int, dtype: type) -> None:
    x = normal((3, 4, 15, 18), dtype)
    leaf = torch.from_numpy(x).requires_grad_()
    torch_out = functional.max_pool2d(leaf, window, stride)
    dout = normal(torch_out.shape, dtype, seed=2)
    torch.autograd.backward(torch_out, torch.from_numpy(dout))
    pool_param = {"pool_height": window[0], "pool_width": window[1], "stride": stride}
    out, cache = layers.max_pool_forward_fast(x, pool_param)
    assert_same(out, torch_out.detach().numpy(), dtype)
    assert leaf.grad is not None
    assert_same(layers.max_pool_backward_fast(dout, cache), leaf.grad.numpy(), dtype)


def test_pooling_in_threads_and_of_strided_arrays() -> None:
    generator = np.random.default_rng(9)
    x = generator.standard_normal((11, 9, 5, 4)).transpose(3, 2, 1, 0)
    x.flags.writeable = False
    pool_param = {"pool_height": 2, "pool_width": 3, "stride": 2}
    due, cache = max_pool_forward_naive(x, pool_param)
    out, _ = layers.max_pool_forward_fast(x, pool_param)
    np.testing.assert_array_equal(out, due)
    shared, winners = pool.forward(np.ascontiguousarray(x), 2, 3, 2, 3)
    np.testing.assert_array_equal(shared, due)
    dout = generator.standard_normal(due.shape)
    np.testing.assert_allclose(
        pool.backward(dout, winners, 9, 11, 3), max_pool_backward_naive(dout, cache), atol=1e-14
    )


def test_a_window_with_a_pixel_that_is_not_a_number_has_no_maximum() -> None:
    x = np.arange(16.0).reshape(1, 1, 4, 4)
    x[0, 0, 0, 0] = np.nan
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    out, _ = layers.max_pool_forward_fast(x, pool_param)
    np.testing.assert_array_equal(out, [[[[np.nan, 7], [13, 15]]]])


def test_pooling_by_reshape_shares_the_gradient_of_ties() -> None:
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    x = np.array([[[[1.0, 3, 0, 0], [3, 2, 0, 0]]]])
    out, cache = layers.max_pool_forward_reshape(x, pool_param)
    np.testing.assert_array_equal(out, [[[[3, 0]]]])
    dx = layers.max_pool_backward_reshape(np.array([[[[4.0, 8.0]]]]), cache)
    np.testing.assert_array_equal(dx, [[[[0, 2, 2, 2], [2, 0, 2, 2]]]])


def test_pooling_by_reshape_without_ties_is_the_naive_one() -> None:
    generator = np.random.default_rng(10)
    pool_param = {"pool_height": 3, "pool_width": 3, "stride": 3}
    x = generator.standard_normal((2, 3, 6, 9)).astype(np.float32)
    out, cache = layers.max_pool_forward_reshape(x, pool_param)
    due, naive_cache = max_pool_forward_naive(x, pool_param)
    assert_same(out, due, np.float32)
    dx = layers.max_pool_backward_reshape(out, cache)
    assert_same(dx, max_pool_backward_naive(out, naive_cache), np.float32)


X, W, B = np.ones((2, 3, 5, 6)), np.ones((4, 3, 3, 3)), np.ones(4)
TWO = {"pool_height": 2, "pool_width": 2, "stride": 2}


@pytest.mark.parametrize("forward", [pair[0] for pair in METHODS.values()])
@pytest.mark.parametrize(
    ("x", "w", "b", "stride", "pad", "sentence"),
    [
        (X, np.ones((4, 2, 3, 3)), B, 1, 0, "filters of w have 2 channels; x has 3"),
        (X, np.ones((4, 3, 6, 3)), B, 1, 0, "6 × 3 pixels does not fit into the 5 × 6"),
        (X, np.ones((4, 3, 0, 3)), B, 1, 0, "0 × 3 pixels does not fit"),
        (X[0], W, B, 1, 0, r"x must have the four axes \(N, C, H, W\); its shape is \(3, 5, 6\)"),
        (X, W[0], B, 1, 0, r"w must have the four axes \(F, C, HH, WW\)"),
        (X, W, np.ones(3), 1, 0, r"b must have shape \(4,\), not \(3,\)"),
        (X, W, B, 0, 0, '"stride" must be a whole number of at least 1, not 0'),
        (X, W, B, 1.5, 0, '"stride" must be a whole number of at least 1, not 1.5'),
        (X, W, B, 1, -1, '"pad" must be a whole number of at least 0, not -1'),
    ],
)
def test_what_is_not_a_convolution_is_refused(
    *,
    forward: Callable[..., object],
    x: Array,
    w: Array,
    b: Array,
    stride: float,
    pad: int,
    sentence: str,
) -> None:
    with pytest.raises(ValueError, match=sentence):
        forward(x, w, b, {"stride": stride, "pad": pad})


@pytest.mark.parametrize("method", METHODS)
def test_a_gradient_of_another_shape_is_refused(method: str) -> None:
    forward, backward = METHODS[method]
    _, cache = forward(X, W, B, {"stride": 1, "pad": 0})
    with pytest.raises(
        ValueError, match=r"dout must have shape \(2, 4, 3, 4\), not \(2, 4, 3, 3\)"
    ):
        backward(np.ones((2, 4, 3, 3)), cache)


@pytest.mark.parametrize("method", POOLING)
def test_what_is_not_pooling_is_refused(method: str) -> None:
    forward, backward = POOLING[method]
    with pytest.raises(ValueError, match="6 × 2 pixels does not fit into the 5 × 6"):
        forward(X, TWO | {"pool_height": 6})
    with pytest.raises(ValueError, match='"stride" must be a whole number of at least 1, not 0'):
        forward(X, TWO | {"stride": 0})
    with pytest.raises(ValueError, match=r"four axes \(N, C, H, W\); its shape is \(3, 5, 6\)"):
        forward(X[0], TWO)
    _, cache = forward(X, TWO)
    with pytest.raises(
        ValueError, match=r"dout must have shape \(2, 3, 2, 3\), not \(2, 3, 2, 2\)"
    ):
        backward(np.ones((2, 3, 2, 2)), cache)


def test_windows_that_do_not_tile_are_refused_by_reshape_alone() -> None:
    with pytest.raises(ValueError, match="2 × 2 with stride 2 do not tile 5 × 6 pixels"):
        layers.max_pool_forward_reshape(X, TWO)
    _, cache = layers.max_pool_forward_reshape(X[:, :, :4], TWO)
    with pytest.raises(ValueError, match=r"dout must have shape \(2, 3, 2, 3\)"):
        layers.max_pool_backward_reshape(np.ones((2, 3, 2, 2)), cache)
