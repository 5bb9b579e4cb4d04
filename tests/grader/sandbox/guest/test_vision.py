"""The stand-ins of torchvision and PIL say what they were told, and a data set derives from them."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from grader.sandbox.guest import vision


@pytest.fixture(name="T")
def transforms() -> Any:
    module = ModuleType("torchvision.transforms")
    vision.fill_transforms(module)
    return module


def test_arguments_are_said_in_one_form(T: Any) -> None:
    jitter = T.ColorJitter(0.4, contrast=0.4, saturation=0.4, hue=0.1)
    said = "ColorJitter(brightness=0.4, contrast=0.4, saturation=0.4, hue=0.1)"

    assert str(jitter) == said
    assert str(T.RandomApply([jitter], p=0.8)) == f"RandomApply(transforms=[{said}], p=0.8)"
    assert str(T.RandomApply(torch.nn.ModuleList([jitter]), 0.8)) == str(
        T.RandomApply((jitter,), p=0.80)
    )


def test_a_default_that_is_spelt_out_is_the_default(T: Any) -> None:
    assert str(T.RandomHorizontalFlip()) == str(T.RandomHorizontalFlip(p=0.5))
    assert str(T.RandomHorizontalFlip(0.2)) != str(T.RandomHorizontalFlip(0.5))


def test_greying_at_random_is_said_in_one_form(T: Any) -> None:
    grey = T.Grayscale(num_output_channels=3)

    assert str(T.RandomApply([grey], p=0.2)) == str(T.RandomGrayscale(p=0.2))
    assert str(T.RandomApply([grey])) == str(T.RandomGrayscale(p=0.5))
    assert str(T.RandomApply([grey], p=0.1)) == str(T.RandomGrayscale())
    assert str(T.RandomApply([T.Grayscale()], p=0.2)) != str(T.RandomGrayscale(p=0.2))
    assert str(T.RandomApply([grey, grey], p=0.2)) != str(T.RandomGrayscale(p=0.2))


def test_a_wrong_argument_is_an_error_as_in_torchvision(T: Any) -> None:
    with pytest.raises(TypeError):
        T.RandomGrayscale(prob=0.2)


def test_any_other_transform_is_kept_as_it_is_given(T: Any) -> None:
    assert str(T.RandomSolarize(128, p=0.3)) == "RandomSolarize(0=128, p=0.3)"
    with pytest.raises(AttributeError):
        _ = T.functional


def test_a_transform_that_is_applied_says_what_is_missing(T: Any) -> None:
    with pytest.raises(ImportError, match="no torchvision"):
        T.Compose([T.ToTensor()])(vision.Picture(np.zeros((2, 2, 3), np.uint8)))


def test_a_picture_is_its_pixels() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(2, 2, 3)
    picture = vision.Picture(pixels)

    np.testing.assert_array_equal(np.asarray(picture.copy()), pixels)
    assert (picture.size, picture.mode) == ((2, 2), "RGB")
    assert picture.convert("RGB") is picture


def test_a_data_set_takes_torchvisions_arguments() -> None:
    module = ModuleType("torchvision.datasets")
    vision.fill_datasets(module)
    made = module.CIFAR10(root="data", train=True, transform=abs, download=True)

    assert (made.transform, made.target_transform, len(made)) == (abs, None, 0)


def test_the_stand_in_wins_over_what_a_machine_has(tmp_path: Path) -> None:
    """Torch may have imported a torchvision while the zygote warmed up."""
    (tmp_path / "torchvision").mkdir()
    (tmp_path / "torchvision" / "__init__.py").write_text("from . import transforms\n")
    (tmp_path / "torchvision" / "transforms.py").write_text("Compose = None\n")
    script = (
        "import sys, torchvision\n"
        "from grader.sandbox.guest import libraries, standins, vision\n"
        "libraries.close_search_path({})\n"
        "standins.install()\n"
        "from torchvision import transforms\n"
        "import torchvision.datasets as dset\n"
        "assert transforms.Compose is vision.Compose\n"
        "assert issubclass(dset.CIFAR10, vision.Dataset)\n"
    )
    path = f"{tmp_path}:{Path(__file__).parents[4]}"
    run = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
