"""a1 · svm.ipynb: how a linear classifier is trained by gradient descent, and how it predicts.

What the loss of the classifier is does not matter here; Softmax is tried, which every edition of the
course has.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from grader.cases.dense import Array
from grader.cases.linear import PredictCase, TrainCase
from grader.checks.law import Claim, that
from grader.checks.outcome import Given
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.classifiers import Softmax, softmax_loss_vectorized

suite = Suite("a1", "svm", question="Q2", reading="CS231n notes, “Optimization”, gradient descent")

LINEAR = "cs231n.classifiers.linear_classifier"


@dataclass(frozen=True)
class Trained:
    """The losses on the way, and the weights at its end."""

    loss_history: Sequence[float] | Array | None
    W_end: Array | None


@dataclass(frozen=True)
class Predicted:
    """The labels of some images."""

    ZEROS_ARE_BLANK: ClassVar = True

    y_pred: Array | None


# --- training ---------------------------------------------------------------------------------------

train = suite.item(
    "linear.train",
    points=4,
    answers=f"{LINEAR}:LinearClassifier.train",
    given=(
        Given("cs231n.classifiers.softmax", {"softmax_loss_vectorized": softmax_loss_vectorized}),
    ),
)
training = Script(
    LINEAR,
    TrainCase,
    Trained,
    """
    model = Softmax()
    model.W = W.copy()
    loss_history = model.train(X, y, learning_rate=learning_rate, reg=reg, num_iters=num_iters, \
batch_size=batch_size)
    W_end = model.W
    """,
)


def _descended(
    c: TrainCase, *, penalty: float = 1.0, factor: Callable[[int], float] = lambda _: -1.0
) -> Trained:
    """The way down on one image, with penalty · reg · ΣW² in the loss.

    Step t is `factor` times learning_rate times the gradient.
    """
    W, losses = c.W, []
    for t in range(c.num_iters):
        loss, dW = softmax_loss_vectorized(W, c.X[:1], c.y[:1], penalty * c.reg)
        losses.append(loss)
        W = W + factor(t) * c.learning_rate * dW
    return Trained(np.array(losses), W)


@train.check(
    training,
    core=[TrainCase.alike(), TrainCase.alike(N=11, D=7, num_iters=3, batch_size=2)],
    contract={
        "there is one step": TrainCase.alike(num_iters=1),
        "there is one image": TrainCase.alike(N=1, batch_size=1),
    },
)
def descends(c: TrainCase) -> Trained:
    """train returns the loss of each step, and each step is -learning_rate times the gradient"""
    return _descended(c)


@descends.accepts
def descends_with_half_the_penalty(c: TrainCase) -> Trained:
    """A softmax loss with 0.5 · reg · ΣW² is right as well."""
    return _descended(c, penalty=0.5)


@descends.mistake(ask="Does the gradient point where the loss grows, or where it falls?")
def ascends(c: TrainCase) -> Trained:
    """the gradient is added instead of subtracted"""
    return _descended(c, factor=lambda _: 1.0)


@descends.mistake(ask="Which line of your loop changes self.W?")
def stands_still(c: TrainCase) -> Trained:
    """W is never changed"""
    return _descended(c, factor=lambda _: 0.0)


@descends.mistake(ask="Where does learning_rate occur in your step?")
def takes_whole_steps(c: TrainCase) -> Trained:
    """the gradient is subtracted as it is, without the learning rate"""
    return _descended(c, factor=lambda _: -1 / c.learning_rate)


@descends.mistake(ask="How often should self.W change in num_iters steps?")
def takes_one_step(c: TrainCase) -> Trained:
    """W is changed once instead of in every step"""
    last = c.num_iters - 1
    return _descended(c, factor=lambda t: -float(t == last))


@descends.mistake(ask="The loss is a mean already. By what else do you divide?")
def averages_again(c: TrainCase) -> Trained:
    """the gradient is divided by the batch size, which the loss has done"""
    return _descended(c, factor=lambda _: -1 / c.batch_size)


@train.law(
    Script(
        LINEAR,
        TrainCase,
        Trained,
        """
        model = Softmax()
        loss_history = model.train(X, y, learning_rate=0.0, reg=reg, num_iters=1, batch_size=1)
        W_end = model.W
        """,
    ),
    cases=[TrainCase.traced(N=29)],
    contract="nobody has set W",
    ask="What shape has a W that train makes, and how large are its entries?",
)
def begins_with_small_weights(c: TrainCase, run: Callable[[TrainCase], Trained]) -> Iterator[Claim]:
    """Without a W, train begins with a small random one of shape (D, C)"""
    W, due = run(c).W_end, (c.X.shape[1], int(c.y.max()) + 1)
    shape = getattr(W, "shape", None)
    yield that(shape == due, f"W has shape {shape}, {due} was expected")
    if isinstance(W, np.ndarray) and shape == due:
        spread = float(np.std(W))
        yield that(0 < spread < 0.01, f"the entries of W have deviation {spread:.3g}")


def _drawn(c: TrainCase, got: Trained) -> Array | None:
    """How often each image was drawn, as its row of W tells; None if W cannot be read."""
    W = got.W_end
    if not isinstance(W, np.ndarray) or W.shape != c.W.shape or W.dtype.kind != "f":
        return None
    # W is still near 0, all C probabilities are 1/C: an image adds (onehot - 1/C) · rate/B to its row.
    per_image = c.learning_rate / c.batch_size * (1 - 1 / c.W.shape[1])
    times: Array = W[np.arange(len(c.y)), c.y] / per_image
    return times


def _pull(c: TrainCase) -> Array:
    pull: Array = np.eye(c.W.shape[1])[c.y] - 1 / c.W.shape[1]
    return pull


@train.law(
    training,
    cases=[TrainCase.traced()],
    ask="Are X_batch[i] and y_batch[i] the image and the label of one and the same example?",
)
def images_come_with_their_labels(
    c: TrainCase, run: Callable[[TrainCase], Trained]
) -> Iterator[Claim]:
    """Every minibatch holds images of the training set with the labels that belong to them"""
    got = run(c)
    drawn = _drawn(c, got)
    if drawn is None or got.W_end is None:
        yield that(holds=False, fact="W is not an array of the shape that it had before")
        return
    scale = c.learning_rate / c.batch_size
    off = np.abs(got.W_end - scale * drawn[:, None] * _pull(c)).max(axis=1)
    strange = int(np.sum(off > 0.05 * scale))
    yield that(strange == 0, f"{strange} images were drawn with another image's label")
    yield that(drawn.min() > -0.05, "an image was learnt with a weight below zero")


@train.law(
    training, cases=[TrainCase.traced()], ask="How many examples should each of your batches have?"
)
def batches_have_their_size(c: TrainCase, run: Callable[[TrainCase], Trained]) -> Iterator[Claim]:
    """Every minibatch has batch_size examples"""
    drawn = _drawn(c, run(c))
    if drawn is None:
        return
    total, due = float(drawn.sum()), c.num_iters * c.batch_size
    whole = bool(np.all(np.abs(drawn - np.round(drawn)) < 0.05))
    smallest = float(drawn[drawn > 0.05].min(initial=np.inf))
    fact = f"one example has the weight of {smallest:.2f} in a batch of batch_size"
    yield that(whole, fact)
    yield that(abs(total - due) < 0.5, f"{total:.0f} examples were drawn, {due} were expected")


@train.law(
    training, cases=[TrainCase.traced()], ask="In which of your lines is the batch drawn anew?"
)
def batches_are_drawn_anew(c: TrainCase, run: Callable[[TrainCase], Trained]) -> Iterator[Claim]:
    """Every step draws another minibatch"""
    drawn = _drawn(c, run(c))
    if drawn is None:
        return
    times = np.round(drawn).astype(int)
    always = bool(np.all(times % c.num_iters == 0))
    yield that(not always, f"in each of {c.num_iters} steps the batch is the same one")


# --- predicting -------------------------------------------------------------------------------------

predict = suite.item("linear.predict", points=2, answers=f"{LINEAR}:LinearClassifier.predict")


@predict.check(
    Script(
        LINEAR,
        PredictCase,
        Predicted,
        """
        model = Softmax()
        model.W = W
        y_pred = model.predict(X)
        """,
    ),
    core=[PredictCase.of(), PredictCase.of(N=29, D=5)],
    contract={
        "there are seven classes": PredictCase.of(C=7),
        "there is one image": PredictCase.of(N=1),
    },
)
def predicts(c: PredictCase) -> Predicted:
    """predict returns the class with the highest score for each image"""
    model = Softmax()
    model.W = c.W
    return Predicted(model.predict(c.X))


@predicts.mistake(ask="Is the best class the one with the highest score, or with the lowest?")
def lowest_score(c: PredictCase) -> Predicted:
    """the class with the lowest score is returned"""
    return Predicted(np.argmin(c.X @ c.W, axis=1))


@predicts.mistake(ask="Along which axis of the scores do the classes lie?")
def best_image_of_each_class(c: PredictCase) -> Predicted:
    """for each class the image with the highest score is returned"""
    return Predicted(np.argmax(c.X @ c.W, axis=0))


@predicts.mistake(ask="Should predict return a score, or the number of a class?")
def score_instead_of_class(c: PredictCase) -> Predicted:
    """the highest score is returned instead of the class that has it"""
    return Predicted(np.max(c.X @ c.W, axis=1))
