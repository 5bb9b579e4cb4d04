"""Whole numbers and few digits."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.evidence import precision
from grader.checks.evidence.trial import Field

LayOut = Callable[..., Field]


def test_whole_numbers(lay_out: LayOut) -> None:
    reading = precision.read(lay_out(lambda c, w: (5 * w).astype(int), lambda c: c.x))
    assert reading is None  # five times the right numbers, cut: nothing we know
    reading = precision.read(lay_out(lambda c, w: w.astype(int), lambda c: 5 * c.x))
    assert reading is not None
    assert "whole numbers only" in reading.says


def test_six_digits(lay_out: LayOut) -> None:
    def single(c: Any, w: Any) -> Any:
        return w + 8e-7 * np.abs(w).max() * np.where(w > 0, 1, -1)

    reading = precision.read(lay_out(single))
    assert reading is not None
    assert reading.says == "is right to 6 digits everywhere"


@pytest.mark.parametrize("size", [1e-4, 1e-2])
def test_four_digits_are_a_mistake_like_any_other(lay_out: LayOut, size: float) -> None:
    assert precision.read(lay_out(lambda c, w: w + size)) is None


def test_it_is_silent_about_nonsense(lay_out: LayOut, nonsense: Any) -> None:
    assert precision.read(lay_out(nonsense)) is None
