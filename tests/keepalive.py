# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that keepalive.bats plays, one for each @test."""

import socket
import time

from lib.peer import KIB, Listener, MIB, check
from lib.program import inetd, pause
from lib.world import Elsewhere, ip, isolate


def paused_and_lost_probes():
    PAUSE, SILENCE = 320, 400
    OUTAGES = (290, 325), (290, 350)  # of 35 and of 60 seconds
    isolate()
    aways = [Elsewhere(n) for n in range(1 + len(OUTAGES))]

    def over_wire(away):
        """A session whose client and destination are both over there."""
        with away:
            up = Listener(away.THERE[0])
        with Listener(away.HERE[0]).sock as door:
            with away:
                client = socket.create_connection(door.getsockname())
            server, _ = door.accept()
        s = inetd("--allow", "from any", pair=(client, server))
        return s, s.connect(up)

    def clog(a):
        taken = 0
        while a.room(2):
            taken += a.write(bytes(64 * KIB))
        assert taken > 4 * MIB, taken
        return taken

    readers = [over_wire(aways[0]) for _ in range(2)]
    (s, far), (s2, far2) = readers
    # The reader pauses: the client, the destination.
    pending = [(b, clog(a)) for a, b in ((far, s), (s2, far2))]
    silent = [over_wire(away) for away in aways[1:]]
    for a, b in silent:
        a.send(b"hello")
        b.expect(b"hello").send(b"well?")
        a.expect(b"well?")
    began = time.monotonic()
    steps = [(PAUSE, lambda: [check(b.recv(n), bytes(n), "what was pending") for b, n in pending])]
    for away, (gone, back) in zip(aways[1:], OUTAGES):
        steps += [(gone, lambda w=away: w.black_hole(w.THERE[0])),
                  (back, lambda w=away: ip(f"neigh del {w.THERE[0]} dev {w.near}"))]
    for when, step in sorted(steps, key=lambda s: s[0]) + [(SILENCE, lambda: None)]:
        pause(max(0, began + when - time.monotonic()))
        step()
    for a, b in silent + readers:
        a.send(b"still")
        b.expect(b"still").send(b"here")
        a.expect(b"here")
        a.shut()
        b.expect_end()
        b.close()
        a.expect_end().ended("eof")
