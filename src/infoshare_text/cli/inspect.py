"""``infoshare-text inspect``: what was detected in an export, before anything is done with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from infoshare_text.cli.options import reading
from infoshare_text.cli.pipes import shown

_TITLES = {
    "segment": "segments, about the respondent",
    "choice": "choices",
    "other": "text beside a choice, not read as comments unless named with --text",
    "short text": "short texts",
    "number": "numbers",
    "personal": "personal data",
    "id": "ids",
    "metadata": "written by the tool",
    "empty": "empty",
}

_SHOWN = 30


@click.command("inspect")
@reading
@click.option("--json", "as_json", is_flag=True, help="Print JSON for machines.")
def command(
    export: Path,
    how: dict[str, Any],
    as_json: bool,
) -> None:
    """Say what EXPORT holds: layout, encoding, columns, comments and how many there are.

    Nothing is written and no comment is shown.
    """
    from infoshare_text.cleaning.summary import summarise_survey
    from infoshare_text.reading.survey import open_survey

    survey = open_survey(export, **how)
    summary = summarise_survey(survey) | {"file": shown(export)}
    click.echo(json.dumps(summary, indent=2, ensure_ascii=False) if as_json else _in_words(summary))


def _in_words(summary: dict[str, Any]) -> str:
    lines = [
        f"file        {summary['file']}",
        f"format      {summary['format']}",
        f"layout      {summary['layout']}",
        f"header rows {summary['header_rows']}",
        f"dates       {_dates(summary)}",
        f"respondents {summary['respondents']:,}",
        f"tests       {len(summary['preview']) or 'none found'}",
        f"unfinished  {len(summary['partial']) or 'none found'}",
        f"columns     {len(summary['columns'])}",
        *(f"note        {note}" for note in summary["notes"]),
        "",
    ]
    if summary["questions"]:
        lines.append(f"comments are read from ({summary['reason']}):")
        lines += [
            f"  {q['wording']}\n"
            f"      {q['answers']:,} answers: {q['coded']:,} to code, {q['blank']:,} blank, "
            f"{q['non_answer']:,} non-answers such as 'n/a'"
            for q in summary["questions"]
        ]
        lines.append("change this with --text COLUMN")
    else:
        lines.append("no column of comments was found; name one with --text. The nearest:")
        lines += [
            f"  {c['column']}\n      {c['answered']:,} answers, {c['distinct']:,} different, "
            f"{c['words']} words on average"
            for c in summary["candidates"]
        ]
    return "\n".join([*lines, "", *_other_columns(summary)])


def _other_columns(summary: dict[str, Any]) -> list[str]:
    """Say what the columns that hold no comments are for, each kind together."""
    lines = []
    for role, title in _TITLES.items():
        columns = [entry for entry in summary["roles"] if entry["role"] == role]
        if columns:
            left_out = ", left out of outputs; --keep-personal-columns keeps them"
            lines.append(title + (left_out if role == "personal" and summary["left_out_columns"] else "") + ":")
            lines += [f"  {_named(entry)}  ({entry['reason']})" for entry in columns[:_SHOWN]]
            lines += [f"  and {len(columns) - _SHOWN:,} more; --json lists them all"] if len(columns) > _SHOWN else []
    return lines


def _named(entry: dict[str, Any]) -> str:
    """Give the name of a column, and its wording where the name does not hold it."""
    name, wording = " ".join(entry["column"].split()), entry["wording"]
    return name if wording in name else f"{name}: {wording}"


def _dates(summary: dict[str, Any]) -> str:
    if not summary["date_reason"]:
        return "none found"
    order = summary["date_order"].replace("-", " ") or "order not told"
    return f"{order} ({summary['date_reason']})"
