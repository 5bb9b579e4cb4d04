"""The names in an export of Gradescope."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.gradescope import read_names


@pytest.mark.parametrize(
    ("scalar", "name"),
    [
        ("Ada Lovelace", "Ada Lovelace"),
        ("'O''Neil'", "O'Neil"),
        ('"Ren\\xE9"', "René"),
        ('"Ren\\u00e9 \\"R\\""', 'René "R"'),
        ('"broken \\q"', "broken \\q"),
        ('"\\u001b[31m"', "\ufffd[31m"),
    ],
)
def test_a_name_is_read_as_yaml_writes_it(scalar: str, name: str) -> None:
    text = f"submission_1:\n  :submitters:\n  - :name: {scalar}\n    :sid: 7\n"
    assert read_names(text.encode()) == {"submission_1": name}


@given(st.lists(st.sampled_from([b"submission_1:", b"  :submitters:", b"  - :name: ", b"x", b"\n",
                                 b'"', b"'", b"\\u", b"\xff"]), max_size=20).map(b"".join))  # fmt: skip
def test_any_bytes_are_read(metadata: bytes) -> None:
    assert set(read_names(metadata)) <= {"submission_1"}
