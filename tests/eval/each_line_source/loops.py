"""LINES stands for the iterable of lines of every client in turn."""

import json


def documents(session):
    for chunk in LINES:
        if chunk:
            print(json.loads(chunk))


def one(session):
    return json.loads(NEXT(LINES))


def events(session):
    for line in LINES:
        line = TEXT(line)
        if line.startswith("data: "):
            payload = line.removeprefix("data: ")
            if payload == "[DONE]":
                break
            print(json.loads(payload))


def unguarded_events(session):
    for line in LINES:
        print(json.loads(TEXT(line).replace("data: ", "")))  # error: UNC104


def caught_events(session):
    for line in LINES:
        try:
            print(json.loads(TEXT(line).replace("data: ", "")))
        except ValueError:
            continue


def parse(line):
    return json.loads(line)


def helper(session):
    for chunk in LINES:
        print(parse(chunk))


def first_of_many(session):
    lines = LINES
    for line in lines:
        print(json.loads(line))
        break
