"""SurveyMonkey exports as downloaded: every encoding and format gives the same comments."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from conftest import EXPORTS

import infoshare_text as ist

GOLDEN = EXPORTS / "surveymonkey_two_rows.csv"
COMMENTS = [
    "None",
    "NULL",
    "=more training for the front desk, please",
    "N/A",
    'Two things:\n- nobody at the top owns it\n- "consent" is used as an excuse',
    "We know each other – that is all.",
    "",
    "",
    "Café owners are asked for £5, and never told why; nan",
    "  spaces kept  ",
]


def test_every_answer_is_read_as_typed() -> None:
    survey = ist.read_survey(GOLDEN)
    assert survey.layout.name == "SurveyMonkey, two header rows"
    assert survey.length == 5
    assert survey.comments["comment"].tolist() == COMMENTS
    assert survey.comments["row"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_questions_are_worded_as_respondents_saw_them() -> None:
    survey = ist.read_survey(GOLDEN)
    assert [question.question for question in survey.questions] == [
        "What stops information being shared, in your words? Say as much as you like.",
        'What, if anything, has "helped"?',
    ]
    assert survey.reason == "marked 'Open-Ended Response' in the export"


def test_the_question_is_carried_over_its_block() -> None:
    columns = ist.read_survey(GOLDEN).columns
    assert columns[9:13] == [
        "Which sector?",
        "Which services do you work with? Tick all that apply. - Police",
        "Which services do you work with? Tick all that apply. - Health",
        "Which services do you work with? Tick all that apply. - Other (please specify)",
    ]
    assert columns[14:16] == ["Your post - Grade", "Your post - Years"]


def test_ids_keep_every_digit() -> None:
    table = ist.read_survey(GOLDEN).table
    assert table["Respondent ID"].tolist()[0] == "90071992547409931"
    assert table["Collector ID"].tolist()[0] == "0045"
    assert table["Your post - Grade"].tolist()[0] == "07"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_encoding_gives_the_same_table(tmp_path: Path, encoding: str) -> None:
    copy = tmp_path / "export.csv"
    copy.write_bytes(GOLDEN.read_bytes().decode("utf-8").encode(encoding))
    pd.testing.assert_frame_equal(ist.read_survey(copy).comments, ist.read_survey(GOLDEN).comments)


def test_windows_1252_is_said_with_the_lines(tmp_path: Path) -> None:
    copy = tmp_path / "export.csv"
    copy.write_bytes(GOLDEN.read_bytes().decode("utf-8").encode("cp1252"))
    (note,) = ist.read_survey(copy).notes
    assert "line 8, 10" in note
    assert "Windows-1252" in note


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    copy = tmp_path / "export.csv"
    rows = _golden_rows()
    with copy.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    pd.testing.assert_frame_equal(ist.read_survey(copy).comments, ist.read_survey(GOLDEN).comments)


def test_a_workbook_gives_the_same_table(tmp_path: Path) -> None:
    copy = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in _golden_rows():
        sheet.append(row)
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    book.save(copy)
    pd.testing.assert_frame_equal(ist.read_survey(copy).comments, ist.read_survey(GOLDEN).comments)


def test_numbers_in_a_workbook_are_read_without_a_decimal_point(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Respondent ID", "What stops it?"])
    sheet.append([None, "Open-Ended Response"])
    sheet.append([118230000000, "Nobody answers the phone."])
    book.save(path)
    assert ist.read_survey(path).table["Respondent ID"].tolist() == ["118230000000"]


def test_a_flattened_export_with_doubled_names_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("RespondentID,Pie? - Other,Pie? - Other,Comments\n1,Other,rhubarb,It went well\n", encoding="utf-8")
    survey = ist.read_survey(path)
    assert survey.layout.name == "SurveyMonkey, flattened to one header row"
    assert survey.columns == ["RespondentID", "Pie? - Other", "Pie? - Other (2)", "Comments"]
    assert "renamed 'Pie? - Other (2)'" in survey.notes[0]


@pytest.mark.parametrize("joined", [" - ", "_"])
def test_a_second_row_joined_to_the_first_still_marks_comments(tmp_path: Path, joined: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        f"Respondent ID,Which sector?{joined}Response,Why?{joined}Open-Ended Response\n1,Public,Slow\n",
        encoding="utf-8",
    )
    survey = ist.read_survey(path)
    assert [question.question for question in survey.questions] == ["Why?"]
    assert survey.reason == "marked 'Open-Ended Response' in the export"


def test_the_example_export_in_both_formats_is_the_same() -> None:
    one, two = (ist.read_survey(f"examples/state_of_the_nation.{kind}") for kind in ("csv", "xlsx"))
    assert one.length == two.length == 430
    pd.testing.assert_frame_equal(one.comments, two.comments)


def test_a_title_row_and_a_blank_first_header_do_no_harm(tmp_path: Path) -> None:
    rows = _golden_rows()
    path = tmp_path / "export.csv"
    titled = [["Information sharing survey 2026"] + [""] * (len(rows[0]) - 1), ["", *rows[0][1:]], *rows[1:]]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(titled)
    survey = ist.read_survey(path)
    assert survey.length == 5
    assert survey.comments["comment"].tolist() == COMMENTS
    assert survey.notes == ["1 rows above the header are not read"]
    assert survey.columns[0] == "column 1"


def test_empty_rows_at_the_end_are_no_respondents(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([*_golden_rows(), *[[""] * 17, [" "] + [""] * 16]])
    survey = ist.read_survey(path)
    assert survey.length == len(survey.table) == 5
    assert "2 empty lines and empty rows" in survey.notes[0]


def test_two_questions_of_one_wording_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Respondent ID,Why?,Why?\n,Open-Ended Response,Open-Ended Response\n1,first,second\n", encoding="utf-8"
    )
    assert ist.read_survey(path).comments["question"].tolist() == ["Why?", "Why? (2)"]


def test_a_hidden_sheet_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    hidden = book.active
    assert hidden is not None
    hidden.append(["comment"])
    hidden.append(["secret"])
    hidden.sheet_state = "hidden"
    shown = book.create_sheet("answers")
    shown.append(["comment"])
    shown.append(["Nobody rings us back"])
    book.save(path)
    survey = ist.read_survey(path)
    assert survey.comments["comment"].tolist() == ["Nobody rings us back"]
    assert "sheet 'answers' is read, not 'Sheet'" in survey.notes[0]


def _golden_rows() -> list[list[str]]:
    with GOLDEN.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))
