"""From a downloaded archive to a data set's folder."""

import hashlib
import shutil
import tarfile
import tempfile
import zlib
from pathlib import Path

from grader.datasets.catalogue import Archive, Dataset
from grader.datasets.errors import Malformed


def check(path: Path, archive: Archive) -> None:
    """Raise Malformed unless the file is the published archive, by size and by sha256."""
    size = path.stat().st_size
    if size != archive.size:
        raise Malformed(f"{path} has {size} bytes; the published archive has {archive.size}")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != archive.sha256:
        raise Malformed(f"{path} is not the published archive: its sha256 is {found}")


def unpack(path: Path, dataset: Dataset, folder: Path) -> Path:
    """Take the data set's files, and no others, out of a tar; the folder they are in then.

    It appears whole or not at all. Raises Malformed and OSError.
    """
    wanted = [f"{dataset.folder}/{each.name}" for each in dataset.files]
    with tempfile.TemporaryDirectory(prefix=f".{dataset.folder}-", dir=folder) as made:
        try:
            with tarfile.open(path) as tar:
                members = [tar.getmember(name) for name in wanted]
                if not all(member.isfile() for member in members):
                    raise Malformed(f"{path} holds something else than files for {dataset.name}")
                Path(made, dataset.folder).mkdir()
                for member in members:
                    # The names are ours: nothing that the archive says decides where a file goes.
                    content = tar.extractfile(member)
                    assert content is not None  # it is a file
                    with Path(made, member.name).open("wb") as file:
                        shutil.copyfileobj(content, file)
        except KeyError as error:
            raise Malformed(f"{path} lacks files of {dataset.name}") from error
        except (tarfile.TarError, EOFError, zlib.error) as error:
            raise Malformed(f"{path} is damaged, or was never a tar archive") from error
        target = folder / dataset.folder
        if target.exists():
            # An incomplete copy: complete it, and leave alone what else is there.
            for name in wanted:
                shutil.move(Path(made, name), folder / name)
        else:
            Path(made, dataset.folder).rename(target)
    return target
