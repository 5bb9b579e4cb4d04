"""The contrastive loss, pairs, the model and its training."""

import logging
from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from reference.torch_models import simclr
from reference.torch_models.device import placed, seeded
from reference.torch_models.simclr.augmentation import (
    Compose,
    RandomHorizontalFlip,
    RandomResizedCrop,
)

Det = Callable[..., Tensor]
LEFT = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
RIGHT = torch.tensor([[0.0, 8.0, 3.0], [10.0, 4.0, 9.0]])
NAIVE_AND_VECTORIZED: list[Callable[[Tensor, Tensor, float], Tensor]] = [
    simclr.simclr_loss_naive,
    lambda left, right, tau: simclr.simclr_loss_vectorized(left, right, tau, left.device),
]


@pytest.mark.parametrize("loss", NAIVE_AND_VECTORIZED, ids=["naive", "vectorized"])
def test_golden_losses(loss: Callable[[Tensor, Tensor, float], Tensor], tdet: Det) -> None:
    left, right = tdet((4, 5), 0.7), tdet((4, 5), 1.3)
    assert loss(left, right, 0.5).item() == pytest.approx(2.7024553223, rel=0, abs=6e-11)
    assert loss(left, right, 2.0).item() == pytest.approx(2.0342097628, rel=0, abs=6e-11)


@pytest.mark.parametrize("loss", NAIVE_AND_VECTORIZED, ids=["naive", "vectorized"])
def test_losses_of_the_notebook(loss: Callable[[Tensor, Tensor, float], Tensor]) -> None:
    assert loss(LEFT, RIGHT, 5.0).item() == pytest.approx(1.0883455276, abs=5e-7)
    assert loss(LEFT, RIGHT, 1.0).item() == pytest.approx(1.0537996292, abs=5e-7)


def test_cosines_of_the_notebook() -> None:
    pairs = torch.tensor([[0.782014], [0.925606]])
    torch.testing.assert_close(simclr.sim_positive_pairs(LEFT, RIGHT), pairs, rtol=0, atol=1e-6)
    for k in range(2):
        due = pairs[k, 0]
        torch.testing.assert_close(simclr.sim(LEFT[k], RIGHT[k]), due, rtol=0, atol=1e-6)
        torch.testing.assert_close(simclr.sim(LEFT[[k]], RIGHT[[k]]), due, rtol=0, atol=1e-6)

    upper = torch.zeros(4, 4)
    rows, columns = torch.triu_indices(4, 4, 1)
    upper[rows, columns] = torch.tensor(
        [0.974632, 0.782014, 0.856871, 0.773608, 0.925606, 0.491991]
    )
    matrix = simclr.compute_sim_matrix(torch.cat((LEFT, RIGHT)))
    torch.testing.assert_close(matrix, upper + upper.T + torch.eye(4), rtol=0, atol=1e-6)


@settings(max_examples=30, deadline=None)
@given(
    N=st.integers(1, 7),
    D=st.integers(2, 9),
    tau=st.floats(0.05, 10),
    seed=st.integers(0, 2**31),
)
def test_naive_is_vectorized_and_so_are_the_gradients(
    N: int, D: int, tau: float, seed: int
) -> None:
    generator = torch.Generator().manual_seed(seed)
    left, right = torch.randn(2, N, D, generator=generator, dtype=torch.float64)
    inputs = [left.requires_grad_(), right.requires_grad_()]
    results = []
    for loss in NAIVE_AND_VECTORIZED:
        value = loss(left, right, tau)
        results.append([value, *torch.autograd.grad(value, inputs)])
    torch.testing.assert_close(results[0], results[1], rtol=1e-8, atol=1e-10)


def test_the_loss_is_a_cross_entropy(device: torch.device) -> None:
    with seeded(2):
        left, right = torch.randn(2, 5, 3, dtype=torch.float64).to(device)
    scores = simclr.compute_sim_matrix(torch.cat((left, right))) / 0.3
    scores.fill_diagonal_(-torch.inf)
    partners = torch.arange(10, device=device).roll(5)
    loss = simclr.simclr_loss_vectorized(left, right, 0.3, device)
    torch.testing.assert_close(loss, F.cross_entropy(scores, partners))
    assert loss.device == left.device


@pytest.mark.parametrize("loss", NAIVE_AND_VECTORIZED, ids=["naive", "vectorized"])
def test_no_temperature_is_too_low(loss: Callable[[Tensor, Tensor, float], Tensor]) -> None:
    value = loss(LEFT, RIGHT, 1e-3)
    # Both left vectors are nearest each other; by 1000 times the difference of the cosines.
    assert torch.isfinite(value)
    assert value > 30


def test_vectors_of_equal_direction_cost_the_logarithm_of_the_others() -> None:
    same = torch.ones(4, 3, dtype=torch.float64)
    loss = simclr.simclr_loss_vectorized(same, 2 * same, 0.5, "cpu")
    assert loss.item() == pytest.approx(torch.tensor(7.0).log().item())


class Counting:
    """A transform that never returns the same view twice."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, image: Tensor) -> Tensor:
        self.calls += 1
        return image + self.calls


def test_a_pair_is_two_views_of_one_image() -> None:
    images, targets = torch.arange(5).reshape(5, 1, 1, 1) * 100, torch.tensor([3, 1, 4, 1, 5])
    pairs = simclr.CIFAR10Pair(images, targets, Counting())
    x_i, x_j, target = pairs[2]
    assert (x_i.item(), x_j.item(), target.item()) == (201, 202, 4)
    assert len(pairs) == 5


def test_batches_of_pairs_are_whole_and_shuffled() -> None:
    images, targets = torch.arange(7).reshape(7, 1, 1, 1) * 100, torch.arange(7)
    batches = simclr.PairBatches(simclr.CIFAR10Pair(images, targets, Counting()), 3)
    epochs = [[tuple(target.tolist()) for _, _, target in batches] for _ in range(2)]
    assert len(batches) == 2
    assert all(len(set(sum(epoch, ()))) == 6 for epoch in epochs)
    assert epochs[0] != epochs[1]
    for x_i, x_j, target in batches:
        assert torch.equal(x_j, x_i + 1)
        assert torch.equal(x_i.flatten() // 100, target)


def test_the_model_describes_and_projects() -> None:
    with seeded(0):
        model = simclr.Model(feature_dim=6, widths=(4, 8))
        feature, out = model(torch.randn(3, 3, 32, 32))
    assert (feature.shape, out.shape) == ((3, 8), (3, 6))
    torch.testing.assert_close(feature.norm(dim=1), torch.ones(3))
    torch.testing.assert_close(out.norm(dim=1), torch.ones(3))


def test_training_lowers_the_loss_and_uses_the_head(
    device: torch.device, caplog: pytest.LogCaptureFixture
) -> None:
    """Sixteen coloured squares each; the views are mild ones, which so few steps can learn from."""
    drawn = torch.Generator().manual_seed(3)
    squares = torch.randint(0, 256, (24, 3, 4, 4), dtype=torch.uint8, generator=drawn)
    images = squares.repeat_interleave(8, dim=2).repeat_interleave(8, dim=3).to(device)

    def run() -> tuple[list[float], simclr.Model]:
        with seeded(231):
            model = placed(simclr.Model(feature_dim=8, widths=(4, 8)), device)
            mild = Compose((RandomResizedCrop(32, (0.5, 1.0)), RandomHorizontalFlip()), seed=5)
            batches = simclr.PairBatches(simclr.CIFAR10Pair(images, torch.arange(24), mild), 12)
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
            losses = [
                simclr.train(model, batches, optimizer, epoch, 12, 12, 0.5, device)
                for epoch in range(1, 13)
            ]
        return losses, model

    caplog.set_level(logging.INFO)
    losses, model = run()
    assert sum(losses[-3:]) < sum(losses[:3]) * 0.85
    assert all(p.grad is not None and p.grad.abs().sum() > 0 for p in model.g.parameters())
    assert caplog.messages[0] == f"epoch 1/12: contrastive loss {losses[0]:.4f}"
    assert losses == run()[0]


def test_the_average_is_over_the_batches() -> None:
    """Nothing is learned at a rate of 0, in which case each batch can be computed again."""
    with seeded(0):
        model = simclr.Model(feature_dim=4, widths=(4,))
        batches = [(*torch.randn(2, 3, 3, 32, 32), torch.zeros(3)) for _ in range(2)]
    still = torch.optim.SGD(model.parameters(), lr=0.0)
    average = simclr.train(model, batches, still, 1, 1, 3, 0.7, "cpu")
    due = [
        simclr.simclr_loss_vectorized(model(a)[1], model(b)[1], 0.7, "cpu") for a, b, _ in batches
    ]
    assert average == pytest.approx(torch.stack(due).mean().item())


def test_training_on_nothing_is_refused() -> None:
    model = simclr.Model(feature_dim=4, widths=(4,))
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with pytest.raises(ValueError, match="no batch of pairs"):
        simclr.train(model, [], optimizer, 1, 1, device="cpu")
