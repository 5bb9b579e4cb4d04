"""The views of an image: each step against the standard library, torch or its definition."""

import colorsys
from collections.abc import Callable
from itertools import pairwise

import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Generator, Tensor

from reference.torch_models.batches import normalised
from reference.torch_models.simclr import augmentation, colour, compute_train_transform
from reference.torch_models.simclr.augmentation import compute_test_transform


def generator(seed: int = 231) -> Generator:
    return torch.Generator().manual_seed(seed)


def drawn(*shape: int) -> Tensor:
    return torch.rand(shape, generator=generator())


def test_a_view_for_training_is_composed_as_in_the_course() -> None:
    crop, flip, recolour, grey, normalise = compute_train_transform().steps
    assert crop == augmentation.RandomResizedCrop(32, (0.08, 1.0), (3 / 4, 4 / 3))
    assert flip == augmentation.RandomHorizontalFlip(0.5)
    assert recolour == augmentation.RandomApply(colour.ColorJitter(0.4, 0.4, 0.4, 0.1), 0.8)
    assert grey == augmentation.RandomGrayscale(0.2)
    assert normalise == augmentation.Normalize((0.4914, 0.4822, 0.4465), (0.2023, 0.1994, 0.2010))


def test_views_depend_on_the_seed_alone(device: torch.device) -> None:
    image = (255 * drawn(3, 32, 32)).to(torch.uint8).to(device)
    first, again, other = (compute_train_transform(seed) for seed in (1, 1, 2))
    views = [first(image) for _ in range(3)]
    assert all(view.shape == (3, 32, 32) and view.device == image.device for view in views)
    assert all(torch.equal(view, again(image)) for view in views)
    assert not any(torch.equal(a, b) for a, b in pairwise([*views, other(image)]))


def test_bytes_and_numbers_are_the_same_image() -> None:
    images = (255 * drawn(4, 3, 32, 32)).to(torch.uint8)
    views = [compute_train_transform(7)(x) for x in (images, images.float() / 255)]
    assert views[0].shape == images.shape
    assert torch.equal(*views)


def test_a_view_for_testing_is_the_image_normalised() -> None:
    images = (255 * drawn(2, 3, 5, 6)).to(torch.uint8)
    torch.testing.assert_close(compute_test_transform()(images), normalised(images))
    torch.testing.assert_close(compute_test_transform()(images[0]), normalised(images)[0])


def test_a_crop_is_a_box_resized_linearly() -> None:
    images = drawn(20, 3, 32, 24)
    crop = augmentation.RandomResizedCrop(32)
    views = crop(images, generator(5))
    boxes = torch.stack(crop.boxes(20, 32, 24, generator=generator(5)), dim=1).int().tolist()
    for image, view, (top, left, height, width) in zip(images, views, boxes, strict=True):
        box = image[None, :, top : top + height, left : left + width]
        due = F.interpolate(box, size=(32, 32), mode="bilinear", align_corners=False)
        torch.testing.assert_close(view, due[0], rtol=0, atol=1e-5)


def test_boxes_lie_inside_and_keep_their_scale_and_ratio() -> None:
    crop = augmentation.RandomResizedCrop(32)
    top, left, height, width = crop.boxes(5000, 32, 32, generator=generator())
    assert top.min() == left.min() == 0
    smaller = (height < 16) & (width < 16)
    assert (top + height)[smaller].max() == (left + width)[smaller].max() == 32
    assert (top + height).max() == (left + width).max() == 32
    area, ratio = height * width / 32**2, width / height
    assert 0.07 < area.min() < 0.1
    assert area.max() > 0.95
    assert area.mean().item() == pytest.approx(0.52, abs=0.03)
    assert 0.65 < ratio.min() < 0.76
    assert 1.31 < ratio.max() < 1.55
    assert ratio.log().mean().item() == pytest.approx(0, abs=0.02)


@pytest.mark.parametrize(
    ("H", "W", "due"), [(8, 32, (0, 10, 8, 11)), (32, 8, (10, 0, 11, 8)), (9, 9, (0, 0, 9, 9))]
)
def test_where_no_box_fits_the_middle_is_taken(H: int, W: int, due: tuple[int, ...]) -> None:
    crop = augmentation.RandomResizedCrop(32, scale=(9.0, 10.0))
    boxes = torch.stack(crop.boxes(3, H, W, generator=generator()), dim=1)
    assert boxes.tolist() == [list(due)] * 3


@pytest.mark.parametrize(
    ("step", "changed"),
    [
        (augmentation.RandomHorizontalFlip(0.3), lambda x: x.flip(3)),
        (augmentation.RandomGrayscale(0.3), colour.grey),
        (augmentation.RandomApply(lambda x, g: 1 - x, 0.3), lambda x: 1 - x),
    ],
    ids=["flip", "grey", "apply"],
)
def test_a_step_reaches_its_part_of_the_images(
    step: augmentation.Step, changed: Callable[[Tensor], Tensor]
) -> None:
    images = drawn(1000, 3, 2, 3)
    views, due = step(images, generator(1)), changed(images)
    reached = (views == due).flatten(1).all(dim=1)
    untouched = (views == images).flatten(1).all(dim=1)
    assert (reached ^ untouched).all()
    assert reached.float().mean().item() == pytest.approx(0.3, abs=0.05)


@pytest.mark.parametrize("turns", [0.0, 0.1, -0.1, 1 / 3, 0.5, 1.0])
def test_hue_turns_as_in_the_standard_library(turns: float) -> None:
    pixels = torch.cat((drawn(40, 3), torch.eye(3), torch.zeros(1, 3), torch.ones(1, 3)))
    turned = colour.hue_turned(pixels.double().T[None, :, None], torch.tensor(turns).double())
    for pixel, got in zip(pixels.tolist(), turned[0, :, 0].T.tolist(), strict=True):
        h, s, v = colorsys.rgb_to_hsv(*pixel)
        assert got == pytest.approx(colorsys.hsv_to_rgb((h + turns) % 1, s, v), abs=1e-6)


def test_strengths_of_one_change_nothing_and_of_zero_take_all() -> None:
    images = drawn(2, 3, 4, 5)
    one, zero = torch.ones(2, 1, 1, 1), torch.zeros(2, 1, 1, 1)
    for change in (colour.brightened, colour.contrasted, colour.saturated):
        torch.testing.assert_close(change(images, one), images)
    luma = 0.299 * images[:, 0] + 0.587 * images[:, 1] + 0.114 * images[:, 2]
    assert not colour.brightened(images, zero).any()
    torch.testing.assert_close(colour.saturated(images, zero)[:, 1], luma)
    mean = luma.mean(dim=(1, 2)).reshape(2, 1, 1, 1)
    torch.testing.assert_close(colour.contrasted(images, zero), mean.expand_as(images))


def test_colours_stay_between_black_and_white() -> None:
    images = drawn(50, 3, 4, 4)
    views = colour.ColorJitter(0.9, 0.9, 0.9, 0.5)(images, generator())
    assert views.min() >= 0
    assert views.max() <= 1
    assert not torch.isclose(views, images).flatten(1).all(dim=1).any()


def test_strength_bounds_the_change() -> None:
    white = torch.full((2000, 3, 1, 1), 0.5)
    views = colour.ColorJitter(0.4, 0.0, 0.0, 0.0)(white, generator())
    assert 0.3 <= views.min() < 0.31
    assert 0.69 < views.max() <= 0.7
    assert len(set(views[:, 0].flatten().tolist())) > 1000
