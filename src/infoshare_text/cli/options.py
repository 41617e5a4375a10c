"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def masking(function: F) -> F:
    """Add the options that say what personal data is and who else may look for it."""
    for decorator in reversed(
        [
            click.option(
                "--kind",
                "kinds",
                multiple=True,
                metavar="KIND",
                help="Mask this kind only (name, email, phone, ...); may be repeated. Default: all.",
            ),
            click.option(
                "--nlp",
                metavar="PIPELINE",
                help="An installed spaCy pipeline, or the folder of one, that looks for names as well.",
            ),
        ]
    ):
        function = decorator(function)
    return function


def reading(function: F) -> F:
    """Add the input and the options that override what is detected of it."""
    for decorator in reversed(
        [
            click.argument("export", type=click.Path(path_type=Path, readable=False)),
            click.option(
                "--text",
                "-t",
                multiple=True,
                metavar="COLUMN",
                help="Column that holds comments; may be repeated. Default: found by itself.",
            ),
            click.option("--encoding", metavar="NAME", help="Encoding of a text file. Default: decided."),
            click.option("--delimiter", metavar="CHAR", help="Delimiter of a text file. Default: decided."),
            click.option(
                "--sheet", metavar="NAME", help="Sheet of a workbook. Default: the first with anything on it."
            ),
        ]
    ):
        function = decorator(function)
    return function


def labels(function: F) -> F:
    """Add the options that say how labelled files are read."""
    for decorator in reversed(
        [
            click.option("--text", "-t", metavar="COLUMN", help="Column of comments. Default: found by itself."),
            click.option(
                "--group", "-g", metavar="COLUMN", help="Column of respondents. Default: found by its usual names."
            ),
            click.option(
                "--leave-out",
                multiple=True,
                type=click.Choice(["uncoded", "blank", "contradictory"]),
                help="Leave such rows out in place of refusing the file; may be repeated.",
            ),
            click.option("--blank-is-absent", is_flag=True, help="Read an empty cell as 'the code does not apply'."),
        ]
    ):
        function = decorator(function)
    return function
