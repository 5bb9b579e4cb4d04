"""a3 · Transformer_Captioning.ipynb: attention with several heads, in evaluation mode.

The layers' parameters are set from a seed on both sides, so the stream of random numbers, which differs
from one torch to the next, decides nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import torch

from grader.assignments.a3.networks import filled, numbers, tensor
from grader.cases.attention import AttentionCase
from grader.cases.dense import Array
from grader.checks.law import Claim, near, that
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.torch_models.transformer import MultiHeadAttention

suite = Suite(
    "a3",
    "Transformer_Captioning",
    question="Q2",
    reading="“Attention Is All You Need”, section 3.2",
)

LAYERS = "cs231n.transformer_layers"


@dataclass(frozen=True)
class Attended:
    """What the queries gathered."""

    NAN_IS_BLANK = True

    out: Array | None


@dataclass(frozen=True)
class AttendedTwice:
    """Two passes over the same input."""

    out: Array | None
    again: Array | None


MADE = "attention = kit.fill(MultiHeadAttention(embed_dim, num_heads, dropout=dropout), seed)\n"
CALL = (
    "attention(query=kit.tensor(query), key=kit.tensor(key), value=kit.tensor(value), "
    "attn_mask=kit.tensor(mask))"
)
attended = Script(LAYERS, AttentionCase, Attended, f"{MADE}attention.eval()\nout = {CALL}")
attended_twice = Script(
    LAYERS, AttentionCase, AttendedTwice, f"{MADE}attention.eval()\nout = {CALL}\nagain = {CALL}"
)
trained_twice = Script(LAYERS, AttentionCase, AttendedTwice, f"{MADE}out = {CALL}\nagain = {CALL}")

mha = suite.item("mha.forward", points=9, answers=f"{LAYERS}:MultiHeadAttention.forward")

TwoPasses = Callable[[AttentionCase], AttendedTwice]


@mha.law(
    attended_twice,
    cases=[AttentionCase.of(dropout=0.5)],
    ask="Does your dropout know whether the module is training?",
)
def evaluation_drops_nothing(c: AttentionCase, run: TwoPasses) -> Iterator[Claim]:
    """In evaluation mode two passes give the same"""
    got = run(c)
    same = np.array_equal(np.asarray(got.out), np.asarray(got.again), equal_nan=True)
    yield that(same, "two passes in evaluation mode differ: something is dropped all the same")


@mha.law(
    attended,
    cases=[AttentionCase.of(masked=True)],
    ask="Which score does a softmax turn into the weight 0: inf, or -inf?",
)
def a_mask_leaves_numbers(
    c: AttentionCase, run: Callable[[AttentionCase], Attended]
) -> Iterator[Claim]:
    """Where every query may look at some key, a mask makes no NaN"""
    hidden = np.asarray(run(c).out)
    if hidden.dtype.kind == "f" and np.isnan(hidden).any():
        plain = np.asarray(run(replace(c, mask=None)).out)
        # What is NaN without a mask too is the next check's business.
        is_new = plain.dtype.kind == "f" and np.isfinite(plain).all()
        yield that(not is_new, "with a mask out is NaN, and without one it is not")


@mha.check(
    attended,
    core=[
        AttentionCase.of(),
        AttentionCase.of(N=1, masked=True),
        AttentionCase.of(N=3, masked=True, H=7),
        AttentionCase.of(T=4),
        AttentionCase.of(N=3, S=3, T=1, H=7),
    ],
    contract={
        "values are another sequence than keys": AttentionCase.of(T=4, apart=True),
        "another sequence is masked": AttentionCase.of(S=3, T=6, masked=True),
        "there is one head": AttentionCase.of(H=1),
    },
)
def attends(c: AttentionCase) -> Attended:
    """MultiHeadAttention gathers, for each query and in each head, values by the likeness of keys"""
    net = filled(MultiHeadAttention(c.embed_dim, c.num_heads), c.seed).eval()
    mask = None if c.mask is None else tensor(c.mask)
    with torch.no_grad():
        return Attended(numbers(net(tensor(c.query), tensor(c.key), tensor(c.value), mask)))


# --- what else may come of it -----------------------------------------------------------------------


@dataclass(frozen=True)
class _Parts:
    """Projections cut into heads, and the last layer."""

    Q: Array  # (N, H, S, E/H)
    K: Array  # (N, H, T, E/H)
    V: Array
    layer: Mapping[str, Array]


def _parts(c: AttentionCase, *, swapped: bool = False, transposed: bool = True) -> _Parts:
    net = filled(MultiHeadAttention(c.embed_dim, c.num_heads), c.seed)
    layer = {name: numbers(value) for name, value in net.named_parameters()}

    def project(x: Array, name: str) -> Array:
        rows = x.astype(np.float64) @ layer[f"{name}.weight"].T + layer[f"{name}.bias"]
        N, S, E = rows.shape
        if not transposed:
            return rows.reshape(N, c.num_heads, S, E // c.num_heads)
        return rows.reshape(N, S, c.num_heads, -1).transpose(0, 2, 1, 3)

    names = ("key", "query") if swapped else ("query", "key")
    return _Parts(
        project(c.query, names[0]), project(c.key, names[1]), project(c.value, "value"), layer
    )


def _scores(c: AttentionCase, parts: _Parts, scale: float | None = None) -> Array:
    scores: Array = parts.Q @ parts.K.transpose(0, 1, 3, 2)
    return scores / (np.sqrt(c.embed_dim // c.num_heads) if scale is None else scale)


def _hidden(scores: Array, mask: Array | None, by: float = -np.inf) -> Array:
    return scores if mask is None else np.where(mask, scores, by)


def _softmax(scores: Array, axis: int = -1) -> Array:
    raised = np.exp(scores - scores.max(axis=axis, keepdims=True))
    weights: Array = raised / raised.sum(axis=axis, keepdims=True)
    return weights


def _gathered(
    parts: _Parts, weights: Array, *, merged: bool = True, project: bool = True
) -> Attended:
    heads = weights @ parts.V
    N, H, S, width = heads.shape
    joined = (heads.transpose(0, 2, 1, 3) if merged else heads).reshape(N, S, H * width)
    if not project:
        return Attended(joined)
    return Attended(joined @ parts.layer["proj.weight"].T + parts.layer["proj.bias"])


def _scaled_by(c: AttentionCase, scale: float) -> Attended:
    parts = _parts(c)
    return _gathered(parts, _softmax(_hidden(_scores(c, parts, scale), c.mask)))


@attends.mistake(ask="How wide are the vectors whose dot product you take: E, or E/H?")
def scaled_by_the_whole_width(c: AttentionCase) -> Attended:
    """the scores are divided by the root of E and not of E/H"""
    return _scaled_by(c, np.sqrt(c.embed_dim))


@attends.mistake(ask="How does the size of a dot product grow with the width of its vectors?")
def not_scaled(c: AttentionCase) -> Attended:
    """the scores are not divided by anything"""
    return _scaled_by(c, 1.0)


@attends.mistake(ask="The variance of the scores is E/H. What is their deviation?")
def scaled_without_the_root(c: AttentionCase) -> Attended:
    """the scores are divided by E/H itself"""
    return _scaled_by(c, c.embed_dim / c.num_heads)


@attends.mistake(ask="The variance of the scores is E/H. What is their deviation?")
def scaled_by_the_width_itself(c: AttentionCase) -> Attended:
    """the scores are divided by E"""
    return _scaled_by(c, c.embed_dim)


@attends.mistake(ask="masked_fill returns a new tensor: what does your code do with it?")
def mask_without_effect(c: AttentionCase) -> Attended:
    """the mask hides nothing"""
    parts = _parts(c)
    return _gathered(parts, _softmax(_scores(c, parts)))


@attends.mistake(
    ask="Which entries of the mask say that a query may not look: the zeros, or the ones?"
)
def mask_inverted(c: AttentionCase) -> Attended:
    """the mask hides what it should show"""
    parts = _parts(c)
    mask = None if c.mask is None else ~c.mask
    return _gathered(parts, _softmax(_hidden(_scores(c, parts), mask)))


@attends.mistake(ask="Which score becomes a weight of 0 in the softmax: 0, or something else?")
def mask_multiplied(c: AttentionCase) -> Attended:
    """the scores are multiplied by the mask"""
    parts = _parts(c)
    return _gathered(parts, _softmax(_hidden(_scores(c, parts), c.mask, by=0.0)))


@attends.mistake(ask="What do the weights that are left add up to?")
def mask_after_softmax(c: AttentionCase) -> Attended:
    """the mask is applied to the weights, after the softmax"""
    parts = _parts(c)
    weights = _softmax(_scores(c, parts))
    return _gathered(parts, weights if c.mask is None else weights * c.mask)


@attends.mistake(ask="Row i of the mask belongs to which: to query i, or to key i?")
def mask_transposed(c: AttentionCase) -> Attended:
    """rows and columns of the mask have changed places"""
    parts, mask = _parts(c), c.mask
    if mask is not None and mask.shape[0] == mask.shape[1] and mask.any(axis=0).all():
        mask = mask.T
    return _gathered(parts, _softmax(_hidden(_scores(c, parts), mask)))


@attends.mistake(ask="Whose weights add up to 1: those of one query, or those of one key?")
def softmax_over_queries(c: AttentionCase) -> Attended:
    """the softmax runs over the queries and not over the keys"""
    parts = _parts(c)
    hidden = _hidden(_scores(c, parts), c.mask, by=-1e9)
    return _gathered(parts, _softmax(hidden, axis=2))


@attends.mistake(ask="Which axis varies fastest in memory, and which one does view cut?")
def heads_cut_across_tokens(c: AttentionCase) -> Attended:
    """the heads are cut with a view alone, which mixes tokens"""
    parts = _parts(c, transposed=False)
    return _gathered(parts, _softmax(_hidden(_scores(c, parts), c.mask)))


@attends.mistake(ask="Which axis must stand beside E/H before the two are joined?")
def heads_joined_across_tokens(c: AttentionCase) -> Attended:
    """the heads are joined without being transposed back"""
    parts = _parts(c)
    weights = _softmax(_hidden(_scores(c, parts), c.mask))
    return _gathered(parts, weights, merged=False)


@attends.mistake(ask="Which of the four layers has not been used?")
def not_projected(c: AttentionCase) -> Attended:
    """the joined heads do not go through self.proj"""
    parts = _parts(c)
    return _gathered(parts, _softmax(_hidden(_scores(c, parts), c.mask)), project=False)


@attends.mistake(ask="Which of its three arguments does forward not look at?", costs="contract")
def keys_for_values(c: AttentionCase) -> Attended:
    """the keys are gathered in place of the values"""
    return attends.oracle(replace(c, value=c.key))


@attends.mistake(ask="Which layer does the query go through, and which one the key?")
def layers_swapped(c: AttentionCase) -> Attended:
    """the query goes through self.key and the key through self.query"""
    parts = _parts(c, swapped=True)
    return _gathered(parts, _softmax(_hidden(_scores(c, parts), c.mask)))


# --- in training ------------------------------------------------------------------------------------


@mha.law(
    trained_twice,
    cases=[AttentionCase.of(dropout=0.6)],
    contract="the module is training",
    ask="Which of the layers that __init__ makes is there for training alone?",
)
def training_drops_something(c: AttentionCase, run: TwoPasses) -> Iterator[Claim]:
    """In training mode two passes differ, because weights are dropped"""
    got = run(c)
    same = np.array_equal(np.asarray(got.out), np.asarray(got.again), equal_nan=True)
    yield that(not same, "two passes in training mode give the same: nothing is dropped")


# Two layers that change nothing, so that what comes out is the values, weighted.
revealed = Script(
    LAYERS,
    AttentionCase,
    Attended,
    f"""
{MADE}
attention.value.weight.data.copy_(kit.tensor(eye))
attention.value.bias.data.zero_()
attention.proj.weight.data.copy_(kit.tensor(eye))
attention.proj.bias.data.zero_()
out = {CALL}
""",
)
DOUBT = 1e-3


@mha.law(
    revealed,
    cases=[AttentionCase.revealing(dropout=p) for p in (0.25, 0.5)],
    contract="the module is training",
    ask="Between which two steps of the notebook's formula does its dropout stand?",
)
def drops_attention_weights(
    c: AttentionCase, run: Callable[[AttentionCase], Attended]
) -> Iterator[Claim]:
    """What is dropped are attention weights, after the softmax"""
    N, S, E = c.query.shape
    out = np.asarray(run(c).out, dtype=np.float64)
    if out.shape != (N, S, E):
        yield that(False, f"out has shape {out.shape}, {(N, S, E)} was expected")  # noqa: FBT003
        return
    bases = c.value.reshape(N, -1, c.num_heads, E // c.num_heads).transpose(0, 2, 3, 1)
    heads = out.reshape(N, S, c.num_heads, -1).transpose(0, 2, 1, 3)
    weights = heads @ bases  # the inverse of a basis is its transpose
    kept = _softmax(_scores(c, _parts(c))) / (1 - c.dropout)
    dropped = np.abs(weights) < DOUBT
    yield that(np.any(dropped & (kept > DOUBT)), "no attention weight is dropped")
    off = np.where(dropped, 0, weights - kept)
    yield near(off, 0, "a weight that was kept, less weight / (1 - p),", limit=DOUBT)
