from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from submissions.intake import Found, Handin, Refused
from submissions.landmarks import Landmarks
from worker import read
from worker.read import Unread, read_each

LANDMARKS = Landmarks("a2", ("Dropout.ipynb",), ("cs231n/layers.py",), ("Dropout.ipynb",))


def found(*names: str) -> list[Found]:
    return [Found(name, f"class/{name}", Path(name)) for name in names]


def fake(found: Iterable[Found], _: Landmarks) -> Iterator[Handin | Refused]:
    for each in found:
        if each.name.startswith("broken"):
            raise RuntimeError("ours")
        yield Refused(each.name, each.source, "no")


@pytest.fixture(autouse=True)
def fake_intake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "read_all", fake)


@pytest.mark.parametrize(
    "names",
    [
        (),
        ("a", "b"),
        ("broken",),
        ("a", "broken", "b"),
        ("broken1", "broken2", "b", "broken3"),
    ],
)
def test_each_has_one_result_in_order(names: tuple[str, ...]) -> None:
    results = list(read_each(found(*names), LANDMARKS))
    assert [each.name for each in results] == list(names)
    assert [isinstance(each, Unread) for each in results] == [
        name.startswith("broken") for name in names
    ]


def test_a_fault_says_what_it_was() -> None:
    (result,) = read_each(found("broken"), LANDMARKS)
    assert isinstance(result, Unread)
    assert "RuntimeError: ours at test_read.py:" in result.reason
