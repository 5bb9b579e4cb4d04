"""Uploads while everything is killed at random, as long as one likes; the tests do it for a minute.

python -m benchmarks.chaos cluster --uploads 300 --blows 40 --seed 7
"""

import argparse
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.service.chaos import TARGETS, planned, ring_of, run
from tests.service.servers import Postgres, Redis
from tests.term import begin


def main() -> None:
    """Run it as the command line says, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("mode", choices=sorted(TARGETS))
    parser.add_argument("--uploads", type=int, default=300)
    parser.add_argument("--blows", type=int, default=40)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--logs", action="store_true", help="show what the processes said")
    chosen = parser.parse_args()
    print(f"{chosen.mode}, seed {chosen.seed}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-")))
        servers: list[Any] = []
        if chosen.mode == "cluster":
            for server in (Postgres(), Redis()):
                stack.callback(server.close)
                server.start()
                servers.append(server)
        ring = stack.enter_context(ring_of(chosen.mode, folder, *servers))
        started = time.monotonic()

        def say(what: str) -> None:
            print(f"{time.monotonic() - started:7.1f} s  {what}", flush=True)

        plan = planned(chosen.mode, chosen.seed, chosen.blows)
        found = run(ring, begin, uploads=chosen.uploads, plan=plan, say=say)
        say(str(found))
        if chosen.logs or not found.is_well:
            print(ring.service.logs())
        if not found.is_well:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
