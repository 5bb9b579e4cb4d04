"""Scripts on torch code: the kit in use, functions that the host answers for, gradients through them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from grader.assignments.assignment import Assignment
from grader.checks.outcome import Differentiable, Ended, Given
from grader.checks.paper import Paper
from grader.checks.script import Script
from grader.checks.verdict import Crashed, Unanswered, Verdict
from grader.sandbox.host import Sandbox
from grader.sandbox.limits import Limits
from grader.session import Session
from grader.tree import build


@dataclass(frozen=True)
class Case:
    x: Any


@dataclass(frozen=True)
class Out:
    out: Any


@dataclass(frozen=True)
class LossGrad:
    loss: Any
    dx: Any


CASE = Case(np.array([[1.0, -2.0], [3.0, -4.0]]))
LEARN = Script(
    "cs231n.layers",
    Case,
    LossGrad,
    """
    t = kit.variable(x)
    loss = total(t)
    dx, = kit.gradients(loss, t)
    """,
)
APPLY = Script(
    "cs231n.layers",
    Case,
    Out,
    """
    net = kit.fill(Net(3), 5)
    out = net(kit.tensor(x))
    """,
)
NET = """
import torch
from torch import nn

class Part(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.lin = nn.Linear(2, 2).double()
        self.n = n
    def forward(self, x, mask=None):
        return None

class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.part = Part(n)
    def forward(self, x):
        return self.part(x, mask=x > 0) + 1

def square(t):
    raise ValueError

def total(t):
    return square(t * 2).sum()
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox("torch") as started:
        started.wait_ready()
        yield started


def opened(sandbox: Sandbox, a2: Assignment, text: str) -> Session:
    tree = build(a2, {"cs231n/layers.py": text.encode()})
    return Session(sandbox, tree, Paper(1, []), Limits(), 30)


def ending(session: Session, script: Script[Case, Any]) -> Verdict:
    with pytest.raises(Ended) as ended:
        session.run(script, CASE)
    return ended.value.verdict


def test_a_gradient_flows_through_what_the_host_answers(sandbox: Sandbox, a2: Assignment) -> None:
    square = Differentiable(lambda t: t**2, lambda upstream, t: [upstream * 2 * t])
    with opened(sandbox, a2, NET) as session:
        ran = session.given([Given("cs231n.layers", {"square": square})])(LEARN, CASE)

    np.testing.assert_allclose(ran.values.loss, np.sum(4 * CASE.x**2))
    np.testing.assert_allclose(ran.values.dx, 8 * CASE.x)


def test_a_function_without_a_gradient_says_so(sandbox: Sandbox, a2: Assignment) -> None:
    with opened(sandbox, a2, NET) as session, pytest.raises(Ended) as ended:
        session.given([Given("cs231n.layers", {"square": lambda t: t**2})])(LEARN, CASE)

    assert isinstance(ended.value.verdict, Crashed)
    assert "square" in " ".join(ended.value.verdict.facts)


def test_a_method_is_given_with_its_modules_parameters(sandbox: Sandbox, a2: Assignment) -> None:
    seen: list[Any] = []

    def forward(module: Any, x: Any, mask: Any = None) -> Any:
        seen.append((module, mask))
        return x @ module["parameters"]["lin.weight"].T

    with opened(sandbox, a2, NET) as session:
        ran = session.given([Given("cs231n.layers", {"Part.forward": forward})])(APPLY, CASE)
        again = ending(session, APPLY)

    ((module, mask),) = seen
    assert module["numbers"] == {"training": True, "n": 3}
    np.testing.assert_array_equal(mask, CASE.x > 0)
    np.testing.assert_allclose(ran.values.out, CASE.x @ module["parameters"]["lin.weight"].T + 1)
    assert isinstance(again, Crashed)  # the student's own method is back in its place


def test_nothing_where_a_network_should_be_is_unanswered(sandbox: Sandbox, a2: Assignment) -> None:
    with opened(sandbox, a2, "def Net(n):\n    return None") as session:
        verdict = ending(session, APPLY)

    fact = "`net = kit.fill(Net(3), 5)`: a torch module was expected, not None"
    assert verdict == Unanswered((fact,))


def test_what_is_no_network_has_crashed(sandbox: Sandbox, a2: Assignment) -> None:
    with opened(sandbox, a2, "def Net(n):\n    return 'net'") as session:
        verdict = ending(session, APPLY)

    assert verdict == Crashed(
        ("`net = kit.fill(Net(3), 5)`: a torch module was expected, not str",)
    )


def test_what_is_left_uninitialised_is_nan(sandbox: Sandbox, a2: Assignment) -> None:
    script = Script("cs231n.layers", Case, Out, "out = stub(x)")
    with opened(sandbox, a2, "import torch\ndef stub(x):\n    return torch.empty((64, 3))") as s:
        out = s.run(script, CASE).values.out

    assert np.all(np.isnan(out))
