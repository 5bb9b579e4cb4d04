"""The reference as a student would have handed it in, and the starter as nobody should."""

import re
from collections.abc import Mapping
from importlib.resources import files

from grader.assignments.assignment import Assignment

_LAYERS = (
    "affine", "relu", "losses", "batchnorm", "layernorm", "dropout", "conv", "pool", "spatial",
    "groupnorm",
)  # fmt: skip

A2: Mapping[str, tuple[str, ...]] = {
    "cs231n/arrays.py": ("arrays",),
    "cs231n/layers.py": tuple(f"layers/{name}" for name in _LAYERS),
    "cs231n/layer_utils.py": ("layers/sandwich",),
    "cs231n/optim.py": ("optim",),
    "cs231n/classifiers/fc_net.py": ("classifiers/fully_connected",),
    "cs231n/classifiers/cnn.py": ("classifiers/convnet",),
}
"""Path in the student's tree → the reference's modules that make it up."""

_HOMES = {
    "reference.arrays": "cs231n.arrays",
    "reference.optim": "cs231n.optim",
    "reference.layers.sandwich": "cs231n.layer_utils",
}
_IMPORT = re.compile(r"^from (reference[\w.]*) import (\([^)]*\)|[^\n]*)\n", re.MULTILINE)


def starter(assignment: Assignment) -> dict[str, bytes]:
    """Every file of the starter that a student hands in."""
    folder = assignment.starter
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".py", ".ipynb"}
    }


def perfect(assignment: Assignment) -> dict[str, bytes]:
    """The starter with every answer filled in by the reference."""
    return starter(assignment) | {
        path: _joined(path, modules).encode() for path, modules in A2.items()
    }


def layer(name: str) -> str:
    """The reference's file of one layer, as the text of a notebook cell."""
    text = files("reference").joinpath(f"layers/{name}.py").read_text()
    return _IMPORT.sub("", text)


def _joined(path: str, modules: tuple[str, ...]) -> str:
    home = path.removesuffix(".py").replace("/", ".")

    def moved(match: re.Match[str]) -> str:
        target = _HOMES.get(match[1], "cs231n.layers")
        return "" if target == home else f"from {target} import {match[2]}\n"

    folder = files("reference")
    texts = (folder.joinpath(f"{module}.py").read_text() for module in modules)
    return "\n\n".join(_IMPORT.sub(moved, text) for text in texts)
