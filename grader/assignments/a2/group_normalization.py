"""a2 · ConvolutionalNetworks.ipynb: group normalisation."""

from dataclasses import replace

import numpy as np

from grader.assignments.a2.norm_passes import Grads
from grader.assignments.earlier_parts import BATCHNORM, LAYERNORM, given
from grader.assignments.passes import LAYERS, Out
from grader.cases.convolution import grouped_images
from grader.cases.dense import Array, NormCase
from grader.checks.gradient import Gradient
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import spatial_groupnorm_backward, spatial_groupnorm_forward

suite = Suite(
    "a2", "ConvolutionalNetworks", question="Q4", reading="“Group Normalization”, section 3"
)

# --- forward ----------------------------------------------------------------------------------------

GROUPS = {
    "eps is 0.1": grouped_images(param={"eps": 0.1}),
    "G is 1": grouped_images(G=1),
    "G is C": grouped_images(G=6),
    "there is one image": grouped_images(N=1),
}

there = Script(
    LAYERS, NormCase, Out, "out, cache = spatial_groupnorm_forward(x, gamma, beta, G, param)"
)

forward = suite.item(
    "groupnorm.forward",
    points=2,
    answers=f"{LAYERS}:spatial_groupnorm_forward",
    given=given(LAYERNORM, BATCHNORM),
)


def _grouped(c: NormCase) -> Out:
    return Out(spatial_groupnorm_forward(c.x, c.gamma, c.beta, c.G, dict(c.param))[0])


@forward.check(
    there,
    core=[grouped_images(), grouped_images(N=3, G=3), grouped_images(C=10, size=(3, 2), G=5)],
    contract=GROUPS,
)
def normalises_groups(c: NormCase) -> Out:
    """spatial_groupnorm_forward normalises G blocks of neighbouring channels of every image"""
    return _grouped(c)


@normalises_groups.mistake(ask="Is G how many groups there are, or how many channels are in one?")
def group_of_size_g(c: NormCase) -> Out:
    """every group has G channels, instead of there being G groups"""
    return _grouped(replace(c, G=c.x.shape[1] // c.G))


@normalises_groups.mistake(ask="Which channels form the first group: neighbours, or every Gth one?")
def groups_interleaved(c: NormCase) -> Out:
    """a group is every Gth channel instead of neighbouring ones"""
    return Out(_group_normalised(c, (1, 3, 4), interleaved=True))


@normalises_groups.mistake(ask="How many channels share one mean?")
def statistics_per_channel(c: NormCase) -> Out:
    """every channel of an image has a mean and a variance of its own"""
    return Out(_group_normalised(c, (3, 4)))


@normalises_groups.mistake(ask="Do the pixels of a group share one mean, or has each its own?")
def group_statistics_per_pixel(c: NormCase) -> Out:
    """every pixel has a mean and a variance of its own, over the channels of its group alone"""
    return Out(_group_normalised(c, (2,)))


@normalises_groups.mistake(ask="Does group norm let the images of a batch see each other?")
def statistics_over_the_batch(c: NormCase) -> Out:
    """the statistics of a group are taken over the whole batch"""
    return Out(_group_normalised(c, (0, 2, 3, 4)))


@normalises_groups.mistake(ask="Which argument says how the channels are divided?")
def groups_ignored(c: NormCase) -> Out:
    """all channels of an image form one group, whatever G is"""
    return _grouped(replace(c, G=1))


@normalises_groups.mistake(
    ask="In which order do the rows stand: group by group, or image by image?"
)
def gamma_of_another_group(c: NormCase) -> Out:
    """gamma and beta are laid out image by image over rows that stand group by group"""
    (N, C, H, W), G = c.x.shape, c.G
    plain = replace(c, gamma=np.ones_like(c.gamma), beta=np.zeros_like(c.beta))
    xhat = _group_normalised(plain, (2, 3, 4)).reshape(N, G, C // G, H, W)
    gamma, beta = (p.reshape(G, C // G, 1, 1) for p in (c.gamma, c.beta))
    n, g = np.mgrid[:N, :G]
    laid = (g * N + n) % G
    return Out((gamma[laid] * xhat + beta[laid]).reshape(c.x.shape))


@normalises_groups.mistake(
    ask="Is eps added to the variance or to its square root?", costs="contract"
)
def eps_outside_the_root(c: NormCase) -> Out:
    """eps is added to the standard deviation instead of the variance"""
    return Out(_group_normalised(c, (2, 3, 4), eps_outside=True))


def _group_normalised(
    c: NormCase, axes: tuple[int, ...], *, interleaved: bool = False, eps_outside: bool = False
) -> Array:
    """The output with statistics over other axes of (N, G, C/G, H, W), or (N, C/G, G, H, W)."""
    N, C, H, W = c.x.shape
    split = (C // c.G, c.G) if interleaved else (c.G, C // c.G)
    groups, eps = c.x.reshape(N, *split, H, W), c.param.get("eps", 1e-5)
    mean, var = groups.mean(axis=axes, keepdims=True), groups.var(axis=axes, keepdims=True)
    deviation = np.sqrt(var) + eps if eps_outside else np.sqrt(var + eps)
    out: Array = c.gamma * ((groups - mean) / deviation).reshape(c.x.shape) + c.beta
    return out


# --- backward ---------------------------------------------------------------------------------------

and_back = Script(
    LAYERS,
    NormCase,
    Grads,
    """
    out, cache = spatial_groupnorm_forward(x, gamma, beta, G, param)
    dx, dgamma, dbeta = spatial_groupnorm_backward(dout, cache)
    """,
)

backward = suite.item(
    "groupnorm.backward",
    points=3,
    answers=f"{LAYERS}:spatial_groupnorm_backward",
    given=given(LAYERNORM, BATCHNORM),
    after=(forward,),
)


def _group_grads(c: NormCase) -> Grads:
    _, cache = spatial_groupnorm_forward(c.x, c.gamma, c.beta, c.G, dict(c.param))
    return Grads(*spatial_groupnorm_backward(c.dout, cache))


@backward.check(
    and_back,
    core=[grouped_images(), grouped_images(N=3, G=3), grouped_images(C=10, size=(3, 2), G=5)],
    contract=GROUPS,
    gradient=Gradient(
        there,
        {"dx": "x", "dgamma": "gamma", "dbeta": "beta"},
        lambda c: spatial_groupnorm_forward(c.x, c.gamma, c.beta, c.G, dict(c.param))[0],
    ),
)
def group_grads(c: NormCase) -> Grads:
    """spatial_groupnorm_backward returns dx, dgamma and dbeta"""
    return _group_grads(c)


@group_grads.mistake(ask="Is G how many groups there are, or how many channels are in one?")
def gradients_of_groups_of_size_g(c: NormCase) -> Grads:
    """every group has G channels in both passes, instead of there being G groups"""
    return _group_grads(replace(c, G=c.x.shape[1] // c.G))


@group_grads.mistake(ask="How many channels share one mean?")
def gradients_per_channel(c: NormCase) -> Grads:
    """every channel of an image has a mean and a variance of its own in both passes"""
    return _group_grads(replace(c, G=c.x.shape[1]))


@group_grads.mistake(ask="How many numbers have gone into the mean of one group?")
def divided_by_image(c: NormCase) -> Grads:
    """the means inside dx are sums over a group divided by the size of the whole image"""
    xhat, inverse, g = _group_parts(c)
    means = g.mean(axis=(2, 3, 4), keepdims=True), (g * xhat).mean(axis=(2, 3, 4), keepdims=True)
    return _with_dx(c, inverse * (g - means[0] / c.G - xhat * means[1] / c.G))


@group_grads.mistake(
    ask="Moving one pixel also moves the variance of its group. Which term says so?"
)
def group_variance_held_constant(c: NormCase) -> Grads:
    """no gradient flows through the variance"""
    _, inverse, g = _group_parts(c)
    return _with_dx(c, inverse * (g - g.mean(axis=(2, 3, 4), keepdims=True)))


@group_grads.mistake(
    ask="Of which number did the forward pass take the root: is eps in your derivative of it?",
    costs="contract",
)
def eps_left_out_on_the_way_back(c: NormCase) -> Grads:
    """the gradient through the variance leaves eps out"""
    xhat, inverse, g = _group_parts(c)
    groups = c.x.reshape(g.shape)
    bare = groups.var(axis=(2, 3, 4), keepdims=True) ** -1.5
    means = (g.mean(axis=(2, 3, 4), keepdims=True), (g * xhat).mean(axis=(2, 3, 4), keepdims=True))
    return _with_dx(c, inverse * (g - means[0]) - xhat * means[1] * bare / inverse**2)


@group_grads.mistake(ask="Are the mean and the variance of a group constants when one pixel moves?")
def group_statistics_held_constant(c: NormCase) -> Grads:
    """the mean and the variance of a group are taken for constants"""
    _, inverse, g = _group_parts(c)
    return _with_dx(c, inverse * g)


@group_grads.mistake(ask="out = gamma * xhat + beta: what does that make of the gradient of xhat?")
def group_gamma_forgotten(c: NormCase) -> Grads:
    """dx is worked out as if gamma were 1"""
    plain = _group_grads(replace(c, gamma=np.ones_like(c.gamma)))
    return replace(_group_grads(c), dx=plain.dx)


def _with_dx(c: NormCase, dx: Array) -> Grads:
    return replace(_group_grads(c), dx=dx.reshape(c.x.shape))


def _group_parts(c: NormCase) -> tuple[Array, Array, Array]:
    """Normalised x, 1 / deviation and the gradient of normalised x, all (N, G, C/G, H, W)."""
    N, C, H, W = c.x.shape
    groups = c.x.reshape(N, c.G, C // c.G, H, W)
    var = groups.var(axis=(2, 3, 4), keepdims=True)
    inverse = 1 / np.sqrt(var + c.param.get("eps", 1e-5))
    xhat = (groups - groups.mean(axis=(2, 3, 4), keepdims=True)) * inverse
    return xhat, inverse, (c.dout * c.gamma).reshape(groups.shape)
