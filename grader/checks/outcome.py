"""What a script run in the guest came to, as the checks see it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

from grader.checks.script import Script
from grader.checks.verdict import Crashed, OutOfMemory, TimedOut, Unanswered

C = TypeVar("C")
R = TypeVar("R")


@dataclass(frozen=True)
class Ran(Generic[R]):
    """The script ran to its end. `changed` names inputs that the student's code wrote into."""

    values: R
    changed: tuple[str, ...] = ()


class Ended(Exception):
    """The script did not run to its end, and it was the student's code that stopped it."""

    def __init__(self, verdict: Crashed | TimedOut | OutOfMemory | Unanswered) -> None:
        super().__init__(str(verdict))
        self.verdict = verdict


class Run(Protocol):
    """Runs a script on a case in the guest. Raises `Ended`."""

    def __call__(self, script: Script[C, R], case: C) -> Ran[R]: ...  # noqa: D102


@dataclass(frozen=True)
class Dialect:
    """Another way of writing what an item asks for; it costs an earlier item, and not this one too.

    `speaking` makes of a run one whose cases and results are put into it; `says` is the remark.
    """

    says: str
    speaking: Callable[[Run], Run]


@dataclass(frozen=True)
class Given:
    """Functions of an earlier part that the trusted process answers for, as if they were right.

    The student's code calls them under their own names; arguments come out, results go in, and whatever
    else they return, such as a cache, stays here. A method, ``Class.forward``, is given under its
    qualified name, and gets its module's parameters and numbers as a dictionary in place of ``self``.
    """

    module: str
    functions: Mapping[str, Callable[..., Any]] = field(default_factory=dict)


@dataclass(frozen=True)
class Differentiable:
    """A given function whose gradient is asked for too, as torch does for a loss.

    `pull` takes the upstream gradient and then the same arguments; it returns the gradient of each
    argument that is an array of floats, in their order.
    """

    function: Callable[..., Any]
    pull: Callable[..., Sequence[Any]]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The value."""
        return self.function(*args, **kwargs)
