# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that socks4.bats plays, one for each @test."""

import os

from lib.bind import arrive, part
from lib.peer import Listener, check, closed_port
from lib.program import EVERY_WAY, inetd, remote, tmp
from lib.socks4 import read_reply4, request4
from lib.socks5 import BIND, RESOLVE, Reply, name
from lib.world import Dns, isolate, names


def off_by_default():
    for start in EVERY_WAY:
        s = start()
        s.send(request4("127.0.0.1", 80))
        s.expect_end().ended("protocol")


def address_and_name():
    isolate()
    names("127.0.0.1 four.example.com\n::1 six.example.com\n")
    four, six = Listener(), Listener("::1")
    for start in EVERY_WAY:
        for to, host in ((four, "127.0.0.1"), (four, "four.example.com"), (six, "six.example.com"),
                         (six, name("::1")), (four, name("127.0.0.1"))):
            s = start("--socks4")
            s.send(request4(host, to.port, user=b"fred") + b"early")
            code, _, _ = read_reply4(s)
            check(code, 90)
            far = to.accept()
            far.expect(b"early").send(b"late").shut()
            s.expect(b"late").expect_end()
            s.shut()
            far.expect_end()
            s.ended("eof", user="fred", command="connect", reply="90", sent="5", received="4")
    s = inetd("--socks4")
    s.send(request4("127.0.0.1", four.port, user=b""))
    code, host, port = read_reply4(s)
    far = four.accept()
    check((code, (host, port)), (90, four.peer), "the address in the reply")
    part(s, far).ended("eof", user=None)


def socks5_beside_it():
    to = Listener()
    s = inetd("--socks4")
    far = s.connect(to)
    s.send(b"x").shut()
    far.expect(b"x").expect_end()
    far.shut()
    s.expect_end().ended("eof", reply="0")


def split_anywhere():
    isolate()
    names("127.0.0.1 four.example.com\n")
    to = Listener()
    for host in "127.0.0.1", "four.example.com":
        whole = request4(host, to.port, user=b"fred") + b"data"
        for size in 1, 2, 3, 7, len(whole):
            s = inetd("--socks4")
            s.send_split(whole, size)
            far = to.accept()
            far.expect(b"data")
            check(read_reply4(s)[0], 90)
            part(s, far).ended("eof", user="fred")


def failures():
    isolate()
    names()
    Dns({})

    def refused(whole, end, *options):
        s = inetd("--socks4", *options)
        s.send(whole + b"more that nobody reads")
        s.expect_end(data=b"\0\x5b" + bytes(6)).ended(end, reply="91")

    refused(request4("127.0.0.1", closed_port()), "failed")
    refused(request4("127.0.0.1", 0), "protocol")
    refused(request4("missing.example.com", 80), "failed")
    refused(request4(name(""), 80), "protocol")
    refused(request4("127.0.0.1", 80, command=3), "protocol")
    refused(request4("127.0.0.1", 80, command=0xF1), "protocol")
    refused(request4("127.0.0.1", 80, user=b"u" * 256), "protocol")
    refused(request4(name("n" * 254), 80), "failed")
    refused(request4("127.0.0.1", 80), "denied", "--deny", "to 127.0.0.1", "--allow", "from any")
    refused(request4("127.0.0.1", 80), "denied", "--deny", "command connect", "--allow", "from any")
    refused(request4("127.0.0.1", 80), "protocol", "--family", "ipv6")
    refused(request4("host.example.com", 80, command=2), "protocol", "--family", "ipv6")


def longest_user_id():
    to = Listener()
    s = inetd("--socks4")
    s.send(request4("127.0.0.1", to.port, user=b"u" * 255))
    check(read_reply4(s)[0], 90)
    part(s, to.accept()).ended("eof", user="u" * 255)
    s = inetd("--socks4")
    s.send(request4(name("n" * 255), 80)).expect_end(data=b"\0\x5b" + bytes(6)).ended("failed")


def odd_user_id():
    to = Listener()
    s = inetd("--socks4")
    s.send(request4("127.0.0.1", to.port, user=b'a "b\\\n\x1b\xff'))
    check(read_reply4(s)[0], 90)
    part(s, to.accept()).exits(0)
    check(s.log["user"], r"a \x22b\x5c\x0a\x1b\xff")


def where_none_is_accepted():
    to = Listener()
    users = tmp("users", "fred:$apr1$saltsalt$LrttParrLPdxvgutaSXWJ0\n")
    os.chmod(users, 0o600)

    def answer(*options, start=inetd):
        s = start("--socks4", *options)
        s.send(request4("127.0.0.1", to.port, user=b"fred"))
        code, _, _ = read_reply4(s)
        (part(s, to.accept()) if code == 90 else s.expect_end()).exits(0)
        return code, s.log["end"]

    check(answer("--users", users), (91, "auth"))
    check(answer("--users", users, "--auth", "password,none"), (90, "eof"))
    check(answer("--allow", "user fred"), (91, "denied"))
    check(answer("--allow", "user *"), (91, "denied"))
    check(answer("--users", users, "--auth", "password,none", "--allow", "user fred"), (91, "auth"))
    check(answer("--deny", "user fred", "--allow", "from any"), (90, "eof"))
    check(answer("--allow", "user fred", "--allow", "from any to loopback"), (90, "eof"))
    check(answer(start=remote), (91, "denied"))


def both_replies_of_bind():
    for start in EVERY_WAY:
        for host in "127.0.0.5", "0.0.0.0":
            s = start("--socks4")
            s.send(request4(host, 21, command=BIND, user=b"fred"))
            code, where, port = read_reply4(s)
            check((code, where), (90, "127.0.0.1"), "first reply")
            if host != "0.0.0.0":
                arrive(Reply(0, where, port), "127.0.0.6").expect_end()
            peer = arrive(Reply(0, where, port), "127.0.0.5")
            check(read_reply4(s), (90, *peer.name), "second reply")
            peer.send(b"data").shut()
            s.expect(b"data").expect_end()
            s.shut()
            peer.expect_end()
            s.ended("eof", command="bind", user="fred")
    s = inetd("--socks4", "--bind-timeout", "300ms")
    s.send(request4("127.0.0.5", 21, command=BIND))
    check(read_reply4(s)[0], 90)
    s.expect_end(data=b"\0\x5b" + bytes(6)).ended("timeout")


def resolves_ipv4():
    isolate()
    names("2001:db8::5 both.example.com\n192.0.2.5 both.example.com\n2001:db8::5 six.example.com\n")
    Dns({})
    s = inetd("--socks4")
    s.send(request4("both.example.com", 0, command=RESOLVE))
    check(read_reply4(s)[:2], (90, "192.0.2.5"))
    s.expect_end().ended("eof", command="resolve")
    s = inetd("--socks4")
    s.send(request4("six.example.com", 0, command=RESOLVE))
    s.expect_end(data=b"\0\x5b" + bytes(6)).exits(0)


def handshake_timeout():
    whole = request4("four.example.com", 80, user=b"fred")
    cut = [inetd("--socks4", "--handshake-timeout", "400ms").send(whole[:n])
           for n in (1, 2, 8, 10, 13, len(whole) - 1)]
    for s in cut:
        s.expect_end().ended("timeout")
    for n in 1, 2, 8, 10, 13, len(whole) - 1:
        s = inetd("--socks4")
        s.send(whole[:n]).shut().expect_end().ended("eof")
