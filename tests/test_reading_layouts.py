"""What is detected of each tool's layout is told, and can be set otherwise; what tools leave behind is taken off."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result
from conftest import EXPORTS
from golden import LAYOUTS, UNFINISHED, plain

import infoshare_text as ist
from infoshare_text.reading.recognise import LAYOUTS as RECOGNISED
from infoshare_text.reading.survey import open_survey

Run = Callable[..., Result]


def test_the_plain_table_holds_the_traps() -> None:
    comments = plain()["comment"].tolist()
    assert len(comments) == 16
    assert {"None", "NULL", "N/A", "", "=more training for the front desk, please"} < set(comments)


@pytest.mark.parametrize("name", LAYOUTS)
def test_tests_and_unfinished_responses_are_told_and_kept(run: Run, name: str) -> None:
    summary = json.loads(run("inspect", EXPORTS / name, "--json").stdout)
    assert summary["respondents"] == 8
    assert summary["preview"] == [1]
    assert summary["partial"] == ([8] if name in UNFINISHED else [])


@pytest.mark.parametrize("name", sorted(UNFINISHED))
def test_responses_left_out_leave_the_numbers_of_the_others(name: str) -> None:
    survey = ist.read_survey(EXPORTS / name, leave_out=["preview", "partial"])
    assert survey.length == len(survey.table) == 6
    assert survey.comments["row"].tolist() == [row for row in range(2, 8) for _ in range(2)]
    assert all(note.endswith("left out") for note in survey.notes if "response is" in note)
    whole = pd.concat(list(survey.comment_chunks(2)), ignore_index=True)
    pd.testing.assert_frame_equal(whole, survey.comments)


@pytest.mark.parametrize(
    ("name", "order"),
    [
        ("microsoft_forms.csv", "month-first"),
        ("smartsurvey.csv", "day-first"),
        ("google_forms.csv", "year-first"),
        ("plain.csv", ""),
    ],
)
def test_the_order_of_dates_is_told(name: str, order: str) -> None:
    assert ist.read_survey(EXPORTS / name).date_order == order


@pytest.mark.parametrize(
    ("dates", "order", "reason"),
    [
        (["03/04/2026", "04/05/2026"], "", "can be read day first or month first"),
        (["13/04/2026", "04/13/2026"], "", "contradict each other"),
        (["13.04.26", "01.02.26"], "day-first", "a day over 12"),
    ],
)
def test_dates_that_do_not_tell_are_told_as_such(tmp_path: Path, dates: list[str], order: str, reason: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text("".join(["when,comment\n", *(f"{date},fine\n" for date in dates)]), encoding="utf-8")
    survey = ist.read_survey(path)
    assert survey.date_order == order
    assert reason in survey.date_reason
    assert ist.read_survey(path, date_order="month-first").date_order == "month-first"


def test_a_trailing_comma_makes_no_column(tmp_path: Path) -> None:
    survey = ist.read_survey(EXPORTS / "qualtrics_legacy.csv")
    assert survey.columns[-1] == "LocationAccuracy"
    assert survey.notes[0] == "1 columns at the end have neither a name nor a value and are not read"
    path = tmp_path / "export.csv"
    path.write_text("id,comment,\n1,fine,\n2,well,noted\n3,short\n", encoding="utf-8")
    assert ist.read_survey(path).columns == ["id", "comment", "column 3"]
    path.write_text("id,comment\n1,fine,\n2,well,,\n", encoding="utf-8")
    assert ist.read_survey(path).comments["comment"].tolist() == ["fine", "well"]


def test_the_sign_for_no_answer_is_no_answer_with_smartsurvey_only() -> None:
    smart = ist.read_survey(EXPORTS / "smartsurvey.csv")
    assert smart.table["2. Which services do you work with? - Housing"].tolist()[:2] == ["", ""]
    assert smart.table["UserID"].tolist()[0] == "90071992547409931"
    assert "We don't know who to ring" in smart.comments["comment"][10]


def test_ids_over_answers_are_a_plain_table(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Q1,Q2\nWhy would I ring them?,Nobody answers the phone here\nIs it safe?,What is the point of asking again?\n",
        encoding="utf-8",
    )
    assert ist.read_survey(path).length == 2


def test_header_rows_and_layout_can_be_named(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("a,b\nWho,Say it\n1,Nobody rings us back\n2,They do ring\n", encoding="utf-8")
    assert ist.read_survey(path, text="b").length == 3
    survey = ist.read_survey(path, text="b", header_rows=2)
    assert (survey.length, survey.questions[0].question) == (2, "Say it")
    assert ist.read_survey(path, text="b", layout="ids-and-wordings").length == 2
    blank = ist.read_survey(EXPORTS / "government_blank_row.csv", header_rows=1)
    assert (blank.length, blank.comments["comment"][0]) == (9, "")
    result = run("inspect", EXPORTS / "google_forms.csv", "--layout", "plain")
    assert "plain table, one header row" in result.stdout
    assert run("inspect", path, "--layout", "nonsense").exit_code == 2


def test_all_wrong_choices_are_told_at_once() -> None:
    with pytest.raises(ist.InputError, match=r"4 faults(?s:.*)no layout 'x'(?s:.*)1 to 9(?s:.*)order 'y'(?s:.*)'z'"):
        ist.read_survey(EXPORTS / "plain.csv", layout="x", header_rows=0, date_order="y", leave_out=["z"])


@pytest.mark.parametrize(
    ("name", "option", "value"),
    [("jsonl", "layout", "plain"), ("parquet", "header_rows", 2), ("csv", "sheet", "x"), ("xlsx", "delimiter", ";")],
)
def test_an_option_of_another_kind_of_file_is_refused(tmp_path: Path, name: str, option: str, value: object) -> None:
    path = tmp_path / f"export.{name}"
    ist.write_table(pd.DataFrame({"id": ["1"], "comment": ["Nobody rings us back"]}), path)
    with pytest.raises(ist.InputError, match=f"{option} cannot be set for a file of this kind"):
        ist.read_survey(path, **{option: value})


def test_where_every_row_is_left_out_nothing_is_read(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id,comment\n1,Test\n2,testing 123\n", encoding="utf-8")
    with pytest.raises(ist.InputError, match="every row is a test or unfinished"):
        ist.read_survey(path, leave_out=["preview"])


@pytest.mark.parametrize("layout", RECOGNISED)
@pytest.mark.parametrize("text", ["id\n", "id,comment,\n1,fine,\n", "V1,Q1\nResponseID\n1,x\n", "id,b\n1,2,3\n4\n"])
def test_a_layout_that_does_not_fit_ends_in_words_or_a_table(tmp_path: Path, layout: str, text: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(text, encoding="utf-8")
    try:
        survey = open_survey(path, layout=layout)
    except ist.InputError as error:
        assert "rows of unequal length" in str(error) or "no row of answers" in str(error)
    else:
        assert len(survey.table) == survey.length


def _comments(folder: Path, text: str) -> list[str]:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return ist.read_survey(path).comments["comment"].tolist()


def test_what_departments_leave_in_cells_is_taken_off(tmp_path: Path) -> None:
    for blank in ("\n", ",\n"):
        text = f"Sector,Why?\n{blank}Public,- Text messages go missing - Text\nPrivate,-\nPublic,- Text\n"
        assert _comments(tmp_path, text) == ["- Text messages go missing", "", ""]
    assert _comments(tmp_path, "id,Why?\n1,- Text\n2,-\n3,It is slow and old\n") == [
        "- Text",
        "-",
        "It is slow and old",
    ]


def test_seen_but_unanswered_is_no_answer_with_qualtrics(tmp_path: Path) -> None:
    imports = '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1_TEXT""}"'
    assert _comments(tmp_path, f"ResponseId,Q1\nID,Why?\n{imports}\nR_1,-99\nR_2,Slow\n") == ["", "Slow"]


@pytest.mark.parametrize(
    "text", ["Test", "TEST - please ignore", "this is a test response", "testing, testing 123", "test."]
)
def test_a_response_that_says_test_is_one(tmp_path: Path, text: str) -> None:
    path = tmp_path / "export.csv"
    path.write_text(f'id,comment\n1,"{text}"\n2,Test results never reach us\n', encoding="utf-8")
    assert ist.read_survey(path).responses.preview == [0]


def test_limesurvey_may_head_columns_by_text_or_code_alone(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = "1;;2;en;Slow, old. And late\n2;2026-09-13 10:00:00;3;en;Nobody rings back there\n"
    path.write_text(
        f"Response ID;Date submitted;Last page;Start language;Thanks. What stops it?\n{rows}", encoding="utf-8"
    )
    survey = ist.read_survey(path)
    assert [question.question for question in survey.questions] == ["Thanks. What stops it?"]
    assert (survey.layout.name, survey.responses.partial) == ("LimeSurvey, one header row", [0])
    path.write_text(f"id;submitdate;lastpage;startlanguage;G01Q03\n{rows}", encoding="utf-8")
    assert ist.read_survey(path).layout.name == "LimeSurvey, one header row"
