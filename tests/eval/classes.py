"""Data and streams that are kept on `self`."""

import asyncio
import json

import httpx
import requests

URL = "https://example.com/events"


class Kept:
    def __init__(self):
        self.session = requests.Session()
        self.response = None

    def open(self):
        self.response = self.session.get(URL, stream=True)

    def run(self):
        for chunk in self.response.iter_content(None):
            print(json.loads(chunk))  # error: UNC101

    def run_split(self):
        for chunk in self._chunks():
            for line in chunk.splitlines():
                self._handle(line)

    def _chunks(self):
        return self.response.iter_content(None)

    def _handle(self, line):
        print(json.loads(line))  # error: UNC102


class Typed:
    response: httpx.Response

    def __init__(self, response: httpx.Response):
        self.response = response

    def __iter__(self):
        for text in self.response.iter_text():
            yield json.loads(text)  # error: UNC101


class Stream:
    def __init__(self, response):
        self._chunks = response.iter_content(None)

    def __iter__(self):
        return self

    def __next__(self):
        return json.loads(next(self._chunks))  # error: UNC101


class Base:
    def parse(self, chunk):
        return json.loads(chunk)  # error: UNC101


class Derived(Base):
    def run(self, response):
        for chunk in response.iter_content(None):
            print(self.parse(chunk))


class Receiver(asyncio.Protocol):
    def data_received(self, data):
        print(json.loads(data))  # error: UNC101


class SplittingReceiver(asyncio.Protocol):
    def data_received(self, data):
        for line in data.split(b"\n"):
            if line:
                self.on_line(line)

    def on_line(self, line):
        print(json.loads(line))  # error: UNC102


class Static:
    @staticmethod
    def parse(chunk):
        return json.loads(chunk)  # error: UNC101

    @classmethod
    def run(cls, response):
        for chunk in response.iter_content(None):
            cls.parse(chunk)


class Client:
    @property
    def stream(self):
        return requests.get(URL, stream=True).iter_content(None)

    def run(self):
        for chunk in self.stream:
            print(json.loads(chunk))  # error: UNC101


# What is right.


class Buffered(asyncio.Protocol):
    def __init__(self):
        self._buffer = b""

    def data_received(self, data):
        self._buffer += data
        while b"\n" in self._buffer:
            line, self._buffer = self._buffer.split(b"\n", 1)
            print(json.loads(line))


class BufferedByParts(asyncio.Protocol):
    def __init__(self):
        self.parts = []

    def data_received(self, data):
        self.parts.append(data)
        if data.endswith(b"}"):
            print(json.loads(b"".join(self.parts)))
            self.parts.clear()


class BufferedByArray(asyncio.Protocol):
    def connection_made(self, transport):
        self.received = bytearray()

    def data_received(self, data):
        self.received.extend(data)

    def eof_received(self):
        print(json.loads(self.received))


class OwnLines:
    """Its `iter_any` yields lines, whatever the name says elsewhere."""

    def __init__(self, reader):
        self.reader = reader

    async def iter_any(self):
        while line := await self.reader.readline():
            yield line


async def uses_own_lines(reader):
    async for line in OwnLines(reader).iter_any():
        print(json.loads(line))


async def may_use_own_lines(lines):
    async for line in lines.iter_any():
        print(json.loads(line))


class EventDecoder:
    """Its `iter_bytes` takes bytes and yields events."""

    def iter_bytes(self, chunks):
        buffer = b""
        for chunk in chunks:
            buffer += chunk
            while b"\n\n" in buffer:
                event, buffer = buffer.split(b"\n\n", 1)
                yield event


def uses_event_decoder(response):
    for event in EventDecoder().iter_bytes(response.iter_bytes()):
        print(json.loads(event.removeprefix(b"data: ")))


class Accumulator:
    def __init__(self):
        self.text = ""

    def feed(self, response):
        for chunk in response.iter_content(None, decode_unicode=True):
            self.text += chunk
            if self.text.endswith("\n"):
                print(json.loads(self.text))
                self.text = ""


class Message:
    def __init__(self, client):
        self.client = client

    def read(self):
        return self.client.recv()

    def run(self):
        while True:
            print(json.loads(self.read()))


class Wrapper:
    def __init__(self, stream=None, name=""):
        self.name = name
        self.stream = stream

    def __iter__(self):
        for chunk in self.stream:
            yield self.make(chunk)

    def make(self, chunk):
        return chunk


class Opened(Wrapper):
    """Its base's `__init__` is another function than its own, though both are called the same."""

    def __init__(self, **options):
        super().__init__(**options)

    def __iter__(self):
        for chunk in self.stream:
            yield json.loads(chunk)  # error: UNC101


class Lines(Wrapper):
    def __init__(self, stream):
        super().__init__(stream)
        self.stream = stream.iter_lines()

    def __iter__(self):
        for line in self.stream:
            yield json.loads(line)


def opened(url):
    return Opened(name=url, stream=requests.get(url, stream=True).iter_content(None))
