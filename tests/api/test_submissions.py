"""Choosing, gradings, pages of lists, and the bytes that an upload leaves behind."""

import errno
import os
import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from submissions.models import Submission
from submissions.tables.uploads import Upload, Work

V1 = "/api/v1"
A2 = f"{V1}/courses/cs231n/assignments/a2"


def graded(world: Any, term_module: Any, *points: float) -> list[Any]:
    uploads = []
    for hours, each in enumerate(points):
        at = world.now[0] - timedelta(days=1) + timedelta(hours=hours)
        upload = term_module.hand_in(world.database, world.term, world.term.ada, at)
        term_module.grade(world.database, upload, [term_module.item("a2.one", each)])
        uploads.append(upload)
    return uploads


def count(world: Any, rule: str) -> None:
    answer = world.client("ida").ask("PATCH", A2, json={"counts": rule})
    assert answer.status_code == 200, answer.text


def test_ones_submissions_say_which_counts(world: Any, term_module: Any) -> None:
    graded(world, term_module, 3.0, 4.0, 1.0)
    ada = world.client("ada")
    listed = ada.get(f"{A2}/submissions").json()
    assert [(s["number"], s["counts"], s["mark"]["score"]) for s in listed] == [
        (3, False, 1.0),
        (2, True, 4.0),
        (1, False, 3.0),
    ]
    standing = ada.get(f"{A2}/standing").json()
    assert (standing["number"], standing["points"], standing["factor"]) == (2, 4.0, 1.0)
    assert ada.get(listed[1]["links"]["self"]).json() == listed[1]
    by_staff = world.client("tim").get(f"{A2}/students/ada/submissions").json()
    assert by_staff == listed


def test_a_student_chooses(world: Any, term_module: Any) -> None:
    first, _, _ = graded(world, term_module, 3.0, 4.0, 1.0)
    ada = world.client("ada")
    chosen = f"{V1}/submissions/{first.public_id}/choice"
    refused = ada.post(chosen)
    assert refused.status_code == 409
    assert refused.json()["detail"] == (
        "this assignment counts the best submission by itself; there is nothing to choose"
    )
    count(world, "chosen")
    assert ada.get(f"{A2}/standing").json()["number"] == 2
    answer = ada.post(chosen)
    assert (answer.status_code, answer.json()["counts"]) == (200, True)
    assert ada.get(f"{A2}/standing").json()["number"] == 1


def test_what_was_refused_cannot_be_chosen(world: Any, term_module: Any) -> None:
    from submissions.states import State

    count(world, "chosen")
    upload = term_module.hand_in(world.database, world.term, world.term.ada, world.now[0])
    term_module.grade(world.database, upload, [], state=State.REJECTED)
    answer = world.client("ada").post(f"{V1}/submissions/{upload.public_id}/choice")
    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "this submission was rejected and cannot count; choose another one"
    )


def test_every_version_of_the_suite_has_its_grading(world: Any, term_module: Any) -> None:
    (upload,) = graded(world, term_module, 3.0)
    here = f"{V1}/submissions/{upload.public_id}"
    tim = world.client("tim")
    assert tim.post(f"{here}/regrade", json={"reason": "a repaired suite"}).status_code == 202
    assert world.called.calls == [upload.submission_id]
    assert tim.post(f"{here}/regrade", json={"reason": "again"}).status_code == 409
    assert world.client("ada").get(here).json()["state"] == "queued"
    two = [term_module.item("a2.one", 5.0)]
    term_module.grade(world.database, upload, two, "v2", at=world.now[0])
    told = world.client("ada").get(f"{here}/gradings").json()
    assert [(each["suite_version"], each["score"], each["holds"]) for each in told] == [
        ("v1", 3.0, False),
        ("v2", 5.0, True),
    ]
    assert world.client("ada").get(f"{here}/report").json()["suite_version"] == "v2"


def test_lists_are_read_page_by_page(world: Any, term_module: Any) -> None:
    graded(world, term_module, *[1.0] * 5)
    ada = world.client("ada")
    numbers: list[int] = []
    path, pages = f"{A2}/submissions?limit=2", 0
    while path:
        answer = ada.get(path)
        assert answer.status_code == 200
        numbers += [each["number"] for each in answer.json()]
        link = answer.headers.get("link", "")
        assert not link or link.endswith('>; rel="next"')
        path = link.partition(">")[0].removeprefix("<")
        pages += 1
    assert (numbers, pages) == ([5, 4, 3, 2, 1], 3)


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=501", "limit=x", "after=", "after=ü", "after=1.5", "after=99999999999"],
)
def test_a_page_that_cannot_be_meant_is_refused(world: Any, query: str) -> None:
    answer = world.client("ada").get(f"{A2}/submissions?{query}")
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("report.pdf", b"%PDF", 422),
        ("a2.zip", b"no zip", 422),
        ("a2.ipynb", b"", 422),
        ("a2.ipynb", b"{" + b" " * 1024 * 1024, 413),
        ("a2.ipynb", b"{" + b" " * 2 * 1024 * 1024, 413),
    ],
)
def test_a_refused_upload_leaves_nothing_behind(
    world: Any, settings: dict[str, Any], name: str, content: bytes, status: int
) -> None:
    answer = world.client("ada").post(f"{A2}/submissions", files={"file": (name, content)})
    assert answer.status_code == status, answer.text
    assert answer.json()["status"] == status
    assert [path for path in settings["blob_dir"].rglob("*") if path.is_file()] == []


@contextmanager
def small_files(_: pytest.MonkeyPatch) -> Iterator[None]:
    """The kernel lets no file grow beyond half of the upload."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGE // 2, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def full(*_: Any) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextmanager
def no_room_for_bytes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The file system finds out when the bytes are brought to the disk."""
    with monkeypatch.context() as patch:
        patch.setattr("submissions.storage.os.fsync", full)
        yield


@contextmanager
def no_room_for_names(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """There is no room for another name in a folder."""
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", full)
        yield


LARGE = 960 * 1024


@pytest.mark.parametrize("disk", [small_files, no_room_for_bytes, no_room_for_names])
def test_a_full_disk_takes_nothing_and_costs_no_attempt(
    world: Any,
    settings: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    disk: Callable[[pytest.MonkeyPatch], Any],
) -> None:
    world.client("ida").ask("PATCH", A2, json={"attempts": 1})
    content = b"{" + b" " * LARGE
    with disk(monkeypatch):
        answer = world.client("ada").post(
            f"{A2}/submissions", files={"file": ("Dropout.ipynb", content)}
        )
    assert answer.status_code == 503, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"]
    assert answer.json()["detail"].startswith("nothing was handed in")
    assert [path for path in settings["blob_dir"].rglob("*") if path.is_file()] == []
    with world.database.reading() as session:
        rows = [session.scalar(select(func.count(each))) for each in ROWS]
    assert (rows, world.called.calls) == ([0, 0, 0], [])
    about = world.hand_in(content=content)
    assert about["number"] == 1
    (blob,) = (path for path in settings["blob_dir"].rglob("*") if path.is_file())
    assert blob.read_bytes() == content


ROWS = (Submission.id, Upload.submission_id, Work.submission_id)


@pytest.mark.parametrize(
    ("after", "late"),
    [
        (timedelta(microseconds=999_999), 0),
        (timedelta(seconds=1), 1),
        (timedelta(days=2, microseconds=999_999), 2),
    ],
)
def test_the_second_of_the_deadline_is_on_time(
    world: Any, term_module: Any, after: timedelta, late: int
) -> None:
    world.now[0] = term_module.DEADLINE + after
    about = world.hand_in()
    assert about["days_late"] == late
    received = world.client("ada").get(about["links"]["self"]).json()["received_at"]
    assert datetime.fromisoformat(received) == world.now[0]


def test_after_the_last_second_of_the_last_late_day_nothing_is_taken(
    world: Any, term_module: Any
) -> None:
    world.now[0] = term_module.DEADLINE + timedelta(days=2, seconds=1)
    answer = world.client("ada").post(f"{A2}/submissions", files={"file": ("a.ipynb", b"{}")})
    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/closed")


def test_the_limits_of_the_course_have_sentences(world: Any) -> None:
    ida = world.client("ida")
    ida.ask("PATCH", A2, json={"attempts": 2, "interval_seconds": 60})
    world.hand_in()
    early = world.client("ada").post(f"{A2}/submissions", files={"file": ("a.ipynb", b"{}")})
    assert (early.status_code, early.headers["retry-after"]) == (429, "60")
    world.now[0] += timedelta(minutes=2)
    world.hand_in()
    world.now[0] += timedelta(minutes=2)
    third = world.client("ada").post(f"{A2}/submissions", files={"file": ("a.ipynb", b"{}")})
    assert third.status_code == 403
    assert third.json()["type"] == "/problems/no-attempts-left"
    assert third.json()["detail"].startswith("all 2 attempts are used")
    extended = {"student": "ada", "more_attempts": 1, "reason": "the network was down"}
    assert ida.post(f"{A2}/extensions", json=extended).status_code == 201
    assert world.client("ada").get(A2).json()["attempts_left"] == 1
    world.hand_in()
    world.now[0] += timedelta(days=30)
    late = world.client("ada").post(f"{A2}/submissions", files={"file": ("a.ipynb", b"{}")})
    assert (late.status_code, late.json()["type"]) == (403, "/problems/closed")


def test_a_report_is_inert(world: Any, term_module: Any) -> None:
    (upload,) = graded(world, term_module, 3.0)
    page = world.client("ada").get(f"{V1}/submissions/{upload.public_id}/report.html")
    policy = page.headers["content-security-policy"]
    assert (
        policy == "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"
    )
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "private, no-store"


def test_a_report_has_what_people_gave_in_it(world: Any, term_module: Any) -> None:
    at = world.now[0] - timedelta(hours=1)
    upload = term_module.hand_in(world.database, world.term, world.term.ada, at)
    words = term_module.item("a2.words", 0.0, 4.0, answer="noisy", verdict="awaiting")
    term_module.grade(world.database, upload, [words])
    here = f"{V1}/submissions/{upload.public_id}"
    tim, ada = world.client("tim"), world.client("ada")
    (waiting,) = tim.get(f"{A2}/answers?waiting=true").json()
    assert (waiting["student"], waiting["text"], waiting["max_points"]) == ("ada", "noisy", 4.0)
    reading = {"digest": waiting["digest"], "points": 3, "comment": "<b>and</b> at test time?"}
    given = f"{here}/answers/a2.words/readings"
    too_much = tim.post(given, json=reading | {"points": 4.5})
    assert too_much.status_code == 422
    assert too_much.json()["detail"] == "this answer is worth 4 points; give at most that"
    other = tim.post(given, json=reading | {"digest": "0" * 16})
    assert (other.status_code, other.json()["detail"]) == (
        409,
        "the answer says something else by now; read it again",
    )
    nothing = tim.post(f"{here}/answers/a2.none/readings", json=reading)
    assert nothing.status_code == 404
    assert tim.post(given, json=reading).status_code == 201
    assert tim.get(f"{A2}/answers?waiting=true").json() == []
    report = ada.get(f"{here}/report").json()["submission"]
    assert (report["score"], report["items"][0]["verdict"]) == (3.0, "partial")
    assert report["items"][0]["facts"][0] == "<b>and</b> at test time?"
    page = ada.get(f"{here}/report.html").text
    assert "&lt;b&gt;and&lt;/b&gt; at test time?" in page
    assert f"read by tim on {world.now[0]:%Y-%m-%d}" in page
    assert "<b>3</b>" in page
    (answer,) = ada.get(f"{here}/answers").json()
    assert (answer["reading"]["points"], answer["reading"]["reader"]) == (3.0, "tim")
    assert ada.get(here).json()["mark"] == {
        "score": 3.0,
        "max_score": 4.0,
        "machine": 0.0,
        "people": 3.0,
        "waiting": 0.0,
        "overridden": False,
    }
