"""What a canary tries, inside a guest. Never imported by us: its source is sent to the guest.

Every function returns 1 when the attack worked, and 0 or an exception when it did not. Where an
attack has no end of its own, the host looks at how the guest ended.
"""

import contextlib
import ctypes
import importlib
import mmap
import os
import signal
import socket
import struct
import subprocess
import sys

_libc = ctypes.CDLL(None, use_errno=True)
_CHUNK = 32 << 20


def _call(number: int, *arguments: int | bytes) -> int:
    passed = [ctypes.c_char_p(a) if isinstance(a, bytes) else ctypes.c_long(a) for a in arguments]
    result = int(_libc.syscall(ctypes.c_long(number), *passed))
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def read(path: str) -> int:
    """Read a file, directly and by detours."""
    error: OSError | None = None
    for way in (path, f"/proc/self/root{path}", f"../../../../../../../..{path}"):
        try:
            with open(way, "rb") as file:  # noqa: PTH123 - as a student would
                return int(len(file.read(1)) == 1)
        except OSError as refused:
            error = refused
    raise error or OSError(path)


def list_folder(path: str) -> int:
    """See what lies beside."""
    return int(len(os.listdir(path)) > 0)  # noqa: PTH208 - as a student would


def write(path: str) -> int:
    """Leave a file behind."""
    with open(path, "w") as file:  # noqa: PTH123 - as a student would
        return int(file.write("planted") > 0)


def change_mode(path: str) -> int:
    """Open a file of somebody else's to all."""
    os.chmod(path, 0o666)  # noqa: PTH101, S103 - as a student would
    return 1


def import_answers(name: str) -> int:
    """Import a package of ours."""
    importlib.import_module(name)
    return 1


def find_environment(given: str) -> int:
    """Find a variable of the environment beyond those that every guest is given."""
    return int(not set(os.environ) <= set(given.split()))


def find_descriptors(most: int) -> int:
    """Find an open descriptor beyond those that every guest has."""
    for descriptor in range(most, 1024):
        try:
            os.fstat(descriptor)
        except OSError:
            continue
        return 1
    return 0


def connect_tcp(port: int) -> int:
    """Reach a service of this machine."""
    with socket.create_connection(("127.0.0.1", port), timeout=2):
        return 1


def send_udp(port: int) -> int:
    """Send something out."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outward:
        return int(outward.sendto(b"exfiltrated", ("127.0.0.1", port)) > 0)


def connect_unix(address: str) -> int:
    """Reach a local service by its file, or by its name where it begins with an @."""
    with socket.socket(socket.AF_UNIX) as local:
        local.connect(address.replace("@", "\0", 1) if address.startswith("@") else address)
    return 1


def fork() -> int:
    """Make a process."""
    if (pid := os.fork()) == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return 1


def execute() -> int:
    """Run a program."""
    return int(subprocess.run([sys.executable, "-c", ""], check=False).returncode == 0)


def signal_process(pid: int) -> int:
    """Send a signal that does nothing, as one that kills would go the same way."""
    os.kill(pid, 0)
    return 1


def signal_zygote() -> int:
    """The same to one's own parent."""
    return signal_process(os.getppid() or -1)


def read_memory(number: int, pid: int, address: int) -> int:
    """Copy bytes out of another process (process_vm_readv)."""
    found = ctypes.create_string_buffer(8)
    here = struct.pack("QQ", ctypes.addressof(found), 8)
    there = struct.pack("QQ", address, 8)
    return int(_call(number, pid, here, 1, there, 1, 0) == 8)


def trace(number: int, pid: int) -> int:
    """Take hold of another process (ptrace: seize, then let go)."""
    seize, detach = 0x4206, 17
    _call(number, seize, pid, 0, 0)
    with contextlib.suppress(OSError):  # it is not stopped; held it was
        _call(number, detach, pid, 0, 0)
    return 1


def make_namespace(number: int) -> int:
    """Become root in a namespace of one's own."""
    new_user = 0x10000000
    _call(number, new_user)
    return 1


def take_memory() -> int:
    """Take memory without end, in a way that the allocator does not see."""
    taken = []
    for _ in range(256):
        block = mmap.mmap(-1, _CHUNK)
        block.write(bytes(_CHUNK))
        taken.append(block)
    return 1


def compute_forever() -> int:
    """Never answer, whatever signal comes."""
    for number in signal.valid_signals():
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            continue
    while True:
        pass


def forge_frame() -> int:
    """Write something that is no frame where frames go."""
    junk = b"\xff" * 4096
    for descriptor in range(3, 16):
        try:
            os.write(descriptor, junk)
        except OSError:
            continue
    return 1
