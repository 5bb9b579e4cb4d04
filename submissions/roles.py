"""What somebody is in a course."""

from enum import StrEnum


class Role(StrEnum):
    """A role; whoever stands higher may all that lower ones may."""

    STUDENT = "student"
    TA = "ta"
    INSTRUCTOR = "instructor"

    @property
    def rank(self) -> int:
        """The place in the order: 0 for a student."""
        return list(Role).index(self)

    def covers(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        return self.rank >= other.rank
