"""The guide to retraining: its commands are run as they stand, on invented comments."""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result
from conftest import ROOT
from invented import KEYS, comments

import infoshare_text as ist

GUIDE = (ROOT / "docs" / "retraining.md").read_text(encoding="utf-8")


def _commands() -> list[str]:
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", GUIDE, flags=re.DOTALL)).splitlines()
    return [line.split("#")[0].strip() for line in lines if line]


def _write(name: str, n: int, seed: int) -> None:
    labelled = comments(n, seed=seed)
    table = pd.DataFrame({"respondent": labelled.writers, "comment": labelled.texts})
    for k, key in enumerate(KEYS):
        table[f"theme_{key}"] = labelled.themes[:, k].astype(int)
    table.to_csv(name, index=False)


def test_the_codebook_of_the_guide_is_one() -> None:
    (text,) = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)
    book = ist.Codebook.from_toml(text)
    assert book.keys == KEYS
    assert book.stances
    assert book.sentiments


def test_the_commands_of_the_guide_do_what_it_says(
    run: Callable[..., Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (text,) = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)
    Path("library.toml").write_text(text, encoding="utf-8")
    _write("labelled.csv", 300, 0)
    _write("more.csv", 100, 1)
    _write("test.csv", 100, 2)
    pd.DataFrame({"comment": comments(40, seed=3).texts}).to_csv("survey.csv", index=False)
    commands = _commands()
    assert [command.split()[1] for command in commands] == [
        *("themes", "train", "classify", "train", "evaluate", "evaluate", "review", "train"),
    ]
    outputs = []
    for command in commands:
        result = run(*shlex.split(command)[1:])
        assert result.exit_code == 0, f"{command}\n{result.output}"
        outputs.append(result.output)
    coded = pd.read_csv("coded.csv", encoding="utf-8-sig")
    assert coded["theme_quiet"].isin([0, 1]).all()
    assert "worth it" in outputs[1] or "bring little" in outputs[1]
    assert "has not seen" in outputs[-1]
    shutil.rmtree("library-model")
