"""What was asked for with `grader run`."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from command.outputs import Outputs

if TYPE_CHECKING:
    from grader.run import Options
    from submissions.intake import Found


@dataclass(frozen=True)
class Order:
    """Every option of a run, with the settings of this machine filled in; None is the default."""

    assignment: str
    paths: tuple[Path, ...]
    outputs: Outputs
    jobs: int
    only: tuple[str, ...] = ()
    seed: int | None = None
    language: str = "en"
    database: str | None = None
    regrade: bool = False
    sandbox: Literal["auto", "none"] = "auto"
    time_limit_seconds: float | None = None
    memory_limit_mib: int | None = None
    whole: Literal["auto", "one", "class"] = "auto"
    data: tuple[Path, ...] = ()
    """Folders in which the course's data sets may be."""
    training_seconds: float | None = None
    """What each training of a student's may take; None leaves the trainings out."""
    device: Literal["auto", "cpu", "gpu"] = "auto"
    found: "tuple[Found, ...] | None" = None
    """What is graded, where that has been sorted out of `paths` already."""

    @property
    def options(self) -> "Options":
        """The grader's part of it."""
        from grader.run import Options  # noqa: PLC0415 - `grader --help` does without

        options = Options(
            seed=self.seed,
            only=self.only,
            sandbox=self.sandbox,
            data=tuple(str(folder) for folder in self.data),
            training_seconds=self.training_seconds,
            device=self.device,
        )
        if self.time_limit_seconds is not None:
            options = replace(options, time_limit_seconds=self.time_limit_seconds)
        if self.memory_limit_mib is not None:
            options = replace(options, memory_limit_mib=self.memory_limit_mib)
        return options
