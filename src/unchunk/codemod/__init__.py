"""Rewrites of findings onto the runtime helper.

    from unchunk.codemod import fix_source

    result = fix_source(Path("app.py").read_bytes(), "app.py")
    result.source, result.fixed, result.left

`unchunk.codemod.plan.plan` says which findings can be fixed and needs the standard library only; LibCST is imported
when a file is rewritten.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from unchunk.codemod.fix import FixError, FixResult, fix_source

__all__ = ["FixError", "FixResult", "fix_source"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from unchunk.codemod import fix

    return getattr(fix, name)
