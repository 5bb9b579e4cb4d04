"""`make bench`: every figure beside what it is compared with, measured in the same run."""

import sys
from importlib import import_module

PARTS = ("sandbox", "grading", "diagnosis", "fast_layers", "numpy_references", "service")


def main() -> None:
    """Run the parts that are named, or all of them; each is imported when its turn comes."""
    chosen = sys.argv[1:] or PARTS
    if unknown := [name for name in chosen if name not in PARTS]:
        raise SystemExit(f"there is no part {unknown[0]!r}; there are {', '.join(PARTS)}")
    for name in chosen:
        print(f"\n{name}")
        for line in import_module(f"benchmarks.{name}").run():
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
