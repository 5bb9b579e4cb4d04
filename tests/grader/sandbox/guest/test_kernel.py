import platform

import pytest

from grader.sandbox.guest import kernel


def test_a_call_by_name_reaches_the_kernel() -> None:
    get_dumpable = 3

    assert kernel.call("prctl", get_dumpable) in (0, 1, 2)


def test_a_refused_call_says_which_and_why() -> None:
    with pytest.raises(kernel.Unavailable, match=r"^prctl: Invalid argument$"):
        kernel.call("prctl", 0x7FFFFFFF)


def test_a_call_that_the_machine_lacks_is_unavailable() -> None:
    assert kernel.number("fork", on="aarch64") is None
    assert kernel.number("clone", on="aarch64") == 220
    assert kernel.number("clone", on="x86_64") == 56


def test_an_unknown_machine_is_unavailable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "riscv64")

    with pytest.raises(kernel.Unavailable, match="riscv64"):
        kernel.machine()


@pytest.mark.parametrize("machine", list(kernel.MACHINES))
def test_no_two_calls_share_a_number(machine: str) -> None:
    numbers = [kernel.number(name, machine) for name in kernel.NUMBERS]
    known = [number for number in numbers if number is not None]

    assert len(known) == len(set(known))
    assert all(0 <= number < kernel.FIRST_UNKNOWN for number in known)


def test_calls_from_the_shared_table_have_one_number_everywhere() -> None:
    # Since 424 the kernel numbers new calls alike on all machines.
    for name, (x86, arm) in kernel.NUMBERS.items():
        if x86 is not None and x86 >= 424:
            assert x86 == arm, name


def test_a_mount_that_is_refused_names_its_target() -> None:
    with pytest.raises(kernel.Unavailable, match="/nowhere/at/all"):
        kernel.mount("none", "/nowhere/at/all", "tmpfs")
