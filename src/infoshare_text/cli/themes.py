"""``infoshare-text themes``: the codebook, as a coder reads it."""

from __future__ import annotations

import json
import textwrap
from dataclasses import asdict

import click

from infoshare_text.codebook import default_codebook


@click.command("themes")
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def command(as_json: bool) -> None:
    """Show the codebook: what each theme, stance and sentiment means."""
    book = default_codebook()
    if as_json:
        click.echo(json.dumps(asdict(book), indent=2, ensure_ascii=False))
        return
    lines = [f"{book.name} (codebook version {book.version})"]
    for theme in book.themes:
        lines += ["", f"{theme.label}  [{theme.key}]"]
        for title, text in (("", theme.definition), ("Code it for: ", theme.include), ("Not for: ", theme.exclude)):
            lines.append(textwrap.fill(title + text, 96, initial_indent="  ", subsequent_indent="  "))
    for title, meanings in (("Stance of a theme", book.stances), ("Sentiment of a comment", book.sentiments)):
        lines += ["", title, *(f"  {name:9} {meaning}" for name, meaning in meanings.items())]
    click.echo("\n".join(lines))
