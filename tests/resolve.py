# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that resolve.bats plays, one for each @test."""

from lib.peer import EOF, Listener, check, noise
from lib.program import EVERY_WAY, inetd, remote
from lib.socks5 import (CHOSEN, GREETING, RESOLVE, RESOLVE_PTR, Reply, name, read_reply, refusal,
                        request)
from lib.world import Dns, isolate, names


def resolves_name():
    isolate()
    names("127.0.0.5 four.example.com\n::5 six.example.com\n")
    for start in EVERY_WAY:
        for host, address in (("four.example.com", "127.0.0.5"), ("six.example.com", "::5"),
                              ("127.0.0.7", "127.0.0.7"), ("2001:db8::7", "2001:db8::7"),
                              ("::ffff:127.0.0.7", "127.0.0.7"), (name("127.0.0.7"), "127.0.0.7")):
            s = start()
            check(s.ask(host, 443, command=RESOLVE), Reply(0, address, 0), f"{host!r}")
            s.expect_end().ended("eof", command="resolve", reply="0", sent=None)


def nothing_connected():
    to = Listener()
    s = inetd()
    s.send(GREETING + request("127.0.0.1", to.port, command=RESOLVE) + noise(5000))
    s.expect(CHOSEN)
    check(read_reply(s), Reply(0, "127.0.0.1", 0))
    s.expect_end().exits(0)
    assert to.nobody_came()


def rules_filter_addresses():
    isolate()
    names("127.0.0.5 two.example.com\n127.0.0.6 two.example.com\n")

    def resolve(*rules, host="two.example.com", port=443):
        s = inetd(*rules)
        reply = s.ask(host, port, command=RESOLVE)
        s.expect_end().exits(0)
        return reply.code, reply.host

    check(resolve("--deny", "to 127.0.0.5", "--allow", "from any"), (0, "127.0.0.6"))
    check(resolve("--deny", "to 127.0.0.6", "--allow", "from any"), (0, "127.0.0.5"))
    check(resolve("--deny", "to 127.0.0.0/8", "--allow", "from any"), (2, "0.0.0.0"))
    check(resolve("--deny", "command resolve", "--allow", "from any"), (2, "0.0.0.0"))
    check(resolve("--deny", "to .example.com", "--allow", "from any"), (2, "0.0.0.0"))
    check(resolve("--deny", "to 127.0.0.5", "--allow", "from any", host="127.0.0.5"),
          (2, "0.0.0.0"))
    # The port does not matter.
    check(resolve("--deny", "port 443", "--allow", "from any")[0], 0)
    check(resolve("--deny", "port 443", "--allow", "from any", port=0)[0], 0)
    s = remote("--allow", "from any")
    s.refused(2, "two.example.com", 0, command=RESOLVE).ended("denied")


def missing_or_slow_name():
    isolate()
    names()
    Dns({"here.example.com": ["192.0.2.5"]}, silent={"slow.example.com"})
    check(inetd().ask("here.example.com", 0, command=RESOLVE), Reply(0, "192.0.2.5", 0))
    inetd().refused(4, "missing.example.com", 0, command=RESOLVE).ended("failed")
    s = inetd("--connect-timeout", "500ms")
    s.refused(4, "slow.example.com", 0, command=RESOLVE).ended("timeout")
    inetd().refused(4, name("0x7f.1"), 0, command=RESOLVE).exits(0)
    inetd().refused(1, name(""), 0, command=RESOLVE).exits(0)


def family():
    isolate()
    names("192.0.2.5 both.example.com\n2001:db8::5 both.example.com\n")
    for family, address in (("ipv4", "192.0.2.5"), ("ipv6", "2001:db8::5"),
                            ("prefer-ipv4", "192.0.2.5"), ("prefer-ipv6", "2001:db8::5")):
        s = inetd("--family", family)
        check(s.ask("both.example.com", 0, command=RESOLVE), Reply(0, address, 0), family)


def reverse_lookup():
    isolate()
    names("192.0.2.5 four.example.com\n2001:db8::5 six.example.com\n")
    Dns({})

    def answer(start, host, *options):
        s = start(*options)
        s.greet().send(request(host, 99, command=RESOLVE_PTR))
        got, how = s.rest()
        check(how, EOF)
        s.ended("eof" if got[1] == 0 else {2: "denied", 4: "failed", 8: "protocol"}[got[1]],
                command="resolve-ptr")
        return got

    def named(host):
        return b"\5\0\0" + name(host) + b"\0\0"

    for start in EVERY_WAY:
        check(answer(start, "192.0.2.5"), named("four.example.com"))
        check(answer(start, "2001:db8::5"), named("six.example.com"))
        check(answer(start, name("192.0.2.5")), named("four.example.com"))
    check(answer(inetd, "192.0.2.6"), refusal(4))
    check(answer(inetd, "four.example.com"), refusal(8))
    check(answer(inetd, "192.0.2.5", "--deny", "to 192.0.2.0/24", "--allow", "from any"),
          refusal(2))
    check(answer(inetd, "192.0.2.5", "--deny", "command resolve", "--allow", "from any"),
          refusal(2))


def slow_reverse_lookup():
    isolate()
    names()
    Dns()
    s = inetd("--connect-timeout", "500ms")
    s.refused(4, "192.0.2.5", 0, command=RESOLVE_PTR).ended("timeout")
