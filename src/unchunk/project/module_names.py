"""Names of modules, as programs import them."""

from __future__ import annotations

import keyword


def is_module_name(text: str) -> bool:
    """Whether a program could import it: `package.module`."""
    return all(part.isidentifier() and not keyword.iskeyword(part) for part in text.split("."))
