"""The claims of catalog rows, held against the real clients.

A test says how a program gets at the data; what must come out is read from the row, so that a wrong row fails.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Awaitable, Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from unchunk.analysis import catalog
from unchunk.analysis.catalog.dsl import Client, Condition, Row, Type, TypeName, Use
from unchunk.analysis.findings import Framing

from . import packages

sys.path.insert(0, str(Path(__file__).resolve().parents[3] / "examples"))

from server import CuttingServer as CuttingServer
from server import pieces as pieces

LINES = [
    '{"city": "Zürich", "note": "lake, \\"old\\" town {1}"}',
    '{"city": "São Paulo", "people": 11451245}',
    '{"city": "東京", "wards": [23, "特別区"]}',
]
BODY = "".join(f"{line}\n" for line in LINES).encode()
DOCUMENT = LINES[0]
FRAGMENTS = [DOCUMENT[:9], DOCUMENT[9:11], DOCUMENT[11:30], DOCUMENT[30:]]
"""A document as a model writes it: no fragment is a document of its own."""
# Inside a document, inside a code point, and inside the last document; never at the end of a line.
CUTS = (5, BODY.index("ü".encode()) + 1, BODY.index(b"people"), BODY.index("京".encode()) + 2)


def serve(body: bytes = BODY, cuts: Iterable[int] = CUTS, **options: Any) -> CuttingServer:
    """Return a server whose response is cut so that no piece is a line. The pause keeps clients from joining what
    arrived.
    """
    return CuttingServer(
        body, cuts=cuts, **{"content_type": "application/x-ndjson; charset=utf-8", "delay": 0.01, **options}
    )


def sse(events: Iterable[Any], *, done: bool = True, names: bool = False) -> bytes:
    """Server-sent events with these payloads, `[DONE]` after them; with their `type` as the name of the event."""
    lines = []
    for event in events:
        lines += [f"event: {event['type']}"] if names else []
        lines += [f"data: {json.dumps(event, ensure_ascii=False)}", ""]
    return "\n".join([*lines, *(["data: [DONE]", ""] if done else []), ""]).encode()


def clients() -> Iterator[Client]:
    """Yield every client of the catalog, in the order of its modules."""
    for module in sorted(pkgutil.iter_modules(catalog.__path__), key=lambda found: found.name):
        for value in vars(importlib.import_module(f"{catalog.__name__}.{module.name}")).values():
            if isinstance(value, Client):
                yield value


def row(owner: str, member: str = "", **arguments: Any) -> Row:
    """Return the first row that `owner.member(**arguments)` matches; `owner` is the canonical dotted name of a type.

    With `callback=True`, the row for what a function is called with that is given to the call.

    Raises:
        LookupError: the catalog has no such row.
    """
    callback = arguments.pop("callback", False)
    for candidate in _rows(owner):
        if callback and candidate.use is not Use.CALLED_BACK:
            continue
        if candidate.member == member and holds(candidate.only, arguments):
            return candidate
    raise LookupError(f"the catalog has no row for {owner}.{member} with {arguments}")


def _rows(owner: str) -> Iterator[Row]:
    types: dict[str, Type] = {made.dotted: made for one in clients() for made in (*one.types, one)}
    yield from (found for one in clients() for found in one.all_rows() if found.owner == owner)
    if owner in types:
        for base in types[owner].bases:
            yield from _rows(base)


class Computed(int):
    """A number that the program does not name itself, such as a length that came before its message."""


class Waiting(Computed):
    """A number of bytes that a reader says to have."""


def holds(condition: Condition | None, arguments: dict[str, Any]) -> bool:
    """Decide whether a row's condition holds for a call with these keyword arguments."""
    if condition is None:
        return True
    value = arguments.get(condition.name, condition.default)
    match condition.kind:
        case "when":
            return bool(value)
        case "unless":
            return not value
        case "given":
            return condition.name in arguments and value not in (None, -1)
        case "constant" | "sized":
            return isinstance(value, int) and not isinstance(value, Computed | bool)
        case "equals":
            return bool(value == condition.value)
        case "file_mentions":
            return True
        case "sibling_call" | "repeated_callback":
            return bool(arguments.get(condition.kind))
        case "reader_sized":
            return isinstance(value, Waiting)
        case _:
            return condition.name not in arguments or value in (None, -1)


def check(got: Any, owner: str, member: str = "", *, body: bytes = BODY, **arguments: Any) -> None:
    """Assert that `got` is what the row of `owner.member` says, where the stream was `body`.

    `got` is the list of steps for rows that hand out steps or are read again and again, the thing itself otherwise.
    """
    fact = row(owner, member, **arguments)
    match fact.what:
        case Framing():
            _check_data(got, fact, body, arguments)
        case TypeName(dotted=dotted):
            things = got if isinstance(got, list) else [got]
            assert things, f"{owner}.{member} handed out nothing"
            for thing in things:
                assert_is(thing, dotted)
        case tuple():
            place = next(index for index, item in enumerate(fact.what) if item is not None)
            assert all(isinstance(item, tuple) and len(item) == len(fact.what) for item in got)
            item = fact.what[place]
            assert isinstance(item, Framing)
            _check_data([step[place] for step in got], fact, body, arguments, item)
        case _:
            raise AssertionError(f"{owner}.{member} hands out nothing that can be checked")


def check_parts(events: list[Any], owner: str, document: str = DOCUMENT, *, some: bool = False) -> None:
    """Assert what the rows of an event's parts say, where every part (or some) has been made to carry the document."""
    facts = {part: list(_values(events, part.member)) for part in _rows(owner) if part.use is Use.PART}
    assert any(facts.values()), f"no part of {owner} was found"
    for part, values in facts.items():
        if some and not values:
            continue
        if part.what is Framing.WHOLE:
            assert set(values) == {document}, f"{owner} {part.member} is not whole: {values}"
        else:
            check(values, owner, part.member, body=document.encode())


def _values(events: list[Any], path: str) -> Iterator[Any]:
    yield from (value for event in events if (value := at(event, path)) not in (None, ""))


def at(event: Any, path: str) -> Any:
    """Return the value at a part's path, by attributes or keys, with the first element for `[]`; None where there is
    none.
    """
    for step in re.findall(r"\w+|\[\]|\(\)", path):
        if step == "[]":
            event = event[0] if event else None
        elif step == "()":
            event = event()
        else:
            event = event.get(step) if isinstance(event, dict) else getattr(event, step, None)
        if event is None:
            return None
    return event


def assert_is(thing: Any, dotted: str) -> None:
    """Assert that a thing is of a type of the catalog, and that it cannot be parsed if it has been decoded already."""
    client, made = next((one, made) for one in clients() for made in one.types if made.dotted == dotted)
    if made.decoded:
        with pytest.raises(TypeError):
            json.loads(thing)
    if not packages.is_named(made):
        return
    bases = {base.__name__.partition("[")[0] for base in type(thing).__mro__}
    wanted = {name.rpartition(".")[2] for name in (dotted, *made.aliases)}
    assert bases & wanted or isinstance(thing, packages.classes(client, made)), f"{type(thing)} is no {dotted}"


def _check_data(got: Any, fact: Row, body: bytes, arguments: dict[str, Any], framing: Framing | None = None) -> None:
    what = framing or fact.what
    if what is Framing.WHOLE:
        whole = b"".join(got) if isinstance(got, list) else got
        assert (whole.encode() if isinstance(whole, str) else bytes(whole)) == body
        _check_text([got], fact, arguments)
        return
    assert len(got) > 1, f"{got} is no stream"
    _check_text(got, fact, arguments)
    steps = [step.encode() if isinstance(step, str) else bytes(step) for step in got]
    match what:
        case Framing.CHUNK:
            assert b"".join(steps) == body
            assert any(not step.endswith(b"\n") for step in steps[:-1]), f"every step of {steps} is whole"
        case Framing.LINE:
            assert [step.rstrip(b"\r\n") for step in steps] == body.splitlines()
        case Framing.MESSAGE | Framing.EVENT:
            assert [json.loads(step) for step in steps] == [json.loads(line) for line in body.splitlines()]
        case Framing.FRAGMENT:
            assert b"".join(steps) == body
            assert not any(_is_json(step) for step in steps), f"a step of {steps} is whole"
        case _:
            raise AssertionError(f"{what} is not data")


def _check_text(steps: Iterable[Any], fact: Row, arguments: dict[str, Any]) -> None:
    expected = fact.text
    if isinstance(expected, Condition):
        expected = holds(expected, arguments)
    if expected is not None:
        wanted: Any = str if expected else (bytes, bytearray, memoryview)
        steps = list(steps)
        assert all(isinstance(step, wanted) for step in steps), f"{fact} says text={expected}: {steps}"


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except ValueError:
        return False
    return True


def fact(owner: str, member: str, take: Callable[..., Any], **arguments: Any) -> Any:
    """Return one case of a table: `take` gets at what the row of `owner.member(**arguments)` speaks of."""
    return pytest.param(owner, member, take, arguments, id=f"{owner}.{member or 'iteration'}")


def read_on(read: Callable[[], Any], end: Any = b"") -> list[Any]:
    """Call `read` until it returns `end`, and return the results."""
    return list(iter(read, end))


async def read_all(read: Callable[[], Awaitable[Any]], end: Any = b"") -> list[Any]:
    """Call an asynchronous `read` until it returns `end`, and return the results."""
    got = []
    while (step := await read()) != end:
        got.append(step)
    return got


async def collect(steps: Any) -> list[Any]:
    """Return the steps of an asynchronous iterable, which may have to be awaited first."""
    if isinstance(steps, Awaitable):
        steps = await steps
    return [step async for step in steps]


def run(program: Callable[[], Awaitable[Any]]) -> Any:
    """Run an asynchronous program to its end, within half a minute."""

    async def limited() -> Any:
        return await asyncio.wait_for(program(), 30)

    return asyncio.run(limited())
