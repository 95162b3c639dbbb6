"""Chunks parsed as they come, and what looks like it."""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from json import loads as parse_json

import aiohttp
import httpx
import orjson
import requests
import urllib3

URL = "https://example.com/events"


def simple():
    response = requests.get(URL, stream=True)
    for chunk in response.iter_content(chunk_size=None):
        data = json.loads(chunk)  # error: UNC101
        print(data["id"])


def through_names():
    with requests.Session() as session:
        with session.get(URL, stream=True) as response:
            stream = response.iter_content(1024)
            for raw in stream:
                text = raw.decode("utf-8")
                text = text.strip()
                if not text:
                    continue
                print(parse_json(text))  # error: UNC101


def as_events():
    for line in requests.post(URL, json={}, stream=True).iter_content(None):
        if line.startswith(b"data: "):
            line = line[6:]
            if line == b"[DONE]":
                break
            print(orjson.loads(line))  # error: UNC101


def swallowed():
    for chunk in requests.get(URL, stream=True):
        try:
            print(json.loads(chunk))  # error: UNC101
        except json.JSONDecodeError:
            continue


async def awaited(client: httpx.AsyncClient):
    async with client.stream("GET", URL) as response:
        async for text in response.aiter_text():
            if text.startswith("data:"):
                yield json.loads(text.removeprefix("data:"))  # error: UNC101


async def any_and_chunked():
    async with aiohttp.ClientSession() as session:
        async with session.get(URL) as response:
            async for chunk in response.content.iter_any():
                print(json.loads(chunk))  # error: UNC101
            async for chunk, last in response.content.iter_chunks():
                print(json.loads(chunk), last)  # error: UNC101
            while not response.content.at_eof():
                chunk = await response.content.readany()
                print(json.loads(chunk))  # error: UNC101


def pools():
    http = urllib3.PoolManager()
    response = http.request("GET", URL, preload_content=False)
    for chunk in response.stream(1024):
        print(json.loads(chunk.decode()))  # error: UNC101


def opened():
    with urllib.request.urlopen(URL) as response:
        while chunk := response.read(1024):
            print(json.loads(chunk))  # error: UNC101


def received(host):
    connection = socket.create_connection((host, 80))
    while True:
        data = connection.recv(4096)
        if not data:
            break
        print(json.loads(data))  # error: UNC101


def sentinel(host):
    connection = socket.create_connection((host, 80))
    for data in iter(lambda: connection.recv(4096), b""):
        print(json.loads(data))  # error: UNC101


def evidence_is_the_method(response):
    for chunk in response.iter_content():
        print(json.loads(chunk))  # error: UNC101


def comprehension(response):
    return [json.loads(chunk) for chunk in response.iter_content(None) if chunk]  # error: UNC101


def mapped(response):
    return list(map(json.loads, response.iter_content(None)))  # error: UNC101


def counted(response):
    for number, chunk in enumerate(response.iter_content(None)):
        print(number, json.loads(chunk))  # error: UNC101


def fresh_every_time(response):
    for chunk in response.iter_content(None):
        text = ""
        text += chunk.decode()
        print(json.loads(text))  # error: UNC101


def beside_an_unrelated_sum(response):
    total = 0
    seen = b""
    for chunk in response.iter_content(None):
        total += len(chunk)
        seen += b"."
        print(json.loads(chunk[6:]))  # error: UNC101


def last_one(response):
    for chunk in response.iter_content(None):
        pass
    return chunk


def guarded(response):
    for chunk in response.iter_content(None):
        print(json.loads(chunk) if chunk else None)  # error: UNC101


def printed(response):
    for chunk in response.iter_content(None):
        print(f"{json.loads(chunk)['id']}")  # error: UNC101


# What is right.


def put_together():
    body = b""
    for chunk in requests.get(URL, stream=True).iter_content(None):
        body += chunk
    print(json.loads(body))


def joined():
    print(json.loads(b"".join(requests.get(URL, stream=True).iter_content(None))))


def joined_parts():
    parts = []
    for chunk in requests.get(URL, stream=True).iter_content(None):
        parts.append(chunk.decode())
    print(json.loads("".join(parts)))


def until_it_parses():
    buffer = ""
    for chunk in requests.get(URL, stream=True).iter_content(None, decode_unicode=True):
        buffer += chunk
        try:
            data = json.loads(buffer)
        except json.JSONDecodeError:
            continue
        print(data)
        buffer = ""


def one_after_the_other(host):
    connection = socket.create_connection((host, 80))
    data = b""
    while b"\n" not in data:
        data += connection.recv(4096)
    print(json.loads(data))


def until_all_is_there(connection, length):
    received = bytearray()
    while len(received) < length:
        received.extend(connection.recv(length - len(received)))
    return json.loads(received)


def datagrams():
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        data, sender = udp.recvfrom(65535)
        print(sender, json.loads(data))


def whole():
    response = requests.get(URL)
    print(json.loads(response.text), json.loads(response.content))


def lines():
    for line in requests.get(URL, stream=True).iter_lines():
        if line:
            print(json.loads(line))


async def lines_of_aiohttp():
    async with aiohttp.ClientSession() as session, session.get(URL) as response:
        async for chunk in response.content:
            print(json.loads(chunk))


def dumped():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        print(json.loads(json.dumps({"length": len(chunk)})))
        print(json.loads(json.dumps(chunk.decode())))


def files(path):
    with open(path) as file:
        for chunk in file:
            print(json.loads(chunk))
        print(json.loads(file.read()))


def pipes():
    child = subprocess.Popen(["log"], stdout=subprocess.PIPE)
    for line in child.stdout:
        print(json.loads(line))
    for line in sys.stdin:
        print(json.loads(line))


def killed(response, decrypt):
    for chunk in response.iter_content(None):
        chunk = decrypt(chunk)
        print(json.loads(chunk))


def renamed(response):
    for chunk in response.iter_content(None):
        chunk = '{"a": 1}'
        print(json.loads(chunk))


def only_sometimes(response, first):
    for chunk in response.iter_content(None):
        if first:
            chunk = '{"a": 1}'
        print(json.loads(chunk))  # error: UNC101


def raw_in_the_loop(response):
    while True:
        print(json.loads(response.raw.read(100)))  # error: UNC101


def raw_streamed(response):
    for chunk in response.raw.stream(100):
        print(json.loads(chunk))  # error: UNC101


def raw_each_by_itself(responses):
    for response in responses:
        print(json.loads(response.raw.read(100_000)))


def raw_at_once(response):
    return json.loads(response.raw.read())


def raw_of_something_else(message):
    return json.loads(message.raw)


def raw_lines(response):
    for line in response.raw:
        print(json.loads(line))


def small_file(name, directory):
    descriptor = os.open(name, os.O_RDONLY, dir_fd=directory)
    try:
        return os.read(descriptor, 65536)
    finally:
        os.close(descriptor)


def small_files(names, directory):
    for name in names:
        print(json.loads(small_file(name, directory)))


def a_file_in_blocks(path):
    descriptor = os.open(path, os.O_RDONLY)
    while block := os.read(descriptor, 4096):
        print(json.loads(block))  # error: UNC101


def answer(host):
    with socket.create_connection((host, 80)) as connection:
        connection.sendall(b"status")
        return connection.recv(4096)


def a_new_connection_each_time(hosts):
    for host in hosts:
        print(json.loads(answer(host)))


class Link:
    def __init__(self, host):
        self.connection = socket.create_connection((host, 80))

    def receive(self):
        return self.connection.recv(4096)

    def run(self):
        while True:
            print(json.loads(self.receive()))  # error: UNC101


def parsed_for_two(chunks):
    for chunk in chunks:
        print(json.loads(chunk))  # error: UNC101


def two_sources_one_report(first, second):
    parsed_for_two(first.iter_content())
    parsed_for_two(second.iter_bytes())


def asked_with_a_document(client, payload):
    response = client.post(URL, data=json.dumps(payload), stream=True)
    for chunk in response.iter_content():
        print(json.loads(chunk))  # error: UNC101


def asked_with_bytes(client, payload):
    body = json.dumps(payload).encode()
    for chunk in client.post(URL, content=body).iter_bytes():
        print(json.loads(chunk))  # error: UNC101


def decoded_by_something(client, decoder):
    for chunk in decoder(client.get(URL).iter_bytes()).iter_bytes():
        print(json.loads(chunk))
