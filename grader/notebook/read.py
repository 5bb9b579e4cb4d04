"""A notebook file, whatever wrote it, as a plain sequence of cells."""

import importlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from grader.errors import GraderError

Kind = Literal["code", "markdown", "raw"]

AGAIN = "Save it again in Jupyter or Colab and hand that file in."
OLDEST_CURRENT = 4
PRINTED = 2000
"""Letters that are kept of what a cell printed."""
_PICTURES = frozenset({"image/png", "image/jpeg", "image/svg+xml", "png", "jpeg", "svg"})


class NotebookUnreadable(GraderError):
    """The file is no notebook; the text is one sentence or two that say what to do."""


@dataclass(frozen=True)
class Cell:
    """One cell; `index` counts from 0 as Jupyter's own files do.

    Of its output, as it was saved, `pictures` are counted and the last of what it `printed` is kept.
    """

    index: int
    kind: Kind
    source: str
    tags: tuple[str, ...]
    pictures: int = 0
    printed: str = ""


@dataclass(frozen=True)
class Notebook:
    """The cells of one file. Sources have Unix line ends and can be encoded as UTF-8."""

    name: str
    cells: tuple[Cell, ...]


def read_notebook(name: str, content: bytes) -> Notebook:
    """The notebook in `content`; `name` is only for messages.

    Outputs are not validated, and megabytes of images cost no more than their JSON. Raises
    NotebookUnreadable.
    """
    tree = _tree(name, content)
    try:
        cells = _current_cells(tree) if _is_current(tree) else _upgraded_cells(tree)
        shown = [_shown(cell) for cell in _own_cells(tree)]
    except (AttributeError, KeyError, TypeError, ValueError, RecursionError):
        raise _no_notebook(name) from None
    found = enumerate(zip(cells, shown, strict=True))
    return Notebook(name, tuple(_cell(index, cell, *each) for index, (cell, each) in found))


def _no_notebook(name: str) -> NotebookUnreadable:
    return NotebookUnreadable(
        f"{name} is not a notebook: it is JSON without notebook cells. {AGAIN}"
    )


def _tree(name: str, content: bytes) -> Mapping[str, Any]:
    text = _decoded(content)
    if not text.strip():
        raise NotebookUnreadable(f"{name} is empty. {AGAIN}")
    try:
        tree = json.loads(text)
    except json.JSONDecodeError as error:
        raise NotebookUnreadable(f"{name} is not a notebook: {_complaint(text, error)}") from None
    except (ValueError, RecursionError):  # a number of thousands of digits, brackets without end
        raise NotebookUnreadable(
            f"{name} is not a notebook: its JSON is beyond all measure. {AGAIN}"
        ) from None
    if not isinstance(tree, dict):
        raise _no_notebook(name)
    return tree


def _decoded(content: bytes) -> str:
    try:
        return content.decode(json.detect_encoding(content))
    except UnicodeDecodeError:
        # Code is ASCII nearly always; a letter lost in a comment is no reason to refuse.
        return content.decode("cp1252", errors="replace")


def _complaint(text: str, error: json.JSONDecodeError) -> str:
    start = text.lstrip()[:100].lower()
    if start.startswith("version https://git-lfs"):
        return "it is a Git LFS pointer. Run `git lfs pull` and hand in the file that it fetches."
    if start.startswith(("<!doctype", "<html")):
        return "it is a web page. Download the notebook itself (the raw file) and hand that in."
    for number, line in enumerate(text.split("\n"), start=1):
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            return f"line {number} is a merge-conflict marker. Resolve the conflict, then: {AGAIN}"
    at_the_end = error.pos >= len(text.rstrip()) - 1
    if start.startswith("{") and (at_the_end or error.msg.startswith("Unterminated string")):
        return f"it breaks off in line {error.lineno}. Upload the whole file once more."
    return f"line {error.lineno} is not JSON. {AGAIN}"


def _is_current(tree: Mapping[str, Any]) -> bool:
    version = tree.get("nbformat", OLDEST_CURRENT)
    return "worksheets" not in tree and not (isinstance(version, int) and version < OLDEST_CURRENT)


def _current_cells(tree: Mapping[str, Any]) -> list[Any]:
    nbformat: Any = importlib.import_module("nbformat")
    cells = tree["cells"]
    if not isinstance(cells, list):
        raise TypeError
    return list(nbformat.from_dict({"cells": [_bare_current(cell) for cell in cells]}).cells)


def _bare_current(cell: Any) -> Any:
    """A cell without its outputs: megabytes of pictures are of no use to a grader."""
    if not isinstance(cell, dict):
        return cell
    return {name: value for name, value in cell.items() if name != "outputs"}


def _upgraded_cells(tree: Mapping[str, Any]) -> list[Any]:
    """The cells of nbformat 1 to 3, in the terms of nbformat 4."""
    nbformat: Any = importlib.import_module("nbformat")

    first = tree.get("nbformat") == 1
    found = _own_cells(tree)
    bare = [_bare_first(cell) if first else _bare_third(cell) for cell in found]
    whole = {"nbformat": 1 if first else 3, "nbformat_minor": 0, "metadata": {"name": ""}}
    old = whole | ({"cells": bare} if first else {"worksheets": [{"cells": bare}]})
    return list(nbformat.convert(nbformat.from_dict(old), OLDEST_CURRENT).cells)


def _own_cells(tree: Mapping[str, Any]) -> list[Any]:
    if _is_current(tree):
        return list(tree["cells"])
    sheets = tree.get("worksheets", [tree])
    return [cell for sheet in sheets for cell in sheet["cells"] if isinstance(cell, dict)]


def _shown(cell: Any) -> tuple[int, str]:
    """How many pictures stand in a cell's output, and its last words, in the terms of any format."""
    outputs = cell.get("outputs") if isinstance(cell, dict) else None
    if not isinstance(outputs, list):
        return 0, ""
    bundles = [o.get("data", o) for o in outputs if isinstance(o, dict)]
    kept = [bundle for bundle in bundles if isinstance(bundle, dict)]
    words = "\n".join(_text(b.get("text/plain", b.get("text", ""))) for b in kept)
    if len(words) > PRINTED:
        words = words[-PRINTED:].partition("\n")[2]  # whole lines
    return sum(not _PICTURES.isdisjoint(bundle) for bundle in kept), words


# An old cell is handed on with exactly what the upgrade reads: there is nothing left in it that
# nbformat could miss or log.


def _bare_first(cell: Mapping[str, Any]) -> dict[str, Any]:
    if cell.get("cell_type") == "code":
        return {"cell_type": "code", "code": _text(cell.get("code"))}
    return {"cell_type": "text", "text": _text(cell.get("text"))}


def _bare_third(cell: Mapping[str, Any]) -> dict[str, Any]:
    kind = cell.get("cell_type")
    bare = {"cell_type": kind, "metadata": {"tags": list(_tags(cell))}}
    if kind == "code":
        source = _text(cell.get("input", cell.get("source")))
        return bare | {"input": source, "outputs": [], "language": "python", "collapsed": False}
    source = _text(cell.get("source"))
    if kind == "heading":
        level = cell.get("level")
        steps = level if isinstance(level, int) and 1 <= level <= 6 else 1
        return bare | {"source": source, "level": steps}
    return bare | {"cell_type": kind if kind in ("markdown", "html") else "raw", "source": source}


def _cell(index: int, cell: Any, pictures: int, printed: str) -> Cell:
    if not isinstance(cell, dict):
        return Cell(index, "raw", "", ())
    kind = cell.get("cell_type")
    known: Kind = "code" if kind == "code" else "markdown" if kind == "markdown" else "raw"
    return Cell(index, known, _text(cell.get("source")), _tags(cell), pictures, printed)


def _text(source: Any) -> str:
    lines = source if isinstance(source, list) else [source]
    text = "".join(line for line in lines if isinstance(line, str))
    # JSON can spell half a surrogate pair, which no file and no parser accepts.
    text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _tags(cell: Mapping[str, Any]) -> tuple[str, ...]:
    metadata = cell.get("metadata")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return tuple(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
