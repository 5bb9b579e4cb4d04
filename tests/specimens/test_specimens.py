"""Small known submissions and the verdicts they must earn.

A specimen is a folder: the functions as a student would write them, at the paths where they would stand,
and `expect.toml`. They are laid over a perfect submission: a definition replaces the reference's of the
same name, a file that the reference does not have is added, and `knn.ipynb/best_k.py` replaces the code
of the notebook's cell that sets best_k at the beginning of a line. Items that `expect.toml` does not name must
pass, unless they need a training and are not run; a key may be the beginning of several items' ids.
`mistakes` are the names under which they must be diagnosed.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest

from grader import assignments
from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.proof.verify import pipeline
from grader.run import Grader
from reporting.report import NOT_RUN, SubmissionReport

SPECIMENS = Path(__file__).parent
FOLDERS = sorted(path.parent for path in SPECIMENS.rglob("expect.toml"))


@dataclass(frozen=True)
class Specimen:
    """What one folder holds."""

    files: Mapping[str, bytes]
    verdicts: Mapping[str, str]
    mistakes: Mapping[str, str]

    def verdict_of(self, item: str) -> str:
        """The verdict that is due: that of the longest key that the item's id begins with."""
        keys = [key for key in self.verdicts if item == key or item.startswith(f"{key}.")]
        return self.verdicts[max(keys, key=len)] if keys else "passed"


def read(folder: Path) -> Specimen:
    expected = tomllib.loads((folder / "expect.toml").read_text())
    assert set(expected) <= {"verdicts", "mistakes"}
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*.py")}
    return Specimen(files, expected.get("verdicts", {}), expected.get("mistakes", {}))


def handed_in(specimen: Specimen, perfect: Mapping[str, bytes]) -> dict[str, bytes]:
    files = dict(perfect)
    for path, content in specimen.files.items():
        notebook, _, name = path.rpartition("/")
        if notebook.endswith(".ipynb"):
            files[notebook] = with_cell(files[notebook], Path(name).stem, content.decode())
        else:
            files[path] = files.get(path, b"") + b"\n\n" + content
    return files


def with_cell(notebook: bytes, name: str, code: str) -> bytes:
    """The notebook with this code in place of the cell that sets the name."""
    read = nbformat.reads(notebook.decode(), as_version=4)
    sets = re.compile(rf"^{re.escape(name)} =", re.MULTILINE)
    (cell,) = (c for c in read.cells if c.cell_type == "code" and sets.search(c.source))
    cell.source = code
    return nbformat.writes(read).encode()


def told(report: SubmissionReport, *items: str) -> dict[str, object]:
    return {i.id: (i.verdict, i.facts, i.diagnosis) for i in report.items if i.id in items}


def assignment_of(folder: Path) -> Assignment:
    return assignments.load(folder.relative_to(SPECIMENS).parts[0])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.relative_to(SPECIMENS).as_posix())
def test_specimen_earns_its_verdicts(folder: Path, graders: Callable[[str], Grader]) -> None:
    specimen, assignment = read(folder), assignment_of(folder)
    files = handed_in(specimen, assembled.perfect(assignment))
    report = graders(assignment.name).grade(folder.name, files)
    assert report.status == "graded"
    judged = [i for i in pipeline.code(assignment, report).items if i.verdict != NOT_RUN]
    wrong = [i.id for i in judged if i.verdict != specimen.verdict_of(i.id)]
    assert not wrong, told(report, *wrong)
    named = {i.id: i.diagnosis.mistake if i.diagnosis else None for i in report.items}
    assert {item: named[item] for item in specimen.mistakes} == specimen.mistakes, told(
        report, *specimen.mistakes
    )


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda f: f.relative_to(SPECIMENS).as_posix())
def test_specimen_names_items_that_exist(folder: Path) -> None:
    specimen = read(folder)
    ids = [item.id for item in assignment_of(folder).items]
    assert [k for k in specimen.mistakes if k not in ids] == []
    stale = [
        key
        for key in specimen.verdicts
        if not any(i == key or i.startswith(f"{key}.") for i in ids)
    ]
    assert stale == []
    assert specimen.files
