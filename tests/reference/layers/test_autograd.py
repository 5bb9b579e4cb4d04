"""Every layer against PyTorch's automatic differentiation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name

from reference import layers

Array = npt.NDArray[Any]
Shape = tuple[int, ...]


@dataclass(frozen=True)
class Case:
    """A layer, its inputs' shapes, what follows the inputs in the call, and PyTorch's version."""

    name: str
    forward: Callable[..., Any]
    backward: Callable[..., Any]
    oracle: Callable[..., torch.Tensor]
    shapes: tuple[Shape, ...]
    extra: tuple[Any, ...] = field(default=())

    def inputs(self, dtype: npt.DTypeLike) -> list[Array]:
        generator = np.random.default_rng(231)
        return [(2 * generator.standard_normal(s) + 0.3).astype(dtype) for s in self.shapes]

    def run(self, inputs: list[Array]) -> tuple[Array, Array, tuple[Array, ...]]:
        """Return the output, an upstream gradient and the gradients of the inputs."""
        # bn_param is written to: each run gets its own.
        extra = [dict(e) if isinstance(e, dict) else e for e in self.extra]
        out, cache = self.forward(*inputs, *extra)
        dout = np.random.default_rng(7).standard_normal(out.shape).astype(out.dtype)
        grads = self.backward(dout, cache)
        return out, dout, grads if isinstance(grads, tuple) else (grads,)


def affine(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return x.flatten(1) @ w + b


def batchnorm(
    x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, bn_param: dict[str, Any]
) -> torch.Tensor:
    return F.batch_norm(x, None, None, gamma, beta, training=True, eps=bn_param.get("eps", 1e-5))


def layernorm(
    x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, ln_param: dict[str, Any]
) -> torch.Tensor:
    return F.layer_norm(x, x.shape[1:], gamma, beta, eps=ln_param.get("eps", 1e-5))


def groupnorm(
    x: torch.Tensor, gamma: torch.Tensor, beta: torch.Tensor, G: int, gn_param: dict[str, Any]
) -> torch.Tensor:
    return F.group_norm(x, G, gamma.flatten(), beta.flatten(), eps=gn_param.get("eps", 1e-5))


def conv(
    x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, conv_param: dict[str, int]
) -> torch.Tensor:
    return F.conv2d(x, w, b, stride=conv_param["stride"], padding=conv_param["pad"])


def pool(x: torch.Tensor, pool_param: dict[str, int]) -> torch.Tensor:
    window = (pool_param["pool_height"], pool_param["pool_width"])
    return F.max_pool2d(x, window, stride=pool_param["stride"])


def affine_relu(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    return affine(x, w, b).relu()


def conv_relu(
    x: torch.Tensor, w: torch.Tensor, b: torch.Tensor, conv_param: dict[str, int]
) -> torch.Tensor:
    return conv(x, w, b, conv_param).relu()


def conv_bn_relu(  # noqa: PLR0917 - the course's signature
    x: torch.Tensor,
    w: torch.Tensor,
    b: torch.Tensor,
    gamma: torch.Tensor,
    beta: torch.Tensor,
    conv_param: dict[str, int],
    bn_param: dict[str, Any],
) -> torch.Tensor:
    return batchnorm(conv(x, w, b, conv_param), gamma, beta, bn_param).relu()


def conv_relu_pool(
    x: torch.Tensor,
    w: torch.Tensor,
    b: torch.Tensor,
    conv_param: dict[str, int],
    pool_param: dict[str, int],
) -> torch.Tensor:
    return pool(conv_relu(x, w, b, conv_param), pool_param)


IMAGES = [((2, 3, 7, 6), (4, 3, 3, 2)), ((1, 2, 5, 8), (3, 2, 2, 5)), ((3, 1, 6, 6), (2, 1, 1, 3))]
WINDOWS = [(2, 2, 2), (3, 2, 2), (3, 3, 1), (1, 2, 3), (2, 3, 3)]

CASES = [
    *(
        Case("affine", layers.affine_forward, layers.affine_backward, affine, (x, w, (w[1],)))
        for x, w in [((4, 2, 3), (6, 5)), ((1, 7), (7, 2)), ((5, 2, 2, 3), (12, 1))]
    ),
    *(
        Case("relu", layers.relu_forward, layers.relu_backward, torch.relu, (shape,))
        for shape in [(3, 4), (2, 3, 4, 5), (1,)]
    ),
    *(
        Case("batchnorm", layers.batchnorm_forward, backward, batchnorm, ((n, d), (d,), (d,)), (p,))
        for backward in (layers.batchnorm_backward, layers.batchnorm_backward_alt)
        for n, d in [(6, 3), (2, 5), (11, 1)]
        for p in ({"mode": "train"}, {"mode": "train", "eps": 0.1})
    ),
    *(
        Case(
            "layernorm",
            layers.layernorm_forward,
            layers.layernorm_backward,
            layernorm,
            ((n, d), (d,), (d,)),
            (p,),
        )
        for n, d in [(6, 3), (1, 5), (3, 11)]
        for p in ({}, {"eps": 0.1})
    ),
    *(
        Case(
            "spatial_batchnorm",
            layers.spatial_batchnorm_forward,
            layers.spatial_batchnorm_backward,
            batchnorm,
            (x, (x[1],), (x[1],)),
            ({"mode": "train"},),
        )
        for x in [(2, 3, 4, 5), (1, 2, 3, 1), (3, 1, 2, 2)]
    ),
    *(
        Case(
            "groupnorm",
            layers.spatial_groupnorm_forward,
            layers.spatial_groupnorm_backward,
            groupnorm,
            (x, (1, x[1], 1, 1), (1, x[1], 1, 1)),
            (G, p),
        )
        for x, G in [((2, 6, 4, 5), 2), ((2, 6, 3, 2), 3), ((1, 4, 3, 3), 4), ((3, 4, 2, 1), 1)]
        for p in ({}, {"eps": 0.1})
    ),
    *(
        Case(
            "conv",
            layers.conv_forward_naive,
            layers.conv_backward_naive,
            conv,
            (x, w, (w[0],)),
            ({"stride": stride, "pad": pad},),
        )
        for x, w in IMAGES
        for stride in (1, 2, 3)
        for pad in (0, 1, 2)
    ),
    *(
        Case(
            "max_pool",
            layers.max_pool_forward_naive,
            layers.max_pool_backward_naive,
            pool,
            (x,),
            ({"pool_height": height, "pool_width": width, "stride": stride},),
        )
        for x in [(2, 3, 8, 6), (1, 2, 5, 7)]
        for height, width, stride in WINDOWS
    ),
    Case(
        "affine_relu",
        layers.affine_relu_forward,
        layers.affine_relu_backward,
        affine_relu,
        ((4, 2, 3), (6, 5), (5,)),
    ),
    Case(
        "conv_relu",
        layers.conv_relu_forward,
        layers.conv_relu_backward,
        conv_relu,
        ((2, 3, 7, 6), (4, 3, 3, 2), (4,)),
        ({"stride": 2, "pad": 1},),
    ),
    Case(
        "conv_bn_relu",
        layers.conv_bn_relu_forward,
        layers.conv_bn_relu_backward,
        conv_bn_relu,
        ((2, 3, 7, 6), (4, 3, 3, 2), (4,), (4,), (4,)),
        ({"stride": 1, "pad": 1}, {"mode": "train"}),
    ),
    Case(
        "conv_relu_pool",
        layers.conv_relu_pool_forward,
        layers.conv_relu_pool_backward,
        conv_relu_pool,
        ((2, 3, 7, 6), (4, 3, 3, 3), (4,)),
        ({"stride": 1, "pad": 1}, {"pool_height": 3, "pool_width": 2, "stride": 2}),
    ),
]

each_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{case.name}-{case.shapes[0]}-{case.extra}" for case in CASES]
)


@each_case
def test_outputs_and_gradients_are_autograds(case: Case) -> None:
    inputs = case.inputs(np.float64)
    out, dout, grads = case.run(inputs)

    tensors = [torch.tensor(array, requires_grad=True) for array in inputs]
    due = case.oracle(*tensors, *case.extra)
    due.backward(torch.tensor(dout))  # type: ignore[no-untyped-call]

    np.testing.assert_allclose(out, due.detach().numpy(), rtol=1e-10, atol=1e-11)
    assert len(grads) == len(tensors)
    for grad, tensor in zip(grads, tensors, strict=True):
        assert tensor.grad is not None
        np.testing.assert_allclose(grad, tensor.grad.numpy(), rtol=1e-9, atol=1e-10)
        assert grad.shape == tensor.shape


@each_case
def test_float32_stays_float32(case: Case) -> None:
    out, _, grads = case.run(case.inputs(np.float32))
    assert {array.dtype for array in (out, *grads)} == {np.dtype(np.float32)}


@each_case
def test_inputs_are_not_modified(case: Case) -> None:
    inputs = case.inputs(np.float64)
    for array in inputs:
        array.flags.writeable = False
    out, cache = case.forward(*inputs, *(dict(e) if isinstance(e, dict) else e for e in case.extra))
    dout = np.ones(out.shape)
    dout.flags.writeable = False
    first = case.backward(dout, cache)
    second = case.backward(dout, cache)
    for one, other in zip(first, second, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize(("n", "c"), [(5, 4), (1, 3), (50, 10)])
@pytest.mark.parametrize("scale", [0.001, 3.0, 1000.0])
@pytest.mark.parametrize(
    ("loss", "oracle"),
    [
        (layers.softmax_loss, F.cross_entropy),
        # PyTorch divides the hinge by the number of classes, the course does not.
        (layers.svm_loss, lambda x, y: F.multi_margin_loss(x, y) * x.shape[1]),
    ],
    ids=["softmax", "svm"],
)
def test_losses_are_autograds(
    loss: Callable[[Array, Array], tuple[float, Array]],
    oracle: Callable[[torch.Tensor, torch.Tensor], torch.Tensor],
    scale: float,
    n: int,
    c: int,
) -> None:
    generator = np.random.default_rng(231)
    x, y = scale * generator.standard_normal((n, c)), generator.integers(c, size=n)
    x.flags.writeable = y.flags.writeable = False
    value, dx = loss(x, y)

    tensor = torch.tensor(x, requires_grad=True)
    due = oracle(tensor, torch.tensor(y))
    due.backward()  # type: ignore[no-untyped-call]
    assert tensor.grad is not None
    assert value == pytest.approx(due.item(), rel=1e-12)
    np.testing.assert_allclose(dx, tensor.grad.numpy(), rtol=1e-10, atol=1e-14)
    assert loss(x.astype(np.float32), y)[1].dtype == np.float32
