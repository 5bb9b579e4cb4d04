"""The example class: seven submissions of a2 in the shapes and states that real classes come in.

Each is the reference with a few edits, so that what it is worth is known: `lost` or `earned` says it,
and a test holds it to that.
"""

import io
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from grader.assignments.assignment import Assignment
from grader.proof import assembled

LAYERS = "cs231n/layers.py"
OPTIM = "cs231n/optim.py"
FC_NET = "cs231n/classifiers/fc_net.py"
CNN = "cs231n/classifiers/cnn.py"

Files = dict[str, bytes]


@dataclass(frozen=True)
class Edit:
    """One passage of a file of the perfect submission, and what a student wrote instead."""

    path: str
    right: str
    written: str

    def apply(self, files: Files) -> None:
        """Change the passage.

        Raises: ValueError when the passage is not there exactly once.
        """
        text = files[self.path].decode()
        if text.count(self.right) != 1:
            raise ValueError(f"{self.path} has {text.count(self.right)} times: {self.right}")
        files[self.path] = text.replace(self.right, self.written).encode()


MISTAKEN = (
    Edit(LAYERS, "dx = dcentred - dcentred.mean(axis=0)", "dx = dcentred"),
    Edit(
        LAYERS,
        "mask: Array = ((np.random.rand(*x.shape) < p) / p)",
        "mask = (np.random.rand(*x.shape) < p)",
    ),
    Edit(
        LAYERS,
        "return dx_pad[:, :, pad : pad + H, pad : pad + W]",
        "return dx_pad[:, :, pad:-pad, pad:-pad]",
    ),
)
"""No gradient through the mean, dropout not inverted, a crop that is empty when pad is 0."""

FORGETFUL = (
    Edit(LAYERS, "return float(loss), dx / len(y)", "return float(loss), dx"),
    Edit(OPTIM, 't = config.get("t", 0) + 1', 't = config.get("t", 0)'),
)
"""The gradient of a mean that is not one, and Adam's steps not counted."""

ODD = (
    Edit(
        LAYERS,
        "return np.maximum(x, 0), x",
        "print('relu', x.shape)\n    return np.maximum(x, 0), x",
    ),
    Edit(OPTIM, "return w + velocity, config", "w += velocity\n    return w, config"),
)
"""Prints and in-place updates: unusual, and right."""

BROKEN = (
    Edit(CNN, "class ThreeLayerConvNet:", "class ThreeLayerConvNet"),
    Edit(OPTIM, 'cache = decay * config.get("cache", np.zeros_like(w))', "cache = decay * memory"),
)
"""A file that does not parse, and a name that does not exist."""

IN_CELLS = ("affine", "relu", "dropout")
"""Layers that one student hands in through the cells of a notebook."""


def _edited(*edits: Edit) -> Callable[[Assignment], Files]:
    def make(assignment: Assignment) -> Files:
        files = assembled.perfect(assignment)
        for edit in edits:
            edit.apply(files)
        return files

    return make


def _notebook(_: Assignment) -> Files:
    v4: Any = nbformat.v4
    imports = "%matplotlib inline\nimport numpy as np\nfrom typing import Any"
    setup = f"{imports}\n\nArray, Param = np.ndarray, dict"
    cells = [v4.new_markdown_cell("# My layers", id="title"), v4.new_code_cell(setup, id="setup")]
    cells += [v4.new_code_cell(assembled.layer(name), id=name) for name in IN_CELLS]
    text: str = v4.writes(v4.new_notebook(cells=cells))
    return {"FullyConnectedNets.ipynb": text.encode()}


@dataclass(frozen=True)
class Example:
    """One student of the class; `shape` is how the submission arrives.

    `lost` are the points that it lacks of what can be graded, unless `earned` says what it gets.
    """

    make: Callable[[Assignment], Files]
    shape: str
    lost: float = 0.0
    earned: float | None = None


OF = "a2"
"""The assignment that the class has handed in."""

CLASS: Mapping[str, Example] = {
    "student-1-everything": Example(_edited(), "folder"),
    "student-2-three-mistakes": Example(_edited(*MISTAKEN), "folder", lost=8.0),
    "student-3-course-zip": Example(_edited(*FORGETFUL), "zip", lost=2.4),
    "student-4-blank": Example(assembled.starter, "folder", earned=0.0),
    "student-5-notebook": Example(_notebook, "notebook", earned=6.6),
    "student-6-does-not-parse": Example(_edited(*BROKEN), "repository", lost=8.5),
    "student-7-odd-but-right": Example(_edited(*ODD), "folder"),
}
"""Name → submission, with what it must get."""


def write_class(assignment: Assignment, folder: Path) -> None:
    """Write the example class into a folder, which is made if it is not there."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, example in CLASS.items():
        files = example.make(assignment)
        match example.shape:
            case "zip":
                (folder / f"{name}.zip").write_bytes(_zipped(files))
            case "notebook":
                (content,) = files.values()
                (folder / f"{name}.ipynb").write_bytes(content)
            case shape:
                inside = "homework/assignment2" if shape == "repository" else ""
                _write(files, folder / name / inside)


def _write(files: Files, folder: Path) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in sorted(files.items()):
            archive.writestr(path, content)
    return buffer.getvalue()
