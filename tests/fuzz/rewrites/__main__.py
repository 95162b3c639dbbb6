"""`python -m tests.fuzz.rewrites --programs 20000 --seed 1`: the shares of right, refused and wrong fixes."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from .campaign import Tally, run, shown, table


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
