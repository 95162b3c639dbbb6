"""flake8 as it is, or as if the plugin were not installed (`--without`); everything else stays the same.

Both go through the installed packages in the same way, so that the search for the plugin costs both the same. It goes
by the names of their folders: reading the metadata of hundreds of packages would take as long as flake8's start.
"""

from __future__ import annotations

import importlib.metadata
import os
import sys
from collections.abc import Iterator


def main() -> int:
    from flake8.main.cli import main as flake8

    arguments = sys.argv[1:]
    without = arguments[:1] == ["--without"]
    left_out = "unchunk-" if without else "no such package-"
    everything = importlib.metadata.distributions

    def others() -> Iterator[importlib.metadata.Distribution]:
        for found in everything():
            if not os.path.basename(str(getattr(found, "_path", ""))).startswith(left_out):
                yield found

    importlib.metadata.distributions = others  # type: ignore[assignment]
    return flake8(arguments[without:])


if __name__ == "__main__":
    raise SystemExit(main())
