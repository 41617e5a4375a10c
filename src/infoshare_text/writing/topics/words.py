"""Topics in words, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from infoshare_text.topics.report import TopicPart, TopicReport
from infoshare_text.writing.topics.page import MEASURES, each_row, measured, percent

_PHRASES = 10


def in_words(report: TopicReport) -> str:
    """Return a summary: topics with size and interval, what there is to know, quality."""
    return "\n".join(line for part in report.parts for line in _part_in_words(part)).strip()


def _part_in_words(part: TopicPart) -> Iterator[str]:
    topics = part.topics.topics
    yield ""
    yield f"Within {part.title}" if part.key else part.title
    width = max((len(label) for label in topics["topic_label"]), default=0)
    if len(topics):
        yield f"  {'':2}  {'topic':{width}}  {'n':>7}  {'share':>6}  95% interval"
    for row in each_row(topics):
        number = row.topic or ""
        interval = f"{percent(row.share_low)} to {percent(row.share_high)}"
        new = "  new" if getattr(row, "new", 0) else ""
        yield f"  {number:>2}  {row.topic_label:{width}}  {row.n:>7,}  {percent(row.share):>6}  {interval}{new}"
    for note in part.notes:
        yield f"  note: {note}"
    if part.topics.model is None and len(part.topics.phrases):
        phrases = part.topics.phrases.head(_PHRASES)
        yield "  " + ", ".join(f"{row.phrase} ({row.n:,})" for row in each_row(phrases))
    for row in each_row(part.topics.quality):
        yield f"  {MEASURES.get(row.measure, row.measure)}: {measured(row.measure, row.value)}. {row.meaning}"
