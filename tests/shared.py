"""Locations of suites and labels outside of this repository, if they are here at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def shared_path(*parts: str) -> Path:
    """Return the path of a file or folder of `$UNCHUNK_SHARED` (or `../shared`)."""
    return Path(os.environ.get("UNCHUNK_SHARED", ROOT.parent / "shared")).joinpath(*parts)


def shared(*parts: str) -> Path:
    """Return the same; skips the calling test where it is absent."""
    path = shared_path(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(parts)} is not here: set UNCHUNK_SHARED to the folder that holds it")
    return path
