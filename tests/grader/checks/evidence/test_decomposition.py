"""A regularised gradient comes apart into the data's part and the penalty's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.evidence import decomposition
from grader.checks.evidence.decomposition import Split
from grader.checks.evidence.trial import Field

LayOut = Callable[..., Field]


def data(c: Any) -> Any:
    """A stand-in for the gradient of the data."""
    return np.sin(3 * c.x) + c.b


def penalty(c: Any) -> Any:
    return 2 * c.reg * c.x


def split(field: Field, part: Callable[[Any], Any] = data) -> Split:
    return Split("the data part", "the penalty", {"dx": [part(pair.case) for pair in field.pairs]})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (data, "has the data part right, and the penalty is missing"),
        (
            lambda c: data(c) + penalty(c) / 2,
            "has the data part right, and the penalty is 1/2 times what it should be",
        ),
        (
            lambda c: data(c) - penalty(c),
            "has the data part right, and the penalty is -1 times what it should be",
        ),
        (
            lambda c: data(c) / len(c.x) + penalty(c),
            "has the penalty right, and the data part is 1/N times what it should be, with N = 11 and 13",
        ),
        (
            lambda c: data(c) * len(c.x) + 2 * penalty(c),
            "adds up from wrong parts: the data part is N times what it should be, with N = 11 and 13; "
            "the penalty is 2 times what it should be",
        ),
    ],
)
def test_each_part_is_spoken_of(lay_out: LayOut, wrong: Any, says: str) -> None:
    field = lay_out(lambda c, w: wrong(c), lambda c: data(c) + penalty(c))
    reading = decomposition.read(field, split(field))
    assert reading is not None
    assert reading.says == says


def loss(c: Any) -> Any:
    return np.asarray(np.sum(data(c) ** 2))


def norm(c: Any) -> Any:
    return np.asarray(0.5 * c.reg * np.sum(c.x**2))


@pytest.mark.parametrize(
    ("a", "b", "says"),
    [
        (1, 0, "has the data part right, and the penalty is missing"),
        (1, 2, "has the data part right, and the penalty is 2 times what it should be"),
        (0, 1, "has the penalty right, and the data part is missing"),
    ],
)
def test_a_loss_is_taken_apart_across_cases(lay_out: LayOut, a: float, b: float, says: str) -> None:
    field = lay_out(lambda c, w: a * loss(c) + b * norm(c), lambda c: loss(c) + norm(c), count=3)
    reading = decomposition.read(field, split(field, loss))
    assert reading is not None
    assert reading.says == says


def test_a_loss_of_one_case_says_nothing(lay_out: LayOut) -> None:
    field = lay_out(lambda c, w: loss(c), lambda c: loss(c) + norm(c), count=1)
    assert decomposition.read(field, split(field, loss)) is None


def test_something_else_in_the_sum_silences_it(lay_out: LayOut) -> None:
    field = lay_out(lambda c, w: data(c) + penalty(c) + c.b, lambda c: data(c) + penalty(c))
    assert decomposition.read(field, split(field)) is None


def test_it_is_silent_about_nonsense(lay_out: LayOut, nonsense: Any) -> None:
    field = lay_out(nonsense, lambda c: data(c) + penalty(c))
    assert decomposition.read(field, split(field)) is None
