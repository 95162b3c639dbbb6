"""The same flow in other words: what is spelled otherwise is found all the same, and what is right stays silent."""

import asyncio
import codecs
import html
import io
import json
import queue
import threading
import unicodedata
from types import SimpleNamespace
from urllib.parse import unquote_plus

import requests

URL = "https://example.com"


# From text to text.


def in_a_file():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.load(io.BytesIO(chunk)))  # error: UNC101


def by_functions():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.loads(html.unescape(chunk.decode())))  # error: UNC101
        print(json.loads(unicodedata.normalize("NFC", chunk.decode())))  # error: UNC101
        print(json.loads(codecs.decode(chunk, "utf-8")))  # error: UNC101
        print(json.loads(unquote_plus(chunk.decode())))  # error: UNC101
        print(json.loads(bytes.decode(chunk)))  # error: UNC101
        print(json.loads(format(chunk.decode())))  # error: UNC101


def by_methods():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.loads(chunk.decode().swapcase().zfill(3).center(9)))  # error: UNC101
        print(json.loads(getattr(chunk, "decode")().translate({0: None})))  # error: UNC101


def by_templates():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.loads("%s" % chunk.decode()))  # error: UNC101
        print(json.loads("%s%s" % (chunk.decode(), "")))  # error: UNC101
        print(json.loads("{x}".format_map({"x": chunk.decode()})))  # error: UNC101


def with_something_unknown(rest):
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.loads("%s%s" % (rest, chunk.decode())))
        print(json.loads(html.unescape(rest.complete(chunk))))


def of_something_else(path):
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.load(open(path)), json.loads(html.unescape(path)), len(chunk))


# Dicts, tuples, objects.


def under_a_variable_key():
    for chunk in requests.get(URL, stream=True).iter_content(None, decode_unicode=True):
        for event in chunk.split("\n\n"):
            fields = {}
            for line in event.split("\n"):
                name, _, value = line.partition(":")
                fields[name] = value
            print(json.loads(fields["data"]))  # error: UNC102


def under_another_key():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        fields = {"config": "{}"}
        fields["data"] = chunk
        print(json.loads(fields["config"]))


def updated():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        fields = {}
        fields.update(data=chunk)
        print(json.loads(fields["data"]))  # error: UNC101
        print(json.loads({**fields, "more": 1}["data"]))  # error: UNC101
        print(json.loads(SimpleNamespace(data=chunk).data))  # error: UNC101
        print(json.loads(*(chunk,)))  # error: UNC101


def grown_under_a_key():
    state = {"text": ""}
    for chunk in requests.get(URL, stream=True).iter_content(None, decode_unicode=True):
        state["text"] += chunk
    print(json.loads(state["text"]))


# Keywords on their way.


def pulled(client, *args, **kwargs):
    for event in client.pull(*args, **kwargs):
        print(json.loads(event))  # error: UNC101


def pulls(client):
    pulled(client, "image", stream=True)


def asked_for(client, **options):
    return client.pull("image", **options)


def in_pieces(client):
    options = {"tag": "latest"}
    options["stream"] = True
    for event in asked_for(client, **options):
        print(json.loads(event))  # error: UNC101


def decoded(client):
    options = {"decode": True}
    options["stream"] = True
    for event in asked_for(client, **options):
        print(event)


def as_a_whole(client):
    print(json.loads(asked_for(client, stream=False)))


# What is new in every round is no buffer.


def new_each_round(connection):
    while True:
        data = bytearray()
        data += connection.recv(4096)
        print(json.loads(data))  # error: UNC101


def new_list_each_round(connection):
    while True:
        parts = []
        parts.append(connection.recv(4096))
        print(json.loads(b"".join(parts)))  # error: UNC101


def emptied_each_round(connection):
    data = b""
    while True:
        data += connection.recv(4096)
        print(json.loads(data))  # error: UNC101
        data = b""


def emptied_when_it_is_whole(connection):
    data = b""
    while True:
        data += connection.recv(4096)
        try:
            print(json.loads(data))
        except ValueError:
            continue
        data = b""


def primed(connection):
    chunk = connection.recv(4096)
    while chunk:
        print(json.loads(chunk))  # error: UNC101
        chunk = connection.recv(4096)


def primed_and_kept(connection):
    data = connection.recv(4096)
    while chunk := connection.recv(4096):
        data += chunk
    print(json.loads(data))


def bad_ones_are_kept(connection):
    bad = []
    while chunk := connection.recv(4096):
        try:
            print(json.loads(chunk))  # error: UNC101
        except ValueError:
            bad.append(chunk)
    return bad


def bad_ones_go_before_the_next(connection):
    rest = b""
    while chunk := connection.recv(4096):
        try:
            print(json.loads(rest + chunk))
            rest = b""
        except ValueError:
            rest += chunk


# What nothing is known about of something known.


def private_parts():
    connection = requests.get(URL, stream=True).raw._fp.fp._sock
    while chunk := connection.recv(4096):
        print(json.loads(chunk))  # error: UNC101


def private_text():
    print(json.loads(requests.get(URL, stream=True).private.text))


# Queues.


def filled_inside():
    pieces = queue.Queue()

    def fill():
        for chunk in requests.get(URL, stream=True).iter_content(None):
            pieces.put(chunk)

    threading.Thread(target=fill).start()
    while True:
        print(json.loads(pieces.get()))  # error: UNC101


def fill(pieces, url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        pieces.put(chunk)


def filled_by_a_thread():
    pieces, lines = queue.Queue(), queue.Queue()
    threading.Thread(target=fill, args=(pieces, URL)).start()
    for chunk in iter(pieces.get, None):
        print(json.loads(chunk))  # error: UNC101
    print(json.loads(lines.get()))


def filled_by_keywords():
    pieces = queue.Queue()
    threading.Thread(target=fill, kwargs={"pieces": pieces, "url": URL}).start()
    print(json.loads(pieces.get()))  # error: UNC101


async def produce(pieces, response):
    async for chunk in response.aiter_bytes():
        await pieces.put(chunk)


async def consume(pieces):
    while True:
        print(json.loads(await pieces.get()))  # error: UNC101


async def both(response):
    pieces = asyncio.Queue()
    await asyncio.gather(produce(pieces, response), consume(pieces))


async def produce_lines(lines, response):
    async for line in response.aiter_lines():
        await lines.put(line)


async def consume_lines(lines):
    while True:
        print(json.loads(await lines.get()))


async def both_of_lines(response):
    lines = asyncio.Queue()
    await asyncio.gather(produce_lines(lines, response), consume_lines(lines))


class Listener:
    def __init__(self):
        self.lines = queue.Queue()
        self.pieces = queue.Queue()

    def run(self):
        threading.Thread(target=self.fill).start()
        while True:
            print(json.loads(self.pieces.get()))  # error: UNC101
            print(json.loads(self.lines.get()))

    def fill(self):
        response = requests.get(URL, stream=True)
        for chunk in response.iter_content(None):
            self.pieces.put(chunk)
        for line in response.iter_lines():
            self.lines.put(line)


# What tests have made sure of, seen from inside, and behind loops that have nothing to do with it.


def shown_inside():
    for line in requests.get(URL, stream=True).iter_lines():
        if not line.startswith(b"data: ") or b"[DONE]" in line:
            continue

        def show():
            print(json.loads(line[6:]))

        show()


def called(function):
    function()


def shown_by_another():
    for line in requests.get(URL, stream=True).iter_lines():
        if not line.startswith(b"data: ") or b"[DONE]" in line:
            continue

        def show():
            print(json.loads(line[6:]))

        called(show)


def counted_between(letters):
    for line in requests.get(URL, stream=True).iter_lines():
        if line.startswith(b"data: ") and line != b"data: [DONE]":
            for letter in letters:
                print(letter)
            print(json.loads(line[6:]))


def read_anew_inside(file):
    for line in requests.get(URL, stream=True).iter_lines():
        if line.startswith(b"data: ") and line != b"data: [DONE]":
            print(json.loads(line[6:]))
        print(json.loads(line[len("data: ") :]))  # error: UNC104
