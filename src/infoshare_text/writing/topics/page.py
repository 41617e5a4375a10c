"""Topics as a page for people: one HTML file that needs nothing else."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from infoshare_text.topics.report import TopicPart, TopicReport
from infoshare_text.writing.topics.pictures import STANCES, topic_map, topics_by_stance
from infoshare_text.writing.topics.svg import inline

if TYPE_CHECKING:
    import pandas as pd

_TEMPLATE = Path(__file__).with_name("page.html")
MAP, BARS = "topic_map.svg", "topics_by_stance.svg"
MEASURES = {
    "share_other": "Share in 'other'",
    "largest_topic": "Largest topic",
    "npmi": "Coherence of words (NPMI)",
    "diversity": "Diversity of words",
    "stability_bootstraps": "Stability over resamples",
    "stability_seeds": "Stability over seeds",
}
_SHARES = ("share_other", "largest_topic", "diversity")


@dataclass(frozen=True)
class Table:
    """A table of a page: the first cell of each row is its header.

    Attributes
    ----------
    caption : str
    columns : list of str
    rows : list of list of str
    numbers : set of int
        Columns that are set to the right.
    """

    caption: str
    columns: list[str]
    rows: list[list[str]]
    numbers: set[int]


def pictures(part: TopicPart) -> dict[str, str]:
    """Draw the pictures of a part, by file name; none where there is no topic."""
    topics = real_topics(part)
    if topics.empty:
        return {}
    name, of = part.key or "all", _of(part)
    drawn = {
        MAP: topic_map(topics, part.places, name=f"{name}-map", of=of),
        BARS: topics_by_stance(topics, name=f"{name}-stances", of=of),
    }
    return {file: svg for file, svg in drawn.items() if svg is not None}


def real_topics(part: TopicPart) -> pd.DataFrame:
    """Return the topics of a part without the row of 'other' comments."""
    return part.topics.topics[part.topics.topics["topic"] != 0]


def page(report: TopicReport, drawn: Sequence[dict[str, str]]) -> str:
    """Return the page.

    Parameters
    ----------
    report : TopicReport
    drawn : sequence of dict of str to str
        The pictures of each part.
    """
    parts = [_part(part, svgs) for part, svgs in zip(report.parts, drawn, strict=True)]
    return str(_template().render(parts=parts, n=f"{len(report.assignments):,}", read=_read(report)))


@lru_cache(maxsize=1)
def _template() -> Any:
    from jinja2 import Environment, StrictUndefined

    # Comments are strangers' text: everything is escaped but the pictures, which are made here.
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _read(report: TopicReport) -> str:
    return f"{int(report.parts[0].topics.topics['n'].sum()):,}" if len(report.parts[0].topics.topics) else "0"


def _part(part: TopicPart, svgs: dict[str, str]) -> dict[str, Any]:
    from markupsafe import Markup

    found = part.topics
    return {
        "id": part.key or "all",
        "title": part.title,
        "within": bool(part.key),
        "notes": part.notes,
        "topics": _sizes(part) if len(real_topics(part)) else None,
        "map": Markup(inline(svgs[MAP])) if MAP in svgs else None,
        "bars": Markup(inline(svgs[BARS])) if BARS in svgs else None,
        "stances": _stances(part) if BARS in svgs else None,
        "examples": [
            {"topic": f"{number}. {label}", "comments": rows["example"].tolist()}
            for (number, label), rows in found.examples.groupby(["topic", "topic_label"], sort=True)
        ],
        "groups": [_groups(name, table, part) for name, table in part.by.items() if len(table)],
        "quality": _quality(part) if len(found.quality) else None,
        "phrases": None if found.model else _phrases(part),
    }


def _of(part: TopicPart) -> str:
    return f"comments on {part.title}" if part.key else "all comments"


def _sizes(part: TopicPart) -> Table:
    waves = "new" in part.topics.topics
    rows = []
    for row in each_row(part.topics.topics):
        interval = f"{percent(row.share_low)} to {percent(row.share_high)}"
        cells = [_name(row), f"{row.n:,}", percent(row.share), interval]
        if "mean_sentiment" in part.topics.topics:
            cells.append(_signed(row.mean_sentiment))
        if waves:
            cells.append("new" if row.new else "")
        rows.append([*cells, row.phrases, row.words])
    tone = ["Mean sentiment"] if "mean_sentiment" in part.topics.topics else []
    columns = ["Topic", "Comments", "Share", "95% interval", *tone, *(["New in this wave"] if waves else [])]
    caption = f"Topics of {_of(part)}: size, phrases and words"
    return Table(caption, [*columns, "Phrases", "Words"], rows, {1, 2, 3, *({4} if tone else set())})


def _stances(part: TopicPart) -> Table:
    stances = [stance for stance in STANCES if stance in part.topics.topics]
    rows = [
        [_name(row), *(f"{int(getattr(row, stance)):,}" for stance in stances), f"{row.n:,}"]
        for row in each_row(part.topics.topics)
    ]
    columns = ["Topic", *(stance.capitalize() for stance in stances), "Comments in all"]
    return Table(f"Topics of {_of(part)}, by stance", columns, rows, set(range(1, len(columns))))


def _groups(name: str, table: pd.DataFrame, part: TopicPart) -> Table:
    group = table.columns[2]
    sizes = dict(zip(table[group], table["group_n"], strict=True))
    share = {(row[0], row[2]): percent(row[5]) for row in table.itertuples(index=False, name=None)}
    rows = [[_name(row), *(share[row.topic, each] for each in sizes)] for row in each_row(part.topics.topics)]
    columns = ["Topic", *(f"{each} ({n:,})" for each, n in sizes.items())]
    caption = f"{name}: share of each group's comments in each topic of {_of(part)} (comments in brackets)"
    return Table(caption, columns, rows, set(range(1, len(columns))))


def _quality(part: TopicPart) -> Table:
    rows = [
        [MEASURES.get(row.measure, row.measure), measured(row.measure, row.value), row.meaning]
        for row in each_row(part.topics.quality)
    ]
    return Table(f"How good the topics of {_of(part)} are", ["Measure", "Value", "What it says"], rows, {1})


def _phrases(part: TopicPart) -> Table:
    rows = [[row.phrase, f"{row.n:,}"] for row in each_row(part.topics.phrases)]
    return Table(f"Most frequent words and phrases of {_of(part)}", ["Phrase", "Comments"], rows, {1})


def _name(row: Any) -> str:
    return f"{row.topic}. {row.topic_label}" if row.topic else "Other: no topic"


def each_row(table: pd.DataFrame) -> Iterator[Any]:
    """Give the rows of a table, cells by name."""
    yield from table.itertuples()


def percent(share: float) -> str:
    """Return a share for people.

    >>> percent(0.1328), percent(float("nan"))
    ('13.3%', '-')
    """
    return "-" if math.isnan(share) else f"{share:.1%}"


def measured(measure: str, value: float) -> str:
    """Return the value of a measure of quality for people."""
    if math.isnan(value):
        return "not measured"
    return percent(value) if measure in _SHARES else f"{value:.2f}"


def _signed(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:+.2f}"
