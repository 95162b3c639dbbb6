"""`pull(stream=True)` where ollama is spoken of: it hands out objects, which are no documents either."""

import json

import ollama


def make():
    return ollama.Client()


def pull(client, name):
    for step in client.pull(name, stream=True):
        print(json.loads(step))  # error: UNC101
