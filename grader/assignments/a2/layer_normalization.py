"""a2 · BatchNormalization.ipynb: layer normalisation."""

from dataclasses import replace

import numpy as np

from grader.assignments.a2.norm_passes import Grads, and_back, once
from grader.assignments.passes import LAYERS, Out
from grader.cases.dense import Array, NormCase
from grader.checks.gradient import Gradient
from grader.checks.suite import Suite
from reference.layers import batchnorm_forward, layernorm_backward, layernorm_forward

suite = Suite("a2", "BatchNormalization", question="Q2", reading="“Layer Normalization”, section 3")

there = once("layernorm_forward")

forward = suite.item("layernorm.forward", points=3, answers=f"{LAYERS}:layernorm_forward")


@forward.check(
    there,
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
    """the statistics are taken over the batch, as batch norm does"""
    return Out(batchnorm_forward(c.x, c.gamma, c.beta, {**c.param, "mode": "train"})[0])


@normalises_rows.mistake(ask="Which divisor belongs under the variance: D or D - 1?")
def row_bessel(c: NormCase) -> Out:
    """the variance is divided by D - 1 instead of D"""
    var = c.x.var(axis=1, ddof=1, keepdims=True) + c.param.get("eps", 1e-5)
    return Out(c.gamma * (c.x - c.x.mean(axis=1, keepdims=True)) / np.sqrt(var) + c.beta)


@normalises_rows.mistake(
    ask="Is eps added to the variance or to its square root?", costs="contract"
)
def row_eps_outside_the_root(c: NormCase) -> Out:
    """eps is added to the standard deviation instead of the variance"""
    return _divided_by(c, c.x.std(axis=1, keepdims=True) + c.param.get("eps", 1e-5))


@normalises_rows.mistake(
    ask="What keeps the division alive when all features are equal?", costs="contract"
)
def row_eps_left_out(c: NormCase) -> Out:
    """eps is left out"""
    return _divided_by(c, np.maximum(c.x.std(axis=1, keepdims=True), np.finfo(float).tiny))


def _divided_by(c: NormCase, deviation: Array) -> Out:
    return Out(c.gamma * (c.x - c.x.mean(axis=1, keepdims=True)) / deviation + c.beta)


backward = suite.item(
    "layernorm.backward", points=4, answers=f"{LAYERS}:layernorm_backward", after=(forward,)
)


@backward.check(
    and_back("layernorm_forward", "layernorm_backward"),
    core=[NormCase.rows(), NormCase.rows(N=4, D=5)],
    contract={
        "eps is 0.1": NormCase.rows(param={"eps": 0.1}),
        "the batch is one example": NormCase.rows(N=1),
    },
    gradient=Gradient(
        there,
        {"dx": "x", "dgamma": "gamma", "dbeta": "beta"},
        lambda c: layernorm_forward(c.x, c.gamma, c.beta, dict(c.param))[0],
    ),
)
def row_grads(c: NormCase) -> Grads:
    """layernorm_backward returns dx, dgamma and dbeta"""
    _, cache = layernorm_forward(c.x, c.gamma, c.beta, dict(c.param))
    return Grads(*layernorm_backward(c.dout, cache))


@row_grads.mistake(ask="Over how many numbers does layer norm take its mean: N or D?")
def divides_by_batch(c: NormCase) -> Grads:
    """the means inside dx are sums over the features divided by N instead of D"""
    xhat, inverse, g = _row_parts(c)
    N = c.x.shape[0]
    means = g.sum(axis=1, keepdims=True) / N, (g * xhat).sum(axis=1, keepdims=True) / N
    return replace(row_grads.oracle(c), dx=inverse * (g - means[0] - xhat * means[1]))


@row_grads.mistake(
    ask="Are the mean and the variance of a row constants when one of its entries moves?"
)
def row_statistics_held_constant(c: NormCase) -> Grads:
    """the mean and the variance of a row are taken for constants"""
    _, inverse, g = _row_parts(c)
    return replace(row_grads.oracle(c), dx=inverse * g)


@row_grads.mistake(ask="Of which shape is gamma, and over which axis does that make you sum?")
def parameters_summed_over_rows(c: NormCase) -> Grads:
    """the gradients of gamma and beta are summed over the features instead of the batch"""
    xhat, _, _ = _row_parts(c)
    right = row_grads.oracle(c)
    return replace(right, dgamma=(c.dout * xhat).sum(axis=1), dbeta=c.dout.sum(axis=1))


@row_grads.mistake(ask="The mean enters as (x - mean) / std: what is the derivative by the mean?")
def mean_gradient_times_deviation(c: NormCase) -> Grads:
    """the gradient through the mean is multiplied by the deviation where it is divided"""
    xhat, inverse, g = _row_parts(c)
    means = g.mean(axis=1, keepdims=True), (g * xhat).mean(axis=1, keepdims=True)
    return replace(row_grads.oracle(c), dx=inverse * (g - xhat * means[1]) - means[0] / inverse)


@row_grads.mistake(
    ask="Of which number did the forward pass take the root: is eps in your derivative of it?",
    costs="contract",
)
def row_eps_left_out_on_the_way_back(c: NormCase) -> Grads:
    """the gradient through the variance leaves eps out"""
    xhat, inverse, g = _row_parts(c)
    var = np.maximum(c.x.var(axis=1, keepdims=True), np.finfo(float).tiny)
    means = g.mean(axis=1, keepdims=True), (g * xhat).mean(axis=1, keepdims=True)
    bare = xhat * means[1] * var**-1.5 / inverse**2
    return replace(row_grads.oracle(c), dx=inverse * (g - means[0]) - bare)


def _row_parts(c: NormCase) -> tuple[Array, Array, Array]:
    inverse = 1 / np.sqrt(c.x.var(axis=1, keepdims=True) + c.param.get("eps", 1e-5))
    return (c.x - c.x.mean(axis=1, keepdims=True)) * inverse, inverse, c.dout * c.gamma
