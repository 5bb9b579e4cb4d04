"""How a measured number earns points."""

import math

import numpy as np
import pytest

from grader.checks.metric import BAR_CELLS, LUCK, Bar, Rate, Unmeasurable, bars, hits, top

BAR = Bar(full=0.5, zero=0.3, drop=0.02)


def test_a_model_as_good_as_the_bar_earns_everything_in_spite_of_bad_luck() -> None:
    error = math.sqrt(0.48 * 0.52 / 4000)
    assert BAR.share(Rate(math.ceil(4000 * (0.48 - LUCK * error)), 4000)) == 1
    assert BAR.share(Rate(math.floor(4000 * (0.48 - 3 * error)), 4000)) < 1


def test_between_the_bars_the_share_of_the_way() -> None:
    full, zero = BAR.lowered(Rate(0, 10**9))
    middle = Rate(round(10**9 * (full + zero) / 2), 10**9)
    assert BAR.share(middle) == pytest.approx(0.5, abs=1e-6)
    assert BAR.share(Rate(0, 100)) == 0


def test_fewer_images_lower_the_bar_more() -> None:
    few, many = BAR.lowered(Rate(0, 100))[0], BAR.lowered(Rate(0, 10_000))[0]
    assert few < many < 0.48


def test_a_loss_is_better_when_it_is_smaller() -> None:
    bar = Bar(full=0.03, zero=0.05)
    assert [bar.share(loss) for loss in (0.02, 0.03, 0.04, 0.05, 1.0)] == pytest.approx(
        [1, 1, 0.5, 0, 0]
    )
    assert bar.share(math.nan) == bar.share(math.inf) == 0


def test_hits_and_top_count_what_is_right() -> None:
    labels = np.array([0, 1, 2, 1])
    assert hits(np.array([0.0, 1.0, 0.0, 1.0]), labels) == Rate(3, 4)
    assert hits(np.array([[0], [1], [2], [0]]), labels) == Rate(3, 4)
    assert top(np.eye(3)[[0, 1, 2, 2]], labels) == Rate(3, 4)


@pytest.mark.parametrize(
    "got", [None, "cat", 3.0, np.zeros(3), np.zeros((2, 2, 1)), np.array(["a", "b", "c", "d"])]
)
def test_what_are_no_labels_cannot_be_measured(got: object) -> None:
    with pytest.raises(Unmeasurable):
        hits(got, np.zeros(4, np.int64))


@pytest.mark.parametrize(
    "got", [None, np.zeros(4), np.zeros((3, 10)), np.full((4, 10), np.nan), np.zeros((4, 10, 1))]
)
def test_what_are_no_scores_cannot_be_measured(got: object) -> None:
    with pytest.raises(Unmeasurable):
        top(got, np.zeros(4, np.int64))


def test_a_bar_for_each_class_as_long_as_what_is_missed_of_it() -> None:
    labels = np.array([0, 0, 3, 3, 7, 7])
    shown = bars(hits(np.array([0, 0, 3, 1, 0, 0]), labels))
    assert shown is not None
    half = BAR_CELLS // 2
    assert shown.rows == ("0" * BAR_CELLS, "1" * half + "0" * half, "1" * BAR_CELLS)
    assert bars(Rate(3, 4)) is None
