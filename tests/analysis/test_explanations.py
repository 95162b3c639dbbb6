"""Explanations of silent parse calls: the deciding fact, for every reason there is."""

from __future__ import annotations

import pytest

from unchunk.analysis import explain

HEAD = "import json, requests, websockets, aiohttp\nfrom openai import OpenAI\n"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (
            "b = b''\nfor c in r.iter_content():\n    b += c\njson.loads(b)",
            "buffered: put together from several steps of",
        ),
        ("p = []\nfor c in r.iter_content():\n    p.append(c)\njson.loads(b''.join(p))", "buffered: "),
        ("json.loads(b''.join(r.iter_content()))", "whole: "),
        ("json.loads(requests.get(u).text)", "whole: requests Response.text gives all there is"),
        ("for c in r.iter_lines():\n    json.loads(c)", "line: a step of .iter_lines() is one line"),
        (
            "async def f():\n    async with websockets.connect(u) as ws:\n        json.loads(await ws.recv())",
            "message: a step of websockets",
        ),
        ("for c in r.iter_content():\n    json.loads(decrypt(c))", "killed: handed to "),
        ("json.loads('{}')", "constant: written in the program"),
        ("def f(x):\n    json.loads(x)", "unknown: nothing tells where this comes from"),
        ("json.loads(json.dumps(x))", "whole: json.dumps() gives all there is"),
        ("for c in r.iter_content():\n    json.loads(c)", "UNC101: "),
        (
            "b = b''\nfor c in r.iter_content():\n    try:\n        json.loads(c)\n    except ValueError:\n"
            "        b += c\n        json.loads(b)",
            "buffered: put together from several steps of",
        ),
        ("json.loads(open(p, 'rb').read(65536))", "whole: one io file object.read() brings as much as it is asked for"),
        (
            "for c in OpenAI().chat.completions.create(stream=True):\n    t = c.choices[0].delta.content\n    try:\n"
            "        json.loads(t)\n    except ValueError:\n        show(t)",
            "passed on: a fragment that is no document goes on as text",
        ),
        ("json.loads(open(p).read())", "whole: io file object.read() gives all there is"),
        (
            "import socket, struct\ndef f(s: socket.socket):\n    n = struct.unpack('I', s.recv(4))[0]\n"
            "    b = s.recv(n)\n    if len(b) < n:\n        raise EOFError\n    json.loads(b)",
            "counted: its length was compared with what is due",
        ),
        (
            "def f(stream):\n    for chunk in stream:\n        json.loads(chunk), chunk.usage",
            "unknown: nothing tells where this comes from",
        ),
        ("json.loads(requests.Session())", "unknown: requests Session is no data of a stream"),
        ("x = {'a': 1}\njson.loads(x)", "unknown: no data of a stream"),
        ("def f(x):\n    json.loads(x.pop())", "unknown: nothing tells where this comes from"),
        ("for c in r.iter_content():\n    json.loads(c.hex and len(c))", "unknown: "),
        ("for c in r.iter_content():\n    json.loads(c.find(b'x'))", "killed: not data any more after .find()"),
        ("print(json.loads)", "no parse call was seen on line 3"),
        (
            "def each(ws):\n    while True:\n        json.loads(ws.recv(5))\n"
            "def main(u):\n    import websockets.sync.client\n"
            "    with websockets.sync.client.connect(u) as ws:\n        each(ws)\n",
            "known: callers hand over",
        ),
        (
            "for c in r.iter_content():\n    parts = c.split(b'|')\n    parts[0] = rest + parts[0]\n"
            "    rest = parts[-1]\n    first = json.loads(parts[0])\n    for part in parts[1:-1]: json.loads(part)",
            "buffered: ",
        ),
    ],
)
def test_the_reason_is_told(body: str, reason: str) -> None:
    line = max(number for number, text in enumerate(body.splitlines(), 3) if "json.loads" in text)
    reasons = explain(HEAD + body, "it.py", line)
    assert any(told.startswith(reason) for told in reasons), reasons


def test_the_way_is_told() -> None:
    (reason,) = explain(HEAD + "for c in r.iter_lines():\n    t = c.decode()\n    json.loads(t)", "it.py", 5)
    assert reason.endswith("(line 3 .iter_lines() hands out lines; line 3 handed out; line 4 decoded; line 4 assigned)")


def test_every_possibility_is_told() -> None:
    body = "s = r.iter_lines() if x else r.iter_content()\nfor c in s:\n    json.loads(c)"
    reasons = explain(HEAD + body, "it.py", 5)
    assert len(reasons) == 2
    assert reasons[0].startswith("UNC101")
    assert reasons[1].startswith("line: ")
