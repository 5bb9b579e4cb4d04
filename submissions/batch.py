"""One submission or a class of them, and whose they are."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Literal

from submissions import canvas, gradescope
from submissions.errors import Unacceptable
from submissions.filenames import (
    assignment_number,
    is_ignored,
    kind,
    names_an_assignment,
    resembles,
    suffix,
)
from submissions.found import Found
from submissions.landmarks import Atlas, Landmarks
from submissions.place import Child, DiskPlace, Place

Whole = Literal["auto", "one", "class"]

_SUBMISSION_SUFFIXES = frozenset({".zip", ".ipynb"})
# A folder in a folder in a folder: nobody wraps a class deeper by accident.
_WRAPPINGS = 6


def discover_in(place: Place, name: str, atlas: Atlas, whole: Whole) -> list[Found]:
    """Return the submissions in a folder: one under `name`, or one for each student.

    Raises: Unacceptable when the folder cannot be listed.
    """
    one = [Found(name, name, place.path, place.inside)]
    if whole == "one":
        return one
    source = name
    children = _visible(place)
    for _ in range(_WRAPPINGS):
        for shape in (_gradescope, _nbgrader, _canvas):
            found = shape(place, source, children, atlas.landmarks)
            if found is not None:
                return found
        # A class is often packed in a folder; but said to be a class, one folder is one student.
        said = whole == "class" and isinstance(place, DiskPlace)
        if said or len(children) != 1 or children[0].kind != "folder" or _is_repository(place):
            break
        source = f"{source}/{children[0].name}"
        place = place.enter(children[0].key)
        children = _visible(place)
    if whole == "class" or _is_class(place, children, atlas):
        return [_student(place, source, child) for child in children] or one
    return one


def _visible(place: Place) -> list[Child]:
    return [child for child in place.children() if not is_ignored(child.name)]


def _is_repository(place: Place) -> bool:
    return any(child.name == ".git" for child in place.children())


def _is_class(place: Place, children: Sequence[Child], atlas: Atlas) -> bool:
    """Say whether two or more children are each a submission by themselves.

    Folders that are called after assignments are one person's, and count as one together.
    """
    if _is_repository(place) or _is_a_root(place, children, atlas):
        return False
    folders = [child for child in children if child.kind == "folder"]
    assignments = [child for child in folders if names_an_assignment(child.name)]
    if len({assignment_number(child.name) for child in assignments}) >= 2:
        return False
    sure, maybe = int(bool(assignments)), 0
    packed = [child.name for child in children if child.kind == "file"]
    if not _are_assignments_of_one(name for name in packed if suffix(name) == ".zip"):
        sure += sum(suffix(name) in _SUBMISSION_SUFFIXES for name in packed)
    for child in folders:
        if sure >= 2:
            break
        if child not in assignments:
            paths = place.paths(child.key)
            if any(map(_is_zip_on_top, paths)) or atlas.survey(paths):
                sure += 1
            elif any(suffix(path) == ".ipynb" for path in paths):
                maybe += 1
    return sure >= 2 or (sure == 0 and maybe >= 2)


def _are_assignments_of_one(zips: Iterable[str]) -> bool:
    """Say whether the zips are called after different assignments and after nobody."""
    stems = [name[: -len(".zip")] for name in zips]
    numbers = [assignment_number(stem) for stem in stems if names_an_assignment(stem)]
    return len(stems) == len(numbers) == len(set(numbers)) >= 2


def _is_zip_on_top(path: str) -> bool:
    return "/" not in path and suffix(path) == ".zip"


def _is_a_root(place: Place, children: Sequence[Child], atlas: Atlas) -> bool:
    """Say whether an assignment, this one or another, begins right here."""
    for child in children:
        if child.kind == "file" and (atlas.notebook(child.name) or atlas.module(child.name)):
            return True
        if child.kind == "folder" and resembles(child.name, atlas.landmarks.package):
            # A student may be called so as well; then no module lies right below.
            found = map(atlas.module, place.paths(child.key))
            if any(module and not module[0] for module in found):
                return True
    return False


def _student(place: Place, source: str, child: Child) -> Found:
    """Return a child of a class folder, refused if its name says that it cannot be read."""
    dot = suffix(child.name)
    packed = child.kind == "file" and dot in _SUBMISSION_SUFFIXES
    name = child.name[: -len(dot)] if packed else child.name
    found = _at(place, child, name, f"{source}/{child.name}")
    if child.kind == "other":
        return replace(
            found,
            refusal=f"{child.name} is a link or a device, which is not followed; copy the files",
        )
    if child.kind == "file" and not packed:
        return replace(found, refusal=refusal_of_kind(child.name))
    return replace(found, tiebreak=dot if packed else "")


def refusal_of_kind(name: str) -> str:
    """Return the sentence for a file that cannot be a submission."""
    return f"{name} is {kind(name)}; hand in a notebook (.ipynb), the course's zip or a folder"


def _at(place: Place, child: Child, name: str, source: str) -> Found:
    if child.kind == "file":
        return Found(name, source, place.path, place.inside, ((child.name, child.key),))
    inner = place.enter(child.key)
    return Found(name, source, inner.path, inner.inside)


def _gradescope(
    place: Place, source: str, children: Sequence[Child], _: Landmarks
) -> list[Found] | None:
    if not any(child.name == gradescope.METADATA for child in children):
        return None
    names = gradescope.read_names(place.read(gradescope.METADATA, gradescope.METADATA_BYTES))
    return [
        replace(
            _student(place, source, child),
            name=names.get(child.name) or child.name,
            tiebreak=f" ({child.name})",
        )
        for child in children
        if child.name in names or child.kind == "folder"
    ]


def _canvas(
    place: Place, source: str, children: Sequence[Child], _: Landmarks
) -> list[Found] | None:
    files = [child for child in children if child.kind == "file"]
    attached = [child.name for child in files if canvas.is_attachment(child.name)]
    strangers = any(
        child.kind == "folder"
        or (suffix(child.name) in _SUBMISSION_SUFFIXES and child.name not in attached)
        for child in children
    )
    if not attached or strangers:
        return None
    keys = {child.name: child.key for child in files}
    found = []
    for student in canvas.group(attached):
        members = tuple((original, keys[name]) for original, name in student.files)
        found.append(
            Found(
                student.student,
                f"{source}/{student.files[-1][1]}",
                place.path,
                place.inside,
                members,
                refusal=_refusal_of_all(original for original, _ in members),
                tiebreak=f" ({student.user})",
            )
        )
    rest = [child for child in children if child.name not in attached]
    return found + [_student(place, source, child) for child in rest]


def _refusal_of_all(originals: Iterable[str]) -> str:
    """Return the refusal of a student who attached only a PDF, for instance."""
    names = list(originals)
    readable = {*_SUBMISSION_SUFFIXES, ".py"}
    return "" if any(suffix(name) in readable for name in names) else refusal_of_kind(names[0])


def _nbgrader(
    place: Place, source: str, children: Sequence[Child], landmarks: Landmarks
) -> list[Found] | None:
    """Read `submitted/<student>/<assignment>/`, from the course's folder or from `submitted`."""
    if any(child.name == "submitted" and child.kind == "folder" for child in children):
        place, source = place.enter("submitted"), f"{source}/submitted"
        children = _visible(place)
    elif (place.inside or place.path.resolve().as_posix()).rpartition("/")[2] != "submitted":
        return None
    found = []
    for student in (child for child in children if child.kind == "folder"):
        desk = place.enter(student.key)
        wanted = [
            child
            for child in _visible(desk)
            if child.kind == "folder"
            and (
                child.name == landmarks.assignment
                or assignment_number(child.name) == landmarks.number
            )
        ]
        if wanted:
            # The exact name first, then the alphabet.
            wanted.sort(key=lambda child: (child.name != landmarks.assignment, child.name))
            where = f"{source}/{student.name}/{wanted[0].name}"
            found.append(_at(desk, wanted[0], student.name, where))
    if not found:
        raise Unacceptable(
            f"nobody under {source} has handed in {landmarks.assignment}; "
            "check the assignment's name"
        )
    return found
