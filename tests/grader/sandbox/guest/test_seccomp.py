"""The filter is run here by a small interpreter, for both machines, and once by the kernel."""

import os
import struct

import pytest

from grader.sandbox.guest import confine, kernel, privileges, seccomp

ALLOW, KILL, EPERM, ENOSYS = 0x7FFF0000, 0x80000000, 0x50001, 0x50026
PID = 4242
MACHINES = list(kernel.MACHINES)


def answer(
    machine: str, name_or_number: str | int, *arguments: int, arch: int = 0, gpu: bool = False
) -> int:
    """What the kernel would answer: the filter's instructions, one after the other."""
    number = name_or_number
    if isinstance(name_or_number, str):
        found = kernel.number(name_or_number, machine)
        assert found is not None
        number = found
    padded = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    seen = struct.pack("IIQ6Q", number, arch or seccomp.ARCHITECTURES[machine], 0, *padded)
    program = seccomp.for_process(seccomp.program(machine, gpu=gpu), PID)
    value, at = 0, 0
    while True:
        code, then, otherwise, k = struct.unpack_from("HBBI", program, 8 * at)
        at += 1
        match code:
            case 0x06:
                return int(k)
            case 0x20:
                (value,) = struct.unpack_from("I", seen, k)
            case 0x15:
                at += then if value == k else otherwise
            case 0x35:
                at += then if value >= k else otherwise
            case 0x45:
                at += then if value & k else otherwise
            case _:
                raise AssertionError(f"instruction {code:#x}")


@pytest.mark.parametrize("machine", MACHINES)
def test_every_listed_call_is_refused(machine: str) -> None:
    for names in seccomp.DENIED.values():
        for name in names.split():
            if kernel.number(name, machine) is not None:
                assert answer(machine, name) == EPERM, name


@pytest.mark.parametrize(
    ("machine", "numbers"),
    # read, write, mmap, brk, futex, openat, exit_group
    [("x86_64", (0, 1, 9, 12, 202, 257, 231)), ("aarch64", (63, 64, 222, 214, 98, 56, 94))],
)
def test_what_numpy_needs_is_allowed(machine: str, numbers: tuple[int, ...]) -> None:
    assert {answer(machine, number) for number in numbers} == {ALLOW}


@pytest.mark.parametrize("machine", MACHINES)
def test_threads_are_allowed_and_processes_are_not(machine: str) -> None:
    thread, vm, new_user = 0x10000, 0x100, 0x10000000

    assert answer(machine, "clone", thread | vm) == ALLOW
    assert answer(machine, "clone", vm | 17) == EPERM
    assert answer(machine, "clone", thread | new_user) == EPERM
    assert answer(machine, "clone3") == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_only_the_own_process_may_be_signalled_and_limited(machine: str) -> None:
    assert answer(machine, "tgkill", PID) == ALLOW
    assert answer(machine, "tgkill", PID + 1) == EPERM
    assert answer(machine, "prlimit64", 0) == ALLOW
    assert answer(machine, "prlimit64", PID + 1) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_the_driver_of_a_gpu_may_have_a_socket_that_reaches_nobody(machine: str) -> None:
    unix, internet = 1, 2

    assert answer(machine, "socket", unix) == EPERM
    assert answer(machine, "socket", unix, gpu=True) == ALLOW
    assert answer(machine, "socket", internet, gpu=True) == EPERM
    for name in ("bind", "listen"):
        assert answer(machine, name, gpu=True) == ALLOW
    for name in ("connect", "accept", "accept4", "memfd_create"):
        assert answer(machine, name, gpu=True) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_only_unix_sockets_come_in_pairs(machine: str) -> None:
    assert answer(machine, "socketpair", 1) == ALLOW
    assert answer(machine, "socketpair", 2) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_some_prctl_ioctl_and_fcntl_are_refused(machine: str) -> None:
    get_flags, set_owner, set_signal = 3, 8, 10

    assert answer(machine, "fcntl", 0, get_flags) == ALLOW
    assert answer(machine, "fcntl", 0, set_owner, 1) == EPERM
    assert answer(machine, "fcntl", 0, set_signal, 9) == EPERM
    set_name, set_dumpable, type_into_terminal, window_size = 15, 4, 0x5412, 0x5413

    assert answer(machine, "prctl", set_name) == ALLOW
    assert answer(machine, "prctl", set_dumpable) == EPERM
    assert answer(machine, "ioctl", 0, window_size) == ALLOW
    assert answer(machine, "ioctl", 0, type_into_terminal) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_calls_newer_than_the_table_are_unknown(machine: str) -> None:
    assert answer(machine, kernel.FIRST_UNKNOWN) == ENOSYS
    assert answer(machine, kernel.FIRST_UNKNOWN - 1) == ALLOW


@pytest.mark.parametrize("machine", MACHINES)
def test_a_foreign_instruction_set_is_killed(machine: str) -> None:
    i386 = 0x40000003

    assert answer(machine, 0, arch=i386) == KILL


def test_x32_is_killed() -> None:
    assert answer("x86_64", seccomp.X32_BIT | 39) == KILL


def test_the_kernel_takes_the_filter() -> None:
    def fork() -> None:
        program = seccomp.for_process(seccomp.program(kernel.machine()), os.getpid())
        seccomp.enter(program)
        os.fork()

    assert confine.lacking(privileges.forbid_new, fork) == "[Errno 1] Operation not permitted"
