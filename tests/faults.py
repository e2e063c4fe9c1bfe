# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that faults.bats plays, one for each @test."""

import fcntl
import os
import resource
import socket
import time

from lib import faults, kinds, world
from lib.peer import FULL, Listener, MIB, check, flow, together
from lib.program import KIND, Skip, inetd, lines_of, pipes, remote, tmp, unix
from lib.socks5 import BIND, CONNECT, UDP
from lib.world import alone


def sweep(means, least):
    """Tries every fault of these means in every kind of session."""
    syslog = kinds.world()
    s = faults.Sweep(means(), kinds.every_kind(), syslog)
    text = f"{s.tried} faults in {len(kinds.every_kind())} kinds of sessions"
    if s.in_libc:
        text += f"; {s.in_libc} that a library does not survive"
    tmp("tried", text + "\n")
    assert not s.wrong, f"{len(s.wrong)} of {s.tried}:\n" + "\n".join(s.wrong[:50])
    assert s.tried >= least, text


def system_calls():
    sweep(faults.Calls, 14000 if FULL else 4000)


def allocations():
    if KIND == "coverage":
        raise Skip("what it counts in is allocated first")
    sweep(faults.Allocations, 600)


def limits():
    sweep(faults.Limits, 1200 if FULL else 600)


def no_port_left():
    kinds.world()
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w") as f:
        f.write("40000 40001")
    up = Listener("127.0.0.1", 5001)
    ours = [Listener(h, 5001) for h in ("192.0.2.1", "2001:db8::1")]
    taken = [socket.socket(socket.AF_INET6, kind)
             for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM) for _ in range(2)]
    for i, sock in enumerate(taken):
        sock.bind(("::", 40000 + i % 2))
    for host, command, code, why in (("127.0.0.1", CONNECT, 1, "Cannot assign requested address"),
                                     ("127.0.0.1", BIND, 1, "no address and port to listen on"),
                                     ("0.0.0.0", UDP, 1, "no address and port for the relay"),
                                     ("far.example.com", CONNECT, 4, "the name servers did not")):
        s = unix().refused(code, host, 5001, command=command).exits(0)
        assert why in s.stderr(), s.stderr()
    for up_ in ours:
        remote("--allow", "from any").refused(2, up_.host, up_.port).ended("denied", peer=None)
        assert up_.nobody_came()
    for sock in taken:
        sock.close()
    s = unix()
    s.connect(up).close()
    s.shut().expect_end()


def small_pipes():
    SET, GET, NEWUSER = 1031, 1032, 0x10000000
    alone()
    me = os.geteuid()
    world.unshare(NEWUSER)  # the limit on pipe pages binds only users without privileges
    with open("/proc/self/uid_map", "w") as f:
        f.write(f"{me} {me} 1")
    hoard = []

    def page():
        r, w = os.pipe()
        hoard.extend((r, w))
        try:
            fcntl.fcntl(w, SET, MIB)
        except PermissionError:
            pass
        return fcntl.fcntl(w, GET)

    def fill_up():
        for _ in range(300):
            if page() <= 8192:
                return
        raise Skip("no budget of pipe pages here")

    def small(log):  # other processes of the same user may give pipes back meanwhile
        for _ in range(5):
            fill_up()
            s = pipes("--log", log)
            if fcntl.fcntl(s.w.fileno(), GET) <= 8192:
                return s
            s.w.close()
            s.r.close()
            s.exits(0)
        raise AssertionError("there was always room")

    for log in "stderr", "none":
        s = small(log)
        far = s.connect(Listener())
        together(lambda: flow(s, far, 4 * MIB), lambda: flow(far, s, 4 * MIB))
        s.shut()
        far.expect_end()
        far.close()
        s.expect_end().exits(0)


def log_may_not_grow():
    for size in 0, 10:
        err = os.open(tmp(f"log{size}", ""), os.O_WRONLY | os.O_APPEND)
        s = inetd(fds={2: err}, limits={resource.RLIMIT_FSIZE: size})
        far = s.connect(Listener())
        far.send(b"all").close()
        s.shut().expect_end(data=b"all").exits(0)
        check(os.fstat(err).st_size, size)


def clock_jumps():
    syslog, clock = kinds.world(), faults.Clock()

    def start(*options):
        return clock.start(inetd, "--log", "syslog", "--log-level", "debug", *options)

    for option, end in ("handshake", "timeout"), ("idle", "idle"), ("lifetime", "lifetime"):
        option = f"--{option}" if option == "lifetime" else f"--{option}-timeout"
        began = time.monotonic()
        s = start(option, "1s")
        if end != "timeout":
            far = s.connect(Listener())
            s.send(b"x")
            far.expect(b"x")
        s.expect_end().exits(0)
        assert 0.9 < time.monotonic() - began < 20
        check(lines_of(syslog.of(s))[0]["end"], end)
    s = start()
    far = s.connect(Listener())
    for a, b in (s, far), (far, s):
        flow(a, b, 4 * MIB)
    s.shut()
    far.expect_end()
    far.close()
    s.expect_end().exits(0)
    line = lines_of(syslog.of(s))[0]
    check(line["end"], "eof")
    assert 0 <= float(line["time"]) < 60, line
    for host in "far.example.com", "two.example.com":
        s = start()
        up = Listener("127.0.0.1")
        check(s.ask(host, up.port).code, 0, f"reply for {host}")
        up.accept().close()
        s.shut().expect_end().exits(0)
    assert clock.jumps() >= 6, clock.jumps()  # each line to syslog has read the clock
