"""a2 · PyTorch.ipynb: the three-layer convolutional network, as a function and as a module."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.assignments.a2.preambles import text
from grader.cases.dense import Array
from grader.checks.cells import Cells
from grader.checks.check import Blueprint
from grader.checks.law import Claim, that
from grader.checks.script import NOTEBOOK, Script
from grader.checks.suite import Suite
from grader.notebook.slicing import Anchor
from reference.fast.layers import conv_forward_fast

suite = Suite(
    "a2",
    "PyTorch",
    question="Q5",
    reading="CS231n notes, “Convolutional Neural Networks”, layer patterns",
)

PYTORCH = text("pytorch")
SIDE = 32


@dataclass(frozen=True)
class ConvnetCase:
    """Images and the parameters of the network, float32.

    Shapes: x (N, 3, 32, 32), conv_w1 (F1, 3, 5, 5), conv_b1 (F1,), conv_w2 (F2, F1, 3, 3),
    conv_b2 (F2,), fc_w (F2 · 32 · 32, C), fc_b (C,).
    """

    x: Array
    conv_w1: Array
    conv_b1: Array
    conv_w2: Array
    conv_b2: Array
    fc_w: Array
    fc_b: Array

    @staticmethod
    def of(*, N: int = 3, F1: int = 7, F2: int = 5, C: int = 11) -> Blueprint["ConvnetCase"]:
        """Numbers of a size that keeps the scores near one."""

        def draw(rng: np.random.Generator) -> ConvnetCase:
            def some(*shape: int) -> Array:
                fan_in = int(np.prod(shape[1:])) if len(shape) == 4 else shape[0]
                drawn: Array = rng.standard_normal(shape) * np.sqrt(2 / fan_in)
                return drawn.astype(np.float32)

            return ConvnetCase(
                rng.standard_normal((N, 3, SIDE, SIDE)).astype(np.float32),
                some(F1, 3, 5, 5),
                some(F1),
                some(F2, F1, 3, 3),
                some(F2),
                some(F2 * SIDE * SIDE, C),
                some(C),
            )

        return draw


@dataclass(frozen=True)
class Scores:
    """Scores (N, C)."""

    scores: Array | None


@dataclass(frozen=True)
class Wiring:
    """Which ReLUs and biases there are, and how wide the padding is: right as it is."""

    pads: tuple[int, int] = (2, 1)
    relus: tuple[bool, bool, bool] = (True, True, False)
    biases: bool = True
    softmax: bool = False


RIGHT = Wiring()


def scores_of(c: ConvnetCase, wiring: Wiring = RIGHT) -> Array:
    """conv - ReLU - conv - ReLU - affine in float64, or another wiring of them."""
    out = c.x.astype(np.float64)
    layers = ((c.conv_w1, c.conv_b1), (c.conv_w2, c.conv_b2))
    for (w, b), pad, relu in zip(layers, wiring.pads, wiring.relus, strict=False):
        bias = b.astype(np.float64) * wiring.biases
        out, _ = conv_forward_fast(out, w.astype(np.float64), bias, {"stride": 1, "pad": pad})
        out = np.maximum(out, 0) if relu else out
    scores = out.reshape(len(out), -1) @ c.fc_w.astype(np.float64) + c.fc_b * wiring.biases
    scores = np.maximum(scores, 0) if wiring.relus[2] else scores
    if wiring.softmax:
        exponentials = np.exp(scores - scores.max(axis=1, keepdims=True))
        scores = exponentials / exponentials.sum(axis=1, keepdims=True)
    return np.asarray(scores, dtype=np.float64)


# --- the function -----------------------------------------------------------------------------------

forward = suite.item(
    "pytorch.barebones_forward",
    points=1,
    cells=Cells("PyTorch.ipynb", Anchor(("three_layer_convnet",)), PYTORCH, profile="torch"),
)


@forward.check(
    Script(
        NOTEBOOK,
        ConvnetCase,
        Scores,
        """
        params = grader_tensors(conv_w1, conv_b1, conv_w2, conv_b2, fc_w, fc_b)
        scores = grader_scores(three_layer_convnet, x, params)
        """,
    ),
    core=[ConvnetCase.of(), ConvnetCase.of(N=2, F1=5, F2=7)],
    as_in_the_notebook=[ConvnetCase.of(N=64, F1=6, F2=9, C=10)],
)
def barebones(c: ConvnetCase) -> Scores:
    """three_layer_convnet gives the scores of conv - ReLU - conv - ReLU - affine"""
    return Scores(scores_of(c))


@barebones.mistake(ask="Are scores and probabilities the same thing?")
def softmax_at_the_end(c: ConvnetCase) -> Scores:
    """the softmax of the scores is returned instead of the scores"""
    return Scores(scores_of(c, Wiring(softmax=True)))


@barebones.mistake(ask="May a score be negative?")
def relu_at_the_end(c: ConvnetCase) -> Scores:
    """there is a ReLU after the affine layer too"""
    return Scores(scores_of(c, Wiring(relus=(True, True, True))))


@barebones.mistake(ask="What becomes of the biases among the parameters?")
def no_biases(c: ConvnetCase) -> Scores:
    """the biases are not used"""
    return Scores(scores_of(c, Wiring(biases=False)))


@barebones.mistake(ask="What stands between two convolutions?")
def no_relus(c: ConvnetCase) -> Scores:
    """the layers follow each other without a ReLU"""
    return Scores(scores_of(c, Wiring(relus=(False, False, False))))


@barebones.mistake(ask="Which of the two convolutions has filters of 5 x 5?")
def pads_swapped(c: ConvnetCase) -> Scores:
    """the first convolution is padded by 1 and the second by 2"""
    return Scores(scores_of(c, Wiring(pads=(1, 2))))


@barebones.mistake(ask="How many ReLUs does the picture of the network have?")
def one_relu(c: ConvnetCase) -> Scores:
    """there is no ReLU after the second convolution"""
    return Scores(scores_of(c, Wiring(relus=(True, False, False))))


# --- the module -------------------------------------------------------------------------------------

module = suite.item(
    "pytorch.module",
    points=2,
    cells=Cells("PyTorch.ipynb", Anchor(("ThreeLayerConvNet",)), PYTORCH, profile="torch"),
)


@dataclass(frozen=True)
class ModuleCase:
    """Images (N, 3, 32, 32) and the sizes of the module."""

    x: Array
    in_channel: int
    channel_1: int
    channel_2: int
    num_classes: int

    @staticmethod
    def of(
        *, N: int = 3, channel_1: int = 13, channel_2: int = 7, num_classes: int = 10
    ) -> Blueprint["ModuleCase"]:
        """Sizes that are all different."""

        def draw(rng: np.random.Generator) -> ModuleCase:
            x = rng.standard_normal((N, 3, SIDE, SIDE)).astype(np.float32)
            return ModuleCase(x, 3, channel_1, channel_2, num_classes)

        return draw


@dataclass(frozen=True)
class Module:
    """A new module's registered parameters, in order, and its scores."""

    params: Mapping[str, Array]
    scores: Array


BUILT = Script(
    NOTEBOOK,
    ModuleCase,
    Module,
    """
    model = ThreeLayerConvNet(in_channel, channel_1, channel_2, num_classes)
    params = grader_parameters(model)
    scores = grader_scores(model, x)
    """,
)


def _shapes(c: ModuleCase) -> list[tuple[int, ...]]:
    return [
        (c.channel_1, c.in_channel, 5, 5),
        (c.channel_1,),
        (c.channel_2, c.channel_1, 3, 3),
        (c.channel_2,),
        (c.num_classes, c.channel_2 * SIDE * SIDE),
        (c.num_classes,),
    ]


def _parameters(c: ModuleCase, got: Module) -> list[Array | None]:
    """The parameters that the network should have, each found by its shape."""
    left = [p for p in _values(got) if isinstance(p, np.ndarray) and p.dtype.kind == "f"]
    found: list[Array | None] = []
    for shape in _shapes(c):
        at = next((n for n, p in enumerate(left) if p.shape == shape), None)
        found.append(None if at is None else left.pop(at))
    return found


def _values(got: Module) -> list[Any]:
    return list(got.params.values()) if isinstance(got.params, Mapping) else []


@module.law(
    BUILT,
    cases=[ModuleCase.of()],
    ask="How does nn.Module learn of a layer, so that parameters() and the optimizer find it?",
)
def registers_its_parameters(c: ModuleCase, run: Callable[[ModuleCase], Module]) -> Iterator[Claim]:
    """ThreeLayerConvNet registers the weights and biases of its three layers"""
    got = run(c)
    for shape, parameter in zip(_shapes(c), _parameters(c, got), strict=True):
        shapes = (
            ", ".join(str(p.shape) for p in _values(got) if isinstance(p, np.ndarray)) or "none"
        )
        fact = f"no registered parameter has the shape {shape}; there are: {shapes}"
        yield that(parameter is not None, fact)


@module.law(
    BUILT,
    cases=[ModuleCase.of(num_classes=11)],
    contract="there are 11 classes",
    ask="Where does num_classes stand in your module?",
)
def heeds_its_sizes(c: ModuleCase, run: Callable[[ModuleCase], Module]) -> Iterator[Claim]:
    """ThreeLayerConvNet has as many scores as num_classes says"""
    scores = run(c).scores
    shape = getattr(scores, "shape", None)
    yield that(shape == (len(c.x), 11), f"the scores have shape {shape}")


@module.law(
    BUILT,
    cases=[ModuleCase.of(), ModuleCase.of(N=2)],
    ask="Which layers follow each other, how wide is the padding of each convolution?",
)
def connects_its_layers(c: ModuleCase, run: Callable[[ModuleCase], Module]) -> Iterator[Claim]:
    """ThreeLayerConvNet.forward gives the scores of conv - ReLU - conv - ReLU - affine"""
    got = run(c)
    params = _parameters(c, got)
    if any(p is None for p in params):
        return
    w1, b1, w2, b2, w, b = (np.asarray(p) for p in params)
    want = scores_of(ConvnetCase(c.x, w1, b1, w2, b2, w.T, b))
    scores = got.scores
    if not isinstance(scores, np.ndarray) or scores.shape != want.shape:
        shape = getattr(scores, "shape", None)
        yield that(holds=False, fact=f"the scores have shape {shape}, {want.shape} was expected")
        return
    off = float(np.max(np.abs(scores - want)) / np.max(np.abs(want)))
    fact = f"with its own parameters the scores are off by {off:.0e} of the largest one"
    yield that(off < 1e-3, fact)


LUCK = 6
"""Standard errors that right weights stay within."""


@module.law(
    BUILT,
    cases=[ModuleCase.of()],
    contract="the first weights are looked at",
    ask="Which function of nn.init does the task name, and for which weights?",
)
def starts_as_kaiming(c: ModuleCase, run: Callable[[ModuleCase], Module]) -> Iterator[Claim]:
    """The weights are drawn from Kaiming's normal distribution"""
    params = _parameters(c, run(c))
    for name, W in zip(("first", "second", "last"), params[::2], strict=True):
        if W is None:
            continue
        fan_in = int(np.prod(W.shape[1:]))
        want, got = np.sqrt(2 / fan_in), float(np.std(W))
        fact = f"the {name} weights have deviation {got:.3g}, Kaiming's is {want:.3g}"
        # An affine layer has no ReLU behind it: gain 1 is as good as gain √2 there.
        gains = (1.0, 1 / np.sqrt(2)) if name == "last" else (1.0,)
        error = LUCK * want / np.sqrt(2 * W.size)
        yield that(any(abs(got - gain * want) < error for gain in gains), fact)
