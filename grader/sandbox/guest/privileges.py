"""What a guest gives up about who it is: new privileges, capabilities, the uid, outliving us."""

import contextlib
import os
import struct

from . import kernel

_SET_PARENT_DEATH_SIGNAL = 1
_DROP_FROM_BOUNDING_SET = 24
_SET_NO_NEW_PRIVILEGES = 38
_LAST_POSSIBLE_CAPABILITY = 63
_CAPABILITY_VERSION_3 = 0x20080522
_SIGKILL = 9


def forbid_new() -> None:
    """No set-uid program or file capability helps this process any more.

    Raises: Unavailable.
    """
    kernel.call("prctl", _SET_NO_NEW_PRIVILEGES, 1)


def empty_bounding_set() -> None:
    """No capability can come back; needs root and does nothing without it."""
    for capability in range(_LAST_POSSIBLE_CAPABILITY + 1):
        try:
            kernel.call("prctl", _DROP_FROM_BOUNDING_SET, capability)
        except kernel.Unavailable:
            return


def drop_capabilities() -> None:
    """Give up every capability that is held.

    Raises: Unavailable.
    """
    header = struct.pack("Ii", _CAPABILITY_VERSION_3, 0)
    kernel.call("capset", header, bytes(24))


def become(uid: int) -> None:
    """Change to a uid and gid that nobody else has.

    Raises: Unavailable.
    """
    try:
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    except OSError as refused:
        raise kernel.Unavailable(f"another uid cannot be taken: {refused.strerror}") from None


def die_with_parent(parent: int) -> None:
    """Be killed when the zygote dies; comes after `become`, which would clear it.

    `parent` is 0 inside a pid namespace of one's own, where the zygote has no number.
    """
    with contextlib.suppress(kernel.Unavailable):
        kernel.call("prctl", _SET_PARENT_DEATH_SIGNAL, _SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
