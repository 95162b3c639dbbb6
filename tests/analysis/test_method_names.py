"""The name of a method proves what its receiver is, as long as the call is made as the client's is made."""

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
    (LOOP, "iter_raw"),
    (LOOP, "iter_content"),
    (LISTED, "iter_text"),
    (GENERATED, "iter_text"),
    (TAKEN, "iter_bytes"),
    (PLAIN, "aiter_text"),
    (PLAIN, "aiter_bytes"),
    (PLAIN, "iter_any"),
    (AWAITED, "iter_text"),
    (AWAITED, "aiter_text"),
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


def test_lines_that_only_a_name_tells_of_are_gone_through_as_the_clients_are() -> None:
    program = """
        async def program(response):
            {0} line in response.{1}():
                print(json.loads(line.removeprefix("data: ")))
    """
    assert codes(program.format("async for", "iter_lines")) == []
    assert codes(program.format("for", "aiter_lines")) == []
    assert codes(program.format("for", "iter_lines")) == ["UNC104"]
    assert codes(program.format("async for", "aiter_lines")) == ["UNC104"]
