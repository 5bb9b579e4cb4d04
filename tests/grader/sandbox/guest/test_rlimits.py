import resource
from collections.abc import Callable

import numpy as np
import pytest

from grader.sandbox.guest import confine, rlimits

LIMITS = {"cpu_seconds": 5, "memory_mib": 1024, "file_mib": 1, "open_files": 32, "processes": 64}


def take_two_gib() -> None:
    try:
        np.ones(2 << 30, np.uint8)
    except MemoryError:
        raise OSError("no memory") from None


def open_many() -> None:
    files = [open("/dev/null", "rb") for _ in range(40)]  # noqa: PTH123, SIM115
    assert not files


def write_much() -> None:
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(bytes(2 << 20))
        file.flush()


@pytest.mark.parametrize(
    ("action", "sentence"),
    [
        (take_two_gib, "no memory"),
        (open_many, "Too many open files"),
        (write_much, "File too large"),
    ],
)
def test_a_limit_holds(action: Callable[[], None], sentence: str) -> None:
    said = confine.lacking(lambda: rlimits.apply(LIMITS, own_uid=False), action)

    assert sentence in (said or "")


def test_both_halves_of_a_limit_are_set() -> None:
    def look() -> None:
        rlimits.apply(LIMITS, own_uid=True)
        found = [
            resource.getrlimit(resource.RLIMIT_CPU) == (5, 6),
            resource.getrlimit(resource.RLIMIT_FSIZE) == (1 << 20, 1 << 20),
            resource.getrlimit(resource.RLIMIT_CORE) == (0, 0),
            resource.getrlimit(resource.RLIMIT_NPROC) == (64, 64),
        ]
        if not all(found):
            raise OSError(str(found))

    assert confine.lacking(look) is None


def test_a_limit_that_is_lower_already_stays() -> None:
    def look() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
        rlimits.apply(LIMITS, own_uid=False)
        if resource.getrlimit(resource.RLIMIT_NOFILE) != (16, 16):
            raise OSError("it was raised")

    assert confine.lacking(look) is None
