"""One function of one source file, run in a guest: what canaries and attack tests need of the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from .guest import wire
from .guest_process import Guest

Constant = str | int | float | bool | None

_MODULE = "cs231n.errand"
_FOLDER, _FILE = "cs231n/__init__.py", "cs231n/errand.py"


@dataclass(frozen=True)
class Outcome:
    """What came back: a value, or the exception that the function raised, by name and text."""

    value: Any
    error: str | None = None


def load(guest: Guest, source: bytes, *, wall_seconds: float = 10.0) -> None:
    """Hand the source to the guest; nothing of it runs yet.

    Raises: GuestEnded.
    """
    arrays: list[wire.Array] = []
    contents = {_FOLDER: b"", _FILE: source}
    files = {path: np.frombuffer(content, np.uint8) for path, content in contents.items()}
    request = {"do": "load", "files": wire.pack(files, arrays)}
    guest.exchange(request, arrays, wall_seconds=wall_seconds)


def run(
    guest: Guest,
    function: str,
    *constants: Constant,
    inputs: Mapping[str, wire.Array] | None = None,
    wall_seconds: float = 10.0,
) -> Outcome:
    """Call a function of the loaded source with constants, then arrays; its value or its error.

    Raises: GuestEnded.
    """
    arrays: list[wire.Array] = []
    environment = dict(inputs or {})
    nodes = [["const", value] for value in constants] + [["name", name] for name in environment]
    call = ["call", ["name", function], nodes, {}]
    request = {
        "do": "run",
        "seed": 0,
        "module": _MODULE,
        "env": wire.pack(environment, arrays),
        "given": [],
        "steps": [{"value": call, "binds": ["value"], "unpack": False, "text": function}],
        "wanted": ["value"],
    }
    reply, values = guest.exchange(request, arrays, wall_seconds=wall_seconds)
    if reply.get("ok") is not True:
        return Outcome(None, f"{reply.get('error')}: {reply.get('message')}")
    return Outcome(wire.unpack(reply["values"]["value"], values))
