"""a3 · Transformer_Captioning.ipynb: where a word stands."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from grader.assignments.a3.networks import numbers
from grader.cases.attention import PositionCase, TableCase
from grader.cases.dense import Array
from grader.checks.law import Claim, near, that
from grader.checks.script import Script
from grader.checks.suite import Suite
from reference.torch_models.transformer import PositionalEncoding

suite = Suite(
    "a3",
    "Transformer_Captioning",
    question="Q2",
    reading="“Attention Is All You Need”, section 3.5",
)

LAYERS = "cs231n.transformer_layers"


@dataclass(frozen=True)
class Table:
    """The table of encodings as it is kept, and what is added to a sequence of zeros."""

    SCAFFOLD = ("added",)
    ZEROS_ARE_BLANK = True

    pe: Array | None
    added: Array | None = None


@dataclass(frozen=True)
class Learned:
    """The shapes of what a network learns."""

    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Encoded:
    """A sequence with a table of ours added to it, and with the module's own."""

    SCAFFOLD = ("own",)
    NAN_IS_BLANK = True

    out: Array | None
    own: Array | None = None


@dataclass(frozen=True)
class Dropped:
    """The same sequence encoded in training mode and in evaluation mode."""

    out: Array | None
    still: Array | None


@dataclass(frozen=True)
class EncodedTwice:
    """The same sequence, encoded twice."""

    out: Array | None
    again: Array | None


# --- the table --------------------------------------------------------------------------------------

pe_init = suite.item("pe.init", points=4, answers=f"{LAYERS}:PositionalEncoding.__init__")

TABLES = [TableCase.of(D=6, max_len=11), TableCase.of(D=22, max_len=61)]


@pe_init.check(
    Script(
        LAYERS,
        TableCase,
        Table,
        """
        encoding = PositionalEncoding(embed_dim, max_len=max_len)
        pe = encoding.pe
        encoding.eval()
        added = kit.attempt(encoding, nothing)
        """,
    ),
    core=TABLES,
)
def table(c: TableCase) -> Table:
    """A new PositionalEncoding holds the sines and cosines of max_len positions"""
    return Table(numbers(PositionalEncoding(c.embed_dim, max_len=c.max_len).pe))


@table.accepts
def table_worked_out_later(c: TableCase) -> Table:
    """A module that keeps angles, or keeps its table elsewhere, and adds what is right"""
    return Table(None, table.oracle(c).pe)


def _waves(
    c: TableCase, *, first: int = 0, power: float = -1.0, paired: bool = True, order: str = "sc"
) -> Table:
    """A table with its formula varied: where positions start, the exponent's factor and its pairs."""
    place = np.arange(first, first + c.max_len)[:, None]
    column = np.arange(c.embed_dim)
    exponent = (column - column % 2 if paired else column) / c.embed_dim
    angle = place * 10000.0 ** (power * exponent)
    waves = {"s": np.sin(angle), "c": np.cos(angle)}
    return Table(np.where(column % 2 == 0, waves[order[0]], waves[order[1]])[None])


@table.mistake(ask="Which exponent does a cosine share with the sine to its left?")
def exponents_not_paired(c: TableCase) -> Table:
    """an odd column's exponent is its own number and not that of the column before"""
    return _waves(c, paired=False)


@table.mistake(ask="Which columns hold sines: the even ones, or the first half?")
def in_halves(c: TableCase) -> Table:
    """the first half of the columns are sines and the second half cosines"""
    sines, cosines = (_waves(c, order=kind * 2).pe for kind in "sc")
    assert sines is not None
    assert cosines is not None
    return Table(np.concatenate([sines[..., ::2], cosines[..., ::2]], axis=2))


@table.mistake(ask="What are the sine and the cosine of the first position, 0?")
def starts_at_one(c: TableCase) -> Table:
    """the first position is 1 and not 0"""
    return _waves(c, first=1)


@table.mistake(ask="Do the waves grow longer to the right, or shorter?")
def exponent_positive(c: TableCase) -> Table:
    """the exponent has no minus"""
    return _waves(c, power=1.0)


@table.mistake(ask="Which of the two belongs to the even columns?")
def swapped(c: TableCase) -> Table:
    """sines and cosines have changed places"""
    return _waves(c, order="cs")


@table.mistake(ask="j already counts columns, and not pairs. What does 2j count?")
def exponent_doubled(c: TableCase) -> Table:
    """the exponent is 2j/d where it should be j/d"""
    return _waves(c, power=-2.0)


@table.mistake(ask="How many columns are odd, and which of them share their neighbour's exponent?")
def one_exponent_paired(c: TableCase) -> Table:
    """only column 1 shares the exponent of the column before it"""
    paired, alone = _waves(c).pe, _waves(c, paired=False).pe
    assert paired is not None
    assert alone is not None
    return Table(np.concatenate([paired[..., :2], alone[..., 2:]], axis=2))


@pe_init.law(
    Script(
        LAYERS,
        TableCase,
        Learned,
        """
        encoding = PositionalEncoding(embed_dim, max_len=max_len)
        parameters = kit.shapes(encoding)
        """,
    ),
    cases=TABLES[:1],
    contract="the encodings are a buffer",
    ask="Should training change where the third word stands?",
)
def nothing_is_learned(c: TableCase, run: Callable[[TableCase], Learned]) -> Iterator[Claim]:
    """The encodings are not learned"""
    found = run(c).parameters
    yield that(found == {}, "the table is a parameter, which an optimiser would change")


# --- adding it --------------------------------------------------------------------------------------

pe_forward = suite.item("pe.forward", points=2, answers=f"{LAYERS}:PositionalEncoding.forward")

MADE = "encoding = PositionalEncoding(embed_dim, dropout=dropout, max_len=max_len)\n"
# A table of ours is set, so that one that is wrong costs nothing here.
encoded = Script(
    LAYERS,
    PositionCase,
    Encoded,
    f"""
{MADE}
encoding.eval()
own = kit.attempt(encoding, x)
kit.place(encoding, table)
out = encoding(kit.tensor(x))
""",
)
encoded_twice = Script(
    LAYERS,
    PositionCase,
    EncodedTwice,
    f"""
{MADE}
encoding.eval()
out = kit.attempt(encoding, x)
again = kit.attempt(encoding, x)
""",
)
in_training = Script(
    LAYERS,
    PositionCase,
    Dropped,
    f"""
{MADE}
out = kit.attempt(encoding, x)
encoding.eval()
still = kit.attempt(encoding, x)
""",
)

SEQUENCES = [PositionCase.of(), PositionCase.of(N=1, S=2, D=6), PositionCase.of(S=11)]


@pe_forward.law(
    encoded_twice,
    cases=[PositionCase.of(dropout=0.5)],
    ask="Does your dropout know whether the module is training?",
)
def evaluation_drops_nothing(
    c: PositionCase, run: Callable[[PositionCase], EncodedTwice]
) -> Iterator[Claim]:
    """In evaluation mode two passes give the same"""
    got = run(c)
    # Passes that fail, or give no numbers, are the next check's business.
    same = got.out is None or got.again is None or np.array_equal(got.out, got.again)
    yield that(same, "two passes in evaluation mode differ: something is dropped all the same")


@pe_forward.check(encoded, core=SEQUENCES)
def adds_positions(c: PositionCase) -> Encoded:
    """PositionalEncoding adds to each token the encoding of its place"""
    return _with_table(c, c.table[:, : c.x.shape[1]])


@adds_positions.accepts
def adds_its_own_table(c: PositionCase) -> Encoded:
    """The table of the course, for a module that keeps it elsewhere or in another form"""
    right = numbers(PositionalEncoding(c.embed_dim, max_len=c.max_len).pe)
    return Encoded(None, _with_table(c, right[:, : c.x.shape[1]]).out)


def _with_table(c: PositionCase, rows: Array) -> Encoded:
    return Encoded(c.x.astype(np.float64) + rows)


@adds_positions.mistake(
    ask="Do two places differ in what they are multiplied by, or in what is added?"
)
def multiplies(c: PositionCase) -> Encoded:
    """the tokens are multiplied by the encodings"""
    return Encoded(c.x.astype(np.float64) * c.table[:, : c.x.shape[1]])


@adds_positions.mistake(ask="Which row of the table belongs to the first token?")
def one_place_on(c: PositionCase) -> Encoded:
    """each token gets the encoding of the place after its own"""
    return _with_table(c, c.table[:, (np.arange(c.x.shape[1]) + 1) % c.max_len])


@adds_positions.mistake(ask="Does the second token stand where the first one stands?")
def one_row_for_all(c: PositionCase) -> Encoded:
    """all tokens get the encoding of the first place"""
    return _with_table(c, c.table[:, :1])


@adds_positions.mistake(ask="Does the first token stand where the last one stands?")
def last_row_for_all(c: PositionCase) -> Encoded:
    """all tokens get the encoding of the place that the sequence ends with"""
    return _with_table(c, c.table[:, c.x.shape[1] - 1 : c.x.shape[1]])


@adds_positions.mistake(ask="Where in your code does the table meet x?")
def nothing_added(c: PositionCase) -> Encoded:
    """the tokens come out as they went in"""
    return Encoded(c.x.astype(np.float64))


@adds_positions.mistake(ask="What is to come out: where the tokens stand, or the tokens there?")
def table_alone(c: PositionCase) -> Encoded:
    """the encodings come out without the tokens"""
    return _with_table(c, c.table[:, : c.x.shape[1]] - c.x)


@pe_forward.law(
    in_training,
    cases=[PositionCase.of(dropout=p, S=11, D=22) for p in (0.2, 0.6)],
    ask="What goes through self.dropout: the tokens, the encodings, or their sum?",
)
def drops_entries_of_the_sum(
    c: PositionCase, run: Callable[[PositionCase], Dropped]
) -> Iterator[Claim]:
    """In training mode entries of the sum are dropped, and what is kept grows"""
    got = run(c)
    if got.out is None or got.still is None or got.out.shape != got.still.shape:
        yield that(False, "a pass fails, or gives no numbers")  # noqa: FBT003
        return
    dropped = got.out == 0
    share = float(np.mean(dropped))
    yield that(share > 0, "no entry is dropped")
    yield that(abs(share - c.dropout) < 0.15, f"{share:.0%} are dropped, not {c.dropout:.0%}")
    factor = got.out[~dropped] / got.still[~dropped]
    yield near(factor, 1 / (1 - c.dropout), "what is kept, over the sum,", limit=1e-2)
