"""Models of one's own that learn from whole sentences too: trained, saved, used, refused, as any other."""

from __future__ import annotations

import copy
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import spacy
from click.testing import Result
from invented import KEYS, comments
from sklearn.base import clone

import infoshare_text as ist
from infoshare_text.coding.classify import Coder
from infoshare_text.coding.encoder import Encoder
from infoshare_text.coding.model_folder import load_encoder, load_vectors
from infoshare_text.training.cross_validation import cross_validate
from infoshare_text.training.fit import Choices
from infoshare_text.training.train import TrainedModel

Run = Callable[..., Result]
NEW = ["They closed before I had my coat off.", "Not a sound all day, bliss.", "The man at the counter rang me back."]


@pytest.fixture(scope="module")
def trained() -> TrainedModel:
    return ist.train_theme_classifier(comments(120, stances=True, sentiments=True), accurate=True)


@pytest.fixture(scope="module")
def folder(trained: TrainedModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "model"
    trained.save(folder)
    return folder


def test_it_codes_alike_before_and_after_it_is_saved(trained: TrainedModel, folder: Path) -> None:
    before, after = ist.classify(NEW, model=trained), ist.classify(NEW, model=folder)
    pd.testing.assert_frame_equal(before, after)
    assert {"theme_quiet", "stance_staff", "sentiment"} <= set(after.columns)


def test_it_reads_words_that_no_label_held(folder: Path) -> None:
    """No word of these that tells anything stands in the labelled comments; word vectors alone tell less of them."""
    plain = ist.train_theme_classifier(comments(120))
    unseen = ["A cacophony, everyone bellowing.", "Utter din in there."]
    assert ist.classify(unseen, model=folder)["p_quiet"].mean() > ist.classify(unseen, model=plain)["p_quiet"].mean()


def test_the_figures_are_of_words_and_sentences_together(trained: TrainedModel) -> None:
    plain = ist.train_theme_classifier(comments(120, stances=True, sentiments=True))
    assert not np.array_equal(trained.result.judged.p, plain.result.judged.p)
    assert trained.result.judged.sentiments is not None
    assert trained.measured.headline().keys() == plain.measured.headline().keys()


def test_a_comment_is_read_alike_in_any_company(folder: Path) -> None:
    together = ist.classify(NEW, model=folder)
    alone = pd.concat([ist.classify([text], model=folder) for text in NEW], ignore_index=True)
    same = [name for name in together.columns if name not in {"row", "duplicate_of"}]
    pd.testing.assert_frame_equal(alone[same], together[same])


def test_the_same_comments_give_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    ist.train_theme_classifier(comments(120, stances=True, sentiments=True), accurate=True).save(tmp_path / "again")
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / "again" / file.name).read_bytes(), file.name


def test_codes_alone_one_of_them_each_are_learnt_as_well() -> None:
    model = ist.train_theme_classifier(comments(90, multi_label=False), accurate=True)
    coded = ist.classify(NEW, model=model)
    assert (coded[[f"theme_{key}" for key in KEYS]].sum(axis=1) == 1).all()
    assert "sentiment" not in coded


def test_comments_beside_train_the_words_only() -> None:
    """The encoder was trained on the shipped corpus: a head that learnt from it there would trust it too far."""
    encoder, vectors = load_encoder(), load_vectors()
    alone, accompanied = (
        cross_validate(comments(60), vectors, Choices(), encoder=encoder, beside=beside, curve=False)
        for beside in (None, comments(60, seed=1))
    )
    assert alone.head is not None
    assert accompanied.head is not None
    assert np.array_equal(alone.head.weights, accompanied.head.weights)
    assert not np.array_equal(alone.judged.p, accompanied.judged.p)


def test_its_card_says_what_it_reads(folder: Path, run: Run) -> None:
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "what a small transformer makes of whole sentences" in card
    assert "words and whole sentences" in run("model", folder).output


def test_it_is_copied_whole(trained: TrainedModel) -> None:
    copied = copy.deepcopy(trained)
    pd.testing.assert_frame_equal(ist.classify(NEW, model=copied), ist.classify(NEW, model=trained))


def test_where_no_label_tells_of_a_stance_the_words_count_alone() -> None:
    labelled = comments(120, stances=True)
    labelled.stances[:, KEYS.index("quiet"), 1] = False
    plain, accurate = (ist.train_theme_classifier(labelled, accurate=accurate) for accurate in (False, True))
    head = accurate.result.head
    assert head is not None
    scores = head.scores(NEW)
    assert np.isnan(scores).any(axis=0).sum() == 2  # always a barrier, never an enabler
    assert np.isfinite(accurate.log_odds(NEW, None)).all()
    assert ist.classify(NEW, model=accurate).notna().equals(ist.classify(NEW, model=plain).notna())


def test_half_a_character_is_no_matter(trained: TrainedModel) -> None:
    assert np.isfinite(trained.log_odds(["So loud \ud83d upstairs"], None)).all()


def test_spacy_takes_it_without_spans(folder: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("infoshare_themes", config={"model": str(folder)})
    doc = nlp("so loud upstairs")
    assert "quiet" in doc._.themes
    assert not doc.spans["infoshare"]


def test_it_has_no_evidence(folder: Path) -> None:
    with pytest.raises(ist.InputError, match="its words alone do not decide"):
        ist.load_model(folder)
    with pytest.raises(ist.InputError, match="an accurate model has no evidence"):
        ist.classify(NEW, model=folder, evidence=True)


@pytest.mark.parametrize("missing", ["onnxruntime", "tokenizers"])
def test_where_a_package_is_missing_it_is_named(
    missing: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    monkeypatch.setattr("infoshare_text.coding.model_folder._encoder_at", lambda place, state: Encoder.at(place))
    moved = shutil.copytree(folder, tmp_path / "model")
    with pytest.raises(ist.MissingExtraError, match=r"pip install 'infoshare-text\[accurate\]'"):
        ist.classify(NEW, model=moved)
    with pytest.raises(ist.MissingExtraError, match=r"pip install 'infoshare-text\[accurate\]'"):
        ist.train_theme_classifier(comments(60), accurate=True)


def test_another_encoder_than_it_learnt_from_is_refused(
    trained: TrainedModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert trained.result.head is not None
    with monkeypatch.context() as other:
        other.setattr(trained.result.head.encoder, "digest", "another")
        trained.save(tmp_path / "model")
    with pytest.raises(
        ist.ModelFolderError, match=r"learnt from another encoder.*Train it again with --accurate, into"
    ):
        Coder.load(tmp_path / "model")


def test_the_commands_train_and_use_it(run: Run, tmp_path: Path) -> None:
    labelled = comments(120)
    table = pd.DataFrame(labelled.themes.astype(int), columns=list(KEYS))
    table.insert(0, "comment", labelled.texts)
    table.insert(0, "respondent", labelled.writers)
    table.to_csv(tmp_path / "labelled.csv", index=False)
    book = tmp_path / "library.toml"
    themes = "".join(f'[[themes]]\nkey = "{key}"\nlabel = "{key}"\n' for key in KEYS)
    book.write_text(f'name = "Library"\nversion = "1"\n{themes}', encoding="utf-8")
    result = run(
        "train",
        tmp_path / "labelled.csv",
        "--codebook",
        book,
        "--accurate",
        "-o",
        tmp_path / "model",
        "--text",
        "comment",
    )
    assert result.exit_code == 0, result.output
    for arguments in (
        ("classify", tmp_path / "labelled.csv", "--text", "comment", "-o", tmp_path / "coded.csv"),
        ("review", tmp_path / "labelled.csv", "--text", "comment", "-n", "5", "-o", tmp_path / "code.xlsx"),
    ):
        result = run(*arguments, "--model", tmp_path / "model")
        assert result.exit_code == 0, result.output
    result = run("classify", tmp_path / "labelled.csv", "--model", tmp_path / "model", "--accurate", "-o", "x.csv")
    assert result.exit_code == 1
    assert "one of your own is accurate if it was trained so" in result.stderr


def test_the_shipped_one_can_be_reviewed_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "answers.csv").write_text("id,comment\n" + "".join(f'{n},"{t}"\n' for n, t in enumerate(NEW)), "utf-8")
    target = tmp_path / "code.xlsx"
    result = run("review", tmp_path / "answers.csv", "--text", "comment", "--accurate", "-n", "3", "-o", target)
    assert result.exit_code == 0, result.output
    drawn = [ist.draw_for_review(NEW, 3, accurate=accurate) for accurate in (True, False)]
    assert not drawn[0]["p_leadership"].equals(drawn[1]["p_leadership"])


def test_the_estimator_learns_from_sentences_too() -> None:
    labelled = comments(90)
    classifier = clone(ist.ThemeClassifier(folds=3, accurate=True))
    assert classifier.get_params()["accurate"]
    fitted = classifier.fit(labelled.texts, labelled.themes.astype(int))
    plain = ist.ThemeClassifier(folds=3).fit(labelled.texts, labelled.themes.astype(int))
    assert fitted.predict(NEW).shape == (3, len(KEYS))
    assert not np.allclose(fitted.predict_proba(NEW), plain.predict_proba(NEW))
    with pytest.raises(ist.InputError, match="an accurate model has no evidence"):
        fitted.explain(NEW)
