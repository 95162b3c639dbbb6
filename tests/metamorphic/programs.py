"""The programs that are transformed: the evaluation files and the examples of every rule."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analysis.test_eval import FILES, SELECT, TEMPLATES
from unchunk.analysis.rules import all_rules, default_codes

CLIENTS = frozenset(("requests", "httpx-async", "untyped", "socket", "openai", "anthropic", "pipe", "websockets"))
"""Clients put in place of an evaluation file's placeholder here."""


@dataclass(frozen=True)
class Program:
    """A program, and the rules that are asked about it."""

    name: str
    text: str
    codes: frozenset[str]


def programs() -> Iterator[Program]:
    """Yield all programs. Rules that go by names alone are left out: other names are other programs to them."""
    for path in FILES:
        text = path.read_text(encoding="utf-8")
        yield Program(path.stem, text, _codes(text))
    for path, client in TEMPLATES:
        if client.name in CLIENTS:
            text = client.program(path.read_text(encoding="utf-8"))
            yield Program(f"{path.parent.name}:{client.name}", text, _codes(text))
    for rule in all_rules():
        if not rule.CODE.startswith("UNC9"):
            for kind, examples in (("valid", rule.VALID), ("invalid", rule.INVALID)):
                for number, text in enumerate(examples, 1):
                    yield Program(f"{rule.CODE}:{kind}:{number}", text, default_codes() | {rule.CODE})


def _codes(text: str) -> frozenset[str]:
    selected = SELECT.search(text)
    codes = frozenset(re.split(r"\s*,\s*", selected.group(1))) if selected else default_codes()
    return frozenset(code for code in codes if not code.startswith("UNC9"))
