"""The whole error is one of the arguments: missing, too much, or the result itself."""

from collections.abc import Callable
from typing import Any

import pytest

from grader.checks.evidence import argument
from grader.checks.evidence.trial import Field

LayOut = Callable[..., Field]


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda c, w: c.x, "is x itself, unchanged"),
        (lambda c, w: w - c.b, "is short of exactly b"),
        (lambda c, w: w + c.x, "has exactly x too much"),
        (lambda c, w: w - 2 * c.x, "has exactly 2 times x too little"),
        (lambda c, w: w + c.reg * c.x, "has exactly reg times x too much, with reg = 0.1 and 0.2"),
        (lambda c, w: w * c.b, "is what it should be multiplied with b"),
        (lambda c, w: w / c.b, "is what it should be divided by b"),
    ],
)
def test_an_argument_accounts_for_it(lay_out: LayOut, wrong: Any, says: str) -> None:
    reading = argument.read(lay_out(wrong))
    assert reading is not None
    assert reading.says == says


def test_another_multiple_on_each_case_is_no_law(lay_out: LayOut) -> None:
    multiples = {11: 0.31, 13: 0.77}
    assert argument.read(lay_out(lambda c, w: w + multiples[len(w)] * c.x)) is None


def test_it_is_silent_about_nonsense(lay_out: LayOut, nonsense: Any) -> None:
    assert argument.read(lay_out(nonsense)) is None
