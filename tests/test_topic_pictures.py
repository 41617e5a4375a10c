"""Pictures and page of topics: nothing covers anything, nothing needs a network, a colour or eyes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from infoshare_text.topics.concepts import Concepts
from infoshare_text.topics.find import Topics
from infoshare_text.topics.places import topic_places
from infoshare_text.topics.report import TopicPart, TopicReport
from infoshare_text.topics.topic_model import Topic, TopicModel
from infoshare_text.writing.topics.layout import LETTER, LINE, lay_out
from infoshare_text.writing.topics.page import BARS, MAP, page, pictures

SVG = "{http://www.w3.org/2000/svg}"
LABELS = ["Phone, line, voicemail", "Court, judge, hearing", "School, teacher, pupil", "<b>Post & letters</b>"]
CONCEPTS = {"Phones": ["phone", "voicemail"], "Courts": ["court", "judge"], "Schools": ["school", "teacher"]}
VOID = {"meta", "br", "img", "link", "input", "hr"}


def _model() -> TopicModel:
    concepts = Concepts(list(CONCEPTS), list(CONCEPTS.values()))
    named = [*CONCEPTS, "emis"]
    topics = [Topic(i, LABELS[i - 1], named[i - 1], ["letter", "post"], []) for i in (1, 2, 3, 4)]
    return TopicModel(topics, concepts, ["emis"], {}, 1.0, 60)


def _part(key: str = "", **columns: list[object]) -> TopicPart:
    sizes = [40, 20, 10, 1, 5]
    table = pd.DataFrame(
        {
            "topic": [1, 2, 3, 4, 0],
            "topic_label": [*LABELS, "other"],
            "words": ["a; b"] * 4 + [""],
            "phrases": ["c d"] * 4 + [""],
            "n": sizes,
            "share": [n / 76 for n in sizes],
            "share_low": [0.01] * 5,
            "share_high": [0.9] * 5,
            "mean_sentiment": [-0.5, 0.25, 0.0, float("nan"), 0.1],
            "barrier": [30, 2, 0, 1, 0],
            "enabler": [0, 15, 3, 0, 0],
            "need": [5, 1, 3, 0, 2],
            **columns,
        }
    )
    examples = pd.DataFrame(
        {"topic": [1, 1, 4], "topic_label": ["x", "x", "y"], "example": ["<script>alert(1)</script>", "ok", "é 🙂"]}
    )
    quality = pd.DataFrame({"measure": ["npmi", "share_other"], "value": [0.2, 5 / 76], "meaning": ["Words.", "Rest."]})
    phrases = pd.DataFrame({"phrase": ["phone line"], "n": [9]})
    group = pd.DataFrame(
        {
            "topic": [1, 2, 3, 4, 0],
            "topic_label": table["topic_label"],
            "Sector": ["Health"] * 5,
            "n": sizes,
            "group_n": [76] * 5,
            "share": table["share"],
        }
    )
    topics = Topics(pd.DataFrame({"topic": [1]}), table, examples, phrases, quality, "", _model())
    return TopicPart(
        key, key.title() or "All comments", topics, {"Sector": group}, topic_places(_model()), ["Note & co"]
    )


@given(
    st.lists(
        st.tuples(
            st.floats(-1, 1, allow_subnormal=False),
            st.floats(-1, 1, allow_subnormal=False),
            st.integers(1, 10_000),
            st.text("abcd ,", min_size=1, max_size=60),
        ),
        min_size=1,
        max_size=25,
    )
)
def test_no_circle_or_label_covers_another(topics: list[tuple[float, float, int, str]]) -> None:
    places = np.array([[x, y] for x, y, _, _ in topics])
    layout = lay_out(places, [n for _, _, n, _ in topics], [[label] for _, _, _, label in topics])
    widest = np.array([max(map(len, lines)) * LETTER for lines in layout.lines])
    half = np.maximum(layout.radius, widest / 2)
    left, right = layout.x - half, layout.x + half
    top, bottom = layout.y - layout.radius, layout.y + layout.radius + LINE * np.array([len(x) for x in layout.lines])
    for i in range(len(topics)):
        for j in range(i):
            beside = left[i] >= right[j] or left[j] >= right[i]
            above = top[i] >= bottom[j] or top[j] >= bottom[i]
            assert beside or above
    assert min(left.min(), top.min()) >= 0
    assert right.max() <= layout.width
    assert bottom.max() <= layout.height


def test_areas_are_numbers_of_comments() -> None:
    layout = lay_out(np.eye(2), [400, 100], [["a"], ["b"]])
    assert layout.radius[0] ** 2 / layout.radius[1] ** 2 == pytest.approx(4, rel=1e-3)


def test_like_topics_stand_near_each_other() -> None:
    concepts = Concepts(["a", "b", "c"], [["doctor", "nurse"], ["hospital", "patient"], ["software", "computer"]])
    topics = [Topic(i, name, name, [], []) for i, name in enumerate(concepts.names, 1)]
    places = topic_places(TopicModel(topics, concepts, [], {}, 1.0, 60))
    between = np.linalg.norm(places[:, None] - places[None], axis=2)
    assert between[0, 1] < min(between[0, 2], between[1, 2])
    assert np.abs(places).max() == 1


def test_one_topic_and_none_have_places_too() -> None:
    assert topic_places(replace(_model(), topics=[])).shape == (0, 2)
    assert topic_places(replace(_model(), topics=_model().topics[:1])).tolist() == [[0, 0]]


def test_a_picture_is_one_image_with_a_title_and_a_description() -> None:
    drawn = pictures(_part())
    assert set(drawn) == {MAP, BARS}
    for svg in drawn.values():
        root = ET.fromstring(svg)
        title, description = root[0], root[1]
        assert (title.tag, description.tag) == (f"{SVG}title", f"{SVG}desc")
        assert root.attrib["role"] == "img"
        assert root.attrib["aria-labelledby"] == f"{title.attrib['id']} {description.attrib['id']}"
        assert title.text
        assert len(description.text or "") > 100
        assert re.findall(r"(?:https?:)?//", svg.replace('xmlns="http://www.w3.org/2000/svg"', "")) == []
        assert not {"script", "image", "style", "foreignObject"} & {
            element.tag.split("}")[1] for element in root.iter()
        }


def test_every_topic_and_number_is_written_in_the_pictures() -> None:
    drawn = pictures(_part(new=[0, 0, 0, 1, 0]))
    words = {name: " ".join(" ".join(ET.fromstring(svg).itertext()).split()) for name, svg in drawn.items()}
    for number, label in enumerate(LABELS, 1):
        assert f"{number}. {label}" in words[MAP]
        assert f"{number}. {label}" in words[BARS]
    assert "40 (53%)" in words[MAP]
    assert words[MAP].count(", new") == 1
    for stance in ("Barrier", "Enabler", "Need"):
        assert stance in words[BARS]
    assert "30" in words[BARS]
    assert "other" not in words[MAP].split("topics.csv.")[1]


def _luminance(colour: str) -> float:
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_lines_bars_and_letters_stand_out_from_white_without_colour() -> None:
    for svg in pictures(_part()).values():
        inks = set(re.findall(r'(?:stroke|fill)="(#[0-9A-Fa-f]{6})"', svg)) - {"#CFDDEA"}
        assert inks
        for ink in inks:
            assert 1.05 / (_luminance(ink) + 0.05) >= 4.5, ink


def test_without_stances_there_is_only_a_map() -> None:
    part = _part()
    bare = part.topics.topics.drop(columns=["barrier", "enabler", "need", "mean_sentiment"])
    part = replace(part, topics=replace(part.topics, topics=bare))
    assert set(pictures(part)) == {MAP}
    assert "Barriers" not in page(TopicReport([part], pd.DataFrame({"row": [1]})), [pictures(part)])


class _Page(HTMLParser):
    """What a checker of accessibility would look at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.text = ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.seen if name == tag]


@pytest.fixture(scope="module")
def text() -> str:
    parts = [_part(), _part("leadership")]
    return page(TopicReport(parts, pd.DataFrame({"row": range(80)})), [pictures(part) for part in parts])


def test_the_page_needs_nothing_else(text: str) -> None:
    assert re.findall(r"https?:|//|@import|url\((?!#)", text) == []
    parsed = _Page(text)
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in parsed.seen}
    policy = next(each["content"] for each in parsed.all("meta") if each.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'"


def test_the_page_can_be_heard_and_walked_by_keyboard(text: str) -> None:
    parsed = _Page(text)
    assert parsed.all("html") == [{"lang": "en-GB"}]
    ids = [attributes["id"] for _, attributes in parsed.seen if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for _, attributes in parsed.seen:
        for target in (attributes.get("aria-labelledby") or "").split():
            assert target in ids
    for link in parsed.all("a"):
        assert (link["href"] or "").removeprefix("#") in ids
    levels = [int(tag[1]) for tag, _ in parsed.seen if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(parsed.all("table")) == len(parsed.all("caption"))
    assert all(header["scope"] in ("col", "row") for header in parsed.all("th"))
    assert all(svg["role"] == "img" for svg in parsed.all("svg"))
    assert len(parsed.all("svg")) == len(parsed.all("title")) - 1 == len(parsed.all("figcaption")) == 4
    regions = [attributes for _, attributes in parsed.seen if attributes.get("role") == "region"]
    assert all(region["tabindex"] == "0" for region in regions)
    assert len({region["aria-label"] for region in regions}) == len(regions)


def test_a_table_says_what_the_picture_shows(text: str) -> None:
    rows = re.findall(r"<tr>(.*?)</tr>", text)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    assert ["1. Phone, line, voicemail", "40", "52.6%", "1.0% to 90.0%", "-0.50", "c d", "a; b"] in cells
    assert ["1. Phone, line, voicemail", "30", "0", "5", "40"] in cells
    assert ["Other: no topic", "0", "0", "2", "5"] in cells
    assert ["Coherence of words (NPMI)", "0.20", "Words."] in cells
    assert ["Topic", "Health (76)"] in cells


def test_what_strangers_wrote_is_text_and_no_markup(text: str) -> None:
    assert "<script" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "4. &lt;b&gt;Post &amp; letters&lt;/b&gt;" in text
    assert "Note &amp; co" in text


def test_the_same_topics_give_the_same_page_without_date_or_generator(text: str) -> None:
    parts = [_part(), _part("leadership")]
    again = page(TopicReport(parts, pd.DataFrame({"row": range(80)})), [pictures(part) for part in parts])
    assert again == text
    assert not re.search(r"generator|20[0-9]{2}-[0-9]{2}", text)
