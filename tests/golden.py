"""The golden exports: the same eight respondents as each tool would give them out, and how each is told."""

from __future__ import annotations

import csv
from functools import cache

import pandas as pd
from conftest import EXPORTS

import infoshare_text as ist

ANSWERS = ["row", "question", "comment"]
TEXT_FILES = {
    "surveymonkey.csv": "SurveyMonkey, two header rows",
    "surveymonkey_flattened.csv": "SurveyMonkey, flattened to one header row",
    "surveymonkey_question_choice.csv": "SurveyMonkey, flattened to one header row",
    "surveymonkey_condensed.csv": "SurveyMonkey, condensed, header and a blank row",
    "qualtrics_three_rows.csv": "Qualtrics, three header rows",
    "qualtrics_three_rows_utf16.tsv": "Qualtrics, three header rows",
    "qualtrics_legacy.csv": "Qualtrics legacy, two header rows",
    "microsoft_forms.csv": "Microsoft Forms, one header row",
    "google_forms.csv": "Google Forms, one header row",
    "smartsurvey.csv": "SmartSurvey, one header row",
    "jisc.csv": "Jisc Online Surveys, one header row",
    "citizen_space.csv": "Citizen Space, one header row",
    "limesurvey.csv": "LimeSurvey, one header row",
    "government_ids_and_wordings.csv": "ids over wordings, two header rows",
    "government_blank_row.csv": "header and a blank row",
}
LAYOUTS = TEXT_FILES | {
    "surveymonkey.xlsx": "SurveyMonkey, two header rows",
    "microsoft_forms.xlsx": "Microsoft Forms, one header row",
    "google_forms.zip": "Google Forms, one header row",
    "jisc.sav": "SPSS, labels as questions",
}
UNFINISHED = {
    "qualtrics_three_rows.csv",
    "qualtrics_three_rows_utf16.tsv",
    "qualtrics_legacy.csv",
    "smartsurvey.csv",
    "limesurvey.csv",
}
CODED = slice("question", "review")


@cache
def plain() -> pd.DataFrame:
    """The comments of the plain table."""
    return ist.read_survey(EXPORTS / "plain.csv").comments


@cache
def plain_coded() -> pd.DataFrame:
    """What is coded of them."""
    return ist.classify(plain())


def rows_of(name: str) -> list[list[str]]:
    """The cells of a golden text file, header rows and all."""
    survey = ist.read_survey(EXPORTS / name)
    with (EXPORTS / name).open(encoding=survey.encoding, newline="") as file:
        return list(csv.reader(file, delimiter=survey.delimiter or ","))
