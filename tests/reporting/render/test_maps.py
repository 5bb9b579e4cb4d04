"""A picture as bars and as a line."""

from reporting.clue import Picture
from reporting.render.maps import Bar, bars, caption, line

PICTURE = Picture("dx", ("N", "D"), ("00110", "30000"))


def test_neighbours_are_joined() -> None:
    assert list(bars(PICTURE)) == [Bar(2, 0, 2, 1), Bar(0, 1, 1, 3)]


def test_one_line() -> None:
    assert line(PICTURE) == "where dx is off: N runs down, D across: ··░░·/█····"
    assert caption(Picture("b", ("", "D"), ("01",))) == "where b is off: D runs across"


def test_a_large_picture_is_no_line() -> None:
    assert line(Picture("dx", ("N", "D"), ("0" * 60, "1" * 60))) is None
