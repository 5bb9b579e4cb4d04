"""a3 · RNN_Captioning.ipynb: word embedding, there and back."""

from dataclasses import dataclass, replace

import numpy as np

from grader.assignments.a3.recurrent_passes import LAYERS
from grader.cases.dense import Array
from grader.cases.sequences import EmbeddingCase
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.layers import word_embedding_backward, word_embedding_forward

suite = Suite(
    "a3", "RNN_Captioning", question="Q1", reading="CS231n notes, “Recurrent Neural Networks”"
)


@dataclass(frozen=True)
class Embedded:
    """The words' vectors."""

    out: Array | None


@dataclass(frozen=True)
class EmbeddingGrads:
    """The gradient of the word vectors."""

    dW: Array | None


there = Script(LAYERS, EmbeddingCase, Embedded, "out, cache = word_embedding_forward(x, W)")
and_back = Script(
    LAYERS,
    EmbeddingCase,
    EmbeddingGrads,
    """
    out, cache = word_embedding_forward(x, W)
    dW = word_embedding_backward(dout, cache)
    """,
)

CORE = [EmbeddingCase.of(), EmbeddingCase.of(N=23, T=5, V=3, D=2)]
CONTRACT = {
    "N is 1": EmbeddingCase.of(N=1, T=13),
    "T is 1": EmbeddingCase.of(T=1, V=3),
    "the last words of the vocabulary do not occur": EmbeddingCase.of(V=7, unused=2),
    "a word's vector has one entry": EmbeddingCase.of(D=1),
}

# --- forward ----------------------------------------------------------------------------------------

embed_forward = suite.item("embed.forward", points=2, answers=f"{LAYERS}:word_embedding_forward")


@embed_forward.check(there, core=CORE, contract=CONTRACT)
def looks_up(c: EmbeddingCase) -> Embedded:
    """word_embedding_forward returns the vector of each word"""
    return Embedded(word_embedding_forward(c.x, c.W)[0])


@looks_up.mistake(ask="In which order does the docstring name the axes of out?")
def time_first(c: EmbeddingCase) -> Embedded:
    """the axes of the samples and of the steps are swapped"""
    return Embedded(c.W[c.x.T])


@looks_up.mistake(ask="How many axes has out, and which are they?")
def flattened(c: EmbeddingCase) -> Embedded:
    """the vectors of all words stand in one long list"""
    return Embedded(c.W[c.x.reshape(-1)])


@looks_up.mistake(ask="With which number does the vocabulary begin?")
def counted_from_one(c: EmbeddingCase) -> Embedded:
    """each word gets the vector of the word before it in the vocabulary"""
    return Embedded(c.W[c.x - 1])


# --- backward ---------------------------------------------------------------------------------------

embed_backward = suite.item(
    "embed.backward",
    points=2,
    answers=f"{LAYERS}:word_embedding_backward",
    after=(embed_forward,),
)


@embed_backward.check(and_back, core=CORE, contract=CONTRACT)
def gathers(c: EmbeddingCase) -> EmbeddingGrads:
    """word_embedding_backward returns dW"""
    return EmbeddingGrads(word_embedding_backward(c.dout, (c.x, c.W)))


@gathers.mistake(ask="What does dW[x] += dout do when a word occurs twice in x?")
def last_one_counts(c: EmbeddingCase) -> EmbeddingGrads:
    """a word that occurs more than once gets the gradient of its last place alone"""
    dW = np.zeros_like(c.W)
    for place in np.ndindex(c.x.shape):
        dW[c.x[place]] = c.dout[place]
    return EmbeddingGrads(dW)


@gathers.mistake(
    ask="What is the gradient of a word's vector that was used k times: a sum or a mean?"
)
def averaged(c: EmbeddingCase) -> EmbeddingGrads:
    """the gradients of a word's places are averaged, not added"""
    dW = word_embedding_backward(c.dout, (c.x, c.W))
    times = np.bincount(c.x.ravel(), minlength=len(c.W))
    return EmbeddingGrads(dW / np.maximum(times, 1)[:, None])


@gathers.mistake(ask="Does dW begin with zeros or with W?")
def weights_added(c: EmbeddingCase) -> EmbeddingGrads:
    """the gradients are added to W itself"""
    return EmbeddingGrads(c.W + word_embedding_backward(c.dout, (c.x, c.W)))


@gathers.mistake(
    ask="How many rows has dW: one for each word that occurs, or for each word?", costs="contract"
)
def rows_for_words_met(c: EmbeddingCase) -> EmbeddingGrads:
    """dW has rows up to the last word that occurs, not for the whole vocabulary"""
    right = gathers.oracle(c)
    assert right.dW is not None
    return replace(right, dW=right.dW[: int(c.x.max()) + 1])
