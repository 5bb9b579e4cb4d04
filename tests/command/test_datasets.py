import dataclasses
import hashlib
import io
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import IncompleteRead
from pathlib import Path
from types import SimpleNamespace
from typing import Any, BinaryIO
from urllib.error import HTTPError, URLError
from urllib.request import Request

import pytest
from click.testing import Result

from grader.datasets import synthetic
from grader.datasets.catalogue import DATASETS, Archive

Grader = Callable[..., Result]

NAME = "cifar-10-batches-py"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a small stand-in of CIFAR-10."""
    synthetic.write_images(tmp_path / "sets" / NAME, synthetic.images(0, train=50, test=10))
    return tmp_path / "sets"


def rows(result: Result) -> dict[str, str]:
    """What is said of each data set."""
    said: dict[str, str] = {}
    name = ""
    for line in result.stdout.splitlines():
        if line.startswith("    "):
            said[name] += f" | {line.strip()}"
        else:
            name, state = line[2:].split(": ")
            said[name] = state
    return said


def test_what_is_there_and_what_is_not(grader: Grader, folder: Path) -> None:
    result = grader("data", "check", folder)
    assert result.exit_code == 0
    assert rows(result)["cifar10"] == f"complete | {folder / NAME} | not the published files"
    assert rows(result)["coco"].startswith("not found | to get it, run get_datasets.sh")
    assert grader("data", "check", folder, "--only", "cifar10").exit_code == 0
    only = grader("data", "check", folder, "--only", "coco")
    assert only.exit_code == 1
    assert rows(only).keys() == {"coco"}


def test_what_is_not_whole(grader: Grader, folder: Path) -> None:
    (folder / NAME / "test_batch").write_bytes(b"cos\nsystem\n.")
    result = grader("data", "check", folder, "--only", "cifar10")
    assert result.exit_code == 1
    assert rows(result)["cifar10"].startswith(f"damaged | {folder / NAME}")
    (folder / NAME / "test_batch").unlink()
    (folder / NAME / "data_batch_3").unlink()
    result = grader("data", "check", folder, "--only", "cifar10")
    assert result.exit_code == 1
    assert "without data_batch_3, test_batch; to get it, run: grader data" in result.stdout


def test_the_folder_of_the_environment_and_the_assignment_here(
    grader: Grader, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert rows(grader("data", "check"))["cifar10"].startswith("not found")
    Path("cs231n/datasets").mkdir(parents=True)
    Path("cs231n/datasets", NAME).symlink_to(folder / NAME)
    assert rows(grader("data", "check"))["cifar10"].startswith(f"complete | cs231n/datasets/{NAME}")
    monkeypatch.setenv("GRADER_DATA_DIR", str(folder))
    assert rows(grader("data", "check"))["cifar10"].startswith(f"complete | {folder / NAME}")


def test_an_unknown_name(grader: Grader) -> None:
    for arguments in (("check", "--only", "mnist"), ("download", "mnist")):
        result = grader("data", *arguments)
        assert result.exit_code == 2
        assert result.stderr == "Error: there is no data set 'mnist'; there are cifar10, coco\n"


def test_stand_ins_are_written_and_found(grader: Grader) -> None:
    result = grader("data", "synthetic", "drawn", "--images", "20")
    assert result.exit_code == 0
    check = grader("data", "check", "drawn", "--only", "cifar10", "--only", "coco")
    assert check.exit_code == 0
    again = grader("data", "synthetic", "drawn")
    assert again.exit_code == 2
    assert again.stderr == f"Error: drawn/{NAME} is there already; name another folder\n"


def test_without_h5py_the_rest_is_done(grader: Grader, monkeypatch: pytest.MonkeyPatch) -> None:
    assert grader("data", "synthetic", "drawn", "--images", "5").exit_code == 0
    monkeypatch.setattr("grader.datasets.place.find_spec", lambda name: None)
    result = grader("data", "synthetic", "other", "--images", "5")
    assert result.exit_code == 1
    assert "coco is not written: reading it needs h5py" in result.stderr
    assert Path("other", NAME).is_dir()
    check = grader("data", "check", "drawn", "--only", "coco")
    assert check.exit_code == 1
    assert rows(check)["coco"].startswith("not readable | drawn/coco_captioning | reading it needs")


def test_a_stand_in_that_cannot_be_written(grader: Grader) -> None:
    Path("file").touch()
    result = grader("data", "synthetic", "file/inside", "--images", "5")
    assert result.exit_code == 2
    assert "file/inside cannot be written" in result.stderr


class Server:
    """Answers instead of the network; `asked` are the ranges that it was asked for."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.knows_ranges = True
        self.breaks: Exception | None = None
        self.sends = len(content)
        self.asked: list[str | None] = []

    @contextmanager
    def __call__(self, request: Request, timeout: float) -> Iterator[Any]:
        wanted = request.get_header("Range")
        self.asked.append(wanted)
        start = int(wanted[len("bytes=") : -1]) if wanted and self.knows_ranges else 0
        if self.breaks and not self.sends:
            raise self.breaks
        body = io.BytesIO(self.content[start : self.sends])

        def read(size: int) -> bytes:
            chunk = body.read(min(size, 1000))
            if not chunk and self.breaks:
                raise self.breaks
            return chunk

        yield SimpleNamespace(status=206 if start else 200, read=read)


def pack(target: BinaryIO, folder: Path) -> None:
    with tarfile.open(fileobj=target, mode="w:gz") as tar:
        tar.add(folder / NAME, NAME)


@pytest.fixture
def server(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    """Serves the stand-in in place of the published archive."""
    file = io.BytesIO()
    pack(file, folder)
    server = Server(file.getvalue())
    archive = Archive(
        url="https://data.invalid/c.tar.gz",
        name="c.tar.gz",
        size=len(server.content),
        md5="",
        sha256=hashlib.sha256(server.content).hexdigest(),
    )
    replaced = dataclasses.replace(DATASETS["cifar10"], archive=archive)
    monkeypatch.setitem(DATASETS, "cifar10", replaced)
    monkeypatch.setattr("command.datasets.urlopen", server)
    return server


def test_a_download(grader: Grader, server: Server) -> None:
    result = grader("data", "download", "cifar10", "new/sets")
    assert result.exit_code == 0
    assert result.stdout == f"cifar10 is complete: new/sets/{NAME}\n"
    assert [path.name for path in Path("new/sets").iterdir()] == [NAME]
    assert grader("data", "check", "new/sets", "--only", "cifar10").exit_code == 0
    again = grader("data", "download", "cifar10", "new/sets")
    assert again.stdout == f"cifar10 is there already: new/sets/{NAME}\n"
    assert server.asked == [None]


@pytest.mark.parametrize("knows_ranges", [True, False])
@pytest.mark.parametrize("error", [None, IncompleteRead(b""), ConnectionResetError(104, "reset")])
def test_an_interrupted_download_goes_on(
    grader: Grader, server: Server, error: Exception | None, knows_ranges: bool
) -> None:
    server.knows_ranges = knows_ranges
    server.breaks, server.sends = error, 5000
    result = grader("data", "download", "cifar10", "sets")
    assert result.exit_code == 2
    assert "run the same command again to go on from where it stopped" in result.stderr
    assert Path("sets/c.tar.gz.part").stat().st_size == 5000
    server.breaks, server.sends = None, len(server.content)
    assert grader("data", "download", "cifar10", "sets").exit_code == 0
    assert server.asked == [None, "bytes=5000-"]
    assert not Path("sets/c.tar.gz.part").exists()


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (URLError(OSError(-2, "Name or service not known")), "(Name or service not known)"),
        (URLError("unknown"), "(unknown)"),
        (TimeoutError("timed out"), "(timed out)"),
        (HTTPError("https://data.invalid", 503, "busy", None, None), "(the server answers 503)"),  # type: ignore[arg-type]
    ],
)
def test_no_network(grader: Grader, server: Server, error: Exception, says: str) -> None:
    server.breaks, server.sends = error, 0
    result = grader("data", "download", "cifar10", "sets")
    assert result.exit_code == 2
    assert f"https://data.invalid/c.tar.gz could not be downloaded {says}; run" in result.stderr
    assert "bring c.tar.gz from elsewhere into that folder" in result.stderr
    Path("sets/c.tar.gz").write_bytes(server.content)
    assert grader("data", "download", "cifar10", "sets").exit_code == 0
    assert Path("sets/c.tar.gz").is_file()


def test_other_content_is_not_unpacked(grader: Grader, server: Server) -> None:
    server.content = bytes(len(server.content))
    result = grader("data", "download", "cifar10", "sets")
    assert result.exit_code == 2
    assert "is not the published archive: its sha256 is" in result.stderr
    assert not list(Path("sets").iterdir())


def test_what_cannot_be_downloaded_here(grader: Grader) -> None:
    result = grader("data", "download", "coco", "sets")
    assert result.exit_code == 2
    assert "coco cannot be downloaded here; to get it, run get_datasets.sh" in result.stderr


def test_a_folder_that_cannot_be_made(grader: Grader, server: Server) -> None:
    Path("file").touch()
    result = grader("data", "download", "cifar10", "file/inside")
    assert result.exit_code == 2
    assert "file/inside cannot be written" in result.stderr
