"""Methods that are called with each piece, and lines of event streams."""

from __future__ import annotations

import pytest

from .rewrites import check_noop, check_refused, check_transformed


def test_protocol_gets_a_decoder_for_each_connection() -> None:
    check_transformed(
        """
        import asyncio
        import json

        class Receiver(asyncio.Protocol):
            def connection_made(self, transport):
                self.transport = transport

            def data_received(self, data):
                message = json.loads(data.decode())
                print(message)
                self.transport.write(b"ok")
        """,
        """
        import asyncio

        from unchunk import JSONStreamDecoder

        class Receiver(asyncio.Protocol):
            def connection_made(self, transport):
                self._decoder = JSONStreamDecoder()
                self.transport = transport

            def data_received(self, data):
                for message in self._decoder.feed(data):
                    print(message)
                    self.transport.write(b"ok")
        """,
    )


def test_protocol_without_connection_made_gets_one() -> None:
    check_transformed(
        """
        import asyncio
        import json

        class Receiver(asyncio.Protocol):
            def data_received(self, data):
                print(json.loads(data))
        """,
        """
        import asyncio

        from unchunk import JSONStreamDecoder

        class Receiver(asyncio.Protocol):
            def connection_made(self, transport):
                self._decoder = JSONStreamDecoder()

            def data_received(self, data):
                for message in self._decoder.feed(data):
                    print(message)
        """,
    )


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("for line in data.splitlines():\n            message = json.loads(line)\n", id="lines"),
        pytest.param(
            'for line in data.split(b"\\n"):\n            if not line:\n                continue\n'
            "            message = json.loads(line)\n",
            id="split, blanks skipped",
        ),
        pytest.param(
            'text = data.decode()\n        for line in text.strip().split("\\n"):\n'
            "            message = json.loads(line)\n",
            id="decoded first",
        ),
    ],
)
def test_lines_of_a_piece_are_values_of_a_decoder(body: str) -> None:
    head = "class Receiver(asyncio.Protocol):\n    def connection_made(self, transport):\n        "
    after = "\n    def data_received(self, data):\n        "
    rest = '            if message["type"] == "ping":\n                continue\n            print(message)\n'
    check_transformed(
        f"import asyncio\nimport json\n\n{head}self.transport = transport\n{after}{body}{rest}",
        "import asyncio\n\nfrom unchunk import JSONStreamDecoder\n\n"
        f"{head}self._decoder = JSONStreamDecoder()\n        self.transport = transport\n{after}"
        f"for message in self._decoder.feed(data):\n{rest}",
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("for line in data.splitlines():\n            print(json.loads(line))\n            break", "the first value"),
        ("for line in data.split(self.end):\n            print(json.loads(line))", "split by hand"),
        ("for line in data.splitlines():\n            print(json.loads(line))\n        self.count += 1", "taken apart"),
        (
            "self.count += 1\n        for line in data.splitlines():\n            print(json.loads(line))",
            "taken apart",
        ),
        ("for line in data.splitlines():\n            print(json.loads(line), len(data))", "something else, too"),
    ],
)
def test_lines_of_a_piece_that_are_more_than_values_stay(body: str, reason: str) -> None:
    check_refused(
        "import asyncio\nimport json\n\nclass Receiver(asyncio.Protocol):\n    def connection_made(self, transport):\n"
        f"        self.count = 0\n\n    def data_received(self, data):\n        {body}\n",
        reason,
    )


def test_decoder_of_an_object_rather_than_a_connection_is_unsafe() -> None:
    check_transformed(
        """
        import asyncio
        import json

        class Receiver(asyncio.Protocol):
            def __init__(self, queue):
                super().__init__()
                self.queue = queue

            def data_received(self, data):
                self.queue.put(json.loads(data))
        """,
        """
        import asyncio

        from unchunk import JSONStreamDecoder

        class Receiver(asyncio.Protocol):
            def __init__(self, queue):
                self._decoder = JSONStreamDecoder()
                super().__init__()
                self.queue = queue

            def data_received(self, data):
                for message in self._decoder.feed(data):
                    self.queue.put(message)
        """,
        safe=False,
    )


def test_callback_that_returns_early_is_refused() -> None:
    check_refused(
        """
        import asyncio
        import json

        class Receiver(asyncio.Protocol):
            def data_received(self, data):
                message = json.loads(data)
                if message["type"] == "ping":
                    return
                print(message)
        """,
        "later ones of the same piece would be lost",
    )


def test_protocol_with_a_buffer_stays() -> None:
    check_noop(
        """
        import asyncio
        import json

        class Receiver(asyncio.Protocol):
            def connection_made(self, transport):
                self.buffer = b""

            def data_received(self, data):
                self.buffer += data
                while b"\\n" in self.buffer:
                    line, self.buffer = self.buffer.split(b"\\n", 1)
                    print(json.loads(line))
        """
    )


def test_lines_of_events_give_way_to_the_stream_they_are_made_from() -> None:
    check_transformed(
        """
        import json

        import requests

        def f(url):
            for line in requests.get(url, stream=True).iter_lines():
                if line:
                    print(json.loads(line.decode().removeprefix("data: ")))
        """,
        """
        import requests
        from unchunk import iter_json

        def f(url):
            for data in iter_json(requests.get(url, stream=True).iter_content(None)):
                print(data)
        """,
    )


def test_lines_of_httpx_give_way_to_its_bytes() -> None:
    check_transformed(
        """
        import json

        import httpx

        async def f(client: httpx.AsyncClient, url):
            async with client.stream("GET", url) as response:
                async for line in response.aiter_lines():
                    if line.startswith("data: "):
                        data = json.loads(line[6:])
                        print(data["choices"][0]["delta"])
        """,
        """
        import httpx
        from unchunk import aiter_json

        async def f(client: httpx.AsyncClient, url):
            async with client.stream("GET", url) as response:
                async for data in aiter_json(response.aiter_bytes(), framing="sse"):
                    print(data["choices"][0]["delta"])
        """,
    )


def test_lines_of_aiohttp_have_their_ends() -> None:
    check_transformed(
        """
        import json

        import aiohttp

        async def f(session: aiohttp.ClientSession, url):
            async with session.get(url) as response:
                async for line in response.content:
                    if line.startswith(b"data: "):
                        yield json.loads(line[6:])["choices"][0]["delta"]
        """,
        """
        import aiohttp
        from unchunk import aiter_json

        async def f(session: aiohttp.ClientSession, url):
            async with session.get(url) as response:
                async for data in aiter_json(response.content, framing="sse"):
                    yield data["choices"][0]["delta"]
        """,
    )


def test_line_that_is_needed_for_something_else_is_refused_with_advice() -> None:
    check_refused(
        """
        import json

        import requests

        def f(url):
            for line in requests.get(url, stream=True).iter_lines():
                if line.startswith(b"data: "):
                    print(line, json.loads(line[6:])["choices"][0]["delta"])
        """,
        "end at `[DONE]`",
    )


def test_guarded_lines_stay() -> None:
    check_noop(
        """
        import json

        import requests

        def f(url):
            for line in requests.get(url, stream=True).iter_lines():
                if line.startswith(b"data: ") and line != b"data: [DONE]":
                    print(json.loads(line[6:]))
        """
    )


def test_lines_that_get_their_ends_back_stand_beside_the_parser_in_parentheses() -> None:
    check_transformed(
        """
        from models import Event

        async def f(response):
            async for line in response.aiter_lines():
                yield Event.model_validate_json(line.removeprefix("data: "))
        """,
        """
        from models import Event
        from unchunk import aiter_json

        async def f(response):
            async for data in aiter_json(
                (line + "\\n" async for line in response.aiter_lines()),
                loads=Event.model_validate_json,
            ):
                yield data
        """,
    )


def test_lines_that_get_their_ends_back_stand_beside_the_framing_in_parentheses() -> None:
    check_transformed(
        """
        import json

        async def f(response):
            async for line in response.aiter_lines():
                if line.startswith("data: "):
                    print(json.loads(line[6:])["choices"][0]["delta"])
        """,
        """
        from unchunk import aiter_json

        async def f(response):
            async for data in aiter_json(
                (line + "\\n" async for line in response.aiter_lines()), framing="sse"
            ):
                print(data["choices"][0]["delta"])
        """,
    )


def test_letters_that_are_stripped_are_the_prefix() -> None:
    check_transformed(
        """
        import json

        import requests

        def f(url):
            for line in requests.get(url, stream=True).iter_lines():
                if line:
                    text = line.decode().lstrip("data:").strip()
                    print(json.loads(text))
        """,
        """
        import requests
        from unchunk import iter_json

        def f(url):
            for data in iter_json(requests.get(url, stream=True).iter_content(None)):
                print(data)
        """,
    )


def test_a_prefix_that_is_cut_by_its_length_goes() -> None:
    check_transformed(
        """
        import json

        import requests

        def f(url):
            for line in requests.get(url, stream=True).iter_lines():
                print(json.loads(line[6:]))
        """,
        """
        import requests
        from unchunk import iter_json

        def f(url):
            for data in iter_json(requests.get(url, stream=True).iter_content(None)):
                print(data)
        """,
    )
