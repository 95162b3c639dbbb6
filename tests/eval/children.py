"""Children that have a terminal of their own."""

import json

import pexpect


def answer(command):
    child = pexpect.spawn(command)
    child.expect("done")
    print(json.loads(child.before))
    print(json.loads(child.read()))


def lines(command):
    for line in pexpect.spawn(command):
        print(json.loads(line))


def until_it_is_complete(command):
    child = pexpect.spawn(command)
    text = b""
    while b"\n" not in text:
        text += child.read_nonblocking(4096, timeout=1)
    print(json.loads(text))


def pieces(command):
    child = pexpect.spawn(command, encoding="utf-8")
    while True:
        print(json.loads(child.read_nonblocking(4096, timeout=1)))  # error: UNC101
