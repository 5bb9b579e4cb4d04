"""The kit's functions, see `kit`: tensors, networks with known parameters, gradients, data.

`fill` and `values` are used on the host too, so that a reference network has the same parameters as
the student's without one of them crossing the wire.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode

from .kit import MADE_WITH, Nothing, Unfit
from .vision import Applied

Array = npt.NDArray[Any]
M = TypeVar("M", bound=nn.Module)

GAIN, SPREAD = 2.0, 0.3


def tensor(x: Array | None) -> Tensor | None:
    """The array as a tensor that shares its memory, so that writing into it shows; None as None."""
    return None if x is None else torch.from_numpy(x)


def variable(x: Array) -> Tensor:
    """The array as a tensor that gradients are taken for; it has memory of its own."""
    return torch.from_numpy(x.copy()).requires_grad_()


def grown(x: Array) -> tuple[Tensor, Tensor]:
    """A variable, and what came of it: a tensor that may be written into, as a network's output may."""
    leaf = variable(x)
    return leaf, leaf.clone()


def gradients(loss: object, *variables: Tensor) -> list[Tensor]:
    """The gradient of a loss for each variable; zeros where none reaches it."""
    found = torch.autograd.grad(_loss(loss), variables, allow_unused=True)
    pairs = zip(found, variables, strict=True)
    return [torch.zeros_like(v) if g is None else g for g, v in pairs]


def kind(value: object) -> str:
    """What sort of thing a value is, in a word or two."""
    return "tensor" if isinstance(value, Tensor) else type(value).__name__


def size(value: object) -> list[int]:
    """The shape of a tensor."""
    return list(_tensor(value).shape)


def rows(value: object) -> Tensor:
    """A tensor with all axes but the first made one."""
    return _tensor(value).flatten(1)


def anywhere(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a function where the device "cuda" is the processor.

    A notebook that is run on a machine with a GPU never shows that "cuda" was written into a
    function; on a machine without one nothing else of it could be judged.
    """
    with _AsIfCuda():
        return function(*args, **kwargs)


class _AsIfCuda(TorchFunctionMode):
    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        del types
        if func is Tensor.cuda:
            return args[0]
        there = tuple(_on_cpu(arg) for arg in args)
        return func(*there, **{name: _on_cpu(arg) for name, arg in (kwargs or {}).items()})


def _on_cpu(value: Any) -> Any:
    if isinstance(value, torch.device) and value.type == "cuda":
        return torch.device("cpu")
    if isinstance(value, type) and value.__module__ == "torch.cuda":
        return getattr(torch, value.__name__)
    return "cpu" if isinstance(value, str) and value.partition(":")[0] == "cuda" else value


# --- networks ---------------------------------------------------------------------------------------


def fill(module: M, seed: int) -> M:
    """Set a network's parameters, in their order, to numbers that depend on the seed alone.

    They are such that what goes in is not drowned on its way: a weight of fan-in n is uniform on ±2/√n, a
    word vector's entry on ±√3, the scale of a norm near 1, a bias near 0. What has three axes is no
    weight of the course's layers but a table: it stays as it is.
    """
    words = {id(m.weight) for m in _module(module).modules() if isinstance(m, nn.Embedding)}
    weights = ((name, p) for name, p in module.named_parameters() if p.dim() != 3)
    for number, (name, parameter) in enumerate(weights):
        shape = tuple(parameter.shape)
        drawn = 2 * np.random.default_rng([seed, number]).random(shape, np.float32) - 1
        if id(parameter) in words:
            drawn *= np.float32(np.sqrt(3))
        elif len(shape) > 1:
            drawn *= np.float32(GAIN / np.sqrt(np.prod(shape[1:])))
        else:
            drawn = drawn * np.float32(SPREAD) + (0 if name.endswith("bias") else 1)
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(drawn))
    return module


def shapes(module: object) -> dict[str, str]:
    """The shapes of a network's parameters, in their order: 1 → "256x784"."""
    found = enumerate(_module(module).parameters(), start=1)
    return {str(number): "x".join(str(n) for n in p.shape) for number, p in found}


def values(module: object) -> dict[str, Tensor]:
    """A copy of a network's parameters, by name."""
    named = _module(module).named_parameters()
    return {name: parameter.detach().clone() for name, parameter in named}


class _Weights(nn.Module):
    def __init__(self, start: Array) -> None:
        super().__init__()
        self.w = nn.Parameter(torch.from_numpy(start.copy()))


def weights(start: Array) -> nn.Module:
    """A network that is one parameter."""
    return _Weights(start)


def descend(solver: Any, module: nn.Module, slopes: Array) -> Tensor:
    """Let an optimiser make one step for each of these gradients; the parameter after each step."""
    _there(solver, "an optimiser")
    (parameter,) = module.parameters()
    path = []
    for slope in slopes:
        parameter.grad = torch.from_numpy(slope.copy())
        solver.step()
        path.append(parameter.detach().clone())
    return torch.stack(path)


def rate(module: nn.Module, lr: float) -> torch.optim.Optimizer:
    """Plain gradient descent at this learning rate."""
    return torch.optim.SGD(module.parameters(), lr=lr)


class _Encoder(nn.Module):
    """Two parts as the course's model has them, small: it describes with f and projects with g."""

    def __init__(self, inputs: int, features: int, outputs: int) -> None:
        super().__init__()
        self.f = nn.Sequential(nn.Flatten(), nn.Linear(inputs, features), nn.Tanh())
        self.g = nn.Linear(features, outputs)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        feature = self.f(x)
        return F.normalize(feature, dim=-1), F.normalize(self.g(feature), dim=-1)


def encoder(inputs: int, features: int, outputs: int) -> nn.Module:
    """A network that returns, for images, the pair of a description and its projection.

    Shapes: images (N, ...) of `inputs` numbers each; (N, features) and (N, outputs), of length 1.
    """
    return _Encoder(inputs, features, outputs)


def place(encoding: nn.Module, table: Array) -> None:
    """Give a positional encoding another table ``pe``, whatever held its own."""
    _module(encoding)
    if hasattr(encoding, "pe"):
        del encoding.pe
    encoding.register_buffer("pe", torch.from_numpy(table))


def attempt(function: Callable[..., Any], x: Array) -> Any:
    """A call that may fail, on a tensor of its own: None where it does, or where a number is missing."""
    try:
        made = function(torch.from_numpy(x.copy()))
    except Exception:  # noqa: BLE001 - where it must not fail it is called without a net
        return None
    return made if isinstance(made, Tensor) and bool(made.isfinite().all()) else None


# --- data -------------------------------------------------------------------------------------------


def batches(x_i: Array, x_j: Array, labels: Array) -> list[tuple[Tensor, Tensor, Tensor]]:
    """Batches of pairs. Shapes: x_i, x_j (batches, N, ...); labels (batches, N)."""
    whole = zip(x_i, x_j, labels, strict=True)
    return [(torch.from_numpy(i), torch.from_numpy(j), torch.from_numpy(y)) for i, j, y in whole]


def pairs(dataset: Callable[..., Any], images: Array, labels: Array, changes: Array) -> Any:
    """A data set of the student's class that holds these images; its n-th view is image + change n.

    Shapes: images (M, H, W, C), bytes; labels (M,); changes (views, H, W, C).
    """
    views = iter(changes)

    def view(picture: Any) -> Tensor:
        if isinstance(picture, Tensor):
            raise TypeError("a transform takes a picture, and this is a tensor: a view already")
        return torch.from_numpy(np.asarray(picture).astype(np.float64) + next(views))

    made = _there(dataset("data", train=True, transform=view, download=False), "a data set")
    made.data, made.targets = images, labels.tolist()
    made.transform, made.target_transform = view, None
    return made


def pair(data: Any, number: int) -> Any:
    """Two views of a picture and its label, as the data set gives them.

    Where they are made by a transform of the student's own choice, that is said in place of the views.
    """
    try:
        return data[number]
    except Applied as applied:
        made = f"made by a {applied.transform} of its own"
        return made, made, None


def steps(composed: Any) -> dict[str, str]:
    """The transforms that a composition is made of, in their order: 1 → "RandomResizedCrop(32)"."""
    inner = getattr(_there(composed, "a composition of transforms"), "transforms", None)
    if not isinstance(inner, (list, tuple, nn.ModuleList)):
        raise Unfit(f"a composition of transforms was expected, not {kind(composed)}")
    return {str(number): str(step)[:200] for number, step in enumerate(inner, start=1)}


def _loss(loss: Any) -> Tensor:
    if not isinstance(_there(loss, "a loss"), Tensor):
        raise Unfit(f"the loss is {kind(loss)}, no tensor, and nothing can be learned from it")
    if not loss.requires_grad:
        raise Unfit("the loss does not depend on its arguments in torch's eyes: it has no gradient")
    summed: Tensor = loss.sum()
    return summed


def _tensor(value: Any) -> Tensor:
    if not isinstance(_there(value, "a tensor"), Tensor):
        raise Unfit(f"a tensor was expected, not {kind(value)}")
    found: Tensor = value
    return found


def _module(module: Any) -> nn.Module:
    if not isinstance(_there(module, "a torch module"), nn.Module):
        raise Unfit(f"a torch module was expected, not {kind(module)}")
    found: nn.Module = module
    return found


def _there(value: Any, what: str) -> Any:
    if value is None:
        raise Nothing(f"{what} was expected, not None")
    return value


def plain_module(module: nn.Module) -> dict[str, Any]:
    """A module as a function that is given sees it: parameters, plain numbers, what it was made with."""
    numbers = {k: v for k, v in vars(module).items() if type(v) in (bool, int, float)}
    made_with = vars(module).get(MADE_WITH, ())
    return {"parameters": dict(_named(module)), "numbers": numbers, "made_with": made_with}


def _named(module: nn.Module) -> Iterator[tuple[str, Tensor]]:
    yield from ((name, parameter.detach()) for name, parameter in module.named_parameters())
