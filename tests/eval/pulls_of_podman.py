"""`pull(stream=True)` where podman is spoken of: it hands out lines."""

import json

import podman


def make():
    return podman.PodmanClient()


def pull(client, name):
    for step in client.images.pull(name, stream=True):
        print(json.loads(step))
