"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar, cast

import click

from infoshare_text.cli.pipes import piped_in
from infoshare_text.reading.overrides import KINDS, LAYOUTS, MOST_HEADER_ROWS, ORDERS

F = TypeVar("F", bound=Callable[..., Any])
_HOW = (
    "text",
    "encoding",
    "delimiter",
    "sheet",
    "guarded",
    "layout",
    "header_rows",
    "date_order",
    "leave_out",
    "keep_personal_columns",
)

_OF_THE_FILE = (
    click.option("--encoding", metavar="NAME", help="Encoding of a text file. Default: decided."),
    click.option("--delimiter", metavar="CHAR", help="Delimiter of a text file. Default: decided."),
    click.option("--sheet", metavar="NAME", help="Sheet of a workbook. Default: the first with anything on it."),
    click.option(
        "--guarded/--not-guarded",
        default=None,
        help="Whether texts have an apostrophe against formulas, to take off. Default: told from a CSV.",
    ),
    click.option("--layout", type=click.Choice(LAYOUTS), help="Layout of the export. Default: recognised."),
    click.option(
        "--header-rows",
        type=click.IntRange(1, MOST_HEADER_ROWS),
        help="Rows above the first respondent. Default: as the layout has them.",
    ),
)
_READING = ("encoding", "delimiter", "sheet", "guarded", "layout", "header_rows")
_LABELS = ("text", "group", "leave_out", "blank_is_absent")


def which_model(function: F) -> F:
    """Add the options that say by which model comments are coded."""
    return _with(
        function,
        [
            click.option(
                "--model",
                "-m",
                type=click.Path(path_type=Path),
                help="Folder of a theme model. Default: the shipped one.",
            ),
            click.option(
                "--accurate",
                is_flag=True,
                help="The shipped model, more often right, above all on sentiment, at some 400 comments a second, "
                "without evidence; needs the extra 'accurate'.",
            ),
        ],
    )


def masking(function: F) -> F:
    """Add the options that say what personal data is and who else may look for it."""
    return _with(
        function,
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
        ],
    )


def refuse_masking_without_redact(redact: bool, kinds: Sequence[str], nlp: str | None) -> None:
    """Refuse options that would have no effect."""
    if not redact and (kinds or nlp):
        raise click.UsageError("--kind and --nlp say what --redact masks; name --redact too.")


def reading(function: F) -> F:
    """Add the input and the options that override what is detected of it.

    The command receives the export's path, and as ``how`` what :func:`infoshare_text.read_survey` takes.
    """

    @wraps(function)
    def gathered(*args: Any, **given: Any) -> Any:
        how = {name: given.pop(name) for name in _HOW}
        how["text"] = how["text"] or None
        with piped_in(given.pop("export")) as export:
            return function(*args, export=export, how=how, **given)

    return cast(
        F,
        _with(
            gathered,
            [
                click.argument("export", type=click.Path(path_type=Path, readable=False, allow_dash=True)),
                click.option(
                    "--text",
                    "-t",
                    multiple=True,
                    metavar="COLUMN",
                    help="Column that holds comments; may be repeated. Default: found by itself.",
                ),
                *_OF_THE_FILE,
                click.option(
                    "--date-order",
                    type=click.Choice(ORDERS),
                    help="Order of dates. Default: told by the dates themselves.",
                ),
                click.option(
                    "--leave-out",
                    multiple=True,
                    type=click.Choice(KINDS),
                    help="Leave out tests and previews, or unfinished responses; may be repeated.",
                ),
                click.option(
                    "--keep-personal-columns",
                    is_flag=True,
                    help="Keep columns of names, IP and e-mail addresses, phone numbers. Default: left out.",
                ),
            ],
        ),
    )


def labels(function: F) -> F:
    """Add the options that say how labelled files are read.

    The command receives them as ``how``: what :func:`infoshare_text.read_labelled` takes.
    """
    return _gathered(function, [*_COLUMNS, _LEAVE_OUT, _BLANK, *_OF_THE_FILE], _LABELS)


def codings(function: F) -> F:
    """Add the options that say how the files of coders are read; the command receives them as ``how``."""
    return _gathered(function, [*_COLUMNS, _BLANK, *_OF_THE_FILE], ("text", "group", "blank_is_absent"))


_COLUMNS = (
    click.option("--text", "-t", metavar="COLUMN", help="Column of comments. Default: found by itself."),
    click.option("--group", "-g", metavar="COLUMN", help="Column of respondents. Default: found by its usual names."),
)
_LEAVE_OUT = click.option(
    "--leave-out",
    multiple=True,
    type=click.Choice(["uncoded", "blank", "contradictory"]),
    help="Leave such rows out in place of refusing the file; may be repeated.",
)
_BLANK = click.option("--blank-is-absent", is_flag=True, help="Read an empty cell as 'the code does not apply'.")


def _gathered(function: F, options: Sequence[Any], names: Sequence[str]) -> F:
    @wraps(function)
    def gathered(*args: Any, **given: Any) -> Any:
        how = {name: given.pop(name) for name in names}
        how["reading"] = {name: given.pop(name) for name in _READING}
        return function(*args, how=how, **given)

    return cast(F, _with(gathered, options))


def _with(function: F, decorators: Sequence[Callable[[Any], Any]]) -> F:
    """Add options, which the help then shows in this order."""
    decorated: Any = function
    for decorator in reversed(decorators):
        decorated = decorator(decorated)
    return cast(F, decorated)
