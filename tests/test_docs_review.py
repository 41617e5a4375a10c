"""The commands of docs/review-and-agreement.md do what the page says."""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from click.testing import Result
from conftest import ROOT

PAGE = (ROOT / "docs" / "review-and-agreement.md").read_text(encoding="utf-8")


def _code_by_hand(path: Path, first_theme_in: int) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    at = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        length = len(str(sheet.cell(row, at["comment"]).value))
        sheet.cell(row, at["done"]).value = "yes"
        sheet.cell(row, at["Leadership"]).value = int(length % first_theme_in == 0)
    book.save(path)


def test_the_page_can_be_followed(run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    commands = [
        shlex.split(line)[1:]
        for block in re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
        for line in block.splitlines()
    ]
    assert [command[0] for command in commands] == ["review", "agreement", "agreement"]
    assert "60 of 964 different comments drawn" in run(*commands[0]).output
    _code_by_hand(tmp_path / "review-coder1.xlsx", 2)
    _code_by_hand(tmp_path / "review-coder2.xlsx", 4)
    assert "60 comments coded by two at least" in run(*commands[1]).output
    found = json.loads(run(*commands[2], "-q").output)
    settle = pd.read_csv(tmp_path / "settle.csv")
    assert len(found["disagreements"]) == len(settle) > 0
    (python,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    names: dict[str, object] = {}
    exec(python, names)
    assert len(names["labelled"]) == 60  # type: ignore[arg-type]
