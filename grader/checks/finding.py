"""What one probe of an item found, before it becomes a verdict."""

from dataclasses import dataclass, field, replace
from typing import Self

from reporting.clue import NOTHING_SHOWN, Diagnosis, Exhibit


@dataclass(frozen=True)
class Finding:
    """Facts by weight: `failed` ones fail the core, `slips` cost the contract, `notes` nothing.

    `share` is what a metric earns of the points.
    """

    failed: tuple[str, ...] = ()
    right: tuple[str, ...] = ()
    slips: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    diagnosis: Diagnosis | None = None
    blank: bool = False
    share: float = 1.0
    exhibit: Exhibit = field(default=NOTHING_SHOWN, compare=False)

    def better_than(self, other: Self) -> bool:
        """Whether this reading of the result is kinder than another one."""
        return (bool(self.failed), len(self.slips)) < (bool(other.failed), len(other.slips))

    def with_diagnosis(self, diagnosis: Diagnosis) -> "Finding":
        """The same, with the mistake's name."""
        return replace(self, diagnosis=diagnosis)
