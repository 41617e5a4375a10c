"""``infoshare-text agreement``: how far coders agree with each other and with the model."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infoshare_text.cli import say
from infoshare_text.cli.options import codings, masking, refuse_masking_without_redact
from infoshare_text.cli.output import overwriting

if TYPE_CHECKING:
    from infoshare_text.training.agreement import Agreement

_IDS_SHOWN = 5


@click.command("agreement")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, readable=False), metavar="FILE...")
@codings
@click.option(
    "--model", "-m", type=click.Path(path_type=Path), help="Folder of a theme model. Default: the shipped one."
)
@click.option("--codebook", type=click.Path(path_type=Path), help="Codes to compare, without a model: a .toml file.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines; it holds no comment.")
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    help="File to write the disagreements to, comments included: .csv, .xlsx, .parquet or .jsonl.",
)
@overwriting
@click.option("--redact", is_flag=True, help="Mask personal data in the comments of that file.")
@masking
@click.option("--quiet", "-q", is_flag=True, help="Say nothing unless something is wrong.")
def command(
    files: tuple[Path, ...],
    how: dict[str, Any],
    model: Path | None,
    codebook: Path | None,
    as_json: bool,
    output: Path | None,
    overwrite: bool,
    redact: bool,
    kinds: tuple[str, ...],
    nlp: str | None,
    quiet: bool,
) -> None:
    """Compare what two or more coders wrote: one FILE each, with the same comments.

    For each code: the share of comments that have it, the share of pairs of coders that agree, Cohen's kappa (the mean
    of all pairs) and Krippendorff's alpha with 95% intervals, and the model's kappa with the coders on the same
    comments. Then where they disagree, by id.
    """
    from infoshare_text.cli.redact import masker
    from infoshare_text.codebook import read_codebook
    from infoshare_text.training.agreement import agreement
    from infoshare_text.writing.tables import output_format, write_table
    from infoshare_text.writing.whole_file import check_target

    if output is not None:
        output_format(output)
        check_target(output, *files, overwrite=overwrite)
    refuse_masking_without_redact(redact, kinds, nlp)
    if redact and output is None:
        raise click.UsageError("--redact masks the comments of the file that -o names; without it no comment is shown.")
    mask = masker(kinds, nlp, Counter(), ["comment"]) if redact else None
    book = read_codebook(codebook) if codebook else None
    found = agreement(files, codebook=book, model=model, **how)
    if output is not None:
        differing = found.disagreements_with_comments()
        write_table(differing if mask is None else mask(differing), output)
    click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False) if as_json else _in_words(found))
    if output is not None:
        say(f"{len(found.disagreements):,} disagreements written to {output}", quiet)


def _in_words(found: Agreement) -> str:
    rows = found.figures.to_dict("records")
    width = max(len(str(row["code"])) for row in rows)
    with_model = "model_kappa" in found.figures
    lines = [
        f"{len(found.coders)} coders ({', '.join(found.coders)}); {found.comments:,} comments coded by two at least",
        "",
        f"{'code':<{width}}  units  share  agree  {'kappa':<20}  {'alpha':<20}"
        + ("  kappa with model" if with_model else ""),
    ]
    for row in rows:
        shares = [row[f"share_{name}"] for name in found.coders]
        lines.append(
            f"{row['code']:<{width}}  {row['units']:>5}  {_number(sum(shares) / len(shares)):>5}  "
            f"{_number(row['agreement']):>5}  {_figure(row, 'kappa'):<20}  {_figure(row, 'alpha'):<20}"
            + (f"  {_figure(row, 'model_kappa')}" if with_model else "")
        )
    lines += ["", "-: not defined, as where nobody used the code. In brackets: 95% intervals."]
    if len(found.disagreements):
        lines += ["", f"{len(found.disagreements):,} disagreements; -o FILE writes all, with the comments:"]
        for code, ids in found.disagreements.groupby("code", sort=False)["id"]:
            more = f" and {len(ids) - _IDS_SHOWN} more" if len(ids) > _IDS_SHOWN else ""
            lines.append(f"  {code}: {', '.join(ids.head(_IDS_SHOWN))}{more}")
    return "\n".join(line.rstrip() for line in lines)


def _figure(row: dict[Any, Any], name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{_number(row[name])} [{_number(low)}, {_number(high)}]" if low == low else _number(row[name])


def _number(value: float) -> str:
    return f"{value:.2f}" if value == value else "-"
