"""Lays a submission over our starter: what the guest will be able to import.

A file that was not handed in is the starter's stub, never our solution; scaffolding is always ours; a
file that does not parse is replaced by the stub, so that it costs what is written in it and nothing
else; a function that was handed in through a notebook cell stands where its stub stood.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath
from types import MappingProxyType

from grader.assignments.assignment import Assignment
from grader.assignments.starter import Starter
from grader.errors import SubmissionRejected
from grader.mending import mended
from grader.notebook.read import Notebook, NotebookUnreadable, read_notebook
from grader.notebook.source import Definitions, definitions
from grader.sources import Source, no_longer, untouched
from grader.spelling import found_elsewhere

NO_PROBLEMS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Tree:
    """A submission, ready to be imported in the guest.

    `aliases` are other names under which the student's imports know a package of the tree; `checked`
    are the student's own files; `broken` maps modules to the sentence that says why they do not parse.
    `untouched` holds ``module:name`` of what is still the starter's, `unwritten` of what is at least no
    longer than it, `shared` of what answers several items; `left_out` the items whose branch of a shared
    function is not there. `notebooks` are for the items that are answered in a cell; `breaches` maps items
    to what their function has and is to do without; `elsewhere` says of absent answers under which other
    name or in which other file they were found.
    """

    files: Mapping[str, bytes]
    aliases: Mapping[str, str]
    checked: tuple[str, ...]
    broken: Mapping[str, str]
    untouched: frozenset[str]
    unwritten: frozenset[str]
    shared: frozenset[str]
    left_out: frozenset[str]
    needs_torch: bool
    notes: tuple[str, ...]
    notebooks: tuple[Notebook, ...] = ()
    breaches: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)


def build(
    assignment: Assignment,
    handed_in: Mapping[str, bytes],
    problems: Mapping[str, str] = NO_PROBLEMS,
) -> Tree:
    """The tree of one submission; `problems` are files that were found not to compile, and why.

    Raises: SubmissionRejected when there is nothing in it that could be graded.
    """
    notes: list[str] = []
    notebooks = _notebooks(handed_in, notes)
    cells = definitions([n for n in notebooks if not _stands_apart(assignment, n)])
    notes += cells.notes
    starter = _starter(assignment.starter)
    own = _own_sources(assignment, handed_in, cells)
    own |= _with_bodies(assignment, own, notes)
    _expect_something(assignment, own, notebooks, notes)

    sources = starter | {path: Source(path, content) for path, content in own.items()}
    broken = {
        path: problem
        for path, source in sources.items()
        if path in own and (problem := problems.get(path) or source.problem)
    }
    notes += (f"{problem}; it could not be read" for problem in broken.values())
    for path in broken:
        sources[path] = starter.get(path, sources[path])
    notes += _changed(assignment, sources, starter)
    kept: set[str] = set()
    for path in assignment.modules:
        sources[path], still = _answered(assignment, sources[path], starter[path], cells, notes)
        kept |= still
    missing = [path for path in assignment.modules if path not in own]
    if missing and notebooks and not own:
        notes.append(
            f"{', '.join(missing)}: not handed in, so only what the cells define is graded"
        )
    elif missing:
        notes.append(f"not handed in: {', '.join(missing)}")
    return Tree(
        files={path: source.content for path, source in sources.items()},
        aliases=_aliases(sources),
        checked=tuple(path for path in sources if path in own),
        broken={_module(path): problem for path, problem in broken.items()},
        untouched=frozenset(kept),
        unwritten=frozenset(
            f"{_module(path)}:{name}"
            for path in assignment.modules
            for name in no_longer(sources[path], starter[path], _more_given(assignment, path))
        ),
        shared=assignment.shared,
        left_out=frozenset(_left_out(assignment, sources)),
        needs_torch=_needs_torch(assignment.modules, sources),
        notes=tuple(notes),
        notebooks=tuple(notebooks),
        breaches=dict(_breaches(assignment, sources)),
        elsewhere=found_elsewhere(
            [item.answers for item in assignment.items if item.cells is None], sources, starter
        ),
    )


def _with_bodies(
    assignment: Assignment, own: Mapping[str, bytes], notes: list[str]
) -> dict[str, bytes]:
    """Files as the course gives them out, made to compile."""
    found = {}
    for path in assignment.bodiless:
        if path in own and Source(path, own[path]).problem and (filled := mended(own[path])):
            found[path] = filled
            notes.append(f"{path} does not compile: a block without a statement was left empty")
    return found


def _changed(
    assignment: Assignment, sources: Mapping[str, Source], starter: Mapping[str, Source]
) -> Iterator[str]:
    """One sentence for each given function that is not the starter's any more."""
    for place in assignment.given:
        path, _, name = place.partition(":")
        own, given = sources[path].statements, starter[path].statements
        if name not in own:
            yield f"{path}: {name}, which was given, is gone"
        elif own[name] != given[name]:
            yield f"{path}: {name}, which was given, has been changed; it was left as it is"


def _more_given(assignment: Assignment, path: str) -> Mapping[str, int]:
    placed = {answers.partition(":"): n for answers, n in assignment.more_given.items()}
    return {name: n for (module, _, name), n in placed.items() if module == _module(path)}


def _breaches(assignment: Assignment, sources: Mapping[str, Source]) -> Iterator[tuple[str, str]]:
    """Items whose function has what it is to do without, and where."""
    for item in assignment.items:
        if item.does_without:
            module, _, name = item.answers.partition(":")
            source = sources[f"{module.replace('.', '/')}.py"]
            if fact := source.breach(name, item.does_without):
                yield item.id, fact


def _left_out(assignment: Assignment, sources: Mapping[str, Source]) -> Iterator[str]:
    """Items of which the student's code calls none of the functions that they cannot do without."""
    for item in assignment.items:
        if item.cells is not None:
            continue
        module, _, name = item.answers.partition(":")
        source = sources[f"{module.replace('.', '/')}.py"]
        if item.calls and not source.mentions(name) & set(item.calls):
            yield item.id


def _answered(
    assignment: Assignment, source: Source, stub: Source, cells: Definitions, notes: list[str]
) -> tuple[Source, set[str]]:
    """The module with its stubs filled from notebook cells, and the answers still untouched."""
    module = _module(source.path)
    answers = assignment.answers[module]
    still = set(untouched(source, stub))
    absent = {name for name in answers if name not in source.names}
    blank = {name for name in answers if _is_blank(name, source, still)} | absent
    if wanted := sorted(blank & cells.names()):
        notes.append(f"taken from notebook cells: {', '.join(wanted)}")
        text = cells.module(wanted, already=source.names - set(wanted))
        source = Source(source.path, source.content + b"\n\n" + text.encode())
        still = set(untouched(source, stub))
    return source, {f"{module}:{name}" for name in still}


def _is_blank(name: str, source: Source, still: set[str]) -> bool:
    own = [n for n in source.functions if n == name or n.startswith(f"{name}.")]
    return all(n in still for n in own)


def _own_sources(
    assignment: Assignment, handed_in: Mapping[str, bytes], cells: Definitions
) -> dict[str, bytes]:
    """The student's Python files, and those that notebook cells write and that were not handed in."""
    files = {path: text.encode() for path, text in cells.files.items()} | dict(handed_in)
    for path, text in cells.appended.items():
        files[path] = files.get(path, b"") + b"\n\n" + text.encode()
    return {
        path: content
        for path, content in files.items()
        if path.endswith(".py") and path not in assignment.restored and _is_importable(path)
    }


def _is_importable(path: str) -> bool:
    *folders, name = PurePosixPath(path).with_suffix("").parts
    return name != "setup" and all(part.isidentifier() for part in (*folders, name))


def _notebooks(handed_in: Mapping[str, bytes], notes: list[str]) -> list[Notebook]:
    found = []
    for path, content in sorted(handed_in.items()):
        if path.endswith(".ipynb") and not PurePosixPath(path).name.startswith("collect"):
            try:
                found.append(read_notebook(path, content))
            except NotebookUnreadable as error:
                notes.append(str(error))
    return found


def _stands_apart(assignment: Assignment, notebook: Notebook) -> bool:
    """Whether a notebook's definitions are answers of its own, under names that modules use too."""
    stem = PurePosixPath(notebook.name).stem.lower()
    return any(PurePosixPath(name).stem.lower() in stem for name in assignment.apart)


def _expect_something(
    assignment: Assignment,
    own: Mapping[str, bytes],
    notebooks: list[Notebook],
    notes: list[str],
) -> None:
    if any(path in own for path in assignment.modules) or notebooks:
        return
    if notes:
        raise SubmissionRejected(notes[0])
    raise SubmissionRejected(
        f"there is nothing of {assignment.name} in it: hand in the notebooks "
        f"and {', '.join(assignment.modules)}"
    )


@cache
def _starter(starter: Starter) -> dict[str, Source]:
    return {
        path: Source(path, kept.read_bytes())
        for path, kept in starter.files.items()
        if kept.suffix == ".py" and kept.name != "setup.py"
    }


def _needs_torch(roots: Iterable[str], sources: Mapping[str, Source]) -> bool:
    """Whether what the items import leads to torch."""
    waiting, seen = list(roots), set[str]()
    while waiting:
        path = waiting.pop()
        if path in seen or path not in sources:
            continue
        seen.add(path)
        for name in sources[path].imports:
            if name.partition(".")[0] == "torch":
                return True
            base = name.replace(".", "/")
            waiting += (f"{base}.py", f"{base}/__init__.py")
    return False


def _aliases(sources: Mapping[str, Source]) -> dict[str, str]:
    """Packages that do not exist but whose submodules are those of the tree's own package.

    A school that renames ``cs231n`` leaves ``from theirs.layers import …`` in every file.
    """
    packages = {path.partition("/")[0] for path in sources if "/" in path}
    tops = {path.removesuffix(".py") for path in sources if "/" not in path} | packages
    found = {}
    for source in sources.values():
        for name in source.imports:
            top, _, rest = name.partition(".")
            if rest and top not in tops and f"cs231n/{rest.replace('.', '/')}.py" in sources:
                found[top] = "cs231n"
    return found


def _module(path: str) -> str:
    return path.removesuffix(".py").replace("/", ".")
