"""Mistakes that a captioning network can have with either kind of cell."""

import numpy as np

from grader.assignments.a3.captioning_runs import (
    Learned,
    Way,
    Written,
    counts,
    loss_of,
    moved_on,
    with_projection_from,
    without,
    without_the_first_word,
    written,
)
from grader.cases.captions import CaptionCase
from grader.cases.dense import Array
from grader.checks.check import Check

LearningCheck = Check[CaptionCase, Learned]
WritingCheck = Check[CaptionCase, Written]


def _number_as_vector(c: CaptionCase, words: Array, t: int) -> Array:
    embedded: Array = c.params["W_embed"][words]
    return np.full_like(embedded, c.word_to_idx["<START>"]) if t == 0 else embedded


READS_NULL = Way(first="<NULL>")
READS_A_NUMBER = Way(reads=_number_as_vector)
NOT_FED_BACK = Way(feeds_back=False)
NOT_CARRIED = Way(carries=False)
FROM_ZEROS = Way(image=np.zeros_like)
TANH_ON_THE_IMAGE = Way(image=np.tanh)
SCORED_TOO_EARLY = Way(scores_after=False)
WORST_WORD = Way(best=lambda scores: scores.argmin(axis=1))
WHOLE_SCORES = Way(best=lambda scores: scores.astype(np.int32).argmax(axis=1))

WAYS = (
    READS_NULL, READS_A_NUMBER, NOT_FED_BACK, NOT_CARRIED, FROM_ZEROS, TANH_ON_THE_IMAGE,
    SCORED_TOO_EARLY, WORST_WORD, WHOLE_SCORES,
)  # fmt: skip
"""Wrong ways of writing captions."""


def of_learning(check: LearningCheck) -> LearningCheck:
    """The check, with the mistakes that a loss and its gradients can have."""

    @check.mistake(ask="Which places of captions_out hold no word to predict?")
    def mask_not_used(c: CaptionCase) -> Learned:
        """the places after the end of a caption count too"""
        return loss_of(c, mask=np.ones(c.captions[:, 1:].shape))

    @check.mistake(ask="Which words are predicted: those read, or those that follow?")
    def mask_of_the_inputs(c: CaptionCase) -> Learned:
        """the mask says where captions_in has a word, not captions_out"""
        return loss_of(c, mask=counts(c.captions[:, :-1], c))

    @check.mistake(ask="Which word is to follow the one that was just read?")
    def targets_are_the_inputs(c: CaptionCase) -> Learned:
        """the network is to predict the word that it has just read"""
        return loss_of(c, target=c.captions[:, :-1])

    @check.mistake(ask="How does the network come to know what is in the image?")
    def starts_from_zeros(c: CaptionCase) -> Learned:
        """the first hidden state is zeros and not made of the features"""
        return loss_of(c, image=np.zeros_like)

    @check.mistake(ask="Which layers stand between the features and h0?")
    def tanh_on_the_image(c: CaptionCase) -> Learned:
        """h0 is put through tanh"""
        return loss_of(c, image=np.tanh)

    @check.mistake(ask="Which layers stand between the features and h0?")
    def relu_on_the_image(c: CaptionCase) -> Learned:
        """h0 is put through a ReLU"""
        return loss_of(c, image=lambda h: np.maximum(h, 0))

    @check.mistake(ask="Is the loss a mean over captions or over words?")
    def mean_over_words(c: CaptionCase) -> Learned:
        """the loss is averaged over the words that count, not over the captions"""
        return loss_of(c, per_word=True)

    @check.mistake(ask="The backward pass gives dh0: through which layer does it go on?")
    def projection_left_out(c: CaptionCase) -> Learned:
        """the gradients of W_proj and b_proj are left out"""
        return without(c, "W_proj", "b_proj")

    @check.mistake(ask="The backward pass gives dx: what was x made of?")
    def embedding_left_out(c: CaptionCase) -> Learned:
        """the gradient of W_embed is left out"""
        return without(c, "W_embed")

    @check.mistake(ask="Which of the gradients that come back is that of h0?")
    def projection_from_the_first_state(c: CaptionCase) -> Learned:
        """the projection gets the loss's gradient of the state after the first step, not dh0"""
        return with_projection_from(c, lambda dh: dh[:, 0])

    @check.mistake(ask="Does the image change the loss?")
    def projection_gets_nothing(c: CaptionCase) -> Learned:
        """the gradients of W_proj and b_proj are zeros"""
        return with_projection_from(c, lambda dh: np.zeros_like(dh[:, 0]))

    return check


def of_writing(check: WritingCheck) -> WritingCheck:
    """The check, with the mistakes that written captions can have."""

    @check.mistake(ask="What does the first column hold: <START>, or the word written first?")
    def start_is_written(c: CaptionCase) -> Written:
        """<START> is written into the first column, and every word comes one place too late"""
        return moved_on(c, "<START>")

    @check.mistake(ask="Into which column goes the first word?")
    def first_column_left(c: CaptionCase) -> Written:
        """the first column is left at <NULL>, and every word comes one place too late"""
        return moved_on(c, "<NULL>")

    @check.mistake(ask="After which step is the first word known, and where is it kept?")
    def first_word_lost(c: CaptionCase) -> Written:
        """the first column is left at <NULL>, and the other words are where they belong"""
        return without_the_first_word(c)

    @check.mistake(ask="Which word does the network read before it writes the first one?")
    def reads_null_first(c: CaptionCase) -> Written:
        """the first word that is read is <NULL>"""
        return written(c, READS_NULL)

    @check.mistake(ask="Which word is read first, and into which column goes the one that follows?")
    def null_read_and_kept(c: CaptionCase) -> Written:
        """<NULL> is read first and stays in the first column, and every word comes one place too late"""
        return moved_on(c, "<NULL>", READS_NULL)

    @check.mistake(ask="How does the number of a word become its vector?")
    def start_as_a_vector(c: CaptionCase) -> Written:
        """the number of <START> itself is the first input, not the vector of this word"""
        return written(c, READS_A_NUMBER)

    @check.mistake(ask="What is the input of the second step?")
    def always_the_same_word_read(c: CaptionCase) -> Written:
        """every step reads <START>, not the word that was written last"""
        return written(c, NOT_FED_BACK)

    @check.mistake(ask="Which hidden state does the second step start from?")
    def always_the_same_state(c: CaptionCase) -> Written:
        """every step starts from h0, not from where the step before ended"""
        return written(c, NOT_CARRIED)

    @check.mistake(ask="How does the network come to know what is in the image?")
    def starts_from_zeros(c: CaptionCase) -> Written:
        """the first hidden state is zeros and not made of the features"""
        return written(c, FROM_ZEROS)

    @check.mistake(ask="Which layers stand between the features and h0?")
    def tanh_on_the_image(c: CaptionCase) -> Written:
        """h0 is put through tanh"""
        return written(c, TANH_ON_THE_IMAGE)

    @check.mistake(ask="Which hidden state knows of the word that was just read?")
    def scored_too_early(c: CaptionCase) -> Written:
        """the scores are made of the hidden state before the step"""
        return written(c, SCORED_TOO_EARLY)

    @check.mistake(ask="Is the best word the one with the highest score or with the lowest?")
    def worst_word(c: CaptionCase) -> Written:
        """the word with the lowest score is written"""
        return written(c, WORST_WORD)

    @check.mistake(ask="What is left of a score of 0.7 as a whole number?")
    def whole_scores(c: CaptionCase) -> Written:
        """the scores are cut to whole numbers before the highest is looked for"""
        return written(c, WHOLE_SCORES)

    return check
