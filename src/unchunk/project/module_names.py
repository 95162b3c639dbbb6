"""Names of modules, as programs import them."""

from __future__ import annotations

import keyword
import re


def is_module_name(text: str) -> bool:
    """Decide whether a program could import a name: `package.module`."""
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in text.split("."))


def imports(raw: bytes, name: str) -> bool:
    """Tell whether a source imports the top-level package `name`.

    In a notebook a line may start after the two characters `\\n`.
    """
    return re.search(rb"(?:\b|\\n)(?:from|import)\s+" + re.escape(name.encode()) + rb"\b", raw) is not None
