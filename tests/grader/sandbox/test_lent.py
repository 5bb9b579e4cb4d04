"""Modules of ours that guests are lent: the fast layers, by the names of the course, and nothing else."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from grader.run import fast_layers
from grader.sandbox import Limits, Sandbox, SandboxUnavailable, errand
from reference.fast.threads import WORTH_SHARING, team_size
from reference.layers import (
    conv_backward_naive,
    conv_forward_naive,
    max_pool_backward_naive,
    max_pool_forward_naive,
)

PYTHON_MODULES = ("arguments", "columns", "layers", "threads", "windows")
Floats = npt.NDArray[np.float64]

STUDENT = b"""
import gc
import sys

import cs231n.fast_layers
from cs231n.fast_layers import *
from . import fast_layers

def convolve(x, w, b, dout):
    found = []
    for method in ("fast", "im2col", "strides"):
        forward = getattr(fast_layers, "conv_forward_" + method)
        out, cache = forward(x, w, b, {"stride": 2, "pad": 1})
        x_, w_, b_, conv_param, x_cols = cache
        found.append([out, *getattr(fast_layers, "conv_backward_" + method)(dout, cache)])
    return found

def pool(x, dout):
    out, cache = max_pool_forward_fast(x, {"pool_height": 3, "pool_width": 2, "stride": 2})
    return [out, max_pool_backward_fast(dout, cache)]

def with_threads(x, w, b):
    out, cache = conv_forward_fast(x, w, b, {"stride": 1, "pad": 1})
    return [out.mean(), *(each.mean() for each in conv_backward_fast(out, cache))]

def one_module():
    from cs231n import im2col_cython
    return fast_layers is cs231n.fast_layers and callable(im2col_cython.im2col_cython)

def ours():
    known = [name for name in sys.modules if name.partition(".")[0] == "reference"]
    seen, ahead, within = set(), [vars(fast_layers)], set()
    while ahead:
        thing = ahead.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        ahead += gc.get_referents(thing)
        if type(thing) is type(ours):
            within.add(thing.__module__)
    return [known, sorted(m for m in within if m and m.startswith("reference"))]

def torch_still_convolves():
    import torch
    torch.set_num_threads(2)
    return torch.nn.functional.conv2d(torch.ones(4, 8, 32, 32), torch.ones(8, 8, 3, 3)).sum().item()
"""


def normal(*shape: int) -> Floats:
    return np.random.default_rng(len(shape)).standard_normal(shape)


@pytest.fixture(scope="module", params=["numpy", "torch"])
def lending(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(request.param, lent=fast_layers()) as started:
        started.wait_ready()
        yield started


def test_a_guest_convolves_as_the_naive_layers_do(lending: Sandbox) -> None:
    x, w, b, dout = normal(3, 2, 9, 7), normal(4, 2, 3, 3), normal(4), normal(3, 4, 5, 4)
    due, cache = conv_forward_naive(x, w, b, {"stride": 2, "pad": 1})
    with lending.spawn(Limits()) as guest:
        errand.load(guest, STUDENT)
        found = errand.run(guest, "convolve", inputs={"x": x, "w": w, "b": b, "dout": dout})
    assert found.error is None
    assert len(found.value) == 3
    for method in found.value:
        for got, naive in zip(method, (due, *conv_backward_naive(dout, cache)), strict=True):
            np.testing.assert_allclose(got, naive, atol=1e-11)


def test_a_guest_pools_windows_that_do_not_tile(lending: Sandbox) -> None:
    x, dout = normal(2, 3, 8, 9), normal(2, 3, 3, 4)
    due, cache = max_pool_forward_naive(x, {"pool_height": 3, "pool_width": 2, "stride": 2})
    with lending.spawn(Limits()) as guest:
        errand.load(guest, STUDENT)
        found = errand.run(guest, "pool", inputs={"x": x, "dout": dout})
    assert found.error is None
    np.testing.assert_array_equal(found.value[0], due)
    np.testing.assert_allclose(found.value[1], max_pool_backward_naive(dout, cache))


def test_work_that_is_worth_sharing_does_not_wait_for_threads_that_a_fork_lacks(
    lending: Sandbox,
) -> None:
    x, w, b = normal(32, 8, 24, 24), normal(16, 8, 3, 3), normal(16)
    assert team_size(2 * WORTH_SHARING) >= 1
    for _ in range(2):
        with lending.spawn(Limits()) as guest:
            errand.load(guest, STUDENT)
            found = errand.run(guest, "with_threads", inputs={"x": x, "w": w, "b": b})
            assert found.error is None


def test_torch_convolves_beside_them(lending: Sandbox) -> None:
    if lending._profile == "numpy":
        return
    with lending.spawn(Limits()) as guest:
        errand.load(guest, STUDENT)
        assert errand.run(guest, "torch_still_convolves").value == 4 * 8 * 30 * 30 * 72


def test_they_are_found_by_every_way_of_importing(lending: Sandbox) -> None:
    with lending.spawn(Limits()) as guest:
        errand.load(guest, STUDENT)
        assert errand.run(guest, "one_module").value is True


def test_nothing_else_of_the_reference_is_there(lending: Sandbox) -> None:
    with lending.spawn(Limits()) as guest:
        errand.load(guest, STUDENT)
        known, within = errand.run(guest, "ours").value
    assert known == []
    assert set(within) == {f"reference.fast.{name}" for name in PYTHON_MODULES}


@pytest.mark.parametrize("name", ["reference", "reference.fast", "reference.fast.layers"])
def test_their_own_names_lead_nowhere(lending: Sandbox, name: str) -> None:
    with lending.spawn(Limits()) as guest:
        errand.load(guest, f"def use():\n    import {name}\n".encode())
        assert errand.run(guest, "use").error == "ModuleNotFoundError: No module named 'reference'"


def test_what_cannot_be_lent_is_told() -> None:
    with pytest.raises(SandboxUnavailable, match="no_such_room is not installed"):
        Sandbox(lent={"cs231n.fast_layers": "no_such_room.layers"})
