"""Where datagrams are spoken of, what is received from something unknown may be one."""

import json
import select
import socket


def make():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def listen(link):
    while True:
        print(json.loads(link.recv(4096)))


def datagrams():
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        for ready in select.select([link], [], [])[0]:
            print(json.loads(ready.recv(4096)))


def pair():
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    right.send(b"{}")
    while True:
        print(json.loads(left.recv(4096)))


def inherited(descriptor):
    link = socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        print(json.loads(link.recv(4096)))


def records():
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    connection, _ = listening.accept()
    while True:
        print(json.loads(connection.recv(4096)))


async def in_a_loop(loop):
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    while True:
        print(json.loads(await loop.sock_recv(link, 4096)))


def stream():
    connection = socket.create_connection(("127.0.0.1", 9999))
    while True:
        print(json.loads(connection.recv(4096)))  # error: UNC101
