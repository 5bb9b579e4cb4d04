import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.sandbox.guest import confine, kernel, landlock, privileges


def inside(ruleset: int, action: object) -> str | None:
    assert callable(action)
    return confine.lacking(privileges.forbid_new, lambda: landlock.enter(ruleset), action)


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    for name in ("open", "closed", "scratch"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("text")
    return tmp_path


VERSIONS = range(1, min(landlock.abi(), 7) + 1)


@pytest.fixture(params=VERSIONS, ids=lambda version: f"version{version}")
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def ruleset(folders: Path, version: int) -> Iterator[int]:
    readable, writable = [str(folders / "open")], [str(folders / "scratch")]
    built = landlock.build(readable, writable, ["/dev/null"], version)
    yield built
    os.close(built)


def test_only_what_is_listed_can_be_read(folders: Path, ruleset: int) -> None:
    assert inside(ruleset, (folders / "open" / "file").read_text) is None
    assert inside(ruleset, lambda: os.listdir(folders / "open")) is None  # noqa: PTH208
    assert "Permission denied" in (inside(ruleset, (folders / "closed" / "file").read_text) or "")
    assert "Permission denied" in (inside(ruleset, lambda: os.listdir(folders)) or "")  # noqa: PTH208


def test_only_the_scratch_folder_can_be_written(folders: Path, ruleset: int) -> None:
    assert inside(ruleset, lambda: (folders / "scratch" / "new").write_text("x")) is None
    assert "denied" in (inside(ruleset, lambda: (folders / "open" / "new").write_text("x")) or "")
    assert "denied" in (inside(ruleset, lambda: (folders / "open" / "file").write_text("x")) or "")


def test_the_null_device_takes_all(ruleset: int) -> None:
    assert inside(ruleset, lambda: Path("/dev/null").write_text("x")) is None


def test_no_port_can_be_reached(ruleset: int, version: int) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = server.getsockname()

        def connect() -> None:
            with socket.socket() as client:
                client.connect(address)

        assert confine.lacking(connect) is None
        said = inside(ruleset, connect)
    assert said is None if version < 4 else "Permission denied" in (said or "")


def test_a_path_that_does_not_exist_is_left_out(folders: Path) -> None:
    readable = [str(folders / "absent"), str(folders / "open")]
    ruleset = landlock.build(readable, [], [], landlock.abi())

    assert inside(ruleset, (folders / "open" / "file").read_text) is None
    os.close(ruleset)


def test_an_old_kernel_degrades_the_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(landlock, "abi", lambda: 3)
    plan = confine.Plan()

    confine.survey(plan, ["/dev/zero"], ["/dev/null"], 60_000)

    notes = {name: (state, says) for name, state, says in plan.notes}
    assert notes["landlock"][0] == "degraded"
    assert notes["landlock"][1].startswith("version 3 of 6")
    assert plan.landlock is not None
    os.close(plan.landlock)


def test_a_kernel_without_it_misses_the_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent() -> int:
        raise kernel.Unavailable("landlock_create_ruleset: Function not implemented")

    monkeypatch.setattr(landlock, "abi", absent)
    plan = confine.Plan()

    confine.survey(plan, [], ["/dev/null"], 60_000)

    states = {name: state for name, state, _ in plan.notes}
    assert states["landlock"] == "missing"
    assert plan.landlock is None
