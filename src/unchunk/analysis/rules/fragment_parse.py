"""A fragment of a model's text parsed as one whole JSON document.

What a language model writes arrives a few characters at a time: `delta.content`,
`delta.tool_calls[0].function.arguments` and `partial_json` are
fragments. A JSON document that the model writes is whole only when all of its fragments have come.

Parse what `unchunk.iter_json(...)` makes of the fragments, or collect them with `unchunk.JSONFragments` when several
tool calls are interleaved.

Text that is tried as a document, and goes on as text where it is none, is not reported. Nor is, where no client is
known and only its parts tell that something is an event, the one that is picked out of several: `events[2]`,
`next(e for e in events if ...)`.

When to ignore it: the service is known to send tool calls whole in one event, and always will.
"""

from __future__ import annotations

from unchunk.analysis.findings import Framing
from unchunk.analysis.messages import fragment_parsed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from unchunk.analysis.findings import Finding
    from unchunk.analysis.sinks import ParseSite

CODE = "UNC103"
NAME = "fragment-parse"
DEFAULT = True
SUBJECT = "parse"

VALID = [
    """\
import json
from openai import OpenAI

arguments = ""
for chunk in OpenAI().chat.completions.create(model="m", messages=[], stream=True):
    arguments += chunk.choices[0].delta.content or ""
print(json.loads(arguments))
""",
    """\
import json
from openai import OpenAI

answer = OpenAI().chat.completions.create(model="m", messages=[])
for call in answer.choices[0].message.tool_calls:  # not streamed: whole
    print(json.loads(call.function.arguments))
""",
]
INVALID = [
    """\
import json
from openai import OpenAI

for chunk in OpenAI().chat.completions.create(model="m", messages=[], stream=True):
    print(json.loads(chunk.choices[0].delta.content))
""",
    """\
import json
from openai import AsyncOpenAI

async def calls(client: AsyncOpenAI):
    async for chunk in await client.chat.completions.create(model="m", messages=[], stream=True):
        for call in chunk.choices[0].delta.tool_calls or []:
            yield json.loads(call.function.arguments)
""",
]


def findings(parse: ParseSite) -> Iterator[Finding]:
    """Report the fragments that are parsed as they come."""
    for data in parse.pieces(Framing.FRAGMENT):
        if parse.passed_on(data):
            continue
        yield parse.finding(CODE, NAME, fragment_parsed(parse, data), data)
