"""``infoshare-text classify``: a survey export in, coded comments out."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Any

import click

from infoshare_text.cli import on_terminal, say, say_personal_columns
from infoshare_text.cli.options import masking, reading
from infoshare_text.errors import listed


@click.command("classify")
@reading
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    default="-",
    help="File to write: .csv, .xlsx, .parquet or .jsonl. Default: CSV to stdout.",
)
@click.option(
    "--model", "-m", type=click.Path(path_type=Path), help="Folder of a theme model. Default: the shipped one."
)
@click.option("--evidence", is_flag=True, help="Add the deciding words as offsets.")
@click.option("--redact", is_flag=True, help="Mask personal data in the comments, after they were coded.")
@masking
@click.option("--wide", is_flag=True, help="One row for each respondent instead of one for each answer.")
@click.option(
    "--for-machines", is_flag=True, help="CSV without byte-order mark and without the guard against formulas."
)
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    export: Path,
    how: dict[str, Any],
    output: Path,
    model: Path | None,
    evidence: bool,
    redact: bool,
    kinds: tuple[str, ...],
    nlp: str | None,
    wide: bool,
    for_machines: bool,
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
    from infoshare_text.writing.tables import check_fits, write_stream, write_table

    if not redact and (kinds or nlp):
        raise click.UsageError("--kind and --nlp say what --redact masks; name --redact too.")
    to_stdout = str(output) == "-"
    survey = read_survey(export, **how)
    coder = Coder.load(model)
    answers = survey.length * len(survey.questions)
    if not to_stdout:
        columns = len(survey.kept_columns) + len(coder.columns(evidence)) * (len(survey.questions) if wide else 1) + 3
        check_fits(output, survey.length if wide else answers, columns)
    say(f"{export}: {survey.file_description}; {survey.layout.name}; {survey.length:,} respondents", quiet)
    for note in survey.notes:
        say(f"  note: {note}", quiet)
    say_personal_columns(survey.personal_columns, quiet)
    if renamed := renamed_columns(survey, coder.columns(evidence)):
        say(f"  note: the coding adds columns of these names, so the input's begin 'input_': {listed(renamed)}", quiet)
    for question, reason in zip(survey.questions, survey.reasons, strict=True):
        say(f"  comments: {question.question} ({reason})", quiet)
    counts: Counter[str] = Counter()
    masked: Counter[str] = Counter()
    finish = masker(kinds, nlp, masked) if redact else None
    with click.progressbar(
        length=survey.length, label="coding", file=sys.stderr, hidden=quiet or not on_terminal()
    ) as bar:
        pieces = code_in_chunks(
            survey, coder, evidence=evidence, wide=wide, counts=counts, told=bar.update, finish=finish
        )
        if to_stdout:
            write_stream(pieces, sys.stdout.buffer, for_machines=for_machines)
        else:
            write_table(pieces, output, source=export, for_machines=for_machines)
    say(
        f"{answers:,} answers = {counts['coded']:,} coded + {counts['blank']:,} blank "
        f"+ {counts['non_answer']:,} non-answers" + ("" if to_stdout else f"; written to {output}"),
        quiet,
    )
    if redact:
        say(f"masked in the comments: {masks_in_words(masked)}; other columns are written as they are", quiet)
