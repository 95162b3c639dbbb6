"""niquests 3, `models.py`: https://niquests.readthedocs.io/en/latest/api.html"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import pytest

from .facts import check, collect, fact, run, serve

niquests = pytest.importorskip("niquests")


def _said(lines: Iterable[bytes]) -> list[bytes]:
    return [line for line in lines if line]


FACTS = [
    fact("niquests.Response", "iter_content", lambda got: list(got.iter_content(7))),
    fact("niquests.Response", "iter_content", lambda got: list(got.iter_content(7, True)), decode_unicode=True),
    fact("niquests.Response", "iter_raw", lambda got: list(got.iter_raw(7))),
    fact("niquests.Response", "iter_lines", lambda got: list(got.iter_lines())),
    fact("niquests.Response", "iter_lines", lambda got: list(got.iter_lines(64, True)), decode_unicode=True),
    fact("niquests.Response", "iter_lines", lambda got: _said(got.iter_lines(delimiter=b"\n")), delimiter=b"\n"),
    fact("niquests.Response", "", list),
    fact("niquests.Response", "text", lambda got: got.text),
    fact("niquests.Response", "content", lambda got: got.content),
]


async def awaited(thing: Awaitable[Any]) -> Any:
    return await thing


ASYNC = [
    fact("niquests.AsyncResponse", "iter_content", lambda got: collect(got.iter_content(7))),
    fact("niquests.AsyncResponse", "iter_raw", lambda got: collect(got.iter_raw(7))),
    fact("niquests.AsyncResponse", "iter_lines", lambda got: collect(got.iter_lines())),
    fact("niquests.AsyncResponse", "", collect),
    fact("niquests.AsyncResponse", "text", lambda got: awaited(got.text)),
    fact("niquests.AsyncResponse", "content", lambda got: awaited(got.content)),
]


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), FACTS)
def test_a_response_hands_out(owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]) -> None:
    with serve() as server, niquests.get(server.url, stream=True) as response:
        check(response, "niquests", "get")
        check(take(response), owner, member, **arguments)


@pytest.mark.parametrize(("owner", "member", "take", "arguments"), ASYNC)
def test_a_response_of_the_async_session_hands_out(
    owner: str, member: str, take: Callable[[Any], Awaitable[Any]], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        async with niquests.AsyncSession() as session:
            response = await session.get(server.url, stream=True)
            check(response, "niquests.AsyncSession", "get", stream=True)
            check(await session.get(server.url), "niquests.AsyncSession", "get")
            return await take(response)

    with serve() as server:
        check(run(program), owner, member, **arguments)
