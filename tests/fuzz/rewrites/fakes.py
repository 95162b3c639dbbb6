"""Stand-ins for the clients that the programs import: each hands out the pieces of one stream and counts them."""

from __future__ import annotations

import asyncio as real_asyncio
from collections.abc import Callable, Generator, Iterator
from types import ModuleType, SimpleNamespace
from typing import Any

from pydantic import BaseModel, ConfigDict

EMPTY_READS = 20  # of a stream that has ended: a program that goes on reads for ever


class Endless(BaseException):
    """The program reads for ever; no handler of its own catches this."""


class Feed:
    """The pieces of one stream, and how many of them have been asked for."""

    def __init__(self, pieces: list[bytes], sizes: list[int]) -> None:
        self.pieces = pieces
        self._sizes = sizes
        self.taken = 0
        self._ends = 0

    def __iter__(self) -> Iterator[bytes]:
        for piece in self.pieces:
            self.taken += 1
            yield piece
        self.taken += 1

    def text(self) -> Iterator[str]:
        for piece in self:
            yield piece.decode("utf-8", "surrogateescape")

    def calls(self) -> Iterator[tuple[int, bool, str]]:
        """Yield the pieces as arguments of calls, one a document: its number, whether it begins, and its text."""
        index, left = -1, 0
        sizes = iter(self._sizes)
        for piece in self:
            while piece:
                if begins := not left:
                    index, left = index + 1, next(sizes, len(piece))
                part, piece = piece[:left], piece[left:]
                left -= len(part)
                yield index, begins, part.decode("utf-8", "surrogateescape")

    def lines(self) -> Iterator[bytes]:
        rest = b""
        for piece in self:
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield line.removesuffix(b"\r")
        if rest:
            yield rest

    def read(self, *_: Any) -> bytes:
        if self.taken < len(self.pieces):
            self.taken += 1
            return self.pieces[self.taken - 1]
        self.taken = len(self.pieces) + 1
        self._ends += 1
        if self._ends > EMPTY_READS:
            raise Endless
        return b""

    def at_eof(self) -> bool:
        return self.taken > len(self.pieces)


class Handle:
    """A resource opened by `with`, created or awaited, which passes everything else on to its target."""

    def __init__(self, **names: Any) -> None:
        self.__dict__.update(names)

    def __enter__(self) -> Handle:
        return self

    def __exit__(self, *_: object) -> None: ...

    async def __aenter__(self) -> Handle:
        return self

    async def __aexit__(self, *_: object) -> None: ...

    def close(self) -> None: ...

    def raise_for_status(self) -> None: ...

    def __await__(self) -> Generator[None, None, Handle]:
        return self
        yield

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)


class Async:
    """An iterable for `async for`."""

    def __init__(self, items: Iterator[Any]) -> None:
        self._items = items

    def __aiter__(self) -> Async:
        return self

    async def __anext__(self) -> Any:
        for item in self._items:
            return item
        raise StopAsyncIteration

    async def aclose(self) -> None: ...


def run(coroutine: Any) -> Any:
    """Run a coroutine in which nothing ever waits."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value
    raise RuntimeError("the coroutine waits")


async def awaited(value: Any) -> Any:
    return value


def requests(feed: Feed) -> dict[str, Any]:
    def iter_content(chunk_size: Any = 1, decode_unicode: bool = False) -> Iterator[Any]:
        return feed.text() if decode_unicode else iter(feed)

    def iter_lines(chunk_size: Any = 512, decode_unicode: bool = False, delimiter: Any = None) -> Iterator[Any]:
        return (line.decode() for line in feed.lines()) if decode_unicode else feed.lines()

    response = Handle(
        iter_content=iter_content, iter_lines=iter_lines, status_code=200, ok=True, headers={}, encoding="utf-8"
    )
    return {
        "get": lambda *_, **__: response,
        "post": lambda *_, **__: response,
        "Session": lambda: Handle(get=lambda *_, **__: response),
    }


def httpx(feed: Feed) -> dict[str, Any]:
    def lines() -> Iterator[str]:
        return (line.decode() for line in feed.lines())

    response = Handle(
        status_code=200,
        headers={},
        iter_bytes=lambda *_: iter(feed),
        iter_raw=lambda *_: iter(feed),
        iter_text=lambda *_: feed.text(),
        iter_lines=lines,
        aiter_bytes=lambda *_: Async(iter(feed)),
        aiter_raw=lambda *_: Async(iter(feed)),
        aiter_text=lambda *_: Async(feed.text()),
        aiter_lines=lambda: Async(lines()),
    )
    client = Handle(stream=lambda *_, **__: response)
    return {"stream": client.stream, "Client": lambda *_, **__: client, "AsyncClient": lambda *_, **__: client}


def aiohttp(feed: Feed) -> dict[str, Any]:
    content = SimpleNamespace(iter_any=lambda: Async(iter(feed)), iter_chunked=lambda _: Async(iter(feed)))
    response = Handle(content=content, status=200)
    session = Handle(get=lambda *_, **__: response, post=lambda *_, **__: response)
    return {"ClientSession": lambda *_, **__: session}


def urllib3(feed: Feed) -> dict[str, Any]:
    response = Handle(stream=lambda *_, **__: iter(feed), release_conn=lambda: None, status=200)
    return {
        "request": lambda *_, **__: response,
        "PoolManager": lambda *_, **__: Handle(request=lambda *_, **__: response),
    }


def socket(feed: Feed) -> dict[str, Any]:
    made = Handle(recv=feed.read, connect=lambda *_: None, sendall=lambda *_: None, settimeout=lambda *_: None)
    return {
        "create_connection": lambda *_, **__: made,
        "socket": lambda *_, **__: made,
        "timeout": TimeoutError,
        "AF_INET": 2,
        "SOCK_STREAM": 1,
    }


def asyncio(feed: Feed) -> dict[str, Any]:
    reader = SimpleNamespace(read=lambda *_: awaited(feed.read()), at_eof=feed.at_eof)
    writer = Handle(write=lambda *_: None, drain=lambda: awaited(None), wait_closed=lambda: awaited(None))
    return {
        "run": run,
        "wait_for": lambda task, *_, **__: task,
        "open_connection": lambda *_, **__: awaited((reader, writer)),
        "Protocol": real_asyncio.Protocol,
        "TimeoutError": TimeoutError,
    }


class Event(SimpleNamespace):
    """An event of an SDK; how much text it carries is how the stream is cut, which is not to be seen."""

    def __repr__(self) -> str:
        return "event"


def openai(feed: Feed) -> dict[str, Any]:
    def events() -> Iterator[Any]:
        yield _completion("", role="assistant")
        for text in feed.text():
            yield _completion(text)
        yield _completion(None, finish_reason="stop")

    def tool_calls() -> Iterator[Any]:
        yield _completion(None, role="assistant")
        for index, begins, text in feed.calls():
            function = Event(name=f"f{index}" if begins else None, arguments=text)
            call = Event(index=index, id=f"c{index}" if begins else None, type="function", function=function)
            yield _completion(None, tool_calls=[call])
        yield _completion(None, finish_reason="tool_calls")

    completions = SimpleNamespace(create=lambda *_, stream, tools=None, **__: tool_calls() if tools else events())
    client = SimpleNamespace(chat=SimpleNamespace(completions=completions))
    return {"OpenAI": lambda *_, **__: client, "AsyncOpenAI": lambda *_, **__: _asynchronous(client, events)}


def _asynchronous(client: Any, events: Callable[[], Iterator[Any]]) -> Any:
    completions = SimpleNamespace(create=lambda *_, stream, **__: awaited(Async(events())))
    return SimpleNamespace(chat=SimpleNamespace(completions=completions))


def _completion(
    content: str | None, role: str | None = None, finish_reason: str | None = None, tool_calls: Any = None
) -> Any:
    delta = Event(content=content, role=role, tool_calls=tool_calls)
    choice = Event(index=0, delta=delta, finish_reason=finish_reason)
    return Event(id="c", object="chat.completion.chunk", choices=[choice])


def anthropic(feed: Feed) -> dict[str, Any]:
    def events() -> Iterator[Any]:
        block = Event(type="tool_use", id="t", name="f", input={})
        yield Event(type="content_block_start", index=0, content_block=block)
        for text in feed.text():
            delta = Event(type="input_json_delta", partial_json=text)
            yield Event(type="content_block_delta", index=0, delta=delta)
        yield Event(type="content_block_stop", index=0)

    def stream(*_: Any, **__: Any) -> Any:
        return Handle(text_stream=feed.text(), __iter__=None)

    messages = SimpleNamespace(create=lambda *_, **__: events(), stream=stream)
    return {"Anthropic": lambda *_, **__: SimpleNamespace(messages=messages)}


def app(feed: Feed) -> dict[str, Any]:
    """Return the program's own code in other files: the caller of its callbacks, and the parser by a schema."""

    def serve(protocol: Any) -> None:
        made = protocol()
        made.connection_made(Handle(write=lambda *_: None))
        for piece in feed:
            made.data_received(piece)
        made.connection_lost(None)

    return {"serve": serve}


class Row(BaseModel):
    """The schema of programs that parse by one."""

    model_config = ConfigDict(extra="allow")
    id: int


def models(feed: Feed) -> dict[str, Any]:
    return {"Row": Row}


MAKERS: dict[str, Callable[[Feed], dict[str, Any]]] = {
    maker.__name__: maker
    for maker in (requests, httpx, aiohttp, urllib3, socket, asyncio, openai, anthropic, app, models)
}


def module(name: str, feed: Feed) -> ModuleType:
    made = ModuleType(name)
    made.__dict__.update(MAKERS[name](feed))
    return made
