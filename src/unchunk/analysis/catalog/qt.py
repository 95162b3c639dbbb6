"""Qt's sockets, serial ports and processes, by whichever binding: https://doc.qt.io/qt-6/qiodevice.html#readyRead

Reading gives what has come so far: a piece whenever the device says that something can be read, the whole once it says
that it has finished. Nobody but the program knows which of them it waited for, unless it connected to the signal.
"""

from __future__ import annotations

from .dsl import CHUNK, LINE, MESSAGE, WHOLE, client, constant, given, reader_sized, repeated_callback, sibling_call

QT = client(
    "Qt",
    "PyQt6",
    "PyQt5",
    "PySide6",
    "PySide2",
    "qtpy",
    "qgis.PyQt",
    distribution="PyQt6",
    docs="https://doc.qt.io/qt-6/qiodevice.html#readyRead",
)
Socket = QT.type(
    "QtNetwork.QTcpSocket",
    "QtNetwork.QSslSocket",
    "QtNetwork.QLocalSocket",
    "QtSerialPort.QSerialPort",
    "QtBluetooth.QBluetoothSocket",
)
Server = QT.type("QtNetwork.QTcpServer", "QtNetwork.QLocalServer")
Process = QT.type("QtCore.QProcess")
Manager = QT.type("QtNetwork.QNetworkAccessManager")
Reply = QT.type("QtNetwork.QNetworkReply")
UdpSocket = QT.type("QtNetwork.QUdpSocket")
Amount = QT.type("number of bytes that have come")

Server.returns(Socket, "nextPendingConnection")
Socket.returns(Amount, "bytesAvailable")
Socket.invokes(None, "readyRead.connect", argument=0)
Socket.read(CHUNK, "readAll", text=False, only=repeated_callback(), idle=True)
Socket.returns(WHOLE, "readAll", text=False, only=sibling_call("waitForDisconnected"))
Socket.read(CHUNK, "readAll", text=False, idle=True)
Socket.read(CHUNK, "read", text=False, only=reader_sized(Amount, "maxlen", 0), idle=True)
Socket.read(CHUNK, "read", text=False, only=constant("maxlen", 0), idle=True)
Socket.read(MESSAGE, "read", text=False, only=given("maxlen", 0), note="a length that was read before")
Socket.read(LINE, "readLine", text=False)

for signal in ("readyRead", "readyReadStandardOutput", "readyReadStandardError"):
    Process.invokes(None, f"{signal}.connect", argument=0)
Process.read(
    CHUNK, "readAllStandardOutput", "readAllStandardError", "readAll", text=False, only=repeated_callback(), idle=True
)

Manager.returns(Reply, "get", "post", "put", "deleteResource", "sendCustomRequest")
Reply.invokes(None, "readyRead.connect", argument=0)
Reply.read(CHUNK, "readAll", text=False, only=repeated_callback(), idle=True, note="the whole once it has finished")

UdpSocket.read((MESSAGE, None, None), "readDatagram", text=False)
