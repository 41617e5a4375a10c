"""Models: what ships is whole, what is built twice is the same, and the built table equals the fitted weights."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT

from infoshare_text.cleaning.words import word_list
from infoshare_text.coding.confidence import Calibration
from infoshare_text.coding.model_folder import load_themes, load_vectors, shipped
from infoshare_text.coding.sealed_folder import read_manifest
from infoshare_text.coding.themes import ThemeModel
from infoshare_text.training.build import build, save
from infoshare_text.training.labelled import LabelledComments, corpus_digest, read_corpus, read_wordings
from infoshare_text.training.learner import SHIPPED, Learnt
from infoshare_text.training.shipped_figures import calibration_error

CORPUS = ROOT / "models" / "corpus"


@pytest.fixture(scope="module")
def corpus() -> LabelledComments:
    return read_corpus(CORPUS)


@pytest.fixture(scope="module")
def small(corpus: LabelledComments) -> LabelledComments:
    return corpus.only(np.flatnonzero(np.isin(corpus.writers, ["a", "b", "c"]))[::4])


def test_what_ships_was_trained_on_the_corpus_that_ships() -> None:
    for name in ("theme-classifier", "sentiment", "accurate"):
        assert read_manifest(shipped(name))["training_digest"] == corpus_digest(CORPUS)


def test_the_model_is_as_good_as_it_must_be() -> None:
    metrics = read_manifest(shipped("theme-classifier"))["metrics"]
    assert metrics["themes"]["macro_f1"][0] >= 0.78
    assert metrics["themes"]["expected_calibration_error"] <= 0.03


def test_the_cards_hold_the_figures_of_the_manifest() -> None:
    folder = shipped("theme-classifier")
    themes = read_manifest(folder)["metrics"]["themes"]
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert f"macro F1 {themes['macro_f1'][0]:.3f} [" in card
    for row in themes["per_theme"]:
        assert f"| {row['name']} | {row['support']:,} | {row['precision']:.3f} | {row['recall']:.3f} |" in card
    assert "synthetic" in card


def test_models_are_small_enough() -> None:
    folders = [shipped(name) for name in ("theme-classifier", "sentiment", "vectors")]
    assert sum(path.stat().st_size for folder in folders for path in folder.iterdir()) <= 40_000_000


def test_built_twice_the_bytes_are_the_same(small: LabelledComments, tmp_path: Path) -> None:
    wordings = read_wordings(CORPUS)
    for name in ("one", "two"):
        save(build(small, load_vectors(), wordings, {}), tmp_path / name, {"training_digest": "x"})
    one, two = (sorted((tmp_path / name).rglob("*.*")) for name in ("one", "two"))
    assert [path.name for path in one] == [path.name for path in two]
    assert len(one) == 12
    for a, b in zip(one, two, strict=True):
        assert a.read_bytes() == b.read_bytes(), a.name


def test_the_table_of_words_equals_the_fitted_weights(small: LabelledComments) -> None:
    learnt = Learnt.from_comments(small, load_vectors(), SHIPPED)
    themes, stances, sentiment = learnt.scores(small)
    assert stances is not None and sentiment is not None
    linear, tone = learnt.theme_model(small), learnt.sentiment_model(small)
    assert tone is not None
    nothing = Calibration(np.ones(len(linear.outputs), np.float32), np.zeros(len(linear.outputs), np.float32))
    model = ThemeModel(small.codebook, linear, nothing, np.zeros(6, np.float32), 0.5, 0, 0)
    expected = np.hstack([themes, stances.reshape(len(small), -1)])
    np.testing.assert_allclose(model.scores(linear.find(small.table), small.questions), expected, atol=2e-3)
    np.testing.assert_allclose(tone.scores(small.table, small.questions), sentiment, atol=2e-3)


def test_a_built_model_is_loaded_as_it_was(small: LabelledComments, tmp_path: Path) -> None:
    built = build(small, load_vectors(), read_wordings(CORPUS), {})
    save(built, tmp_path, {})
    loaded = load_themes(tmp_path / "theme-classifier")
    assert loaded.codebook == built.themes.codebook
    np.testing.assert_allclose(
        loaded.scores(loaded.linear.find(small.table), small.questions),
        built.themes.scores(built.themes.linear.find(small.table), small.questions),
        atol=1e-4,
    )


def test_a_model_retrained_in_its_place_is_loaded_anew(small: LabelledComments, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(shipped("theme-classifier"), tmp_path / "theme-classifier")
    (tmp_path / "theme-classifier" / ".DS_Store").write_bytes(b"left by a desktop")
    before = load_themes(tmp_path / "theme-classifier")
    save(build(small, load_vectors(), read_wordings(CORPUS), {}), tmp_path, {})
    after = load_themes(tmp_path / "theme-classifier")
    assert len(after.linear.words) != len(before.linear.words)


def test_calibration_error_of_a_known_case() -> None:
    p = np.array([[0.25], [0.25], [0.25], [0.25]], dtype=np.float32)
    assert calibration_error(p, np.array([[True], [False], [False], [False]])) == 0
    assert calibration_error(p, np.array([[True], [True], [False], [False]])) == 0.25


def test_every_comment_of_the_corpus_is_there_once(corpus: LabelledComments) -> None:
    assert len(set(corpus.ids)) == len(corpus)
    long = [" ".join(text.lower().split()) for text in corpus.texts if len(text.split()) > 6]
    assert len(set(long)) == len(long)


def test_no_two_comments_are_nearly_the_same(corpus: LabelledComments) -> None:
    """Over half of the four-word runs shared, in a comment of eight words or more."""
    holders: dict[tuple[str, ...], list[int]] = {}
    near = []
    for i, text in enumerate(corpus.texts):
        words = re.findall(r"[a-z0-9']+", text.lower().replace("’", "'"))
        runs = {tuple(words[k : k + 4]) for k in range(len(words) - 3)}
        shared = Counter(j for run in runs for j in holders.get(run, ()))
        if len(words) >= 8 and any(times / len(runs) > 0.5 for times in shared.values()):
            near.append(corpus.ids[i])
        for run in runs:
            holders.setdefault(run, []).append(i)
    assert near == []


def test_every_writer_has_a_brief_and_every_second_coding_a_comment(corpus: LabelledComments) -> None:
    briefs = tomllib.loads((CORPUS / "writers.toml").read_text(encoding="utf-8"))
    assert set(briefs) == set(corpus.writers)
    assert all(brief["brief"] and brief["register"] for brief in briefs.values())
    codings = (CORPUS / "second_codings.jsonl").read_text(encoding="utf-8").splitlines()
    assert {json.loads(line)["id"] for line in codings} <= set(corpus.ids)


def test_the_example_was_not_drawn_from_the_corpus(corpus: LabelledComments, example: Path) -> None:
    import infoshare_text as ist

    answers = {" ".join(word_list(text)) for text in ist.read_survey(example).comments["comment"]}
    trained = {" ".join(word_list(text)) for text in corpus.texts}
    assert not {text for text in answers & trained if len(text.split()) > 5}


def test_the_corpus_holds_no_address(corpus: LabelledComments) -> None:
    address = re.compile(r"\S+@(?!example)\S+\.\S+|https?://(?!\S*example)")
    assert [i for i, text in zip(corpus.ids, corpus.texts, strict=True) if address.search(text)] == []


def test_a_wheel_in_an_empty_environment_finds_the_models(tmp_path: Path) -> None:
    build_wheel = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)]
    subprocess.run(build_wheel, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        assert "infoshare_text/models/theme-classifier/model.json" in archive.namelist()
    venv.create(tmp_path / "env", system_site_packages=False, with_pip=False)
    site = next((tmp_path / "env").glob("lib*/python*/site-packages"), tmp_path / "env" / "Lib" / "site-packages")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    # The dependencies come from this environment; the library and its models only from the wheel.
    dependencies = [path for path in sys.path if path.endswith("site-packages")]
    code = (
        "import sys, json, infoshare_text as ist\n"
        "from infoshare_text.coding.model_folder import shipped\n"
        "coded = ist.classify(['Nobody at the top owns this.'])\n"
        "print(json.dumps([ist.__file__, str(shipped('sentiment')), int(coded.loc[0, 'theme_leadership'])]))"
    )
    python = tmp_path / "env" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    separator = ";" if sys.platform == "win32" else ":"
    environment = {"PYTHONPATH": separator.join([str(site), *dependencies]), "PATH": "", "SYSTEMROOT": "C:\\Windows"}
    done = subprocess.run(
        [str(python), "-c", code], check=True, capture_output=True, text=True, env=environment, cwd=tmp_path
    )
    library, model, theme = json.loads(done.stdout)
    assert Path(library).is_relative_to(site)
    assert Path(model).is_relative_to(site)
    assert theme == 1
