"""A buffer grows by every chunk and is parsed again every time, until that works.

This is quadratic in the length of the document, and it gets stuck for ever as soon as a chunk holds the end of one
document and the beginning of the next: the buffer then never parses again, and everything from there on is lost.

Parse what `unchunk.iter_json(...)` makes of the chunks.

When to ignore it: each stream holds one short document only.
"""

from __future__ import annotations

from unchunk.analysis.messages import retried

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import ParseSite

CODE = "UNC201"
NAME = "retry-buffer"
DEFAULT = False
SUBJECT = "parse"

VALID = [
    """\
import json, requests

body = b""
for chunk in requests.get("https://example.com/events", stream=True).iter_content(None):
    body += chunk
print(json.loads(body))
""",
    """\
import json, anthropic

arguments = ""
try:
    for event in anthropic.Anthropic().messages.create(model="m", messages=[], max_tokens=9, stream=True):
        if event.type == "content_block_stop":
            print(json.loads(arguments))  # whole by now; the loop ends when it is not
            arguments = ""
        elif event.type == "content_block_delta":
            arguments += event.delta.partial_json
except ValueError:
    print("no JSON")
""",
]
INVALID = [
    """\
import json, requests

buffer = ""
for chunk in requests.get("https://example.com/events", stream=True).iter_content(None, decode_unicode=True):
    buffer += chunk
    try:
        data = json.loads(buffer)
    except json.JSONDecodeError:
        continue
    buffer = ""
    print(data)
""",
]


def findings(parse: ParseSite) -> Iterator[Finding]:
    """Report the buffers that are parsed again and again while they grow."""
    for data in parse.retried():
        yield parse.finding(CODE, NAME, retried(parse, data), data)
