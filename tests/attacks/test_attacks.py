"""Every hostile student ends as it should, costs nobody else anything, and finds nothing."""

import os
import platform
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import grader
from grader.sandbox import GuestEnded, Limits, Sandbox, errand
from grader.sandbox.guest import kernel, seccomp, wire

STUDENTS = Path(__file__).parent / "students"
ROOT = Path(grader.__file__).resolve().parent.parent
LIMITS = Limits(cpu_seconds=30, memory_mib=512, result_mib=16, file_mib=4)
PATIENCE, SHORT_PATIENCE = 30.0, 0.5


@dataclass(frozen=True)
class Due:
    """How an attack must come out: one of the ways its guest may end, error it may raise, or value."""

    ends: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    value: Any = None
    given: tuple[errand.Constant, ...] = field(default=())


def ends(*causes: str) -> Due:
    return Due(ends=causes)


def raises(*errors: str) -> Due:
    return Due(errors=errors)


def denied_numbers() -> tuple[int, ...]:
    names = [name for names in seccomp.DENIED.values() for name in names.split()]
    numbers = [kernel.number(name) for name in (*names, "clone3")]
    return tuple(number for number in numbers if number is not None)


OURS = (
    str(ROOT),
    str(ROOT / "grader" / "sandbox" / "host.py"),
    str(ROOT / "grader" / "sandbox" / "guest" / "zygote.py"),
    str(ROOT / "reference" / "__init__.py"),
    str(STUDENTS),
    str(STUDENTS / "reads_files.py"),
    str(Path.home()),
    "/etc/passwd",
    "/",
    "/home",
    "/proc",
    "/proc/1/environ",
    "/proc/self/environ",
    "/proc/self/maps",
    f"/proc/{os.getpid()}/environ",
    f"/proc/{os.getpid()}/mem",
)

DUE = {
    "exits_at_once": ends("exited"),
    "exits_politely": raises("SystemExit"),
    "exits_at_import": raises("SystemExit"),
    "exits_hard_at_import": ends("exited"),
    "acts_at_exit": Due(value=1),
    "forks": raises("PermissionError"),
    "multiprocesses": raises("PermissionError", "OSError", "FileNotFoundError"),
    "runs_programs": raises("PermissionError"),
    "starts_threads": Due(errors=("RuntimeError", "MemoryError"), ends=("out_of_memory",)),
    "takes_memory": Due(errors=("MemoryError", "_ArrayMemoryError"), ends=("out_of_memory",)),
    "takes_memory_unseen": ends("out_of_memory"),
    "fills_the_disk": raises("OSError", "FileNotFoundError", "PermissionError"),
    "prints_without_end": Due(value=1),
    "loops_deaf": ends("timed_out"),
    "sleeps": ends("timed_out"),
    "crashes": ends("killed"),
    "aborts": ends("killed"),
    "recurses": raises("RecursionError"),
    "closes_the_wire": ends("exited"),
    "forges_a_length": ends("too_much_output"),
    "forges_a_header_length": ends("too_much_output"),
    "forges_nested_json": ends("malformed"),
    "forges_no_json": ends("malformed"),
    "forges_a_list": ends("malformed"),
    "forges_a_dtype": ends("malformed"),
    "forges_a_negative_shape": ends("malformed"),
    "forges_a_huge_shape": ends("malformed"),
    "forges_a_short_body": ends("malformed"),
    "forges_half_a_frame": ends("timed_out"),
    "forges_a_reply": Due(value=np.array([42.0])),
    "never_reads": Due(value=1),
    "returns_too_much": ends("too_much_output"),
    "returns_a_lying_subclass": Due(
        value=np.arange(3.0), ends=("exited", "malformed"), errors=("Error",)
    ),
    "returns_a_lying_object": Due(value=wire.Unsendable("Liar")),
    "returns_objects": Due(value=wire.Unsendable("array of dtype object")),
    "returns_structs": Due(
        value=wire.Unsendable("array of dtype [('a', '<i4'), ('b', 'O')]")
    ),
    "returns_a_lying_mapping": Due(ends=("exited",), errors=("SystemExit",)),
    "patches_numpy": Due(value=np.array([13.0])),
    "patches_conversions": Due(ends=("exited", "malformed"), errors=("Error",)),
    "patches_the_wire": ends("malformed"),
    "searches_memory": Due(value=[]),
    "imports_answers": Due(value=[], given=(str(ROOT),)),
    "reads_files": Due(value=[], given=OURS),
    "calls_out": Due(value=[]),
    "makes_dangerous_calls": Due(value=[], given=denied_numbers()),
    "raises_limits": Due(value=[]),
    "signals_by_ownership": Due(value=[], given=(os.getpid(),)),
}  # fmt: skip
ON_X86 = {"calls_as_32_bit": ends("killed"), "calls_as_x32": ends("killed")}
if platform.machine() == "x86_64":
    DUE |= ON_X86
JUDGED_ELSEWHERE = {"reads_its_surroundings", "floods_replies"}


@pytest.fixture(scope="session", params=[True, False], ids=["namespaces", "bare"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """With namespaces where the machine has them, and without."""
    with Sandbox(namespaces=request.param) as started:
        started.wait_ready()
        yield started


def attack(
    sandbox: Sandbox, name: str, *given: errand.Constant, wall_seconds: float = PATIENCE
) -> errand.Outcome:
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, (STUDENTS / f"{name}.py").read_bytes())
        return errand.run(guest, "attack", *given, wall_seconds=wall_seconds)


def same(value: Any, due: Any) -> bool:
    if isinstance(due, np.ndarray):
        return type(value) is np.ndarray and bool(np.array_equal(value, due))
    return type(value) is type(due) and bool(value == due)


def assert_works(sandbox: Sandbox) -> None:
    """The next student notices nothing."""
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, b"def double(x):\n    return 2 * x\n")
        x = np.arange(5.0)
        outcome = errand.run(guest, "double", inputs={"x": x})
        np.testing.assert_array_equal(outcome.value, 2 * x)


@pytest.mark.parametrize("name", sorted(DUE))
def test_an_attack_ends_as_is_due(sandbox: Sandbox, name: str) -> None:
    due = DUE[name]
    wall_seconds = SHORT_PATIENCE if "timed_out" in due.ends else PATIENCE
    ended: GuestEnded | None = None
    outcome = errand.Outcome(None)
    try:
        outcome = attack(sandbox, name, *due.given, wall_seconds=wall_seconds)
    except GuestEnded as end:
        ended = end

    if ended is not None:
        assert ended.cause in due.ends, str(ended)
    elif outcome.error is not None:
        assert any(error in outcome.error for error in due.errors), outcome.error
    else:
        assert due.value is not None, outcome.value
        assert same(outcome.value, due.value), outcome.value
    assert_works(sandbox)


def test_every_student_is_judged() -> None:
    written = {path.stem for path in STUDENTS.glob("*.py")}

    assert written == set(DUE) | JUDGED_ELSEWHERE | set(ON_X86)


def test_a_guest_knows_nothing_of_where_it_is(sandbox: Sandbox) -> None:
    environment, arguments, folder = attack(sandbox, "reads_its_surroundings").value

    assert set(environment) <= {
        *("HOME", "LANG", "TZ", "TMPDIR", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"),
        *("MKL_NUM_THREADS", "MALLOC_ARENA_MAX", "PYTORCH_NVML_BASED_CUDA_CHECK", "PYTHONHASHSEED"),
        "CUBLAS_WORKSPACE_CONFIG",
    }
    assert arguments == ["student"]
    assert folder in ("/", "/temporary/guest")


def test_a_flood_of_prints_is_kept_to_its_end(sandbox: Sandbox) -> None:
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, (STUDENTS / "prints_without_end.py").read_bytes())
        errand.run(guest, "attack")
    assert len(guest.log) <= LIMITS.log_kib << 10
    assert guest.log.endswith(b"the last words")


def test_a_guest_that_never_reads_does_not_hold_the_host(sandbox: Sandbox) -> None:
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, (STUDENTS / "never_reads.py").read_bytes())
        assert errand.run(guest, "attack").value == 1
        inputs = {"x": np.zeros(4 << 20)}
        with pytest.raises(GuestEnded) as ended:
            errand.run(guest, "attack", inputs=inputs, wall_seconds=SHORT_PATIENCE)
    assert ended.value.cause == "timed_out"
    assert_works(sandbox)


def test_a_guest_that_floods_and_never_reads_does_not_hold_the_host(sandbox: Sandbox) -> None:
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, (STUDENTS / "floods_replies.py").read_bytes())
        assert errand.run(guest, "attack").value == 1
        inputs = {"x": np.zeros(4 << 20)}
        with pytest.raises(GuestEnded) as ended:
            errand.run(guest, "attack", inputs=inputs, wall_seconds=SHORT_PATIENCE)
    assert ended.value.cause == "timed_out"


def test_a_forger_is_gone_afterwards(sandbox: Sandbox) -> None:
    with sandbox.spawn(LIMITS) as guest:
        errand.load(guest, (STUDENTS / "forges_a_reply.py").read_bytes())
        assert errand.run(guest, "attack").value == np.array([42.0])
        with pytest.raises(GuestEnded) as ended:
            errand.run(guest, "attack")
    assert ended.value.cause == "exited"


def test_a_patched_numpy_stays_in_its_guest(sandbox: Sandbox) -> None:
    attack(sandbox, "patches_numpy")

    assert not np.allclose(1, 2)
    with sandbox.spawn(LIMITS) as guest:
        errand.load(
            guest, b"import numpy as np\ndef close():\n    return bool(np.allclose(1, 2))\n"
        )
        assert errand.run(guest, "close").value is False
