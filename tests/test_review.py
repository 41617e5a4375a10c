"""Review: what is drawn and why, the workbook to code in, and reading it back whatever was done to it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import invented
import numpy as np
import openpyxl
import pandas as pd
import pytest
from click.testing import Result
from invented import comments
from openpyxl.worksheet.worksheet import Worksheet

import infoshare_text as ist
from infoshare_text.codebook import Codebook, Theme
from infoshare_text.errors import ColumnError, InputError, OutputError
from infoshare_text.training.labelled import LabelledComments

BOOK = ist.default_codebook()
COMMENTS = [
    "Nobody at the top owns this",
    "NOBODY at the top owns this!",
    "Staff have had no training on what they may share",
    "=1+1 is all the guidance we got",
    "The police take our data and never give any back",
    "n/a",
    "",
    "Families were never told who would see their records",
    "Everyone hides behind data protection",
    "Being in one office sorted it overnight",
    "Guidance was given, training was good",
]


@pytest.fixture(scope="module")
def survey() -> pd.DataFrame:
    return ist.read_survey("examples/state_of_the_nation.csv").comments


@pytest.fixture(scope="module")
def draw(survey: pd.DataFrame) -> pd.DataFrame:
    return ist.draw_for_review(survey, 60, seed=1)


@pytest.fixture(scope="module")
def blank_workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("review") / "review.xlsx"
    ist.write_review(ist.draw_for_review(COMMENTS, 20), path, BOOK)
    return path


def _sheet(path: Path) -> tuple[Any, Worksheet, dict[str, int]]:
    book = openpyxl.load_workbook(path)
    sheet = book["coding"]
    return book, sheet, {str(cell.value): cell.column for cell in sheet[1]}


def _code(path: Path, target: Path, coding: Callable[[str], dict[str, object]]) -> None:
    """Fill in a workbook with another program than the one that wrote it."""
    book, sheet, column = _sheet(path)
    for row in range(2, sheet.max_row + 1):
        for name, value in coding(str(sheet.cell(row, column["comment"]).value)).items():
            sheet.cell(row, column[name]).value = value  # type: ignore[assignment]
    book.save(target)


def _by_hand(comment: str) -> dict[str, object]:
    if "top" in comment:
        return {"done": "yes", "Leadership": 1, "Leadership: stance": "barrier", "sentiment": "negative"}
    if "training" in comment:
        return {"done": "yes", "Professional development": 1, "Professional development: stance": "barrier;need"}
    return {"done": "yes"}


def _read(path: Path, **options: Any) -> LabelledComments:
    return ist.read_labelled(path, BOOK, **{"least_examples": 0, **options})


def _themes(labelled: LabelledComments) -> dict[str, list[str]]:
    return {
        text: [key for key, there in zip(BOOK.keys, row, strict=True) if there]
        for text, row in zip(labelled.texts, labelled.themes, strict=True)
    }


def test_the_draw_is_the_same_for_the_same_seed_whatever_the_order(survey: pd.DataFrame, draw: pd.DataFrame) -> None:
    again = ist.draw_for_review(survey.sample(frac=1, random_state=3), 60, seed=1)
    assert set(again["comment"]) == set(draw["comment"])
    pd.testing.assert_frame_equal(ist.draw_for_review(survey, 60, seed=1), draw)
    assert set(ist.draw_for_review(survey, 60, seed=2)["id"]) != set(draw["id"])


def test_each_comment_is_drawn_once_with_its_reason(draw: pd.DataFrame) -> None:
    assert len(draw) == 60
    assert draw["id"].is_unique
    assert draw["comment"].is_unique
    first = draw["drawn_for"].str.partition(";")[0]
    assert first.value_counts()["random"] == 15
    assert set(first) <= {"random", "unsure", "unlike_training", "disagreeing_neighbours", "least_sure"}
    reviewed = draw["review"].str
    assert reviewed.contains("unsure")[first == "unsure"].all()
    assert reviewed.contains("unlike_training")[first == "unlike_training"].all()
    assert (draw["inclusion"].notna() == (first == "random")).all()
    assert draw["inclusion"].dropna().unique() == [15 / draw["pool"].iloc[0]]


def test_blank_and_empty_answers_are_never_drawn_and_the_same_words_once() -> None:
    drawn = ist.draw_for_review(COMMENTS, 100)
    assert len(drawn) == drawn["pool"].iloc[0] == 8
    assert drawn["same"].sum() == 9
    assert (drawn["inclusion"] == 1).all()


def test_estimates_from_the_random_share_are_unbiased() -> None:
    comments = [f"Training on {word} is what we need here" for word in "abcdefghijklmnopqrst"]
    truth = np.array([word < "f" for word in "abcdefghijklmnopqrst"])
    estimates = []
    for seed in range(80):
        drawn = ist.draw_for_review(comments, 10, seed=seed, random_share=0.8)
        chance = drawn.set_index("comment")["inclusion"].reindex(comments).to_numpy()
        estimates.append(np.nansum(truth / chance) / len(comments))
    standard_error = np.sqrt(0.25 * 0.75 / 8 * (12 / 19) / 80)
    assert abs(np.mean(estimates) - 0.25) < 4 * standard_error


def test_neighbours_that_the_model_coded_differently_come_in_pairs() -> None:
    from infoshare_text.training.review import NEIGHBOURS

    fill = [f"The {word} project board meets on alternate {word} days" for word in "abcdefghijkl"]
    pair = [
        "Nobody senior ever signs the consortium paperwork off here",
        "Nobody ever signs the consortium paperwork off here",
    ]
    assert ist.classify(pair)["theme_leadership"].tolist() == [1, 0]
    drawn = ist.draw_for_review(fill + pair, 8, random_share=0)
    reasons = drawn.set_index("comment")["drawn_for"]
    assert all(NEIGHBOURS in reasons[comment] for comment in pair)


def test_where_one_code_is_possible_the_least_sure_are_those_of_the_smallest_lead() -> None:
    from infoshare_text.training.review import _pool, _reasons

    coder = ist.train_theme_classifier(invented.comments(90, multi_label=False))
    coded = ist.classify(invented.comments(40, seed=5).texts, model=coder)
    pool = _pool(coded, 0)
    p = pool[[f"p_{key}" for key in coder.keys]].to_numpy(dtype=np.float32)
    margins = coder.themes.margins(p)[_reasons(pool, coder, np.zeros(len(pool), dtype=bool)).order]
    assert (np.diff(margins) >= 0).all()


def test_what_the_model_learnt_from_is_chosen_last_though_seen_masked(tmp_path: Path) -> None:
    known = comments(40)
    known.texts[0] = "Mrs Okafor at the desk is rude, says Ayesha Okafor"
    masked = replace(known, texts=[ist.redact(text) for text in known.texts])
    ist.train_theme_classifier(masked).save(tmp_path / "model")
    fresh = comments(30, seed=5).texts
    drawn = ist.draw_for_review(known.texts + fresh, 25, random_share=0, model=tmp_path / "model")
    assert set(drawn["comment"]) <= set(fresh)
    assert len(ist.draw_for_review(known.texts + fresh, 60, random_share=0, model=tmp_path / "model")) == 60


def test_personal_data_is_masked_before_anybody_sees_it(tmp_path: Path) -> None:
    def mask(comment: str) -> str:
        return comment.replace("police", "[BODY]")

    drawn = ist.draw_for_review(COMMENTS, 20, mask=mask)
    ist.write_review(drawn, tmp_path / "review.xlsx", BOOK)
    _code(tmp_path / "review.xlsx", tmp_path / "coded.xlsx", _by_hand)
    texts = _read(tmp_path / "coded.xlsx").texts
    assert "The [BODY] take our data and never give any back" in texts
    assert not any("police" in text for text in texts)


def test_blind_leaves_no_trace_of_the_model(tmp_path: Path) -> None:
    ist.write_review(ist.draw_for_review(COMMENTS, 20, blind=True), tmp_path / "blind.xlsx", BOOK)
    _, sheet, column = _sheet(tmp_path / "blind.xlsx")
    assert "suggested by the model" not in column
    for name in [*(theme.label for theme in BOOK.themes), "sentiment"]:
        assert {cell.value for cell in list(sheet.columns)[column[name] - 1][1:]} == {None}


def test_the_workbook_has_what_a_coder_needs(blank_workbook: Path) -> None:
    book, sheet, column = _sheet(blank_workbook)
    assert sheet.freeze_panes == "C2"
    lists = {str(v.sqref).split(":")[0]: v.formula1 for v in sheet.data_validations.dataValidation}
    letter = {name: openpyxl.utils.get_column_letter(at) for name, at in column.items()}
    assert lists[f"{letter['Leadership']}2"] == '"1,0"'
    choices = {"stance": lists[f"{letter['Leadership: stance']}2"], "sentiment": lists[f"{letter['sentiment']}2"]}
    cells = {
        name: [c.value for (c,) in book["lists"][formula.split("!")[1].replace("$", "")]]
        for name, formula in choices.items()
    }
    assert cells["sentiment"] == list(BOOK.sentiments)
    assert cells["stance"][:4] == ["barrier", "enabler", "need", "barrier;enabler"]
    assert BOOK.themes[0].exclude in str(sheet.cell(1, column["Leadership"]).comment.text)
    assert BOOK.themes[5].include in {cell.value for row in book["codebook"] for cell in row}
    assert sheet.column_dimensions[letter["suggested by the model"]].hidden
    assert not sheet.cell(2, column["Leadership"]).protection.locked
    assert sheet.cell(2, column["comment"]).protection.locked
    assert sheet.cell(2, column["comment"]).alignment.wrap_text
    comments = {cell.value: cell.data_type for cell in list(sheet.columns)[column["comment"] - 1]}
    assert comments["=1+1 is all the guidance we got"] == "s"


def test_the_same_draw_gives_the_same_bytes(blank_workbook: Path, tmp_path: Path) -> None:
    ist.write_review(ist.draw_for_review(COMMENTS, 20), tmp_path / "again.xlsx", BOOK)
    assert (tmp_path / "again.xlsx").read_bytes() == blank_workbook.read_bytes()


def test_what_was_sorted_cut_and_rearranged_reads_back_exactly(blank_workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "coded.xlsx"
    _code(blank_workbook, path, _by_hand)
    whole = _themes(_read(path))
    assert {text: codes for text, codes in whole.items() if codes} == {
        "Nobody at the top owns this": ["leadership"],
        "Staff have had no training on what they may share": ["professional_development"],
        "Guidance was given, training was good": ["professional_development"],
    }
    labelled = _read(path)
    at = labelled.texts.index("Staff have had no training on what they may share")
    assert labelled.stances[at, 5].tolist() == [True, False, True]
    assert labelled.sentiments[labelled.texts.index("Nobody at the top owns this")] == "negative"
    table = pd.read_excel(path, sheet_name="coding", dtype=object, engine="openpyxl")
    table = table.sort_values("comment").iloc[2:, ::-1].rename(columns={"id": "ref"})
    table.to_csv(tmp_path / "sorted.csv", index=False, encoding="utf-8-sig")
    again = _read(tmp_path / "sorted.csv")
    assert _themes(again) == {text: whole[text] for text in again.texts}
    assert len(again) == len(whole) - 2
    assert set(again.ids) <= set(labelled.ids)


def test_every_fault_of_a_workbook_is_named_with_its_place(blank_workbook: Path, tmp_path: Path) -> None:
    path = tmp_path / "coded.xlsx"
    _code(blank_workbook, path, _by_hand)
    book, sheet, column = _sheet(path)
    sheet.cell(2, column["done"]).value = None
    sheet.cell(2, column["Leadership"]).value = 1
    sheet.cell(3, column["Risk management: stance"]).value = "obstacle"
    sheet.cell(4, column["Leadership"]).value = "perhaps"
    sheet.cell(5, column["comment"]).value = "Something else was written over it"
    sheet.cell(6, column["comment"]).value = None
    for name in ("done", *(theme.label for theme in BOOK.themes), "sentiment"):
        sheet.cell(7, column[name]).value = None
    sheet.cell(1, column["Citizen engagement"]).value = "Citizens engaged"
    book.save(path)
    with pytest.raises(InputError, match="faults") as caught:
        _read(path)
    message = str(caught.value)
    for expected in (
        "sheet 'coding', row 2: filled in part: nothing in column F 'Vision and collaboration'",
        "row 3: column I 'Risk management: stance' holds 'obstacle', which is no stance",
        "row 4: column D 'Leadership' holds 'perhaps'",
        "row 5: the comment in this row is not the one that was drawn under its id",
        "row 6: column B 'comment' is empty in a row with codes",
        "row 7: not coded",
        "no column for the code 'Citizen engagement'. Was column J 'Citizens engaged' renamed?",
    ):
        assert expected in message, message
    assert "written over" not in message


def test_uncoded_rows_can_be_left_for_later(blank_workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not coded"):
        _read(blank_workbook)
    with pytest.raises(InputError, match="no comment is coded yet"):
        _read(blank_workbook, leave_out=["uncoded"])
    _code(blank_workbook, tmp_path / "half.xlsx", lambda comment: _by_hand(comment) if "top" in comment else {})
    assert _read(tmp_path / "half.xlsx", leave_out=["uncoded"]).texts == ["Nobody at the top owns this"]


def test_the_sheet_to_code_in_is_read_wherever_it_stands_and_wants_its_done(
    blank_workbook: Path, tmp_path: Path
) -> None:
    path = tmp_path / "coded.xlsx"
    _code(blank_workbook, path, _by_hand)
    whole = _themes(_read(path))
    book, sheet, column = _sheet(path)
    book.move_sheet(sheet, 2)
    book.save(path)
    assert _themes(_read(path)) == whole
    sheet.delete_cols(column["done"])
    book.save(path)
    with pytest.raises(InputError, match=r"sheet 'coding': there is no column 'done'\. Put it back"):
        _read(path)


def test_rows_that_nobody_came_to_stay_uncoded_whatever_blanks_mean(blank_workbook: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"not coded\. Code them and write yes under 'done'"):
        _read(blank_workbook, blank_is_absent=True)
    _code(blank_workbook, tmp_path / "half.xlsx", lambda comment: {"Leadership": 1} if "top" in comment else {})
    labelled = _read(tmp_path / "half.xlsx", leave_out=["uncoded"], blank_is_absent=True)
    assert labelled.texts == ["Nobody at the top owns this"]


def test_the_steps_on_the_sheet_speak_of_this_codebook_alone(tmp_path: Path) -> None:
    book = replace(BOOK, stances={}, sentiments={}, multi_label=False)
    ist.write_review(ist.draw_for_review(COMMENTS, 20, blind=True), tmp_path / "own.xlsx", book)
    steps = [str(row[0].value) for row in openpyxl.load_workbook(tmp_path / "own.xlsx")["codebook"].iter_rows()]
    assert "under the one theme that it speaks to most" in steps[1]
    assert not any("stance" in step or "sentiment" in step for step in steps)
    assert steps[2].startswith("2. Write yes under 'done'")


def test_answers_of_one_respondent_are_one_group(tmp_path: Path) -> None:
    answers = pd.DataFrame({"worst": ["No training at all", "Bosses hide"], "best": ["Trust between us", "Joint team"]})
    drawn = ist.draw_for_review(answers, 10, text=["worst", "best"])
    ist.write_review(drawn, tmp_path / "review.xlsx", BOOK)
    _code(tmp_path / "review.xlsx", tmp_path / "coded.xlsx", lambda _: {"done": "yes"})
    labelled = _read(tmp_path / "coded.xlsx")
    writer = dict(zip(labelled.texts, labelled.writers, strict=True))
    assert writer["No training at all"] == writer["Trust between us"] != writer["Joint team"]
    assert set(labelled.questions) == {"worst", "best"}


@pytest.mark.parametrize("stances", [{}, {f"s{i}": "" for i in range(6)}])
def test_any_codebook_makes_a_workbook_that_reads_back(tmp_path: Path, stances: dict[str, str]) -> None:
    labels = ["Note", "Comment", "Twice", "Twice", "Parking, access", *(f"Code {i}" for i in range(100))]
    book = Codebook("Own", "1", tuple(Theme(f"k{i}", label, "") for i, label in enumerate(labels)), stances, {})
    drawn = ist.draw_for_review(COMMENTS, 20, blind=True)
    ist.write_review(drawn, tmp_path / "own.xlsx", book)
    _code(
        tmp_path / "own.xlsx",
        tmp_path / "coded.xlsx",
        lambda _: {"done": "yes", "theme_k1": 1, "theme_k3": 1, "Code 7": 1},
    )
    labelled = ist.read_labelled(tmp_path / "coded.xlsx", book, least_examples=0)
    assert [book.keys[j] for j in np.flatnonzero(labelled.themes.all(axis=0))] == ["k1", "k3", "k12"]
    assert labelled.themes.any(axis=0).sum() == 3


def test_a_comment_too_long_for_a_cell_is_cut_and_says_so(tmp_path: Path) -> None:
    drawn = ist.draw_for_review(["Training 🙂 " * 9000], 5)
    ist.write_review(drawn, tmp_path / "long.xlsx", BOOK)
    _code(tmp_path / "long.xlsx", tmp_path / "coded.xlsx", lambda _: {"done": "yes"})
    assert _read(tmp_path / "coded.xlsx").texts[0].endswith("[…the rest does not fit a cell]")


def test_the_command_writes_a_workbook_for_each_coder(
    run: Callable[..., Result], tmp_path: Path, example: Path
) -> None:
    result = run("review", example, "-o", tmp_path / "r.xlsx", "-n", 12, "--coders", 2, "--blind")
    assert result.exit_code == 0, result.output
    assert "12 of 964 different comments drawn" in result.output
    one, two = (
        pd.read_excel(tmp_path / f"r-coder{k}.xlsx", sheet_name="coding", dtype=object, engine="openpyxl")
        for k in (1, 2)
    )
    assert one["id"].tolist() != two["id"].tolist()
    assert set(one["id"]) == set(two["id"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["r-coder1.xlsx", "r-coder2.xlsx"]
    comment = one["comment"].iloc[0]
    assert comment[:25] not in result.output


def test_a_coded_file_is_drawn_from_as_the_export_is(run: Callable[..., Result], tmp_path: Path, example: Path) -> None:
    assert run("classify", example, "-o", tmp_path / "coded.parquet", "-q").exit_code == 0
    for name, source in (("a", example), ("b", tmp_path / "coded.parquet")):
        assert run("review", source, "-o", tmp_path / f"{name}.xlsx", "-n", 10).exit_code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_wrong_wishes_are_refused_in_words(run: Callable[..., Result], tmp_path: Path, example: Path) -> None:
    result = run("review", example, "-o", tmp_path / "r.csv")
    assert result.exit_code == 1
    assert "a workbook to code in is an .xlsx file" in result.output
    assert run("review", example).exit_code == run("review", example, "-o", "x.xlsx", "-n", 0).exit_code == 2
    own = tmp_path / "own.xlsx"
    pd.DataFrame({"comment": ["Nobody at the top owns this, and nobody ever has"]}).to_excel(own, index=False)
    shutil.copy(own, tmp_path / "copy.xlsx")
    assert "there already, perhaps with somebody's coding" in run("review", own, "-o", own).output
    assert own.read_bytes() == (tmp_path / "copy.xlsx").read_bytes()
    with pytest.raises(InputError, match="no comment to review"):
        ist.draw_for_review(["n/a", ""], 5)
    with pytest.raises(InputError, match="between 0 and 1"):
        ist.draw_for_review(["Some comment"], 5, random_share=2)
    with pytest.raises(ColumnError, match="not for the codebook 'Own'"):
        ist.write_review(
            ist.draw_for_review(COMMENTS), tmp_path / "x.xlsx", Codebook("Own", "1", BOOK.themes[:2], {}, {})
        )
    with pytest.raises(ColumnError, match="no column 'id'"):
        ist.write_review(pd.DataFrame({"comment": ["x"]}), tmp_path / "x.xlsx", BOOK)
    with pytest.raises(OutputError, match="no folder"):
        ist.write_review(ist.draw_for_review(COMMENTS), tmp_path / "no" / "x.xlsx", BOOK)
    assert not list(tmp_path.glob("x*"))


def test_what_a_model_of_other_codes_coded_is_drawn_from_by_that_model(
    tmp_path: Path, run: Callable[..., Result]
) -> None:
    trained = ist.train_theme_classifier(comments(60))
    trained.save(tmp_path / "own")
    coded = ist.classify(comments(30, seed=3).texts, model=tmp_path / "own")
    coded.to_csv(tmp_path / "coded.csv", index=False)
    command = ["review", tmp_path / "coded.csv", "-o", tmp_path / "review.xlsx", "-n", 5]
    refused = run(*command)
    assert refused.exit_code == 1
    assert "by a model of other codes ('opening_hours', 'quiet', 'staff')" in refused.output
    assert "--model FOLDER" in refused.output
    assert not (tmp_path / "review.xlsx").exists()
    with pytest.raises(InputError, match="by a model of other codes"):
        ist.draw_for_review(coded)
    assert run(*command, "-m", tmp_path / "own").exit_code == 0
    assert {"Opening hours", "Quiet", "Staff"} <= set(_sheet(tmp_path / "review.xlsx")[2])
