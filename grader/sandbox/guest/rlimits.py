"""Resource limits of one guest, as the kernel keeps them."""

import resource
from collections.abc import Mapping

MIB = 1 << 20
LOCKED_BYTES = 64 << 10
STACK_BYTES = 8 << 20


def apply(limits: Mapping[str, int], *, own_uid: bool) -> None:
    """Set every limit, soft and hard alike, so that none can be raised again.

    `own_uid` says that no other process has this uid: only then may the number of processes be
    limited, because the kernel counts them by uid.
    """
    fixed = {
        # RLIMIT_AS would count reservations that are never used; DATA counts what can be written.
        resource.RLIMIT_DATA: limits["memory_mib"] * MIB,
        resource.RLIMIT_FSIZE: limits["file_mib"] * MIB,
        resource.RLIMIT_NOFILE: limits["open_files"],
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_MEMLOCK: LOCKED_BYTES,
        resource.RLIMIT_STACK: STACK_BYTES,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_NICE: 0,
        resource.RLIMIT_RTPRIO: 0,
    }
    if own_uid:
        fixed[resource.RLIMIT_NPROC] = limits["processes"]
    for limit, most in fixed.items():
        hard = resource.getrlimit(limit)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(limit, (value, value))
    # A guest can ignore SIGXCPU at the soft limit, not the SIGKILL one second later.
    cpu = limits["cpu_seconds"]
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    hard = cpu + 1 if hard == resource.RLIM_INFINITY else min(cpu + 1, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (min(cpu, hard), hard))
