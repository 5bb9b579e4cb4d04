"""Stand-ins for torchvision and PIL: transforms that say what they are, a data set to derive from.

The course's self-supervised part asks for a composition of transforms. Whether it is the right one is
read off the composition; nothing has to be transformed for it, and the verdict does not depend on
which torchvision a machine has, or whether it has one. A picture is an array that says so.
"""

import inspect
import sys
import types
from collections.abc import Mapping
from typing import Any

import numpy as np

SIGNATURES = {
    "RandomResizedCrop": "size, scale=(.08, 1.), ratio=(3/4, 4/3), interpolation=None, antialias=True",
    "RandomHorizontalFlip": "p=0.5",
    "RandomVerticalFlip": "p=0.5",
    "RandomApply": "transforms, p=0.5",
    "ColorJitter": "brightness=0, contrast=0, saturation=0, hue=0",
    "RandomGrayscale": "p=0.1",
    "Grayscale": "num_output_channels=1",
    "ToTensor": "",
    "Normalize": "mean, std, inplace=False",
    "Resize": "size, interpolation=None, max_size=None, antialias=True",
    "CenterCrop": "size",
    "RandomCrop": "size, padding=None, pad_if_needed=False, fill=0, padding_mode='constant'",
}  # fmt: skip
"""Transforms by their arguments and defaults; of others the arguments are kept as they are given."""

TO_GREY = "Grayscale(num_output_channels=3)"
"""Applied at random, and alone, it is what ``RandomGrayscale`` is: the same draw, the same picture."""


class NoNetworks(ImportError):
    """A network of torchvision's own is made, which the grader does not have."""


LENDS_NO_NETWORKS = NoNetworks.__name__


class Applied(ImportError):
    """A transform, named by `transform`, is applied, which stand-ins cannot do."""

    def __init__(self, transform: str) -> None:
        super().__init__(f"{transform} is applied, and the grader has no torchvision")
        self.transform = transform


def _signature(text: str) -> inspect.Signature:
    scope: dict[str, Any] = {}
    exec(f"def f({text}): pass", scope)  # noqa: S102 - our own table above
    return inspect.signature(scope["f"])


def _transform(name: str, base: type) -> type:
    """A class of this name whose objects know their arguments."""
    signature = _signature(SIGNATURES[name]) if name in SIGNATURES else None

    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        base.__init__(self)  # type: ignore[misc]
        if signature is None:
            self.given = {str(at): value for at, value in enumerate(args)} | kwargs
            return
        bound = signature.bind(*args, **kwargs)
        match bound.arguments.get("size"):
            case (height, width) if height == width:
                bound.arguments["size"] = height
        bound.apply_defaults()
        defaults = signature.parameters
        self.given = {
            key: value
            for key, value in bound.arguments.items()
            # A default that is spelt out is still the default; what must be given is always said.
            if defaults[key].default is inspect.Parameter.empty or value != defaults[key].default
        }

    def __str__(self: Any) -> str:  # noqa: N807
        if name == "RandomApply" and _said(self.given.get("transforms")) == f"[{TO_GREY}]":
            return _called(
                "RandomGrayscale", {"p": p} if (p := self.given.get("p", 0.5)) != 0.1 else {}
            )
        return _called(name, self.given)

    def __call__(self: Any, picture: Any) -> Any:  # noqa: ARG001, N807
        raise Applied(name)

    functions = {"__init__": __init__, "__str__": __str__, "__repr__": __str__}
    made: type = type(name, (base,), {**functions, "__call__": __call__})
    return made


def _called(name: str, given: Mapping[str, Any]) -> str:
    return f"{name}({', '.join(f'{k}={_said(v)}' for k, v in given.items())})"


def _said(value: Any) -> str:
    if isinstance(value, (bool, type(None))):
        return str(value)
    if isinstance(value, (int, float, np.number)):
        return f"{float(value):g}"
    if isinstance(value, (list, tuple)) or type(value).__name__ == "ModuleList":
        return f"[{', '.join(map(_said, value))}]"
    return str(value)


class Compose:
    """Transforms one after the other."""

    def __init__(self, transforms: Any) -> None:
        self.transforms = transforms

    def __call__(self, picture: Any) -> Any:  # noqa: D102
        for step in self.transforms:
            picture = step(picture)
        return picture

    def __str__(self) -> str:
        return f"Compose({_said(self.transforms)})"


class Picture:
    """What ``Image.fromarray`` gives: an array of bytes (H, W, C) that is no array."""

    def __init__(self, pixels: Any) -> None:
        self._pixels = np.array(pixels)
        self.size = (self._pixels.shape[1], self._pixels.shape[0])
        self.mode = "RGB" if self._pixels.ndim == 3 else "L"

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        del copy
        return np.array(self._pixels, dtype=dtype)

    def convert(self, mode: str) -> "Picture":
        """Itself: only pictures that are in this mode already are met here."""
        if mode != self.mode:
            raise ImportError(f"a picture is converted to {mode}, and the grader has no PIL")
        return self

    def copy(self) -> "Picture":
        """Another one of the same pixels."""
        return Picture(self._pixels)


class Dataset:
    """A data set of torchvision's, with nothing in it."""

    def __init__(
        self,
        root: Any = None,
        train: bool = True,  # noqa: FBT001, FBT002 - torchvision's signature
        transform: Any = None,
        target_transform: Any = None,
        download: bool = False,  # noqa: FBT001, FBT002
    ) -> None:
        del download
        self.root, self.train = root, train
        self.transform, self.target_transform = transform, target_transform
        self.data, self.targets = np.zeros((0, 32, 32, 3), np.uint8), []  # type: ignore[var-annotated]

    def __len__(self) -> int:
        return len(self.data)


def fill_transforms(module: types.ModuleType) -> None:
    """Give the stand-in of ``torchvision.transforms`` its classes; any other name makes one too."""
    module_type = getattr(getattr(sys.modules.get("torch"), "nn", None), "Module", None)
    base = module_type if isinstance(module_type, type) else object

    class Transforms(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            if not name[:1].isupper():
                raise AttributeError(name)
            made = _transform(name, base)
            setattr(self, name, made)
            return made

    module.__class__ = Transforms
    known = {name: _transform(name, base) for name in SIGNATURES}
    module.__dict__.update(known, Compose=Compose, __all__=["Compose", *known])


def fill_datasets(module: types.ModuleType) -> None:
    """Give the stand-in of ``torchvision.datasets`` classes to derive from."""
    bases: dict[str, Any] = {n: type(n, (Dataset,), {}) for n in ("CIFAR10", "CIFAR100", "MNIST")}
    module.__dict__.update(bases)


def fill_models(module: types.ModuleType) -> None:
    """Let the stand-in of ``torchvision.models`` say which network it does not have."""

    class Models(types.ModuleType):
        def __getattr__(self, name: str) -> Any:
            if name.startswith("__"):
                raise AttributeError(name)

            def make(*_: Any, **__: Any) -> Any:
                raise NoNetworks(
                    f"torchvision.models.{name} is used; the grader has no torchvision"
                )

            return make

    module.__class__ = Models


def fill_pictures(module: types.ModuleType) -> None:
    """Give the stand-in of ``PIL.Image`` the one function that the course's code calls."""
    module.__dict__.update(fromarray=Picture, Image=Picture)
