from pathlib import Path

import pytest

from grader.datasets import synthetic
from grader.datasets.cifar10 import Cifar10
from grader.datasets.coco import Coco


@pytest.fixture(scope="session")
def images() -> Cifar10:
    return synthetic.images(3, train=500, test=100)


@pytest.fixture(scope="session")
def captions() -> Coco:
    return synthetic.captions(3, train=30, validation=20, features=24)


@pytest.fixture
def batches(tmp_path: Path, images: Cifar10) -> Path:
    """The images, in the official layout."""
    folder = tmp_path / "cifar-10-batches-py"
    synthetic.write_images(folder, images)
    return folder


@pytest.fixture
def features(tmp_path: Path, captions: Coco) -> Path:
    """The captions, in the official layout."""
    folder = tmp_path / "coco_captioning"
    synthetic.write_captions(folder, captions)
    return folder
