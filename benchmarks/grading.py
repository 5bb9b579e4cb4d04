"""Whole submissions: beside the student's own functions, from a cold shell, in a class, with two jobs."""

import importlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import nbformat

from benchmarks.timing import in_turns, seconds
from grader import assignments
from grader.assignments.assignment import Assignment
from grader.checks.outcome import Ran
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.suite import Item
from grader.proof import assembled
from grader.run import Grader, Options
from grader.sandbox.guest import harness, importer, standins, wire

CLASS = 60
"""Submissions of the class that one and two jobs grade."""

FIVE = ("affine", "relu", "batchnorm")
"""Layers whose functions fill the small notebook."""


def run() -> Iterator[str]:
    a2 = assignments.load("a2")
    yield from _own_time(a2)
    yield from _cold(a2)
    yield from _class_of_ten(a2)
    yield from _two_jobs(a2)
    yield from _memory(a2)


def _own_time(a2: Assignment) -> Iterator[str]:
    """The student's functions alone, called in this process on the same inputs; cells have none."""
    files = assembled.perfect(a2)
    items = [item for item in a2.items if item.cells is None]
    with Grader("a2", Options(seed=1, only=tuple(item.id for item in items))) as grader:
        grader.wait_ready()
        alone = _Alone(files)
        paper = Paper(1, a2.probes)
        rounds = [
            (seconds(lambda: grader.grade("a", files)), alone.seconds(items, paper))
            for _ in range(8)
        ]
    whole, own = (statistics.median(column) for column in zip(*rounds[1:], strict=True))
    yield (
        f"{len(items)} items of one a2 tree, warm: {whole:.2f} s; its own functions on the same inputs "
        f"{own:.2f} s; to reach: 1.5 x + 0.3 s = {1.5 * own + 0.3:.2f} s"
    )


class _Alone:
    """A tree's functions called in this process: no sandbox, no wire, no comparison."""

    def __init__(self, files: dict[str, bytes]) -> None:
        standins.install()
        importer.install({p: c for p, c in files.items() if p.endswith(".py")}, {})
        self._room = harness.Room(-1, -1)
        self._spent = 0.0

    def seconds(self, items: Sequence[Item], paper: Paper) -> float:
        """Seconds spent in the scripts' own steps."""
        self._spent = 0.0
        for item in items:
            item.judge(self._script, paper)
        return self._spent

    def _script(self, script: Script[Any, Any], case: Any) -> Ran[Any]:
        module = importlib.import_module(script.module)
        arrays: list[wire.Array] = []
        packed = {n: wire.pack(getattr(case, n), arrays) for n in script.inputs}
        own = [a.copy() for a in arrays]
        env = {name: wire.unpack(value, own) for name, value in packed.items()}
        steps = [step.as_json() for step in script.steps]
        self._spent += seconds(lambda: self._room.follow(steps, env, module))
        return Ran(script.returns(**{name: env[name] for name in script.wanted}))


def _cold(a2: Assignment) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        notebook = Path(folder) / "five.ipynb"
        notebook.write_bytes(_five())
        tree = Path(folder) / "tree"
        _write(assembled.perfect(a2), tree)
        small, large, bare = in_turns(
            5,
            lambda: _grader(folder, "--regrade", str(notebook)),
            lambda: _grader(folder, "--regrade", str(tree)),
            lambda: subprocess.run([sys.executable, "-c", "import numpy"], check=True),
        )
    yield (
        f"one small notebook from a cold shell: {small:.2f} s (to reach: 1 s), "
        f"{small / bare:.1f} x python importing numpy"
    )
    yield f"one whole a2 tree from a cold shell: {large:.2f} s (to reach: 3 s)"


def _class_of_ten(a2: Assignment) -> Iterator[str]:
    files = {"five.ipynb": _five()}
    with Grader("a2", Options(seed=1)) as grader:
        grader.wait_ready()
        grader.grade("warm", files)
        took = seconds(lambda: [grader.grade(str(n), files) for n in range(10)]) / 10
        trees = assembled.perfect(a2)
        tree = seconds(lambda: [grader.grade(str(n), trees) for n in range(10)]) / 10
    yield (
        f"in a class of ten, each: {took:.3f} s a small notebook (to reach: 0.1), "
        f"{tree:.2f} s a whole tree (to reach: 1)"
    )


def _two_jobs(a2: Assignment) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        for n in range(CLASS):
            _write(with_loops(a2), Path(folder) / "class" / f"student-{n:02}")
        work = [str(Path(folder) / "class")]
        one, two = in_turns(
            2,
            lambda: _grader(folder, "--regrade", "--jobs", "1", *work),
            lambda: _grader(folder, "--regrade", "--jobs", "2", *work),
        )
    yield (
        f"{CLASS} trees with loops: --jobs 1 {one:.1f} s, --jobs 2 {two:.1f} s: {one / two:.2f} x "
        f"(to reach: 1.8 on two cores; here {os.cpu_count()})"
    )


def _memory(a2: Assignment) -> Iterator[str]:
    files = assembled.perfect(a2)
    with Grader("a2", Options(seed=1)) as grader:
        grader.wait_ready()
        sizes = []
        for n in range(200):
            grader.grade(str(n), files)
            if n in (20, 199):
                sizes.append(_resident_mib())
    yield (
        f"the trusted process after 20 and 200 submissions: {sizes[0]:.0f} and {sizes[1]:.0f} MiB: "
        f"{sizes[1] / sizes[0]:.3f} x"
    )


def _resident_mib() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 2**20


def _grader(folder: str, *args: str) -> None:
    command = [str(Path(sys.executable).with_name("grader")), "run", "--assignment", "a2"]
    database = f"sqlite:///{folder}/grader.db"
    subprocess.run(
        [*command, "--no-trainings", "--seed", "1", "--database", database, *args],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _write(files: dict[str, bytes], folder: Path) -> None:
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _five() -> bytes:
    v4: Any = nbformat.v4
    head = "import numpy as np\nfrom typing import Any\n\nArray, Param = np.ndarray, dict"
    cells = [head, *(assembled.layer(name) for name in FIVE)]
    notebook = v4.new_notebook(cells=[v4.new_code_cell(cell) for cell in cells])
    text: str = v4.writes(notebook)
    return text.encode()


LOOPS = b"""

def conv_forward_naive(x, w, b, conv_param):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    s, pad = conv_param["stride"], conv_param["pad"]
    xp = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    out = np.zeros((N, F, 1 + (H + 2 * pad - HH) // s, 1 + (W + 2 * pad - WW) // s))
    for n in range(N):
        for f in range(F):
            for i in range(out.shape[2]):
                for j in range(out.shape[3]):
                    total = b[f]
                    for c in range(C):
                        for u in range(HH):
                            for v in range(WW):
                                total += xp[n, c, i * s + u, j * s + v] * w[f, c, u, v]
                    out[n, f, i, j] = total
    return out, (x, w, b, conv_param)
"""


def with_loops(a2: Assignment) -> dict[str, bytes]:
    """The reference with a convolution as students write it first: seven loops."""
    files = assembled.perfect(a2)
    return {**files, "cs231n/layers.py": files["cs231n/layers.py"] + LOOPS}
