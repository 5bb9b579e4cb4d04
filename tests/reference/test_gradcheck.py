"""The numerical gradients themselves."""

import logging
import math
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from reference.gradcheck import (
    eval_numerical_gradient,
    eval_numerical_gradient_array,
    projected_gradient,
    rel_error,
)
from reference.layers import conv_backward_naive, conv_forward_naive

Array = npt.NDArray[Any]


def test_rel_error_is_the_notebooks() -> None:
    assert rel_error(np.array([1.0, 3.0]), np.array([1.0, 1.0])) == 0.5
    assert rel_error(np.array([0.0]), np.array([1e-9])) == pytest.approx(0.1)
    assert rel_error(2.0, 2.0) == 0
    assert math.isnan(rel_error(np.array([1.0, np.nan]), np.array([1.0, 1.0])))


def test_rel_error_does_not_broadcast() -> None:
    with pytest.raises(ValueError, match=r"shape \(1, 3\) and \(3,\) cannot be compared"):
        rel_error(np.ones((1, 3)), np.ones(3))


def test_scalar_function(caplog: pytest.LogCaptureFixture) -> None:
    x = np.random.default_rng(0).standard_normal((3, 4))
    before = x.copy()
    grad = eval_numerical_gradient(lambda x: float(np.sum(np.sin(x))), x, verbose=False)
    np.testing.assert_allclose(grad, np.cos(x), rtol=1e-8)
    np.testing.assert_array_equal(x, before)
    assert not caplog.records
    with caplog.at_level(logging.INFO):
        eval_numerical_gradient(lambda x: float(np.sum(x)), x)
    assert len(caplog.records) == x.size


def test_the_function_may_read_x_from_elsewhere() -> None:
    params = {"W": np.array([1.0, 2.0])}
    grad = eval_numerical_gradient(lambda _: float(np.sum(params["W"] ** 2)), params["W"], False)
    np.testing.assert_allclose(grad, [2.0, 4.0])


def test_x_comes_back_when_the_function_fails() -> None:
    x = np.array([1.0, 2.0])

    def fails(x: Array) -> float:
        raise ArithmeticError

    with pytest.raises(ArithmeticError):
        eval_numerical_gradient(fails, x)
    with pytest.raises(ArithmeticError):
        projected_gradient(fails, x, x, np.random.default_rng(0))
    np.testing.assert_array_equal(x, [1.0, 2.0])


def test_a_function_may_return_the_same_buffer_again() -> None:
    buffer = np.zeros(2)

    def doubled(x: Array) -> Array:
        return np.multiply(x, 2, out=buffer)

    x = np.array([1.0, -1.0])
    np.testing.assert_allclose(eval_numerical_gradient_array(doubled, x, np.ones(2)), [2.0, 2.0])
    assert projected_gradient(doubled, x, np.full(2, 2.0), np.random.default_rng(0)).error < 1e-9


def test_projection_agrees_with_the_full_gradient() -> None:
    generator = np.random.default_rng(231)
    x, w = generator.standard_normal((2, 3, 5, 4)), generator.standard_normal((2, 3, 3, 2))
    b, conv_param = generator.standard_normal(2), {"stride": 2, "pad": 1}
    out, cache = conv_forward_naive(x, w, b, conv_param)
    dout = generator.standard_normal(out.shape)
    dx, dw, _ = conv_backward_naive(dout, cache)

    def of_x(x: Array) -> Array:
        return conv_forward_naive(x, w, b, conv_param)[0]

    full = eval_numerical_gradient_array(of_x, x, dout)
    assert rel_error(full, dx) < 1e-6
    seed = generator.integers(2**32)
    claimed = projected_gradient(of_x, x, dx, np.random.default_rng(seed), df=dout)
    measured = projected_gradient(of_x, x, full, np.random.default_rng(seed), df=dout)
    assert claimed.numeric == measured.numeric
    assert claimed.error < 1e-8
    assert measured.error < 1e-8

    wrong = dx.copy()
    wrong[0, 0, 0, 0] += 0.01
    assert projected_gradient(of_x, x, wrong, generator, df=dout).error > 1e-6

    def of_w(w: Array) -> Array:
        return conv_forward_naive(x, w, b, conv_param)[0]

    assert projected_gradient(of_w, w, dw, generator, df=dout).error < 1e-8


def test_projection_refuses_a_gradient_of_another_shape() -> None:
    with pytest.raises(ValueError, match=r"gradient has shape \(3, 1\), its variable \(3,\)"):
        projected_gradient(np.sum, np.ones(3), np.ones((3, 1)), np.random.default_rng(0))
