"""Namespaces: no network, no other processes, and a root in which only what is named exists.

The expensive part, a small read-only root, is built once in the zygote. A child adds a pid
namespace and a private scratch folder. Many hosts and containers refuse all of this; Landlock and
seccomp then hold alone.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from . import kernel

# In the guest's own root, and a name that no host has: were it /tmp, a Python that is installed below
# the host's /tmp would have its folders listed by the rule for this one.
TEMPORARY = "/temporary"
# Below, not at, the folder that Landlock's rule is for: a rule does not reach what is mounted later
# on its own folder.
SCRATCH = f"{TEMPORARY}/guest"
SCRATCH_MIB = 64
SCRATCH_FILES = 4096
PROCESSES = "/proc"
"""Empty, but for a guest that has to look at itself: see `own_processes`."""

_BASE = "/tmp"  # noqa: S108 - any folder that every host has; uncovered again by the pivot

_NEW_MOUNTS, _NEW_NAMES, _NEW_IPC = 0x20000, 0x4000000, 0x8000000
_NEW_USER, _NEW_PIDS, _NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
_READ_ONLY, _NO_SUID, _NO_DEVICES, _NO_EXECUTION, _REMOUNT, _BIND = 1, 2, 4, 8, 0x20, 0x1000
_RECURSIVE, _PRIVATE = 0x4000, 0x40000
_DETACH = 2


def enter() -> None:
    """Leave the host's namespaces; without root, by way of a user namespace.

    The next fork is the first process of the new pid namespace. Raises: Unavailable.
    """
    wanted = _NEW_MOUNTS | _NEW_NAMES | _NEW_IPC | _NEW_PIDS | _NEW_NETWORK
    uid, gid = os.getuid(), os.getgid()
    if uid == 0:
        kernel.call("unshare", wanted)
        return
    kernel.call("unshare", wanted | _NEW_USER)
    try:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    except OSError as refused:
        raise kernel.Unavailable(f"a user namespace has no use: {refused.strerror}") from None


def build_root(shown: Iterable[str], masked: Iterable[str]) -> None:
    """Change to a read-only root with the `shown` paths, hiding what lies under `masked`.

    Raises: Unavailable.
    """
    # Target → source; a path that leads over symlinks is shown under both of its names.
    sources = {t: os.path.realpath(p) for p in shown for t in (p, os.path.realpath(p))}
    hidden = {os.path.realpath(p) for p in masked} | set(masked)
    kernel.mount("none", "/", flags=_RECURSIVE | _PRIVATE)
    kernel.mount("tmpfs", _BASE, "tmpfs", flags=_NO_SUID | _NO_DEVICES, options="size=4m,mode=755")
    os.chdir(_BASE)
    Path("old").mkdir()
    kernel.call("pivot_root", b".", b"old")
    os.chdir("/")
    try:
        # Shorter paths first: a mask lies on top of a shown folder, and what is shown below it
        # on top of the mask.
        for target in sorted({*sources, *hidden}, key=lambda p: (p.count("/"), p)):
            if target in hidden:
                _mask(target)
            else:
                _show(sources[target], target)
        Path(SCRATCH).mkdir(parents=True, exist_ok=True)
        Path(PROCESSES).mkdir(exist_ok=True)
        kernel.call("umount2", b"/old", _DETACH)
        Path("/old").rmdir()
    except OSError as refused:
        raise kernel.Unavailable(f"a root of its own: {refused}") from None
    kernel.mount("none", "/", flags=_BIND | _REMOUNT | _READ_ONLY | _NO_SUID | _NO_DEVICES)


def _mask(target: str) -> None:
    if Path(target).is_dir():
        kernel.mount("tmpfs", target, "tmpfs", flags=_NO_SUID | _NO_DEVICES, options="mode=755")


def _show(source: str, target: str) -> None:
    inside, place = Path(f"/old{source}"), Path(target)
    if place.exists() or not inside.exists():
        return
    if inside.is_dir():
        place.mkdir(parents=True, exist_ok=True)
    else:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    kernel.mount(str(inside), target, flags=_BIND | _RECURSIVE)
    if not target.startswith("/dev/"):
        flags = _BIND | _REMOUNT | _READ_ONLY | _NO_SUID | _NO_DEVICES
        kernel.mount("none", target, flags=flags)


def own_pids() -> None:
    """Let the next fork be the first process of a pid namespace of its own.

    Raises: Unavailable.
    """
    kernel.call("unshare", _NEW_PIDS)


def return_to(pid_namespace: int) -> None:
    """Let the next fork be in the given pid namespace again.

    Raises: Unavailable.
    """
    kernel.call("setns", pid_namespace, _NEW_PIDS)


def own_scratch() -> None:
    """Mount a private, small, empty folder at `SCRATCH`.

    Raises: Unavailable.
    """
    kernel.call("unshare", _NEW_MOUNTS)
    options = f"size={SCRATCH_MIB}m,nr_inodes={SCRATCH_FILES},mode=1777"
    flags = _NO_SUID | _NO_DEVICES | _NO_EXECUTION
    kernel.mount("tmpfs", SCRATCH, "tmpfs", flags=flags, options=options)


def own_processes() -> None:
    """Mount the files that tell of processes, as the pid namespace of this one sees them.

    Comes after `own_scratch`, so that nobody else sees the mount. Raises: Unavailable.
    """
    flags = _NO_SUID | _NO_DEVICES | _NO_EXECUTION
    kernel.mount("proc", PROCESSES, "proc", flags=flags)
