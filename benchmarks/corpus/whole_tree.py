"""That a file of a package has the findings that it has with everything it imports, when the whole package is checked.

    python -m benchmarks.corpus.whole_tree [PACKAGE…]

A run on a tree looks into the files that may hold a finding, by themselves or with others, as their words tell. Here
the engine looks into all the others that parse or hand out pieces as well: it has to find nothing.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from unchunk.analysis import SourceError, check_source
from unchunk.analysis.project_graph import ImportGraph

from .fetch import fetch_all


def lost(folder: Path) -> Iterator[str]:
    """Yield the findings in files of a folder that a run on all of it does not analyze."""
    tree = ImportGraph()
    sources = {str(path): path.read_bytes() for path in sorted(folder.rglob("*.py")) if path.is_file()}
    looked_into = {path for path, source in sources.items() if tree.add(path, source)}
    looked_into.update(tree.linked())
    for path, source in sources.items():
        if path in looked_into or not tree.is_half(path):
            continue
        try:
            found = check_source(source, path, follow_imports=True)
        except SourceError:
            continue
        yield from (f"{os.path.relpath(path, folder)}:{finding.span.line} {finding.code}" for finding in found)


def main(names: list[str]) -> int:
    status = 0
    for package, folder in fetch_all():
        if names and package.name not in names:
            continue
        places = list(lost(folder))
        status = status or int(bool(places))
        print(f"{package.pin}: {', '.join(places) or 'nothing is lost'}", flush=True)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
