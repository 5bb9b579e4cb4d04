"""The training loop, minibatches and seeds."""

import pytest
import torch
from torch import Tensor, nn
from torch.optim import SGD
from torch.optim.lr_scheduler import StepLR

from reference.torch_models.batches import Batches, normalised, shifted_and_flipped
from reference.torch_models.device import placed, seeded
from reference.torch_models.open_ended import ResidualNet, build_optimizer
from reference.torch_models.training import History, check_accuracy, train

Coloured = tuple[Tensor, Tensor]


class Brightest(nn.Module):
    """Scores an image by the mean of its channels, and says so if it is not in evaluation mode."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(3))
        self.modes: list[bool] = []

    def forward(self, x: Tensor) -> Tensor:
        self.modes.append(self.training)
        return x.mean(dim=(2, 3)) * self.weight


def test_accuracy_is_the_part_that_is_right(device: torch.device) -> None:
    images = torch.eye(3).reshape(3, 3, 1, 1).repeat(2, 1, 1, 1)
    labels = torch.tensor([0, 1, 2, 0, 2, 1])
    model = Brightest().to(device)
    assert check_accuracy(Batches(images, labels, batch_size=4), model) == pytest.approx(4 / 6)
    assert model.modes == [False, False]
    assert model.training


def test_accuracy_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no image"):
        check_accuracy([], Brightest())


def test_the_schedule_steps_after_every_batch(coloured: Coloured) -> None:
    model = Brightest()
    optimizer = SGD(model.parameters(), lr=1.0)
    schedule = StepLR(optimizer, step_size=1, gamma=0.5)
    heard: list[tuple[int, float | None]] = []
    train(
        model,
        optimizer,
        Batches(*coloured, 32),
        epochs=2,
        schedule=schedule,
        on_epoch=lambda epoch, accuracy: heard.append((epoch, accuracy)),
    )
    assert schedule.get_last_lr() == [0.5**6]
    assert heard == [(1, None), (2, None)]
    assert all(model.modes)


def test_same_seed_same_numbers(coloured: Coloured, device: torch.device) -> None:
    def run(seed: int) -> tuple[History, Tensor]:
        with seeded(seed):
            model = placed(ResidualNet((4, 8), 3), device)
            batches = Batches(*coloured, 32, shuffled=True, augmented=True, seed=seed)
            optimizer, schedule = build_optimizer(model, steps=2 * len(batches))
            history = train(
                model, optimizer, batches, epochs=2, loader_val=batches, schedule=schedule
            )
        return history, torch.cat([p.detach().flatten() for p in model.parameters()])

    (history, weights), (again, same_weights), (other, _) = run(1), run(1), run(2)
    assert history == again
    assert torch.equal(weights, same_weights)
    assert history != other


def test_every_step_descends_by_its_own_gradient(coloured: Coloured) -> None:
    model, batches = Brightest(), Batches(*coloured, 40)
    history = train(model, SGD(model.parameters(), lr=0.5), batches, epochs=2)

    weight, losses = torch.ones(3, requires_grad=True), []
    for images, labels in [*batches, *batches]:
        loss = nn.functional.cross_entropy(images.mean(dim=(2, 3)) * weight, labels)
        (gradient,) = torch.autograd.grad(loss, weight)
        weight = (weight - 0.5 * gradient).detach().requires_grad_()
        losses.append(loss.item())
    torch.testing.assert_close(model.weight, weight)
    assert history.losses == pytest.approx(losses)
    assert history.accuracies == ()


def test_a_seed_stays_inside() -> None:
    torch.manual_seed(0)
    due = torch.rand(3)
    torch.manual_seed(0)
    cudnn = torch.backends.cudnn
    with cudnn.flags(enabled=True, benchmark=True, deterministic=False):
        with seeded(231):
            first = torch.rand(2)
            assert (cudnn.deterministic, cudnn.benchmark) == (True, False)
        assert (cudnn.deterministic, cudnn.benchmark) == (False, True)
    assert torch.equal(torch.rand(3), due)
    with seeded(231):
        assert torch.equal(torch.rand(2), first)


def test_every_epoch_shows_every_image_once() -> None:
    images, labels = torch.arange(10).reshape(10, 1, 1, 1), torch.arange(10)
    batches = Batches(images, labels, 4, shuffled=True, seed=3)
    epochs = [torch.cat([y for _, y in batches]) for _ in range(2)]
    assert [sorted(epoch.tolist()) for epoch in epochs] == [list(range(10))] * 2
    assert not torch.equal(*epochs)
    assert all(torch.equal(x.flatten(), y) for x, y in batches)
    assert [len(y) for _, y in batches] == [4, 4, 2]
    assert len(batches) == 3

    whole = Batches(images, labels, 4, drop_rest=True)
    assert [y.tolist() for _, y in whole] == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert len(whole) == 2


def test_images_without_labels_are_refused() -> None:
    with pytest.raises(ValueError, match="one label per image"):
        Batches(torch.zeros(3, 1, 1, 1), torch.zeros(2))


def test_normalised_images_have_the_moments_of_the_data_set() -> None:
    grey = normalised(torch.full((1, 3, 2, 2), 255, dtype=torch.uint8))
    assert grey.dtype == torch.float32
    due = torch.tensor([(1 - 0.4914) / 0.2023, (1 - 0.4822) / 0.1994, (1 - 0.4465) / 0.2010])
    torch.testing.assert_close(grey[0, :, 0, 0], due)


def test_shifted_images_are_windows_of_the_padded_image() -> None:
    images = torch.arange(1, 2 * 3 * 6 * 5 + 1).reshape(2, 3, 6, 5).float().repeat(20, 1, 1, 1)
    moved = shifted_and_flipped(images, torch.Generator().manual_seed(0), reach=2)
    assert moved.shape == images.shape
    padded = nn.functional.pad(images, (2, 2, 2, 2))
    kinds = set()
    for image, source in zip(moved, padded, strict=True):
        found = [
            (i, j, flipped)
            for i in range(5)
            for j in range(5)
            for flipped in (False, True)
            if torch.equal(image.flip(2) if flipped else image, source[:, i : i + 6, j : j + 5])
        ]
        assert len(found) == 1
        kinds.update(found)
    assert {kind[2] for kind in kinds} == {False, True}
    assert len(kinds) > 15
