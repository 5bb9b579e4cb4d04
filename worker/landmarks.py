"""How the intake tells one assignment of the course from the others."""

from grader.assignments import LANDMARKS
from grader.assignments.assignment import Assignment
from submissions.landmarks import Landmarks


def landmarks_of(assignment: Assignment) -> Landmarks:
    """How the intake recognises this assignment, and the others of the course."""
    everything = (*assignment.notebooks, *assignment.modules)
    return Landmarks(
        assignment=assignment.name,
        notebooks=assignment.notebooks,
        modules=assignment.modules,
        distinct=LANDMARKS.get(assignment.name) or assignment.landmarks or everything,
        # What another course hands in looks like no assignment of this one.
        others={name: paths for name, paths in LANDMARKS.items() if name != assignment.name}
        if assignment.name in LANDMARKS
        else {},
    )
