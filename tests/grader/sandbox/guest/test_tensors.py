"""Tensors leave as plain arrays, or as the name of what they are."""

from typing import Any

import numpy as np
import pytest
import torch

from grader.sandbox.guest import tensors, wire


def packed(value: Any) -> Any:
    arrays: list[wire.Array] = []
    return wire.unpack(wire.pack(value, arrays), arrays)


class Lies(torch.Tensor):
    """Says of itself whatever helps."""

    @classmethod
    def __torch_function__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return torch.ones(3)

    def numpy(self, *, force: bool = False) -> Any:
        return np.ones(3)

    def detach(self) -> Any:
        return torch.ones(3)


class Wrapper(torch.Tensor):
    """Has no numbers: each operator is asked of it."""

    @staticmethod
    def __new__(cls) -> Any:
        return torch.Tensor._make_wrapper_subclass(cls, (3,))

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]
        cls, func: Any, types: Any, args: Any = (), kwargs: Any = None
    ) -> Any:
        return torch.ones(3)


class Pretends:
    """No tensor, whatever it says."""

    @property  # type: ignore[misc]
    def __class__(self) -> Any:
        return torch.Tensor


@pytest.mark.parametrize(
    ("tensor", "dtype"),
    [
        (torch.tensor([1.0, 2.0], requires_grad=True), np.float32),
        (torch.nn.Parameter(torch.tensor([1.0, 2.0], dtype=torch.float64)), np.float64),
        (torch.tensor([1.0, 2.0], dtype=torch.bfloat16), np.float32),
        (torch.tensor([1.0, 2.0], dtype=torch.float16), np.float32),
        (torch.tensor([1.0, 2.0]).to(torch.float8_e4m3fn), np.float32),
        (torch.tensor([1, 2]), np.int64),
        (torch.tensor([[1.0, 2.0], [9.0, 9.0]])[0], np.float32),
        (torch.tensor([[1.0, 9.0], [2.0, 9.0]])[:, 0], np.float32),
        (torch.tensor([-1.0, -2.0], dtype=torch.float64)._neg_view(), np.float64),
    ],
)
def test_numbers_leave_as_a_plain_array(tensor: torch.Tensor, dtype: type[Any]) -> None:
    array = packed(tensor)

    assert type(array) is np.ndarray
    assert array.dtype == dtype
    np.testing.assert_array_equal(array, [1, 2])


def test_a_conjugate_is_worked_out() -> None:
    np.testing.assert_array_equal(packed(torch.tensor([1 + 2j]).conj()), [1 - 2j])


def test_a_subclass_is_read_as_what_it_is_at_bottom() -> None:
    lying = torch.tensor([1.0, 2.0, 3.0]).as_subclass(Lies)

    np.testing.assert_array_equal(packed(lying), [1, 2, 3])


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (torch.eye(2).to_sparse(), "tensor of layout torch.sparse_coo"),
        (torch.zeros(2, device="meta"), "tensor without numbers"),
        (torch.zeros(1).expand(10**12), "tensor of 1000000000000 numbers"),
        (Wrapper(), "tensor subclass Wrapper"),
        (Pretends(), "Pretends"),
    ],
)
def test_what_has_no_numbers_is_named(value: object, kind: str) -> None:
    assert packed(value) == wire.Unsendable(kind)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_a_quantised_tensor_is_named() -> None:
    quantised = torch.quantize_per_tensor(torch.ones(2), 0.1, 0, torch.qint8)

    assert packed(quantised) == wire.Unsendable("quantised tensor")


def test_a_stand_in_for_torch_has_no_tensors(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from grader.sandbox.guest.standins import InertModule

    monkeypatch.setitem(sys.modules, "torch", InertModule("torch"))

    assert not tensors.is_tensor(3)
