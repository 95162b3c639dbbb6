"""`pull(stream=True)` of something unknown is docker's, which hands out chunks."""

import json


def pull(engine, name):
    for chunk in engine.client.pull(name, stream=True):
        print(json.loads(chunk))  # error: UNC101


def push(engine, name):
    for chunk in engine.client.push(name, stream=True, decode=True):
        print(chunk["status"])


def status(engine, name):
    for event in engine.client.pull(name, stream=True):
        print(json.loads(event["status"]), json.loads(event.model_dump_json()))


def all_at_once(engine, name):
    print(json.loads(engine.client.pull(name)))
