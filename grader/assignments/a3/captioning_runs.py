"""Captioning networks run in the trusted process: as they should be, and miswired on purpose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.cases.captions import SIGNS, CaptionCase
from grader.cases.dense import Array
from grader.checks.check import Blueprint
from grader.checks.script import Script
from reference.classifiers import CaptioningRNN
from reference.layers import (
    affine_backward,
    affine_forward,
    lstm_forward,
    lstm_step_forward,
    rnn_forward,
    rnn_step_forward,
    temporal_affine_backward,
    temporal_affine_forward,
    temporal_softmax_loss,
    word_embedding_forward,
)

MODULE = "cs231n.classifiers.rnn"
ANSWERS_LOSS = f"{MODULE}:CaptioningRNN.loss"
ANSWERS_SAMPLE = f"{MODULE}:CaptioningRNN.sample"


@dataclass(frozen=True)
class Learned:
    """The loss of captions and its gradients; a gradient that is None is left out."""

    loss: float | None
    grads: Mapping[str, Array | None] | None


@dataclass(frozen=True)
class Written:
    """Captions as the network writes them."""

    captions: Array | None


learns = Script(
    MODULE,
    CaptionCase,
    Learned,
    """
    model = CaptioningRNN(word_to_idx, input_dim=input_dim, wordvec_dim=wordvec_dim, \
hidden_dim=hidden_dim, cell_type=cell_type, dtype="float64")
    model.params.update(params)
    loss, grads = model.loss(features, captions)
    """,
)
# The case's captions are what is learned from; here the name is what is written.
writes = Script(
    MODULE,
    CaptionCase,
    Written,
    """
    model = CaptioningRNN(word_to_idx, input_dim=input_dim, wordvec_dim=wordvec_dim, \
hidden_dim=hidden_dim, cell_type=cell_type, dtype="float64")
    model.params.update(params)
    captions = model.sample(features, max_length)
    """,
)


def network(c: CaptionCase) -> CaptioningRNN:
    """The right network, with the parameters of the case."""
    sizes = (c.input_dim, c.wordvec_dim, c.hidden_dim)
    net = CaptioningRNN(c.word_to_idx, *sizes, c.cell_type, np.float64)
    net.params.update(c.params)
    return net


def learned(c: CaptionCase) -> Learned:
    """The right loss and gradients."""
    return Learned(*network(c).loss(c.features, c.captions))


# --- losses -----------------------------------------------------------------------------------------


def counts(words: Array, c: CaptionCase) -> Array:
    """Which places of these words are not <NULL>."""
    mask: Array = words != c.word_to_idx["<NULL>"]
    return mask


def loss_of(
    c: CaptionCase,
    *,
    target: Array | None = None,
    mask: Array | None = None,
    image: Callable[[Array], Array] = lambda h: h,
    per_word: bool = False,
) -> Learned:
    """A loss alone: with other words to predict, another mask, `image` between the affine map and h0.

    `per_word` divides by the number of words that count instead of the number of captions.
    """
    p, words_out = c.params, c.captions[:, 1:]
    h0 = image(affine_forward(c.features, p["W_proj"], p["b_proj"])[0])
    words = word_embedding_forward(c.captions[:, :-1], p["W_embed"])[0]
    run = lstm_forward if c.cell_type == "lstm" else rnn_forward
    h, _ = run(words, h0, p["Wx"], p["Wh"], p["b"])
    scores, _ = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
    target = words_out if target is None else target
    mask = counts(words_out, c) if mask is None else mask
    loss, _ = temporal_softmax_loss(scores, target, mask)
    return Learned(loss * len(words_out) / float(mask.sum()) if per_word else loss, None)


def without(c: CaptionCase, *names: str) -> Learned:
    """The right loss, and gradients of which some are left out."""
    right = learned(c)
    assert right.grads is not None
    return replace(right, grads={**right.grads, **dict.fromkeys(names)})


def with_projection_from(c: CaptionCase, dh0: Callable[[Array], Array]) -> Learned:
    """The right loss and gradients, but those of the projection come from `dh0(dh)`.

    Shapes: dh (N, T, H), what the loss says about each state; dh0 (N, H).
    """
    p, right, words_out = c.params, learned(c), c.captions[:, 1:]
    assert right.grads is not None
    h0, h0_cache = affine_forward(c.features, p["W_proj"], p["b_proj"])
    words = word_embedding_forward(c.captions[:, :-1], p["W_embed"])[0]
    run = lstm_forward if c.cell_type == "lstm" else rnn_forward
    h, _ = run(words, h0, p["Wx"], p["Wh"], p["b"])
    scores, cache = temporal_affine_forward(h, p["W_vocab"], p["b_vocab"])
    _, dscores = temporal_softmax_loss(scores, words_out, counts(words_out, c))
    dh = temporal_affine_backward(dscores, cache)[0]
    _, dW, db = affine_backward(dh0(dh), h0_cache)
    return replace(right, grads={**right.grads, "W_proj": dW, "b_proj": db})


# --- captions ---------------------------------------------------------------------------------------

States = tuple[Array, Array]
"""The hidden state and the cell state, which a vanilla network leaves as it is."""


def right_step(c: CaptionCase, x: Array, states: States) -> States:
    """One step of the case's network."""
    h, cell = states
    weights = (c.params["Wx"], c.params["Wh"], c.params["b"])
    if c.cell_type == "lstm":
        h, cell, _ = lstm_step_forward(x, h, cell, *weights)
        return h, cell
    return rnn_step_forward(x, h, *weights)[0], cell


@dataclass(frozen=True)
class Way:
    """How captions are written; each field is changed for one mistake.

    `first` is the word that is read first. `image` stands between the affine map and h0, `cell` makes
    the first cell state of h0. `reads` makes the inputs of a step of the words and the step's number.
    `scores_after` says that the scores are made of the hidden state after a step, not before it.
    """

    first: str = "<START>"
    image: Callable[[Array], Array] = lambda h: h
    cell: Callable[[Array], Array] = np.zeros_like
    reads: Callable[[CaptionCase, Array, int], Array] = lambda c, words, _: c.params["W_embed"][
        words
    ]
    step: Callable[[CaptionCase, Array, States], States] = right_step
    best: Callable[[Array], Array] = lambda scores: scores.argmax(axis=1)
    scores_after: bool = True
    feeds_back: bool = True
    carries: bool = True
    carries_cell: bool = True


def words_of(c: CaptionCase, way: Way | None = None) -> Array:
    """The words (N, max_length) that a way of writing gives, <END> or not."""
    return _scored_words(c, way or Way())[0]


def _scored_words(c: CaptionCase, way: Way) -> tuple[Array, Array]:
    """The words and, for each, how far its score is ahead of the next best one."""
    p, N = c.params, len(c.features)
    h = way.image(affine_forward(c.features, p["W_proj"], p["b_proj"])[0])
    cell = way.cell(h)
    read = np.full(N, c.word_to_idx[way.first])
    words, lead = np.zeros((N, c.max_length), dtype=int), np.zeros((N, c.max_length))
    for t in range(c.max_length):
        after, cell_after = way.step(c, way.reads(c, read, t), (h, cell))
        scores = (after if way.scores_after else h) @ p["W_vocab"] + p["b_vocab"]
        words[:, t] = way.best(scores)
        two = np.sort(scores, axis=1)[:, -2:]
        lead[:, t] = two[:, 1] - two[:, 0]
        read = words[:, t] if way.feeds_back else read
        h = after if way.carries else h
        cell = cell_after if way.carries and way.carries_cell else way.cell(h)
    return words, lead


def up_to_the_end(c: CaptionCase, words: Array) -> Written:
    """These words; what follows the first <END> of a row is free."""
    is_end = words == c.word_to_idx["<END>"]
    over = np.cumsum(is_end, axis=1) - is_end > 0
    return Written(np.ma.masked_array(words, mask=over))


def written(c: CaptionCase, way: Way | None = None) -> Written:
    """What a way of writing gives, up to <END>."""
    return up_to_the_end(c, words_of(c, way))


def moved_on(c: CaptionCase, word: str, way: Way | None = None) -> Written:
    """The words that a way gives, one place too late: `word` stands in the first column."""
    first = np.full((len(c.features), 1), c.word_to_idx[word])
    return up_to_the_end(c, np.concatenate([first, words_of(c, way)[:, :-1]], axis=1))


def without_the_first_word(c: CaptionCase) -> Written:
    """The right words in their places, but for the first one: <NULL> stands there."""
    words = words_of(c).copy()
    words[:, 0] = c.word_to_idx["<NULL>"]
    return up_to_the_end(c, words)


CLEAR = 1e-3
"""How far the best word's score is ahead of the second best one's, at least."""
DRAWS = 500
NEVER = -50.0
"""The bias of a word that is not to be written."""


def telling(blueprint: Blueprint[CaptionCase], ways: Sequence[Way] = ()) -> Blueprint[CaptionCase]:
    """Cases as `blueprint` draws them in which each of these ways gives other words than the right one.

    No two words are close to a tie. <END> is renumbered so that captions of several images end early,
    and at different places, while others do not end at all.
    """

    def draw(rng: np.random.Generator) -> CaptionCase:
        for _ in range(DRAWS):
            c = _ending(blueprint(rng))
            if c is not None and _tells(c, ways):
                return c
        raise RuntimeError(f"none of {DRAWS} draws tells the ways of writing apart")

    return draw


def _tells(c: CaptionCase, ways: Sequence[Way]) -> bool:
    words, lead = _scored_words(c, Way())
    right: Any = up_to_the_end(c, words).captions
    free = right.mask
    if np.any(lead[~free] < CLEAR):
        return False
    return all(np.any((words_of(c, way) != words) & ~free) for way in ways)


def _ending(drawn: CaptionCase) -> CaptionCase | None:
    """The case with the numbers of <END> and of another word swapped; None if no word will do."""
    signs = [drawn.word_to_idx[sign] for sign in SIGNS]
    end = drawn.word_to_idx["<END>"]
    bias = drawn.params["b_vocab"].copy()
    bias[signs] = NEVER
    c = replace(drawn, params={**drawn.params, "b_vocab": bias})
    words = words_of(c)
    for word in np.unique(words).tolist():
        at = [row.index(word) for row in words.tolist() if word in row]
        some = len(at) < len(words) or len(words) == 1
        if some and min(at) >= min(3, c.max_length // 2):
            swapped = np.arange(len(c.word_to_idx))
            swapped[[word, end]] = end, word
            params = {
                **c.params,
                "W_embed": c.params["W_embed"][swapped],
                "W_vocab": c.params["W_vocab"][:, swapped],
                "b_vocab": bias[swapped],
            }
            return replace(c, params=params)
    return None
