"""Runs many programs, counts what came of them, and shows the wrong ones."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from difflib import unified_diff

from .grammar import Choice, choose, possible
from .shrink import Group, shrink
from .texts import render
from .verdict import Verdict, judge


@dataclass
class Tally:
    """The outcomes of a number of programs."""

    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    buggy: int = 0
    silent: int = 0
    groups: dict[str, Group] = field(default_factory=dict)

    def add(self, choice: Choice, verdict: Verdict, *, shrunk: bool) -> None:
        self.counts[verdict.name] += 1
        self.buggy += verdict.buggy
        if verdict.kind == "refused" and verdict.fixed is not None:
            self.reasons[verdict.fixed.reason] += 1
        if verdict.kind in ("wrong", "crash"):
            known = next((group for group in self.groups.values() if choice.has(group.smallest)), None)
            group = known or self._new_group(choice, verdict.name, shrunk)
            group.count += 1
            group.safe += verdict.safe

    def _new_group(self, choice: Choice, name: str, shrunk: bool) -> Group:
        smallest = shrink(choice, lambda one: judge(one).name == name) if shrunk else choice
        return self.groups.setdefault(smallest.key(), Group(smallest))

    def merge(self, other: Tally) -> None:
        self.counts += other.counts
        self.reasons += other.reasons
        self.buggy += other.buggy
        for key, group in other.groups.items():
            mine = self.groups.setdefault(key, Group(group.smallest))
            mine.count += group.count
            mine.safe += group.safe


def run(count: int, seed: int, shrunk: bool = True, progress: bool = False) -> Tally:
    tally = Tally()
    source = random.Random(seed)
    done, start = 0, time.monotonic()
    while done < count:
        choice = choose(source)
        if not possible(choice):
            continue
        verdict = judge(choice)
        if verdict.kind == "no program":
            continue
        done += 1
        tally.add(choice, verdict, shrunk=shrunk)
        if progress and done % 500 == 0:
            print(f"{done} programs, {time.monotonic() - start:.0f} s", file=sys.stderr)
    return tally


def table(tally: Tally) -> str:
    total = sum(tally.counts.values()) or 1
    lines = [f"{total} programs, {tally.buggy} ({tally.buggy / total:.1%}) buggy at other cuts"]
    lines += [f"{count:7} {count / total:6.1%}  {name}" for name, count in sorted(tally.counts.items())]
    return "\n".join(lines)


def shown(group: Group) -> str:
    """Describe a group's smallest program, its fix, and where that goes wrong."""
    choice = group.smallest
    verdict = judge(choice)
    source = render(choice)
    lines = [f"== {group.count} ({group.safe} safe): {choice.named()}", ""]
    if verdict.fixed is None or verdict.kind == "crash":
        return "\n".join([*lines, source, verdict.fixed.reason if verdict.fixed else ""])
    diff = unified_diff(source.splitlines(), verdict.fixed.source.splitlines(), "before", "after", n=30, lineterm="")
    lines += [*diff, ""]
    if verdict.fixed.reason:
        lines.append(f"told:     {verdict.fixed.reason}")
    if failure := verdict.failure:
        lines += [
            f"differs:  {failure.what}",
            f"well cut: {failure.well_cut}",
            f"cut:      {failure.pieces if failure.pieces != failure.well_cut else 'as it is'}",
            f"expected: {failure.expected.told()}",
            f"got:      {failure.got.told()}",
        ]
    return "\n".join(lines)
