"""A backward pass that is wrong because the forward pass before it is: it is that one's own gradient.

Measured by running the student's forward pass at two neighbouring points, see `grader.checks.gradient`.
"""

from collections.abc import Sequence

from grader.checks.evidence.reading import listed
from reporting.clue import Clue

NAME = "consequence"
ASK = "What does the item of the forward pass say?"


def clue(names: Sequence[str]) -> Clue:
    """The clue about these wrong results."""
    verb = "are" if len(names) > 1 else "is"
    says = f"{listed(names)} {verb} the gradient of your own forward pass, which is where the mistake is"
    return Clue(NAME, tuple(names), says, ASK)
