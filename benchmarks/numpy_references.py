"""The vectorised NumPy references beside what bounds them: bare matrix products, or copies in memory.

A function that multiplies matrices cannot be faster than its products alone. One that goes through arrays
element by element cannot be faster than memory; every NumPy operation reads and writes whole arrays, and
how much all operations of a function move is told in copies, each one array read and one written. What is
far from both is bound by its arithmetic, such as an exponential for each element.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from benchmarks.timing import in_turns
from reference import layers, optim
from reference.classifiers import KNearestNeighbor
from reference.classifiers.linear import softmax_loss_vectorized, svm_loss_vectorized

ROUNDS = 15
NEAR = 1.5
Array = npt.NDArray[Any]
Work = Callable[[], object]


@dataclass(frozen=True)
class Reference:
    """A function and the work that bounds it; `copies` of an array where that is memory."""

    name: str
    run: Work
    bound: Work
    copies: float = 0


def run() -> Iterator[str]:
    yield from _distances()
    for dtype in (np.float32, np.float64):
        for each in (*_products(dtype), *_streams(dtype)):
            yield _line(each, dtype.__name__)


def _distances() -> Iterator[str]:
    X, T = _drawn((500, 3072), np.float64), _drawn((5000, 3072), np.float64)
    classifier = KNearestNeighbor()
    classifier.train(T, np.zeros(len(T)))
    took, product = in_turns(
        ROUNDS, lambda: classifier.compute_distances_no_loops(X), lambda: X @ T.T
    )
    yield (
        f"kNN without loops, 500 x 5000 x 3072: {took * 1e3:.1f} ms, {took / product:.3f} x the bare "
        "matrix product (to reach: 1.1); near BLAS"
    )


def _products(dtype: type) -> Iterator[Reference]:
    X, W = _drawn((500, 3073), dtype), _drawn((3073, 10), dtype)
    y = np.arange(500) % 10
    scores = X @ W
    for name, loss in (
        ("svm_loss", svm_loss_vectorized),
        ("softmax_loss", softmax_loss_vectorized),
    ):
        yield Reference(
            f"{name}_vectorized, 500 x 3073 x 10",
            lambda loss=loss: loss(W, X, y, 1e-3),  # type: ignore[misc]
            lambda: (X @ W, X.T @ scores),
        )

    x, w, b = _drawn((200, 3072), dtype), _drawn((3072, 500), dtype), _drawn((500,), dtype)
    dout = _drawn((200, 500), dtype)
    cache = (x, w, b)
    yield Reference(
        "affine_forward, 200 x 3072 x 500", lambda: layers.affine_forward(x, w, b), lambda: x @ w
    )
    yield Reference(
        "affine_backward, 200 x 3072 x 500",
        lambda: layers.affine_backward(dout, cache),
        lambda: (dout @ w.T, x.T @ dout),
    )
    yield from _recurrent(dtype)


def _recurrent(dtype: type) -> Iterator[Reference]:
    N, D, H = 128, 256, 512
    x, h, c = _drawn((N, D), dtype), _drawn((N, H), dtype), _drawn((N, H), dtype)
    for name, gates in (("rnn_step", 1), ("lstm_step", 4)):
        Wx, Wh = _drawn((D, gates * H), dtype), _drawn((H, gates * H), dtype)
        b, da = _drawn((gates * H,), dtype), _drawn((N, gates * H), dtype)
        forward: Callable[..., Any] = getattr(layers, f"{name}_forward")
        backward: Callable[..., Any] = getattr(layers, f"{name}_backward")
        states, upstream = ((h,), (h,)) if gates == 1 else ((h, c), (h, c))
        cache = forward(x, *states, Wx, Wh, b)[-1]
        yield Reference(
            f"{name}_forward, {N} x {D} + {H}",
            lambda f=forward, s=states, Wx=Wx, Wh=Wh, b=b: f(x, *s, Wx, Wh, b),  # type: ignore[misc]
            lambda Wx=Wx, Wh=Wh: (x @ Wx, h @ Wh),  # type: ignore[misc]
        )
        yield Reference(
            f"{name}_backward, {N} x {D} + {H}",
            lambda f=backward, u=upstream, cache=cache: f(*u, cache),  # type: ignore[misc]
            lambda Wx=Wx, Wh=Wh, da=da: (da @ Wx.T, da @ Wh.T, x.T @ da, h.T @ da),  # type: ignore[misc]
        )


def _streams(dtype: type) -> Iterator[Reference]:
    x, dout = _drawn((128, 32_768), dtype), _drawn((128, 32_768), dtype)
    gamma, beta = _drawn((32_768,), dtype), _drawn((32_768,), dtype)
    at = "128 x 32768"

    def of(name: str, work: Work, copies: float) -> Reference:
        # A copy by an elementwise loop: copying proper does not read what it overwrites, and is quicker.
        return Reference(f"{name}, {at}", work, lambda: np.positive(x), copies)

    batch = layers.batchnorm_forward(x, gamma, beta, {"mode": "train"})[1]
    row = layers.layernorm_forward(x, gamma, beta, {})[1]
    dropped = layers.dropout_forward(x, {"mode": "train", "p": 0.5})[1]
    assert batch is not None
    # Reads and writes of whole arrays, operation by operation, halved.
    yield of("relu_forward", lambda: layers.relu_forward(x), 1)
    yield of("relu_backward", lambda: layers.relu_backward(dout, x), 2.25)
    yield of("dropout_backward", lambda: layers.dropout_backward(dout, dropped), 1.5)
    yield of("dropout_forward", lambda: layers.dropout_forward(x, {"mode": "train", "p": 0.5}), 8)
    yield of(
        "batchnorm_forward",
        lambda: layers.batchnorm_forward(x, gamma, beta, {"mode": "train"}),
        6,
    )
    yield of("batchnorm_backward", lambda: layers.batchnorm_backward(dout, batch), 12.5)
    yield of("batchnorm_backward_alt", lambda: layers.batchnorm_backward_alt(dout, batch), 9)
    yield of("layernorm_forward", lambda: layers.layernorm_forward(x, gamma, beta, {}), 6)
    yield of("layernorm_backward", lambda: layers.layernorm_backward(dout, row), 10.5)
    yield of("adam", lambda: optim.adam(x, dout, {"m": x, "v": np.abs(dout), "t": 3}), 16)
    yield of("softmax_loss", lambda: layers.softmax_loss(x, np.arange(128)), 6)


def _line(each: Reference, dtype: str) -> str:
    took, bound = in_turns(ROUNDS, each.run, each.bound)
    if each.copies:
        share = took / (each.copies * bound)
        what = f"{took / bound:.1f} copies' time, moving {each.copies:g} copies"
        limit = "memory"
    else:
        share = took / bound
        what = f"{share:.2f} x its bare products"
        limit = "BLAS"
    verdict = f"near {limit}" if share <= NEAR else f"{share:.1f} x {limit}: its arithmetic"
    return f"{dtype} {each.name}: {took * 1e3:.2f} ms, {what}; {verdict}"


def _drawn(shape: tuple[int, ...], dtype: type) -> Array:
    return np.asarray(np.random.default_rng(231).standard_normal(shape), dtype=dtype)
