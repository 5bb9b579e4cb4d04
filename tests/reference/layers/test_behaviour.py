"""What the layers promise beyond their gradients."""

# ruff: noqa: NPY002 - the layers draw from NumPy's global generator, by contract

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference import layers


def test_caches_are_the_documented_ones() -> None:
    x, w, b = np.ones((2, 3, 2)), np.ones((6, 4)), np.ones(4)
    _, affine_cache = layers.affine_forward(x, w, b)
    assert all(kept is given for kept, given in zip(affine_cache, (x, w, b), strict=True))
    assert layers.relu_forward(x)[1] is x

    images, filters, biases = np.ones((1, 2, 4, 4)), np.ones((3, 2, 3, 3)), np.ones(3)
    conv_param = {"stride": 1, "pad": 1}
    _, conv_cache = layers.conv_forward_naive(images, filters, biases, conv_param)
    given_to_conv = (images, filters, biases, conv_param)
    assert all(kept is given for kept, given in zip(conv_cache, given_to_conv, strict=True))

    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    _, pool_cache = layers.max_pool_forward_naive(images, pool_param)
    assert pool_cache[0] is images
    assert pool_cache[1] is pool_param


def test_relu_has_no_slope_at_zero() -> None:
    assert layers.relu_backward(np.ones(3), np.array([-1.0, 0.0, 1.0])).tolist() == [0, 0, 1]


def test_batchnorm_test_mode_uses_and_keeps_the_running_averages() -> None:
    bn_param: dict[str, Any] = {
        "mode": "test",
        "running_mean": np.array([1.0, 2.0]),
        "running_var": np.array([4.0, 9.0]),
        "eps": 0.0,
    }
    before = {name: np.copy(value) for name, value in bn_param.items()}
    out, cache = layers.batchnorm_forward(np.array([[3.0, 5.0]]), np.ones(2), np.zeros(2), bn_param)
    np.testing.assert_allclose(out, [[1.0, 1.0]])
    assert cache is None
    assert bn_param.keys() == before.keys()
    for name, value in before.items():
        np.testing.assert_array_equal(bn_param[name], value)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_batchnorm_running_averages_follow_the_batch(dtype: type) -> None:
    x: npt.NDArray[Any] = np.array([[1.0, 4.0], [3.0, 8.0]], dtype=dtype)
    bn_param: dict[str, Any] = {"mode": "train", "momentum": 0.75}
    layers.batchnorm_forward(x, np.ones(2, dtype), np.zeros(2, dtype), bn_param)
    np.testing.assert_allclose(bn_param["running_mean"], [0.5, 1.5])
    np.testing.assert_allclose(bn_param["running_var"], [0.25, 1.0])
    kept = bn_param["running_mean"]
    layers.batchnorm_forward(x, np.ones(2, dtype), np.zeros(2, dtype), bn_param)
    np.testing.assert_allclose(bn_param["running_mean"], [0.875, 2.625])
    np.testing.assert_allclose(kept, [0.5, 1.5])
    assert bn_param["running_mean"].dtype == bn_param["running_var"].dtype == dtype


def test_a_constant_feature_is_finite_everywhere() -> None:
    x = np.full((4, 3), 2.0)
    ones, zeros = np.ones(3), np.zeros(3)
    out, cache = layers.batchnorm_forward(x, ones, zeros, {"mode": "train"})
    assert cache is not None
    assert not out.any()
    for backward in (layers.batchnorm_backward, layers.batchnorm_backward_alt):
        assert all(np.isfinite(grad).all() for grad in backward(x, cache))
    rows, row_cache = layers.layernorm_forward(x, ones, zeros, {})
    assert not rows.any()
    assert all(np.isfinite(grad).all() for grad in layers.layernorm_backward(x, row_cache))


def test_unknown_modes_and_groups_are_refused() -> None:
    with pytest.raises(ValueError, match=r'bn_param\["mode"\] must be "train" or "test"'):
        layers.batchnorm_forward(np.ones((2, 2)), np.ones(2), np.ones(2), {"mode": "eval"})
    with pytest.raises(ValueError, match=r'dropout_param\["mode"\] must be "train" or "test"'):
        layers.dropout_forward(np.ones(2), {"mode": "eval", "p": 0.5})
    per_channel = np.ones((1, 5, 1, 1))
    with pytest.raises(ValueError, match="5 channels cannot be split into 2 groups"):
        layers.spatial_groupnorm_forward(np.ones((1, 5, 2, 2)), per_channel, per_channel, 2, {})


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p", [0.25, 0.7, 1.0])
def test_dropout_keeps_with_probability_p_and_scales(p: float, dtype: type) -> None:
    x: npt.NDArray[Any] = np.full((40, 50), 3.0, dtype=dtype)
    dropout_param = {"mode": "train", "p": p, "seed": 123}
    out, cache = layers.dropout_forward(x, dropout_param)

    np.random.seed(123)
    kept = np.random.rand(40, 50) < p
    np.testing.assert_array_equal(out, np.where(kept, 3 * dtype(1 / p), dtype(0)))
    assert out.dtype == dtype
    assert cache[0] is dropout_param
    np.testing.assert_array_equal(layers.dropout_backward(x, cache), out)


def test_dropout_does_nothing_in_test_mode() -> None:
    x = np.arange(6.0)
    out, cache = layers.dropout_forward(x, {"mode": "test", "p": 0.3})
    np.testing.assert_array_equal(out, x)
    assert cache[1] is None
    np.testing.assert_array_equal(layers.dropout_backward(x, cache), x)


def test_pooling_gives_a_tie_to_the_first_maximum() -> None:
    x = np.array([[0.0, 7.0, 7.0], [7.0, 1.0, 7.0]]).reshape(1, 1, 2, 3)
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 1}
    _, cache = layers.max_pool_forward_naive(x, pool_param)
    dx = layers.max_pool_backward_naive(np.array([10.0, 1.0]).reshape(1, 1, 1, 2), cache)
    np.testing.assert_array_equal(dx[0, 0], [[0, 11, 0], [0, 0, 0]])


def test_softmax_survives_large_scores() -> None:
    loss, dx = layers.softmax_loss(np.array([[1e4, 0.0], [0.0, -1e4]]), np.array([0, 0]))
    assert loss == 0
    np.testing.assert_array_equal(dx, np.zeros((2, 2)))
