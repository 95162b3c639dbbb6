"""CHUNKS stands for the iterable of chunks of every client in turn; see tests/analysis/test_eval.py."""

import json


def simple(session):
    for chunk in CHUNKS:
        print(json.loads(chunk))  # error: UNC101


def decoded_and_cut(session):
    for line in CHUNKS:
        text = TEXT(line)
        if text.startswith("data: "):
            payload = text[6:].strip()
            if payload != "[DONE]":
                print(json.loads(payload))  # error: UNC101


def split(session):
    for chunk in CHUNKS:
        for line in TEXT(chunk).split("\n"):
            if line:
                print(json.loads(line))  # error: UNC102


def swallowed(session):
    for chunk in CHUNKS:
        try:
            data = json.loads(chunk)  # error: UNC101
        except json.JSONDecodeError:
            continue
        print(data)


def parse(text):
    return json.loads(text)  # error: UNC101


def helper(session):
    for chunk in CHUNKS:
        print(parse(chunk))


def comprehension(session):
    return [json.loads(chunk) for chunk in CHUNKS]  # error: UNC101


def put_together(session):
    text = ""
    for chunk in CHUNKS:
        text += TEXT(chunk)
    print(json.loads(text))


def joined(session):
    print(json.loads("".join([TEXT(chunk) for chunk in CHUNKS])))


def retried(session):
    buffer = ""
    for chunk in CHUNKS:
        buffer += TEXT(chunk)
        try:
            data = json.loads(buffer)
        except json.JSONDecodeError:
            continue
        buffer = ""
        print(data)


def carried_over(session):
    rest = ""
    for chunk in CHUNKS:
        *lines, rest = (rest + TEXT(chunk)).split("\n")
        for line in lines:
            print(json.loads(line))


def until_a_stop_event(session):
    text = ""
    for chunk in CHUNKS:
        if TEXT(chunk) == "stop":
            print(json.loads(text))
            text = ""
        else:
            text += TEXT(chunk)


def dumped(session):
    for chunk in CHUNKS:
        print(json.loads(json.dumps(TEXT(chunk))))


def fed(session, event_stream_buffer):
    for chunk in CHUNKS:
        event_stream_buffer.add_data(chunk)
        for event in event_stream_buffer:
            print(json.loads(event.payload))


def unknown(session, decode):
    for chunk in CHUNKS:
        for message in decode(chunk):
            print(json.loads(message))


class Lines:
    """A class of the program that cuts again what it is given."""

    def __init__(self, chunks):
        self.chunks = chunks

    def iter_any(self):
        rest = ""
        for chunk in self.chunks:
            *lines, rest = (rest + TEXT(chunk)).split("\n")
            yield from lines


def cut_again(session):
    for chunk in Lines(CHUNKS).iter_any():
        print(json.loads(chunk))


def taken_at_a_stop_event(session):
    parts = []
    for chunk in CHUNKS:
        parts.append(TEXT(chunk))
        if parts[-1].endswith("stop"):
            print(json.loads("".join(parts[:-1])))
            parts = []


def at_the_end(session):
    parts = []
    for chunk in CHUNKS:
        parts.append(TEXT(chunk))
    print(json.loads("".join(parts)))


def retrieved(session):
    for chunk in CHUNKS:
        print(TEXT(chunk))
    for chunk in session.documents():
        print(json.loads(chunk.text))
