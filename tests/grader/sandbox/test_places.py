import importlib.util
import sys
from pathlib import Path

import pytest

import grader
from grader.sandbox import places
from grader.sandbox.errors import SandboxUnavailable
from grader.sandbox.places import Profile

PROFILES: list[Profile] = ["numpy", "torch", "gpu"]
OURS = ("reference", "grader", "submissions", "worker", "api", "command")


@pytest.mark.parametrize("profile", PROFILES)
def test_nothing_of_ours_lies_in_a_readable_place(profile: Profile) -> None:
    found = places.of_profile(profile)
    source = Path(grader.__file__).resolve()

    assert not any(source.is_relative_to(place) for place in (*found.readable, *found.shown))
    assert not set(OURS) & set(found.modules)


@pytest.mark.parametrize("profile", PROFILES)
def test_no_folder_of_packages_is_readable_as_a_whole(profile: Profile) -> None:
    found = places.of_profile(profile)
    wholes = [p for p in found.readable if Path(p).name in ("site-packages", "dist-packages")]

    assert not wholes
    for folder in found.folders:
        assert not any(Path(folder).is_relative_to(place) for place in found.readable)


def test_the_standard_library_and_numpy_are_listed() -> None:
    modules = places.of_profile("numpy").modules

    assert {"os", "json", "math", "numpy"} <= set(modules) | set(sys.builtin_module_names)
    assert "torch" not in modules
    assert modules["numpy"].endswith("/numpy/")


def test_torch_comes_with_what_it_imports() -> None:
    assert {"torch", "sympy", "mpmath", "typing_extensions"} <= set(
        places.of_profile("torch").modules
    )


def test_a_library_that_is_not_installed_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)

    with pytest.raises(SandboxUnavailable, match="numpy is not installed"):
        places.of_profile.__wrapped__("numpy")
