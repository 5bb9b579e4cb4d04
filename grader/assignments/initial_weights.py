"""What can be said of a new network: the scale of its weights, that they are normal, biases of zero."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from grader.cases.dense import Array
from grader.checks.law import Claim, near, that

LUCK = 6
"""Standard errors that a correct network's weights stay within: one in 10^9 does not."""


def have_their_scale(params: object, names: Sequence[str], scale: float) -> Iterator[Claim]:
    """Claim that these weights of a network have mean 0 and this standard deviation."""
    for name, W in _drawn(params, names):
        mean, std = float(np.mean(W)), float(np.std(W))
        error = scale / np.sqrt(W.size)
        fact = f"{name} has mean {mean:.2g} and deviation {std:.2g}, with weight_scale {scale:.2g}"
        centred, spread = abs(mean) < LUCK * error, abs(std - scale) < LUCK * error / np.sqrt(2)
        yield that(centred and spread, fact)


def are_normal(params: object, names: Sequence[str], scale: float) -> Iterator[Claim]:
    """Claim that these weights were drawn one by one from a normal distribution."""
    for name, W in _drawn(params, names):
        beyond = float(np.mean(np.abs(W) > 2 * scale))
        # 4.6 % of normal numbers lie beyond two deviations, and none of uniform ones.
        fact = f"{beyond:.1%} of {name} lie beyond two standard deviations, 4.6 % would be normal"
        yield that(abs(beyond - 0.0455) < LUCK * np.sqrt(0.0455 / W.size), fact)
        yield that(np.unique(W).size > W.size // 2, f"{name} repeats its numbers")


def are_zero(params: object, names: Sequence[str]) -> Iterator[Claim]:
    """Claim that these biases of a network are zero; one that is missing is not spoken of."""
    found: Mapping[str, Any] = params if isinstance(params, Mapping) else {}
    yield from (near(found[name], 0, name, limit=0) for name in names if name in found)


def _drawn(params: object, names: Sequence[str]) -> Iterator[tuple[str, Array]]:
    found: Mapping[str, Any] = params if isinstance(params, Mapping) else {}
    for name in names:
        W = found.get(name)
        is_array = isinstance(W, np.ndarray) and W.dtype.kind == "f"
        yield name, W if is_array and W is not None else np.full(1, np.nan)
