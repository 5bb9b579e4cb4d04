"""The NVIDIA GPU of this machine: what a guest must reach to compute on it, and whose turn it is."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

DEVICE_FOLDER = Path("/dev")
CONTROL_DEVICES = ("nvidiactl", "nvidia-uvm", "nvidia-uvm-tools")
DRIVER = "libcuda.so.1"
# Where the driver's libraries are besides the folders that every guest may read.
DRIVER_FOLDERS = ("/usr/local/nvidia/lib64", "/usr/local/nvidia/lib", "/usr/lib/wsl/lib")
KERNEL_FILES = (
    *("/proc/driver/nvidia", "/proc/driver/nvidia-uvm", "/proc/devices", "/proc/version"),
    *("/proc/meminfo", "/proc/cpuinfo", "/proc/modules", "/proc/filesystems"),
    *("/proc/sys/vm/mmap_min_addr", "/proc/sys/vm/overcommit_memory"),
    *("/sys/devices/system/node", "/sys/module/nvidia", "/sys/module/nvidia_uvm"),
)
"""What the driver asks the kernel for, besides what is said of the guest's own process."""


def devices(folder: Path = DEVICE_FOLDER) -> tuple[str, ...]:
    """The device files of the GPUs; none where there is no GPU."""
    control = [folder / name for name in CONTROL_DEVICES]
    if not (gpus := _gpus(folder)) or not control[0].exists():
        return ()
    parts = sorted((folder / "nvidia-caps").glob("nvidia-cap*"))  # of a GPU that is shared out
    return tuple(str(path) for path in (*control, *gpus, *parts) if path.exists())


def _gpus(folder: Path) -> list[Path]:
    found = (path for path in folder.glob("nvidia*") if path.name[len("nvidia") :].isdecimal())
    return sorted(found, key=lambda path: int(path.name[len("nvidia") :]))


def driver_folders() -> tuple[str, ...]:
    """Folders of the driver's libraries."""
    return tuple(folder for folder in DRIVER_FOLDERS if (Path(folder) / DRIVER).exists())


@contextmanager
def turn(folder: Path = DEVICE_FOLDER) -> Iterator[None]:
    """Wait until nobody else of ours computes on the GPU, and keep it until the end.

    Two submissions would share its memory, and no limit holds there: one could starve the other. Of
    several GPUs CUDA takes the first; a worker for each sees one of them.
    """
    first, *_ = _gpus(folder)
    # The device itself is the lock: whoever sees another one need not wait for this.
    descriptor = os.open(first, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
