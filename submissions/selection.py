"""Which files of a tree a grader gets, and under which names."""

from contextlib import closing
from dataclasses import dataclass, field

from submissions.archive import Archive
from submissions.errors import TooLarge, Unacceptable
from submissions.filenames import COMPILED, READABLE, kind, suffix
from submissions.landmarks import Atlas, Root
from submissions.limits import MIB, Limits
from submissions.tree import Tree, below

_NOTES_PER_KIND = 8
_NOTES = 40


@dataclass
class Picked:
    """What was chosen from a tree so far."""

    files: dict[str, bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    root: Root | None = None


def pick(tree: Tree, name: str, atlas: Atlas, limits: Limits) -> Picked:
    """Read what a grader reads of one submission, out of its folders and its inner zips.

    Raises: Unacceptable when there is nothing to grade or too much of it.
    """
    picked = _pick(tree, name, atlas, limits, limits.archive_levels)
    total = sum(map(len, picked.files.values()))
    if total > limits.total_bytes:
        raise Unacceptable(_too_much(name, limits))
    if len(picked.notes) > _NOTES:
        picked.notes[_NOTES:] = [f"{len(picked.notes) - _NOTES} more notes"]
    return picked


def _pick(tree: Tree, name: str, atlas: Atlas, limits: Limits, levels: int) -> Picked:
    if len(tree.paths) > limits.entries:
        raise Unacceptable(
            f"{name} holds more than {limits.entries} files; hand in the assignment's folder alone"
        )
    if not tree.paths:
        raise Unacceptable(
            f"{name} is empty; hand in a notebook (.ipynb), the course's zip or a folder"
        )
    root = atlas.survey(tree.paths)
    zips = _inner_zips(tree, root, atlas) if levels else []
    if root is None and not zips:
        root = _notebooks_of_any_name(tree)
    best = Picked(notes=list(tree.notes))
    refusal: Unacceptable | None = None
    if root is not None:
        try:
            best = _read_root(tree, name, root, atlas, limits)
        except Unacceptable as error:
            if not zips:
                raise
            refusal = error
    for path in zips[: limits.inner_archives]:
        try:
            inner = _read_zip(tree, path, atlas, limits, levels - 1)
        except Unacceptable as error:
            refusal = refusal or error
            best.notes.append(str(error))
        else:
            best = _merged(best, inner, atlas)
    if best.root is None:
        raise refusal or Unacceptable(_nothing(tree, name, atlas))
    return best


def _inner_zips(tree: Tree, root: Root | None, atlas: Atlas) -> list[str]:
    """Return the zips that may complete what lies open beside them."""
    found = [path for path in tree.paths if suffix(path) == ".zip"]
    if root is None:
        return found
    wanted = {*atlas.landmarks.notebooks, *atlas.landmarks.modules}
    if wanted <= root.own:
        return []
    return [path for path in found if path.rpartition("/")[0] == root.path]


def _notebooks_of_any_name(tree: Tree) -> Root | None:
    """Return the folder with the most notebooks; a notebook may have been renamed by its author."""
    counts: dict[str, int] = {}
    for path in tree.paths:
        if suffix(path) == ".ipynb":
            folder = path.rpartition("/")[0]
            counts[folder] = counts.get(folder, 0) + 1
    if not counts:
        return None
    path = min(counts, key=lambda folder: (-counts[folder], folder.count("/"), folder))
    return Root(path, "", frozenset(), {})


def _read_zip(tree: Tree, path: str, atlas: Atlas, limits: Limits, levels: int) -> Picked:
    try:
        file = tree.open(path, limits.inner_archive_bytes)
    except TooLarge as error:
        raise Unacceptable(
            f"{path} is larger than the {limits.inner_archive_bytes // MIB} MiB that are opened "
            "inside a zip; leave out data and weights"
        ) from error
    with file, closing(Archive(file, path, limits, limits.entries)) as archive:
        return _pick(archive, path, atlas, limits, levels)


def _merged(first: Picked, second: Picked, atlas: Atlas) -> Picked:
    """Return the one with more landmarks, completed by the landmarks that only the other has."""
    if first.root is None or second.root is None:
        winner, other = (second, first) if first.root is None else (first, second)
    elif len(second.root.own) > len(first.root.own):
        winner, other = second, first
    else:
        winner, other = first, second
    landmarks = {*atlas.landmarks.notebooks, *atlas.landmarks.modules}
    for path, content in other.files.items():
        if path in landmarks:
            winner.files.setdefault(path, content)
    winner.notes += [note for note in other.notes if note not in winner.notes]
    return winner


def _read_root(tree: Tree, name: str, root: Root, atlas: Atlas, limits: Limits) -> Picked:
    looks_like = root.looks_like(atlas.landmarks.distinct)
    if looks_like:
        wanted = atlas.landmarks.assignment
        signs = " and ".join(sorted(root.foreign[looks_like])[:2])
        raise Unacceptable(
            f"{name} looks like {looks_like}, not {wanted} (it has {signs}); "
            f"hand in the files of {wanted}"
        )
    picked = Picked(notes=list(tree.notes), root=root)
    unread: list[str] = []
    compiled: list[str] = []
    total = 0
    for path, target in _targets(tree, root, atlas, picked.notes):
        if suffix(path) in COMPILED:
            compiled.append(target)
        elif suffix(path) not in READABLE:
            unread.append(target)
        elif len(target.encode()) > limits.path_bytes or any(
            len(part.encode()) > limits.name_bytes for part in target.split("/")
        ):
            picked.notes.append(f"{target[:60]}…: the name is too long")
        else:
            content = _content(tree, path, target, limits, picked.notes)
            if content is None:
                continue
            total += len(content)
            if total > limits.total_bytes:
                raise Unacceptable(_too_much(name, limits))
            picked.files[target] = content
    if not root.package:
        _complete_flat_package(picked.files, atlas)
    picked.notes += [
        f"{path}: compiled code is never loaded" for path in compiled[:_NOTES_PER_KIND]
    ]
    if len(compiled) > _NOTES_PER_KIND:
        picked.notes.append(f"{len(compiled) - _NOTES_PER_KIND} more compiled files")
    if unread:
        files = "1 file" if len(unread) == 1 else f"{len(unread)} files"
        picked.notes.append(f"{files} that a grader does not read")
    if not picked.files:
        raise Unacceptable(_nothing_left(name, picked.notes))
    return picked


def _targets(tree: Tree, root: Root, atlas: Atlas, notes: list[str]) -> list[tuple[str, str]]:
    """Return (path in the tree, path for the grader) of everything that belongs to the root."""
    package = atlas.landmarks.package
    start = len(root.path) + 1 if root.path else 0
    apart = tuple(folder + "/" for folder in root.apart)
    relative = [path[start:] for path in below(tree.paths, root.path) if not path.startswith(apart)]
    taken = set(relative)
    targets: dict[str, str] = {}
    for path in relative:
        target = path
        canonical = atlas.notebook(path)
        if "/" not in path and canonical and canonical not in taken:
            target = canonical
            notes.append(f"{path}: read as {canonical}")
            taken.add(canonical)
        elif root.package and root.package != package and path.startswith(root.package + "/"):
            target = package + path[len(root.package) :]
        elif not root.package and (module := atlas.module(path)) and not module[0]:
            target = module[1]
        targets.setdefault(target, path)
    prefix = root.path + "/" if root.path else ""
    return sorted((prefix + path, target) for target, path in targets.items())


def _complete_flat_package(files: dict[str, bytes], atlas: Atlas) -> None:
    """Let modules that were handed in beside the notebooks find their neighbours in the package."""
    package = atlas.landmarks.package + "/"
    if not any(path.startswith(package) for path in files):
        return
    for path in [path for path in files if suffix(path) == ".py"]:
        folder = path.rpartition("/")[0]
        if folder in ("", "classifiers"):
            files.setdefault(package + path, files[path])


def _content(tree: Tree, path: str, target: str, limits: Limits, notes: list[str]) -> bytes | None:
    limit = {".ipynb": limits.notebook_bytes, ".json": limits.json_bytes}.get(
        suffix(path), limits.file_bytes
    )
    try:
        return tree.read(path, limit)
    except TooLarge:
        advice = "; clear its outputs" if suffix(path) == ".ipynb" else ""
        notes.append(f"{target}: more than {limit / MIB:g} MiB{advice}")
        return None


def _too_much(name: str, limits: Limits) -> str:
    return (
        f"{name} holds more than {limits.total_bytes // MIB} MiB of notebooks and code; "
        "clear the notebooks' outputs and leave out data"
    )


def _nothing(tree: Tree, name: str, atlas: Atlas) -> str:
    wanted = atlas.landmarks
    if len(tree.paths) == 1:
        only = tree.paths[0]
        return f"{only} is {kind(only)}; hand in a notebook (.ipynb), the course's zip or a folder"
    expected = ", ".join((*wanted.notebooks[:2], *wanted.modules[:1]))
    return (
        f"{name} holds nothing of {wanted.assignment} ({expected} …); "
        "hand in a notebook (.ipynb), the course's zip or a folder"
    )


def _nothing_left(name: str, notes: list[str]) -> str:
    reason = notes[0] if notes else "nothing in it is read"
    return f"{name} has no file that can be read ({reason}); hand in the notebooks and the code"
