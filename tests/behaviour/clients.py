"""Programs around a shape's body that open a stream with each client."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import indent

from .shapes import Shape


@dataclass(frozen=True, slots=True)
class Client:
    """A way to receive a stream.

    Attributes:
        package: what has to be installed; empty for the standard library.
        setup: lines of the function `main(url)`, with `BODY` where the shape goes.
        stream: the expression that the loop goes through.
        kind: what a chunk is.
    """

    name: str
    package: str
    setup: str
    stream: str
    kind: str = "bytes"
    is_async: bool = False

    def fits(self, shape: Shape) -> bool:
        return shape.kind in ("", self.kind) and not (self.is_async and shape.sync_only)

    def program(self, shape: Shape) -> str:
        """Return the source of a module with a function `main(url)`."""
        body = shape.body.replace("STREAM", self.stream)
        body = body.replace("FOR ", "async for " if self.is_async else "for ")
        body = body.replace("DEF ", "async def " if self.is_async else "def ")
        lines = self.setup.splitlines()
        text = "\n".join(
            indent(body, line[: len(line) - len(line.lstrip())]) if line.strip() == "BODY" else line for line in lines
        )
        word = "async def" if self.is_async else "def"
        imports = f"import json\n\nimport {self.package}" if self.package else "import json"
        return f"{imports}\n\n\n{word} main(url):\n{indent(text, '    ')}\n"


CLIENTS = [
    Client("requests", "requests", "response = requests.get(url, stream=True)\nBODY", "response.iter_content(None)"),
    Client(
        "requests, text",
        "requests",
        "response = requests.get(url, stream=True)\nresponse.encoding = 'utf-8'\nBODY",
        "response.iter_content(None, decode_unicode=True)",
        kind="str",
    ),
    Client("httpx", "httpx", "with httpx.stream('GET', url) as response:\n    BODY", "response.iter_bytes()"),
    Client(
        "httpx, text",
        "httpx",
        "with httpx.stream('GET', url) as response:\n    BODY",
        "response.iter_text()",
        kind="str",
    ),
    Client(
        "httpx, async",
        "httpx",
        "async with httpx.AsyncClient() as client, client.stream('GET', url) as response:\n    BODY",
        "response.aiter_bytes()",
        is_async=True,
    ),
    Client("httpx2", "httpx2", "with httpx2.stream('GET', url) as response:\n    BODY", "response.iter_raw()"),
    Client(
        "httpx2, async",
        "httpx2",
        "async with httpx2.AsyncClient() as client, client.stream('GET', url) as response:\n    BODY",
        "response.aiter_text()",
        kind="str",
        is_async=True,
    ),
    Client(
        "aiohttp",
        "aiohttp",
        "async with aiohttp.ClientSession() as session, session.get(url) as response:\n    BODY",
        "response.content.iter_any()",
        is_async=True,
    ),
    Client(
        "urllib3",
        "urllib3",
        "response = urllib3.PoolManager().request('GET', url, preload_content=False)\nBODY",
        "response.stream()",
    ),
]
