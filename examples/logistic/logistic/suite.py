"""What is graded: four functions of logreg/model.py, each against its right answer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from grader.checks.law import Claim, near
from grader.checks.metric import Bar, Rate, hits
from grader.checks.script import Script
from grader.checks.suite import Suite
from logistic.cases import Array, Problem, Scores, Training

suite = Suite(
    "logistic",
    "Logistic",
    question="Q1",
    reading="CS229 notes, “Logistic regression”",  # where a student with a wrong answer reads on
)
MODEL = "logreg.model"

# --- the sigmoid ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Probabilities:
    """What sigmoid gives back."""

    p: Array


squash = Script(MODEL, Scores, Probabilities, "p = sigmoid(z)")
sigmoid = suite.item("sigmoid", points=2, answers="logreg.model:sigmoid")


@sigmoid.check(
    squash,
    core=[Scores.of(), Scores.of(N=7)],
    contract={"scores are far from 0": Scores.of(scale=800.0)},
)
def probabilities(c: Scores) -> Probabilities:
    """sigmoid turns scores into probabilities"""
    return Probabilities(np.exp(-np.logaddexp(0.0, -c.z)))


@probabilities.mistake(ask="What is sigmoid(100)? Which sign does the exponent have?")
def sign_of_the_exponent(c: Scores) -> Probabilities:
    """the exponent has the other sign"""
    return Probabilities(np.exp(-np.logaddexp(0.0, c.z)))


@sigmoid.law(squash, cases=[Scores.of()], ask="Is a score of -z as far from 1/2 as a score of z?")
def the_two_classes_share_one_probability(
    c: Scores, run: Callable[[Scores], Probabilities]
) -> Iterator[Claim]:
    """the probabilities of a score and of its opposite add up to 1"""
    both = run(c).p + run(replace(c, z=-c.z)).p
    yield near(both, 1.0, "sigmoid(z) + sigmoid(-z)")


# --- the loss -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Loss:
    """What loss gives back."""

    loss: float
    dw: Array
    db: float


there_and_back = Script(MODEL, Problem, Loss, "loss, dw, db = loss(w, b, X, y)")
loss = suite.item("loss", points=4, answers="logreg.model:loss", after=(sigmoid,))


@loss.check(
    there_and_back,
    core=[Problem.of(), Problem.of(N=7, D=3)],
    contract={"points are far away": Problem.of(scale=500.0)},
    untouched=("w", "X", "y"),
)
def cross_entropy(c: Problem) -> Loss:
    """loss returns the mean cross-entropy and its gradients"""
    z = c.X @ c.w + c.b
    off = np.exp(-np.logaddexp(0.0, -z)) - c.y
    mean = float(np.mean(np.logaddexp(0.0, z) - c.y * z))
    return Loss(mean, c.X.T @ off / len(c.y), float(off.mean()))


@cross_entropy.mistake(ask="The loss is a mean over the N points. Are its gradients?")
def gradient_of_the_sum(c: Problem) -> Loss:
    """the gradients are those of a sum over the points"""
    right = cross_entropy.oracle(c)
    return replace(right, dw=right.dw * len(c.y), db=right.db * len(c.y))


@cross_entropy.mistake(ask="Does the loss fall or rise when w moves along your dw?")
def gradient_downhill(c: Problem) -> Loss:
    """the gradients point downhill"""
    right = cross_entropy.oracle(c)
    return replace(right, dw=-right.dw, db=-right.db)


# --- predictions ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Labels:
    """Zeros and ones."""

    labels: Array


predict = suite.item("predict", points=1, answers="logreg.model:predict")


@predict.check(Script(MODEL, Problem, Labels, "labels = predict(w, b, X)"), core=[Problem.of(N=31)])
def likelier_class(c: Problem) -> Labels:
    """predict gives the likelier class of each point"""
    return Labels((c.X @ c.w + c.b > 0).astype(np.int64))


@likelier_class.mistake(ask="Where is the line on which both classes are equally likely?")
def without_the_offset(c: Problem) -> Labels:
    """the offset b is left out"""
    return Labels((c.X @ c.w > 0).astype(np.int64))


# --- training -------------------------------------------------------------------------------------

learn = Script(
    MODEL,
    Training,
    Labels,
    """
    w, b = fit(X, y)
    labels = predict(w, b, asked)
    """,
)
fit = suite.item("fit", points=2, answers="logreg.model:fit", after=(loss, predict))


@fit.metric(learn, draw=Training.draw, bar=Bar(full=0.88, zero=0.60))
def accuracy(c: Training, student: Labels) -> Rate:
    """fit learns to tell two overlapping clouds apart"""
    return hits(student.labels, c.truth)
