"""A chunk of bytes is decoded by itself.

A chunk may end within a character: `chunk.decode()` then raises `UnicodeDecodeError`, or, with `errors="ignore"` or
`"replace"`, damages the text.

Use `codecs.getincrementaldecoder`, a text iterator of the client (`iter_text`), or hand the bytes to
`unchunk.iter_json(...)`, which decodes them.

When to ignore it: the text is ASCII and stays so.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.messages import chunk_decoded

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import DecodeSite

CODE = "UNC202"
NAME = "chunk-decode"
DEFAULT = False
SUBJECT = "decode"

VALID = [
    """\
import requests

body = b"".join(requests.get("https://example.com/", stream=True).iter_content(None))
print(body.decode())
""",
    """\
import requests

rest = b""
for chunk in requests.get("https://example.com/", stream=True).iter_content(None):
    rest += chunk  # a character that is cut waits for its rest
    try:
        print(rest.decode())
    except UnicodeDecodeError:
        continue
    rest = b""
""",
]
INVALID = [
    """\
import requests

for chunk in requests.get("https://example.com/", stream=True).iter_content(None):
    print(chunk.decode())
""",
]


def findings(decode: DecodeSite) -> Iterator[Finding]:
    """Report the chunks that are decoded as they come."""
    data = decode.data
    if data.framing is Framing.CHUNK and data.piece and not decode.delimited:
        yield decode.finding(CODE, NAME, chunk_decoded(data))
