"""Write ``docs/reference.md``: every public name and the help of every command, from the code itself."""

from __future__ import annotations

import inspect
from pathlib import Path

from click.testing import CliRunner

import infoshare_text as ist
from infoshare_text.cli import _COMMANDS, main

TARGET = Path(__file__).with_name("reference.md")


def write() -> None:
    """Write the page."""
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
    TARGET.write_text("\n".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write()
