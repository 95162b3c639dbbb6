"""EVENTS stands for the stream of events of every SDK in turn, FRAGMENT for the text in one of them."""

import json


def content(client):
    for chunk in EVENTS:
        if FRAGMENT:
            print(json.loads(FRAGMENT))  # error: UNC103


def swallowed(client):
    for chunk in EVENTS:
        try:
            print(json.loads(FRAGMENT))  # error: UNC103
        except (ValueError, TypeError):
            pass


def named(client):
    for chunk in EVENTS:
        text = FRAGMENT
        print(json.loads(text.strip()))  # error: UNC103


def texts(client):
    for chunk in EVENTS:
        yield FRAGMENT


def object_itself(client):
    for chunk in EVENTS:
        print(json.loads(chunk))  # error: UNC105


def collected(client):
    text = ""
    for chunk in EVENTS:
        text += FRAGMENT or ""
    print(json.loads(text))


def collected_in_a_list(client):
    parts = []
    for chunk in EVENTS:
        parts.append(FRAGMENT or "")
    print(json.loads("".join(parts)))


def parsed_as_soon_as_it_is_whole(client):
    text = ""
    for chunk in EVENTS:
        text += FRAGMENT or ""
        try:
            print(json.loads(text))
        except json.JSONDecodeError:
            continue


def forwarded(client):
    for chunk in EVENTS:
        print(json.loads(json.dumps({"text": FRAGMENT})))


def parsed_at_a_stop_event(client):
    text = ""
    for chunk in EVENTS:
        if chunk.type == "content_block_stop":
            print(json.loads(text))
            text = ""
        else:
            text += FRAGMENT or ""


def collected_by_index(client):
    calls = {}
    for chunk in EVENTS:
        calls.setdefault(chunk.index, []).append(FRAGMENT or "")
    for parts in calls.values():
        print(json.loads("".join(parts)))


def joined(client):
    print(json.loads("".join(FRAGMENT or "" for chunk in EVENTS)))


def serialised(client):
    for chunk in EVENTS:
        print(json.loads(chunk.model_dump_json()))
