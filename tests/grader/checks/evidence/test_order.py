"""Right numbers in the wrong places: permutation, reversal, shift."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from grader.checks.evidence import permutation, reversal, shift
from grader.checks.evidence.trial import Field

LayOut = Callable[..., Field]
Images = Callable[[Any], Field]


def test_transposed(lay_out: LayOut) -> None:
    reading = permutation.read(lay_out(lambda c, w: w.T))
    assert reading is not None
    assert reading.says == "is right, and transposed"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda c, w: w.transpose(0, 1, 3, 2), "is right, and H and W are exchanged"),
        (
            lambda c, w: w.transpose(0, 2, 3, 1),
            "is right, and its axes stand in the order N, H, W, C",
        ),
        (
            lambda c, w: w.transpose(0, 2, 3, 1).reshape(w.shape),
            "holds the right numbers as they follow each other in the order N, H, W, C: they were given "
            "the shape by reshaping alone",
        ),
        (
            lambda c, w: w.reshape(len(w), -1),
            "holds the right numbers in the right order, in another shape",
        ),
    ],
)
def test_axes_of_images(images: Images, wrong: Any, says: str) -> None:
    reading = permutation.read(images(wrong))
    assert reading is not None
    assert reading.says == says


def test_shuffled(lay_out: LayOut) -> None:
    reading = permutation.read(lay_out(lambda c, w: np.random.default_rng(3).permuted(w)))
    assert reading is not None
    assert reading.says == "holds the right numbers, and they stand in the wrong places"


@pytest.mark.parametrize(
    ("axes", "says"),
    [
        ((0,), "is right, and runs backwards along N"),
        ((3,), "is right, and runs backwards along W"),
        ((2, 3), "is right, and turned by 180 degrees"),
    ],
)
def test_reversed(images: Images, axes: tuple[int, ...], says: str) -> None:
    reading = reversal.read(images(lambda c, w: np.flip(w, axes)))
    assert reading is not None
    assert reading.says == says


@pytest.mark.parametrize(
    ("step", "says"),
    [
        (1, "is right, and stands one place too late along D"),
        (-1, "is right, and stands one place too early along D"),
    ],
)
def test_shifted(lay_out: LayOut, step: int, says: str) -> None:
    def wrong(c: Any, w: Any) -> Any:
        moved = np.roll(w, step, axis=1)
        moved[:, 0 if step > 0 else -1] = 0
        return moved

    reading = shift.read(lay_out(wrong))
    assert reading is not None
    assert reading.says == says


@pytest.mark.parametrize("law", [permutation.read, reversal.read, shift.read])
def test_they_are_silent_about_nonsense(lay_out: LayOut, nonsense: Any, law: Any) -> None:
    assert law(lay_out(nonsense)) is None


def test_a_right_case_silences_them(lay_out: LayOut) -> None:
    field = lay_out(lambda c, w: np.flip(w, 0) if len(w) == 11 else w)
    assert permutation.read(field) is None
    assert reversal.read(field) is None
