"""How many threads a compiled layer is worth."""

import os

# What it costs, in microseconds, to wake other threads and to wait for them, with a margin.
WORTH_SHARING = 50.0

# A process that was forked has only one thread of a team its parent may have started, and would wait
# for the others for ever; so it works alone.
_IMPORTED_IN = os.getpid()


def team_size(microseconds: float) -> int:
    """Return the number of threads for work that one thread would do in about that time.

    At most OMP_NUM_THREADS, or as many as this process has cores where that is not set. One in a forked
    process, and always one in effect where the extensions were built without OpenMP.
    """
    if microseconds < WORTH_SHARING or os.getpid() != _IMPORTED_IN:
        return 1
    wanted = os.environ.get("OMP_NUM_THREADS", "").split(",")[0].strip()
    if wanted.isdecimal() and int(wanted) > 0:
        return int(wanted)
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
