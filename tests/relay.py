# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that relay.bats plays, one for each @test."""

import fcntl
import itertools
import os
import random
import socket
import textwrap

from lib import program
from lib.bind import arrive, part
from lib.peer import (EOF, KIB, Listener, MIB, RESET, check, end_both, eventually, flow, noise,
                      scale, together)
from lib.program import (EVERY_WAY, Process, Session, Skip, activated, classic, descriptors, inetd,
                         is_tcp, links, option, pause, pipes, resident, tcp_pair, tmp, unix)
from lib.socks5 import BIND, CHOSEN, GREETING, read_reply, refusal, request
from lib.trace import lines, traced
from lib.world import alone, isolate, needs, silence


def bytes_in_order():
    up = Listener()
    for start in EVERY_WAY:
        s = start()
        far = s.connect(up)
        for size in 1, 2, 1000, 64 * KIB, 64 * KIB + 1, scale(16 * MIB, MIB):
            flow(s, far, size)
            flow(far, s, size)
        end_both(s, far).ended("eof")


def large_transfer():
    size = scale(256 * MIB, 8 * MIB)
    up = Listener()
    for start in inetd, pipes:
        s = start()
        far = s.connect(up)
        flow(s, far, size)
        flow(far, s, size)
        end_both(s, far).ended("eof", sent=str(size), received=str(size))


def both_directions():
    size = scale(64 * MIB, 4 * MIB)
    for host, start in (("127.0.0.1", inetd), ("::1", activated), ("127.0.0.1", pipes),
                        ("::1", unix)):
        s = start()
        far = s.connect(Listener(host))
        together(lambda: flow(s, far, size), lambda: flow(far, s, size))
        end_both(s, far).ended("eof", sent=str(size), received=str(size))


def random_pieces():
    dice = random.Random(7)

    def some(top):
        return lambda: int(top ** dice.random())

    size = scale(4 * MIB, MIB)
    for start in EVERY_WAY:
        s = start()
        far = s.connect(Listener())
        for a, b in (s, far), (far, s):
            together(lambda: flow(a, b, size, chunk=some(200000), gulp=some(300000)),
                     lambda: flow(b, a, 20000, chunk=some(30), gulp=some(30)))
        end_both(s, far).ended("eof")


def slow_reader():
    size = scale(8 * MIB, 2 * MIB)
    for start in inetd, pipes:
        for up_is_slow in False, True:
            s = start()
            far = s.connect(Listener())
            a, b = (s, far) if up_is_slow else (far, s)
            together(lambda: flow(a, b, size, gulp=lambda: 32 * KIB, pause=0.002),
                     lambda: flow(b, a, size))
            end_both(s, far).ended("eof")


def nothing_held_back():
    up = Listener()
    for start in EVERY_WAY:
        s = start()
        far = s.connect(up)
        for bulk in 0, MIB:  # also after the relay has switched to large pieces
            for a, b in (s, far), (far, s):
                if bulk:
                    flow(a, b, bulk)
                for i in range(scale(300, 50)):
                    a.send(b"%c" % (i % 256))
                    b.expect(b"%c" % (i % 256))
                    b.send(b"ok")
                    a.expect(b"ok")
                a.send(noise(70001, 3))
                b.expect(noise(70001, 3))
        end_both(s, far).ended("eof")


def sides(s, far, first):
    """The side named, "client" or "destination", and then the other one."""
    return (s, far) if first == "client" else (far, s)


def end_passed_on(of):
    for start in EVERY_WAY:
        for size in 0, 1, MIB:
            s = start()
            a, b = sides(s, s.connect(Listener()), of)
            together(lambda: a.send(noise(size, 1)).shut(),
                     lambda: b.expect_end(data=noise(size, 1)))
            a.silent(0.05)
            together(lambda: b.send(noise(MIB, 2)).shut(),
                     lambda: a.expect_end(data=noise(MIB, 2)))
            sent, received = (size, MIB) if a is s else (MIB, size)
            s.ended("eof", sent=str(sent), received=str(received))


def rests_without_traffic():
    def fill(end):
        if isinstance(end.w, socket.socket):
            end.w.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 64 * KIB)
        while end.room(0.3):
            end.write(bytes(64 * KIB))

    def play(s, far, *deeds):
        for deed in deeds:
            if deed == "pause":
                pause(0.1)
                continue
            who, verb = deed.split()
            end = {"client": s, "far": far}[who]
            fill(end) if verb == "fills" else getattr(end, verb[:-1])()

    def woken(s):  # times that it slept, ticks that it ran
        with open(f"/proc/{s.pid}/status") as f:
            sleeps = [int(line.split()[1]) for line in f if line.startswith("voluntary")]
        with open(f"/proc/{s.pid}/stat") as f:
            fields = f.read().rpartition(")")[2].split()
        return sleeps[0], int(fields[11]) + int(fields[12])

    states = ([], ["client shuts"], ["far shuts"], ["client closes"], ["far closes"],
              ["client fills"], ["far fills"], ["client fills", "far fills"],
              ["client fills", "client shuts", "pause", "far shuts"],
              ["client fills", "far shuts", "pause", "client shuts"],
              ["far fills", "client shuts", "pause", "far shuts"],
              ["far fills", "far shuts", "pause", "client shuts"],
              ["client fills", "far fills", "client shuts", "far shuts"],
              ["far fills", "far resets"], ["client shuts", "far fills", "far resets"],
              ["client fills", "client resets"], ["far shuts", "client fills", "client resets"],
              ["client fills", "far fills", "client resets"],
              ["client fills", "far fills", "far resets"])
    talks = []
    for i, start in enumerate((inetd, unix, pipes)):
        for deeds in states[scale(0, i)::scale(1, 3)]:
            if start is inetd or "client resets" not in deeds:
                s = start()
                talks.append((s, s.connect(Listener()), deeds))
    together(*(lambda t=t: play(t[0], t[1], *t[2]) for t in talks))

    def is_over(s, deeds):  # like a reset that could not be passed on in time
        return "resets" in " ".join(deeds) and not s.alive

    def at_rest():
        before = [None if is_over(s, deeds) else woken(s) for s, _, deeds in talks]
        pause(1.5)
        return [(s.argv, s.r, deeds) for (s, _, deeds), b in zip(talks, before)
                if not is_over(s, deeds) and (not s.alive or woken(s) != b)] == []

    eventually(at_rest, "nobody wakes up for nothing")
    for s, far, deeds in talks:
        if deeds in ([], ["client shuts"], ["far shuts"]):
            a, b = (s, far) if deeds == ["far shuts"] else (far, s)
            a.send(b"still here")
            b.expect(b"still here")
        s.close()
        far.close()


def reset_passed_on(of):
    data = noise(300000, 5)
    for start in inetd, classic, activated:
        for late in 0, 0.3:
            for closed in False, True:
                s = start()
                a, b = sides(s, s.connect(Listener()), of)
                if closed:
                    b.shut()
                    a.expect_end()
                a.send(data)
                eventually(lambda: a.unsent() == 0, "the relay has taken all")
                a.reset()
                pause(late)
                b.expect_end(RESET, data)
                s.ended("reset")


def reset_in_transfer():
    for who in "client", "destination":
        s = inetd()
        a, b = sides(s, s.connect(Listener()), who)
        try:
            for i in range(50):
                a.write(bytes(64 * KIB))
                b.read(16 * KIB)
        except OSError:
            pass
        a.reset()
        got, how = b.rest()
        check(how, RESET)
        s.ended("reset")


def closed_with_data_unread():
    for start in inetd, activated:
        s = start()
        far = s.connect(Listener())
        s.send(b"never read")
        eventually(lambda: far.unread() == len(b"never read"))
        far.close()
        s.expect_end(RESET).ended("reset")


def unix_upload_cut_off():
    up = Listener()
    s = unix()
    far = s.connect(up)
    far.send(b"part")
    s.expect(b"part")
    s.sock.setblocking(False)
    try:
        while s.room(0.3):
            s.write(bytes(64 * KIB))  # until no more is accepted
    except AssertionError:
        pass
    far.reset()
    s.expect_end(RESET).ended("reset")


def download_cut_off():
    up = Listener()
    for start in unix, pipes:
        s = start()
        far = s.connect(up)
        far.send(b"part")
        s.expect(b"part")
        far.reset()
        s.expect_end(EOF).ended("reset", received="4")


def pipes_read_no_more():
    for closed in False, True:
        s = pipes()
        far = s.connect(Listener())
        s.r.close()
        s.kill(19)  # so that data for it and data from it are there at the same time
        s.send(noise(50000, 1))
        far.send(b"into the void")
        eventually(lambda: far.unsent() == 0)
        if closed:
            s.w.close()
        s.kill(18)
        far.expect_end(RESET, noise(50000, 1))
        s.ended("reset", sent="50000", received="0")


def close_without_reset():
    for start in EVERY_WAY:
        for size in 0, 100000:
            s = start()
            far = s.connect(Listener())
            together(lambda: s.send(noise(size, 1)).close(),
                     lambda: far.expect_end(data=noise(size, 1)))
            pause(0.05)  # it could still send something
            far.shut()
            s.ended("eof", sent=str(size))


def urgent_data():
    up = Listener()
    starts = [inetd, activated]
    try:  # from Linux 5.15 on an AF_UNIX client can do it as well
        a, b = socket.socketpair()
        a.send(b"!", socket.MSG_OOB)
        starts.append(unix)
    except OSError:
        print("# this kernel has no urgent data on AF_UNIX")
    for start in starts:
        for first in ("client",) if start == unix else ("client", "destination"):
            s = start()
            a, b = sides(s, s.connect(up), first)
            a.send(b"before").urgent(b"!").send(b"after")
            b.expect(b"before!after")
            a.urgent(b"?")
            b.expect(b"?")
            together(lambda: [a.send(bytes(1000)).urgent(b"U") for i in range(100)],
                     lambda: b.expect((bytes(1000) + b"U") * 100))
            flow(a, b, scale(8 * MIB, MIB))
            flow(b, a, MIB)
            a.urgent(b".").shut()
            b.expect_end(data=b".")
            b.shut()
            a.expect_end()
            s.ended("eof")
        s = start()  # as early data
        s.greet().send(request(up.host, up.port)).urgent(b"!").send(b"more")
        check(read_reply(s).code, 0)
        far = up.accept()
        far.expect(b"!more").close()
        s.shut().expect_end()


def stopped_reader():
    def largest(name):
        return int(open(f"/proc/sys/net/ipv4/{name}").read().split()[2])

    # More than all socket buffers on the way can hold.
    size = 2 * (largest("tcp_rmem") + largest("tcp_wmem")) + 16 * MIB
    for start, writer in itertools.product((inetd, pipes), ("client", "destination")):
        s = start()
        far = s.connect(Listener())
        a, b = sides(s, far, writer)
        flow(a, b, 4 * MIB)
        before = resident(s.pid)
        taken = 0
        while a.room(0.5):
            taken += a.write(bytes(64 * KIB))
            assert taken < size, f"{size} bytes were taken in though nobody reads"
        grown = resident(s.pid) - before
        assert grown < 8 * MIB, f"grew by {grown} bytes"
        check(b.recv(taken), bytes(taken), "bytes read at last")
        end_both(s, far).ended("eof")


def idle_session():
    s = inetd()
    far = s.connect(Listener())
    flow(s, far, 4 * MIB)
    flow(far, s, 4 * MIB)
    eventually(lambda: not [at for at in links(s.pid) if at.startswith("pipe:")],
               "the pipes were given back")
    sockets = [fd for fd in descriptors(s.pid) if is_tcp(s.pid, fd)]
    assert len(sockets) >= 2, sockets
    for fd in sockets:
        assert option(s.pid, fd, socket.SO_KEEPALIVE), "keepalive"
        assert option(s.pid, fd, socket.TCP_NODELAY, socket.IPPROTO_TCP), "no delay"
        for name, value in ((socket.TCP_KEEPIDLE, 300), (socket.TCP_KEEPINTVL, 30),
                            (socket.TCP_KEEPCNT, 5), (socket.TCP_USER_TIMEOUT, 0)):
            check(option(s.pid, fd, name, socket.IPPROTO_TCP), value, f"option {name} of TCP")
    end_both(s, far).ended("eof")


def no_user_timeout():
    traced("trace=setsockopt,exit_group")
    s = inetd()
    far = s.connect(Listener())
    s.shut()
    far.close()
    s.expect_end().ended("eof")
    b = inetd()
    peer = arrive(b.ask("127.0.0.1", 0, command=BIND))
    read_reply(b)
    part(b, peer).ended("eof")
    for session, sockets in (s, 2), (b, 2):
        text = "\n".join(lines(session))
        check(text.count("TCP_KEEPCNT"), sockets, f"sockets in {text}")
        assert "TCP_USER_TIMEOUT" not in text, text


def pipe_if_there_is_room():
    needs("setpriv")
    alone()
    F_SETPIPE_SZ, SIZE = 1031, MIB
    caps = "-sys_resource,-sys_admin"  # whose owner may have any number of pipes
    room = int(open("/proc/sys/fs/pipe-user-pages-soft").read()) * 4096
    if not room:
        raise Skip("pipes are not limited here")
    if os.geteuid() == 0:
        program.PROGRAM = tmp("unprivileged", textwrap.dedent(f"""\
            #!/bin/sh
            exec setpriv --inh-caps={caps} --bounding-set={caps} {program.PROGRAM} "$@"
            """))
        os.chmod(program.PROGRAM, 0o755)

    def pipes_held(s):
        return sum(at.startswith("pipe:") for at in links(s.pid))

    def stuffed(writer):
        s = inetd()
        far = s.connect(Listener())
        a, b = sides(s, far, writer)
        flow(a, b, 2 * MIB)
        taken = 0
        while a.room(0.5):
            taken += a.write(bytes(64 * KIB))
        held = pipes_held(s)
        check(b.recv(taken), bytes(taken), "what was held up")
        flow(a, b, 2 * MIB)
        end_both(s, far).ended("eof")
        return held

    check([stuffed(w) for w in ("client", "destination")], [2, 2], "ends of pipes")
    hog = []

    def fill_up():
        try:
            for _ in range(room // SIZE):
                hog.append(os.pipe())
                fcntl.fcntl(hog[-1][0], F_SETPIPE_SZ, SIZE)
        except PermissionError:
            pass

    def without():  # other processes of the same user may give pipes back meanwhile
        fill_up()
        return [stuffed(w) for w in ("client", "destination")] == [0, 0]

    assert any(without() for _ in range(5)), "there was always room"


def idle_timeout():
    talks = []
    for start in EVERY_WAY:
        s = start("--idle-timeout", "300ms")
        far = s.connect(Listener())
        s.send(b"once")
        far.expect(b"once")
        talks.append((s, far))
    s = inetd("--idle-timeout", "300ms")  # half-closed
    far = s.connect(Listener())
    s.shut()
    talks.append((s, far))
    for s, far in talks:
        s.expect_end()
        far.expect_end()
        far.close()
        s.ended("idle")


def any_byte_is_activity():
    a = inetd("--idle-timeout", "2s")
    fa = a.connect(Listener())
    b = pipes("--idle-timeout", "2s")
    fb = b.connect(Listener())
    for i in range(10):
        pause(0.3)
        a.send(b".")
        fa.expect(b".")
        fb.send(b".")
        b.expect(b".")
    together(a.expect_end, fa.expect_end, b.expect_end, fb.expect_end)
    a.ended("idle", sent="10")
    b.ended("idle", received="10")


def lifetime():
    talks = []
    for start in EVERY_WAY:
        s = start("--lifetime", "500ms")
        talks.append((s, s.connect(Listener())))

    def chat(s, far):
        try:
            while True:
                s.send(b".")
                far.expect(b".")
                pause(0.01)
        except (AssertionError, OSError):
            far.close()

    together(*(lambda s=s, far=far: chat(s, far) for s, far in talks))
    for s, far in talks:
        check(s.rest()[0], b"")
        s.ended("lifetime")
    s = inetd("--lifetime", "400ms")
    far = s.connect(Listener())
    s.expect_end()
    far.expect_end()
    far.close()
    s.ended("lifetime")
    inetd("--lifetime", "200ms").expect_end().ended("lifetime")  # before it has sent a byte


def sigterm_in_any_phase():
    isolate()
    silence()

    def silent(s):
        s.send(GREETING + request("silent.example.com", 80)).expect(CHOSEN)

    def unanswered(s):
        s.send(GREETING + request("198.51.100.77", 80)).expect(CHOSEN)

    def relayed(s):
        far = s.connect(Listener())
        s.send(b"said")
        far.expect(b"said")
        return far

    def half_closed(s):
        far = relayed(s)
        s.shut()
        far.expect_end()
        return far

    def awaiting(s):
        check(s.ask("127.0.0.1", 0, command=BIND).code, 0, "first reply of BIND")

    phases = ((lambda s: None), (lambda s: s.greet() and None), silent, unanswered, awaiting,
              relayed, half_closed)
    talks = []
    for start in EVERY_WAY:
        for phase in phases:
            s = start()
            talks.append((s, phase, phase(s)))
    pause(0.3)
    for s, phase, far in talks:
        s.kill(15)
    for s, phase, far in talks:
        got, how = s.rest()
        check(how, EOF, str(phase))
        check(got, refusal(1) if phase in (silent, unanswered, awaiting) else b"", str(phase))
        if phase is relayed:
            far.expect_end()
        if far:
            far.close()
        s.ended("signal")


def sigterm_passes_on_data():
    for writer in "client", "destination":
        s = inetd()
        a, b = sides(s, s.connect(Listener()), writer)
        a.send(noise(100000, 9))
        eventually(lambda: a.unsent() == 0)
        pause(0.1)
        s.kill(15)
        b.expect_end(data=noise(100000, 9))
        a.expect_end()
        s.ended("signal")


def mixed_descriptors():
    up = Listener()
    # a pipe on 0, a socket on 1
    client, server = tcp_pair()
    r, w = os.pipe()
    s = Session((), (client, open(w, "wb", 0)), {0: r, 1: server})
    os.close(r)
    server.close()
    far = s.connect(up)
    together(lambda: flow(s, far, 4 * MIB), lambda: flow(far, s, 4 * MIB))
    s.shut()
    far.expect_end()
    far.send(b"late").shut()
    s.expect_end(data=b"late").ended("eof")
    # two pipes, and what goes to the client on 2 as well: its end is seen all the same
    (r0, w0), (r1, w1) = os.pipe(), os.pipe()
    s = Session(("--log", "none"), (open(r1, "rb", 0), open(w0, "wb", 0)), {0: r0, 1: w1, 2: w1})
    os.close(r0)
    os.close(w1)
    far = s.connect(up)
    far.send(b"last").shut()
    s.expect_end(data=b"last")
    s.send(b"late").shut()
    far.expect_end(data=b"late")
    s.exits(0)
    # a file on 0, a file on 1
    said = tmp("said", GREETING + request(up.host, up.port) + noise(MIB, 4))
    heard = tmp("heard", b"")
    with open(said, "rb") as i, open(heard, "wb") as o:
        p = Process((), {0: i, 1: o})
    far = up.accept()
    far.expect_end(data=noise(MIB, 4)).send(noise(MIB, 5)).close()
    p.exits(0)
    with open(heard, "rb") as f:
        answer = f.read()
    check(answer[:4], CHOSEN + b"\5\0")
    check(answer[2 + 10:], noise(MIB, 5))
    # two socket pairs, one for each direction
    to, back = socket.socketpair(), socket.socketpair()
    s = inetd(pair=to, fds={1: back[1]})
    s.connect(up).close()
    s.shut().expect_end().exits(0)
