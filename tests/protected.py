# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that protected.bats plays, one for each @test."""

import re
import signal

from lib.bind import arrive, part
from lib.gss import (ABORT, ALICE, CHOSEN, CONFIDENTIALITY, CONTEXT, Context, DATA, DATAGRAMS, EVERY,
                     FLAGS, GREETING, Inside, LEVEL, PROTECTED, STREAM, SealedUdp, begin, enter,
                     frame, gss, served)
from lib.peer import Listener, MIB, RESET, check, closed_port, flow, noise, scale, together
from lib.program import KIND, Skip, pause
from lib.relayed import finish, pause_client, talk
from lib.socks5 import BIND, INTERFACE, Reply, read_reply, request
from lib.tls import VERSIONS, name_of, sealed
from lib.trace import after_sandbox, traced
from lib.udp import Association, Udp, datagram
from lib.users import some


def both_directions():
    size = scale(64, 2) * MIB
    up = Listener()
    for level in EVERY:
        inside = enter(gss(), level)
        far = inside.connect(up)
        together(lambda: flow(inside, far, size), lambda: flow(far, inside, size))
        finish(inside, far, sent=str(size), received=str(size))


def inside_tls():
    up = Listener()
    for version in VERSIONS:
        for level in EVERY:
            inside = enter(sealed("--auth", "gssapi", "--gssapi-levels", "2,1,0", version=version,
                                  env=served()), level)
            far = inside.connect(up)
            talk(inside, far)
            together(lambda: flow(inside, far, MIB), lambda: flow(far, inside, MIB))
            inside.shut()
            far.expect_end().send(noise(300000, 3)).close()
            inside.expect_end(data=noise(300000, 3))
            inside.ended("eof", reply="0", tls=name_of(version))


def cut_at_every_byte():
    up = Listener()
    for level in EVERY:
        session = gss()
        session.send(GREETING).expect(CHOSEN)
        context = Context(session).establish(session.send_split)
        session.send_split(frame(LEVEL, context.wrap(bytes([level]), False)))
        context.granted = level
        check(context.read_level(), level, "the level granted")
        inside = Inside(context)
        session.send_split(context.seal(request(up.host, up.port)) + context.seal(b"early"))
        check(read_reply(inside).code, 0, "reply")
        far = up.accept().expect(b"early")
        session.send_split(context.seal(b"one") + context.seal(b"two"))
        far.expect(b"onetwo")
        finish(inside, far)
    for cut in some(range(0, 300, 7)):
        session = gss()
        context = begin(session)
        context.granted = CONFIDENTIALITY
        whole = frame(LEVEL, context.wrap(b"\2", False))
        whole += context.seal(request(up.host, up.port)) + context.seal(b"early")
        session.send(whole[:cut])
        pause(0.001)
        session.send(whole[cut:])
        check(context.read_level(), CONFIDENTIALITY, "the level granted")
        inside = Inside(context)
        check(read_reply(inside).code, 0, "reply")
        finish(inside, up.accept().expect(b"early"))


def all_at_once():
    up = Listener()
    for level in EVERY:
        session = gss()
        context = begin(session)
        context.granted = level
        early = noise(100000, 1)
        session.send(frame(LEVEL, context.wrap(bytes([level]), False))
                     + context.seal(request(up.host, up.port)) + context.seal(early))
        check(context.read_level(), level, "the level granted")
        inside = Inside(context)
        check(read_reply(inside).code, 0, "reply")
        finish(inside, up.accept().expect(early), sent="100000")
    # The client's end as well.
    session = gss()
    context = begin(session)
    context.granted = CONFIDENTIALITY
    session.send(frame(LEVEL, context.wrap(b"\2", False))
                 + context.seal(request(up.host, up.port)) + context.seal(b"all")).shut()
    check(context.read_level(), CONFIDENTIALITY, "the level granted")
    inside = Inside(context)
    check(read_reply(inside).code, 0, "reply")
    far = up.accept()
    far.expect_end(data=b"all").send(b"answer").close()
    inside.expect_end(data=b"answer")
    inside.ended("eof", sent="3", received="6")


def frames_are_not_messages():
    up = Listener()
    asked = request(up.host, up.port)
    for level in PROTECTED:
        for pieces in ([bytes([b]) for b in asked], [asked[:4], asked[4:]], [asked + b"early"],
                       [asked[:7], asked[7:] + b"ear", b"ly"]):
            inside = enter(gss(), level)
            inside.context.session.send(b"".join(inside.context.seal(p) for p in pieces))
            check(read_reply(inside).code, 0, f"reply to {pieces}")
            far = up.accept()
            inside.send(b"!")
            early = b"".join(pieces)[len(asked):]
            finish(inside, far.expect(early + b"!"))


def smallest_and_largest():
    up = Listener()
    for level in PROTECTED:
        inside = enter(gss(), level)
        context, session = inside.context, inside.context.session
        nothing = frame(DATA, context.wrap(b"", level == CONFIDENTIALITY))
        session.send(nothing + context.seal(request(up.host, up.port)))
        check(read_reply(inside).code, 0, "reply")
        far = up.accept()
        for _ in range(3):
            session.send(frame(DATA, context.wrap(b"", level == CONFIDENTIALITY)))
        talk(inside, far)
        data = noise(1 << 16, 2)
        most = len(data)
        while len(token := context.wrap(data[:most], level == CONFIDENTIALITY)) > 0xffff:
            most -= len(token) - 0xffff
            # The token that was too large is not sent, so its number would be missing.
            inside = _again(up, level)
            context, session, far = inside.context, inside.context.session, inside.far
        check(len(token), 0xffff, "the largest token")
        session.send(frame(DATA, token))
        far.expect(data[:most])
        far.send(data)
        inside.expect(data)
        finish(inside, far)


def _again(up, level):
    inside = enter(gss(), level)
    inside.far = inside.connect(up)
    return inside


def half_close():
    up = Listener()
    for level in EVERY:
        inside = enter(gss(), level)
        far = inside.connect(up)
        inside.send(b"question")
        inside.shut()
        far.expect_end(data=b"question")
        pause(0.05)
        far.send(noise(300000, 3)).close()
        inside.expect_end(data=noise(300000, 3))
        inside.ended("eof")
        inside = enter(gss(), level)
        far = inside.connect(up)
        far.send(b"greeting").shut()
        inside.expect_end(data=b"greeting")
        pause(0.05)
        inside.send(noise(300000, 4)).shut()
        far.expect_end(data=noise(300000, 4))
        inside.ended("eof")


def slow_client():
    up, size = Listener(), 3000
    for level in PROTECTED:
        inside = enter(gss(), level)
        far = inside.connect(up)
        together(lambda: flow(inside, far, size, chunk=lambda: 1),
                 lambda: flow(far, inside, size * 100, gulp=lambda: 1000, pause=0.0005))
        finish(inside, far)


def paused_client():
    up = Listener()
    for level in PROTECTED:
        inside = enter(gss(), level)
        pause_client(inside, inside.connect(up))


def ended_in_order():
    up = Listener()
    for level in PROTECTED:
        for end, options in (("signal", ()), ("idle", ("--idle-timeout", "300ms")),
                             ("lifetime", ("--lifetime", "1s"))):
            inside = enter(gss(*options), level)
            far = inside.connect(up)
            talk(inside, far)
            if end == "signal":
                inside.context.session.kill(signal.SIGTERM)
            inside.expect_end()
            far.expect_end().close()
            inside.ended(end)


def failure_protected():
    port = closed_port()
    for level in EVERY:
        inside = enter(gss(), level)
        check(inside.ask("127.0.0.1", port), Reply(5, "0.0.0.0", 0), "reply")
        inside.expect_end()
        inside.ended("failed", reply="5")
        inside = enter(gss(), level)
        inside.send(request("127.0.0.1", port, command=9))
        check(read_reply(inside).code, 7, "reply to an unknown command")
        inside.expect_end()
        inside.ended("protocol", reply="7")


def bind_protected():
    for level in EVERY:
        inside = enter(gss(), level)
        first = inside.ask("127.0.0.1", 0, command=BIND)
        check(first.code, 0, "first reply")
        inside.send(b"early")
        peer = arrive(first)
        second = read_reply(inside)
        check((second.code, second.host, second.port), (0, *peer.name), "second reply")
        peer.expect(b"early")
        talk(inside, peer)
        part(inside, peer)
        inside.ended("eof", command="bind")


def _associate(level=CONFIDENTIALITY, checks=DATAGRAMS, **more):
    inside = enter(gss(), level, flags=checks)
    return Association(inside, sock=SealedUdp(inside.context), **more)


def datagrams_protected():
    to = Udp()
    for level in EVERY:
        a = _associate(level)
        for size in 0, 1, 1000, 8000, 60000:
            a.exchange(to, noise(size, 6), noise(size, 7))
        # A sequence of fragments is put together inside the protection.
        a.send(to, b"one", frag=1).send(to, b"two", frag=0x82)
        to.expect(b"onetwo")
        a.lives(to)
        a.over(command="udp", reply="0")
        # What is asked on the control connection is protected as well.
        a = _associate(level, flags=INTERFACE)
        seen = a.seen(to.host, to.port)
        a.exchange(to)
        check((seen.code, seen.host, seen.port), (0, *to.peer), "as which the destination sees it")
        a.over()


def datagrams_refused():
    to = Udp()
    plain = datagram(to.host, to.port, b"bad")
    for level in PROTECTED:
        a = _associate(level)
        a.lives(to)
        good = a.sock.sealed(plain)
        bad = [plain, b"", b"\1", b"\1\3\0", b"\1\3\0\0", good[:-1], good + b"x", b"\0" + good[1:],
               good[:1] + b"\1" + good[2:], b"\5" + good[1:]]
        bad += [good[:at] + bytes([good[at] ^ 1]) + good[at + 1:]
                for at in (2, 3, 4, 6, 15, 20, len(good) - 30, len(good) - 1)]
        bad.append(a.sock.sealed(b"\0\0"))  # no header inside
        if level == CONFIDENTIALITY:
            bad.append(a.sock.sealed(plain, secret=False))
        for data in bad:
            a.sock.sock.sendto(data, a.relay)
        a.lives(to)
        # In another order than they were made, with one missing: the network may do that.
        order = [a.sock.sealed(datagram(to.host, to.port, b"%d" % n)) for n in range(5)]
        for n in 3, 0, 4, 1:
            a.sock.sock.sendto(order[n], a.relay)
            to.expect(b"%d" % n)
            a.sock.sock.sendto(order[n], a.relay)  # once more, as an attacker might
        a.lives(to)
        to.silent(0.1)
        a.over()
    # What comes from the destination is protected as well, whatever it looks like.
    a = _associate()
    a.exchange(to, b"ping", good)
    a.over()


def datagrams_replayed():
    to = Udp()
    for checks in STREAM, DATAGRAMS, FLAGS.mutual_authentication:
        a = _associate(checks=checks)
        first = a.sock.sealed(datagram(to.host, to.port, b"first"))
        for others in 0, 70:
            a.sock.sock.sendto(first, a.relay)
            if not others:
                to.expect(b"first")
            for n in range(others):
                a.exchange(to, b"%d" % n)
        a.sock.sock.sendto(first, a.relay)
        a.lives(to)
        to.silent(0.1)
        a.over()


def datagrams_lost():
    to = Udp()
    a = _associate(checks=STREAM, flags=INTERFACE)
    for data in b"a", b"b":
        a.exchange(to, data)
        a.sock.sealed(datagram(to.host, to.port, b"lost"))
        check(a.seen(to.host, to.port).code, 0, "the reply to a query after a lost datagram")
    a.over()


def _bad(frames, levels=PROTECTED, ended="protocol"):
    """Plays sessions in which the client sends what each of frames makes, after good bytes."""
    up = Listener()
    for level in levels:
        for make in frames:
            inside = enter(gss(), level)
            far = inside.connect(up)
            far.send(b"received")
            inside.expect(b"received")
            session = inside.context.session
            session.send(make(inside.context, inside.context.seal(b"delivered")))
            if getattr(make, "ends", False):
                session.shut()
            check(far.rest(), (b"delivered", RESET), f"upstream after {make.__name__} at {level}")
            check(inside.rest(), (b"", RESET), f"client after {make.__name__} at {level}")
            session.over = True
            inside.ended(ended, sent=str(len(b"delivered")))
            far.close()


def _flip(at, bit=1):
    def flip(context, before):
        data = bytearray(context.seal(b"changed on its way"))
        data[at] ^= bit
        return before + bytes(data) + context.seal(b"never delivered")
    flip.__name__ = f"flip {at}"
    return flip


def bad_frames():
    def plain(_, before):
        return before + b"GET / HTTP/1.0\r\n\r\n"

    def no_length(_, before):
        return before + b"\1\3\0\0"

    def no_token(_, before):
        return before + frame(DATA, b"garbage")

    def of_context(context, before):
        return before + frame(CONTEXT, context.seal(b"x")[4:])

    def of_level(context, before):
        return before + frame(LEVEL, context.wrap(b"\2", False))

    def abort(_, before):
        return before + ABORT

    def in_the_clear(context, before):
        return before + frame(DATA, context.wrap(b"can be read on its way", False))

    _bad((plain, no_length, no_token, of_context, of_level, abort,
          *map(_flip, some([4, 5, 6, 8, 12, 19, 20, 25, -1, -9, -14]))))
    _bad((in_the_clear,), levels=(CONFIDENTIALITY,))


def bad_order():
    def replayed(_, before):
        return before + before

    def missing(context, before):
        context.seal(b"lost")
        return before + context.seal(b"next")

    def swapped(context, before):
        one, two = context.seal(b"one"), context.seal(b"two")
        return before + two + one

    def early(context, before):
        second = context.seal(b"second")
        third = context.seal(b"third")
        return before + third + second

    _bad((replayed, missing, swapped, early))


def end_within_frame():
    def cut(at):
        def ends(context, before):
            return before + context.seal(b"cut off")[:at]
        ends.ends = True
        ends.__name__ = f"cut at {at}"
        return ends

    _bad([cut(at) for at in (1, 2, 3, 4, 10, -1)])


def _flip_last(token):
    return token[:-1] + bytes([token[-1] ^ 1])


def bad_request():
    up = Listener()
    for level in PROTECTED:
        for make in (lambda c: request(up.host, up.port),
                     lambda c: frame(DATA, request(up.host, up.port)),
                     lambda c: _flip_last(c.seal(request(up.host, up.port))),
                     lambda c: (c.seal(b"lost"), c.seal(request(up.host, up.port)))[1]):
            inside = enter(gss(), level)
            session = inside.context.session
            session.send(make(inside.context))
            got, _ = session.rest()
            check(got, b"", "the answer")
            session.exits(0)
            check((session.log["end"], session.log["user"]), ("protocol", ALICE))
    assert up.nobody_came()


def upstream_reset():
    up = Listener()
    for level in EVERY:
        inside = enter(gss(), level)
        far = inside.connect(up)
        far.send(b"half of it")
        inside.expect(b"half of it")
        far.reset()
        check(inside.rest(), (b"", RESET), "the client's end")
        inside.context.session.over = True
        inside.ended("reset")


def sandboxed():
    if KIND in ("sanitize", "valgrind"):
        raise Skip("runs with --no-sandbox")
    up = Listener()
    for level in EVERY:
        inside = enter(gss(), level)
        far = inside.connect(up)
        talk(inside, far)
        with open(f"/proc/{inside.context.session.pid}/status") as f:
            check(re.search(r"Seccomp_filters:\t(\d)", f.read())[1], "2", "filters in the relay")
        finish(inside, far)
    traced()
    allowed = {"ppoll", "recvfrom", "recvmsg", "sendto", "sendmsg", "read", "write", "shutdown",
               "close", "ioctl", "setsockopt", "madvise", "clock_gettime", "exit_group", "brk",
               "mmap", "munmap", "mremap", "pipe2", "fcntl", "splice", "rt_sigreturn", "getrandom"}
    for level in EVERY:
        inside = enter(gss(), level)
        far = inside.connect(up)
        talk(inside, far)
        together(lambda: flow(inside, far, MIB), lambda: flow(far, inside, MIB))
        finish(inside, far)
        made = set(after_sandbox(inside.context.session))
        assert made <= allowed, (level, made - allowed)
