# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that busy.bats plays, one for each @test."""

import time

from lib import flood
from lib.peer import Listener, RESET, together
from lib.program import inetd, pipes, tmp, unix
from lib.socks5 import BIND
from lib.world import isolate


def bytes_hide_nothing():
    up = Listener()
    for start in inetd, unix, pipes:
        for ways in ("up",), ("down",), ("up", "down"):
            flood.hears(f"{start.__name__} {ways}", flood.stream(start, ways, up))


def datagrams_hide_nothing():
    for start in inetd, unix, pipes:
        for up in True, False:
            flood.hears(f"{start.__name__} {up}", flood.datagrams(start, up))


def side_that_reads_nothing():
    up = Listener()
    for start in inetd, pipes:
        for way in "up", "down":
            flood.hears(f"{start.__name__} {way}", flood.stream(start, (way,), up, clogged=True),
                        2500)


def reset_to_slow_reader():
    together(*(lambda args=args: flood.reset_in_time(*args) for args in
               ((inetd, 0, RESET), (inetd, 1, RESET), (pipes, 1, None), (unix, 1, None))))


def end_during_reset():
    for start, turn in (inetd, 0), (inetd, 1), (pipes, 1), (unix, 1):
        for by_signal in True, False:
            flood.reset_hastened(start, turn, by_signal)


def strangers_keep_coming():
    isolate()
    # With many rules, turning a stranger away takes longer than a stranger needs to connect.
    rules = [f'deny "to 192.0.2.1 port {n}"' for n in range(1, 20000)]
    conf = tmp("conf", "\n".join((*rules, "deny to 127.0.0.1", "allow from any")))

    def crowded(*options):
        s = inetd("--config", conf, *options)
        reply = s.ask("0.0.0.0", 0, command=BIND)
        return s, [f"c{reply.host}:{reply.port}"] * 4 + [f"r{s.r.fileno()}"]

    for number in 0, 15:
        began = time.monotonic()
        s, threads = crowded("--bind-timeout", "0" if number else "500ms")
        events = flood.flood(s.pid, threads, number)
        due = events["signal"][1] if number else began + 0.5
        assert "exit" in events and events["exit"][1] - due < 2, events
        s.close()
        s.ended("signal" if number else "timeout")
