"""Fully connected nets run in the trusted process: as they should be, and miswired on purpose.

A network here is a list of layers, so that a wrong one (dropout on the scores, a norm after the ReLU)
is the right list in another order.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np

from grader.cases.dense import Array
from grader.cases.networks import NetCase
from grader.checks.outcome import Dialect, Ran, Run
from grader.checks.script import Script
from reference.classifiers import FullyConnectedNet
from reference.layers import (
    affine_backward,
    affine_forward,
    batchnorm_backward,
    batchnorm_forward,
    dropout_backward,
    dropout_forward,
    layernorm_backward,
    layernorm_forward,
    relu_backward,
    relu_forward,
    softmax_loss,
)

C = TypeVar("C")
R = TypeVar("R")

NET_MODULE = "cs231n.classifiers.fc_net"
ANSWERS_LOSS = f"{NET_MODULE}:FullyConnectedNet.loss"

BLOCK = ("affine", "norm", "relu", "dropout")
OUTPUT = ("affine",)


@dataclass(frozen=True)
class Scores:
    """A pass in test mode."""

    scores: Array | None


@dataclass(frozen=True)
class Loss:
    """A pass in training mode."""

    loss: float | None
    grads: Mapping[str, Array] | None


def network(c: NetCase) -> FullyConnectedNet:
    """The right network, with the parameters of the case."""
    net = FullyConnectedNet(
        c.hidden_dims,
        c.input_dim,
        c.num_classes,
        c.dropout_keep_ratio,
        c.normalization,
        c.reg,
        dtype=np.float64,
        seed=c.seed,
    )
    net.params.update(c.params)
    return net


def loss_of(c: NetCase) -> Loss:
    """The right loss and gradients."""
    return Loss(*network(c).loss(c.X, c.y))


def scores_of(c: NetCase) -> Scores:
    """The right scores, in test mode."""
    return Scores(network(c).loss(c.X))


def rewired(
    c: NetCase,
    *,
    block: Sequence[str] = BLOCK,
    output: Sequence[str] = OUTPUT,
    no_way_back: Collection[str] = (),
) -> tuple[Array, Loss]:
    """Scores, loss and gradients in training mode of a network with other layers.

    `block` lists the layers of each hidden block, `output` those after the last block; layers in
    `no_way_back` are left out of the backward pass.
    """
    out, done = c.X, []
    for kind, layer in _layers(c, block, output):
        out, cache = _forward(c, kind, layer, out)
        done.append((kind, layer, cache))
    loss, dout = softmax_loss(out, c.y)
    grads: dict[str, Array] = {}
    for kind, layer, cache in reversed(done):
        if kind not in no_way_back:
            names = _NAMES[kind]
            dout, *found = _backward(c, kind, dout, cache)
            grads |= {f"{name}{layer}": grad for name, grad in zip(names, found, strict=True)}
    return out, _with_penalty(c, Loss(loss, grads), weights(c, 0.5), weights(c, 1))


def weights(c: NetCase, factor: float) -> dict[str, float]:
    """The same factor for every weight matrix."""
    return {name: factor for name in c.params if name.startswith("W")}


def penalised(c: NetCase, in_loss: Mapping[str, float], in_grads: Mapping[str, float]) -> Loss:
    """The loss plus reg * factor * sum(p²), the gradients plus reg * factor * p, for each factor."""
    return _with_penalty(c, loss_of(replace(c, reg=0.0)), in_loss, in_grads)


def _from_zero(run: Run) -> Run:
    def renumbered(script: Script[C, R], case: C) -> Ran[R]:
        if not isinstance(case, NetCase):
            return run(script, case)
        ran = run(script, replace(case, params=_shifted(case.params, -1)))
        if not isinstance(ran.values, Loss) or ran.values.grads is None:
            return ran
        return replace(ran, values=replace(ran.values, grads=_shifted(ran.values.grads, 1)))

    return renumbered


def _shifted(named: Mapping[str, Array], by: int) -> dict[str, Array]:
    """The same arrays in layers of other numbers; what has no number keeps its name."""
    return {
        re.sub(r"\d+$", lambda found: str(int(found[0]) + by), name): array
        for name, array in named.items()
    }


FROM_ZERO = Dialect("the layers are numbered from 0, see a2.fc.init", _from_zero)
"""A network that is right in all but the names of its parameters."""


_NAMES: Mapping[str, tuple[str, ...]] = {
    "affine": ("W", "b"),
    "norm": ("gamma", "beta"),
    "relu": (),
    "dropout": (),
}


def _with_penalty(
    c: NetCase, plain: Loss, in_loss: Mapping[str, float], in_grads: Mapping[str, float]
) -> Loss:
    assert plain.loss is not None
    assert plain.grads is not None
    loss = plain.loss + c.reg * sum(f * float(np.sum(c.params[n] ** 2)) for n, f in in_loss.items())
    pull = {name: c.reg * factor * c.params[name] for name, factor in in_grads.items()}
    return Loss(loss, {name: grad + pull.get(name, 0) for name, grad in plain.grads.items()})


def _layers(c: NetCase, block: Sequence[str], output: Sequence[str]) -> Iterator[tuple[str, int]]:
    absent = {"norm"} if c.normalization is None else set()
    absent |= {"dropout"} if c.dropout_keep_ratio == 1 else set()
    last = len(c.hidden_dims) + 1
    for layer in range(1, last + 1):
        kinds = block if layer < last else output
        yield from ((kind, layer) for kind in kinds if kind not in absent)


def _forward(c: NetCase, kind: str, layer: int, x: Array) -> tuple[Array, Any]:
    match kind:
        case "affine":
            return affine_forward(x, c.params[f"W{layer}"], c.params[f"b{layer}"])
        case "norm":
            forward = batchnorm_forward if c.normalization == "batchnorm" else layernorm_forward
            gamma, beta = c.params[f"gamma{layer}"], c.params[f"beta{layer}"]
            return forward(x, gamma, beta, {"mode": "train"})
        case "relu":
            return relu_forward(x)
        case _:
            seeded = {} if c.seed is None else {"seed": c.seed}
            return dropout_forward(x, {"mode": "train", "p": c.dropout_keep_ratio, **seeded})


def _backward(c: NetCase, kind: str, dout: Array, cache: Any) -> tuple[Array, ...]:
    match kind:
        case "affine":
            return affine_backward(dout, cache)
        case "norm" if c.normalization == "batchnorm":
            return batchnorm_backward(dout, cache)
        case "norm":
            return layernorm_backward(dout, cache)
        case "relu":
            return (relu_backward(dout, cache),)
        case _:
            return (dropout_backward(dout, cache),)
