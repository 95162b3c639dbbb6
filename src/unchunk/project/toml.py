"""TOML on every supported Python: `tomllib`, or `tomli` before Python 3.11."""

from __future__ import annotations

import importlib
import sys
from typing import Any

MAX_DOTS = 300
"""In a line: far more than a key has parts."""


def parse(text: bytes) -> dict[str, Any]:
    """Return the tables of a TOML document.

    Raises:
        ValueError: it is not UTF-8, not TOML, or nested too deeply; says the line.
        RuntimeError: Python 3.10 without the package `tomli`.
    """
    try:
        parser = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    except ModuleNotFoundError as missing:
        message = "reading a configuration on Python 3.10 needs the package tomli: pip install tomli"
        raise RuntimeError(message) from missing
    check_depth(text)
    try:
        document: dict[str, Any] = parser.loads(text.decode("utf-8").replace("\r\n", "\n"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return document


def check_depth(text: bytes) -> None:
    """Raise ValueError for keys of very many parts, which cost parsers quadratic time and memory.

    Raises:
        ValueError: a line has too many dots; says which.
    """
    if text.count(b".") <= MAX_DOTS:
        return
    for number, line in enumerate(text.split(b"\n"), 1):
        if line.count(b".") > MAX_DOTS:
            raise ValueError(f"it is nested too deeply (at line {number})")
