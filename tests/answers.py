"""Invented answers on a few plain subjects: enough different ones for topics, with people in them."""

from __future__ import annotations

import csv
from pathlib import Path

SUBJECTS = {
    "phone": ["the phone rings all morning", "nobody picks up the phone", "I phone and the phone line is engaged"],
    "letters": ["letters get lost in the post", "the letter came a month late", "we write letters by hand"],
    "training": ["no training was given on sharing", "the training course was short", "we learn at training days"],
    "managers": ["managers block it every time", "my manager never decides", "senior managers do not agree"],
    "police": ["the police will not tell us", "police officers hold the file", "police reports arrive late"],
    "systems": ["the computer system is down", "two systems that do not talk", "software on old computers"],
}
TAILS = ["in winter", "again", "on most days", "at our office", "since spring", "as before", "for us", "this year"]
PEOPLE = ["Ayesha Okafor", "Mrs Khan", "Declan Murphy", "Mr Nowak", "Priya Raman", "Dr Adeyemi"]
SECTORS = ["Charity", "Health", "Police"]
PERSONAL = ["Okafor", "Khan", "Murphy", "Nowak", "Raman", "Adeyemi", "07700"]
QUESTION = "What stops information being shared well?"


def answers(times: int = 8) -> list[str]:
    """Return ``times`` different answers for each sentence; every one on phones tells of a person and a number."""
    out = []
    for k in range(times):
        for j, (subject, sentences) in enumerate(SUBJECTS.items()):
            sentence = sentences[k % len(sentences)]
            said = f"{sentence} {TAILS[k % len(TAILS)]} {TAILS[(k // 8 + j) % len(TAILS)]}"
            if subject == "phone":
                said += f", ask {PEOPLE[k % len(PEOPLE)]} on 07700 9001{k:02d}"
            out.append(said)
    return out


def export(path: Path, texts: list[str], **columns: list[str]) -> Path:
    """Write a CSV of respondents: an id, a sector, a name, further columns, an answer."""
    rows = range(len(texts))
    table = {
        "Respondent ID": [str(1000 + i) for i in rows],
        "Sector": [SECTORS[i % 3] for i in rows],
        "First name": [PEOPLE[i % len(PEOPLE)] for i in rows],
        **columns,
        QUESTION: texts,
    }
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(table)
        writer.writerows(zip(*table.values(), strict=True))
    return path
