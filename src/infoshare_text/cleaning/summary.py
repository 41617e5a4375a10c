"""What ``inspect`` tells of a survey: facts and counts, never a comment."""

from __future__ import annotations

from collections import Counter
from typing import Any

from infoshare_text.cleaning.answers import answer_statuses
from infoshare_text.columns import BLANK, CODED, NON_ANSWER
from infoshare_text.reading.questions import candidates
from infoshare_text.reading.survey import Survey, as_text


def summarise_survey(survey: Survey) -> dict[str, Any]:
    """Count answers of each question.

    Parameters
    ----------
    survey : Survey

    Returns
    -------
    dict
        ``file``, ``format``, ``encoding`` and ``delimiter`` (of text), ``sheet``, ``layout``, ``header_rows``,
        ``date_order`` and ``date_reason``, ``respondents``, ``preview`` and ``partial`` (1-based data rows, also those
        left out), ``columns``, ``roles`` (what each column is for, and why), ``left_out_columns`` (of personal data),
        ``notes``, ``reason``, ``questions`` (each with its counts, which add up to the respondents) and
        ``candidates``; plain values, ready for JSON.
    """
    counts: list[Counter[str]] = [Counter() for _ in survey.questions]
    for piece in survey.chunks():
        for question, count in zip(survey.questions, counts, strict=True):
            count.update(answer_statuses(as_text(piece[question.name]), [question.question] * len(piece)))
    return {
        "file": str(survey.path),
        "format": survey.file_description,
        "encoding": survey.encoding,
        "delimiter": survey.delimiter,
        "sheet": survey.sheet,
        "layout": survey.layout.name,
        "header_rows": survey.layout.header_rows,
        "date_order": survey.date_order,
        "date_reason": survey.date_reason,
        "respondents": survey.length,
        "preview": [row + 1 for row in survey.responses.preview],
        "partial": [row + 1 for row in survey.responses.partial],
        "columns": survey.columns,
        "roles": [
            {"column": entry.column.name, "wording": entry.column.question, "role": entry.role, "reason": entry.reason}
            for entry in survey.roles
        ],
        "left_out_columns": survey.personal_columns,
        "notes": survey.notes,
        "reason": survey.reason,
        "questions": [
            {
                "column": question.name,
                "wording": question.question,
                "answers": count.total(),
                "coded": count[CODED],
                "blank": count[BLANK],
                "non_answer": count[NON_ANSWER],
            }
            for question, count in zip(survey.questions, counts, strict=True)
        ],
        "candidates": [
            {
                "column": profile.column.name,
                "answered": profile.answered,
                "distinct": profile.distinct,
                "words": round(profile.words, 1),
            }
            for profile in candidates(survey.profiles)
        ],
    }
