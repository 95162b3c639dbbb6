"""What else a program does with a socket tells of what kind it is."""

import json
import socket

from links import open_link

group = open_link("group")
peer = open_link("peer")


def asks_everyone(kind):
    link = socket.socket(socket.AF_INET, kind)
    link.sendto(b"who is there?", ("<broadcast>", 9999))
    print(json.loads(link.recv(1024)))


class Announcements:
    def __init__(self, link):
        self.link = link
        self.link.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, b"")

    def listen(self):
        while True:
            print(json.loads(self.link.recv(1024)))


class Others(Announcements):
    def listen_too(self):
        while True:
            print(json.loads(self.link.recv(4096)))


class Connection:
    def __init__(self, link):
        self.link = link

    def listen(self):
        while True:
            print(json.loads(self.link.recv(1024)))  # error: UNC101


def answers(link):
    def listen():
        while True:
            print(json.loads(link.recv(1024)))

    link.sendto(b"{}", ("127.0.0.1", 9999))
    listen()


def of_the_same_name(link):
    while True:
        print(json.loads(link.recv(1024)))  # error: UNC101


def tell():
    group.sendto(b"{}", ("127.0.0.1", 9999))


def hear():
    while True:
        print(json.loads(group.recv(1024)))


def tell_a_group_of_its_own(peer):
    peer.sendto(b"{}", ("127.0.0.1", 9999))


def hear_the_peer():
    while True:
        print(json.loads(peer.recv(1024)))  # error: UNC101


def pair():
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    right.close()
    while True:
        print(json.loads(left.recv(1024)))  # error: UNC101


def inherited(descriptor):
    while True:
        print(json.loads(socket.fromfd(descriptor, socket.AF_INET, socket.SOCK_STREAM).recv(1024)))


def accepted():
    with socket.create_server(("", 9999)) as server:
        connection, _ = server.accept()
        while True:
            message, _ = connection.recvfrom(1024)
            print(json.loads(message))  # error: UNC101
