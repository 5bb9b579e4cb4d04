"""What the fast layers are given, checked: the compiled code trusts the sizes it is told."""

from collections.abc import Mapping
from numbers import Integral
from typing import Any

import numpy as np

from reference.arrays import Array, Param
from reference.fast.windows import Geometry


def floats(*arrays: Array) -> tuple[Array, ...]:
    """Return the arrays in one type, contiguous: float32 if none needs more, otherwise float64."""
    dtype = np.float32 if np.result_type(*arrays) == np.float32 else np.float64
    return tuple(np.ascontiguousarray(array, dtype=dtype) for array in arrays)


def conv_geometry(x: Array, w: Array, conv_param: Param) -> Geometry:
    """Return the sizes of a convolution; raises ValueError where they do not fit together."""
    _require_axes(x, "x", "(N, C, H, W)")
    _require_axes(w, "w", "(F, C, HH, WW)")
    _, C, H, W = x.shape
    F, filter_C, HH, WW = w.shape
    if filter_C != C:
        raise ValueError(f"The filters of w have {filter_C} channels; x has {C}.")
    stride, pad = _whole(conv_param, "stride", least=1), _whole(conv_param, "pad", least=0)
    _require_window(HH, WW, H + 2 * pad, W + 2 * pad)
    return Geometry(C, H, W, F, HH, WW, stride, pad)


def pool_window(shape: tuple[int, ...], pool_param: Param) -> tuple[int, int, int]:
    """Return height, width and stride of pooling; raises ValueError where no window fits."""
    if len(shape) != 4:
        raise ValueError(f"x must have the four axes (N, C, H, W); its shape is {shape}.")
    height = _whole(pool_param, "pool_height", least=1)
    width = _whole(pool_param, "pool_width", least=1)
    _require_window(height, width, *shape[2:])
    return height, width, _whole(pool_param, "stride", least=1)


def require_shape(array: Array, name: str, due: tuple[int, ...]) -> None:
    """Raise ValueError unless the array has the shape that is due."""
    if array.shape != due:
        raise ValueError(f"{name} must have shape {due}, not {array.shape}.")


def _require_axes(array: Array, name: str, axes: str) -> None:
    if array.ndim != 4:
        raise ValueError(f"{name} must have the four axes {axes}; its shape is {array.shape}.")


def _require_window(height: int, width: int, H: int, W: int) -> None:
    if not (0 < height <= H and 0 < width <= W):
        raise ValueError(
            f"A window of {height} × {width} pixels does not fit into the {H} × {W} of the image and "
            "its padding."
        )


def _whole(param: Mapping[str, Any], key: str, *, least: int) -> int:
    value = param[key]
    if not isinstance(value, Integral) or value < least:
        raise ValueError(f'"{key}" must be a whole number of at least {least}, not {value!r}.')
    return int(value)
