"""The items of a1 in the pipeline: what they are, and what a whole tree earns."""

from collections.abc import Callable

import pytest

from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.proof.verify import pipeline
from grader.run import Grader

CODE = {
    "knn.two_loops": 3,
    "knn.one_loop": 2,
    "knn.no_loops": 4,
    "knn.predict_labels": 3,
    "svm.naive_gradient": 5,
    "svm.vectorized_loss": 4,
    "svm.vectorized_gradient": 4,
    "linear.train": 4,
    "linear.predict": 2,
    "softmax.naive": 6,
    "softmax.vectorized": 7,
    "layers.affine_forward": 2,
    "layers.affine_backward": 2,
    "layers.relu_forward": 1,
    "layers.relu_backward": 1,
    "layers.svm_loss": 2,
    "layers.softmax_loss": 3,
    "fc.init": 1,
    "fc.scores": 2,
    "fc.loss": 4,
}
"""What is answered in modules; other items are answered in cells."""

EDITION_2025 = b"""
import numpy as np

from ..classifiers.softmax import *


class LinearClassifier(object):
    def __init__(self):
        self.W = None

    def train(self, X, y, learning_rate=1e-3, reg=1e-5, num_iters=100, batch_size=200, verbose=False):
        if self.W is None:
            self.W = 0.001 * np.random.randn(X.shape[1], np.max(y) + 1)
        loss_history = []
        for it in range(num_iters):
            chosen = np.random.choice(len(X), batch_size)
            loss, grad = self.loss(X[chosen], y[chosen], reg)
            loss_history.append(loss)
            self.W -= learning_rate * grad
        return loss_history

    def predict(self, X):
        return np.argmax(X @ self.W, axis=1)

    def save(self, fname):
        np.save(fname, self.W)


class Softmax(LinearClassifier):
    def loss(self, X_batch, y_batch, reg):
        return softmax_loss_vectorized(self.W, X_batch, y_batch, reg)
"""


@pytest.fixture
def a1_grader(graders: Callable[[str], Grader]) -> Grader:
    return graders("a1")


def verdicts(grader: Grader, files: dict[str, bytes]) -> dict[str, str]:
    report = grader.grade("a tree", files)
    found = {item.id.removeprefix("a1."): item.verdict for item in report.items}
    return {name: found[name] for name in CODE}


def test_the_items_and_their_points(a1: Assignment) -> None:
    found = {i.id.removeprefix("a1."): i.points for i in a1.items if i.cells is None}
    assert found == CODE


def test_the_reference_earns_every_point_without_a_remark(
    a1: Assignment, a1_grader: Grader
) -> None:
    report = pipeline.code(a1, a1_grader.grade("reference", assembled.perfect(a1)))
    assert pipeline.short(report) == ()
    assert pipeline.remarks(report) == ()
    assert report.score == report.gradable >= sum(CODE.values())


def test_the_starter_earns_nothing(a1: Assignment, a1_grader: Grader) -> None:
    report = a1_grader.grade("starter", assembled.starter(a1))
    assert pipeline.answered(report) == ()
    assert report.score == 0


def test_a_tree_of_2025_has_no_svm(a1: Assignment, a1_grader: Grader) -> None:
    files = assembled.perfect(a1) | {"cs231n/classifiers/linear_classifier.py": EDITION_2025}
    del files["cs231n/classifiers/linear_svm.py"]
    found = verdicts(a1_grader, files)
    assert {name: v for name, v in found.items() if v != "passed"} == {
        "svm.naive_gradient": "unanswered",
        "svm.vectorized_loss": "unanswered",
        "svm.vectorized_gradient": "unanswered",
    }


def test_words_of_another_edition_leave_a_stub_unanswered(
    a1: Assignment, a1_grader: Grader
) -> None:
    path = "cs231n/classifiers/linear_classifier.py"
    stub = (a1.starter / path).read_bytes()
    other = stub.replace(b'print(f"iteration {it} / {num_iters}: loss {loss}")', b'print("it", it)')
    assert other != stub
    found = verdicts(a1_grader, assembled.perfect(a1) | {path: other})
    assert {name: v for name, v in found.items() if v != "passed"} == {
        "linear.train": "unanswered",
        "linear.predict": "unanswered",
    }


def test_a_gradient_that_follows_its_own_loss_says_so(a1: Assignment, a1_grader: Grader) -> None:
    path = "cs231n/classifiers/linear_svm.py"
    text = assembled.perfect(a1)[path].decode()
    head, vectorized = text.split("def svm_loss_vectorized")
    vectorized = vectorized.replace("reg * float", "0.5 * reg * float").replace("2 * reg", "reg")
    half = f"{head}def svm_loss_vectorized{vectorized}".encode()
    report = a1_grader.grade("half", assembled.perfect(a1) | {path: half})
    found = {item.id: item for item in report.items}
    assert found["a1.svm.vectorized_loss"].verdict == "failed"
    assert found["a1.svm.vectorized_gradient"].verdict == "passed"
    assert "which is where the mistake is" in found["a1.svm.vectorized_gradient"].facts[0]


def test_a_loop_is_named_with_its_line(a1: Assignment, a1_grader: Grader) -> None:
    path = "cs231n/classifiers/linear_svm.py"
    text = assembled.perfect(a1)[path].decode()
    looping = text.replace(
        "    loss, dscores = svm_loss",
        "    for _ in range(1):\n        pass\n    loss, dscores = svm_loss",
    )
    report = a1_grader.grade("loop", assembled.perfect(a1) | {path: looping.encode()})
    item = next(i for i in report.items if i.id == "a1.svm.vectorized_loss")
    assert (item.verdict, item.points) == ("partial", 3.2)
    assert "has a loop (`for _ in range(1):`)" in item.facts[0]
