"""Write what must not be typed: ``docs/reference.md`` from the code, and the README's figures from the models."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import infoshare_text as ist
from infoshare_text.cli import _COMMANDS, main
from infoshare_text.coding.model_folder import shipped
from infoshare_text.coding.sealed_folder import read_manifest

TARGET = Path(__file__).with_name("reference.md")
README = Path(__file__).parent.parent / "README.md"
START, END = "<!-- figures: written by docs/reference.py -->", "<!-- end of figures -->"


def reference() -> str:
    """Return the page of every public name and the help of every command."""
    lines = [
        "# Reference",
        "",
        "Written by `python docs/reference.py`; a test compares it with the code.",
        "",
        "## Python: `import infoshare_text as ist`",
        "",
        "| name | what it is |",
        "| --- | --- |",
    ]
    for name in ist.__all__:
        first = inspect.getdoc(getattr(ist, name)) or ""
        lines.append(f"| `{name}` | {first.splitlines()[0]} |")
    lines += ["", "`help(ist.classify)` and so on give the full text.", "", "## Command line", ""]
    for command in _COMMANDS:
        result = CliRunner().invoke(main, [command, "--help"], prog_name="infoshare-text", terminal_width=100)
        lines += [f"### `infoshare-text {command}`", "", "```text", result.output.strip(), "```", ""]
    return "\n".join(lines)


def _accurate(manifest: Mapping[str, Any]) -> str:
    """Return a sentence on the accurate model beside the default one."""
    there, default = manifest["metrics"], manifest["metrics_of_the_linear_model"]
    shown = ", ".join(
        f"{name} {there[part][key][0]:.3f} (default {default[part][key][0]:.3f})"
        for name, part, key in (
            ("themes", "themes", "macro_f1"),
            ("theme and stance together", "stance", "micro_f1_pairs"),
            ("sentiment", "sentiment", "macro_f1"),
        )
    )
    return (
        f"With `--accurate`, on {there['comments']:,} comments of {there['writers']} briefs that its transformer never "
        f"saw: {shown}."
    )


def readme() -> str:
    """Return the README with the figures of the shipped models."""
    themes = read_manifest(shipped("theme-classifier"))
    sentiment = read_manifest(shipped("sentiment"))["metrics"]
    metrics = themes["metrics"]
    rows = [
        ("themes, macro F1", metrics["themes"]["macro_f1"]),
        *((f"- {row['name']}, F1", row["f1"]) for row in metrics["themes"]["per_theme"]),
        ("themes where no `unsure` flag is set (70% of comments), micro F1", metrics["themes"]["micro_f1_unflagged"]),
        ("theme and stance together, micro F1", metrics["stance"]["micro_f1_pairs"]),
        ("sentiment, macro F1", sentiment["macro_f1"]),
    ]
    size = f"{themes['training_comments']:,} comments of {themes['training_writers']} writing briefs"
    table = [
        f"| {size} | measured | 95% interval |",
        "| --- | --- | --- |",
        *(f"| {name} | {value:.3f} | {low:.3f} to {high:.3f} |" for name, (value, low, high) in rows),
    ]
    table += ["", _accurate(read_manifest(shipped("accurate")))]
    before, rest = README.read_text(encoding="utf-8").split(START)
    _, after = rest.split(END)
    return f"{before}{START}\n" + "\n".join(table) + f"\n{END}{after}"


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8", newline="\n")
    README.write_text(readme(), encoding="utf-8", newline="\n")
