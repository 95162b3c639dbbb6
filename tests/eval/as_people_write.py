"""Programs as people write them: sessions that are kept, streams handed through layers, retries, context managers."""

import functools
import json
import logging
import re
import time
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import httpx
import requests

URL = "https://example.com"
logger = logging.getLogger(__name__)


class ChatClient:
    def __init__(self, key):
        self.session = requests.Session()
        self.session.headers.update({"Authorization": f"Bearer {key}"})

    def _post(self, path, payload):
        response = self.session.post(URL + path, json=payload, stream=True)
        response.raise_for_status()
        return response

    def stream_chat(self, messages):
        response = self._post("/chat/completions", {"messages": messages, "stream": True})
        for chunk in response.iter_content(chunk_size=None):
            if not chunk:
                continue
            text = chunk.decode("utf-8")
            for part in text.split("\n\n"):
                if part.startswith("data: "):
                    data = part[len("data: ") :]
                    if data == "[DONE]":
                        return
                    try:
                        found = json.loads(data)  # error: UNC102
                    except json.JSONDecodeError as error:
                        logger.warning("no JSON: %s", error)
                        continue
                    yield found["choices"][0]["delta"].get("content", "")


class Model:
    def __init__(self):
        self._session = None

    async def session(self):
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession()
        return self._session

    async def chat(self, messages):
        session = await self.session()
        async with session.post(URL, json=messages) as response:
            async for data, _ in response.content.iter_chunks():
                decoded = data.decode("utf-8").strip()
                if not decoded:
                    continue
                for line in decoded.split("\n"):
                    if line.startswith("data: ") and line != "data: [DONE]":
                        yield json.loads(line.replace("data: ", ""))  # error: UNC102


def raw_stream(url):
    with requests.get(url, stream=True) as response:
        yield from response.iter_content(1024)


def decoded(url, encoding="utf-8"):
    for block in raw_stream(url):
        yield block.decode(encoding)


def events(url):
    for text in decoded(url):
        for line in text.splitlines():
            line = line.strip()
            if line:
                yield json.loads(line)  # error: UNC102


class Api:
    def __init__(self):
        self._client = httpx.AsyncClient()

    @asynccontextmanager
    async def events(self, path):
        async with self._client.stream("GET", path) as response:
            yield response.aiter_bytes()

    async def watch(self, path):
        async with self.events(path) as pieces:
            async for piece in pieces:
                print(json.loads(piece.decode()))  # error: UNC101


@contextmanager
def open_stream(url, **options):
    response = requests.get(url, stream=True, **options)
    try:
        yield response
    finally:
        response.close()


def follow(url):
    with open_stream(url, timeout=3) as response:
        for piece in response.iter_content(None):
            print(json.loads(piece))  # error: UNC101


def retry(times):
    def outer(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except requests.RequestException:
                    time.sleep(attempt)
            raise RuntimeError("gave up")

        return inner

    return outer


@retry(3)
def connect(url):
    return requests.get(url, stream=True)


def consume(url):
    for chunk in connect(url).iter_content(chunk_size=1024):
        print(json.loads(chunk))  # error: UNC101


def with_retries(url, attempts=3):
    for attempt in range(attempts):
        try:
            response = requests.get(url, stream=True, timeout=10)
            for chunk in response.iter_content(chunk_size=None, decode_unicode=True):
                if chunk.startswith("data:"):
                    yield json.loads(chunk.split("data:", 1)[1])  # error: UNC101
            return
        except requests.exceptions.RequestException:
            time.sleep(2**attempt)


def opened(url):
    response = requests.get(url, stream=True)
    return {"ok": response.ok, "stream": response}


def of_a_dict(url):
    found = opened(url)
    if found["ok"]:
        for block in found["stream"].iter_content(10):
            yield json.loads(block)  # error: UNC101


def parts_after_the_first(url):
    for chunk in requests.get(url, stream=True).iter_content(1024):
        for data in chunk.decode().split("data: ")[1:]:
            if data.strip() != "[DONE]":
                print(json.loads(data))  # error: UNC102


def chosen_parts(url):
    for chunk in requests.get(url, stream=True).iter_content(1024):
        found = [event for event in chunk.decode().split("\n\n") if event]
        for data in [event[6:] for event in found if event.startswith("data: ")]:
            print(json.loads(data))  # error: UNC102


def to_text(chunks):
    for chunk in chunks:
        yield chunk.decode()


def parse(texts):
    for text in texts:
        yield json.loads(text)  # error: UNC101


def pipeline(url):
    steps = raw_stream(url)
    for stage in (to_text, parse):
        steps = stage(steps)
    yield from steps


def pattern(url):
    for chunk in requests.get(url, stream=True).iter_content(1024):
        for match in re.finditer(r"data: (.*)\n", chunk.decode()):
            print(json.loads(match.group(1)))  # error: UNC102


class Session:
    """A context manager that opens the stream when it is entered."""

    def __init__(self):
        self.http = httpx.Client()

    def __enter__(self):
        self.context = self.http.stream("GET", URL)
        self.response = self.context.__enter__()
        return self

    def __exit__(self, *exception):
        return self.context.__exit__(*exception)

    def __iter__(self):
        for piece in self.response.iter_bytes():
            yield json.loads(piece)  # error: UNC101


def in_a_session():
    with Session() as session:
        yield from session


def of_a_generator(url):
    with httpx.stream("GET", url) as response:
        yield from (json.loads(text) for text in response.iter_text() if text.strip())  # error: UNC101


def of_the_raw_answer(url):
    response = requests.get(url, stream=True)
    return [json.loads(block) for block in iter(lambda: response.raw.read(1024), b"")]  # error: UNC101


# What is right.


async def error_body(client: httpx.AsyncClient, url):
    async with client.stream("POST", url) as response:
        if response.status_code != 200:
            raise RuntimeError(json.loads(await response.aread())["error"])
        async for line in response.aiter_lines():
            if line.startswith("data: ") and not line.endswith("[DONE]"):
                yield json.loads(line[len("data: ") :])


class LineBuffer:
    def __init__(self):
        self._tail = b""

    def push(self, data):
        data = self._tail + data
        lines = data.split(b"\n")
        self._tail = lines.pop()
        return lines


def with_a_line_buffer(url):
    buffer = LineBuffer()
    with httpx.stream("GET", url) as response:
        for raw in response.iter_bytes():
            for line in buffer.push(raw):
                if line:
                    print(json.loads(line))


def pattern_over_a_buffer(url):
    text = ""
    for chunk in requests.get(url, stream=True).iter_content(1024, decode_unicode=True):
        text += chunk
        end = 0
        for match in re.finditer(r"data: (.*)\n", text):
            print(json.loads(match.group(1)))
            end = match.end()
        text = text[end:]
