"""``infoshare-text train``: labelled files in, a model folder out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from infoshare_text.cli import on_terminal, say
from infoshare_text.cli.options import labels


@click.command("train")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--output", "-o", type=click.Path(path_type=Path), required=True, help="Folder of the new model.")
@click.option(
    "--codebook", "-c", type=click.Path(path_type=Path), help="Your codebook (TOML). Default: the six themes."
)
@labels
@click.option("--with-shipped-corpus", is_flag=True, help="Train on the synthetic comments of the library as well.")
@click.option(
    "--accurate",
    is_flag=True,
    help="Learn from whole sentences too: more often right, at some 400 comments a second, without evidence; needs the "
    "extra 'accurate'.",
)
@click.option(
    "--replace",
    "old",
    metavar="OLD",
    type=click.Path(path_type=Path),
    help="Compare with this model, and refuse to write one that is worse. -o may name the same folder.",
)
@click.option(
    "--judge-by",
    "aside",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Labelled comments set aside, to compare with OLD on; may be repeated. Default: those that OLD has not seen.",
)
@click.option("--force", is_flag=True, help="Write the model even where it is worse than OLD, or cannot be compared.")
@click.option("--seed", type=int, default=0, show_default=True, help="Deals the folds.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    files: tuple[Path, ...],
    output: Path,
    codebook: Path | None,
    how: dict[str, Any],
    with_shipped_corpus: bool,
    accurate: bool,
    old: Path | None,
    aside: tuple[Path, ...],
    force: bool,
    seed: int,
    quiet: bool,
) -> None:
    """Train a model on labelled FILES (CSV, XLSX, Parquet, JSON lines, or workbooks of 'review').

    Codes stand in 0/1 columns or in one column, joined. Thresholds and calibration come from cross-validation that
    never parts one respondent's comments, or comments of the same words. The folder appears whole or not at all.
    """
    from infoshare_text.training.replacing import check_place, train_and_save
    from infoshare_text.training.train import codebook_for, labelled_comments

    if aside and old is None:
        raise click.UsageError("--judge-by names comments to compare with OLD on; name --replace OLD too.")
    check_place(output, old)
    book = codebook_for(codebook, old)
    comments = labelled_comments(
        list(files),
        book,
        **how,
        told=lambda note: say(f"  note: {note}", quiet),
    )
    # Files set aside may be of another kind than those that --sheet and the like are for.
    plain = {**how, "reading": None}
    judges = labelled_comments(list(aside), comments.codebook, least_examples=0, **plain) if aside else None
    groups = len(set(comments.writers))
    say(f"{len(comments):,} labelled comments in {groups:,} groups, {len(comments.codebook.keys)} codes", quiet)
    if with_shipped_corpus:
        say("the shipped corpus trains along: this takes minutes", quiet)
    with click.progressbar(length=1, label="training", file=sys.stderr, hidden=quiet or not on_terminal()) as bar:
        trained, comparison = train_and_save(
            comments,
            output,
            old=old,
            aside=judges,
            force=force,
            with_shipped_corpus=with_shipped_corpus,
            accurate=accurate,
            seed=seed,
            progress=_onto(bar),
        )
    for note in trained.notes:
        say(f"  note: {note}", quiet)
    for warning in trained.warnings:
        say(f"  warning: {warning}", quiet)
    for name, (value, low, high) in trained.measured.headline().items():
        say(f"  {name:20} {value:.3f}  [{low:.3f}, {high:.3f}]", quiet)
    say(trained.curve.in_words(), quiet)
    if old is not None and comparison is None:
        say(f"not compared with {old}: too few comments are new to it; written because of --force", quiet)
    if comparison is not None:
        for line in [*(f"note: {note}" for note in comparison.notes), *comparison.change_in_words()]:
            say(line, quiet)
        for loss in comparison.losses:
            say(f"worse than {old}, written because of --force: {loss}", quiet)
    say(f"written to {output}", quiet)


def _onto(bar: Any) -> Any:
    def progress(name: str, done: int, steps: int) -> None:
        bar.label, bar.length = name, steps
        bar.update(done - bar.pos)

    return progress
