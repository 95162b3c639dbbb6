"""flake8 as it is, or as if the plugin were not installed (`--without`); everything else stays the same."""

from __future__ import annotations

import importlib.metadata
import sys
from collections.abc import Iterator


def main() -> int:
    from flake8.main.cli import main as flake8

    arguments = sys.argv[1:]
    if arguments[:1] == ["--without"]:
        arguments = arguments[1:]
        everything = importlib.metadata.distributions

        def others() -> Iterator[importlib.metadata.Distribution]:
            return (found for found in everything() if found.metadata["name"] != "unchunk")

        importlib.metadata.distributions = others  # type: ignore[assignment]
    return flake8(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
