"""Update rules: one step of gradient descent for one parameter.

Each rule is called as rule(w, dw, config) and returns (next_w, config). The config holds the
settings and the rule's memory (velocity, running averages, step count); missing entries get their
defaults, and the memory is written back, so the same dictionary goes into the next call. Arrays
are never changed in place.

Source: CS231n notes, "Neural Networks Part 3", parameter updates.
"""

from collections.abc import Callable
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from reference.arrays import Array, Param

UpdateRule: TypeAlias = Callable[[Array, Array, Param | None], tuple[Array, Param]]


def sgd(w: Array, dw: Array, config: Param | None = None) -> tuple[Array, Param]:
    """Step against the gradient: w ← w - lr · dw.

    Settings: learning_rate (1e-2).
    """
    config = {} if config is None else config
    learning_rate = config.setdefault("learning_rate", 1e-2)
    return w - learning_rate * dw, config


def sgd_momentum(w: Array, dw: Array, config: Param | None = None) -> tuple[Array, Param]:
    """Let a velocity gather the gradients and move by it.

        v ← momentum · v - lr · dw          w ← w + v

    Settings: learning_rate (1e-2), momentum (0.9). Memory: velocity (zeros).
    """
    config = {} if config is None else config
    learning_rate = config.setdefault("learning_rate", 1e-2)
    momentum = config.setdefault("momentum", 0.9)
    velocity = momentum * config.get("velocity", np.zeros_like(w)) - learning_rate * dw
    config["velocity"] = velocity
    return w + velocity, config


def rmsprop(w: Array, dw: Array, config: Param | None = None) -> tuple[Array, Param]:
    """Divide each step by the recent size of its gradient.

        cache ← decay · cache + (1 - decay) · dw²          w ← w - lr · dw / (√cache + eps)

    Settings: learning_rate (1e-2), decay_rate (0.99), epsilon (1e-8). Memory: cache (zeros).
    Source: "Neural Networks for Machine Learning", lecture 6e, 2012.
    """
    config = {} if config is None else config
    learning_rate = config.setdefault("learning_rate", 1e-2)
    decay = config.setdefault("decay_rate", 0.99)
    epsilon = config.setdefault("epsilon", 1e-8)
    cache = decay * config.get("cache", np.zeros_like(w)) + (1 - decay) * dw**2
    config["cache"] = cache
    return w - learning_rate * dw / (np.sqrt(cache) + epsilon), config


def adam(w: Array, dw: Array, config: Param | None = None) -> tuple[Array, Param]:
    """Follow a running mean of the gradient, divided by the root of a running mean of its square.

        t ← t + 1
        m ← beta1 · m + (1 - beta1) · dw          v ← beta2 · v + (1 - beta2) · dw²
        w ← w - lr · m̂ / (√v̂ + eps)               m̂ = m / (1 - beta1ᵗ)    v̂ = v / (1 - beta2ᵗ)

    m and v start at zero and are too small at first; m̂ and v̂ correct that, and t must therefore be
    at least 1 when it is used. The memory keeps the uncorrected ones.

    Settings: learning_rate (1e-3), beta1 (0.9), beta2 (0.999), epsilon (1e-8). Memory: m, v
    (zeros), t (0).
    Source: "Adam: A Method for Stochastic Optimization", arXiv:1412.6980, algorithm 1.
    """
    config = {} if config is None else config
    learning_rate = config.setdefault("learning_rate", 1e-3)
    beta1 = config.setdefault("beta1", 0.9)
    beta2 = config.setdefault("beta2", 0.999)
    epsilon = config.setdefault("epsilon", 1e-8)
    t = config.get("t", 0) + 1
    m = beta1 * config.get("m", np.zeros_like(w)) + (1 - beta1) * dw
    v = beta2 * config.get("v", np.zeros_like(w)) + (1 - beta2) * dw**2
    config.update(t=t, m=m, v=v)
    m_hat = m / (1 - beta1**t)
    v_hat = v / (1 - beta2**t)
    return w - learning_rate * m_hat / (np.sqrt(v_hat) + epsilon), config


UPDATE_RULES: MappingProxyType[str, UpdateRule] = MappingProxyType(
    {"sgd": sgd, "sgd_momentum": sgd_momentum, "rmsprop": rmsprop, "adam": adam}
)
