"""One `recv(n)` or `read(n)` is parsed as if it had to return the whole message.

A read returns what has arrived, up to n bytes: half a message, or one and a half. That it returned the whole message on
the test machine says nothing about the network.

Read on until the message is complete: `unchunk.iter_json(iter(lambda: connection.recv(4096), b""))`,
`readexactly(length)`, or a line.

Reads of files, and of the bodies of HTTP responses, bring as much as they are asked for: they are not reported. Nor is
a read whose length the program compares with the length that is due.

When to ignore it: a datagram socket, or a protocol whose messages fit into one packet and never follow each other
closely.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.messages import short_read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import ParseSite

CODE = "UNC203"
NAME = "short-read"
DEFAULT = False
SUBJECT = "parse"

VALID = [
    """\
import json, socket

def ask(connection: socket.socket):
    return json.loads(connection.makefile().readline())
""",
    """\
import json

def load(path):
    with open(path, "rb") as file:
        return json.loads(file.read(65536))  # a file gives as much as it has
""",
]
INVALID = [
    """\
import json, socket

def ask(connection: socket.socket):
    return json.loads(connection.recv(4096))
""",
]


def findings(parse: ParseSite) -> Iterator[Finding]:
    """Report the single reads that are parsed."""
    for data in parse.pieces(Framing.CHUNK):
        if data.origin.single and not data.origin.source.exact and not parse.counted(data):
            yield parse.finding(CODE, NAME, short_read(parse, data), data)
