"""Run as a program: becomes an ordinary user, examines the sandbox, and prints what was found.

As root it first gives up root. Where the interpreter lies in a folder that only root may enter, the
folder is replaced, for this process alone, by one that shows nothing but the interpreter.
"""

import dataclasses
import json
import os
import sys
from pathlib import Path

from grader.sandbox import Limits, Sandbox, doctor, errand
from grader.sandbox.guest import kernel

NOBODY = 65534
NEW_MOUNTS, BIND, RECURSIVE, PRIVATE = 0x20000, 0x1000, 0x4000, 0x40000
KEPT = Path("/mnt")


def closed_ancestor(path: Path) -> Path | None:
    """The first folder on the way that others may not enter."""
    way = [*reversed(path.parents), path]
    return next((folder for folder in way if not folder.stat().st_mode & 0o001), None)


def open_the_way() -> None:
    folders = (sys.prefix, sys.base_prefix, Path(doctor.__file__).parent)
    needed = {Path(p).resolve() for p in folders}
    closed = {path: folder for path in needed if (folder := closed_ancestor(path))}
    if not closed:
        return
    kernel.call("unshare", NEW_MOUNTS)
    kernel.mount("none", "/", flags=RECURSIVE | PRIVATE)
    kernel.mount("tmpfs", str(KEPT), "tmpfs")
    for number, path in enumerate(closed):
        (KEPT / str(number)).mkdir()
        kernel.mount(str(path), str(KEPT / str(number)), flags=BIND | RECURSIVE)
    for folder in set(closed.values()):
        kernel.mount("tmpfs", str(folder), "tmpfs", options="mode=755")
    for number, path in enumerate(closed):
        path.mkdir(parents=True)
        kernel.mount(str(KEPT / str(number)), str(path), flags=BIND | RECURSIVE)


def main() -> None:
    if os.getuid() == 0:
        open_the_way()
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
    diagnosis = doctor.examine()
    with Sandbox(namespaces=False) as sandbox, sandbox.spawn(Limits()) as guest:
        errand.load(guest, b"def double(x): return 2 * x")
        doubled = errand.run(guest, "double", 21).value
    found = {"uid": os.getuid(), "doubled": doubled, "diagnosis": dataclasses.asdict(diagnosis)}
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
