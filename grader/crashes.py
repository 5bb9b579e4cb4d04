"""Crashes in words: what an error of Python or NumPy means at the place where it was raised.

The error, its place and the shapes on its line are facts. What they mean is a clue, with the question
that leads on; errors that speak for themselves have none.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import Any

from grader.checks.evidence.reading import listed
from grader.removals import GONE
from grader.sources import Source
from reporting.clue import NOTHING_SHOWN, Clue, Exhibit

LAW = "crash"
MOST_FACTS = 2


@dataclass(frozen=True)
class Crash:
    """What a guest says of an error. Nothing in it is believed; everything is only words."""

    error: str
    message: str
    file: str
    code: str
    step: str
    names: Mapping[str, str]
    through: Sequence[Mapping[str, Any]]

    @staticmethod
    def of(reply: Mapping[str, Any]) -> "Crash":
        """Read from a reply, with nothing where there is nothing."""
        where, names, through = reply.get("where"), reply.get("names"), reply.get("through")
        place = where if isinstance(where, Mapping) else {}
        return Crash(
            error=short(reply.get("error")),
            message=short(reply.get("message")),
            file=short(place.get("file")),
            code=short(place.get("code")),
            step=short(reply.get("step")),
            names={short(n): short(words) for n, words in names.items()}
            if isinstance(names, Mapping)
            else {},
            through=[one for one in through if isinstance(one, Mapping)]
            if isinstance(through, list)
            else [],
        )


def facts(reply: Mapping[str, Any]) -> tuple[str, ...]:
    """What is on the failing line, and which lines of the student's led to it."""
    crash = Crash.of(reply)
    found = []
    if crash.names:
        listing = ", ".join(f"{name} is {words}" for name, words in list(crash.names.items())[:6])
        found.append(f"there, {listing}")
    if crash.through:
        last = crash.through[-1]
        found.append(f"called from{place(last)}")
    return tuple(found[:MOST_FACTS])


def exhibit(reply: Mapping[str, Any], files: Mapping[str, bytes]) -> Exhibit:
    """What the error means, if that can be said; `files` are the tree's."""
    crash = Crash.of(reply)
    for explain in EXPLANATIONS:
        for says, ask in explain(crash, files):
            return Exhibit((Clue(LAW, tuple(crash.names)[:6], says, ask),))
    return NOTHING_SHOWN


def place(where: object) -> str:
    """`` (cs231n/layers.py, line 7: `x = 1`)``, or nothing."""
    if not isinstance(where, Mapping) or not where.get("file"):
        return ""
    code = short(where.get("code"))
    return (
        f" ({short(where['file'])}, line {short(where.get('line'))}{f': `{code}`' if code else ''})"
    )


def short(value: object) -> str:
    """A guest's words on one line, and not many of them."""
    text = " ".join(str(value).split()) if value is not None else ""
    return text if len(text) <= 200 else f"{text[:199]}…"


# --- explanations -----------------------------------------------------------------------------------

Told = Iterator[tuple[str, str | None]]
Explanation = Callable[[Crash, Mapping[str, bytes]], Told]


def _broadcast(crash: Crash, _: Mapping[str, bytes]) -> Told:
    """Two shapes that do not go together entry by entry."""
    found = re.search(r"broadcast together with shapes (\([\d,]*\)) (\([\d,]*\))", crash.message)
    if not found:
        return
    one, two = (_sizes(text) for text in found.groups())
    meeting = zip(reversed(one), reversed(two), strict=False)
    for at, (a, b) in enumerate(meeting, start=1):
        if a != b and 1 not in (a, b):
            where = "last" if at == 1 else f"{at}th axis from the end" if at > 3 else _FROM_END[at]
            axis = f"the {where} axes" if at == 1 else f"the {where}"
            says = (
                f"shapes are matched from the right, and {axis} of {one} and {two} are {a} and {b}"
            )
            yield says, "Which of the two arrays has not the shape that you expect?"


_FROM_END = {2: "second axes from the end", 3: "third axes from the end"}


def _product(crash: Crash, _: Mapping[str, bytes]) -> Told:
    """A matrix product whose inner sizes differ."""
    found = re.search(
        r"shapes (\([\d,]*\)) and (\([\d,]*\)) not aligned: (\d+) .* != (\d+)", crash.message
    )
    if found:
        one, two, a, b = found.groups()
        inner = f"a product of {one} and {two} needs {a} and {b} to be the same"
        yield inner, "Which of the two should be transposed, reshaped or another array?"
    elif found := re.search(r"size (\d+) is different from (\d+)", crash.message):
        inner = f"a matrix product needs its two inner sizes to be the same, here {found[2]} and {found[1]}"
        yield inner, "Which of the two should be transposed, reshaped or another array?"


def _written_into(crash: Crash, _: Mapping[str, bytes]) -> Told:
    """An array put into a place of another shape."""
    found = re.search(
        r"could not broadcast input array from shape (\([\d,]*\)) into shape (\([\d,]*\))",
        crash.message,
    )
    if not found:
        return
    what, into = (_sizes(text) for text in found.groups())
    if 0 in into:
        yield (
            f"the place written into is empty: its shape is {into}",
            "What does its slice select here?",
        )
    elif 0 in what:
        yield f"what is written is empty: its shape is {what}", "What does its slice select here?"
    else:
        says = f"what is written has shape {what}, the place for it {into}"
        yield says, "Which of the two has not the shape that you expect?"


def _reshaped(crash: Crash, _: Mapping[str, bytes]) -> Told:
    found = re.search(r"cannot reshape array of size (\d+) into shape (\([\d,]*\))", crash.message)
    if found and "-1" not in found[2]:
        count = 1
        for size in _sizes(found[2]):
            count *= size
        says = f"there are {found[1]} numbers, and a shape of {found[2]} holds {count}"
        yield says, "Which of its sizes is not what you expect?"


def _nothing_given(crash: Crash, _: Mapping[str, bytes]) -> Told:
    """None where a result was expected: the function that gave it, or the name that holds it."""
    if "unpack non-iterable NoneType" in crash.message:
        if called := re.search(r"=\s*([\w.]+)\(", crash.code):
            says = f"`{called[1]}` gives nothing back"
            yield says, f"Does every way through {called[1]} end in a return?"
    elif "NoneType" in crash.message:
        empty = [name for name, words in crash.names.items() if words == "None"]
        if empty:
            says = f"{listed(empty)} {'is' if len(empty) == 1 else 'are'} None there"
            yield says, f"Which line should have given {listed(empty)} a value?"


def _unpacked(crash: Crash, _: Mapping[str, bytes]) -> Told:
    few = re.search(r"not enough values to unpack \(expected (\d+), got (\d+)\)", crash.message)
    many = re.search(r"too many values to unpack \(expected (\d+)", crash.message)
    if few:
        says = f"{few[1]} names wait for values, and {few[2]} came"
    elif many:
        says = f"{many[1]} names wait for values, and more came"
    else:
        return
    called = re.search(r"=\s*([\w.]+)\(", crash.code)
    yield says, f"What does {called[1] if called else 'the right side'} hold, and in which order?"


def _undefined(crash: Crash, files: Mapping[str, bytes]) -> Told:
    """A name that is not there: misspelt, not imported, or not reached yet."""
    if found := re.search(r"cannot access local variable '(\w+)'", crash.message):
        says = f"{found[1]} has no value yet on the way that the code took"
        yield says, f"On which ways through the function does {found[1]} get a value?"
        return
    found = re.search(r"name '(\w+)' is not defined", crash.message)
    if not found or crash.error != "NameError":
        return
    name = found[1]
    homes = [path for path, text in files.items() if _defines(text, name) and path != crash.file]
    if homes:
        yield from _not_imported(name, homes[0], crash.file, files)
        return
    words = set(
        re.findall(r"\b[A-Za-z_]\w{2,}\b", files.get(crash.file, b"").decode("utf-8", "replace"))
    )
    near = get_close_matches(name, sorted(words - {name}), n=1, cutoff=0.8)
    if near:
        yield f"nothing is called {name}; there is a {near[0]}", None


def _not_imported(name: str, home: str, here: str, files: Mapping[str, bytes]) -> Told:
    """Nobody asks for the name, or two files ask for each other and one of them comes too early."""
    asks, is_asked = (
        _names_that_it_imports(files.get(one, b""), other)
        for one, other in ((here, home), (home, here))
    )
    if not asks & {name, "*"}:
        says = f"{name} is defined in {home}, and {here or 'this file'} does not import it"
        yield says, f"What does {here or 'this file'} import at its top?"
    elif is_asked:
        says = f"{here} and {home} import each other, and {name} was not there yet when {here} asked for it"
        yield says, "Which of these two files needs the other one, and which does not?"


def _names_that_it_imports(text: bytes, path: str) -> set[str]:
    """The names that a module has from the one at `path` as soon as it is loaded, ``*`` for everything."""
    found: set[str] = set()
    waiting: list[ast.AST] = [Source(path, text).module]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.ImportFrom):
            if (node.module or "").rpartition(".")[2] == PurePosixPath(path).stem:
                found |= {one.asname or one.name for one in node.names}
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            waiting += ast.iter_child_nodes(node)
    return found


def _defines(text: bytes, name: str) -> bool:
    return re.search(rb"^(?:def|class) " + name.encode() + rb"\b", text, re.MULTILINE) is not None


def _index(crash: Crash, _: Mapping[str, bytes]) -> Told:
    found = re.search(
        r"index (-?\d+) is out of bounds for axis (\d+) with size (\d+)", crash.message
    )
    if found:
        at, axis, size = found.groups()
        last = (
            f"the last index of an axis of {size} is {int(size) - 1}"
            if size != "0"
            else "the axis is empty"
        )
        says = f"index {at} was asked for along axis {axis}, and {last}"
        yield says, "Which loop or formula gives this index, and how far does it go?"


def _whole(crash: Crash, _: Mapping[str, bytes]) -> Told:
    """A float where a count, a size or an index belongs."""
    if re.search(
        r"'(numpy\.)?float\w*' object cannot be interpreted as an integer", crash.message
    ) or ("only integers, slices" in crash.message and crash.error == "IndexError"):
        says = "a size, a count and an index are whole numbers, and / always gives a float"
        yield says, "Which division here should give a whole number?"


def _one_number(crash: Crash, _: Mapping[str, bytes]) -> Told:
    if (
        "setting an array element with a sequence" in crash.message
        or "only length-1 arrays" in crash.message
    ):
        yield "an array is put where a single number belongs", "Which axis was not summed over?"
    elif "truth value of an array" in crash.message:
        yield (
            "a condition asks one question, and an array gives many answers",
            ("Should this be done entry by entry, or for all entries together?"),
        )


def _key(crash: Crash, _: Mapping[str, bytes]) -> Told:
    if crash.error != "KeyError":
        return
    if not crash.file and (asked := re.search(r"(\w+)\[('\w+')\]", crash.step)):
        says = f"after the calls before it, {asked[1]} has no {asked[2]}"
        yield says, f"Which call should have put {asked[2]} into {asked[1]}?"
        return
    holders = [
        name for name, words in crash.names.items() if words.startswith(("a dict", "an empty dict"))
    ]
    if holders:
        what = (
            crash.names[holders[0]].removeprefix("a dict with ").removeprefix("an empty dict")
            or "nothing"
        )
        yield (
            f"{holders[0]} has no key {crash.message}; it has {what}",
            (f"Where should {holders[0]} have got it from?"),
        )


def _gone(crash: Crash, _: Mapping[str, bytes]) -> Told:
    """Names that older versions of NumPy had."""
    found = re.search(r"module 'numpy' has no attribute '(\w+)'", crash.message)
    if found and found[1] in GONE:
        yield f"np.{found[1]} was removed from NumPy; {GONE[found[1]]} does its work", None


EXPLANATIONS: tuple[Explanation, ...] = (
    _broadcast, _product, _written_into, _reshaped, _nothing_given, _unpacked, _undefined, _index, _whole,
    _one_number, _key, _gone,
)  # fmt: skip


def _sizes(shape: str) -> tuple[int, ...]:
    return tuple(int(size) for size in re.findall(r"\d+", shape))
