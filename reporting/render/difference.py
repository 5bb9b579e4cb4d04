"""Before and after in a terminal: each student whose score changed, item by item, with the reasons."""

from collections.abc import Iterator

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from reporting.difference import Difference, ItemChange, SubmissionChange
from reporting.render.wording import facts, number, recognised, visible, wording
from reporting.report import ItemReport

SHOWN = 20
"""Students who are shown item by item, unless all are wanted."""


def difference_text(found: Difference, console: Console, *, shown: int | None = SHOWN) -> None:
    """Print what changed, those who lost most first."""
    console.print(Text(f"{found.assignment}: {found.before} → {found.after}", "bold"))
    changed = sorted(found.changed, key=lambda change: change.gain)
    for change in changed[:shown]:
        console.print()
        for line in _lines(change):
            console.print(line)
    console.print()
    if shown is not None and len(changed) > shown:
        console.print(f"… and {len(changed) - shown} more; --all shows them, --json has them")
    for sentence in _summary(found):
        console.print(Text(visible(sentence)))


def _lines(change: SubmissionChange) -> Iterator[Text | Padding]:
    colour = "green" if change.gain > 0 else "red" if change.gain < 0 else "yellow"
    before, after = change.before, change.after
    yield Text.assemble(
        (visible(change.name), "bold"),
        f"   {number(before.score)}/{number(before.max_score)}",
        f" → {number(after.score)}/{number(after.max_score)}   ",
        (_signed(change.gain), colour),
    )
    if change.other_files:
        yield _below("something else was handed in in between", 2)
    if before.status != after.status:
        yield _below(f"{before.status} → {after.status}: {after.reason or before.reason or ''}", 2)
    for each in change.items:
        yield from _item(each)


def _item(change: ItemChange) -> Iterator[Text | Padding]:
    was, now = change.before, change.after
    colour = "green" if change.gain > 0 else "red" if change.gain < 0 else "yellow"
    head = Text.assemble((_signed(change.gain), colour), f"  {visible(change.item.says)}")
    head.append(f"  {change.item.id}", "dim")
    yield Padding(head, (0, 0, 0, 2), expand=False)
    for word, item in (("before", was), ("after", now)):
        yield _below(f"{word}: {_told(item)}", 6)


def _told(item: ItemReport | None) -> str:
    if item is None:
        return "not among the items"
    reasons = list(facts(item))
    if item.diagnosis is not None:
        reasons.append(recognised(item.diagnosis))
    label = f"{wording(item).label}, {number(item.points)}/{number(item.max_points)}"
    return f"{label}: {'; '.join(reasons)}" if reasons else label


def _summary(found: Difference) -> Iterator[str]:
    up = sum(change.gain > 0 for change in found.changed)
    down = sum(change.gain < 0 for change in found.changed)
    gains = sum(change.gain for change in found.changed)
    mean = f", {_signed(round(gains / found.compared, 4))} on average" if found.rescored else ""
    yield (
        f"{found.compared} compared: {up} higher, {down} lower, "
        f"{found.compared - up - down} with the same score{mean}"
    )
    same = len(found.changed) - len(found.rescored)
    if same:
        yield f"{same} of these have the same score by other verdicts"
    for names, which in ((found.only_before, "before"), (found.only_after, "after")):
        if names:
            yield f"only in the run {which}: {', '.join(names[:10])}{' …' if len(names) > 10 else ''}"


def _signed(gain: float) -> str:
    return f"+{number(gain)}" if gain > 0 else number(gain).replace("-", "−") if gain else "±0"


def _below(text: str, indent: int) -> Padding:
    return Padding(Text(visible(text)), (0, 0, 0, indent), expand=False)
