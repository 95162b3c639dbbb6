"""A server that gives each path its own answer, as the daemons of Docker and Kubernetes do."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

from .facts import CuttingServer


class Requests(list[tuple[str, bytes]]):
    """The recorded requests; `mine` is the running thread's last one, since two may be answered at once."""

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
        super().__init__(b"", **{"content_type": "application/json", "delay": 0.01, **options})
        self.requests = self.asked = Requests()

    def pieces(self) -> Iterator[bytes]:
        path = self.asked.mine.path
        found = next((answer for name, answer in self.answers.items() if name in path), b"{}")
        return filter(None, found if isinstance(found, list) else [found])


def as_json(value: Any) -> bytes:
    return json.dumps(value).encode()
