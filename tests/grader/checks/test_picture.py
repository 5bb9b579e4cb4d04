"""A picture holds classes of error and nothing of a right answer."""

from typing import Any

import numpy as np

from grader.checks.compare import agrees
from grader.checks.evidence.trial import Field, Pair
from grader.checks.picture import picture
from reporting.clue import Picture


class Case:
    sizes = {"N": 3, "D": 5}  # noqa: RUF012 - read only


def drawn(got: Any, want: Any) -> Picture | None:
    return picture([Field("dx", (Pair(Case(), got, want, not agrees(got, want)),))])


def test_classes_of_error() -> None:
    want = np.ones((3, 5))
    got = want.copy()
    got[1, 1:4] = [1 + 1e-5, 1.05, 2]
    assert drawn(got, want) == Picture("dx", ("N", "D"), ("00000", "01230", "00000"))


def test_what_is_wrong_everywhere_needs_no_picture() -> None:
    assert drawn(np.zeros((3, 5)), np.ones((3, 5))) is None
    assert drawn(np.zeros((3, 1)), np.ones((3, 5))) is None


def test_of_many_axes_those_that_say_most_are_drawn() -> None:
    want = np.ones((2, 3, 4, 5))
    got = want.copy()
    got[:, :, :, 0] = 7
    found = drawn(got, want)
    assert found is not None
    assert found.rows[0].startswith("3000")


def test_a_vector_is_one_row() -> None:
    found = drawn(np.array([1.0, 1, 9, 1, 1]), np.ones(5))
    assert found == Picture("dx", ("", "D"), ("00300",))


def test_what_is_too_large_is_not_drawn() -> None:
    got = np.ones((100, 3))
    got[0] = 2
    assert drawn(got, np.ones((100, 3))) is None
