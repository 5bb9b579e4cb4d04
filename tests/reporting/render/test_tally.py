from dataclasses import replace

import pytest

from reporting.render.tally import item_tallies, question_maxima, summary
from reporting.report import ClassReport


def test_only_those_with_a_score_count(report: ClassReport) -> None:
    found = summary(report)
    assert found is not None
    assert found.graded == 10
    assert found.max_score == pytest.approx(47.7)
    assert sum(found.bands) == 10
    assert found.bands[-1] == 1


def test_a_class_without_scores_has_no_summary(report: ClassReport) -> None:
    ungraded = tuple(s for s in report.submissions if s.status != "graded")
    assert summary(replace(report, submissions=ungraded)) is None
    assert item_tallies(replace(report, submissions=ungraded)) == ()


def test_questions_keep_the_order_of_the_suites(report: ClassReport) -> None:
    assert list(question_maxima(report.submissions)) == ["Q1", "Q2", "Q3", "Q4"]


def test_our_faults_what_was_not_run_and_what_waits_are_not_judged(report: ClassReport) -> None:
    tallies = {tally.id: tally for tally in item_tallies(report)}
    # The second student has a grader_fault there and a not_run in the next item.
    assert tallies["a2.batchnorm.forward_train"].judged == 9
    assert tallies["a2.batchnorm.forward_test"].judged == 9
    assert tallies["a2.batchnorm.backward"].judged == 10
    assert tallies["a2.groupnorm.forward"].judged == 9  # his answer in words waits for a person


def test_mistakes_are_counted_most_frequent_first(report: ClassReport) -> None:
    for tally in item_tallies(report):
        counts = [found.count for found in tally.mistakes]
        assert counts == sorted(counts, reverse=True)
        assert sum(counts) <= tally.bad + tally.part_right
        assert sum(count for _, count, _ in tally.shares) <= tally.judged
    assert any(tally.mistakes for tally in item_tallies(report))
