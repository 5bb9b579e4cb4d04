"""`grader diff`: whose score changed between two runs, item by item, and why."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from command.assignment import check_name
from command.errors import Unusable
from command.outputs import check_file
from command.store import database_option, runs

if TYPE_CHECKING:
    from reporting.difference import Judged
    from submissions.runs import Graded, Runs, Version

NOBODY: "Mapping[str, Judged]" = MappingProxyType({})
FEWEST_SIGNS = 4
"""A suite version may be shortened to its last or first signs, but not to fewer than these."""


@click.command(short_help="Compare two runs.")
@click.argument("before", metavar="RUN_A")
@click.argument("after", metavar="RUN_B")
@click.option(
    "--assignment", metavar="NAME", help="The assignment, where a RUN is a suite version."
)
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="Write it as JSON."
)
@click.option("--all", "everyone", is_flag=True, help="Show every student item by item.")
@database_option
def command(
    *,
    before: str,
    after: str,
    assignment: str | None,
    json_file: Path | None,
    everyone: bool,
    database: str | None,
) -> None:
    """Show whose score changed from RUN_A to RUN_B, item by item: verdict and facts before and after.

    A RUN is a JSON report of `grader run --json`; a suite version as reports name it, or its beginning or
    end, which stands for all that it has graded; `latest` or `previous`, the last two suite versions in
    the store; or `#N`, the stored grading with the number N.
    """
    if assignment is not None:
        check_name(assignment)
    if json_file is not None:
        check_file("--json", json_file)
    first = _from_file(before) if _is_file(before) else None
    second = _from_file(after) if _is_file(after) else None
    if first is None or second is None:
        known = assignment or (first or second or ("",))[0]
        with runs(database) as store:
            second = second or _from_store(after, store, known)
            first = first or _from_store(before, store, known or second[0], second[1])
    if first[0] != second[0]:
        raise Unusable(f"{before} is a run of {first[0]}, {after} one of {second[0]}")
    from command.console import stdout  # noqa: PLC0415 - slow imports after the checks
    from reporting.difference import as_json, difference  # noqa: PLC0415
    from reporting.render.difference import SHOWN, difference_text  # noqa: PLC0415
    from reporting.render.file import write_whole  # noqa: PLC0415

    found = difference(first[0], first[1], second[1])
    if not found.compared:
        raise Unusable(f"no student is in both {before} and {after}")
    if json_file is not None:
        text = json.dumps(as_json(found), ensure_ascii=False, allow_nan=False, indent=1)
        try:
            write_whole(json_file, f"{text}\n")
        except OSError as error:
            raise Unusable(f"--json {json_file} cannot be written ({error.strerror})") from error
    difference_text(found, stdout(), shown=None if everyone else SHOWN)


def _is_file(run: str) -> bool:
    return run.endswith(".json") or (Path(run).is_file() and not run.startswith("#"))


def _from_file(path: str) -> "tuple[str, Mapping[str, Judged]]":
    from reporting.difference import Judged  # noqa: PLC0415 - as above
    from reporting.report import FORMAT, submission_from_json  # noqa: PLC0415

    try:
        document: Any = json.loads(Path(path).read_bytes())
        if document["format"] != FORMAT:
            raise Unusable(f"{path} has format {document['format']!r}; this version reads {FORMAT}")
        version = str(document["suite_version"])
        reports = [submission_from_json(each) for each in document["submissions"]]
        return str(document["assignment"]), {r.name: Judged(version, r) for r in reports}
    except OSError as error:
        raise Unusable(f"{path} cannot be read ({error.strerror}); check the path") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unusable(f"{path} is no report that `grader run --json` wrote") from error


def _from_store(
    run: str, store: "Runs", assignment: str, other: "Mapping[str, Judged]" = NOBODY
) -> "tuple[str, Mapping[str, Judged]]":
    """The last grading of each student; of the files that the `other` run has graded, if there is one."""
    if run.startswith("#"):
        number = run[1:]
        grading = store.of_number(int(number)) if number.isdecimal() and len(number) < 10 else None
        if grading is None:
            raise Unusable(f"there is no stored grading {run}; `grader show` names the numbers")
        return grading.assignment, {grading.name: _judged(grading)}
    if not assignment:
        raise Unusable(
            f"{run} is no file; say with --assignment of which assignment it is a version"
        )
    version = _version(run, store.versions(assignment), assignment)
    found: dict[str, Judged] = {}
    for grading in store.of_version(assignment, version):
        name = grading.name
        wanted = other[name].files if name in other else None
        if name not in found or found[name].files != wanted == grading.digest:
            found[name] = _judged(grading)
    return assignment, found


def _version(run: str, versions: "list[Version]", assignment: str) -> str:
    names = [version.suite_version for version in versions]
    if not names:
        raise Unusable(f"no grading of {assignment} is stored")
    if run == "latest":
        return names[0]
    if run == "previous":
        if len(names) < 2:
            raise Unusable(f"only one suite version has graded {assignment}: {names[0]}")
        return names[1]
    if run in names:
        return run
    near = [name for name in names if name.startswith(run) or name.endswith(run)]
    if len(run) >= FEWEST_SIGNS and len(near) == 1:
        return near[0]
    listed = ", ".join(f"{v.suite_version} ({v.students})" for v in versions[:10])
    several = f"{run!r} may be any of several runs" if len(near) > 1 else f"there is no run {run!r}"
    raise Unusable(f"{several}; stored of {assignment}, with the number of students: {listed}")


def _judged(grading: "Graded") -> "Judged":
    from reporting.difference import Judged  # noqa: PLC0415 - as above
    from reporting.report import submission_from_json  # noqa: PLC0415

    try:
        report = submission_from_json(grading.report)
    except (KeyError, TypeError) as error:
        raise Unusable(
            f"the report on {grading.name!r} was stored by another version; grade it again"
        ) from error
    return Judged(grading.suite_version, report, grading.digest)
