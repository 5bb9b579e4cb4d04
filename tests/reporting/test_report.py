"""The report's JSON form is a contract."""

import json
from dataclasses import fields, replace

from reporting.clue import Diagnosis
from reporting.report import (
    ClassReport,
    ItemReport,
    SubmissionReport,
    class_as_json,
    submission_as_json,
    submission_from_json,
)

ITEM = ItemReport(
    id="a2.batchnorm.backward",
    question="Q2",
    part="BatchNormalization",
    says="batchnorm_backward returns dx, dgamma and dbeta",
    verdict="failed",
    points=0.0,
    max_points=5,
    facts=("dx is off", "right: dbeta"),
    diagnosis=Diagnosis("gamma_forgotten", "gamma is taken for 1", "What does gamma do?"),
    recipe="out, cache = batchnorm_forward(x)",
)
REPORT = SubmissionReport(
    name="änne",
    status="graded",
    reason=None,
    score=2.4,
    max_score=8,
    seconds=0.25,
    seed=7,
    notes=("not handed in: cs231n/optim.py",),
    items=(ITEM, replace(ITEM, id="a2.conv.forward", question="Q4", points=2.4, max_points=3)),
)


def test_there_and_back() -> None:
    assert submission_from_json(json.loads(json.dumps(submission_as_json(REPORT)))) == REPORT


def test_there_and_back_without_items() -> None:
    rejected = SubmissionReport("b", "rejected", "it is a PDF", 0.0, 79, 0.0, None)
    assert submission_from_json(json.loads(json.dumps(submission_as_json(rejected)))) == rejected


def test_an_older_document_without_notes_is_read() -> None:
    plain = submission_as_json(REPORT)
    del plain["notes"]
    assert submission_from_json(plain) == replace(REPORT, notes=())


def test_the_promised_fields() -> None:
    document = class_as_json(ClassReport("a2", "2024.1-abc", (REPORT,)))
    assert list(document) == ["format", "assignment", "suite_version", "submissions"]
    assert document["format"] == 1
    (submission,) = document["submissions"]
    promised = {"name", "status", "reason", "score", "max_score", "seconds", "items"}
    assert promised <= set(submission)
    promised = {"id", "verdict", "points", "max_points", "facts", "diagnosis"}
    assert promised <= set(submission["items"][0])
    assert submission["items"][0]["diagnosis"] == {
        "mistake": "gamma_forgotten",
        "says": "gamma is taken for 1",
        "ask": "What does gamma do?",
    }
    assert isinstance(submission["items"][0]["facts"], list)


def test_every_field_is_written() -> None:
    written = submission_as_json(REPORT)
    assert set(written) == {f.name for f in fields(SubmissionReport)} | {"gradable"}
    assert set(written["items"][0]) == {f.name for f in fields(ItemReport)}


def test_what_was_not_run_is_not_gradable() -> None:
    one = replace(ITEM, verdict="not_run")
    report = replace(REPORT, items=(one, REPORT.items[1]))
    assert REPORT.gradable == 8
    assert report.not_run == (one,)
    assert report.gradable == submission_as_json(report)["gradable"] == 3


def test_points_by_question() -> None:
    assert REPORT.by_question() == {"Q2": (0.0, 5), "Q4": (2.4, 3)}


def test_the_bonus_in_a_score() -> None:
    assert REPORT.bonus == 0
    more = replace(ITEM, id="a3.lstm.forward", points=1.5, max_points=2, bonus=True)
    assert replace(REPORT, items=(*REPORT.items, more)).bonus == 1.5
