"""Personal data: what was planted is found, traps are not, masks are written once and in the right place."""

from __future__ import annotations

import doctest
import json
import re
import runpy
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from click.testing import Result
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.cleaning.personal_data.masks import MaskedText
from infoshare_text.cleaning.personal_data.name_lists import key
from infoshare_text.cleaning.personal_data.spans import KINDS

Run = Callable[..., Result]
MEASURE = runpy.run_path(str(ROOT / "benchmarks" / "personal_data.py"))
SENTENCES = MEASURE["read_list"]()
TEXT = "Ring Mrs Khan on 07700 900123, or Ayesha Okafor at a.okafor@example.org."
MASKED = "Ring Mrs [NAME] on [PHONE], or [FULL NAME] at [EMAIL]."


# -- what is found --------------------------------------------------------------------------------------------------


def test_the_list_is_long_enough_and_every_kind_is_in_it() -> None:
    planted = [sentence for sentence in SENTENCES if sentence.planted]
    assert len(planted) >= 300
    assert sum(len(sentence.planted) for sentence in planted) >= 420
    assert len(SENTENCES) - len(planted) >= 150
    assert {item.kind for sentence in planted for item in sentence.planted} == set(KINDS)
    assert len({sentence.text for sentence in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("half", MEASURE["HALVES"])
def test_what_was_planted_is_found_and_little_else(half: str) -> None:
    rates = MEASURE["rates"]([sentence for sentence in SENTENCES if sentence.half == half])
    assert rates.recall() >= 0.95
    assert rates.recall(MEASURE["NUMBERS_AND_EMAILS"]) >= 0.99
    assert rates.precision() >= 0.90


def test_the_rates_in_the_docs_are_those_measured() -> None:
    page = MEASURE["PAGE"].read_text(encoding="utf-8")
    written = page.split(MEASURE["START"])[1].split(MEASURE["END"])[0].strip()
    assert written == MEASURE["table"](), "run: python benchmarks/personal_data.py --write"


def test_the_python_in_the_docs_gives_what_it_says() -> None:
    failed, tried = doctest.testfile(str(MEASURE["PAGE"]), module_relative=False, encoding="utf-8")
    assert tried >= 5
    assert failed == 0


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("nhs no ９９９ ２５９ ７９１７", ["nhs_number"]),
        ("ring 07700\N{NO-BREAK SPACE}900\N{NON-BREAKING HYPHEN}123", ["phone"]),
        ("O\N{RIGHT SINGLE QUOTATION MARK}Reilly told us", ["name"]),
        ("Spoke to Siobha\N{COMBINING ACUTE ACCENT}n", ["name"]),
        ("👩‍👧 Łukasz 👍 rang", ["name"]),
        ("0٧٧٠٠ ٩٠٠١٢٣", ["phone"]),
        ("王 and SARAH BAXTER", ["name"]),
        ("half a character \ud83d, Sarah rang", ["name"]),
    ],
)
def test_places_are_counted_in_the_text_as_typed(text: str, kinds: list[str]) -> None:
    found = ist.find_personal_data(text)
    assert [item.kind for item in found] == kinds
    assert all(text[item.start : item.end].strip() == text[item.start : item.end] for item in found)


def test_a_check_digit_or_a_word_makes_an_nhs_number() -> None:
    assert [item.kind for item in ist.find_personal_data("999 259 7917")] == ["nhs_number"]
    assert ist.find_personal_data("999 259 7918") == []
    assert [item.kind for item in ist.find_personal_data("NHS no. 999 259 7918")] == ["nhs_number"]


# -- masks ----------------------------------------------------------------------------------------------------------

PIECES = sorted(
    {word for sentence in SENTENCES if sentence.half == "dev" for word in sentence.text.split()}
    | {sentence.text[item.start : item.end] for sentence in SENTENCES[:200] for item in sentence.planted}
    | {
        "[NAME]",
        "[FULL NAME]",
        "[PHONE]",
        "[",
        "NHS no",
        "dob",
        "ref",
        "Dr",
        "St",
        "Sarah's",
        "Law",
        "Ward",
        "\n",
        "12",
    }
)
GLUE = st.sampled_from(["", " ", "  ", ", ", ". ", "'s ", "-", "/", "\n", ": ", " (", ") ", "@", "."])
TYPED = st.lists(st.tuples(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), GLUE), max_size=12).map(
    lambda parts: "".join(piece + glue for piece, glue in parts)
)


@settings(max_examples=300)
@given(TYPED)
def test_masks_are_never_masked_again(text: str) -> None:
    masked = ist.redact(text)
    assert ist.redact(masked) == masked


@settings(max_examples=300)
@given(TYPED)
def test_all_that_is_no_personal_data_stays_to_the_letter(text: str) -> None:
    found = ist.find_personal_data(text)
    masked = MaskedText(text, found)
    assert masked.text == ist.redact(text)
    last = 0
    for item in found:
        assert last <= item.start < item.end <= len(text)
        kept = masked.moved(last, item.start)
        assert item.start == last or masked.text[slice(*kept)] == text[last : item.start]
        mask = masked.text[slice(*masked.moved(item.start, item.end))]
        assert re.fullmatch(rf"\[(FULL )?{item.kind.upper().replace('_', ' ')}\]", mask)
        last = item.end


@settings(max_examples=100)
@given(st.text(st.characters(), max_size=80))
def test_no_text_is_too_odd(text: str) -> None:
    assert ist.redact(ist.redact(text)) == ist.redact(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1-",
        "0 ",
        "a.",
        "a@",
        "a dot ",
        "Sarah ",
        "A ",
        "St ",
        "ref ",
        "A1/",
        "12 High ",
        "dob 1",
        "((",
        "AB12 ",
        "::",
        "'a",
    ],
)
def test_time_grows_with_the_length_alone(piece: str) -> None:
    start = time.process_time()
    ist.redact(piece * (60_000 // len(piece)))
    assert time.process_time() - start < 10


def test_a_mask_says_kind_and_length_class_not_length() -> None:
    assert ist.redact(TEXT) == MASKED
    assert ist.redact("Spoke to Jo.") == ist.redact("Spoke to Oluwadamilola.").replace("Oluwadamilola", "Jo")
    assert ist.redact("Spoke to Jo Li.") == ist.redact("Spoke to Oluwadamilola Adeyemi-Featherstone.")


# -- lists, columns, tables -----------------------------------------------------------------------------------------


def test_every_form_of_input_gives_its_own_form() -> None:
    assert ist.redact([TEXT, "none of them ring", None]) == [MASKED, "none of them ring", None]
    series = pd.Series([TEXT, None, "x"], index=[5, 3, 9], name="Q7", dtype="str")
    redacted = ist.redact(series)
    assert redacted.index.tolist() == [5, 3, 9]
    assert (redacted.name, redacted.dtype) == (series.name, series.dtype)
    assert redacted.tolist()[0] == MASKED
    assert redacted.isna().tolist() == [False, True, False]
    assert series.tolist()[0] == TEXT


def test_of_a_table_only_the_named_columns_change() -> None:
    table = pd.DataFrame(
        {"id": [9992597917, 2], "Q1": [TEXT, "x"], "Q2": ["y", TEXT], "by": [TEXT, "Jo"]}, index=[7, 8]
    )
    redacted = ist.redact(table, text=["Q1", "Q2"])
    assert redacted["Q1"].tolist() == [MASKED, "x"]
    assert redacted["Q2"].tolist() == ["y", MASKED]
    pd.testing.assert_frame_equal(redacted[["id", "by"]], table[["id", "by"]])
    assert redacted.columns.tolist() == table.columns.tolist()
    assert ist.redact(table, text="id")["id"].tolist() == ["[NHS NUMBER]", 2]


@pytest.mark.parametrize("dtype", ["object", "category", "string[pyarrow]"])
def test_any_type_of_text_column_can_be_masked(dtype: str) -> None:
    assert ist.redact(pd.Series([TEXT, "x"], dtype=dtype)).tolist() == [MASKED, "x"]


def test_kinds_can_be_chosen_and_counted() -> None:
    counts: Counter[str] = Counter()
    assert ist.redact([TEXT, TEXT], kinds=["phone"], counts=counts) == [TEXT.replace("07700 900123", "[PHONE]")] * 2
    assert counts == {"phone": 2}
    assert ist.redact(TEXT, kinds="email") == TEXT.replace("a.okafor@example.org", "[EMAIL]")


def test_wrong_input_is_refused_in_words() -> None:
    table = pd.DataFrame({"Q1": ["x"]})
    with pytest.raises(ist.ColumnError, match=r"say which column\(s\) to mask"):
        ist.redact(table)
    with pytest.raises(ist.ColumnError, match=r"there is no column 'Q2'\. The columns are: 'Q1'"):
        ist.redact(table, text="Q2")
    with pytest.raises(ist.ColumnError, match="two columns of one name"):
        ist.redact(pd.concat([table, table], axis=1), text="Q1")
    with pytest.raises(ist.ColumnError, match="holds list values"):
        ist.redact(pd.DataFrame({"Q1": [["a"]]}), text="Q1")
    with pytest.raises(ist.InputError, match=r"no kind of personal data is called 'shoe'\. The kinds are: name, email"):
        ist.redact("x", kinds=["shoe"])
    with pytest.raises(ist.InputError, match="text= names columns of a table"):
        ist.redact(["x"], text="Q1")  # type: ignore[call-overload]
    with pytest.raises(ist.ColumnError, match="names no column to mask"):
        ist.redact(table, text=[])
    for wrong in (3, b"x", None):
        with pytest.raises(ist.InputError, match="a list or one text, not"):
            ist.redact(wrong)  # type: ignore[call-overload]
    with pytest.raises(ist.InputError, match="a text is wanted, not list"):
        ist.find_personal_data(["x"])  # type: ignore[arg-type]


# -- coded tables ---------------------------------------------------------------------------------------------------

COMMENTS = [
    "Mrs Khan at the top never backs training and staff get no induction, ring 07700 900123.",
    "Our chief exec Adebayo Okafor signed the sharing agreement and the partners trust each other.",
    "n/a",
    "",
]


def _words(text: str, evidence: str) -> dict[str, list[str]]:
    return {theme: [text[a:b] for a, b, _ in words] for theme, words in json.loads(evidence).items()}


def test_the_evidence_points_at_the_same_words_after_masking() -> None:
    table = pd.DataFrame({"Q1": COMMENTS, "Q2": COMMENTS[::-1], "name": ["Jo", "Al", "Jo", "Al"]})
    coded = ist.classify(table, text=["Q1", "Q2"], evidence=True)
    counts: Counter[str] = Counter()
    masked = ist.redact(coded, counts=counts)
    seen = 0
    for before, after in zip(coded.itertuples(), masked.itertuples(), strict=True):
        if before.status != "coded":
            continue
        old, new = _words(before.comment, before.evidence), _words(after.comment, after.evidence)
        for theme, words in old.items():
            kept = [word for word in new[theme] if not word.startswith("[")]
            assert kept == [word for word in words if word in kept]
            assert words
            seen += len(kept)
            added = sum(weight for _, _, weight in json.loads(before.evidence)[theme])
            assert sum(weight for _, _, weight in json.loads(after.evidence)[theme]) == pytest.approx(added, abs=1e-3)
    assert seen > 5
    assert counts == {"name": 4, "phone": 2}
    changed = {"Q1", "Q2", "comment", "evidence"}
    others = [name for name in coded.columns if name not in changed]
    pd.testing.assert_frame_equal(masked[others], coded[others])
    for name in ("Q1", "Q2", "comment"):
        assert not masked[name].str.contains("Khan|Okafor|07700").any()


def test_words_under_one_mask_are_one_piece_of_evidence() -> None:
    coded = pd.DataFrame(
        {
            "row": [1],
            "question": ["q"],
            "comment": ["Ask Ayesha Okafor now"],
            "evidence": ['{"leadership":[[0,3,0.5],[4,10,0.25],[11,17,0.5],[18,21,1.0]]}'],
        }
    )
    masked = ist.redact(coded)
    assert masked["comment"].tolist() == ["Ask [FULL NAME] now"]
    assert json.loads(masked["evidence"][0]) == {"leadership": [[0, 3, 0.5], [4, 15, 0.75], [16, 19, 1.0]]}
    assert ist.redact(masked).equals(masked)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl"])
def test_the_command_keeps_every_row_and_column(run: Run, tmp_path: Path, kind: str) -> None:
    source, target = tmp_path / f"in.{kind}", tmp_path / f"out.{kind}"
    frame = pd.DataFrame({"id": ["1", "2", "3"], "comment": [TEXT, "n/a", "Nobody rings."], "by": ["Jo Li", "", "x"]})
    ist.write_table(frame, source)
    result = run("redact", source, "-o", target)
    assert result.exit_code == 0
    assert "masked: comment" in result.stderr
    assert "masked: name 2, phone 1, email 1; written to" in result.stderr
    back = ist.read_survey(target, text="comment").table
    assert back["comment"].tolist() == [MASKED, "n/a", "Nobody rings."]
    assert [value or "" for value in back["by"]] == ["Jo Li", "", "x"]
    assert back["id"].tolist() == ["1", "2", "3"]


def test_what_was_found_is_told_in_numbers_only(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f'id,comment\n1,"{TEXT}"\n2,"{TEXT}"\n', encoding="utf-8")
    result = run("redact", source, "-o", tmp_path / "out.csv", "--json")
    summary = json.loads(result.stdout)
    assert summary["masked"] == {"name": 4, "phone": 2, "email": 2}
    assert summary["masked_in_all"] == 8
    assert (summary["respondents"], summary["masked_columns"]) == (2, ["comment"])
    for secret in ("Khan", "Ayesha", "07700", "okafor"):
        assert secret not in result.output
        assert secret not in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert run("redact", source, "-q").stdout.count("[FULL NAME]") == 2


def test_the_command_masks_every_question_of_an_export(run: Run, example: Path, tmp_path: Path) -> None:
    text = example.read_text(encoding="utf-8").replace("No feedback loop.", "Ring Ayesha Okafor.", 1)
    source = tmp_path / "export.csv"
    source.write_text(text, encoding="utf-8")
    result = run("redact", source, "-o", tmp_path / "out.csv", "--kind", "name")
    assert result.exit_code == 0
    assert result.stderr.count("  masked: What ") == 3
    assert "4 columns of personal data are left out (IP Address, Email Address, First Name, Last Name)" in result.stderr
    before, after = (
        pd.read_csv(path, dtype=str, keep_default_na=False, header=0 if i else [0, 1], encoding="utf-8-sig")
        for i, path in enumerate((source, tmp_path / "out.csv"))
    )
    assert after.shape == (before.shape[0], before.shape[1] - 4)
    assert "Ring [FULL NAME]. I refer a child" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_a_coded_file_is_masked_in_its_source_columns_too(run: Run, tmp_path: Path) -> None:
    coded = ist.classify(pd.DataFrame({"Q1": COMMENTS, "id": range(4)}), text="Q1", evidence=True)
    ist.write_table(coded, tmp_path / "coded.parquet")
    result = run("redact", tmp_path / "coded.parquet", "-o", tmp_path / "masked.parquet")
    assert result.exit_code == 0
    masked = pd.read_parquet(tmp_path / "masked.parquet")
    expected = ist.redact(coded)
    for name in ("Q1", "comment", "evidence"):
        assert masked[name].tolist() == expected[name].tolist()
    assert not masked["Q1"].str.contains("Khan").any()


@pytest.mark.parametrize("options", [[], ["--wide"]])
def test_classify_masks_after_coding(run: Run, tmp_path: Path, options: list[str]) -> None:
    source = tmp_path / "in.jsonl"
    ist.write_table(pd.DataFrame({"Q1": COMMENTS, "Q2": COMMENTS[::-1], "by": ["Jo"] * 4}), source)
    plain, masked = tmp_path / "plain.jsonl", tmp_path / "masked.jsonl"
    arguments = ["classify", source, "--text", "Q1", "--text", "Q2", "--evidence", *options]
    assert run(*arguments, "-o", plain).exit_code == 0
    result = run(*arguments, "-o", masked, "--redact")
    assert result.exit_code == 0
    assert "masked in the comments: name 4, phone 2; other columns are written as they are" in result.stderr
    before, after = (pd.read_json(path, lines=True, dtype=False) for path in (plain, masked))
    same = [name for name in before if not re.search(r"Q\d$|comment$|evidence$", name)]
    pd.testing.assert_frame_equal(before[same], after[same])
    assert "Khan" in plain.read_text(encoding="utf-8")
    assert not re.search("Khan|Okafor|07700", masked.read_text(encoding="utf-8"))
    text, evidence = ("Q1", "Q1: evidence") if options else ("comment", "evidence")
    row = after[after[evidence].str.len() > 2].iloc[0]
    assert any(
        word in ("training", "induction", "staff")
        for words in _words(row[text], row[evidence]).values()
        for word in words
    )


def test_the_command_refuses_what_it_cannot_do(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    source.write_text(f'comment\n"{TEXT}"\n', encoding="utf-8")
    cases: list[tuple[list[Any], int, str]] = [
        ([source, "--json"], 2, "--json prints on stdout"),
        ([source, "--kind", "shoe"], 1, "no kind of personal data is called 'shoe'"),
        ([source, "--nlp", "no_such_pipeline"], 1, "no spaCy pipeline of that name is installed"),
        ([source, "--text", "Q9"], 1, "there is no column 'Q9'"),
        ([source, "-o", source], 1, "this is the input, which is never overwritten"),
        ([tmp_path / "none.csv"], 1, "there is no such file"),
    ]
    for arguments, code, message in cases:
        result = run("redact", *arguments)
        assert (result.exit_code, message in result.stderr) == (code, True), result.stderr
        assert "Khan" not in result.stderr
    result = run("classify", source, "--nlp", "x")
    assert (result.exit_code, "name --redact too" in result.stderr) == (2, True)


# -- a pipeline of the user's own -----------------------------------------------------------------------------------


def _pipeline() -> Any:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [
            {"label": "PERSON", "pattern": [{"LOWER": "xanadu"}, {"LOWER": "oquist"}]},
            {"label": "PERSON", "pattern": [{"TEXT": "Ayesha"}, {"TEXT": "of"}, {"TEXT": "Leeds"}]},
            {"label": "reference", "pattern": [{"TEXT": {"REGEX": "^zz[0-9]+$"}}]},
            {"label": "PERSON", "pattern": [{"TEXT": "["}, {"TEXT": "NAME"}, {"TEXT": "]"}]},
            {"label": "ORG", "pattern": [{"TEXT": "Leeds"}]},
        ]
    )
    return nlp


def test_a_pipeline_adds_to_what_the_rules_find() -> None:
    nlp = _pipeline()
    text = "xanadu oquist and Ayesha of Leeds sent zz19 to [NAME], 07700 900123"
    masked = "[FULL NAME] and [FULL NAME] sent [REFERENCE] to [NAME], [PHONE]"
    assert ist.redact(text, nlp=nlp) == masked
    assert ist.redact([text, "x", text], nlp=nlp) == [masked, "x", masked]
    assert ist.redact(masked, nlp=nlp) == masked
    assert "xanadu oquist" in ist.redact(text)
    assert ist.redact(text, nlp=nlp, kinds=["phone"]).count("[") == 2


def test_the_command_loads_a_pipeline_from_its_folder(run: Run, tmp_path: Path) -> None:
    _pipeline().to_disk(tmp_path / "nlp")
    source = tmp_path / "in.csv"
    source.write_text("comment\nxanadu oquist never rings back\n", encoding="utf-8")
    for command in (["redact"], ["classify", "--redact"]):
        result = run(*command, source, "--nlp", tmp_path / "nlp", "-q")
        assert result.exit_code == 0
        assert "[FULL NAME] never rings back" in result.stdout


# -- lists of names -------------------------------------------------------------------------------------------------


def test_the_lists_hold_words_in_the_form_they_are_looked_up_in() -> None:
    import tomllib

    folder = ROOT / "src" / "infoshare_text" / "cleaning" / "personal_data"
    names = tomllib.loads((folder / "names.toml").read_text(encoding="utf-8"))
    listed = [word for part in ("given", "surnames") for words in names[part].values() for word in words.split()]
    assert len(set(listed)) > 8_000
    also = [word for words in names["also"].values() for word in words.split()]
    assert set(also) <= set(listed)
    assert [word for word in [*listed, *also] if word != key(word)] == []
