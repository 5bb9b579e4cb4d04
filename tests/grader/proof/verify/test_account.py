import json
import math
from io import StringIO
from pathlib import Path

from rich.console import Console

from grader.proof.verify import account
from grader.proof.verify.step import Outcome

OUTCOMES = (
    Outcome("a2 reference", "It earns all", "79 of 79", "79 of 79", 0.51, "held"),
    Outcome(
        "a2 Q1 mistakes", "All caught", "1 of 2", "all", 1.0, "missed", ("a2.x: odd passes",)
    ),
    Outcome("a1 training", "A net learns", "", "≥ 0.5", 0.0, "skipped", ("get [b]CIFAR[/b]",)),
    Outcome(
        "a3 training", "It diverges", "nan", "< 1", 2.0, "missed", ("it came to nan",),
        {"loss": (1.0, math.inf, math.nan)},
    ),
)  # fmt: skip


def shown() -> str:
    console = Console(file=StringIO(), width=120, markup=False)
    account.show(OUTCOMES, 2.04, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_row_for_each_step() -> None:
    rows = [" ".join(line.split()) for line in shown().splitlines()]
    assert "✓ a2 reference 79 of 79 79 of 79 0.5" in rows
    assert "✗ a2 Q1 mistakes 1 of 2 all 1.0" in rows
    assert "~ a1 training: A net learns skipped ≥ 0.5 0.0" in rows


def test_what_missed_and_what_was_skipped_stands_below() -> None:
    below = shown().split("\n\n", 1)[1]
    assert "✗ a2 Q1 mistakes: All caught\n    a2.x: odd passes\n" in below
    assert "~ a1 training: A net learns\n    get [b]CIFAR[/b]\n" in below
    assert "a2 reference" not in below


def test_the_last_line_counts() -> None:
    last = shown().splitlines()[-1]
    assert last == "1 held, 2 missed, 1 skipped, in 2.0 seconds."


def test_the_document(tmp_path: Path) -> None:
    account.write(OUTCOMES, tmp_path / "deep" / "proof.json")
    document = json.loads((tmp_path / "deep" / "proof.json").read_text())
    assert list(document) == ["format", "held", "outcomes"]
    assert (document["format"], document["held"]) == (1, False)
    assert document["outcomes"][1] == {
        "name": "a2 Q1 mistakes",
        "says": "All caught",
        "figure": "1 of 2",
        "bar": "all",
        "seconds": 1.0,
        "state": "missed",
        "detail": ["a2.x: odd passes"],
        "curves": {},
    }
    assert document["outcomes"][3]["curves"] == {"loss": [1.0, None, None]}


def test_skipped_steps_are_no_misses(tmp_path: Path) -> None:
    account.write((OUTCOMES[0], OUTCOMES[2]), tmp_path / "proof.json")
    assert json.loads((tmp_path / "proof.json").read_text())["held"] is True
