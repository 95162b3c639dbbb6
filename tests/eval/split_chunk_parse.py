"""Chunks that are split, and whose pieces are parsed."""

import json
import re

import httpx
import requests

URL = "https://example.com/events"


def by_line():
    for chunk in requests.get(URL, stream=True).iter_content(1024):
        for line in chunk.decode().splitlines():
            if line:
                print(json.loads(line))  # error: UNC102


def by_event():
    for chunk in httpx.stream("POST", URL).iter_text():
        for event in chunk.split("\n\n"):
            if event.startswith("data: "):
                payload = event[len("data: ") :]
                if payload != "[DONE]":
                    print(json.loads(payload))  # error: UNC102


def by_prefix():
    for chunk in requests.get(URL, stream=True).iter_content(None):
        for part in chunk.split(b"data: ")[1:]:
            try:
                print(json.loads(part))  # error: UNC102
            except ValueError:
                pass


def by_pattern(response):
    for chunk in response.iter_content(None):
        for part in re.split(rb"\r?\n", chunk):
            print(json.loads(part))  # error: UNC102
        for part in re.findall(r"\{.*?\}", chunk.decode()):
            print(json.loads(part))  # error: UNC102


def at_once(response):
    for chunk in response.iter_content(None):
        print([json.loads(line) for line in chunk.split(b"\0")])  # error: UNC102


def one_certain_part_is_a_cut(response):
    for chunk in response.iter_content(None):
        print(json.loads(chunk.decode().split("data: ")[1]))  # error: UNC101
        head, _, tail = chunk.partition(b"\n")
        print(json.loads(head), tail)  # error: UNC101


def event_put_together_within_the_chunk(response):
    for chunk in response.iter_content(None, decode_unicode=True):
        data = ""
        for line in chunk.split("\n"):
            if line.startswith("data:"):
                data += line[5:]
            elif not line:
                print(json.loads(data))  # error: UNC102
                data = ""


def buffer_that_is_thrown_away(response):
    buffer = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        buffer += chunk
        for line in buffer.split("\n"):
            print(json.loads(line))  # error: UNC102
        buffer = ""


# What is right.


def rest_kept(response):
    rest = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        *lines, rest = (rest + chunk).split("\n")
        for line in lines:
            print(json.loads(line))


def rest_popped(response):
    buffer = b""
    for chunk in response.iter_content(None):
        buffer += chunk
        lines = buffer.split(b"\n")
        buffer = lines.pop()
        for line in lines:
            print(json.loads(line))


def while_there_is_a_line(response):
    buffer = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        buffer += chunk
        while "\n" in buffer:
            line, buffer = buffer.split("\n", 1)
            print(json.loads(line))


def rest_of_a_slice(response):
    buffer = b""
    for chunk in response.iter_content(None):
        buffer = buffer + chunk
        end = buffer.find(b"\n")
        while end >= 0:
            print(json.loads(buffer[:end]))
            buffer = buffer[end + 1 :]
            end = buffer.find(b"\n")


def rest_through_a_partition(response):
    buffer = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        buffer += chunk
        line, separator, rest = buffer.partition("\n")
        while separator:
            print(json.loads(line))
            line, separator, rest = rest.partition("\n")
        buffer = line


def failures_are_kept(response):
    kept = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        for part in chunk.split(" "):
            try:
                print(json.loads(part))
                kept = ""
            except ValueError:
                kept = kept + part
                try:
                    print(json.loads(kept))
                    kept = ""
                except ValueError:
                    continue


def whole_text_split():
    for line in requests.get(URL).text.splitlines():
        print(json.loads(line))


def fields_of_events(response):
    for text in response.iter_text():
        for event in text.split("\n\n"):
            fields = dict(line.split(": ", 1) for line in event.splitlines() if ": " in line)
            if fields.get("data", "[DONE]") != "[DONE]":
                print(fields.get("event"), json.loads(fields["data"]))  # error: UNC102


def fields_of_a_buffer(response):
    text = ""
    for chunk in response.iter_text():
        text += chunk
        *events, text = text.split("\n\n")
        for event in events:
            fields = dict(line.split(": ", 1) for line in event.splitlines() if ": " in line)
            if "data" in fields:
                print(json.loads(fields["data"]))


def headers_of_a_whole(response):
    headers = dict(line.split(": ", 1) for line in response.text.splitlines())
    print(json.loads(headers["body"]))
