"""Calling workers through Redis, whatever state it is in: uploads never wait for it."""

import json
import time
from collections.abc import Iterator

import pytest

from tests.service import servers
from worker import dispatch
from worker.dispatch import GRADE, Broker, Nobody


@pytest.fixture
def server() -> Iterator[servers.Redis]:
    try:
        redis = servers.Redis()
    except servers.Missing as missing:
        pytest.skip(f"tests that kill servers were left out: {missing}")
    redis.start()
    yield redis
    redis.close()


def waiting(server: servers.Redis, queue: str) -> list[tuple[str, list[int]]]:
    import redis

    with redis.Redis(port=server.port) as client:
        messages = [json.loads(each) for each in client.lrange(queue, 0, -1)]
    found = []
    for message in messages:
        import base64

        arguments, _, _ = json.loads(base64.b64decode(message["body"]))
        found.append((message["headers"]["task"], arguments))
    return found


def test_a_call_is_a_message_in_its_lane(server: servers.Redis) -> None:
    broker = Broker(server.url, "ours-")
    broker.request_grading(7, "cpu")
    broker.request_grading(8, "gpu")
    assert broker.answers()
    broker.close()
    assert waiting(server, "ours-cpu") == [(GRADE, [7])]
    assert waiting(server, "ours-gpu") == [(GRADE, [8])]


def test_whether_a_broker_answers_is_asked_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[object] = []

    def refused(*_: object, **__: object) -> None:
        tries.append(None)
        raise ConnectionRefusedError("nobody is there")

    monkeypatch.setattr("socket.socket.connect", refused)
    broker = Broker("redis://127.0.0.1:1/0")
    assert broker.answers() is False
    broker.close()
    assert len(tries) == 1
    assert "the broker does not answer" in caplog.text


def test_a_broker_that_died_is_let_rest_and_called_again(
    server: servers.Redis, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(dispatch, "_REST_SECONDS", 0.3)
    broker = Broker(server.url)
    broker.request_grading(1, "cpu")
    server.kill()
    for submission in range(2, 50):
        broker.request_grading(submission, "cpu")
    assert caplog.text.count("the broker cannot be reached") == 1
    assert broker.answers() is False
    server.start()
    time.sleep(0.3)
    broker.request_grading(50, "cpu")
    assert waiting(server, "cpu") == [(GRADE, [50])]
    broker.close()


def test_a_broker_that_hangs_holds_nobody_up_for_long(
    server: servers.Redis, caplog: pytest.LogCaptureFixture
) -> None:
    broker = Broker(server.url)
    broker.request_grading(1, "cpu")
    server.pause()
    try:
        for submission in range(2, 50):
            broker.request_grading(submission, "cpu")
        assert caplog.text.count("the broker cannot be reached") >= 1
        assert broker.answers() is False
    finally:
        server.resume()
    broker.close()


def test_nobody_is_called_without_complaint() -> None:
    nobody = Nobody()
    nobody.request_grading(1, "cpu")
    assert nobody.answers() is None
    nobody.close()
