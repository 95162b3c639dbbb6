"""Sources of a program's pieces."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """A source of pieces.

    Attributes:
        kind: what a piece is: `"bytes"`, `"text"`, `"line"`, `"sdk"` (text in an event), `"tools"` (arguments in one)
            or `"callback"`.
        stream: the expression that is looped over.
        text: what is parsed of the step `{s}`.
        loop: `"for"`, or the head of a `while` loop.
        inside: the first lines of its body.
        when: the same test in a comprehension.
    """

    kind: str
    imports: tuple[str, ...]
    head: tuple[str, ...]
    stream: str
    step: str = "chunk"
    text: str = "{s}"
    loop: str = "for"
    before: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    when: str = ""
    is_async: bool = False


_GET = ('r = requests.get("http://x", stream=True)',)
_STREAM = ('with httpx.stream("GET", "http://x") as r:',)
_ASTREAM = ("async with httpx.AsyncClient() as client:",)
_SOCKET = ('sock = socket.create_connection(("x", 1))',)
_OPEN = ('reader, writer = await asyncio.open_connection("x", 1)',)
_CHAT = (
    "client = openai.OpenAI()",
    'stream = client.chat.completions.create(model="m", messages=[], stream=True)',
)
_TOOLS = (
    "client = openai.OpenAI()",
    'stream = client.chat.completions.create(model="m", messages=[], tools=[{}], stream=True)',
)
_ACHAT = (
    "client = openai.AsyncOpenAI()",
    'stream = await client.chat.completions.create(model="m", messages=[], stream=True)',
)

SOURCES: dict[str, Source] = {
    "requests": Source("bytes", ("import requests",), _GET, "r.iter_content(None)"),
    "requests inline": Source(
        "bytes", ("import requests",), (), 'requests.get("http://x", stream=True).iter_content(chunk_size=1024)'
    ),
    "requests text": Source("text", ("import requests",), _GET, "r.iter_content(None, decode_unicode=True)"),
    "requests lines": Source("line", ("import requests",), _GET, "r.iter_lines(decode_unicode=True)", "line"),
    "httpx": Source("bytes", ("import httpx",), _STREAM, "r.iter_bytes()"),
    "httpx text": Source("text", ("import httpx",), _STREAM, "r.iter_text()"),
    "httpx lines": Source("line", ("import httpx",), _STREAM, "r.iter_lines()", "line"),
    "httpx async": Source(
        "bytes",
        ("import asyncio", "import httpx"),
        ("r = await httpx.AsyncClient().stream('GET', 'http://x').__aenter__()",),
        "r.aiter_bytes()",
        is_async=True,
    ),
    "aiohttp": Source(
        "bytes",
        ("import aiohttp", "import asyncio"),
        ("session = aiohttp.ClientSession()", 'r = await session.get("http://x")'),
        "r.content.iter_any()",
        is_async=True,
    ),
    "urllib3": Source(
        "bytes", ("import urllib3",), ('r = urllib3.request("GET", "http://x", preload_content=False)',), "r.stream()"
    ),
    "socket": Source(
        "bytes",
        ("import socket",),
        _SOCKET,
        "",
        "data",
        loop="while True:",
        inside=("data = sock.recv(4096)", "if not data:", "    break"),
    ),
    "socket walrus": Source("bytes", ("import socket",), _SOCKET, "", "data", loop="while data := sock.recv(4096):"),
    "socket first": Source(
        "bytes",
        ("import socket",),
        _SOCKET,
        "",
        "data",
        loop="while True:",
        inside=("data = sock.recv(4096)", 'if data == b"":', "    print('closed')", "    break"),
    ),
    "reader": Source(
        "bytes",
        ("import asyncio",),
        _OPEN,
        "",
        "data",
        loop="while True:",
        inside=("data = await reader.read(4096)", "if not data:", "    break"),
        is_async=True,
    ),
    "reader, waits": Source(
        "bytes",
        ("import asyncio",),
        _OPEN,
        "",
        "data",
        loop="while True:",
        inside=("data = await asyncio.wait_for(reader.read(4096), timeout=5)", "if not data:", "    break"),
        is_async=True,
    ),
    "reader, at_eof": Source(
        "bytes",
        ("import asyncio",),
        _OPEN,
        "",
        "data",
        loop="while not reader.at_eof():",
        inside=("data = await reader.read(4096)", "if not data:", "    continue"),
        is_async=True,
    ),
    "openai": Source(
        "sdk",
        ("import openai",),
        _CHAT,
        "stream",
        "event",
        "{s}.choices[0].delta.content",
        inside=("if not event.choices[0].delta.content:", "    continue"),
        when=" if {s}.choices[0].delta.content",
    ),
    "openai, finish": Source(
        "sdk",
        ("import openai",),
        _CHAT,
        "stream",
        "event",
        "{s}.choices[0].delta.content",
        inside=(
            "if event.choices[0].finish_reason:",
            "    print(event.choices[0].finish_reason)",
            "    break",
            "if not event.choices[0].delta.content:",
            "    continue",
        ),
    ),
    "openai async": Source(
        "sdk",
        ("import asyncio", "import openai"),
        _ACHAT,
        "stream",
        "event",
        "{s}.choices[0].delta.content",
        inside=("if not event.choices[0].delta.content:", "    continue"),
        when=" if {s}.choices[0].delta.content",
        is_async=True,
    ),
    "anthropic": Source(
        "sdk",
        ("import anthropic",),
        (
            "client = anthropic.Anthropic()",
            'stream = client.messages.create(model="m", max_tokens=9, messages=[], stream=True)',
        ),
        "stream",
        "event",
        "{s}.delta.partial_json",
        inside=('if event.type != "content_block_delta":', "    continue"),
        when=' if event.type == "content_block_delta"',
    ),
    "openai, choice": Source(
        "sdk",
        ("import openai",),
        _CHAT,
        "stream",
        "event",
        "choice.delta.content",
        inside=(
            "choice = event.choices[0]",
            "if choice.delta.content is None:",
            "    continue",
            "if not choice.delta.content:",
            "    continue",
        ),
    ),
    "openai tools": Source(
        "tools",
        ("import openai",),
        _TOOLS,
        "stream",
        "event",
        "{s}.choices[0].delta.tool_calls[0].function.arguments",
        inside=("if not event.choices[0].delta.tool_calls:", "    continue"),
    ),
    "openai tools, call": Source(
        "tools",
        ("import openai",),
        _TOOLS,
        "stream",
        "event",
        "call.function.arguments",
        inside=(
            "if not event.choices[0].delta.tool_calls:",
            "    continue",
            "call = event.choices[0].delta.tool_calls[0]",
        ),
    ),
    "openai tools, loop": Source(
        "tools",
        ("import openai",),
        _TOOLS,
        "stream",
        "event",
        "call.function.arguments",
        inside=("for call in event.choices[0].delta.tool_calls or []:",),
    ),
    "socket, raises": Source(
        "bytes",
        ("import socket",),
        _SOCKET,
        "",
        "data",
        loop="while True:",
        inside=("data = sock.recv(4096)", "if not data:", "    raise ConnectionError"),
    ),
    "callback": Source("callback", ("import asyncio",), (), "", "data"),
}
