"""Canaries: attacks of our own, run in a real guest. One that sings has found a way out.

What a layer promises is not believed but tried. The traps (a secret file, listening sockets, a
word in the environment) are real, so a canary that sings without a sandbox shows that the attack
itself works.
"""

import ctypes
import importlib.util
import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from . import errand
from .control import ENVIRONMENT
from .errors import Cause, GuestEnded
from .guest import kernel
from .host import Sandbox
from .limits import Limits

SONGS = Path(__file__).with_name("songs.py")
LIMITS = Limits(cpu_seconds=30, memory_mib=1024)
PATIENCE_SECONDS = 30.0
SHORT_PATIENCE_SECONDS = 1.0
_FIRST_UNUSED_DESCRIPTOR = 5


@dataclass(frozen=True)
class Attack:
    """One attack: what it says, the function of `songs` and what it is given.

    `ends` are the ways in which the guest may end by it; for any other attack an end is no song.
    """

    name: str
    says: str
    song: str
    arguments: tuple[errand.Constant, ...] = ()
    ends: tuple[Cause, ...] = ()
    wall_seconds: float = PATIENCE_SECONDS


@dataclass(frozen=True)
class Canary:
    """What became of one attack."""

    name: str
    says: str
    sang: bool
    detail: str


@dataclass(frozen=True)
class Traps:
    """What is there to be found."""

    folder: Path
    secret: Path
    tcp_port: int
    udp_port: int
    unix_address: str
    abstract_address: str
    word: str
    buffer: "ctypes.Array[ctypes.c_char]"


@contextmanager
def laid() -> Iterator[Traps]:
    """Lay the traps: all are open to every user of this machine, so that only the sandbox stops."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="canary-")))
        folder.chmod(0o777)
        word = secrets.token_hex(8)
        secret = folder / "secret"
        secret.write_text(word)
        secret.chmod(0o644)
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", 0))
        addresses = {"file": str(folder / "socket"), "name": f"@canary-{word}"}
        for address in addresses.values():
            local = stack.enter_context(socket.socket(socket.AF_UNIX))
            local.bind(address.replace("@", "\0", 1) if address.startswith("@") else address)
            local.listen()
        (folder / "socket").chmod(0o777)
        yield Traps(
            folder=folder,
            secret=secret,
            tcp_port=tcp.getsockname()[1],
            udp_port=udp.getsockname()[1],
            unix_address=addresses["file"],
            abstract_address=addresses["name"],
            word=word,
            buffer=ctypes.create_string_buffer(word.encode()),
        )


def attacks(traps: Traps) -> list[Attack]:
    """Every attack, aimed at the traps and at this process."""
    host = os.getpid()
    given = " ".join([*ENVIRONMENT, "TMPDIR"])
    return [
        Attack("secret", "reads a file of this machine", "read", (str(traps.secret),)),
        Attack("answers", "reads a source file of ours", "read", (_source_of_answers(),)),
        Attack("import_reference", "imports the reference", "import_answers", ("reference",)),
        Attack("import_grader", "imports the grader", "import_answers", ("grader",)),
        Attack("folder", "lists another folder", "list_folder", (str(traps.folder),)),
        Attack("environment", "finds more than its environment", "find_environment", (given,)),
        Attack("host_environment", "reads our environment", "read", (f"/proc/{host}/environ",)),
        Attack("descriptors", "finds a descriptor", "find_descriptors", (_FIRST_UNUSED_DESCRIPTOR,)),
        Attack("write", "leaves a file behind", "write", (str(traps.folder / "planted"),)),
        Attack("mode", "opens a file to all", "change_mode", (str(traps.secret),)),
        Attack("tcp", "connects to a port", "connect_tcp", (traps.tcp_port,)),
        Attack("udp", "sends a datagram", "send_udp", (traps.udp_port,)),
        Attack("unix", "connects to a socket's file", "connect_unix", (traps.unix_address,)),
        Attack("abstract", "connects to a named socket", "connect_unix", (traps.abstract_address,)),
        Attack("fork", "makes a process", "fork"),
        Attack("execute", "runs a program", "execute"),
        Attack("signal_host", "sends us a signal", "signal_process", (host,)),
        Attack("signal_zygote", "sends its parent a signal", "signal_zygote"),
        *_attacks_by_call(host, ctypes.addressof(traps.buffer)),
        Attack("memory", "takes memory without end", "take_memory", (), ("out_of_memory",)),
        Attack(
            "endless", "never answers", "compute_forever", (), ("timed_out",),
            wall_seconds=SHORT_PATIENCE_SECONDS,
        ),
        Attack(
            "forgery", "writes junk to the wire", "forge_frame", (),
            ("malformed", "too_much_output"),
        ),
    ]  # fmt: skip


def _attacks_by_call(host: int, address: int) -> Iterator[Attack]:
    try:
        numbers = {n: kernel.number(n) for n in ("process_vm_readv", "ptrace", "unshare")}
    except kernel.Unavailable:
        return
    yield Attack(
        "host_memory", "copies our memory", "read_memory",
        (numbers["process_vm_readv"], host, address),
    )  # fmt: skip
    yield Attack("trace", "takes hold of our process", "trace", (numbers["ptrace"], host))
    yield Attack("namespace", "makes a namespace", "make_namespace", (numbers["unshare"],))


def _source_of_answers() -> str:
    found = importlib.util.find_spec("reference")
    # Without a reference beside us, our own source must be as unreadable.
    return found.origin if found is not None and found.origin else str(SONGS)


def run(sandbox: Sandbox, attack: Attack) -> Canary:
    """Send one canary, in a guest of its own.

    Raises: SandboxUnavailable.
    """

    def told(*, sang: bool, detail: str) -> Canary:
        return Canary(attack.name, attack.says, sang, detail)

    with sandbox.spawn(LIMITS) as guest:
        try:
            errand.load(guest, SONGS.read_bytes())
            outcome = errand.run(
                guest, attack.song, *attack.arguments, wall_seconds=attack.wall_seconds
            )
        except GuestEnded as ended:
            expected = not attack.ends or ended.cause in attack.ends
            return told(sang=not expected, detail=str(ended))
    if outcome.error is not None:
        return told(sang=False, detail=outcome.error)
    return told(sang=outcome.value == 1, detail=f"it returned {outcome.value!r}")


def run_all(sandbox: Sandbox, *, only: tuple[str, ...] = ()) -> list[Canary]:
    """Send every canary, or the named ones.

    Raises: SandboxUnavailable.
    """
    with laid() as traps:
        chosen = [a for a in attacks(traps) if not only or a.name in only]
        return [run(sandbox, attack) for attack in chosen]
