"""`pull(stream=True)` where ollama is spoken of: it hands out objects."""

import json

import ollama


def make():
    return ollama.Client()


def pull(client, name):
    for step in client.pull(name, stream=True):
        print(json.loads(step))
