# SPDX-License-Identifier: GPL-3.0-or-later
"""SOCKS5 as bytes: what a client sends, and what it receives."""

import collections
import ipaddress
import socket
import struct

CONNECT, BIND, UDP, RESOLVE, RESOLVE_PTR = 1, 2, 3, 0xF0, 0xF1
GREETING = b"\5\1\0"
CHOSEN = b"\5\0"
NONE_ACCEPTABLE = b"\5\xff"

Reply = collections.namedtuple("Reply", "code host port")


def v4(text):
    return b"\1" + socket.inet_pton(socket.AF_INET, text)


def v6(text):
    return b"\4" + socket.inet_pton(socket.AF_INET6, text)


def name(text):
    raw = text if isinstance(text, bytes) else text.encode()
    return b"\3" + bytes([len(raw)]) + raw


def address(host):
    """Encodes an address literal as an address, and anything else as a name."""
    if isinstance(host, bytes):
        return host
    try:
        return v6(host) if ipaddress.ip_address(host).version == 6 else v4(host)
    except ValueError:
        return name(host)


def request(host, port, command=CONNECT, rsv=0, version=5):
    return bytes([version, command, rsv]) + address(host) + struct.pack("!H", port)


INTERFACE, CLIENTS_PORT = 1, 4  # flags of UDP ASSOCIATE


def query(host, port):
    """Asks, on the control connection, as which address that destination sees the client."""
    return b"\0\1\0" + address(host) + struct.pack("!H", port)


def refusal(code):
    """The ten bytes of a failure."""
    return bytes([5, code, 0, 1]) + bytes(6)


def read_reply(end, flags=0):
    """Reads one reply and checks its form, and that it has these flags."""
    head = end.recv(4)
    assert head[0] == 5 and head[2] == flags, f"not a reply: {head!r}"
    if head[3] == 1:
        host = socket.inet_ntop(socket.AF_INET, end.recv(4))
    elif head[3] == 4:
        host = socket.inet_ntop(socket.AF_INET6, end.recv(16))
    else:
        raise AssertionError(f"address type of a reply: {head!r}")
    return Reply(head[1], host, struct.unpack("!H", end.recv(2))[0])
