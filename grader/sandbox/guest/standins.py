"""Inert stand-ins for packages that students import and graded functions do not need.

A plot, a progress bar or an editor's stray auto-import at the top of ``layers.py`` must not cost
the functions below it a point. Importing any package that is not here succeeds; *using* it raises
`NotHere`, which names the package. The few old names that course code really computes with
(``past.builtins.xrange``, ``six.moves``, ``np.int``) work.
"""

import functools
import importlib
import math
import sys
import types
import typing
import warnings
from collections.abc import Callable, Iterator, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

import numpy as np

from . import scientific, vision

# NumPy names of 2019–2024 that NumPy 2 no longer has.
OLD_NUMPY: dict[str, Any] = {
    "int": int, "float": float, "complex": complex, "object": object, "str": str,
    "float_": np.float64, "complex_": np.complex128, "unicode_": np.str_, "string_": np.bytes_,
    "Inf": np.inf, "infty": np.inf, "PINF": np.inf, "NINF": -np.inf, "NaN": np.nan, "NAN": np.nan,
    "product": np.prod, "cumproduct": np.cumprod, "alltrue": np.all, "sometrue": np.any,
    "round_": np.round, "row_stack": np.vstack, "in1d": np.isin, "asfarray": np.asarray,
    "msort": lambda a: np.sort(a, axis=0), "math": math,
}  # fmt: skip
if hasattr(np, "trapezoid"):
    OLD_NUMPY["trapz"] = np.trapezoid

OLD_PLACES = ("numpy.lib", "numpy.lib.npyio")
"""Modules of NumPy from which editors once imported what is NumPy's own by now."""

NEVER_STOOD_IN = ("cs231n", "reference", "grader", "submissions", "worker", "api", "command")


class NotHere(ImportError):
    """The code uses a package or a file that the grader does not have."""


class Inert:
    """What an absent package's name stands for: it can be passed around and decorates freely."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> "Inert":
        if attribute.startswith("__") and attribute.endswith("__"):
            raise AttributeError(attribute)
        return Inert(f"{self._name}.{attribute}")

    def __call__(self, *args: Any, **kwargs: Any) -> Any:  # noqa: D102
        # A decorator gives back what it decorates; everything else stays inert.
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType | type):
            return args[0]
        return Inert(f"{self._name}()")

    def __repr__(self) -> str:
        return self._name

    def __setitem__(self, key: object, value: object) -> None:
        """Ignored: ``plt.rcParams["figure.figsize"] = …`` is the usual one."""

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return ()

    def __enter__(self) -> "Inert":
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def _refuse(self, *_: Any, **__: Any) -> Any:
        raise NotHere(f"{self._name} is used, and the grader has no {self._name.split('.')[0]}")

    __iter__ = __len__ = __bool__ = __float__ = __int__ = __index__ = __getitem__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = __truediv__ = _refuse
    __rtruediv__ = __matmul__ = __rmatmul__ = __pow__ = __neg__ = __array__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse


class InertModule(types.ModuleType):
    """An absent package."""

    def __getattr__(self, attribute: str) -> Any:
        if attribute.startswith("__") and attribute.endswith("__"):
            raise AttributeError(attribute)
        if self.__name__.partition(".")[0] == "numpy":
            return getattr(np, attribute, Inert(f"{self.__name__}.{attribute}"))
        return Inert(f"{self.__name__}.{attribute}")


def _inert_module(name: str) -> types.ModuleType:
    module = InertModule(name)
    module.__dict__.update(__path__=[], __all__=[])
    return module


def _past(module: types.ModuleType) -> None:
    module.__dict__.update(xrange=range, basestring=str, unicode=str, long=int, raw_input=input)


def _six(module: types.ModuleType) -> None:
    names: dict[str, Any] = {"xrange": range, "range": range, "zip": zip, "map": map}
    module.__dict__.update(names, filter=filter, PY2=False, PY3=True, string_types=(str,))
    module.__dict__["iteritems"] = lambda d: iter(d.items())


class Bar:
    """A progress bar that shows nothing: it hands on what it runs over."""

    def __init__(self, iterable: Any = (), *_: Any, **__: Any) -> None:
        self._iterable = iterable

    def __iter__(self) -> Iterator[Any]:
        return iter(self._iterable)

    def __len__(self) -> int:
        return len(self._iterable)

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *exc: object) -> None:
        return None

    def _nothing(self, *_: Any, **__: Any) -> None:
        return None

    set_description = set_postfix = update = close = refresh = clear = _nothing
    set_description_str = set_postfix_str = write = _nothing


def _tqdm(module: types.ModuleType) -> None:
    def trange(*args: int, **_: Any) -> Bar:
        return Bar(range(*args))

    module.__dict__.update(tqdm=Bar, trange=trange, notebook=module, auto=module)


def _with(*parts: str) -> Callable[[types.ModuleType], None]:
    """Give a package submodules of its own: asked for any name, it would answer something inert."""

    def fill(module: types.ModuleType) -> None:
        for part in parts:
            setattr(module, part, importlib.import_module(f"{module.__name__}.{part}"))

    return fill


FILLED: dict[str, Callable[[types.ModuleType], None]] = {
    "past.builtins": _past, "future.builtins": _six, "six": _six, "six.moves": _six,
    "tqdm": _tqdm, "tqdm.notebook": _tqdm, "tqdm.auto": _tqdm,
    "torchvision": _with("transforms", "datasets", "models"), "PIL": _with("Image"),
    "scipy": _with("stats", "special"),
    "scipy.stats": scientific.fill_stats, "scipy.special": scientific.fill_special,
    "torchvision.transforms": vision.fill_transforms,
    "torchvision.transforms.transforms": vision.fill_transforms,
    "torchvision.transforms.v2": vision.fill_transforms,
    "torchvision.datasets": vision.fill_datasets, "torchvision.datasets.cifar": vision.fill_datasets,
    "torchvision.models": vision.fill_models, "torchvision.models.resnet": vision.fill_models,
    "PIL.Image": vision.fill_pictures,
}  # fmt: skip

ALWAYS_STOOD_IN = ("torchvision", "PIL")
"""Packages of which a machine's own would make the verdicts depend on the machine."""
SCREENS = ("tkinter", "turtle", "idlelib", "turtledemo")
"""Python's own that need a screen; many a Python has none, and editors import from them by accident."""


class StandInFinder(MetaPathFinder, Loader):
    """The last finder: reached only for what neither Python nor the submission has."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None = None,
        target: types.ModuleType | None = None,
    ) -> ModuleSpec | None:
        """An inert module for any absent package."""
        del path, target
        root = fullname.partition(".")[0]
        if root in NEVER_STOOD_IN or (root in sys.stdlib_module_names and root not in SCREENS):
            return None
        return ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        """An inert module."""
        return _inert_module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Fill it where course code computes with it."""
        if fill := FILLED.get(module.__name__):
            fill(module)


def restore_old_names() -> None:
    """Give NumPy and typing back the names that submissions of other years use."""
    for name, value in OLD_NUMPY.items():
        if not _has(np, name):
            setattr(np, name, value)
    for module in OLD_PLACES:
        _answer_for(module)
    if not hasattr(typing, "override"):
        typing.override = lambda f: f  # type: ignore[attr-defined,unused-ignore]


def _answer_for(name: str) -> None:
    """Let a module of NumPy answer with NumPy's own names for those that it no longer has."""
    module = importlib.import_module(name)
    refuse = getattr(module, "__getattr__", None)

    def found(attribute: str) -> Any:
        if not attribute.startswith("__") and _has(np, attribute):
            return getattr(np, attribute)
        if refuse is not None:
            return refuse(attribute)
        raise AttributeError(f"module {name!r} has no attribute {attribute!r}")

    module.__dict__["__getattr__"] = found


def _accept_old_calls() -> None:
    """Two calls that NumPy once took: ``reshape(newshape=…)`` and a sum over a generator."""
    new_reshape, new_sum = np.reshape, np.sum

    @functools.wraps(new_reshape)
    def reshape(a: Any, *args: Any, **kwargs: Any) -> Any:
        if "newshape" in kwargs:
            kwargs["shape"] = kwargs.pop("newshape")
        return new_reshape(a, *args, **kwargs)

    @functools.wraps(new_sum)
    def total(a: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(a, types.GeneratorType):
            return sum(a)
        return new_sum(a, *args, **kwargs)

    np.__dict__.update(reshape=reshape, sum=total)


def _has(module: types.ModuleType, name: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # asking for an expired name warns
        return hasattr(module, name)


def install() -> None:
    """Put the stand-ins behind every other finder."""
    restore_old_names()
    for name in [n for n in sys.modules if n.partition(".")[0] in ALWAYS_STOOD_IN]:
        del sys.modules[name]  # torch imports torchvision where there is one
    sys.meta_path.append(StandInFinder())
    sys.modules.update({name: _inert_module(name) for name in SCREENS})
    _accept_old_calls()
    for name in ("past.builtins", "six.moves"):
        importlib.import_module(name)
