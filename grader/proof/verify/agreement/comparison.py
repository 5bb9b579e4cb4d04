"""Comparing several ways to compute the same, on cases of random shape."""

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grader.proof.verify.step import Found
from reference.arrays import Array

SEED = 231
CASES = 40
LIMIT = 1e-10
LIMIT_FLOAT32 = 1e-4

Results = Mapping[str, Array]


@dataclass(frozen=True)
class Case:
    """What a layer is called with: arrays to differentiate by, by name and in order, then settings."""

    inputs: Mapping[str, Array]
    settings: tuple[Any, ...] = ()
    seed: int = 0

    def arguments(self) -> tuple[list[Array], tuple[Any, ...]]:
        """Copies: some layers write into their settings."""
        return [array.copy() for array in self.inputs.values()], deepcopy(self.settings)

    def upstream(self, shape: tuple[int, ...]) -> Array:
        """The gradient of an output of this shape, the same for every way."""
        return np.random.default_rng(self.seed).standard_normal(shape)

    @property
    def shapes(self) -> str:
        """The shapes of the inputs and the settings, to be told."""
        shapes = [f"{name} {array.shape}" for name, array in self.inputs.items()]
        told = [str(s) for s in self.settings if not isinstance(s, np.ndarray)]
        return ", ".join(shapes + told)


@dataclass(frozen=True)
class Way:
    """One way to compute; `limit` is how far it may be from the first one."""

    run: Callable[[Case], Results]
    limit: float = LIMIT


@dataclass(frozen=True)
class Comparison:
    """Ways that must agree, by name; the first is what the others are measured against."""

    name: str
    assignments: tuple[str, ...]
    draw: Callable[[np.random.Generator], Case]
    ways: Mapping[str, Way] = field(default_factory=dict)

    @property
    def bar(self) -> str:
        """The limits, each once."""
        limits = sorted({way.limit for way in list(self.ways.values())[1:]})
        return f"off by ≤ {' or '.join(f'{limit:.0e}' for limit in limits)}"


def compared(comparison: Comparison, cases: int = CASES) -> Found:
    """The farthest that any way in double precision is from the first one, and what is too far."""
    farthest = 0.0
    missed: dict[tuple[str, str], list[str]] = {}
    (yardstick, first), *others = comparison.ways.items()
    for at in range(cases):
        rng = np.random.default_rng([SEED, at])
        case = replace(comparison.draw(rng), seed=at)
        due = first.run(case)
        for name, way in others:
            for what, off in _distances(way.run(case), due).items():
                if way.limit == LIMIT:
                    farthest = float(np.maximum(farthest, off))
                # Not `off > limit`: what is not a number must not pass.
                if not off <= way.limit:
                    told = (
                        f"{what} of {name} is off by {off:.1e} from {yardstick} for {case.shapes}"
                    )
                    missed.setdefault((name, what), []).append(told)
    sentences = tuple(_first(told) for told in missed.values())
    return Found(f"off by {farthest:.0e}, {cases} shapes", sentences)


def _first(told: list[str]) -> str:
    more = f", and in {len(told) - 1} more of the cases" if len(told) > 1 else ""
    return told[0] + more


def _distances(got: Results, due: Results) -> dict[str, float]:
    """How far apart results are, relative to the largest entry, or to 1 if that is smaller."""
    found = {}
    for name in {**due, **got}:
        if name not in got or name not in due or got[name].shape != due[name].shape:
            found[name] = np.inf
            continue
        scale = max(1.0, float(np.abs(due[name]).max(initial=0.0)))
        off = np.abs(got[name].astype(np.float64) - due[name]).max(initial=0.0)
        found[name] = float(off) / scale
    return found


def layer(forward: Callable[..., Any], backward: Callable[..., Any]) -> Way:
    """A layer in the course's form: (out, cache) forwards, the inputs' gradients backwards."""

    def run(case: Case) -> Results:
        inputs, settings = case.arguments()
        out, cache = forward(*inputs, *settings)
        found = backward(case.upstream(out.shape).astype(out.dtype), cache)
        gradients = found if isinstance(found, tuple) else (found,)
        names = (f"d{name}" for name in case.inputs)
        return {"out": out, **dict(zip(names, gradients, strict=True))}

    return Way(run)


def loss(function: Callable[..., tuple[float, Any]]) -> Way:
    """A loss in the course's form: its value, and the gradient of the inputs or a dict of them."""

    def run(case: Case) -> Results:
        inputs, settings = case.arguments()
        value, found = function(*inputs, *settings)
        gradients = found.values() if isinstance(found, dict) else (found,)
        names = (f"d{name}" for name in case.inputs)
        return {"loss": np.array(value), **dict(zip(names, gradients, strict=True))}

    return Way(run)


def autograd(function: Callable[..., Tensor]) -> Way:
    """A layer of PyTorch, differentiated by PyTorch; a scalar is taken for a loss."""

    def run(case: Case) -> Results:
        arrays, settings = case.arguments()
        inputs = [torch.tensor(array, requires_grad=True) for array in arrays]
        tensors = [torch.tensor(s) if isinstance(s, np.ndarray) else s for s in settings]
        out = function(*inputs, *tensors)
        upstream = None if out.dim() == 0 else torch.tensor(case.upstream(tuple(out.shape)))
        gradients = torch.autograd.grad(out, inputs, upstream)
        what = "loss" if upstream is None else "out"
        names = (f"d{name}" for name in case.inputs)
        found = dict(zip(names, gradients, strict=True))
        return {what: out.detach().numpy(), **{n: g.numpy() for n, g in found.items()}}

    return Way(run)


def in_float32(way: Way) -> Way:
    """The same way from inputs in single precision, within the limits of that."""

    def run(case: Case) -> Results:
        inputs = {name: array.astype(np.float32) for name, array in case.inputs.items()}
        return way.run(replace(case, inputs=inputs))

    return Way(run, LIMIT_FLOAT32)


def sizes(rng: np.random.Generator, count: int, low: int = 1, high: int = 7) -> list[int]:
    """Sizes from `low` to `high`."""
    return [int(size) for size in rng.integers(low, high, size=count, endpoint=True)]
