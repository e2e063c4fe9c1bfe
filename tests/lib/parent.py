# SPDX-License-Identifier: GPL-3.0-or-later
"""A parent: a proxy that the program's connections go through."""

import base64
import os
import select
import socket
import struct
import threading

from lib.peer import Listener
from lib.program import tmp

SIZE = 1 << 16


def _read(sock, n):
    got = b""
    while len(got) < n:
        more = sock.recv(n - len(got))
        if not more:
            raise ConnectionError("the end of file")
        got += more
    return got


def _pass(a, b):
    """Passes on what each of two sockets sends, its end and its reset."""
    open_ends = {a: b, b: a}
    try:
        while open_ends:
            for sock in select.select(list(open_ends), [], [])[0]:
                if data := sock.recv(SIZE):
                    open_ends[sock].sendall(data)
                else:
                    open_ends.pop(sock).shutdown(socket.SHUT_WR)
    except OSError:
        for sock in a, b:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Parent:
    """Speaks SOCKS 5, or HTTP to a client that does; at 127.0.0.1, or at a unix socket.

    Connects to the destination that it is asked for, or to the address that `hosts` has for the
    name. `asked` has each destination. login is a user and a password that it asks for.
    """

    def __init__(self, path=None, login=None, hosts=()):
        self.login, self.hosts, self.asked = login, dict(hosts), []
        if path:
            self.sock, self.port = socket.socket(socket.AF_UNIX), None
            self.sock.bind(path)
            self.sock.listen(64)
        else:
            listener = Listener()
            self.sock, self.port = listener.sock, listener.port
        threading.Thread(target=self._loop, daemon=True).start()

    def _loop(self):
        while True:
            conn, _ = self.sock.accept()
            threading.Thread(target=self._serve, args=(conn,), daemon=True).start()

    def _serve(self, conn):
        try:
            with conn:
                first = conn.recv(1, socket.MSG_PEEK)
                far = (self._socks5 if first == b"\5" else self._http)(conn)
                with far:
                    _pass(conn, far)
        except OSError:
            pass  # the client has left, or was refused

    def _connect(self, host, port):
        self.asked.append((host, port))
        return socket.create_connection((self.hosts.get(host, host), port))

    def _socks5(self, conn):
        _, n = _read(conn, 2)
        method = 2 if self.login else 0
        methods = _read(conn, n)
        conn.sendall(bytes([5, method if method in methods else 255]))
        if self.login:
            _, n = _read(conn, 2)
            user, n = _read(conn, n), _read(conn, 1)[0]
            is_wrong = (user.decode(), _read(conn, n).decode()) != self.login
            conn.sendall(bytes([1, is_wrong]))
            if is_wrong:
                raise ConnectionError("a wrong login")
        _, _, _, kind = _read(conn, 4)
        if kind == 3:
            host = _read(conn, _read(conn, 1)[0]).decode()
        else:
            family = socket.AF_INET6 if kind == 4 else socket.AF_INET
            host = socket.inet_ntop(family, _read(conn, 16 if kind == 4 else 4))
        far = self._connect(host, struct.unpack("!H", _read(conn, 2))[0])
        at, port = far.getsockname()[:2]
        conn.sendall(b"\5\0\0\1" + socket.inet_aton(at) + struct.pack("!H", port))
        return far

    def _http(self, conn):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            head += _read(conn, 1)
        if self.login:
            right = b"Basic " + base64.b64encode(":".join(self.login).encode()) + b"\r\n"
            if right not in head:
                conn.sendall(b"HTTP/1.1 407 No\r\n\r\n")
                raise ConnectionError("no login")
        host, _, port = head.split()[1].decode().rpartition(":")
        far = self._connect(host.strip("[]"), int(port))
        conn.sendall(b"HTTP/1.1 200 OK\r\nVia: 1.1 parent\r\n\r\n")
        return far


def at_path(name, **how):
    """A parent at a unix socket; returns it and the route to it."""
    path = tmp(name)
    if os.path.exists(path):
        os.unlink(path)
    return Parent(path, **how), f"socks5:{path}"
