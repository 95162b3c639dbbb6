"""Data that crosses functions of the file."""

import functools
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
import requests
from openai import OpenAI

URL = "https://example.com/events"


def parse(text):
    return json.loads(text)  # error: UNC101


def helper_is_handed_a_chunk(response):
    for chunk in response.iter_content(None):
        parse(chunk)


def parse_decoded(raw):
    return parse_text(raw.decode())


def parse_text(text):
    return json.loads(text)  # error: UNC101


def two_levels(response):
    for chunk in response.iter_content(None):
        print(parse_decoded(chunk))


def consume(chunks):
    for chunk in chunks:
        print(json.loads(chunk))  # error: UNC101


def helper_is_handed_the_stream():
    consume(requests.get(URL, stream=True).iter_content(None))


def read_all(response):
    for piece in response.iter_text():
        print(json.loads(piece))  # error: UNC101


def helper_is_handed_the_response():
    with httpx.stream("GET", URL) as response:
        read_all(response)


def open_stream():
    return requests.get(URL, stream=True)


def helper_gives_the_response():
    for chunk in open_stream().iter_content(None):
        print(json.loads(chunk))  # error: UNC101


def chunks_of(response):
    for chunk in response.iter_content(None):
        yield chunk.decode()


def generator_gives_the_chunks(response):
    for text in chunks_of(response):
        print(json.loads(text))  # error: UNC101


def passed_through(response):
    yield from response.iter_content(None)


def generator_passes_them_on(response):
    for chunk in passed_through(response):
        print(json.loads(chunk))  # error: UNC101


def split_up(response):
    for chunk in response.iter_content(None):
        for line in chunk.split(b"\n"):
            yield line


def generator_splits(response):
    for line in split_up(response):
        print(json.loads(line))  # error: UNC102


async def async_chunks(response: httpx.Response):
    async for chunk in response.aiter_bytes():
        yield chunk


async def async_generator(response: httpx.Response):
    async for chunk in async_chunks(response):
        print(json.loads(chunk))  # error: UNC101


def nested_generator(model, stream):
    response = requests.post(URL, json={"model": model}, stream=True)

    def for_stream():
        for chunk in response.iter_content(None):
            yield json.loads(chunk)  # error: UNC101

    def for_non_stream():
        return json.loads(response.text)

    return for_stream() if stream else for_non_stream()


def partially(response):
    loads = functools.partial(json.loads, parse_float=str)
    for chunk in response.iter_content(None):
        print(loads(chunk))  # error: UNC101


def through_a_lambda(response):
    decode = lambda raw: json.loads(raw.decode())  # error: UNC101
    for chunk in response.iter_content(None):
        print(decode(chunk))


def in_a_pool(response):
    with ThreadPoolExecutor() as pool:
        for value in pool.map(json.loads, response.iter_content(None)):  # error: UNC101
            print(value)
        for chunk in response.iter_content(None):
            pool.submit(json.loads, chunk)  # error: UNC101


@functools.wraps(parse)
def decorated(response):
    for chunk in response.iter_content(None):
        print(json.loads(chunk))  # error: UNC101


def fragments():
    for chunk in OpenAI().chat.completions.create(model="m", messages=[], stream=True):
        yield chunk.choices[0].delta.content


def generator_of_fragments():
    for text in fragments():
        print(json.loads(text))  # error: UNC103


# What is right.


def lines_of(response):
    rest = b""
    for chunk in response.iter_content(None):
        *lines, rest = (rest + chunk).split(b"\n")
        yield from lines
    if rest:
        yield rest


def generator_cuts_again(response):
    for line in lines_of(response):
        print(json.loads(line))


def whole_of(response):
    return b"".join(response.iter_content(None))


def helper_joins(response):
    print(json.loads(whole_of(response)))


def accumulate(response):
    text = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        text += chunk
    return text


def helper_accumulates(response):
    print(json.loads(accumulate(response)))


def parse_line(line):
    return json.loads(line)


def helper_is_handed_lines(response):
    for line in response.iter_lines():
        parse_line(line)
    parse_line(response.text)


def unknown_helper(response, recut):
    for line in recut(response.iter_content(None)):
        print(json.loads(line))


def growing(response):
    buffer = ""

    def add(chunk):
        nonlocal buffer
        buffer += chunk
        return json.loads(buffer)

    for chunk in response.iter_content(None, decode_unicode=True):
        try:
            print(add(chunk))
        except ValueError:
            continue
