"""The three small convolutional networks and the residual one."""

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn
from torch.optim.lr_scheduler import LRScheduler

from reference.torch_models import barebones, module, open_ended, sequential
from reference.torch_models.batches import Batches
from reference.torch_models.device import best_device, placed, seeded
from reference.torch_models.training import check_accuracy, train

Coloured = tuple[Tensor, Tensor]


def count(model: nn.Module) -> int:
    return sum(p.numel() for p in model.parameters())


def test_barebones_scores_have_the_size_of_the_notebook() -> None:
    x = torch.zeros(64, 3, 32, 32)
    params = [
        torch.zeros(s) for s in ((6, 3, 5, 5), (6,), (9, 6, 3, 3), (9,), (9 * 32 * 32, 10), (10,))
    ]
    assert barebones.three_layer_convnet(x, params).shape == (64, 10)


def test_the_three_ways_are_one_network() -> None:
    with seeded(5):
        as_class = module.ThreeLayerConvNet(3, 7, 5, 10)
        x = torch.randn(4, 3, 32, 32)
    listed = sequential.build_convnet(3, 7, 5, 10)
    with torch.no_grad():
        for given, taken in zip(listed.parameters(), as_class.parameters(), strict=True):
            given.copy_(taken.normal_() if taken.dim() == 1 else taken)
    *convolutions, fc_w, fc_b = as_class.parameters()
    bare = barebones.three_layer_convnet(x, [*convolutions, fc_w.T, fc_b])

    torch.testing.assert_close(as_class(x), bare)
    torch.testing.assert_close(listed(x), bare)


def test_every_parameter_moves_the_scores() -> None:
    with seeded(5):
        params = [p.cpu().detach().requires_grad_() for p in barebones.convnet_params(4, 3)]
        scores = barebones.three_layer_convnet(torch.randn(2, 3, 32, 32), params)
    assert all(g.abs().sum() > 0 for g in torch.autograd.grad(scores.sum(), params))


@pytest.mark.parametrize(("shape", "fan_in"), [((300, 200), 300), ((64, 32, 5, 5), 800)])
def test_random_weight_has_kaimings_deviation(shape: tuple[int, ...], fan_in: int) -> None:
    with seeded(0):
        w = barebones.random_weight(shape)
    assert w.shape == shape
    assert w.requires_grad
    assert w.is_leaf
    assert w.device.type == best_device().type
    assert w.std().item() == pytest.approx((2 / fan_in) ** 0.5, rel=0.02)


def test_zero_weight_is_zero_and_learns() -> None:
    b = barebones.zero_weight((3,))
    assert b.requires_grad
    assert b.is_leaf
    assert not b.any()


def test_module_registers_its_layers_and_draws_them_after_kaiming() -> None:
    with seeded(0):
        model = module.ThreeLayerConvNet(3, 32, 16, 10)
    shapes = [tuple(p.shape) for p in model.parameters()]
    assert shapes == [(32, 3, 5, 5), (32,), (16, 32, 3, 3), (16,), (10, 16384), (10,)]
    for weight, bias in zip(*[iter(model.parameters())] * 2, strict=True):
        assert weight.std().item() == pytest.approx((2 / weight[0].numel()) ** 0.5, rel=0.05)
        assert not bias.any()
    assert module.ThreeLayerConvNet(3, 12, 8, 10)(torch.zeros(64, 3, 32, 32)).shape == (64, 10)


def test_optimizers_are_those_of_the_notebook() -> None:
    plain = module.build_optimizer(nn.Linear(2, 2)).defaults
    assert (plain["lr"], plain["momentum"], plain["nesterov"]) == (3e-3, 0, False)
    ahead = sequential.build_optimizer(nn.Linear(2, 2)).defaults
    assert (ahead["lr"], ahead["momentum"], ahead["nesterov"]) == (1e-2, 0.9, True)


def test_a_new_residual_block_changes_nothing() -> None:
    block = open_ended.ResidualBlock(5, 5)
    x = torch.rand(2, 5, 6, 6)
    torch.testing.assert_close(block(x), x)


def test_residual_blocks_halve_the_image() -> None:
    block = open_ended.ResidualBlock(5, 7, stride=2)
    assert block(torch.rand(2, 5, 8, 6)).shape == (2, 7, 4, 3)


def test_residual_net_sizes() -> None:
    model = open_ended.ResidualNet()
    assert model(torch.zeros(2, 3, 32, 32)).shape == (2, 10)
    assert count(model) == 308_650
    assert model.encoder(torch.zeros(2, 3, 32, 32)).shape == (2, model.encoder.features)


def test_the_rate_rises_to_its_peak_and_falls_to_nothing() -> None:
    optimizer, schedule = open_ended.build_optimizer(nn.Linear(2, 2), steps=40)
    rates = []
    for _ in range(40):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step() if len(rates) < 40 else None
    assert max(rates) == pytest.approx(0.1)
    assert rates.index(max(rates)) == pytest.approx(40 * 0.25, abs=1)
    assert rates[-1] < 1e-4


def test_barebones_descends_by_the_rate_times_the_gradient(coloured: Coloured) -> None:
    images, labels = (part[:8] for part in coloured)
    with seeded(1):
        params = barebones.convnet_params(4, 3)
    loss = F.cross_entropy(
        barebones.three_layer_convnet(images.to(params[0].device), params),
        labels.to(params[0].device),
    )
    due = [
        p.detach() - 0.01 * g
        for p, g in zip(params, torch.autograd.grad(loss, params), strict=True)
    ]
    losses = barebones.train(barebones.three_layer_convnet, params, 0.01, [(images, labels)])
    assert losses == pytest.approx([loss.item()])
    torch.testing.assert_close([p.detach() for p in params], due)


def test_barebones_learns(coloured: Coloured) -> None:
    with seeded(231):
        params = barebones.convnet_params(8, 4)
    batches = Batches(*coloured, 32, shuffled=True)
    first, *_, last = [
        sum(barebones.train(barebones.three_layer_convnet, params, 3e-3, batches))
        for _ in range(10)
    ]
    assert last < first / 2


Trainable = tuple[nn.Module, torch.optim.Optimizer, LRScheduler | None]


def as_class() -> Trainable:
    model = module.ThreeLayerConvNet(3, 8, 4, 3)
    return model, module.build_optimizer(model), None


def listed() -> Trainable:
    model = sequential.build_convnet(3, 8, 4, 3)
    return model, sequential.build_optimizer(model), None


def residual() -> Trainable:
    model = open_ended.ResidualNet((4, 8), 3)
    return model, *open_ended.build_optimizer(model, steps=8 * 3)


@pytest.mark.parametrize("build", [as_class, listed, residual])
def test_models_learn(
    build: Callable[[], Trainable], coloured: Coloured, device: torch.device
) -> None:
    with seeded(231):
        model, optimizer, schedule = build()
        placed(model, device)
        batches = Batches(*coloured, 32, shuffled=True)
        before = check_accuracy(batches, model)
        history = train(model, optimizer, batches, epochs=8, loader_val=batches, schedule=schedule)
    assert len(history.losses) == 8 * 3
    assert len(history.accuracies) == 8
    assert sum(history.losses[-3:]) < sum(history.losses[:3]) * 0.8
    assert history.accuracies[-1] > max(before, 0.6)
