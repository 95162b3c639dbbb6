"""`python -m tests.fuzz.rewrites --programs 20000 --seed 1`: the shares of right, refused and wrong fixes."""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from difflib import unified_diff

from .grammar import Choice, choose, possible, render
from .shrink import Group, shrink
from .verdict import Verdict, judge


@dataclass
class Tally:
    """What came of a number of programs."""

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
            smallest = shrink(choice, lambda one: judge(one).kind == verdict.kind) if shrunk else choice
            group = self.groups.setdefault(smallest.key(), Group(smallest))
            group.count += 1
            group.safe += verdict.safe

    def merge(self, other: Tally) -> None:
        self.counts += other.counts
        self.reasons += other.reasons
        self.buggy += other.buggy
        for key, group in other.groups.items():
            mine = self.groups.setdefault(key, Group(group.smallest))
            mine.count += group.count
            mine.safe += group.safe


def programs(count: int, seed: int) -> Iterator[Choice]:
    """So many programs that mean something: they do what they are written for on a well-cut stream."""
    source = random.Random(seed)
    while count:
        choice = choose(source)
        if possible(choice):
            yield choice
            count -= 1


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
    """A group's smallest program, its fix, and where that goes wrong."""
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


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.rewrites", description=__doc__)
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--show", metavar="GROUP", help="show the groups whose name contains this; `all` for all")
    parser.add_argument("--no-shrink", action="store_true", help="only count")
    arguments = parser.parse_args(argv)
    if arguments.jobs == 1:
        tally = run(arguments.programs, arguments.seed, not arguments.no_shrink, progress=True)
    else:
        tally = Tally()
        share = arguments.programs // arguments.jobs
        with ProcessPoolExecutor(arguments.jobs) as pool:
            seeds = [arguments.seed * 1000 + job for job in range(arguments.jobs)]
            for part in pool.map(run, [share] * arguments.jobs, seeds, [not arguments.no_shrink] * arguments.jobs):
                tally.merge(part)
    print(table(tally))
    print("\nrefused because:")
    for reason, count in tally.reasons.most_common(30):
        print(f"{count:7}  {reason}")
    groups = sorted(tally.groups.values(), key=lambda group: -group.count)
    print(f"\n{len(groups)} groups of wrong fixes:")
    for group in groups:
        print(f"{group.count:7} {group.safe:5} safe  {group.smallest.key()}")
        if arguments.show and (arguments.show == "all" or arguments.show in group.smallest.key()):
            print(shown(group))
    wrong = sum(count for name, count in tally.counts.items() if name.startswith(("wrong", "crash")))
    return int(wrong > 0)


if __name__ == "__main__":
    raise SystemExit(main())
