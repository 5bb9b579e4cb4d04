from collections.abc import Callable

from click.testing import Result

from grader.assignments import NAMES, load
from reporting.render.wording import number

Grader = Callable[..., Result]


def test_everything_that_is_graded_is_listed(grader: Grader) -> None:
    assignment = load("a2")
    output = grader("list", "--assignment", "a2").stdout
    lines = {line.split()[1]: line for line in output.splitlines() if line.startswith("  ")}
    points = {item.id: item.points for item in assignment.items}
    points |= {question.id: question.points for question in assignment.questions}
    assert sorted(lines) == sorted(points)
    for name, worth in points.items():
        assert lines[name].split()[0] == number(worth)
    for suite in assignment.suites:
        assert f"{suite.question} · " in output
    assert f"{number(assignment.max_score)} points, suite {assignment.version}" in output


def test_without_a_name_all_assignments_are_listed(grader: Grader) -> None:
    output = grader("list").stdout
    assert all(f"{name}: " in output for name in NAMES)
