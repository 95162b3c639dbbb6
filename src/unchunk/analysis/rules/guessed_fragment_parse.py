"""A fragment parsed as one whole document, where only names say that it is one.

Nothing tells what the source is: it is called `response` or `stream`, and the loop variable `chunk`, or something that
nobody knows is called with `stream=True`. See UNC103 for what is wrong if that is right. This rule is off unless asked
for: names prove nothing, and what reads is a stream of documents as often as not. It is for a look at code of one's own
that uses clients of one's own.

When to ignore it: the source hands out whole messages.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.wording import fragment_parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.seen import Parse

CODE = "UNC903"
NAME = "guessed-fragment-parse"
DEFAULT = False
SUBJECT = "parse"

VALID = [
    """\
import json

def show(chunks):
    for chunk in chunks:
        print(json.loads(chunk.text))  # chunks of documents, as in retrieval
""",
]
INVALID = [
    """\
import json

def show(stream):
    for chunk in stream:
        print(json.loads(chunk.text))
""",
]


def findings(parse: Parse) -> Iterator[Finding]:
    """What looks by its names as if UNC103 applied."""
    for data in parse.pieces(Framing.FRAGMENT, guessed=True):
        if not data.origin.single:
            yield parse.finding(CODE, NAME, fragment_parsed(parse, data), data)
