"""An event is parsed that the SDK has decoded already.

`for chunk in client.chat.completions.create(..., stream=True)` hands out objects, not text: `json.loads(chunk)` raises
`TypeError: the JSON object must be str, bytes or bytearray`. What is meant is either the object itself
(`chunk.choices[0].delta.content`) or, for the text that the model writes as JSON, all of its fragments put together
(`unchunk.iter_json(c.choices[0].delta.content for c in stream)`).

A program whose client is known (imported from `together`, `openai`, …, or taught in the configuration) is reported
here, once. The same program around a client that nobody knows is UNC101's, and the message says so: by the shape of its
call it streams, but nothing tells whether it hands out text or events. `unchunk.iter_json(...)` is right for both. The
row `"togetherai.TogetherAI.chat.completions.create" = "object"` of `sources` in the configuration makes it known.

When to ignore it: the object is a `str` after all, because the client was replaced by something else.
"""

from __future__ import annotations

from unchunk.analysis.messages import object_parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import ParseSite

CODE = "UNC105"
NAME = "object-parse"
DEFAULT = True
SUBJECT = "parse"

VALID = [
    """\
from together import Together

for chunk in Together().chat.completions.create(model="m", messages=[], stream=True):
    print(chunk.choices[0].delta.content or "", end="")
""",
]
INVALID = [
    """\
import json
from together import Together

client = Together()
response = client.chat.completions.create(model="m", messages=[], stream=True)
for chunk in response:
    data = json.loads(chunk)
""",
]


def findings(parse: ParseSite) -> Iterator[Finding]:
    """Report the decoded events that are parsed."""
    for event in parse.objects():
        yield parse.finding(CODE, NAME, object_parsed(parse, event), event)
