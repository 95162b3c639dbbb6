"""Files and rules this run covered; used to decide which baseline entries are stale."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unchunk.cli.gather import Gathering
    from unchunk.cli.session import Session
    from unchunk.project.rule_selection import RuleSelector


class CheckedScope:
    """The covered files and rules, computed on demand. Create it when all files have been analyzed."""

    def __init__(self, session: Session, gathering: Gathering, selector: RuleSelector) -> None:
        self._session = session
        self._gathering = gathering
        self._wishes = selector

    @cached_property
    def files(self) -> list[str]:
        """Return the files that were analyzed, without those that failed."""
        failed = {path for path, _, _ in self._session.problems}
        return [path for path in self._gathering.paths if path not in failed]

    def rules(self, path: str) -> frozenset[str]:
        """Return the rules that were checked in one of them."""
        return self._wishes.codes(path, self._session.config_for(path))
