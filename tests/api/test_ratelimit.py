"""Limits per token: in one process, over several with Redis, and without a Redis that should be there."""

import os
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from fastapi import HTTPException

from api.ratelimit import RateLimit
from api.settings import Settings

REDIS = os.environ.get("GRADER_TEST_REDIS", "redis://127.0.0.1:6379/7")


def allowed(limits: RateLimit, token: int, tries: int) -> int:
    done = 0
    for _ in range(tries):
        try:
            limits.request(token)
        except HTTPException:
            continue
        done += 1
    return done


def test_a_token_has_so_many_requests_a_minute() -> None:
    limits = RateLimit(Settings(requests_per_minute=3, redis_url=""))
    assert allowed(limits, 1, 10) == 3
    assert allowed(limits, 2, 10) == 3


def test_zero_is_no_limit() -> None:
    limits = RateLimit(Settings(requests_per_minute=0, redis_url=""))
    assert allowed(limits, 1, 1000) == 1000


@pytest.fixture
def prefix() -> Iterator[str]:
    import redis

    if REDIS == "off":
        pytest.skip("no Redis: switched off by the environment")
    client = redis.Redis.from_url(REDIS, socket_connect_timeout=3)
    try:
        client.ping()
    except redis.ConnectionError:
        client.close()
        pytest.skip("no Redis answers (GRADER_TEST_REDIS)")
    named = f"test-{uuid4().hex[:12]}-"
    yield named
    for key in client.scan_iter(f"{named}*"):
        client.delete(key)
    client.close()


def test_processes_count_together(prefix: str) -> None:
    settings = Settings(requests_per_minute=5, redis_url=REDIS, redis_prefix=prefix)
    one, other = RateLimit(settings), RateLimit(settings)
    assert allowed(one, 1, 3) == 3
    assert allowed(other, 1, 10) == 2
    assert allowed(one, 1, 10) == 0


def test_without_its_redis_a_process_counts_by_itself() -> None:
    settings = Settings(requests_per_minute=4, redis_url="redis://127.0.0.1:1/0")
    assert allowed(RateLimit(settings), 1, 10) == 4


@pytest.fixture
def settings(settings: dict[str, Any]) -> dict[str, Any]:
    return settings | {"requests_per_minute": 20, "uploads_per_minute": 2}


def test_the_refusal_says_how_long_to_wait(world: Any) -> None:
    world.hand_in()
    world.hand_in()
    ada = world.client("ada")
    answer = ada.post(
        "/api/v1/courses/cs231n/assignments/a2/submissions", files={"file": ("a.ipynb", b"{}")}
    )
    assert answer.status_code == 429
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    assert answer.json()["detail"].startswith("a token may make 2 uploads a minute; wait ")
    statuses = [ada.get("/api/v1/me").status_code for _ in range(30)]
    assert statuses == [200] * 17 + [429] * 13
    assert world.client("grace").get("/api/v1/me").status_code == 200
