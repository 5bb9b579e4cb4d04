"""Tensors on their way out: the numbers that are in them, whatever their class says.

Torch is looked at only where it has been imported already; nothing here imports it.
"""

import sys
from typing import Any

import numpy as np
import numpy.typing as npt

MOST_BYTES = 256 << 20
"""As much as a whole reply may hold. An expanded tensor can be far larger than what it is made of."""


class NoNumbers(Exception):
    """A tensor that cannot be given as a plain array; its text says what it is."""


def is_tensor(value: object) -> bool:
    """Whether a value is a tensor: by its type, as what it says of its class can be anything."""
    # What stands in for an absent torch has a Tensor too, which is no type.
    tensor = getattr(sys.modules.get("torch"), "Tensor", None)
    return isinstance(tensor, type) and issubclass(type(value), tensor)


def plain(value: Any) -> npt.NDArray[Any]:
    """The numbers of a tensor as an array: off the graph, off the device, conjugated and negated.

    What numpy has no type for (bfloat16, the float8 family) and half precision become float32. A
    subclass is read as the tensor that it is at bottom; its own methods are not asked.

    Raises: NoNumbers for one that is sparse, quantised, without storage or too large.
    """
    torch: Any = sys.modules["torch"]
    kind = type(value).__name__[:40]
    if _answers_for_operators(type(value), torch):
        raise NoNumbers(f"tensor subclass {kind}")
    with torch._C.DisableTorchFunctionSubclass(), torch.no_grad():
        if type(value) is not torch.Tensor:
            value = torch.Tensor.as_subclass(value, torch.Tensor)
        if value.layout is not torch.strided:
            raise NoNumbers(f"tensor of layout {value.layout}")
        if value.is_quantized or value.is_meta:
            raise NoNumbers("quantised tensor" if value.is_quantized else "tensor without numbers")
        if value.numel() * value.element_size() > MOST_BYTES:
            raise NoNumbers(f"tensor of {value.numel()} numbers")
        value = value.detach().cpu().resolve_conj().resolve_neg()
        if value.is_floating_point() and value.dtype not in (torch.float32, torch.float64):
            value = value.float()
        try:
            array: npt.NDArray[Any] = np.array(value.numpy())
        except (TypeError, RuntimeError):
            raise NoNumbers(f"tensor of {value.dtype}") from None
        return array


def _answers_for_operators(kind: type, torch: Any) -> bool:
    """Whether a subclass stands in for the numbers themselves, as wrappers without storage do."""
    own = kind.__mro__[: kind.__mro__.index(torch.Tensor)]
    return any("__torch_dispatch__" in vars(c) for c in own if c is not torch.nn.Parameter)
