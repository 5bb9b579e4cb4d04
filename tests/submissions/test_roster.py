"""Rosters as Canvas, Gradescope and spreadsheets write them, and the sentences about bad ones."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.errors import BadRoster
from submissions.roles import Role
from submissions.roster import Entrant, read_roster


def test_a_canvas_export() -> None:
    content = (
        "\ufeffStudent,ID,SIS User ID,SIS Login ID,Section\r\n"
        '"Lovelace, Ada",17,0517,ADA,"Lecture 1"\r\n'
        "\r\n"
        "Grace Hopper,18,0518,grace,\r\n"
    ).encode()
    assert read_roster(content) == [
        Entrant("ada", "Lovelace, Ada", "", "0517", "Lecture 1"),
        Entrant("grace", "Grace Hopper", "", "0518"),
    ]


def test_a_gradescope_export() -> None:
    content = (
        b"First Name,Last Name,SID,Email,Role\n"
        b"Ada,Lovelace,5,Ada@Example.edu,Student\nAlan,Turing,6,alan@example.edu,TA\n"
    )
    assert read_roster(content) == [
        Entrant("ada@example.edu", "Ada Lovelace", "Ada@Example.edu", "5"),
        Entrant("alan@example.edu", "Alan Turing", "alan@example.edu", "6", role=Role.TA),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the roster is empty; its first line names the columns"),
        (b"who\nada\n", "no column named login, SIS Login ID, SUNetID or email; add one"),
        (b"login\nada\n\xff\n", "not UTF-8 text; export it again as CSV UTF-8"),
        (b"PK\x03\x04\0\0", "not a CSV file"),
        (b"login\nada\nADA\n", "lines 2 and 3 of the roster both name 'ada'; leave one"),
        (b"login\n../etc\n", "line 2 of the roster has no usable login ('../etc')"),
        (b"login,role\nada,king\n", "line 2 of the roster names the role 'king'; write student"),
        (b"login,name\n,Ada\n", "line 2 of the roster has no usable login ('')"),
        (b'login\n"ada\n', "of the roster is not CSV"),
    ],
)
def test_a_roster_that_cannot_be_read(content: bytes, sentence: str) -> None:
    with pytest.raises(BadRoster) as caught:
        read_roster(content)
    assert sentence in str(caught.value)


@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda t: b"login,role\n" + t.encode()))
def test_any_bytes_are_people_or_a_sentence(content: bytes) -> None:
    entrants: list[Entrant] = []
    with suppress(BadRoster):
        entrants = read_roster(content)
    assert len({entrant.login for entrant in entrants}) == len(entrants)
