"""One guest's life: exchanges, limits, and the cause of every end."""

import os

import numpy as np
import pytest

from grader.sandbox import Guest, GuestEnded, Limits, Sandbox, errand

STUDENT = b"""
import os, signal, sys, time
import numpy as np
def same(x): return x
def shout():
    print("out loud"); sys.stderr.write("and wrong\\n"); return 1
def spin(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
    return 1
def take(mib): return int(np.ones(mib << 20, np.uint8).size)
def leave(status): os._exit(status)
def rest(seconds): time.sleep(seconds); return 1
"""


def guest_of(sandbox: Sandbox, **limits: int | float) -> Guest:
    guest = sandbox.spawn(Limits(**limits))  # type: ignore[arg-type]
    errand.load(guest, STUDENT)
    return guest


def cause(guest: Guest, function: str, *given: errand.Constant, wall: float = 10.0) -> str:
    with guest, pytest.raises(GuestEnded) as ended:
        errand.run(guest, function, *given, wall_seconds=wall)
    return ended.value.cause


@pytest.mark.parametrize("shape", [(), (0, 3), (1,), (5, 7), (1 << 20,)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.bool_, np.complex128])
def test_an_array_comes_back_as_it_went(
    sandbox: Sandbox, shape: tuple[int, ...], dtype: type[np.generic]
) -> None:
    x = np.random.default_rng(0).normal(size=shape) * 3
    sent = np.asarray(x).astype(dtype)
    with guest_of(sandbox) as guest:
        value = errand.run(guest, "same", inputs={"x": sent}).value

    assert value.dtype == dtype
    np.testing.assert_array_equal(value, sent)


def test_what_is_printed_is_kept(sandbox: Sandbox) -> None:
    with guest_of(sandbox) as guest:
        errand.run(guest, "shout")
    assert b"out loud" in guest.log
    assert b"and wrong" in guest.log


def test_the_wall_is_a_limit(sandbox: Sandbox) -> None:
    assert cause(guest_of(sandbox), "rest", 60, wall=0.1) == "timed_out"


def test_no_exchange_may_outlast_the_guests_own_limit(sandbox: Sandbox) -> None:
    assert cause(guest_of(sandbox, wall_seconds=0.1), "rest", 60, wall=60) == "timed_out"


def test_computing_is_a_limit_over_all_exchanges(sandbox: Sandbox) -> None:
    with guest_of(sandbox, cpu_seconds=1) as guest:
        assert errand.run(guest, "spin", 0.5).value == 1
        with pytest.raises(GuestEnded) as ended:
            errand.run(guest, "spin", 60)
    assert ended.value.cause == "timed_out"
    assert ended.value.detail == "it computed for 1 s"


def test_memory_is_a_limit(sandbox: Sandbox) -> None:
    with guest_of(sandbox, memory_mib=256) as guest:
        assert "MemoryError" in (errand.run(guest, "take", 300).error or "")
        assert errand.run(guest, "take", 100).value == 100 << 20


def test_a_reply_is_limited_before_it_is_kept(sandbox: Sandbox) -> None:
    with guest_of(sandbox, result_mib=1) as guest:
        fits, too_large = np.zeros(1 << 17), np.zeros((1 << 17) + 1)
        assert errand.run(guest, "same", inputs={"x": fits}).value.size == 1 << 17
        with pytest.raises(GuestEnded) as ended:
            errand.run(guest, "same", inputs={"x": too_large})
    assert ended.value.cause == "too_much_output"


def test_leaving_is_told_with_its_status(sandbox: Sandbox) -> None:
    with guest_of(sandbox) as guest, pytest.raises(GuestEnded, match="exited: exit status 3"):
        errand.run(guest, "leave", 3)


def test_a_crash_is_told_with_its_signal(sandbox: Sandbox) -> None:
    student = b"import ctypes\ndef crash(): ctypes.string_at(0)"
    with sandbox.spawn(Limits()) as guest:
        errand.load(guest, student)
        with pytest.raises(GuestEnded, match="killed: SIGSEGV"):
            errand.run(guest, "crash")


def test_a_guest_that_ended_stays_ended(sandbox: Sandbox) -> None:
    with guest_of(sandbox) as guest:
        for _ in range(2):
            with pytest.raises(GuestEnded, match="exit status 7"):
                errand.run(guest, "leave", 7)


def test_a_closed_guest_answers_no_more(sandbox: Sandbox) -> None:
    guest = guest_of(sandbox)
    guest.close()
    guest.close()

    with pytest.raises(GuestEnded, match="it was closed"):
        errand.run(guest, "shout")


def test_what_was_used_is_known_at_the_end(sandbox: Sandbox) -> None:
    with guest_of(sandbox) as guest:
        errand.run(guest, "spin", 0.2)
        errand.run(guest, "take", 100)
    usage = guest.usage
    assert usage is not None
    assert usage.cpu_seconds >= 0.2
    assert usage.memory_mib >= 100


def test_every_guest_starts_alike(sandbox: Sandbox) -> None:
    student = b"import numpy as np\ndef draw(): return np.random.normal(size=3)"
    drawn = []
    for _ in range(2):
        with sandbox.spawn(Limits()) as guest:
            errand.load(guest, student)
            drawn.append(errand.run(guest, "draw").value)

    np.testing.assert_array_equal(drawn[0], drawn[1])


def test_a_set_of_names_is_walked_alike_by_every_zygote(sandbox: Sandbox) -> None:
    student = b"def walk(): return list({'batchnorm', 'conv', 'dropout', 'affine', 'relu'})"
    walked = []
    with Sandbox() as another:
        for chosen in (sandbox, another):
            with chosen.spawn(Limits()) as guest:
                errand.load(guest, student)
                walked.append(errand.run(guest, "walk").value)

    assert walked[0] == walked[1]


def test_closing_gives_every_descriptor_back(sandbox: Sandbox) -> None:
    guest_of(sandbox).close()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for function in ("leave", "rest"):
        cause(guest_of(sandbox), function, 60, wall=0.1)
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208
