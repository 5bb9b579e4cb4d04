"""Two gradings side by side."""

from dataclasses import replace

from reporting.clue import Diagnosis
from reporting.difference import Judged, as_json, difference
from reporting.report import ItemReport, SubmissionReport

CONV = ItemReport("a2.conv.forward", "Q4", "Conv", "conv_forward_naive", "passed", 4.0, 4.0)
POOL = ItemReport("a2.pool.forward", "Q4", "Conv", "max_pool_forward_naive", "passed", 2.0, 2.0)
ADA = SubmissionReport("Ada", "graded", None, 6.0, 6.0, 0.1, 1, items=(CONV, POOL))
WRONG = replace(
    CONV,
    verdict="failed",
    points=0.0,
    facts=("out is off",),
    diagnosis=Diagnosis("stride", "the stride is ignored", "Which stride?"),
)


def old(*reports: SubmissionReport, files: str | None = "f") -> dict[str, Judged]:
    return {report.name: Judged("v1", report, files) for report in reports}


def new(*reports: SubmissionReport, files: str | None = "f") -> dict[str, Judged]:
    return {report.name: Judged("v2", report, files) for report in reports}


def test_what_is_the_same_is_not_told() -> None:
    slower = replace(ADA, seconds=9.0, seed=2, items=(replace(CONV, facts=("a remark",)), POOL))
    found = difference("a2", old(ADA), new(slower))
    assert (found.compared, found.changed) == (1, ())
    assert (found.before, found.after) == ("v1", "v2")


def test_a_lower_score_names_its_items_and_their_reasons() -> None:
    lower = replace(ADA, score=2.0, items=(WRONG, POOL))
    found = difference("a2", old(ADA, replace(ADA, name="Bob")), new(lower))
    (change,) = found.changed
    assert (change.name, change.gain, change.other_files) == ("Ada", -4.0, False)
    assert [(item.before, item.after, item.gain) for item in change.items] == [(CONV, WRONG, -4.0)]
    assert found.rescored == (change,)
    assert found.only_before == ("Bob",)
    document = as_json(found)
    assert document["changed"][0]["items"] == [
        {
            "id": "a2.conv.forward",
            "says": "conv_forward_naive",
            "before": {
                "verdict": "passed", "points": 4.0, "max_points": 4.0, "facts": [], "diagnosis": None,
            },
            "after": {
                "verdict": "failed", "points": 0.0, "max_points": 4.0, "facts": ["out is off"],
                "diagnosis": {"mistake": "stride", "says": "the stride is ignored", "ask": "Which stride?"},
            },
        }
    ]  # fmt: skip


def test_items_that_come_and_go() -> None:
    more = replace(ADA, score=4.0, max_score=4.0, items=(CONV,))
    (change,) = difference("a2", old(ADA), new(more)).changed
    assert [(item.before, item.after, item.item) for item in change.items] == [(POOL, None, POOL)]
    (change,) = difference("a2", old(more), new(ADA)).changed
    assert [(item.before, item.after, item.gain) for item in change.items] == [(None, POOL, 2.0)]


def test_the_same_score_by_other_verdicts_is_told_apart() -> None:
    waits = replace(CONV, verdict="blocked", points=0.0)
    before, after = replace(ADA, items=(WRONG, POOL)), replace(ADA, items=(waits, POOL))
    found = difference("a2", old(before), new(after, files="g"))
    assert found.rescored == ()
    (change,) = found.changed
    assert change.other_files
    (change,) = difference("a2", old(before), new(after, files=None)).changed
    assert not change.other_files


def test_a_status_that_changed_is_told() -> None:
    faulted = replace(ADA, status="faulted", reason="something of ours broke", score=6.0)
    (change,) = difference("a2", old(ADA), new(faulted)).changed
    assert (change.before.status, change.after.status) == ("graded", "faulted")
