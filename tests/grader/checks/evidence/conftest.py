"""Results as a law of evidence sees them: one name on two or three cases of distinct prime sizes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from grader.checks.compare import agrees
from grader.checks.evidence.trial import Field, Pair

SIZES = ({"N": 11, "D": 7}, {"N": 13, "D": 5}, {"N": 3, "D": 17})


@dataclass(frozen=True)
class Case:
    """A case with the arrays that laws look at."""

    x: Any
    b: Any
    y: Any
    reg: float
    sizes: Mapping[str, int] = field(default_factory=dict)


def _case(sizes: Mapping[str, int], at: int) -> Case:
    rng = np.random.default_rng([7, at])
    N, D = sizes["N"], sizes["D"]
    x, b = rng.normal(size=(N, D)), rng.normal(size=D)
    return Case(x, b, rng.integers(D, size=N), 0.1 * (at + 1), sizes)


Made = Callable[[Any, Any], Any]
LayOut = Callable[..., Field]


@pytest.fixture
def lay_out() -> LayOut:
    """``lay_out(wrong)``: `wrong(case, want)` came back on each case where `want` is right."""

    def build(wrong: Made, want: Callable[[Case], Any] | None = None, *, count: int = 2) -> Field:
        pairs = []
        for at, sizes in enumerate(SIZES[:count]):
            case = _case(sizes, at)
            rng = np.random.default_rng([8, at])
            right = want(case) if want else rng.normal(size=(sizes["N"], sizes["D"]))
            raw = np.asarray(wrong(case, right))
            pairs.append(Pair(case, raw, right, not agrees(raw, right)))
        return Field("dx", tuple(pairs))

    return build


@pytest.fixture
def images() -> Callable[[Made], Field]:
    """The same for two batches of images (N, C, H, W)."""

    def build(wrong: Made) -> Field:
        pairs = []
        for at, shape in enumerate(((2, 3, 5, 7), (3, 5, 7, 11))):
            rng = np.random.default_rng([9, at])
            right = rng.normal(size=shape)
            case = _case(dict(zip("NCHW", shape, strict=True)) | {"D": 2}, at)
            case = Case(right.copy(), None, None, 0.0, dict(zip("NCHW", shape, strict=True)))
            raw = np.asarray(wrong(case, right))
            pairs.append(Pair(case, raw, right, not agrees(raw, right)))
        return Field("out", tuple(pairs))

    return build


def _noise(case: Case, want: Any) -> Any:
    return want + np.random.default_rng(1).normal(size=want.shape)


def _bent(case: Case, want: Any) -> Any:
    return np.tanh(want) + 0.1


@pytest.fixture(params=[_noise, _bent])
def nonsense(request: pytest.FixtureRequest) -> Made:
    """A wrong result that no law knows anything about."""
    made: Made = request.param
    return made
