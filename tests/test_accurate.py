"""The accurate model: a transformer beside the linear one; what it adds, what it refuses, what it never depends on."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import Result

import infoshare_text as ist
from infoshare_text.coding.classify import Coder
from infoshare_text.coding.encoder import Encoder
from infoshare_text.coding.model_folder import load_accurate, shipped
from infoshare_text.coding.sealed_folder import read_manifest

Run = Callable[..., Result]
ANSWERS = [
    "Nobody at the top owns this.",
    "They sat with us until it was sorted, and rang the next day to see how we were.",
    "",
    "n/a",
    "The training was superb, but managers never back it.",
    "Gwybodaeth yn hwyr iawn bob tro ac nid oes neb yn gwybod pam.",
    "Tell families what is kept about them, and let them see it. " * 40,
    "👍",
]


@pytest.fixture(scope="module")
def coded() -> pd.DataFrame:
    return ist.classify(ANSWERS, accurate=True)


def test_it_gives_the_columns_of_the_default_model(coded: pd.DataFrame) -> None:
    plain = ist.classify(ANSWERS)
    assert list(coded.columns) == list(plain.columns)
    assert coded["status"].tolist() == plain["status"].tolist()
    assert coded.dtypes.equals(plain.dtypes)


def test_it_is_another_reading(coded: pd.DataFrame) -> None:
    assert coded.loc[0, "theme_leadership"] == 1
    assert coded.loc[1, "sentiment"] == "positive"
    assert coded.loc[4, "sentiment"] == "mixed"
    assert coded.loc[0, "p_leadership"] != ist.classify(ANSWERS).loc[0, "p_leadership"]


def test_rules_of_cleaning_stand_above_it(coded: pd.DataFrame) -> None:
    assert "not_english" in str(coded.loc[5, "review"])
    assert coded.loc[5, "sentiment"] == "neutral"
    assert not coded.filter(regex="^theme_").loc[5].any()


def test_a_comment_is_read_alike_in_any_company(coded: pd.DataFrame) -> None:
    alone = pd.concat([ist.classify([answer], accurate=True) for answer in ANSWERS], ignore_index=True)
    same = [name for name in coded.columns if name not in {"row", "duplicate_of"}]
    pd.testing.assert_frame_equal(alone[same], coded[same])
    turned = ist.classify(ANSWERS[::-1], accurate=True)[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(turned[same], coded[same])


def test_the_command_codes_as_the_library_does(run: Run, tmp_path: Path, coded: pd.DataFrame) -> None:
    export, target = tmp_path / "answers.csv", tmp_path / "coded.jsonl"
    export.write_text("id,comment\n" + "".join(f'{n},"{text}"\n' for n, text in enumerate(ANSWERS)), encoding="utf-8")
    result = run("classify", export, "--text", "comment", "-o", target, "--accurate", "-q")
    assert result.exit_code == 0, result.output
    rows = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert [row["sentiment"] for row in rows] == coded["sentiment"].tolist()
    assert rows[0]["theme_leadership"] == 1


def test_it_goes_with_no_other_model_and_has_no_evidence(run: Run, tmp_path: Path) -> None:
    with pytest.raises(ist.InputError, match="a choice of the model that comes with the library"):
        ist.classify(ANSWERS, model=shipped("theme-classifier"), accurate=True)
    with pytest.raises(ist.InputError, match="an accurate model has no evidence"):
        ist.classify(ANSWERS, accurate=True, evidence=True)
    export = tmp_path / "answers.csv"
    export.write_text("id,comment\n1,Nobody owns it\n", encoding="utf-8")
    result = run("classify", export, "--accurate", "--evidence", "-o", tmp_path / "coded.csv")
    assert result.exit_code == 1
    assert "an accurate model has no evidence" in result.stderr
    assert not (tmp_path / "coded.csv").exists()


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_a_missing_package_is_named(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ist.MissingExtraError, match=rf"{missing}.*pip install 'infoshare-text\[accurate\]'"):
        Encoder.at(shipped("accurate"))


def test_an_altered_network_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "accurate"
    shutil.copytree(shipped("accurate"), folder)
    whole = (folder / "encoder.onnx").read_bytes()
    (folder / "encoder.onnx").write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ist.ModelFolderError, match=r"encoder\.onnx was altered after it was written"):
        load_accurate(folder)


def test_an_encoder_of_another_corpus_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "accurate"
    shutil.copytree(shipped("accurate"), folder)
    manifest = read_manifest(folder)
    monkeypatch.setattr(
        "infoshare_text.coding.model_folder.read_manifest",
        lambda place, kind=None: manifest | {"training_digest": "another"} if place == folder else manifest,
    )
    with pytest.raises(ist.ModelFolderError, match="was trained on another corpus than the models that ship"):
        load_accurate(folder)


def test_the_card_says_what_was_measured() -> None:
    manifest = read_manifest(shipped("accurate"))
    mean, linear = manifest["metrics"], manifest["metrics_of_the_linear_model"]
    for name, part, key in [("themes", "themes", "macro_f1"), ("sentiment", "sentiment", "macro_f1")]:
        gain, low, _ = manifest["gains"][name]
        assert low > 0
        assert gain == pytest.approx(mean[part][key][0] - linear[part][key][0], abs=2e-4)
    card = (shipped("accurate") / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"{mean['themes']['macro_f1'][0]:.3f} [" in card
    assert "Apache License" in (shipped("accurate") / "LICENCE.txt").read_text(encoding="utf-8")


def test_a_coder_is_loaded_once() -> None:
    assert Coder.load(accurate=True).themes is Coder.load(accurate=True).themes
    assert np.allclose(Coder.load(accurate=True).themes.thresholds, load_accurate()[0].thresholds)


def test_the_network_tells_nothing_of_the_machine_it_was_made_on() -> None:
    network = (shipped("accurate") / "encoder.onnx").read_bytes()
    assert not [trace for trace in (b"site-packages", b"/src/", b".py", b"/home/", b"Users") if trace in network]
