# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that crowd_limit.bats plays, one for each @test."""

import os
import signal
import socket

from lib import crowd
from lib.peer import End, check, eventually, together
from lib.socks5 import CHOSEN, GREETING, request
from lib.world import isolate

CLIENTS, LIMIT = 50, 10


def _server():
    isolate()
    return crowd.Echo(), crowd.Superserver("--limit-client", str(LIMIT), "--limit-file", "/mnt/limits")


def _come(echo):
    """All clients connect, and then ask at the same time; returns those that are served."""
    ends = [End(socket.create_connection(crowd.PROXY)) for _ in range(CLIENTS)]
    served = []

    def ask(end):
        end.send(GREETING + request(echo.host, echo.port))
        first = end.read(1)  # a reset raises
        if first:
            check(first + end.recv(5), CHOSEN + b"\5\0\0\1", "the answer to one that is served")
            end.recv(6)
            served.append(end)
    together(*(lambda end=end: ask(end) for end in ends))
    check(len(served), LIMIT, "clients served")
    return served


def _turned_away(server):
    lines = server.sessions(CLIENTS - LIMIT)
    check(len(lines), CLIENTS - LIMIT, "lines of clients that are turned away")
    for line in lines:
        check((line["client"].rpartition(":")[0], line["end"]), ("127.0.0.1", "limit"), str(line))


def _only_ten(server):
    """Returns the sessions that are served; those that were turned away have written a line, and now end."""
    eventually(lambda: len(server.children()) == LIMIT, f"{LIMIT} sessions run at once")
    return server.children()


def exactly_ten():
    echo, server = _server()
    served = _come(echo)
    _turned_away(server)
    _only_ten(server)
    for end in served:
        end.send(b"once more").expect(b"once more").shut().expect_end()
    for line in server.sessions(LIMIT):
        check(line["end"], "eof", str(line))


def again_after_sigkill():
    echo, server = _server()
    for _ in range(3):
        served = _come(echo)
        _turned_away(server)
        for pid in _only_ten(server):
            os.kill(int(pid), signal.SIGKILL)
        server.rests()
        for end in served:
            end.close()
