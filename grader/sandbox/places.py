"""Where the interpreter and the libraries lie: what a guest may import and read, and nothing more.

Neither the prefix nor ``site-packages`` is opened as a whole, because our own packages, with the
reference in them, may be installed there.
"""

import importlib.util
import sys
import sysconfig
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from . import gpu
from .errors import SandboxUnavailable

Profile = Literal["numpy", "torch", "gpu"]
"""Which libraries a guest has; `gpu` is `torch` with the devices that it computes on."""

NUMPY_PACKAGES = ("numpy", "numpy.libs")
TORCH_PACKAGES = (
    *("torch", "torchgen", "functorch", "sympy", "mpmath", "networkx", "jinja2", "markupsafe"),
    *("fsspec", "filelock", "typing_extensions", "nvidia", "torch.libs", "triton"),
    "einops",
)
_WITH_TORCH = (
    *("numpy", "numpy.random", "numpy.linalg", "numpy.fft", "numpy.testing", "torch"),
    # Without torch._dynamo every guest's first optimizer step would import 800 modules.
    *("torch.nn.functional", "torch.optim", "torch.utils.data", "torch._dynamo"),
)
IMPORTS: Mapping[Profile, tuple[str, ...]] = {
    "numpy": (
        *("numpy", "numpy.random", "numpy.linalg", "numpy.fft", "numpy.ma", "numpy.polynomial"),
        *("numpy.testing", "math", "random", "itertools", "functools", "collections", "typing"),
        *("dataclasses", "copy", "time", "os", "platform", "builtins", "abc"),
    ),
    "torch": _WITH_TORCH,
    "gpu": _WITH_TORCH,
}
SYSTEM_FILES = (
    *("/etc/ld.so.cache", "/dev/null", "/dev/zero", "/dev/urandom"),
    "/sys/devices/system/cpu",
)
_OTHER_PEOPLES = ("site-packages", "dist-packages")


@dataclass(frozen=True)
class Places:
    """What one profile of guests imports and reads."""

    imports: tuple[str, ...]
    folders: tuple[str, ...]
    """Searched while the libraries are imported, never after."""
    modules: Mapping[str, str]
    """Top-level module → its file, or its folder with a slash at the end."""
    readable: tuple[str, ...]
    """For Landlock."""
    shown: tuple[str, ...]
    """For a root of its own: coarser, because Landlock holds there too."""
    masked: tuple[str, ...]
    devices: tuple[str, ...] = ()
    """Of the GPUs, for a guest that computes on them."""


@lru_cache
def of_profile(profile: Profile) -> Places:
    """The places of one profile on this machine.

    Raises: SandboxUnavailable when a library is not installed.
    """
    standard = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib")]
    dynamic = [folder / "lib-dynload" for folder in standard]
    packages = dict(_packages(profile))
    modules: dict[str, str] = {}
    for folder in (*standard, *dynamic):
        modules |= _modules_in(folder)
    own = {name: _as_place(path) for name, path in packages.items() if "." not in name}
    readable = [*modules.values(), *(str(folder / "__pycache__") for folder in standard)]
    readable += [*map(str, dynamic), *map(str, packages.values())]
    libraries = [*map(str, _library_folders()), *SYSTEM_FILES]
    devices: tuple[str, ...] = ()
    if profile == "gpu":
        devices = gpu.devices()
        libraries += [*gpu.driver_folders(), *gpu.KERNEL_FILES]
    shown = [*map(str, standard), *map(str, dynamic), *map(str, packages.values()), *libraries]
    return Places(
        imports=IMPORTS[profile],
        folders=tuple(dict.fromkeys(str(path.parent) for path in packages.values())),
        modules=modules | own,
        readable=tuple(dict.fromkeys([*readable, *libraries])),
        # What is below /proc comes with each guest's own.
        shown=tuple(p for p in dict.fromkeys((*shown, *devices)) if not p.startswith("/proc/")),
        masked=tuple(str(folder / name) for folder in standard for name in _OTHER_PEOPLES),
        devices=devices,
    )


def probes_of(places: Places) -> tuple[str, str]:
    """Files by which a guest's right to read is tried: one of Python's, one of NumPy's."""
    return places.modules["os"], f"{places.modules['numpy']}__init__.py"


def folder_of(module: str) -> Path:
    """The folder from which a module is imported by its full name.

    Raises: SandboxUnavailable when it is not installed.
    """
    top = module.partition(".")[0]
    found = importlib.util.find_spec(top)
    if found is None or found.origin is None:
        raise SandboxUnavailable(f"{top} is not installed for {sys.executable}: install it")
    origin = Path(found.origin).resolve()
    return origin.parent.parent if found.submodule_search_locations else origin.parent


def _packages(profile: Profile) -> Iterator[tuple[str, Path]]:
    roots = ("numpy",) if profile == "numpy" else ("numpy", "torch")
    wanted = NUMPY_PACKAGES + (() if profile == "numpy" else TORCH_PACKAGES)
    folders: list[Path] = []
    for root in roots:
        found = importlib.util.find_spec(root)
        if found is None or found.origin is None:
            raise SandboxUnavailable(f"{root} is not installed for {sys.executable}: install it")
        folders.append(Path(found.origin).resolve().parent.parent)
    for name in wanted:
        for folder in dict.fromkeys(folders):
            path = next((p for p in (folder / name, folder / f"{name}.py") if p.exists()), None)
            if path is not None:
                yield name, path
                break


def _modules_in(folder: Path) -> dict[str, str]:
    """Top-level modules of a folder of the standard library."""
    if not folder.is_dir():
        return {}
    found = {}
    for path in folder.iterdir():
        name = path.name.partition(".")[0]
        single = path.suffix in (".py", ".so")
        if name in sys.stdlib_module_names and (single or (path / "__init__.py").exists()):
            found[name] = _as_place(path)
    return found


def _as_place(path: Path) -> str:
    return f"{path}/" if path.is_dir() else str(path)


def _library_folders() -> Iterator[Path]:
    """Folders of shared libraries; where Python's packages lie among them, only the libraries."""
    triplet = sysconfig.get_config_var("MULTIARCH") or "none"
    prefix = Path(sys.base_prefix)
    candidates = [Path(root) / "lib" / triplet for root in ("/", "/usr", "/usr/local")]
    candidates += [Path("/lib64"), Path("/usr/lib64"), prefix / "lib"]
    for folder in dict.fromkeys(candidates):
        if not folder.is_dir():
            continue
        if any(folder.glob("python3*")):
            yield from folder.glob("*.so*")
        else:
            yield folder
