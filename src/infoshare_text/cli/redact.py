"""``infoshare-text redact``: the export again, every row and column, personal data in the comments masked."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infoshare_text.cli import on_terminal, say, say_survey
from infoshare_text.cli.options import masking, reading
from infoshare_text.cli.output import Output, writing
from infoshare_text.cli.pipes import shown

if TYPE_CHECKING:
    import pandas as pd

    from infoshare_text.reading.survey import Survey


@click.command("redact")
@reading
@writing
@masking
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON; needs -o FILE.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    export: Path,
    how: dict[str, Any],
    output: Output,
    kinds: tuple[str, ...],
    nlp: str | None,
    as_json: bool,
    quiet: bool,
) -> None:
    """Mask personal data in the comments of EXPORT: '[NAME]', '[PHONE]', '[NHS NUMBER]'.

    Every row comes out again, in order; only the columns of comments are changed, and columns of personal data are left
    out. No list of rules finds everything: docs/personal-data.md says what was measured and what is missed.
    """
    from infoshare_text.reading.survey import read_survey

    if as_json and output.to_stdout:
        raise click.UsageError("--json prints on stdout, so the table needs a file: -o FILE.")
    output.check(export)
    survey = read_survey(export, **how)
    output.check_fits(survey.length, len(survey.kept_columns))
    say_survey(shown(export), survey, quiet)
    counts: Counter[str] = Counter()
    columns = _columns(survey, bool(how["text"]))
    mask = masker(kinds, nlp, counts, columns)
    for name in columns or ["comment, and the columns it was read from"]:
        say(f"  masked: {name}", quiet)
    say("  all other columns are written as they are; name one with --text to mask it", quiet)
    noted: list[str] = []
    with click.progressbar(
        length=survey.length, label="masking", file=sys.stderr, hidden=quiet or not on_terminal()
    ) as bar:
        pieces = _masked_pieces(survey, mask, bar.update)
        output.write(pieces, export, noted.append)
    say(f"masked: {masks_in_words(counts)}{output.written_to}", quiet)
    for note in noted:
        say(f"  note: {note}", quiet)
    if as_json:
        click.echo(json.dumps(_summary(shown(export), survey, output, columns, counts), indent=2, ensure_ascii=False))


def masker(
    kinds: Sequence[str], nlp: str | None, counts: Counter[str], columns: Sequence[str] | None = None
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what masks one piece of a table; without ``columns``, of a table of comments."""
    from infoshare_text.cleaning.personal_data.redact import redact

    wanted = _wanted(kinds, nlp)
    return lambda piece: redact(piece, columns or None, counts=counts, **wanted)


def mask_of_texts(kinds: Sequence[str], nlp: str | None) -> Callable[[str], str]:
    """Return what masks one text."""
    from infoshare_text.cleaning.personal_data.redact import redact

    wanted = _wanted(kinds, nlp)
    return lambda text: redact(text, **wanted)


def _wanted(kinds: Sequence[str], nlp: str | None) -> dict[str, Any]:
    """Check the options once, before any work is done."""
    from infoshare_text.cleaning.personal_data.redact import checked_kinds

    found: dict[str, Any] = {"kinds": checked_kinds(kinds or None)}
    if nlp is not None:
        from infoshare_text.spacy_components import load_pipeline

        found["nlp"] = load_pipeline(nlp)
    return found


def masks_in_words(counts: Counter[str]) -> str:
    """Say how many of each kind were masked, never what."""
    found = ", ".join(f"{kind.replace('_', ' ')} {count:,}" for kind, count in counts.most_common())
    return found or "nothing"


def _columns(survey: Survey, named: bool) -> list[str]:
    """Name the columns to mask; none for a coded file, whose table says itself where its comments are."""
    from infoshare_text.columns import COMMENT_COLUMNS

    if not named and set(COMMENT_COLUMNS) <= set(survey.columns):
        return []
    return [question.name for question in survey.questions]


def _masked_pieces(
    survey: Survey, mask: Callable[[pd.DataFrame], pd.DataFrame], told: Callable[[int], None]
) -> Iterator[pd.DataFrame]:
    for piece in survey.chunks():
        yield mask(survey.without_personal_columns(piece))
        told(len(piece))


def _summary(
    export: str, survey: Survey, output: Output, columns: list[str], counts: Counter[str]
) -> dict[str, object]:
    return {
        "file": export,
        "output": str(output.path),
        "respondents": survey.length,
        "masked_columns": columns or ["comment, and the columns it was read from"],
        "masked": dict(counts.most_common()),
        "masked_in_all": counts.total(),
    }
