"""Adversarial networks: losses against their formulas, networks, the game."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from reference.torch_models import gan
from reference.torch_models.batches import Batches
from reference.torch_models.device import seeded

Det = Callable[..., Tensor]


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_golden_losses(tdet: Det) -> None:
    real, fake = tdet((6,), 0.9, 2), tdet((6,), 1.4, 2)
    losses = [
        gan.discriminator_loss(real, fake),
        gan.generator_loss(fake),
        gan.ls_discriminator_loss(real, fake),
        gan.ls_generator_loss(fake),
    ]
    due = [2.1261079384, 0.7273617649, 2.8016298944, 1.1914199447]
    assert [loss.item() for loss in losses] == pytest.approx(due, rel=0, abs=6e-11)


@pytest.mark.parametrize("shape", [(7,), (7, 1), (1,), (1, 1)])
def test_losses_are_their_formulas(shape: tuple[int, ...], device: torch.device) -> None:
    with seeded(len(shape)):
        real, fake = 3 * torch.randn(2, *shape, dtype=torch.float64).to(device)
    p, q = real.sigmoid(), fake.sigmoid()
    due = [
        -p.log().mean() - (1 - q).log().mean(),
        -q.log().mean(),
        ((real - 1) ** 2).mean() / 2 + (fake**2).mean() / 2,
        ((fake - 1) ** 2).mean() / 2,
    ]
    losses = [
        gan.discriminator_loss(real, fake),
        gan.generator_loss(fake),
        gan.ls_discriminator_loss(real, fake),
        gan.ls_generator_loss(fake),
    ]
    torch.testing.assert_close(losses, due)
    assert all(loss.dim() == 0 for loss in losses)


def test_no_logit_is_too_large() -> None:
    logits = torch.tensor([1e4, -1e4])
    assert gan.bce_loss(logits, torch.tensor([0.0, 1.0])).item() == pytest.approx(1e4)
    assert gan.bce_loss(logits, torch.tensor([1.0, 0.0])).item() == 0


def test_noise_of_the_notebook() -> None:
    with seeded(0):
        noise = gan.sample_noise(3, 4, seed=231)
        assert torch.equal(noise, gan.sample_noise(3, 4, seed=231))
        assert not torch.equal(noise, gan.sample_noise(3, 4))
        many = gan.sample_noise(1000, 9)
    assert noise.shape == (3, 4)
    assert noise.min() < 0 < noise.max()
    assert -1 <= many.min() < -0.99
    assert 0.99 < many.max() < 1
    assert many.var().item() == pytest.approx(1 / 3, rel=0.05)


@pytest.mark.parametrize(
    ("model", "parameters"),
    [
        (gan.discriminator, 267_009),
        (lambda: gan.generator(4), 1_858_320),
        (lambda: gan.build_dc_classifier(128), 1_102_721),
        (lambda: gan.build_dc_generator(4), 6_580_801),
    ],
)
def test_parameter_counts_of_the_notebook(model: Callable[[], nn.Module], parameters: int) -> None:
    assert count(model()) == parameters


@pytest.mark.parametrize("seed", [0, 231])
def test_a_seed_draws_the_same_networks(seed: int) -> None:
    with seeded(1):
        for build in (gan.discriminator, lambda seed: gan.generator(seed=seed)):
            first, again = (list(build(seed=seed).parameters()) for _ in range(2))
            torch.testing.assert_close(first, again, rtol=0, atol=0)


@pytest.mark.parametrize("build", [gan.discriminator, lambda: gan.build_dc_classifier(128)])
def test_discriminators_give_logits_with_a_slope_of_a_hundredth(
    build: Callable[[], nn.Sequential], device: torch.device
) -> None:
    with seeded(0):
        model = build().to(device)
        images = 2 * torch.rand(5, 1, 28, 28).to(device) - 1
    assert model(images).shape == (5, 1)
    assert isinstance(model[-1], nn.Linear)
    slopes = [layer.negative_slope for layer in model if isinstance(layer, nn.LeakyReLU)]
    assert set(slopes) == {0.01}


@pytest.mark.parametrize("build", [gan.generator, gan.build_dc_generator])
def test_generators_make_rows_of_784_between_minus_one_and_one(
    build: Callable[[], nn.Sequential], device: torch.device
) -> None:
    with seeded(0):
        images = build().to(device)(10 * gan.sample_noise(5, gan.NOISE_DIM).to(device))
    assert images.shape == (5, 784)
    assert -1 <= images.min() < -0.5
    assert 0.5 < images.max() <= 1


def test_the_generator_normalises_after_the_relu() -> None:
    kinds = [type(layer) for layer in gan.build_dc_generator()]
    norms = [i for i, kind in enumerate(kinds) if kind in {nn.BatchNorm1d, nn.BatchNorm2d}]
    assert len(norms) == 3
    assert all(kinds[i - 1] is nn.ReLU for i in norms)


def test_flatten_and_unflatten_are_inverse() -> None:
    x = torch.arange(2 * 3 * 4 * 5).reshape(2, 3, 4, 5)
    rows = gan.Flatten()(x)
    assert rows.shape == (2, 60)
    assert torch.equal(gan.Unflatten(C=3, H=4, W=5)(rows), x)
    assert gan.Unflatten()(torch.zeros(2, 6272)).shape == (2, 128, 7, 7)


def test_initialize_weights_draws_after_xavier() -> None:
    with seeded(0):
        affine, upward, convolution = (
            nn.Linear(300, 200),
            nn.ConvTranspose2d(9, 7, 5),
            nn.Conv2d(3, 5, 3),
        )
        before = convolution.weight.clone()
        nn.Sequential(affine, upward, convolution).apply(gan.initialize_weights)
    assert affine.weight.abs().max().item() == pytest.approx((6 / 500) ** 0.5, rel=0.01)
    assert upward.weight.abs().max().item() == pytest.approx((6 / (16 * 25)) ** 0.5, rel=0.01)
    assert torch.equal(convolution.weight, before)


def test_the_optimizer_is_adam_with_a_short_memory() -> None:
    (group,) = gan.get_optimizer(nn.Linear(2, 2)).param_groups
    assert (group["lr"], group["betas"]) == (1e-3, (0.5, 0.999))


Losses = tuple[Callable[[Tensor, Tensor], Tensor], Callable[[Tensor], Tensor]]
VANILLA: Losses = (gan.discriminator_loss, gan.generator_loss)
LEAST_SQUARES: Losses = (gan.ls_discriminator_loss, gan.ls_generator_loss)
SQUARE = torch.nn.functional.pad(torch.ones(1, 12, 12), (8, 8, 8, 8))


def small_game(seed: int, losses: Losses, device: torch.device) -> list[gan.Round]:
    """Play forty epochs on bright squares, with networks small enough to learn from few images."""
    with seeded(seed):
        images = (SQUARE + 0.1 * torch.rand(64, 1, 28, 28)).clamp(max=1)
        D = nn.Sequential(gan.Flatten(), nn.Linear(784, 1)).to(device)
        G = nn.Sequential(nn.Linear(8, 64), nn.ReLU(), nn.Linear(64, 784), nn.Tanh()).to(device)
        solvers = gan.get_optimizer(D), gan.get_optimizer(G)
        loader = Batches(images, torch.zeros(64), 15, shuffled=True)
        return list(gan.run_a_gan(D, G, *solvers, *losses, loader, 50, 15, 8, 40))


def distance(images: Tensor) -> float:
    return (images - (2 * SQUARE.flatten() - 1)).abs().mean().item()


@pytest.mark.parametrize("losses", [VANILLA, LEAST_SQUARES], ids=["vanilla", "least squares"])
def test_the_generator_learns_to_make_squares(losses: Losses, device: torch.device) -> None:
    rounds = small_game(231, losses, device)
    # Four whole batches of 15 in an epoch; the four images left over are not played with.
    assert [r.iteration for r in rounds] == [0, 50, 100, 150]
    assert all(r.images.shape == (15, 784) for r in rounds)
    assert all(r.images.abs().max() <= 1 for r in rounds)
    assert distance(rounds[0].images) > 0.95
    assert distance(rounds[-1].images) < 0.85


def test_same_seed_same_game(device: torch.device) -> None:
    first, again = (small_game(1, VANILLA, device) for _ in range(2))
    assert [(r.discriminator_loss, r.generator_loss) for r in first] == [
        (r.discriminator_loss, r.generator_loss) for r in again
    ]
    assert torch.equal(first[-1].images, again[-1].images)


def test_nothing_happens_before_the_first_round_is_asked_for() -> None:
    D, G = gan.discriminator(), gan.generator(4)
    before = [p.clone() for p in (*D.parameters(), *G.parameters())]
    rounds = gan.run_a_gan(
        D, G, gan.get_optimizer(D), gan.get_optimizer(G),
        gan.discriminator_loss, gan.generator_loss,
        [(torch.rand(3, 1, 28, 28), torch.zeros(3))], 1, 3, 4, 1,
    )  # fmt: skip
    after = [*D.parameters(), *G.parameters()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert next(rounds).iteration == 0
    assert not any(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_the_convolutional_pair_plays(device: torch.device) -> None:
    with seeded(0):
        D, G = gan.build_dc_classifier(4).to(device), gan.build_dc_generator(4).to(device)
        G.apply(gan.initialize_weights)
        loader = [(torch.rand(4, 1, 28, 28), torch.zeros(4))] * 2
        rounds = list(
            gan.run_a_gan(
                D, G, gan.get_optimizer(D), gan.get_optimizer(G),
                gan.discriminator_loss, gan.generator_loss, loader, 1, 4, 4, 1,
            )
        )  # fmt: skip
    assert [r.iteration for r in rounds] == [0, 1]
    assert rounds[1].discriminator_loss < rounds[0].discriminator_loss
