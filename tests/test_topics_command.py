"""``infoshare-text topics``: what the folder holds, what it never holds, and what is refused."""

from __future__ import annotations

import doctest
import re
import shutil
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from answers import PERSONAL, QUESTION, answers, export
from click.testing import CliRunner, Result
from conftest import ROOT

import infoshare_text as ist
from infoshare_text.cli import main
from infoshare_text.topics import installed

Run = Callable[..., Result]
TABLES = {"assignments.csv", "topics.csv", "examples.csv", "quality.csv", "phrases.csv", "by_sector.csv"}
PICTURES = {"topic_map.svg", "topics_by_stance.svg"}


def _read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tmp_path_factory.mktemp("survey") / "export.csv", [*answers(10), "", "n/a"])


@pytest.fixture(scope="module")
def written(survey: Path) -> tuple[Path, Result]:
    folder = survey.parent / "topics"
    arguments = ["topics", survey, "-o", folder, "--by", "Sector", "--within", "leadership"]
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code == 0, result.output
    return folder, result


def test_the_folder_holds_what_was_promised(written: tuple[Path, Result]) -> None:
    folder, _ = written
    names = {path.name for path in folder.iterdir()}
    assert names == TABLES | PICTURES | {"topics.html", "model", "within"}
    # Too few of its comments are on leadership: phrases, and neither pictures nor saved topics.
    within = {path.name for path in (folder / "within" / "leadership").iterdir()}
    assert within == TABLES - {"assignments.csv"}
    assert ist.load_topics(folder / "model").topics


def test_the_guide_is_true(written: tuple[Path, Result]) -> None:
    guide = ROOT / "docs" / "topics.md"
    failed, tried = doctest.testfile(str(guide), module_relative=False, encoding="utf-8")
    assert tried > 4
    assert failed == 0
    text = guide.read_text(encoding="utf-8")
    for path in written[0].iterdir():
        name = "by_<column>.csv" if path.name.startswith("by_") else path.name
        assert re.search(rf"^\| `{re.escape(name)}/?(<theme>/)?` \|", text, re.MULTILINE), name


def test_each_comment_can_be_joined_back(written: tuple[Path, Result], survey: Path) -> None:
    folder, _ = written
    table = _read(folder / "assignments.csv")
    source = _read(survey)
    assert table["row"].tolist() == list(range(1, len(source) + 1))
    assert table["Respondent ID"].tolist() == source["Respondent ID"].tolist()
    assert table["Sector"].tolist() == source["Sector"].tolist()
    assert set(table["question"]) == {QUESTION}
    assert table["status"].tolist()[-2:] == ["blank", "non_answer"]
    assert table["topic"].astype(str).tolist()[-2:] == ["", ""]
    assert (table["topic"].astype(str)[:-2] != "").all()


def test_every_table_counts_the_same_comments(written: tuple[Path, Result]) -> None:
    folder, _ = written
    table = _read(folder / "assignments.csv")
    topics = _read(folder / "topics.csv").set_index("topic")
    assert "new" not in topics
    read = table[table["status"] == "coded"]
    assert read["topic"].astype(int).value_counts().to_dict() == topics.loc[topics["n"] > 0, "n"].to_dict()
    assert topics["n"].sum() == len(read) == 60
    assert topics["share"].tolist() == [round(n / 60, 4) for n in topics["n"]]
    assert (topics["share_low"] <= topics["share"]).all()
    assert (topics["share"] < topics["share_high"]).all()
    groups = _read(folder / "by_sector.csv")
    assert groups.groupby("topic")["n"].sum().to_dict() == topics["n"].to_dict()
    assert groups.groupby("Sector")["n"].sum().tolist() == groups.groupby("Sector")["group_n"].first().tolist()
    examples = _read(folder / "examples.csv").groupby("topic").size()
    assert examples.to_dict() == {topic: 5 for topic in topics.index if topic}
    assert _read(folder / "quality.csv")["meaning"].str.endswith(".").all()


def test_the_command_says_what_the_library_finds(written: tuple[Path, Result], survey: Path, tmp_path: Path) -> None:
    folder, result = written
    opened = ist.read_survey(survey)
    report = ist.topic_report(
        ist.classify(opened.comments), by=["Sector"], within=["leadership"], keep=["Respondent ID"]
    )
    ist.write_topics(report, tmp_path / "again")
    assert _files(tmp_path / "again") == _files(folder)
    for row in _read(folder / "topics.csv").itertuples():
        assert f"{row.topic_label} " in result.stdout
    assert "6 distinct comments are too few for topics" in result.stdout
    assert "62 answers = 60 coded + 1 blank + 1 non-answers" in result.stderr


def test_nobody_stands_in_any_file(written: tuple[Path, Result]) -> None:
    folder, result = written
    examples = _read(folder / "examples.csv")["example"]
    assert examples.str.contains("[PHONE]", regex=False).any()
    assert examples.str.contains("NAME]", regex=False).any()
    assert "[PHONE]" in (folder / "topics.html").read_text(encoding="utf-8")
    for name, content in {**_files(folder), "summary": result.stdout.encode()}.items():
        text = content.decode("utf-8", "replace").casefold()
        assert [word for word in PERSONAL if word.casefold() in text] == [], name


def test_no_comment_stands_in_the_model(written: tuple[Path, Result]) -> None:
    folder, _ = written
    files = {path: path.read_text("utf-8", "replace").casefold() for path in (folder / "model").iterdir()}
    assert len(files) >= 4
    for text in answers(10):
        for path, content in files.items():
            assert " ".join(text.split()[:4]) not in content, path
    assert "comment" not in _read(folder / "assignments.csv")


def test_comments_come_along_when_asked_for(survey: Path, run: Run, tmp_path: Path) -> None:
    assert run("topics", survey, "-o", tmp_path / "t", "--with-comments", "-q").stdout == ""
    assert _read(tmp_path / "t" / "assignments.csv")["comment"].tolist() == [*answers(10), "", "n/a"]


def test_the_next_wave_keeps_the_topics(written: tuple[Path, Result], run: Run, tmp_path: Path) -> None:
    folder, _ = written
    said = ["the bus to the hospital is slow", "hospital doctors wait for the bus", "a nurse missed the bus"]
    texts = answers(10) + [f"{said[k % 3]} {tail}" for k, tail in enumerate(["a", "b", "c", "d"] * 9)]
    wave = export(tmp_path / "wave.csv", [f"{text} {i % 7}" for i, text in enumerate(texts)])
    result = run("topics", wave, "--topics-from", folder, "-o", tmp_path / "two", "--n-topics", 6)
    assert result.exit_code == 0, result.output
    before, after = _read(folder / "topics.csv"), _read(tmp_path / "two" / "topics.csv")
    kept = before["topic"] != 0
    assert after["topic_label"].tolist()[: kept.sum()] == before["topic_label"][kept].tolist()
    assert after["new"].tolist()[: kept.sum()] == [0] * kept.sum()
    assert after["new"].sum() >= 1
    assert " new\n" in result.stdout
    assert "New in this wave" in (tmp_path / "two" / "topics.html").read_text(encoding="utf-8")
    # The folder 'model' alone says the same.
    run("topics", wave, "--topics-from", folder / "model", "-o", tmp_path / "three", "--n-topics", 6)
    assert _files(tmp_path / "two") == _files(tmp_path / "three")


def test_few_comments_are_no_fault(run: Run, tmp_path: Path) -> None:
    few = export(tmp_path / "few.csv", answers(2))
    result = run("topics", few, "-o", tmp_path / "t", "--by", "Sector", "--within", "all")
    assert result.exit_code == 0
    assert "12 distinct comments are too few for topics (50 are needed)" in result.stdout
    assert {path.name for path in (tmp_path / "t").iterdir()} == TABLES | {"topics.html", "within"}
    page = (tmp_path / "t" / "topics.html").read_text(encoding="utf-8")
    assert "12 distinct comments are too few" in page
    assert "Most frequent words and phrases" in page
    assert len(list((tmp_path / "t" / "within").iterdir())) == 6
    blank = export(tmp_path / "blank.csv", ["", " ", "n/a"])
    result = run("topics", blank, "--text", QUESTION)
    assert result.exit_code == 0
    assert "There is no comment with anything to read in." in result.stdout


def _text(value: object) -> str:
    return "" if value is None else f"{float(value):.4f}" if isinstance(value, (int, float)) else _number(str(value))


def _number(text: str) -> str:
    try:
        return f"{float(text):.4f}"
    except ValueError:
        return text


def test_a_workbook_holds_the_same_tables(written: tuple[Path, Result], survey: Path, run: Run, tmp_path: Path) -> None:
    folder, _ = written
    for name in ("a.xlsx", "b.xlsx"):
        path = tmp_path / name
        assert run("topics", survey, "-o", path, "--by", "Sector", "--within", "leadership", "-q").exit_code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["topics", "examples", "quality", "phrases", "by_sector", "assignments"]
    rows = list(book["topics"].iter_rows(values_only=True))
    topics = _read(folder / "topics.csv")
    assert [[_text(value) for value in row[1 : 1 + topics.shape[1]]] for row in rows[1:]] == [
        [_text(value) for value in row] for row in topics.itertuples(index=False, name=None)
    ]
    assert rows[0][0] == "within"
    themes = {row[0] for row in book["phrases"].iter_rows(min_row=2, values_only=True)}
    assert themes == {None, "leadership"}


def test_an_older_folder_is_replaced_and_nothing_else(
    written: tuple[Path, Result], survey: Path, run: Run, tmp_path: Path
) -> None:
    folder, _ = written
    mine = tmp_path / "mine"
    shutil.copytree(folder, mine)
    assert run("topics", survey, "-o", mine, "-q").exit_code == 0
    assert "within" not in {path.name for path in mine.iterdir()}
    (mine / "my notes.txt").write_text("keep", encoding="utf-8")
    before = _files(mine)
    result = run("topics", survey, "-o", mine)
    assert result.exit_code == 1
    assert "holds other files ('my notes.txt'), which stay. Name a new folder." in result.output
    assert _files(mine) == before


def test_nothing_half_written_stays(survey: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("infoshare_text.writing.topics.files.page", full)
    result = run("topics", survey, "-o", tmp_path / "t")
    assert result.exit_code == 1
    assert "cannot be written (No space left on device). Nothing was changed there." in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "Sectr"], "there is no column 'Sectr'. Did you mean 'Sector'?"),
        (["--by", "First name"], "'First name' is a column of personal data, which is left out"),
        (["--by", "Respondent ID"], "'Respondent ID' holds 62 different values; 60 groups at most"),
        (["--by", "Empty"], "the column 'Empty' is empty"),
        (["--within", "leadrship"], "there is no theme 'leadrship'. The themes are: 'leadership',"),
        (["--topics-from", "nowhere"], "nowhere: there is no such model folder"),
        (["--concepts", "nowhere.toml"], "nowhere.toml: cannot be read"),
        (["--model", "nowhere"], "nowhere: there is no such model folder"),
        (["--topics-from", "MODEL", "--concepts", "x.toml"], "topics of an earlier wave bring their own"),
        (["-o", "topics.csv"], "topics are several tables and pictures. Name a folder, or a file in .xlsx."),
        (["-o", "README.md"], "this is a file. Name a folder."),
        (["-o", "nowhere/at/all"], "there is no folder"),
        (["-o", "EXPORTS"], "an input lies in this folder"),
    ],
)
def test_what_makes_no_sense_is_refused(
    written: tuple[Path, Result], run: Run, tmp_path: Path, arguments: list[str], said: str
) -> None:
    source = export(tmp_path / "export.csv", [*answers(10), "", "n/a"], Empty=[""] * 62)
    places = {"MODEL": str(written[0] / "model"), "EXPORTS": str(tmp_path)}
    target = [] if "-o" in arguments else ["-o", tmp_path / "t"]
    result = run("topics", source, *target, *(places.get(each, each) for each in arguments))
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert [path.name for path in tmp_path.iterdir()] == ["export.csv"]


def test_wrong_options_are_usage(survey: Path, run: Run) -> None:
    assert "leaves nothing to do" in run("topics", survey, "-q").output
    for arguments in (["--n-topics", 1], ["-q"], ["-q", "-o", "-"]):
        assert run("topics", survey, *arguments).exit_code == 2


def test_a_missing_extra_is_said_before_the_work(
    survey: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installed, "find_spec", lambda name: None if name == "vl_convert" else find_spec(name))
    result = run("topics", survey, "-o", tmp_path / "t")
    assert result.exit_code == 1
    assert "'vl-convert-python'" in result.output
    assert "pip install 'infoshare-text[topics]'" in result.output
    assert "coded" not in result.output


def test_columns_of_the_codings_names_are_told_apart(run: Run, tmp_path: Path) -> None:
    source = export(tmp_path / "e.csv", answers(2), status=["new", "old"] * 6, topic=["red", "blue", "red"] * 4)
    result = run("topics", source, "-o", tmp_path / "t", "--by", "status", "--by", "topic", "--text", QUESTION)
    assert result.exit_code == 0, result.output
    table = _read(tmp_path / "t" / "assignments.csv")
    assert table["input_status"].tolist() == ["new", "old"] * 6
    assert set(table["status"]) == {"coded"}
    assert table["topic"].tolist() == ["red", "blue", "red"] * 4
    assert "found_topic" in table
    assert {"by_input_status.csv", "by_topic.csv"} <= {path.name for path in (tmp_path / "t").iterdir()}


def test_the_answers_add_up(written: tuple[Path, Result], run: Run, survey: Path) -> None:
    assert "62 answers = 60 coded + 1 blank + 1 non-answers" in run("topics", survey).stderr


def test_earlier_topics_are_never_replaced_by_later_ones(written: tuple[Path, Result], run: Run, survey: Path) -> None:
    folder, _ = written
    before = _files(folder)
    result = run("topics", survey, "--topics-from", folder, "-o", folder)
    assert result.exit_code == 1
    assert "an input lies in this folder, which would be replaced" in result.stderr
    assert _files(folder) == before


def test_comments_that_come_along_may_be_masked(run: Run, tmp_path: Path) -> None:
    wave = export(tmp_path / "wave.csv", ["Ring 01632 960 983 and ask", *answers(2)])
    result = run("topics", wave, "-o", tmp_path / "t", "--with-comments", "--redact", "-q")
    assert result.exit_code == 0, result.output
    assert _read(tmp_path / "t" / "assignments.csv")["comment"][0] == "Ring [PHONE] and ask"
    assert run("topics", wave, "-o", tmp_path / "u", "--redact").exit_code == 2
