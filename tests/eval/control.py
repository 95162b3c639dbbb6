"""Paths through the program: branches, loops, `try`, `match`, `with`."""

import json

import requests

URL = "https://example.com/events"


def branches(response, whole):
    if whole:
        data = response.text
    else:
        data = None
        for chunk in response.iter_content(None):
            data = chunk
            print(json.loads(data))  # error: UNC101
    return data


def one_way_only(response, encrypted, key):
    for chunk in response.iter_content(None):
        if encrypted:
            chunk = key.decrypt(chunk)
        else:
            chunk = chunk.strip()
        print(json.loads(chunk))  # error: UNC101


def source_chosen(response, by_line):
    stream = response.iter_lines() if by_line else response.iter_content(None)
    for item in stream:
        print(json.loads(item))  # error: UNC101


def tried(response):
    for chunk in response.iter_content(None):
        try:
            text = chunk.decode()
        except UnicodeDecodeError:
            text = chunk.decode("latin-1")
        else:
            text = text.strip()
        finally:
            print("one more")
        print(json.loads(text))  # error: UNC101


def in_the_handler(response):
    for chunk in response.iter_content(None):
        try:
            print(int(chunk))
        except ValueError:
            print(json.loads(chunk))  # error: UNC101


def matched(response):
    for chunk in response.iter_content(None):
        match chunk.decode():
            case "":
                continue
            case text if text.startswith("{"):
                print(json.loads(text))  # error: UNC101
            case other:
                print(json.loads(other))  # error: UNC101


def walrus(response):
    chunks = response.iter_content(None)
    while chunk := next(chunks, None):
        print(json.loads(chunk))  # error: UNC101


def fields(response):
    for chunk in response.iter_content(None):
        event = {"data": chunk.decode(), "at": 1}
        print(json.loads(event["data"]))  # error: UNC101
        print(json.loads(event.get("data")))  # error: UNC101


def tuples(response):
    for chunk in response.iter_content(None):
        text, length = chunk.decode(), len(chunk)
        (first, *others), last = [text, text], length
        print(json.loads(text), last, others)  # error: UNC101
        print(json.loads(first))  # error: UNC101


def slots(response):
    state = {}
    for chunk in response.iter_content(None):
        state["last"] = chunk
        print(json.loads(state["last"]))  # error: UNC101


def collected_then_parsed(response):
    chunks = list(response.iter_content(None))
    for chunk in chunks:
        print(json.loads(chunk))  # error: UNC101
    print(json.loads(chunks[0]))  # error: UNC101


def zipped(response, names):
    for name, chunk in zip(names, response.iter_content(None)):
        print(name, json.loads(chunk))  # error: UNC101


def filtered(response):
    for chunk in filter(None, response.iter_content(None)):
        print(json.loads(chunk))  # error: UNC101


def mapped_and_generated(response):
    texts = (chunk.decode() for chunk in response.iter_content(None))
    for text in map(str.strip, texts):
        print(json.loads(text))  # error: UNC101


# What is right.


def left_early(response):
    for chunk in response.iter_content(None):
        if chunk:
            continue
        raise ValueError(chunk)
    print(json.loads(response.text))


def behind_the_loop(response):
    text = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        if chunk:
            text = text + chunk
    else:
        print(json.loads(text))


def accumulated_till_a_stop_event(response):
    text = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        if chunk == "stop":
            print(json.loads(text))
            text = ""
            continue
        text += chunk


def kept_in_the_handler(response):
    rest = ""
    for chunk in response.iter_content(None, decode_unicode=True):
        chunk = rest + chunk
        try:
            print(json.loads(chunk))
            rest = ""
        except ValueError:
            rest = chunk


def first_read_then_the_rest(connection):
    data = connection.recv(1024)
    while not data.endswith(b"\n"):
        more = connection.recv(1024)
        if not more:
            break
        data += more
    print(json.loads(data))


def only_if_there_is_a_buffer(response):
    buffer = None
    for chunk in response.iter_content(None):
        if buffer:
            chunk = buffer + chunk
        try:
            print(json.loads(chunk))
        except ValueError:
            buffer = chunk
        else:
            buffer = None


def by_key(streams):
    buffers = {}
    for name, response in streams.items():
        for chunk in response.iter_content(None):
            buffers[name] = buffers.get(name, b"") + chunk
    for buffer in buffers.values():
        print(json.loads(buffer))


def in_a_file(response, path):
    with open(path, "wb") as file:
        for chunk in response.iter_content(None):
            file.write(chunk)
    with open(path) as file:
        print(json.loads(file.read()))


def in_memory(response):
    import io

    buffer = io.BytesIO()
    for chunk in response.iter_content(None):
        buffer.write(chunk)
    print(json.loads(buffer.getvalue()))


def first_line(response):
    print(json.loads(next(response.iter_lines())))


def deleted(response):
    for chunk in response.iter_content(None):
        del chunk
        chunk = input()
        print(json.loads(chunk))
