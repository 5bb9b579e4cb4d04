"""`grader list`: which assignments there are, and what is graded in them."""

import click

from command.assignment import check_name


@click.command(name="list", short_help="List assignments, questions, items and points.")
@click.option("--assignment", metavar="NAME", help="Only this one. [default: all]")
def command(assignment: str | None) -> None:
    """List the assignments with their questions, items and points."""
    if assignment is not None:
        check_name(assignment)
    # Imported late, as in every subcommand: suites and Rich are slow to import.
    from rich.table import Table  # noqa: PLC0415

    from command.console import stderr, stdout  # noqa: PLC0415
    from grader.assignments import load, names  # noqa: PLC0415
    from grader.errors import GraderError  # noqa: PLC0415
    from reporting.render.wording import number  # noqa: PLC0415

    console = stdout()
    for name in (assignment,) if assignment else names():
        try:
            found = load(name)
        except GraderError as error:
            stderr().print(str(error))
            continue
        console.print(
            f"{found.name}: {found.title}, {number(found.max_score)} points, suite {found.version}",
            style="bold",
        )
        for heading in found.headings:
            table = Table.grid(padding=(0, 2))
            table.add_column(justify="right", no_wrap=True)
            table.add_column(no_wrap=True)
            table.add_column()
            points = 0.0
            kind = "bonus points"
            parts = []
            for suite in found.suites:
                if suite.question != heading:
                    continue
                parts.append(suite.part)
                for item in suite.items:
                    points += item.points
                    kind = kind if item.bonus else "points"
                    table.add_row(f"  {number(item.points)}", item.id, item.says)
            for asked in found.questions:
                if asked.question == heading:
                    points, kind = points + asked.points, "points"
                    parts.append(asked.part)
                    table.add_row(f"  {number(asked.points)}", asked.id, f"in words: {asked.says}")
            console.print()
            console.print(
                f"{heading} · {', '.join(dict.fromkeys(parts))}   {number(points)} {kind}"
            )
            console.print(table)
        console.print()
