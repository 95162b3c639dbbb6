"""What the grammar's parts may be, as pieces of program text."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Source:
    """Where pieces come from.

    Attributes:
        kind: what a piece is: `"bytes"`, `"text"`, `"line"`, `"sdk"` (text in an event) or `"callback"`.
        stream: the expression that is looped over.
        text: what is parsed of the step `{s}`.
        loop: `"for"`, or the head of a `while` loop.
        inside: the first lines of its body.
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
    is_async: bool = False


_GET = ('r = requests.get("http://x", stream=True)',)
_STREAM = ('with httpx.stream("GET", "http://x") as r:',)
_ASTREAM = ("async with httpx.AsyncClient() as client:", )
_SOCKET = ('sock = socket.create_connection(("x", 1))',)
_OPEN = ('reader, writer = await asyncio.open_connection("x", 1)',)
_CHAT = (
    "client = openai.OpenAI()",
    'stream = client.chat.completions.create(model="m", messages=[], stream=True)',
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
    "urllib3": Source("bytes", ("import urllib3",), ('r = urllib3.request("GET", "http://x", preload_content=False)',), "r.stream()"),
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
    ),
    "callback": Source("callback", ("import asyncio",), (), "", "data"),
}


@dataclass(frozen=True, slots=True)
class Parser:
    call: str
    error: str = "json.JSONDecodeError"
    imports: tuple[str, ...] = ()
    module: tuple[str, ...] = ()


PROBE = "probe"  # `json.loads` that is counted, to see whether documents get there

PARSERS: dict[str, Parser] = {
    "json": Parser("json.loads({x})"),
    "loads": Parser("loads({x})", imports=("from json import loads",)),
    "orjson": Parser("orjson.loads({x})", "orjson.JSONDecodeError", ("import orjson",)),
    "function": Parser(
        "parsed({x})", module=("def parsed(text):", "    return json.loads(text)", "", "")
    ),
    "pydantic": Parser("Row.model_validate_json({x})", "pydantic.ValidationError", ("import pydantic", "from models import Row")),
    "msgspec": Parser("msgspec.json.decode({x})", "msgspec.DecodeError", ("import msgspec",)),
    "floats": Parser("json.loads({x}, parse_float=str)"),
    "decoder": Parser("json.JSONDecoder().decode({x})"),
    PROBE: Parser("probe({x})"),
}

_DATA = [
    ["{x}[6:]"],
    ["if not {x}.startswith({q}'data: '): continue", "{x}[6:]"],
    ["if {x}.startswith({q}'data: '):", "{x}[6:]"],
    ["{x}[len('data: '):]"],
    ["{x}.removeprefix({q}'data: ')"],
    ["{x}.replace({q}'data: ', {q}'')"],
    ["{x}.split({q}'data: ')[1]"],
    ["{x}.split({q}'data: ', 1)[1]"],
    ["{x}.split({q}': ', 1)[1]"],
    ["{x}.partition({q}': ')[2]"],
    ["{x}.strip()", "{x}[6:]"],
    ["{x}.lstrip({q}'data: ')"],
    ["{x}.strip()", "if not {x}: continue", "{x}.removeprefix({q}'data: ')"],
    ["re.sub({q}'^data: ', {q}'', {x})"],
    ["{x}[{x}.find({q}'{'):]"],
]
_FOUND_DATA = [
    ["if not {x}.startswith({q}'data: '): continue", "{x}[6:]"],
    ["if {x}.startswith({q}'data: '):", "{x}[6:]"],
    ["if {x}.startswith({q}'data: '):", "{x}.removeprefix({q}'data: ').strip()"],
]
_LINES_OF_DATA = [
    ["for line in {x}.splitlines():", "if not line.startswith({q}'data:'): continue", "{x}[5:]"],
    ["for line in {x}.split({q}'\\n'):", "if line.startswith({q}'data: '):", "{x}[6:]"],
]
_DONE_BEFORE = [
    "if {q}'[DONE]' in {x}: break",
    "if {x}.strip() == {q}'data: [DONE]': break",
    "if {x} == {q}'data: [DONE]\\n\\n': break",
    "if {x}.startswith({q}'data: [DONE]'): break",
    "if {x}.startswith({q}'data: [DONE]'): continue",
    "if {x}.rstrip().endswith({q}'[DONE]'): print('done'); break",
]
_DONE_BEHIND = [
    "if {x}.strip() == {q}'[DONE]': break",
    "if {x}.strip() == {q}'[DONE]': continue",
    "if {q}'[DONE]' in {x}: break",
    "if {x}.startswith({q}'[DONE]'): print('done'); break",
]


def _with_done(ways: list[list[str]]) -> list[list[str]]:
    """Each way with each test of the end mark, before the data is cut out or behind it."""
    made = []
    for number, way in enumerate(ways):
        first = 1 if way[0].startswith("for ") else 0
        head = way[:first]
        made.append([*head, *([] if head else [_DONE_BEFORE[number % len(_DONE_BEFORE)]]), *way[first:]])
        made.append([*way, _DONE_BEHIND[number % len(_DONE_BEHIND)]])
    return [way for way in made if way]


def _terminated(mark: str, *, text: str = "") -> list[list[str]]:
    """The ways to take a terminator off."""
    mark = text or repr(mark)
    return [
        [f"{{x}}.rstrip({{q}}{mark})"],
        [f"{{x}}.strip({{q}}{mark})"],
        [f"{{x}}.removesuffix({{q}}{mark})"],
        [f"{{x}}[:-len({mark})]"],
        [f"{{x}}.split({{q}}{mark})[0]"],
        [f"{{x}}.replace({{q}}{mark}, {{q}}'')"],
        [f"for line in {{x}}.split({{q}}{mark}):", "if not line: continue"],
        [f"if not {{x}}.endswith({{q}}{mark}): continue", f"{{x}}[:-len({mark})]"],
        [f"{{x}}.partition({{q}}{mark})[0]"],
        [f"{{x}}.replace({{q}}{mark}, {{q}}' ')"],
    ]


_BLANKS = [[], ["{x}.strip()"], ["{x}.rstrip()"]]
_LINE = [
    *_BLANKS,
    ["{x}.rstrip({q}'\\n')"],
    ["{x}.strip({q}'\\n')"],
    ["{x}[:-1]"],
    ["{x}.removesuffix({q}'\\n')"],
    ["{x}.replace({q}'\\n', {q}'')"],
    ["for line in {x}.splitlines():"],
    ["for line in {x}.split({q}'\\n'):", "if not line.strip(): continue"],
    ["if not {x}.endswith({q}'\\n'): continue"],
    ["{x}.split({q}'\\n')[0]"],
]
_AFTER_COLON = [
    ["{x}.split({q}':', 1)[1]"],
    ["{x}.partition({q}':')[2]"],
    ["{x}[{x}.index({q}':') + 1:]"],
]
_BLANK_TESTS = [
    ["if not {x}.strip(): continue"],
    ["if {x}.isspace(): continue"],
    ["{x}.strip()", "if not {x}: continue"],
    ["if not {x}.strip(): print('heartbeat'); continue"],
    ["if {x} == {q}'\\n': print('heartbeat'); continue"],
    ["if len({x}) > 1:"],
]
_WORD_TESTS = [
    ["if {x}.strip() == {q}'ping': continue"],
    ["if {x}.startswith({q}'ping'): print('pong'); continue"],
    ["if {q}'{' not in {x} and {q}'[' not in {x}: continue"],
]
_OBJECTS_ONLY = [
    ["if not {x}.startswith({q}'{'): continue"],
    ["if {x}.startswith({q}'{'):"],
    ["{x}.strip()", "if not ({x}.startswith({q}'{') and {x}.endswith({q}'}')): continue"],
    ["if {x}[:1] != {q}'{': continue"],
]

CLEANINGS: dict[str, list[list[str]]] = {
    "concatenated": [*_BLANKS, ["if {x}:"], ["{x}.strip()", "if not {x}: continue"]],
    "lines": _LINE,
    "crlf lines": [*_BLANKS, ["{x}[:-2]"], ["{x}.rstrip({q}'\\r\\n')"], ["{x}.removesuffix({q}'\\r\\n')"]],
    "greeting": _BLANKS,
    "pretty": _BLANKS,
    "events": [*_DATA, *_LINES_OF_DATA],
    "events, done": [*_with_done(_DATA), *_with_done(_LINES_OF_DATA)],
    "events, done, more": _with_done(_DATA),
    "events, crlf": _with_done(_DATA),
    "events, no blank": [["if {q}'[DONE]' in {x}: break", "{x}[5:]"], ["{x}.removeprefix({q}'data:')", "if {x}.strip() == {q}'[DONE]': break"]],
    "events, one line end": _DATA,
    "events, one line end, done": _with_done(_DATA),
    "events, comments": _with_done([*_FOUND_DATA, ["if {x}.startswith({q}':'): continue", "{x}[6:]"], *_LINES_OF_DATA]),
    "events, named": [
        ["{x}.split({q}'data: ')[1]"],
        ["{x}.split({q}'\\n')[1]", "{x}[6:]"],
        ["{x}[{x}.find({q}'data: ') + 6:]"],
        *_LINES_OF_DATA,
    ],
    "events, some named": [*_with_done(_FOUND_DATA), *_with_done(_LINES_OF_DATA)],
    "events, id": [*_with_done([["{x}.split({q}'data: ')[1]"], ["{x}.partition({q}'data: ')[2]"]]), *_with_done(_LINES_OF_DATA)],
    "events, id behind": [["{x}.split({q}'\\n')[0]", "{x}[6:]"], *_LINES_OF_DATA],
    "events, retry": [*_with_done(_FOUND_DATA), *_with_done(_LINES_OF_DATA)],
    "events, done in lower case": [["{x}[6:]", "if {x}.strip() == {q}'done': break"]],
    "lines, done": [[test] for test in _DONE_BEHIND],
    "lines, done, more": [[test] for test in _DONE_BEHIND],
    "lines, end": [["if {x}.strip() == {q}'END': break"], ["if {x}.startswith({q}'END'): print('end'); break"]],
    "concatenated, done": [[test] for test in _DONE_BEHIND],
    "lines, blank ones": _BLANK_TESTS,
    "lines, blank ends": [["if not {x}.strip(): break"], ["if {x} == {q}'\\n': print('end'); break"]],
    "concatenated, blank ones": _BLANK_TESTS,
    "concatenated, spaces": _BLANK_TESTS[:4],
    "lines, words": _WORD_TESTS,
    "concatenated, words": _WORD_TESTS,
    "lines, log": _OBJECTS_ONLY,
    "lines, log without brackets": _OBJECTS_ONLY,
    "NUL": _terminated("\0", text="'\\0'"),
    "RS behind": _terminated("\x1e", text="'\\x1e'"),
    "RS before": [["{x}.lstrip({q}'\\x1e')"], ["{x}.strip({q}'\\x1e\\n')"], ["{x}[1:]"], ["{x}.removeprefix({q}'\\x1e')"]],
    "comma": _terminated(","),
    "comma line": [["{x}.rstrip({q}',\\n')"], ["{x}.strip()", "{x}.rstrip({q}',')"], ["{x}[:-2]"], ["{x}.strip().removesuffix({q}',')"]],
    "semicolon": _terminated(";"),
    "semicolon line": [["{x}.rstrip({q}';\\n')"], ["{x}.strip()", "{x}.rstrip({q}';')"], ["{x}[:-2]"], ["{x}.split({q}';')[0]"]],
    "bar": _terminated("|"),
    "END": _terminated("<END>"),
    "line separator": [
        ["{x}.decode()", "{x}.rstrip('\u2028')"],
        ["{x}.decode()", "{x}.split('\u2028')[0]"],
        ["{x}.decode()", "for line in {x}.split('\u2028'):", "if not line: continue"],
    ],
    "blank line": [*_BLANKS, ["{x}.removesuffix({q}'\\n\\n')"], ["{x}.split({q}'\\n\\n')[0]"], ["for part in {x}.split({q}'\\n\\n'):", "if not part: continue"]],
    "assigned": [
        ["{x}.replace({q}'var x = ', {q}'').rstrip({q}';\\n')"],
        ["{x}.strip()", "{x}[8:-1]"],
        ["{x}[{x}.find({q}'{'):{x}.rfind({q}'}') + 1]"],
    ],
    "called": [["{x}.strip()", "{x}[3:-2]"], ["{x}[{x}.find({q}'(') + 1:{x}.rfind({q}')')]"]],
    "vercel": [*_AFTER_COLON, ["{x}[2:]"], ["{x}.removeprefix({q}'0:')"], ["if not {x}.startswith({q}'0:'): continue", "{x}[2:]"]],
    "progress": [*_AFTER_COLON, ["{x}.split({q}': ', 1)[1]"], ["{x}.removeprefix({q}'progress: ')"], ["{x}.replace({q}'progress: ', {q}'')"]],
    "time stamp": [["{x}.split({q}'|', 1)[1]"], ["{x}.partition({q}'|')[2]"], ["{x}[6:]"]],
    "checksum": [["{x}.rsplit({q}'|', 1)[0]"], ["{x}.rpartition({q}'|')[0]"], ["{x}[:-6]"]],
    "log prefix": [
        ["{x}.split({q}'] ', 1)[1]"],
        ["{x}[{x}.find({q}'{'):]"],
        ["{x}[{x}.find({q}'{'):{x}.rfind({q}'}') + 1]"],
        ["{x}.split(None, 2)[2]"],
    ],
    "array lines": [
        ["{x}.strip()", "if {x} in ({q}'[', {q}']'): continue", "{x}.rstrip({q}',')"],
        ["{x}.strip().rstrip({q}',')", "if len({x}) < 2: continue"],
        ["{x}.strip().strip({q}'[],')", "if not {x}: continue"],
    ],
    "array elements": [["{x}.strip({q}'[],')", "if not {x}: continue"], ["if {x} == {q}']': break", "{x}[1:]"], ["{x}.lstrip({q}'[,').rstrip({q}']')", "if {x}:"]],
    "pairs": [["({q}'[' + {x}.replace({q}'}{', {q}'},{') + {q}']')"], ["{x}.replace({q}'}{', {q}'},{')", "({q}'[' + {x} + {q}']')"]],
    "single quotes": [["{x}.replace({q}\"'\", {q}'\"')"]],
    "constants": [["{x}.replace({q}'None', {q}'null')"], ["re.sub({q}'None', {q}'null', {x})"]],
    "trailing comma": [["re.sub({q}',\\\\s*}', {q}'}', {x})"], ["{x}.replace({q}',}', {q}'}')"]],
}  # fmt: skip

EXTRAS: dict[str, str] = {
    "strip": "{x}.strip()",
    "lstrip": "{x}.lstrip()",
    "replace words": "{x}.replace({q}'hello', {q}'goodbye')",
    "replace quotes": "{x}.replace({q}\"'\", {q}'\"')",
    "replace None": "{x}.replace({q}'None', {q}'null')",
    "replace NUL": "{x}.replace({q}'\\\\u0000', {q}'')",
    "replace line ends": "{x}.replace({q}'\\n', {q}'')",
    "replace blanks": "{x}.replace({q}' ', {q}'')",
    "sub": "re.sub({q}'[0-9]', {q}'7', {x})",
    "sub blanks": "re.sub({q}'\\\\s+$', {q}'', {x})",
    "lower": "{x}.lower()",
    "brackets": "({q}'[' + {x} + {q}']')",
    "to the last bracket": "{x}[:{x}.rfind({q}'}') + 1]",
    "from the first bracket": "{x}[{x}.find({q}'{'):]",
    "errors=ignore": "{x}.decode('utf-8', errors='ignore')",
    "latin-1": "{x}.decode('latin-1')",
    "ascii": "{x}.decode('ascii', 'replace')",
}
GUARDS: dict[str, str] = {
    "empty": "if not {x}: continue",
    "blank": "if not {x}.strip(): continue",
    "blank ends": "if not {x}.strip(): break",
    "is bytes": "if isinstance({x}, bytes) or isinstance({x}, str):",
    "done": "if {x}.strip() == {q}'[DONE]': break",
    "done inside": "if {q}'[DONE]' in {x}: break",
    "long": "if len({x}) < 2: continue",
    "not a list": "if {x}.startswith({q}'['): continue",
    "an object": "if {x}.startswith({q}'{'):",
    "an object at its end": "if not {x}.rstrip().endswith({q}'}'): continue",
    "contains": "if {q}'error' in {x}: print('error'); break",
    "no comment": "if {x}.startswith({q}':'): continue",
}
CODECS = ["big5", "shift_jis", "gbk", "latin-1", "utf-16-le"]
STYLES = ["inline", "named", "rebound"]


@dataclass(frozen=True, slots=True)
class Handler:
    """How errors are dealt with: around the call, `whole`: around all that is done to the piece, around the loop, or in its caller."""

    lines: tuple[str, ...] = ()
    whole: bool = False
    otherwise: bool = False
    around: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    caller: tuple[str, ...] = ()


HANDLERS: dict[str, Handler] = {
    "": Handler(),
    "continue": Handler(("except ValueError:", "    continue")),
    "bad": Handler(("except {error}:", "    print('bad')", "    continue")),
    "whole": Handler(("except ValueError:", "    continue"), whole=True),
    "whole, bad": Handler(("except {error}:", "    print('bad')", "    continue"), whole=True),
    "else": Handler(("except ValueError:", "    print('bad')"), otherwise=True),
    "break": Handler(("except ValueError:", "    print('bad')", "    break")),
    "count": Handler(
        ("except ValueError:", "    errors += 1", "    if errors > 2:", "        raise", "    continue"),
        before=("errors = 0",),
    ),
    "around": Handler(around=("except ValueError:", "    print('broken')")),
    "around, own": Handler(around=("except {error}:", "    print('broken')")),
    "around, decode": Handler(around=("except UnicodeDecodeError:", "    print('not UTF-8')")),
    "caller": Handler(caller=("except ValueError:", "    print('broken')")),
    "caller, own": Handler(caller=("except {error} as error:", "    print('broken')")),
    "caller, decode": Handler(caller=("except UnicodeDecodeError:", "    print('not UTF-8')")),
    "around, finally": Handler(around=("finally:", "    print('closed')")),
}


@dataclass(frozen=True, slots=True)
class Use:
    """What is done with a piece or its value: before the loop, first in its body, behind the parser, behind the loop."""

    lines: tuple[str, ...] = ("print(row)",)
    before: tuple[str, ...] = ()
    first: tuple[str, ...] = ()
    after: tuple[str, ...] = ()


USES: dict[str, Use] = {
    "forward": Use(("send({s})",)),
    "forward first": Use(first=("send({s})",)),
    "yield": Use(("yield row",)),
    "yield the piece": Use(("yield {s}",)),
    "count": Use(before=("seen = 0",), first=("seen += 1",), after=("print('seen', seen)",)),
    "count values": Use(("seen += 1",), before=("seen = 0",), after=("print('seen', seen)",)),
    "append": Use(("rows.append(row)",), before=("rows = []",), after=("print(rows)",)),
    "size": Use(before=("size = 0",), first=("size += len({s})",), after=("print('size', size)",)),
    "piece's size": Use(("print(row, len({s}))",)),
    "text's size": Use(("print(row, len({x}))",)),
    "last value": Use(before=("row = None",), after=("print('last', row)",)),
    "last piece": Use(before=("{s} = None",), after=("print('last', {s})",)),
    "two only": Use(("print(row)", "seen += 1", "if seen == 2:", "    break"), before=("seen = 0",)),
    "key": Use(("print(row['id'])",)),
    "error key": Use(("if 'error' in row:", "    print('failed')", "    break", "print(row)")),
    "heard": Use(first=("print('heard')",)),
}

WRAPS = ["for", "enumerate", "zip", "islice", "list", "generator", "map", "values of dict"]
PLACES = ["module", "function", "method", "class body"]


@dataclass(frozen=True, slots=True)
class Shadow:
    """A name that the fix may want to write."""

    module: tuple[str, ...] = ()
    local: tuple[str, ...] = ()
    parameter: str = ""


SHADOWS: dict[str, Shadow] = {
    "": Shadow(),
    "list function": Shadow(("def list(url):", "    return url", "", "")),
    "iter function": Shadow(("def iter(url):", "    return url", "", "")),
    "list variable": Shadow(local=("list = 'mine'",)),
    "iter variable": Shadow(local=("iter = None",)),
    "list parameter": Shadow(parameter=", list=None"),
    "iter_json variable": Shadow(local=("iter_json = 'mine'",)),
    "rechunk variable": Shadow(("rechunk = 'mine'",)),
    "unchunk variable": Shadow(("unchunk = 'mine'",)),
    "data variable": Shadow(local=("message = value = 'mine'",)),
}
CLOSURES: dict[str, str] = {
    "": "",
    "step": "{s}",
    "size of step": "len({s})",
    "text": "text",
    "value": "row",
    "step, after the loop": "{s}",
}
