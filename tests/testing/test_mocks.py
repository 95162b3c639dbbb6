"""Streams under the mocks that people use are cut as those of servers are."""

from __future__ import annotations

import contextlib
import importlib

import pytest

from testing.running import HANDLERS, outcomes, run

pytest_plugins = ["pytester"]
# Here, so that they are not imported by every run.
for needed in ("requests", "httpx", "aiohttp"):
    pytest.importorskip(needed)
for mock in ("aioresponses", "pytest_httpx", "requests_mock", "respx", "responses", "vcr"):
    with contextlib.suppress(ImportError):
        importlib.import_module(mock)

# What a test does to read a stream under each mock, as `pieces`.
MOCKS = {
    "responses": """
    with responses.RequestsMock() as mock:
        mock.get(URL, body=BODY)
        pieces = list(requests.get(URL, stream=True).iter_content(1000))
""",
    "requests_mock": """
    with requests_mock.Mocker() as mock:
        mock.get(URL, content=BODY)
        pieces = list(requests.get(URL, stream=True).iter_content(1000))
""",
    "respx": """
    with respx.mock:
        respx.get(URL).respond(content=BODY)
        with httpx.stream("GET", URL, verify=False) as response:
            pieces = list(response.iter_bytes())
""",
    "pytest_httpx": """
    httpx_mock.add_response(content=BODY, is_reusable=True)
    with httpx.stream("GET", URL, verify=False) as response:
        pieces = list(response.iter_bytes())
""",
    "aioresponses": """
    async def main():
        with aioresponses.aioresponses() as mock:
            mock.get(URL, body=BODY)
            async with aiohttp.ClientSession() as session, session.get(URL) as response:
                return [chunk async for chunk in response.content.iter_any()]
    pieces = asyncio.run(main())
""",
    "httpx": """
    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=BODY))
    with httpx.Client(transport=transport) as client, client.stream("GET", URL) as response:
        pieces = list(response.iter_bytes())
""",
    "vcr": """
    with vcr.use_cassette(str(request.path.parent / "requests.yaml"), match_on=["method"]):
        with requests.get(server.url, stream=True) as response:
            pieces = list(response.iter_content(1000))
    server.requests.clear()
""",
    "vcr (httpx)": """
    with vcr.use_cassette(str(request.path.parent / "httpx.yaml"), match_on=["method"]):
        with httpx.stream("GET", server.url, verify=False) as response:
            pieces = list(response.iter_bytes())
""",
    "vcr (aiohttp)": """
    async def main():
        async with aiohttp.ClientSession() as session, session.get(server.url) as response:
            return [chunk async for chunk in response.content.iter_any()]
    with vcr.use_cassette(str(request.path.parent / "aiohttp.yaml"), match_on=["method"]):
        pieces = asyncio.run(main())
""",
}
IMPORTS = """
import asyncio
import aiohttp, httpx, pytest, requests
from unchunk.testing import stream_server as running
from handlers import *

URL = "http://api.test/"

@pytest.fixture(scope="module")
def server():
    with running(BODY) as server:
        yield server
"""


@pytest.mark.parametrize("name", MOCKS)
def test_streams_of_a_mock_are_cut(pytester: pytest.Pytester, name: str) -> None:
    package = name.partition(" ")[0]
    pytest.importorskip(package)
    plugins = (package,) if package == "pytest_httpx" else ()
    fixture = "httpx_mock" if package == "pytest_httpx" else "server, request"
    lines = [f"import {package}", IMPORTS]
    lines += [
        f"def test_{handler}({fixture}):{MOCKS[name]}    assert {handler}(pieces) == CITIES"
        for handler in ("broken", "fixed")
    ]
    pytester.makepyfile(handlers=HANDLERS, test_it="\n".join(lines))
    plain = outcomes(run(pytester, plugins=plugins))
    if plain == {"failed": 2} and package == "aioresponses":
        pytest.skip("aioresponses does not know the installed aiohttp")
    assert plain == {"passed": 2}
    result = run(pytester, "--rechunk=all", plugins=plugins)
    assert outcomes(result) == {"failed": 1, "passed": 1}
    result.stdout.fnmatch_lines(["  stream 1 * cut at byte 1: b'd' | b'ata: *"])
