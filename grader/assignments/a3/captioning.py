"""a3 · RNN_Captioning.ipynb: the captioning network with a vanilla recurrent cell."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from grader.assignments.a3 import captioning_ways
from grader.assignments.a3.captioning_runs import (
    ANSWERS_LOSS,
    ANSWERS_SAMPLE,
    Learned,
    Written,
    counts,
    learned,
    learns,
    loss_of,
    moved_on,
    telling,
    with_projection_from,
    without,
    writes,
    written,
)
from grader.assignments.a3.recurrent_passes import EVERYTHING, given
from grader.cases.captions import CaptionCase
from grader.checks.law import Claim, near
from grader.checks.suite import Suite

suite = Suite("a3", "RNN_Captioning", question="Q1")

# --- loss -------------------------------------------------------------------------------------------

rnn_loss = suite.item("rnn.loss", points=6, answers=ANSWERS_LOSS, given=given(EVERYTHING))


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


@learns_captions.mistake(ask="Which places of captions_out hold no word to predict?")
def mask_not_used(c: CaptionCase) -> Learned:
    """the places after the end of a caption count too"""
    return loss_of(c, mask=np.ones(c.captions[:, 1:].shape))


@learns_captions.mistake(ask="Which words are predicted: those read, or those that follow?")
def mask_of_the_inputs(c: CaptionCase) -> Learned:
    """the mask says where captions_in has a word, not captions_out"""
    return loss_of(c, mask=counts(c.captions[:, :-1], c))


@learns_captions.mistake(ask="Which word is to follow the one that was just read?")
def targets_are_the_inputs(c: CaptionCase) -> Learned:
    """the network is to predict the word that it has just read"""
    return loss_of(c, target=c.captions[:, :-1])


@learns_captions.mistake(ask="How does the network come to know what is in the image?")
def starts_from_zeros(c: CaptionCase) -> Learned:
    """the first hidden state is zeros and not made of the features"""
    return loss_of(c, image=np.zeros_like)


@learns_captions.mistake(ask="Which layers stand between the features and h0?")
def tanh_on_the_image(c: CaptionCase) -> Learned:
    """h0 is put through tanh"""
    return loss_of(c, image=np.tanh)


@learns_captions.mistake(ask="Which layers stand between the features and h0?")
def relu_on_the_image(c: CaptionCase) -> Learned:
    """h0 is put through a ReLU"""
    return loss_of(c, image=lambda h: np.maximum(h, 0))


@learns_captions.mistake(ask="Is the loss a mean over captions or over words?")
def mean_over_words(c: CaptionCase) -> Learned:
    """the loss is averaged over the words that count, not over the captions"""
    return loss_of(c, per_word=True)


@learns_captions.mistake(ask="rnn_backward returns dh0: through which layer does it go on?")
def projection_left_out(c: CaptionCase) -> Learned:
    """the gradients of W_proj and b_proj are left out"""
    return without(c, "W_proj", "b_proj")


@learns_captions.mistake(ask="rnn_backward returns dx: what was x made of?")
def embedding_left_out(c: CaptionCase) -> Learned:
    """the gradient of W_embed is left out"""
    return without(c, "W_embed")


@learns_captions.mistake(ask="Which of the gradients that rnn_backward returns is that of h0?")
def projection_from_the_first_state(c: CaptionCase) -> Learned:
    """the projection gets the loss's gradient of the state after the first step, not dh0"""
    return with_projection_from(c, lambda dh: dh[:, 0])


@learns_captions.mistake(ask="Does the image change the loss?")
def projection_gets_nothing(c: CaptionCase) -> Learned:
    """the gradients of W_proj and b_proj are zeros"""
    return with_projection_from(c, lambda dh: np.zeros_like(dh[:, 0]))


@rnn_loss.law(learns, cases=[CaptionCase.of()])
def what_follows_the_end_is_nothing(
    c: CaptionCase, run: Callable[[CaptionCase], Learned]
) -> Iterator[Claim]:
    """Filling captions up with more <NULL> changes no loss"""
    fill = np.full((len(c.captions), 2), c.word_to_idx["<NULL>"])
    longer = replace(c, captions=np.concatenate([c.captions, fill], axis=1))
    yield near(run(longer).loss, learned(c).loss, "with more <NULL> at the ends, the loss")


# --- sample -----------------------------------------------------------------------------------------

rnn_sample = suite.item("rnn.sample", points=4, answers=ANSWERS_SAMPLE, given=given(EVERYTHING))


@rnn_sample.check(
    writes,
    core=[
        telling(CaptionCase.of(), captioning_ways.RNN),
        telling(CaptionCase.of(N=3, D=5, W=13, H=7, V=19), captioning_ways.RNN),
    ],
    contract={
        "max_length is 6": telling(CaptionCase.of(max_length=6), {}),
        "N is 1": telling(CaptionCase.of(N=1), {}),
        "the words have other numbers": telling(CaptionCase.of(signs=(4, 2, 9)), {}),
    },
)
def writes_captions(c: CaptionCase) -> Written:
    """CaptioningRNN.sample writes, word by word, the word with the highest score"""
    return written(c)


@writes_captions.mistake(ask="What does the first column hold: <START>, or the word written first?")
def start_is_written(c: CaptionCase) -> Written:
    """<START> is written into the first column, and every word comes one place too late"""
    return moved_on(c, "<START>")


@writes_captions.mistake(ask="Into which column goes the first word?")
def first_column_left(c: CaptionCase) -> Written:
    """the first column is left at <NULL>, and every word comes one place too late"""
    return moved_on(c, "<NULL>")


@writes_captions.mistake(ask="Which word does the network read before it writes the first one?")
def reads_null_first(c: CaptionCase) -> Written:
    """the first word that is read is <NULL>"""
    return written(c, captioning_ways.RNN["reads_null_first"])


@writes_captions.mistake(ask="How does the number of a word become its vector?")
def start_as_a_vector(c: CaptionCase) -> Written:
    """the number of <START> itself is the first input, not the vector of this word"""
    return written(c, captioning_ways.RNN["start_as_a_vector"])


@writes_captions.mistake(ask="What is the input of the second step?")
def always_the_same_word_read(c: CaptionCase) -> Written:
    """every step reads <START>, not the word that was written last"""
    return written(c, captioning_ways.RNN["always_the_same_word_read"])


@writes_captions.mistake(ask="Which hidden state does the second step start from?")
def always_the_same_state(c: CaptionCase) -> Written:
    """every step starts from h0, not from the state after the step before"""
    return written(c, captioning_ways.RNN["always_the_same_state"])


@writes_captions.mistake(ask="How does the network come to know what is in the image?")
def writes_from_zeros(c: CaptionCase) -> Written:
    """the first hidden state is zeros and not made of the features"""
    return written(c, captioning_ways.RNN["starts_from_zeros"])


@writes_captions.mistake(ask="Which layers stand between the features and h0?")
def writes_with_tanh_on_the_image(c: CaptionCase) -> Written:
    """h0 is put through tanh"""
    return written(c, captioning_ways.RNN["tanh_on_the_image"])


@writes_captions.mistake(ask="Which hidden state knows of the word that was just read?")
def scored_too_early(c: CaptionCase) -> Written:
    """the scores are made of the hidden state before the step"""
    return written(c, captioning_ways.RNN["scored_too_early"])


@writes_captions.mistake(ask="Is the best word the one with the highest score or with the lowest?")
def worst_word(c: CaptionCase) -> Written:
    """the word with the lowest score is written"""
    return written(c, captioning_ways.RNN["worst_word"])


@writes_captions.mistake(ask="What does a step do to the sum before it is the next state?")
def writes_without_tanh(c: CaptionCase) -> Written:
    """the steps leave out tanh"""
    return written(c, captioning_ways.RNN["no_tanh"])
