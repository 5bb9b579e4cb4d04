"""A submission laid over the starter: what is the student's, what is ours, and what is said about it."""

import gc
import json
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import nbformat
import pytest

from grader.assignments.assignment import Assignment
from grader.errors import SubmissionRejected
from grader.proof import assembled
from grader.tree import Tree, build

LAYERS = "cs231n/layers.py"
RELU = "def relu_forward(x):\n    return x * (x > 0), x\n"


def notebook(*cells: str, markdown: tuple[str, ...] = ()) -> bytes:
    """What nbformat writes today."""
    make: Any = nbformat.v4
    code = [make.new_code_cell(cell) for cell in cells]
    words = [make.new_markdown_cell(cell) for cell in markdown]
    return make.writes(make.new_notebook(cells=[*code, *words])).encode()  # type: ignore[no-any-return]


def old_notebook(*cells: str) -> bytes:
    """As IPython wrote it before 2015."""
    written = [
        {
            "cell_type": "code",
            "input": cell,
            "language": "python",
            "metadata": {},
            "outputs": [],
            "collapsed": False,
        }
        for cell in cells
    ]
    document = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": written, "metadata": {}}],
    }
    return json.dumps(document).encode()


def stub(a2: Assignment, path: str = LAYERS) -> bytes:
    return (a2.starter / path).read_bytes()


def text(tree: Tree, path: str = LAYERS) -> str:
    return tree.files[path].decode()


def answered(tree: Tree, name: str) -> bool:
    return name not in tree.untouched


@pytest.fixture
def perfect(a2: Assignment) -> Mapping[str, bytes]:
    return assembled.perfect(a2)


def test_a_perfect_tree_has_nothing_untouched(a2: Assignment, perfect: Mapping[str, bytes]) -> None:
    tree = build(a2, perfect)
    assert {item.answers for item in a2.items} & tree.untouched == set()
    assert tree.broken == {}
    assert tree.aliases == {}
    assert not tree.needs_torch


def test_a_file_that_was_not_handed_in_is_the_stub(a2: Assignment) -> None:
    tree = build(a2, {LAYERS: RELU.encode()})
    assert tree.files["cs231n/optim.py"] == stub(a2, "cs231n/optim.py")
    assert "cs231n.optim:adam" in tree.untouched
    assert (
        "not handed in: cs231n/classifiers/fc_net.py, cs231n/optim.py, cs231n/classifiers/cnn.py"
        in tree.notes
    )


def test_scaffolding_is_always_ours(a2: Assignment, perfect: Mapping[str, bytes]) -> None:
    theirs = dict(perfect) | dict.fromkeys(a2.restored, b"raise SystemExit")
    tree = build(a2, theirs)
    for path in a2.restored:
        assert tree.files[path] == stub(a2, path)
    assert set(tree.checked).isdisjoint(a2.restored)


def test_compiled_files_and_setup_scripts_stay_out(a2: Assignment) -> None:
    tree = build(
        a2,
        {
            LAYERS: RELU.encode(),
            "cs231n/im2col_cython.cpython-37m-x86_64-linux-gnu.so": b"\x7fELF",
            "cs231n/im2col_cython.pyd": b"MZ",
            "cs231n/setup.py": b"import distutils",
            "cs231n/__pycache__/layers.cpython-37.pyc": b"\0",
            "cs231n/my layers.py": b"x = 1",
            "cs231n/notes.txt": b"words",
        },
    )
    assert all(path.endswith(".py") for path in tree.files)
    assert {"cs231n/setup.py", "cs231n/my layers.py"}.isdisjoint(tree.files)


def test_extra_modules_come_along(a2: Assignment) -> None:
    tree = build(a2, {LAYERS: RELU.encode(), "cs231n/my_norm.py": b"x = 1"})
    assert tree.files["cs231n/my_norm.py"] == b"x = 1"
    assert "cs231n/my_norm.py" in tree.checked


def test_a_file_that_does_not_parse_is_the_stub_again(
    a2: Assignment, perfect: Mapping[str, bytes]
) -> None:
    tree = build(a2, dict(perfect) | {LAYERS: b"def relu_forward(x:\n    pass"})
    sentence = "cs231n/layers.py, line 1: "
    assert tree.broken["cs231n.layers"].startswith(sentence)
    assert any(n.startswith(sentence) and n.endswith("; it could not be read") for n in tree.notes)
    assert tree.files[LAYERS] == stub(a2)
    assert tree.files["cs231n/optim.py"] == perfect["cs231n/optim.py"]


def test_a_file_that_does_not_compile_is_the_stub_too(
    a2: Assignment, perfect: Mapping[str, bytes]
) -> None:
    tree = build(a2, perfect, {LAYERS: "cs231n/layers.py, line 3: 'return' outside function"})
    assert tree.broken == {"cs231n.layers": "cs231n/layers.py, line 3: 'return' outside function"}
    assert tree.files[LAYERS] == stub(a2)


def test_nothing_at_all_is_rejected(a2: Assignment) -> None:
    with pytest.raises(SubmissionRejected, match=r"there is nothing of a2 in it: hand in .*layers"):
        build(a2, {"report.pdf": b"%PDF", "main.py": b"print()"})


def test_a_notebook_that_is_none_is_the_reason(a2: Assignment) -> None:
    with pytest.raises(SubmissionRejected, match=r"Dropout\.ipynb"):
        build(a2, {"Dropout.ipynb": b"no json"})


def test_a_broken_notebook_beside_good_files_is_a_note(
    a2: Assignment, perfect: Mapping[str, bytes]
) -> None:
    tree = build(a2, dict(perfect) | {"Dropout.ipynb": b"no json"})
    assert any("Dropout.ipynb" in note for note in tree.notes)
    assert tree.files[LAYERS] == perfect[LAYERS]


@pytest.mark.parametrize("write", [notebook, old_notebook])
def test_a_function_in_a_cell_fills_its_stub(a2: Assignment, write: object) -> None:
    assert callable(write)
    cell = f"%matplotlib inline\nimport numpy as np\n!ls\n{RELU}print(relu_forward(np.ones(3)))"
    tree = build(a2, {"FullyConnectedNets.ipynb": write(cell)})
    assert answered(tree, "cs231n.layers:relu_forward")
    assert not answered(tree, "cs231n.layers:relu_backward")
    assert "taken from notebook cells: relu_forward" in tree.notes
    assert "print(relu_forward" not in text(tree)


def test_the_file_wins_over_the_cell(a2: Assignment) -> None:
    files = {
        LAYERS: RELU.encode(),
        "FullyConnectedNets.ipynb": notebook("def relu_forward(x):\n    return x, 'from the cell'"),
    }
    tree = build(a2, files)
    assert "from the cell" not in text(tree)
    assert not any(note.startswith("taken from") for note in tree.notes)


def test_a_stub_in_the_file_gives_way_to_the_cell(a2: Assignment) -> None:
    tree = build(a2, {LAYERS: stub(a2), "FullyConnectedNets.ipynb": notebook(RELU)})
    assert answered(tree, "cs231n.layers:relu_forward")


def test_an_import_from_the_future_in_a_cell_breaks_nothing(a2: Assignment) -> None:
    cell = f"from __future__ import print_function, division\nimport numpy as np\n{RELU}"
    tree = build(a2, {"FullyConnectedNets.ipynb": notebook(cell)})
    compile(text(tree), LAYERS, "exec")


def test_a_cell_that_writes_a_file_hands_it_in(a2: Assignment) -> None:
    cell = f"%%writefile cs231n/layers.py\nimport numpy as np\n\n{RELU}"
    tree = build(a2, {"FullyConnectedNets.ipynb": notebook(cell)})
    assert answered(tree, "cs231n.layers:relu_forward")
    assert LAYERS in tree.checked
    assert "affine_forward" not in text(tree)


def test_the_networks_of_the_torch_notebook_are_its_own(a2: Assignment) -> None:
    cell = (
        "import torch.nn as nn\n\n\nclass ThreeLayerConvNet(nn.Module):\n"
        "    def __init__(self, in_channel):\n        super().__init__()\n"
        "    def forward(self, x):\n        return x\n"
    )
    tree = build(a2, {"PyTorch.ipynb": notebook(cell), LAYERS: RELU.encode()})
    assert tree.files["cs231n/classifiers/cnn.py"] == stub(a2, "cs231n/classifiers/cnn.py")
    assert not tree.needs_torch
    renamed = build(a2, {"my PyTorch copy.ipynb": notebook(cell), LAYERS: RELU.encode()})
    assert not renamed.needs_torch


def test_cells_alone_are_graded_and_said_so(a2: Assignment) -> None:
    tree = build(a2, {"Dropout.ipynb": notebook("x = 1")})
    assert any("not handed in, so only what the cells define is graded" in n for n in tree.notes)


@pytest.mark.parametrize(
    ("path", "line", "needed"),
    [
        (LAYERS, "import torch", True),
        (LAYERS, "from torch import nn", True),
        (LAYERS, "from .mine import *", True),
        ("cs231n/classifiers/fc_net.py", "from cs231n.mine import x", True),
        (LAYERS, "import torchvision", False),
        ("cs231n/never_imported.py", "import torch", False),
    ],
)
def test_torch_is_loaded_only_where_it_is_imported(
    a2: Assignment, path: str, line: str, needed: bool
) -> None:
    files = {LAYERS: RELU.encode(), "cs231n/mine.py": b"import torch\nx = 1", path: line.encode()}
    assert build(a2, files).needs_torch is needed


def test_a_renamed_package_is_an_alias(a2: Assignment) -> None:
    files = {
        LAYERS: RELU.encode(),
        "cs231n/classifiers/fc_net.py": b"from sc231n.layers import *\nfrom os.path import join",
    }
    assert build(a2, files).aliases == {"sc231n": "cs231n"}


def test_a_package_of_ones_own_is_no_alias(a2: Assignment) -> None:
    files = {
        LAYERS: b"from extra.layers import *",
        "extra/__init__.py": b"",
        "extra/layers.py": RELU.encode(),
    }
    assert build(a2, files).aliases == {}


@pytest.fixture
def busy_collector() -> Iterator[None]:
    """Python code that runs whenever the collector does: where CPython may change threads."""

    def note(*told: object) -> None:
        for _ in range(50):
            pass

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    gc.callbacks.append(note)
    yield
    gc.callbacks.remove(note)
    sys.setswitchinterval(interval)


def test_several_threads_may_build_at_once(
    a2: Assignment, perfect: Mapping[str, bytes], busy_collector: None
) -> None:
    with ThreadPoolExecutor(3) as pool:
        trees = list(pool.map(lambda _: build(a2, perfect), range(12)))
    assert [tree.broken for tree in trees] == [{}] * 12
