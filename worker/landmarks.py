"""How the intake tells one assignment of the course from the others."""

from grader.assignments import LANDMARKS
from grader.assignments.assignment import Assignment
from submissions.landmarks import Landmarks


def landmarks_of(assignment: Assignment) -> Landmarks:
    """How the intake recognises this assignment, and the others of the course."""
    return Landmarks(
        assignment=assignment.name,
        notebooks=assignment.notebooks,
        modules=assignment.modules,
        distinct=LANDMARKS[assignment.name],
        others={name: paths for name, paths in LANDMARKS.items() if name != assignment.name},
    )
