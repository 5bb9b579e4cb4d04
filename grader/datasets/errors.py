"""What can be wrong with a data set, one sentence each.

GraderError
└── DatasetError
    ├── Malformed — a file is there, but does not hold what the data set's format promises
    ├── Missing — a file or a whole data set is not where it was looked for
    ├── NotInstalled — a library that reads this format is not installed
    └── TooSmall — there are fewer images than were asked for
"""

from grader.errors import GraderError


class DatasetError(GraderError):
    """Base of every sentence about data sets."""


class Malformed(DatasetError):
    """A file does not hold what its format promises; it starts with the file's name."""


class Missing(DatasetError):
    """A file is not there."""


class NotInstalled(DatasetError):
    """An optional library is needed."""


class TooSmall(DatasetError):
    """More was asked for than there is."""
