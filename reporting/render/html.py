"""The report as web pages: one of the class for its teachers, one per submission for its student.

Every page stands alone: no script but the index's own sorting, nothing loaded from anywhere, and a
content policy that says so to the browser. What students wrote is escaped twice over: control and
bidirectional characters are spelled out wherever a string is printed, and Jinja escapes the markup.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import count, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from reporting.render.file import write_whole
from reporting.render.maps import bars, caption
from reporting.render.tally import item_tallies, question_maxima, summary
from reporting.render.wording import (
    WORDING,
    Wording,
    bonus_of,
    facts,
    number,
    recognised,
    tried,
    visible,
    wording,
)
from reporting.report import ClassReport, ItemReport, SubmissionReport
from words.catalogue import Catalogue
from words.languages import ENGLISH

if TYPE_CHECKING:
    from jinja2 import Environment

PAGES: Final = "submissions"
"""The folder of the students' pages, beside the index."""
_SORT_SCRIPT: Final = "sort.js"
_SLUG_LENGTH: Final = 40


@dataclass(frozen=True)
class Section:
    """The items of one notebook, with their points."""

    question: str
    part: str
    items: tuple[ItemReport, ...]

    @property
    def anchor(self) -> str:
        """The section's address inside its page."""
        return _slug(f"{self.question} {self.part}")

    @property
    def is_bonus(self) -> bool:
        """Whether all its points come on top of the full score."""
        return all(item.bonus for item in self.items)

    @property
    def points(self) -> float:
        """Points of all its items."""
        return sum(item.points for item in self.items)

    @property
    def max_points(self) -> float:
        """Points that could be had."""
        return sum(item.max_points for item in self.items)


def write_class(report: ClassReport, directory: Path, words: Catalogue = ENGLISH) -> None:
    """Write ``index.html`` and a page per submission under `directory`. Raises OSError."""
    pages = file_names([submission.name for submission in report.submissions])
    directory.mkdir(parents=True, exist_ok=True)
    for submission, page in zip(report.submissions, pages, strict=True):
        write_whole(directory / PAGES / page, submission_page(report, submission, words))
    write_whole(directory / "index.html", class_page(report, pages, words))


def class_page(report: ClassReport, pages: Sequence[str], words: Catalogue = ENGLISH) -> str:
    """The class's page; `pages` are the file names of its submissions."""
    tallies = item_tallies(report)
    return _render(
        "class.html",
        words,
        report=report,
        summary=summary(report),
        maxima=question_maxima(report.submissions),
        rows=list(zip(report.submissions, pages, strict=True)),
        folder=PAGES,
        sections=[(name, list(found)) for name, found in groupby(tallies, lambda t: t.question)],
        script_hash=_script_hash(),
    )


def submission_page(
    report: ClassReport, submission: SubmissionReport, words: Catalogue = ENGLISH
) -> str:
    """The page of one student. It names nobody else."""
    groups = groupby(submission.items, lambda item: (item.question, item.part))
    sections = [Section(question, part, tuple(items)) for (question, part), items in groups]
    return _render(
        "submission.html",
        words,
        assignment=report.assignment,
        suite_version=report.suite_version,
        submission=submission,
        sections=sections,
        first=_to_fix_first(submission),
        counts=_counts(submission),
    )


def file_names(names: Sequence[str]) -> tuple[str, ...]:
    """A file name for each name of a submission: plain ASCII, unique, and the same in every run."""
    taken: dict[str, None] = {}
    for name in names:
        slug = _slug(name)
        taken[
            next(
                page
                for nth in count()
                if (page := f"{slug}-{_digest(name, nth)}.html") not in taken
            )
        ] = None
    return tuple(taken)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[-_SLUG_LENGTH:].strip("-") or "submission"


def _digest(name: str, nth: int) -> str:
    return hashlib.sha256(f"{nth}\0{name}".encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _to_fix_first(submission: SubmissionReport) -> list[ItemReport]:
    """Recognised mistakes, those that cost most first; they are the shortest way to more points."""
    known = [i for i in submission.items if i.diagnosis is not None and wording(i).is_wrong]
    return sorted(known, key=lambda item: item.points - item.max_points)


def _counts(submission: SubmissionReport) -> list[tuple[Wording, int]]:
    """How often each verdict occurs, best first."""
    verdicts = Counter(item.verdict for item in submission.items)
    return [(shown, verdicts[name]) for name, shown in WORDING.items() if name in verdicts]


def _render(template: str, words: Catalogue, **values: Any) -> str:
    spoken = {"say": words.say, "said": words.of, "language": words.language}
    return _environment().get_template(template).render(**spoken, **values)


@cache
def _script_hash() -> str:
    """The index's script as its content policy names it."""
    script = resources.files("reporting.render").joinpath("templates", _SORT_SCRIPT).read_bytes()
    return f"sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode('ascii')}"


@cache
def _environment() -> Environment:
    # Only who asks for pages waits for Jinja.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415

    environment = Environment(
        loader=PackageLoader("reporting.render"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,  # the script's hash is that of the whole file
    )
    environment.filters["number"] = number
    environment.filters["lines"] = _lines
    environment.filters["percent"] = _percent
    environment.globals.update(
        wording=wording, facts=facts, recognised=recognised, tried=tried, bonus_of=bonus_of
    )
    environment.globals.update(bars=bars, caption=caption)
    return environment


def _finalize(value: object) -> object:
    # Markup is a subclass of str that has been through here already.
    return visible(value) if type(value) is str else value


def _lines(text: str) -> str:
    from markupsafe import escape  # noqa: PLC0415

    return escape(visible(text, keep="\n\t"))


def _percent(points: float, most: float) -> str:
    return f"{100 * points / most:.1f}%" if most else "0%"
