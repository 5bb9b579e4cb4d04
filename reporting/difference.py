"""Two gradings of the same class side by side: whose score changed, by which items, and why."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reporting.report import ItemReport, SubmissionReport

FORMAT = 1
"""Of the JSON document: fields are added, never renamed, removed or given a new meaning."""


@dataclass(frozen=True)
class Judged:
    """A submission as one run has judged it; equal `files` are equal uploads, None is not known."""

    suite_version: str
    report: SubmissionReport
    files: str | None = None


@dataclass(frozen=True)
class ItemChange:
    """One item; None where that suite does not have it."""

    before: ItemReport | None
    after: ItemReport | None

    @property
    def item(self) -> ItemReport:
        """The item as it is now, or was."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def gain(self) -> float:
        """Points that it brings now and did not bring before."""
        after = self.after.points if self.after else 0.0
        return round(after - (self.before.points if self.before else 0.0), 4)


@dataclass(frozen=True)
class SubmissionChange:
    """One student; `other_files` says that something else was handed in in between."""

    name: str
    before: SubmissionReport
    after: SubmissionReport
    items: tuple[ItemChange, ...]
    other_files: bool = False

    @property
    def gain(self) -> float:
        """How much higher the score is now."""
        return round(self.after.score - self.before.score, 4)


@dataclass(frozen=True)
class Difference:
    """Everything that changed between two runs."""

    assignment: str
    before: str
    after: str
    compared: int
    changed: tuple[SubmissionChange, ...]
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()

    @property
    def rescored(self) -> tuple[SubmissionChange, ...]:
        """Those whose score changed."""
        return tuple(change for change in self.changed if change.gain)


def difference(
    assignment: str, before: Mapping[str, Judged], after: Mapping[str, Judged]
) -> Difference:
    """What changed between two runs over a class, by name."""
    both = [name for name in after if name in before]
    changes = (_change(name, before[name], after[name]) for name in both)
    return Difference(
        assignment=assignment,
        before=_versions(before),
        after=_versions(after),
        compared=len(both),
        changed=tuple(change for change in changes if change is not None),
        only_before=tuple(name for name in before if name not in after),
        only_after=tuple(name for name in after if name not in before),
    )


def _versions(run: Mapping[str, Judged]) -> str:
    return ", ".join(dict.fromkeys(judged.suite_version for judged in run.values()))


def _change(name: str, before: Judged, after: Judged) -> SubmissionChange | None:
    items = tuple(_items(before.report, after.report))
    same = before.report.score == after.report.score and before.report.status == after.report.status
    if same and not items:
        return None
    known = before.files is not None and after.files is not None
    return SubmissionChange(
        name, before.report, after.report, items, known and before.files != after.files
    )


def _items(before: SubmissionReport, after: SubmissionReport) -> list[ItemChange]:
    was = {item.id: item for item in before.items}
    now = {item.id: item for item in after.items}
    found = [ItemChange(was.get(name), item) for name, item in now.items()]
    found += [ItemChange(item, None) for name, item in was.items() if name not in now]
    return [change for change in found if _differs(change)]


def _differs(change: ItemChange) -> bool:
    before, after = change.before, change.after
    if before is None or after is None:
        return True
    return (before.verdict, before.points, before.max_points) != (
        after.verdict,
        after.points,
        after.max_points,
    )


def as_json(found: Difference) -> dict[str, Any]:
    """The document of `grader diff --json`, as docs/report.md has it."""
    return {
        "format": FORMAT,
        "assignment": found.assignment,
        "before": found.before,
        "after": found.after,
        "compared": found.compared,
        "changed": [
            {
                "name": change.name,
                "before": _total(change.before),
                "after": _total(change.after),
                "other_files": change.other_files,
                "items": [
                    {
                        "id": each.item.id,
                        "says": each.item.says,
                        "before": _plain(each.before),
                        "after": _plain(each.after),
                    }
                    for each in change.items
                ],
            }
            for change in found.changed
        ],
        "only_before": list(found.only_before),
        "only_after": list(found.only_after),
    }


def _total(report: SubmissionReport) -> dict[str, Any]:
    return {"status": report.status, "score": report.score, "max_score": report.max_score}


def _plain(item: ItemReport | None) -> dict[str, Any] | None:
    if item is None:
        return None
    return {
        "verdict": item.verdict,
        "points": item.points,
        "max_points": item.max_points,
        "facts": list(item.facts),
        "diagnosis": asdict(item.diagnosis) if item.diagnosis else None,
    }
