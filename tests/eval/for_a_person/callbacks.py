"""Methods of a library that the program replaces or overrides: the library calls them with what arrives."""

import asyncio
import json


class Events:
    """A method of the library is replaced, so that the library calls this one."""

    async def connect(self, path):
        self.reader, self.writer = await asyncio.open_unix_connection(path)
        self.reader.feed_data = self.on_data

    def on_data(self, data):
        print(json.loads(data[8:]))  # error: UNC101

    def on_line(self, data):
        print(json.loads(data))


class Reader(asyncio.StreamReader):
    def feed_data(self, data):
        print(json.loads(data))  # error: UNC101
        super().feed_data(data)


class NotAReader:
    """A class of the program has such an attribute, too."""

    def __init__(self, queue):
        self.queue = queue
        self.queue.feed_data = self.on_message

    def on_message(self, data):
        print(json.loads(data))
