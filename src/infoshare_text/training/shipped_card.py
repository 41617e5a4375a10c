"""Model cards: every figure comes from the evaluation it is handed, none is typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

_HOW = """All figures are leave-one-writer-out: each comment is judged by a model trained without its writer,
with thresholds chosen on the other writers. Square brackets hold 95% intervals from a bootstrap over writers.
Recompute them with `python models/build.py --check`."""

_WHAT_IT_IS = """The training comments are **synthetic**: written by machine for this project, after briefs for
different voices, and coded by the codebook as they were written. No respondent wrote them. See the datasheet in
`models/corpus/`. On comments of real respondents the figures will be lower; audit a sample before you publish
a share."""


def theme_card(figures: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """Write the card of the theme classifier as Markdown."""
    themes, stance = figures["themes"], figures["stance"]
    return "\n".join(
        [
            "# Theme classifier",
            "",
            "Finds the six cultural themes of information sharing in a survey comment, and the stance of each. "
            "A linear model over words, word pairs, pieces of words and word vectors; it runs without torch.",
            "",
            _facts(about),
            "",
            _WHAT_IT_IS,
            "",
            "## How well it does",
            "",
            _HOW,
            "",
            f"- themes: macro F1 {_estimate(themes['macro_f1'])}, micro F1 {_estimate(themes['micro_f1'])}",
            f"- probabilities: expected calibration error {themes['expected_calibration_error']:.3f}",
            f"- the 70% of comments that are not flagged `unsure`: micro F1 {_estimate(themes['micro_f1_unflagged'])}",
            f"- theme and stance together: micro F1 {_estimate(stance['micro_f1_pairs'])} "
            f"(a wrong theme counts against it); stance where the theme is right: {stance['micro_f1_given_theme']:.3f}",
            "",
            "| theme | comments | precision | recall | F1 |",
            "| --- | --- | --- | --- | --- |",
            *(_row(row) for row in themes["per_theme"]),
            "",
            "| stance | pairs | precision | recall | F1 |",
            "| --- | --- | --- | --- | --- |",
            *(
                f"| {row['stance']} | {row['support']:,} | {row['precision']:.3f} | {row['recall']:.3f} "
                f"| {row['f1']:.3f} |"
                for row in stance["per_stance"]
            ),
            "",
            "## Where it does better and worse",
            "",
            *_groups(figures["themes_by"]),
            "## What it takes for what",
            "",
            "Comments whose theme was missed, and what was found that should not have been.",
            "",
            *_confusion(figures["confusion"]),
            "",
            "The ten most frequent kinds of error of all three tasks. Examples are invented, as the whole corpus is.",
            "",
            "| error | comments | example |",
            "| --- | --- | --- |",
            *(
                f"| {row['error']} | {row['comments']:,} | {row['example'].replace('|', '/')} |"
                for row in figures["worst_errors"]
            ),
            "",
            "## What it is not for",
            "",
            "- other subjects than information sharing between services, or other languages than English: "
            "such comments are flagged `unlike_training`, not refused;",
            "- judging a person by one comment;",
            "- shares for publication without an audited sample: they carry the classifier's own error.",
            "",
        ]
    )


def sentiment_card(figures: Mapping[str, Any], about: Mapping[str, Any]) -> str:
    """Write the card of the sentiment model as Markdown."""
    sentiment = figures["sentiment"]
    return "\n".join(
        [
            "# Sentiment",
            "",
            "Reads how a respondent speaks of the state of information sharing: negative, neutral, positive or mixed. "
            "Subject matter ('abuse', 'risk', 'trust') carries no sentiment. A multinomial linear model; no lexicon.",
            "",
            _facts(about),
            "",
            _WHAT_IT_IS,
            "",
            "## How well it does",
            "",
            _HOW,
            "",
            f"- macro F1 {_estimate(sentiment['macro_f1'])}, accuracy {sentiment['accuracy']:.3f}",
            "",
            "| sentiment | comments | precision | recall | F1 |",
            "| --- | --- | --- | --- | --- |",
            *(_row(row) for row in sentiment["per_sentiment"]),
            "",
        ]
    )


_HOW_ACCURATE = """The encoder was trained on four fifths of the writing briefs; all figures are on the comments of the
last fifth, with linear models trained without them too, and thresholds chosen on the other writers of that fifth.
'Linear alone' is the default model on the same comments. Square brackets hold 95% intervals from a bootstrap over
writers. Recompute with `python models/build.py --accurate` (needs the extra 'build')."""


def accurate_card(
    figures: Mapping[str, Any], linear: Mapping[str, Any], gains: Mapping[str, list[float]], about: Mapping[str, Any]
) -> str:
    """Write the card of the accurate model as Markdown, beside the linear model alone."""
    headline: dict[str, Callable[[Mapping[str, Any]], list[float]]] = {
        "themes, macro F1": lambda of: of["themes"]["macro_f1"],
        "themes of the 70% not flagged `unsure`, micro F1": lambda of: of["themes"]["micro_f1_unflagged"],
        "theme and stance together, micro F1": lambda of: of["stance"]["micro_f1_pairs"],
        "sentiment, macro F1": lambda of: of["sentiment"]["macro_f1"],
    }
    return "\n".join(
        [
            "# Accurate model",
            "",
            "The mean of the linear models that ship and of a small transformer that reads each comment whole: "
            "all-MiniLM-L6-v2 (Apache-2.0, see LICENCE.txt; its weights were changed by fine-tuning), six layers, "
            "weights in seven bits. Needs the extra `accurate` (onnxruntime, tokenizers), not torch. It gives no "
            "evidence.",
            "",
            f"The encoder was trained on {about['training_comments']:,} comments "
            f"(corpus {str(about.get('training_digest', 'unknown'))[:12]}) and judged on {figures['comments']:,} "
            f"of {figures['writers']} other writing briefs.",
            "",
            _WHAT_IT_IS,
            "",
            "## How well it does",
            "",
            _HOW_ACCURATE,
            "",
            "| | accurate | linear alone |",
            "| --- | --- | --- |",
            *(f"| {name} | {_estimate(of(figures))} | {_estimate(of(linear))} |" for name, of in headline.items()),
            f"| expected calibration error | {figures['themes']['expected_calibration_error']:.3f} "
            f"| {linear['themes']['expected_calibration_error']:.3f} |",
            "",
            "Gains by a paired bootstrap over writers: "
            + ", ".join(f"{name} {_estimate(gain)}" for name, gain in gains.items())
            + ".",
            "",
            "| theme or sentiment | comments | precision | recall | F1 |",
            "| --- | --- | --- | --- | --- |",
            *(_row(row) for row in [*figures["themes"]["per_theme"], *figures["sentiment"]["per_sentiment"]]),
            "",
            "## Where it does better and worse",
            "",
            *_groups(figures["themes_by"]),
        ]
    )


def _facts(about: Mapping[str, Any]) -> str:
    return (
        f"Trained on {about['training_comments']:,} comments of {about['training_writers']} writing briefs "
        f"(corpus {str(about.get('training_digest', 'unknown'))[:12]})."
    )


def _estimate(value: list[float]) -> str:
    return f"{value[0]:.3f} [{value[1]:.3f}, {value[2]:.3f}]"


def _row(row: Mapping[str, Any]) -> str:
    shown = f"{row['precision']:.3f} | {row['recall']:.3f} | {_estimate(row['f1'])}"
    return f"| {row['name']} | {row['support']:,} | {shown} |"


def _groups(by: Mapping[str, Any]) -> list[str]:
    lines: list[str] = []
    for name, rows in by.items():
        lines += [
            f"| {name} | comments | theme macro F1 | theme micro F1 | stance pairs F1 | sentiment accuracy |",
            "| --- | --- | --- | --- | --- | --- |",
            *(
                f"| {row['group']} | {row['comments']:,} | {row['macro_f1']:.3f} | {row['micro_f1']:.3f} "
                f"| {row['stance_pairs']:.3f} | {row['sentiment_accuracy']:.3f} |"
                for row in rows
            ),
            "",
        ]
    return lines


def _confusion(rows: list[dict[str, Any]]) -> list[str]:
    keys = [row["missed"] for row in rows]
    return [
        f"| missed | times | nothing found | {' | '.join(f'found {key}' for key in keys)} |",
        "| --- | --- | --- |" + " --- |" * len(keys),
        *(
            f"| {row['missed']} | {row['times']:,} | {row['nothing_found']:,} | "
            + " | ".join("" if key == row["missed"] else f"{row[key]:,}" for key in keys)
            + " |"
            for row in rows
        ),
    ]
