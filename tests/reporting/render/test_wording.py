from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.verdict import NAMES
from reporting.clue import Diagnosis
from reporting.render.wording import WORDING, Tone, number, recognised, visible


def test_every_verdict_has_words() -> None:
    assert set(WORDING) == {*NAMES.values(), "not_run"}
    assert {shown.tone for shown in WORDING.values()} == set(get_args(Tone))


def test_no_two_verdicts_share_mark_and_label() -> None:
    assert len({(shown.mark, shown.label) for shown in WORDING.values()}) == len(WORDING)


@pytest.mark.parametrize(
    ("value", "written"),
    [(3.0, "3"), (2.4, "2.4"), (0.32, "0.32"), (0.1 + 0.2, "0.3"), (0.0, "0"), (100.0, "100")],
)
def test_points_are_written_as_people_do(value: float, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Ada\x1b[31m", "Ada\\x1b[31m"),
        ("two\nlines\r\t", "two\\nlines\\r\\t"),
        ("\u202etxt", "\\u202etxt"),
        ("\u2066a\u2069\u200f\ufeff", "\\u2066a\\u2069\\u200f\\ufeff"),
        ("caf\udce9", "caf\\udce9"),
        ("\u2028", "\\u2028"),
        ("\x9b31m", "\\x9b31m"),
    ],
)
def test_what_moves_or_reorders_is_spelled_out(text: str, shown: str) -> None:
    assert visible(text) == shown


@pytest.mark.parametrize("text", ["Émilie", "李明", "علي", "نامه\u200cای", "👩\u200d💻", "<b>"])
def test_names_of_people_stay_as_they_are(text: str) -> None:
    assert visible(text) == text


@given(st.text(st.characters()))
def test_visible_text_can_be_printed_on_one_line(text: str) -> None:
    shown = visible(text)
    assert len(f"{shown}.".splitlines()) == 1
    assert shown.encode("utf-8").isascii() or not text.isascii()
    assert visible(shown) == shown


def test_kept_characters_stay() -> None:
    assert visible("a\n\tb\x00", keep="\n\t") == "a\n\tb\\x00"


def test_a_mistake_is_named_by_its_numbers_and_a_law_by_itself() -> None:
    mistake = Diagnosis("no_average", "the 1/N is missing", "Is dW a mean?")
    law = Diagnosis("whitens", "not so: every feature has mean 0", "Which axis?")
    assert recognised(mistake) == (
        "these are, digit for digit, the numbers one gets when the 1/N is missing"
    )
    assert recognised(law) == "not so: every feature has mean 0"
