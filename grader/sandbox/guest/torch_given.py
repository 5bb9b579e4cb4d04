"""A given function that is called with tensors: its results are tensors, and gradients flow through."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from .torch_kit import plain_module

Call = Callable[..., Any]


def ask(call: Call, function: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Ask the host for a function's result, by `call`, as torch code expects it."""
    args = tuple(plain_module(a) if isinstance(a, nn.Module) else a for a in args)
    values = [a for a in (*args, *kwargs.values()) if isinstance(a, Tensor)]
    if torch.is_grad_enabled() and any(v.requires_grad for v in values):
        names = tuple(kwargs)
        return _Asked.apply(call, function, names, *args, *kwargs.values())  # type: ignore[no-untyped-call]
    return _as_tensor(call(function, args, kwargs), values)


class _Asked(torch.autograd.Function):
    """The host's value on the way there, its pullback of the upstream gradient on the way back."""

    @staticmethod
    def forward(ctx: Any, call: Call, function: str, names: tuple[str, ...], *values: Any) -> Any:
        ctx.asked = call, function, names, values
        args, kwargs = _apart(names, values)
        return _as_tensor(call(function, args, kwargs), [v for v in values if _is_float(v)])

    @staticmethod
    def backward(ctx: Any, upstream: Tensor) -> Any:
        call, function, names, values = ctx.asked
        args, kwargs = _apart(names, values)
        slopes = iter(call(function, args, kwargs, upstream=upstream))
        return None, None, None, *(_slope(value, slopes) for value in values)


def _apart(names: tuple[str, ...], values: tuple[Any, ...]) -> tuple[list[Any], dict[str, Any]]:
    first = len(values) - len(names)
    return list(values[:first]), dict(zip(names, values[first:], strict=True))


def _slope(value: Any, slopes: Any) -> Tensor | None:
    """The next gradient that the host sent: one for each argument of numbers with a point."""
    if not _is_float(value):
        return None
    return torch.as_tensor(next(slopes), dtype=value.dtype)


def _is_float(value: Any) -> bool:
    return isinstance(value, Tensor) and value.is_floating_point()


def _as_tensor(value: Any, like: list[Tensor]) -> Any:
    if not isinstance(value, (np.ndarray, float)):
        return value
    made = torch.as_tensor(value)
    first = next((t for t in like if t.is_floating_point()), None)
    return made.to(first.dtype) if first is not None and made.is_floating_point() else made
