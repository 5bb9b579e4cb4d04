"""Scripts run in the sandbox: what comes back, what is said when nothing does, and who is asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.assignments.assignment import Assignment
from grader.checks.outcome import Ended, Given
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.verdict import Crashed, OutOfMemory, TimedOut, Unanswered, Verdict
from grader.sandbox.host import Sandbox
from grader.sandbox.limits import Limits
from grader.session import Session
from grader.tree import build


@dataclass(frozen=True)
class Case:
    x: Any
    param: Any = None


@dataclass(frozen=True)
class Out:
    out: Any


CASE = Case(np.array([[1.0, -2.0], [3.0, -4.0]]))
FORWARD = Script("cs231n.layers", Case, Out, "out, cache = f(x)")
LIMITS = Limits(wall_seconds=0.6, cpu_seconds=20, memory_mib=512)

Open = Callable[..., Session]


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox("numpy", confined=True)
    sandbox.wait_ready()
    yield sandbox
    sandbox.close()


@pytest.fixture
def opened(sandbox: Sandbox, a2: Assignment) -> Iterator[Open]:
    """Open a session on a tree whose layers.py has this text."""
    sessions = []

    def open_on(text: str, budget: float = 20.0, **more: str) -> Session:
        paths = {f"cs231n/{name}.py": code.encode() for name, code in more.items()}
        tree = build(a2, {"cs231n/layers.py": text.encode(), **paths})
        sessions.append(Session(sandbox, tree, Paper(1, []), LIMITS, budget))
        return sessions[-1]

    yield open_on
    for session in sessions:
        session.end_guest()


def ending(session: Session, script: Script[Case, Any] = FORWARD) -> Verdict:
    with pytest.raises(Ended) as ended:
        session.run(script, CASE)
    return ended.value.verdict


def test_values_come_back_and_writing_is_noticed(opened: Open) -> None:
    ran = opened("def f(x):\n    x *= 2\n    return x + 1, {'never': 'sent'}").run(FORWARD, CASE)
    np.testing.assert_array_equal(ran.values.out, 2 * CASE.x + 1)
    assert ran.changed == ("x",)
    assert CASE.x[0, 0] == 1


def test_a_line_sets_an_attribute(opened: Open) -> None:
    script = Script("cs231n.layers", Case, Out, "model = Model()\nmodel.W = x\nout = model.W")
    model = "class Model:\n    W = None\n    __slots__ = ()\n"
    session = opened("class Model:\n    W = None\n")
    np.testing.assert_array_equal(session.run(script, CASE).values.out, CASE.x)
    verdict = ending(opened(model), script)
    assert isinstance(verdict, Crashed)
    assert "in the call `model.W = x`" in verdict.facts


def test_each_script_has_its_own_copy_of_the_case(opened: Open) -> None:
    session = opened("def f(x):\n    x *= 2\n    return x, 0")
    for _ in range(2):
        np.testing.assert_array_equal(session.run(FORWARD, CASE).values.out, 2 * CASE.x)


def test_a_missing_function_is_unanswered(opened: Open) -> None:
    assert ending(opened("def g(x):\n    pass")) == Unanswered(("f is not defined",), absent=True)


def test_an_error_says_what_and_where(opened: Open) -> None:
    verdict = ending(opened("def f(x):\n    y = [1]\n    return y[3], 0"))
    assert verdict == Crashed(
        (
            "IndexError: list index out of range (cs231n/layers.py, line 3: `return y[3], 0`)",
            "there, y is a list of 1",
            "in the call `out, cache = f(x)`",
        )
    )


def test_a_long_error_is_cut(opened: Open) -> None:
    verdict = ending(opened("def f(x):\n    raise ValueError('no ' * 5000)"))
    assert isinstance(verdict, Crashed)
    assert all(len(fact) < 500 for fact in verdict.facts)


def test_too_few_values(opened: Open) -> None:
    verdict = ending(opened("def f(x):\n    return x, 1, 2"))
    assert verdict == Crashed(("`out, cache = f(x)` gave 3 values where 2 values were expected",))


def test_a_call_that_does_not_come_back(opened: Open) -> None:
    session = opened("def f(x):\n    while True:\n        pass\n\ndef g(x):\n    return x, 0")
    assert ending(session) == TimedOut(("it did not come back within 0.6 s",))
    after = Script("cs231n.layers", Case, Out, "out, cache = g(x)")
    np.testing.assert_array_equal(session.run(after, CASE).values.out, CASE.x)


def test_the_submissions_time_is_used_up(opened: Open) -> None:
    session = opened("def f(x):\n    while True:\n        pass", budget=0.2)
    assert ending(session) == TimedOut(("the submission's 0.2 s are used up",))


def test_too_much_memory(opened: Open) -> None:
    text = "import numpy as np\n\ndef f(x):\n    return np.ones((1 << 30,)), 0"
    assert isinstance(ending(opened(text)), OutOfMemory)


def test_a_guest_that_ends_costs_one_script(opened: Open) -> None:
    session = opened("import os\n\ndef f(x):\n    os._exit(3)\n\ndef g(x):\n    return x, 0")
    verdict = ending(session)
    assert isinstance(verdict, Crashed)
    assert verdict.facts[0].startswith("it ended its process")
    after = Script("cs231n.layers", Case, Out, "out, cache = g(x)")
    np.testing.assert_array_equal(session.run(after, CASE).values.out, CASE.x)


def test_an_import_that_fails_is_tried_once(opened: Open) -> None:
    session = opened("x = 1 / 0")
    first = ending(session)
    assert isinstance(first, Crashed)
    assert first.facts[0].startswith("cs231n.layers cannot be imported: ZeroDivisionError")
    assert ending(session) is first


def test_an_import_that_never_ends_takes_its_time_once(opened: Open) -> None:
    session = opened("while True:\n    pass", budget=20)
    first = ending(session)
    assert first == TimedOut(("it did not come back within 0.6 s",))
    assert ending(session) is first


def test_files_that_do_not_compile_are_named_at_the_start(opened: Open) -> None:
    problems = opened("return 1", optim="x = 1").start()
    assert set(problems) == {"cs231n/layers.py"}
    assert problems["cs231n/layers.py"].startswith("cs231n/layers.py, line 1: ")


def test_printing_is_nobodys_business(opened: Open) -> None:
    session = opened("import sys\nprint('a' * 9999)\n\ndef f(x):\n    print(x)\n    return x, 0")
    np.testing.assert_array_equal(session.run(FORWARD, CASE).values.out, CASE.x)


# --- functions that the host answers for ------------------------------------------------------------

NET = "from .layers import *\n\ndef net(x, param):\n    a, cache = f(x)\n    return g(a, cache), cache"
RUN_NET = Script("cs231n.optim", Case, Out, "out, cache = net(x, param)")


class Cache:
    """Something of ours that never crosses."""


def given(f: Callable[..., Any], g: Callable[..., Any]) -> list[Given]:
    return [Given("cs231n.layers", {"f": f, "g": g})]


def test_given_functions_are_answered_by_the_host(opened: Open) -> None:
    session = opened("def f(x):\n    1 / 0\n\ndef g(a, cache):\n    1 / 0", optim=NET)
    cache, seen = Cache(), []

    def f(x: Any) -> Any:
        return 2 * x, cache

    def g(a: Any, kept: Any) -> Any:
        seen.append(kept)
        return a + 1

    ran = session.given(given(f, g))(RUN_NET, CASE)
    np.testing.assert_array_equal(ran.values.out, 2 * CASE.x + 1)
    assert seen == [cache]


def test_what_is_given_is_given_for_one_script_alone(opened: Open) -> None:
    session = opened("def f(x):\n    return -x, 0\n\ndef g(a, cache):\n    return a", optim=NET)
    session.given(given(lambda x: (x, 0), lambda a, cache: a))(RUN_NET, CASE)
    np.testing.assert_array_equal(session.run(RUN_NET, CASE).values.out, -CASE.x)


def test_a_given_function_that_the_student_lacks_is_there(opened: Open) -> None:
    session = opened("def f(x):\n    return x, 0", optim=NET)
    ran = session.given(given(lambda x: (x, 0), lambda a, cache: 3 * a))(RUN_NET, CASE)
    np.testing.assert_array_equal(ran.values.out, 3 * CASE.x)


def test_a_dictionary_that_the_host_writes_into_changes_over_there(opened: Open) -> None:
    text = (
        "from .layers import *\n\ndef net(x, param):\n    f(x, param)\n    return param['mean'], 0"
    )
    session = opened("def f(x, param):\n    pass", optim=text)

    def f(x: Any, param: dict[str, Any]) -> Any:
        param["mean"] = x.mean(axis=0)
        return x, 0

    ran = session.given([Given("cs231n.layers", {"f": f})])(RUN_NET, Case(CASE.x, {"mean": None}))
    np.testing.assert_array_equal(ran.values.out, CASE.x.mean(axis=0))


def test_a_call_that_upsets_the_host_is_the_students_error(opened: Open) -> None:
    session = opened("def f(x):\n    pass\n\ndef g(a, cache):\n    pass", optim=NET)

    def f(x: Any) -> Any:
        raise KeyError("W1")

    with pytest.raises(Ended) as ended:
        session.given(given(f, f))(RUN_NET, CASE)
    assert isinstance(ended.value.verdict, Crashed)
    assert "cannot be called like this (KeyError)" in " ".join(ended.value.verdict.facts)
