"""The a2 starter: untouched stubs say so, and everything that is given works."""

import importlib
import importlib.util
import io
import os
import pickletools
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import nbformat
import numpy as np
import pytest

from grader import assignments

EXTENSION = "cs231n.im2col_cython"
COMPILED = "reference.fast.im2col"
START = "*****START OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
END = "*****END OF YOUR CODE (DO NOT DELETE/MODIFY THIS LINE)*****"
NOTEBOOKS = {
    # part: (student regions, inline questions)
    "FullyConnectedNets": (1, 2),
    "BatchNormalization": (0, 4),
    "Dropout": (0, 2),
    "ConvolutionalNetworks": (0, 0),
    "PyTorch": (7, 1),
}
REGIONS = {
    "layers.py": 22,
    "optim.py": 3,
    "classifiers/fc_net.py": 3,
    "classifiers/cnn.py": 3,
    "layer_utils.py": 1,
    "im2col.py": 1,
}


def compiled_kernels() -> ModuleType | None:
    """The reference's compiled column functions, if they were built here."""
    try:
        return importlib.import_module(COMPILED)
    except ImportError:
        return None


KERNELS = {"numpy": None} | ({"compiled": k} if (k := compiled_kernels()) is not None else {})


def forget_starter() -> None:
    for name in [n for n in sys.modules if n.split(".")[0] == "cs231n"]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The whole starter, as a student unpacks it."""
    folder = tmp_path_factory.mktemp("starter")
    assignments.load("a2").starter.write(folder)
    return folder


@pytest.fixture
def on_path(starter: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.syspath_prepend(str(starter))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    forget_starter()
    yield
    forget_starter()


@pytest.fixture
def layers(on_path: None) -> Any:
    return importlib.import_module("cs231n.layers")


@pytest.fixture(params=sorted(KERNELS))
def fast(on_path: None, request: pytest.FixtureRequest) -> Any:
    kernels = KERNELS[request.param]
    if kernels is not None:
        sys.modules[EXTENSION] = kernels
    return importlib.import_module("cs231n.fast_layers")


# --- untouched stubs ----------------------------------------------------------------------------

X = np.arange(12.0).reshape(4, 3)
IMAGES = np.arange(2.0 * 4 * 5 * 6).reshape(2, 4, 5, 6)
G3, G4 = np.ones(3), np.ones(4)


def test_forward_stubs_return_none_and_the_documented_cache(layers: Any) -> None:
    w, b = np.ones((3, 2)), np.ones(2)
    out, cache = layers.affine_forward(X, w, b)
    assert out is None
    assert [a is given for a, given in zip(cache, (X, w, b), strict=True)] == [True] * 3
    out, cache = layers.relu_forward(X)
    assert out is None
    assert cache is X
    given = (IMAGES, np.ones((2, 4, 3, 3)), b, {"stride": 1, "pad": 0})
    out, cache = layers.conv_forward_naive(*given)
    assert out is None
    assert all(a is g for a, g in zip(cache, given, strict=True))
    pool = {"pool_height": 2, "pool_width": 2, "stride": 1}
    out, cache = layers.max_pool_forward_naive(IMAGES, pool)
    assert out is None
    assert cache[0] is IMAGES
    assert cache[1] is pool


def test_loss_and_normalization_stubs_return_none_twice(layers: Any) -> None:
    assert layers.softmax_loss(X, np.zeros(4, dtype=int)) == (None, None)
    assert layers.layernorm_forward(X, G3, G3, {}) == (None, None)
    assert layers.spatial_batchnorm_forward(IMAGES, G4, G4, {"mode": "train"}) == (None, None)
    assert layers.spatial_groupnorm_forward(IMAGES, G4, G4, 2, {}) == (None, None)


@pytest.mark.parametrize("mode", ["train", "test"])
def test_batchnorm_stub_still_writes_running_values(layers: Any, mode: str) -> None:
    bn_param: dict[str, Any] = {"mode": mode}
    assert layers.batchnorm_forward(X, G3, G3, bn_param) == (None, None)
    assert bn_param["running_mean"].tolist() == [0, 0, 0]
    assert bn_param["running_var"].tolist() == [0, 0, 0]


def test_batchnorm_refuses_an_unknown_mode(layers: Any) -> None:
    with pytest.raises(ValueError, match="sleep"):
        layers.batchnorm_forward(X, G3, G3, {"mode": "sleep"})


def test_backward_stubs_return_none_per_gradient(layers: Any) -> None:
    assert layers.affine_backward(X, (X, X, X)) == (None, None, None)
    assert layers.relu_backward(X, X) is None
    assert layers.conv_backward_naive(X, (X, X, X, {})) == (None, None, None)
    assert layers.max_pool_backward_naive(X, (X, {})) is None
    for name in (
        "batchnorm_backward",
        "batchnorm_backward_alt",
        "layernorm_backward",
        "spatial_batchnorm_backward",
        "spatial_groupnorm_backward",
    ):
        assert getattr(layers, name)(X, None) == (None, None, None)


@pytest.mark.parametrize("mode", ["train", "test"])
def test_dropout_forward_stub_fails_at_the_given_cast(layers: Any, mode: str) -> None:
    with pytest.raises(AttributeError, match="astype"):
        layers.dropout_forward(X, {"mode": mode, "p": 0.5})


def test_dropout_backward_stub_gives_its_test_branch_only(layers: Any) -> None:
    assert layers.dropout_backward(X, ({"mode": "train"}, X)) is None
    assert layers.dropout_backward(X, ({"mode": "test"}, None)) is X


def test_update_rule_stubs_return_none_and_their_defaults(on_path: None) -> None:
    optim = importlib.import_module("cs231n.optim")
    defaults: dict[str, dict[str, float]] = {
        "sgd_momentum": {"learning_rate": 1e-2, "momentum": 0.9, "velocity": 0},
        "rmsprop": {"learning_rate": 1e-2, "decay_rate": 0.99, "epsilon": 1e-8, "cache": 0},
        "adam": {
            "learning_rate": 1e-3,
            "beta1": 0.9,
            "beta2": 0.999,
            "epsilon": 1e-8,
            "m": 0,
            "v": 0,
            "t": 0,
        },
    }
    for rule, expected in defaults.items():
        next_w, config = getattr(optim, rule)(X, X)
        assert next_w is None
        assert {key: np.unique(value).tolist() for key, value in config.items()} == {
            key: [value] for key, value in expected.items()
        }


def test_sgd_is_given_and_works_in_place(on_path: None) -> None:
    optim = importlib.import_module("cs231n.optim")
    w = np.ones(3)
    next_w, config = optim.sgd(w, np.ones(3))
    assert next_w is w
    assert w.tolist() == [0.99] * 3
    assert config == {"learning_rate": 1e-2}


@pytest.mark.parametrize("normalization", [None, "batchnorm", "layernorm"])
def test_fully_connected_stub_is_empty(on_path: None, normalization: str | None) -> None:
    fc_net = importlib.import_module("cs231n.classifiers.fc_net")
    net = fc_net.FullyConnectedNet(
        [5, 4], normalization=normalization, dropout_keep_ratio=0.5, seed=3
    )
    assert net.params == {}
    assert net.loss(X) is None
    assert net.loss(X, np.zeros(4, dtype=int)) == (0.0, {})
    assert net.dropout_param == {"mode": "train", "p": 0.5, "seed": 3}
    entry = {None: None, "batchnorm": {"mode": "train"}, "layernorm": {}}[normalization]
    assert net.bn_params == ([] if entry is None else [entry, entry])


def test_convolutional_stub_misses_its_first_parameter(on_path: None) -> None:
    cnn = importlib.import_module("cs231n.classifiers.cnn")
    net = cnn.ThreeLayerConvNet()
    assert net.params == {}
    with pytest.raises(KeyError, match="W1"):
        net.loss(IMAGES)


def test_classifiers_is_a_namespace_package(starter: Path) -> None:
    assert not (starter / "cs231n" / "classifiers" / "__init__.py").exists()


# --- files --------------------------------------------------------------------------------------


def regions(source: str) -> int:
    """How many student regions a source has; they must be neither nested nor left open."""
    marks = re.findall(f"{re.escape(START)}|{re.escape(END)}", source)
    assert marks == [START, END] * (len(marks) // 2)
    return len(marks) // 2


def test_every_module_holds_its_regions(starter: Path) -> None:
    package = starter / "cs231n"
    found = {
        path.relative_to(package).as_posix(): regions(path.read_text("utf-8"))
        for path in package.rglob("*.py")
    }
    assert {name: count for name, count in found.items() if count} == REGIONS


def test_regions_hold_nothing_but_pass(starter: Path) -> None:
    for path in (starter / "cs231n").rglob("*.py"):
        for body in re.findall(
            f"{re.escape(START)}\n(.*?)# {re.escape(END)}", path.read_text("utf-8"), re.S
        ):
            code = [line.strip() for line in body.splitlines() if not re.match(r"\s*(#|$)", line)]
            assert code == ["pass"]


def test_no_line_is_too_long(starter: Path) -> None:
    for path in starter.rglob("*.py*"):
        long = [line for line in path.read_text("utf-8").splitlines() if len(line) > 100]
        assert long == [], path.name


def test_the_notebooks_are_all_there(starter: Path) -> None:
    assert {path.stem for path in starter.glob("*.ipynb")} == set(NOTEBOOKS)


@pytest.mark.parametrize("part", sorted(NOTEBOOKS))
def test_notebook_is_valid_and_holds_its_regions_and_questions(starter: Path, part: str) -> None:
    text = (starter / f"{part}.ipynb").read_text("utf-8")
    book = nbformat.reads(text, as_version=nbformat.NO_CONVERT)  # type: ignore[no-untyped-call]
    nbformat.validate(book)
    assert (book.nbformat, book.nbformat_minor) == (4, 5)
    assert book.metadata.kernelspec.name == "python3"

    code = [cell.source for cell in book.cells if cell.cell_type == "code"]
    prose = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    assert all(not cell.outputs for cell in book.cells if cell.cell_type == "code")
    for source in code:
        compile(source, part, "exec")
    questions = [source for source in prose if re.match(r"#+ Inline Question \d", source)]
    assert (sum(map(regions, code)), len(questions)) == NOTEBOOKS[part]
    assert all("Answer:\n[FILL THIS IN]" in source for source in questions)


def test_overfitting_cells_have_their_two_values_and_no_markers(starter: Path) -> None:
    text = (starter / "FullyConnectedNets.ipynb").read_text("utf-8")
    book = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    cells = {cell.id: cell.source for cell in book.cells}
    for cell, scale, rate in [("fc-overfit3", "1e-2", "1e-4"), ("fc-overfit5", "1e-5", "2e-3")]:
        assert f"weight_scale = {scale}" in cells[cell]
        assert f"learning_rate = {rate}" in cells[cell]
        assert START not in cells[cell]


def test_setup_imports_need_numpy_alone(starter: Path) -> None:
    script = """
import sys
class Fence:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"scipy", "PIL", "matplotlib", "imageio", "torch", "six"}:
            raise ImportError(name)
sys.meta_path.insert(0, Fence())
import cs231n.classifiers.cnn, cs231n.classifiers.fc_net, cs231n.data_utils
import cs231n.gradient_check, cs231n.image_utils, cs231n.solver, cs231n.vis_utils
"""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-B", "-c", script],
        cwd=starter,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    assert "build_ext" in run.stdout


# --- collecting ---------------------------------------------------------------------------------


def test_collecting_without_a_required_file_fails_and_names_it(
    starter: Path, tmp_path: Path
) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(starter, tree)
    (tree / "cs231n" / "optim.py").unlink()
    run = subprocess.run(
        ["bash", "collectSubmission.sh"], cwd=tree, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1
    assert "cs231n/optim.py" in run.stderr
    assert not (tree / "a2_code_submission.zip").exists()


def test_collecting_packs_notebooks_and_code(starter: Path, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    shutil.copytree(starter, tree)
    (tree / "makepdf.py").write_text("")
    (tree / ".hidden").mkdir()
    (tree / ".hidden" / "stray.py").write_text("")
    # A stand-in for zip that writes down what it is asked to pack.
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "zip").write_text('#!/bin/sh\ncat > "$3"\n')
    (tools / "zip").chmod(0o755)
    run = subprocess.run(
        ["bash", "collectSubmission.sh"],
        cwd=tmp_path / "tree",
        env={"PATH": f"{tools}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    packed = set((tree / "a2_code_submission.zip").read_text().split())
    assert {f"{part}.ipynb" for part in NOTEBOOKS} <= packed
    assert {"cs231n/layers.py", "cs231n/classifiers/cnn.py", "cs231n/im2col_cython.pyx"} <= packed
    assert not {"makepdf.py", ".hidden/stray.py"} & packed


# --- solver -------------------------------------------------------------------------------------


class SoftmaxModel:
    """A linear classifier with a closed-form gradient."""

    def __init__(self) -> None:
        self.params: dict[str, Any] = {"W": np.zeros((2, 3))}

    def loss(self, X: Any, y: Any = None) -> Any:
        scores = X @ self.params["W"]
        if y is None:
            return scores
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        loss = -np.log(p[rows, y]).mean()
        p[rows, y] -= 1
        return loss, {"W": X.T @ p / len(y)}


@pytest.fixture
def blobs() -> dict[str, Any]:
    rng = np.random.default_rng(7)
    centres = np.array([[4.0, 0.0], [-4.0, 3.0], [-4.0, -3.0]])
    y = rng.integers(3, size=70)
    X = centres[y] + rng.standard_normal((70, 2))
    return {"X_train": X[:50], "y_train": y[:50], "X_val": X[50:], "y_val": y[50:]}


@pytest.fixture
def solver_class(on_path: None) -> Any:
    return importlib.import_module("cs231n.solver").Solver


def test_solver_trains_a_softmax_model(
    solver_class: Any, blobs: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    np.random.seed(0)  # noqa: NPY002 - the solver draws from the global generator
    model = SoftmaxModel()
    config = {"learning_rate": 0.5}
    solver = solver_class(
        model, blobs, optim_config=config, lr_decay=0.5, batch_size=10, num_epochs=4, print_every=7
    )
    solver.train()
    assert len(solver.loss_history) == 20
    assert len(solver.train_acc_history) == len(solver.val_acc_history) == 5
    assert solver.loss_history[-1] < solver.loss_history[0] / 4
    assert max(solver.val_acc_history) == solver.best_val_acc > 0.9
    assert solver.epoch == 4
    assert model.params is solver.best_params
    assert config == {"learning_rate": 0.5}
    assert solver.optim_configs["W"]["learning_rate"] == 0.5**5
    printed = capsys.readouterr().out
    assert re.search(r"^\(Iteration 8 / 20\) loss: \d\.\d{6}$", printed, re.M)
    assert re.search(r"^\(Epoch 4 / 4\) train acc: \d\.\d{6}; val_acc: \d\.\d{6}$", printed, re.M)


def test_solver_saves_checkpoints(
    solver_class: Any, blobs: dict[str, Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name = str(tmp_path / "run")
    solver_class(SoftmaxModel(), blobs, num_epochs=2, checkpoint_name=name, verbose=False).train()
    assert capsys.readouterr().out == ""
    with np.load(tmp_path / "run_epoch_2.npz", allow_pickle=False) as saved:
        assert saved["params/W"].shape == (2, 3)
        assert len(saved["loss_history"]) == 2


def test_solver_without_any_success_keeps_no_parameters(
    solver_class: Any, blobs: dict[str, Any]
) -> None:
    model = SoftmaxModel()
    never = blobs | {"y_val": np.full(20, 9)}
    solver_class(model, never, num_epochs=1, verbose=False).train()
    assert model.params == {}


def test_solver_misses_a_gradient_by_name(solver_class: Any, blobs: dict[str, Any]) -> None:
    model = SoftmaxModel()
    model.params["b"] = np.zeros(3)
    with pytest.raises(KeyError, match="b"):
        solver_class(model, blobs, verbose=False).train()


def test_solver_refuses_unknown_arguments_and_rules(
    solver_class: Any, blobs: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match="momentun"):
        solver_class(SoftmaxModel(), blobs, momentun=1)
    with pytest.raises(ValueError, match="sgdd"):
        solver_class(SoftmaxModel(), blobs, update_rule="sgdd")


def test_accuracy_counts_the_last_short_batch(solver_class: Any, blobs: dict[str, Any]) -> None:
    solver = solver_class(SoftmaxModel(), blobs, verbose=False)
    solver.model.params["W"] = np.array([[1.0, -1.0, -1.0], [0.0, 1.0, -1.0]])
    X = np.array([[1.0, 0.0], [-1.0, 2.0], [-1.0, -2.0]])
    assert solver.check_accuracy(X, np.array([0, 1, 0]), batch_size=2) == pytest.approx(2 / 3)
    assert solver.check_accuracy(X, np.array([0, 1, 2]), num_samples=2) == 1


# --- fast layers --------------------------------------------------------------------------------

WINDOWS = [
    # H, W, HH, WW, stride, pad
    (5, 7, 3, 3, 1, 1),
    (7, 5, 3, 2, 2, 1),
    (6, 8, 2, 3, 1, 0),
    (8, 6, 3, 4, 3, 2),  # rows and columns are left over
    (4, 4, 4, 4, 2, 0),
]


def correlate(x: Any, w: Any, b: Any, stride: int, pad: int) -> Any:
    """Convolution by its definition, one output at a time."""
    N, _, H, W = x.shape
    F, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // stride, 1 + (W + 2 * pad - WW) // stride))
    for n, f, i, j in np.ndindex(*out.shape):
        patch = xp[n, :, i * stride : i * stride + HH, j * stride : j * stride + WW]
        out[n, f, i, j] = np.sum(patch * w[f]) + b[f]
    return out


def correlate_gradients(dout: Any, x: Any, w: Any, stride: int, pad: int) -> tuple[Any, Any, Any]:
    _, _, H, W = x.shape
    _, _, HH, WW = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for n, f, i, j in np.ndindex(*dout.shape):
        window = (
            n,
            slice(None),
            slice(i * stride, i * stride + HH),
            slice(j * stride, j * stride + WW),
        )
        dw[f] += dout[n, f, i, j] * xp[window]
        dxp[window] += dout[n, f, i, j] * w[f]
    return dxp[:, :, pad : pad + H, pad : pad + W], dw, dout.sum(axis=(0, 2, 3))


@pytest.mark.parametrize("method", ["fast", "strides", "im2col"])
@pytest.mark.parametrize("window", WINDOWS)
def test_convolution_agrees_with_its_definition(
    fast: Any, method: str, window: tuple[int, ...]
) -> None:
    H, W, HH, WW, stride, pad = window
    rng = np.random.default_rng(3)
    x, w = rng.standard_normal((2, 3, H, W)), rng.standard_normal((5, 3, HH, WW))
    b, before = rng.standard_normal(5), x.copy()
    forward = getattr(fast, f"conv_forward_{method}")
    backward = getattr(fast, f"conv_backward_{method}")
    out, cache = forward(x, w, b, {"stride": stride, "pad": pad})
    np.testing.assert_allclose(out, correlate(x, w, b, stride, pad), rtol=1e-12, atol=1e-12)
    dout = rng.standard_normal(out.shape)
    expected = correlate_gradients(dout, x, w, stride, pad)
    for grad, right in zip(backward(dout, cache), expected, strict=True):
        np.testing.assert_allclose(grad, right, rtol=1e-12, atol=1e-12)
    np.testing.assert_array_equal(x, before)
    assert cache[0] is x


def pool(x: Any, dout: Any, height: int, width: int, stride: int) -> tuple[Any, Any]:
    """Maxima and their gradient, one window at a time; x has no ties."""
    N, C, H, W = x.shape
    out = np.zeros((N, C, 1 + (H - height) // stride, 1 + (W - width) // stride))
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*out.shape):
        window = (
            n,
            c,
            slice(i * stride, i * stride + height),
            slice(j * stride, j * stride + width),
        )
        out[n, c, i, j] = x[window].max()
        dx[window] += dout[n, c, i, j] * (x[window] == out[n, c, i, j])
    return out, dx


@pytest.mark.parametrize(
    ("window", "method"),
    [
        # H, W, height, width, stride
        ((6, 8, 2, 2, 2), "reshape"),
        ((6, 9, 3, 3, 3), "reshape"),
        ((7, 5, 3, 3, 2), "im2col"),
        ((5, 6, 3, 3, 1), "im2col"),
        ((7, 6, 3, 2, 2), "im2col"),
        ((5, 7, 2, 2, 2), "im2col"),  # rows and columns are left over
    ],
)
def test_pooling_agrees_with_its_definition(
    fast: Any, window: tuple[int, ...], method: str
) -> None:
    H, W, height, width, stride = window
    rng = np.random.default_rng(4)
    x = rng.permutation(2.0 * 3 * H * W * np.arange(1, 2 * 3 * H * W + 1)).reshape(2, 3, H, W)
    out_shape = (2, 3, 1 + (H - height) // stride, 1 + (W - width) // stride)
    dout = rng.standard_normal(out_shape)
    right, dright = pool(x, dout, height, width, stride)
    params = {"pool_height": height, "pool_width": width, "stride": stride}
    out, cache = fast.max_pool_forward_fast(x, params)
    assert cache[0] == method
    np.testing.assert_array_equal(out, right)
    np.testing.assert_allclose(fast.max_pool_backward_fast(dout, cache), dright, atol=1e-15)


def test_tiled_pooling_shares_ties_evenly(fast: Any) -> None:
    _, cache = fast.max_pool_forward_fast(
        np.ones((1, 1, 2, 2)), {"pool_height": 2, "pool_width": 2, "stride": 2}
    )
    dx = fast.max_pool_backward_fast(np.ones((1, 1, 1, 1)), cache)
    assert dx.ravel().tolist() == [0.25] * 4


def test_sandwich_layers_chain_the_layers_they_name(
    on_path: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    layer_utils = importlib.import_module("cs231n.layer_utils")
    monkeypatch.setattr(layer_utils, "relu_forward", lambda x: (np.maximum(x, 0), x))
    monkeypatch.setattr(layer_utils, "relu_backward", lambda dout, x: dout * (x > 0))
    rng = np.random.default_rng(5)
    x, w, b = rng.standard_normal((2, 3, 6, 6)), rng.standard_normal((4, 3, 3, 3)), np.ones(4)
    pool_param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    out, cache = layer_utils.conv_relu_pool_forward(x, w, b, {"stride": 1, "pad": 1}, pool_param)
    maps = correlate(x, w, b, 1, 1)
    dout = rng.standard_normal(out.shape)
    right, dactive = pool(np.maximum(maps, 0), dout, 2, 2, 2)
    np.testing.assert_allclose(out, right, rtol=1e-12)
    expected = correlate_gradients(dactive * (maps > 0), x, w, 1, 1)
    for grad, exact in zip(layer_utils.conv_relu_pool_backward(dout, cache), expected, strict=True):
        np.testing.assert_allclose(grad, exact, rtol=1e-10, atol=1e-12)


# --- numeric gradients --------------------------------------------------------------------------


@pytest.fixture
def gradients(on_path: None) -> Any:
    return importlib.import_module("cs231n.gradient_check")


def test_numeric_gradient_of_a_quadratic(
    gradients: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    x = np.arange(6.0).reshape(2, 3)
    grad = gradients.eval_numerical_gradient(lambda x: np.sum(x**2), x)
    np.testing.assert_allclose(grad, 2 * x, atol=1e-8)
    assert len(capsys.readouterr().out.splitlines()) == 6
    gradients.eval_numerical_gradient(lambda x: np.sum(x**2), x, verbose=False)
    assert capsys.readouterr().out == ""
    np.testing.assert_array_equal(x, np.arange(6.0).reshape(2, 3))


def test_numeric_gradient_of_an_array_takes_the_upstream_one(gradients: Any) -> None:
    x, df = np.arange(3.0), np.array([1.0, -2.0, 3.0])
    grad = gradients.eval_numerical_gradient_array(lambda x: x**2, x, df)
    np.testing.assert_allclose(grad, 2 * x * df, atol=1e-8)


def test_numeric_gradients_of_blobs_and_nets(gradients: Any) -> None:
    def blob(*values: float) -> Any:
        return SimpleNamespace(vals=np.array(values), diffs=np.ones(len(values)))

    a, b, out = blob(1.0, 2.0), blob(3.0, 4.0), blob(0.0, 0.0)
    out.diffs = np.array([1.0, 10.0])

    def multiply(first: Any, second: Any, result: Any) -> None:
        result.vals = first.vals**2 * second.vals

    net = SimpleNamespace(forward=lambda: multiply(a, b, out))
    for grad_a, grad_b in (
        gradients.eval_numerical_gradient_blobs(multiply, (a, b), out),
        gradients.eval_numerical_gradient_net(net, (a, b), out),
    ):
        np.testing.assert_allclose(grad_a, [6, 160], atol=1e-7)
        np.testing.assert_allclose(grad_b, [1, 40], atol=1e-7)


def test_sparse_check_prints_one_line_per_entry(
    gradients: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    x = np.arange(1.0, 7.0).reshape(2, 3)
    gradients.grad_check_sparse(lambda x: np.sum(x**2), x, 2 * x, num_checks=4)
    errors = re.findall(r"relative error: (\S+)", capsys.readouterr().out)
    assert len(errors) == 4
    assert all(float(error) < 1e-8 for error in errors)


# --- data and pictures --------------------------------------------------------------------------

# A pickle is a program; this one would call os.getcwd.
CALLS_OS = b"cos\ngetcwd\n(tR."
# CIFAR-10 as Python 2 wrote it: {'data': array of 2 x 3072 uint8, 'labels': [3, 8]}, protocol 2.
PYTHON2_BATCH = (
    b"\x80\x02}q\x00(U\x04datacnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n"
    b"K\x00\x85U\x01b\x87R(K\x01K\x02M\x00\x0c\x86cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R"
    b"(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T\x00\x18\x00\x00"
    + bytes(range(256)) * 24
    + b"tbU\x06labels](K\x03K\x08eu."
)


@pytest.fixture
def readers(on_path: None) -> Any:
    return importlib.import_module("cs231n.data_utils")


def test_old_cifar_files_are_read(readers: Any, tmp_path: Path) -> None:
    pickletools.dis(PYTHON2_BATCH, out=io.StringIO())
    (tmp_path / "data_batch_1").write_bytes(PYTHON2_BATCH)
    X, y = readers.load_CIFAR_batch(str(tmp_path / "data_batch_1"))
    assert X.shape == (2, 32, 32, 3)
    assert X.dtype == np.float64
    assert y.tolist() == [3, 8]
    planes = np.frombuffer(bytes(range(256)) * 24, dtype=np.uint8).reshape(2, 3, 32, 32)
    np.testing.assert_array_equal(X, planes.transpose(0, 2, 3, 1))


def test_cifar_is_split_centred_and_transposed(
    readers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    folder.mkdir()
    for name in [f"data_batch_{b}" for b in range(1, 6)] + ["test_batch"]:
        (folder / name).write_bytes(PYTHON2_BATCH)
    monkeypatch.setattr(readers, "_DATASETS", str(tmp_path))
    sets = readers.get_CIFAR10_data(num_training=7, num_validation=2, num_test=1)
    assert {name: value.shape for name, value in sets.items()} == {
        "X_train": (7, 3, 32, 32),
        "y_train": (7,),
        "X_val": (2, 3, 32, 32),
        "y_val": (2,),
        "X_test": (1, 3, 32, 32),
        "y_test": (1,),
    }
    np.testing.assert_allclose(sets["X_train"].mean(axis=0), 0, atol=1e-12)
    assert sets["y_val"].tolist() == [8, 3]


def test_pickles_that_call_anything_are_refused(readers: Any) -> None:
    with pytest.raises(Exception, match=r"os\.getcwd; only plain arrays"):
        readers.load_pickle(io.BytesIO(CALLS_OS))


def test_class_names_of_imagenet_are_read_without_numpys_unpickler(
    readers: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readers, "_DATASETS", str(tmp_path))
    with pytest.raises(FileNotFoundError, match="imagenet_val_25"):
        readers.load_imagenet_val()
    names = np.array({0: "tench", 3: "shark"}, dtype=object)
    np.savez(
        tmp_path / "imagenet_val_25.npz",
        X=np.zeros((3, 4, 4, 3)),
        y=np.array([0, 3, 0]),
        label_map=names,
    )
    X, y, class_names = readers.load_imagenet_val(num=2)
    assert X.shape == (2, 4, 4, 3)
    assert y.tolist() == [0, 3]
    assert class_names == {0: "tench", 3: "shark"}


def test_grids_hold_every_image(on_path: None) -> None:
    pictures = importlib.import_module("cs231n.vis_utils")
    images = np.stack([np.full((2, 3, 3), 5.0), np.arange(18.0).reshape(2, 3, 3)])
    grid = pictures.visualize_grid(images)
    assert grid.shape == (5, 7, 3)
    assert grid[:2, :3].max() == 0
    np.testing.assert_allclose(grid[:2, 4:7].ravel(), np.arange(18) * 15)
    assert pictures.vis_grid(images).shape == (6, 8, 3)
    assert pictures.vis_nn([[images[0], images[1]]]).shape == (3, 8, 3)


def test_preprocessing_is_undone(on_path: None) -> None:
    pictures = importlib.import_module("cs231n.image_utils")
    image = np.arange(48, dtype=np.uint8).reshape(4, 4, 3) * 5
    back = pictures.deprocess_image(pictures.preprocess_image(image))
    assert np.abs(back.astype(int) - image).max() <= 1
    blurred = pictures.blur_image(np.ones((1, 3, 5, 5)))
    np.testing.assert_allclose(blurred[:, :, 1:-1, 1:-1], 1)
