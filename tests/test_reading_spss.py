"""SPSS files give the answers of the plain CSV: labels for codes, nothing for what was declared missing."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from conftest import EXPORTS

import infoshare_text as ist

SECTORS = {"Public": 1.0, "Private": 2.0, "Third sector": 3.0}


def _written(folder: Path, **how: object) -> Path:
    plain = ist.read_survey(EXPORTS / "plain.csv")
    table = plain.table
    frame = pd.DataFrame(
        {
            "URN": [f"356806-356797-{n}" for n in range(8)],
            "Q1": table.iloc[:, 1].map(SECTORS).astype(float),
            "Q2": [2.0, -99.0, None, 7.0, 1.0, 0.0, 3.0, 4.0],
            "Q3": table.iloc[:, 3].astype(object),
            "Q4": table.iloc[:, 4].astype(object),
        }
    )
    path = folder / "export.sav"
    pyreadstat.write_sav(
        frame,
        str(path),
        column_labels=["Unique Response Number", *[table.columns[1], "How many?"], *table.columns[3:5]],
        variable_value_labels={"Q1": {code: label for label, code in SECTORS.items()}},
        missing_ranges={"Q2": [-99.0]},
        **how,
    )
    return path


@pytest.mark.parametrize("how", [{}, {"row_compress": True}, {"compress": True}])
def test_an_spss_file_gives_the_answers_of_the_plain_table(tmp_path: Path, how: dict[str, object]) -> None:
    survey = ist.read_survey(_written(tmp_path, **how))
    assert survey.layout.name == "SPSS, labels as questions"
    answers = ["row", "question", "comment"]
    plain = ist.read_survey(EXPORTS / "plain.csv").comments
    pd.testing.assert_frame_equal(survey.comments[answers], plain[answers])
    whole = pd.concat(list(survey.comment_chunks(3)), ignore_index=True)
    pd.testing.assert_frame_equal(whole, survey.comments)


def test_codes_are_read_as_their_labels_and_missing_values_as_empty(tmp_path: Path) -> None:
    survey = ist.read_survey(_written(tmp_path))
    assert survey.table["Q1"].tolist()[:3] == ["Public", "Public", "Private"]
    assert survey.table["Q2"].tolist() == ["2", "", "", "7", "1", "0", "3", "4"]
    assert survey.notes[0] == "values that 1 variables declare missing are read as empty"
    assert survey.responses.preview == [0]
    assert {entry.column.name: entry.role for entry in survey.roles} == {
        "URN": "id",
        "Q1": "segment",
        "Q2": "number",
        "Q3": "comment",
        "Q4": "comment",
    }


def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path)
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(ist.MissingExtraError, match=r"pip install 'infoshare-text\[spss\]'"):
        ist.read_survey(path)


def test_a_damaged_file_is_refused_in_words(tmp_path: Path) -> None:
    path = _written(tmp_path)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(ist.InputError, match="the SPSS file is damaged"):
        ist.read_survey(path)
    path.write_text("id,comment\n1,fine\n", encoding="utf-8")
    with pytest.raises(ist.InputError, match="the name says sav, the content is csv"):
        ist.read_survey(path)


def test_an_spss_file_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ist.OutputError):
        ist.write_table(pd.DataFrame({"comment": ["x"]}), tmp_path / "out.sav")


def test_a_file_that_ends_the_process_which_reads_it_is_refused_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _written(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "pyreadstat.py").write_text("import os\nos.abort()\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    with pytest.raises(ist.InputError, match=r"export\.sav: the SPSS file is damaged"):
        ist.read_survey(path)


def test_reading_may_stop_in_the_middle_of_an_spss_file(tmp_path: Path) -> None:
    path = tmp_path / "long.sav"
    answers = [f"Answer {n} on how partners share what they know." for n in range(2_300)]
    pyreadstat.write_sav(pd.DataFrame({"Q1": answers}), str(path))
    chunks = ist.read_survey(path).comment_chunks(700)
    assert len(next(chunks)) == 700
    chunks.close()  # type: ignore[attr-defined]


def test_a_long_spss_file_is_read_to_its_end(tmp_path: Path) -> None:
    answers = [f"Answer {n} on how partners share what they know." for n in range(2_300)]
    path = tmp_path / "long.sav"
    pyreadstat.write_sav(pd.DataFrame({"ID": [float(n) for n in range(2_300)], "Q1": answers}), str(path))
    chunks = list(ist.read_survey(path).comment_chunks(700))
    assert [len(chunk) for chunk in chunks] == [700, 700, 700, 200]
    assert pd.concat(chunks)["comment"].tolist() == answers


def test_a_date_that_no_calendar_has_is_a_damaged_file(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "export.sav"
    frame = pd.DataFrame({"D": [1.3e10, 1e30], "Q": ["Partners rang back.", "Nobody owns it."]})
    pyreadstat.write_sav(frame, str(path), variable_format={"D": "DATE11"})
    with pytest.raises(ist.InputError, match="the SPSS file is damaged"):
        ist.read_survey(path)
    assert not capfd.readouterr().err


def test_thousands_of_long_names_are_no_matter(tmp_path: Path) -> None:
    table = pd.DataFrame(np.ones((1_100, 2_300)), columns=[f"V{n:05}_{'x' * 50}" for n in range(2_300)])
    table["Q1"] = [f"Answer {n} on how partners share." for n in range(1_100)]
    pyreadstat.write_sav(table, str(tmp_path / "wide.sav"))
    assert len(ist.read_survey(tmp_path / "wide.sav", text="Q1").comments) == 1_100
