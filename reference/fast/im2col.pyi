from typing import TypeVar

import numpy as np
import numpy.typing as npt

_Float = TypeVar("_Float", np.float32, np.float64)

def im2col_cython(
    x: npt.NDArray[_Float], HH: int, WW: int, pad: int, stride: int
) -> npt.NDArray[_Float]: ...
def col2im_cython(
    cols: npt.NDArray[_Float],
    N: int,
    C: int,
    H: int,
    W: int,
    HH: int,
    WW: int,
    pad: int,
    stride: int,
) -> npt.NDArray[_Float]: ...
def col2im_6d_cython(
    cols: npt.NDArray[_Float],
    N: int,
    C: int,
    H: int,
    W: int,
    HH: int,
    WW: int,
    pad: int,
    stride: int,
) -> npt.NDArray[_Float]: ...
