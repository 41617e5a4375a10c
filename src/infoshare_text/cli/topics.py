"""``infoshare-text topics``: a survey export in, what its comments speak of out."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infoshare_text.cli import on_terminal, say, say_survey
from infoshare_text.cli.options import masking, reading, refuse_masking_without_redact, which_model
from infoshare_text.cli.pipes import shown

if TYPE_CHECKING:
    import pandas as pd

    from infoshare_text.coding.classify import Coder
    from infoshare_text.reading.survey import Survey


@click.command("topics")
@reading
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path, allow_dash=True),
    help="Folder to write, or an .xlsx file (tables only). Default: only the summary, to stdout.",
)
@click.option(
    "--within",
    multiple=True,
    metavar="THEME",
    help="Find topics within this theme too, by its key; may be repeated; 'all' for every theme.",
)
@click.option(
    "--by",
    multiple=True,
    metavar="COLUMN",
    help="Share of each topic in the groups of this column, such as the sector; may be repeated.",
)
@click.option(
    "--topics-from",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="What this command wrote for an earlier wave, or the folder 'model' in it: its topics are found again.",
)
@click.option("--n-topics", type=click.IntRange(2), metavar="N", help="At most so many. Default: by the comments.")
@click.option("--concepts", type=click.Path(path_type=Path), help="Your concepts (TOML). Default: the shipped ones.")
@which_model
@click.option("--with-comments", is_flag=True, help="Put the comments, as read, into the table of assignments.")
@click.option("--redact", is_flag=True, help="With --with-comments: mask personal data in them.")
@masking
@click.option("--seed", type=int, default=0, show_default=True, help="Draws resamples, and samples of large surveys.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    export: Path,
    how: dict[str, Any],
    output: Path | None,
    within: tuple[str, ...],
    by: tuple[str, ...],
    topics_from: Path | None,
    n_topics: int | None,
    concepts: Path | None,
    model: Path | None,
    accurate: bool,
    with_comments: bool,
    redact: bool,
    kinds: tuple[str, ...],
    nlp: str | None,
    seed: int,
    quiet: bool,
) -> None:
    """Find what the comments of EXPORT speak of, and write tables, pictures and a page.

    Comments are coded as 'classify' does; topics are found across all of them and, on request, within themes. The
    folder holds assignments.csv (a topic for each comment), topics.csv, examples.csv (five comments of each topic,
    personal data masked), quality.csv, phrases.csv, topics.html, two pictures, and model/ for the next wave.
    """
    from infoshare_text.cli.redact import masker
    from infoshare_text.coding.classify import Coder
    from infoshare_text.reading.roles import ID
    from infoshare_text.reading.survey import read_survey
    from infoshare_text.topics.installed import check_installed
    from infoshare_text.topics.report import topic_report
    from infoshare_text.writing.topics.files import check_topics_target, write_topics
    from infoshare_text.writing.topics.words import in_words

    output = None if str(output) == "-" else output
    if quiet and output is None:
        raise click.UsageError("--quiet without --output leaves nothing to do; name -o as well.")
    refuse_masking_without_redact(redact, kinds, nlp)
    if redact and not with_comments:
        raise click.UsageError("--redact masks what --with-comments writes; name both. Examples are always masked.")
    mask = masker(kinds, nlp, Counter(), ["comment"]) if redact else None
    check_installed()
    if output is not None:
        check_topics_target(output, *(path for path in (export, topics_from, concepts, model) if path is not None))
    survey = read_survey(export, **how)
    coder = Coder.load(model, accurate=accurate)
    say_survey(shown(export), survey, quiet)
    for question in survey.questions:
        say(f"  comments: {question.question} ({survey.reason})", quiet)
    ids = [entry.column.name for entry in survey.roles if entry.role == ID]
    names = _names(survey, coder)
    keep = [names[name] for name in ids if name in names] + (["comment"] if with_comments else [])
    groups = [names.get(name, name) for name in by]
    coded = _coded(survey, coder, [*keep, *groups], quiet)
    report = topic_report(
        coded,
        within=within,
        by=groups,
        keep=keep,
        titles={theme.key: theme.label for theme in coder.themes.codebook.themes},
        topics_from=topics_from,
        n_topics=n_topics,
        concepts=concepts,
        seed=seed,
    )
    if mask is not None:
        report = replace(report, assignments=mask(report.assignments))
    if output is not None:
        write_topics(report, output)
    if not quiet:
        click.echo(in_words(report), file=sys.stdout)
    if output is not None:
        say(f"written to {output}", quiet)


def _names(survey: Survey, coder: Coder) -> dict[str, str]:
    """Return what each column of the export is called beside those of the coding."""
    from infoshare_text.reading.survey import renamed_columns

    renamed = renamed_columns(survey, coder.columns())
    return {name: f"input_{name}" if name in renamed else name for name in survey.kept_columns}


def _coded(survey: Survey, coder: Coder, keep: list[str], quiet: bool) -> pd.DataFrame:
    """Code a survey, and hold no more of it than topics need."""
    import pandas as pd

    from infoshare_text.columns import COMMENT_COLUMNS
    from infoshare_text.errors import ColumnError
    from infoshare_text.scale.chunks import code_in_chunks

    there = _names(survey, coder)
    for name in keep:
        if name in survey.personal_columns:
            raise ColumnError(
                f"{name!r} is a column of personal data, which is left out; --keep-personal-columns keeps it."
            )
        if name not in {*there.values(), "comment"}:
            raise ColumnError.absent(name, there)
    counts: Counter[str] = Counter()
    wanted = list(dict.fromkeys([*keep, *COMMENT_COLUMNS, *coder.columns()]))
    with click.progressbar(
        length=survey.length, label="coding", file=sys.stderr, hidden=quiet or not on_terminal()
    ) as bar:
        pieces = [piece[wanted] for piece in code_in_chunks(survey, coder, counts=counts, told=bar.update)]
    say(
        f"{survey.length * len(survey.questions):,} answers = {counts['coded']:,} coded + {counts['blank']:,} blank "
        f"+ {counts['non_answer']:,} non-answers",
        quiet,
    )
    return pd.concat(pieces, ignore_index=True)
