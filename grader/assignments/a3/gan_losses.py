"""a3 · Generative_Adversarial_Networks.ipynb: what the two players want, and how they learn."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from grader.assignments.a3.gan_networks import GAN
from grader.assignments.a3.networks import numbers, tensor
from grader.cases.adversarial import DescentCase, VerdictsCase
from grader.cases.dense import Array
from grader.checks.law import Claim, that
from grader.checks.script import Script
from grader.checks.suite import Item, Suite
from reference.torch_models import gan

suite = Suite(
    "a3",
    "Generative_Adversarial_Networks",
    question="Q3",
    reading="“Generative Adversarial Nets”; “Least Squares Generative Adversarial Networks”",
)

VERDICTS = [VerdictsCase.of(), VerdictsCase.of(N=5)]
FLAT = {"the scores have no second axis": VerdictsCase.of(flat=True)}


@dataclass(frozen=True)
class BothLosses:
    """A loss of scores of real and of fake images, and its gradients."""

    SINGLE_LIMIT = 1e-5

    loss: float | None
    dreal: Array | None
    dfake: Array | None


@dataclass(frozen=True)
class FakeLoss:
    """A loss of scores of fake images, and its gradient."""

    SINGLE_LIMIT = 1e-5

    loss: float | None
    dfake: Array | None


def _of_both(name: str) -> Script[VerdictsCase, BothLosses]:
    return Script(
        GAN,
        VerdictsCase,
        BothLosses,
        f"""
        logits_real = kit.variable(real)
        logits_fake = kit.variable(fake)
        loss = kit.anywhere({name}, logits_real, logits_fake)
        dreal, dfake = kit.gradients(loss, logits_real, logits_fake)
        """,
    )


def _of_fakes(name: str) -> Script[VerdictsCase, FakeLoss]:
    return Script(
        GAN,
        VerdictsCase,
        FakeLoss,
        f"""
        logits_fake = kit.variable(fake)
        loss = kit.anywhere({name}, logits_fake)
        dfake, = kit.gradients(loss, logits_fake)
        """,
    )


def _both(c: VerdictsCase, loss: Callable[[Tensor, Tensor], Tensor]) -> BothLosses:
    real, fake = (tensor(x).requires_grad_() for x in (c.real, c.fake))
    value = loss(real, fake)
    dreal, dfake = torch.autograd.grad(value, (real, fake))
    return BothLosses(value.item(), numbers(dreal), numbers(dfake))


def _fakes(c: VerdictsCase, loss: Callable[[Tensor], Tensor]) -> FakeLoss:
    fake = tensor(c.fake).requires_grad_()
    value = loss(fake)
    (dfake,) = torch.autograd.grad(value, (fake,))
    return FakeLoss(value.item(), numbers(dfake))


def _bce(logits: Tensor, target: float, reduction: str = "mean") -> Tensor:
    return F.binary_cross_entropy_with_logits(
        logits, torch.full_like(logits, target), reduction=reduction
    )


def _square(scores: Tensor, target: float) -> Tensor:
    return (scores - target) ** 2


# --- cross-entropy ----------------------------------------------------------------------------------

d_loss = suite.item("gan.discriminator_loss", points=2, answers=f"{GAN}:discriminator_loss")


@d_loss.check(_of_both("discriminator_loss"), core=VERDICTS, contract=FLAT)
def discriminators_loss(c: VerdictsCase) -> BothLosses:
    """discriminator_loss is the cross-entropy of calling real images real and fake ones fake"""
    return _both(c, gan.discriminator_loss)


@discriminators_loss.mistake(ask="Two expectations are in the formula. What stands between them?")
def halved(c: VerdictsCase) -> BothLosses:
    """the two terms are averaged and not added"""
    return _both(c, lambda real, fake: (_bce(real, 1) + _bce(fake, 0)) / 2)


@discriminators_loss.mistake(ask="Which label is due to a real image?")
def labels_swapped(c: VerdictsCase) -> BothLosses:
    """real images are to be called fake and fake ones real"""
    return _both(c, lambda real, fake: _bce(real, 0) + _bce(fake, 1))


@discriminators_loss.mistake(ask="Should a batch that is twice as large cost twice as much?")
def summed(c: VerdictsCase) -> BothLosses:
    """the losses are summed over the batch"""
    return _both(c, lambda real, fake: _bce(real, 1, "sum") + _bce(fake, 0, "sum"))


@discriminators_loss.mistake(ask="Does bce_loss take probabilities, or logits?")
def sigmoid_first(c: VerdictsCase) -> BothLosses:
    """the logits go through a sigmoid before bce_loss takes them for logits"""
    return _both(c, lambda real, fake: _bce(real.sigmoid(), 1) + _bce(fake.sigmoid(), 0))


@discriminators_loss.mistake(ask="What does the discriminator learn from the fake images?")
def real_images_alone(c: VerdictsCase) -> BothLosses:
    """only the real images count"""
    return _both(c, lambda real, fake: _bce(real, 1) + 0 * fake.sum())


@discriminators_loss.mistake(ask="Which label is due to a fake image?")
def all_called_real(c: VerdictsCase) -> BothLosses:
    """fake images are to be called real too"""
    return _both(c, lambda real, fake: _bce(real, 1) + _bce(fake, 1))


g_loss = suite.item("gan.generator_loss", points=1.5, answers=f"{GAN}:generator_loss")


@g_loss.check(_of_fakes("generator_loss"), core=VERDICTS, contract=FLAT)
def generators_loss(c: VerdictsCase) -> FakeLoss:
    """generator_loss is the cross-entropy of having fake images called real"""
    return _fakes(c, gan.generator_loss)


@generators_loss.mistake(ask="Which label does the generator want its images to get?")
def wants_to_be_caught(c: VerdictsCase) -> FakeLoss:
    """fake images are to be called fake"""
    return _fakes(c, lambda fake: _bce(fake, 0))


@generators_loss.mistake(
    ask="Whose loss is log(1 - D(G(z))), and what slope has it where D is sure?"
)
def minimax(c: VerdictsCase) -> FakeLoss:
    """it is the discriminator's loss with the other sign"""
    return _fakes(c, lambda fake: -_bce(fake, 0))


@generators_loss.mistake(ask="Should a batch that is twice as large cost twice as much?")
def g_summed(c: VerdictsCase) -> FakeLoss:
    """the losses are summed over the batch"""
    return _fakes(c, lambda fake: _bce(fake, 1, "sum"))


@generators_loss.mistake(ask="Does bce_loss take probabilities, or logits?")
def g_sigmoid_first(c: VerdictsCase) -> FakeLoss:
    """the logits go through a sigmoid before bce_loss takes them for logits"""
    return _fakes(c, lambda fake: _bce(fake.sigmoid(), 1))


@dataclass(frozen=True)
class Value:
    """A loss, as a number."""

    loss: float | None


def _needs_no_gpu(item: Item, call: str) -> None:
    """The law that a loss takes its labels to where the scores are, and not to a GPU."""

    @item.law(
        Script(
            GAN,
            VerdictsCase,
            Value,
            f"""
            logits_real = kit.tensor(real)
            logits_fake = kit.tensor(fake)
            loss = {call}
            """,
        ),
        cases=[VerdictsCase.of()],
        contract="there is no GPU",
        ask="On which device do your labels lie, and on which one the scores?",
    )
    def lies_with_its_scores(
        c: VerdictsCase, run: Callable[[VerdictsCase], Value]
    ) -> Iterator[Claim]:
        """A loss can be worked out on a machine without a GPU"""
        yield that(run(c).loss is not None, "there is no loss")


_needs_no_gpu(d_loss, "discriminator_loss(logits_real, logits_fake)")
_needs_no_gpu(g_loss, "generator_loss(logits_fake)")


# --- Adam -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Path:
    """A parameter after each step."""

    path: Array | None


optimizer = suite.item("gan.get_optimizer", points=1, answers=f"{GAN}:get_optimizer")


@optimizer.check(
    Script(
        GAN,
        DescentCase,
        Path,
        """
        model = kit.weights(start)
        path = kit.descend(get_optimizer(model), model, slopes)
        """,
    ),
    core=[DescentCase.of()],
)
def descends(c: DescentCase) -> Path:
    """get_optimizer steps as Adam does with learning rate 1e-3 and betas 0.5 and 0.999"""
    return _adam(c)


def _adam(c: DescentCase, rate: float = 1e-3, beta1: float = 0.5, beta2: float = 0.999) -> Path:
    w, m, v, path = c.start, np.zeros_like(c.start), np.zeros_like(c.start), []
    for t, slope in enumerate(c.slopes, start=1):
        m = beta1 * m + (1 - beta1) * slope
        v = beta2 * v + (1 - beta2) * slope**2
        w = w - rate * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + 1e-8)
        path.append(w)
    return Path(np.stack(path))


@descends.mistake(ask="What is Adam's beta1 when nobody says otherwise?")
def default_betas(c: DescentCase) -> Path:
    """the betas are Adam's own, 0.9 and 0.999"""
    return _adam(c, beta1=0.9)


@descends.mistake(ask="How many nines has beta2?")
def a_nine_too_few(c: DescentCase) -> Path:
    """beta2 is 0.99"""
    return _adam(c, beta2=0.99)


@descends.mistake(ask="Which of the two betas is 0.5?")
def betas_swapped(c: DescentCase) -> Path:
    """the betas have changed places"""
    return _adam(c, beta1=0.999, beta2=0.5)


@descends.mistake(ask="Which optimiser does the notebook ask for?")
def plain_descent(c: DescentCase) -> Path:
    """it is plain gradient descent"""
    return Path(c.start - 1e-3 * np.cumsum(c.slopes, axis=0))


# --- least squares ----------------------------------------------------------------------------------

ls_d_loss = suite.item(
    "gan.ls_discriminator_loss", points=1.5, answers=f"{GAN}:ls_discriminator_loss"
)


@ls_d_loss.check(_of_both("ls_discriminator_loss"), core=VERDICTS, contract=FLAT)
def least_squares_of_both(c: VerdictsCase) -> BothLosses:
    """ls_discriminator_loss is half the mean square distance of scores from 1 and from 0"""
    return _both(c, gan.ls_discriminator_loss)


@least_squares_of_both.mistake(ask="What stands before each expectation?")
def ls_not_halved(c: VerdictsCase) -> BothLosses:
    """the factor 1/2 is missing"""
    return _both(c, lambda real, fake: _square(real, 1).mean() + _square(fake, 0).mean())


@least_squares_of_both.mistake(ask="Should a batch that is twice as large cost twice as much?")
def ls_summed(c: VerdictsCase) -> BothLosses:
    """the squares are summed over the batch"""
    return _both(c, lambda real, fake: (_square(real, 1).sum() + _square(fake, 0).sum()) / 2)


@least_squares_of_both.mistake(ask="Which score is due to a real image?")
def ls_labels_swapped(c: VerdictsCase) -> BothLosses:
    """real images are to be scored 0 and fake ones 1"""
    return _both(c, lambda real, fake: (_square(real, 0).mean() + _square(fake, 1).mean()) / 2)


@least_squares_of_both.mistake(ask="Does a least-squares discriminator give probabilities?")
def ls_sigmoid_first(c: VerdictsCase) -> BothLosses:
    """the scores go through a sigmoid"""
    return _both(
        c,
        lambda real, fake: (
            (_square(real.sigmoid(), 1).mean() + _square(fake.sigmoid(), 0).mean()) / 2
        ),
    )


ls_g_loss = suite.item("gan.ls_generator_loss", points=1, answers=f"{GAN}:ls_generator_loss")


@ls_g_loss.check(_of_fakes("ls_generator_loss"), core=VERDICTS, contract=FLAT)
def least_squares_of_fakes(c: VerdictsCase) -> FakeLoss:
    """ls_generator_loss is half the mean square distance of the fake images' scores from 1"""
    return _fakes(c, gan.ls_generator_loss)


@least_squares_of_fakes.mistake(ask="What stands before the expectation?")
def ls_g_not_halved(c: VerdictsCase) -> FakeLoss:
    """the factor 1/2 is missing"""
    return _fakes(c, lambda fake: _square(fake, 1).mean())


@least_squares_of_fakes.mistake(ask="Should a batch that is twice as large cost twice as much?")
def ls_g_summed(c: VerdictsCase) -> FakeLoss:
    """the squares are summed over the batch"""
    return _fakes(c, lambda fake: _square(fake, 1).sum() / 2)


@least_squares_of_fakes.mistake(ask="Which score does the generator want its images to get?")
def ls_wants_zero(c: VerdictsCase) -> FakeLoss:
    """fake images are to be scored 0"""
    return _fakes(c, lambda fake: _square(fake, 0).mean() / 2)


@least_squares_of_fakes.mistake(ask="Does a least-squares discriminator give probabilities?")
def ls_g_sigmoid_first(c: VerdictsCase) -> FakeLoss:
    """the scores go through a sigmoid"""
    return _fakes(c, lambda fake: _square(fake.sigmoid(), 1).mean() / 2)


_needs_no_gpu(ls_d_loss, "ls_discriminator_loss(logits_real, logits_fake)")
_needs_no_gpu(ls_g_loss, "ls_generator_loss(logits_fake)")
