"""``infoshare-text model``: what a model folder is, after checking it to the last byte."""

from __future__ import annotations

import json
from pathlib import Path

import click

_TOLD = ("kind", "format", "cleaning_version", "reads", "trained_on", "training_comments", "training_digest")


@click.command("model")
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the whole model.json.")
@click.option("--card", is_flag=True, help="Print the model card.")
def command(folder: Path | None, as_json: bool, card: bool) -> None:
    """Check FOLDER and say what it holds; without FOLDER, the models that come with the library."""
    from infoshare_text.coding.model_folder import shipped
    from infoshare_text.coding.sealed_folder import CARD, read_manifest

    folders = [folder] if folder else [shipped(name) for name in ("theme-classifier", "sentiment", "accurate")]
    for place in folders:
        manifest = read_manifest(place)
        if as_json:
            click.echo(json.dumps(manifest, indent=2, ensure_ascii=False))
        elif card:
            click.echo((place / CARD).read_text(encoding="utf-8"))
        else:
            click.echo(f"{place}: intact")
            for name in _TOLD:
                if name in manifest:
                    click.echo(f"  {name.replace('_', ' '):18} {manifest[name]}")
            for name, value in manifest.get("headline", {}).items():
                click.echo(f"  {name:18} {value}")
