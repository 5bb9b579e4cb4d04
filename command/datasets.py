"""`grader data`: the course's data sets on this machine; nothing that is graded needs them."""

import sys
from collections.abc import Iterator
from http.client import HTTPException
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import click

from command.errors import Unusable
from command.settings import default_data_dir, read_settings

if TYPE_CHECKING:
    from grader.datasets.catalogue import Archive, Dataset

SOME_NOT_USABLE = 1

_CHUNK = 1 << 18
_TIMEOUT_SECONDS = 30
_HTTP_PARTIAL = 206

_STATES = {
    "complete": ("✓", "green"),
    "incomplete": ("~", "yellow"),
    "not readable": ("~", "yellow"),
    "damaged": ("✗", "red"),
    "not found": ("✗", "red"),
}

_folder = click.argument(
    "folder",
    metavar="[DIR]",
    required=False,
    type=click.Path(path_type=Path),
)


@click.group(name="data", short_help="Check, download or imitate the course's data sets.")
def command() -> None:
    """Check, download or imitate the data sets on which the course's notebooks train.

    DIR is the folder that holds them; without it, GRADER_DATA_DIR, or else `grader/datasets` in the
    user's data folder.
    """


@command.command(short_help="Say which data sets are here, and whether they are whole.")
@_folder
@click.option("--only", "names", metavar="NAME", multiple=True, help="This one must be usable.")
@click.pass_context
def check(context: click.Context, folder: Path | None, names: tuple[str, ...]) -> None:
    """Say which data sets are in DIR, or in an assignment there, and read them.

    Exit status: 1 when one that is named by --only is not there, not whole or not readable.
    """
    for name in names:
        _dataset(name)
    # Imported late, as in every subcommand: NumPy and Rich are slow to import.
    from rich.text import Text  # noqa: PLC0415

    from command.console import stdout  # noqa: PLC0415
    from grader.datasets.catalogue import DATASETS  # noqa: PLC0415
    from reporting.render.wording import visible  # noqa: PLC0415

    named = folder or read_settings().data_dir
    folders = [named] if named else [default_data_dir(), Path()]
    console = stdout()
    usable = True
    for dataset in DATASETS.values():
        if names and dataset.name not in names:
            continue
        state, where, remark = _state(dataset, folders)
        usable &= state == "complete"
        mark, colour = _STATES[state]
        line = Text.assemble((mark, colour), f" {dataset.name}: ", (state, colour))
        # Lines of their own, never shortened: paths are there to be copied.
        for each in (line, *(f"    {visible(text)}" for text in (where, remark) if text)):
            console.print(each, soft_wrap=True)
    context.exit(0 if usable or not names else SOME_NOT_USABLE)


@command.command(short_help="Download a data set and check its checksum.")
@click.argument("name", metavar="NAME")
@_folder
def download(name: str, folder: Path | None) -> None:
    """Download the data set NAME (cifar10) into DIR; what was interrupted goes on where it stopped."""
    dataset = _dataset(name)
    if dataset.archive is None:
        raise Unusable(f"{name} cannot be downloaded here; to get it, {dataset.get}")
    from grader.datasets import archive, place  # noqa: PLC0415 - as above
    from grader.datasets.errors import Malformed  # noqa: PLC0415

    folder = folder or read_settings().data_dir or default_data_dir()
    there = place.find(name, [folder])
    if there is not None:
        click.echo(f"{name} is there already: {there}")
        return
    brought = folder / dataset.archive.name
    part = brought.with_name(f"{brought.name}.part")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        source = brought if brought.is_file() else part
        if source == part:
            _fetch(dataset.archive, part)
        try:
            archive.check(source, dataset.archive)
        except Malformed as error:
            part.unlink(missing_ok=True)
            raise Unusable(f"{error}; run the same command again for another copy") from error
        made = archive.unpack(source, dataset, folder)
        part.unlink(missing_ok=True)
    except Malformed as error:
        raise Unusable(str(error)) from error
    except OSError as error:
        raise _unwritable(folder, error) from error
    click.echo(f"{name} is complete: {made}")


@command.command(short_help="Write small or large stand-ins with the official file names.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--images",
    metavar="N",
    type=click.IntRange(min=1),
    default=10_000,
    show_default=True,
    help="Images in each file; the course's own CIFAR-10 loader reads no other number.",
)
@click.option("--seed", metavar="N", type=click.IntRange(min=0), default=0, show_default=True)
@click.pass_context
def synthetic(context: click.Context, folder: Path, images: int, seed: int) -> None:
    """Write a drawn stand-in of each data set into DIR, in the official layout.

    Exit status: 1 when a library is missing that one of them needs; the others are written.
    """
    from grader.datasets import synthetic  # noqa: PLC0415 - as above
    from grader.datasets.catalogue import CIFAR10, COCO, DATASETS  # noqa: PLC0415
    from grader.datasets.cifar10 import TRAINING_FILES  # noqa: PLC0415

    for dataset in DATASETS.values():
        if (folder / dataset.folder).exists():
            raise Unusable(f"{folder / dataset.folder} is there already; name another folder")
    try:
        drawn = synthetic.images(seed, train=images * len(TRAINING_FILES), test=images)
        synthetic.write_images(folder / CIFAR10.folder, drawn)
        click.echo(f"Written: {folder / CIFAR10.folder}")
        if lacking := _lacking(COCO):
            click.echo(f"{COCO.name} is not written: {lacking}", err=True)
            context.exit(SOME_NOT_USABLE)
        captions = synthetic.captions(seed, train=images, validation=images)
        synthetic.write_captions(folder / COCO.folder, captions)
        click.echo(f"Written: {folder / COCO.folder}")
    except OSError as error:
        raise _unwritable(folder, error) from error


def _dataset(name: str) -> "Dataset":
    from grader.datasets.catalogue import DATASETS  # noqa: PLC0415 - as above

    if name not in DATASETS:
        raise Unusable(f"there is no data set {name!r}; there are {', '.join(DATASETS)}")
    return DATASETS[name]


def _state(dataset: "Dataset", folders: list[Path]) -> tuple[str, str, str]:
    """One of _STATES, where it is, and what to say about it; either may be empty."""
    from grader.datasets import place  # noqa: PLC0415 - as above

    found = place.look(dataset, folders)
    if found is None:
        return "not found", "", f"to get it, {dataset.get}"
    where = str(found.folder)
    if not found.complete:
        return "incomplete", where, f"without {', '.join(found.missing)}; to get it, {dataset.get}"
    if lacking := _lacking(dataset):
        return "not readable", where, lacking
    problem = place.problem(found)
    if problem is not None:
        return "damaged", where, problem
    original = {True: "the published files", False: "not the published files", None: ""}
    return "complete", where, original[place.published(found)]


def _lacking(dataset: "Dataset") -> str | None:
    from grader.datasets.place import not_installed  # noqa: PLC0415 - as above

    names = " ".join(not_installed(dataset))
    return (
        f"reading it needs {names}, which is not installed: pip install {names}" if names else None
    )


def _fetch(archive: "Archive", part: Path) -> None:
    """Append to `part` what it lacks."""
    have = part.stat().st_size if part.exists() else 0
    if have >= archive.size:
        return
    bar = click.progressbar(
        length=archive.size,
        label=f"Downloading {archive.name}",
        file=sys.stderr,
    )
    with bar, part.open("ab") as file:
        for start, chunk in _chunks(archive, have):
            if start == 0:
                file.truncate(0)
            file.write(chunk)
            bar.update(start + len(chunk) - bar.pos)


def _chunks(archive: "Archive", have: int) -> Iterator[tuple[int, bytes]]:
    """Where each piece belongs, and the piece. Raises Unusable for everything a network can do."""
    # Only addresses of the catalogue, all of them https.
    request = Request(archive.url, headers={"Range": f"bytes={have}-"} if have else {})  # noqa: S310
    try:
        with urlopen(request, timeout=_TIMEOUT_SECONDS) as response:  # noqa: S310
            # A server that does not know about ranges sends everything again.
            at = have if response.status == _HTTP_PARTIAL else 0
            while at < archive.size and (chunk := response.read(_CHUNK)):
                yield at, chunk
                at += len(chunk)
    except (OSError, HTTPException) as error:
        why = f"the server answers {error.code}" if isinstance(error, HTTPError) else _reason(error)
        raise _interrupted(archive, why) from error
    if at < archive.size:
        raise _interrupted(archive, "the connection ended early")


def _interrupted(archive: "Archive", why: str) -> Unusable:
    return Unusable(
        f"{archive.url} could not be downloaded ({why}); run the same command again to go on from "
        f"where it stopped, or bring {archive.name} from elsewhere into that folder first"
    )


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", error)
    return getattr(inner, "strerror", None) or str(inner) or type(inner).__name__


def _unwritable(folder: Path, error: OSError) -> Unusable:
    reason = error.strerror or "it is not clear why"
    return Unusable(f"{folder} cannot be written ({reason}); name another folder")
