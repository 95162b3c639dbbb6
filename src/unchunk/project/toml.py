"""Reading TOML on every supported Python: `tomllib`, or `tomli` before Python 3.11."""

from __future__ import annotations

import importlib
import sys
from typing import Any


def parse(text: bytes) -> dict[str, Any]:
    """The tables of a TOML document.

    Raises:
        ValueError: it is not UTF-8, or not TOML; says the line.
        RuntimeError: Python 3.10 without the package `tomli`.
    """
    try:
        parser = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    except ModuleNotFoundError as missing:
        message = "reading a configuration on Python 3.10 needs the package tomli: pip install tomli"
        raise RuntimeError(message) from missing
    document: dict[str, Any] = parser.loads(text.decode("utf-8").replace("\r\n", "\n"))
    return document
