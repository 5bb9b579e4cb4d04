"""a3 · Generative_Adversarial_Networks.ipynb: noise, and the four networks.

A network is judged by what it does with parameters that are set from a seed, in their order: a slope, a
norm on the wrong side of a ReLU or a sigmoid at the end all show in its output, and none of them in the
number of parameters that the notebook counts.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn

from grader.assignments.a3.networks import filled, numbers, tensor
from grader.cases.adversarial import NetworkCase, NoiseCase
from grader.cases.dense import Array
from grader.checks.check import Blueprint
from grader.checks.law import Claim, that
from grader.checks.script import Script
from grader.checks.suite import Item, Suite
from grader.sandbox.guest import torch_kit
from reference.torch_models import gan

suite = Suite(
    "a3",
    "Generative_Adversarial_Networks",
    question="Q3",
    reading="“Unsupervised Representation Learning with Deep Convolutional GANs” (arXiv:1511.06434)",
)

GAN = "cs231n.gan_pytorch"
BATCH = 128
"""The notebook's batch."""


# --- noise ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Noise:
    """Noise, and what sort of thing it is."""

    noise: Array | None
    kind: str


@dataclass(frozen=True)
class SeededNoise:
    """Noise from one seed, from the same one again, and from another one."""

    noise: Array | None
    again: Array | None
    other: Array | None


sample = suite.item("gan.sample_noise", points=1, answers=f"{GAN}:sample_noise")
sampled = Script(
    GAN,
    NoiseCase,
    Noise,
    """
    noise = kit.anywhere(sample_noise, batch_size, dim)
    kind = kit.kind(noise)
    """,
)
NOISE = [NoiseCase.of()]
LUCK = 5
"""Standard errors that a mean stays within."""


@sample.law(sampled, cases=NOISE, ask="What does torch.rand give, and of which shape?")
def is_a_tensor(c: NoiseCase, run: Callable[[NoiseCase], Noise]) -> Iterator[Claim]:
    """sample_noise returns a tensor of batch_size rows and dim columns"""
    got = run(c)
    yield that(got.kind == "tensor", f"it returns {_named(got.kind)}, a tensor was expected")
    shape = np.shape(got.noise) if isinstance(got.noise, np.ndarray) else ()
    want = (c.batch_size, c.dim)
    yield that(got.kind != "tensor" or shape == want, f"it has shape {shape}, {want} was expected")


def _named(kind: str) -> str:
    return "None" if kind == "NoneType" else f"a value of type {kind}"


@sample.law(sampled, cases=NOISE, ask="torch.rand reaches from 0 to 1. How do you stretch that?")
def reaches_from_minus_one_to_one(
    c: NoiseCase, run: Callable[[NoiseCase], Noise]
) -> Iterator[Claim]:
    """The noise lies between -1 and 1 and reaches both ends"""
    noise = np.asarray(run(c).noise, dtype=np.float64)
    low, high = float(noise.min()), float(noise.max())
    yield that(low >= -1, f"the smallest number is {low:.5g}")
    yield that(high <= 1, f"the largest number is {high:.5g}")
    yield that(low < -0.95, f"the smallest of {noise.size} numbers is {low:.3g}")
    yield that(high > 0.95, f"the largest of {noise.size} numbers is {high:.3g}")


@sample.law(sampled, cases=NOISE, ask="Is every number between -1 and 1 as likely as any other?")
def is_uniform(c: NoiseCase, run: Callable[[NoiseCase], Noise]) -> Iterator[Claim]:
    """The noise is uniform: its quarters are filled alike, and no row or column is like another"""
    noise = np.asarray(run(c).noise, dtype=np.float64)
    for low in (-1, -0.5, 0, 0.5):
        share = float(np.mean((noise >= low) & (noise < low + 0.5)))
        fact = f"{share:.1%} of the numbers lie between {low} and {low + 0.5}, 25 % should"
        yield that(abs(share - 0.25) < LUCK * np.sqrt(0.25 * 0.75 / noise.size), fact)
    yield that(len(np.unique(noise)) > 0.99 * noise.size, "many of the numbers are the same")


@sample.law(
    Script(
        GAN,
        NoiseCase,
        SeededNoise,
        """
        noise = kit.anywhere(sample_noise, batch_size, dim, seed=seed)
        again = kit.anywhere(sample_noise, batch_size, dim, seed=seed)
        other = kit.anywhere(sample_noise, batch_size, dim, seed=1)
        """,
    ),
    cases=NOISE,
    contract="there is a seed",
    ask="Which generator does torch.manual_seed reach, and which one do you draw from?",
)
def seed_fixes_the_noise(c: NoiseCase, run: Callable[[NoiseCase], SeededNoise]) -> Iterator[Claim]:
    """The same seed gives the same noise, and another one another"""
    got = run(c)
    noise, again, other = (np.asarray(x) for x in (got.noise, got.again, got.other))
    yield that(np.array_equal(noise, again), "two calls with the same seed differ")
    yield that(not np.array_equal(noise, other), "two calls with different seeds are the same")


# --- fully connected --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Verdicts:
    """What a discriminator says of images, and the shapes of its parameters."""

    EXACT_KEYS = ("parameters",)

    logits: Array | None
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Made:
    """What a generator makes, one row for each image, and the shapes of its parameters."""

    EXACT_KEYS = ("parameters",)

    images: Array | None
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Shape:
    """The shape of what a network gives."""

    shape: tuple[int, ...]


@dataclass(frozen=True)
class Layers:
    """The shapes of a network's parameters."""

    parameters: Mapping[str, str]


Network = Callable[[NetworkCase], nn.Sequential]


def _verdicts(c: NetworkCase, build: Network) -> Verdicts:
    """What the discriminator that `build` makes says of a case's images."""
    return Verdicts(*_output(c, build))


def _made(c: NetworkCase, build: Network) -> Made:
    """What the generator that `build` makes of a case's noise."""
    out, shapes = _output(c, build)
    return Made(out.reshape(len(out), -1), shapes)


def _output(c: NetworkCase, build: Network) -> tuple[Array, dict[str, str]]:
    net = filled(build(c), c.seed, double=False)
    with torch.no_grad():
        return numbers(net(tensor(c.x, double=False))), torch_kit.shapes(net)


def _with(net: nn.Sequential, **changes: object) -> nn.Sequential:
    """A copy of a network with other layers: kind of layer → another one for each, or None for none.

    ``last_`` before the kind changes the last such layer alone.
    """
    layers: list[nn.Module | None] = list(net)
    for name, change in changes.items():
        kind = name.removeprefix("last_")
        places = [i for i, layer in enumerate(layers) if type(layer).__name__ == kind]
        for place in places[-1:] if name != kind else places:
            layers[place] = change() if callable(change) else None
    return nn.Sequential(*(layer for layer in layers if layer is not None))


discriminate = suite.item("gan.discriminator", points=1.5, answers=f"{GAN}:discriminator")


@discriminate.check(
    Script(
        GAN,
        NetworkCase,
        Verdicts,
        """
        net = kit.fill(kit.anywhere(discriminator), seed)
        parameters = kit.shapes(net)
        logits = kit.anywhere(net, kit.tensor(x))
        """,
    ),
    core=[NetworkCase.images(N=BATCH)],
    contract={"the batch has 5 images": NetworkCase.images(N=5)},
)
def discriminates(c: NetworkCase) -> Verdicts:
    """discriminator scores images with the layers that the notebook lists"""
    return _verdicts(c, _discriminator)


def _discriminator(c: NetworkCase) -> nn.Sequential:
    del c
    return gan.discriminator()


@discriminates.mistake(ask="Who takes the sigmoid: the network, or the loss of its logits?")
def sigmoid_at_the_end(c: NetworkCase) -> Verdicts:
    """the last layer is a sigmoid"""
    return _verdicts(c, lambda c: nn.Sequential(*_discriminator(c), nn.Sigmoid()))


@discriminates.mistake(ask="What becomes of a number that is -1?")
def relu_for_leaky_relu(c: NetworkCase) -> Verdicts:
    """there are plain ReLUs where it should leak"""
    return _verdicts(c, lambda c: _with(_discriminator(c), LeakyReLU=nn.ReLU))


@discriminates.mistake(ask="How steep is a LeakyReLU with alpha 0.01 on the left?")
def steeper_leak(c: NetworkCase) -> Verdicts:
    """the slope on the left is 0.2"""
    return _verdicts(c, lambda c: _with(_discriminator(c), LeakyReLU=lambda: nn.LeakyReLU(0.2)))


@discriminates.mistake(ask="How steep is a LeakyReLU with alpha 0.01 on the left?")
def leak_of_a_tenth(c: NetworkCase) -> Verdicts:
    """the slope on the left is 0.1"""
    return _verdicts(c, lambda c: _with(_discriminator(c), LeakyReLU=lambda: nn.LeakyReLU(0.1)))


@discriminates.mistake(ask="What stands between the second layer and the third?")
def second_leaky_relu_missing(c: NetworkCase) -> Verdicts:
    """nothing stands between the second layer and the third"""
    return _verdicts(c, lambda c: _with(_discriminator(c), last_LeakyReLU=None))


generate = suite.item("gan.generator", points=1.5, answers=f"{GAN}:generator")


@generate.check(
    Script(
        GAN,
        NetworkCase,
        Made,
        """
        net = kit.fill(kit.anywhere(generator, noise_dim), seed)
        parameters = kit.shapes(net)
        images = kit.rows(kit.anywhere(net, kit.tensor(x)))
        """,
    ),
    core=[NetworkCase.noise(N=BATCH), NetworkCase.noise(N=BATCH, dim=4)],
    contract={"the batch has 5 images": NetworkCase.noise(N=5)},
)
def generates(c: NetworkCase) -> Made:
    """generator makes images of noise with the layers that the notebook lists"""
    return _made(c, _generator)


def _generator(c: NetworkCase) -> nn.Sequential:
    return gan.generator(c.noise_dim)


@generates.mistake(ask="Between which limits does a sigmoid lie, and between which an image?")
def sigmoid_for_tanh(c: NetworkCase) -> Made:
    """the last layer is a sigmoid"""
    return _made(c, lambda c: _with(_generator(c), Tanh=nn.Sigmoid))


@generates.mistake(ask="What keeps the images between -1 and 1?")
def no_tanh(c: NetworkCase) -> Made:
    """there is no tanh at the end"""
    return _made(c, lambda c: _with(_generator(c), Tanh=None))


@generates.mistake(ask="What stands between the second layer and the third?")
def second_relu_missing(c: NetworkCase) -> Made:
    """nothing stands between the second layer and the third"""
    return _made(c, lambda c: _with(_generator(c), last_ReLU=None))


@generates.mistake(ask="Which of the two networks has ReLUs that leak?")
def leaky_relu_for_relu(c: NetworkCase) -> Made:
    """the ReLUs leak, as those of the discriminator do"""
    return _made(c, lambda c: _with(_generator(c), ReLU=lambda: nn.LeakyReLU(0.01)))


# --- convolutional ----------------------------------------------------------------------------------

classify = suite.item("gan.build_dc_classifier", points=2, answers=f"{GAN}:build_dc_classifier")


@classify.check(
    Script(
        GAN,
        NetworkCase,
        Verdicts,
        """
        net = kit.fill(kit.anywhere(build_dc_classifier, batch_size), seed)
        parameters = kit.shapes(net)
        logits = kit.anywhere(net, kit.tensor(x))
        """,
    ),
    core=[NetworkCase.images(N=BATCH)],
    contract={"batch_size is 5": NetworkCase.images(N=5)},
)
def classifies(c: NetworkCase) -> Verdicts:
    """build_dc_classifier scores images with the layers that the notebook lists"""
    return _verdicts(c, _classifier)


def _classifier(c: NetworkCase) -> nn.Sequential:
    return gan.build_dc_classifier(c.batch_size)


@classifies.mistake(ask="Who takes the sigmoid: the network, or the loss of its logits?")
def dc_sigmoid_at_the_end(c: NetworkCase) -> Verdicts:
    """the last layer is a sigmoid"""
    return _verdicts(c, lambda c: nn.Sequential(*_classifier(c), nn.Sigmoid()))


@classifies.mistake(ask="What becomes of a number that is -1?")
def dc_relu_for_leaky_relu(c: NetworkCase) -> Verdicts:
    """there are plain ReLUs where it should leak"""
    return _verdicts(c, lambda c: _with(_classifier(c), LeakyReLU=nn.ReLU))


@classifies.mistake(ask="How steep is a LeakyReLU with alpha 0.01 on the left?")
def dc_steeper_leak(c: NetworkCase) -> Verdicts:
    """the slope on the left is 0.2"""
    return _verdicts(c, lambda c: _with(_classifier(c), LeakyReLU=lambda: nn.LeakyReLU(0.2)))


@classifies.mistake(ask="Which of the four numbers under a window does a max pooling keep?")
def averages_pooled(c: NetworkCase) -> Verdicts:
    """windows are averaged where their maximum is due"""
    return _verdicts(c, lambda c: _with(_classifier(c), MaxPool2d=lambda: nn.AvgPool2d(2)))


@classifies.mistake(ask="What stands between the two fully connected layers?")
def dc_last_leaky_relu_missing(c: NetworkCase) -> Verdicts:
    """nothing stands between the two fully connected layers"""
    return _verdicts(c, lambda c: _with(_classifier(c), last_LeakyReLU=None))


dc_generate = suite.item("gan.build_dc_generator", points=2, answers=f"{GAN}:build_dc_generator")


@dc_generate.check(
    Script(
        GAN,
        NetworkCase,
        Made,
        """
        net = kit.fill(kit.anywhere(build_dc_generator, noise_dim), seed)
        parameters = kit.shapes(net)
        images = kit.rows(kit.anywhere(net, kit.tensor(x)))
        """,
    ),
    core=[NetworkCase.noise(N=BATCH, dim=4)],
    contract={"the batch has 5 images": NetworkCase.noise(N=5, dim=4)},
)
def dc_generates(c: NetworkCase) -> Made:
    """build_dc_generator makes images of noise with the layers that the notebook lists"""
    return _made(c, _dc_generator)


def _dc_generator(c: NetworkCase) -> nn.Sequential:
    return gan.build_dc_generator(c.noise_dim)


@dc_generates.mistake(ask="In which order does the notebook list ReLU and BatchNorm?")
def norms_before_relus(c: NetworkCase) -> Made:
    """each norm stands before its ReLU and not after it"""
    return _made(c, _norms_first)


def _norms_first(c: NetworkCase) -> nn.Sequential:
    layers = list(_dc_generator(c))
    for i, layer in enumerate(layers):
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
            layers[i - 1 : i + 1] = [layer, layers[i - 1]]
    return nn.Sequential(*layers)


@dc_generates.mistake(ask="Which layer follows each ReLU?")
def no_norms(c: NetworkCase) -> Made:
    """the norms are missing"""
    return _made(c, lambda c: _with(_dc_generator(c), BatchNorm1d=None, BatchNorm2d=None))


@dc_generates.mistake(ask="Between which limits does a sigmoid lie, and between which an image?")
def dc_sigmoid_for_tanh(c: NetworkCase) -> Made:
    """the last layer is a sigmoid"""
    return _made(c, lambda c: _with(_dc_generator(c), Tanh=nn.Sigmoid))


@dc_generates.mistake(ask="What keeps the images between -1 and 1?")
def dc_no_tanh(c: NetworkCase) -> Made:
    """there is no tanh at the end"""
    return _made(c, lambda c: _with(_dc_generator(c), Tanh=None))


@dc_generates.mistake(ask="Which of the two networks has ReLUs that leak?")
def dc_leaky_relu_for_relu(c: NetworkCase) -> Made:
    """the ReLUs leak, as those of the discriminator do"""
    return _made(c, lambda c: _with(_dc_generator(c), ReLU=lambda: nn.LeakyReLU(0.01)))


def _makes_rows(item: Item, build: str, ask: str) -> None:
    """The law that images come as rows; run_a_gan reshapes whatever comes."""

    @item.law(
        Script(
            GAN,
            NetworkCase,
            Shape,
            f"""
            net = kit.anywhere({build}, noise_dim)
            shape = kit.size(kit.anywhere(net, kit.tensor(x)))
            """,
        ),
        cases=[NetworkCase.noise(N=BATCH)],
        contract="images are to come as rows",
        ask=ask,
    )
    def images_are_rows(c: NetworkCase, run: Callable[[NetworkCase], Shape]) -> Iterator[Claim]:
        """The images come as rows of 784 numbers"""
        shape, want = tuple(run(c).shape), (c.batch_size, 784)
        yield that(shape == want, f"the images have shape {shape}, {want} was expected")


_makes_rows(generate, "generator", "How many numbers has a row of the last layer that is listed?")
_makes_rows(dc_generate, "build_dc_generator", "Which layer does the notebook's list end with?")


# --- on any machine ---------------------------------------------------------------------------------


def _needs_no_gpu(item: Item, call: str, case: Blueprint[NetworkCase]) -> None:
    """The law that a network can be made where there is no GPU; a notebook's GPU hides that it cannot."""

    @item.law(
        Script(GAN, NetworkCase, Layers, f"parameters = kit.shapes({call})"),
        cases=[case],
        contract="there is no GPU",
        ask="Who puts the network on a GPU: its own code, or the notebook with .type(dtype)?",
    )
    def made_on_any_machine(
        c: NetworkCase, run: Callable[[NetworkCase], Layers]
    ) -> Iterator[Claim]:
        """A network can be made on a machine without a GPU"""
        yield that(run(c).parameters, "it has no parameters")


_needs_no_gpu(discriminate, "discriminator()", NetworkCase.noise(N=1))
_needs_no_gpu(generate, "generator(noise_dim)", NetworkCase.noise(N=1, dim=4))
_needs_no_gpu(classify, "build_dc_classifier(batch_size)", NetworkCase.noise(N=1))
_needs_no_gpu(dc_generate, "build_dc_generator(noise_dim)", NetworkCase.noise(N=1, dim=4))
