"""Of which files and rules a run can say that something is not there."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from unchunk.cli.gather import Gathering
    from unchunk.cli.session import Session
    from unchunk.cli.wishes import Wishes


class Looked:
    """What was looked at, worked out when it is asked for. Make it when all files have been examined."""

    def __init__(self, session: Session, gathering: Gathering, wishes: Wishes) -> None:
        self._session = session
        self._gathering = gathering
        self._wishes = wishes

    @cached_property
    def files(self) -> list[str]:
        """The files that were looked at, without those that could not be."""
        failed = {path for path, _, _ in self._session.problems}
        return [path for path in self._gathering.paths if path not in failed]

    def rules(self, path: str) -> frozenset[str]:
        """The rules that were looked for in one of them."""
        return self._wishes.codes(path, self._session.config_for(path))
