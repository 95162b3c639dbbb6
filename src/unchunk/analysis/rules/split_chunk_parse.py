"""A chunk is split into lines or events, and the pieces are parsed with nothing carried over to the next chunk.

The last piece of a chunk is cut as often as not, and its rest begins the next chunk: both halves fail to parse. Where
the error is caught, that line is lost without a trace.

Iterate over lines (`iter_lines`), cut the chunks again with `unchunk.rechunk(..., at="line")`, or keep the last piece
and put it before the next chunk.

When to ignore it: never on a byte stream; on chunks that are known to end with a line, such as those another part of
the program has cut.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.messages import split_chunk_parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import ParseSite

CODE = "UNC102"
NAME = "split-chunk-parse"
DEFAULT = True
SUBJECT = "parse"

VALID = [
    """\
import json, requests

rest = ""
for chunk in requests.get("https://example.com/log", stream=True).iter_content(None, decode_unicode=True):
    *lines, rest = (rest + chunk).split("\\n")  # the rest is kept for the next chunk
    for line in lines:
        print(json.loads(line))
""",
    """\
import json

def show(text):
    for line in text.splitlines():  # nothing says that this is a chunk
        print(json.loads(line))
""",
]
INVALID = [
    """\
import json, requests

for chunk in requests.get("https://example.com/log", stream=True).iter_content(None):
    for line in chunk.decode().splitlines():
        print(json.loads(line))
""",
    """\
import json

async def show(response):
    async for chunk in response.aiter_bytes():
        for event in chunk.split(b"data: "):
            if event.strip():
                print(json.loads(event))
""",
]


def findings(parse: ParseSite) -> Iterator[Finding]:
    """Report the pieces of chunks that are parsed."""
    for data in parse.pieces(Framing.CHUNK):
        if data.split is not None and not data.origin.single:
            yield parse.finding(CODE, NAME, split_chunk_parsed(parse, data), data)
