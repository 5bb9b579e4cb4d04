"""Affine layers, the losses and the linear classifiers."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np

from grader.proof.verify.golden.checksum import Golden, Results, det
from reference import layers
from reference.arrays import Array
from reference.classifiers import (
    softmax_loss_naive,
    softmax_loss_vectorized,
    svm_loss_naive,
    svm_loss_vectorized,
)

Loss: TypeAlias = Callable[[Array, Array, Array, float], tuple[float, Array]]


def _affine() -> Results:
    out, cache = layers.affine_forward(det((4, 2, 3), 0.7), det((6, 5), 1.1), det((5,), 1.3))
    dx, dw, db = layers.affine_backward(det((4, 5), 1.7), cache)
    return {"out": out, "dx": dx, "dw": dw, "db": db}


def _softmax_loss() -> Results:
    loss, dx = layers.softmax_loss(det((5, 4), 0.9, 3), np.array([0, 3, 1, 2, 3]))
    return {"loss": np.array(loss), "dx": dx}


def _svm_loss() -> Results:
    loss, dx = layers.svm_loss(det((5, 4), 0.9, 3), np.array([0, 3, 1, 2, 3]))
    return {"loss": np.array(loss), "dx": dx}


def _linear_svm() -> Results:
    return _both_ways(svm_loss_naive, svm_loss_vectorized)


def _linear_softmax() -> Results:
    return _both_ways(softmax_loss_naive, softmax_loss_vectorized)


def _both_ways(naive: Loss, vectorised: Loss) -> Results:
    arguments = (det((6, 4), 0.8, 0.5), det((7, 6), 1.9), np.array([0, 1, 2, 3, 0, 1, 2]), 0.25)
    (loss, dW), (loss_naive, dW_naive) = vectorised(*arguments), naive(*arguments)
    return {
        "loss": np.array(loss),
        "dW": dW,
        "loss, naive": np.array(loss_naive),
        "dW, naive": dW_naive,
    }


CARRIED = (
    Golden(
        "affine",
        _affine,
        {
            "out": (1.9553575098, 43.9504670019, 1.7315751498, -3.0072077596),
            "dx": (-2.9846112099, 25.2686476832, -0.2103459516, 1.607884908),
            "dw": (1.8600263888, 39.6769676767, 1.8676310357, -1.975074983),
            "db": (1.0765053029, 3.8028510725, 1.0220641587, 0.7252306609),
        },
    ),
    Golden(
        "softmax loss",
        _softmax_loss,
        {
            "loss": (1.5344924986, 1.5344924986, 1.5344924986, 1.5344924986),
            "dx": (0.0, 1.2926159181, -0.1363070798, -0.1943003353),
        },
    ),
)
"""What the second assignment carries over from the first."""

GOLDEN = (
    *CARRIED,
    Golden(
        "hinge loss",
        _svm_loss,
        {
            "loss": (2.4620284313, 2.4620284313, 2.4620284313, 2.4620284313),
            "dx": (0.0, 2.4, -0.2, -0.6),
        },
    ),
    Golden(
        "linear SVM",
        _linear_svm,
        {
            "loss": (3.4534976029, 3.4534976029, 3.4534976029, 3.4534976029),
            "dW": (0.0608840409, 10.3195215289, 0.0580028311, -0.6943427417),
            "loss, naive": (3.4534976029, 3.4534976029, 3.4534976029, 3.4534976029),
            "dW, naive": (0.0608840409, 10.3195215289, 0.0580028311, -0.6943427417),
        },
    ),
    Golden(
        "linear softmax",
        _linear_softmax,
        {
            "loss": (2.0708643964, 2.0708643964, 2.0708643964, 2.0708643964),
            "dW": (0.0608840409, 4.1033725363, 0.1659305847, -0.0616325567),
            "loss, naive": (2.0708643964, 2.0708643964, 2.0708643964, 2.0708643964),
            "dW, naive": (0.0608840409, 4.1033725363, 0.1659305847, -0.0616325567),
        },
    ),
)
