"""The assignments: the course's, listed by hand, and those that other packages offer (`plugins.py`).

Loading one imports its suites and, with them, the reference.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from grader.errors import UnknownAssignment

if TYPE_CHECKING:
    from grader.assignments.assignment import Assignment

_MODULES = {
    "a1": "grader.assignments.a1.assignment",
    "a2": "grader.assignments.a2.assignment",
    "a3": "grader.assignments.a3.assignment",
}

NAMES = tuple(_MODULES)
"""The course's own."""

LANDMARKS: Mapping[str, tuple[str, ...]] = {
    "a1": (
        "cs231n/classifiers/k_nearest_neighbor.py",
        "cs231n/classifiers/linear_svm.py",
        "cs231n/classifiers/softmax.py",
        "knn.ipynb",
        "svm.ipynb",
        "softmax.ipynb",
        "two_layer_net.ipynb",
        "features.ipynb",
    ),
    "a2": (
        "cs231n/classifiers/cnn.py",
        "BatchNormalization.ipynb",
        "Dropout.ipynb",
        "ConvolutionalNetworks.ipynb",
        "PyTorch.ipynb",
    ),
    "a3": (
        "cs231n/rnn_layers.py",
        "cs231n/transformer_layers.py",
        "cs231n/gan_pytorch.py",
        "cs231n/classifiers/rnn.py",
        "RNN_Captioning.ipynb",
        "Transformer_Captioning.ipynb",
        "Generative_Adversarial_Networks.ipynb",
        "LSTM_Captioning.ipynb",
    ),
}
"""Paths that only one assignment of the course has: they tell whose tree a folder is."""


def names() -> tuple[str, ...]:
    """Every name that `load` may know: the course's own, then what other packages offer."""
    from grader.assignments import plugins  # noqa: PLC0415 - whoever asks for a2 does without

    return (*NAMES, *(name for name in sorted(plugins.offered()) if name not in NAMES))


def load(name: str) -> "Assignment":
    """The assignment of this name.

    Raises: UnknownAssignment, AssignmentUnusable.
    """
    if name in _MODULES:
        assignment: Assignment = import_module(_MODULES[name]).ASSIGNMENT
        return assignment
    from grader.assignments import plugins  # noqa: PLC0415 - as above

    found = plugins.load(name, NAMES)
    if found is None:
        known = ", ".join(names())
        raise UnknownAssignment(f"there is no assignment {name!r} to grade; there is: {known}")
    return found
