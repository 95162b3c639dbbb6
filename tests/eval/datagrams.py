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
