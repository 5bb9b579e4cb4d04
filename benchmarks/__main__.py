"""`make bench`: every figure beside what it is compared with, measured in the same run."""

import sys

from benchmarks import fast_layers, grading, sandbox


def main() -> None:
    """Run the parts that are named, or all of them."""
    parts = {"sandbox": sandbox.run, "grading": grading.run, "fast_layers": fast_layers.run}
    for name in sys.argv[1:] or parts:
        print(f"\n{name}")
        for line in parts[name]():
            print(f"  {line}", flush=True)


if __name__ == "__main__":
    main()
