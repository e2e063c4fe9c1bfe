# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that hostile.bats plays, one for each @test."""

import os
import random
import resource
import socket

from lib.options import help_options
from lib.peer import GIB, Listener, MIB, check, closed_port, end_both, flow, noise, scale, together
from lib.program import (EVERY_WAY, KIND, Session, Skip, activated, classic, descriptors, inetd,
                         lines_of, pause, pipes, resident, unix)
from lib.socks5 import BIND, CHOSEN, CONNECT, GREETING, RESOLVE, RESOLVE_PTR, refusal, request
from lib.udp import Association, Udp
from lib.users import features, users_file
from lib.world import Dns, isolate, names, silence


def random_bytes():
    isolate()  # a random request may name any address
    names()
    Dns({})
    dice = random.Random(int(os.environ.get("PICOSOCKS5_TEST_SEED", "1928")))
    GREETED = [GREETING, b"\5\2\0\2", GREETING + b"\5\1\0\1\x7f", GREETING + b"\5\1\0\3",
               GREETING + b"\5\1\0\4", GREETING + b"\5", GREETING + b"\5\2\0", GREETING + b"\5\3\0",
               b"\4\1", b"\4\2", b"PROXY ", GREETING + b"\5\xf0\0\3", GREETING + b"\5\xf1\0\1",
               b"\r\n\r\n\0\r\nQUIT\n"]

    def start():
        how = dice.choice((inetd, activated, classic, unix, pipes))
        s = how(*limits)
        data = dice.randbytes(dice.choice((1, 2, 3, 10, 50, 300, 3000)))
        if dice.random() < 0.7:
            data = dice.choice(GREETED) + data
        s.left = False
        try:
            s.write(data)
            turn = dice.random()
            if turn < 0.5:
                s.shut()
            elif turn < 0.8:
                s.left = True
                if turn < 0.7 or how in (unix, pipes):
                    s.close()
                else:
                    s.reset()
        except OSError:
            pass  # it has closed already
        return s

    limits = [f"--{o}=1s"
              for o in ("handshake-timeout", "connect-timeout", "bind-timeout", "idle-timeout")
              if o in help_options()]
    waiting, done, n = [], 0, scale(2000, 200)
    while done < n:
        while len(waiting) < 200 and done + len(waiting) < n:
            waiting.append(start())
        s = waiting.pop(0)
        s.exits(0)
        s.close()
        if s.err is not None:
            lines = len(lines_of(s.stderr()))  # none if the client left before it was examined
            assert lines == 1 or (s.left and not lines), s.stderr()
            os.close(s.err)
            s.err = None
        done += 1


def handshake_timeout():
    sessions = []
    for said in (b"", b"\5", b"\5\1", b"\5\2\0", GREETING, GREETING + b"\5",
                 GREETING + request("127.0.0.1", 80)[:-1],
                 GREETING + request("a.example.com", 80)[:9]):
        for start in EVERY_WAY:
            s = start("--handshake-timeout", "400ms")
            s.send(said)
            sessions.append((s, CHOSEN if len(said) >= 3 and said[1] == 1 else b""))
    for s, answer in sessions:
        s.expect_end(data=answer).ended("timeout")


def byte_now_and_then():
    def drip(s):
        try:
            for byte in bytes([5, 255]) + bytes(range(255)):
                s.send(bytes([byte]))
                pause(0.1)
        except OSError:
            pass
        check(s.rest()[0], b"")

    sessions = [start("--handshake-timeout", "1s") for start in EVERY_WAY]
    together(*(lambda s=s: drip(s) for s in sessions))
    for s in sessions:
        s.ended("timeout")


def unread_answer():
    (r0, w0), (r1, w1) = os.pipe(), os.pipe()
    os.set_blocking(w1, False)
    try:
        while True:
            os.write(w1, bytes(4096))
    except BlockingIOError:
        os.set_blocking(w1, True)
    s = Session(("--handshake-timeout", "500ms"), (open(r1, "rb", 0), open(w0, "wb", 0)),
                {0: r0, 1: w1})
    os.close(r0)
    os.close(w1)
    s.send(GREETING + request("127.0.0.1", closed_port()))
    s.exits(0)


def cut_off_anywhere():
    up = Listener()
    whole = GREETING + request(up.host, up.port)
    for start in inetd, pipes, unix:
        for cut in range(len(whole)):
            s = start()
            s.send(whole[:cut]).shut()
            s.expect_end(data=CHOSEN if cut >= 3 else b"").ended("eof")
    assert up.nobody_came()


def flood_before_request():
    flood = noise(MIB, 1)
    for head in b"\5\xff", GREETING, GREETING + b"\5\1\0\3\xff", b"\5\0", GREETING + b"\5\1\0\xff":
        s = inetd("--handshake-timeout", "5s")
        try:
            s.send(head + flood)
        except OSError:
            pass
        try:
            s.shut()
        except OSError:
            pass
        s.rest()
        s.exits(0)


def client_vanishes():
    up = Listener()
    whole = GREETING + request(up.host, up.port) + b"data"
    for cut in range(0, len(whole) + 1):
        for gone in "close", "reset":
            s = inetd()
            s.send(whole[:cut])
            getattr(s, gone)()
            s.exits(0)


def nobody_waits_in_vain():
    isolate()
    silence()
    users = users_file("fred:$2y$19$" + "." * 53 + "\n")  # takes long
    password = b"\5\1\2", b"\5\2", b"\1\4fred\6secret"

    def ask(host, command=CONNECT):
        return GREETING, CHOSEN, request(host, 80, command=command)

    waits = (ask("silent.example.com"), ask("silent.example.com", BIND),
             ask("silent.example.com", RESOLVE), ask("192.0.2.5", RESOLVE_PTR),
             ask("198.51.100.77"), *[password] * features()["crypt"])
    for start in scale((inetd, unix, pipes), (pipes,)):
        for hello, chosen, rest in waits:
            s = start(*(("--users", users) if rest is password[2] else ()))
            s.send(hello).expect(chosen).send(rest)
            pause(0.1)
            check(s.alive, True, "it waits")
            s.reset() if s.r is s.w and s.sock.family != socket.AF_UNIX else s.close()
            s.ended("reset")


def everything_ends():
    isolate()
    silence()
    users = users_file("fred:$2y$19$" + "." * 53 + "\n")  # takes long

    def ask(host, command=CONNECT):
        return lambda s: s.greet().send(request(host, 80, command=command))

    def method(s):
        s.send(b"\5\1\2").expect(b"\5\2")

    def hashing(s):
        method(s)
        s.send(b"\1\4fred\6secret")

    def peer(s):
        check(s.ask("0.0.0.0", 0, command=BIND).code, 0)

    def names_of_datagrams(s):
        Association(s).send(Udp(), b"x", "silent.example.com")

    with_users = "--users", users
    phases = ((method, with_users, None), *[(hashing, with_users, None)] * features()["crypt"],
              (peer, (), 1),
              (ask("silent.example.com"), (), 1), (ask("silent.example.com", RESOLVE), (), 1),
              (ask("192.0.2.5", RESOLVE_PTR), (), 1), (ask("198.51.100.77"), (), 1),
              (names_of_datagrams, (), 0))

    def begin(start, phase, options):
        s = start(*options)
        phase(s)
        return s

    def over(s, end, code):
        if code:
            s.expect(refusal(code))
        s.expect_end().ended(end, error=None, reply=None if code is None else str(code))

    for start in scale((inetd, pipes), (pipes,)):
        for phase, options, code in phases:
            s = begin(start, phase, options)
            pause(0.1)
            s.kill(15)
            over(s, "signal", code)
    limit = "--lifetime", scale("700ms", "8s")
    talks = [(begin(inetd, phase, (*options, *limit)), code) for phase, options, code in phases]
    for s, code in talks:
        over(s, "lifetime", code and 6)


def long_relay():
    for start in inetd, pipes:
        s = start()
        far = s.connect(Listener())
        for a, b in (s, far), (far, s):
            flow(a, b, 16 * MIB)
        memory, fds = resident(s.pid), len(descriptors(s.pid))
        size = scale(GIB, 64 * MIB) // (1 if start is inetd else 4)
        flow(s, far, size // 2)
        flow(far, s, size // 2)
        assert resident(s.pid) <= memory + MIB, (memory, resident(s.pid))
        assert len(descriptors(s.pid)) <= fds, descriptors(s.pid)
        end_both(s, far).ended("eof")


def few_descriptors():
    if KIND in ("sanitize", "valgrind"):
        raise Skip("they need more")
    up = Listener()
    for n in range(4, 12):  # the loader needs one besides 0, 1 and 2
        s = inetd(limits={resource.RLIMIT_NOFILE: n})
        reply = s.ask(up.host, up.port)
        if reply.code == 0:
            far = up.accept()
            s.send(b"served")
            far.expect(b"served").close()
            s.shut()
        else:
            check(reply.code, 1, f"reply with {n} descriptors")
        s.expect_end().exits(0)
