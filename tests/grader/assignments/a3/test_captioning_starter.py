"""The recurrent half of the a3 starter: stubs say so, what is given works, the checks hold."""

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
from grader.datasets import synthetic
from grader.notebook.inline import inline_answers
from grader.notebook.read import read_notebook
from grader.proof import assembled
from reference import optim as reference_optim
from reference.layers import temporal_affine_backward, temporal_affine_forward
from reference.layers import temporal_softmax_loss as reference_loss

START = "*****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "*****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
REGIONS = {"rnn_layers.py": 10, "classifiers/rnn.py": 2}
QUESTIONS = {"RNN_Captioning.ipynb": 1, "LSTM_Captioning.ipynb": 0}
WORDS = {"<NULL>": 0, "<START>": 1, "<END>": 2, "cat": 3, "sits": 4}


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
def starter(a3: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole starter, as a student unpacks it."""
    folder = tmp_path_factory.mktemp("starter")
    a3.starter.write(folder)
    return folder


@pytest.fixture(scope="module")
def finished(a3: Assignment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The starter with the reference's answers in it, and a small stand-in of COCO."""
    folder = tmp_path_factory.mktemp("finished")
    a3.starter.write(folder)
    for path, content in assembled.perfect(a3).items():
        (folder / path).write_bytes(content)
    home = folder / "cs231n" / "datasets" / "coco_captioning"
    synthetic.write_captions(home, synthetic.captions(3, train=60, validation=20))
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


@pytest.mark.usefixtures("untouched")
def test_forward_stubs_return_none() -> None:
    layers = module("rnn_layers")
    assert layers.rnn_step_forward(X, X, X, X, X) == (None, None)
    assert layers.rnn_forward(X, X, X, X, X) == (None, None)
    assert layers.lstm_step_forward(X, X, X, X, X, X) == (None, None, None)
    assert layers.lstm_forward(X, X, X, X, X) == (None, None)
    assert layers.word_embedding_forward(X, X) == (None, None)


@pytest.mark.usefixtures("untouched")
def test_backward_stubs_return_none_per_gradient() -> None:
    layers = module("rnn_layers")
    assert layers.rnn_step_backward(X, None) == (None,) * 5
    assert layers.rnn_backward(X, None) == (None,) * 5
    assert layers.lstm_step_backward(X, X, None) == (None,) * 6
    assert layers.lstm_backward(X, None) == (None,) * 5
    assert layers.word_embedding_backward(X, None) is None


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("cell_type", ["rnn", "lstm"])
def test_the_network_stub_has_parameters_and_says_nothing(cell_type: str) -> None:
    model = module("classifiers.rnn").CaptioningRNN(WORDS, 7, 3, 2, cell_type)
    columns = {"rnn": 2, "lstm": 8}[cell_type]
    shapes = {name: value.shape for name, value in model.params.items()}
    assert shapes == {
        "W_embed": (5, 3),
        "W_proj": (7, 2),
        "b_proj": (2,),
        "Wx": (3, columns),
        "Wh": (2, columns),
        "b": (columns,),
        "W_vocab": (2, 5),
        "b_vocab": (5,),
    }
    assert {value.dtype for value in model.params.values()} == {np.dtype(np.float32)}
    assert model.loss(np.ones((4, 7)), np.ones((4, 6), dtype=int)) == (0.0, {})
    captions = model.sample(np.ones((4, 7)), max_length=6)
    assert captions.dtype == np.int32
    assert captions.tolist() == np.zeros((4, 6)).tolist()


@pytest.mark.usefixtures("untouched")
def test_another_kind_of_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="gru"):
        module("classifiers.rnn").CaptioningRNN(WORDS, cell_type="gru")


# --- what is given ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("untouched")
def test_given_layers_are_those_of_the_reference() -> None:
    layers, rng = module("rnn_layers"), np.random.default_rng(2)
    x, w, b = rng.normal(size=(2, 3, 5)), rng.normal(size=(5, 7)), rng.normal(size=7)
    out, cache = layers.temporal_affine_forward(x, w, b)
    right, right_cache = temporal_affine_forward(x, w, b)
    np.testing.assert_allclose(out, right)
    given = layers.temporal_affine_backward(out, cache)
    for got, want in zip(given, temporal_affine_backward(right, right_cache), strict=True):
        np.testing.assert_allclose(got, want)
    y, mask = rng.integers(7, size=(2, 3)), rng.uniform(size=(2, 3)) < 0.6
    loss, dx = layers.temporal_softmax_loss(out, y, mask)
    right_loss, right_dx = reference_loss(out, y, mask)
    assert loss == pytest.approx(right_loss)
    np.testing.assert_allclose(dx, right_dx, atol=1e-15)
    np.testing.assert_allclose(layers.sigmoid(np.array([-800.0, 0, 800])), [0, 0.5, 1])


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("rule", ["sgd", "sgd_momentum", "rmsprop", "adam"])
def test_update_rules_are_those_of_the_reference(rule: str) -> None:
    rng = np.random.default_rng(3)
    ours, theirs = getattr(module("optim"), rule), getattr(reference_optim, rule)
    w = want = rng.normal(size=(4, 3))
    config, right_config = None, None
    for _ in range(3):
        dw = rng.normal(size=(4, 3))
        want, right_config = theirs(want, dw, right_config)
        w, config = ours(w.copy(), dw, config)
        np.testing.assert_allclose(w, want)
    assert set(config or {}) == set(right_config or {})


@pytest.mark.usefixtures("answered")
def test_captions_are_read_drawn_and_spelled_out() -> None:
    coco = module("coco_utils")
    data = coco.load_coco_data()
    captions, features, urls = coco.sample_coco_minibatch(data, batch_size=7, split="val")
    assert (len(captions), len(features), len(urls)) == (7, 7, 7)
    assert set(map(tuple, captions)) <= set(map(tuple, data["val_captions"]))
    words = data["idx_to_word"]
    text = coco.decode_captions(captions, words)
    assert text[0] == coco.decode_captions(captions[0], words)
    assert all(t.startswith("<START>") and t.endswith("<END>") for t in text)
    assert not any("<NULL>" in t for t in text)
    few = coco.load_coco_data(max_train=9)
    assert len(few["train_captions"]) == len(few["train_image_idxs"]) == 9
    assert len(few["train_features"]) == len(data["train_features"])


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("cell_type", ["rnn", "lstm"])
def test_the_solver_teaches_captions_by_heart(cell_type: str) -> None:
    np.random.seed(0)  # noqa: NPY002 - the solver draws from the global generator
    data = module("coco_utils").load_coco_data(max_train=8)
    size = data["train_features"].shape[1]
    model = module("classifiers.rnn").CaptioningRNN(data["word_to_idx"], size, 32, 64, cell_type)
    config = {"learning_rate": 2e-2}
    solver = module("captioning_solver").CaptioningSolver(
        model, data, update_rule="adam", optim_config=config, lr_decay=0.95,
        batch_size=4, num_epochs=40, verbose=False,
    )  # fmt: skip
    solver.train()
    assert len(solver.loss_history) == 80
    assert solver.loss_history[-1] < solver.loss_history[0] / 10
    assert config == {"learning_rate": 2e-2}
    assert solver.optim_configs["b"]["learning_rate"] == pytest.approx(2e-2 * 0.95**40)


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("wrong", [{"momentum": 0.9}, {"update_rule": "magic"}])
def test_the_solver_refuses_what_it_does_not_know(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"momentum|magic"):
        module("captioning_solver").CaptioningSolver(None, {}, **wrong)


# --- files ------------------------------------------------------------------------------------------


def regions(source: str) -> int:
    """How many student regions a source has; they must be neither nested nor left open."""
    marks = re.findall(f"{re.escape(START)}|{re.escape(END)}", source)
    assert marks == [START, END] * (len(marks) // 2)
    return len(marks) // 2


@pytest.mark.parametrize("name", sorted(REGIONS))
def test_a_module_holds_its_regions_and_nothing_in_them(starter: Path, name: str) -> None:
    text = (starter / "cs231n" / name).read_text()
    assert regions(text) == REGIONS[name]
    for body in re.findall(f"{re.escape(START)}\n(.*?)# {re.escape(END)}", text, re.DOTALL):
        assert body.split() == ["pass"]


def cells(notebook: Path) -> dict[str, str]:
    """The code of a notebook by the ids of its cells."""
    book = nbformat.reads(notebook.read_text(), as_version=4)  # type: ignore[no-untyped-call]
    return {cell.id: cell.source for cell in book.cells if cell.cell_type == "code"}


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_a_notebook_is_valid_and_holds_its_questions(starter: Path, name: str) -> None:
    path = starter / name
    book = nbformat.reads(path.read_text(), as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert all(not cell.outputs for cell in book.cells if cell.cell_type == "code")
    for at, source in cells(path).items():
        compile(source, at, "exec")
        assert regions(source) == 0
    asked = inline_answers(read_notebook(name, path.read_bytes()))
    assert len(asked) == QUESTIONS[name]
    assert not any(answer.answered for answer in asked)


def test_given_modules_need_numpy_alone(starter: Path) -> None:
    script = """
import sys
class Fence:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"scipy", "PIL", "matplotlib", "imageio", "torch", "six", "h5py"}:
            raise ImportError(name)
sys.meta_path.insert(0, Fence())
import cs231n.captioning_solver, cs231n.classifiers.rnn, cs231n.coco_utils, cs231n.data_utils
import cs231n.gradient_check, cs231n.image_utils, cs231n.optim, cs231n.rnn_layers
"""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", script],
        cwd=starter,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr


# --- the notebooks' checks --------------------------------------------------------------------------


def printed(notebook: Path, *ids: str) -> str:
    """What some cells print after the setup cell, with the reference's answers."""
    source = cells(notebook)
    space: dict[str, Any] = {}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        # Pictures are not drawn here.
        setup = re.sub(r"^import matplotlib.*$", "", source[ids[0]], flags=re.MULTILINE)
        for code in (setup, *(source[name] for name in ids[1:])):
            exec(code, space)
    return out.getvalue()


CHECKS = {
    "RNN_Captioning": (
        *("step", "step-back", "forward", "backward", "embed", "embed-back", "affine", "softmax"),
        *("loss", "gradient"),
    ),
    "LSTM_Captioning": ("step", "step-back", "forward", "backward", "loss"),
}
COMPARED = {"RNN_Captioning": 28, "LSTM_Captioning": 17}


@pytest.mark.usefixtures("answered")
@pytest.mark.parametrize("part", sorted(CHECKS))
def test_the_checks_of_a_notebook_hold(finished: Path, part: str) -> None:
    short = {"RNN_Captioning": "rc", "LSTM_Captioning": "lc"}[part]
    checks = [f"{short}-{name}-check" for name in CHECKS[part]]
    text = printed(finished / f"{part}.ipynb", f"{short}-setup", *checks)
    errors = [float(e) for line in re.findall(r"relative error: *(.*)", text) for e in line.split()]
    assert len(errors) == COMPARED[part]
    assert max(errors) < 2e-6
    (difference,) = re.findall(r"difference: (\S+)", text)
    assert float(difference) < 1e-10


@pytest.mark.usefixtures("answered")
def test_the_data_cell_lists_what_was_read(finished: Path) -> None:
    text = printed(finished / "LSTM_Captioning.ipynb", "lc-setup", "lc-load")
    assert "train_captions (120, 17)" in text
    assert "idx_to_word" in text
