"""One JSON object a line, each as in the format json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from unchunk.report.json import as_object

if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.report.diagnostic import Report


def render(report: Report) -> Iterator[str]:
    """Yield the lines."""
    for entry in report.entries:
        yield json.dumps(as_object(entry)) + "\n"
