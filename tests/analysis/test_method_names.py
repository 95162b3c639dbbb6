"""The name of a method proves what its receiver is, unless another thing with that method is gone through that way."""

from __future__ import annotations

import textwrap

import pytest

from unchunk.analysis import check_source

HEAD = """\
import asyncio, json
"""


def codes(program: str) -> list[str]:
    return [finding.code for finding in check_source((HEAD + textwrap.dedent(program)).encode(), "program.py")]


LOOP = """
    async def program(thing):
        async for step in thing.{0}():
            print(json.loads(step))
"""
PLAIN = """
    def program(thing):
        for step in thing.{0}():
            print(json.loads(step))
"""
AWAITED = """
    async def program(thing):
        async for step in await thing.{0}():
            print(json.loads(step))
"""
LISTED = """
    async def program(thing):
        return [json.loads(step) async for step in thing.{0}()]
"""
GENERATED = """
    def steps(thing):
        return thing.{0}()

    async def program(thing):
        async for step in steps(thing):
            print(json.loads(step))
"""
TAKEN = """
    async def program(thing):
        while True:
            print(json.loads(await anext(thing.{0}())))
"""
TYPED = """
    from {1}

    async def program(websocket: {2}):
        async for message in websocket.{0}():
            print(json.loads(message))
"""
READ = """
    from {1}

    async def program(websocket: {2}):
        while True:
            print(json.loads(await websocket.{0}()))
"""

SILENT = [
    (LOOP, "iter_text"),
    (LOOP, "iter_bytes"),
    (LISTED, "iter_text"),
    (GENERATED, "iter_text"),
    (TAKEN, "iter_bytes"),
    (PLAIN, "aiter_text"),
    (PLAIN, "aiter_bytes"),
    (PLAIN, "iter_any"),
    (AWAITED, "iter_text"),
    (TYPED, "iter_text", "fastapi import WebSocket", "WebSocket"),
    (TYPED, "iter_bytes", "starlette.websockets import WebSocket", "WebSocket"),
    (TYPED, "iter_text", "some_framework import WebSocket", "WebSocket"),
    (READ, "receive_text", "fastapi import WebSocket", "WebSocket"),
    (READ, "receive_bytes", "starlette.websockets import WebSocket", "WebSocket"),
    (READ, "recv", "websockets.asyncio.server import ServerConnection", "ServerConnection"),
]
REPORTED = [
    (PLAIN, "iter_text"),
    (PLAIN, "iter_bytes"),
    (PLAIN, "iter_content"),
    (LOOP, "aiter_text"),
    (LOOP, "aiter_raw"),
    (LOOP, "iter_any"),
    (LISTED, "aiter_bytes"),
    (GENERATED, "aiter_text"),
    (TAKEN, "aiter_text"),
    # Nothing else has methods of these names: a wrapper that awaits its chunks hands out chunks.
    (LOOP, "iter_raw"),
    (LOOP, "iter_content"),
    (LISTED, "iter_content"),
    (AWAITED, "iter_content"),
    (AWAITED, "iter_raw"),
    # A type that is known says what its methods hand out, however that is gone through.
    (TYPED, "iter_text", "openai._response import AsyncAPIResponse", "AsyncAPIResponse"),
    (TYPED, "stream", "fastapi import Request", "Request"),
    (TYPED, "stream", "starlette.requests import Request", "Request"),
]


@pytest.mark.parametrize(("program", "values"), [(program, values) for program, *values in SILENT])
def test_another_things_method_is_left_alone(program: str, values: list[str]) -> None:
    assert codes(program.format(*values)) == []


@pytest.mark.parametrize(("program", "values"), [(program, values) for program, *values in REPORTED])
def test_the_method_of_a_client_is_known(program: str, values: list[str]) -> None:
    assert codes(program.format(*values)) == ["UNC101"]


@pytest.mark.parametrize("loop", ["for", "async for"])
@pytest.mark.parametrize("name", ["iter_lines", "aiter_lines"])
def test_lines_are_lines_whoever_hands_them_out(loop: str, name: str) -> None:
    program = f"""
        async def program(response):
            {loop} line in response.{name}():
                print(json.loads(line.removeprefix("data: ")))
    """
    assert codes(program) == ["UNC104"]
