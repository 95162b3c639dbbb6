"""A base class does the work, the classes derived from it say where the pieces come from, or what becomes of them."""

import abc
import json

import requests

URL = "https://example.com"


class Provider(abc.ABC):
    @abc.abstractmethod
    def _stream(self, prompt):
        """Give the pieces of the answer."""

    def answers(self, prompt):
        for piece in self._stream(prompt):
            yield json.loads(piece)  # error: UNC101


class OfChunks(Provider):
    def _stream(self, prompt):
        with requests.post(URL, json=prompt, stream=True) as response:
            yield from response.iter_content(None)


class Lines(abc.ABC):
    @abc.abstractmethod
    def lines(self):
        """Give one document after the other."""

    def answers(self):
        for line in self.lines():
            yield json.loads(line)


class OfLines(Lines):
    def lines(self):
        yield from requests.get(URL, stream=True).iter_lines()


class CutAgain(Lines):
    def lines(self):
        rest = b""
        for chunk in requests.get(URL, stream=True).iter_content(None):
            *lines, rest = (rest + chunk).split(b"\n")
            yield from lines


class Reader:
    def run(self):
        for chunk in requests.get(URL, stream=True).iter_content(None):
            self.on_chunk(chunk)

    def on_chunk(self, chunk):
        raise NotImplementedError


class Parsing(Reader):
    def on_chunk(self, chunk):
        print(json.loads(chunk))  # error: UNC101


class Printing(Reader):
    def on_chunk(self, chunk):
        print(chunk)


class Growing(Reader):
    def __init__(self):
        self.text = b""

    def on_chunk(self, chunk):
        self.text += chunk

    def close(self):
        return json.loads(self.text)


class Opening:
    def connect(self):
        return self._open(URL)

    def run(self):
        for step in self.connect():
            print(json.loads(step))  # error: UNC101

    def _open(self, url):
        return requests.get(url, stream=True).iter_lines()


class OpeningChunks(Opening):
    def _open(self, url):
        return requests.get(url, stream=True).iter_content(None)


class Overriding(Opening):
    """Nothing of this is left of what its base does."""

    def _open(self, url):
        return requests.get(url, stream=True).iter_content(None)

    def run(self):
        print(json.loads(b"".join(self.connect())))
