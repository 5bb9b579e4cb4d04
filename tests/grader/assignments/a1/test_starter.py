"""The a1 starter: untouched stubs say so, what is given works, and the notebooks' checks hold."""

import contextlib
import importlib
import io
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat
import numpy as np
import pytest

from grader.assignments.assignment import Assignment
from grader.notebook.inline import inline_answers
from grader.notebook.read import read_notebook
from grader.proof import assembled
from reference import features as reference_features

START = "*****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "*****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
NOTEBOOKS = {
    # part: (student regions, inline questions)
    "knn": (2, 3),
    "svm": (1, 2),
    "softmax": (1, 2),
    "two_layer_net": (2, 2),
    "features": (2, 1),
}
REGIONS = {
    "layers.py": 6,
    "optim.py": 3,
    "classifiers/k_nearest_neighbor.py": 5,
    "classifiers/linear_svm.py": 3,
    "classifiers/softmax.py": 2,
    "classifiers/linear_classifier.py": 3,
    "classifiers/fc_net.py": 3,
}


def forget_tree() -> None:
    for name in [n for n in sys.modules if n.split(".")[0] == "cs231n"]:
        del sys.modules[name]


def importable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    forget_tree()
    yield
    forget_tree()


@pytest.fixture(scope="module")
def starter(a1: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole starter, as a student unpacks it."""
    folder = tmp_path_factory.mktemp("starter")
    a1.starter.write(folder)
    return folder


@pytest.fixture(scope="module")
def finished(a1: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter with the reference's answers in it."""
    folder = tmp_path_factory.mktemp("finished")
    a1.starter.write(folder)
    for path, content in assembled.perfect(a1).items():
        (folder / path).write_bytes(content)
    return folder


@pytest.fixture
def untouched(starter: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from importable(starter, monkeypatch)


@pytest.fixture
def answered(finished: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from importable(finished, monkeypatch)


def module(name: str) -> Any:
    return importlib.import_module(f"cs231n.{name}")


# --- untouched stubs --------------------------------------------------------------------------------

X = np.arange(12.0).reshape(4, 3)
Y = np.array([0, 1, 2, 1])
W = np.arange(9.0).reshape(3, 3)


@pytest.mark.usefixtures("untouched")
def test_neighbor_stubs_return_zeros() -> None:
    model = module("classifiers").KNearestNeighbor()
    model.train(X, Y)
    for method in ("two_loops", "one_loop", "no_loops"):
        dists = getattr(model, f"compute_distances_{method}")(X[:2])
        assert dists.tolist() == np.zeros((2, 4)).tolist()
    assert model.predict_labels(np.zeros((2, 4)), k=3).tolist() == [0, 0]
    assert model.predict(X[:2], num_loops=1).tolist() == [0, 0]
    with pytest.raises(ValueError, match="3"):
        model.predict(X, num_loops=3)


@pytest.mark.usefixtures("untouched")
def test_the_naive_svm_has_its_loss_and_no_gradient() -> None:
    loss, dW = module("classifiers.linear_svm").svm_loss_naive(W, X, Y, 0.5)
    right, _ = importlib.import_module("reference.classifiers.linear").svm_loss_naive(W, X, Y, 0.5)
    assert loss == pytest.approx(right)
    assert dW.tolist() == np.zeros((3, 3)).tolist()


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize(
    "name",
    [
        "linear_svm.svm_loss_vectorized",
        "softmax.softmax_loss_naive",
        "softmax.softmax_loss_vectorized",
    ],
)
def test_other_linear_losses_are_zero(name: str) -> None:
    home, _, function = name.partition(".")
    loss, dW = getattr(module(f"classifiers.{home}"), function)(W, X, Y, 0.5)
    assert loss == 0
    assert dW.tolist() == np.zeros((3, 3)).tolist()


@pytest.mark.usefixtures("untouched")
def test_training_stub_draws_weights_and_nothing_else() -> None:
    model = module("classifiers").Softmax()
    with pytest.raises((AttributeError, TypeError, ValueError)):
        module("classifiers.linear_classifier").LinearClassifier().train(X, Y, num_iters=1)
    assert model.train(X, Y, num_iters=2) == [0.0, 0.0]
    assert model.W.shape == (3, 3)
    assert model.predict(X).tolist() == [0, 0, 0, 0]


@pytest.mark.usefixtures("untouched")
def test_layer_stubs_return_none() -> None:
    layers = module("layers")
    assert layers.affine_forward(X, W, W[0])[0] is None
    assert layers.affine_backward(X, (X, W, W)) == (None, None, None)
    assert layers.relu_forward(X)[0] is None
    assert layers.relu_backward(X, X) is None
    assert layers.svm_loss(X, Y) == (None, None)
    assert layers.softmax_loss(X, Y) == (None, None)


@pytest.mark.usefixtures("untouched")
def test_network_stub_is_empty() -> None:
    net = module("classifiers.fc_net").TwoLayerNet(3, 5, 3)
    assert net.params == {}
    assert net.loss(X) is None
    assert net.loss(X, Y) == (0, {})


@pytest.mark.usefixtures("untouched")
def test_a_classifier_is_read_when_it_is_asked_for() -> None:
    classifiers = module("classifiers")
    assert "cs231n.classifiers.linear_classifier" not in sys.modules
    assert classifiers.LinearSVM.__name__ == "LinearSVM"
    assert not hasattr(classifiers, "LogisticRegression")
    names: dict[str, Any] = {}
    exec("from cs231n.classifiers import *", names)
    assert set(names) >= {"KNearestNeighbor", "LinearClassifier", "LinearSVM", "Softmax"}


# --- files ------------------------------------------------------------------------------------------


def regions(source: str) -> int:
    """How many student regions a source has; they must be neither nested nor left open."""
    marks = re.findall(f"{re.escape(START)}|{re.escape(END)}", source)
    assert marks == [START, END] * (len(marks) // 2)
    return len(marks) // 2


def test_every_module_holds_its_regions_and_nothing_in_them(starter: Path) -> None:
    package = starter / "cs231n"
    texts = {p.relative_to(package).as_posix(): p.read_text() for p in package.rglob("*.py")}
    assert {name: n for name, text in texts.items() if (n := regions(text))} == REGIONS
    for text in texts.values():
        for body in re.findall(f"{re.escape(START)}\n(.*?)# {re.escape(END)}", text, re.DOTALL):
            assert body.split() == ["pass"]


def test_no_line_is_too_long(starter: Path) -> None:
    for path in starter.rglob("*.py"):
        assert [line for line in path.read_text().splitlines() if len(line) > 100] == [], path


def test_every_required_file_is_there(a1: Assignment, starter: Path) -> None:
    archive, *required = (starter / "submission.txt").read_text().split()
    assert archive == "a1_code_submission.zip"
    assert all((starter / path).is_file() for path in required)
    assert set(a1.notebooks) | set(a1.modules) <= set(required)
    assert {path.name for path in starter.glob("*.ipynb")} == set(a1.notebooks)


def cells(notebook: Path) -> dict[str, str]:
    """The code of a notebook by the ids of its cells, without what only IPython understands."""
    book = nbformat.reads(notebook.read_text(), as_version=4)  # type: ignore[no-untyped-call]
    return {
        cell.id: re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE)
        for cell in book.cells
        if cell.cell_type == "code"
    }


@pytest.mark.parametrize("part", sorted(NOTEBOOKS))
def test_notebook_is_valid_and_holds_its_regions_and_questions(starter: Path, part: str) -> None:
    path = starter / f"{part}.ipynb"
    book = nbformat.reads(path.read_text(), as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata.kernelspec.name == "python3"
    assert all(not cell.outputs for cell in book.cells if cell.cell_type == "code")
    for name, source in cells(path).items():
        compile(source, name, "exec")
    asked = inline_answers(read_notebook(path.name, path.read_bytes()))
    assert (sum(map(regions, cells(path).values())), len(asked)) == NOTEBOOKS[part]
    assert [answer.question for answer in asked if answer.answered] == []


def test_given_modules_need_numpy_alone(starter: Path) -> None:
    script = """
import sys
class Fence:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"scipy", "PIL", "matplotlib", "imageio", "torch", "six"}:
            raise ImportError(name)
sys.meta_path.insert(0, Fence())
from cs231n.classifiers import *
import cs231n.classifiers.fc_net, cs231n.data_utils, cs231n.features, cs231n.gradient_check
import cs231n.solver, cs231n.vis_utils
"""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", script],
        cwd=starter,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


# --- features ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("untouched")
def test_features_are_those_of_the_reference() -> None:
    ours: Any = module("features")
    rng = np.random.default_rng(4)
    for top in (4, 256):  # few colours make equal neighbours and grey pixels
        images = rng.integers(top, size=(9, 32, 32, 3)).astype(float)
        found = [
            features.extract_features(images, [features.hog_feature, features.color_histogram_hsv])
            for features in (ours, reference_features)
        ]
        np.testing.assert_array_equal(*found)
        assert found[0].shape == (9, 154)


# --- the notebooks' checks --------------------------------------------------------------------------


def printed(part: str, finished: Path, *names: str) -> str:
    """What some cells print after the part's imports, with the reference's answers."""
    source = cells(finished / f"{part}.ipynb")
    space: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        # Pictures are not drawn here.
        setup = re.sub(r"^(import matplotlib|plt\.).*$", "", source[names[0]], flags=re.MULTILINE)
        for code in (setup, *(source[name] for name in names[1:])):
            exec(code, space)
    return out.getvalue()


@pytest.mark.usefixtures("answered")
def test_the_checks_of_the_two_layer_net_hold(finished: Path) -> None:
    checks = ["affine-forward", "affine-backward", "relu-forward", "relu-backward"]
    checks += ["sandwich-check", "losses-check", "network-check"]
    text = printed("two_layer_net", finished, "net-setup", *(f"net-{name}" for name in checks))
    errors = [float(e) for e in re.findall(r"(?:difference|error): *(\S+)", text)]
    assert len(errors) == 19
    assert max(errors) < 2e-6
    svm, softmax = (float(loss) for loss in re.findall(r"loss:  (\S+)", text))
    assert svm == pytest.approx(8.9996027491, abs=1e-8)
    assert softmax == pytest.approx(2.3025458445, abs=1e-8)


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("part", ["svm", "softmax"])
def test_the_checks_of_the_linear_classifiers_hold(finished: Path, part: str) -> None:
    source = cells(finished / f"{part}.ipynb")
    rng = np.random.default_rng(2)
    space: dict[str, Any] = {
        "X_dev": np.hstack([60 * rng.normal(size=(50, 3072)), np.ones((50, 1))]),
        "y_dev": rng.integers(10, size=50),
    }
    setup = re.sub(
        r"^(import matplotlib|plt\.).*$", "", source[f"{part}-setup"], flags=re.MULTILINE
    )
    checks = [name for name in source if re.search("naive-loss|naive-check|vectorized", name)]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        for code in (setup, *(source[name] for name in checks)):
            exec(code, space)
    text = out.getvalue()
    assert len(re.findall("relative error", text)) == 20
    differences = [float(d) for d in re.findall(r"difference: (\S+)", text)]
    assert len(differences) == 2
    assert max(map(abs, differences)) < 1e-6
    loss = float(re.findall(r"^loss: (\S+)", text, re.MULTILINE)[0])
    assert loss == pytest.approx({"svm": 9, "softmax": np.log(10)}[part], rel=0.1)
