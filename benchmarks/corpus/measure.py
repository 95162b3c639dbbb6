"""Recall and precision on published packages whose every JSON parse call was labelled by hand.

    python -m benchmarks.corpus.measure [--one-file] [--packages LIST --labels LIST]

Each package is checked as a tree, or file by file with `--one-file` (what flake8 sees). A labelled file has a label
for every parse call in it, so whatever is reported there at another line, or at a call labelled `ok-…`, is a false
report. `debatable` counts neither way.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from unchunk.analysis import SourceError, check_source
from unchunk.analysis.rules import all_rules
from unchunk.analysis.settings import Settings

from .fetch import HERE, corpus_folder, fetch, packages

Place = tuple[str, str, int]
"""Package pin, path in the package, line."""


@dataclass(frozen=True, slots=True)
class Label:
    place: Place
    label: str
    client: str
    shape: tuple[str, ...]

    @property
    def is_bug(self) -> bool:
        return self.label.startswith("bug-")


@dataclass(frozen=True, slots=True)
class Report:
    place: Place
    code: str
    message: str


def read_labels(listing: Path) -> tuple[Label, ...]:
    rows = map(json.loads, listing.read_text().splitlines())
    return tuple(
        Label((row["package"], row["path"], row["line"]), row["label"], row["client"], tuple(row["shape"]))
        for row in rows
    )


def found_in_tree(folder: Path, codes: Iterable[str]) -> Iterator[tuple[str, int, str, str]]:
    """Path, line, code and message of what `unchunk check` reports on the tree, run as users run it."""
    command = [sys.executable, "-m", "unchunk", "check", "--isolated", "--disable-noqa", "--output-format", "json"]
    command += ["--select", ",".join(codes), "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1, 2) or not done.stdout:
        raise RuntimeError(f"{folder.name}: {done.stderr}")
    for row in json.loads(done.stdout):
        yield Path(row["path"]).as_posix(), row["line"], row["code"], row["message"]


def found_file_by_file(folder: Path, codes: Iterable[str]) -> Iterator[tuple[str, int, str, str]]:
    settings = Settings(select=frozenset(codes))
    for path in sorted(folder.rglob("*.py")):
        try:
            findings = check_source(path.read_bytes(), str(path), settings=settings)
        except SourceError:
            continue
        for finding in findings:
            yield path.relative_to(folder).as_posix(), finding.span.line, finding.code, finding.message


@dataclass(frozen=True, slots=True)
class Result:
    """The reports, beside the labels."""

    labels: dict[Place, Label]
    reported: dict[Place, tuple[str, str]]

    @property
    def bugs(self) -> list[Label]:
        return [label for label in self.labels.values() if label.is_bug]

    @property
    def hits(self) -> list[Label]:
        return [label for label in self.bugs if label.place in self.reported]

    @property
    def misses(self) -> list[Label]:
        return [label for label in self.bugs if label.place not in self.reported]

    @property
    def false_reports(self) -> list[Place]:
        files = {label.place[:2] for label in self.labels.values()}
        labelled = (place for place in self.reported if place[:2] in files)
        return [place for place in labelled if place not in self.labels or self.labels[place].label.startswith("ok-")]

    @property
    def unlabelled(self) -> list[Place]:
        files = {label.place[:2] for label in self.labels.values()}
        return [place for place in self.reported if place[:2] not in files]

    def recall(self) -> float:
        return len(self.hits) / len(self.bugs) if self.bugs else 1.0

    def precision(self) -> float:
        told = len(self.hits) + len(self.false_reports)
        return len(self.hits) / told if told else 1.0


def look(folders: dict[str, Path], codes: Iterable[str], one_file: bool) -> list[Report]:
    """Return the reports, each package analyzed once with all the rules."""
    found = found_file_by_file if one_file else found_in_tree
    return [
        Report((pin, path, line), code, message)
        for pin, folder in folders.items()
        for path, line, code, message in found(folder, codes)
    ]


def judge(labels: Iterable[Label], reports: Iterable[Report], codes: Container[str]) -> Result:
    reported: dict[Place, tuple[str, str]] = {}
    for report in reports:
        if report.code in codes:
            reported.setdefault(report.place, (report.code, report.message))
    return Result({label.place: label for label in labels}, reported)


def show(title: str, result: Result) -> None:
    print(f"\n{title}")
    print(f"  recall    {result.recall():.2f}  ({len(result.hits)} of {len(result.bugs)})")
    print(f"  precision {result.precision():.2f}  ({len(result.false_reports)} false)")
    for name, pick in (("label", lambda label: (label.label,)), ("shape", lambda label: label.shape)):
        total, hit = Counter(), Counter()
        for label in result.bugs:
            total.update(pick(label))
        for label in result.hits:
            hit.update(pick(label))
        print(f"  by {name}: " + ", ".join(f"{key} {hit[key]}/{total[key]}" for key in sorted(total)))
    for label in result.misses:
        print(f"  missed {':'.join(map(str, label.place))} {label.label} {label.client} {','.join(label.shape)}")
    for place in result.false_reports:
        known = result.labels.get(place)
        print(f"  false  {':'.join(map(str, place))} {known.label if known else 'unlabelled'} {result.reported[place]}")
    for place in result.unlabelled:
        print(f"  in a file without labels: {':'.join(map(str, place))} {result.reported[place][0]}")


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--one-file", action="store_true", help="check each file alone, as flake8 does")
    parser.add_argument("--packages", type=Path, default=HERE / "packages.json")
    parser.add_argument("--labels", type=Path, default=HERE / "labels.jsonl")
    arguments = parser.parse_args(argv)
    home = corpus_folder()
    home.mkdir(parents=True, exist_ok=True)
    folders = {package.pin: fetch(package, home) for package in packages(arguments.packages)}
    labels = read_labels(arguments.labels)
    codes = defaultdict(set)
    for rule in all_rules():
        if rule.SUBJECT != "parse":
            continue  # the labels are of parse calls
        codes["default" if rule.DEFAULT else "opt-in"].add(rule.CODE)
    everything = codes["default"] | codes["opt-in"]
    reports = look(folders, sorted(everything), arguments.one_file)
    for title, chosen in (("default rules", codes["default"]), ("with the opt-in rules", everything)):
        show(title, judge(labels, reports, chosen))
    return 0


if __name__ == "__main__":
    sys.exit(main())
