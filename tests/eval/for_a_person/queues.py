"""One part of a program puts pieces into a queue, another takes them out."""

import asyncio
import json
import queue
import threading

import httpx
import requests

URL = "https://example.com"


class Listener:
    def __init__(self):
        self.pieces = queue.Queue()

    def _read(self):
        for chunk in requests.get(URL, stream=True).iter_content(None):
            self.pieces.put(chunk)
        self.pieces.put(None)

    def run(self):
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            piece = self.pieces.get()
            if piece is None:
                break
            print(json.loads(piece))  # error: UNC101


async def bridge():
    pieces = asyncio.Queue()

    async def read():
        async with httpx.AsyncClient() as client, client.stream("GET", URL) as response:
            async for chunk in response.aiter_bytes():
                await pieces.put(chunk)
        await pieces.put(None)

    reading = asyncio.create_task(read())
    while (piece := await pieces.get()) is not None:
        yield json.loads(piece)  # error: UNC101
    await reading


# What is right.


class OfLines:
    def __init__(self):
        self.lines = queue.Queue()

    def _read(self):
        for line in requests.get(URL, stream=True).iter_lines():
            self.lines.put(line)

    def run(self):
        threading.Thread(target=self._read, daemon=True).start()
        while True:
            print(json.loads(self.lines.get()))


def buffered():
    pieces = queue.Queue()

    def read():
        for chunk in requests.get(URL, stream=True).iter_content(None):
            pieces.put(chunk)
        pieces.put(None)

    threading.Thread(target=read).start()
    rest = b""
    while (piece := pieces.get()) is not None:
        rest += piece
        while b"\n" in rest:
            line, rest = rest.split(b"\n", 1)
            yield json.loads(line)


def joined():
    pieces = queue.Queue()

    def read():
        for chunk in requests.get(URL, stream=True).iter_content(None):
            pieces.put(chunk)
        pieces.put(None)

    threading.Thread(target=read).start()
    print(json.loads(b"".join(iter(pieces.get, None))))


def collected():
    pieces = queue.SimpleQueue()

    def read():
        for chunk in requests.get(URL, stream=True).iter_content(None):
            pieces.put(chunk)

    read()
    parts = []
    while not pieces.empty():
        parts.append(pieces.get())
    print(json.loads(b"".join(parts)))


def jobs(orders):
    waiting = queue.Queue()
    for order in orders:
        waiting.put(json.dumps(order))
    while not waiting.empty():
        print(json.loads(waiting.get()))


def collected_outside():
    parts = []

    def add(chunk):
        parts.append(chunk)

    for chunk in requests.get(URL, stream=True).iter_content(None):
        add(chunk)
    print(json.loads(b"".join(parts)))
