"""What the tests of the reference share."""

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest


@pytest.fixture
def det() -> Callable[..., npt.NDArray[Any]]:
    """The deterministic inputs of the golden numbers: off + scale * sin(a * m), m = 1, 2, ..."""

    def build(
        shape: tuple[int, ...], a: float, scale: float = 1.0, off: float = 0.0
    ) -> npt.NDArray[Any]:
        m = np.arange(1, np.prod(shape) + 1)
        values: npt.NDArray[Any] = off + scale * np.sin(a * m)
        return values.reshape(shape)

    return build
