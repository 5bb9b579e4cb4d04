"""The functions that notebooks define in their cells, as source for a module."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from grader.notebook.magics import plain_python, written_file
from grader.notebook.read import Notebook
from grader.notebook.selection import Ledger
from grader.notebook.statements import EVERYTHING, Statement, defining
from grader.notebook.syntax import Unparsable

MOST_STATEMENTS = 5000  # a class's largest set of notebooks has some hundred

_LOOKS_DEFINED = re.compile(r"^(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Definitions:
    """What the cells of some notebooks define.

    `files` are whole files that ``%%writefile`` cells write, by path within the assignment;
    `appended` is what cells add to files that no cell writes. `notes` name the cells that define
    something and could not be read.
    """

    files: Mapping[str, str]
    appended: Mapping[str, str]
    notes: tuple[str, ...]
    statements: tuple[Statement, ...]

    def names(self) -> frozenset[str]:
        """The functions and classes that are defined at the top level of a cell."""
        return frozenset(name for found in self.statements for name in found.defines)

    def module(self, wanted: Collection[str], already: Collection[str] = ()) -> str:
        """Source that defines `wanted` and whatever else of the cells they need, in cell order.

        Of several definitions the last one counts. A name in `already` is the target module's
        own and not repeated unless wanted. Nothing in the source does any work when imported.
        Names that no cell defines are left out; the source is empty if none is left.
        """
        selection = Ledger(self.statements, already).select(wanted)
        imports = [found.text for found in selection.statements if found.is_import]
        bodies = [found.text for found in selection.statements if not found.is_import]
        if not bodies:
            return ""
        if selection.unbound:
            stars = [found.text for found in self.statements if EVERYTHING in found.binds]
            imports = stars + imports
        # Imports come first: in a notebook they may well stand in a cell further down.
        head = "\n".join(dict.fromkeys(imports))
        return "\n\n\n".join(filter(None, [head, *bodies])) + "\n"


def definitions(notebooks: Sequence[Notebook]) -> Definitions:
    """What the code cells of `notebooks` define, those of the later notebooks counting last.

    Two notebooks may use one name for two things; hand over those that belong together.
    """
    files: dict[str, str] = {}
    appended: dict[str, str] = {}
    notes: list[str] = []
    statements: list[Statement] = []
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell.kind != "code":
                continue
            if len(statements) > MOST_STATEMENTS:
                where = f"{notebook.name}: from cell {cell.index} on"
                notes.append(f"{where} nothing is read: too many definitions come before it")
                break
            written = written_file(cell.source)
            if written is not None:
                _write(written.path, written.content, files, appended, append=written.append)
                continue
            source = plain_python(cell.source)
            try:
                statements.extend(defining(notebook.name, source))
            except Unparsable as error:
                lost = [f"{what} {name}" for what, name in _LOOKS_DEFINED.findall(source)]
                if lost:
                    where = f"{notebook.name}: cell {cell.index}"
                    notes.append(f"{where} does not parse ({error}): {_listed(lost)} not read")
    return Definitions(files, appended, tuple(notes), tuple(statements))


def _write(
    path: str, content: str, files: dict[str, str], appended: dict[str, str], *, append: bool
) -> None:
    if append and path not in files:
        appended[path] = appended.get(path, "") + content
    elif append:
        files[path] += content
    else:
        files[path] = content
        appended.pop(path, None)


def _listed(lost: Sequence[str]) -> str:
    if len(lost) == 1:
        return f"{lost[0]} is"
    return f"{', '.join(lost[:-1])} and {lost[-1]} are"
