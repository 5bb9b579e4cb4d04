"""From upload to report, in both modes of the service."""

import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.service.chaos import notebook
from tests.service.running import Running, begin_now, opened

PATIENCE_SECONDS = 90.0
AT_ONCE = 6


def address(term: Any) -> str:
    return f"/api/v1/courses/{term.assignment.course.name}/assignments/a2/submissions"


def upload(
    client: httpx.Client, term: Any, content: bytes, name: str = "a2.zip", **headers: str
) -> dict[str, Any]:
    answer = client.post(address(term), files={"file": (name, content)}, headers=headers)
    assert answer.status_code == 202, answer.text
    about: dict[str, Any] = answer.json()
    assert answer.headers["Location"] == about["links"]["self"]
    return about


def graded(client: httpx.Client, about: dict[str, Any]) -> dict[str, Any]:
    deadline = time.monotonic() + PATIENCE_SECONDS
    now = about
    while now["state"] in ("queued", "running"):
        assert time.monotonic() < deadline, f"still {now['state']}"
        time.sleep(0.05)
        now = client.get(about["links"]["self"]).json()
    return now


def events(
    client: httpx.Client, about: dict[str, Any], **headers: str
) -> Iterator[tuple[str, Any]]:
    with client.stream("GET", about["links"]["events"], headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        kind = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                kind = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield kind, json.loads(line.removeprefix("data: "))


def test_an_upload_is_watched_graded_and_read(
    client: httpx.Client, term: Any, course_zip: bytes
) -> None:
    about = upload(client, term, course_zip)
    assert (about["student"], about["number"], about["state"]) == ("ada", 1, "queued")
    told = list(events(client, about))
    items = {each["item"]: each["verdict"] for kind, each in told if kind == "item"}
    assert told[-1] == ("end", {"state": "graded", "reason": ""})
    report = client.get(about["links"]["report"]).json()
    assert report["submission"]["status"] == "graded"
    judged = {item["id"]: item["verdict"] for item in report["submission"]["items"]}
    assert items == judged
    assert report["submission"]["score"] > 0
    page = client.get(about["links"]["page"])
    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "a2" in page.text
    (listed,) = client.get(address(term)).json()
    assert (listed["id"], listed["state"]) == (about["id"], "graded")


def test_a_stream_that_is_opened_again_goes_on(
    client: httpx.Client, term: Any, course_zip: bytes
) -> None:
    about = upload(client, term, course_zip)
    graded(client, about)
    everything = [each for kind, each in events(client, about) if kind == "item"]
    rest = [
        each for kind, each in events(client, about, **{"Last-Event-ID": "10"}) if kind == "item"
    ]
    assert rest == everything[10:]


def test_a_damaged_zip_is_rejected_with_a_sentence(client: httpx.Client, term: Any) -> None:
    about = graded(client, upload(client, term, b"PK\x03\x04 nothing", "mine.zip"))
    assert about["state"] == "rejected"
    assert about["reason"].startswith("mine.zip is damaged or not a zip")


def test_a_key_is_one_submission(client: httpx.Client, term: Any, course_zip: bytes) -> None:
    key = {"Idempotency-Key": "k-1"}
    first = upload(client, term, course_zip, **key)
    again = upload(client, term, course_zip, **key)
    assert (first["id"], first["repeated"]) == (again["id"], False)
    assert again["repeated"]
    assert len(client.get(address(term)).json()) == 1


def test_of_submits_at_once_at_the_limit_one_is_taken(
    running: Running, client: httpx.Client, begin: Any
) -> None:
    with opened(running) as database:
        last = begin_now(begin, database, f"last-{uuid4().hex[:8]}", attempts=1)
    ready = threading.Barrier(AT_ONCE)

    def hand_in(number: int) -> httpx.Response:
        ready.wait()
        return client.post(address(last), files={"file": ("Dropout.ipynb", notebook(number))})

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(hand_in, range(AT_ONCE)))
    taken = [each for each in answers if each.status_code == 202]
    assert [each.json()["number"] for each in taken] == [1]
    refused = [each.json()["type"] for each in answers if each.status_code == 403]
    assert refused == ["/problems/no-attempts-left"] * (AT_ONCE - 1)
    listed = client.get(address(last)).json()
    assert [each["id"] for each in listed] == [taken[0].json()["id"]]


@pytest.mark.parametrize("part", ["self", "events", "report", "page"])
def test_nobody_sees_what_others_handed_in(
    client: httpx.Client, grace: httpx.Client, term: Any, part: str
) -> None:
    about = upload(client, term, b'{"cells": []}', "Dropout.ipynb")
    answer = grace.get(about["links"][part])
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "there is no such submission"
    assert grace.get(address(term)).json() == []


def test_without_a_token_nothing_is_told(client: httpx.Client, term: Any) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer grader_wrong"}):
        answer = client.get(address(term), headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["detail"].startswith("show a token")
