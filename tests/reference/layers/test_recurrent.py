"""RNN and LSTM: the notebooks' numbers, golden checksums, and PyTorch's own cells."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

from reference import layers

Array = npt.NDArray[Any]
SIZES = [(2, 3, 10, 5), (1, 1, 1, 1), (3, 4, 2, 7), (4, 2, 6, 2)]  # N, D, T, H
kinds = pytest.mark.parametrize("kind", ["rnn", "lstm"])
each_size = pytest.mark.parametrize(("n", "d", "t", "h"), SIZES)


def spread(low: float, high: float, *shape: int) -> Array:
    return np.linspace(low, high, num=int(np.prod(shape))).reshape(shape)


def draw(shapes: list[tuple[int, ...]], dtype: npt.DTypeLike = np.float64) -> list[Array]:
    generator = np.random.default_rng(231)
    arrays = [generator.standard_normal(shape).astype(dtype) for shape in shapes]
    for array in arrays:
        array.flags.writeable = False
    return arrays


def sequence_inputs(
    kind: str, n: int, d: int, t: int, h: int, *, dtype: npt.DTypeLike = np.float64
) -> list[Array]:
    """x, h0, Wx, Wh, b."""
    width = 4 * h if kind == "lstm" else h
    return draw([(n, t, d), (n, h), (d, width), (h, width), (width,)], dtype)


def step_inputs(kind: str, n: int, d: int, h: int) -> list[Array]:
    """x, prev_h, for an LSTM prev_c, then Wx, Wh, b."""
    width = 4 * h if kind == "lstm" else h
    states = [(n, h)] * (2 if kind == "lstm" else 1)
    return draw([(n, d), *states, (d, width), (h, width), (width,)])


def layer(kind: str, which: str) -> Callable[..., Any]:
    function: Callable[..., Any] = getattr(layers, f"{kind}_{which}")
    return function


def torchs_layer(kind: str, tensors: list[torch.Tensor]) -> torch.Tensor:
    """The states h of PyTorch's own layer, whose gates stand in the order i, f, g, o."""
    x, h0, Wx, Wh, b = tensors
    d, h = x.shape[2], h0.shape[1]
    order = list(range(h))
    module: torch.nn.RNN | torch.nn.LSTM = torch.nn.RNN(d, h, batch_first=True)
    state: Any = h0[None]
    if kind == "lstm":
        order = [*range(2 * h), *range(3 * h, 4 * h), *range(2 * h, 3 * h)]
        module = torch.nn.LSTM(d, h, batch_first=True)
        state = (h0[None], torch.zeros_like(h0)[None])
    weights = {
        "weight_ih_l0": Wx[:, order].T,
        "weight_hh_l0": Wh[:, order].T,
        "bias_ih_l0": b[order],
        "bias_hh_l0": torch.zeros_like(b),
    }
    states: torch.Tensor = torch.func.functional_call(module.double(), weights, (x, state))[0]
    return states


@kinds
@each_size
def test_sequences_and_gradients_are_torchs(kind: str, n: int, d: int, t: int, h: int) -> None:
    inputs = sequence_inputs(kind, n, d, t, h)
    states, cache = layer(kind, "forward")(*inputs)
    dh = np.random.default_rng(7).standard_normal(states.shape)
    dh.flags.writeable = False
    grads = layer(kind, "backward")(dh, cache)

    tensors = [torch.tensor(array, requires_grad=True) for array in inputs]
    due = torchs_layer(kind, tensors)
    due.backward(torch.tensor(dh))  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(states, due.detach().numpy(), rtol=1e-10, atol=1e-12)
    assert len(grads) == len(tensors)
    for grad, tensor in zip(grads, tensors, strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(grad, tensor.grad.numpy(), rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("n", "d", "h"), [(4, 5, 6), (1, 3, 1), (3, 1, 4)])
def test_an_rnn_steps_gradients_are_autograds(n: int, d: int, h: int) -> None:
    inputs = step_inputs("rnn", n, d, h)
    next_h, cache = layers.rnn_step_forward(*inputs)
    grads = layers.rnn_step_backward(np.ones((n, h)), cache)

    x, prev_h, Wx, Wh, b = tensors = [torch.tensor(a, requires_grad=True) for a in inputs]
    due = torch.tanh(x @ Wx + prev_h @ Wh + b)
    due.sum().backward()  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(next_h, due.detach().numpy(), rtol=1e-12)
    for grad, tensor in zip(grads, tensors, strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(grad, tensor.grad.numpy(), rtol=1e-10, atol=1e-13)


@pytest.mark.parametrize(("n", "d", "h"), [(4, 5, 6), (1, 3, 1), (3, 1, 4)])
def test_an_lstm_steps_gradients_are_autograds(n: int, d: int, h: int) -> None:
    inputs = step_inputs("lstm", n, d, h)
    next_h, next_c, cache = layers.lstm_step_forward(*inputs)
    dnext_h, dnext_c = np.random.default_rng(7).standard_normal((2, n, h))
    dnext_h.flags.writeable = dnext_c.flags.writeable = False
    grads = layers.lstm_step_backward(dnext_h, dnext_c, cache)

    x, prev_h, prev_c, Wx, Wh, b = tensors = [torch.tensor(a, requires_grad=True) for a in inputs]
    i, f, o, g = (x @ Wx + prev_h @ Wh + b).chunk(4, dim=1)
    due_c = f.sigmoid() * prev_c + i.sigmoid() * g.tanh()
    due_h = o.sigmoid() * due_c.tanh()
    total = (due_h * torch.tensor(dnext_h) + due_c * torch.tensor(dnext_c)).sum()
    total.backward()  # type: ignore[no-untyped-call]
    np.testing.assert_allclose(next_h, due_h.detach().numpy(), rtol=1e-12)
    np.testing.assert_allclose(next_c, due_c.detach().numpy(), rtol=1e-12)
    for grad, tensor in zip(grads, tensors, strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(grad, tensor.grad.numpy(), rtol=1e-10, atol=1e-13)


@kinds
def test_float32_stays_float32(kind: str) -> None:
    states, cache = layer(kind, "forward")(*sequence_inputs(kind, 2, 3, 4, 5, dtype=np.float32))
    grads = layer(kind, "backward")(np.ones_like(states), cache)
    assert {array.dtype for array in (states, *grads)} == {np.dtype(np.float32)}


def test_the_notebooks_rnn_step() -> None:
    next_h, _ = layers.rnn_step_forward(
        spread(-0.4, 0.7, 3, 10),
        spread(-0.2, 0.5, 3, 4),
        spread(-0.1, 0.9, 10, 4),
        spread(-0.3, 0.7, 4, 4),
        spread(-0.2, 0.4, 4),
    )
    due = [
        [-0.58172089, -0.50182032, -0.41232771, -0.31410098],
        [0.66854692, 0.79562378, 0.87755553, 0.92795967],
        [0.97934501, 0.99144213, 0.99646691, 0.99854353],
    ]
    np.testing.assert_allclose(next_h, due, atol=6e-9)


def test_the_notebooks_rnn_sequence() -> None:
    h, _ = layers.rnn_forward(
        spread(-0.1, 0.3, 2, 3, 4),
        spread(-0.3, 0.1, 2, 5),
        spread(-0.2, 0.4, 4, 5),
        spread(-0.4, 0.1, 5, 5),
        spread(-0.7, 0.1, 5),
    )
    first = [-0.42070749, -0.27279261, -0.11074945, 0.05740409, 0.22236251]
    last = [-0.51014825, -0.30524429, -0.06755202, 0.17806392, 0.40333043]
    assert h.shape == (2, 3, 5)
    np.testing.assert_allclose(h[0, 0], first, atol=6e-9)
    np.testing.assert_allclose(h[-1, -1], last, atol=6e-9)


def test_the_notebooks_lstm_step() -> None:
    next_h, next_c, _ = layers.lstm_step_forward(
        spread(-0.4, 1.2, 3, 4),
        spread(-0.3, 0.7, 3, 5),
        spread(-0.4, 0.9, 3, 5),
        spread(-2.1, 1.3, 4, 20),
        spread(-0.7, 2.2, 5, 20),
        spread(0.3, 0.7, 20),
    )
    due_h = [0.24635157, 0.28610883, 0.32240467, 0.35525807, 0.38474904]
    due_c = [0.32986176, 0.39145139, 0.451556, 0.51014116, 0.56717407]
    np.testing.assert_allclose(next_h[0], due_h, atol=6e-9)
    np.testing.assert_allclose(next_c[0], due_c, atol=6e-9)
    np.testing.assert_allclose((next_h[-1, -1], next_c[-1, -1]), (0.858299, 1.42395676), atol=6e-7)


def test_the_notebooks_lstm_sequence() -> None:
    h, _ = layers.lstm_forward(
        spread(-0.4, 0.6, 2, 3, 5),
        spread(-0.4, 0.8, 2, 4),
        spread(-0.2, 0.9, 5, 16),
        spread(-0.3, 0.6, 4, 16),
        spread(0.2, 0.7, 16),
    )
    first = [0.01764008, 0.01823233, 0.01882671, 0.0194232]
    last = [0.81733511, 0.83677871, 0.85403753, 0.86935314]
    assert h.shape == (2, 3, 4)
    np.testing.assert_allclose(h[0, 0], first, atol=6e-9)
    np.testing.assert_allclose(h[-1, -1], last, atol=6e-9)


# Sum, sum of absolute values, first, last of h, dx, dh0, dWx, dWh and db.
GOLDEN = {
    "rnn": [
        (9.4244465588, 26.461883082, 0.9818982808, 0.9623146748),
        (3.4823756491, 13.2055062699, 0.0747672988, 0.325141048),
        (-0.4855755741, 1.2740070626, 0.0131478771, 0.144459188),
        (-1.8879932973, 6.3712334138, -0.1728384608, -0.6325320815),
        (-1.8020171441, 11.0698037039, -0.0542631752, -0.6401068773),
        (0.1268347073, 2.3457789475, 0.2628902381, -0.511856211),
    ],
    "lstm": [
        (-6.8576429214, 9.422454359, -0.2151083024, -0.3765322752),
        (0.9980677427, 3.2246736246, 0.049893929, 0.110234146),
        (0.3246526161, 0.4782415428, 0.0208255864, -0.0264062542),
        (-1.0071926327, 2.6958361275, 0.0472988187, -0.0069039867),
        (1.3193738408, 6.4504369422, -0.0100317122, -0.0163473007),
        (0.0261212037, 2.8104796527, -0.0356496786, 0.2038771143),
    ],
}


@kinds
def test_golden_checksums(kind: str, det: Callable[..., Array]) -> None:
    width = 20 if kind == "lstm" else 5
    weights = (det((3, width), 1.1), det((5, width), 1.3, 0.5), det((width,), 0.2))
    states, cache = layer(kind, "forward")(det((2, 4, 3), 0.7), det((2, 5), 0.3), *weights)
    grads = layer(kind, "backward")(det((2, 4, 5), 1.9), cache)
    for array, due in zip((states, *grads), GOLDEN[kind], strict=True):
        flat = array.ravel()
        got = (flat.sum(), np.abs(flat).sum(), flat[0], flat[-1])
        np.testing.assert_allclose(got, due, rtol=0, atol=6e-11)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_sigmoid_overflows_nowhere(dtype: type) -> None:
    x: Array = np.array([-1e4, -30, -1, 0, 1, 30, 1e4], dtype=dtype)
    x.flags.writeable = False
    with np.errstate(over="raise", invalid="raise"):
        got = layers.sigmoid(x)
    np.testing.assert_allclose(got, torch.sigmoid(torch.tensor(x)).numpy(), rtol=1e-6, atol=1e-45)
    np.testing.assert_allclose(got + got[::-1], 1, rtol=1e-6)
    assert got.dtype == dtype
