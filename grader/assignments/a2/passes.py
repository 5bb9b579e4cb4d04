"""What the layers of this assignment give back."""

from dataclasses import dataclass
from typing import ClassVar

from grader.cases.dense import Array

LAYERS = "cs231n.layers"


@dataclass(frozen=True)
class Out:
    """A forward pass."""

    out: Array | None


@dataclass(frozen=True)
class InputGrad:
    """A backward pass of a layer without parameters."""

    dx: Array | None


@dataclass(frozen=True)
class NormGrads:
    """A backward pass of a normalisation."""

    dx: Array | None
    dgamma: Array | None
    dbeta: Array | None


@dataclass(frozen=True)
class Averages:
    """The running averages that batch normalisation keeps."""

    running_mean: Array | None
    running_var: Array | None


@dataclass(frozen=True)
class Averaged:
    """A forward pass of batch normalisation, and the running averages after it."""

    SCAFFOLD: ClassVar = ("running_mean", "running_var")

    out: Array | None
    running_mean: Array | None
    running_var: Array | None
