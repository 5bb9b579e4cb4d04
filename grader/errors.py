"""Sentences for the person who runs the grader: each is printed as it stands, never with a traceback.

GraderError
├── UnknownAssignment — the assignment does not exist
├── AssignmentUnusable — another package offers it, and something is wrong with that
├── UnknownItem — an item named by ``--only`` does not exist
├── NotebookUnreadable — a file that says it is a notebook is not one (grader.notebook.read)
└── SubmissionRejected — there is nothing in the submission that could be graded
"""


class GraderError(Exception):
    """Base of every sentence meant for the user."""


class UnknownAssignment(GraderError):
    """There is no assignment of this name."""


class AssignmentUnusable(GraderError):
    """Another package offers this assignment, and it cannot be used; the text says why."""


class UnknownItem(GraderError):
    """There is no item of this name in the assignment."""


class SubmissionRejected(GraderError):
    """The submission cannot be graded; the text says why and what to do."""
