"""Progress as events: what changes while a stream is being written is told all the same."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from api import events
from api.events import Watch, stream
from api.store import Store
from submissions.queries.work import Progress
from submissions.states import State


def progress(state: State, *items: str) -> Progress:
    return Progress(state, 1, "", tuple((item, "passed", 1.0, 1.0) for item in items))


class Scripted(Watch):
    """Is told by the test how far a submission is."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self.now = progress(State.QUEUED)

    def _ask(self, submissions: list[int]) -> dict[int, Progress]:
        return dict.fromkeys(submissions, self.now)


@pytest.fixture
def watch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    monkeypatch.setattr(events, "_POLL_SECONDS", 0.01)
    return Scripted(Store(f"sqlite:///{tmp_path / 'grader.db'}"))


def test_what_happens_while_a_stream_is_written_is_told(watch: Scripted) -> None:
    async def watched() -> list[str]:
        told = []
        async for line in stream(watch, 1, 0, 60.0):
            told.append(line)
            if "queued" in line:
                # A slow reader: it all happens before anything is asked for again.
                watch.now = progress(State.GRADED, "a2.one", "a2.two")
                await asyncio.sleep(0.1)
        await watch.close()
        return told

    told = asyncio.run(asyncio.wait_for(watched(), 5.0))
    assert [line.split("\n")[1] for line in told if line.startswith("id")] == [
        "event: state",
        "event: item",
        "event: item",
        "event: end",
    ]


def test_nothing_new_is_said_now_and_then(watch: Scripted, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "_HEARTBEAT_SECONDS", 0.05)

    async def watched() -> list[str]:
        told = []
        async for line in stream(watch, 1, 0, 60.0):
            told.append(line)
            if told.count(": nothing new\n\n") == 3:
                watch.now = progress(State.GRADED)
        await watch.close()
        return told

    told = asyncio.run(asyncio.wait_for(watched(), 5.0))
    assert sum("queued" in line for line in told) == 1


def test_two_who_watch_the_same_are_told_the_same(watch: Scripted) -> None:
    async def one() -> list[str]:
        return [line async for line in stream(watch, 1, 0, 60.0)]

    async def both() -> Any:
        first, second = asyncio.create_task(one()), asyncio.create_task(one())
        await asyncio.sleep(0.05)
        watch.now = progress(State.RUNNING, "a2.one")
        await asyncio.sleep(0.05)
        watch.now = progress(State.GRADED, "a2.one", "a2.two")
        told = await asyncio.gather(first, second)
        await watch.close()
        return told

    first, second = asyncio.run(asyncio.wait_for(both(), 5.0))
    assert [line for line in first if line.startswith("id")] == [
        line for line in second if line.startswith("id")
    ]
    assert "graded" in first[-1]
