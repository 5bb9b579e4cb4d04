"""a2 · BatchNormalization.ipynb: batch and layer normalisation."""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from grader.cases.dense import Array, NormCase
from grader.checks.check import Check
from grader.checks.gradient import Gradient
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import (
    batchnorm_backward,
    batchnorm_forward,
    layernorm_backward,
    layernorm_forward,
)

suite = Suite("a2", "BatchNormalization", question="Q2")

MODULE = "cs231n.layers"
TRAIN = {"mode": "train"}
LATER = {
    "mode": "train",
    "running_mean": np.linspace(-1, 1, 7),
    "running_var": np.linspace(0.5, 2, 7),
}
"""A training step that is not the first: running averages of D = 7 features exist."""
EPS = {**TRAIN, "eps": 0.1}


@dataclass(frozen=True)
class Out:
    """A forward pass."""

    out: Array | None


@dataclass(frozen=True)
class Trained:
    """A training pass: the output and the running averages it leaves behind."""

    SCAFFOLD: ClassVar = ("running_mean", "running_var")

    out: Array | None
    running_mean: Array | None
    running_var: Array | None


@dataclass(frozen=True)
class Grads:
    """A backward pass."""

    dx: Array | None
    dgamma: Array | None
    dbeta: Array | None


there = Script(MODULE, NormCase, Out, "out, cache = batchnorm_forward(x, gamma, beta, param)")
trained = Script(
    MODULE,
    NormCase,
    Trained,
    """
    out, cache = batchnorm_forward(x, gamma, beta, param)
    running_mean = param["running_mean"]
    running_var = param["running_var"]
    """,
)
and_back = Script(
    MODULE,
    NormCase,
    Grads,
    """
    out, cache = batchnorm_forward(x, gamma, beta, param)
    dx, dgamma, dbeta = batchnorm_backward(dout, cache)
    """,
)
and_back_alt = Script(
    MODULE,
    NormCase,
    Grads,
    """
    out, cache = batchnorm_forward(x, gamma, beta, param)
    dx, dgamma, dbeta = batchnorm_backward_alt(dout, cache)
    """,
)

# --- batch norm, training ---------------------------------------------------------------------------

forward_train = suite.item(
    "batchnorm.forward_train", points=4, answers=f"{MODULE}:batchnorm_forward"
)


def _trained(c: NormCase) -> Trained:
    param = dict(c.param)
    out, _ = batchnorm_forward(c.x, c.gamma, c.beta, param)
    return Trained(out, param["running_mean"], param["running_var"])


@forward_train.check(
    trained,
    core=[NormCase.of(param=TRAIN), NormCase.of(N=13, D=3, param=TRAIN), NormCase.of(param=LATER)],
    contract={
        "eps is 0.1": NormCase.of(param=EPS),
        "momentum is 0.3": NormCase.of(param={**LATER, "momentum": 0.3}),
        "a feature is the same in the whole batch": NormCase.of(param=TRAIN, constant=True),
    },
)
def trains(c: NormCase) -> Trained:
    """batchnorm_forward in training mode: the output and the running averages"""
    return _trained(c)


@trains.mistake(
    ask="running = momentum * running + (1 - momentum) * batch: which side is the 0.9 on?"
)
def momentum_swapped(c: NormCase) -> Trained:
    """Momentum weighs the new batch instead of the running average"""
    return _trained(replace(c, param={**c.param, "momentum": 1 - c.param.get("momentum", 0.9)}))


@trains.mistake(ask="Which divisor does the paper use to normalise a batch: N or N - 1?")
def bessel(c: NormCase) -> Trained:
    """The variance is divided by N - 1 instead of N"""
    mean, var = c.x.mean(axis=0), c.x.var(axis=0, ddof=1)
    return _with_statistics(c, mean, var, var)


@trains.mistake(
    ask="Does the running variance of this assignment use the same divisor as the batch's?"
)
def running_bessel(c: NormCase) -> Trained:
    """The running variance is kept with the divisor N - 1, as torch does"""
    return _with_statistics(c, c.x.mean(axis=0), c.x.var(axis=0), c.x.var(axis=0, ddof=1))


@trains.mistake(ask="Do you keep the variance of the batch, or the variance plus eps?")
def running_eps(c: NormCase) -> Trained:
    """Eps is part of the running variance"""
    var = c.x.var(axis=0)
    return _with_statistics(c, c.x.mean(axis=0), var, var + c.param.get("eps", 1e-5))


def _with_statistics(c: NormCase, mean: Array, var: Array, kept_var: Array) -> Trained:
    momentum, eps = c.param.get("momentum", 0.9), c.param.get("eps", 1e-5)
    zeros = np.zeros(c.x.shape[1])
    return Trained(
        c.gamma * (c.x - mean) / np.sqrt(var + eps) + c.beta,
        momentum * c.param.get("running_mean", zeros) + (1 - momentum) * mean,
        momentum * c.param.get("running_var", zeros) + (1 - momentum) * kept_var,
    )


# --- batch norm, test -------------------------------------------------------------------------------

forward_test = suite.item("batchnorm.forward_test", points=2, answers=f"{MODULE}:batchnorm_forward")


@forward_test.check(
    trained,
    core=[NormCase.tested(), NormCase.tested(N=13, D=3)],
    contract={
        "the batch is one example": NormCase.tested(N=1),
        "eps is 0.1": NormCase.tested(param={"eps": 0.1}),
    },
)
def tests(c: NormCase) -> Trained:
    """batchnorm_forward in test mode normalises with the running averages and leaves them alone"""
    return _trained(c)


@tests.mistake(ask="At test time, whose mean and variance are used?")
def batch_statistics(c: NormCase) -> Trained:
    """The test batch is normalised with its own statistics"""
    out, _ = batchnorm_forward(c.x, c.gamma, c.beta, {**c.param, "mode": "train"})
    return replace(_trained(c), out=out)


@tests.mistake(ask="What do gamma and beta do at test time?")
def no_scale_and_shift(c: NormCase) -> Trained:
    """Gamma and beta are left out in test mode"""
    return _trained(replace(c, gamma=np.ones_like(c.gamma), beta=np.zeros_like(c.beta)))


# --- batch norm, backward ---------------------------------------------------------------------------

BACKWARD = [NormCase.of(param=TRAIN), NormCase.of(N=5, D=3, param=TRAIN)]
BACKWARD_CONTRACT = {"eps is 0.1": NormCase.of(param=EPS)}
OWN_FORWARD = Gradient(there, {"dx": "x", "dgamma": "gamma", "dbeta": "beta"})

backward = suite.item(
    "batchnorm.backward",
    points=5,
    answers=f"{MODULE}:batchnorm_backward",
    after=(forward_train,),
)
backward_alt = suite.item(
    "batchnorm.backward_alt",
    points=4,
    answers=f"{MODULE}:batchnorm_backward_alt",
    after=(forward_train,),
)


def _grads(c: NormCase) -> Grads:
    _, cache = batchnorm_forward(c.x, c.gamma, c.beta, dict(c.param))
    assert cache is not None
    return Grads(*batchnorm_backward(c.dout, cache))


@backward.check(and_back, core=BACKWARD, contract=BACKWARD_CONTRACT, gradient=OWN_FORWARD)
def grads(c: NormCase) -> Grads:
    """batchnorm_backward returns dx, dgamma and dbeta"""
    return _grads(c)


@backward_alt.check(and_back_alt, core=BACKWARD, contract=BACKWARD_CONTRACT, gradient=OWN_FORWARD)
def grads_alt(c: NormCase) -> Grads:
    """batchnorm_backward_alt returns the same dx, dgamma and dbeta"""
    return _grads(c)


def _share_backward_mistakes(check: Check[NormCase, Grads]) -> None:
    @check.mistake(
        ask="Moving one x also moves the variance of its column. Which term of dx says so?"
    )
    def variance_held_constant(c: NormCase) -> Grads:
        """No gradient flows through the variance"""
        g = c.dout * c.gamma
        return replace(_grads(c), dx=(g - g.mean(axis=0)) * _inverse_std(c))

    @check.mistake(ask="Is the mean of a column a constant when one of its entries moves?")
    def statistics_held_constant(c: NormCase) -> Grads:
        """The mean and the variance are taken for constants"""
        return replace(_grads(c), dx=c.dout * c.gamma * _inverse_std(c))

    @check.mistake(ask="out = gamma * xhat + beta: what does that make of the gradient of xhat?")
    def gamma_forgotten(c: NormCase) -> Grads:
        """Dx is worked out as if gamma were 1"""
        plain = _grads(replace(c, gamma=np.ones_like(c.gamma)))
        return replace(_grads(c), dx=plain.dx)


def _inverse_std(c: NormCase) -> Array:
    inverse: Array = 1 / np.sqrt(c.x.var(axis=0) + c.param.get("eps", 1e-5))
    return inverse


_share_backward_mistakes(grads)
_share_backward_mistakes(grads_alt)

# --- layer norm -------------------------------------------------------------------------------------

ln_there = Script(MODULE, NormCase, Out, "out, cache = layernorm_forward(x, gamma, beta, param)")
ln_and_back = Script(
    MODULE,
    NormCase,
    Grads,
    """
    out, cache = layernorm_forward(x, gamma, beta, param)
    dx, dgamma, dbeta = layernorm_backward(dout, cache)
    """,
)

ln_forward = suite.item("layernorm.forward", points=3, answers=f"{MODULE}:layernorm_forward")


@ln_forward.check(
    ln_there,
    core=[NormCase.rows(), NormCase.rows(N=4, D=3)],
    contract={
        "eps is 0.1": NormCase.rows(param={"eps": 0.1}),
        "the batch is one example": NormCase.rows(N=1),
        "all features of an example are equal": NormCase.rows(constant=True),
    },
)
def normalises_rows(c: NormCase) -> Out:
    """layernorm_forward normalises every example over its own features"""
    return Out(layernorm_forward(c.x, c.gamma, c.beta, dict(c.param))[0])


@normalises_rows.mistake(ask="Which axis holds the features of one example?")
def over_the_batch(c: NormCase) -> Out:
    """The statistics are taken over the batch, as batch norm does"""
    return Out(batchnorm_forward(c.x, c.gamma, c.beta, {**c.param, "mode": "train"})[0])


@normalises_rows.mistake(ask="Which divisor belongs under the variance: D or D - 1?")
def row_bessel(c: NormCase) -> Out:
    """The variance is divided by D - 1 instead of D"""
    var = c.x.var(axis=1, ddof=1, keepdims=True) + c.param.get("eps", 1e-5)
    return Out(c.gamma * (c.x - c.x.mean(axis=1, keepdims=True)) / np.sqrt(var) + c.beta)


ln_backward = suite.item(
    "layernorm.backward", points=4, answers=f"{MODULE}:layernorm_backward", after=(ln_forward,)
)


@ln_backward.check(
    ln_and_back,
    core=[NormCase.rows(), NormCase.rows(N=4, D=5)],
    contract={
        "eps is 0.1": NormCase.rows(param={"eps": 0.1}),
        "the batch is one example": NormCase.rows(N=1),
    },
    gradient=Gradient(ln_there, {"dx": "x", "dgamma": "gamma", "dbeta": "beta"}),
)
def row_grads(c: NormCase) -> Grads:
    """layernorm_backward returns dx, dgamma and dbeta"""
    _, cache = layernorm_forward(c.x, c.gamma, c.beta, dict(c.param))
    return Grads(*layernorm_backward(c.dout, cache))


@row_grads.mistake(ask="Over how many numbers does layer norm take its mean: N or D?")
def divides_by_batch(c: NormCase) -> Grads:
    """The means inside dx are sums over the features divided by N instead of D"""
    xhat, inverse, g = _row_parts(c)
    N = c.x.shape[0]
    means = g.sum(axis=1, keepdims=True) / N, (g * xhat).sum(axis=1, keepdims=True) / N
    return replace(row_grads.oracle(c), dx=inverse * (g - means[0] - xhat * means[1]))


@row_grads.mistake(
    ask="Are the mean and the variance of a row constants when one of its entries moves?"
)
def row_statistics_held_constant(c: NormCase) -> Grads:
    """The mean and the variance of a row are taken for constants"""
    _, inverse, g = _row_parts(c)
    return replace(row_grads.oracle(c), dx=inverse * g)


def _row_parts(c: NormCase) -> tuple[Array, Array, Array]:
    inverse = 1 / np.sqrt(c.x.var(axis=1, keepdims=True) + c.param.get("eps", 1e-5))
    return (c.x - c.x.mean(axis=1, keepdims=True)) * inverse, inverse, c.dout * c.gamma
