"""``infoshare-text classify``: a survey export in, coded comments out."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from infoshare_text.cli import on_terminal, say, say_survey
from infoshare_text.cli.options import masking, reading, refuse_masking_without_redact, which_model
from infoshare_text.cli.output import Output, writing
from infoshare_text.cli.pipes import shown
from infoshare_text.columns import BLANK, CODED, DUPLICATE_COLUMNS, EXACT, NEAR, NON_ANSWER, NOT_ENGLISH
from infoshare_text.errors import listed
from infoshare_text.reading.files import XLSX


@click.command("classify")
@reading
@writing
@which_model
@click.option("--evidence", is_flag=True, help="Add the deciding words as offsets.")
@click.option("--redact", is_flag=True, help="Mask personal data in the comments, after they were coded.")
@masking
@click.option("--wide", is_flag=True, help="One row for each respondent instead of one for each answer.")
@click.option("--sheets", is_flag=True, help="XLSX: a worksheet for each question instead of one for all.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    export: Path,
    how: dict[str, Any],
    output: Output,
    model: Path | None,
    accurate: bool,
    evidence: bool,
    redact: bool,
    kinds: tuple[str, ...],
    nlp: str | None,
    wide: bool,
    sheets: bool,
    quiet: bool,
) -> None:
    """Code every comment in EXPORT: themes, stance, sentiment and what to review.

    EXPORT is an export as downloaded from a survey tool (CSV or XLSX), or any CSV, XLSX, Parquet or JSON-lines file.
    Every answer comes out again, in order, beside the columns of the export; those of personal data are left out.
    """
    from infoshare_text.cli.redact import masker, masks_in_words
    from infoshare_text.coding.classify import Coder
    from infoshare_text.reading.survey import read_survey, renamed_columns
    from infoshare_text.scale.chunks import code_in_chunks

    refuse_masking_without_redact(redact, kinds, nlp)
    if sheets and (wide or output.format != XLSX):
        raise click.UsageError("--sheets parts the rows of an .xlsx file by question; not with --wide.")
    output.check(export)
    survey = read_survey(export, **how)
    coder = Coder.load(model, accurate=accurate)
    k = len(survey.questions)
    answers = survey.length * k
    added = [*coder.columns(evidence), *DUPLICATE_COLUMNS]
    columns = len(survey.kept_columns) + len(added) * (k if wide else 1) + (1 if wide else 3)
    output.check_fits(survey.length if wide or sheets else answers, columns)
    say_survey(shown(export), survey, quiet)
    if renamed := renamed_columns(survey, added):
        say(f"  note: the coding adds columns of these names, so the input's begin 'input_': {listed(renamed)}", quiet)
    for question, reason in zip(survey.questions, survey.reasons, strict=True):
        say(f"  comments: {question.question} ({reason})", quiet)
    counts: Counter[str] = Counter()
    masked: Counter[str] = Counter()
    noted: list[str] = []
    finish = masker(kinds, nlp, masked) if redact else None
    with click.progressbar(
        length=survey.length, label="coding", file=sys.stderr, hidden=quiet or not on_terminal()
    ) as bar:
        pieces = code_in_chunks(
            survey, coder, evidence=evidence, wide=wide, counts=counts, told=bar.update, finish=finish
        )
        output.write(pieces, export, noted.append, "question" if sheets else None)
    say(
        f"{answers:,} answers = {counts[CODED]:,} coded + {counts[BLANK]:,} blank "
        f"+ {counts[NON_ANSWER]:,} non-answers{output.written_to}",
        quiet,
    )
    for line in _worth_knowing(counts):
        say(f"  {line}", quiet)
    for note in noted:
        say(f"  note: {note}", quiet)
    if redact:
        say(f"masked in the comments: {masks_in_words(masked)}; other columns are written as they are", quiet)


def _worth_knowing(counts: Counter[str]) -> list[str]:
    """Say what was marked among the coded answers; every one of them stands in the output."""
    said = []
    if counts[EXACT] or counts[NEAR]:
        said.append(
            f"column duplicate: {counts[EXACT]:,} repeat an earlier answer to the same question word for word, "
            f"{counts[NEAR]:,} nearly"
        )
    if counts[NOT_ENGLISH]:
        said.append(f"column review: {counts[NOT_ENGLISH]:,} hold another language than English; no codes are claimed")
    return said
