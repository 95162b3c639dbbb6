"""What containers write: `exec_run` gives a named tuple, and the client was called `Client` before docker 2."""

import json

import docker
from docker import Client

old = Client(base_url="unix://var/run/docker.sock")


def all_at_once(name):
    container = docker.from_env().containers.get(name)
    code, output = container.exec_run("report")
    print(code, json.loads(output), json.loads(container.exec_run("report")[1]))
    _, (answers, errors) = container.exec_run("report", demux=True)
    print(json.loads(answers), errors)
    _, pieces = container.exec_run("report", stream=True)
    print(json.loads(b"".join(pieces)))


def in_pieces(name):
    container = docker.from_env().containers.get(name)
    code, output = container.exec_run("report", stream=True)
    for piece in output:
        print(code, json.loads(piece))  # error: UNC101


def by_place(name):
    container = docker.from_env().containers.get(name)
    for piece in container.exec_run("report", stream=True)[1]:
        print(json.loads(piece))  # error: UNC101
    result = container.exec_run("report", stream=True)
    print(result[0])
    for piece in result[-1]:
        print(json.loads(piece))  # error: UNC101


def as_pattern(name):
    match docker.from_env().containers.get(name).exec_run("report", stream=True):
        case (_, output):
            for piece in output:
                print(json.loads(piece))  # error: UNC101


def decoded():
    for event in old.events(decode=True):
        print(json.loads(event["Actor"]["Attributes"]["labels"]))
    print(json.loads(old.pull("alpine").splitlines()[-1]), json.loads(old.logs("web")), old.stats("web", stream=False))


def events():
    for event in old.events():
        print(json.loads(event))  # error: UNC101


def build(path):
    client = docker.Client()
    for piece in client.build(path=path, rm=True):
        print(json.loads(piece.decode()))  # error: UNC101
    for piece in client.logs("web", stream=True):
        print(json.loads(piece))  # error: UNC101
