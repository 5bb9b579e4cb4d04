"""Cases and answers depend on the seed and the probe's place, and on nothing else."""

import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.checks.paper import Paper, frozen


@dataclass(frozen=True)
class Case:
    x: Any
    param: Any = None


class Probe:
    """Stands for a check or a law."""


def draw(rng: np.random.Generator) -> Case:
    return Case(rng.normal(size=3), {"mean": rng.normal(size=2), "mode": "train"})


FIRST, SECOND = Probe(), Probe()


def test_the_same_seed_draws_the_same_case() -> None:
    ours, theirs = (Paper(7, [FIRST, SECOND]).case(SECOND, 0, draw) for _ in range(2))
    np.testing.assert_array_equal(ours.x, theirs.x)


def test_seed_probe_and_number_each_give_other_cases() -> None:
    paper = Paper(7, [FIRST, SECOND])
    drawn = [
        paper.case(FIRST, 0, draw).x,
        paper.case(FIRST, 1, draw).x,
        paper.case(SECOND, 0, draw).x,
        Paper(8, [FIRST, SECOND]).case(FIRST, 0, draw).x,
    ]
    assert len({tuple(x) for x in drawn}) == 4


def test_a_case_is_drawn_once() -> None:
    paper = Paper(7, [FIRST])
    assert paper.case(FIRST, 0, draw) is paper.case(FIRST, 0, draw)


def test_cases_are_read_only() -> None:
    case = Paper(7, [FIRST]).case(FIRST, 0, draw)
    with pytest.raises(ValueError, match="read-only"):
        case.x[0] = 1
    with pytest.raises(ValueError, match="read-only"):
        case.param["mean"][0] = 1


def test_frozen_reaches_into_dictionaries() -> None:
    case = frozen(Case(np.ones(2), {"inner": {"deep": np.ones(2)}}))
    assert not case.x.flags.writeable
    assert not case.param["inner"]["deep"].flags.writeable


def test_an_answer_is_worked_out_once() -> None:
    paper, calls = Paper(7, [FIRST]), []

    def oracle(case: Case) -> float:
        calls.append(case)
        return float(case.x.sum())

    case = paper.case(FIRST, 0, draw)
    assert paper.answer(oracle, 0, case) == paper.answer(oracle, 0, case)
    assert len(calls) == 1


def test_oracles_run_one_at_a_time() -> None:
    paper, inside, most = Paper(7, []), [0], [0]

    def oracle(case: Case) -> float:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.01)
        inside[0] -= 1
        return 0.0

    cases = [Case(number) for number in range(4)]
    threads = [threading.Thread(target=paper.answer, args=(oracle, 0, case)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == [1]


def test_answering_passes_everything_on() -> None:
    assert Paper(7, []).answering(lambda a, b=0: (a, b), 1, b=2) == (1, 2)
