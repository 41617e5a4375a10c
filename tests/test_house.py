"""The house: who may import whom, what is loaded when, what is public, what is documented."""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT

import infoshare_text as ist
from infoshare_text.cli import _COMMANDS, main

SOURCE = ROOT / "src" / "infoshare_text"

# Data flows one way: each part may import itself, the parts named here, and errors, codebook, columns.
MAY_IMPORT: dict[str, set[str]] = {
    "errors": set(),
    "codebook": set(),
    "columns": set(),
    "reading": set(),
    "cleaning": {"reading"},
    "coding": {"reading", "cleaning"},
    "training": {"reading", "cleaning", "coding"},
    "topics": {"cleaning", "coding"},
    "writing": {"reading", "cleaning", "coding", "topics"},
    "scale": {"reading", "cleaning", "coding"},
    "spacy_components": {"coding"},
    "cli": {"reading", "cleaning", "coding", "training", "topics", "writing", "scale", "spacy_components"},
    "__main__": {"cli"},
    "__init__": {"reading", "cleaning", "coding", "training", "topics", "writing"},
}
EVERYWHERE = {"errors", "codebook", "columns"}

# A heavy package is imported in these parts only, and inside a function where marked so.
HEAVY: dict[str, set[str]] = {
    "spacy": {"spacy_components", "topics"},
    "sklearn": {"training", "topics"},
    "torch": {"training"},
    "transformers": {"training"},
    "onnxruntime": {"coding", "training"},
    "onnxscript": {"training"},
    "tokenizers": {"coding"},
    "bertopic": {"topics"},
    "altair": {"writing"},
    "vl_convert": {"writing"},
    "jinja2": {"writing"},
    "pyspark": set(),
    "click": {"cli"},
    "phonenumbers": {"cleaning"},
    "stdnum": {"cleaning"},
    "py3langid": {"cleaning"},
    "xlsxwriter": {"writing"},
    "python_calamine": {"reading"},
    "pyreadstat": {"reading"},
}


def _modules() -> list[tuple[str, Path]]:
    return [(path.relative_to(SOURCE).parts[0].removesuffix(".py"), path) for path in sorted(SOURCE.rglob("*.py"))]


def _imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


@pytest.mark.parametrize(("part", "path"), _modules(), ids=lambda value: str(value)[-40:])
def test_each_part_imports_only_what_it_may(part: str, path: Path) -> None:
    allowed = MAY_IMPORT[part] | EVERYWHERE | {part}
    for name in _imports(path):
        if name.startswith("infoshare_text."):
            assert name.split(".")[1] in allowed, f"{path.name} imports {name}"
        if name.split(".")[0] in HEAVY:
            assert part in HEAVY[name.split(".")[0]], f"{path.name} imports {name}"


def _loaded(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_package_loads_nothing_heavy() -> None:
    heavy = {"pandas", "numpy", "scipy", "sklearn", "spacy", "pyarrow", "click"}
    assert not heavy & _loaded("import infoshare_text")


@pytest.mark.parametrize("arguments", [["--help"], ["topics", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    code = f"from infoshare_text.cli import main\nmain({arguments}, standalone_mode=False)"
    heavy = {"pandas", "numpy", "scipy", "sklearn", "spacy", "pyarrow", "bertopic", "altair", "jinja2"}
    assert not heavy & _loaded(code)


def test_coding_loads_neither_sklearn_nor_spacy_nor_torch() -> None:
    loaded = _loaded("import infoshare_text as ist\nist.classify(['Nobody owns it'])")
    assert "pandas" in loaded
    assert not {"sklearn", "spacy", "torch", "bertopic", "onnxruntime", "tokenizers"} & loaded


def test_the_accurate_model_loads_neither_torch_nor_transformers() -> None:
    loaded = _loaded("import infoshare_text as ist\nist.classify(['Nobody owns it'], accurate=True)")
    assert "onnxruntime" in loaded
    assert not {"sklearn", "spacy", "torch", "transformers", "onnx"} & loaded


def test_public_names_are_there_and_documented() -> None:
    for name in ist.__all__:
        assert getattr(ist, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ist.nothing


@pytest.mark.parametrize("command", _COMMANDS)
def test_every_command_has_help(command: str) -> None:
    result = CliRunner().invoke(main, [command, "--help"])
    assert result.exit_code == 0
    assert len(result.output) > 100


def test_wrong_usage_exits_with_two() -> None:
    for arguments in (["nonsense"], ["classify"], ["classify", "x.csv", "--nonsense"]):
        assert CliRunner().invoke(main, arguments).exit_code == 2


def test_the_version_is_stated_once() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert ist.__version__ == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_package_is_typed_and_small() -> None:
    assert (SOURCE / "py.typed").exists()
    for _, path in _modules():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400, path


def test_a_spacy_pipeline_can_hold_the_coder() -> None:
    import spacy

    nlp = spacy.blank("en")
    nlp.add_pipe("infoshare_themes", config={"question": "What stops information being shared well in your area?"})
    doc = nlp("Senior managers never back it, and staff have had no training.")
    assert {"leadership", "professional_development"} <= set(doc._.themes)
    assert doc._.stance["leadership"] == ["barrier"]
    assert doc._.sentiment == "negative"
    assert {span.label_ for span in doc.spans["infoshare"]} == set(doc._.themes)
    assert nlp("n/a")._.themes == {}


def test_themes_and_model_speak_json() -> None:
    import json

    runner = CliRunner()
    assert [t["key"] for t in json.loads(runner.invoke(main, ["themes", "--json"]).output)["themes"]] == list(
        ist.default_codebook().keys
    )
    assert "Leadership  [leadership]" in runner.invoke(main, ["themes"]).output
    assert runner.invoke(main, ["model"]).output.count(": intact") == 3
    assert "# Theme classifier" in runner.invoke(main, ["model", "--card"]).output


def test_inspect_counts_and_shows_no_comment(tmp_path: Path) -> None:
    import json

    result = CliRunner().invoke(main, ["inspect", "examples/state_of_the_nation.csv", "--json"])
    summary = json.loads(result.output)
    assert summary["respondents"] == 430
    for question in summary["questions"]:
        assert question["coded"] + question["blank"] + question["non_answer"] == question["answers"] == 430
    comment = ist.read_survey("examples/state_of_the_nation.csv").comments["comment"].iloc[0]
    assert comment[:30] not in result.output


def test_inspect_of_an_export_without_comments_says_so(tmp_path: Path) -> None:
    path = tmp_path / "choices.csv"
    path.write_text("RespondentID,Colour?\n,Response\n1,red\n2,blue\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["inspect", str(path)])
    assert result.exit_code == 0
    assert "SurveyMonkey, two header rows" in result.output
    assert "no column of comments was found; name one with --text" in result.output
