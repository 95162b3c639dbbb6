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


# Under a key of what others have as well.


def under_a_key_of_a_function_around(response: requests.Response):
    state = {"rest": b""}

    def came(data):
        state["rest"] += data
        *lines, state["rest"] = state["rest"].split(b"\n")
        return lines

    for chunk in response.iter_content(512):
        for line in came(chunk):
            print(json.loads(line))


def under_a_key_with_a_default(response: requests.Response):
    state = {}

    def came(data):
        lines = (state.get("rest", b"") + data).split(b"\n")
        state["rest"] = lines[-1]
        return lines[:-1]

    for chunk in response.iter_content(512):
        for line in came(chunk):
            print(json.loads(line))


STATE = {"rest": b""}


def under_a_key_of_the_module(response: requests.Response):
    for chunk in response.iter_content(512):
        module_came(chunk)


def module_came(data):
    STATE["rest"] += data
    if STATE["rest"].endswith(b"\n"):
        print(json.loads(STATE["rest"]))
        STATE["rest"] = b""


class UnderKeys:
    def __init__(self):
        self.state = {"rest": b"", "parts": []}
        self.rests = {"out": b"", "err": b""}

    def run(self, response: requests.Response):
        for chunk in response.iter_content(512):
            self.one(chunk)
            self.other(chunk)
            self.third(chunk, "out")
            put_into(self.state, chunk)

    def one(self, data):
        state = self.state
        state["rest"] += data
        if state["rest"].endswith(b"\n"):
            print(json.loads(state["rest"]))
            state["rest"] = b""

    def other(self, data):
        self.state["parts"].append(data)
        print(json.loads(b"".join(self.state["parts"])))

    def third(self, data, which):
        self.rests[which] += data
        *lines, self.rests[which] = self.rests[which].split(b"\n")
        for line in lines:
            print(json.loads(line))


def put_into(state, data):
    state["rest"] += data
    print(json.loads(state["rest"]))


def put_into_a_list(response: requests.Response):
    parts = []
    for chunk in response.iter_content(512):
        append_to(parts, chunk)


def append_to(parts, chunk):
    parts.append(chunk)
    print(json.loads(b"".join(parts)))


# The first step by itself, the others added; all of them in one display.


def first_by_itself(response: requests.Response):
    chunks = response.iter_content(512)
    data = next(chunks, b"")
    for chunk in chunks:
        data += chunk
    return json.loads(data)


async def first_by_itself_async(upstream):
    chunks = upstream.aiter_bytes()
    data = await anext(chunks)
    async for chunk in chunks:
        data += chunk
    return json.loads(data)


def all_in_a_display(response: requests.Response):
    return json.loads(b"".join([*response.iter_content(512)]))


def first_and_others(response: requests.Response):
    first, *others = response.iter_content(512)
    print(json.loads(first + b"".join(others)))
    print(json.loads(b"".join([first, *others])))


def all_but_the_last_and_the_last(response: requests.Response):
    chunks = list(response.iter_content(512))
    return json.loads(b"".join(chunks[:-1]) + chunks[-1])


# What is kept outside is not always put together.


def last_outside():
    last = b""

    def read():
        nonlocal last
        for chunk in requests.get(URL, stream=True).iter_content(9):
            last = chunk
            print(json.loads(last))  # error: UNC101

    read()


def kept_under_a_key(response: requests.Response):
    state = {"last": b""}
    for chunk in response.iter_content(512):
        state["last"] = chunk
        print(json.loads(state["last"]))  # error: UNC101
