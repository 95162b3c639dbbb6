"""Runs a program in this process, and what it prints."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any


def run(source: str, *arguments: Any) -> list[str]:
    """Return the lines that `main` prints. Whatever it raises is raised."""
    printed: list[str] = []

    def record(*values: object, **_: object) -> None:
        printed.append(" ".join(map(str, values)))

    namespace: dict[str, Any] = {"__name__": "program", "print": record}
    exec(compile(source, "program.py", "exec", dont_inherit=True), namespace)
    result = namespace["main"](*arguments)
    if inspect.isawaitable(result):
        asyncio.run(_finish(result))
    return printed


async def _finish(result: Any) -> None:
    await result
