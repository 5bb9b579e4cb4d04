"""`make bench`: every figure beside what it is compared with, measured in the same run."""

import sys
from importlib import import_module

PARTS = ("sandbox", "grading", "diagnosis", "fast_layers", "numpy_references", "service")


def main() -> None:
    """Run the parts that are named, or all of them; each is imported when its turn comes."""
    for name in sys.argv[1:] or PARTS:
        print(f"\n{name}")
        for line in import_module(f"benchmarks.{name}").run():
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
