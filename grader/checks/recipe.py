"""A recipe to see a mistake again: a snippet for the student's own notebook, with NumPy alone.

It draws a case of the same shapes and settings as the public one that failed, makes the same calls, and
prints what to look at. Where a derivative is wrong it measures the derivative, which is a law of
nature and no answer of ours; no right value is in it.
"""

import keyword
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

import numpy as np

from grader.checks.compare import Array
from grader.checks.script import NOTEBOOK, Script, Step

WIDTH = 96


class Measured(Protocol):
    """Which forward script a gradient belongs to; `grader.checks.gradient.Gradient` is one."""

    @property
    def forward(self) -> Script[Any, Any]: ...  # noqa: D102
    @property
    def wrt(self) -> Mapping[str, str]: ...  # noqa: D102
    @property
    def through(self) -> tuple[str, ...]: ...  # noqa: D102
    @property
    def upstream(self) -> tuple[str, ...]: ...  # noqa: D102


@dataclass(frozen=True)
class _Drawn:
    """An expression of a snippet, and the value that it has."""

    text: str
    value: Any


def is_possible(script: Script[Any, Any]) -> bool:
    """Whether a script needs nothing but the student's module: none of the guest's own functions, nor what
    a notebook has bound.
    """
    in_a_module = script.module != NOTEBOOK
    return in_a_module and not any(_uses_kit(step.value) for step in script.steps)


class Recipe:
    """The snippet for one script on a case like `like`; `case` is the one that it draws."""

    def __init__(self, script: Script[Any, Any], like: Any, seed: int) -> None:
        self._script, self._seed = script, seed
        rng = np.random.default_rng(seed)
        names = [f.name for f in fields(like) if f.name in script.inputs]
        self._drawn = {name: _drawn(getattr(like, name), rng) for name in names}
        self.case = replace(like, **{name: one.value for name, one in self._drawn.items()})

    def text(self, says: Sequence[str], wrong: Sequence[str], gradient: Measured | None) -> str:
        """The whole snippet; `says` are the facts that it shows, `wrong` the names to look at."""
        measured = list(self._measured(wrong, gradient))
        forward = [gradient.forward] if gradient and measured else []
        lines = [
            "import numpy as np",
            *_imports([self._script, *forward]),
            "",
            f"rng = np.random.default_rng({self._seed})",
            *(f"{name} = {one.text}" for name, one in self._drawn.items()),
            "",
            *(step.text for step in self._script.steps),
            "",
            *(f"# {_short(fact)}" for fact in says[:3]),
            *(f"print({name!r}, np.shape({name}), {name}, sep='\\n')" for name in wrong[:3]),
            *measured,
        ]
        return "\n".join(lines)

    def _measured(self, wrong: Sequence[str], gradient: Measured | None) -> Iterator[str]:
        """Lines that measure the derivatives whose formulas went wrong."""
        count = 0
        for name in wrong:
            lines = list(self._of_pass(name, gradient) if gradient else self._of_loss(name))
            if lines and count < 2:
                count += 1
                yield from ("", *lines)

    def _of_pass(self, name: str, gradient: Measured) -> Iterator[str]:
        wrt = gradient.wrt.get(name)
        if wrt is None or not set(gradient.upstream) <= set(self._drawn):
            return
        yield f"def result_at({wrt}):"
        yield from (f"    {step.text}" for step in gradient.forward.steps)
        through = " + ".join(
            f"np.sum({d} * {out})"
            for d, out in zip(gradient.upstream, gradient.through, strict=True)
        )
        yield f"    return {through}"
        yield ""
        ends = f"result_at({wrt} + h * v) - result_at({wrt} - h * v)"
        yield from _compared(name, wrt, f"({ends}) / (2 * h)")

    def _of_loss(self, name: str) -> Iterator[str]:
        """For a script that gives a loss: the slope of that loss."""
        bound = [step for step in self._script.steps if "loss" in step.binds]
        found = self._parameter(name)
        if not bound or found is None or not name.startswith(("d", "grads")):
            return
        argument, wrt, moved = found
        yield f"def loss_at({argument}):"
        yield from (f"    {step.text}" for step in self._script.steps if _counts(step))
        yield "    return loss"
        yield ""
        ends = f"loss_at({moved.format('+')}) - loss_at({moved.format('-')})"
        yield from _compared(name, wrt, f"({ends}) / (2 * h)")

    def _parameter(self, name: str) -> tuple[str, str, str] | None:
        """The argument to move for ``dW`` or ``grads['W1']``: its name, itself, how it is moved."""
        if name.startswith("grads[") and "params" in self._drawn:
            key = name[len("grads") :]
            inner = key[1:-1]
            return "params", f"params{key}", f"{{{{**params, {inner}: params{key} {{}} h * v}}}}"
        if name[1:] in self._drawn and isinstance(self._drawn[name[1:]].value, np.ndarray):
            return name[1:], name[1:], f"{name[1:]} {{}} h * v"
        return None


def _counts(step: Step) -> bool:
    """Whether a step belongs to the way to the loss: all but what only looks at a result."""
    return bool(step.binds) or "(" in step.text


def _compared(name: str, wrt: str, measured: str) -> Iterator[str]:
    yield f"v, h = rng.normal(size={wrt}.shape), 1e-5"
    yield f'print("the slope that {_quoted(name)} gives:", np.sum({name} * v))'
    yield f'print("the slope as measured:", {measured})'


def _quoted(name: str) -> str:
    return name.replace('"', "'")


def _short(fact: str) -> str:
    line = " ".join(fact.split())
    return line if len(line) <= WIDTH else f"{line[: WIDTH - 1]}…"


def _imports(scripts: Sequence[Script[Any, Any]]) -> Iterator[str]:
    wanted: dict[str, set[str]] = {}
    for script in scripts:
        bound = {name for step in script.steps for name in step.binds}
        known = bound | {f.name for f in fields(script.case)}
        called = {name for step in script.steps for name in _names(step.value)}
        wanted.setdefault(script.module, set()).update(called - known)
    for module, names in wanted.items():
        yield f"from {module} import {', '.join(sorted(names))}"


def _names(node: Any) -> Iterator[str]:
    """Names in a parsed expression, see `grader.checks.script`."""
    match node:
        case ["name", str(name)] if not keyword.iskeyword(name):
            yield name
        case ["attribute" | "item", inner, _]:
            yield from _names(inner)
        case ["call", function, args, kwargs]:
            for inner in (function, *args, *kwargs.values()):
                yield from _names(inner)


def _uses_kit(node: Any) -> bool:
    if isinstance(node, dict):
        return any(_uses_kit(inner) for inner in node.values())
    if not isinstance(node, list):
        return False
    return node[:1] == ["kit"] or any(_uses_kit(inner) for inner in node)


def _drawn(value: Any, rng: np.random.Generator) -> _Drawn:
    if isinstance(value, Mapping):
        inner = {key: _drawn(one, rng) for key, one in value.items()}
        text = ", ".join(f"{key!r}: {one.text}" for key, one in inner.items())
        return _Drawn(f"{{{text}}}", {key: one.value for key, one in inner.items()})
    if isinstance(value, np.ndarray):
        return _array(value, rng)
    return _Drawn(repr(value), value)


def _array(value: Array, rng: np.random.Generator) -> _Drawn:
    size = repr(value.shape[0] if value.ndim == 1 else value.shape)
    if value.dtype.kind == "b":
        return _Drawn(f"rng.random(size={size}) < 0.5", rng.random(size=value.shape) < 0.5)
    if value.dtype.kind in "iu":
        most = int(value.max(initial=0)) + 1
        return _Drawn(f"rng.integers({most}, size={size})", rng.integers(most, size=value.shape))
    if value.size == 0 or np.ptp(value) == 0:
        filled = _rounded(float(value.flat[0])) if value.size else 0.0
        return _Drawn(f"np.full({value.shape}, {filled!r})", np.full(value.shape, filled))
    return _floats(value, size, rng)


def _floats(value: Array, size: str, rng: np.random.Generator) -> _Drawn:
    low, high = _rounded(float(value.min())), _rounded(float(value.max()))
    if 0 < low < high:
        text = f"rng.uniform({low!r}, {high!r}, size={size})"
        return _Drawn(text, rng.uniform(low, high, size=value.shape))
    scale, centre = _rounded(float(value.std())), _rounded(float(value.mean()))
    drawn: Callable[..., Array] = rng.normal
    text, array = f"rng.normal(size={size})", drawn(size=value.shape)
    if not 0.7 < scale < 1.4:
        text, array = f"{scale!r} * {text}", scale * array
    if abs(centre) > scale:
        text, array = f"{text} + {centre!r}", array + centre
    return _Drawn(text, array)


def _rounded(value: float) -> float:
    return float(f"{value:.2g}")
