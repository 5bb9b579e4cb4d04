"""The proof's account of itself: a table with what missed below it, and a JSON document."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from grader.proof.verify.step import STATES, Outcome, State
from reporting.render.file import write_whole
from reporting.render.wording import visible

FORMAT = 1
"""Of the JSON document: fields are added, never renamed, removed or given a new meaning."""

_MARKS: Mapping[State, tuple[str, str]] = {
    "held": ("✓", "green"),
    "missed": ("✗", "red"),
    "skipped": ("~", "yellow"),
}


def show(outcomes: Sequence[Outcome], seconds: float, console: Console) -> None:
    """Print a row for each step, then each miss and each reason to skip on a line of its own.

    All of it took so many `seconds`, less than the sum where steps run beside each other.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for title in ("", "step", "figure", "bar"):
        table.add_column(title, overflow="fold")
    table.add_column("seconds", justify="right")
    for outcome in outcomes:
        mark, colour = _MARKS[outcome.state]
        figure = Text(outcome.figure or outcome.state)
        took = f"{outcome.seconds:.1f}"
        table.add_row(Text(mark, colour), _title(outcome), figure, Text(outcome.bar), took)
    console.print(table)
    for outcome in outcomes:
        if outcome.detail:
            mark, colour = _MARKS[outcome.state]
            console.print()
            console.print(Text.assemble((mark, colour), f" {outcome.name}: ", outcome.says))
            for sentence in outcome.detail:
                console.print(f"    {visible(sentence)}", soft_wrap=True)
    console.print()
    console.print(summary(outcomes, seconds))


def summary(outcomes: Sequence[Outcome], seconds: float) -> str:
    """How many held, missed and were skipped, and how long all of it took."""
    states = [outcome.state for outcome in outcomes]
    counts = (f"{states.count(state)} {state}" for state in STATES)
    return f"{', '.join(counts)}, in {seconds:.1f} seconds."


def write(outcomes: Sequence[Outcome], path: Path) -> None:
    """Write the JSON document of docs/verify.md. Raises OSError."""
    document = {
        "format": FORMAT,
        "held": all(outcome.state != "missed" for outcome in outcomes),
        "outcomes": [_as_json(outcome) for outcome in outcomes],
    }
    write_whole(path, json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1) + "\n")


def _as_json(outcome: Outcome) -> dict[str, object]:
    # A diverged training measures what JSON has no numbers for.
    curves = {
        name: [value if math.isfinite(value) else None for value in values]
        for name, values in outcome.curves.items()
    }
    # Pictures are for `--plots`; in text they would only be long.
    document = asdict(replace(outcome, pictures={}))
    del document["pictures"]
    return document | {"seconds": round(outcome.seconds, 3), "curves": curves}


def _title(outcome: Outcome) -> Text:
    is_training = outcome.name.endswith("training")
    return Text(f"{outcome.name}: {outcome.says}" if is_training else outcome.name)
