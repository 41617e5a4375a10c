"""Topics as tables that can stand in a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.cleaning.personal_data.redact import redact
from infoshare_text.coding.features import Floats
from infoshare_text.columns import JOIN
from infoshare_text.topics.choosing import FEWEST_COMMENTS, OTHER
from infoshare_text.topics.examples import spread
from infoshare_text.topics.lemmas import LemmaTable, lemma_of
from infoshare_text.topics.topic_model import TopicModel
from infoshare_text.topics.wording import neighbours

if TYPE_CHECKING:
    import pandas as pd

Ints = npt.NDArray[np.int64]

OTHER_LABEL = "other"
_PHRASES = 25
_FEWEST_NAMED, _FEWEST_OF_FEW = 5, 3
"""Comments with a phrase, for it to be shown: what one or two people wrote is theirs."""
_STANCES = ("barrier", "enabler", "need")


def topic_table(model: TopicModel | None, table: pd.DataFrame, topic: Ints, new: set[int]) -> pd.DataFrame:
    """Describe each topic and, last, the other comments, in one row.

    Parameters
    ----------
    model : TopicModel or None
    table : DataFrame
        The comments that have words, with the columns of coding as far as they are there.
    topic : int array of shape (n,)
        Topic of each, 0 for other.
    new : set of int
        Topics that an earlier wave did not have.
    """
    import pandas as pd
    from scipy.stats import binomtest

    topics = model.topics if model else []
    stances = _stance_names(table)
    rows = []
    for number in [*(each.number for each in topics), OTHER]:
        here = topic == number
        n = int(here.sum())
        share = binomtest(n, len(topic)).proportion_ci(method="wilson") if len(topic) else None
        rows.append(
            {
                "topic": number,
                "n": n,
                "share": n / len(topic) if len(topic) else float("nan"),
                "share_low": share.low if share else float("nan"),
                "share_high": share.high if share else float("nan"),
                **_coded_counts(table[here], stances),
            }
        )
    counted = pd.DataFrame(rows)
    said = pd.DataFrame(
        {
            "topic_label": [*(each.label for each in topics), OTHER_LABEL],
            "concept": [*(each.concept for each in topics), ""],
            "words": [*("; ".join(each.words) for each in topics), ""],
            "phrases": [*("; ".join(each.phrases) for each in topics), ""],
            "new": [*(int(each.number in new) for each in topics), 0],
        }
    )
    return pd.concat([counted[["topic"]], said, counted.drop(columns="topic")], axis=1)


def _stance_names(table: pd.DataFrame) -> list[str]:
    """Return the stances of the shipped codebook, or those that another codebook has."""
    cells = [cell for name in table if str(name).startswith("stance_") for cell in table[name].dropna().unique()]
    found = {stance for cell in cells for stance in str(cell).split(JOIN) if stance}
    return list(_STANCES) if found <= set(_STANCES) else sorted(found)


def _coded_counts(rows: pd.DataFrame, names: Sequence[str]) -> dict[str, float]:
    """Count the themes and stances of some comments, and average their sentiment, as far as they are coded."""
    import pandas as pd

    found: dict[str, float] = {}
    if "sentiment_score" in rows:
        found["mean_sentiment"] = float(pd.to_numeric(rows["sentiment_score"], errors="coerce").mean())
    stances = [name for name in rows if str(name).startswith("stance_")]
    if stances:
        held = [
            {stance for cell in cells for stance in str(cell).split(JOIN)}
            for cells in rows[stances].fillna("").itertuples(index=False)
        ]
        for stance in names:
            found[stance] = sum(stance in each for each in held)
    for name in rows:
        if str(name).startswith("theme_"):
            found[str(name)] = int((pd.to_numeric(rows[name], errors="coerce") == 1).sum())
    return found


def topics_by_group(topics: pd.DataFrame, topic: pd.Series, group: pd.Series) -> pd.DataFrame:
    """Count topics in each group of respondents.

    Parameters
    ----------
    topics : DataFrame
        With ``topic`` and ``topic_label``.
    topic, group : Series of the same length
        Topic and group (a sector, say) of each comment; those without either are left out.

    Returns
    -------
    DataFrame
        ``topic``, ``topic_label``, the group's name, ``n``, ``group_n``, ``share`` (of the group's comments) with its
        95% Wilson interval.
    """
    import pandas as pd
    from scipy.stats import binomtest

    topic, group = topic.reset_index(drop=True), group.reset_index(drop=True)
    there = topic.notna() & group.notna() & (group.astype("string").str.strip() != "")
    topic, group = topic[there].astype("int64"), group[there].astype("string")
    labels = dict(zip(topics["topic"], topics["topic_label"], strict=True))
    rows = []
    for name, of_group in topic.groupby(group, sort=True):
        for number in topics["topic"]:
            n = int((of_group == number).sum())
            interval = binomtest(n, len(of_group)).proportion_ci(method="wilson")
            rows.append(
                (number, labels[number], name, n, len(of_group), n / len(of_group), interval.low, interval.high)
            )
    columns = ["topic", "topic_label", str(group.name), "n", "group_n", "share", "share_low", "share_high"]
    return pd.DataFrame(rows, columns=columns)


def examples_table(model: TopicModel | None, texts: Sequence[str], topic: Ints, score: Floats) -> pd.DataFrame:
    """Quote five distinct comments of each topic, personal data masked."""
    import pandas as pd

    rows = []
    for each in model.topics if model else []:
        members = np.flatnonzero(topic == each.number)
        closest = members[np.lexsort((members, -np.round(score[members], 6)))][:2000]
        distinct = list({normal_text(texts[i]): i for i in closest[::-1]}.values())[::-1]
        if not distinct:
            continue
        comments = LemmaTable.from_comments([texts[i] for i in distinct])
        taken = spread(comments, score[distinct], {lemma_of(word) for word in each.words})
        rows += [(each.number, each.label, redact(texts[distinct[k]])) for k in taken]
    return pd.DataFrame(rows, columns=["topic", "topic_label", "example"])


def frequent_phrases(comments: LemmaTable) -> pd.DataFrame:
    """Count the content words and neighbouring pairs that most comments hold."""
    import pandas as pd

    left, right, owner = neighbours(comments)
    pairs = Counter((a, b) for a, b, _ in set(zip(left.tolist(), right.tolist(), owner.tolist(), strict=True)))
    both = [(comments.spelling[k], int(n)) for k, n in enumerate(comments.frequency)]
    both += [(f"{comments.spelling[a]} {comments.spelling[b]}", n) for (a, b), n in pairs.items() if n > 1]
    fewest = _FEWEST_NAMED if len(comments) >= FEWEST_COMMENTS else _FEWEST_OF_FEW
    both = [(phrase, n) for phrase, n in both if n >= fewest]
    both.sort(key=lambda item: (-item[1], -len(item[0].split()), item[0]))
    return pd.DataFrame(both[:_PHRASES], columns=["phrase", "n"])
