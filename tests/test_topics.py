"""Topics: what comments speak of, from a handful to many, the same each time and in each wave."""

from __future__ import annotations

import doctest
import json
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.cleaning.duplicates import normal_text
from infoshare_text.topics.find import OTHER_LABEL

pytest.importorskip("bertopic")

SUBJECTS = {
    "Schools and teachers": ["the teacher at school", "our school", "every pupil and teacher", "the classroom"],
    "Police": ["the police officer", "a constable", "policing here", "police and sergeant"],
    "Food and drink": ["the lunch menu", "a hot meal", "tea and coffee", "the food"],
    "Parking and transport": ["parking the car", "the bus", "the taxi and the train", "no parking"],
    "Money and funding": ["the budget", "funding and grants", "spending money", "the finance budget"],
}
REMARKS = ["is not enough", "was so good", "could be better", "is what we want", "went well"]
TAILS = ["again", "for us", "as before", "there", "then", "most of all", "once more", "here"]


def remarks(n: int, seed: int = 0, subjects: dict[str, list[str]] = SUBJECTS) -> list[str]:
    """Return invented comments, nearly all distinct, and as many on each subject."""
    draw, names = random.Random(seed), list(subjects)
    return [
        f"{draw.choice(subjects[names[i % len(names)]])} {draw.choice(REMARKS)} {draw.choice(TAILS)} {i}".capitalize()
        for i in range(n)
    ]


COMMENTS = remarks(200)


@pytest.fixture(scope="module")
def found() -> ist.Topics:
    return ist.find_topics(COMMENTS)


def concepts(topics: ist.Topics) -> set[str]:
    return set(topics.topics["concept"]) - {""}


def test_each_subject_is_a_topic_with_its_comments(found: ist.Topics) -> None:
    assert set(SUBJECTS) <= concepts(found)
    concept = found.topics.set_index("topic")["concept"]
    for i, number in enumerate(found.assignments["topic"]):
        assert concept[number] == list(SUBJECTS)[i % len(SUBJECTS)]
    assert found.note == ""


def test_the_table_counts_every_comment_once(found: ist.Topics) -> None:
    topics = found.topics
    assert topics["n"].sum() == len(COMMENTS)
    assert topics["topic"].tolist() == [*range(1, len(topics)), 0]
    assert topics["n"].iloc[:-1].is_monotonic_decreasing
    assert ((topics["share_low"] <= topics["share"]) & (topics["share"] <= topics["share_high"])).all()
    assert topics["topic_label"].iloc[-1] == OTHER_LABEL
    counted = found.assignments["topic"].value_counts()
    assert topics.set_index("topic")["n"].to_dict() == {k: int(counted.get(k, 0)) for k in topics["topic"]}


def test_labels_begin_with_the_concept_and_repeat_no_word(found: ist.Topics) -> None:
    assert found.topics["topic_label"].is_unique
    for label, concept in zip(found.topics["topic_label"][:-1], found.topics["concept"][:-1], strict=True):
        assert label.startswith(concept)
        words = label.partition(": ")[2].replace(",", "").split()
        assert len(set(words)) == len(words)


def test_five_different_comments_show_a_topic(found: ist.Topics) -> None:
    for number, examples in found.examples.groupby("topic"):
        assert len(examples) == 5
        assert examples["example"].is_unique
        numbers = [found.assignments["topic"][COMMENTS.index(text)] for text in examples["example"]]
        assert set(numbers) == {number}


def test_examples_are_masked() -> None:
    told = ist.find_topics(
        [*COMMENTS, "Write to jane.doe@example.com about the school teacher and the classroom pupil."] * 2
    )
    assert "example.com" not in told.examples.to_csv()


def test_quality_comes_with_its_meaning(found: ist.Topics) -> None:
    value = found.quality.set_index("measure")["value"]
    assert value["share_other"] == 0
    assert value["largest_topic"] == pytest.approx(0.2)
    assert value["stability_bootstraps"] > 0.9
    assert value["stability_seeds"] == 1
    assert -1 <= value["npmi"] <= 1
    assert 0 < value["diversity"] <= 1
    assert found.quality["meaning"].str.len().min() > 20


def test_a_comment_on_two_subjects_has_two_topics(found: ist.Topics) -> None:
    assert found.model is not None
    number = found.topics.set_index("concept")["topic"]
    first, _, every = found.model.assign(["The police officer came to school to see the teacher."])
    assert set(every[0].split(";")) == {str(number["Police"]), str(number["Schools and teachers"])}
    assert every[0].split(";")[0] == str(first[0])


@pytest.mark.parametrize(
    ("comments", "note"),
    [
        ([], "There is no comment with anything to read in."),
        (["", " ", None, "\n\t"], "There is no comment with anything to read in."),
        (["Nobody answers the phone."], "1 distinct comment is too few for topics (50 are needed)"),
        (["a cat", "A  cat!", "a dog"], "2 distinct comments are too few"),
        (COMMENTS[:49], "49 distinct comments are too few"),
        (["the same words again"] * 300, "1 distinct comment is too few"),
        (["🙂", "👍👍", "😡"] * 40, "3 distinct comments are too few"),
    ],
)
def test_too_few_comments_give_phrases_and_a_sentence(comments: list[str], note: str) -> None:
    topics = ist.find_topics(comments)
    assert topics.note.startswith(note)
    assert topics.model is None
    assert len(topics.topics) == len(topics.examples) == len(topics.quality) == 0
    assert len(topics.assignments) == len(comments)
    assert topics.assignments["topic"].isna().all()


@pytest.mark.parametrize("n", [50, 51])
def test_fifty_comments_have_topics(n: int) -> None:
    topics = ist.find_topics(COMMENTS[:n])
    assert concepts(topics) == set(SUBJECTS)
    assert topics.note == ""


@pytest.mark.parametrize(
    "comments",
    [
        [chr(0x1F600 + i) for i in range(60)],
        [f"{i}" for i in range(60)],
        [f"the {i} of it" for i in range(60)],
    ],
    ids=["emoji", "numbers", "function words"],
)
def test_comments_without_a_known_word_are_all_other(comments: list[str]) -> None:
    topics = ist.find_topics(comments)
    assert "No subject is common" in topics.note or "%" in topics.note
    assert topics.assignments["topic"].notna().all()


def test_awkward_comments_are_read_as_far_as_they_can_be() -> None:
    awkward = ["half a pair \ud800 at school", "bell \x07 and nothing \x00 for the police", "school " * 20_000, "food"]
    topics = ist.find_topics([*COMMENTS, *awkward, None, "🙂"])
    concept = topics.topics.set_index("topic")["concept"]
    read = [concept[k] for k in topics.assignments["topic"].iloc[200:204]]
    assert read == ["Schools and teachers", "Police", "Schools and teachers", "Food and drink"]
    assert pd.isna(topics.assignments["topic"].iloc[204])
    assert topics.assignments["topic_label"].iloc[205] == OTHER_LABEL


def test_two_languages_leave_the_other_one_aside() -> None:
    foreign = [f"Nid oes neb yn ateb y ffôn {i}" for i in range(100)]
    topics = ist.find_topics(COMMENTS + foreign)
    assert set(SUBJECTS) <= concepts(topics)


def test_one_subject_is_one_topic() -> None:
    only = {"Police": SUBJECTS["Police"]}
    topics = ist.find_topics(remarks(80, subjects=only))
    assert topics.topics.iloc[0]["concept"] == "Police"
    assert topics.topics.iloc[0]["share"] > 0.9


def test_the_same_seed_gives_the_same_bytes(found: ist.Topics, tmp_path: Path) -> None:
    again = ist.find_topics(COMMENTS)
    for name in ("assignments", "topics", "examples", "phrases", "quality"):
        assert getattr(again, name).to_csv() == getattr(found, name).to_csv()
    assert found.model is not None
    assert again.model is not None
    found.model.save(tmp_path / "one")
    again.model.save(tmp_path / "two")
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert [(tmp_path / "one" / name).read_bytes() for name in files] == [
        (tmp_path / "two" / name).read_bytes() for name in files
    ]


def test_a_saved_model_holds_neither_comments_nor_code(found: ist.Topics, tmp_path: Path) -> None:
    assert found.model is not None
    found.model.save(tmp_path / "topics")
    for path in (tmp_path / "topics").iterdir():
        assert path.suffix in {".json", ".txt", ".md", ".safetensors"}
        held = path.read_bytes()
        assert not any(" ".join(text.split()[:6]).encode() in held for text in COMMENTS)
    loaded = ist.load_topics(tmp_path / "topics")
    assert loaded.topics == found.model.topics
    for ours, theirs in zip(loaded.assign(COMMENTS), found.model.assign(COMMENTS), strict=True):
        assert list(ours) == list(theirs)


def test_words_of_one_comment_stay_out_of_the_model(tmp_path: Path) -> None:
    named = [f"{text} with Zebediah" if i == 5 else text for i, text in enumerate(COMMENTS)]
    topics = ist.find_topics(named)
    assert topics.model is not None
    topics.model.save(tmp_path / "topics")
    assert not any(b"zebediah" in path.read_bytes().lower() for path in (tmp_path / "topics").iterdir())


def test_identical_comments_share_their_topic(found: ist.Topics) -> None:
    twice = [text.upper().replace(" ", "  ") for text in COMMENTS]
    topics = ist.find_topics(COMMENTS + twice)
    numbers = topics.assignments["topic"].tolist()
    assert numbers[:200] == numbers[200:]
    assert topics.topics["topic_label"].tolist() == found.topics["topic_label"].tolist()


@settings(max_examples=3)
@given(st.randoms(use_true_random=False), st.integers(20, 200))
def test_order_duplicates_and_pieces_do_not_matter(draw: random.Random, n_twice: int) -> None:
    texts = COMMENTS[:120]
    plain = ist.find_topics(texts)
    mixed = texts + draw.choices(texts, k=n_twice)
    draw.shuffle(mixed)
    topics = ist.find_topics(mixed)
    assert concepts(topics) == concepts(plain)
    assert topics.model is not None
    of_text = dict(zip(texts, plain.assignments["topic"], strict=True))
    concept, other = (each.topics.set_index("topic")["concept"] for each in (topics, plain))
    assert [concept[k] for k in topics.assignments["topic"]] == [other[of_text[text]] for text in mixed]
    at = draw.randrange(1, len(mixed))
    parts = [topics.model.assign(part)[0] for part in (mixed[:at], mixed[at:])]
    assert [*parts[0], *parts[1]] == topics.assignments["topic"].tolist()


@settings(max_examples=20)
@given(st.lists(st.text(max_size=40), max_size=12))
def test_any_text_has_an_answer(found: ist.Topics, texts: list[str]) -> None:
    assert found.model is not None
    topic, score, every = found.model.assign(texts)
    assert len(topic) == len(score) == len(every) == len(texts)
    assert set(topic) <= {0, *(each.number for each in found.model.topics)}
    assert all(0 <= value <= 1 for value in score)
    first: dict[str, Any] = {}
    for text, number in zip(texts, topic, strict=True):
        if text.isascii():
            assert first.setdefault(normal_text(text), number) == number


def test_an_earlier_wave_keeps_its_numbers_and_new_topics_are_marked(found: ist.Topics, tmp_path: Path) -> None:
    subjects = {name: SUBJECTS[name] for name in list(SUBJECTS)[:3]} | {
        "Teeth and dentists": ["the dentist", "my tooth", "dental work", "a dentist and my teeth"]
    }
    later = remarks(200, seed=1, subjects=subjects)
    assert found.model is not None
    found.model.save(tmp_path / "2026")
    second = ist.find_topics(later, topics_from=tmp_path / "2026", n_topics=len(found.topics))
    old = found.topics.iloc[:-1]
    assert second.topics.iloc[: len(old)][["topic", "topic_label", "words"]].equals(
        old[["topic", "topic_label", "words"]]
    )
    new = second.topics[second.topics["new"] == 1]
    assert new["concept"].tolist() == ["Teeth and dentists"]
    assert new["topic"].tolist() == [len(old) + 1]
    gone = second.topics.set_index("concept").loc["Money and funding"]
    assert (gone["n"], gone["new"]) == (0, 0)
    assert ist.find_topics(later, topics_from=found.model, n_topics=len(found.topics)).topics.equals(second.topics)
    assert second.model is not None
    second.model.save(tmp_path / "2027")
    assert ist.load_topics(tmp_path / "2027").topics == second.model.topics


def test_an_earlier_wave_is_met_in_a_single_comment(found: ist.Topics) -> None:
    topics = ist.find_topics(["The teacher at school was kind."], topics_from=found.model)
    assert topics.topics.set_index("topic")["concept"][topics.assignments["topic"][0]] == "Schools and teachers"


def coded() -> pd.DataFrame:
    table = pd.DataFrame({"comment": COMMENTS}, index=[i // 2 for i in range(len(COMMENTS))])
    table["status"] = ["non_answer" if i % 10 == 9 else "coded" for i in range(len(COMMENTS))]
    table["theme_police"] = [1 if i % 5 == 1 else 0 for i in range(len(COMMENTS))]
    table["stance_police"] = ["barrier;need" if i % 5 == 1 else None for i in range(len(COMMENTS))]
    table["sentiment_score"] = [-0.5 if i % 5 == 1 else 0.5 for i in range(len(COMMENTS))]
    table["sector"] = ["public" if i % 3 else "" for i in range(len(COMMENTS))]
    return table


def test_a_coded_table_gives_sentiment_stance_and_themes_of_each_topic() -> None:
    table = coded()
    topics = ist.find_topics(table)
    assert topics.assignments.index.equals(table.index)
    assert topics.assignments["topic"].isna().to_numpy().tolist() == (table["status"] == "non_answer").tolist()
    police = topics.topics.set_index("concept").loc["Police"]
    assert police[["mean_sentiment", "barrier", "enabler", "need", "theme_police"]].tolist() == [-0.5, 40, 0, 40, 40]
    school = topics.topics.set_index("concept").loc["Schools and teachers"]
    assert school[["mean_sentiment", "barrier", "theme_police"]].tolist() == [0.5, 0, 0]


def test_a_table_read_back_as_text_gives_the_same() -> None:
    table = coded()
    as_text = table.astype("object").where(table.notna(), "").astype("str")
    pd.testing.assert_frame_equal(ist.find_topics(as_text).topics, ist.find_topics(table).topics)


def test_stances_of_another_codebook_are_counted_by_their_names() -> None:
    table = coded().replace({"stance_police": {"barrier;need": "wish"}})
    police = ist.find_topics(table).topics.set_index("concept").loc["Police"]
    assert police["wish"] == 40
    assert "barrier" not in police


def test_topics_within_a_theme() -> None:
    table = coded()
    table["theme_travel"] = [int(i % 5 in (1, 3)) for i in range(len(COMMENTS))]
    topics = ist.find_topics(table, within="travel")
    assert {"Police", "Parking and transport"} <= concepts(topics)
    assert "Food and drink" not in concepts(topics)
    inside = (table["theme_travel"] == 1) & (table["status"] == "coded")
    assert topics.assignments["topic"].notna().to_numpy().tolist() == inside.tolist()


def test_topics_by_group() -> None:
    table = coded()
    topics = ist.find_topics(table)
    by_sector = ist.topics_by_group(topics.topics, topics.assignments["topic"], table["sector"])
    assert set(by_sector["sector"]) == {"public"}
    there = topics.assignments["topic"].notna().to_numpy() & (table["sector"] != "").to_numpy()
    assert by_sector["n"].sum() == there.sum() == by_sector["group_n"].iloc[0]
    assert by_sector["share"].sum() == pytest.approx(1)
    assert (by_sector["share_low"] <= by_sector["share"]).all()


def test_own_concepts(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        '[concepts]\n"Blue light" = ["police", "officer"]\n"Catering" = ["food", "meal"]\n', encoding="utf-8"
    )
    topics = ist.find_topics(COMMENTS, concepts=path)
    assert {"Blue light", "Catering"} <= concepts(topics)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[concepts]\n"A" = []\n"B" = "food"\n"C" = ["tea"]\n', r"(?s)'A' must be a list.*'B' must be a list"),
        ('[concepts]\n"A" = ["qqzx"]\n"B" = ["food"]\n"C" = ["zzqy"]\n', r"(?s)'A' has no word.*'C' has no word"),
        ('[concepts]\n"A" = ["tea"]\n', "two concepts at least"),
        ("A = 1", "needs a table \\[concepts\\]"),
        ("[concepts", "is not TOML"),
    ],
)
def test_faulty_concepts_are_refused_all_at_once(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ist.InputError, match=message):
        ist.find_topics(COMMENTS, concepts=path)


def test_wrong_requests_are_refused(found: ist.Topics, tmp_path: Path) -> None:
    with pytest.raises(ist.InputError, match="not one text"):
        ist.find_topics("The phone rings.")
    with pytest.raises(ist.InputError, match="n_topics: at least 2"):
        ist.find_topics(COMMENTS, n_topics=1)
    with pytest.raises(ist.InputError, match="name one of the two"):
        ist.find_topics(COMMENTS, topics_from=found.model, concepts=tmp_path / "own.toml")
    with pytest.raises(ist.InputError, match="cannot be read"):
        ist.find_topics(COMMENTS, concepts=tmp_path / "own.toml")
    with pytest.raises(ist.ColumnError, match="comment"):
        ist.find_topics(pd.DataFrame({"text": COMMENTS}))
    with pytest.raises(ist.ColumnError, match="no themes in this table"):
        ist.find_topics(pd.DataFrame({"comment": COMMENTS}), within="leadership")
    with pytest.raises(ist.InputError, match="no theme 'leadership'"):
        ist.find_topics(coded(), within="leadership")
    with pytest.raises(ist.ModelFolderError, match="no such model folder"):
        ist.find_topics(COMMENTS, topics_from=tmp_path / "nowhere")


def test_an_altered_folder_is_refused(found: ist.Topics, tmp_path: Path) -> None:
    assert found.model is not None
    found.model.save(tmp_path / "topics")
    path = tmp_path / "topics" / "model.json"
    about = json.loads(path.read_text(encoding="utf-8"))
    about["topics"][0]["label"] = "Something else"
    path.write_text(json.dumps(about), encoding="utf-8")
    with pytest.raises(ist.ModelFolderError, match="altered"):
        ist.load_topics(tmp_path / "topics")


def test_the_page_on_the_method_is_true(tmp_path: Path) -> None:
    page = ROOT / "docs" / "topics-method.md"
    failed, tried = doctest.testfile(str(page), module_relative=False, encoding="utf-8")
    assert tried > 6
    assert failed == 0
    (own,) = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "ours.toml").write_text(own, encoding="utf-8")
    assert ist.find_topics(COMMENTS, concepts=tmp_path / "ours.toml").quality["value"].notna().any()


def test_warnings_of_the_caller_still_come_through() -> None:
    code = """
import warnings
before = list(warnings.filters)
import infoshare_text as ist
words = "school police food parking money nurse".split()
topics = ist.find_topics([f"The {a} {b} was late {i}" for i in range(5) for a in words for b in ("door", "visit")])
assert topics.model is not None
broad = (Warning, UserWarning, FutureWarning)
added = [each for each in warnings.filters if each not in before]
assert not [each for each in added if each[0] == "ignore" and each[2] in broad and not each[1]]
with warnings.catch_warnings(record=True) as caught:
    warnings.warn("mine", UserWarning)
    warnings.warn("mine", FutureWarning)
assert len(caught) == 2
"""
    subprocess.run([sys.executable, "-W", "always", "-c", code], check=True)


@pytest.mark.parametrize(("missing", "install"), [("bertopic", "topics"), ("spacy_lookups_data", "topics")])
def test_a_missing_extra_is_named(missing: str, install: str) -> None:
    code = f"""
import sys
if {missing!r} == "bertopic":
    sys.modules["bertopic"] = None
else:
    from spacy.util import registry
    registry.lookups.entry_points = False
import infoshare_text as ist
try:
    ist.find_topics([f"The school door {{i}} was late" for i in range(60)])
except ist.MissingExtraError as error:
    assert "infoshare-text[{install}]" in str(error), error
else:
    raise AssertionError("nothing was missed")
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_comment_marked_as_not_english_is_in_other() -> None:
    table = coded()
    table["review"] = ["unsure;not_english" if i % 5 == 1 else "" for i in range(len(table))]
    topics = ist.find_topics(table)
    assert "Police" not in concepts(topics)
    foreign = (table["review"] != "").to_numpy() & (table["status"] == "coded").to_numpy()
    assert set(topics.assignments["topic"][foreign]) == {0}


def test_the_order_of_comments_changes_no_label(found: ist.Topics) -> None:
    shuffled = random.Random(5).sample(COMMENTS, len(COMMENTS))
    again = ist.find_topics(shuffled).topics
    names = ["topic_label", "words", "phrases", "n"]
    assert again[names].to_dict("records") == found.topics[names].to_dict("records")


def test_what_one_or_two_people_wrote_is_no_phrase() -> None:
    few = ist.find_topics([*["The bus is late"] * 2, "A bus again", "My bus was early", "Bryngwyn"]).phrases
    assert few["phrase"].tolist() == ["bus"]
