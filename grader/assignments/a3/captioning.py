"""a3 · RNN_Captioning.ipynb: the captioning network with a vanilla recurrent cell."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from grader.assignments.a3.captioning_mistakes import WAYS, of_learning, of_writing
from grader.assignments.a3.captioning_runs import (
    ANSWERS_LOSS,
    ANSWERS_SAMPLE,
    Learned,
    States,
    Way,
    Written,
    learned,
    learns,
    telling,
    writes,
    written,
)
from grader.assignments.a3.recurrent_passes import EVERYTHING, given
from grader.cases.captions import CaptionCase
from grader.cases.dense import Array
from grader.checks.law import Claim, near
from grader.checks.suite import Suite

suite = Suite(
    "a3",
    "RNN_Captioning",
    question="Q1",
    reading="CS231n notes, “Recurrent Neural Networks”, image captioning",
)

# --- loss -------------------------------------------------------------------------------------------

rnn_loss = suite.item("rnn.loss", points=6, answers=ANSWERS_LOSS, given=given(EVERYTHING))


@of_learning
@rnn_loss.check(
    learns,
    core=[CaptionCase.of_any_words(), CaptionCase.of()],
    contract={
        "N is 1": CaptionCase.of(N=1),
        "T is 1": CaptionCase.of(T=1),
        "<NULL> is not word 0": CaptionCase.of(signs=(4, 2, 9)),
    },
)
def learns_captions(c: CaptionCase) -> Learned:
    """CaptioningRNN.loss returns the loss and the gradients of all parameters"""
    return learned(c)


@rnn_loss.law(learns, cases=[CaptionCase.of()])
def what_follows_the_end_is_nothing(
    c: CaptionCase, run: Callable[[CaptionCase], Learned]
) -> Iterator[Claim]:
    """Filling captions up with more <NULL> changes no loss"""
    fill = np.full((len(c.captions), 2), c.word_to_idx["<NULL>"])
    longer = replace(c, captions=np.concatenate([c.captions, fill], axis=1))
    yield near(run(longer).loss, run(c).loss, "with more <NULL> at the ends, the loss", limit=1e-4)


# --- sample -----------------------------------------------------------------------------------------

rnn_sample = suite.item("rnn.sample", points=4, answers=ANSWERS_SAMPLE, given=given(EVERYTHING))


def _step_without_tanh(c: CaptionCase, x: Array, states: States) -> States:
    h: Any = x @ c.params["Wx"] + states[0] @ c.params["Wh"] + c.params["b"]
    return h, states[1]


NO_TANH = Way(step=_step_without_tanh)


@of_writing
@rnn_sample.check(
    writes,
    core=[
        telling(CaptionCase.of(), (*WAYS, NO_TANH)),
        telling(CaptionCase.of(N=3, D=5, W=13, H=7, V=19), (*WAYS, NO_TANH)),
    ],
    contract={
        "max_length is 6": telling(CaptionCase.of(max_length=6)),
        "N is 1": telling(CaptionCase.of(N=1)),
        "the words have other numbers": telling(CaptionCase.of(signs=(4, 2, 9))),
    },
)
def writes_captions(c: CaptionCase) -> Written:
    """CaptioningRNN.sample writes, word by word, the word with the highest score"""
    return written(c)


@writes_captions.mistake(ask="What does a step do to the sum before it is the next state?")
def no_tanh(c: CaptionCase) -> Written:
    """the steps leave out tanh"""
    return written(c, NO_TANH)
