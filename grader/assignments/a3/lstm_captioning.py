"""a3 · LSTM_Captioning.ipynb: the captioning network with an LSTM.

One method serves both kinds of cell. Its branch for "lstm" is judged here; it is not there when the method
calls none of the LSTM's functions.
"""

import numpy as np

from grader.assignments.a3.captioning_mistakes import WAYS, of_learning, of_writing
from grader.assignments.a3.captioning_runs import (
    ANSWERS_LOSS,
    ANSWERS_SAMPLE,
    Learned,
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
from grader.checks.suite import Suite

suite = Suite(
    "a3",
    "LSTM_Captioning",
    question="Extra credit",
    reading="CS231n notes, “Recurrent Neural Networks”, image captioning",
)

CALLS = ("lstm_forward", "lstm_step_forward")

# --- loss -------------------------------------------------------------------------------------------

lstm_loss = suite.item(
    "lstm.loss",
    points=1,
    answers=ANSWERS_LOSS,
    given=given(EVERYTHING),
    bonus=True,
    calls=CALLS,
)


@of_learning
@lstm_loss.check(
    learns,
    core=[CaptionCase.of_any_words(cell_type="lstm"), CaptionCase.of(cell_type="lstm")],
    contract={
        "N is 1": CaptionCase.of(N=1, cell_type="lstm"),
        "T is 1": CaptionCase.of(T=1, cell_type="lstm"),
        "<NULL> is not word 0": CaptionCase.of(signs=(4, 2, 9), cell_type="lstm"),
    },
)
def learns_captions(c: CaptionCase) -> Learned:
    """With cell_type "lstm", CaptioningRNN.loss returns the loss and all gradients"""
    return learned(c)


# --- sample -----------------------------------------------------------------------------------------

lstm_sample = suite.item(
    "lstm.sample",
    points=1,
    answers=ANSWERS_SAMPLE,
    given=given(EVERYTHING),
    bonus=True,
    calls=CALLS,
)

CELL_OF_ONES = Way(cell=np.ones_like)
CELL_FROM_THE_IMAGE = Way(cell=lambda h: h)
CELL_NOT_CARRIED = Way(carries_cell=False)
LSTM_WAYS = (*WAYS, CELL_OF_ONES, CELL_FROM_THE_IMAGE, CELL_NOT_CARRIED)


@of_writing
@lstm_sample.check(
    writes,
    core=[
        telling(CaptionCase.of(cell_type="lstm"), LSTM_WAYS),
        telling(CaptionCase.of(N=3, D=5, W=13, H=7, V=19, cell_type="lstm"), LSTM_WAYS),
    ],
    contract={
        "max_length is 6": telling(CaptionCase.of(max_length=6, cell_type="lstm")),
        "N is 1": telling(CaptionCase.of(N=1, cell_type="lstm")),
        "the words have other numbers": telling(CaptionCase.of(signs=(4, 2, 9), cell_type="lstm")),
    },
)
def writes_captions(c: CaptionCase) -> Written:
    """With cell_type "lstm", CaptioningRNN.sample writes the words with the highest scores"""
    return written(c)


@writes_captions.mistake(ask="What does the cell state start as?")
def cell_of_ones(c: CaptionCase) -> Written:
    """the cell state starts as ones, not as zeros"""
    return written(c, CELL_OF_ONES)


@writes_captions.mistake(ask="What does the cell state start as?")
def cell_from_the_image(c: CaptionCase) -> Written:
    """the cell state starts as h0, not as zeros"""
    return written(c, CELL_FROM_THE_IMAGE)


@writes_captions.mistake(ask="Which cell state does the second step start from?")
def cell_not_carried(c: CaptionCase) -> Written:
    """every step starts from a cell state of zeros"""
    return written(c, CELL_NOT_CARRIED)
