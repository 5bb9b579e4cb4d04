"""Wrong ways of writing captions, by the name of the mistake."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.assignments.a3.captioning_runs import States, Way
from grader.cases.captions import CaptionCase
from grader.cases.dense import Array


def _number_as_vector(c: CaptionCase, words: Array, t: int) -> Array:
    embedded: Array = c.params["W_embed"][words]
    return np.full_like(embedded, c.word_to_idx["<START>"]) if t == 0 else embedded


def _without_tanh(c: CaptionCase, x: Array, states: States) -> States:
    h: Any = x @ c.params["Wx"] + states[0] @ c.params["Wh"] + c.params["b"]
    return h, states[1]


BOTH: Mapping[str, Way] = {
    "reads_null_first": Way(first="<NULL>"),
    "start_as_a_vector": Way(reads=_number_as_vector),
    "always_the_same_word_read": Way(feeds_back=False),
    "always_the_same_state": Way(carries=False),
    "starts_from_zeros": Way(image=np.zeros_like),
    "tanh_on_the_image": Way(image=np.tanh),
    "scored_too_early": Way(scores_after=False),
    "worst_word": Way(best=lambda scores: scores.argmin(axis=1)),
}
"""For either kind of cell."""
RNN: Mapping[str, Way] = {**BOTH, "no_tanh": Way(step=_without_tanh)}
LSTM: Mapping[str, Way] = {
    **BOTH,
    "cell_of_ones": Way(cell=np.ones_like),
    "cell_from_the_image": Way(cell=lambda h: h),
    "cell_not_carried": Way(carries_cell=False),
}
