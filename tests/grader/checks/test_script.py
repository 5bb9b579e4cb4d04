"""Scripts are data: what a line may say, what crosses, what is shown."""

from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.script import Script, ScriptError


@dataclass(frozen=True)
class Case:
    x: Any = None
    param: Any = None
    unused: Any = None


@dataclass(frozen=True)
class Result:
    out: Any


@dataclass(frozen=True)
class WithInput:
    out: Any
    unused: Any


def script(text: str, returns: type[Any] = Result) -> Script[Case, Any]:
    return Script("cs231n.layers", Case, returns, text)


def test_a_line_may_set_an_attribute() -> None:
    *_, setting, _ = script("model = Model()\nmodel.W = x\nout = model.f()").steps
    assert setting.binds == ("model.W",)
    assert not setting.unpack
    with pytest.raises(ScriptError, match="lines like"):
        script("model = Model()\nmodel.layer.W = x\nout = model.f()").steps  # noqa: B018


def test_a_call_that_unpacks() -> None:
    (step,) = script("out, cache = f(x, param)").steps
    assert step.binds == ("out", "cache")
    assert step.unpack
    assert step.value == ["call", ["name", "f"], [["name", "x"], ["name", "param"]], {}]
    assert step.text == "out, cache = f(x, param)"


def test_a_single_name_is_not_unpacked() -> None:
    (step,) = script("out = f(x)").steps
    assert (step.binds, step.unpack) == (("out",), False)


def test_attributes_subscripts_constants_and_keywords() -> None:
    first, _, second = script('net = Net(x, dtype="float64")\nnet.go(3)\nout = param["mean"]').steps
    assert first.value == [
        "call",
        ["name", "Net"],
        [["name", "x"]],
        {"dtype": ["const", "float64"]},
    ]
    assert second.value == ["item", ["name", "param"], "mean"]
    assert script("out = net.params").steps[0].value == ["attribute", ["name", "net"], "params"]


def test_a_line_that_binds_nothing() -> None:
    step, _ = script("net.params.update(param)\nout = net.loss(x)").steps
    assert step.binds == ()


def test_only_what_is_named_crosses() -> None:
    assert script("out = f(x)").inputs == ("x",)
    assert script("out = f(x, key=param)").inputs == ("param", "x")
    assert script("net.fill(param)\nout = net.loss(x)[0]").inputs == ("param", "x")


def test_a_result_may_ask_for_an_input_back() -> None:
    asking = script("out = f(x)", WithInput)
    assert asking.wanted == ("out", "unused")
    assert asking.inputs == ("unused", "x")


def test_indented_text_is_read_as_written() -> None:
    text = """
        out, cache = f(x, param)
        again = g(out, cache)
    """
    assert [step.text for step in script(text).steps] == [
        "out, cache = f(x, param)",
        "again = g(out, cache)",
    ]


def test_a_step_crosses_as_plain_values() -> None:
    (step,) = script("out = f(x)").steps
    assert step.as_json() == {
        "binds": ["out"],
        "unpack": False,
        "value": ["call", ["name", "f"], [["name", "x"]], {}],
        "text": "out = f(x)",
    }


def test_a_result_that_is_never_bound_is_found_at_once() -> None:
    with pytest.raises(ScriptError, match=r"Result\.out is never bound in: cache = f\(x\)"):
        script("cache = f(x)")


@pytest.mark.parametrize(
    "line",
    [
        "out = x + 1",
        "out = lambda: x",
        "out = [x]",
        "out = f(x for x in param)",
        "out = f(**param)",
        "out = f(*x)",
        "out = x[1:2]",
        "out = x[param]",
        "import os\nout = os",
        "for out in x: pass",
        "out += f(x)",
        "out = other = f(x)",
        "def out(): pass",
    ],
)
def test_a_line_that_is_more_than_a_call_is_refused(line: str) -> None:
    with pytest.raises(ScriptError):
        script(line)


def test_the_kit_is_known_when_a_script_is_parsed() -> None:
    (step,) = script("out = kit.tensor(x)").steps
    assert step.value == ["call", ["kit", "tensor"], [["name", "x"]], {}]
    assert script("out = kit.tensor(x)").inputs == ("x",)


@pytest.mark.parametrize("line", ["out = kit.answer(x)", "out = kit", "out = f(kit)"])
def test_the_kit_has_what_it_has(line: str) -> None:
    with pytest.raises(ScriptError, match="kit"):
        script(line)


names = st.sampled_from(["x", "param", "f", "g", "cache"])
expressions = st.recursive(
    names | st.integers(0, 9).map(str) | st.sampled_from(['"train"', "None", "1.5"]),
    lambda inner: st.one_of(
        st.tuples(names, st.lists(inner, max_size=3)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        st.tuples(names, inner).map(lambda t: f"{t[0]}(key={t[1]})"),
        names.map(lambda n: f"{n}.loss"),
        names.map(lambda n: f'{n}["mode"]'),
    ),
    max_leaves=8,
)


@given(expressions)
def test_every_expression_of_the_language_is_read(expression: str) -> None:
    (step,) = script(f"out = {expression}").steps
    assert script(step.text).steps == (step,)


@given(st.text(alphabet='xof()[]=,.*+"\n 1', max_size=30))
def test_any_text_is_a_script_or_a_clear_error(text: str) -> None:
    try:
        steps = script(text).steps
    except (ScriptError, SyntaxError):
        return
    assert any("out" in step.binds for step in steps)
