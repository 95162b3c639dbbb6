"""Requests that ask for an event stream: what they say tells of the lines of the answer."""

import json

import aiohttp
import httpx
import requests
from openai import OpenAI

CHAT = "https://example.com/v1/chat/completions"
EVENTS = {"Accept": "text/event-stream"}


def documents_by_line(url):
    for line in requests.post(url, json={"stream": True}, stream=True).iter_lines():
        if line:
            yield json.loads(line)


def documents_of_a_known_service(host):
    for line in requests.post(f"http://{host}/api/chat", json={"model": "m", "stream": True}, stream=True).iter_lines():
        yield json.loads(line)


def not_streamed():
    for line in requests.post(CHAT, json={"model": "m", "stream": False}, stream=True).iter_lines():
        yield json.loads(line)


def streamed_at_times(stream):
    for line in requests.post(CHAT, json={"model": "m", "stream": stream}, stream=True).iter_lines():
        if not stream:
            yield json.loads(line)


def not_asked_for():
    body = {"model": "m"}
    for line in requests.post(CHAT, json=body, stream=True).iter_lines():
        yield json.loads(line)


def either(url, accept):
    headers = {"Accept": accept}
    for line in requests.get(url, headers=headers, stream=True).iter_lines():
        yield json.loads(line)


def both_kinds(url):
    headers = {"Accept": "application/json, text/event-stream"}
    for line in requests.get(url, headers=headers, stream=True).iter_lines():
        yield json.loads(line)


def of_another_endpoint():
    for line in requests.post("https://example.com/v1/completions/export", json={"stream": True}).iter_lines():
        yield json.loads(line)


def guarded():
    for line in requests.post(CHAT, json={"stream": True}, stream=True).iter_lines():
        if line.startswith(b"data: ") and b"[DONE]" not in line:
            yield json.loads(line[6:])


def guarded_without_done_where_none_comes(base):
    for line in httpx.stream("POST", f"{base}/v1/messages", json={"stream": True}).iter_lines():
        if line.startswith("data:"):
            yield json.loads(line[5:])


def caught():
    for line in requests.post(CHAT, json={"stream": True}, stream=True).iter_lines():
        try:
            yield json.loads(line)
        except ValueError:
            continue


def tested_by_a_function(is_data):
    for line in requests.post(CHAT, json={"stream": True}, stream=True).iter_lines():
        if is_data(line):
            yield json.loads(line[6:])


def begins_with_a_brace():
    for line in requests.post(CHAT, json={"stream": True}, stream=True).iter_lines():
        payload = line.decode().removeprefix("data: ")
        if payload.startswith("{"):
            yield json.loads(payload)


def whole():
    return json.loads(requests.post(CHAT, json={"stream": True}).text)


def raw_of_the_sdk_not_streamed():
    with OpenAI().chat.completions.with_streaming_response.create(model="m", messages=[]) as response:
        for line in response.iter_lines():
            yield json.loads(line)


# What lets lines through that are no JSON.


def endpoint(base, body):
    for line in requests.post(base + "/chat/completions", json=body, stream=True).iter_lines():
        if line:
            yield json.loads(line)  # error: UNC104


def endpoint_in_a_name(base):
    url = f"{base}/v1/responses"
    payload = {"model": "m"}
    payload["stream"] = True
    with httpx.Client().stream("POST", url, json=payload) as response:
        for line in response.iter_lines():
            print(json.loads(line[len("data: ") :]))  # error: UNC104


def dumped():
    data = json.dumps({"model": "m", "stream": True})
    for line in requests.post(CHAT, data=json.dumps({"stream": True}), stream=True).iter_lines():
        print(json.loads(line), data)  # error: UNC104


def always_streams(model):
    url = f"https://example.com/v1beta/models/{model}:streamGenerateContent?alt=sse"
    for line in requests.post(url, json={}, stream=True).iter_lines():
        yield json.loads(line)  # error: UNC104


async def session(client: httpx.AsyncClient):
    async with client.stream("GET", "https://example.com/feed", headers=EVENTS) as response:
        async for line in response.aiter_lines():
            yield json.loads(line.split("data:")[1])  # error: UNC104


async def of_a_client(url):
    async with aiohttp.ClientSession(headers=EVENTS) as client, client.get(url) as answer:
        async for line in answer.content:
            if line.strip():
                yield json.loads(line)  # error: UNC104


def whoever_sends_it(session, body):
    for line in session.post(CHAT, json=body, stream=True).iter_lines():
        yield json.loads(line)  # error: UNC104


def cut_by_number(url):
    for line in requests.post(url, json={"stream": True}, stream=True).iter_lines():
        if line:
            yield json.loads(line[6:])  # error: UNC104


def done_lets_comments_through():
    for line in requests.post(CHAT, json={"stream": True}, stream=True).iter_lines():
        text = line.decode().removeprefix("data: ")
        if text and text != "[DONE]":
            yield json.loads(text)  # error: UNC104


def cut_by_number_and_known_to_end_so():
    for line in requests.post(CHAT, json={"stream": True}, stream=True).iter_lines():
        if line and line != b"data: [DONE]":
            yield json.loads(line[6:])


def stream_lines(url):
    for line in requests.post(url, stream=True).iter_lines():
        if line.startswith(b"data: ") and line != b"data: [DONE]":
            yield json.loads(line[6:])


async def astream_lines(session: aiohttp.ClientSession, url):
    async with session.post(url) as answer:
        async for line in answer.content:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])  # error: UNC104


async def events_of_another_service(session: aiohttp.ClientSession, url):
    async with session.post(url) as answer:
        async for line in answer.content:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])
