"""MESSAGE stands for receiving one message from every client in turn."""

import json


def received(connection):
    while True:
        data = MESSAGE
        print(json.loads(data))


def received_once(connection):
    return json.loads(MESSAGE)


def split(connection):
    while True:
        for line in TEXT(MESSAGE).split("\n"):
            print(json.loads(line))


def caught(connection):
    while True:
        try:
            print(json.loads(MESSAGE))
        except json.JSONDecodeError:
            continue
