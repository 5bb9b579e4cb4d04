"""The option for the language in which reports are read."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

from words.languages import LANGUAGES

F = TypeVar("F", bound=Callable[..., Any])


def language_option(command: F) -> F:
    """Add `--language`."""
    spoken = ", ".join(f"{tag} ({name})" for tag, name in LANGUAGES.items())
    return click.option(
        "--language",
        type=click.Choice(list(LANGUAGES)),
        envvar="GRADER_LANGUAGE",
        default="en",
        show_default=True,
        help=f"What the report is written in: {spoken}. [env: GRADER_LANGUAGE]",
    )(command)
