"""a2 · BatchNormalization.ipynb: batch normalisation."""

from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.a2.norm_passes import (
    EPS,
    TRAIN,
    Averaged,
    Averages,
    Grads,
    and_back,
    averaged,
    once,
    trained_twice,
)
from grader.assignments.passes import LAYERS
from grader.cases.dense import Array, NormCase, PassesCase
from grader.checks.check import Check
from grader.checks.gradient import Gradient
from grader.checks.suite import Suite
from reference.layers import (
    batchnorm_backward,
    batchnorm_forward,
)

suite = Suite(
    "a2",
    "BatchNormalization",
    question="Q2",
    reading="“Batch Normalization” (arXiv:1502.03167), section 3",
)

LATER = {
    **TRAIN,
    "running_mean": np.linspace(-1, 1, 7),
    "running_var": np.linspace(0.5, 2, 7),
}
"""A training pass on D = 7 features that the caller has kept running averages of."""


FORWARD = "batchnorm_forward"

# --- training ---------------------------------------------------------------------------------------

forward_train = suite.item(
    "batchnorm.forward_train", points=4, answers=f"{LAYERS}:batchnorm_forward"
)


def _trained(c: NormCase) -> Averaged:
    param = dict(c.param)
    out, _ = batchnorm_forward(c.x, c.gamma, c.beta, param)
    return Averaged(out, param["running_mean"], param["running_var"])


@forward_train.check(
    averaged(FORWARD),
    core=[NormCase.of(param=TRAIN), NormCase.of(N=13, D=3, param=TRAIN)],
    contract={
        "eps is 0.1": NormCase.of(param=EPS),
        "bn_param comes with running averages": NormCase.of(param=LATER),
        "a feature is the same in the whole batch": NormCase.of(param=TRAIN, constant=True),
    },
)
def trains(c: NormCase) -> Averaged:
    """batchnorm_forward in training mode: the output and the running averages"""
    return _trained(c)


@trains.mistake(
    ask="running = momentum * running + (1 - momentum) * batch: which side is the 0.9 on?"
)
def momentum_swapped(c: NormCase) -> Averaged:
    """momentum weighs the new batch instead of the running average"""
    return _trained(replace(c, param={**c.param, "momentum": 1 - c.param.get("momentum", 0.9)}))


@trains.mistake(ask="Which divisor does the paper use to normalise a batch: N or N - 1?")
def bessel(c: NormCase) -> Averaged:
    """the variance is divided by N - 1 instead of N"""
    mean, var = c.x.mean(axis=0), c.x.var(axis=0, ddof=1)
    return _with_statistics(c, mean, var, var)


@trains.mistake(
    ask="Does the running variance of this assignment use the same divisor as the batch's?",
    costs="contract",
)
def running_bessel(c: NormCase) -> Averaged:
    """the running variance is kept with the divisor N - 1, as torch does"""
    return _with_statistics(c, c.x.mean(axis=0), c.x.var(axis=0), c.x.var(axis=0, ddof=1))


@trains.mistake(ask="Which of the two does running_var keep: the variance or its root?")
def running_deviation(c: NormCase) -> Averaged:
    """the running variance keeps the standard deviation, eps included"""
    var = c.x.var(axis=0)
    return _with_statistics(c, c.x.mean(axis=0), var, np.sqrt(var + c.param.get("eps", 1e-5)))


# Where eps stands shows in no notebook: what is promised of it is the docstring's alone.


@trains.mistake(
    ask="Do you keep the variance of the batch, or the variance plus eps?", costs="contract"
)
def running_eps(c: NormCase) -> Averaged:
    """eps is part of the running variance"""
    var = c.x.var(axis=0)
    return _with_statistics(c, c.x.mean(axis=0), var, var + c.param.get("eps", 1e-5))


@trains.mistake(ask="Is eps added to the variance or to its square root?", costs="contract")
def eps_outside_the_root(c: NormCase) -> Averaged:
    """eps is added to the standard deviation instead of the variance"""
    deviation = np.sqrt(c.x.var(axis=0)) + c.param.get("eps", 1e-5)
    out = c.gamma * (c.x - c.x.mean(axis=0)) / deviation + c.beta
    return replace(_trained(c), out=out)


@trains.mistake(ask="What keeps the division alive when a feature never varies?", costs="contract")
def eps_left_out(c: NormCase) -> Averaged:
    """eps is left out"""
    deviation = np.maximum(c.x.std(axis=0), np.finfo(float).tiny)
    out = c.gamma * (c.x - c.x.mean(axis=0)) / deviation + c.beta
    return replace(_trained(c), out=out)


def _with_statistics(c: NormCase, mean: Array, var: Array, kept_var: Array) -> Averaged:
    momentum, eps = c.param.get("momentum", 0.9), c.param.get("eps", 1e-5)
    zeros = np.zeros(c.x.shape[1])
    return Averaged(
        c.gamma * (c.x - mean) / np.sqrt(var + eps) + c.beta,
        momentum * c.param.get("running_mean", zeros) + (1 - momentum) * mean,
        momentum * c.param.get("running_var", zeros) + (1 - momentum) * kept_var,
    )


@forward_train.check(
    trained_twice(FORWARD),
    core=[PassesCase.of(NormCase.of(param=TRAIN))],
    contract={"momentum is 0.3": PassesCase.of(NormCase.of(param={**TRAIN, "momentum": 0.3}))},
)
def goes_on_averaging(c: PassesCase) -> Averages:
    """batchnorm_forward goes on from the running averages that it kept in bn_param"""
    return _averages(c, c.x, c.x_next)


@goes_on_averaging.mistake(ask="Where does the second pass find the averages of the first?")
def starts_anew(c: PassesCase) -> Averages:
    """every training pass starts from running averages of zero"""
    return _averages(c, c.x_next)


@goes_on_averaging.mistake(
    ask="Does the running variance of this assignment use the same divisor as the batch's?",
    costs="contract",
)
def running_bessel_twice(c: PassesCase) -> Averages:
    """the running variance is kept with the divisor N - 1, as torch does"""
    right, momentum = _averages(c, c.x, c.x_next), c.param.get("momentum", 0.9)
    first, second = (x.var(axis=0, ddof=1) for x in (c.x, c.x_next))
    kept = (1 - momentum) * (momentum * first + second)
    return replace(right, running_var=kept)


@goes_on_averaging.mistake(
    ask="Do you keep the variance of the batch, or the variance plus eps?", costs="contract"
)
def running_eps_twice(c: PassesCase) -> Averages:
    """eps is part of the running variance"""
    right, momentum = _averages(c, c.x, c.x_next), c.param.get("momentum", 0.9)
    assert right.running_var is not None
    kept = (1 - momentum**2) * c.param.get("eps", 1e-5)
    return replace(right, running_var=right.running_var + kept)


def _averages(c: PassesCase, *batches: Array) -> Averages:
    kept = dict(c.param)
    for x in batches:
        batchnorm_forward(x, c.gamma, c.beta, kept)
    return Averages(kept["running_mean"], kept["running_var"])


# --- test -------------------------------------------------------------------------------------------

forward_test = suite.item("batchnorm.forward_test", points=2, answers=f"{LAYERS}:batchnorm_forward")


@forward_test.check(
    averaged(FORWARD),
    core=[NormCase.tested(), NormCase.tested(N=13, D=3)],
    contract={
        "the batch is one example": NormCase.tested(N=1),
        "eps is 0.1": NormCase.tested(param={"eps": 0.1}),
    },
)
def tests(c: NormCase) -> Averaged:
    """batchnorm_forward in test mode normalises with the running averages and leaves them alone"""
    return _trained(c)


@tests.mistake(ask="At test time, whose mean and variance are used?")
def batch_statistics(c: NormCase) -> Averaged:
    """the test batch is normalised with its own statistics"""
    out, _ = batchnorm_forward(c.x, c.gamma, c.beta, {**c.param, "mode": "train"})
    return replace(_trained(c), out=out)


@tests.mistake(ask="By which of the two does normalising divide: the variance or its root?")
def root_forgotten_in_test(c: NormCase) -> Averaged:
    """out is divided by the running variance itself, not by its root"""
    return _tested(c, c.param["running_var"] + c.param.get("eps", 1e-5))


@tests.mistake(ask="Which numbers may a prediction change?")
def averages_go_on_in_test(c: NormCase) -> Averaged:
    """the test batch updates the running averages, which then normalise it"""
    param: dict[str, Any] = {**c.param, "mode": "train"}
    batchnorm_forward(c.x, c.gamma, c.beta, param)
    return _trained(replace(c, param={**param, "mode": "test"}))


@tests.mistake(ask="Is eps added to the variance or to its square root?", costs="contract")
def eps_outside_the_tested_root(c: NormCase) -> Averaged:
    """eps is added to the standard deviation instead of the running variance"""
    return _tested(c, np.sqrt(c.param["running_var"]) + c.param.get("eps", 1e-5))


@tests.mistake(ask="Where is eps in test mode?", costs="contract")
def eps_left_out_of_the_test(c: NormCase) -> Averaged:
    """eps is left out in test mode"""
    return _tested(c, np.sqrt(c.param["running_var"]))


def _tested(c: NormCase, deviation: Array) -> Averaged:
    out = c.gamma * (c.x - c.param["running_mean"]) / deviation + c.beta
    return replace(_trained(c), out=out)


@tests.mistake(ask="What do gamma and beta do at test time?")
def no_scale_and_shift(c: NormCase) -> Averaged:
    """gamma and beta are left out in test mode"""
    return _trained(replace(c, gamma=np.ones_like(c.gamma), beta=np.zeros_like(c.beta)))


# --- backward ---------------------------------------------------------------------------------------

BACKWARD = [NormCase.of(param=TRAIN), NormCase.of(N=5, D=3, param=TRAIN)]
BACKWARD_CONTRACT = {"eps is 0.1": NormCase.of(param=EPS)}
OWN_FORWARD = Gradient(
    once(FORWARD),
    {"dx": "x", "dgamma": "gamma", "dbeta": "beta"},
    lambda c: batchnorm_forward(c.x, c.gamma, c.beta, dict(c.param))[0],
)

backward = suite.item(
    "batchnorm.backward",
    points=5,
    answers=f"{LAYERS}:batchnorm_backward",
    after=(forward_train,),
)
backward_alt = suite.item(
    "batchnorm.backward_alt",
    points=4,
    answers=f"{LAYERS}:batchnorm_backward_alt",
    after=(forward_train,),
)


def _grads(c: NormCase) -> Grads:
    _, cache = batchnorm_forward(c.x, c.gamma, c.beta, dict(c.param))
    assert cache is not None
    return Grads(*batchnorm_backward(c.dout, cache))


@backward.check(
    and_back(FORWARD, "batchnorm_backward"),
    core=BACKWARD,
    contract=BACKWARD_CONTRACT,
    gradient=OWN_FORWARD,
)
def grads(c: NormCase) -> Grads:
    """batchnorm_backward returns dx, dgamma and dbeta"""
    return _grads(c)


@backward_alt.check(
    and_back(FORWARD, "batchnorm_backward_alt"),
    core=BACKWARD,
    contract=BACKWARD_CONTRACT,
    gradient=OWN_FORWARD,
)
def grads_alt(c: NormCase) -> Grads:
    """batchnorm_backward_alt returns the same dx, dgamma and dbeta"""
    return _grads(c)


def _share_backward_mistakes(check: Check[NormCase, Grads]) -> None:
    @check.forgives
    def after_bessel(c: NormCase) -> Grads:
        """the usual formula, on the statistics of a forward pass that divides by N - 1"""
        std = np.sqrt(c.x.var(axis=0, ddof=1) + c.param.get("eps", 1e-5))
        return Grads(*batchnorm_backward(c.dout, (c.x - c.x.mean(axis=0), std, c.gamma)))

    @check.mistake(
        ask="Moving one x also moves the variance of its column. Which term of dx says so?"
    )
    def variance_held_constant(c: NormCase) -> Grads:
        """no gradient flows through the variance"""
        g = c.dout * c.gamma
        return replace(_grads(c), dx=(g - g.mean(axis=0)) * _inverse_std(c))

    @check.mistake(ask="Is the mean of a column a constant when one of its entries moves?")
    def statistics_held_constant(c: NormCase) -> Grads:
        """the mean and the variance are taken for constants"""
        return replace(_grads(c), dx=c.dout * c.gamma * _inverse_std(c))

    @check.mistake(ask="Moving one x also moves the mean of its column. Which term of dx says so?")
    def mean_held_constant(c: NormCase) -> Grads:
        """no gradient flows through the mean"""
        right = _grads(c)
        dx_sums = (c.dout * c.gamma).sum(axis=0) * _inverse_std(c)
        assert right.dx is not None
        return replace(right, dx=right.dx + dx_sums / len(c.x))

    @check.mistake(ask="out = gamma * xhat + beta: what does that make of the gradient of xhat?")
    def gamma_forgotten(c: NormCase) -> Grads:
        """dx is worked out as if gamma were 1"""
        plain = _grads(replace(c, gamma=np.ones_like(c.gamma)))
        return replace(_grads(c), dx=plain.dx)


def _inverse_std(c: NormCase) -> Array:
    inverse: Array = 1 / np.sqrt(c.x.var(axis=0) + c.param.get("eps", 1e-5))
    return inverse


_share_backward_mistakes(grads)
_share_backward_mistakes(grads_alt)
