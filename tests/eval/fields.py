"""Classes that list their fields, and are made without an `__init__` of their own."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import requests

URL = "https://example.com"


@dataclass
class Answer:
    label: str
    stream: Any = None


def answer():
    return Answer("one", requests.get(URL, stream=True).iter_content(None))


def show():
    found = answer()
    for chunk in found.stream:
        print(found.label, json.loads(chunk))  # error: UNC101


class Reply(NamedTuple):
    status: int
    body: Iterable[bytes]


def fetch():
    response = requests.get(URL, stream=True)
    return Reply(body=response.iter_content(None), status=response.status_code)


def read():
    reply = fetch()
    if reply.status == 200:
        for piece in reply.body:
            print(json.loads(piece))  # error: UNC101


@dataclass
class Started:
    url: str


@dataclass
class Running(Started):
    response: requests.Response
    chunks: Any = None

    def __post_init__(self):
        self.chunks = self.response.iter_content(None)

    def __iter__(self):
        for chunk in self.chunks:
            yield json.loads(chunk)  # error: UNC101


def run():
    return list(Running(URL, requests.get(URL, stream=True)))


# What is right.


@dataclass
class Lines:
    stream: Any


def lines():
    for line in Lines(requests.get(URL, stream=True).iter_lines()).stream:
        print(json.loads(line))


@dataclass
class Event:
    data: str
    name: str = "message"


def events():
    for line in requests.get(URL, stream=True).iter_lines(decode_unicode=True):
        if line.startswith("data:") and line != "data: [DONE]":
            yield Event(line[5:])


def all_events():
    for line in requests.get(URL, stream=True).iter_lines(decode_unicode=True):
        yield Event(data=line.removeprefix("data:"))


def tested():
    for event in all_events():
        if event.data and event.data != "[DONE]":
            print(json.loads(event.data))


def not_tested_any_more():
    for event in events():
        print(json.loads(event.data))


@dataclass
class Buffer:
    text: bytes = b""


def whole():
    buffer = Buffer()
    for chunk in requests.get(URL, stream=True).iter_content(None):
        buffer.text += chunk
    return json.loads(buffer.text)


@dataclass
class Joined:
    body: bytes


def joined():
    return Joined(b"".join(requests.get(URL, stream=True).iter_content(None)))


def joined_and_parsed():
    print(json.loads(joined().body))
