"""The docs are true: what they show was run, what they count was measured."""

from __future__ import annotations

import doctest
import re
import runpy
import shlex
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result
from conftest import ROOT

README = ROOT / "README.md"


def test_the_python_in_the_readme_gives_what_it_says() -> None:
    failed, tried = doctest.testfile(str(README), module_relative=False, encoding="utf-8")
    assert tried > 4
    assert failed == 0


def test_the_python_on_files_out_gives_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testfile(str(ROOT / "docs" / "outputs.md"), module_relative=False, encoding="utf-8")
    assert tried == 5
    assert failed == 0


def test_reference_and_figures_are_as_written_from_the_code() -> None:
    pages = runpy.run_path(str(ROOT / "docs" / "reference.py"))
    for path, page in ((ROOT / "docs" / "reference.md", "reference"), (README, "readme")):
        assert pages[page]() == path.read_text(encoding="utf-8"), "run: python docs/reference.py"


def test_the_main_job_of_the_readme_does_what_it_says(run: Callable[..., Result], tmp_path: Path) -> None:
    (line,) = re.findall(r"infoshare-text (classify examples\S+ -o coded\.csv)", README.read_text(encoding="utf-8"))
    arguments = shlex.split(line.replace("coded.csv", (tmp_path / "coded.csv").as_posix()))
    assert run(*arguments).exit_code == 0
    coded = pd.read_csv(tmp_path / "coded.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert len(coded) == 3 * 430


def test_the_row_in_the_readme_is_a_row_of_the_example(run: Callable[..., Result], example: Path) -> None:
    text = README.read_text(encoding="utf-8")
    cells = re.search(r"\| (\d{12}) \| (.+?) \| (.+?) \| (.+?) \|", text)
    assert cells is not None
    import infoshare_text as ist

    table = ist.read_survey(example).table
    row = table[table["Respondent ID"] == cells[1]].iloc[0]
    assert [row.iloc[9], row.iloc[11], row["What stops information being shared well in your area?"]] == [
        cells[2],
        cells[3],
        cells[4],
    ]


def test_ci_runs_the_test_command_of_the_readme() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    for command in ("-c constraints.txt -e '.[test,topics]'", "python -m pytest"):
        assert command in ci
        assert command in readme


def test_every_link_in_the_docs_leads_somewhere() -> None:
    for page in [README, *(ROOT / "docs").glob("*.md"), *(ROOT / "models").glob("*/*.md")]:
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} -> {target}"


def test_the_example_script_does_what_the_command_does(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    script = ROOT / "examples" / "classify_export.py"
    code = [
        line for line in script.read_text(encoding="utf-8").splitlines() if line and not line.startswith(('"', "#"))
    ]
    assert len(code) <= 10
    monkeypatch.chdir(tmp_path)
    runpy.run_path(str(script))
    assert "SurveyMonkey, two header rows with 430 respondents" in capsys.readouterr().out
    result = run("classify", script.with_name("state_of_the_nation.csv"), "-o", tmp_path / "command.csv")
    assert result.exit_code == 0
    assert (tmp_path / "coded.csv").read_bytes() == (tmp_path / "command.csv").read_bytes()
