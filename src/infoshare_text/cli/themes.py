"""``infoshare-text themes``: the codebook, as a coder reads it."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import click

from infoshare_text.codebook import Codebook, default_codebook, read_codebook


@click.command("themes")
@click.option("--model", "-m", type=click.Path(path_type=Path), help="Show the codebook inside this model folder.")
@click.option("--codebook", "-c", type=click.Path(path_type=Path), help="Check and show this codebook file (TOML).")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def command(model: Path | None, codebook: Path | None, as_json: bool) -> None:
    """Show the codebook: what each theme, stance and sentiment means.

    Without options, the six cultural themes; a codebook of your own has the form of what is printed by --json, as TOML
    (docs/retraining.md).
    """
    if model and codebook:
        raise click.UsageError("--model and --codebook name two codebooks; give one.")
    book = _of_model(model) if model else read_codebook(codebook) if codebook else default_codebook()
    click.echo(json.dumps(book.as_dict(), indent=2, ensure_ascii=False) if as_json else _in_words(book))


def _of_model(folder: Path) -> Codebook:
    from infoshare_text.coding.model_folder import load_themes

    return load_themes(folder).codebook


def _in_words(book: Codebook) -> str:
    how_many = "" if book.multi_label else "; exactly one theme a comment"
    lines = [f"{book.name} (codebook version {book.version}{how_many})"]
    for theme in book.themes:
        lines += ["", f"{theme.label}  [{theme.key}]"]
        parts = [("", theme.definition), ("Code it for: ", theme.include), ("Not for: ", theme.exclude)]
        parts += [("Example: ", example) for example in theme.examples]
        for title, text in parts:
            if text:
                lines.append(textwrap.fill(title + text, 96, initial_indent="  ", subsequent_indent="  "))
    for title, meanings in (("Stance of a theme", book.stances), ("Sentiment of a comment", book.sentiments)):
        if meanings:
            lines += ["", title, *(f"  {name:9} {meaning}" for name, meaning in meanings.items())]
    return "\n".join(lines)
