"""The whole way: files in, a report out."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import nbformat
import pytest

from grader.assignments.assignment import Assignment
from grader.errors import UnknownAssignment, UnknownItem
from grader.proof import assembled
from grader.proof.verify import pipeline
from grader.run import Grader, Options
from reporting.report import NOT_RUN, SubmissionReport

SEED = 20240501
LAYERS = "cs231n/layers.py"


@pytest.fixture
def perfect(a2: Assignment) -> dict[str, bytes]:
    return assembled.perfect(a2)


@pytest.fixture(scope="module")
def impatient() -> Iterator[Grader]:
    """A grader that gives a call half a second."""
    with Grader("a2", Options(seed=SEED, call_limit_seconds=0.5, memory_limit_mib=512)) as warm:
        yield warm


def verdicts(report: SubmissionReport) -> dict[str, str]:
    """Those on code; what is answered in words is the business of tests/grader/inline."""
    return {item.id: item.verdict for item in report.items if ".inline." not in item.id}


def not_passed(report: SubmissionReport) -> dict[str, str]:
    """What was tried and did not pass: trainings are left out of these runs."""
    tried = {i: verdict for i, verdict in verdicts(report).items() if verdict != NOT_RUN}
    return {item: verdict for item, verdict in tried.items() if verdict != "passed"}


def at_any_time(report: SubmissionReport) -> SubmissionReport:
    return replace(report, seconds=0.0)


def notebook(*cells: str) -> bytes:
    make: Any = nbformat.v4
    code = [make.new_code_cell(cell) for cell in cells]
    return make.writes(make.new_notebook(cells=code)).encode()  # type: ignore[no-any-return]


# --- seeds and choices ------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_report(grader: Grader, perfect: dict[str, bytes]) -> None:
    wrong = perfect | {LAYERS: perfect[LAYERS].replace(b"(1 - momentum) * var", b"var")}
    wrong["cs231n/optim.py"] += b"\n\ndef adam(w, dw, config=None):\n    return w - dw, config\n"
    ours = at_any_time(grader.grade("one", wrong))
    assert not_passed(ours)
    assert at_any_time(grader.grade("one", wrong)) == ours
    with Grader("a2", Options(seed=SEED)) as another:
        assert at_any_time(another.grade("one", wrong)) == ours


def test_another_seed_gives_a_perfect_submission_the_same_verdicts(
    grader: Grader, perfect: dict[str, bytes]
) -> None:
    ours = grader.grade("one", perfect)
    for seed in (1, 2):
        with Grader("a2", Options(seed=seed)) as another:
            theirs = another.grade("one", perfect)
        assert theirs.seed == seed
        assert verdicts(theirs) == verdicts(ours)
        assert theirs.score == ours.score == pipeline.code(grader.assignment, ours).gradable


def test_without_a_seed_each_grading_draws_its_own() -> None:
    with Grader("a2", Options()) as one, Grader("a2", Options()) as other:
        assert one.seed != other.seed


def test_a_choice_of_items_changes_no_case(grader: Grader, perfect: dict[str, bytes]) -> None:
    wrong = perfect | {LAYERS: perfect[LAYERS].replace(b"dx = gamma / std", b"dx = gamma / std**2")}
    everything = {item.id: item for item in grader.grade("one", wrong).items}
    assert everything["a2.batchnorm.backward_alt"].verdict == "failed"
    chosen = ("a2.batchnorm.backward_alt", "a2.pool")
    with Grader("a2", Options(seed=SEED, only=chosen)) as choosy:
        report = choosy.grade("one", wrong)
    assert [item.id for item in report.items] == [
        "a2.batchnorm.backward_alt",
        "a2.pool.forward",
        "a2.pool.backward",
    ]
    assert [everything[item.id] for item in report.items] == list(report.items)
    assert (report.score, report.max_score) == (5, 9)


@pytest.mark.parametrize(
    ("only", "said"),
    [
        (
            ("a2.pool", "a2.batchnrm.backward"),
            r"there is no item 'a2\.batchnrm\.backward'; did you mean .*a2\.batchnorm\.backward",
        ),
        (("zzz",), r"there is no item 'zzz'; `grader list` shows them"),
        (("a2.batch",), r"there is no item 'a2\.batch'; did you mean"),
    ],
)
def test_an_item_that_does_not_exist(only: tuple[str, ...], said: str) -> None:
    with pytest.raises(UnknownItem, match=said):
        Grader("a2", Options(only=only))


def test_an_assignment_that_does_not_exist() -> None:
    with pytest.raises(UnknownAssignment, match="a7"):
        Grader("a7", Options())


def test_the_suites_version_is_the_assignments(grader: Grader, a2: Assignment) -> None:
    assert grader.suite_version == a2.version
    assert a2.version.startswith(f"{a2.edition}-")


# --- what is handed in ------------------------------------------------------------------------------


def test_nothing_to_grade_is_rejected_with_a_sentence(grader: Grader, a2: Assignment) -> None:
    report = grader.grade("empty", {})
    assert (report.status, report.items, report.score) == ("rejected", (), 0)
    assert report.max_score == a2.max_score
    assert report.reason is not None
    assert report.reason.startswith("there is nothing of a2 in it")


def test_notes_of_the_intake_come_first(grader: Grader, perfect: dict[str, bytes]) -> None:
    report = grader.grade("one", perfect, ("two notebooks of one name",))
    assert report.notes[0] == "two notebooks of one name"


def test_a_function_in_a_notebook_cell_counts_the_same(
    grader: Grader, a2: Assignment, perfect: dict[str, bytes]
) -> None:
    cells = [
        "%load_ext autoreload\nimport numpy as np\nfrom cs231n.layers import *",
        "def relu_forward(x):\n    out = np.maximum(x, 0)\n    return out, x",
        "def relu_backward(dout, cache):\n    return dout * (cache > 0)\n\nrelu_backward(1, 2)",
    ]
    content = notebook(*cells)
    report = grader.grade("cells", {"FullyConnectedNets.ipynb": content})
    right = [item for item, verdict in verdicts(report).items() if verdict == "passed"]
    assert right == ["a2.carry.relu_forward", "a2.carry.relu_backward"]
    assert set(not_passed(report).values()) == {"unanswered"}


def test_a_whole_submission_in_writefile_cells(grader: Grader, perfect: dict[str, bytes]) -> None:
    cells = [f"%%writefile {path}\n{perfect[path].decode()}" for path in assembled.ANSWERS["a2"]]
    content = notebook(*cells)
    report = grader.grade("cells", {"everything.ipynb": content})
    in_modules = {item.id for item in grader.items if item.cells is None}
    assert in_modules.isdisjoint(not_passed(report))


def test_the_torch_notebooks_network_is_not_the_modules(
    grader: Grader, a2: Assignment, perfect: dict[str, bytes]
) -> None:
    cell = "class ThreeLayerConvNet:\n    def __init__(self, *a, **k):\n        self.params = 1\n"
    content = notebook(cell)
    path = "cs231n/classifiers/cnn.py"
    files = perfect | {path: (a2.starter / path).read_bytes(), "PyTorch.ipynb": content}
    short = not_passed(grader.grade("torch", files))
    in_modules = {name: verdict for name, verdict in short.items() if ".pytorch." not in name}
    assert in_modules == dict.fromkeys(
        ("a2.cnn.init", "a2.cnn.forward", "a2.cnn.backward"), "unanswered"
    )


def test_a_school_that_renames_the_package(grader: Grader, perfect: dict[str, bytes]) -> None:
    renamed = {
        path: content.replace(b"from cs231n.", b"from sc231n.") if path.endswith(".py") else content
        for path, content in perfect.items()
    }
    assert renamed != perfect
    assert not_passed(grader.grade("renamed", renamed)) == {}


def test_windows_line_ends_and_a_byte_order_mark(grader: Grader, perfect: dict[str, bytes]) -> None:
    files = {
        path: b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
        if path in assembled.ANSWERS["a2"]
        else content
        for path, content in perfect.items()
    }
    assert not_passed(grader.grade("windows", files)) == {}


# --- one mistake costs one item ---------------------------------------------------------------------


def test_layers_that_are_not_done_cost_no_network_its_points(
    grader: Grader, a2: Assignment, perfect: dict[str, bytes]
) -> None:
    files = perfect | {LAYERS: (a2.starter / LAYERS).read_bytes()}
    short = not_passed(grader.grade("networks alone", files))
    networks = [item for item in short if item.partition(".")[2].startswith(("fc", "cnn", "optim"))]
    assert networks == []
    assert [item for item in short if item.endswith("fc_wiring")] == []


def test_an_earlier_part_that_hangs_costs_one_item(
    impatient: Grader, perfect: dict[str, bytes]
) -> None:
    hangs = b"\n\ndef relu_backward(dout, cache):\n    while True:\n        dout = dout + 1\n"
    report = impatient.grade("hangs", perfect | {LAYERS: perfect[LAYERS] + hangs})
    assert not_passed(report) == {"a2.carry.relu_backward": "timed_out"}


def test_an_earlier_part_that_takes_all_memory_costs_one_item(
    impatient: Grader, perfect: dict[str, bytes]
) -> None:
    takes = b"\n\ndef softmax_loss(x, y):\n    return bytes(1 << 34), x\n"
    report = impatient.grade("takes", perfect | {LAYERS: perfect[LAYERS] + takes})
    assert not_passed(report) == {"a2.carry.softmax_loss": "out_of_memory"}


def test_an_earlier_part_that_is_missing_costs_one_item(
    grader: Grader, perfect: dict[str, bytes]
) -> None:
    net = "cs231n/classifiers/fc_net.py"
    head, _, rest = perfect[net].decode().partition("class FullyConnectedNet")
    star = f"{head}from cs231n.layers import *\n\n\nclass FullyConnectedNet{rest}"
    kept = [
        line for line in star.splitlines() if "cs231n.layers import " not in line or "*" in line
    ]
    files = perfect | {
        net: "\n".join(kept).encode(),
        LAYERS: perfect[LAYERS] + b"\n\ndel dropout_backward\n",
    }
    assert not_passed(grader.grade("missing", files)) == {"a2.dropout.backward": "unanswered"}


def test_an_eps_of_ones_own_costs_no_backward_pass(
    grader: Grader, perfect: dict[str, bytes]
) -> None:
    head, name, rest = perfect[LAYERS].decode().partition("def layernorm_forward")
    fixed = rest.replace('ln_param.get("eps", 1e-5)', "1e-5", 1)
    assert fixed != rest
    report = grader.grade("eps", perfect | {LAYERS: (head + name + fixed).encode()})
    assert not_passed(report) == {"a2.layernorm.forward": "partial"}


# --- whose fault ------------------------------------------------------------------------------------


def test_keys_of_several_types_are_the_students_fault(
    grader: Grader, perfect: dict[str, bytes]
) -> None:
    net = "cs231n/classifiers/fc_net.py"
    keys = b"""

_loss = FullyConnectedNet.loss


def loss(self, X, y=None):
    got = _loss(self, X, y)
    if y is not None:
        got[1].update({1: 0.0, "one": 0.0, None: 0.0})
    return got


FullyConnectedNet.loss = loss
"""
    report = grader.grade("keys", perfect | {net: perfect[net] + keys})
    assert report.status == "graded"
    assert "grader_fault" not in verdicts(report).values()


def test_a_fault_of_ours_is_no_grade(
    perfect: dict[str, bytes], a2: Assignment, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Grader("a2", Options(seed=SEED, only=("a2.carry",))) as warm:
        monkeypatch.setattr(warm._paper, "case", lambda *args: 1 / 0)
        report = warm.grade("one", perfect)
    assert report.status == "faulted"
    assert report.reason == "something of the grader's own broke; no points are lost, run it again"
    assert set(verdicts(report).values()) == {"grader_fault"}


def test_a_class_is_graded_by_several_threads(grader: Grader, perfect: dict[str, bytes]) -> None:
    broken = perfect | {"cs231n/optim.py": b"import os\nos._exit(1)"}
    with ThreadPoolExecutor(3) as pool:
        reports = list(
            pool.map(grader.grade, ["a", "b", "c", "d"], [perfect, broken, perfect, broken])
        )
    full = pipeline.code(grader.assignment, reports[0]).gradable
    # Five points are the update rules, two the networks that train with them.
    assert [r.score for r in reports] == [full, full - 7, full, full - 7]
    assert [r.name for r in reports] == ["a", "b", "c", "d"]
