"""The card of a model that a team trained: every figure comes from the measurement it is handed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from infoshare_text.codebook import Codebook
from infoshare_text.training.measures import Measured, interval

WORDS, WHOLE_SENTENCES = "words", "words and whole sentences"
_LINEAR = " A linear model over words, word pairs, pieces of words, word vectors and the question"
_HOW = {
    WORDS: f"{_LINEAR}.",
    WHOLE_SENTENCES: f"{_LINEAR}; its scores count half, and half those of a layer on what a small transformer makes "
    "of whole sentences (that of the accurate model which comes with infoshare-text).",
}
_NAMES = {
    "mcc": "Matthews correlation",
    "micro_f1": "micro F1",
    "macro_f1": "macro F1",
    "samples_f1": "F1 by comment",
    "stance_micro_f1": "stances of the themes that are there, micro F1",
    "sentiment_macro_f1": "sentiment, macro F1",
}


def own_card(book: Codebook, about: Mapping[str, Any], figures: Measured, curve: str, warnings: Sequence[str]) -> str:
    """Write the card as Markdown."""
    codes = figures.codes
    return "\n".join(
        [
            f"# {book.name}",
            "",
            f"Finds {len(book.themes)} codes in a comment, "
            + ("any number of them." if book.multi_label else "exactly one.")
            + _HOW[about["reads"]],
            "",
            f"Trained on {about['trained_on']}: {about['training_comments']:,} comments of "
            f"{about['training_groups']:,} groups (digest {about['training_digest'][:12]}, seed {about['seed']}). "
            "A group is a respondent, or comments of the same words.",
            "",
            "## How well it does",
            "",
            "Measured on the same comments, each judged by a model that saw neither it nor its group "
            f"({about['folds']} folds; thresholds chosen without the fold too). Square brackets hold 95% intervals "
            "from a bootstrap over groups. On comments from elsewhere expect less.",
            "",
            *(
                f"- {_NAMES.get(name, name.replace('_', ' '))}: {_estimate(draws)}"
                for name, draws in figures.overall.items()
            ),
            "",
            curve,
            "",
            *(["Too few examples:", "", *(f"- {warning}" for warning in warnings), ""] if warnings else []),
            "| code | examples | precision | recall | F1 | kappa | true share | found share |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *(
                f"| {key} | {figures.support[k]:,} | {codes['precision'][0, k]:.3f} | {codes['recall'][0, k]:.3f} "
                f"| {_estimate(codes['f1'][:, k])} | {codes['kappa'][0, k]:.3f} | {codes['true_share'][0, k]:.3f} "
                f"| {codes['found_share'][0, k]:.3f} |"
                for k, key in enumerate(figures.keys)
            ),
            "",
            "## When a person looks at what is unsure",
            "",
            "| coded by machine | micro F1 | comments with any error |",
            "| --- | --- | --- |",
            *(
                f"| {row['coverage']:.0%} | {row['micro_f1']:.3f} | {row['wrong_comments']:.1%} |"
                for row in figures.coverage
            ),
            "",
        ]
    )


def _estimate(draws: Any) -> str:
    value, low, high = interval(draws).values()
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"
