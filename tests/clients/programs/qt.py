# SPDX-License-Identifier: GPL-3.0-or-later
"""Qt's QNetworkProxy, as its documentation uses it.

    python3 qt.py WHAT PROXY HOST PORT

tcp fetches the page at http://HOST:PORT/ and prints it. udp sends datagrams to an echo server and
prints how many came back. listen accepts a connection from HOST through the proxy, and prints what
it received. $PROXY_USER and $PROXY_PASSWORD are the user name and password.
"""

import os
import socket
import sys
import threading
import time

from PyQt5.QtCore import QCoreApplication
from PyQt5.QtNetwork import (QAbstractSocket, QHostAddress, QNetworkProxy, QTcpServer, QTcpSocket,
                             QUdpSocket)

what, (proxy, _, proxy_port) = sys.argv[1], sys.argv[2].rpartition(":")
host, port = sys.argv[3], int(sys.argv[4])
WAIT = 60000
app = QCoreApplication([])
through = QNetworkProxy(QNetworkProxy.Socks5Proxy, proxy, int(proxy_port),
                        *(os.environ[k] for k in ("PROXY_USER", "PROXY_PASSWORD")
                          if k in os.environ))


def succeed(done, of):
    if not done:
        sys.exit(f"{what}: {of.errorString()}")


def tcp():
    s = QTcpSocket()
    s.setProxy(through)
    s.connectToHost(host, port)
    succeed(s.waitForConnected(WAIT), s)
    s.write(b"GET / HTTP/1.0\r\n\r\n")
    answer = b""
    while s.state() == QAbstractSocket.ConnectedState or s.bytesAvailable():
        if not s.bytesAvailable() and not s.waitForReadyRead(WAIT):
            break
        answer += bytes(s.readAll())
    return answer.partition(b"\r\n\r\n")[2]


def udp():
    s = QUdpSocket()
    s.setProxy(through)
    succeed(s.bind(QHostAddress(QHostAddress.AnyIPv4)), s)
    sizes = 1, 1200, 9000
    for size in sizes:
        sent = os.urandom(size)
        succeed(s.writeDatagram(sent, QHostAddress(host), port) == size, s)
        succeed(s.waitForReadyRead(WAIT), s)
        got, sender, sender_port = s.readDatagram(65536)
        assert (got, sender.toString(), sender_port) == (sent, host, port), (sender_port, len(got))
    return b"%d\n" % len(sizes)


def visit(at):
    """Connects to where the proxy listens, without a proxy, and echoes."""
    with socket.create_connection(at, 60, (host, 0)) as s:
        data = s.recv(100)
        s.sendall(data)
        while s.recv(100):
            pass


def listen():
    server = QTcpServer()
    server.setProxy(through)
    succeed(server.listen(QHostAddress(host), 0), server)
    at = server.serverAddress().toString(), server.serverPort()
    threading.Thread(target=visit, args=(at,), daemon=True).start()
    # It gives up early if the proxy's second reply has not arrived yet.
    end = time.monotonic() + WAIT / 1000
    while not server.waitForNewConnection(WAIT)[0] and time.monotonic() < end:
        time.sleep(0.01)
    s = server.nextPendingConnection()
    succeed(s, server)
    assert s.peerAddress().toString() == host, s.peerAddress().toString()
    s.write(b"welcome\n")
    succeed(s.waitForReadyRead(WAIT), s)
    return bytes(s.readAll())


sys.stdout.buffer.write({"tcp": tcp, "udp": udp, "listen": listen}[what]())
