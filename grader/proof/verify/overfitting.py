"""Trainings that need no data set: a network that learns can learn a handful of samples by heart."""

# ruff: noqa: NPY002 - the reference draws from NumPy's global generator, by the course's contract

from dataclasses import dataclass

import numpy as np

from grader.datasets import synthetic
from grader.proof.verify.training import Bar, Folders, Trained, Training
from reference import optim
from reference.arrays import Array, Param
from reference.classifiers import CaptioningRNN, FullyConnectedNet
from reference.solver import Solver

SEED = 231


@dataclass(frozen=True)
class Recipe:
    """A fully connected network, and how it is trained."""

    hidden_dims: tuple[int, ...]
    weight_scale: float
    learning_rate: float


THREE_LAYERS = Recipe((100, 100), weight_scale=3e-2, learning_rate=5e-3)
FIVE_LAYERS = Recipe((100, 100, 100, 100), weight_scale=8e-2, learning_rate=5e-3)
IMAGES = 50
EPOCHS = 20
CAPTIONED = 25
CAPTION_STEPS = 100


def fully_connected(recipe: Recipe) -> Trained:
    """Train on fifty images for twenty epochs, as the notebook does; the training accuracy."""
    np.random.seed(SEED)
    drawn = synthetic.images(SEED, train=IMAGES, test=IMAGES)
    mean = drawn.train.pixels.mean(axis=0)
    data = {
        "X_train": drawn.train.pixels - mean,
        "y_train": drawn.train.labels,
        "X_val": drawn.test.pixels - mean,
        "y_val": drawn.test.labels,
    }
    net = FullyConnectedNet(
        list(recipe.hidden_dims), weight_scale=recipe.weight_scale, dtype=np.float64
    )
    solver = Solver(
        net,
        data,
        optim_config={"learning_rate": recipe.learning_rate},
        batch_size=25,
        num_epochs=EPOCHS,
        verbose=False,
    )
    solver.train()
    curves = {
        "loss": tuple(solver.loss_history),
        "training accuracy": tuple(solver.train_acc_history),
    }
    return Trained(max(solver.train_acc_history), curves)


def captioning(cell_type: str) -> Trained:
    """Train on the captions of a few images, all of them at every step; the loss of the last step."""
    np.random.seed(SEED)
    drawn = synthetic.captions(SEED, train=CAPTIONED, validation=1)
    captions = drawn.train.captions
    features = drawn.train.features[drawn.train.image_indices]
    net = CaptioningRNN(
        drawn.vocabulary.numbers,
        input_dim=features.shape[1],
        wordvec_dim=64,
        hidden_dim=128,
        cell_type=cell_type,
    )
    losses = _descend(net, features, captions)
    return Trained(losses[-1], {"loss": tuple(losses)})


def _descend(net: CaptioningRNN, features: Array, captions: Array) -> list[float]:
    configs: dict[str, Param] = {name: {"learning_rate": 5e-3} for name in net.params}
    losses = []
    for _ in range(CAPTION_STEPS):
        loss, grads = net.loss(features, captions)
        losses.append(loss)
        for name, w in net.params.items():
            net.params[name], configs[name] = optim.adam(w, grads[name], configs[name])
    return losses


def _three_layers(_: Folders) -> Trained:
    return fully_connected(THREE_LAYERS)


def _five_layers(_: Folders) -> Trained:
    return fully_connected(FIVE_LAYERS)


def _rnn(_: Folders) -> Trained:
    return captioning("rnn")


def _lstm(_: Folders) -> Trained:
    return captioning("lstm")


TRAININGS = (
    Training(
        name="FullyConnectedNet of 3 layers learns 50 drawn images by heart in 20 epochs",
        assignment="a2",
        bar=Bar("≥", 1.0),
        needs=(),
        run=_three_layers,
    ),
    Training(
        name="FullyConnectedNet of 5 layers learns 50 drawn images by heart in 20 epochs",
        assignment="a2",
        bar=Bar("≥", 1.0),
        needs=(),
        run=_five_layers,
    ),
    Training(
        name="CaptioningRNN with an RNN learns 50 drawn captions by heart",
        assignment="a3",
        bar=Bar("<", 0.1),
        needs=(),
        run=_rnn,
    ),
    Training(
        name="CaptioningRNN with an LSTM learns 50 drawn captions by heart",
        assignment="a3",
        bar=Bar("<", 0.1),
        needs=(),
        run=_lstm,
    ),
)
