"""`grader doctor`: what holds between a submission and this machine."""

from typing import TYPE_CHECKING, Literal

import click

from command.errors import SOME_NOT_GRADED

if TYPE_CHECKING:
    from rich.console import Console

    from grader.sandbox.doctor import Diagnosis

_STATES = {"holds": ("✓", "green"), "degraded": ("~", "yellow"), "missing": ("✗", "red")}


@click.command(short_help="Examine the sandbox on this machine.")
@click.option(
    "--profile",
    type=click.Choice(["numpy", "torch", "gpu"]),
    default="numpy",
    show_default=True,
    help="Which libraries the sandbox has; gpu is torch with this machine's GPU.",
)
@click.pass_context
def command(context: click.Context, profile: Literal["numpy", "torch", "gpu"]) -> None:
    """Show which layers of the sandbox hold on this machine, and try to break out of it.

    Exit status: 0 when submissions can be graded here, 1 when grading would be refused.
    """
    from command.console import stderr, stdout  # noqa: PLC0415 - `grader --help` does without
    from grader.sandbox.doctor import examine  # noqa: PLC0415

    found = examine(profile)
    _show(found, stdout())
    if found.refusal is not None:
        stderr().print(f"Grading is refused here: {found.refusal}")
    context.exit(0 if found.sound else SOME_NOT_GRADED)


def _show(found: "Diagnosis", console: "Console") -> None:
    from rich.table import Table  # noqa: PLC0415 - as above
    from rich.text import Text  # noqa: PLC0415

    layers = Table.grid(padding=(0, 2))
    for layer in found.standing.layers if found.standing else ():
        mark, colour = _STATES[layer.state]
        layers.add_row(Text(mark, colour), layer.name, Text(layer.state, colour), Text(layer.says))
    canaries = Table.grid(padding=(0, 2))
    for canary in found.canaries:
        mark, colour = ("✗", "red") if canary.sang else ("✓", "green")
        became = "broke out" if canary.sang else "held"
        detail = Text(canary.detail if canary.sang else "")
        canaries.add_row(Text(mark, colour), canary.name, Text(became, colour), canary.says, detail)
    console.print("Layers of the sandbox", style="bold")
    console.print(layers)
    console.print()
    console.print("Attempts to break out of it", style="bold")
    console.print(canaries)
    if found.sound:
        console.print()
        console.print("Submissions can be graded on this machine.")
