"""Landlock: the kernel's allow-list of files, and no TCP, no abstract sockets, no signals outside.

A ruleset is built once, in the zygote; a child only has to enter it. Landlock does not stop
``stat``, ``chmod``, UDP or unix path sockets: `seccomp` does.
"""

import os
import stat
import struct
from collections.abc import Iterable

from . import kernel

COMPLETE_ABI = 6
"""The first version with all that is asked for here; older ones keep files apart all the same."""

# Rights on files, bit by bit, in the kernel's order.
_RIGHTS = (
    *("execute", "write", "read", "list", "remove_folder", "remove_file", "make_char"),
    *("make_folder", "make_file", "make_socket", "make_fifo", "make_block", "make_link"),
    *("refer", "truncate", "ioctl"),
)
_BIT = {name: 1 << at for at, name in enumerate(_RIGHTS)}


def _bits(names: str) -> int:
    return sum(_BIT[name] for name in names.split())


READING = _bits("read list")  # mapping a shared library needs no right to execute
WRITING = READING | _bits("write remove_folder remove_file make_folder make_file refer truncate")
DEVICE = _bits("read write truncate ioctl")
ON_FILES = _bits("write read truncate ioctl")

# Version → how many of the rights it knows, in order.
_KNOWN_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_TCP = 0b11  # bind, connect
_SCOPES = 0b11  # abstract unix sockets, signals
_RULE_PATH_BENEATH = 1
_VERSION_FLAG = 1


def abi() -> int:
    """The kernel's Landlock version.

    Raises: Unavailable when it has none.
    """
    return kernel.call("landlock_create_ruleset", None, 0, _VERSION_FLAG)


def build(
    readable: Iterable[str], writable: Iterable[str], devices: Iterable[str], version: int
) -> int:
    """A ruleset's descriptor; paths that do not exist are left out.

    Raises: Unavailable.
    """
    known = (1 << _KNOWN_RIGHTS.get(version, len(_RIGHTS))) - 1
    attributes = struct.pack("QQQ", known, _TCP, _SCOPES)
    attributes = attributes[: 8 if version < 4 else 16 if version < COMPLETE_ABI else 24]
    ruleset = kernel.call("landlock_create_ruleset", attributes, len(attributes), 0)
    for paths, rights in ((readable, READING), (writable, WRITING), (devices, DEVICE)):
        for path in paths:
            _allow(ruleset, path, rights & known)
    return ruleset


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        target = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not stat.S_ISDIR(os.fstat(target).st_mode):
            rights &= ON_FILES
        rule = struct.pack("=Qi", rights, target)
        kernel.call("landlock_add_rule", ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(target)


def enter(ruleset: int) -> None:
    """Give up all files but the ruleset's, for good. Must come before any thread exists.

    Raises: Unavailable.
    """
    kernel.call("landlock_restrict_self", ruleset, 0)
