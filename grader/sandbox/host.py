"""The sandbox as the rest of the grader sees it: a warm parent that hands out confined children.

with Sandbox() as sandbox:
    sandbox.wait_ready(30)
    with sandbox.spawn(Limits()) as guest:
        reply, arrays = guest.exchange({"do": "load", ...}, wall_seconds=10)
"""

import itertools
import os
import threading
import time
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from . import places
from .control import Control
from .errors import GuestEnded, SandboxUnavailable
from .guest_process import Channels, Guest, Usage
from .limits import Limits
from .places import Profile
from .standing import Standing

__all__ = ["Guest", "Sandbox", "Usage"]

START_SECONDS = 60.0
"""Importing torch from a cold disk can take half of this."""

READY_SECONDS = 10.0
"""A fork takes milliseconds; a machine that swaps takes longer."""

FIRST_UID = 60_000
UIDS = 5_000


class Slots:
    """Small numbers for the guests of this process, so that no two living ones share a uid."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: set[int] = set()

    def take(self) -> int:
        """The smallest free number."""
        with self._lock:
            slot = next(n for n in itertools.count() if n not in self._taken)
            self._taken.add(slot)
            return slot

    def give_back(self, slot: int) -> None:
        """Free a number for the next guest."""
        with self._lock:
            self._taken.discard(slot)


_SLOTS = Slots()


def _uid(slot: int) -> int:
    # Several workers on one machine should not meet on the same uids.
    return FIRST_UID + (os.getpid() * 37 + slot) % UIDS


class Sandbox:
    """One zygote process; any number of threads may spawn from it.

    `confined=False` is the operator's ``--sandbox=none``: limits and watchdog hold, nothing else.
    `namespaces=False` leaves that layer out, for a host on which it misbehaves. `lent` are modules of
    ours that students may import, though none of their files: the name they import → the module's own.
    """

    def __init__(
        self,
        profile: Profile = "numpy",
        *,
        confined: bool = True,
        namespaces: bool = True,
        lent: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._profile, self._confined, self._lent = profile, confined, dict(lent)
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._standing: Standing | None = None
        self._restarted = self._closed = False
        self._namespaces = namespaces
        self._control = Control(self._orders(namespaces=namespaces))

    def __enter__(self) -> "Sandbox":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _orders(self, *, namespaces: bool) -> dict[str, Any]:
        found = places.of_profile(self._profile)
        lent = {name: (own, str(places.folder_of(own))) for name, own in self._lent.items()}
        return {
            "imports": found.imports,
            "folders": found.folders,
            "lent": lent,
            "modules": dict(found.modules),
            "readable": found.readable,
            "shown": found.shown,
            "masked": found.masked,
            "probes": places.probes_of(found),
            "gpu": self._profile == "gpu",
            "devices": found.devices,
            "first_uid": FIRST_UID,
            "confined": self._confined,
            "namespaces": namespaces,
        }

    def wait_ready(self, timeout_seconds: float = START_SECONDS) -> Standing:
        """Wait until the libraries are imported; which layers hold.

        Raises: SandboxUnavailable when a required layer does not, or the zygote cannot start.
        """
        deadline = time.monotonic() + timeout_seconds
        with self._lock:
            return self._ready(deadline)

    def examine(self, timeout_seconds: float = START_SECONDS) -> Standing:
        """Which layers hold, also where too few do to grade.

        Raises: SandboxUnavailable when the zygote cannot start.
        """
        deadline = time.monotonic() + timeout_seconds
        with self._lock:
            return self._found(deadline)

    def _ready(self, deadline: float) -> Standing:
        standing = self._found(deadline)
        if self._confined and not standing.sound:
            raise SandboxUnavailable(
                f"this machine cannot confine a submission; missing: {'; '.join(standing.lacks)}. "
                "`grader doctor` says more"
            )
        return standing

    def _found(self, deadline: float) -> Standing:
        if self._closed:
            raise SandboxUnavailable("the sandbox is closed")
        if self._control.gone:
            self._restart(namespaces=self._namespaces)
        if self._standing is None:
            try:
                message, _ = self._control.answer("standing", 0, deadline)
            except SandboxUnavailable:
                if not self._control.gone or self._restarted:
                    raise
                # Namespaces are the one layer that may break a host in ways no trial showed.
                self._restart(namespaces=False)
                message, _ = self._control.answer("standing", 0, deadline)
            self._standing = Standing.of_notes(message["standing"], confined=self._confined)
        return self._standing

    def _restart(self, *, namespaces: bool) -> None:
        if self._restarted:
            raise SandboxUnavailable("the sandbox's parent process died twice; see `grader doctor`")
        self._restarted = True
        self._control.close()
        self._standing = None
        self._control = Control(self._orders(namespaces=namespaces))

    def spawn(self, limits: Limits = Limits()) -> Guest:  # noqa: B008 - frozen
        """A fresh confined child, ready for its first frame.

        Raises: SandboxUnavailable.
        """
        with self._lock:
            self._ready(time.monotonic() + START_SECONDS)
            control, number = self._control, next(self._numbers)
        slot = _SLOTS.take()
        try:
            guest = _fork(control, number, limits, slot)
        except BaseException:
            _SLOTS.give_back(slot)
            raise
        try:
            ready, _ = guest.receive(time.monotonic() + READY_SECONDS)
        except GuestEnded as ended:
            said = guest.log.decode(errors="replace").strip() or str(ended)
            guest.close()
            raise SandboxUnavailable(f"a guest could not be confined: {said}") from None
        if ready != {"ready": True}:
            guest.close()
            raise SandboxUnavailable("a guest did not begin with its greeting")
        return guest

    def close(self) -> None:
        """End the zygote and with it every guest."""
        with self._lock:
            self._closed = True
            self._control.close()


def _fork(control: Control, number: int, limits: Limits, slot: int) -> Guest:
    theirs_in, ours_out = os.pipe()
    ours_in, theirs_out = os.pipe()
    log_out, log_in = os.pipe()
    deadline = time.monotonic() + READY_SECONDS
    request = {"spawn": number, "limits": limits.of_the_kernel(), "uid": _uid(slot)}
    try:
        control.ask(request, (theirs_in, theirs_out, log_in))
        answer, descriptors = control.answer("spawned", number, deadline)
        if not descriptors:
            raise SandboxUnavailable(f"a guest could not be made: {answer.get('refused')}")
    except BaseException:
        for descriptor in (ours_out, ours_in, log_out):
            os.close(descriptor)
        raise
    finally:
        for descriptor in (theirs_in, theirs_out, log_in):
            os.close(descriptor)
    channels = Channels(requests=ours_out, replies=ours_in, log=log_out, pidfd=descriptors[0])
    return Guest(channels, limits, _reaper(control, number, slot))


def _reaper(control: Control, number: int, slot: int) -> Callable[[], Usage | None]:
    """How a guest that is dying learns what it used; its slot is free afterwards."""

    def reap() -> Usage | None:
        try:
            ended, _ = control.answer("ended", number, time.monotonic() + READY_SECONDS)
        except SandboxUnavailable:
            return None
        finally:
            _SLOTS.give_back(slot)
        status = os.waitstatus_to_exitcode(ended["status"])
        return Usage(ended["cpu"], ended["rss_kib"] / 1024, status)

    return reap
