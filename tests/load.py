# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that load.bats plays, one for each @test."""

import statistics
import time

from lib import crowd
from lib.peer import FULL, KIB, check, eventually
from lib.program import tmp
from lib.world import isolate


def sessions_at_once():
    isolate()
    crowd.many_descriptors()
    n, size = (2000 if FULL else 200), 256 * KIB
    echo = crowd.Echo()
    server = crowd.Superserver(limit=n + 10)
    began = time.monotonic()
    clients = crowd.Crowd(echo, n, size)
    check(len(server.children()), n, "sessions at once")
    clients.exchange().leave()
    lines = server.sessions(n)
    check(len(lines), n, "lines in the log")
    for line in lines:
        check((line["sent"], line["received"], line["end"]), (str(size), str(size), "eof"),
              str(line))
    server.rests()
    tmp("figures",
        f"{n} sessions at once, {n * size >> 20} MiB each way, {time.monotonic() - began:.1f} s\n")


def honest_beside_slow():
    isolate()
    crowd.many_descriptors()
    n, rounds = (500 if FULL else 50), (6 if FULL else 1)
    echo = crowd.Echo()
    server = crowd.Superserver(limit=n + 10)
    took = {"alone": [], "beside": []}

    def honest(where):
        for _ in range(20):
            took[where].append(crowd.converse(echo, 64 * KIB))
            assert took[where][-1][1] < 20, "an honest client waits"

    for _ in range(rounds):
        honest("alone")
        slow = crowd.Drip(echo, n)
        eventually(lambda: len(server.children()) == n, "all have a session")
        honest("beside")
        eventually(lambda: len(server.children()) <= n, "the honest ones have ended")
        check(len(server.children()), n, "sessions that wait")
        slow.close()
        server.rests()
    alone, beside = ([statistics.median(t[i] for t in took[where]) * 1000 for i in range(2)]
                     for where in ("alone", "beside"))
    tmp("figures",
        f"median of {len(took['alone'])}: first byte {alone[0]:.1f} ms alone, {beside[0]:.1f} ms "
        f"beside {n}; 64 KiB there and back {alone[1]:.1f} and {beside[1]:.1f} ms\n")


def slow_handshakes():
    isolate()
    crowd.many_descriptors()
    n = 500 if FULL else 50
    echo = crowd.Echo()
    server = crowd.Superserver("--handshake-timeout", "2s", "--idle-timeout", "4s", limit=n + 10)
    slow = crowd.Drip(echo, n)
    # Half of them never finish the handshake; a quarter goes on to relay, and a quarter rests.
    ends = [line["end"] for line in server.sessions(n // 4 * 3)]
    assert ends.count("timeout") >= n // 4 * 2 and set(ends) <= {"timeout", "idle"}, ends
    slow.close()
    server.rests()


def short_sessions():
    isolate()
    crowd.many_descriptors()
    n = 20000 if FULL else 1000
    echo = crowd.Echo()
    server = crowd.Superserver()
    crowd.many_short(echo, 200)
    server.rests()
    fds, memory, files = server.weight()
    began = time.monotonic()
    crowd.many_short(echo, n)
    server.rests()
    after = server.weight()
    check(after[0], fds, "descriptors of the superserver")
    assert after[1] <= memory + 256, f"{memory} KiB before, {after[1]} after"
    check((files, after[2]), ([], []), "files")
    tmp("figures",
        f"{n} sessions in {time.monotonic() - began:.1f} s; before and after: {fds}, {after[0]} "
        f"descriptors, {memory}, {after[1]} KiB, 0 files, 0 processes\n")
