"""Where datagrams are spoken of, what is received from something unknown may be one."""
import json
import socket


def make():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM)


def listen(link):
    while True:
        print(json.loads(link.recv(4096)))
