"""Labelled files: every form that people keep them in reads to the same; every fault is told, all at once."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.codebook import Codebook, Theme
from infoshare_text.errors import InputError
from infoshare_text.training.labelled import LabelledComments
from infoshare_text.training.labelled_files import groups, read_labelled
from infoshare_text.writing.tables import write_table

BOOK = Codebook(
    "Clinic",
    "1",
    (
        Theme("staff", "Staff", "How staff are."),
        Theme("parking", "Parking, and access", "Getting in."),
        Theme("waiting", "Waiting time", "How long it takes."),
    ),
    {"barrier": "", "enabler": ""},
    {"negative": "", "positive": ""},
)
TEXTS = [
    "The nurse was kind to us",
    "No space to park and a long wait",
    "Nothing much to report here",
    "An hour in the hall",
]
CODES = [["staff"], ["parking", "waiting"], [], ["waiting"]]
LABELS = {theme.key: theme.label for theme in BOOK.themes}


def _wide(name: Any, yes: object = 1, no: object = 0) -> pd.DataFrame:
    table = pd.DataFrame({"comment": TEXTS})
    for theme in BOOK.themes:
        table[name(theme)] = [yes if theme.key in codes else no for codes in CODES]
    return table


def _joined(separator: str, names: dict[str, str] | None = None) -> pd.DataFrame:
    cells = [separator.join((names or {}).get(key, key) for key in codes) or "none" for codes in CODES]
    return pd.DataFrame({"comment": TEXTS, "themes": cells})


FORMS = {
    "theme_key": _wide(lambda theme: f"theme_{theme.key}"),
    "key": _wide(lambda theme: theme.key),
    "label": _wide(lambda theme: theme.label.upper()),
    "words": _wide(lambda theme: theme.label, "yes", "No"),
    "floats": _wide(lambda theme: theme.key, "1.0", "0.0"),
    "semicolons": _joined(";"),
    "pipes": _joined(" | "),
    "commas": _joined(","),
    "lines": _joined("\n"),
    "labels with a comma": _joined(", ", LABELS),
    "capitals": _joined("; ", {key: key.upper() for key in LABELS}),
}


def _read(table: Any, **options: Any) -> LabelledComments:
    return read_labelled(table, BOOK, **{"least_examples": 0, **options})


def _fault(table: Any, **options: Any) -> str:
    with pytest.raises(InputError, match=r"\w") as caught:
        _read(table, **options)
    return str(caught.value)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl"])
@pytest.mark.parametrize("form", FORMS)
def test_every_form_in_every_format_reads_to_the_same(tmp_path: Path, form: str, kind: str) -> None:
    path = tmp_path / f"labels.{kind}"
    write_table(FORMS[form], path)
    labelled = _read(path)
    assert labelled.texts == TEXTS
    assert [[key for key, there in zip(BOOK.keys, row, strict=True) if there] for row in labelled.themes] == CODES
    assert not labelled.stances.any()
    assert labelled.sentiments == [""] * 4
    assert len(set(labelled.ids)) == len(set(labelled.writers)) == 4


CODED = st.lists(
    st.tuples(
        st.lists(st.sampled_from([[], ["barrier"], ["enabler"], ["barrier", "enabler"], None]), min_size=3, max_size=3),
        st.sampled_from(["", "negative", "positive"]),
    ),
    min_size=1,
    max_size=6,
)


@given(CODED)
def test_any_coding_survives_the_round(rows: list[tuple[list[list[str] | None], str]]) -> None:
    """A theme is None (absent) or the list of its stances."""
    table = pd.DataFrame({"comment": [f"Comment {chr(97 + i)} of many" for i in range(len(rows))]})
    for j, key in enumerate(BOOK.keys):
        table[f"theme_{key}"] = [int(themes[j] is not None) for themes, _ in rows]
        table[f"stance_{key}"] = [";".join(themes[j] or []) for themes, _ in rows]
    table["sentiment"] = [sentiment for _, sentiment in rows]
    labelled = _read(table)
    for i, (themes, sentiment) in enumerate(rows):
        assert labelled.themes[i].tolist() == [theme is not None for theme in themes]
        for j, theme in enumerate(themes):
            assert labelled.stances[i, j].tolist() == [stance in (theme or []) for stance in BOOK.stances]
        assert labelled.sentiments[i] == sentiment


def test_one_label_a_comment_and_a_text_column_of_any_name() -> None:
    table = pd.DataFrame({"Q7": TEXTS, "label": ["Staff", "Parking, and access", "none", "waiting"]})
    assert _read(table, text="Q7").themes.sum(axis=1).tolist() == [1, 1, 0, 1]


def test_json_lines_with_lists_and_records_of_stances(tmp_path: Path) -> None:
    path = tmp_path / "labels.jsonl"
    rows = pd.DataFrame(
        {
            "text": TEXTS[:2],
            "themes": [["staff"], ["parking", "waiting"]],
            "stance": [{"staff": ["enabler"]}, {"parking": ["barrier"], "waiting": ["barrier", "enabler"]}],
            "sentiment": ["positive", "negative"],
            "writer": ["a", "a"],
        }
    )
    write_table(rows, path)
    labelled = _read(path)
    assert labelled.stances.astype(int).tolist() == [[[0, 1], [0, 0], [0, 0]], [[0, 0], [1, 0], [1, 1]]]
    assert labelled.sentiments == ["positive", "negative"]
    assert len(set(labelled.writers)) == 1


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet"])
def test_what_classify_wrote_reads_back_as_it_decided(tmp_path: Path, kind: str, example: Path) -> None:
    survey = ist.read_survey(example)
    coded = ist.classify(survey.comments.iloc[:200])
    path = tmp_path / f"coded.{kind}"
    write_table(coded, path)
    book = ist.default_codebook()
    labelled = read_labelled(path, book, least_examples=0, leave_out=["contradictory"])
    there = coded[coded["status"] == "coded"]
    assert len(labelled) == len(there)
    for j, key in enumerate(book.keys):
        assert labelled.themes[:, j].tolist() == there[f"theme_{key}"].astype(bool).tolist()
        held = [";".join(np.array(list(book.stances))[row]) for row in labelled.stances[:, j]]
        assert held == there[f"stance_{key}"].tolist()
    assert labelled.sentiments == there["sentiment"].tolist()
    # Answers of one respondent stand under one row number, and are one group.
    for row, writers in there.assign(writer=labelled.writers).groupby("row")["writer"]:
        assert writers.nunique() == 1, row


def test_a_second_column_of_a_code_is_told_of() -> None:
    notes: list[str] = []
    _read(FORMS["theme_key"].assign(**{"Parking, and access": 1, "staff": 0, "ward": "B"}), told=notes.append)
    assert notes[1] == "the table: not read, though they are named like codes: 'Parking, and access', 'staff'"


@pytest.mark.parametrize("nothing", [None, 3])
def test_what_is_no_file_and_no_table_is_refused(nothing: Any) -> None:
    assert "labelled comments are wanted as a file, a table" in _fault(nothing)


def test_what_classify_wrote_is_told_to_flatter() -> None:
    notes: list[str] = []
    _read(FORMS["theme_key"].assign(**{f"p_{key}": 0.5 for key in BOOK.keys}), told=notes.append)
    assert "was written by classify: rows that nobody checked repeat what a model said" in notes[1]


@given(
    st.lists(
        st.tuples(st.sampled_from(["a b", "A  b!", "c", "d e", "🙂"]), st.sampled_from(["", "1", "2", "3"])), min_size=1
    )
)
def test_groups_are_the_smallest_that_part_neither_texts_nor_respondents(rows: list[tuple[str, str]]) -> None:
    from infoshare_text.cleaning.duplicates import normal_text

    ids = [str(i) for i in range(len(rows))]
    found = groups(ids, [text for text, _ in rows], [who for _, who in rows])
    expected = list(range(len(rows)))
    for _ in rows:
        for i, (text, who) in enumerate(rows):
            for j, (other, whom) in enumerate(rows):
                if normal_text(text) == normal_text(other) or (who and who == whom):
                    expected[i] = expected[j] = min(expected[i], expected[j])
    assert found == [str(i) for i in expected]


def test_a_column_of_respondents_is_found_or_named() -> None:
    table = FORMS["key"].assign(**{"Respondent ID": [1, 1, 2, 3], "team": ["x", "y", "y", "y"]})
    assert len(set(_read(table).writers)) == 3
    assert len(set(_read(table, group="team").writers)) == 2
    assert "no column 'ward'" in _fault(table, group="ward")


def test_all_faults_of_all_files_come_at_once_with_their_places(tmp_path: Path) -> None:
    sheet = pd.DataFrame(
        {
            "comment": [*TEXTS, "", "The nurse was kind to us!"],
            "staff": [1, 0, 0, 0, 1, 0],
            "parking": [0, "maybe", 0, None, 0, 0],
            "waiting": [0, 1, 0, 1, 0, 0],
            "stance_staff": ["enabler", "", "barrier", "", "", ""],
            "stance_parking": [""] * 6,
            "stance_waiting": ["", "barier", "", "", "", ""],
            "sentiment": ["positive", "cross", "", "", "", ""],
        }
    )
    codes = pd.DataFrame({"comment": ["Rude at the desk today", "We like the garden"], "themes": ["stafff", ""]})
    write_table(sheet, tmp_path / "a.xlsx")
    write_table(codes, tmp_path / "b.csv")
    with pytest.raises(InputError, match="labelled comments: 11 faults") as caught:
        read_labelled([tmp_path / "a.xlsx", tmp_path / "b.csv"], BOOK)
    message = str(caught.value)
    for expected in (
        "a.xlsx, sheet 'comments', row 3: column C 'parking' holds 'maybe'. Write 1 or 0.",
        "row 4: column E 'stance_staff' gives a stance for 'Staff', which is coded as absent.",
        "row 3: column G 'stance_waiting' holds 'barier', which is no stance. Stances are: 'barrier', 'enabler'.",
        "row 3: column H 'sentiment' holds 'cross', which is no sentiment.",
        "row 5: filled in part: nothing in column C 'parking'.",
        "row 6: column A 'comment' is empty in a row with codes.",
        "a.xlsx, sheet 'comments', rows 2, 7: the same comment is coded differently in 'Staff'.",
        "b.csv, data row 1: column 'themes' holds 'stafff', which is no code of the codebook 'Clinic'. "
        "Did you mean 'staff'?",
        "b.csv, data row 2: not coded.",
        "no example of 'parking': 2 different comments of a code are the least to learn from.",
    ):
        assert expected in message
    assert not any(text in message for text in [*TEXTS, *codes["comment"]])


def test_no_fault_repeats_a_comment_however_cells_were_mixed_up(tmp_path: Path) -> None:
    """Comments under heads of codes, a comment broken at its commas, a file without heads."""
    said = ["Sam was rude", "Nobody rings back", "No lift", "the toilet, the stairs, the door"]
    heads = ["comment", "staff", "parking", "waiting", "stance_staff", "sentiment", "done"]
    for name in heads[1:]:
        table = pd.DataFrame({"comment": TEXTS, **dict.fromkeys(heads[1:4], 0), name: said})
        if name == "stance_staff":
            table = table.assign(staff=1, stance_parking="", stance_waiting="")
        message = _fault(table)
        assert re.search(rf"column '{name}' holds a text of \d+ characters", message)
        assert not any(part in message for text in said for part in text.split(", "))
    joined = _fault(pd.DataFrame({"comment": TEXTS, "themes": said, "stance": [f"{text}: barrier" for text in said]}))
    assert not any(part in joined for text in said for part in text.split(", "))
    (tmp_path / "bare.csv").write_text("Nobody here to help us in all day,0,1\nToo hot,1,0\n", encoding="utf-8")
    message = _fault(tmp_path / "bare.csv")
    assert "the first row holds values, not the names of columns" in message
    assert "Nobody here" not in message


def test_rows_can_be_left_out_instead_and_this_is_told() -> None:
    table = pd.concat(
        [FORMS["key"], FORMS["key"].iloc[:2].assign(staff=[0, 0]), pd.DataFrame({"comment": ["More to come"]})]
    )
    table.loc[len(table)] = ["", 1, 0, 0]
    notes: list[str] = []
    labelled = _read(table, leave_out=["contradictory", "uncoded", "blank"], told=notes.append)
    assert labelled.texts == TEXTS[1:2] + TEXTS[2:] + TEXTS[1:2]
    assert notes[1:] == [
        "left out: 1 rows that are uncoded",
        "left out: 1 rows that are blank",
        "left out: 2 rows that are contradictory",
    ]


def test_rows_of_ones_and_blanks_are_read_when_blank_is_said_to_mean_absent() -> None:
    table = _wide(lambda theme: theme.key, 1, None)
    assert "--blank-is-absent" in _fault(table)
    assert _read(table, blank_is_absent=True).themes.sum() == 4


def test_a_codebook_of_one_code_a_comment_refuses_several_or_none_with_their_rows() -> None:
    single = replace(BOOK, multi_label=False)
    with pytest.raises(InputError, match="2 faults") as caught:
        read_labelled(FORMS["key"], single, least_examples=0)
    assert "the table, data row 2: 2 codes; the codebook 'Clinic' wants exactly one" in str(caught.value)
    assert "the table, data row 3: no code; the codebook 'Clinic' wants exactly one" in str(caught.value)
    assert len(read_labelled(FORMS["key"].iloc[[0, 3]], single, least_examples=0)) == 2


@pytest.mark.parametrize("examples", [0, 1])
def test_a_code_with_one_example_or_none_is_refused_and_one_text_twice_is_one(examples: int) -> None:
    rows = [(f"They were kind, number {'i' * k}", "staff") for k in range(2)]
    rows += [(f"Long wait at the desk {'i' * k}", "waiting") for k in range(2)]
    rows += [("No space", "parking"), ("no  SPACE!", "parking")][: 2 * examples]
    table = pd.DataFrame(rows, columns=["comment", "code"])
    count = "one" if examples else "no"
    assert f"{count} example of 'parking'" in _fault(table, least_examples=2)
    assert len(_read(table, least_examples=0)) == len(rows)


def test_what_says_nothing_is_no_example() -> None:
    table = FORMS["key"].assign(comment=[*TEXTS[:3], "n/a"])
    assert "Comments that say nothing ('n/a') do not count" in _fault(table, least_examples=2)
    assert "do not count" not in _fault(FORMS["key"], least_examples=9)


def test_a_file_is_read_as_it_is_told(tmp_path: Path) -> None:
    with pd.ExcelWriter(tmp_path / "a.xlsx", engine="xlsxwriter") as book:
        FORMS["key"].iloc[:0].to_excel(book, sheet_name="first", index=False)
        FORMS["key"].to_excel(book, sheet_name="second", index=False)
    (tmp_path / "b.csv").write_text("comment~themes\nKühl und laut~staff\n", encoding="cp1252")
    how = {"sheet": "second", "delimiter": "~", "encoding": "cp1252"}
    labelled = read_labelled([tmp_path / "a.xlsx", tmp_path / "b.csv"], BOOK, least_examples=0, reading=how)
    assert labelled.texts == [*TEXTS, "Kühl und laut"]
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.write(tmp_path / "b.csv", "b.csv")
    assert read_labelled(tmp_path / "b.zip", BOOK, least_examples=0, reading={**how, "sheet": None}).texts == [
        "Kühl und laut"
    ]
    with pytest.raises(InputError, match="delimiter and encoding cannot be set for any of these files"):
        read_labelled(tmp_path / "a.xlsx", BOOK, reading=how)
    with pytest.raises(InputError, match=r"there is no sheet 'third'. The sheets are: 'first', 'second'"):
        read_labelled(tmp_path / "a.xlsx", BOOK, reading={"sheet": "third"})


@pytest.mark.parametrize("command", ["train", "evaluate", "agreement"])
def test_commands_take_the_sheet_to_read(tmp_path: Path, command: str, run: Callable[..., Result]) -> None:
    path = tmp_path / "a.xlsx"
    with pd.ExcelWriter(path, engine="xlsxwriter") as book:
        pd.DataFrame({"themes": ["leadership"], "comment": ["Nobody at the top owns it"]}).to_excel(
            book, sheet_name="x"
        )
        pd.DataFrame({"note": ["see x"]}).to_excel(book, sheet_name="y")
    inputs = {
        "train": [path, "-o", tmp_path / "model"],
        "evaluate": ["models/theme-classifier", path],
        "agreement": [path, path],
    }
    refused = run(command, *inputs[command], "--sheet", "z")
    assert refused.exit_code == 1
    assert "there is no sheet 'z'. The sheets are: 'x', 'y'" in refused.output
    result = run(command, *inputs[command], "--sheet", "y")
    assert "no column holds codes" in result.output


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ({"waiting": "waitting"}, "no column for the code 'Waiting time'. Was column 'waitting' renamed?"),
        ({"waiting": "minutes"}, "no column for the code 'Waiting time'. Add it"),
        ({"staff": "a", "parking": "b", "waiting": "c"}, "no column holds codes"),
        ({"staff": "a", "parking": "b", "waiting": "c"}, "by another codebook, name it (--codebook)"),
        ({"comment": "id"}, "which column holds the comments?"),
    ],
)
def test_columns_that_are_missing_or_renamed_are_named(columns: dict[str, str], expected: str) -> None:
    table = FORMS["key"].assign(comment=["ok"] * 4 if "comment" in columns else TEXTS)
    assert expected in _fault(table.rename(columns=columns))


def test_a_column_of_an_unknown_code_is_no_silent_loss() -> None:
    message = _fault(FORMS["theme_key"].assign(theme_staf=1))
    assert "column 'theme_staf' is named as a column of a code that the codebook 'Clinic' does not have" in message
    assert "Did you mean 'staff'?" in message
    assert "does not have" not in _fault(FORMS["theme_key"].assign(**{"Theme Staff": 1}))
    message = _fault(FORMS["key"].assign(stance_staff="", stance_parking=""))
    assert "no column for the stances of 'Waiting time'" in message


@pytest.mark.parametrize(
    ("paths", "expected"),
    [([], "no labelled file"), (["nowhere.csv"], "there is no such file"), (["README.md"], "are not read")],
)
def test_files_that_are_not_there(paths: list[str], expected: str) -> None:
    assert expected in _fault(paths)


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        (pd.DataFrame(), "no column holds codes"),
        (FORMS["key"].iloc[:0], "no comment is coded yet"),
        (pd.concat([FORMS["key"], FORMS["key"]], axis=1), "two columns of one name: 'comment', 'parking'"),
        (FORMS["key"].assign(STAFF=0), "two columns of one name: 'staff', 'STAFF'"),
        (FORMS["words"].assign(waiting=0), "two columns of the code 'Waiting time': 'Waiting time', 'waiting'"),
    ],
)
def test_tables_with_nothing_in_them_or_too_much(table: pd.DataFrame, expected: str) -> None:
    assert expected in _fault(table)


def test_faults_are_told_when_leave_out_is_misspelt() -> None:
    assert "leave_out takes" in _fault(FORMS["key"], leave_out=["uncodd"])
    assert "leave_out takes" in _fault(FORMS["key"], leave_out="uncoded")


def test_a_codebook_of_two_hundred_codes_without_stances() -> None:
    book = Codebook("Big", "1", tuple(Theme(f"c{i}", f"Code {i}", "") for i in range(200)), {}, {})
    rng = np.random.default_rng(0)
    wide = rng.random((50, 200)) < 0.03
    table = pd.DataFrame(wide.astype(int), columns=[f"Code {i}" for i in range(200)])
    table.insert(0, "text", [f"comment {chr(97 + i % 26)} {chr(97 + i // 26)}" for i in range(50)])
    assert (read_labelled(table, book, least_examples=0).themes == wide).all()
    cells = ["; ".join(f"Code {j}" for j in np.flatnonzero(row)) or "none" for row in wide]
    joined = pd.DataFrame({"text": table["text"], "codes": cells})
    assert (read_labelled(joined, book, least_examples=0).themes == wide).all()
