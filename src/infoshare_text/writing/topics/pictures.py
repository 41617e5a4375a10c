"""Two pictures of topics: a map, and how often each is a barrier, an enabler or a need.

Nothing is told by colour: circles and bars carry their names and numbers, so that both pictures stay readable in grey,
in print and to readers who see colours otherwise. The one hue is the dark blue of the UK Government Analysis Function.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from infoshare_text.writing.topics.layout import LETTER, LINE, lay_out
from infoshare_text.writing.topics.svg import accessible_svg

if TYPE_CHECKING:
    import pandas as pd

STANCES = ("barrier", "enabler", "need")
_DARK, _LIGHT, _INK = "#12436D", "#CFDDEA", "#0B0C0C"
_FONT, _FONT_SIZE = "Arial, Helvetica, sans-serif", 13
_BAR_WIDTH, _BAR_STEP = 190, 26


def topic_map(topics: pd.DataFrame, places: npt.NDArray[np.float64], *, name: str, of: str) -> str:
    """Draw a circle for each topic.

    Parameters
    ----------
    topics : DataFrame
        ``topic``, ``topic_label``, ``n``, ``share`` and, where there was an earlier wave, ``new``; without 'other'.
    places : float array of shape (n_topics, 2)
    name : str
        Begins the ids in the picture.
    of : str
        Which comments, for the description.

    Returns
    -------
    str
        An SVG. Areas are in proportion to ``n``.
    """
    import altair as alt
    import pandas as pd

    labels = [[f"{row.topic}. {row.topic_label}", _size(row)] for row in topics.itertuples()]
    layout = lay_out(places, topics["n"].tolist(), labels)
    drawn = pd.DataFrame(
        {
            "x": layout.x,
            "y": layout.y,
            "below": layout.y + layout.radius + 3,
            # Vega takes the square of the diameter.
            "square": np.round((2 * layout.radius) ** 2, 2),
            "label": ["\n".join(lines) for lines in layout.lines],
        }
    )
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, layout.width], nice=False, zero=False))
    y_scale = alt.Scale(domain=[layout.height, 0], nice=False, zero=False)
    base = alt.Chart(drawn)
    circles = base.mark_circle(color=_LIGHT, stroke=_DARK, strokeWidth=2, opacity=1).encode(
        x=x, y=alt.Y("y:Q", axis=None, scale=y_scale), size=alt.Size("square:Q", scale=None)
    )
    names = base.mark_text(
        lineBreak="\n", baseline="top", color=_INK, fontSize=_FONT_SIZE, lineHeight=LINE, limit=0
    ).encode(x=x, y=alt.Y("below:Q", axis=None, scale=y_scale), text="label:N")
    chart = _plain(alt.layer(circles, names).properties(width=layout.width, height=layout.height))
    largest = ", ".join(f"{row.topic_label} ({row.n:,})" for row in topics.nlargest(3, "n").itertuples())
    description = (
        f"{len(topics)} circles, one for each topic of {of}. A larger area means more comments; topics about "
        f"similar things stand near each other. The largest: {largest}. All figures stand in the table topics.csv."
    )
    return accessible_svg(chart, name, f"Map of topics: {of}", description)


def topics_by_stance(topics: pd.DataFrame, *, name: str, of: str) -> str | None:
    """Draw how many comments of each topic tell of a barrier, of an enabler, of a need.

    Parameters
    ----------
    topics : DataFrame
        ``topic``, ``topic_label``, ``n`` and the stances.
    name, of : str
        As for :func:`topic_map`.

    Returns
    -------
    str or None
        An SVG of one panel for each stance; None where the comments are coded without stances.
    """
    import altair as alt

    stances = [stance for stance in STANCES if stance in topics]
    if not stances:
        return None
    named = topics.assign(name=[f"{row.topic}. {row.topic_label}" for row in topics.itertuples()])
    long = named.melt(id_vars=["name"], value_vars=stances, var_name="stance", value_name="count")
    most = int(long["count"].max())
    panels = [_panel(alt, long[long["stance"] == stance], stance, most) for stance in stances]
    chart = _plain(alt.hconcat(_names(alt, named), *panels, spacing=12))
    totals = ", ".join(f"{int(topics[stance].sum()):,} {stance}" for stance in stances)
    description = (
        f"Bars for each topic of {of}: how many of its comments tell of {_either(stances)}. A comment may tell of "
        f"several. Over all topics: {totals}. All figures stand in the table topics.csv."
    )
    return accessible_svg(chart, name, f"Topics by stance: {of}", description)


def _names(alt: Any, topics: pd.DataFrame) -> Any:
    """Write the names in a panel of their own: an axis would be as wide as they are in the font of this machine."""
    width = max(map(len, topics["name"])) * LETTER
    text = alt.Chart(topics).mark_text(align="right", fontSize=_FONT_SIZE, color=_INK, limit=0)
    down = alt.Y("name:N", axis=None, sort=None)
    return text.encode(y=down, x=alt.value(width), text="name:N").properties(width=width, height=alt.Step(_BAR_STEP))


def _panel(alt: Any, rows: pd.DataFrame, stance: str, most: int) -> Any:
    # Room for the number after the longest bar.
    across = alt.X("count:Q", axis=None, scale=alt.Scale(domain=[0, max(1, most) * 1.25], nice=False))
    down = alt.Y("name:N", axis=None, sort=None)
    base = alt.Chart(rows)
    bars = base.mark_bar(color=_DARK, height=16).encode(x=across, y=down)
    counts = base.mark_text(align="left", dx=5, fontSize=_FONT_SIZE, color=_INK).encode(
        x=across, y=down, text=alt.Text("count:Q", format=",d")
    )
    heading = alt.TitleParams(stance.capitalize(), anchor="start", frame="group", fontSize=15, color=_INK, offset=8)
    return alt.layer(bars, counts).properties(width=_BAR_WIDTH, height=alt.Step(_BAR_STEP), title=heading)


def _plain(chart: Any) -> Any:
    return chart.configure(font=_FONT, padding=4, background="white", view={"stroke": None})


def _size(row: Any) -> str:
    new = ", new" if getattr(row, "new", 0) else ""
    return f"{row.n:,} ({row.share:.0%}){new}"


def _either(stances: list[str]) -> str:
    each = [f"{'an' if stance[0] in 'aeiou' else 'a'} {stance}" for stance in stances]
    return " or ".join([", ".join(each[:-1]), each[-1]] if len(each) > 1 else each)
