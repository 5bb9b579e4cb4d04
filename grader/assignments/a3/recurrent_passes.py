"""What recurrent layers give back, and the layers of earlier parts that later parts call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from grader.cases.dense import Array
from grader.checks.outcome import Given
from reference.layers import (
    affine_backward,
    affine_forward,
    lstm_backward,
    lstm_forward,
    lstm_step_backward,
    lstm_step_forward,
    rnn_backward,
    rnn_forward,
    rnn_step_backward,
    rnn_step_forward,
    sigmoid,
    temporal_affine_backward,
    temporal_affine_forward,
    temporal_softmax_loss,
    word_embedding_backward,
    word_embedding_forward,
)

LAYERS = "cs231n.rnn_layers"

Functions = Mapping[str, Callable[..., Any]]

RNN_STEP: Functions = {
    "rnn_step_forward": rnn_step_forward,
    "rnn_step_backward": rnn_step_backward,
}
LSTM_STEP: Functions = {
    "lstm_step_forward": lstm_step_forward,
    "lstm_step_backward": lstm_step_backward,
    "sigmoid": sigmoid,
}
LSTM_GATE: Functions = {"sigmoid": sigmoid}
"""The starter's own, for a student who has changed it."""
EVERYTHING: Functions = {
    **RNN_STEP,
    **LSTM_STEP,
    "affine_forward": affine_forward,
    "affine_backward": affine_backward,
    "rnn_forward": rnn_forward,
    "rnn_backward": rnn_backward,
    "lstm_forward": lstm_forward,
    "lstm_backward": lstm_backward,
    "word_embedding_forward": word_embedding_forward,
    "word_embedding_backward": word_embedding_backward,
    "temporal_affine_forward": temporal_affine_forward,
    "temporal_affine_backward": temporal_affine_backward,
    "temporal_softmax_loss": temporal_softmax_loss,
}
"""All that a captioning network is made of."""


def given(functions: Functions) -> tuple[Given, ...]:
    """These functions, to be given together."""
    return (Given(LAYERS, functions),)


@dataclass(frozen=True)
class States:
    """The hidden states after each step."""

    h: Array | None


@dataclass(frozen=True)
class SequenceGrads:
    """The backward pass over whole sequences."""

    dx: Array | None
    dh0: Array | None
    dWx: Array | None
    dWh: Array | None
    db: Array | None
