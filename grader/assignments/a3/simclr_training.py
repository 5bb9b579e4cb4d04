"""a3 · Self_Supervised_Learning.ipynb: one epoch of training, on a model of ours that is small."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from grader.assignments.a3.networks import differentiable, filled, numbers, tensor
from grader.assignments.a3.simclr_loss import LOSS, contrastive, vectorised
from grader.cases.contrastive import EpochCase
from grader.cases.dense import Array
from grader.checks.law import Claim, near
from grader.checks.outcome import Given
from grader.checks.script import Script
from grader.checks.suite import Suite
from grader.sandbox.guest import torch_kit

suite = Suite(
    "a3",
    "Self_Supervised_Learning",
    question="Q4",
    reading="“A Simple Framework for Contrastive Learning of Visual Representations”, section 2",
)

TRAINING = "cs231n.simclr.utils"


@dataclass(frozen=True)
class Trained:
    """The mean loss of an epoch, and the model's parameters after it."""

    loss: float | None
    after: Mapping[str, Array] | None


@dataclass(frozen=True)
class Average:
    """The mean loss of an epoch."""

    loss: float | None


MODEL = "kit.fill(kit.encoder(inputs, features, outputs), seed)"

train = suite.item(
    "simclr.train",
    points=2,
    answers=f"{TRAINING}:train",
    given=(Given(LOSS, {"simclr_loss_vectorized": differentiable(contrastive)}),),
    after=(vectorised,),
)


@train.check(
    Script(
        TRAINING,
        EpochCase,
        Trained,
        f"""
        model = {MODEL}
        loss = kit.anywhere(train, model, kit.batches(x_i, x_j, labels), kit.rate(model, rate), 1, 1, \
batch_size=batch_size, temperature=temperature, device="cpu")
        after = kit.values(model)
        """,
    ),
    core=[EpochCase.of(), EpochCase.of(batches=1, N=3, temperature=0.9)],
)
def epoch(c: EpochCase) -> Trained:
    """train descends the contrastive loss of the two views' projections"""
    return _trained(c, lambda left, right: contrastive(left[1], right[1], c.temperature))


Outputs = tuple[Tensor, Tensor]
"""What the model gives for one view: the description and its projection."""


def _trained(c: EpochCase, loss_of: Callable[[Outputs, Outputs], Tensor]) -> Trained:
    model: nn.Module = filled(torch_kit.encoder(c.inputs, c.features, c.outputs), c.seed)
    losses = []
    for x_i, x_j in zip(tensor(c.x_i), tensor(c.x_j), strict=True):
        loss = loss_of(model(x_i), model(x_j))
        slopes = torch.autograd.grad(loss, list(model.parameters()), allow_unused=True)
        # By hand: torch.optim would import half of torch for it.
        with torch.no_grad():
            for parameter, slope in zip(model.parameters(), slopes, strict=True):
                if slope is not None:
                    parameter.sub_(slope, alpha=c.rate)
        losses.append(loss.item())
    after = {name: numbers(value) for name, value in torch_kit.values(model).items()}
    return Trained(sum(losses) / len(losses), after)


@epoch.mistake(ask="The model gives a pair. Which of the two does the loss compare?")
def head_not_trained(c: EpochCase) -> Trained:
    """the loss compares the descriptions, and the projection head learns nothing"""
    return _trained(c, lambda left, right: contrastive(left[0], right[0], c.temperature))


@epoch.mistake(ask="Which temperature does the loss get: yours, or the one that train was given?")
def temperature_fixed(c: EpochCase) -> Trained:
    """the temperature is 0.5 whatever is asked for"""
    return _trained(c, lambda left, right: contrastive(left[1], right[1], 0.5))


@epoch.mistake(ask="Which of x_i and x_j goes through the model for out_right?")
def one_view_alone(c: EpochCase) -> Trained:
    """the second view never goes through the model"""
    return _trained(c, lambda left, _: contrastive(left[1], left[1], c.temperature))


@epoch.mistake(ask="Should the second view's projection teach the model anything?")
def second_view_detached(c: EpochCase) -> Trained:
    """no gradient flows through the second view"""
    return _trained(c, lambda left, right: contrastive(left[1], right[1].detach(), c.temperature))


@epoch.mistake(ask="The model gives a pair. Which of the two does the loss compare?")
def head_not_trained_at_half(c: EpochCase) -> Trained:
    """the loss compares the descriptions, and its temperature is 0.5 whatever is asked for"""
    return _trained(c, lambda left, right: contrastive(left[0], right[0], 0.5))


@train.law(
    Script(
        TRAINING,
        EpochCase,
        Average,
        f"""
        model = {MODEL}
        loss = train(model, kit.batches(x_i, x_j, labels), kit.rate(model, rate), 1, 1, \
batch_size=batch_size, temperature=temperature, device="cpu")
        """,
    ),
    cases=[EpochCase.of()],
    contract="device is the processor and there is no other",
    ask="Which device does the loss get: its default, or the one that train was given?",
)
def trains_on_the_device(c: EpochCase, run: Callable[[EpochCase], Average]) -> Iterator[Claim]:
    """The loss is worked out on the device that train was given"""
    yield near(run(c).loss, epoch.oracle(c).loss, "loss", limit=1e-3)
