"""Pieces put together outside of the function that reads them, or with what another call left behind."""

import asyncio
import io
import json
import socket

import openai
import requests

URL = "https://example.com"
client = openai.OpenAI()


# In a function around.


def joined_in_the_generator(upstream, save):
    parts = []

    async def tap():
        async for chunk in upstream.aiter_bytes():
            parts.append(chunk)
            yield chunk
        save(json.loads(b"".join(parts)))

    return tap()


def joined_by_a_helper(upstream):
    parts = []

    async def tap():
        async for chunk in upstream.aiter_bytes():
            parts.append(chunk)
            yield chunk
        parsed(parts)

    return tap()


def parsed(parts):
    return json.loads(b"".join(parts).decode())


def extended():
    body = bytearray()

    def read():
        for chunk in requests.get(URL, stream=True).iter_content(9):
            body.extend(chunk)
        return json.loads(body)

    return read()


def written():
    body = io.BytesIO()

    def read():
        for chunk in requests.get(URL, stream=True).iter_content(9):
            body.write(chunk)

    read()
    return json.loads(body.getvalue())


def added(messages, show):
    full = ""

    def fragments():
        nonlocal full
        for chunk in client.chat.completions.create(model="m", messages=messages, stream=True):
            full += chunk.choices[0].delta.content or ""
            yield full

    show(fragments())
    return json.loads(full)


def taken_line_by_line(connection: socket.socket):
    rest = b""

    def line():
        nonlocal rest
        while b"\n" not in rest:
            rest += connection.recv(4096)
        first, _, rest = rest.partition(b"\n")
        return first

    while True:
        yield json.loads(line())


def reset_when_too_long(connection: socket.socket):
    rest = b""

    def came(data):
        nonlocal rest
        if len(rest) > 1000:
            rest = b""
        rest += data
        json.loads(rest)

    while True:
        came(connection.recv(1024))


def kept_in_a_callback(done):
    parts = []

    class Body(asyncio.Protocol):
        def data_received(self, data):
            parts.append(data)

        def connection_lost(self, error):
            done(json.loads(b"".join(parts)))

    return Body


# What is there from an earlier call.


class MadeWhenNeeded(asyncio.Protocol):
    def data_received(self, data):
        if not hasattr(self, "rest"):
            self.rest = b""
        self.rest += data
        *lines, self.rest = self.rest.split(b"\n")
        for line in lines:
            json.loads(line)


class MadeFromNone(asyncio.Protocol):
    parts = None

    def data_received(self, data):
        if self.parts is None:
            self.parts = []
        self.parts.append(data)
        json.loads(b"".join(self.parts))


class ResetWhenTooLong(asyncio.Protocol):
    def __init__(self):
        self.rest = b""

    def data_received(self, data):
        if len(self.rest) > 1000:
            self.rest = b""
        self.rest = self.rest + data
        try:
            json.loads(self.rest)
        except ValueError:
            return
        self.rest = b""


def of_each_peer(server: socket.socket):
    rests = {}
    while True:
        connection, peer = server.accept()
        if peer not in rests:
            rests[peer] = b""
        rests[peer] += connection.recv(1024)
        print(json.loads(rests[peer]))


def of_another_object(peer, connection: socket.socket):
    while True:
        data = connection.recv(1024)
        if peer.is_old:
            peer.rest = b""
        peer.rest += data
        print(json.loads(peer.rest))


# The rest of a split.


def put_back_by_its_place():
    rest = ""
    for chunk in requests.get(URL, stream=True).iter_content(None):
        lines = chunk.decode().split("\n")
        lines[0] = rest + lines[0]
        rest = lines.pop()
        for line in lines:
            print(json.loads(line))


def put_back_if_there_is_one():
    rest = ""
    for chunk in requests.get(URL, stream=True).iter_content(None):
        lines = chunk.decode().split("\n")
        if rest:
            lines[0] = rest + lines[0]
            rest = ""
        for place, line in enumerate(lines):
            if place == len(lines) - 1:
                rest = line
                continue
            print(json.loads(line))


def carried_in_a_list():
    carried = []
    for chunk in requests.get(URL, stream=True).iter_content(None):
        parts = chunk.decode().split("\n")
        carried.append(parts[0])
        if len(parts) > 1:
            print(json.loads("".join(carried)))
            for part in parts[1:-1]:
                print(json.loads(part))
            carried = [parts[-1]]


# What is kept outside is not always put together.


def last_outside():
    last = b""

    def read():
        nonlocal last
        for chunk in requests.get(URL, stream=True).iter_content(9):
            last = chunk
            print(json.loads(last))  # error: UNC101

    read()
