"""Sentences that end the command before anything is graded.

ClickException
└── Unusable — what was asked for cannot be done as asked: exit status 2
"""

import click

SOME_NOT_GRADED = 1
WRONG_USAGE = 2
INTERRUPTED = 130


class Unusable(click.ClickException):
    """One sentence that says what is wrong and what to do; nothing has been graded or written."""

    exit_code = WRONG_USAGE
