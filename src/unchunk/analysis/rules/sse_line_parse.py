"""A line of server-sent events is parsed though a well-formed stream makes the parser raise, and nothing catches that.

Besides `data:` lines such a stream has blank lines, comments (`: ping`), other fields (`event: …`, `id: …`, `retry:
…`), and with many services it
ends with `data: [DONE]`. None of these is JSON. What counts is which kinds of lines still reach the parser, not which
tests are there: a loop that tests for blank lines and `[DONE]` but lets `: keep-alive` through works until a proxy
sends one. The message names those kinds; `[DONE]` is among them where it is known to come.

That a line is one of an event stream is told by what the program does with it (`data:` is tested for or cut off), or
by the request: its endpoint (`/chat/completions`, …), `"stream": True` in its body, `Accept: text/event-stream`.

Take the events from `unchunk.iter_json(response.iter_lines())` or `unchunk.iter_sse(...)`, or test for the prefix and
the end marker before parsing.

When to ignore it: the service is known to send nothing but `data:` lines with JSON.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.messages import line_parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import ParseSite

CODE = "UNC104"
NAME = "sse-line-parse"
DEFAULT = True
SUBJECT = "parse"

VALID = [
    """\
import json, requests

for line in requests.get("https://example.com/events", stream=True).iter_lines():
    if not line.startswith(b"data: "):
        continue
    if line == b"data: [DONE]":
        break
    print(json.loads(line[6:]))
""",
    """\
import json, requests

for line in requests.get("https://example.com/log", stream=True).iter_lines():
    if line:
        print(json.loads(line))  # one document a line, not events
""",
    """\
import json, requests

for line in requests.post("http://localhost:11434/api/chat", json={"stream": True}, stream=True).iter_lines():
    print(json.loads(line))  # so does this service
""",
]
INVALID = [
    """\
import json, requests

for line in requests.get("https://example.com/events", stream=True).iter_lines():
    if line:
        print(json.loads(line.decode().removeprefix("data: ")))
""",
    """\
import json, requests

body = {"model": "m", "messages": [], "stream": True}
for line in requests.post("https://example.com/v1/chat/completions", json=body, stream=True).iter_lines():
    print(json.loads(line))
""",
    """\
import json, requests

for line in requests.get("https://example.com/events", stream=True).iter_lines():
    if not line or line == b"data: [DONE]":
        continue
    print(json.loads(line.decode().removeprefix("data: ")))  # `: keep-alive` gets here
""",
]


def findings(parse: ParseSite) -> Iterator[Finding]:
    """Report the event lines that are parsed without the tests they need."""
    if parse.caught:
        return
    for data in parse.pieces(Framing.LINE):
        kinds = parse.crashing_kinds(data) if parse.is_sse_line(data) else []
        if kinds:
            yield parse.finding(CODE, NAME, line_parsed(parse, data, kinds), data)
