"""Read damaged exports by the ten thousand: each must end in a full result or in one clear message.

nice -n 19 python benchmarks/fuzz_readers.py --files 100000 --seed 1

The exports of tests/exports, also as workbook, Parquet, JSON lines, SPSS and zip, are damaged in the ways of
damaged_files.py; the seed and a file's number say all of it, so ``--only 4711`` makes and reads that file alone. They
are read and coded in a worker process with limits on memory and time. Printed for each way: how many files were read
in full, how many refused in words, and what else happened: a traceback, a warning, words on stderr, a message without
the file's name or with a comment in it, the worker dead, out of time or over 1 GB. Told to stop (SIGTERM), it prints
what was counted until then.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from random import Random

from damaged_files import Export, damages, packed

EXPORTS = Path(__file__).resolve().parent.parent / "tests" / "exports"
SECONDS, PATIENCE, LIMIT, BYTES = 30, 240, 1_000_000_000, 4_000_000_000
FILES_OF_A_WORKER = 10_000
LONGEST_MESSAGE = 10_000
READ, REFUSED = "read", "refused"


def main() -> None:
    """Damage, read, count, print; exit code 1 where anything but a result or a message came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one file")
    parser.add_argument("--keep", type=Path, help="folder for the files that were faults")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    how = parser.parse_args()
    if how.worker:
        work()
        return
    started = time.monotonic()
    numbers = range(how.files) if how.only is None else [how.only]
    with tempfile.TemporaryDirectory() as folder:
        outcomes, faults, peak, slowest = run(Path(folder), how.seed, numbers, how.keep)
    print(table(outcomes))
    took = time.monotonic() - started
    files = sum(counts.total() for counts in outcomes.values())
    print(
        f"{files:,} files, seed {how.seed}, {took:,.0f} s; the slowest took {slowest:.1f} s of processor time; "
        f"the worker's memory was {peak / 1e6:,.0f} MB at most"
    )
    print("\n".join(faults[:50]))
    sys.exit(1 if faults else 0)


def run(
    folder: Path, seed: int, numbers: Sequence[int], keep: Path | None
) -> tuple[dict[str, Counter[str]], list[str], int, float]:
    """Damage and read each file; return outcomes by way, faults, the worker's memory in bytes, the longest time."""
    exports = whole_files(folder)
    outcomes: dict[str, Counter[str]] = {}
    faults: list[str] = []
    peak, slowest = 0, 0.0
    worker = Worker(folder)
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: stopped.append(number))
    for done, number in enumerate(numbers):
        if stopped:
            break
        way, end, content = damaged(exports, seed, number)
        path = folder / f"file_{number}{'.' * bool(end)}{end}"
        path.write_bytes(content)
        outcome = worker.read(path)
        slowest, peak = max(slowest, worker.seconds), max(peak, worker.memory)
        outcomes.setdefault(way, Counter())[outcome.split(":")[0]] += 1
        if outcome not in (READ, REFUSED):
            faults.append(f"--only {number} {way} .{end}: {outcome}")
            print(faults[-1], file=sys.stderr, flush=True)
            if keep:
                keep.mkdir(exist_ok=True, parents=True)
                (keep / path.name).write_bytes(content)
        path.unlink()
        if worker.ended or (done + 1) % FILES_OF_A_WORKER == 0:
            worker.stop()
            worker = Worker(folder)
        if (done + 1) % 5000 == 0:
            print(f"{done + 1:,} files, {len(faults)} faults, {peak / 1e6:,.0f} MB", file=sys.stderr, flush=True)
    worker.stop()
    return outcomes, faults, peak, slowest


def damaged(exports: list[Export], seed: int, number: int) -> tuple[str, str, bytes]:
    """Make one damaged file: the way, how its name ends, what is in it."""
    random = Random(f"{seed}-{number}")
    export = random.choice(exports)
    way = random.choice(damages(export))
    end, content = way(export, random)
    if random.random() < 0.1 and content:
        again = random.choice(damages(export)[:6])
        end, content = again(Export(export.name, end, content), random)
    return way.__name__.replace("_", " "), end, content


def whole_files(folder: Path) -> list[Export]:
    """Read the golden exports, and write each table in every other format too."""
    import pandas as pd
    import pyreadstat

    import infoshare_text as ist

    files = [Export(path.stem, path.suffix[1:], path.read_bytes()) for path in sorted(EXPORTS.iterdir())]
    for export in list(files):
        if export.end not in ("csv", "tsv"):
            continue
        survey = ist.read_survey(EXPORTS / f"{export.name}.{export.end}")
        files.append(Export(export.name, "zip", packed({f"{export.name}.csv": export.content})))
        rows = [list(row) for row in survey._source.rows()]  # type: ignore[union-attr]
        sheet = folder / "x.xlsx"
        _workbook(rows, sheet)
        files.append(Export(export.name, "xlsx", sheet.read_bytes()))
        for end in ("parquet", "jsonl"):
            path = folder / f"x.{end}"
            ist.write_table(survey.table, path)
            files.append(Export(export.name, end, path.read_bytes()))
        path = folder / "x.sav"
        table = pd.DataFrame({f"V{n}": survey.table[name].astype(object) for n, name in enumerate(survey.columns)})
        pyreadstat.write_sav(table, str(path), column_labels=list[str | None](survey.columns))
        spss = path.read_bytes()
        files.append(Export(export.name, "sav", spss[:92] + b"01 Jan 2609:00:00" + spss[109:]))
    return sorted(files, key=lambda file: (file.name, file.end))


def _workbook(rows: list[list[str]], path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": datetime(2026, 1, 1)})
        sheet = book.add_worksheet("Responses")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)


class Worker:
    """A process that reads files, under limits on memory and time."""

    def __init__(self, folder: Path) -> None:
        self.ended = False
        self.memory, self.seconds = 0, 0.0
        self._said = (folder / "stderr").open("w+b")
        self._process = subprocess.Popen(
            [sys.executable, __file__, "--worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said
        )

    def read(self, path: Path) -> str:
        """Have one file read; return what came of it."""
        assert self._process.stdin and self._process.stdout
        self._said.truncate(0)
        self._process.stdin.write(f"{path}\n".encode())
        self._process.stdin.flush()
        if not select.select([self._process.stdout], [], [], PATIENCE)[0]:
            self.ended = True
            return f"out of time: over {PATIENCE} s"
        line = self._process.stdout.readline()
        if not line:
            self.ended = True
            return f"dead: exit code {self._process.wait()}: {self._words()}"
        answer = json.loads(line)
        self.memory, self.seconds = answer["memory"], answer["seconds"]
        if self.seconds > SECONDS:
            return f"out of time: {self.seconds:.0f} s of processor time"
        if self.memory > LIMIT:
            self.ended = True
            return f"memory: {self.memory / 1e6:,.0f} MB"
        words = self._words()
        return f"noise: {words}" if words else str(answer["outcome"])

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.communicate()
        self._said.close()

    def _words(self) -> str:
        self._said.seek(0)
        return self._said.read()[-300:].decode(errors="replace").replace("\0", "").strip()


def work() -> None:
    """Read files whose paths come on stdin, one a line; answer each with a line of JSON."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (BYTES, BYTES))
    warnings.simplefilter("error")
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    secrets = _secrets()
    with contextlib.redirect_stdout(sys.stderr):
        for line in sys.stdin:
            began = sum(os.times()[:4])
            outcome = _outcome(Path(line.rstrip("\n")), secrets)
            seconds = sum(os.times()[:4]) - began
            # The process that reads SPSS files counts too.
            whose = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
            memory = max(resource.getrusage(one).ru_maxrss for one in whose) * 1024
            print(json.dumps({"outcome": outcome, "memory": memory, "seconds": seconds}), file=answers, flush=True)


def _secrets() -> list[str]:
    import infoshare_text as ist

    return [text[:25] for text in ist.read_survey(EXPORTS / "plain.csv").comments["comment"] if len(text) > 25]


def _outcome(path: Path, secrets: list[str]) -> str:
    import infoshare_text as ist

    try:
        return _read(path)
    except ist.InfoshareTextError as error:
        message = str(error)
        if path.name not in message or len(message) > LONGEST_MESSAGE:
            return f"message: {message[:200]!r}"
        return f"comment in the message: {message[:200]!r}" if any(text in message for text in secrets) else REFUSED
    except BaseException as error:
        import traceback

        where = traceback.extract_tb(error.__traceback__)
        ours = [frame for frame in where if "infoshare_text" in frame.filename][-1:] or where[-1:]
        return f"traceback: {type(error).__name__} {str(error)[:150]!r} at {ours[0].filename[-40:]}:{ours[0].lineno}"


def _read(path: Path) -> str:
    """Read, count and code a file, and see that every answer is accounted for."""
    import infoshare_text as ist
    from infoshare_text.cleaning.summary import summarise_survey
    from infoshare_text.reading.survey import open_survey

    survey = open_survey(path)
    summary = summarise_survey(survey)
    counted: Counter[str] = Counter()
    answers = survey.length * len(survey.questions)
    if survey.questions and answers < 5_000:
        coded = ist.classify(survey.comments)
        counted = Counter(coded["status"].tolist())
    for question in summary["questions"]:
        if question["coded"] + question["blank"] + question["non_answer"] != survey.length:
            return "incomplete: the counts do not add up to the respondents"
    if counted and counted.total() != answers:
        return "incomplete: answers were lost"
    return READ


def table(outcomes: dict[str, Counter[str]]) -> str:
    """Set the outcomes out as a Markdown table, a way a line."""
    total = sum(outcomes.values(), Counter())
    kinds = [READ, REFUSED, *sorted(set(total) - {READ, REFUSED})]
    lines = [f"| damage | files | {' | '.join(kinds)} |", "| --- |" + " ---: |" * (len(kinds) + 1)]
    for way, counts in [*sorted(outcomes.items()), ("all", total)]:
        lines.append(f"| {way} | {counts.total():,} | {' | '.join(f'{counts[kind]:,}' for kind in kinds)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
