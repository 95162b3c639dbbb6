"""A chunk of a stream parsed as one whole JSON document, or as one whole server-sent event.

The transport cuts a stream wherever it likes: inside a document, a string, even a character. On the machine where the
program was written a chunk often holds exactly one document, and the tests pass; behind a proxy, with a longer document
or a slower network it does not, and parsing raises `Expecting value: line 1 column 1 (char 0)`, `Unterminated string`,
`Extra data`, or, where the error is caught, data is lost.

Where the length of a message goes before it, `recv(length)` still returns what has arrived, up to that length.

Parse what `unchunk.iter_json(...)` makes of the chunks, or cut them again with `unchunk.rechunk(..., at="line")`; read
a message whose length is known with `readexactly(length)`, or in a loop.

A client that nobody knows is taken for one that streams by the shape of its call, such as
`….chat.completions.create(…, stream=True)`: what it hands out is text as it comes, or events that it has decoded, and
neither is a document. The message says that the client is not known, and `unchunk.iter_json(...)` is right for both: it
puts text together, and hands events on. One line of configuration teaches the client: `sources` takes
`"togetherai.TogetherAI.chat.completions.create" = "object"`. What else tells is in the catalog's page.

When to ignore it: the other side promises one document per write *and* the transport keeps writes apart. TCP, HTTP
and pipes do not.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.messages import chunk_parsed, short_message

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import ParseSite

CODE = "UNC101"
NAME = "chunk-parse"
DEFAULT = True
SUBJECT = "parse"

VALID = [
    """\
import json, requests

body = b""
for chunk in requests.get("https://example.com/events", stream=True).iter_content(None):
    body += chunk  # put together first
print(json.loads(body))
""",
    """\
import json, requests

for line in requests.get("https://example.com/events", stream=True).iter_lines():
    print(json.loads(line))  # a line is whole
""",
    """\
import json, websockets

async def listen(url):
    async with websockets.connect(url) as socket:
        async for message in socket:
            print(json.loads(message))  # a message is whole
""",
    """\
import json
from togetherai import TogetherAI

reply = TogetherAI().chat.completions.create(model="m", messages=[])
print(json.loads(reply.choices[0].message.content))  # not streamed: whole
""",
    """\
import json, struct

async def ask(reader):
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    return json.loads(await reader.readexactly(length))  # all of it
""",
]
INVALID = [
    """\
import json, requests

for chunk in requests.get("https://example.com/events", stream=True).iter_content(None):
    data = json.loads(chunk)
    print(data["id"])
""",
    """\
import json

async def show(response):
    async for text in response.aiter_text():
        if text.startswith("data: "):
            print(json.loads(text[6:]))
""",
    """\
import asyncio, json, struct

async def ask(reader: asyncio.StreamReader):
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    return json.loads(await reader.read(length))
""",
    """\
import json
from togetherai import TogetherAI  # a client that no table lists

response = TogetherAI().chat.completions.create(model="m", messages=[], stream=True)
for chunk in response:
    print(json.loads(chunk))
""",
]


def findings(parse: ParseSite) -> Iterator[Finding]:
    """Report the chunks that are parsed as they come."""
    for data in parse.pieces(Framing.CHUNK):
        if parse.trusts_length(data):
            yield parse.finding(CODE, NAME, short_message(parse, data), data)
        elif data.split is None and not data.origin.single:
            yield parse.finding(CODE, NAME, chunk_parsed(parse, data), data)
