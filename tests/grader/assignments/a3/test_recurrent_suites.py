"""The recurrent items of a3, from their cases to their points."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from grader.assignments.a3 import captioning_training, lstm_captioning
from grader.assignments.a3.captioning_mistakes import WAYS
from grader.assignments.a3.captioning_runs import telling, up_to_the_end, words_of, written
from grader.assignments.a3.captioning_training import Trained, knows_them_by_heart, some_captions
from grader.assignments.assignment import Assignment
from grader.cases.captions import CaptionCase
from grader.cases.sequences import EmbeddingCase
from grader.checks.metric import Unmeasurable
from grader.proof import assembled
from grader.run import Grader, Options
from reference.classifiers import CaptioningRNN
from reporting.report import SubmissionReport

RECURRENT = ("a3.rnn", "a3.embed", "a3.lstm")
MODEL = "cs231n/classifiers/rnn.py"
LAYERS = "cs231n/rnn_layers.py"


@pytest.fixture(scope="module")
def recurrent() -> Iterator[Grader]:
    with Grader("a3", Options(seed=7, only=RECURRENT, call_limit_seconds=5)) as warm:
        yield warm


def verdicts(report: SubmissionReport) -> dict[str, str]:
    return {item.id.removeprefix("a3."): item.verdict for item in report.items}


def test_the_points_are_those_of_the_course(a3: Assignment) -> None:
    ours = [item for item in a3.items if item.id.startswith(RECURRENT)]
    assert sum(item.points for item in ours if not item.bonus) == 29
    assert sum(item.points for item in ours if item.bonus) == 10
    assert {item.id for item in ours if item.bonus} == {
        f"a3.lstm.{name}"
        for name in ("step_forward", "step_backward", "forward", "backward", "loss", "sample")
    }


def test_the_reference_earns_every_point_and_the_bonus(recurrent: Grader, a3: Assignment) -> None:
    report = recurrent.grade("reference", assembled.perfect(a3))
    assert set(verdicts(report).values()) == {"passed"}
    assert (report.score, report.max_score, report.bonus) == (39, 29, 10)


def test_the_starter_is_unanswered(recurrent: Grader, a3: Assignment) -> None:
    report = recurrent.grade("starter", assembled.starter(a3))
    assert set(verdicts(report).values()) == {"unanswered"}
    assert report.score == 0


def test_without_layers_the_network_is_graded_as_if_they_were_right(
    recurrent: Grader, a3: Assignment
) -> None:
    files = {**assembled.perfect(a3), LAYERS: assembled.starter(a3)[LAYERS]}
    found = verdicts(recurrent.grade("network alone", files))
    network = {"rnn.loss", "rnn.sample", "rnn.outcome", "lstm.loss", "lstm.sample"}
    assert {name for name, verdict in found.items() if verdict == "passed"} == network
    assert {verdict for name, verdict in found.items() if name not in network} == {"unanswered"}


def test_a_training_that_learns_nothing_earns_nothing(recurrent: Grader, a3: Assignment) -> None:
    files = dict(assembled.perfect(a3))
    frozen = b"""

class CaptioningRNN(CaptioningRNN):
    def loss(self, features, captions):
        loss, grads = super().loss(features, captions)
        if self.dtype == np.float32:
            return 0.0, {name: 0 * grad for name, grad in grads.items()}
        return loss, grads
"""
    files[MODEL] += frozen
    report = recurrent.grade("says that it has learned", files)
    outcome = next(item for item in report.items if item.id == "a3.rnn.outcome")
    assert outcome.verdict == "failed"
    assert outcome.facts[0].startswith("measured: 2")


# --- cases ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("cell_type", ["rnn", "lstm"])
def test_written_captions_tell_each_way_of_writing_apart(seed: int, cell_type: str) -> None:
    ways = lstm_captioning.LSTM_WAYS if cell_type == "lstm" else WAYS
    c = telling(CaptionCase.of(cell_type=cell_type), ways)(np.random.default_rng(seed))
    words = words_of(c)
    is_end = words == 2
    assert is_end.any()
    assert not is_end.any(axis=1).all()
    assert not is_end[:, :3].any()
    assert not np.isin(words, (0, 1)).any()
    right: Any = written(c).captions
    for way in ways:
        assert (np.ma.masked_array(words_of(c, way), np.ma.getmaskarray(right)) != words).any()


def test_a_caption_is_free_after_its_end() -> None:
    c = CaptionCase.of(N=2, max_length=4)(np.random.default_rng(1))
    found: Any = up_to_the_end(c, np.array([[5, 2, 2, 6], [5, 6, 7, 8]])).captions
    assert np.ma.getmaskarray(found).tolist() == [[False, False, True, True], [False] * 4]


def test_captions_begin_end_and_are_filled_up() -> None:
    c = CaptionCase.of(N=5, T=4, signs=(6, 3, 9))(np.random.default_rng(2))
    assert (c.captions[:, 0] == 3).all()
    assert c.captions[0, -1] == 9
    assert (c.captions == 6).any()
    for row in c.captions.tolist():
        after = row[row.index(6) :] if 6 in row else []
        assert set(after) <= {6}


def test_every_word_but_the_unused_ones_occurs() -> None:
    c = EmbeddingCase.of(V=7, unused=2)(np.random.default_rng(3))
    assert set(c.x.ravel().tolist()) == set(range(5))
    assert len(c.W) == 7


# --- what was learned -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def untrained() -> tuple[captioning_training.TrainingCase, Trained]:
    c = some_captions(np.random.default_rng(4))
    net = CaptioningRNN(c.word_to_idx, c.features.shape[1], c.wordvec_dim, c.hidden_dim)
    return c, Trained(net.params)


def test_a_new_network_knows_nothing(
    untrained: tuple[captioning_training.TrainingCase, Trained],
) -> None:
    case, trained = untrained
    loss = knows_them_by_heart.measure(case, trained)
    assert isinstance(loss, float)
    assert loss == pytest.approx(
        np.log(60) * np.mean(np.sum(case.captions[:, 1:] != 0, 1)), rel=0.1
    )
    assert knows_them_by_heart.bar.share(loss) == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (None, "no array 'Wh'"),
        (np.zeros((2, 2)), "has shape"),
        (np.full((192, 192), np.nan), "is not finite"),
    ],
)
def test_parameters_that_are_none_cannot_be_measured(
    untrained: tuple[captioning_training.TrainingCase, Trained], wrong: object, says: str
) -> None:
    case, trained = untrained
    broken = replace(trained, params={**trained.params, "Wh": wrong})  # type: ignore[dict-item]
    with pytest.raises(Unmeasurable, match=says):
        knows_them_by_heart.measure(case, broken)
    with pytest.raises(Unmeasurable, match="no array"):
        knows_them_by_heart.measure(case, replace(trained, params=7))  # type: ignore[arg-type]
