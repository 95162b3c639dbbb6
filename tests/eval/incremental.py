"""Chunks that are decoded or unpacked as they come: cut as before, though no character is."""

import codecs
import json
import os
import subprocess
import zlib

import requests

URL = "https://example.com"


def decoded():
    decoder = codecs.getincrementaldecoder("utf-8")()
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.loads(decoder.decode(chunk)))  # error: UNC101


def by_line():
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    for chunk in requests.get(URL, stream=True).iter_content(None):
        for line in decoder.decode(chunk).splitlines():
            if line:
                print(json.loads(line))  # error: UNC102


class Reader:
    def __init__(self):
        self.decoder = codecs.getincrementaldecoder("utf-8")()

    def run(self):
        for chunk in requests.get(URL, stream=True).iter_content(None):
            for line in self.decoder.decode(chunk).split("\n"):
                if line:
                    print(json.loads(line))  # error: UNC102


class Process:
    def __init__(self, command):
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)

    def run(self):
        while True:
            output = os.read(self.process.stdout.fileno(), 4096)
            if not output:
                break
            print(json.loads(output))  # error: UNC101


# What is right.


def kept():
    decoder = codecs.getincrementaldecoder("utf-8")()
    rest = ""
    for chunk in requests.get(URL, stream=True).iter_content(None):
        *lines, rest = (rest + decoder.decode(chunk)).split("\n")
        for line in lines:
            print(json.loads(line))


def whole():
    unpacking = zlib.decompressobj()
    body = b""
    for chunk in requests.get(URL, stream=True).iter_content(None):
        body += unpacking.decompress(chunk)
    print(json.loads(body + unpacking.flush()))


def joined():
    unpacking = zlib.decompressobj()
    chunks = requests.get(URL, stream=True).iter_content(None)
    print(json.loads(b"".join(unpacking.decompress(chunk) for chunk in chunks)))


def at_once():
    print(json.loads(zlib.decompress(requests.get(URL).content)))


def decoded_by_itself(decoder, handle):
    for chunk in requests.get(URL, stream=True).iter_content(None):
        handle(json.loads(decoder.decode(chunk)))


def each_pipe(pipes):
    for pipe in pipes:
        print(json.loads(os.read(pipe.fileno(), 4096)))
