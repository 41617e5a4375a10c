"""Any text a person can type goes read, classify, write, read unchanged, or is refused by name, in all formats."""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import example as case
from hypothesis import given, settings
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.coding.classify import Coder
from infoshare_text.errors import ColumnError, InputError, OutputError
from infoshare_text.reading.long_cells import beginning
from infoshare_text.reading.spreadsheet_text import all_guarded, guarded, unguarded
from infoshare_text.scale.chunks import code_in_chunks
from infoshare_text.writing import tables
from infoshare_text.writing.tables import check_fits, write_table
from infoshare_text.writing.xlsx_table import sheet_name

# Pieces that some format, spreadsheet or reader takes for something else.
_TRAPS = ["=", "+", "-", "@", "＝", "'", "''", '"', ",", ";", "|", "sep=", "1", "-0.5", "1e5", "NA", "null", "TRUE"]
_TRAPS += ["#N/A", "_x000B_", "_x005F_", "long_cells", "=HYPERLINK(1)", " ", "\u00a0", "\u200b", "\ufffe", "\uffff"]
_TRAPS += ["\t", "\r", "\n", "\r\n", "\0", "\x0b", "\x1b[31m", "\x85", "\u2028", "\u202eRTL", "\ufeff", "é", "e\u0301"]
_TRAPS += ["👩‍👩‍👧"]
_LONG = ["x" * 40_000, "- point\n" * 300, "🙂" * 20_000, " " * 40_000]
TYPED = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from(_TRAPS), max_size=8).map("".join),
    st.integers(0, len(_LONG) - 1).map(lambda i: _LONG[i]),
)
# What a format cannot hold, which must be refused by row and column.
UNHELD = {"csv": "\0", "tsv": "\0", "xlsx": "\ufffe\uffff", "parquet": "", "jsonl": ""}
KINDS = [*UNHELD, "csv for machines"]


@settings(max_examples=60)
@case(["'=x", "=x", "''", "'"], "csv", 1)
@case(["'=x"], "csv for machines", 1)
@case(["a\rb"], "csv for machines", 1)
@case(["", "Nobody at the top owns it", ""], "parquet", 1)
@case([*_LONG, "x" * 40_000 + "y"], "xlsx", 2)
@given(st.lists(TYPED, min_size=1, max_size=5), st.sampled_from(KINDS), st.integers(1, 4))
def test_any_text_goes_through_unchanged(texts: list[str], kind: str, rows: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.jsonl", Path(folder) / f"out.{kind.split()[0]}"
        lines = [json.dumps({"id": f"r{i}", "Q1": text}) for i, text in enumerate(texts)]
        source.write_text("\n".join(lines), encoding="utf-8")
        survey = ist.read_survey(source, text="Q1")
        assert survey.comments["comment"].tolist() == texts
        unheld = [i for i, text in enumerate(texts, 1) if set(UNHELD[target.suffix[1:]]) & set(text)]
        pieces = code_in_chunks(survey, _coder(), evidence=True, rows=rows)
        if unheld:
            with pytest.raises(OutputError, match=rf"row {unheld[0]}, column 'Q1' holds U\+"):
                write_table(pieces, target)
            return
        write_table(pieces, target, for_machines=kind.endswith("machines"))
        back = ist.read_survey(target, text="comment")
        assert back.comments["comment"].tolist() == texts
        assert [value or "" for value in back.table["Q1"]] == texts
        assert back.table["id"].tolist() == [f"r{i}" for i in range(len(texts))]


@settings(max_examples=40)
@given(st.lists(TYPED.filter(lambda text: "\0" not in text and len(text) < 100), min_size=1, max_size=4))
def test_a_csv_as_a_tool_writes_it_is_read_as_it_stands(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.csv"
        with source.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows([["id", "Q1"], *enumerate(texts)])
        assert ist.read_survey(source, text="Q1").comments["comment"].tolist() == texts


@settings(max_examples=8)
@given(st.lists(TYPED.filter(lambda text: "\0" not in text and len(text) < 100), min_size=1, max_size=6))
def test_the_size_of_a_chunk_changes_nothing(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "in.jsonl"
        source.write_text("\n".join(json.dumps({"Q1": text}) for text in texts), encoding="utf-8")
        survey = ist.read_survey(source, text="Q1")
        written = []
        for rows in (1, 2, 100):
            for kind in ("csv", "jsonl"):
                write_table(code_in_chunks(survey, _coder(), rows=rows), Path(folder) / f"{rows}.{kind}")
            write_table(code_in_chunks(survey, _coder(), rows=rows), Path(folder) / f"{rows}.parquet")
            table = pd.read_parquet(Path(folder) / f"{rows}.parquet")
            written.append([(Path(folder) / f"{rows}.{kind}").read_bytes() for kind in ("csv", "jsonl")] + [table])
        for other in written[1:]:
            assert other[:2] == written[0][:2]
            pd.testing.assert_frame_equal(other[2], written[0][2])


def _coder() -> Coder:
    return Coder.load()


# -- the guard against formulas -------------------------------------------------------------------------------------


def test_masking_a_guarded_file_adds_no_apostrophe(run: object, tmp_path: Path) -> None:
    texts = ["=cmd()", "- ask Ayesha Okafor", "'=quoted", "-0.5", "fine"]
    coded, masked, again = (tmp_path / name for name in ("coded.csv", "masked.csv", "again.csv"))
    ist.write_table(ist.classify(pd.DataFrame({"Q1": texts}), text="Q1", evidence=True), coded)
    for source, target in ((coded, masked), (masked, again)):
        result = run("redact", source, "-o", target)  # type: ignore[operator]
        assert result.exit_code == 0
        assert "read without the apostrophe" in result.stderr
    assert again.read_bytes() == masked.read_bytes()
    with masked.open(encoding="utf-8-sig", newline="") as file:
        cells = [row["comment"] for row in csv.DictReader(file)]
    assert cells == ["'=cmd()", "'- ask [FULL NAME]", "''=quoted", "-0.5", "fine"]


def test_evidence_of_a_guarded_file_stays_right(run: object, tmp_path: Path) -> None:
    text = "- ask Ayesha Okafor why staff have had no training"
    ist.write_table(ist.classify(pd.DataFrame({"Q1": [text]}), text="Q1", evidence=True), tmp_path / "coded.csv")
    assert run("redact", tmp_path / "coded.csv", "-o", tmp_path / "m.csv").exit_code == 0  # type: ignore[operator]
    (row,) = ist.read_survey(tmp_path / "m.csv", text="comment").table.to_dict("records")
    words = [row["comment"][a:b] for found in json.loads(row["evidence"]).values() for a, b, _ in found]
    assert "training" in words
    assert set(words) <= set(re.findall(r"\[?\w+(?: \w+\])?", row["comment"]))


@pytest.mark.parametrize(
    ("content", "texts", "note"),
    [
        ("Q1\r\n'=x\r\n'tis\r\n", ["=x", "'tis"], "--not-guarded keeps it"),
        ("Q1\r\n'=x\r\n- none\r\n", ["'=x", "- none"], ""),
        ("Q1\n'=x\n'tis\n", ["'=x", "'tis"], "--guarded takes it off"),
    ],
)
def test_the_guard_is_told_from_the_whole_file(tmp_path: Path, content: str, texts: list[str], note: str) -> None:
    path = tmp_path / "in.csv"
    path.write_bytes(content.encode())
    survey = ist.read_survey(path, text="Q1")
    assert survey.comments["comment"].tolist() == texts
    assert any("apostrophe" in told for told in survey.notes) == bool(note)
    assert note in " ".join(survey.notes)
    kept = ist.read_survey(path, text="Q1", guarded=False).comments["comment"].tolist()
    assert kept == content.split()[1:] or kept == ["'=x", "- none"]
    off = ist.read_survey(path, text="Q1", guarded=True).comments["comment"].tolist()
    assert off == [unguarded(text) for text in kept]


def test_the_guard_of_a_workbook_is_taken_off_where_that_is_said(tmp_path: Path) -> None:
    write_table(pd.DataFrame({"Q1": ["'=x", "fine"]}), tmp_path / "in.xlsx")
    for said, texts in ((None, ["'=x", "fine"]), (True, ["=x", "fine"])):
        survey = ist.read_survey(tmp_path / "in.xlsx", text="Q1", guarded=said)
        assert survey.comments["comment"].tolist() == texts
    write_table(pd.DataFrame({"Q1": ["'=x", "fine"]}), tmp_path / "in.parquet")
    with pytest.raises(InputError, match="guarded cannot be set for a file of this kind"):
        ist.read_survey(tmp_path / "in.parquet", text="Q1", guarded=True)


@given(st.lists(st.lists(TYPED, max_size=3), max_size=3))
def test_a_guarded_table_is_known_again(rows: list[list[str]]) -> None:
    written = [[guarded(cell) for cell in row] for row in rows]
    assert all_guarded(written) == (written != rows)


def test_what_is_no_text_is_guarded_where_it_would_run(tmp_path: Path) -> None:
    frame = pd.DataFrame({"Q1": ["x"], "low": [float("-inf")], "n": [-1.5], "t": [pd.Timedelta(-1, "h")]})
    write_table(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text(encoding="utf-8-sig") == "Q1,low,n,t\nx,'-inf,-1.5,'-1 days +23:00:00\n"


# -- what a worksheet cannot hold -----------------------------------------------------------------------------------


def test_texts_that_do_not_fit_are_named_and_put_back_though_the_sheet_was_sorted(tmp_path: Path) -> None:
    path, told = tmp_path / "t.xlsx", list[str]()
    texts = ["short", *_LONG[:3], "y" * 40_000, "y" * 50_000]
    write_table(pd.DataFrame({"n": range(6), "Q1": texts}), path, told=told.append)
    assert ist.read_survey(path, text="Q1").comments["comment"].tolist() == texts
    assert "5 texts do not fit a cell of a worksheet (row 3 of 'Q1', row 4 of 'Q1'" in told[0]
    assert "stand whole, in parts, on the sheet 'long_cells'" in told[0]
    book = openpyxl.load_workbook(path)
    sheet = book["comments"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    assert [row[1] for row in rows] == [texts[0], *map(beginning, texts[1:])]
    for i, row in enumerate(reversed(rows), 2):
        for j, value in enumerate(row, 1):
            sheet.cell(i, j, value)
    book.save(tmp_path / "sorted.xlsx")
    survey = ist.read_survey(tmp_path / "sorted.xlsx", text="Q1")
    # Two begin alike, so that nobody can tell which is which.
    assert survey.comments["comment"].tolist() == [beginning(texts[5]), beginning(texts[4]), *texts[3::-1]]
    assert "3 texts too long for a cell are read whole from sheet 'long_cells'" in survey.notes
    assert not any("is read, not" in note for note in survey.notes)


def test_what_a_spreadsheet_does_not_show_of_a_csv_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    write_table(pd.DataFrame({"Q1": ["x", "y" * 40_000]}), tmp_path / "t.csv", told=told.append)
    assert told == ["1 texts are longer than a cell of a spreadsheet (row 2 of 'Q1'); as .xlsx they are kept whole"]
    monkeypatch.setattr("infoshare_text.writing.csv_table.SHEET_ROWS", 3)
    told.clear()
    write_table(pd.DataFrame({"Q1": ["x"] * 3}), tmp_path / "t.csv", told=told.append)
    assert told == ["a spreadsheet shows the first 2 of these 3 rows"]
    write_table(pd.DataFrame({"Q1": ["x"] * 3}), tmp_path / "t.csv", for_machines=True, told=told.append)
    assert len(told) == 1


@pytest.mark.parametrize(("options", "rows"), [([], 1_290), (["--wide"], 430)])
def test_a_sheet_too_small_is_said_before_a_comment_is_coded(
    run: object, example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], rows: int
) -> None:
    whole = run("classify", example, "-q", *options).stdout  # type: ignore[operator]
    columns = len(next(csv.reader(io.StringIO(whole))))
    monkeypatch.setattr(Coder, "code", None)
    for name, limit in (("SHEET_ROWS", rows), ("SHEET_COLUMNS", columns - 1)):
        with monkeypatch.context() as patched:
            patched.setattr(tables, name, limit)
            result = run("classify", example, "-o", tmp_path / "c.xlsx", *options)  # type: ignore[operator]
        assert result.exit_code == 1
        assert f"{rows:,} rows and {columns} columns do not fit a worksheet" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_sheets_of_questions_are_counted_each(run: object, example: Path, tmp_path: Path) -> None:
    arguments = ["classify", example, "-o", tmp_path / "c.xlsx", "-q"]
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(tables, "SHEET_ROWS", 431)
        assert run(*arguments).exit_code == 1  # type: ignore[operator]
        assert run(*arguments, "--sheets").exit_code == 0  # type: ignore[operator]


def test_a_table_that_does_not_fit_is_refused_before_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    monkeypatch.setattr("infoshare_text.writing.xlsx_table.SHEET_ROWS", 3)
    frame = pd.DataFrame({"Q1": ["x", "y", "z"]})
    with pytest.raises(OutputError, match="3 rows and 1 columns do not fit a worksheet"):
        write_table(frame, tmp_path / "t.xlsx")
    with pytest.raises(OutputError, match="more rows than the 2 that a worksheet holds"):
        write_table([frame], tmp_path / "t.xlsx")
    write_table(frame, tmp_path / "t.xlsx", sheets="Q1")
    with pytest.raises(OutputError, match="the name of a column does not fit a cell"):
        write_table(pd.DataFrame({"Q" * 40_000: ["x"]}), tmp_path / "u.xlsx")
    check_fits(tmp_path / "x.csv", 10_000_000, 99_999)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "jsonl"])
def test_half_a_character_is_refused_by_row_and_column(tmp_path: Path, kind: str) -> None:
    frame = pd.DataFrame({"id": [1, 2], "Q1": pd.Series(["fine", "half \ud83d"], dtype=object)})
    with pytest.raises(OutputError, match=r"row 4, column 'Q1' holds half a surrogate pair \(U\+D83D\)"):
        write_table([frame.iloc[:1], frame.iloc[:1], frame], tmp_path / f"t.{kind}")
    with pytest.raises(OutputError, match="the name of a column holds half a surrogate pair"):
        write_table(pd.DataFrame([[1]], columns=pd.Index(["Q\ud83d"], dtype=object)), tmp_path / f"t.{kind}")
    assert list(tmp_path.iterdir()) == []


def test_a_column_of_several_types_is_named(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": [1, 2], "mixed": pd.Series([1, "x"], dtype=object)})
    with pytest.raises(OutputError, match="column 'mixed' holds values of several types from row 1 on"):
        write_table(frame, tmp_path / "t.parquet")
    pieces = [pd.DataFrame({"n": [1]}), pd.DataFrame({"n": ["x"]})]
    with pytest.raises(OutputError, match=r"column 'n' holds values of several types, .* from row 2 on"):
        write_table(pieces, tmp_path / "t.parquet")
    write_table(frame, tmp_path / "t.jsonl")
    assert (tmp_path / "t.jsonl").read_text(encoding="utf-8") == '{"id": 1, "mixed": 1}\n{"id": 2, "mixed": "x"}\n'


# -- a sheet for each question --------------------------------------------------------------------------------------


def test_each_question_has_its_sheet(run: object, tmp_path: Path) -> None:
    source, path = tmp_path / "in.csv", tmp_path / "coded.xlsx"
    answers = {
        "What stops it?": ["Nobody owns it", "- no training", "n/a", ""],
        "What helps?": ["Trust", "", "A named contact", "Training"],
    }
    pd.DataFrame(answers).to_csv(source, index=False)
    texts = ["--text", "What stops it?", "--text", "What helps?"]
    result = run("classify", source, *texts, "-o", path, "--sheets", "--evidence")  # type: ignore[operator]
    assert result.exit_code == 0
    coded = ist.classify(pd.DataFrame(answers), text=list(answers), evidence=True)
    assert openpyxl.load_workbook(path).sheetnames == ["What stops it", "What helps"]
    for question, part in coded.groupby("question", sort=False):
        survey = ist.read_survey(path, sheet=str(question).rstrip("?"), text="comment")
        assert survey.columns == list(coded.columns)
        for column in ("What helps?", "comment", "status", "evidence", "question", "stance_leadership"):
            assert survey.table[column].tolist() == part[column].tolist()


def test_sheets_are_refused_where_there_are_none(run: object, example: Path, tmp_path: Path) -> None:
    for arguments in (["-o", tmp_path / "c.csv"], ["-o", tmp_path / "c.xlsx", "--wide"], []):
        result = run("classify", example, "--sheets", *arguments)  # type: ignore[operator]
        assert (result.exit_code, "--sheets parts the rows of an .xlsx file" in result.stderr) == (2, True)
    with pytest.raises(OutputError, match=r"only \.xlsx has sheets"):
        write_table(pd.DataFrame({"Q1": ["x"]}), tmp_path / "c.csv", sheets="Q1")
    with pytest.raises(OutputError, match="there is no column 'Q2' to part the sheets by"):
        write_table(pd.DataFrame({"Q1": ["x"]}), tmp_path / "c.xlsx", sheets="Q2")
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(["History", "'", "a" * 40, "A" * 40, "🙂" * 20]))))
def test_names_of_sheets_are_allowed_and_differ(wanted: list[str]) -> None:
    names: set[str] = set()
    for text in wanted:
        name = sheet_name(text, names)
        assert 1 <= len(name.encode("utf-16-le", "surrogatepass")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name)
        assert name.casefold() not in {"history", "long_cells", *(other.casefold() for other in names)}
        names.add(name)


def test_a_column_of_many_questions_parts_rows_of_every_piece(tmp_path: Path) -> None:
    frame = pd.DataFrame({"question": ["a?", "b?", None], "comment": ["1", "2", "x" * 40_000]})
    write_table([frame, frame], tmp_path / "t.xlsx", sheets="question")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx", read_only=True)
    assert book.sheetnames == ["a", "b", "sheet", "long_cells"]
    assert [row[1] for row in book["b"].iter_rows(min_row=2, values_only=True)] == ["2", "2"]
    survey = ist.read_survey(tmp_path / "t.xlsx", sheet="sheet", text="comment")
    assert survey.comments["comment"].tolist() == ["x" * 40_000] * 2


def test_a_table_is_masked_while_it_is_written(tmp_path: Path) -> None:
    coded = ist.classify(pd.DataFrame({"Q1": ["Ask Ayesha Okafor about training"]}), text="Q1", evidence=True)
    ist.write_table(coded, tmp_path / "t.jsonl", redact=True)
    row = json.loads((tmp_path / "t.jsonl").read_text(encoding="utf-8"))
    assert (row["comment"], row["Q1"]) == ("Ask [FULL NAME] about training",) * 2
    assert row["evidence"] == ist.redact(coded)["evidence"][0]
    with pytest.raises(ColumnError, match="say which column"):
        ist.write_table(pd.DataFrame({"Q1": ["x"]}), tmp_path / "u.jsonl", redact=True)
    assert [path.name for path in tmp_path.iterdir()] == ["t.jsonl"]
