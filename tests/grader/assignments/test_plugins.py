"""What other packages offer is loaded, or refused in one sentence that names the package."""

from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from click.testing import CliRunner

from command.main import cli
from grader import assignments
from grader.assignments.plugins import GROUP
from grader.errors import AssignmentUnusable, UnknownAssignment

Offer = Callable[..., None]
RIGHT = """
from pathlib import Path
from grader.assignments.assignment import Assignment
from grader.assignments.starter import Starter
A = Assignment("{name}", "Tiny", "1", (), Starter(Path(__file__).parent), (), ())
"""


@pytest.fixture
def offer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Offer:
    """Installs a package with one entry point."""
    monkeypatch.syspath_prepend(str(tmp_path))

    def install(name: str, source: str | None, package: str = "tiny", value: str = "") -> None:
        module = f"{package}_{uuid4().hex}"  # no other test's
        if source is not None:
            (tmp_path / module).mkdir()
            (tmp_path / module / "__init__.py").write_text(source)
        info = tmp_path / f"{package}-1.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 1\n")
        target = value or f"{module}:A"
        (info / "entry_points.txt").write_text(f"[{GROUP}]\n{name} = {target}\n")

    return install


def test_it_is_loaded_when_it_is_asked_for(offer: Offer) -> None:
    offer("tiny", RIGHT.format(name="tiny"))
    assert assignments.names() == (*assignments.NAMES, "tiny")
    found = assignments.load("tiny")
    assert found.title == "Tiny"
    assert found.version.startswith("1-")


@pytest.mark.parametrize(
    ("name", "source", "value", "says"),
    [
        ("tiny", "import nothing_of_this_name", "", r"the assignment 'tiny' of tiny cannot be loaded "
         r"\(ModuleNotFoundError: No module named 'nothing_of_this_name'\)"),
        ("tiny", "A = 1 / 0", "", r"cannot be loaded \(ZeroDivisionError: division by zero\)"),
        ("tiny", "x = (", "", r"cannot be loaded \(SyntaxError: "),
        ("tiny", "B = 1", "", r"cannot be loaded \(AttributeError: "),
        ("tiny", None, "absent:A", r"cannot be loaded \(ModuleNotFoundError: No module named 'absent'\)"),
        ("tiny", "A = 3", "", r"'tiny' of tiny is no Assignment: tiny_\w+:A is a int"),
        ("tiny", RIGHT.format(name="other"), "", r"calls itself 'other'; both names have to agree"),
        ("Tiny!", RIGHT.format(name="tiny"), "", r"a name is a small letter and up to 31 more"),
        ("auto", RIGHT.format(name="auto"), "", r"tiny offers an assignment 'auto', and the grader has"),
    ],
)  # fmt: skip
def test_what_is_broken_is_told_in_a_sentence(
    offer: Offer, name: str, source: str | None, value: str, says: str
) -> None:
    offer(name, source, value=value)
    with pytest.raises(AssignmentUnusable, match=says) as refused:
        assignments.load(name)
    assert "\n" not in str(refused.value)


def test_a_single_file_has_no_version_and_is_refused(offer: Offer, tmp_path: Path) -> None:
    offer("tiny", None, value="alone:A")
    (tmp_path / "alone.py").write_text(RIGHT.format(name="tiny"))
    with pytest.raises(AssignmentUnusable, match=r"put alone\.py into a package"):
        assignments.load("tiny")


def test_two_that_offer_the_same_name_are_both_refused(offer: Offer) -> None:
    offer("tiny", RIGHT.format(name="tiny"))
    offer("tiny", RIGHT.format(name="tiny"), package="rival")
    with pytest.raises(AssignmentUnusable, match="rival and tiny both offer an assignment 'tiny'"):
        assignments.load("tiny")


def test_the_courses_own_names_are_the_courses(offer: Offer) -> None:
    offer("a2", RIGHT.format(name="a2"))
    assert assignments.names() == assignments.NAMES
    assert assignments.load("a2").title != "Tiny"


def test_an_unknown_name_is_told_with_all_that_are_known(offer: Offer) -> None:
    offer("tiny", RIGHT.format(name="tiny"))
    with pytest.raises(UnknownAssignment, match="there is: a1, a2, a3, tiny"):
        assignments.load("small")


def test_a_broken_one_spoils_nothing_else(offer: Offer) -> None:
    offer("tiny", "A = 1 / 0")
    listed = CliRunner().invoke(cli, ["list"])
    assert listed.exit_code == 0
    assert "a2: " in listed.stdout
    assert "'tiny' of tiny cannot be loaded (ZeroDivisionError" in listed.stderr
    asked = CliRunner().invoke(cli, ["run", "--assignment", "tiny", "."])
    assert asked.exit_code == 2
    assert "'tiny' of tiny cannot be loaded" in asked.stderr
