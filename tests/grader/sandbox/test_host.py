"""The zygote's life: many guests, many threads, deaths, and no traces."""

import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil  # type: ignore[import-untyped]
import pytest

import grader
from grader.sandbox import GuestEnded, Limits, Sandbox, SandboxUnavailable, Standing, errand
from grader.sandbox.host import Slots

ROOT = Path(grader.__file__).resolve().parent.parent
DOUBLE = b"def double(x):\n    return 2 * x\n"


def doubled(sandbox: Sandbox, number: float) -> float:
    with sandbox.spawn(Limits()) as guest:
        errand.load(guest, DOUBLE)
        return float(errand.run(guest, "double", inputs={"x": np.array(number)}).value)


def zygote_of(sandbox: Sandbox) -> psutil.Process:
    return psutil.Process(sandbox._control._process.pid)


def descendants() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def test_slots_are_shared_out_from_the_smallest() -> None:
    slots = Slots()

    assert [slots.take(), slots.take(), slots.take()] == [0, 1, 2]
    slots.give_back(1)
    assert [slots.take(), slots.take()] == [1, 3]


def test_two_hundred_guests_leave_nothing_behind(sandbox: Sandbox) -> None:
    doubled(sandbox, 0)
    zygote = zygote_of(sandbox)
    warm = [zygote, *zygote.children(recursive=True)][-1]
    host = psutil.Process()
    before = host.num_fds(), warm.num_fds(), len(descendants())
    resident = warm.memory_info().rss
    for number in range(200):
        assert doubled(sandbox, number) == 2 * number

    assert (host.num_fds(), warm.num_fds(), len(descendants())) == before
    assert warm.memory_info().rss < resident + (4 << 20)


def test_threads_share_a_sandbox(sandbox: Sandbox) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: doubled(sandbox, n), range(40)))

    assert found == [2 * n for n in range(40)]


def test_guests_live_side_by_side(sandbox: Sandbox) -> None:
    guests = [sandbox.spawn(Limits()) for _ in range(5)]
    for guest in guests:
        errand.load(guest, DOUBLE)
    values = [
        errand.run(guest, "double", inputs={"x": np.array(at)}).value
        for at, guest in reversed(list(enumerate(guests)))
    ]
    for guest in guests:
        guest.close()

    assert values == [8, 6, 4, 2, 0]


def test_closing_ends_every_process() -> None:
    before = descendants()
    sandbox = Sandbox()
    sandbox.wait_ready()
    guest = sandbox.spawn(Limits())
    assert descendants() > before
    sandbox.close()
    guest.close()

    assert descendants() == before
    with pytest.raises(SandboxUnavailable, match="closed"):
        sandbox.spawn(Limits())


def test_a_zygote_that_died_is_started_once_more() -> None:
    with Sandbox() as sandbox:
        sandbox.wait_ready()
        for expected in (True, False):
            zygote_of(sandbox).kill()
            zygote_of(sandbox).wait()
            if expected:
                with pytest.raises(SandboxUnavailable, match="ended with status"):
                    doubled(sandbox, 1)
                assert doubled(sandbox, 2) == 4
            else:
                with pytest.raises(SandboxUnavailable):
                    doubled(sandbox, 3)
                with pytest.raises(SandboxUnavailable, match="died twice"):
                    doubled(sandbox, 4)


def test_a_guest_dies_with_its_zygote() -> None:
    with Sandbox() as sandbox:
        guest = sandbox.spawn(Limits())
        errand.load(guest, b"import time\ndef rest(): time.sleep(60)")
        zygote_of(sandbox).kill()
        with pytest.raises(GuestEnded, match=r"gone with the sandbox|SIGKILL|memory"):
            errand.run(guest, "rest")
        guest.close()


def test_ctrl_c_is_for_the_host_alone(sandbox: Sandbox) -> None:
    zygote = zygote_of(sandbox)

    assert os.getsid(zygote.pid) != os.getsid(0)
    for process in (zygote, *zygote.children(recursive=True)):
        process.send_signal(signal.SIGINT)
    assert doubled(sandbox, 21) == 42


def test_nothing_outlives_a_host_that_is_killed() -> None:
    host = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent("""
            from grader.sandbox import Limits, Sandbox
            sandbox = Sandbox()
            guest = sandbox.spawn(Limits())
            print("ready", flush=True)
            input()
        """)],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with host:
        assert host.stdout is not None
        assert host.stdout.readline() == b"ready\n"
        left = psutil.Process(host.pid).children(recursive=True)
        assert len(left) >= 2
        host.kill()
    _, alive = psutil.wait_procs(left, timeout=10)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]


def test_without_confinement_the_limits_hold() -> None:
    with Sandbox(confined=False) as sandbox:
        standing = sandbox.wait_ready()
        assert standing.layers == ()
        assert not standing.confined
        with sandbox.spawn(Limits(memory_mib=256)) as guest:
            errand.load(guest, b"import numpy as np\ndef take(): return np.ones(1 << 29)")
            assert "MemoryError" in (errand.run(guest, "take").error or "")


def test_a_machine_that_lacks_a_layer_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = property(lambda standing: ("seccomp (Invalid argument)",))
    monkeypatch.setattr(Standing, "lacks", lacking)
    with Sandbox() as sandbox:
        with pytest.raises(SandboxUnavailable, match=r"missing: seccomp \(Invalid argument\)"):
            sandbox.spawn(Limits())
        assert not sandbox.examine().sound


def test_libraries_that_cannot_be_imported_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.sandbox import places

    monkeypatch.setitem(places.IMPORTS, "numpy", ("no_such_library",))
    places.of_profile.cache_clear()
    try:
        with Sandbox() as sandbox, pytest.raises(SandboxUnavailable, match="no_such_library"):
            sandbox.wait_ready()
    finally:
        places.of_profile.cache_clear()
