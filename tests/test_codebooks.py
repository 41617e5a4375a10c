"""A codebook is data: read whole or refused with every fault, and carried by whatever is made of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

import infoshare_text as ist
from infoshare_text.coding.confidence import Calibration
from infoshare_text.coding.linear import _OF_OUTPUTS, parted
from infoshare_text.coding.themes import ThemeModel

LIBRARY = """
name = "Library survey"
version = "3"

[[themes]]
key = "opening_hours"
label = "Opening hours"
definition = "When the building is open."
examples = ["Shut when I finish work.", "Sundays!"]

[[themes]]
key = "quiet"
label = "Quiet"
"""

keys = st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True)
texts = st.text(min_size=1, max_size=30).filter(str.strip)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    path = tmp_path / "bücherei.toml"
    path.write_text(LIBRARY, encoding="utf-8-sig")
    return path


def test_a_codebook_without_stances_and_sentiments_is_whole(library: Path) -> None:
    book = ist.read_codebook(library)
    assert book.keys == ("opening_hours", "quiet")
    assert book.themes[0].examples == ("Shut when I finish work.", "Sundays!")
    assert (book.stances, book.sentiments, book.multi_label) == ({}, {}, True)


@given(st.dictionaries(keys, texts, min_size=2, max_size=6), st.booleans(), st.lists(texts, max_size=2))
def test_plain_data_gives_the_codebook_back(labels: dict[str, str], multi: bool, examples: list[str]) -> None:
    themes = [{"key": k, "label": f"{k} {label}", "examples": examples} for k, label in labels.items()]
    data = {"name": "n", "version": "1", "multi_label": multi, "themes": themes, "stances": {"need": "asked for"}}
    book = ist.Codebook.from_dict(data)
    assert ist.Codebook.from_dict(json.loads(json.dumps(book.as_dict()))) == book


@given(st.lists(st.text(min_size=1, max_size=70).filter(str.strip), min_size=2, max_size=8, unique_by=str.casefold))
def test_any_labels_make_a_codebook(labels: list[str]) -> None:
    if len({label.strip().casefold() for label in labels}) == len(labels):
        assert [theme.label for theme in ist.Codebook.from_labels(labels).themes] == labels


def test_every_fault_is_named_at_once(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(
        'name = ""\nmulti_label = "yes"\ncolour = 1\n'
        '[[themes]]\nkey = "Opening Hours"\nlabel = "A"\nwhy = "x"\n'
        '[[themes]]\nkey = "b"\nlabel = "a"\nexamples = "one"\n'
        '[[themes]]\nkey = "b"\ndefinition = 3\n'
        '[stances]\n"for;against" = "both"\n[sentiments]\nfine = "only one"\n',
        encoding="utf-8",
    )
    with pytest.raises(ist.InputError, match=r"bad\.toml: 13 faults") as refusal:
        ist.read_codebook(path)
    for part in ("lacks version", "'colour'", "'why'", "lower-case", "examples are", "lacks label", "one key: 'b'"):
        assert part in str(refusal.value)
    for part in ("one label: 'a'", "neither true nor false", "'for;against'", "one sentiment", "are texts"):
        assert part in str(refusal.value)


@pytest.mark.parametrize("count", [0, 1, 201])
def test_too_few_or_too_many_themes_are_refused(count: int) -> None:
    themes = [{"key": f"k{i}", "label": f"L{i}"} for i in range(count)]
    with pytest.raises(ist.InputError, match=f"has {count} themes; 2 to 200 are wanted"):
        ist.Codebook.from_dict({"name": "n", "version": "1", "themes": themes})


def test_what_is_no_codebook_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    with pytest.raises(ist.InputError, match="cannot be read"):
        ist.read_codebook(path)
    path.write_bytes(b'name = "caf\xe9"')
    with pytest.raises(ist.InputError, match="is not UTF-8"):
        ist.read_codebook(path)
    path.write_text("themes = [")
    with pytest.raises(ist.InputError, match="is not TOML"):
        ist.read_codebook(path)
    path.write_text("themes = 3")
    with pytest.raises(ist.InputError, match="lacks themes"):
        ist.read_codebook(path)


def test_the_command_shows_any_codebook(library: Path, run: Callable[..., Result]) -> None:
    shown = run("themes", "--codebook", library).output
    assert "Opening hours  [opening_hours]" in shown
    assert "Example: Sundays!" in shown
    assert "Stance" not in shown
    assert json.loads(run("themes", "--codebook", library, "--json").output)["version"] == "3"
    shipped = run("themes", "--model", "models/theme-classifier", "--json").output
    assert shipped == run("themes", "--json").output
    assert run("themes", "--model", "models", "--codebook", library).exit_code == 2


def test_two_hundred_codes_make_a_table_without_complaint() -> None:
    one = parted(ist.load_model().linear, slice(1))
    book = ist.Codebook.from_labels(f"Code {number}" for number in range(200))
    linear = replace(
        one,
        outputs=list(book.keys),
        **{name: np.repeat(getattr(one, name), 200, axis=-1) for name in _OF_OUTPUTS},
    )
    alike = Calibration(np.ones(200, np.float32), np.zeros(200, np.float32))
    model = ThemeModel(book, linear, alike, np.full(200, 0.5, np.float32), 0.5, 0.0, 0.0)
    coded = ist.classify(["Nobody at the top owns this", "n/a"], model=ist.Coder(model, None))
    assert coded[[f"theme_{key}" for key in book.keys]].iloc[0].nunique() == 1
    assert coded["p_code_199"].isna().tolist() == [False, True]
