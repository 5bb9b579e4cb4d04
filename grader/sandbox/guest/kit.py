"""What scripts may call beside the student's own code: ``kit.tensor(x)``, ``kit.fill(net, seed)``.

A script is a few calls of the student's functions; what a notebook would do around them in torch
(make a tensor, set a network's parameters, take a gradient) is in the kit, which lies in the guest.
Its names are known when a suite loads; torch is imported when one of them is first used.

The kit decides nothing: it runs where the student's code runs, and could be patched by it. What is
right is known on the host alone.
"""

import importlib
from collections.abc import Callable
from typing import Any

NAMES = frozenset(
    {
        *("tensor", "variable", "grown", "gradients", "kind", "size", "rows", "anywhere"),
        *("fill", "shapes", "values", "weights", "descend", "rate"),
        *("pairs", "pair", "batches", "steps", "encoder", "place", "attempt"),
    }
)
"""Functions of `torch_kit`."""


MADE_WITH = "_made_with"
"""Where a module whose method is given keeps the numbers it was made with."""


class Unfit(Exception):
    """The student's code gave something with which the script cannot go on; the text says what."""


class Nothing(Unfit):
    """It gave None."""


def find(name: str) -> Callable[..., Any]:
    """The kit's function of this name."""
    module = importlib.import_module(".torch_kit", __package__)
    function: Callable[..., Any] = getattr(module, name)
    return function
