"""What inspect reports of an export, one thing at a time, and the option that sets it otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from conftest import EXPORTS

import infoshare_text as ist

Run = Callable[..., Result]
MAC = "Sector,What stops it?\nPublic,It’s the café’s “rules” – we don’t know them\nPrivate,Nobody’s told us why\n"


@pytest.fixture
def inspected(run: Run) -> Callable[..., dict[str, Any]]:
    def inspect(*arguments: object) -> dict[str, Any]:
        result = run("inspect", *arguments, "--json")
        assert result.exit_code == 0, result.stderr
        summary: dict[str, Any] = json.loads(result.stdout)
        return summary

    return inspect


Inspect = Callable[..., dict[str, Any]]

# The export, what is reported of it, the option against that, what is reported then.
REPORTED: dict[str, tuple[str, dict[str, object], list[str], dict[str, object]]] = {
    "layout": (
        "smartsurvey.csv",
        {"layout": "SmartSurvey, one header row", "partial": [8]},
        ["--layout", "plain"],
        {"layout": "plain table, one header row", "partial": []},
    ),
    "encoding": (
        "surveymonkey_question_choice.csv",
        {"encoding": "cp1252", "format": "Windows-1252, comma-separated"},
        ["--encoding", "mac_roman"],
        {"encoding": "mac_roman", "format": "Mac Roman, comma-separated"},
    ),
    "delimiter": (
        "limesurvey.csv",
        {"delimiter": ";", "format": "UTF-8 with BOM, semicolon-separated"},
        ["--delimiter", "semicolon"],
        {"delimiter": ";"},
    ),
    "date order": (
        "surveymonkey.csv",
        {"date_order": "day-first", "date_reason": "a day over 12 in column 'Start Date'"},
        ["--date-order", "month-first"],
        {"date_order": "month-first", "date_reason": "named by you"},
    ),
    "header rows": (
        "government_blank_row.csv",
        {"header_rows": 2, "respondents": 8},
        ["--header-rows", "1"],
        {"header_rows": 1, "respondents": 9},
    ),
    "tests": (
        "citizen_space.csv",
        {"preview": [1], "respondents": 8},
        ["--leave-out", "preview"],
        {"preview": [1], "respondents": 7},
    ),
    "unfinished": (
        "qualtrics_legacy.csv",
        {"partial": [8], "respondents": 8},
        ["--leave-out", "partial"],
        {"partial": [8], "respondents": 7},
    ),
    "tests in a workbook": (
        "microsoft_forms.xlsx",
        {"preview": [1], "respondents": 8, "sheet": "Sheet1"},
        ["--leave-out", "preview"],
        {"respondents": 7},
    ),
    "tests in SPSS": ("jisc.sav", {"preview": [1], "respondents": 8}, ["--leave-out", "preview"], {"respondents": 7}),
    "sheet": ("surveymonkey.xlsx", {"sheet": "Sheet"}, ["--sheet", "Sheet"], {"sheet": "Sheet"}),
    "personal data": (
        "google_forms.zip",
        {"left_out_columns": ["Email Address"]},
        ["--keep-personal-columns"],
        {"left_out_columns": []},
    ),
    "comments": (
        "jisc.csv",
        {"reason": "the answers read like free text"},
        ["--text", "2.a. If you selected Other, please specify:", "--text", "4. What helps information sharing work?"],
        {"reason": "named by you"},
    ),
}


@pytest.mark.parametrize("case", REPORTED)
def test_what_is_reported_can_be_set_otherwise(inspected: Inspect, case: str) -> None:
    export, found, option, then = REPORTED[case]
    summary = inspected(EXPORTS / export)
    assert {key: summary[key] for key in found} == found
    summary = inspected(EXPORTS / export, *option)
    assert {key: summary[key] for key in then} == then


def test_a_delimiter_named_is_taken_though_another_fits_better(inspected: Inspect, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("id;a,comment\n1;x,Nobody rings us\n2;y,It is all too slow\n", encoding="utf-8")
    assert inspected(path)["columns"] == ["id;a", "comment"]
    assert inspected(path, "--delimiter", ";", "--text", "a,comment")["columns"] == ["id", "a,comment"]


def test_another_sheet_can_be_named(inspected: Inspect, tmp_path: Path) -> None:
    path = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    for name, rows in {
        "About": [["Survey of 2026"], ["Ask the team about it"]],
        "Wave 1": [["id", "sector", "comment"], [1, "Public", "Nobody rings us back"]],
        "Wave 2": [["id", "sector", "comment"], [1, "Public", "They ring"], [2, "Private", "Better than last year"]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(path)
    summary = inspected(path)
    assert (summary["sheet"], summary["respondents"]) == ("Wave 1", 1)
    assert "sheet 'Wave 1' is read, not 'About', 'Wave 2'" in summary["notes"]
    assert inspected(path, "--sheet", "Wave 2")["respondents"] == 2
    assert inspected(path, "--sheet", "About")["respondents"] == 1


def test_a_layout_can_be_named_where_its_marks_are_gone(inspected: Inspect, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text("Nr,Ended,3. Why?\n1,,Nobody@SQ@s there\n2,09/09/2026 10:00,-\n", encoding="utf-8")
    assert inspected(path)["partial"] == []
    summary = inspected(path, "--layout", "smartsurvey", "--text", "3. Why?")
    assert (summary["layout"], summary["partial"]) == ("SmartSurvey, one header row", [1])
    assert summary["questions"][0]["wording"] == "Why?"
    assert summary["questions"][0]["blank"] == 1


def test_mac_roman_is_told_by_where_letters_stand(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    for codec, name in (("mac_roman", "Mac Roman"), ("cp1252", "Windows-1252")):
        path.write_bytes(MAC.encode(codec))
        survey = ist.read_survey(path)
        assert survey.comments["comment"][0] == "It’s the café’s “rules” – we don’t know them"
        assert f"not UTF-8 (line 2, 3): read as {name}" in survey.notes[0]


@pytest.mark.parametrize(
    "text", ["Ärzte, Öl und Übel", "NAÏVE CAFÉ", "£5 – “so what”", "L’État, c’est moi", "à la carte"]
)
def test_windows_text_is_not_taken_for_mac(tmp_path: Path, text: str) -> None:
    path = tmp_path / "export.csv"
    path.write_bytes(f'id,comment\n1,"{text}"\n'.encode("cp1252"))
    assert ist.read_survey(path).comments["comment"].tolist() == [text]


def test_answers_far_down_make_a_column_of_comments(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    rows = [f"{n},Nobody in team {n} rings us back,\n" for n in range(1_500)]
    rows += [f"{n},Slow,They ring back on day {n} of the month now\n" for n in range(1_500, 1_540)]
    path.write_text("id,What stops it?,Q9\n" + "".join(rows), encoding="utf-8")
    assert [question.name for question in ist.read_survey(path).questions] == ["What stops it?", "Q9"]


def test_each_column_has_its_own_reason(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "id,Comments,What would help?,Q3\n"
        "1,Fine,Training,The forms are far too long for us\n"
        "2,Good,More staff,\n"
        "3,Slow,Trust,Nobody knows who may see what\n"
        "4,None,one system,We never hear what came of it\n",
        encoding="utf-8",
    )
    survey = ist.read_survey(path)
    assert survey.reasons == [
        "by the usual name",
        "the question is open and the answers differ",
        "the answers read like free text",
    ]
    assert [entry.reason for entry in survey.roles if entry.role == "comment"] == survey.reasons
    assert "  comments: What would help? (the question is open and the answers differ)" in run("classify", path).stderr


def test_a_coded_file_is_read_by_its_comments_alone(run: Run, tmp_path: Path) -> None:
    coded = tmp_path / "coded.csv"
    run("classify", EXPORTS / "limesurvey.csv", "-o", coded)
    assert [question.name for question in ist.read_survey(coded).questions] == ["comment"]


def test_inspect_of_thousands_of_columns_can_be_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    names = ",".join(f"Rate partner {n}" for n in range(500))
    path.write_text(f"id,comment,{names}\n1,Nobody rings us back{',3' * 500}\n2,Slow{',1' * 500}\n", encoding="utf-8")
    words = run("inspect", path).stdout
    assert len(words.splitlines()) < 60
    assert "and 470 more; --json lists them all" in words
    assert len(json.loads(run("inspect", path, "--json").stdout)["roles"]) == 502
