"""Sockets, wherever they come from: a thread, a parameter, a base; and what is received from something else."""

import _thread
import json
import threading
from _thread import start_new_thread
from concurrent.futures import ThreadPoolExecutor
from socket import *

SIZE = 4096


def handle_client(connection, address):
    while True:
        data = connection.recv(1024)
        if not data:
            break
        print(json.loads(data.decode()))  # error: UNC101


def serve():
    server = socket(AF_INET, SOCK_STREAM)
    while True:
        connection, address = server.accept()
        threading.Thread(target=handle_client, args=(connection, address)).start()


def player(connection, number):
    while True:
        print(number, json.loads(connection.recv(number)))  # error: UNC101


def game():
    server = socket()
    while True:
        connection, address = server.accept()
        start_new_thread(player, (connection, 1))


def second_player(connection, number):
    while True:
        print(number, json.loads(connection.recv(number)))  # error: UNC101


def second_game():
    server = socket()
    while True:
        connection, address = server.accept()
        _thread.start_new_thread(second_player, (connection, 1))


def pooled(connection, size):
    while True:
        print(json.loads(connection.recv(size)))  # error: UNC101


def pool():
    server = socket()
    with ThreadPoolExecutor() as executor:
        while True:
            connection, address = server.accept()
            executor.submit(pooled, connection, 100)


def first_word(server):
    while True:
        connection, address = server.accept()
        print(json.loads(connection.recv(2048).decode()))


def untyped(link):
    while True:
        print(json.loads(link.recv(SIZE)))  # error: UNC101


def untyped_and_kept(link):
    rest = b""
    while True:
        *lines, rest = (rest + link.recv(SIZE)).split(b"\n")
        for line in lines:
            print(json.loads(line))


def a_websocket(link):
    while True:
        print(json.loads(link.recv()))
        print(json.loads(link.recv(timeout=3)))


class Worker(threading.Thread):
    def __init__(self, connection):
        super().__init__()
        self.connection = connection

    def run(self):
        while True:
            print(json.loads(self.connection.recv(1024).decode("utf-8")))  # error: UNC101


def forward(client, url, on_chunk):
    with client.stream("GET", url) as response:
        for chunk in response.iter_text():
            on_chunk(chunk)


def show(chunk):
    print(json.loads(chunk))  # error: UNC101


def show_all(client):
    forward(client, "one", show)


def read_by_a_function_inside(link):
    def read():
        return link.recv(4096)

    while True:
        print(json.loads(read()))  # error: UNC101


def opened_for_each_read(hosts, connect):
    for host in hosts:
        link = connect(host)

        def read():
            return link.recv(4096)

        print(json.loads(read()))


def read_once(link):
    def read():
        return link.recv(4096)

    print(json.loads(read()))
