# SPDX-License-Identifier: GPL-3.0-or-later
"""Peers that connect to the address where BIND listens."""

import socket

from lib.peer import End, PATIENCE, host_of
from lib.program import Skip


def arrive(reply, here=None, port=0):
    """Connects to the address in a reply, from the given address and port."""
    sock = socket.socket(socket.AF_INET6 if ":" in reply.host else socket.AF_INET,
                         socket.SOCK_STREAM)
    if here or port:
        try:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((here or reply.host, port))
        except OSError as e:
            raise Skip(f"needs the address {here}: {e}")
    sock.settimeout(PATIENCE)
    sock.connect((reply.host, reply.port))
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    end = End(sock)
    end.name = host_of(sock.getsockname())
    return end


def part(session, far):
    """Both ends leave in order; returns the session."""
    session.shut()
    far.expect_end()
    far.close()
    return session.expect_end()
