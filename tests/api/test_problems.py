"""Every refusal is a problem with a sentence, whatever is asked for and however."""

from typing import Any

import pytest

V1 = "/api/v1"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nothing", 404),
        ("GET", f"{V1}/nothing", 404),
        ("GET", f"{V1}/submissions/../../etc/passwd", 404),
        ("GET", f"{V1}/courses/..%2f..%2fetc", 404),
        ("GET", f"{V1}/submissions/1", 422),
        ("GET", f"{V1}/courses/a%00b", 422),
        ("DELETE", f"{V1}/courses", 405),
        ("PUT", "/healthz", 405),
        ("POST", f"{V1}/submissions/{'a' * 22}", 405),
        ("GET", f"{V1}/tokens?limit=none", 422),
    ],
)
def test_a_wrong_address_is_a_problem(world: Any, method: str, path: str, status: int) -> None:
    answer = world.client("ada").ask(method, path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert (told["status"], bool(told["title"]), bool(told["detail"])) == (status, True, True)


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[" * 100_000, 400),
        (b'{"label": "\\u0000"}', 201),
        (b'{"label": "\\ud800"}', 422),
        (b'{"label": 1}', 422),
        (b'{"label": "x", "days": 1e400}', 422),
        (b'{"label": "x", "days": 99999999999999999999}', 422),
        (b'{"label": "x", "unknown": 1}', 422),
        (b"\xff\xfe", 422),
        (b'{"label": "' + b"x" * 5 * 1024 * 1024 + b'"}', 413),
    ],
)
def test_a_bad_body_is_a_problem(world: Any, content: bytes, status: int) -> None:
    answer = world.client("ada").post(
        f"{V1}/tokens", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    if status != 201:
        assert answer.headers["content-type"] == "application/problem+json"


def test_a_body_that_does_not_say_how_long_it_is_has_a_limit_too(world: Any) -> None:
    async def endless() -> Any:
        for _ in range(100):
            yield b" " * 100_000

    answer = world.client("ada").post(
        f"{V1}/tokens", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 413
    assert answer.json()["detail"] == "the body is larger than 4 MiB; send less at a time"


def test_what_was_sent_is_not_sent_back(world: Any) -> None:
    answer = world.client("ada").post(f"{V1}/tokens", json={"label": {"secret": "hunter2"}})
    assert answer.status_code == 422
    assert "hunter2" not in answer.text


def test_a_fault_of_ours_is_a_problem_that_tells_nothing(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from submissions.queries.people import People

    def broken(*_: Any) -> None:
        raise RuntimeError("the password is hunter2")

    monkeypatch.setattr(People, "memberships", broken)
    answer = world.client("ada").get(f"{V1}/courses")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "hunter2" not in answer.text
