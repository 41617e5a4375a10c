"""Every command that writes comments masks them where told to, with the rules and a pipeline of the user's own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
import pytest
import spacy
from click.testing import Result

import infoshare_text as ist

Run = Callable[..., Result]
COMMENTS = [
    "Ask Ayesha Okafor on 07700 900123 about the training",
    "xanadu oquist never rings back",
    "Nobody at the top owns any of this",
    "We were trained together and it helped",
]


@pytest.fixture
def pipeline(tmp_path: Path) -> Path:
    nlp = spacy.blank("en")
    nlp.add_pipe("entity_ruler").add_patterns(
        [{"label": "PERSON", "pattern": [{"LOWER": "xanadu"}, {"LOWER": "oquist"}]}]
    )
    nlp.to_disk(tmp_path / "nlp")
    return tmp_path / "nlp"


@pytest.fixture
def coders(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "ana.csv", tmp_path / "ben.csv"]
    for k, path in enumerate(paths):
        table = pd.DataFrame({"comment": COMMENTS})
        for theme in ist.default_codebook().keys:
            table[f"theme_{theme}"] = k if theme == "leadership" else 0
        table.to_csv(path, index=False)
    return paths


def test_agreement_masks_the_comments_that_it_writes(
    run: Run, tmp_path: Path, coders: list[Path], pipeline: Path
) -> None:
    out = tmp_path / "settle.jsonl"
    assert run("agreement", *coders, "-o", out).exit_code == 0
    assert set(COMMENTS) == set(pd.read_json(out, lines=True)["comment"])
    assert "there already" in run("agreement", *coders, "-o", out, "--redact").stderr
    assert run("agreement", *coders, "-o", out, "--redact", "--overwrite").exit_code == 0
    assert set(pd.read_json(out, lines=True)["comment"]) == {
        "Ask [FULL NAME] on [PHONE] about the training",
        *COMMENTS[1:],
    }
    arguments = ["--redact", "--kind", "name", "--nlp", pipeline, "--overwrite"]
    assert run("agreement", *coders, "-o", out, *arguments).exit_code == 0
    assert set(pd.read_json(out, lines=True)["comment"]) == {
        "Ask [FULL NAME] on 07700 900123 about the training",
        "[FULL NAME] never rings back",
        *COMMENTS[2:],
    }


def test_a_workbook_to_code_in_is_masked_unless_told_otherwise(run: Run, tmp_path: Path, pipeline: Path) -> None:
    source = tmp_path / "in.csv"
    pd.DataFrame({"comment": COMMENTS}).to_csv(source, index=False)
    expected: list[tuple[list[Any], str, str]] = [
        ([], "Ask [FULL NAME] on [PHONE] about the training", COMMENTS[1]),
        (
            ["--redact", "--nlp", pipeline],
            "Ask [FULL NAME] on [PHONE] about the training",
            "[FULL NAME] never rings back",
        ),
        (["--kind", "phone"], "Ask Ayesha Okafor on [PHONE] about the training", COMMENTS[1]),
        (["--no-redact"], COMMENTS[0], COMMENTS[1]),
    ]
    for i, (options, first, second) in enumerate(expected):
        path = tmp_path / f"review{i}.xlsx"
        assert run("review", source, "-o", path, "--blind", *options).exit_code == 0
        sheet = openpyxl.load_workbook(path)["coding"]
        names = [cell.value for cell in sheet[1]]
        comments = {str(cell.value) for cell in list(sheet.columns)[names.index("comment")][1:]}
        assert {first, second} <= comments
        # What was coded is matched by its id, which checks the words as the coder saw them.
        for row in range(2, sheet.max_row + 1):
            sheet.cell(row, names.index("done") + 1, "yes")
        sheet.parent.save(path)  # type: ignore[union-attr]
        labelled = ist.read_labelled(path, ist.default_codebook(), least_examples=0)
        assert set(labelled.texts) == comments


@pytest.mark.parametrize("command", ["classify", "review", "agreement"])
def test_how_to_mask_is_refused_where_nothing_is_masked(run: Run, example: Path, tmp_path: Path, command: str) -> None:
    arguments = [example, example] if command == "agreement" else [example]
    off = ["--no-redact"] if command == "review" else []
    for option in (["--kind", "name"], ["--nlp", "x"]):
        result = run(command, *arguments, "-o", tmp_path / "out.xlsx", *off, *option)
        assert (result.exit_code, "name --redact too" in result.stderr) == (2, True)
    if command == "agreement":
        assert "without it no comment is shown" in run(command, *arguments, "--redact").stderr


def test_a_pipeline_is_given_long_texts_in_pieces_and_no_half_character() -> None:
    nlp = spacy.blank("en")
    nlp.max_length = 60_000
    nlp.add_pipe("entity_ruler").add_patterns([{"label": "PERSON", "pattern": [{"LOWER": "xanadu"}]}])
    long = "all is well there " * 7_000
    assert ist.redact(f"{long}xanadu rang", nlp=nlp) == f"{long}[NAME] rang"
    assert ist.redact("x" * 130_000 + " xanadu", nlp=nlp) == "x" * 130_000 + " [NAME]"
    assert ist.redact("\ud83d xanadu 🙂 xanadu", nlp=nlp) == "\ud83d [NAME] 🙂 [NAME]"
    assert [(item.start, item.end) for item in ist.find_personal_data("🙂🙂 xanadu", nlp=nlp)] == [(3, 9)]
