# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that gssapi.bats plays, on the machine that it has booted."""

import socket

from lib.gss import (ABORT, CHOSEN, CONFIDENTIALITY, CONTEXT, Context, GREETING, INTEGRITY, enter,
                     frame)
from lib.peer import EOF, End, check

SERVICE = "rcmd/proxy.example.org"


def _proxy():
    return End(socket.create_connection(("127.0.0.1", 1080)))


def lets_in(user):
    """The user fetches a page by name, inside the protection."""
    for level in INTEGRITY, CONFIDENTIALITY:
        inside = enter(_proxy(), level, user=user, service=SERVICE)
        check(inside.ask("web.example", 8000).code, 0, "reply")
        inside.send(b"GET /hello HTTP/1.0\r\nHost: web.example\r\n\r\n")
        got, how = inside.rest()
        check(how, EOF, "the end")
        assert b"hello from the origin" in got, got


def keeps_out():
    """No ticket of this service, no ticket at all, another method."""
    for token in (Context(None, service="rcmd/elsewhere.example").first(), b"no token"):
        _proxy().send(GREETING).expect(CHOSEN).send(frame(CONTEXT, token)).expect_end(data=ABORT)
    _proxy().send(b"\5\2\0\2").expect_end(data=b"\5\xff")


def is_closed():
    """The connection ends without an answer."""
    check(_proxy().send(GREETING).rest()[0], b"", "the answer")
