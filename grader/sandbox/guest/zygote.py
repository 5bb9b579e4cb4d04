"""The warm parent of all guests: imports the libraries once, then forks a confined child per request.

It is started with a clean environment and knows nothing of submissions, checks or answers. It is
told what to do over one socket, whose descriptor is its last argument, in JSON messages:

- first its orders, what to import and what guests may read; answered ``{"standing": [...]}``
  when it is warm;
- ``{"spawn": n, "limits": {...}, "uid": n}`` with three descriptors (requests, replies, log);
  answered ``{"spawned": n}`` with a pidfd, later ``{"ended": n, "status", "cpu", "rss_kib"}``.

When the socket closes, the host is gone, and so is everything here.
"""

import array
import contextlib
import fcntl
import json
import os
import resource
import select
import signal
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NoReturn

from . import confine, kernel, libraries, namespaces, privileges

MESSAGE_BYTES = 1 << 20
LAYER_FAILED = 125
_HANDED_OVER = 3
_REQUESTS, _REPLIES, _RULESET = 3, 4, 5
_ASIDE = 64


def main() -> NoReturn:
    """Warm up, report which layers hold, then fork on request until the host is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    control = socket.socket(fileno=int(sys.argv[-1]))
    orders = json.loads(control.recv(MESSAGE_BYTES))
    environment = dict(os.environ)
    libraries.preload(orders["imports"], orders["folders"], orders["lent"])
    # Only now can it be imported: it needs NumPy, which the orders had to say where to find.
    from . import harness  # noqa: PLC0415

    if "torch" in sys.modules:  # and no guest can import from this folder
        from . import torch_given  # noqa: F401, PLC0415

    # Torch leaves notes to itself in the environment; a guest starts with what we gave.
    os.environ.clear()
    os.environ.update(environment)
    libraries.close_search_path(orders["modules"])
    plan = confine.Plan(gpu=orders["gpu"], devices=orders["devices"])
    if orders["confined"]:
        if orders["namespaces"]:
            _enter_namespaces(plan, orders, control)
        confine.survey(plan, orders["readable"], orders["probes"], orders["first_uid"])
    libraries.settle()
    control.send(json.dumps({"standing": plan.notes}).encode())
    Nursery(control, plan, harness.serve).serve()


def _enter_namespaces(
    plan: confine.Plan, orders: Mapping[str, Any], control: socket.socket
) -> None:
    """Move into namespaces where that works; the process that goes on is then a child."""
    shown, masked = orders["shown"], orders["masked"]
    lacks = confine.lacking(lambda: confine.try_namespaces(shown, masked, gpu=plan.gpu))
    held = "no network, no other processes, a read-only root and a private scratch folder"
    if not plan.note("namespaces", lacks, held, state="degraded"):
        return
    namespaces.enter()
    if (first := os.fork()) != 0:
        # This process only keeps the place where the host looks for its child.
        control.close()
        _, status = os.waitpid(first, 0)
        os._exit(os.waitstatus_to_exitcode(status) & 0xFF)
    privileges.die_with_parent(0)
    plan.own_pids = os.open("/proc/self/ns/pid", os.O_RDONLY)
    namespaces.build_root(shown, masked)


class Nursery:
    """Forks children, each to `live` on its two ends of the wire, and reaps them."""

    def __init__(
        self, control: socket.socket, plan: confine.Plan, live: Callable[[int, int], None]
    ) -> None:
        self._control, self._plan, self._live = control, plan, live
        self._null = os.open(os.devnull, os.O_RDONLY)
        self._living: dict[int, tuple[int, int]] = {}  # pidfd → pid, number of the request
        self._poll = select.poll()
        self._poll.register(control.fileno(), select.POLLIN)

    def serve(self) -> NoReturn:
        """Answer the host until it is gone."""
        while True:
            for descriptor, _ in self._poll.poll():
                if descriptor == self._control.fileno():
                    self._take_request()
                else:
                    self._reap(descriptor)

    def _take_request(self) -> None:
        space = socket.CMSG_SPACE(_HANDED_OVER * array.array("i").itemsize)
        message, ancillary, *_ = self._control.recvmsg(MESSAGE_BYTES, space)
        if not message:
            os._exit(0)  # and the kernel kills every child
        request = json.loads(message)
        handed = array.array("i")
        for *_, content in ancillary:
            handed.frombytes(content)
        reply: dict[str, Any] = {"spawned": request["spawn"]}
        given: list[int] = []
        try:
            given = [self._fork(request, list(handed))]
        except (kernel.Unavailable, OSError) as refused:
            reply["refused"] = str(refused)
        for descriptor in handed:
            os.close(descriptor)
        socket.send_fds(self._control, [json.dumps(reply).encode()], given)

    def _fork(self, request: Mapping[str, Any], handed: list[int]) -> int:
        """Make a guest; its pidfd. Raises: Unavailable or OSError, on a machine that is full."""
        parent = os.getpid()
        if self._plan.own_pids is not None:
            namespaces.own_pids()
        try:
            if (pid := os.fork()) == 0:
                self._become_guest(request, handed, parent)
        finally:
            if self._plan.own_pids is not None:
                namespaces.return_to(self._plan.own_pids)
        pidfd = os.pidfd_open(pid)
        self._living[pidfd] = pid, request["spawn"]
        self._poll.register(pidfd, select.POLLIN)
        return pidfd

    def _reap(self, pidfd: int) -> None:
        pid, number = self._living.pop(pidfd)
        self._poll.unregister(pidfd)
        os.close(pidfd)
        # An unconfined guest may have left processes behind; its group is its own number.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)
        _, status, usage = os.wait4(pid, 0)
        ended = {
            "ended": number,
            "status": status,
            "cpu": usage.ru_utime + usage.ru_stime,
            "rss_kib": usage.ru_maxrss,
        }
        self._control.send(json.dumps(ended).encode())

    def _become_guest(self, request: Mapping[str, Any], handed: list[int], parent: int) -> NoReturn:
        status = LAYER_FAILED  # a layer that cannot be put on means that nothing runs
        try:
            self._take_descriptors(handed)
            confine.put_on(self._plan, request["limits"], request["uid"], parent)
            _settle_in(namespaces.SCRATCH if self._plan.own_pids is not None else "/")
            self._live(_REQUESTS, _REPLIES)
            status = 0
        except kernel.Unavailable as refused:
            os.write(2, f"sandbox: {refused}\n".encode())
        except BaseException as error:  # noqa: BLE001 - whatever it is, this process ends here
            os.write(2, f"{type(error).__name__}: {error}\n".encode())
            status = 1
        finally:
            os._exit(status)

    def _take_descriptors(self, handed: Sequence[int]) -> None:
        """Keep the null device, the log, the wire and the ruleset; close everything else."""
        kept = [self._null, handed[2], handed[2], handed[0], handed[1]]
        if self._plan.landlock is not None:
            kept.append(self._plan.landlock)
            self._plan.landlock = _RULESET
        # First out of the way of the numbers that are to be given.
        aside = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, _ASIDE) for descriptor in kept]
        for number, descriptor in enumerate(aside):
            os.dup2(descriptor, number, inheritable=True)
        os.closerange(len(kept), resource.getrlimit(resource.RLIMIT_NOFILE)[0])


def _settle_in(home: str) -> None:
    os.environ.update(HOME=home, TMPDIR=home)
    os.chdir(home)
    sys.argv[:] = ["student"]
    tempfile.tempdir = None
