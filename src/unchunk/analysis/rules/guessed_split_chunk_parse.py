"""A chunk split and its pieces parsed, where only names say that it is one.

Nothing tells what the source is: it is called `response` or `stream`, and the loop variable `chunk`, or something that
nobody knows is called with `stream=True`. See UNC102 for what is wrong if that is right. This rule is off unless asked
for: names prove nothing, and what reads is a stream of documents as often as not. It is for a look at code of one's own
that uses clients of one's own.

When to ignore it: the source hands out whole messages.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.wording import split_chunk_parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.seen import Parse

CODE = "UNC902"
NAME = "guessed-split-chunk-parse"
DEFAULT = False
SUBJECT = "parse"

VALID = [
    """\
import json

def show(path):
    for line in path.read_text().splitlines():
        print(json.loads(line))
""",
]
INVALID = [
    """\
import json

def show(response):
    for chunk in response:
        for line in chunk.splitlines():
            print(json.loads(line))
""",
]


def findings(parse: Parse) -> Iterator[Finding]:
    """What looks by its names as if UNC102 applied."""
    for data in parse.pieces(Framing.CHUNK, guessed=True):
        if not data.origin.single and data.split is not None:
            yield parse.finding(CODE, NAME, split_chunk_parsed(parse, data), data)
