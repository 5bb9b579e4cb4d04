"""A constant ratio is named by the sizes of all cases, by its number, or not at all."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.evidence import factor
from grader.checks.evidence.trial import Field

LayOut = Callable[..., Field]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda c, w: w * len(w), "is exactly N times what it should be, with N = 11 and 13"),
        (lambda c, w: w / len(w), "is exactly 1/N times what it should be, with N = 11 and 13"),
        (
            lambda c, w: w / w.size,
            "is exactly 1/(N·D) times what it should be, with N = 11 and 13 and D = 7 and 5",
        ),
        (
            lambda c, w: w * len(w) / (len(w) - 1),
            "is exactly N/(N - 1) times what it should be, with N = 11 and 13",
        ),
        (lambda c, w: -w, "is exactly -1 times what it should be"),
        (lambda c, w: 0.5 * w, "is exactly 1/2 times what it should be"),
        (lambda c, w: 0.3 * w, "is exactly 0.3 times what it should be"),
        (lambda c, w: w * c.reg, "is exactly reg times what it should be, with reg = 0.1 and 0.2"),
        (lambda c, w: 0 * w, "is zero everywhere"),
    ],
)  # fmt: skip
def test_a_factor_has_a_name(lay_out: LayOut, wrong: Any, says: str) -> None:
    reading = factor.read(lay_out(wrong))
    assert reading is not None
    assert reading.says == says
    assert reading.ask is not None
    assert reading.ask.endswith("?")


def test_a_size_in_one_case_alone_is_no_name(lay_out: LayOut) -> None:
    reading = factor.read(lay_out(lambda c, w: w * (11 if len(w) == 11 else 2.5)))
    assert reading is not None
    assert "another on each case: 11, 2.5" in reading.says


def test_two_names_of_one_number_are_none(lay_out: LayOut) -> None:
    # With one case 11 could be N, but 77 could be N·D or anything else.
    reading = factor.read(lay_out(lambda c, w: w * 77, count=1))
    assert reading is not None
    assert reading.says == "is exactly 77 times what it should be"


def test_numbers_need_a_name(lay_out: LayOut) -> None:
    def loss(c: Any) -> Any:
        return np.asarray(c.x.sum())

    assert factor.read(lay_out(lambda c, w: 1.7 * w, loss)) is None
    named = factor.read(lay_out(lambda c, w: w * c.sizes["N"], loss))
    assert named is not None
    assert named.says.startswith("is exactly N times")


def test_a_right_case_silences_it(lay_out: LayOut) -> None:
    assert factor.read(lay_out(lambda c, w: w * (2 if len(w) == 11 else 1))) is None


def test_it_is_silent_about_nonsense(lay_out: LayOut, nonsense: Any) -> None:
    assert factor.read(lay_out(nonsense)) is None
