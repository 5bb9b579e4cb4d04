"""A starter: what a student begins with, as one tree of files.

An assignment's own folder holds what only it has; scaffolding that several assignments give out, the
solver for one, lies in one place and is named by each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.assignments.pack import mode_of

SCAFFOLDING = Path(__file__).with_name("scaffolding")


@dataclass(frozen=True)
class Starter:
    """The files in `folder`, and those of the shared scaffolding that `shared` names."""

    folder: Path
    shared: tuple[str, ...] = ()

    def __truediv__(self, path: str) -> Path:
        """Where a file of the tree is kept."""
        return SCAFFOLDING / path if path in self.shared else self.folder / path

    @cached_property
    def files(self) -> Mapping[str, Path]:
        """Path in the student's tree → where the file is kept, in the order of the paths."""
        own = (path for path in self.folder.rglob("*") if path.is_file())
        kept = {path.relative_to(self.folder).as_posix(): path for path in own}
        kept |= {path: SCAFFOLDING / path for path in self.shared}
        return {path: kept[path] for path in sorted(kept) if "__pycache__" not in path}

    def write(self, folder: Path) -> None:
        """Write the whole tree into a folder, which is made if it is not there."""
        for path, kept in self.files.items():
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(kept.read_bytes())
            target.chmod(mode_of(path))
