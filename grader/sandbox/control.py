"""The host's end of the zygote: starts it, talks to it, and sorts what it says."""

import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Literal

from .errors import SandboxUnavailable

Message = dict[str, Any]
Kind = Literal["standing", "spawned", "ended"]

MESSAGE_BYTES = 1 << 20
_START = "import sys; sys.path.insert(0, sys.argv[1]); from guest import zygote; zygote.main()"
# No site-packages, no user's packages, no current folder; the environment is ours alone, so that
# Python need not ignore it.
_OPTIONS = ("-s", "-S", "-B", "-P")
_FOLDER = str(Path(__file__).resolve().parent)
_LAST_WORDS = 600
_PATIENCE_SECONDS = 5.0

# All that a zygote, and so a guest, has of an environment.
ENVIRONMENT = {
    "HOME": "/",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    # The order in which a set of names is walked must not differ from one grading to the next.
    "PYTHONHASHSEED": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
    # A zygote that had touched the GPU could not be forked.
    "PYTORCH_NVML_BASED_CUDA_CHECK": "1",
    "CUBLAS_WORKSPACE_CONFIG": ":4096:8",  # the same sums in every grading
}


class Control:
    """One zygote process. Many threads may wait for its answers at once.

    Whoever waits first reads the socket for all: an answer for somebody else is put down where
    that one finds it. So no thread of our own has to run.
    """

    def __init__(self, orders: Mapping[str, Any]) -> None:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._socket = ours
        self._arrivals = select.poll()
        self._arrivals.register(ours, select.POLLIN)
        self._words = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and words
            [sys.executable, *_OPTIONS, "-c", _START, _FOLDER, str(theirs.fileno())],
            env=ENVIRONMENT,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._words,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,  # Ctrl-C in the terminal is for the host alone
        )
        theirs.close()
        self._changed = threading.Condition()
        self._somebody_reads = False
        self._answers: dict[tuple[Kind, int], tuple[Message, list[int]]] = {}
        self._gone = False
        self.close = weakref.finalize(self, _close, ours, self._process, self._words)
        self._send(orders)

    @property
    def gone(self) -> bool:
        """Whether the zygote is known to have died or been closed."""
        return self._gone or not self.close.alive

    def _send(self, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
        content = json.dumps(message).encode()
        try:
            if descriptors:
                socket.send_fds(self._socket, [content], descriptors)
            else:
                self._socket.send(content)
        except OSError:
            self._gone = True
            raise SandboxUnavailable(self._why_gone()) from None

    def ask(self, message: Mapping[str, Any], descriptors: Sequence[int]) -> None:
        """Send a request.

        Raises: SandboxUnavailable when the zygote is gone.
        """
        with self._changed:
            self._send(message, descriptors)

    def answer(self, kind: Kind, number: int, deadline: float) -> tuple[Message, list[int]]:
        """Wait for one answer, with the descriptors that came with it.

        Raises: SandboxUnavailable when the zygote is gone or the deadline passes.
        """
        wanted = (kind, number)
        with self._changed:
            while wanted not in self._answers:
                if self._gone:
                    raise SandboxUnavailable(self._why_gone())
                left = deadline - time.monotonic()
                if left <= 0:
                    raise SandboxUnavailable("the sandbox's parent process does not answer")
                if self._somebody_reads:
                    self._changed.wait(left)
                else:
                    self._read_one(left)
            return self._answers.pop(wanted)

    def _read_one(self, seconds: float) -> None:
        """Take one message off the socket, without the lock while waiting; called with it."""
        self._somebody_reads = True
        self._changed.release()
        content, descriptors = b"", list[int]()
        arrived = False
        try:
            arrived = bool(self._arrivals.poll(seconds * 1000))
            if arrived:
                content, descriptors, *_ = socket.recv_fds(self._socket, MESSAGE_BYTES, 1)
        except OSError:
            arrived = True  # closed meanwhile, or the zygote died with unread requests
        finally:
            self._changed.acquire()
            self._somebody_reads = False
            self._changed.notify_all()
        if content:
            message: Message = json.loads(content)
            kind: Kind = next(k for k in ("standing", "spawned", "ended") if k in message)
            number = 0 if kind == "standing" else int(message[kind])
            self._answers[kind, number] = message, descriptors
        elif arrived:
            self._gone = True

    def _why_gone(self) -> str:
        try:
            status: int | None = self._process.wait(_PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            status = None
        words = self.last_words()
        said = words.splitlines()[-1] if words else "it said nothing"
        return f"the sandbox's parent process ended with status {status}: {said}"

    def last_words(self) -> str:
        """The end of what the zygote wrote to its error stream."""
        if self._words.closed:
            return ""
        size = os.fstat(self._words.fileno()).st_size
        start = max(0, size - _LAST_WORDS)
        return os.pread(self._words.fileno(), _LAST_WORDS, start).decode(errors="replace").strip()


def _close(control: socket.socket, process: "subprocess.Popen[bytes]", words: IO[bytes]) -> None:
    control.close()  # the zygote ends when it sees this
    try:
        process.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    words.close()
