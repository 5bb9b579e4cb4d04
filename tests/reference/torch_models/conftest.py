"""What the tests of the torch models share: devices, golden inputs and small things to learn."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch

DEVICES = ["cpu", "cuda"] if torch.cuda.is_available() else ["cpu"]


@pytest.fixture(params=DEVICES)
def device(request: pytest.FixtureRequest) -> torch.device:
    return torch.device(request.param)


@pytest.fixture
def tdet(det: Callable[..., npt.NDArray[Any]]) -> Callable[..., torch.Tensor]:
    """The deterministic inputs of the golden numbers, as tensors of double precision."""

    def build(*args: Any) -> torch.Tensor:
        return torch.from_numpy(det(*args))

    return build


@pytest.fixture
def coloured() -> tuple[torch.Tensor, torch.Tensor]:
    """Noisy images (96, 3, 32, 32) of three classes: mostly red, mostly green, mostly blue."""
    generator = np.random.default_rng(231)
    labels = torch.arange(96) % 3
    images = torch.from_numpy(generator.standard_normal((96, 3, 32, 32)).astype(np.float32))
    images[torch.arange(96), labels] += 0.5
    return images, labels
