# select: UNC101, UNC102, UNC103, UNC201, UNC202, UNC203
"""What was reported though it is right, beside what is not."""

import asyncio
import json
import re

import requests
from anthropic import Anthropic
from kubernetes import stream as k8s
from kubernetes.stream.ws_client import ERROR_CHANNEL


def status(api):
    ws = k8s.stream(api.connect_get_namespaced_pod_exec, "x", _preload_content=False)
    while ws.is_open():
        print(json.loads(ws.read_channel(ERROR_CHANNEL)), json.loads(ws.read_channel(3)))


def output(api):
    ws = k8s.stream(api.connect_get_namespaced_pod_exec, "x", _preload_content=False)
    while ws.is_open():
        print(json.loads(ws.read_channel(1)))  # error: UNC101


def both_marks(url):
    for chunk in requests.get(url, stream=True).iter_content(None, decode_unicode=True):
        found = re.search(r"\{.*\}", chunk)
        if found:
            print(json.loads(found.group()))
        for part in re.findall(r"<m>(.*?)</m>", chunk):
            print(json.loads(part))
        for part in re.findall(r"data: (.*)", chunk):
            print(json.loads(part))  # error: UNC102
        m = re.match(r"^data: (.+)$", chunk)
        print(json.loads(m.group(1)))  # error: UNC101


def buffered(url):
    rest = b""
    for chunk in requests.get(url, stream=True).iter_content(None):
        rest += chunk
        try:
            print(rest.decode())
        except UnicodeDecodeError:
            continue
        rest = b""


def cut(url):
    rest = b""
    for chunk in requests.get(url, stream=True).iter_content(None):
        rest += chunk
        while b"\n" in rest:
            line, _, rest = rest.partition(b"\n")
            try:
                print(json.loads(line.decode()))
            except ValueError:
                continue


def head(url):
    for chunk in requests.get(url, stream=True).iter_content(None):
        print(chunk.partition(b"\n")[0].decode(), chunk.decode())  # error: UNC202


def stop():
    text = ""
    for event in Anthropic().messages.create(model="m", messages=[], max_tokens=9, stream=True):
        if event.type == "content_block_stop":
            try:
                print(json.loads(text))
            except ValueError:
                pass
            text = ""
        elif event.type == "content_block_delta":
            text += event.delta.partial_json


def retried():
    text = ""
    for event in Anthropic().messages.create(model="m", messages=[], max_tokens=9, stream=True):
        text += event.delta.partial_json
        try:
            print(json.loads(text))  # error: UNC201
        except ValueError:
            pass


def prefixed(url):
    buf = ""
    for chunk in requests.get(url, stream=True).iter_content(None, decode_unicode=True):
        buf += chunk[6:] if chunk.startswith("data: ") else chunk
        try:
            print(json.loads(buf))  # error: UNC201
        except ValueError:
            continue
        buf = ""


async def short(reader: asyncio.StreamReader, content_length):
    return json.loads(await reader.read(content_length))  # error: UNC203
