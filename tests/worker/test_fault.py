import pytest

from worker.fault import sentence_of


def raised(error: Exception) -> Exception:
    with pytest.raises(type(error)) as caught:
        raise error
    return caught.value


def test_it_says_what_and_where_in_one_line() -> None:
    said = sentence_of(raised(ValueError("first line\nsecond line")))
    assert "ValueError: first line second line at test_fault.py:" in said
    assert "\n" not in said


def test_a_silent_error_is_named() -> None:
    assert "(KeyError at test_fault.py:" in sentence_of(raised(KeyError()))


def test_a_talkative_error_is_cut() -> None:
    assert len(sentence_of(raised(ValueError("long " * 1000)))) < 500


def test_an_error_that_was_never_raised() -> None:
    assert "(ValueError: ours)" in sentence_of(ValueError("ours"))
