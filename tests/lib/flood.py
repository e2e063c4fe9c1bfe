# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions that are never idle, and how soon they react when they are to end.

The senders and readers are threads of tests/flood, because a script is slower than the program.
"""

import os
import signal
import subprocess
import threading
import time

from lib.peer import EOF, KIB, RESET, Listener, check
from lib.program import PROGRAM, Process, Skip, inetd
from lib.udp import Association, Udp, datagram

AFTER = 0.3  # seconds of a flood before the end
SOON, LATE, TRIES = 0.1, 3.0, 3

_HELPER = os.path.join(os.environ.get("builddir") or os.path.dirname(PROGRAM), "tests", "flood")


def flood(pid, threads, number=0, data=b"", after=AFTER):
    """Runs tests/flood; returns its events: {name: (how, time)}."""
    if not os.path.exists(_HELPER):
        raise Skip("needs tests/flood of the build folder")
    fds = [int(t[1:]) for t in threads if t[1:].isdigit()]
    p = subprocess.run([_HELPER, str(pid), str(number), str(int(after * 1000)), *threads],
                       input=data, stdout=subprocess.PIPE, pass_fds=fds, check=True, timeout=60)
    events = {}
    for line in p.stdout.decode().splitlines():
        name, *how, when = line.split()
        events[name] = "".join(how), float(when)
    return events


def _clog(end):
    """Writes data that nobody reads, until no more is accepted."""
    while end.room(0.5):
        end.write(bytes(256 * KIB))


def stream(start, ways, listener, clogged=False):
    """
    A flood of bytes one way, or both ways. clogged: nobody reads the bytes of the other direction.
    Returns a function that makes the session, the other sockets, and the arguments of flood().
    """
    def make(*options):
        s = start(*options)
        far = s.connect(listener)
        threads = []
        for way, a, b in ("up", s, far), ("down", far, s):
            if way in ways:
                threads += [f"w{a.w.fileno()}", f"r{b.r.fileno()}"]
            elif clogged:
                _clog(a)
        return s, (far,), threads, b""
    return make


def datagrams(start, up):
    """A flood of datagrams from the client or a host; the control connection shows the end."""
    def make(*options):
        to = Udp()
        a = Association(start(*options)).exchange(to)
        sender, target = (a.sock, a.relay) if up else (to, to.peer)
        sender.sock.connect(target)
        threads = [f"d{sender.sock.fileno()}"] * 2 + [f"r{a.session.r.fileno()}"]
        data = datagram(to.host, to.port, bytes(8)) if up else bytes(8)
        return a.session, (a.sock, to), threads, data
    return make


def _once(make, lifetime=None):
    """Seconds from the signal, or the lifetime's end, until the last reader saw the end."""
    began = time.monotonic()
    s, others, threads, data = make(*(["--lifetime", f"{lifetime}ms"] if lifetime else []))
    ready = time.monotonic()
    events = flood(s.pid, threads, 0 if lifetime else signal.SIGTERM, data)
    for f in (s, *others):
        f.close()
    due = began + lifetime / 1000 if lifetime else events["signal"][1]
    readers = [t for t in threads if t[0] == "r"]
    for r in readers:
        # If an end goes on sending to a closed socket, a reset may overtake the end of file.
        allowed = ("eof", "reset") if "w" + r[1:] in threads else ("eof",)
        assert events.get(r, ("none", 0))[0] in allowed, f"{r} in {events}"
    assert "exit" in events, f"the process is still there: {events}"
    s.ended("lifetime" if lifetime else "signal")
    if due < ready + AFTER / 2:  # there was no time for a flood
        return _once(make, 2 * lifetime)
    return max(events[r][1] for r in readers) - due


def _soon(what, measure):
    """One of three reactions takes at most 100 ms, because the machine may be busy with other work;
    and none takes three seconds."""
    took = []
    while not took or min(took) > SOON and len(took) < TRIES:
        took.append(measure())
        assert took[-1] < LATE, f"{what}: {took} s"
    assert min(took) < SOON, f"{what}: {took} s"


def hears(what, make, lifetime=1000):
    """SIGTERM, and the end of a lifetime of so many milliseconds, reach the readers soon."""
    _soon(f"{what}, SIGTERM", lambda: _once(make))
    _soon(f"{what}, lifetime", lambda: _once(make, lifetime))


def _broken(start, turn, *options):
    """
    A session of which one side (0: the client, 1: the destination) was reset while more data was on
    its way to the other side than that side reads in 15 seconds, 4 KiB at a time. Returns the
    session, the reader's thread, the list of what it sees, and the time.
    """
    nap = 0.2 if start is inetd else 1  # of TCP there are megabytes
    s = start(*options)
    far = s.connect(Listener())
    a, b = ((s, far), (far, s))[turn]
    _clog(a)
    a.reset()
    began, seen = time.monotonic(), []

    def sip():
        try:
            while b.read(4 * KIB):
                time.sleep(nap)
            seen.append(EOF)
        except ConnectionResetError:
            seen.append(RESET)
    reader = threading.Thread(target=sip, daemon=True)
    reader.start()
    return s, reader, seen, began


def _gone(s):
    """Returns when the process ended, with end=reset. The reader may still have data to read."""
    check(Process.wait(s), 0, "exit status")
    now = time.monotonic()
    check(s.log["end"], "reset")
    return now


def reset_in_time(start, turn, how):
    """The reset reaches a slow reader after ten seconds."""
    s, reader, seen, began = _broken(start, turn)
    took = _gone(s) - began
    assert 8 < took < 15, took
    if how == RESET:
        reader.join(60)
        check(seen, [how], "what the reader saw")


def reset_hastened(start, turn, by_signal):
    """SIGTERM, or the end of the lifetime, sends the reset at once."""
    def measure():
        began = time.monotonic()
        s, *_ = _broken(start, turn, *([] if by_signal else ["--lifetime", "4s"]))
        if not by_signal:
            return _gone(s) - (began + 4)
        time.sleep(0.5)
        due = time.monotonic()
        s.kill(signal.SIGTERM)
        return _gone(s) - due
    _soon(f"{start.__name__}, side {turn}", measure)
