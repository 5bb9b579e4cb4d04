import fcntl
import os
import signal
import struct


def attack(pid):
    """Have the kernel send the signal: data on a pipe that "belongs" to somebody else."""
    read, write = os.pipe()
    done = []
    for name, act in (
        ("owner", lambda: fcntl.fcntl(read, fcntl.F_SETOWN, pid)),
        ("owner of a kind", lambda: fcntl.fcntl(read, 15, struct.pack("ii", 1, pid))),
        ("signal", lambda: fcntl.fcntl(read, 10, signal.SIGKILL)),
        ("owner by ioctl", lambda: fcntl.ioctl(read, 0x8901, struct.pack("i", pid))),
    ):
        try:
            act()
            done.append(name)
        except OSError:
            pass
    return done
