"""The compiled convolution and pooling beside the course's methods and beside torch.

The course provides a convolution by columns in two forms: all columns of the batch are copied
together, by compiled loops or through a strided view, then comes one matrix product, and the same way
back. Its pooling is a reshape. `reference/fast/columns.py` has these methods, with loops of ours. Every
process has one number of threads, for NumPy's products, for torch and for the compiled layers alike.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional

from benchmarks.timing import in_turns
from reference.fast import layers

ROUNDS = 31
Shape = tuple[int, ...]

CONVOLUTIONS: tuple[tuple[Shape, Shape, int, int], ...] = (
    ((100, 3, 31, 31), (25, 3, 3, 3), 2, 1),  # the notebook's comparison
    ((64, 3, 32, 32), (32, 3, 5, 5), 1, 2),
    ((64, 32, 16, 16), (64, 32, 3, 3), 1, 1),
)
POOLED: Shape = (100, 3, 32, 32)  # the notebook's comparison
TYPES = (np.float32, np.float64)
# Threads that have nothing to do sleep. NumPy, torch and the compiled layers have threads of their own, and
# would otherwise wait busily on the core where another's are measured.
WAITING = {"OMP_WAIT_POLICY": "passive", "OPENBLAS_THREAD_TIMEOUT": "4"}


def run() -> Iterator[str]:
    """Measure with one thread and with one per core, each in a fresh process."""
    for threads in sorted({1, os.cpu_count() or 1}):
        setting = dict.fromkeys(
            ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), str(threads)
        )
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.fast_layers", "here"],
            env=os.environ | setting | WAITING,
            check=True,
            capture_output=True,
            text=True,
        )
        yield from done.stdout.splitlines()


def measured() -> Iterator[str]:
    """Measure with the threads of this process."""
    torch.set_num_threads(int(os.environ["OMP_NUM_THREADS"]))
    for dtype in TYPES:
        for x_shape, w_shape, stride, pad in CONVOLUTIONS:
            yield from _convolution(dtype, x_shape, w_shape, stride, pad)
        yield from _pooling(dtype)


def _convolution(
    dtype: type, x_shape: Shape, w_shape: Shape, stride: int, pad: int
) -> Iterator[str]:
    x, w, b = (_drawn(shape, dtype) for shape in (x_shape, w_shape, w_shape[:1]))
    tensors = [torch.from_numpy(array) for array in (x, w, b)]
    param = {"stride": stride, "pad": pad}
    fast, strides, columns, of_torch = in_turns(
        ROUNDS,
        lambda: layers.conv_forward_fast(x, w, b, param),
        lambda: layers.conv_forward_strides(x, w, b, param),
        lambda: layers.conv_forward_im2col(x, w, b, param),
        lambda: functional.conv2d(tensors[0], tensors[1], tensors[2], stride=stride, padding=pad),
    )
    name = f"{dtype.__name__} convolution x {x_shape}, w {w_shape}, stride {stride}, pad {pad}"
    yield _line(f"{name}, forward", fast, of_torch, columns=columns, strides=strides)

    out, cache = layers.conv_forward_fast(x, w, b, param)
    _, strides_cache = layers.conv_forward_strides(x, w, b, param)
    _, columns_cache = layers.conv_forward_im2col(x, w, b, param)
    dout = _drawn(out.shape, dtype)
    given = torch.from_numpy(dout)
    sizes = ([b.size], [stride] * 2, [pad] * 2, [1, 1], False, [0, 0], 1, [True] * 3)
    fast, strides, columns, of_torch = in_turns(
        ROUNDS,
        lambda: layers.conv_backward_fast(dout, cache),
        lambda: layers.conv_backward_strides(dout, strides_cache),
        lambda: layers.conv_backward_im2col(dout, columns_cache),
        lambda: torch.ops.aten.convolution_backward(given, *tensors[:2], *sizes),
    )
    yield _line(f"{name}, backward", fast, of_torch, columns=columns, strides=strides)


def _pooling(dtype: type) -> Iterator[str]:
    x = _drawn(POOLED, dtype)
    tensor = torch.from_numpy(x)
    param = {"pool_height": 2, "pool_width": 2, "stride": 2}
    name = f"{dtype.__name__} max pooling x {POOLED}, 2 x 2, stride 2"
    fast, tiles, of_torch = in_turns(
        ROUNDS,
        lambda: layers.max_pool_forward_fast(x, param),
        lambda: layers.max_pool_forward_reshape(x, param),
        lambda: functional.max_pool2d(tensor, 2, 2, return_indices=True),
    )
    yield _line(f"{name}, forward", fast, of_torch, reshape=tiles)

    out, cache = layers.max_pool_forward_fast(x, param)
    _, tiles_cache = layers.max_pool_forward_reshape(x, param)
    _, places = functional.max_pool2d(tensor, 2, 2, return_indices=True)
    dout = _drawn(out.shape, dtype)
    given = torch.from_numpy(dout)
    sizes = ([2, 2], [2, 2], [0, 0], [1, 1], False)
    fast, tiles, of_torch = in_turns(
        ROUNDS,
        lambda: layers.max_pool_backward_fast(dout, cache),
        lambda: layers.max_pool_backward_reshape(dout, tiles_cache),
        lambda: torch.ops.aten.max_pool2d_with_indices_backward(given, tensor, *sizes, places),
    )
    yield _line(f"{name}, backward", fast, of_torch, reshape=tiles)


def _line(name: str, fast: float, of_torch: float, **of_course: float) -> str:
    threads = torch.get_num_threads()
    gains = ", ".join(f"{took / fast:.1f} x ({method})" for method, took in of_course.items())
    return (
        f"{threads} thread{'s' if threads > 1 else ''}, {name}: {fast * 1e3:.2f} ms; as fast as the "
        f"course's: {gains} (to reach: 2); {fast / of_torch:.2f} x torch's time (to reach: 1.5)"
    )


def _drawn(shape: Shape, dtype: type) -> npt.NDArray[Any]:
    return np.asarray(np.random.default_rng(231).standard_normal(shape), dtype=dtype)


if __name__ == "__main__":
    for line in measured() if sys.argv[1:] == ["here"] else run():
        print(line, flush=True)
