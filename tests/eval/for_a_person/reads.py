"""Reads: how much they bring, and who says so."""

import asyncio
import json
import os
import socket
import ssl
import struct

import serial


def announced_to_a_socket(connection: socket.socket):
    header = connection.recv(13)
    length = struct.unpack("<Q", header[5:])[0]
    body = connection.recv(length)
    return json.loads(body.decode())  # error: UNC101


def announced_in_a_loop(connection: socket.socket):
    while True:
        length = int.from_bytes(connection.recv(4), "big")
        if not length:
            break
        print(json.loads(connection.recv(length)))  # error: UNC101


def announced_with_its_header(connection: socket.socket):
    size = connection.recv(1)[0]
    return json.loads(connection.recv(size - 1))  # error: UNC101


async def exactly(reader: asyncio.StreamReader):
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    return json.loads(await reader.readexactly(length))


def waited_for(connection: socket.socket):
    length = int.from_bytes(connection.recv(4, socket.MSG_WAITALL), "big")
    return json.loads(connection.recv(length, socket.MSG_WAITALL))


def counted(connection: socket.socket):
    length = int.from_bytes(connection.recv(4), "big")
    body = connection.recv(length)
    if len(body) != length:
        raise ConnectionError("cut short")
    return json.loads(body)


def completed(connection: socket.socket):
    length = int.from_bytes(connection.recv(4), "big")
    body = connection.recv(length)
    while len(body) < length:
        body += connection.recv(length - len(body))
    return json.loads(body)


def received_in_full(connection: socket.socket, count):
    parts = b""
    while len(parts) < count:
        parts += connection.recv(count - len(parts))
    return parts


def by_a_helper(connection: socket.socket):
    length = int.from_bytes(received_in_full(connection, 4), "big")
    return json.loads(received_in_full(connection, length))


def from_a_file(path):
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(4), "big")
        return json.loads(file.read(length))


def a_length_from_elsewhere(connection: socket.socket, length):
    return json.loads(connection.recv(length))


def a_single_read(connection: socket.socket):
    return json.loads(connection.recv(4096))


def drained(connection: ssl.SSLSocket):
    while True:
        data = connection.recv(1024)
        if not data:
            break
        data += connection.recv(connection.pending())
        print(json.loads(data))  # error: UNC101


def drained_by_a_loop(connection: ssl.SSLSocket):
    while data := connection.recv(1024):
        while connection.pending():
            data += connection.recv(connection.pending())
        for line in data.split(b"\n"):
            print(json.loads(line))  # error: UNC102


def drained_but_kept(connection: ssl.SSLSocket):
    rest = b""
    while data := connection.recv(1024):
        rest += data + connection.recv(connection.pending())
        *lines, rest = rest.split(b"\n")
        for line in lines:
            print(json.loads(line))


def two_reads(connection: socket.socket, header, body):
    while True:
        data = connection.recv(header) + connection.recv(body)
        print(json.loads(data))


def raw(response):
    reader = response.raw
    while not reader.closed:
        data = reader.read(1)
        if not data:
            break
        if reader._fp.chunk_left:
            data += reader.read(reader._fp.chunk_left)
        yield json.loads(data.decode("utf-8"))  # error: UNC101


class Link:
    """The length goes through another method."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_UNIX)

    def header(self):
        return struct.unpack("<ii", self.socket.recv(8))

    def body(self, length):
        return json.loads(self.socket.recv(length).decode())  # error: UNC101

    def greet(self):
        operation, length = self.header()
        return self.body(length)


def peer(connection):
    size = int.from_bytes(connection.recv(2), "big")
    return json.loads(connection.recv(size).decode())  # error: UNC101


def header_of(connection):
    header_size = connection.recv(4).decode("utf-8")
    return json.loads(connection.recv(int(header_size)).decode("utf-8"))  # error: UNC101


def read_on(connection):
    length = struct.unpack("i", connection.recv(4))[0]
    data = connection.recv(length).decode()
    while len(data) != length:
        data = data + connection.recv(length - len(data)).decode()
    return json.loads(data)


def each_pipe(pipes):
    for pid, descriptor in pipes:
        print(pid, json.loads(os.read(descriptor, 4096) or b"{}"))


def each_pipe_by_itself(pipes):
    for pipe in pipes:
        print(json.loads(os.read(pipe.fileno(), 4096)))


def websocket_of(connection, length):
    return json.loads(connection.recv(length))
