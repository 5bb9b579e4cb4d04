"""The PyTorch networks of assignment 2 on CIFAR-10."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from grader.datasets.cifar10 import Images
from grader.datasets.splits import Splits
from grader.proof.verify.cifar import COURSE, SEED, Sizes, split
from grader.proof.verify.pictures import Tiles, tiles
from grader.proof.verify.training import Bar, Trained, Training
from reference.torch_models import barebones, module, open_ended, sequential
from reference.torch_models.batches import Batches, normalised
from reference.torch_models.device import best_device, placed, seeded
from reference.torch_models.training import check_accuracy, train

BATCH = 64
RESIDUAL_BATCH = 128


@dataclass(frozen=True)
class Small:
    """A network of the notebook: how it is made, and what descends it."""

    model: Callable[[], nn.Module]
    optimizer: Callable[[nn.Module], torch.optim.SGD]


MODULE = Small(lambda: module.ThreeLayerConvNet(3, 32, 16, 10), module.build_optimizer)
SEQUENTIAL = Small(sequential.build_convnet, sequential.build_optimizer)


class _Bare(nn.Module):
    """Lets bare tensors be measured as a model is."""

    def __init__(self, params: Sequence[Tensor]) -> None:
        super().__init__()
        self.params = nn.ParameterList(params)

    def forward(self, x: Tensor) -> Tensor:
        return barebones.three_layer_convnet(x, list(self.params))


def bare(folder: Path, sizes: Sizes = COURSE) -> Trained:
    """Train bare tensors for an epoch; the validation accuracy, and the first filters."""
    with seeded(SEED):
        learning, asked = _batches(split(folder, sizes), BATCH)
        params = barebones.convnet_params()
        before = check_accuracy(asked, _Bare(params))
        losses = barebones.train(barebones.three_layer_convnet, params, 3e-3, learning)
        accuracy = check_accuracy(asked, _Bare(params))
    curves = {"loss": tuple(losses), "validation accuracy": (before, accuracy)}
    return Trained(accuracy, curves, {"first filters": _filters(params[0])})


def small(folder: Path, net: Small, sizes: Sizes = COURSE) -> Trained:
    """Train for an epoch; the validation accuracy, and the first filters."""
    with seeded(SEED):
        learning, asked = _batches(split(folder, sizes), BATCH)
        model = placed(net.model(), best_device())
        before = check_accuracy(asked, model)
        history = train(model, net.optimizer(model), learning, loader_val=asked)
    curves = {"loss": history.losses, "validation accuracy": (before, *history.accuracies)}
    return Trained(history.accuracies[-1], curves, {"first filters": _first_filters(model)})


def residual(folder: Path, epochs: int = 10, sizes: Sizes = COURSE) -> Trained:
    """Train the residual network; the validation accuracy after the last epoch."""
    with seeded(SEED):
        learning, asked = _batches(split(folder, sizes), RESIDUAL_BATCH, augmented=True)
        model = placed(open_ended.ResidualNet(), best_device())
        before = check_accuracy(asked, model)
        optimizer, schedule = open_ended.build_optimizer(model, epochs * len(learning))
        history = train(
            model, optimizer, learning, epochs=epochs, loader_val=asked, schedule=schedule
        )
    curves = {"loss": history.losses, "validation accuracy": (before, *history.accuracies)}
    return Trained(history.accuracies[-1], curves, {"first filters": _first_filters(model)})


def _batches(parts: Splits, size: int, *, augmented: bool = False) -> tuple[Batches, Batches]:
    learning = Batches(*_tensors(parts.train), size, shuffled=True, augmented=augmented, seed=SEED)
    return learning, Batches(*_tensors(parts.validation), size)


def _tensors(images: Images) -> tuple[Tensor, Tensor]:
    device = best_device()
    pixels = torch.from_numpy(images.pixels).to(device).permute(0, 3, 1, 2).contiguous()
    return normalised(pixels), torch.from_numpy(images.labels).to(device)


def _first_filters(model: nn.Module) -> Tiles:
    first = next(layer for layer in model.modules() if isinstance(layer, nn.Conv2d))
    return _filters(first.weight)


def _filters(weight: Tensor) -> Tiles:
    return tiles(weight.detach().permute(0, 2, 3, 1).cpu().numpy())


TRAININGS = (
    Training(
        name="Bare tensors in PyTorch on CIFAR-10 after one epoch, validation accuracy",
        assignment="a2",
        bar=Bar("≥", 0.42),
        needs=("cifar10",),
        run=lambda folders: bare(folders["cifar10"]),
    ),
    Training(
        name="ThreeLayerConvNet as a Module on CIFAR-10 after one epoch, validation accuracy",
        assignment="a2",
        bar=Bar("≥", 0.45),
        needs=("cifar10",),
        run=lambda folders: small(folders["cifar10"], MODULE),
    ),
    Training(
        name="Sequential on CIFAR-10 after one epoch, validation accuracy",
        assignment="a2",
        bar=Bar("≥", 0.55),
        needs=("cifar10",),
        run=lambda folders: small(folders["cifar10"], SEQUENTIAL),
    ),
    Training(
        name="ResidualNet on CIFAR-10 after ten epochs, validation accuracy",
        assignment="a2",
        bar=Bar("≥", 0.70),
        needs=("gpu", "cifar10"),
        run=lambda folders: residual(folders["cifar10"]),
    ),
)
