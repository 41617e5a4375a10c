"""A hundred awkward columns: each is known for what it is, alone or beside another question, with a reason.

awkward_columns.tsv has a case a line: the header, the roles that are right, and twelve cells, of which the last given
are followed by blank ones or by all of them again.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from infoshare_text.reading.survey import open_survey

with (Path(__file__).parent / "awkward_columns.tsv").open(encoding="utf-8", newline="") as file:
    CASES = {row["case"]: row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}
ROWS = 12
STOPS = [
    "Nobody owns it, so requests sit in an inbox for weeks.",
    "Two systems that cannot talk to each other.",
    "No",
    "Fear of being blamed when something goes wrong later",
    "Staff leave and nobody tells us",
    "Every team has its own form and its own rules",
    "",
    "The law is read differently in every office",
    "Too many passwords",
    "None",
    "We never hear back",
    "Money",
]


def test_there_are_many() -> None:
    assert len(CASES) > 100


@pytest.mark.parametrize("beside", [False, True])
@pytest.mark.parametrize("case", CASES)
def test_a_column_is_known_for_what_it_is(tmp_path: Path, case: str, beside: bool) -> None:
    header, right = CASES[case]["header"], CASES[case]["right"].split(" or ")
    given = CASES[case]["cells"].split(" | ")
    cells = (given * ROWS if CASES[case]["fill"] == "again" else [*given, *[""] * ROWS])[:ROWS]
    columns = [
        ["#", *map(str, range(1, ROWS + 1))],
        [header, *cells],
        *([["What stops it?", *STOPS]] if beside else []),
    ]
    path = tmp_path / "export.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(zip(*columns, strict=True))
    survey = open_survey(path)
    told = survey.roles[1]
    assert told.role in right, told.reason
    assert told.reason
    assert not any(cell in told.reason for cell in cells if len(cell) > 12 and cell not in header)
    if beside:
        assert survey.columns[2] in [question.name for question in survey.questions]
