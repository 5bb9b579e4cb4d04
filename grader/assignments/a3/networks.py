"""Networks of torch run in the trusted process: the reference's, with the parameters of a case.

A case holds a seed, not parameters: the same function fills a student's network and the reference's.
"""

from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from grader.cases.dense import Array
from grader.checks.outcome import Differentiable
from grader.sandbox.guest import torch_kit

M = TypeVar("M", bound=nn.Module)


def filled(net: M, seed: int, *, double: bool = True) -> M:
    """A network with the parameters of a seed, in float64 unless it is a large one."""
    return torch_kit.fill(net.double() if double else net, seed)


def tensor(x: Array, *, double: bool = True) -> Tensor:
    """A tensor of its own with these numbers, in float64 (or float32) where they have a point."""
    made = torch.from_numpy(np.array(x))
    if not made.is_floating_point():
        return made
    return made.double() if double else made.float()


def numbers(t: Tensor) -> Array:
    """The numbers of a tensor."""
    found: Array = t.detach().numpy()
    return found


def differentiable(function: Callable[..., Tensor]) -> Differentiable:
    """A torch function of the reference for students' code to call: arrays in, arrays out."""

    def value(*args: Any, **kwargs: Any) -> Array:
        with torch.no_grad():
            return numbers(function(*map(_number, args), **_numbered(kwargs)))

    def pull(upstream: Array, *args: Any, **kwargs: Any) -> list[Array]:
        made = [_number(a) for a in args]
        named = _numbered(kwargs)
        leaves = [t for t in (*made, *named.values()) if isinstance(t, Tensor)]
        floats = [t.requires_grad_() for t in leaves if t.is_floating_point()]
        out = function(*made, **named)
        slopes = torch.autograd.grad(out, floats, tensor(upstream).reshape(out.shape))
        return [numbers(slope) for slope in slopes]

    return Differentiable(value, pull)


def _number(value: Any) -> Any:
    return tensor(value) if isinstance(value, np.ndarray) else value


def _numbered(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {name: _number(value) for name, value in kwargs.items()}
