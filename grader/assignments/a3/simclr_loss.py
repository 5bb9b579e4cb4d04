"""a3 · Self_Supervised_Learning.ipynb: likeness, and the contrastive loss in two ways."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from grader.assignments.a3.networks import differentiable, numbers, tensor
from grader.cases.contrastive import PairsCase, VectorsCase
from grader.cases.dense import Array
from grader.checks.check import Check
from grader.checks.law import Claim, near
from grader.checks.outcome import Given
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.torch_models import simclr

suite = Suite(
    "a3",
    "Self_Supervised_Learning",
    question="Q4",
    reading="“A Simple Framework for Contrastive Learning of Visual Representations”, section 2",
)

LOSS = "cs231n.simclr.contrastive_loss"


# --- likeness ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Likeness:
    """How alike two vectors are."""

    SINGLE_LIMIT = 1e-5

    value: float | None


@dataclass(frozen=True)
class PairLikeness:
    """How alike the vectors of each pair are."""

    SINGLE_LIMIT = 1e-5

    pos_pairs: Array | None


@dataclass(frozen=True)
class AllLikeness:
    """How alike all vectors are to each other."""

    SINGLE_LIMIT = 1e-5

    sim_matrix: Array | None


@dataclass(frozen=True)
class Loss:
    """The contrastive loss."""

    SINGLE_LIMIT = 1e-5

    loss: float | None


@dataclass(frozen=True)
class LossGrads:
    """The contrastive loss and its gradients."""

    SINGLE_LIMIT = 1e-4

    loss: float | None
    dleft: Array | None
    dright: Array | None


@dataclass(frozen=True)
class Slope:
    """The gradient of the sum of all likenesses."""

    SINGLE_LIMIT = 1e-4

    dz: Array | None


sim = suite.item("simclr.sim", points=2, answers=f"{LOSS}:sim")


@sim.check(
    Script(
        LOSS,
        VectorsCase,
        Likeness,
        "value = kit.anywhere(sim, kit.tensor(z_i), kit.tensor(z_j))",
    ),
    core=[VectorsCase.of(), VectorsCase.of(D=3)],
)
def cosine(c: VectorsCase) -> Likeness:
    """sim is the dot product of two vectors over the product of their lengths"""
    return Likeness(simclr.sim(tensor(c.z_i), tensor(c.z_j)).item())


def _dot(c: VectorsCase) -> tuple[float, float, float]:
    z_i, z_j = (z.astype(np.float64) for z in (c.z_i, c.z_j))
    return float(z_i @ z_j), float(np.linalg.norm(z_i)), float(np.linalg.norm(z_j))


@cosine.mistake(ask="How alike is a vector to itself times ten?")
def dot_product(c: VectorsCase) -> Likeness:
    """the dot product is not divided by the lengths"""
    return Likeness(_dot(c)[0])


@cosine.mistake(ask="Is a length the sum of squares, or its root?")
def squared_lengths(c: VectorsCase) -> Likeness:
    """it is divided by the squares of the lengths"""
    dot, i, j = _dot(c)
    return Likeness(dot / (i * j) ** 2)


@cosine.mistake(ask="How many lengths are there?")
def one_length(c: VectorsCase) -> Likeness:
    """it is divided by the length of the first vector alone"""
    dot, i, _ = _dot(c)
    return Likeness(dot / i)


# --- naive ------------------------------------------------------------------------------------------

SIM = Given(LOSS, {"sim": differentiable(simclr.sim)})
WARM = [PairsCase.of(tau=5.0), PairsCase.of(N=2, tau=1.0), PairsCase.of(N=5, D=3, tau=0.5)]

naive = suite.item(
    "simclr.loss_naive", points=5, answers=f"{LOSS}:simclr_loss_naive", given=(SIM,), after=(sim,)
)


@naive.check(
    Script(
        LOSS,
        PairsCase,
        Loss,
        "loss = kit.anywhere(simclr_loss_naive, kit.tensor(left), kit.tensor(right), tau)",
    ),
    core=WARM,
)
def pair_by_pair(c: PairsCase) -> Loss:
    """simclr_loss_naive is the mean cross-entropy of finding each view's partner among all others"""
    return Loss(simclr.simclr_loss_naive(tensor(c.left), tensor(c.right), c.tau).item())


def _cosines(c: PairsCase, *, unit: bool = True) -> Array:
    out = c.out.astype(np.float64)
    lengths = np.linalg.norm(out, axis=1, keepdims=True) if unit else 1.0
    cosines: Array = (out / lengths) @ (out / lengths).T
    return cosines


def _loss(
    c: PairsCase,
    *,
    unit: bool = True,
    denominator_tau: bool = True,
    numerator_tau: bool = True,
    with_itself: bool = False,
    with_partner: bool = True,
    excluded: str = "itself",
    rows: str = "both",
    mean: bool = True,
) -> float:
    """The loss with one thing or another done otherwise."""
    cosines, N = _cosines(c, unit=unit), len(c.left)
    partner = (np.arange(2 * N) + N) % (2 * N)
    counted = np.ones_like(cosines)
    if not with_itself:
        np.fill_diagonal(counted, 0)
    if not with_partner:
        counted[np.arange(2 * N), partner] = 0
    if excluded == "k":
        counted[:] = 1
        counted[np.arange(2 * N), np.arange(2 * N) % N] = 0
    raised = np.exp(cosines / (c.tau if denominator_tau else 1.0)) * counted
    positive = cosines[np.arange(2 * N), partner] / (c.tau if numerator_tau else 1.0)
    losses = np.log(raised.sum(axis=1)) - positive
    chosen = losses[:N] if rows == "left" else losses
    return float(chosen.sum() / (2 * N if mean else 1))


def _both_ways(check: Check[PairsCase, Loss]) -> None:
    """The mistakes that the naive and the vectorised loss have in common."""

    @check.mistake(ask="Does a view compete with itself?")
    def with_itself(c: PairsCase) -> Loss:
        """the denominator counts each view itself too"""
        return Loss(_loss(c, with_itself=True))

    @check.mistake(ask="Where does the temperature stand, and what becomes of the loss without it?")
    def no_temperature(c: PairsCase) -> Loss:
        """nothing is divided by tau"""
        return Loss(_loss(c, denominator_tau=False, numerator_tau=False))

    @check.mistake(ask="Which of numerator and denominator knows tau?")
    def no_temperature_in_the_numerator(c: PairsCase) -> Loss:
        """the numerator is not divided by tau"""
        return Loss(_loss(c, numerator_tau=False))

    @check.mistake(ask="Which of numerator and denominator knows tau?")
    def no_temperature_in_the_denominator(c: PairsCase) -> Loss:
        """the denominator is not divided by tau"""
        return Loss(_loss(c, denominator_tau=False))

    @check.mistake(ask="How many views are there, and how many of them have a loss?")
    def one_direction(c: PairsCase) -> Loss:
        """only the left views look for their partners, and the mean is over all"""
        return Loss(_loss(c, rows="left"))

    @check.mistake(ask="Over how many views is the mean?")
    def divided_by_the_pairs(c: PairsCase) -> Loss:
        """the sum over all views is divided by N and not by 2N"""
        return Loss(2 * _loss(c))

    @check.mistake(ask="Is the partner one of those among which it has to be found?")
    def partner_not_counted(c: PairsCase) -> Loss:
        """the denominator leaves out the partner"""
        return Loss(_loss(c, with_partner=False))

    @check.mistake(ask="How alike is a vector to itself times ten?")
    def not_normalised(c: PairsCase) -> Loss:
        """the likeness is a plain dot product"""
        return Loss(_loss(c, unit=False))

    @check.mistake(ask="Should a batch that is twice as large cost twice as much?")
    def summed(c: PairsCase) -> Loss:
        """the losses are summed over all views"""
        return Loss(_loss(c, mean=False))


_both_ways(pair_by_pair)


@pair_by_pair.mistake(ask="Which term does the denominator of l(k + N, k) leave out?")
def same_term_left_out(c: PairsCase) -> Loss:
    """both directions leave out term k, where l(k + N, k) should leave out k + N"""
    return Loss(_loss(c, excluded="k"))


# --- vectorised -------------------------------------------------------------------------------------

positives = suite.item(
    "simclr.sim_positive_pairs",
    points=2,
    answers=f"{LOSS}:sim_positive_pairs",
    does_without=("loops",),
)
PAIRS = [PairsCase.of(), PairsCase.of(N=5, D=3)]


@positives.check(
    Script(
        LOSS,
        PairsCase,
        PairLikeness,
        "pos_pairs = kit.anywhere(sim_positive_pairs, kit.tensor(left), kit.tensor(right))",
    ),
    core=PAIRS,
)
def partners(c: PairsCase) -> PairLikeness:
    """sim_positive_pairs is the likeness of each row to its partner"""
    return PairLikeness(numbers(simclr.sim_positive_pairs(tensor(c.left), tensor(c.right))))


@partners.mistake(ask="How alike is a vector to itself times ten?")
def rows_not_normalised(c: PairsCase) -> PairLikeness:
    """the dot products are not divided by the lengths"""
    return PairLikeness(np.sum(c.left.astype(np.float64) * c.right, axis=1, keepdims=True))


@partners.mistake(ask="Along which axis do the entries of one vector stand?")
def columns_normalised(c: PairsCase) -> PairLikeness:
    """columns are divided by their lengths, and not rows"""
    left, right = (x / np.linalg.norm(x.astype(np.float64), axis=0) for x in (c.left, c.right))
    return PairLikeness(np.sum(left * right, axis=1, keepdims=True))


@partners.mistake(ask="Has every vector a length of its own?")
def whole_normalised(c: PairsCase) -> PairLikeness:
    """all are divided by the length of the whole matrix"""
    left, right = (x / np.linalg.norm(x.astype(np.float64)) for x in (c.left, c.right))
    return PairLikeness(np.sum(left * right, axis=1, keepdims=True))


@partners.mistake(ask="How many partners has a row?")
def all_with_all(c: PairsCase) -> PairLikeness:
    """each left row is compared with each right one"""
    return PairLikeness(_cosines(c)[: len(c.left), len(c.left) :])


@positives.check(
    Script(
        LOSS,
        PairsCase,
        Slope,
        """
        z, z_left = kit.grown(left)
        pos_pairs = kit.anywhere(sim_positive_pairs, z_left, kit.tensor(right))
        dz, = kit.gradients(pos_pairs, z)
        """,
    ),
    core=PAIRS[:1],
)
def partners_teach(c: PairsCase) -> Slope:
    """What learns from sim_positive_pairs learns the right thing"""
    z = tensor(c.left).requires_grad_()
    likeness = simclr.sim_positive_pairs(z, tensor(c.right)).sum()
    return Slope(numbers(torch.autograd.grad(likeness, z)[0]))


@partners_teach.mistake(ask="Which of your lines changes a tensor that torch has to remember?")
def partners_teach_nothing(c: PairsCase) -> Slope:
    """no gradient comes back"""
    return Slope(np.zeros_like(c.left, dtype=np.float64))


matrix = suite.item(
    "simclr.compute_sim_matrix",
    points=3,
    answers=f"{LOSS}:compute_sim_matrix",
    does_without=("loops",),
)


@matrix.check(
    Script(
        LOSS,
        PairsCase,
        AllLikeness,
        "sim_matrix = kit.anywhere(compute_sim_matrix, kit.tensor(out))",
    ),
    core=PAIRS,
)
def all_cosines(c: PairsCase) -> AllLikeness:
    """compute_sim_matrix is the likeness of every view to every view"""
    return AllLikeness(numbers(simclr.compute_sim_matrix(tensor(c.out))))


@all_cosines.mistake(ask="How alike is a vector to itself times ten?")
def dot_products(c: PairsCase) -> AllLikeness:
    """the dot products are not divided by the lengths"""
    return AllLikeness(_cosines(c, unit=False))


@all_cosines.mistake(ask="Has every vector a length of its own?")
def one_length_for_all(c: PairsCase) -> AllLikeness:
    """all are divided by the length of the whole matrix"""
    out = c.out / np.linalg.norm(c.out.astype(np.float64))
    return AllLikeness(out @ out.T)


@all_cosines.mistake(ask="Is A as alike to B as B is to A?")
def one_side_normalised(c: PairsCase) -> AllLikeness:
    """only one of the two vectors is divided by its length"""
    out = c.out.astype(np.float64)
    return AllLikeness((out / np.linalg.norm(out, axis=1, keepdims=True)) @ out.T)


@all_cosines.mistake(ask="Is a length the sum of squares, or its root?")
def squares_for_lengths(c: PairsCase) -> AllLikeness:
    """the dot products are divided by the squares of the lengths"""
    out = c.out.astype(np.float64)
    out = out / np.sum(out**2, axis=1, keepdims=True)
    return AllLikeness(out @ out.T)


@matrix.check(
    Script(
        LOSS,
        PairsCase,
        Slope,
        """
        z, z_out = kit.grown(out)
        sim_matrix = kit.anywhere(compute_sim_matrix, z_out)
        dz, = kit.gradients(sim_matrix, z)
        """,
    ),
    core=PAIRS[:1],
)
def cosines_teach(c: PairsCase) -> Slope:
    """What learns from compute_sim_matrix learns the right thing"""
    z = tensor(c.out).requires_grad_()
    likeness = simclr.compute_sim_matrix(z).sum()
    return Slope(numbers(torch.autograd.grad(likeness, z)[0]))


@cosines_teach.mistake(ask="Which of your lines changes a tensor that torch has to remember?")
def cosines_teach_nothing(c: PairsCase) -> Slope:
    """no gradient comes back"""
    return Slope(np.zeros_like(c.out, dtype=np.float64))


PARTS = Given(
    LOSS,
    {
        "sim": differentiable(simclr.sim),
        "sim_positive_pairs": differentiable(simclr.sim_positive_pairs),
        "compute_sim_matrix": differentiable(simclr.compute_sim_matrix),
    },
)
vectorised = suite.item(
    "simclr.loss_vectorized",
    points=5,
    answers=f"{LOSS}:simclr_loss_vectorized",
    given=(PARTS,),
    after=(matrix,),
    does_without=("loops",),
)
CPU = '"cpu"'


@vectorised.check(
    Script(
        LOSS,
        PairsCase,
        Loss,
        f"""
        loss = kit.anywhere(simclr_loss_vectorized, kit.tensor(left), kit.tensor(right), tau, \
device={CPU})
        """,
    ),
    core=WARM,
)
def all_at_once(c: PairsCase) -> Loss:
    """simclr_loss_vectorized is the same loss, without a loop"""
    return Loss(_reference(c).loss)


_both_ways(all_at_once)


@all_at_once.mistake(ask="Is N a number of pairs, or of your examples?")
def numerators_of_the_left(c: PairsCase) -> Loss:
    """the losses of the left views are averaged alone"""
    return Loss(2 * _loss(c, rows="left"))


def _reference(c: PairsCase) -> LossGrads:
    left, right = (tensor(x).requires_grad_() for x in (c.left, c.right))
    loss = simclr.simclr_loss_vectorized(left, right, c.tau, device="cpu")
    dleft, dright = torch.autograd.grad(loss, (left, right))
    return LossGrads(loss.item(), numbers(dleft), numbers(dright))


learned = Script(
    LOSS,
    PairsCase,
    LossGrads,
    f"""
    z_left = kit.variable(left)
    z_right = kit.variable(right)
    loss = kit.anywhere(simclr_loss_vectorized, z_left, z_right, tau, device={CPU})
    dleft, dright = kit.gradients(loss, z_left, z_right)
    """,
)


@vectorised.check(learned, core=[PairsCase.of(tau=0.5)])
def teaches_both_views(c: PairsCase) -> LossGrads:
    """The gradient of simclr_loss_vectorized reaches the vectors of both views"""
    return _reference(c)


@teaches_both_views.mistake(ask="Where in your code does a tensor leave torch's graph?")
def right_views_detached(c: PairsCase) -> LossGrads:
    """no gradient reaches the right views"""
    right = _reference(c)
    assert right.dright is not None
    return replace(right, dright=np.zeros_like(right.dright))


@vectorised.law(
    Script(
        LOSS,
        PairsCase,
        Loss,
        f"loss = simclr_loss_vectorized(kit.tensor(left), kit.tensor(right), tau, device={CPU})",
    ),
    cases=[PairsCase.of(tau=0.5)],
    contract="device is the processor and there is no other",
    ask="Where does your code make new tensors: on device, or on a GPU?",
)
def device_is_honoured(c: PairsCase, run: Callable[[PairsCase], Loss]) -> Iterator[Claim]:
    """The loss is worked out on the device that is asked for"""
    yield near(run(c).loss, _reference(c).loss, "loss", limit=1e-4)


def contrastive(
    out_left: Tensor, out_right: Tensor, tau: float, device: str | torch.device = "cpu"
) -> Tensor:
    """The reference's loss as students call it, for their training loop."""
    del device
    return simclr.simclr_loss_vectorized(out_left, out_right, tau, device="cpu")
