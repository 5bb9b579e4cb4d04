"""A grader in a process of its own, so that two submissions are judged on two cores.

It speaks the sandbox's frames on its standard input and output: first the order, then one submission
after the other. It ends when its input does.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from grader.run import Grader, Options
from grader.sandbox.guest import wire
from reporting.report import submission_as_json


def order_of(assignment: str, options: Options) -> Mapping[str, Any]:
    """The first frame: what to grade, and how."""
    return {"assignment": assignment, "options": asdict(options)}


def main() -> None:
    """Grade until the input ends."""
    source, sink = sys.stdin.fileno(), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # nothing else may speak on the wire
    order, _ = wire.read_frame(source)
    settings = {**order["options"], "only": tuple(order["options"]["only"])}
    with Grader(order["assignment"], Options(**settings)) as grader:
        while True:
            try:
                request, arrays = wire.read_frame(source)
            except EOFError:
                return
            files = wire.unpack(request["files"], arrays)
            content = {path: array.tobytes() for path, array in files.items()}
            report = grader.grade(request["name"], content, tuple(request["notes"]))
            wire.write_frame(sink, {"report": submission_as_json(report)})


if __name__ == "__main__":
    main()
