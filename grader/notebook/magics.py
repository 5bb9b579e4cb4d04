"""What IPython adds to Python: magics, shell lines, help lines, and cells that write a file."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass

from grader.notebook.syntax import Unparsable, parse

PYTHON_CELLS = frozenset({"capture", "debug", "memit", "mprun", "prun", "time", "timeit"})
WRITING_CELLS = frozenset({"file", "writefile"})
PACKAGE = "cs231n"
LONGEST_ARGUMENT = 1000  # characters on the line of a %%writefile

_CELL_MAGIC = re.compile(r"%%(\w[\w.]*)[ \t]*(.*)")
_STARTS = re.compile(r"%|!|\?")
_HELP = re.compile(r"[%\w.*\[\]()'\"]+\?{1,2}\s*(#.*)?$")
# `files = !ls`, `d["k"], t = %time f()`; not `print("lr=%f" % lr)`.
_ASSIGNED = re.compile(
    r"\*?[A-Za-z_][\w.]*(\[[^\]=]*\])?(\s*,\s*\*?[A-Za-z_][\w.]*)*\s*=\s*(%[A-Za-z]|!)"
)
# IPython runs these without a sign. `ls = 3` and `rm (x)` are Python, hence the second word.
_BARE = re.compile(r"(pip3?|conda|cd|ls|mkdir|cat|cp|mv|rm|pwd)(\s+[\w./~$-][^=(]*)?$")
_LEXEME = re.compile(
    r"#.*|(?P<quote>\"\"\"|''')|\"(?:\\.|[^\"\\])*\"?|'(?:\\.|[^'\\])*'?|(?P<bracket>[()\[\]{}])"
)
_ASSIGNMENT_FOLDER = re.compile(r"assignm\w*\s*\d", re.IGNORECASE)
_UNWRITABLE = re.compile(r"[\x00-\x1f:*?\"<>|$`{}]")


@dataclass(frozen=True)
class WrittenFile:
    """What a ``%%writefile`` cell puts where; `path` is relative to the assignment, with `/`."""

    path: str
    content: str
    append: bool


def plain_python(source: str) -> str:
    """`source` without IPython's own syntax, line for line; never raises.

    A cell in another language, or one that writes a file, comes back blank.
    """
    lines = source.split("\n")
    for at, name, _ in _cell_magics(lines):
        if name not in PYTHON_CELLS:
            return "\n" * (len(lines) - 1)
        lines[at] = ""
    rest = "\n".join(lines)
    try:
        parse(rest)
    except Unparsable:
        return "\n".join(_without_magics(lines))
    return rest


def written_file(source: str) -> WrittenFile | None:
    """The file that a ``%%writefile`` or ``%%file`` cell writes into the assignment, if it does."""
    lines = source.split("\n")
    at, name, argument = next(_cell_magics(lines), (0, "", ""))
    if name not in WRITING_CELLS or len(argument) > LONGEST_ARGUMENT:
        return None
    try:
        words = shlex.split(argument.replace("\\ ", " ").replace("\\", "/"), comments=False)
    except ValueError:
        words = argument.split()
    flags = {word for word in words if word in ("-a", "--append")}
    # A drive's folder may hold blanks, quoted or not.
    path = assignment_path(" ".join(word for word in words if word not in flags))
    if path is None:
        return None
    body = "\n".join(lines[at + 1 :])
    return WrittenFile(path, body if body.endswith("\n") else body + "\n", append=bool(flags))


def assignment_path(written: str) -> str | None:
    """`written` relative to the assignment's folder, or None if it leads elsewhere.

    An absolute path, of Windows too, is cut after the assignment's folder or before the package,
    whichever comes last: ``/content/assignment2/cs231n/layers.py`` is ``cs231n/layers.py``.
    """
    path = written.strip().replace("\\", "/")
    absolute = path.startswith(("/", "~", "$", "{")) or path[1:2] == ":"
    steps = [step for step in path.split("/") if step not in ("", ".")]
    if ".." in steps or path.endswith("/"):
        return None
    start = 0
    for index, step in enumerate(steps[:-1]):
        if step == PACKAGE:
            start, absolute = index, False
        elif _ASSIGNMENT_FOLDER.search(step):
            start, absolute = index + 1, False
    inside = steps[start:]
    if absolute or not inside or any(_UNWRITABLE.search(step) for step in inside):
        return None
    relative = "/".join(inside)
    return relative if len(relative) <= 200 else None


def _cell_magics(lines: list[str]) -> Iterator[tuple[int, str, str]]:
    """(line, name, argument) of each cell magic above the first line of anything else."""
    for at, line in enumerate(lines):
        match = _CELL_MAGIC.match(line.strip())
        if match:
            yield at, match[1], match[2].strip()
        elif line.strip():
            return


def _without_magics(lines: list[str]) -> Iterator[str]:
    depth, quote = 0, ""  # open brackets, and the triple quote that is open
    goes_on = dropped = False  # the line before ended in a backslash; it was dropped
    for line in lines:
        text = line.strip()
        begins = depth == 0 and not quote and not goes_on
        if (goes_on and dropped) or (begins and _is_magic(text)):
            # An indented line may be all that its block has.
            yield (
                line[: len(line) - len(line.lstrip())] + "pass"
                if begins and line[:1].isspace()
                else ""
            )
            goes_on, dropped = text.endswith("\\"), True
            continue
        yield line
        depth, quote = _state_after(line, depth, quote)
        goes_on, dropped = text.endswith("\\") and not quote, False


def _is_magic(text: str) -> bool:
    if _STARTS.match(text):
        return True
    return any(form.match(text) for form in (_HELP, _ASSIGNED, _BARE))


def _state_after(line: str, depth: int, quote: str) -> tuple[int, str]:
    at = 0
    while at < len(line):
        if quote:
            end = line.find(quote, at)
            while end > 0 and line[end - 1] == "\\":
                end = line.find(quote, end + 1)
            if end < 0:
                return depth, quote
            at, quote = end + len(quote), ""
            continue
        match = _LEXEME.search(line, at)
        if match is None:
            break
        at = match.end()
        quote = match["quote"] or ""
        if match["bracket"]:
            depth = depth + 1 if match["bracket"] in "([{" else max(0, depth - 1)
    return depth, quote
