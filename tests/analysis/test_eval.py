"""The evaluation files: programs whose `# error: CODE` marks are all that is known about what has to be reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from unchunk.analysis import Settings, check_source
from unchunk.analysis.prefilter import may_contain_alone
from unchunk.analysis.rules import default_codes

EVAL = Path(__file__).parent.parent / "eval"
MARK = re.compile(r"#\s*error:\s*(UNC\d+(?:\s*,\s*UNC\d+)*)")
SELECT = re.compile(r"^# select: (.+)$", re.MULTILINE)


def expected(text: str) -> list[tuple[int, str]]:
    """Return the lines and codes that the marks name."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        mark = MARK.search(line)
        if mark:
            found += [(number, code) for code in re.split(r"\s*,\s*", mark.group(1))]
    return sorted(found)


def reported(text: str, name: str) -> list[tuple[int, str]]:
    selected = SELECT.search(text)
    codes = frozenset(re.split(r"\s*,\s*", selected.group(1))) if selected else default_codes()
    findings = check_source(text, name, settings=Settings(select=codes))
    return sorted((finding.span.line, finding.code) for finding in findings)


@dataclass(frozen=True)
class Client:
    """The replacement of a placeholder in an evaluation file, with its imports."""

    name: str
    imports: str
    placeholders: dict[str, str]
    text: str = "{0}"
    asynchronous: bool = False

    def program(self, template: str) -> str:
        """Return the file with this client in it, line for line."""
        program = re.sub(r"TEXT\(([^()]+)\)", lambda match: self.text.format(match[1]), template)
        for placeholder, expression in self.placeholders.items():
            program = re.sub(rf"\b{placeholder}\b", expression, program)
        if self.asynchronous:
            program = re.sub(r"NEXT\((.+?\))\)$", r"await anext(\1)", program, flags=re.MULTILINE)
            program = re.sub(
                r"^def (\w+)\((session|client|connection)", r"async def \1(\2", program, flags=re.MULTILINE
            )
            for expression in self.placeholders.values():
                program = re.sub(rf"\bfor (\w+) in {re.escape(expression)}", rf"async for \1 in {expression}", program)
        program = re.sub(r"NEXT\((.+?\))\)$", r"next(\1)", program, flags=re.MULTILINE)
        return program.replace("import json", f"import json, {self.imports}" if self.imports else "import json", 1)


BYTES = "{0}.decode()"
GET = 'get("https://example.com", stream=True)'
CREATE = 'create(model="m", messages=[], stream=True)'
CONTENT = "chunk.choices[0].delta.content"


def sync(name: str, imports: str, placeholder: str, expression: str, text: str = "{0}", **more: str) -> Client:
    return Client(name, imports, {placeholder: expression, **more}, text)


def aio(name: str, imports: str, placeholder: str, expression: str, text: str = "{0}", **more: str) -> Client:
    return Client(name, imports, {placeholder: expression, **more}, text, True)


CHUNK_SOURCES = [
    sync("zstandard", "zstandard", "CHUNKS", "zstandard.ZstdDecompressor().read_to_iter(session)", BYTES),
    aio("fastapi", "fastapi", "CHUNKS", "fastapi.Request(session).stream()", BYTES),
    sync("requests", "requests", "CHUNKS", f"requests.{GET}.iter_content(None)", BYTES),
    sync("requests-itself", "requests", "CHUNKS", f"requests.{GET}", BYTES),
    sync("requests-text", "requests", "CHUNKS", f"requests.{GET}.iter_content(None, decode_unicode=True)"),
    sync("untyped", "", "CHUNKS", "session.iter_content()", BYTES),
    sync("untyped-text", "", "CHUNKS", "session.iter_text()"),
    sync("httpx", "httpx", "CHUNKS", 'httpx.get("https://example.com").iter_bytes()', BYTES),
    sync("httpx-raw", "httpx", "CHUNKS", 'httpx.Client().get("https://example.com").iter_raw()', BYTES),
    sync("httpx2", "httpx2", "CHUNKS", 'httpx2.get("https://example.com").iter_text()'),
    sync(
        "urllib3",
        "urllib3",
        "CHUNKS",
        'urllib3.PoolManager().request("GET", "/", preload_content=False).stream()',
        BYTES,
    ),
    sync("socket", "socket", "CHUNKS", "iter(lambda: socket.create_connection(session).recv(4096), b'')", BYTES),
    sync("docker", "docker", "CHUNKS", 'docker.APIClient().pull("image", stream=True)', BYTES),
    sync("niquests", "niquests", "CHUNKS", f"niquests.{GET}.iter_content()", BYTES),
    sync("curl_cffi", "curl_cffi", "CHUNKS", f"curl_cffi.{GET}.iter_content()", BYTES),
    sync("primp", "primp", "CHUNKS", 'primp.get("https://example.com").iter_bytes()', BYTES),
    sync("raw", "", "CHUNKS", "session.raw.stream(1024)", BYTES),
    sync("received", "", "CHUNKS", "iter(lambda: session.recv(4096), b'')", BYTES),
    aio("httpx-async", "httpx", "CHUNKS", '(await httpx.AsyncClient().get("/")).aiter_text()'),
    aio("untyped-async", "", "CHUNKS", "session.aiter_bytes()", BYTES),
    aio("aiohttp", "aiohttp", "CHUNKS", '(await aiohttp.ClientSession().get("/")).content.iter_any()', BYTES),
    aio("aiohttp-chunked", "aiohttp", "CHUNKS", "session.content.iter_chunked(1024)", BYTES),
]
LINE_SOURCES = [
    sync("requests", "requests", "LINES", f"requests.{GET}.iter_lines()", BYTES),
    sync("untyped", "", "LINES", "session.iter_lines()", BYTES),
    sync("httpx", "httpx", "LINES", 'httpx.get("https://example.com").iter_lines()'),
    sync("urllib", "urllib.request", "LINES", 'urllib.request.urlopen("https://example.com")', BYTES),
    aio("httpx-async", "httpx", "LINES", '(await httpx.AsyncClient().get("/")).aiter_lines()'),
    aio("aiohttp", "aiohttp", "LINES", '(await aiohttp.ClientSession().get("/")).content', BYTES),
]
MESSAGE_SOURCES = [
    sync("untyped", "", "MESSAGE", "connection.recv()"),
    sync("pipe", "multiprocessing", "MESSAGE", "multiprocessing.Pipe()[0].recv()"),
    sync("datagrams", "socket", "MESSAGE", "socket.socket(type=socket.SOCK_DGRAM).recv(9)", BYTES),
    sync("recvfrom", "socket", "MESSAGE", "socket.socket(2, session).recvfrom(9)[0]", BYTES),
    sync("recvfrom-untyped", "", "MESSAGE", "connection.recvfrom(4096)[0]", BYTES),
    sync("all-that-was-asked-for", "socket", "MESSAGE", "connection.recv(100, socket.MSG_WAITALL)", BYTES),
    sync("websocket", "websocket", "MESSAGE", 'websocket.create_connection("/").recv()'),
    sync("zmq", "zmq", "MESSAGE", "zmq.Context().socket(zmq.REP).recv(1)", BYTES),
    aio("fastapi", "fastapi", "MESSAGE", "(await fastapi.WebSocket(connection).receive_text())"),
    aio("websockets", "websockets", "MESSAGE", "(await (await websockets.connect('/')).recv())"),
    aio("aiohttp", "aiohttp", "MESSAGE", "(await (await aiohttp.ClientSession().ws_connect('/')).receive_str())"),
    aio("readexactly", "asyncio", "MESSAGE", "(await (await asyncio.open_connection())[0].readexactly(9))", BYTES),
]
FRAGMENT_SOURCES = [
    sync("openai", "openai", "EVENTS", f"openai.OpenAI().chat.completions.{CREATE}", FRAGMENT=CONTENT),
    sync("together", "together", "EVENTS", f"together.Together().chat.completions.{CREATE}", FRAGMENT=CONTENT),
    sync("groq", "groq", "EVENTS", f"groq.Groq().chat.completions.{CREATE}", FRAGMENT=CONTENT),
    sync("litellm", "litellm", "EVENTS", 'litellm.completion(model="m", messages=[], stream=True)', FRAGMENT=CONTENT),
    sync(
        "by-keys",
        "openai",
        "EVENTS",
        f"openai.OpenAI().chat.completions.{CREATE}",
        FRAGMENT='chunk["choices"][0]["delta"]["content"]',
    ),
    aio("openai-async", "openai", "EVENTS", f"await openai.AsyncOpenAI().chat.completions.{CREATE}", FRAGMENT=CONTENT),
    sync(
        "ollama",
        "ollama",
        "EVENTS",
        'ollama.chat(model="m", messages=[], stream=True)',
        FRAGMENT="chunk.message.content",
    ),
    sync(
        "ollama-by-keys",
        "ollama",
        "EVENTS",
        'ollama.chat(model="m", messages=[], stream=True)',
        FRAGMENT='chunk["message"]["content"]',
    ),
    sync(
        "anthropic",
        "anthropic",
        "EVENTS",
        'anthropic.Anthropic().messages.create(model="m", messages=[], stream=True)',
        FRAGMENT="chunk.delta.partial_json",
    ),
    sync(
        "tool-calls",
        "openai",
        "EVENTS",
        f"openai.OpenAI().chat.completions.{CREATE}",
        FRAGMENT="chunk.choices[0].delta.tool_calls[0].function.arguments",
    ),
    sync(
        "mistral",
        "mistralai",
        "EVENTS",
        'mistralai.Mistral().chat.stream(model="m", messages=[])',
        FRAGMENT="chunk.data.choices[0].delta.content",
    ),
]
TEMPLATES = [
    (EVAL / folder / "loops.py", client)
    for folder, clients in (
        ("each_chunk_source", CHUNK_SOURCES),
        ("each_line_source", LINE_SOURCES),
        ("each_message_source", MESSAGE_SOURCES),
        ("each_fragment_source", FRAGMENT_SOURCES),
    )
    for client in clients
]


@pytest.mark.parametrize(("path", "client"), TEMPLATES, ids=lambda value: getattr(value, "name", ""))
def test_exactly_the_marked_lines_are_reported_for_every_client(path: Path, client: Client) -> None:
    template = path.read_text()
    program = client.program(template)
    assert len(program.splitlines()) == len(template.splitlines())
    assert reported(program, client.name) == expected(template)
    assert may_contain_alone(program.encode()) or not expected(template)


FILES = sorted((*EVAL.glob("*.py"), *(EVAL / "for_a_person").glob("*.py")))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_exactly_the_marked_lines_are_reported(path: Path) -> None:
    text = path.read_text()
    assert reported(text, path.name) == expected(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_prefilter_keeps_every_file_with_a_finding(path: Path) -> None:
    text = path.read_text()
    assert may_contain_alone(text.encode()) or not expected(text)
