"""``infoshare-text review``: comments drawn for a person, in a workbook to code in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import click

from infoshare_text.cli import say
from infoshare_text.cli.options import masking, reading, refuse_masking_without_redact, which_model


@click.command("review")
@reading
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, help="Workbook to write: .xlsx.")
@click.option("--number", "-n", type=click.IntRange(1), default=100, show_default=True, help="How many to draw.")
@click.option("--blind", is_flag=True, help="Leave out what the model suggests.")
@click.option(
    "--coders",
    type=click.IntRange(1, 20),
    default=1,
    show_default=True,
    help="Write a workbook for each of so many people: the same comments, each in another order.",
)
@click.option(
    "--redact/--no-redact",
    default=True,
    show_default=True,
    help="Mask personal data in the comments before anybody sees them.",
)
@masking
@click.option(
    "--random-share",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Share drawn at random, from which the truth can be estimated.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Another seed, another draw.")
@which_model
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    export: Path,
    how: dict[str, Any],
    output: Path,
    number: int,
    blind: bool,
    coders: int,
    redact: bool,
    kinds: tuple[str, ...],
    nlp: str | None,
    random_share: float,
    seed: int,
    model: Path | None,
    accurate: bool,
    quiet: bool,
) -> None:
    """Draw the comments of EXPORT that are most worth a person's time, and write a workbook to code in.

    EXPORT is a survey export or a file that classify wrote. Drawn are comments that the model is unsure of, that are
    unlike its training, that it coded otherwise than others of nearly the same words, and some at random. Coded
    workbooks go to train, evaluate and agreement as they are.
    """
    from infoshare_text.cli.redact import mask_of_texts
    from infoshare_text.coding.model_folder import load_themes
    from infoshare_text.reading.survey import read_survey
    from infoshare_text.training.review import draw_for_review
    from infoshare_text.writing.review_workbook import write_review

    refuse_masking_without_redact(redact, kinds, nlp)
    mask = mask_of_texts(kinds, nlp) if redact else str
    survey = read_survey(export, **how)
    source = survey.comments if how["text"] else survey
    draw = draw_for_review(
        source,
        number,
        seed=seed,
        blind=blind,
        random_share=random_share,
        model=model,
        accurate=accurate,
        mask=mask,
    )
    written = write_review(draw, output, load_themes(model).codebook, coders=coders)
    say(f"{len(draw):,} of {draw['pool'].iloc[0]:,} different comments drawn:", quiet)
    for reason, times in Counter(reasons.split(";")[0] for reasons in draw["drawn_for"]).most_common():
        say(f"  {times:,} {reason.replace('_', ' ')}", quiet)
    say(f"written to {', '.join(map(str, written))}", quiet)
