"""What somebody handed in, as a terminal shows it."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from command.errors import SOME_NOT_GRADED, Unusable
from command.remote import Remote

if TYPE_CHECKING:
    from rich.console import Console


def outcome(
    service: Remote, about: Mapping[str, Any], console: "Console", language: str = "en"
) -> int:
    """Print the report on a submission in a language, or why there is none, and return the exit status."""
    from rich.text import Text  # noqa: PLC0415 - slow imports once there is something to show

    from reporting.render.terminal import submission_text  # noqa: PLC0415
    from reporting.render.wording import visible  # noqa: PLC0415
    from reporting.report import submission_from_json  # noqa: PLC0415
    from words.languages import catalogue  # noqa: PLC0415

    words = catalogue(language)

    state, reason = about["state"], about["reason"]
    if state != "graded":
        says = {
            "rejected": words.say("It could not be graded and costs no attempt: "),
            "faulted": words.say(
                "Something of ours broke, which costs no attempt; staff were told: "
            ),
        }.get(state, f"It is {state}. ")
        console.print(Text(visible(f"{says}{words.of(reason)}".rstrip())))
        return SOME_NOT_GRADED if state in ("rejected", "faulted") else 0
    told = service.get(about["links"]["report"])
    try:
        report = submission_from_json(told["submission"])
    except (KeyError, TypeError) as error:
        raise Unusable("the report is of another version; read it on the service's page") from error
    submission_text(report, console, words)
    now = service.get(about["links"]["self"])
    console.print()
    mark = now["mark"]
    if mark is not None and mark["overridden"]:
        console.print(Text(words.of(f"Staff gave {mark['score']:g} points instead."), "bold"))
    if mark is not None and mark["waiting"]:
        console.print(
            Text(words.of(f"{mark['waiting']:g} points wait for a person to read."), "dim")
        )
    counts = "This submission counts." if now["counts"] else "Another one of yours counts."
    console.print(Text(f"#{now['number']} {now['id']} · {words.say(counts)}", "dim"))
    return 0


def listed(submissions: list[Mapping[str, Any]], console: "Console") -> None:
    """Print submissions, the newest first."""
    from rich import box  # noqa: PLC0415 - as above
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    from reporting.render.wording import visible  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("", "#", "received", "file", "state", "score"):
        table.add_column(name, justify="right" if name in ("#", "score") else "left")
    table.add_column("id", overflow="fold")
    for each in submissions:
        mark = each["mark"]
        received = datetime.fromisoformat(each["received_at"]).astimezone()
        table.add_row(
            "→" if each["counts"] else "",
            str(each["number"]),
            f"{received:%Y-%m-%d %H:%M}",
            Text(visible(each["filename"])),
            each["state"],
            f"{mark['score']:g}/{mark['max_score']:g}" if mark else "–",
            each["id"],
        )
    console.print(table)


def course_of(service: Remote, named: str | None) -> str:
    """The course that is meant: the one that is named, or the only one. Raises Unusable."""
    if named is not None:
        return named
    names = [each["course"] for each in service.get("/api/v1/courses")]
    if len(names) != 1:
        known = ", ".join(names) or "none"
        raise Unusable(f"say which course, with --course; yours are: {known}")
    only: str = names[0]
    return only


def assignment_of(service: Remote, course: str, named: str | None) -> str:
    """The assignment that is meant: the one that is named, or the only one that is open."""
    if named is not None:
        return named
    now = datetime.now().astimezone()
    names = [
        each["assignment"]
        for each in service.get(f"/api/v1/courses/{course}/assignments")
        if datetime.fromisoformat(each["opens_at"])
        <= now
        <= datetime.fromisoformat(each["closes_at"])
    ]
    if len(names) != 1:
        known = ", ".join(names) or "none"
        raise Unusable(f"say which assignment, with --assignment; open are: {known}")
    only: str = names[0]
    return only
