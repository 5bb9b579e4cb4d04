"""Where the command writes: results on stdout, everything about the run itself on stderr."""

import os

from rich.console import Console


class Output(Console):
    """A console that does not mind when its reader leaves early.

    Rich would end the command, with a status that here says that something could not be graded.
    """

    def on_broken_pipe(self) -> None:
        """Let the rest go nowhere."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), self.file.fileno())


def stdout() -> Console:
    """The console for results; without a terminal, lines are as long as they need to be."""
    console = Output(highlight=False, emoji=False, markup=False)
    if not console.file.isatty():
        console.width = 160
    return console


def stderr() -> Console:
    """The console for what happens on the way."""
    return Output(stderr=True, highlight=False, emoji=False, markup=False, soft_wrap=True)


def is_live(console: Console) -> bool:
    """Whether what was written can be drawn over; colours that are forced do not make a terminal."""
    return console.file.isatty() and not console.is_dumb_terminal
