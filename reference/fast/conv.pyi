from typing import TypeVar

import numpy as np
import numpy.typing as npt

from reference.fast.windows import Geometry

_Float = TypeVar("_Float", np.float32, np.float64)

def best_level() -> int: ...
def forward(
    geometry: Geometry,
    x: npt.NDArray[_Float],
    w: npt.NDArray[_Float],
    b: npt.NDArray[_Float],
    threads: int,
    level: int,
) -> npt.NDArray[_Float]: ...
def backward(
    geometry: Geometry,
    dout: npt.NDArray[_Float],
    x: npt.NDArray[_Float],
    w: npt.NDArray[_Float],
    threads: int,
    level: int,
) -> tuple[npt.NDArray[_Float], npt.NDArray[_Float], npt.NDArray[_Float]]: ...
