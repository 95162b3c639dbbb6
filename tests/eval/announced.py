"""Reads of a length that was told before, where the reader has a method that brings all of it."""

import asyncio
import json
import struct


async def announced(reader: asyncio.StreamReader):
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    return json.loads(await reader.read(length))  # error: UNC101


async def announced_by_a_field(reader: asyncio.StreamReader):
    line = await reader.readline()
    _, length = line.split(b":")
    await reader.readline()
    return json.loads(await reader.read(int(length)))  # error: UNC101


async def announced_with_an_end(reader: asyncio.StreamReader):
    while True:
        (length,) = struct.unpack("!I", await reader.readexactly(4))
        if length > 1 << 20:
            raise ValueError("too long")
        body = await reader.read(length)
        message = json.loads(body)  # error: UNC101
        print(message)
