"""The sentences about what differs, and that no value of a student's can upset them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from grader.checks.compare import Comparison, compare, is_blank, rel_error
from grader.sandbox.guest.wire import Opaque, Unsendable


@dataclass(frozen=True)
class One:
    x: Any


@dataclass(frozen=True)
class Two:
    out: Any
    again: Any


@dataclass(frozen=True)
class Learned:
    EXACT_KEYS: ClassVar = ("exact",)

    exact: Any
    loose: Any


@dataclass(frozen=True)
class Scaffolded:
    SCAFFOLD: ClassVar = ("running",)

    out: Any
    running: Any


WANT = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def one(got: object, want: object = WANT, sizes: Mapping[str, int] | None = None) -> Comparison:
    return compare(One(got), One(want), sizes or {})


def fact(got: object, want: object = WANT, sizes: Mapping[str, int] | None = None) -> str:
    comparison = one(got, want, sizes)
    (only,) = comparison.wrong
    assert comparison.right == ()
    return only


def is_right(got: object, want: object = WANT) -> bool:
    comparison = one(got, want)
    return comparison.right == ("x",) and not comparison.slips


def test_equal_arrays_are_right() -> None:
    assert is_right(WANT.copy())


def test_a_list_of_numbers_is_an_array() -> None:
    assert is_right(WANT.tolist())


def test_what_the_reference_leaves_none_is_not_judged() -> None:
    comparison = compare(Two(WANT, "anything"), Two(WANT, None), {})
    assert comparison.right == ("out",)
    assert comparison.wrong == ()


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (None, "x is None, an array of shape (2, 3) was expected"),
        ("text", "x is a value of type str, an array of shape (2, 3) was expected"),
        (True, "x is a value of type bool, an array of shape (2, 3) was expected"),
        ({}, "x is a value of type dict, an array of shape (2, 3) was expected"),
        ([[1], [1, 2]], "x is a value of type list, an array of shape (2, 3) was expected"),
        (
            Unsendable("generator"),
            "x is a value of type generator, an array of shape (2, 3) was expected",
        ),
        (Opaque(3), "x is a value of type Opaque, an array of shape (2, 3) was expected"),
        (WANT.T, "x has shape (3, 2), (2, 3) was expected"),
        (3.0, "x has shape (), (2, 3) was expected"),
        (np.zeros((0, 3)), "x has shape (0, 3), (2, 3) was expected"),
        (
            np.full((2, 3), 1j),
            "x is a value of type ndarray, an array of shape (2, 3) was expected",
        ),
    ],
)
def test_what_is_no_array_of_this_shape(got: object, said: str) -> None:
    assert fact(got) == said


def test_a_shape_that_would_broadcast_is_wrong() -> None:
    assert fact(np.ones((1, 3)), np.ones((2, 3))) == "x has shape (1, 3), (2, 3) was expected"


def test_right_values_in_another_shape_are_a_slip() -> None:
    comparison = one(np.array([[1.0, 2.0]]), np.array([1.0, 2.0]))
    assert comparison.wrong == ()
    assert comparison.slips == ("x has shape (1, 2), (2,) was expected; the values are right",)


def test_wrong_values_in_another_shape_are_wrong_once() -> None:
    comparison = one(np.array([[1.0, 7.0]]), np.array([1.0, 2.0]))
    assert comparison.slips == ()
    assert len(comparison.wrong) == 1


def test_a_transposed_square_is_not_reshaped() -> None:
    square = np.arange(4.0).reshape(2, 2)
    assert "off in 2 of 4 entries" in fact(square.T, square)


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (np.nan, "x is NaN in 1 of 6 entries"),
        (np.inf, "x is infinite in 1 of 6 entries"),
        (-np.inf, "x is infinite in 1 of 6 entries"),
    ],
)
def test_one_entry_that_is_not_finite(entry: float, said: str) -> None:
    got = WANT.copy()
    got[1, 1] = entry
    assert fact(got) == said


def test_nan_is_not_right_even_where_all_are_nan() -> None:
    assert fact(np.full((2, 3), np.nan)) == "x is NaN in 6 of 6 entries"
    assert fact(np.float64("nan"), 1.0) == "x is NaN"


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        (2.0, "2"),
        (0.5, "1/2"),
        (-1.0, "-1"),
        (7.0, "N (N = 7)"),
        (1 / 7, "1/N (N = 7)"),
        (-7.0, "-N (N = 7)"),
        (3.3, "3.3"),
    ],
)
def test_a_constant_factor_is_named(factor: float, said: str) -> None:
    assert fact(factor * WANT, sizes={"N": 7}) == f"x is exactly {said} times the reference"


def test_a_nameless_factor_says_nothing_about_a_number() -> None:
    assert fact(3.3, 1.0, {"N": 7}) == "x is off: relative error 5e-01, limit 1e-06"
    assert fact(7.0, 1.0, {"N": 7}) == "x is exactly N (N = 7) times the reference"


def test_where_and_by_how_much() -> None:
    got = WANT.copy()
    got[1, 0] = 5.1  # and no number that float32 holds, which would be judged as such
    assert fact(got) == "x is off in 1 of 6 entries: relative error 1e-01 at [1, 0], limit 1e-06"
    assert fact(WANT + 1).startswith("x is off in every entry: relative error 3e-01 at [0, 0]")


def test_single_precision_has_its_own_limit() -> None:
    off = WANT * (1 + 1e-4 * np.array([1, -1, 1]))
    assert is_right(off.astype(np.float32))
    assert not is_right(off)
    assert fact(WANT.astype(np.float32) + np.float32(1)).endswith("limit 2e-03")


def test_an_entry_that_is_zero_up_to_rounding_is_judged_by_its_array() -> None:
    want = np.array([1e3, 0.0])
    assert is_right(want + np.array([0, 1e-9]), want)
    assert not is_right(want + np.array([0, 1e-3]), want)


@pytest.mark.parametrize(
    "loss",
    [
        2.5,
        np.float64(2.5),
        np.float32(2.5),
        np.array(2.5),
        np.array([2.5]),
        np.array([[2.5]]),
        [2.5],
    ],
)
def test_forms_of_a_number(loss: object) -> None:
    assert is_right(loss, 2.5)


def test_zero_is_zero_whatever_its_type() -> None:
    assert is_right(0, 0.0)
    assert is_right(np.array([0]), 0.0)
    assert is_right(1 + 0j, 1.0)


@pytest.mark.parametrize(
    ("got", "said"),
    [
        (None, "x is None, a number was expected"),
        (True, "x is a value of type bool, a number was expected"),
        (np.ones(2), "x has shape (2,), a number was expected"),
        (np.ones(0), "x has shape (0,), a number was expected"),
    ],
)
def test_what_is_no_number(got: object, said: str) -> None:
    assert fact(got, 2.5) == said


def test_words_are_compared_as_words() -> None:
    assert is_right("train", "train")
    assert fact("test", "train") == "x is 'test', 'train' was expected"


def test_entries_of_a_dictionary_are_judged_one_by_one() -> None:
    comparison = one({"W1": WANT, "b1": WANT + 1}, {"W1": WANT, "b1": WANT, "W2": WANT})
    assert comparison.right == ("x['W1']",)
    assert comparison.wrong[0].startswith("x['b1'] is off in every entry")
    assert comparison.wrong[1] == "x has no 'W2'"
    assert fact([WANT], {"W1": WANT}) == "x is a value of type list, a dictionary was expected"


def test_keys_too_many_cost_only_where_a_result_says_so() -> None:
    many = {"a": 1.0, "b": 2.0, "c": 3.0}
    comparison = compare(Learned(many, many), Learned({"a": 1.0}, {"b": 2.0}), {})
    assert comparison.wrong == ()
    assert comparison.slips == ("exact has keys that nobody asked for: 'b', 'c'",)
    assert comparison.remarks == ("loose has keys that nobody asked for: 'a', 'c'",)


@pytest.mark.parametrize(
    ("got", "blank"),
    [
        (Two(None, None), True),
        (Two(None, {}), True),
        (Two(0.0, {}), True),
        (Two(0, None), True),
        (Two(0.0, 0), False),
        (Two(np.zeros(3), None), False),
        (Two(None, WANT), False),
        (Two(np.float64(0), None), False),
        (Scaffolded(None, WANT), True),
        (Scaffolded(WANT, None), False),
    ],
)
def test_what_an_untouched_stub_returns(got: object, blank: bool) -> None:
    assert is_blank(got) is blank


@dataclass(frozen=True)
class Allocated:
    SCAFFOLD: ClassVar = ("given",)
    ZEROS_ARE_BLANK: ClassVar = True

    given: Any
    out: Any


def test_zeros_are_blank_where_stubs_allocate() -> None:
    blanks: list[Any] = [np.zeros((2, 3)), np.float64(0), 0.0, None, {}]
    for zeros in blanks:
        assert is_blank(Allocated(7.5, zeros))
    answers: list[Any] = [np.array([0.0, 1e-9]), 0.5, np.array([np.nan]), "0", [0]]
    for written in answers:
        assert not is_blank(Allocated(7.5, written))


def test_the_error_is_the_courses() -> None:
    got, want = np.array([1.0, 0.0, 1e-12]), np.array([3.0, 0.0, 0.0])
    np.testing.assert_allclose(rel_error(got, want), [0.5, 0.0, 1e-4])


hostile = st.one_of(
    npst.arrays(
        dtype=st.one_of(
            npst.floating_dtypes(),
            npst.complex_number_dtypes(),
            npst.integer_dtypes(),
            npst.unsigned_integer_dtypes(),
            npst.boolean_dtypes(),
            npst.unicode_string_dtypes(max_len=3),
            npst.datetime64_dtypes(),
        ),
        shape=npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
    ),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3)
        ),
        max_leaves=6,
    ),
    st.builds(Unsendable, st.text(max_size=5)),
    st.builds(Opaque, st.integers(0, 9)),
)
wanted = st.one_of(
    npst.arrays(
        np.float64,
        npst.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3),
        elements=st.floats(-1e6, 1e6),
    ),
    st.floats(-1e6, 1e6),
    st.just("train"),
    st.dictionaries(st.text(max_size=2), st.floats(-1e3, 1e3), max_size=2),
)


@given(got=hostile, want=wanted)
def test_nothing_upsets_a_comparison(got: object, want: object) -> None:
    comparison = one(got, want, {"N": 3, "D": 1})
    for said in (*comparison.wrong, *comparison.slips, *comparison.remarks):
        assert said.startswith(("x ", "x["))
        assert "\n" not in said


@given(want=wanted)
def test_every_result_is_right_about_itself(want: object) -> None:
    comparison = one(want, want)
    assert comparison.wrong == comparison.slips == comparison.remarks == ()


def test_a_ratio_beyond_all_numbers_is_no_factor() -> None:
    fact = one(np.full(3, 1e300), np.full(3, 1e-300)).wrong[0]
    assert "times the reference" not in fact


@given(
    want=npst.arrays(
        np.float64,
        npst.array_shapes(max_dims=3, max_side=4),
        elements=st.floats(-1e6, 1e6),
    ),
    at=st.integers(0, 63),
    by=st.floats(0.01, 1e6) | st.just(np.nan) | st.just(np.inf),  # beyond single precision's limit
)
def test_one_entry_that_is_far_off_never_passes(
    want: np.ndarray[Any, np.dtype[np.float64]], at: int, by: float
) -> None:
    got = want.copy()
    got.flat[at % got.size] += by * max(1.0, float(np.abs(want).max()))
    assert one(got, want).wrong


def test_whole_numbers_are_told_apart_and_not_measured() -> None:
    want = np.array([[3, 5, 7], [2, 1, 0]])
    assert one(want.astype(np.float64), want).wrong == ()
    got = want.copy()
    got[0, 2], got[1, 0] = 8, 3
    assert one(got, want).wrong == ("x differs in 2 of 6 entries, first at [0, 2]",)
    assert one(want + 0.5, want).wrong == ("x differs in 6 of 6 entries, first at [0, 0]",)
    assert one(np.full((2, 3), np.nan), want).wrong != ()


@pytest.mark.parametrize("kind", [np.int32, np.float64])
def test_what_is_masked_is_free(kind: Any) -> None:
    numbers = np.arange(6, dtype=kind).reshape(2, 3)
    want = np.ma.masked_array(numbers, mask=[[False, False, True], [False, True, True]])
    assert one(np.where(want.mask, 90, numbers), want).wrong == ()
    assert one(numbers, want).wrong == ()
    assert one(numbers + (numbers == 3), want).wrong != ()
    assert one(numbers[:, :2], want).wrong != ()


def test_a_key_that_must_not_be_there() -> None:
    assert one({"a": 1.0}, {"a": 1.0, "b": None}).wrong == ()
    assert one({"a": 1.0, "b": None}, {"a": 1.0, "b": None}).wrong == ()
    assert one({"a": 1.0, "b": 2.0}, {"a": 1.0, "b": None}).wrong == ("x has a 'b'",)
