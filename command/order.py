"""What was asked for with `grader run`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from command.outputs import Outputs


@dataclass(frozen=True)
class Order:
    """Every option of a run, with the settings of this machine filled in; None is the default."""

    assignment: str
    paths: tuple[Path, ...]
    outputs: Outputs
    jobs: int
    only: tuple[str, ...] = ()
    seed: int | None = None
    database: str | None = None
    regrade: bool = False
    sandbox: Literal["auto", "none"] = "auto"
    time_limit_seconds: float | None = None
    memory_limit_mib: int | None = None
    whole: Literal["auto", "one", "class"] = "auto"
