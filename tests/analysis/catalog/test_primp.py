"""primp: https://github.com/deedy5/primp#readme"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from .facts import check, collect, fact, read_all, read_on, run, serve

primp = pytest.importorskip("primp")
needs_1 = pytest.mark.skipif(not hasattr(primp, "Response"), reason="primp is of a version before 1")

SYNC = [
    fact("primp.Response", "iter_bytes", lambda got: list(got.iter_bytes())),
    fact("primp.Response", "iter_text", lambda got: list(got.iter_text(7))),
    fact("primp.Response", "iter_lines", lambda got: list(got.iter_lines())),
    fact("primp.Response", "next", lambda got: read_on(got.next, None)),
    fact("primp.Response", "read", lambda got: got.read()),
    fact("primp.Response", "content", lambda got: got.content),
    fact("primp.Response", "text", lambda got: got.text),
]
ASYNC = [
    fact("primp.AsyncResponse", "aiter_bytes", lambda got: collect(got.aiter_bytes())),
    fact("primp.AsyncResponse", "aiter_text", lambda got: collect(got.aiter_text(7))),
    fact("primp.AsyncResponse", "aiter_lines", lambda got: collect(got.aiter_lines())),
    fact("primp.AsyncResponse", "anext", lambda got: read_all(got.anext, None)),
    fact("primp.AsyncResponse", "aread", lambda got: got.aread()),
]


@needs_1
@pytest.mark.parametrize(("owner", "member", "take", "arguments"), SYNC)
def test_a_response_hands_out(owner: str, member: str, take: Callable[[Any], Any], arguments: dict[str, Any]) -> None:
    with serve() as server, primp.get(server.url, stream=True) as response:
        check(response, "primp", "get")
        check(take(response), owner, member, **arguments)
    with serve() as server:
        check(primp.Client().get(server.url), "primp.Client", "get")


@needs_1
@pytest.mark.parametrize(("owner", "member", "take", "arguments"), ASYNC)
def test_a_response_of_the_async_client_hands_out(
    owner: str, member: str, take: Callable[[Any], Awaitable[Any]], arguments: dict[str, Any]
) -> None:
    async def program() -> Any:
        response = await primp.AsyncClient().get(server.url, stream=True)
        check(response, "primp.AsyncClient", "get")
        async with response:
            return await take(response)

    with serve() as server:
        check(run(program), owner, member, **arguments)


@pytest.mark.skipif(hasattr(primp, "Response"), reason="primp is of version 1 or later")
def test_a_response_before_1_hands_out_chunks() -> None:
    with serve() as server:
        check(list(primp.get(server.url).stream()), "primp.Response", "stream")
