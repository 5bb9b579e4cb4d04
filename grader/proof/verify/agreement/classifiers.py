"""The classifiers of the first assignment: naive, vectorised, PyTorch."""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from grader.proof.verify.agreement.comparison import (
    Case,
    Comparison,
    Results,
    Way,
    autograd,
    loss,
    sizes,
)
from grader.proof.verify.agreement.dense import hinge
from reference.arrays import Array
from reference.classifiers import (
    KNearestNeighbor,
    TwoLayerNet,
    softmax_loss_naive,
    softmax_loss_vectorized,
    svm_loss_naive,
    svm_loss_vectorized,
)

A1 = ("a1",)
REG = 0.25


def _neighbours_case(rng: np.random.Generator) -> Case:
    test, train, D = sizes(rng, 3)
    return Case({"X": rng.standard_normal((test, D)), "X_train": rng.standard_normal((train, D))})


def _distances(method: Callable[[KNearestNeighbor], Callable[[Array], Array]]) -> Way:
    def run(case: Case) -> Results:
        classifier = KNearestNeighbor()
        X_train = case.inputs["X_train"]
        classifier.train(X_train, np.zeros(len(X_train), dtype=int))
        return {"distances": method(classifier)(case.inputs["X"])}

    return Way(run)


def _cdist(case: Case) -> Results:
    X, X_train = (torch.tensor(array) for array in case.inputs.values())
    return {"distances": torch.cdist(X, X_train).numpy()}


def _linear_case(rng: np.random.Generator) -> Case:
    N, D, C = sizes(rng, 3, low=2)
    W = rng.standard_normal((D, C))
    return Case({"W": W}, (rng.standard_normal((N, D)), rng.integers(C, size=N), REG))


def _linear(fit: Callable[[Tensor, Tensor], Tensor]) -> Way:
    def penalised(W: Tensor, X: Tensor, y: Tensor, reg: float) -> Tensor:
        return fit(X @ W, y) + reg * (W**2).sum()

    return autograd(penalised)


def _net_case(rng: np.random.Generator) -> Case:
    N, D, H, C = sizes(rng, 4, low=2)
    shapes = {"W1": (D, H), "b1": (H,), "W2": (H, C), "b2": (C,)}
    params = {name: rng.standard_normal(shape) for name, shape in shapes.items()}
    return Case(params, (rng.standard_normal((N, D)), rng.integers(C, size=N), REG))


def _two_layer_net(  # noqa: PLR0917 - one for each parameter
    W1: Array, b1: Array, W2: Array, b2: Array, X: Array, y: Array, reg: float
) -> tuple[float, dict[str, Array]]:
    (input_dim, hidden_dim), (_, classes) = W1.shape, W2.shape
    net = TwoLayerNet(input_dim, hidden_dim, classes, reg=reg)
    net.params = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
    value, grads = net.loss(X, y)
    return value, {name: grads[name] for name in net.params}


def _torchs_net(  # noqa: PLR0917 - one for each parameter
    W1: Tensor, b1: Tensor, W2: Tensor, b2: Tensor, X: Tensor, y: Tensor, reg: float
) -> Tensor:
    scores = F.linear(F.linear(X, W1.T, b1).relu(), W2.T, b2)
    return F.cross_entropy(scores, y) + reg / 2 * ((W1**2).sum() + (W2**2).sum())


COMPARISONS = (
    Comparison(
        "distances of neighbours",
        A1,
        _neighbours_case,
        {
            "two loops": _distances(lambda knn: knn.compute_distances_two_loops),
            "one loop": _distances(lambda knn: knn.compute_distances_one_loop),
            "no loops": _distances(lambda knn: knn.compute_distances_no_loops),
            "torch": Way(_cdist),
        },
    ),
    Comparison(
        "linear SVM",
        A1,
        _linear_case,
        {
            "torch": _linear(hinge),
            "naive": loss(svm_loss_naive),
            "vectorised": loss(svm_loss_vectorized),
        },
    ),
    Comparison(
        "linear softmax",
        A1,
        _linear_case,
        {
            "torch": _linear(F.cross_entropy),
            "naive": loss(softmax_loss_naive),
            "vectorised": loss(softmax_loss_vectorized),
        },
    ),
    Comparison(
        "two-layer net",
        A1,
        _net_case,
        {"torch": autograd(_torchs_net), "NumPy": loss(_two_layer_net)},
    ),
)
