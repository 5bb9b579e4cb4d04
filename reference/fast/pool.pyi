from typing import TypeVar

import numpy as np
import numpy.typing as npt

_Float = TypeVar("_Float", np.float32, np.float64)

def forward(
    x: npt.NDArray[_Float], height: int, width: int, stride: int, threads: int
) -> tuple[npt.NDArray[_Float], npt.NDArray[np.int32]]: ...
def backward(
    dout: npt.NDArray[_Float], winners: npt.NDArray[np.int32], H: int, W: int, threads: int
) -> npt.NDArray[_Float]: ...
