"""What the environment says about how this machine grades. Nothing else of the command reads it.

A plain dataclass: importing pydantic costs more time than grading a small notebook.
"""

import math
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from command.errors import Unusable

PREFIX = "GRADER_"


def _described(text: str, read: Callable[[str], Any]) -> Any:
    return field(default=None, metadata={"description": text, "read": read})


def _count(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and value > 0):
        raise ValueError
    return value


@dataclass(frozen=True)
class Settings:
    """Each field is read from `GRADER_` and its name in capitals; an option always wins over it."""

    database: str | None = _described("URL of the database that keeps all gradings", str)
    jobs: int | None = _described("how many submissions are graded at once, a whole number", _count)
    time_limit_seconds: float | None = _described(
        "time that one submission may take, a number of seconds", _seconds
    )
    memory_limit_mib: int | None = _described(
        "memory that one submission may use, a whole number of MiB", _count
    )
    data_dir: Path | None = _described(  # noqa: RUF009 - a field, as those above
        "the folder that holds the course's data sets", Path
    )


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of this machine. Raises Unusable for a value that cannot be meant."""
    given = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for each in fields(Settings):
        name = PREFIX + each.name.upper()
        text = given.get(name, "").strip()
        if text:
            try:
                values[each.name] = each.metadata["read"](text)
            except ValueError as error:
                wanted = each.metadata["description"]
                raise Unusable(f"{name} is {text!r}; set it to: {wanted}") from error
    return Settings(**values)


def usable_cores() -> int:
    """How many cores this process may run on."""
    return len(os.sched_getaffinity(0))


def leave_a_core() -> None:
    """Let what this process computes leave a core to what sandboxes compute beside it.

    NumPy and PyTorch read it when they are imported. Threads that wait for one whose core is taken cost
    more than they bring. What the environment says already holds.
    """
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ.setdefault(f"{library}_NUM_THREADS", str(max(1, usable_cores() - 1)))


def default_database(environment: Mapping[str, str] | None = None) -> str:
    """The store of this user: `grader/grader.db` in the XDG data folder, else in the current folder.

    Not simply in the current folder: the same command from another folder must find what is graded.
    """
    given = os.environ if environment is None else environment
    folder = _data_folder(given)
    if folder is not None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            folder = None
    if folder is None or not os.access(folder, os.W_OK | os.X_OK):
        folder = Path.cwd()
    return f"sqlite:///{folder / 'grader.db'}"


def default_data_dir(environment: Mapping[str, str] | None = None) -> Path:
    """Where this user's data sets are: `grader/datasets` in the XDG data folder, else here."""
    folder = _data_folder(os.environ if environment is None else environment)
    return (folder or Path()) / "datasets"


def _data_folder(environment: Mapping[str, str]) -> Path | None:
    # The XDG rules: a relative path is to be ignored.
    base = environment.get("XDG_DATA_HOME", "")
    if base.startswith("/"):
        return Path(base, "grader")
    home = environment.get("HOME", "")
    return Path(home, ".local", "share", "grader") if home.startswith("/") else None
