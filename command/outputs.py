"""The files of a run: tried before anything is graded, written when all is."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from command.errors import Unusable
from words.catalogue import Catalogue
from words.languages import ENGLISH

if TYPE_CHECKING:
    from reporting.report import ClassReport


@dataclass(frozen=True)
class Outputs:
    """Where the reports go; None is not wanted."""

    json: Path | None = None
    csv: Path | None = None
    html: Path | None = None

    def of(self, assignment: str) -> "Outputs":
        """The same for one of several assignments: report-a2.json, the folder a2 in that of the pages."""
        json, csv = (
            path and path.with_name(f"{path.stem}-{assignment}{path.suffix}")
            for path in (self.json, self.csv)
        )
        return Outputs(json, csv, self.html and self.html / assignment)

    def check(self) -> None:
        """Raise Unusable unless all of them can be written."""
        if self.json is not None:
            check_file("--json", self.json)
        if self.csv is not None:
            check_file("--csv", self.csv)
        if self.html is not None:
            _check_folder("--html", self.html)

    def write(self, report: "ClassReport", words: Catalogue = ENGLISH) -> tuple[str, ...]:
        """Write what is wanted; one sentence for each that could not be written after all.

        Pages are in the language of `words`; data is the same in all of them.
        """
        from reporting.render import csv, json  # noqa: PLC0415 - only for whoever wants files

        troubles = []
        if self.json is not None:
            try:
                json.write_report(report, self.json)
            except OSError as error:
                troubles.append(_trouble("--json", self.json, error))
        if self.csv is not None:
            try:
                csv.write_scores(report, self.csv)
            except OSError as error:
                troubles.append(_trouble("--csv", self.csv, error))
        if self.html is not None:
            from reporting.render import html  # noqa: PLC0415 - templates are slow to import

            try:
                html.write_class(report, self.html, words)
            except OSError as error:
                troubles.append(_trouble("--html", self.html, error))
        return tuple(troubles)


def check_file(option: str, path: Path) -> None:
    """Raise Unusable unless a file can be written at `path`, whose folder is made if needed."""
    try:
        if path.is_dir():
            raise Unusable(f"{option} {path}: this is a folder; name a file in it")
        # What a link leads to is written, and a terminal or a pipe is as good as a file.
        target = path.resolve()
        if target.exists() and not target.is_file():
            return
        if target.exists():
            target.open("ab").close()
        _try_to_write_in(target.parent)
    except (OSError, ValueError) as error:
        raise Unusable(_trouble(option, path, error)) from error


def _check_folder(option: str, path: Path) -> None:
    try:
        if path.exists() and not path.is_dir():
            raise Unusable(f"{option} {path}: this is a file; name a folder")
        _try_to_write_in(path)
    except (OSError, ValueError) as error:
        raise Unusable(_trouble(option, path, error)) from error


def _try_to_write_in(folder: Path) -> None:
    # Permissions alone do not tell: a file system may be mounted read-only, and root may do anything.
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        pass


def _trouble(option: str, path: Path, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"{option} {path} cannot be written ({reason}); choose another place"
