"""The numbers for Prometheus, out of the store and of this process."""

from datetime import timedelta
from typing import Any

from prometheus_client.parser import text_string_to_metric_families


def numbers(world: Any) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    answer = world.anybody.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_the_queue_is_seen(world: Any) -> None:
    from submissions.queries.staff import Desk

    world.hand_in()
    world.hand_in("grace")
    with world.database.session() as session:
        Desk(session).report_station("w1", ["cpu"], world.now[0] + timedelta(seconds=30))
    world.now[0] += timedelta(seconds=30)
    found = numbers(world)
    assert found["grader_store_up", ()] == 1
    assert found["grader_queue_depth", (("lane", "cpu"),)] == 2
    assert found["grader_queue_age_seconds", (("lane", "cpu"),)] == 30
    assert found["grader_submissions", (("state", "queued"),)] == 2
    assert found["grader_workers", (("state", "working"),)] == 1


def test_gradings_are_counted_once_however_often_one_looks(world: Any, term_module: Any) -> None:
    item = term_module.item

    def grade(student: Any) -> None:
        upload = term_module.hand_in(world.database, world.term, student, world.now[0])
        at = world.now[0] + timedelta(seconds=2)
        items = [item("a2.one", 5.0), item("a2.two", 0.0)]
        term_module.grade(world.database, upload, items, at=at)

    grade(world.term.ada)
    assert numbers(world)["grader_gradings_total", (("status", "graded"),)] == 0
    world.now[0] += timedelta(minutes=1)
    for _ in range(2):
        found = numbers(world)
        assert found["grader_gradings_total", (("status", "graded"),)] == 1
        assert found["grader_verdicts_total", (("verdict", "passed"),)] == 1
        assert found["grader_verdicts_total", (("verdict", "failed"),)] == 1
    grade(world.term.grace)
    world.now[0] += timedelta(minutes=1)
    found = numbers(world)
    assert found["grader_gradings_total", (("status", "graded"),)] == 2
    assert found["grader_grading_seconds_count", (("phase", "grade"),)] == 2
    assert found["grader_grading_seconds_sum", (("phase", "grade"),)] == 0.5
    assert found["grader_grading_seconds_sum", (("phase", "queue"),)] == 4
    bucket = (("le", "0.25"), ("phase", "grade"))
    assert found["grader_grading_seconds_bucket", bucket] == 2
    assert found["grader_grading_seconds_bucket", (("le", "1.0"), ("phase", "queue"))] == 0


def test_requests_are_counted_under_their_routes(world: Any) -> None:
    ada = world.client("ada")
    for name in ("cs231n", "cs404"):
        ada.get(f"/api/v1/courses/{name}")
    world.anybody.get("/wp-admin.php")
    found = numbers(world)
    route = "/api/v1/courses/{course}"
    for status in ("200", "404"):
        labels = (("method", "GET"), ("route", route), ("status", status))
        assert found["grader_request_seconds_count", labels] == 1
    assert not any("wp-admin" in str(labels) for _, labels in found)


def test_a_store_that_is_away_is_a_number_too(world: Any, settings: dict[str, Any]) -> None:
    world.anybody.app.state.service.store.close()
    path = settings["database_url"].removeprefix("sqlite:///")
    from pathlib import Path

    for name in (path, f"{path}-wal", f"{path}-shm"):
        Path(name).unlink(missing_ok=True)
    Path(path).mkdir()
    assert numbers(world) != {}
    assert numbers(world)["grader_store_up", ()] == 0
