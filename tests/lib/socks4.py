# SPDX-License-Identifier: GPL-3.0-or-later
"""SOCKS4 and 4a as bytes."""

import ipaddress
import socket
import struct

from lib.socks5 import CONNECT


def request4(host, port, command=CONNECT, user=b""):
    """A request: an IPv4 address as SOCKS4 has it; a name, or socks5.name(), as SOCKS4a has it."""
    try:
        where, tail = ipaddress.IPv4Address(host).packed, b""
    except ValueError:
        raw = host[2:] if isinstance(host, bytes) else host.encode()
        where, tail = b"\0\0\0\1", raw + b"\0"
    return bytes([4, command]) + struct.pack("!H", port) + where + user + b"\0" + tail


def read_reply4(end):
    """Code, host and port."""
    zero, code, port, where = struct.unpack("!BBH4s", end.recv(8))
    assert zero == 0, f"a reply begins with 0, not {zero}"
    return code, socket.inet_ntop(socket.AF_INET, where), port
