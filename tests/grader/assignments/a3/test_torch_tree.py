"""a3's torch modules in trees as students hand them in: as given out, of other editions, changed."""

from collections.abc import Callable

import pytest

from grader.assignments.assignment import Assignment
from grader.proof import assembled
from grader.run import Grader
from grader.tree import build
from reporting.report import NOT_RUN, SubmissionReport

VIEWS = "cs231n/simclr/data_utils.py"
GAN = "cs231n/gan_pytorch.py"
LAYERS = "cs231n/transformer_layers.py"


@pytest.fixture
def grade(graders: Callable[[str], Grader]) -> Callable[..., SubmissionReport]:
    return graders("a3").grade


def verdicts(report: SubmissionReport, part: str) -> dict[str, str]:
    items = (i for i in report.items if i.verdict != NOT_RUN)
    return {i.id: i.verdict for i in items if i.id.startswith(f"a3.{part}")}


def without_a_body(a3: Assignment) -> bytes:
    """The views' module as the course gives it out: the block of the pair holds comments alone."""
    return (a3.starter / VIEWS).read_bytes().replace(b"            pass\n", b"")


def test_a_module_given_out_without_a_body_is_unanswered(
    grade: Callable[..., SubmissionReport], a3: Assignment
) -> None:
    files = assembled.perfect(a3) | {VIEWS: without_a_body(a3)}
    report = grade("untouched views", files)

    found = verdicts(report, "simclr")
    assert found.pop("a3.simclr.train_transform") == "unanswered"
    assert found.pop("a3.simclr.pair_getitem") == "unanswered"
    assert set(found.values()) == {"passed"}
    assert [note for note in report.notes if "does not compile" in note] == [
        f"{VIEWS} does not compile: a block without a statement was left empty"
    ]


def test_what_is_answered_beside_an_empty_block_counts(
    grade: Callable[..., SubmissionReport], a3: Assignment
) -> None:
    answered = assembled.perfect(a3)[VIEWS].decode()
    line = "            x_i, x_j = self.transform(img), self.transform(img)\n"
    assert answered.count(line) == 1
    report = grade("half", assembled.perfect(a3) | {VIEWS: answered.replace(line, "").encode()})

    found = verdicts(report, "simclr")
    assert found["a3.simclr.train_transform"] == "passed"
    assert found["a3.simclr.pair_getitem"] == "unanswered"


def test_a_syntax_error_is_still_one(
    grade: Callable[..., SubmissionReport], a3: Assignment
) -> None:
    broken = assembled.perfect(a3)[VIEWS] + b"\ndef f(:\n"
    found = verdicts(grade("broken", assembled.perfect(a3) | {VIEWS: broken}), "simclr")

    assert found["a3.simclr.train_transform"] == "crashed"
    assert found["a3.simclr.loss_naive"] == "passed"


def test_a_given_function_that_was_changed_is_noticed(a3: Assignment) -> None:
    text = (a3.starter / GAN).read_text()
    changed = text.replace("return bce(input.squeeze(), target)", "return bce(input, target)")
    assert changed != text
    gone = text.replace("def bce_loss(", "def my_loss(")

    def said(content: str) -> list[str]:
        return [n for n in build(a3, {GAN: content.encode()}).notes if "bce_loss" in n]

    assert said(text) == []
    assert said(changed) == [
        f"{GAN}: bce_loss, which was given, has been changed; it was left as it is"
    ]
    assert said(gone) == [f"{GAN}: bce_loss, which was given, is gone"]


def test_losses_that_need_a_changed_bce_loss_are_judged_with_it(
    grade: Callable[..., SubmissionReport], a3: Assignment
) -> None:
    own = b"""

def bce_loss(input, target):
    return nn.functional.binary_cross_entropy_with_logits(input, target)


def generator_loss(logits_fake):
    return bce_loss(logits_fake, torch.ones_like(logits_fake))
"""
    files = assembled.perfect(a3)
    report = grade("edited", files | {GAN: files[GAN] + own})

    assert set(verdicts(report, "gan").values()) == {"passed"}


UNWRITTEN = b"""
import torch
import torch.nn as nn


class PositionalEncoding(nn.Module):
    def __init__(self, embed_dim, dropout=0.1, max_len=5000):
        super().__init__()
        self.dropout = nn.Dropout(p=dropout)
        encodings = torch.zeros(1, max_len, embed_dim)
        self.register_buffer('pe', encodings)

    def forward(self, x):
        output = torch.empty(x.shape)
        return output


class MultiHeadAttention(nn.Module):
    def __init__(self, embed_dim, num_heads, dropout=0.1):
        super().__init__()
        self.key = nn.Linear(embed_dim, embed_dim)
        self.query = nn.Linear(embed_dim, embed_dim)
        self.value = nn.Linear(embed_dim, embed_dim)
        self.proj = nn.Linear(embed_dim, embed_dim)

    def forward(self, query, key, value, attn_mask=None):
        output = torch.empty(query.shape)
        return output
"""


def test_stubs_of_another_edition_are_unanswered_and_cost_nothing_behind_them(
    grade: Callable[..., SubmissionReport], a3: Assignment
) -> None:
    report = grade("older stubs", assembled.perfect(a3) | {LAYERS: UNWRITTEN})

    assert verdicts(report, "pe") == {"a3.pe.init": "unanswered", "a3.pe.forward": "unanswered"}
    assert verdicts(report, "mha") == {"a3.mha.forward": "unanswered"}
    assert verdicts(report, "transformer") == {"a3.transformer.forward": "passed"}


def test_the_decoder_of_a_later_edition_is_right(
    grade: Callable[..., SubmissionReport], a3: Assignment
) -> None:
    files = assembled.perfect(a3)
    network = "cs231n/classifiers/transformer.py"
    text = files[network].decode()
    assert text.count("F.relu(self.linear1(tgt))") == 1
    later = text.replace("F.relu(self.linear1(tgt))", "F.gelu(self.linear1(tgt))")
    report = grade("gelu", files | {network: later.encode()})

    assert verdicts(report, "transformer") == {"a3.transformer.forward": "passed"}


def test_all_torch_files_untouched_are_unanswered(
    grade: Callable[..., SubmissionReport], a3: Assignment
) -> None:
    report = grade("starter", assembled.starter(a3) | {VIEWS: without_a_body(a3)})

    for part in ("pe", "mha", "transformer", "gan", "simclr"):
        assert set(verdicts(report, part).values()) == {"unanswered"}, part
