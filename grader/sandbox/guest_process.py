"""One confined child, as the host sees it: frames go in, frames come out, and it ends in one way.

Nothing that arrives is believed: lengths are looked at before anything is allocated, and no write
or read waits longer than the exchange's deadline, whatever the other side does.
"""

import os
import select
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy.typing as npt

from .errors import Cause, GuestEnded
from .guest import wire
from .limits import Limits

WATCH_SECONDS = 0.02
"""How often memory is looked at while waiting; a guest overshoots by what it can touch meanwhile."""

READ_BYTES = 1 << 20
LOG_READ_BYTES = 1 << 16
LAST_BREATH_SECONDS = 0.5
PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
_MEMORY_WORDS = (b"MemoryError", b"bad_alloc", b"emory allocation", b"Cannot allocate memory")


@dataclass(frozen=True)
class Usage:
    """What a guest used over its life."""

    cpu_seconds: float
    memory_mib: float
    status: int
    """As `os.waitstatus_to_exitcode` gives it: negative for a signal."""


@dataclass(frozen=True)
class Channels:
    """The host's descriptors of one guest."""

    requests: int
    replies: int
    log: int
    pidfd: int


class Guest:
    """One child process; used by one thread at a time, and a context that closes it."""

    def __init__(
        self, channels: Channels, limits: Limits, reap: Callable[[], Usage | None]
    ) -> None:
        self._channels, self._limits, self._reap = channels, limits, reap
        self._log = bytearray()
        self._log_is_open = True
        self._ended: GuestEnded | None = None
        self._closed = False
        self._next_look = 0.0
        self._memory = _open_memory(channels.pidfd)
        for descriptor in (channels.requests, channels.replies, channels.log):
            os.set_blocking(descriptor, False)
        # While sending, replies are not looked at: a guest that floods them would keep us awake.
        self._reading, self._sending = select.poll(), select.poll()
        self._reading.register(channels.replies, select.POLLIN)
        self._sending.register(channels.requests, select.POLLOUT)
        for poll in (self._reading, self._sending):
            poll.register(channels.log, select.POLLIN)
            poll.register(channels.pidfd, select.POLLIN)
        self.usage: Usage | None = None

    def __enter__(self) -> "Guest":
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    @property
    def log(self) -> bytes:
        """The last of what was printed."""
        return bytes(self._log)

    def take_log(self) -> bytes:
        """What was printed since it was last taken, or the end of it."""
        taken = bytes(self._log)
        self._log.clear()
        return taken

    def exchange(
        self,
        header: Mapping[str, Any],
        arrays: Sequence[npt.NDArray[Any]] = (),
        *,
        wall_seconds: float,
    ) -> tuple[dict[str, Any], list[npt.NDArray[Any]]]:
        """Send one frame and receive one.

        Raises: GuestEnded; from then on, always.
        """
        if self._ended is not None:
            raise self._ended
        deadline = time.monotonic() + min(wall_seconds, self._limits.wall_seconds)
        self._send(wire.frame(header, arrays), deadline)
        return self.receive(deadline)

    def _send(self, buffers: list[memoryview], deadline: float) -> None:
        requests = self._channels.requests
        while buffers:
            try:
                sent = os.writev(requests, buffers[:64])
            except BlockingIOError:
                self._wait(self._sending, deadline)
                continue
            except BrokenPipeError:
                self._end(None, "it closed the wire")
            while buffers and sent >= len(buffers[0]):
                sent -= len(buffers.pop(0))
            if sent:
                buffers[0] = buffers[0][sent:]

    def receive(self, deadline: float) -> tuple[dict[str, Any], list[npt.NDArray[Any]]]:
        """Receive one frame.

        Raises: GuestEnded.
        """
        head_bytes, body_bytes = wire.PREFIX.unpack(self._read(wire.PREFIX.size, deadline))
        most = self._limits.result_mib << 20
        if head_bytes > wire.HEADER_LIMIT_BYTES or body_bytes > most:
            got = max(head_bytes, body_bytes) >> 20
            limit = (wire.HEADER_LIMIT_BYTES if body_bytes <= most else most) >> 20
            self._end("too_much_output", f"a reply of {got} MiB, where {limit} MiB are allowed")
        head = self._read(head_bytes, deadline)
        body = self._read(body_bytes, deadline)
        try:
            return wire.decode(bytes(head), body)
        except wire.Malformed as malformed:
            self._end("malformed", str(malformed))

    def _read(self, count: int, deadline: float) -> bytearray:
        buffer = bytearray(count)
        view = memoryview(buffer)
        while view:
            try:
                got = os.readv(self._channels.replies, [view[:READ_BYTES]])
            except BlockingIOError:
                self._wait(self._reading, deadline)
                continue
            if got == 0:
                self._end(None, "it closed the wire")
            view = view[got:]
            # A guest that always has a byte more would never let us wait.
            self._watch(deadline)
        return buffer

    def _wait(self, poll: select.poll, deadline: float) -> None:
        """Wait for the guest to do something, at most until the next look at its memory."""
        left = min(deadline - time.monotonic(), WATCH_SECONDS)
        happened = dict(poll.poll(max(left, 0.0) * 1000))
        if self._channels.log in happened:
            self._drain_log()
        # What it wrote before it ended still counts.
        if self._channels.pidfd in happened and self._channels.replies not in happened:
            self._end(None, "it ended")
        self._watch(deadline)

    def _watch(self, deadline: float) -> None:
        now = time.monotonic()
        if now >= deadline:
            self._end("timed_out", "it did not answer in time")
        if now >= self._next_look:
            self._next_look = now + WATCH_SECONDS
            used = self._memory_mib()
            if used > self._limits.memory_mib:
                allowed = self._limits.memory_mib
                self._end("out_of_memory", f"it used {used:.0f} MiB of {allowed} MiB")

    def _memory_mib(self) -> float:
        if self._memory is None:
            return 0.0
        try:
            resident = int(os.pread(self._memory, 128, 0).split()[1])
        except (OSError, IndexError):
            return 0.0  # it has just ended
        return resident * PAGE_BYTES / (1 << 20)

    def _drain_log(self) -> None:
        if not self._log_is_open:
            return
        try:
            content = os.read(self._channels.log, LOG_READ_BYTES)
        except BlockingIOError:
            return
        if not content:
            self._log_is_open = False
            self._reading.unregister(self._channels.log)
            self._sending.unregister(self._channels.log)
        self._log += content
        del self._log[: -(self._limits.log_kib << 10)]

    def _end(self, cause: Cause | None, detail: str) -> NoReturn:
        """Make sure that the guest is gone, and say why; without a cause, find it out."""
        if cause is None:
            self._has_ended(LAST_BREATH_SECONDS)
        killed = self._kill()
        self.usage = self._reap()
        self._drain_rest()
        if cause is None:
            cause, detail = _cause(self.usage, self._limits, self.log, killed=killed)
        self._ended = GuestEnded(cause, detail)
        raise self._ended

    def _has_ended(self, seconds: float) -> bool:
        """Wait for the end."""
        ending = select.poll()
        ending.register(self._channels.pidfd, select.POLLIN)
        return bool(ending.poll(seconds * 1000))

    def _kill(self) -> bool:
        """Kill the guest; says whether it was still alive."""
        alive = not self._has_ended(0.0)
        try:
            signal.pidfd_send_signal(self._channels.pidfd, signal.SIGKILL)
        except ProcessLookupError:
            return False
        return alive

    def _drain_rest(self) -> None:
        for _ in range((self._limits.log_kib << 10) // LOG_READ_BYTES + 1):
            self._drain_log()

    def close(self) -> None:
        """End the guest if it still lives, and give back what it held."""
        if self._closed:
            return
        self._closed = True
        if self._ended is None:
            self._ended = GuestEnded("killed", "it was closed")
            self._kill()
            self.usage = self._reap()
            self._drain_rest()
        channels = self._channels
        for descriptor in (channels.requests, channels.replies, channels.log, channels.pidfd):
            os.close(descriptor)
        if self._memory is not None:
            os.close(self._memory)


def _open_memory(pidfd: int) -> int | None:
    """The file that tells how much memory the process has resident, kept open for its life."""
    try:
        lines = Path(f"/proc/self/fdinfo/{pidfd}").read_text().splitlines()
        pid = int(next(line for line in lines if line.startswith("Pid:")).split()[1])
        return os.open(f"/proc/{pid}/statm", os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, StopIteration):
        return None


def _cause(usage: Usage | None, limits: Limits, log: bytes, *, killed: bool) -> tuple[Cause, str]:
    """What ended a guest that was not ended by us on purpose."""
    if usage is None:
        return "killed", "it was gone with the sandbox"
    if killed:
        return "exited", "it closed the wire and went on running"
    if usage.status in (-signal.SIGXCPU, -signal.SIGKILL) and (
        usage.cpu_seconds >= limits.cpu_seconds
    ):
        return "timed_out", f"it computed for {limits.cpu_seconds} s"
    if usage.status == -signal.SIGKILL:
        # It cannot kill itself, nobody else may, and we did not: the machine ran out of memory.
        return "out_of_memory", "the machine has no more memory for it"
    if usage.status != 0 and any(words in log for words in _MEMORY_WORDS):
        return "out_of_memory", f"it was refused more than {limits.memory_mib} MiB"
    if usage.status < 0:
        return "killed", signal.Signals(-usage.status).name
    return "exited", f"exit status {usage.status}"
