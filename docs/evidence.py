"""The shapes of evidence for clients that the catalog does not list, each with a program that shows it."""

from __future__ import annotations

from typing import NamedTuple


class Evidence(NamedTuple):
    """The evidence for a step's kind where the client is unknown; the code that the program is reported with."""

    tells: str
    code: str
    program: str


def _shape(call: str, parsed: str, code: str = "UNC101", target: str = "step") -> Evidence:
    program = (
        f"import json\n\ndef run(client):\n    for {target} in client.{call}:\n        print(json.loads({parsed}))\n"
    )
    name, _, arguments = call.partition("(")
    asked = " with `stream=True`" if "stream=True" in arguments else ""
    return Evidence(f"a call `….{name}()`{asked}: text or events", code, program)


def _lines(tells: str, call: str, test: str = "") -> Evidence:
    head = f"import json, requests\n\ndef run(url, body):\n    for line in {call}.iter_lines():\n"
    inner = (
        f"        if {test}:\n            print(json.loads(line[6:]))\n"
        if test
        else "        print(json.loads(line))\n"
    )
    return Evidence(tells, "UNC104", head + inner)


_POST = 'requests.post("https://example.com'
EVIDENCE = (
    _shape('chat.completions.create(model="m", messages=[], stream=True)', "step"),
    _shape('completions.create(prompt="x", stream=True)', "step.choices[0].text", "UNC103"),
    _shape('responses.create(input="x", stream=True)', "step.delta", "UNC103"),
    _shape('responses.stream(input="x")', "step.delta", "UNC103"),
    _shape("messages.create(messages=[], stream=True)", "step.delta.text", "UNC103"),
    _shape("messages.stream(messages=[])", "step"),
    _shape('generate_content("x", stream=True)', "step.text", "UNC103"),
    _shape('build(path=".", stream=True)', "step"),
    _shape('pull("image", stream=True)', "step"),
    _shape('push("image", stream=True)', "step"),
    _lines("a URL that ends in `/chat/completions` or `/completions`", f'{_POST}/v1/chat/completions", json=body)'),
    _lines("a URL that ends in `/responses`", f'{_POST}/v1/responses", json=body)'),
    _lines("a URL that ends in `/v1/messages`", f'{_POST}/v1/messages", json=body)'),
    _lines("a URL that ends in `/generate_stream`", f'{_POST}/api/v1/generate_stream", json=body)'),
    _lines("a URL that ends in `:streamGenerateContent?alt=sse`", f'{_POST}/m:streamGenerateContent?alt=sse")'),
    _lines("the header `Accept: text/event-stream`", 'requests.get(url, headers={"Accept": "text/event-stream"})'),
    _lines(
        '`"stream": True` in the body, and as much cut off as `data: ` takes',
        'requests.post(url, json={"stream": True}, stream=True)',
        "line",
    ),
    Evidence(
        "`with_streaming_response` of an SDK, with `stream=True`",
        "UNC104",
        "import json\n\ndef run(client):\n"
        "    with client.responses.with_streaming_response.create(input='x', stream=True) as response:\n"
        "        for line in response.iter_lines():\n            print(json.loads(line))\n",
    ),
    Evidence(
        "a method of a name that means one thing only, such as `iter_content()`",
        "UNC101",
        "import json\n\ndef run(response):\n"
        "    for piece in response.iter_content():\n        print(json.loads(piece))\n",
    ),
    Evidence(
        "a path of a name that means one thing only, such as `choices[].delta.content`",
        "UNC103",
        "import json\n\ndef run(events):\n    for event in events:\n"
        "        print(json.loads(event.choices[0].delta.content))\n",
    ),
)


def section() -> str:
    """Return the part of the page of the catalog that lists them."""
    shown = (f"**{one.tells}** ({one.code})\n\n```python\n{one.program}```\n" for one in EVIDENCE)
    return "\n".join((_HEAD, *shown))


_HEAD = """\
## Clients that nobody knows

Where a program uses a client that is not on this page, these tell what a step is. Each is shown by a program that is
reported for it. A line of the configuration says it of any other call: see `sources` in
[Configuration](configuration.md).
"""
