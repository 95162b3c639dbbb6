"""A server that gives each path its own answer, as the daemons of Docker and Kubernetes do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable
from typing import Any

from .facts import CuttingServer


class Requests(list[tuple[str, bytes]]):
    """What was asked for; `mine` is what the running thread asked last, since two may be answered at once."""

    def __init__(self) -> None:
        super().__init__()
        self.mine = threading.local()

    def append(self, request: tuple[str, bytes]) -> None:
        self.mine.path = request[0]
        super().append(request)


class Daemon(CuttingServer):
    """Serves the body of the first path whose name is in the request, in pieces; `{}` where there is none."""

    def __init__(self, answers: dict[str, bytes | list[bytes]], **options: Any) -> None:
        self.answers = answers
        super().__init__(b"", **{"content_type": "application/json", "pause": 0.01, **options})
        self.requests = self.asked = Requests()

    @property
    def body(self) -> bytes:  # type: ignore[override]
        return b"".join(self._pieces())

    @body.setter
    def body(self, body: bytes) -> None:
        """The bodies are in `answers`."""

    @property
    def cuts(self) -> tuple[int, ...]:  # type: ignore[override]
        ends, end = [], 0
        for piece in self._pieces():
            end += len(piece)
            ends.append(end)
        return tuple(ends)

    @cuts.setter
    def cuts(self, cuts: Iterable[int]) -> None:
        """The cuts lie between the pieces of `answers`."""

    def _pieces(self) -> list[bytes]:
        path = self.asked.mine.path
        found = next((answer for name, answer in self.answers.items() if name in path), b"{}")
        return found if isinstance(found, list) else [found]


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()
