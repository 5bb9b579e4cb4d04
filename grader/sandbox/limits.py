"""What one guest may use, and why so much."""

from dataclasses import asdict, dataclass, replace


@dataclass(frozen=True)
class Limits:
    """Each of these ends in a cause of its own (see `grader.sandbox.errors.GuestEnded`)."""

    wall_seconds: float = 60.0
    """Longest exchange: an exchange may ask for less, not for more."""

    cpu_seconds: int = 120
    """Over the guest's whole life, so that many short exchanges cannot add up to an hour."""

    memory_mib: int = 2048
    """Everything counts, also the 30 MiB of NumPy and the 400 MiB of torch that every guest shares.

    The course's largest honest array, all of CIFAR-10 in float64, is 1.2 GiB.
    """

    file_mib: int = 16
    """Largest single file in the scratch folder; nothing in the course writes a larger one."""

    open_files: int = 64
    """Ten are open at rest, and importing takes a few more."""

    log_kib: int = 64
    """The last of what was printed is kept; printing more is no offence."""

    result_mib: int = 256
    """Largest reply, looked at before a byte of it is kept."""

    processes: int = 64
    """Threads, as processes cannot be made; kept only where each guest has its own uid."""

    def with_gpu(self) -> "Limits":
        """The same for a guest that computes on a GPU: the driver takes a share of its own.

        Its libraries and buffers are 1.7 GiB of writable memory before the first array, and it holds 40
        files open.
        """
        return replace(self, memory_mib=self.memory_mib + 4096, open_files=256)

    def of_the_kernel(self) -> dict[str, int]:
        """The limits that the guest puts on itself before the first student byte."""
        kept = ("cpu_seconds", "memory_mib", "file_mib", "open_files", "processes")
        return {name: value for name, value in asdict(self).items() if name in kept}
