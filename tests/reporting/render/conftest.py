"""A class as teachers meet it: twelve students, every verdict, and names that mean harm."""

import random
from collections.abc import Iterator

import pytest

from reporting.clue import Clue, Diagnosis, Near, Picture
from reporting.report import Backstage, ClassReport, ItemReport, SubmissionReport

PARTS = {
    "Q1": "FullyConnectedNets",
    "Q2": "BatchNormalization",
    "Q3": "Dropout",
    "Q4": "ConvolutionalNetworks",
}
ITEMS = [
    ("Q1", "carry.affine_forward", 0.4, "affine_forward flattens and multiplies"),
    ("Q1", "carry.affine_backward", 0.4, "affine_backward returns dx, dw and db"),
    ("Q1", "carry.softmax_loss", 0.4, "softmax_loss returns the mean loss and its gradient"),
    ("Q1", "fc.init", 2.0, "FullyConnectedNet makes its parameters"),
    ("Q1", "fc.forward", 3.0, "FullyConnectedNet gives the scores of any depth"),
    ("Q1", "fc.backward", 3.0, "FullyConnectedNet gives the loss and every gradient"),
    ("Q1", "optim.sgd_momentum", 1.5, "sgd_momentum steps and remembers its velocity"),
    ("Q1", "optim.adam", 2.0, "adam takes two steps in a row"),
    ("Q2", "batchnorm.forward_train", 4.0, "batchnorm_forward in training mode"),
    ("Q2", "batchnorm.forward_test", 2.0, "batchnorm_forward in test mode"),
    ("Q2", "batchnorm.backward", 5.0, "batchnorm_backward returns dx, dgamma and dbeta"),
    ("Q2", "batchnorm.backward_alt", 4.0, "batchnorm_backward_alt agrees with batchnorm_backward"),
    ("Q2", "layernorm.forward", 3.0, "layernorm_forward normalises each example"),
    ("Q3", "dropout.forward_train", 2.0, "dropout_forward in training mode keeps the mean"),
    ("Q3", "dropout.backward", 2.0, "dropout_backward lets through what the mask let through"),
    ("Q4", "conv.forward_naive", 4.0, "conv_forward_naive on any size, padding and stride"),
    ("Q4", "conv.backward_naive", 5.0, "conv_backward_naive returns dx, dw and db"),
    ("Q4", "pool.forward_naive", 2.0, "max_pool_forward_naive on windows of any shape"),
    ("Q4", "groupnorm.forward", 2.0, "spatial_groupnorm_forward normalises each group of channels"),
]  # fmt: skip

VARIANCE = Diagnosis(
    "variance_held_constant",
    "no gradient flows through the variance",
    "Moving one x also moves the variance of its column. Which term of dx says so?",
)
KEPT_TWICE = Diagnosis(
    "mask_not_divided",
    "the mask is not divided by the probability to keep",
    "What is the mean of a unit that is kept half of the time? What should it be?",
)
LAW = Diagnosis(
    "step_is_bounded",
    "not so: a step is never longer than the learning rate allows",
    "What is t when the first step is taken?",
)
HOSTILE = [
    "<script>alert(1)</script>",
    "=cmd('calc')!A0",
    "[bold red]not markup[/] :smile:",
    "../../etc/passwd",
    "Ada\x1b[31m\x1b]0;owned\x07 Lovelace",
    "\u202etxt.evil\u202c \u2066left\u2069",
]
NAMES = [
    "Grace Hopper",
    "Émilie du Châtelet",
    "李明",
    "علي حسن",
    "submissions/group 7/assignment2 final (3)/cs231n",
    *HOSTILE,
]
VERDICTS = (
    "passed", "partial", "failed", "crashed", "timed_out", "out_of_memory",
    "unanswered", "blocked", "grader_fault", "not_run",
)  # fmt: skip
FACTS = {
    "passed": (),
    "partial": ("when pad is 0: out has shape (2, 3, 5, 4), (2, 3, 4, 4) was expected",),
    "failed": (
        "dx is off: relative error 1e+00 at [0, 1], limit 1e-06; got -0.2184417, 0.8813062 was expected",
        "right: dgamma, dbeta",
    ),
    "crashed": (
        "ValueError in cs231n/layers.py, line 214: operands could not be broadcast together with shapes"
        " (11,7) (11,) while <b>x - mean</b> was computed",
    ),
    "timed_out": ("20 s were not enough for x of shape (2, 3, 16, 16)",),
    "out_of_memory": (),
    "unanswered": (),
    "blocked": ("waits for a2.batchnorm.forward_train",),
    "grader_fault": (),
    "not_run": (),
    "awaiting": ("a person reads this",),
}  # fmt: skip
RECIPE = """from cs231n.layers import *
rng = np.random.default_rng([231, 4])
x, dout = rng.standard_normal((11, 7)), rng.standard_normal((11, 7))
gamma, beta = rng.standard_normal(7), rng.standard_normal(7)

out, cache = batchnorm_forward(x, gamma, beta, {"mode": "train"})
dx, dgamma, dbeta = batchnorm_backward(dout, cache)  # 0 < 1 & "quoted"
"""
CLUES = (
    Clue(
        "factor",
        ("dx",),
        "dx is exactly 1/N times what it should be, with N = 11 and 5",
        "Over which axes is the formula's sum or mean taken, and over which is yours?",
    ),
    Clue("places", ("dgamma",), "dgamma is off at index 2 along D, and only there <i>"),
)
PICTURE = Picture("dx", ("N", "D"), ("0000", "0120", "0330"))
SHARE = {"passed": 1.0, "partial": 0.8}


def item_report(entry: tuple[str, str, float, str], verdict: str) -> ItemReport:
    """One item with the verdict's usual facts."""
    question, name, points, says = entry
    diagnosis = None
    if verdict == "failed":
        diagnosis = {"Q2": VARIANCE, "Q3": KEPT_TWICE, "Q1": LAW}.get(question)
    is_open_question = verdict == "failed" and diagnosis is None
    return ItemReport(
        id=f"a2.{name}",
        question=question,
        part=PARTS[question],
        says=says,
        verdict=verdict,
        points=round(points * SHARE.get(verdict, 0.0), 4),
        max_points=points,
        facts=FACTS[verdict],
        diagnosis=diagnosis,
        recipe=RECIPE,
        answer="Because x < y.\n\nAnd so on." if verdict == "awaiting" else "",
        clues=CLUES if is_open_question else (),
        picture=PICTURE if is_open_question else None,
        reproduce=f"import numpy as np\n{RECIPE}" if is_open_question else "",
        reading="CS231n notes, “Linear Classification”",
        backstage=Backstage(1.25, "loss: 2.3\nnan <b>", (Near("forgets_eps", 0.0213),)),
    )


def submission(name: str, verdicts: list[str], seconds: float = 0.6) -> SubmissionReport:
    """A graded submission with these verdicts, item by item."""
    items = tuple(item_report(entry, v) for entry, v in zip(ITEMS, verdicts, strict=True))
    return SubmissionReport(
        name=name,
        status="graded",
        reason=None,
        score=round(sum(item.points for item in items), 4),
        max_score=round(sum(item.max_points for item in items), 4),
        seconds=seconds,
        seed=231,
        notes=("cs231n/layers.so was left out: compiled files are never loaded",)
        if "7" in name
        else (),
        items=items,
    )


def students() -> Iterator[SubmissionReport]:
    """The class, from the best to those without a score."""
    draw = random.Random(231)
    yield submission(NAMES[0], ["passed"] * len(ITEMS))
    every = [VERDICTS[i % len(VERDICTS)] for i in range(len(ITEMS) - 1)]
    yield submission(NAMES[1], [*every, "awaiting"])
    for name in NAMES[2:10]:
        weights = (16, 2, 4, 1, 0.3, 0.3, 1, 1, 0, 0)
        yield submission(name, draw.choices(VERDICTS, weights, k=len(ITEMS)), draw.uniform(0.3, 2))
    yield SubmissionReport(
        NAMES[10], "rejected", "it looks like a1: knn.ipynb, svm.ipynb", 0.0, 47.7, 0.01, None
    )
    yield SubmissionReport(
        "Alan Turing", "faulted", "the sandbox did not start: no user namespaces", 0.0, 47.7, 0.2, 231
    )  # fmt: skip


@pytest.fixture(scope="session")
def report() -> ClassReport:
    return ClassReport("a2", "a2-2024.1+5f0c", tuple(students()))
