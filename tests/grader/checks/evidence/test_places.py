"""Where an error sits, told only when it is clear-cut on every case."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.evidence import conditions, places, progress
from grader.checks.evidence.trial import Field

LayOut = Callable[..., Field]
Images = Callable[[Any], Field]


def changed(w: Any, where: Any) -> Any:
    other = w.copy()
    other[where] = 3 * np.abs(w[where]) + 1
    return other


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (
            lambda c, w: changed(w, (np.arange(len(w)), c.y)),
            "is off at the right class of each row, and only there",
        ),
        (lambda c, w: changed(w, c.x < 0), "is off exactly where x is negative, and right everywhere else"),
    ],
)  # fmt: skip
def test_by_an_argument(lay_out: LayOut, wrong: Any, says: str) -> None:
    reading = places.read(lay_out(wrong))
    assert reading is not None
    assert reading.says == says


def test_at_the_border(images: Images) -> None:
    def wrong(c: Any, w: Any) -> Any:
        other = 3 * np.abs(w) + 1
        other[..., 1:-1, 1:-1] = w[..., 1:-1, 1:-1]
        return other

    reading = places.read(images(wrong))
    assert reading is not None
    assert reading.says == "is off at the border of H and W, and right inside"


@pytest.mark.parametrize(
    ("where", "says"),
    [
        (np.s_[-1], "is off at the last place along N, and only there"),
        (np.s_[0], "is off at the first place along N, and only there"),
        (np.s_[1:], "is right at the first place along N, and wrong from the second on"),
        (np.s_[:-1], "is right at the last place along N, and only there"),
        (np.s_[:, 2], "is off at index 2 along D, and only there"),
        (
            np.s_[4:],
            "is right for the first places along N, 4 of 11 and 4 of 13, and wrong from there on",
        ),
    ],
)
def test_along_an_axis(lay_out: LayOut, where: Any, says: str) -> None:
    reading = progress.read(lay_out(lambda c, w: changed(w, where)))
    assert reading is not None
    assert reading.says == says


@pytest.mark.parametrize("law", [places.read, progress.read])
def test_scattered_or_small_errors_have_no_place(lay_out: LayOut, law: Any) -> None:
    def scattered(c: Any, w: Any) -> Any:
        return changed(w, np.random.default_rng(5).uniform(size=w.shape) < 0.4)

    def small(c: Any, w: Any) -> Any:
        other = w.copy()
        other[-1] *= 1 + 1e-5
        return other

    assert law(lay_out(scattered)) is None
    assert law(lay_out(small)) is None


@pytest.mark.parametrize("law", [places.read, progress.read])
def test_they_are_silent_about_nonsense(lay_out: LayOut, nonsense: Any, law: Any) -> None:
    assert law(lay_out(nonsense)) is None


def test_one_number_that_decides(lay_out: LayOut) -> None:
    field = lay_out(lambda c, w: w if len(w) == 11 else w + 1)
    assert conditions.read(field) is None  # N, D and reg all differ
    cases = [pair.case for pair in field.pairs]
    object.__setattr__(cases[0], "sizes", {"N": 11})
    object.__setattr__(cases[1], "sizes", {"N": 11})
    reading = conditions.read(field)
    assert reading is not None
    assert reading.says == "is right when reg is 0.1, and wrong when it is 0.2"
