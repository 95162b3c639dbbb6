"""Connections that are read whenever `select` says that something has come."""

import json
import select
import socket


def serve(port):
    server = socket.create_server(("", port))
    connections = [server]
    while True:
        ready, _, _ = select.select(connections, [], [])
        for connection in ready:
            if connection is server:
                connections.append(server.accept()[0])
                continue
            data = connection.recv(4096)
            if not data:
                connections.remove(connection)
            else:
                print(json.loads(data))  # error: UNC101


class Server:
    def __init__(self, port):
        self.listening = socket.create_server(("", port))
        self.connections = [self.listening]

    def run(self):
        while True:
            ready, _, _ = select.select(self.connections, [], [])
            for connection in ready:
                if connection is self.listening:
                    self.connections.append(self.listening.accept()[0])
                else:
                    print(self.receive(connection))

    def receive(self, connection):
        return json.loads(connection.recv(4096))  # error: UNC101


def untyped(connections):
    while True:
        for connection in select.select(connections, [], [], 1.0)[0]:
            print(json.loads(connection.recv(4096)))  # error: UNC101


# What is right.


def once(connection):
    ready, _, _ = select.select([connection], [], [], 3)
    if ready:
        return json.loads(connection.recv(4096))
    return None


def kept(connections):
    rests = {}
    while True:
        for connection in select.select(connections, [], [])[0]:
            *lines, rests[connection] = (rests.get(connection, b"") + connection.recv(4096)).split(b"\n")
            for line in lines:
                print(json.loads(line))


def opened_each_time(hosts):
    while True:
        for host in hosts:
            connection = socket.create_connection(host)
            print(json.loads(connection.recv(4096)))
