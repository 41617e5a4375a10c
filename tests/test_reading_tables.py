"""Plain tables: CSV, XLSX, Parquet, JSON lines, DataFrames; the text column named or found."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

import infoshare_text as ist

ROWS = pd.DataFrame(
    {
        "id": ["001", "002", "003"],
        "team": ["NULL", "north", "nan"],
        "q7": ["Nobody told us what happened next.", "None", "We trust each other; it helps, a lot"],
    },
    dtype=str,
)


def _written(folder: Path, kind: str) -> Path:
    path = folder / f"table.{kind}"
    if kind == "csv":
        ROWS.to_csv(path, index=False)
    elif kind == "xlsx":
        ROWS.to_excel(path, index=False)
    elif kind == "parquet":
        ROWS.to_parquet(path, index=False)
    else:
        ROWS.to_json(path, orient="records", lines=True)
    return path


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl"])
def test_formats_agree(tmp_path: Path, kind: str) -> None:
    comments = ist.read_survey(_written(tmp_path, kind), text="q7").comments
    assert comments["comment"].tolist() == ROWS["q7"].tolist()
    assert comments["id"].tolist() == ["001", "002", "003"]
    assert comments["team"].tolist() == ["NULL", "north", "nan"]
    assert comments["question"].tolist() == ["q7"] * 3


def test_a_column_that_reads_like_prose_is_found(tmp_path: Path) -> None:
    survey = ist.read_survey(_written(tmp_path, "csv"))
    assert [question.name for question in survey.questions] == ["q7"]
    assert survey.reason == "the answers read like free text"


def test_types_of_records_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "table.jsonl"
    lines = [{"n": 1, "text": "One", "list": [1, 2]}, {"n": None, "text": None, "more": "x"}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    table = ist.read_survey(path, text="text").comments
    assert table["n"].tolist() == [1, None]
    assert table["list"].tolist() == [[1, 2], None]
    assert table["comment"].tolist() == ["One", ""]


def test_integers_with_gaps_stay_integers(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "text": ["a", "b"]}).to_parquet(path)
    assert ist.read_survey(path, text="text").table["n"].tolist() == [1, pd.NA]


def test_an_empty_line_in_one_column_is_a_blank_answer(tmp_path: Path) -> None:
    path = tmp_path / "one.csv"
    path.write_text("comment\nfirst\n\nthird\n", encoding="utf-8")
    assert ist.read_survey(path).comments["comment"].tolist() == ["first", "", "third"]


def test_empty_lines_between_rows_are_counted_and_said(tmp_path: Path) -> None:
    path = tmp_path / "gaps.csv"
    path.write_text("id,comment\n1,first\n\n2,second\n\n", encoding="utf-8")
    survey = ist.read_survey(path)
    assert survey.length == 2
    assert "2 empty lines" in survey.notes[0]


def test_the_size_of_a_piece_changes_nothing(tmp_path: Path) -> None:
    survey = ist.read_survey(_written(tmp_path, "csv"), text="q7")
    whole = pd.concat(list(survey.comment_chunks(1)), ignore_index=True)
    pd.testing.assert_frame_equal(whole, survey.comments)


def test_column_names_of_ours_are_given_a_prefix(tmp_path: Path) -> None:
    path = tmp_path / "clash.csv"
    path.write_text("row,status,comment\n9,open,Nobody rings us back\n", encoding="utf-8")
    coded = ist.classify(ist.read_survey(path).comments)
    assert list(coded.columns[:6]) == ["input_row", "input_status", "comment", "row", "question", "status"]
    assert coded.loc[0, "input_row"] == "9"
    assert coded.loc[0, "row"] == 1


def test_a_name_given_by_prefix_is_never_taken_twice(tmp_path: Path) -> None:
    path = tmp_path / "clash.csv"
    path.write_text("status,input_status,comment\nopen,old,Nobody rings us back\n", encoding="utf-8")
    coded = ist.classify(ist.read_survey(path).comments)
    assert coded.columns.is_unique
    assert coded.loc[0, "input_input_status"] == "open"
    assert coded.loc[0, "input_status"] == "old"


def test_a_first_line_that_declares_the_delimiter_is_no_row(tmp_path: Path) -> None:
    path = tmp_path / "declared.csv"
    path.write_text("sep=;\nid;comment\n1;fine, thanks\n", encoding="utf-8")
    survey = ist.read_survey(path)
    assert survey.columns == ["id", "comment"]
    assert survey.comments["comment"].tolist() == ["fine, thanks"]


def test_very_long_answers_are_read_in_smaller_pieces(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    pd.DataFrame({"id": range(30), "comment": ["word " * 40_000] * 30}).to_csv(path, index=False)
    survey = ist.read_survey(path)
    pieces = list(survey.chunks())
    assert sum(map(len, pieces)) == 30
    assert max(map(len, pieces)) <= 11


def test_a_blank_first_respondent_is_a_respondent(tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    path.write_text("id,comment\n,\n2,Response\n,Response\n", encoding="utf-8")
    survey = ist.read_survey(path, text="comment")
    assert survey.layout.name == "plain table, one header row"
    assert survey.comments["comment"].tolist() == ["", "Response", "Response"]


def test_a_column_is_found_by_its_wording_too(tmp_path: Path) -> None:
    path = tmp_path / "marked.csv"
    path.write_text("id,What <b>helps</b>?\n1,They ring back\n", encoding="utf-8")
    survey = ist.read_survey(path, text=["What helps?", "What <b>helps</b>?"])
    assert [question.question for question in survey.questions] == ["What helps?"]
    assert len(survey.comments) == 1
