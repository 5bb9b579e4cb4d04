"""Projected gradient checks: is a backward pass the gradient of its own forward pass?

Instead of a whole Jacobian, one random direction v per input: ``<dout, f(x + hv) - f(x - hv)> / 2h``
against ``<dx, v>``. Two forward calls check a whole convolution, as torch's fast gradcheck does.

It settles one question: a backward pass whose numbers differ from the reference because the *forward*
pass before it is a little wrong (an eps outside the root, a variance over N - 1) is right in itself, and
one mistake costs one item. So that a trivial pair of passes gains nothing, the gradient must also point
the reference's way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt

from grader.checks.outcome import Ended, Run
from grader.checks.script import Script

C = TypeVar("C")

STEP = 1e-5
LIMIT = 1e-5
ALIKE = 0.97
"""Least cosine between the student's gradient and the reference's."""


@dataclass(frozen=True)
class Gradient(Generic[C]):
    """Which forward script a backward check belongs to, and which gradient belongs to which input.

    `right` is the forward pass's own oracle: its output, or the outputs that `through` names, each with
    its gradient in `upstream`.
    """

    forward: Script[C, Any]
    wrt: Mapping[str, str]
    right: Callable[[C], npt.NDArray[Any] | tuple[npt.NDArray[Any], ...]]
    through: tuple[str, ...] = ("out",)
    upstream: tuple[str, ...] = ("dout",)
    note: str = "it is the gradient of your own forward pass, which is where the mistake is"

    def starts_wrong(self, case: C, run: Run) -> bool:
        """Whether the student's own forward pass is wrong on a case, or does not run to its end."""
        try:
            outs = self._outs(case, run)
        except Ended:
            return True
        right = self.right(case)
        wanted = right if isinstance(right, tuple) else (right,)
        return not all(
            _sane(out, want) and np.allclose(out, want, rtol=1e-5, atol=1e-8)
            for out, want in zip(outs, wanted, strict=True)
        )

    def belongs(
        self, case: C, got: object, want: object, run: Run, rng: np.random.Generator
    ) -> bool:
        """Whether every gradient in `got` is that of the student's own forward pass, and points right."""
        pointing = all(
            _sane(getattr(got, name), getattr(want, name))
            and _alike(getattr(got, name), getattr(want, name))
            for name in self.wrt
        )
        return pointing and self.follows(case, got, want, run, rng)

    def follows(
        self, case: C, got: object, want: object, run: Run, rng: np.random.Generator
    ) -> bool:
        """Whether every gradient in `got` is that of the student's own forward pass, wherever it points."""
        upstream = [getattr(case, name) for name in self.upstream]
        for name, wrt in self.wrt.items():
            grad, reference = getattr(got, name), getattr(want, name)
            x = getattr(case, wrt)
            if not _sane(grad, reference) or not np.any(grad):
                return False
            v = rng.normal(size=x.shape)
            try:
                ahead, behind = (
                    self._outs(_moved(case, wrt, x + h * v), run) for h in (STEP, -STEP)
                )
            except Ended:
                return False
            trios = list(zip(upstream, ahead, behind, strict=True))
            if not all(_sane(a, d) and _sane(b, d) for d, a, b in trios):
                return False
            numeric = sum(float(np.sum(d * (a - b)) / (2 * STEP)) for d, a, b in trios)
            analytic = float(np.sum(grad * v))
            size = max(float(np.linalg.norm(reference)), abs(numeric), 1e-8)
            if abs(numeric - analytic) > LIMIT * size:
                return False
        return True

    def _outs(self, case: C, run: Run) -> list[Any]:
        values = run(self.forward, case).values
        return [getattr(values, name) for name in self.through]


def _moved(case: C, name: str, value: npt.NDArray[Any]) -> C:
    changed: C = replace(case, **{name: value})  # type: ignore[type-var]
    return changed


def _sane(got: object, like: npt.NDArray[Any]) -> bool:
    return (
        isinstance(got, np.ndarray)
        and got.shape == like.shape
        and got.dtype.kind == "f"
        and bool(np.all(np.isfinite(got)))
    )


def _alike(got: npt.NDArray[Any], want: npt.NDArray[Any]) -> bool:
    norms = float(np.linalg.norm(got) * np.linalg.norm(want))
    return norms > 0 and float(np.sum(got * want)) >= ALIKE * norms
