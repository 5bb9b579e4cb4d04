"""The classifiers of this assignment, each written in a module of its own.

    from cs231n.classifiers import KNearestNeighbor, LinearSVM, Softmax

A module is read when a name of it is asked for, so that an error in one of them stays there.
"""

from importlib import import_module

_MODULES = {
    "KNearestNeighbor": "k_nearest_neighbor",
    "LinearClassifier": "linear_classifier",
    "LinearSVM": "linear_classifier",
    "Softmax": "linear_classifier",
}
__all__ = list(_MODULES)


def __getattr__(name):
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f".{_MODULES[name]}", __name__), name)
