"""CaptioningRNN: the notebooks' losses, gradients, training, sampling word by word."""

# ruff: noqa: NPY002 - the networks draw from NumPy's global generator, by contract

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name

from reference import layers
from reference.classifiers import CaptioningRNN
from reference.gradcheck import projected_gradient
from reference.optim import adam

Array = npt.NDArray[Any]

VOCABULARY = {"<NULL>": 0, "<START>": 1, "<END>": 2, "a": 3, "cat": 4, "dog": 5, "runs": 6}
kinds = pytest.mark.parametrize("cell_type", ["rnn", "lstm"])


@pytest.mark.parametrize(
    ("cell_type", "features_to", "due"),
    [("rnn", (-1.5, 0.3), 9.83235591003), ("lstm", (-0.5, 1.7), 9.82445935443)],
)
def test_the_notebooks_losses(cell_type: str, features_to: tuple[float, float], due: float) -> None:
    words = {"<NULL>": 0, "cat": 2, "dog": 3}
    model = CaptioningRNN(words, 20, 30, 40, cell_type=cell_type, dtype=np.float64)
    for name, parameter in model.params.items():
        model.params[name] = np.linspace(-1.4, 1.3, num=parameter.size).reshape(parameter.shape)
    features = np.linspace(*features_to, num=200).reshape(10, 20)
    loss, grads = model.loss(features, (np.arange(130) % 3).reshape(10, 13))
    assert loss == pytest.approx(due, abs=1e-10)
    assert grads.keys() == model.params.keys()


@kinds
def test_parameters(cell_type: str) -> None:
    np.random.seed(231)
    params = CaptioningRNN(VOCABULARY, 400, 100, 225, cell_type).params
    columns = 225 * (4 if cell_type == "lstm" else 1)
    assert {name: p.shape for name, p in params.items()} == {
        "W_embed": (7, 100),
        "W_proj": (400, 225),
        "b_proj": (225,),
        "Wx": (100, columns),
        "Wh": (225, columns),
        "b": (columns,),
        "W_vocab": (225, 7),
        "b_vocab": (7,),
    }
    assert {p.dtype for p in params.values()} == {np.dtype(np.float32)}
    due = {"W_embed": 0.01, "W_proj": 1 / 20, "Wx": 1 / 10, "Wh": 1 / 15, "W_vocab": 1 / 15}
    for name, parameter in params.items():
        assert parameter.std() == pytest.approx(due.get(name, 0), rel=0.1)


@kinds
def test_gradients(cell_type: str) -> None:
    model, features, captions = drawn(cell_type)
    generator = np.random.default_rng(3)
    _, grads = model.loss(features, captions)
    assert grads.keys() == model.params.keys()
    for name, parameter in model.params.items():
        claim = projected_gradient(
            lambda _: model.loss(features, captions)[0], parameter, grads[name], generator
        )
        assert claim.error < 1e-6, name


def test_the_loss_is_autograds() -> None:
    model, features, captions = drawn("rnn")
    loss, grads = model.loss(features, captions)

    params = {name: torch.tensor(p, requires_grad=True) for name, p in model.params.items()}
    words = torch.tensor(captions)
    h = torch.tensor(features) @ params["W_proj"] + params["b_proj"]
    due = torch.zeros((), dtype=torch.float64)
    for t in range(words.shape[1] - 1):
        x = params["W_embed"][words[:, t]]
        h = torch.tanh(x @ params["Wx"] + h @ params["Wh"] + params["b"])
        scores = h @ params["W_vocab"] + params["b_vocab"]
        due = due + F.cross_entropy(scores, words[:, t + 1], ignore_index=0, reduction="sum")
    due = due / len(words)
    due.backward()  # type: ignore[no-untyped-call]
    assert loss == pytest.approx(due.item(), rel=1e-12)
    for name, tensor in params.items():
        assert tensor.grad is not None
        np.testing.assert_allclose(grads[name], tensor.grad.numpy(), rtol=1e-9, atol=1e-12)


def drawn(cell_type: str) -> tuple[CaptioningRNN, Array, Array]:
    """A small model, features, and captions of different lengths."""
    generator = np.random.default_rng(231)
    model = CaptioningRNN(VOCABULARY, 4, 5, 6, cell_type, dtype=np.float64)
    for name, parameter in model.params.items():
        model.params[name] = generator.normal(0, 0.5, parameter.shape)
    features = generator.standard_normal((3, 4))
    captions = np.array([[1, 3, 4, 6, 2], [1, 5, 2, 0, 0], [1, 3, 5, 2, 0]])
    features.flags.writeable = captions.flags.writeable = False
    return model, features, captions


@kinds
def test_a_handful_of_captions_is_learnt_by_heart(cell_type: str) -> None:
    generator = np.random.default_rng(1)
    features = generator.standard_normal((6, 10)).astype(np.float32)
    captions = np.zeros((6, 8), dtype=int)
    for caption in captions:
        length = int(generator.integers(2, 7))
        caption[: length + 2] = [1, *generator.integers(3, 7, size=length), 2]

    np.random.seed(231)
    model = CaptioningRNN(VOCABULARY, 10, 12, 24, cell_type)
    configs: dict[str, dict[str, Any]] = {name: {"learning_rate": 1e-2} for name in model.params}
    losses = []
    for _ in range(150):
        loss, grads = model.loss(features, captions)
        losses.append(loss)
        assert {grad.dtype for grad in grads.values()} == {np.dtype(np.float32)}
        for name, grad in grads.items():
            model.params[name], configs[name] = adam(model.params[name], grad, configs[name])
    assert losses[0] > 5
    assert losses[-1] < 0.1
    sampled = model.sample(features, max_length=7)
    np.testing.assert_array_equal(sampled, captions[:, 1:])


@kinds
def test_a_caption_is_followed_word_by_word(cell_type: str) -> None:
    """Each state is the word just read, one-hot; the next word is read off a table."""
    model = CaptioningRNN(VOCABULARY, 2, 7, 7, cell_type, dtype=np.float64)
    for parameter in model.params.values():
        parameter[...] = 0
    model.params["W_embed"][...] = np.eye(7)
    if cell_type == "rnn":
        model.params["Wx"][...] = 5 * np.eye(7)
    else:
        # Write all of the new, forget all of the old, show everything.
        model.params["b"][...] = np.repeat([20.0, -20.0, 20.0, 0.0], 7)
        model.params["Wx"][:, 21:] = 5 * np.eye(7)
    follows = {1: 3, 3: 4, 4: 6, 6: 2, 2: 5, 5: 5}
    for word, following in follows.items():
        model.params["W_vocab"][word, following] = 1
    captions = model.sample(np.zeros((2, 2)), max_length=6)
    assert captions.tolist() == [[3, 4, 6, 2, 0, 0]] * 2
    assert captions.dtype == np.int32
    assert model.sample(np.zeros((2, 2)), max_length=3).tolist() == [[3, 4, 6]] * 2


def test_the_image_and_the_memory_decide() -> None:
    """The state counts the steps from where the image sets it; the words read change nothing."""
    model = CaptioningRNN(VOCABULARY, 1, 1, 7, dtype=np.float64)
    for parameter in model.params.values():
        parameter[...] = 0
    model.params["W_proj"][0, :] = [0, 0, 0, 4, -4, 0, 0]
    # Unit 3 hands over to 4, 4 to 5, 5 to 6, 6 to 2: the sign and size of the image survive.
    for unit, following in [(3, 4), (4, 5), (5, 6), (6, 2)]:
        model.params["Wh"][unit, following] = 2
    model.params["W_vocab"][...] = np.eye(7)
    captions = model.sample(np.array([[1.0], [-1.0]]), max_length=5)
    assert captions[0].tolist() == [4, 5, 6, 2, 0]
    assert captions[1].tolist() == [5, 6, 2, 0, 0]


@kinds
def test_sampling_is_reading_the_whole_caption_so_far(cell_type: str) -> None:
    model, features, _ = drawn(cell_type)
    params = model.params
    params["W_vocab"] *= 4
    params["b_vocab"][[0, 2]] = -50.0  # captions of words, without an end
    h0 = features @ params["W_proj"] + params["b_proj"]
    captions = np.ones((3, 1), dtype=int)
    for _ in range(9):
        words = params["W_embed"][captions]
        forward = layers.lstm_forward if cell_type == "lstm" else layers.rnn_forward
        h, _ = forward(words, h0, params["Wx"], params["Wh"], params["b"])
        following = (h[:, -1] @ params["W_vocab"] + params["b_vocab"]).argmax(axis=1)
        captions = np.hstack([captions, following[:, None]])
    np.testing.assert_array_equal(model.sample(features, max_length=9), captions[:, 1:])
    assert len(np.unique(captions, axis=0)) > 1


def test_what_cannot_be_built_or_sampled_is_refused() -> None:
    with pytest.raises(ValueError, match='cell_type must be "rnn" or "lstm", not \'gru\''):
        CaptioningRNN(VOCABULARY, cell_type="gru")
    with pytest.raises(ValueError, match='sampling needs the word "<START>"'):
        CaptioningRNN({"<NULL>": 0, "cat": 1}).sample(np.zeros((1, 512)))
