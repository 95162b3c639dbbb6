"""A client of the same shape as Together's whose stream hands out text, as some gateways and older clients do.

The pieces are read from the file that `TEXT_PIECES` names: a JSON array of strings.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from types import SimpleNamespace


class Together:
    def __init__(self, **settings: object) -> None:
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self._create))

    def _create(self, **request: object) -> Iterator[str]:
        with open(os.environ["TEXT_PIECES"], encoding="utf-8") as file:
            yield from json.load(file)
