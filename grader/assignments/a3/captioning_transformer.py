"""a3 · Transformer_Captioning.ipynb: the network that writes captions.

Whether a word sees the future, where it stands and what is in the image shows in laws, which hold for any
parameters; the notebook's own check, with its evenly spaced ones, sees none of it.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812 - the usual name
from torch import Tensor

from grader.assignments.a3.attention import mha
from grader.assignments.a3.networks import filled, numbers, tensor
from grader.assignments.a3.positional_encoding import pe_forward, pe_init
from grader.cases.attention import CaptionCase
from grader.cases.dense import Array
from grader.checks.law import Claim, near, that
from grader.checks.outcome import Given
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.torch_models.captioning import CaptioningTransformer
from reference.torch_models.transformer import MultiHeadAttention, PositionalEncoding

suite = Suite(
    "a3",
    "Transformer_Captioning",
    question="Q2",
    reading="“Attention Is All You Need”, sections 3.1 and 3.3",
)

NETWORK = "cs231n.classifiers.transformer"
LAYERS = "cs231n.transformer_layers"


@dataclass(frozen=True)
class Scored:
    """The scores of all words at all places."""

    NAN_IS_BLANK = True

    scores: Array | None


# --- earlier parts, when the student's own do not work -------------------------------------------


def _encoded(module: Any, x: Array) -> Array:
    N, S, D = x.shape
    del module, N
    table = PositionalEncoding(D, max_len=S).double()
    return numbers(table.eval()(tensor(x)))


def _attended(
    module: Any, query: Array, key: Array, value: Array, attn_mask: Array | None = None
) -> Array:
    # Width and number of heads, as the decoder's layers make it.
    net = MultiHeadAttention(*map(int, module["made_with"][:2])).double().eval()
    net.load_state_dict({name: tensor(p) for name, p in module["parameters"].items()})
    mask = None if attn_mask is None else tensor(attn_mask)
    with torch.no_grad():
        return numbers(net(tensor(query), tensor(key), tensor(value), mask))


EARLIER = Given(
    LAYERS,
    {"PositionalEncoding.forward": _encoded, "MultiHeadAttention.forward": _attended},
)

forward = suite.item(
    "transformer.forward",
    points=6,
    answers=f"{NETWORK}:CaptioningTransformer.forward",
    given=(EARLIER,),
    after=(pe_init, pe_forward, mha),
)

scored = Script(
    NETWORK,
    CaptionCase,
    Scored,
    """
    net = kit.fill(CaptioningTransformer(word_to_idx, input_dim=input_dim, wordvec_dim=wordvec_dim, \
num_heads=num_heads, num_layers=num_layers, max_length=max_length), seed)
    net.eval()
    scores = net(kit.tensor(features), kit.tensor(captions))
    """,
)
Run = Callable[[CaptionCase], Scored]
SAME = 1e-3
"""Scores of order 1, in float32, that are the same."""


def _scores(run: Run, c: CaptionCase) -> Array:
    """The scores as numbers, or as many NaN as there should be numbers."""
    got = run(c).scores
    shape = (*c.captions.shape, len(c.word_to_idx))
    if not isinstance(got, np.ndarray) or got.shape != shape or got.dtype.kind != "f":
        return np.full(shape, np.nan)
    return got.astype(np.float64)


def _moved(before: Array, after: Array) -> Array:
    """By how much each place's scores differ; 0 where there are none, which is the check's business."""
    moved: Array = np.nan_to_num(np.abs(after - before)).max(axis=(0, 2))
    return moved


@forward.law(
    scored,
    cases=[CaptionCase.of(), CaptionCase.of(layers=1)],
    ask="Which words may word t see, and what does your mask hold in row t?",
)
def no_word_sees_the_future(c: CaptionCase, run: Run) -> Iterator[Claim]:
    """Another word at place t changes no scores before t"""
    before = _scores(run, c)
    for t in (1, c.captions.shape[1] - 1):
        changed = c.captions.copy()
        changed[:, t] = changed[:, t] % (len(c.word_to_idx) - 1) + 1
        moved = _moved(before, _scores(run, replace(c, captions=changed)))
        fact = f"another word at place {t} changes scores before it by {moved[:t].max():.2g}"
        yield that(moved[:t].max() < SAME, fact)


@forward.law(
    scored,
    cases=[CaptionCase.of(), CaptionCase.of(layers=1)],
    ask="Which words may word t see, and what does your mask hold in row t?",
)
def every_word_sees_the_past(c: CaptionCase, run: Run) -> Iterator[Claim]:
    """Another first word changes the scores at all places after it"""
    before = _scores(run, c)
    changed = c.captions.copy()
    changed[:, 0] = changed[:, 0] % (len(c.word_to_idx) - 1) + 1
    moved = _moved(before, _scores(run, replace(c, captions=changed)))
    if np.isfinite(before).all():
        still = [int(t) for t in np.flatnonzero(moved < SAME) if t > 0]
        yield that(not still, f"another first word changes nothing at places {still}")


@forward.law(
    scored,
    cases=[CaptionCase.of(layers=1)],
    ask="Attention does not notice the order of what it looks at. What tells it?",
)
def order_matters(c: CaptionCase, run: Run) -> Iterator[Claim]:
    """Two earlier words that change places change the scores after them"""
    before = _scores(run, c)
    changed = c.captions.copy()
    changed[:, [0, 1]] = changed[:, [1, 0]]
    moved = _moved(before, _scores(run, replace(c, captions=changed)))
    if np.isfinite(before).all():
        yield that(moved[-1] > SAME, "the first two words can change places unnoticed")


@forward.law(
    scored, cases=[CaptionCase.of()], ask="What does the decoder look at beside the words?"
)
def the_image_matters(c: CaptionCase, run: Run) -> Iterator[Claim]:
    """Other images give other scores"""
    before = _scores(run, c)
    moved = _moved(before, _scores(run, replace(c, features=-c.features)))
    if np.isfinite(before).all():
        yield that(moved.max() > SAME, "other images give the same scores")


@forward.law(
    scored,
    cases=[CaptionCase.of()],
    ask="Of which shape is the decoder's memory, and along which axis does it attend?",
)
def each_caption_has_its_own_image(c: CaptionCase, run: Run) -> Iterator[Claim]:
    """The scores of a caption are the same whatever else is in the minibatch"""
    before = _scores(run, c)
    alone = _scores(run, replace(c, features=c.features[:1], captions=c.captions[:1]))
    if np.isfinite(before).all() and np.isfinite(alone).all():
        yield near(alone, before[:1], "a score of the first caption alone", limit=SAME)


@forward.check(
    scored, core=[CaptionCase.of(), CaptionCase.of(N=1, T=7), CaptionCase.of(N=4, T=1, layers=1)]
)
def scores(c: CaptionCase) -> Scored:
    """CaptioningTransformer scores every word at every place of a caption, given an image"""
    return _scored(c)


@scores.accepts
def scores_with_gelu(c: CaptionCase) -> Scored:
    """The decoder layer of later editions, which has a GELU where this one has a ReLU"""
    return _scored(c, activation=F.gelu)


def _network(c: CaptionCase) -> CaptioningTransformer:
    net = CaptioningTransformer(
        c.word_to_idx, c.input_dim, c.wordvec_dim, c.num_heads, c.num_layers, c.max_length
    )
    return filled(net, c.seed).eval()


def _decoded(
    net: CaptioningTransformer,
    words: Tensor,
    memory: Tensor,
    mask: Tensor,
    activation: Callable[[Tensor], Tensor] = F.relu,
) -> Tensor:
    """The decoder's output, with the activation of one edition or another."""
    tgt = words
    layer: Any
    for layer in net.transformer.layers:
        tgt = layer.norm1(tgt + layer.self_attn(tgt, tgt, tgt, attn_mask=mask))
        tgt = layer.norm2(tgt + layer.multihead_attn(tgt, memory, memory))
        tgt = layer.norm3(tgt + layer.linear2(activation(layer.linear1(tgt))))
    return tgt


def _scored(
    c: CaptionCase,
    *,
    words: Callable[[CaptioningTransformer, Tensor], Tensor] = lambda net, t: (
        net.positional_encoding(net.embedding(t))
    ),
    activation: Callable[[Tensor], Tensor] = F.relu,
    project: bool = True,
) -> Scored:
    net, captions = _network(c), tensor(c.captions)
    T = captions.shape[1]
    with torch.no_grad():
        memory = net.visual_projection(tensor(c.features))[:, None]
        mask = torch.ones(T, T).tril()
        out = _decoded(net, words(net, captions), memory, mask, activation)
        return Scored(numbers(net.output(out) if project else out))


@scores.mistake(
    ask="What do the words carry into the decoder: their meaning, their place, or both?"
)
def not_encoded(c: CaptionCase) -> Scored:
    """the words go into the decoder without their positions"""
    return _scored(c, words=lambda net, t: net.embedding(t))


@scores.mistake(ask="positional_encoding returns the sum already. What does your code add it to?")
def embedded_twice(c: CaptionCase) -> Scored:
    """the word vectors are added to their sum with the positions once more"""

    def twice(net: CaptioningTransformer, t: Tensor) -> Tensor:
        embedded = net.embedding(t)
        sum_of_both: Tensor = embedded + net.positional_encoding(embedded)
        return sum_of_both

    return _scored(c, words=twice)


@scores.mistake(ask="Is the image a word of the caption, or what the decoder looks at?")
def image_for_the_first_word(c: CaptionCase) -> Scored:
    """the image stands before the first word, and the last word is cut off"""
    net, captions = _network(c), tensor(c.captions)
    T = captions.shape[1]
    with torch.no_grad():
        memory = net.visual_projection(tensor(c.features))[:, None]
        words = net.positional_encoding(net.embedding(captions))[:, :-1]
        out = _decoded(net, torch.cat((memory, words), dim=1), memory, torch.ones(T, T).tril())
        return Scored(numbers(net.output(out)))


@scores.mistake(ask="Does an image come after another one, so that it needs a position?")
def image_encoded_too(c: CaptionCase) -> Scored:
    """the image gets a position as if it were a word"""
    net, captions = _network(c), tensor(c.captions)
    T = captions.shape[1]
    with torch.no_grad():
        memory = net.positional_encoding(net.visual_projection(tensor(c.features))[:, None])
        words = net.positional_encoding(net.embedding(captions))
        out = _decoded(net, words, memory, torch.ones(T, T).tril())
        return Scored(numbers(net.output(out)))


@scores.mistake(ask="How many scores does a place of the caption need?")
def no_output_layer(c: CaptionCase) -> Scored:
    """what the decoder gives does not go through self.output"""
    return _scored(c, project=False)
