"""``infoshare-text evaluate``: how well a model does on labelled files, and whether another does better."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from infoshare_text.cli import say
from infoshare_text.cli.options import labels
from infoshare_text.cli.output import overwriting


@click.command("evaluate")
@click.argument("model", type=click.Path(path_type=Path))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--against", "-a", type=click.Path(path_type=Path), help="Another model, judged on the same comments.")
@labels
@click.option("--with-seen", is_flag=True, help="Measure on comments of the training as well, which flatters.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="Write the figures of each code: .csv, .xlsx, .parquet, .jsonl.",
)
@overwriting
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    model: Path,
    files: tuple[Path, ...],
    against: Path | None,
    how: dict[str, Any],
    with_seen: bool,
    as_json: bool,
    output: Path | None,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Measure MODEL on labelled FILES: figures for each code with 95% intervals, calibration, coverage.

    MODEL is a model folder. Comments that it was trained on are left out. With --against, both models are judged on the
    same comments, and each change has its interval.
    """
    from infoshare_text.training.evaluation import evaluate
    from infoshare_text.writing.tables import output_format, write_table
    from infoshare_text.writing.whole_file import check_target

    if output is not None:
        output_format(output)
        check_target(output, *files, overwrite=overwrite)
    result = evaluate(
        model,
        list(files),
        against=against,
        **how,
        with_seen=with_seen,
    )
    if output is not None:
        write_table(result.codes, output)
        say(f"figures of each code written to {output}", quiet)
    if as_json:
        for note in result.notes:
            say(f"  note: {note}", quiet)
        click.echo(json.dumps(result.as_dict(), indent=2, ensure_ascii=False))
    elif output is None or not quiet:
        click.echo(result.in_words(), file=sys.stdout)
