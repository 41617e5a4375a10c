"""Which columns hold comments, which say who the respondent is, which are nobody's business; and why."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import Result
from conftest import EXPORTS

import infoshare_text as ist
from infoshare_text.reading.survey import open_survey

Run = Callable[..., Result]
STOPS = [
    "Nobody owns it, so requests sit in an inbox for weeks.",
    "Two systems that cannot talk to each other.",
    "No",
    "Fear of being blamed when something goes wrong later",
    "No",
    "Every team has its own form and its own rules",
]


def _roles(path: Path) -> dict[str, str]:
    return {entry.column.name: entry.role for entry in open_survey(path).roles}


SIX = ["a", "b", "c", "d", "e", "f"]
KINDS: dict[str, tuple[str, list[str], str]] = {
    "id": ("Respondent ID", ["1", "2", "3", "4", "5", "6"], "id"),
    "started": ("Start Date", ["01/09/2026 10:13"] * 6, "metadata"),
    "time with zone": ("Timestamp", ["2026/09/27 3:00:00 PM GMT+3"] * 6, "metadata"),
    "any dates": ("When was that?", [f"0{n}/09/2026" for n in range(1, 7)], "metadata"),
    "matrix": ("Rate them", ['{"row": "Police", "col": "2"}'] * 6, "metadata"),
    "times": ("How long?", ["10:31:00", "09:15:22", "11:00:00", "12:12:12", "08:00:00", "10:00:01"], "metadata"),
    "IP v6": ("From", [f"2001:db8::{n}" for n in range(6)], "personal"),
    "sector": ("Which sector do you work in?", ["Public", "Private"] * 3, "segment"),
    "tenure": ("How long have you worked there?", ["4-10 years", "Under a year"] * 3, "segment"),
    "free role": ("What is your role?", ["Nurse", "Housing officer", "Head", "GP", "Clerk", "Ward clerk"], "segment"),
    "one choice": ("Is it rude to ask?", ["No, not rude at all", "Yes, it is very rude indeed"] * 3, "choice"),
    "option": ("Which do you use? - Fax", ["Fax", "", "Fax", "", "", "Fax"], "choice"),
    "choices with ;": ("Which do you use?", ["Fax;", "Fax;Post;", "Post;", "Radio;Fax;", "Fax;", "Post;"], "choice"),
    "choices with ,": ("Which do you use?", ["Fax", "Fax, Post", "Post", "Radio, Fax", "Fax", "Post, Fax"], "choice"),
    "scale": ("How well does it work?", ["1", "5", "3", "4", "2", "5"], "number"),
    "other": ("Which do you use? - Other (please specify)", ["a pigeon that we keep", "", "", "", "", ""], "other"),
    "if other": ("2.a. If you selected Other, please specify:", ["a pigeon that we keep", "", "", "", "", ""], "other"),
    "IP": ("IP Address", [f"192.0.2.{n}" for n in range(6)], "personal"),
    "IP by content": ("From", [f"192.0.2.{n}" for n in range(6)], "personal"),
    "e-mail": ("What is your e-mail address?", [f"{x}@example.org" for x in SIX], "personal"),
    "e-mail by content": ("Reply to", [f"{x}@example.org" for x in SIX], "personal"),
    "e-mail as a choice": ("How do you share? - Email", ["Email", "", "Email", "", "", "Email"], "choice"),
    "e-mail on a scale": ("How often? - Email", ["Daily", "Daily", "Never", "Daily", "Never", "Daily"], "choice"),
    "phone": ("Contact phone number", ["020 7946 0018", "(0161) 496 0000", "", "", "", ""], "personal"),
    "phone by content": ("Reach us on", ["07700 900123", "+44 7700 900456", "", "", "", ""], "personal"),
    "name": ("What is your name? - Name", ["Ada Invented", "Bo Made-Up", "", "", "", ""], "personal"),
    "camel": ("RecipientLastName", ["Invented", "Made-Up", "", "", "", ""], "personal"),
    "name and organisation": ("What is your name and post?", ["Ada, clerk", "", "", "", "", ""], "personal"),
    "organisation's name": ("Organisation name", ["Ford Trust", "Elm Trust", "Oak Trust", "", "", ""], "segment"),
    "address": ("Address", ["1 Invented Road", "2 Made-Up Lane", "", "", "", ""], "personal"),
    "one address": ("Your details - Address", ["1 Invented Road"] * 6, "personal"),
    "address as region": ("Location - address", ["Northshire"] * 4 + ["Southshire"] * 2, "segment"),
    "birth": ("Date of birth", ["01/02/1990", "", "", "", "", ""], "personal"),
    "empty": ("Q9", [""] * 6, "empty"),
    "short": ("Name one form", ["A1", "the blue one", "B2 long", "yellow", "the other", "C"], "short text"),
}


@pytest.mark.parametrize("case", KINDS)
def test_a_column_is_known_for_what_it_is(tmp_path: Path, case: str) -> None:
    name, cells, role = KINDS[case]
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["#", name, "What stops it?"], *zip("123456", cells, STOPS, strict=True)])
    roles = _roles(path)
    assert roles[name] == role
    assert roles["What stops it?"] == "comment"


def test_comments_are_found_where_many_say_no(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    answers = ["No"] * 12 + [f"The {word} team never rings us back about it" for word in SIX]
    path.write_text("".join(["id,Box 4\n", *(f"{n},{text}\n" for n, text in enumerate(answers))]), encoding="utf-8")
    assert [question.name for question in ist.read_survey(path).questions] == ["Box 4"]


@pytest.mark.parametrize("answers", [["Slow", "None", "n/a", "Good", "No"], ["", "", ""], ["No", "n/a", "no", "-"]])
def test_a_question_for_comments_is_one_however_short_the_answers(tmp_path: Path, answers: list[str]) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "".join(["id,Any other comments?\n", *(f"{n},{a}\n" for n, a in enumerate(answers))]), encoding="utf-8"
    )
    survey = ist.read_survey(path)
    assert survey.comments["comment"].tolist() == answers
    assert survey.reason in ("the question asks for comments", "the question is open and the answers differ")


def test_a_box_for_free_text_may_ask_for_a_name_or_a_post(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "Respondent ID,What is your name?,What is your job title?,How many staff?,What stops it?\n"
        + ",Open-Ended Response" * 4
        + "\n1,Ada Invented,Ward clerk,12,Nobody rings back\n2,Bo Made-Up,Nurse,7,The forms\n",
        encoding="utf-8",
    )
    survey = ist.read_survey(path)
    assert [question.name for question in survey.questions] == ["What stops it?"]
    assert {entry.column.name: entry.role for entry in survey.roles}["What is your job title?"] == "segment"
    assert survey.personal_columns == ["What is your name?"]


def test_several_columns_can_be_named_against_what_was_found() -> None:
    other = "2. Which services do you work with? - Other (please specify)"
    survey = ist.read_survey(
        EXPORTS / "smartsurvey.csv", text=[other, "3. What stops information being shared well in your area?"]
    )
    assert len(survey.questions) == 2
    assert survey.questions[0].name == other
    assert survey.reason == "named by you"


@pytest.mark.parametrize("command", [["classify"], ["redact"], ["classify", "--wide"]])
def test_personal_columns_are_left_out_with_a_word(run: Run, tmp_path: Path, command: list[str]) -> None:
    export, out = EXPORTS / "citizen_space.csv", tmp_path / "out.csv"
    result = run(*command, export, "-o", out)
    header = out.read_text(encoding="utf-8-sig").splitlines()[0]
    assert "2 columns of personal data are left out (1: What is your name? - Name, 2: What is" in result.stderr
    assert "Response ID" in header
    assert "name?" not in header
    assert "example.org" not in out.read_text(encoding="utf-8-sig")
    result = run(*command, export, "-o", out, "--keep-personal-columns", "--overwrite")
    assert "left out" not in result.stderr
    assert "p0@example.org" in out.read_text(encoding="utf-8-sig")


def test_python_has_the_personal_columns_in_the_table_only() -> None:
    survey = ist.read_survey(EXPORTS / "citizen_space.csv")
    assert survey.personal_columns == ["1: What is your name? - Name", "2: What is your email address? - Email"]
    assert set(survey.personal_columns) < set(survey.table)
    assert not set(survey.personal_columns) & set(survey.comments)
    kept = ist.read_survey(EXPORTS / "citizen_space.csv", keep_personal_columns=True)
    assert set(survey.personal_columns) < set(kept.comments)


def test_a_personal_column_named_as_text_is_read(tmp_path: Path) -> None:
    survey = ist.read_survey(EXPORTS / "citizen_space.csv", text="1: What is your name? - Name")
    assert survey.comments["comment"][1] == "Ada Invented"


def test_inspect_gives_the_reason_for_every_column(run: Run) -> None:
    export = EXPORTS / "microsoft_forms.csv"
    summary = json.loads(run("inspect", export, "--json").stdout)
    assert [entry["column"] for entry in summary["roles"]] == summary["columns"]
    assert all(entry["reason"] for entry in summary["roles"])
    assert summary["left_out_columns"] == ["Email", "Name"]
    words = run("inspect", export).stdout
    assert "personal data, left out of outputs; --keep-personal-columns keeps them:\n  Email  (named as e-mail" in words
    assert "Which sector do you work in?  (about the respondent: 3 different in 8 answers)" in words
    assert "Which services do you work with?  (several choices in a cell: 6 different in 8 answers)" in words
    assert "Q1: Which sector do you work in?  (about the" in run("inspect", EXPORTS / "qualtrics_legacy.csv").stdout
    assert "Ada" not in words
    assert "nobody at the top" not in words


def test_a_workbook_of_forms_keeps_its_dates_apart_from_comments(tmp_path: Path) -> None:
    from datetime import datetime

    path = tmp_path / "export.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["ID", "Start time", "Completion time", "Email", "Name", "Why\xa0is it hard?\n"])
    for number, stop in enumerate(STOPS, 1):
        sheet.append([number, datetime(2026, 9, number), datetime(2026, 9, number, 10), "anonymous", None, stop])
    book.save(path)
    survey = ist.read_survey(path)
    assert survey.layout.name == "Microsoft Forms, one header row"
    assert [question.question for question in survey.questions] == ["Why is it hard?"]
    assert survey.personal_columns == ["Email", "Name"]
    assert survey.date_order == "year-first"
