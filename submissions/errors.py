"""The errors of this package.

SubmissionError
├── Unacceptable          an upload that cannot be graded; the sentence is for the student
│   └── TooLarge          one file is larger than its limit; the rest may still be graded
├── DatabaseUnavailable   the store cannot be opened; the sentence is for staff
└── RowIsImmutable        code tried to edit a row that records history; a fault of ours
"""


class SubmissionError(Exception):
    """Base of everything this package raises on purpose."""


class Unacceptable(SubmissionError):
    """An upload cannot be graded; the text is one sentence that says what to do."""


class TooLarge(Unacceptable):
    """A single file holds more bytes than its limit."""


class DatabaseUnavailable(SubmissionError):
    """The store cannot be opened; the text never contains a password."""


class RowIsImmutable(SubmissionError):
    """A submission, a grading or an item's result was changed or deleted after it was written."""
