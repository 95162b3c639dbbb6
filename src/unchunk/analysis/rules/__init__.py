"""The rules: one file each, found by walking this package.

A rule file has a docstring (what it reports, why that is wrong, when to ignore it), `CODE`, `NAME`, `DEFAULT`
(whether it is on unless asked for), `SUBJECT` (what it judges: a `parse` or a `decode`), `VALID` and `INVALID`
(programs), and one function `findings`. They are the rule's page, `unchunk rule CODE` and its tests.
"""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, Protocol, cast

    from unchunk.analysis.findings import Finding

    class Rule(Protocol):
        """A module of this package."""

        __doc__: str | None
        CODE: str
        NAME: str
        DEFAULT: bool
        SUBJECT: str
        VALID: Sequence[str]
        INVALID: Sequence[str]

        @staticmethod
        def findings(subject: Any) -> Iterator[Finding]: ...

else:

    def cast(_, value):
        return value


@cache
def all_rules() -> tuple[Rule, ...]:
    """Return every rule, in the order of the codes."""
    found = [import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    return tuple(sorted((cast("Rule", module) for module in found), key=lambda rule: rule.CODE))


def rule_names() -> dict[str, str]:
    """Return the name of each rule, by code."""
    return {rule.CODE: rule.NAME for rule in all_rules()}


def default_codes() -> frozenset[str]:
    """Return the codes of the rules that are on unless a user says otherwise."""
    return frozenset(rule.CODE for rule in all_rules() if rule.DEFAULT)
