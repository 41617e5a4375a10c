"""``infoshare-text redact``: the export again, every row and column, personal data in the comments masked."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infoshare_text.cli import on_terminal, say, say_personal_columns
from infoshare_text.cli.options import masking, reading

if TYPE_CHECKING:
    import pandas as pd

    from infoshare_text.reading.survey import Survey


@click.command("redact")
@reading
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    default="-",
    help="File to write: .csv, .xlsx, .parquet or .jsonl. Default: CSV to stdout.",
)
@masking
@click.option(
    "--for-machines", is_flag=True, help="CSV without byte-order mark and without the guard against formulas."
)
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON; needs -o FILE.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    export: Path,
    how: dict[str, Any],
    output: Path,
    kinds: tuple[str, ...],
    nlp: str | None,
    for_machines: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Mask personal data in the comments of EXPORT: '[NAME]', '[PHONE]', '[NHS NUMBER]'.

    Every row comes out again, in order; only the columns of comments are changed, and columns of personal data are left
    out. No list of rules
    finds everything: docs/personal-data.md says what was measured and what is missed.
    """
    from infoshare_text.reading.survey import read_survey
    from infoshare_text.writing.tables import check_fits, write_stream, write_table

    to_stdout = str(output) == "-"
    if as_json and to_stdout:
        raise click.UsageError("--json prints on stdout, so the table needs a file: -o FILE.")
    survey = read_survey(export, **how)
    if not to_stdout:
        check_fits(output, survey.length, len(survey.kept_columns))
    say(f"{export}: {survey.file_description}; {survey.layout.name}; {survey.length:,} respondents", quiet)
    for note in survey.notes:
        say(f"  note: {note}", quiet)
    say_personal_columns(survey.personal_columns, quiet)
    counts: Counter[str] = Counter()
    columns = _columns(survey, bool(how["text"]))
    mask = masker(kinds, nlp, counts, columns)
    for name in columns or ["comment, and the columns it was read from"]:
        say(f"  masked: {name}", quiet)
    say("  all other columns are written as they are; name one with --text to mask it", quiet)
    with click.progressbar(
        length=survey.length, label="masking", file=sys.stderr, hidden=quiet or not on_terminal()
    ) as bar:
        pieces = _masked_pieces(survey, mask, bar.update)
        if to_stdout:
            write_stream(pieces, sys.stdout.buffer, for_machines=for_machines)
        else:
            write_table(pieces, output, source=export, for_machines=for_machines)
    say(f"masked: {masks_in_words(counts)}" + ("" if to_stdout else f"; written to {output}"), quiet)
    if as_json:
        click.echo(json.dumps(_summary(survey, output, columns, counts), indent=2, ensure_ascii=False))


def masker(
    kinds: Sequence[str], nlp: str | None, counts: Counter[str], columns: Sequence[str] | None = None
) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Return what masks one piece of a table; without ``columns``, of a table of comments."""
    from infoshare_text.cleaning.personal_data.redact import checked_kinds, redact

    wanted = checked_kinds(kinds or None)
    pipeline = None
    if nlp is not None:
        from infoshare_text.spacy_components import load_pipeline

        pipeline = load_pipeline(nlp)

    def mask(piece: pd.DataFrame) -> pd.DataFrame:
        return redact(piece, columns or None, kinds=wanted, nlp=pipeline, counts=counts)

    return mask


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


def _summary(survey: Survey, output: Path, columns: list[str], counts: Counter[str]) -> dict[str, object]:
    return {
        "file": str(survey.path),
        "output": str(output),
        "respondents": survey.length,
        "masked_columns": columns or ["comment, and the columns it was read from"],
        "masked": dict(counts.most_common()),
        "masked_in_all": counts.total(),
    }
