"""A chunk parsed as one whole document, where only names say that it is one.

Nothing tells what the source is: a parameter is called `response` or `stream`, and the loop variable `chunk`. See
UNC101 for what is wrong if the names
are right. This rule is off unless asked for, as names prove nothing.

When to ignore it: the source hands out whole messages.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.wording import chunk_parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.seen import Parse

CODE = "UNC901"
NAME = "guessed-chunk-parse"
DEFAULT = False
SUBJECT = "parse"

VALID = [
    """\
import json

def show(rows):
    for row in rows:
        print(json.loads(row))
""",
]
INVALID = [
    """\
import json

def show(response):
    for chunk in response:
        print(json.loads(chunk))
""",
]


def findings(parse: Parse) -> Iterator[Finding]:
    """What looks by its names as if UNC101 applied."""
    for data in parse.pieces(Framing.CHUNK, guessed=True):
        if not data.origin.single and data.split is None:
            yield parse.finding(CODE, NAME, chunk_parsed(parse, data), data)
