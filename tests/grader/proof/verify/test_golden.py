from dataclasses import replace

import numpy as np
import pytest

from grader.proof.verify import golden
from grader.proof.verify.golden.checksum import Golden, checksum, det, mismatches
from grader.proof.verify.step import perform

SMALL = Golden("small", lambda: {"out": np.array([1.0, -2.0, 4.0])}, {"out": (3.0, 7.0, 1.0, 4.0)})


def test_inputs_are_sines_in_c_order() -> None:
    values = det((2, 2), 0.5, 3.0, 1.0)
    np.testing.assert_allclose(values.ravel(), 1 + 3 * np.sin([0.5, 1.0, 1.5, 2.0]))


def test_checksums_of_arrays_and_scalars() -> None:
    assert checksum(np.array([[1.0, -2.0], [0.5, 4.0]])) == (3.5, 7.5, 1.0, 4.0)
    assert checksum(np.array(-2.0)) == (-2.0, 2.0, -2.0, -2.0)


def test_a_checksum_that_is_met() -> None:
    assert mismatches(SMALL) == ()


@pytest.mark.parametrize("values", [[1.0, -2.0, 4.0 + 1e-9], [4.0, -2.0, 1.0], [1.0, np.nan, 4.0]])
def test_a_checksum_that_is_not(values: list[float]) -> None:
    (told,) = mismatches(replace(SMALL, compute=lambda: {"out": np.array(values)}))
    assert told.startswith("small: out sums up to (")
    assert told.endswith("due is (3.0000000000, 7.0000000000, 1.0000000000, 4.0000000000)")


def test_an_array_that_is_absent() -> None:
    assert mismatches(replace(SMALL, compute=dict)) == ("small: out is not computed",)


def test_steps_count_the_arrays(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = replace(SMALL, name="wrong", due={"out": (0.0, 0.0, 0.0, 0.0)})
    monkeypatch.setattr(golden, "GOLDEN", {"a1": (SMALL,), "a2": (SMALL, wrong)})
    first, second = map(perform, golden.steps(("a1", "a2")))
    assert (first.name, first.state, first.figure) == (
        "a1 golden checksums",
        "held",
        "1 of 1 arrays",
    )
    assert (second.state, second.figure) == ("missed", "1 of 2 arrays")
    assert second.detail[0].startswith("wrong: out sums up to")
