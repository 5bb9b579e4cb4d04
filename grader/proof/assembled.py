"""The reference as a student would have handed it in, and the starter as nobody should."""

import ast
import json
import re
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from grader.assignments.assignment import Assignment
from grader.checks.suite import Item
from grader.notebook.read import read_notebook
from grader.notebook.slicing import Slice, sliced

Layout = Mapping[str, tuple[str, ...]]
"""Path in the student's tree → the parts of the reference that make it up, each a module, or
`module:Name` for one definition of a module whose definitions students write in several files."""


def _layers(*names: str) -> tuple[str, ...]:
    return tuple(f"layers/{name}" for name in names)


ANSWERS: Mapping[str, Layout] = {
    "a1": {
        "cs231n/arrays.py": ("arrays",),
        "cs231n/layers.py": _layers("affine", "relu", "losses"),
        "cs231n/classifiers/k_nearest_neighbor.py": ("classifiers/nearest_neighbor",),
        "cs231n/classifiers/linear_svm.py": (
            "classifiers/linear:svm_loss_naive",
            "classifiers/linear:svm_loss_vectorized",
        ),
        "cs231n/classifiers/softmax.py": (
            "classifiers/linear:softmax_loss_naive",
            "classifiers/linear:softmax_loss_vectorized",
        ),
        "cs231n/classifiers/linear_classifier.py": (
            "classifiers/linear:LinearClassifier",
            "classifiers/linear:LinearSVM",
            "classifiers/linear:Softmax",
        ),
        "cs231n/classifiers/fc_net.py": ("classifiers/two_layer",),
    },
    "a2": {
        "cs231n/arrays.py": ("arrays",),
        "cs231n/layers.py": _layers(
            "affine", "relu", "losses", "batchnorm", "layernorm", "dropout", "conv", "pool",
            "spatial", "groupnorm",
        ),
        "cs231n/layer_utils.py": ("layers/sandwich",),
        "cs231n/optim.py": ("optim",),
        "cs231n/classifiers/fc_net.py": ("classifiers/fully_connected",),
        "cs231n/classifiers/cnn.py": ("classifiers/convnet",),
    },
    "a3": {
        "cs231n/arrays.py": ("arrays",),
        "cs231n/rnn_layers.py": _layers("affine", "rnn", "embedding", "lstm", "temporal"),
        "cs231n/classifiers/rnn.py": ("classifiers/captioning",),
        "cs231n/device.py": ("torch_models/device",),
        "cs231n/transformer_layers.py": ("torch_models/transformer",),
        "cs231n/classifiers/transformer.py": ("torch_models/decoder", "torch_models/captioning"),
        "cs231n/gan_pytorch.py": (
            "torch_models/gan/losses",
            "torch_models/gan/networks",
            "torch_models/gan/training:get_optimizer",
        ),
        "cs231n/simclr/contrastive_loss.py": ("torch_models/simclr/contrastive",),
        "cs231n/simclr/pairs.py": ("torch_models/simclr/pairs",),
        "cs231n/simclr/utils.py": ("torch_models/simclr/training",),
    },
}  # fmt: skip
"""Assignment → where each part of the reference stands in a student's tree."""

COMPLETED: Mapping[str, Mapping[str, str]] = {
    "cs231n/simclr/data_utils.py": {
        "        transforms.RandomResizedCrop(32),\n": """\
        transforms.RandomResizedCrop(32),
        transforms.RandomHorizontalFlip(p=0.5),
        transforms.RandomApply([color_jitter], p=0.8),
        transforms.RandomGrayscale(p=0.2),
""",
        "            pass\n": """\
            x_i, x_j = self.transform(img), self.transform(img)
""",
    },
}
"""Files of which the reference has no part that would stand in a student's tree: its transforms are its
own, the course's are torchvision's. What stands in the starter's → the answer."""

EXTENDED = (
    "cs231n/gan_pytorch.py",
    "cs231n/simclr/contrastive_loss.py",
    "cs231n/simclr/utils.py",
)
"""Files of the starter that hold more than is asked for: the answers stand below what is given."""

_SCAFFOLDING = {
    "layers/sandwich": "cs231n/layer_utils.py",
    "classifiers/linear": "cs231n/classifiers/linear_classifier.py",
}
"""Where an assignment has a part of the reference that its students do not write."""

_LAYERS = "cs231n/layers.py"
_IMPORT = re.compile(r"^from (reference[\w.]*) import (\([^)]*\)|[^\n]*)\n", re.MULTILINE)


def starter(assignment: Assignment) -> dict[str, bytes]:
    """Every file of the starter that a student hands in."""
    return {
        path: kept.read_bytes()
        for path, kept in assignment.starter.files.items()
        if kept.suffix in {".py", ".ipynb"}
    }


def perfect(assignment: Assignment) -> dict[str, bytes]:
    """The starter with every answer filled in by the reference, or by the assignment's own solution."""
    blank = starter(assignment)
    if assignment.solution is not None:
        return blank | {path: f.read_bytes() for path, f in assignment.solution.files.items()}
    layout = ANSWERS[assignment.name]
    answered = {path: _joined(path, layout).encode() for path in layout}
    answered |= {path: blank[path] + b"\n\n" + answered[path] for path in EXTENDED if path in blank}
    completed = {path: _completed(path, blank[path]) for path in COMPLETED if path in blank}
    return blank | completed | answered | _notebooks(assignment, blank)


def answer(item: Item) -> str:
    """The reference's cell for an item that is answered in a notebook."""
    assignment, _, name = item.id.partition(".")
    return files("reference").joinpath(f"notebooks/{assignment}/{name}.py").read_text()


def _notebooks(assignment: Assignment, handed_in: Mapping[str, bytes]) -> dict[str, bytes]:
    """The starter's notebooks with the reference's cells in the place of the answers'."""
    filled: dict[str, Any] = {}
    for item in assignment.items:
        if item.cells is None or item.cells.anchor is None:
            continue
        name = item.cells.notebook
        place = sliced(read_notebook(name, handed_in[name]), item.cells.anchor, item.cells.names)
        if not isinstance(place, Slice):
            raise LookupError(f"{name} of the starter has no cell for {item.id}")
        notebook = filled.setdefault(name, json.loads(handed_in[name]))
        notebook["cells"][place.cells[0]]["source"] = answer(item)
    return {name: json.dumps(notebook).encode() for name, notebook in filled.items()}


def layer(name: str) -> str:
    """The reference's file of one layer, as the text of a notebook cell."""
    return _IMPORT.sub("", _source(f"layers/{name}"))


def _completed(path: str, stub: bytes) -> bytes:
    for left_open, answer in COMPLETED[path].items():
        stub = stub.replace(left_open.encode(), answer.encode())
    return stub


def _joined(path: str, layout: Layout) -> str:
    """The text of one file: its parts, with imports that hold in the student's tree."""
    homes = _SCAFFOLDING | {part: home for home, parts in layout.items() for part in parts}

    def moved(match: re.Match[str]) -> str:
        part = match[1].removeprefix("reference.").replace(".", "/")
        home = homes.get(part, _LAYERS)
        return "" if home == path else f"from {_module(home)} import {match[2]}\n"

    chosen: dict[str, list[str]] = {}
    for part in layout[path]:
        module, _, name = part.partition(":")
        chosen.setdefault(module, []).extend([name] if name else [])
    return "\n\n".join(
        _IMPORT.sub(moved, _cut(module, names, homes) if names else _source(module))
        for module, names in chosen.items()
    )


def _cut(module: str, names: list[str], homes: Mapping[str, str]) -> str:
    """These definitions of a module and what stands above all definitions.

    A definition that they use and that has another home is imported from there.
    """
    text = _source(module)
    lines = text.splitlines(keepends=True)
    definitions = {node.name: node for node in _definitions(text)}
    first = min(map(_start, definitions.values()))
    pieces = [
        "".join(lines[_start(node) - 1 : node.end_lineno])
        for name, node in definitions.items()
        if name in names
    ]
    used = {n.id for name in names for n in ast.walk(definitions[name]) if isinstance(n, ast.Name)}
    imports = [
        f"from {_module(homes[f'{module}:{name}'])} import {name}\n"
        for name in definitions
        if name in used and name not in names
    ]
    return "\n\n".join(["".join([*lines[: first - 1], *imports]).rstrip() + "\n", *pieces])


def _start(node: ast.FunctionDef | ast.ClassDef) -> int:
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def _definitions(text: str) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in ast.parse(text).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node


def _source(module: str) -> str:
    return files("reference").joinpath(f"{module}.py").read_text()


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")
