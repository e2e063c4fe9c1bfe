# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that udp_flags.bats plays, one for each @test."""

import random
import select
import time

from lib.bind import arrive
from lib.peer import Listener, MIB, SMALL, check, scale
from lib.program import EVERY_WAY, Session, inetd, pause, pipes, resident, unix
from lib.socks5 import (BIND, CLIENTS_PORT, INTERFACE, Reply, UDP, name, query, read_reply, refusal,
                        request)
from lib.udp import Association, Udp
from lib.world import Dns, Elsewhere, ip, isolate, names

BOTH = INTERFACE | CLIENTS_PORT
ANY = "--allow", "from any to any,loopback,self"
DEBUG = "--log-level", "debug"


class World:
    """A client on one wire, destinations on another, and the program between them."""

    def __init__(self):
        isolate()
        self.inner, self.outer = Elsewhere(), Elsewhere(1)
        with self.outer:
            self.far = [Udp(host) for host in self.outer.THERE]

    def client(self, port=0, six=False):
        with self.inner:
            return Udp(self.inner.THERE[six], port)

    def associate(self, *options, sock=None, port=None, six=False, **flags):
        """An association of a client that sends from sock, and announces its port or another."""
        sock = sock or self.client(six=six)
        s = inetd(*ANY, *options, pair=self.inner.pair(six))
        return Association(s, "0.0.0.0", sock.port if port is None else port, sock, **flags)

    def exchange(self, a, seen_port=None):
        """Datagrams pass to both families; returns the ports that are seen."""
        for to in self.far:
            a.exchange(to)
        ports = {to.peer[1] for to in self.far}
        if seen_port:
            check(ports, {seen_port}, "ports as seen by IPv4 and IPv6")
        return ports


def flags_echoed():
    isolate()
    to = Udp()
    for asked, granted in ((0, 0), (2, 0), (8, 0), (0xFA, 0), (1, 1), (3, 1), (4, 4), (5, 5),
                           (0xFF, 5)):
        a = Association(inetd(), "192.0.2.1", 5000, flags=asked, granted=granted)
        a.exchange(to).over(command="udp", reply="0")
        check(to.peer[1] == 5000, bool(granted & CLIENTS_PORT), "the port that is seen")
    # Without a port the flag has no meaning.
    Association(inetd(), flags=0xFF, granted=INTERFACE).exchange(to).over()
    s = inetd("--deny", "command udp", "--allow", "from any")
    s.greet().send(request("0.0.0.0", 0, command=UDP, rsv=0xFF)).expect(refusal(2)).expect_end()


def other_commands():
    to = Listener()
    for flags in 1, 4, 0xFF:
        s = inetd()
        check(s.ask(to.host, to.port, rsv=flags).code, 0, "reply to CONNECT")
        far = to.accept()
        far.send(b"data").close()
        s.expect(b"data").shut().expect_end().exits(0)
        s = inetd()
        bound = s.ask("127.0.0.1", 0, command=BIND, rsv=flags)
        check(bound.code, 0, "first reply to BIND")
        peer = arrive(bound)
        check(read_reply(s), Reply(0, *peer.name), "second reply to BIND")
        peer.close()
        s.shut().expect_end().exits(0)


def clients_port():
    w = World()
    for six in False, True:
        a = w.associate(six=six, flags=CLIENTS_PORT)
        w.exchange(a, a.sock.port)
        check(a.reply.port != a.sock.port, True, "the relay has another port")
        a.over()
    # The address beside the port may be the one before a translation, or a first destination.
    for host in "10.1.2.3", "example.com":
        sock = w.client()
        s = inetd(*ANY, pair=w.inner.pair())
        a = Association(s, host, sock.port, sock, flags=CLIENTS_PORT)
        w.exchange(a, sock.port)
        a.over()
    ip(f"addr add 198.51.101.9/24 dev {w.outer.near}")
    a = w.associate("--source", "198.51.101.9", flags=CLIENTS_PORT)
    w.exchange(a, a.sock.port)
    check(w.far[0].peer[0], "198.51.101.9", "--source")
    a.over()


def port_not_granted():
    w = World()
    low, high = w.client(1000), w.client(40100)
    for host in "0.0.0.0", "127.0.0.1", "::1":
        hog = Udp(host)
        sock = w.client(hog.port)
        a = w.associate(sock=sock, flags=CLIENTS_PORT, granted=0)
        check(hog.port in w.exchange(a), False, "the port that is not free is used")
        a.over()
        hog.close()
        a = w.associate(sock=sock, flags=CLIENTS_PORT)
        w.exchange(a, sock.port)
        a.over()
    inside = "--port-range", "40000-40100"
    for options, sock, granted in (((), low, 0), (("--port-range", "900-1000"), low, CLIENTS_PORT),
                                   (inside, low, 0), (inside, high, CLIENTS_PORT),
                                   (("--port-range", "40000-40099"), high, 0)):
        a = w.associate(*options, sock=sock, flags=BOTH, granted=granted | INTERFACE)
        check(sock.port in w.exchange(a), bool(granted), f"{sock.port} with {options}")
        a.over()


def one_family_taken():
    w = World()
    hog = Udp("::1")
    sock = w.client(hog.port)
    a = w.associate(sock=sock, flags=CLIENTS_PORT, granted=0)
    check(hog.port in w.exchange(a), False, "one family has the port")
    a.over()
    a = w.associate("--family", "ipv4", sock=sock, flags=CLIENTS_PORT).exchange(w.far[0])
    check(w.far[0].peer[1], hog.port, "with one family there is one to ask")
    a.over()


def relay_moves():
    w = World()
    sock = w.client(40000)
    for i in range(6):
        a = w.associate("--port-range", "40000-40001", sock=sock, flags=CLIENTS_PORT)
        check(a.reply.port, 40001, "the relay's port")
        w.exchange(a, 40000)
        a.over()
    a = w.associate("--port-range", "40000-40000", sock=sock, flags=CLIENTS_PORT, granted=0)
    check(a.reply.port, 40000, "the relay's port")
    check(40000 in w.exchange(a), False, "the port of the relay is used twice")
    a.over()


def told_what_is_seen():
    w = World()
    names("198.51.101.2 far.example.com\n2001:db8:101::2 far6.example.com\n")
    spellings = (("198.51.101.2", "far.example.com", name("198.51.101.2"), "::ffff:198.51.101.2"),
                 ("2001:db8:101::2", "far6.example.com", name("[2001:db8:101::2]")))
    for six, flags in (False, INTERFACE), (True, BOTH):
        a = w.associate(six=six, flags=flags)
        told = [{a.seen(host, port) for host in hosts for port in (far.port, 53, 0)}
                for hosts, far in zip(spellings, w.far)]
        w.exchange(a, a.sock.port if flags == BOTH else None)
        for said, far in zip(told, w.far):
            check(said, {Reply(0, *far.peer)}, "told before the first datagram")
            check(a.seen(far.host, far.port), Reply(0, *far.peer), "told after it")
        a.over()


def routes():
    w = World()
    near = w.inner.near, w.outer.near
    ip(f"""addr add 198.51.101.9/24 dev {near[1]}
           route add 203.0.113.0/24 dev {near[0]} src 198.51.100.1
           route add 203.0.113.0/24 dev {near[1]} src 198.51.101.1 metric 100
           rule add fwmark 7 table 7
           route add 203.0.113.0/24 dev {near[1]} src 198.51.101.9 table 7""")
    for options, want in (((), "198.51.100.1"), (("--source", "198.51.101.9"), "198.51.101.9"),
                          (("--interface", near[1]), "198.51.101.1"),
                          (("--mark", "7"), "198.51.101.9")):
        for flags in INTERFACE, BOTH:
            a = w.associate(*options, flags=flags)
            check(a.seen("203.0.113.5").host, want, f"seen with {options}")
            if not options:
                a.unseen(3, "192.0.2.77").unseen(3, "2001:db8:77::1")
            if want == "198.51.101.9":
                told = a.seen(w.far[0].host)
                w.exchange(a)
                if "--source" in options:
                    check(told, Reply(0, *w.far[0].peer), "told")
            a.over()


def external():
    w = World()
    ip(f"route add 10.9.9.0/24 dev {w.outer.near}")
    nat, own = "203.0.113.9,2001:db8:9::9", ",".join(w.outer.HERE)
    inner, outer = w.inner, w.outer
    for given, answers in (
            (nat, {outer.THERE[0]: "203.0.113.9", outer.THERE[1]: "2001:db8:9::9",
                   inner.THERE[0]: "203.0.113.9", "10.9.9.9": outer.HERE[0],
                   "127.0.0.1": "127.0.0.1", "::1": "::1", inner.HERE[0]: inner.HERE[0]}),
            ("10.1.1.1", {"10.9.9.9": "10.1.1.1", outer.THERE[1]: outer.HERE[1]}),
            (own, {outer.THERE[0]: outer.HERE[0], inner.THERE[0]: inner.HERE[0],
                   inner.THERE[1]: inner.HERE[1]})):
        a = w.associate("--external", given, flags=INTERFACE)
        a.relay = inner.HERE[0], a.reply.port
        told = {host: a.seen(host) for host in answers}
        check({host: reply.host for host, reply in told.items()}, answers, f"with {given}")
        w.exchange(a)
        for far in w.far:
            if far.host in told:
                check(told[far.host].port, far.peer[1], "the port")
        a.unseen(3, "192.0.2.77").over()


def refused():
    isolate()
    names("127.0.0.5 good.example.com bad.example.com\n127.0.0.6 other.example.com\n"
          "2001:db8::6 six.example.com\n")
    Dns({})
    rules = ("--deny", "to bad.example.com", "--deny", "to 127.0.0.6 command udp", "--deny",
             "port 25", "--allow", "from any to loopback")
    to = Udp()
    a = Association(inetd(*rules), flags=INTERFACE)
    for code, host, port in ((2, "127.0.0.6", 53), (2, "127.0.0.6", 0), (2, "127.0.0.1", 25),
                             (2, "bad.example.com", 53), (2, "other.example.com", 53),
                             (2, "192.0.2.1", 53), (4, "missing.example.com", 53),
                             (4, name(b"127.1"), 53), (4, name(b"a b"), 53),
                             (4, name(b"x" * 255), 53), (1, name(b""), 53),
                             (1, name(b"a\0b"), 53)):
        a.unseen(code, host, port)
        check(a.seen("good.example.com").code, 0, f"reply after the query about {host!r}")
    a.exchange(to).over()
    for family, yes, no in ("ipv4", "127.0.0.1", "::1"), ("ipv6", "::1", "127.0.0.1"):
        a = Association(inetd("--family", family), flags=INTERFACE)
        check(a.seen(yes).host, yes)
        a.unseen(8, no).over()
    a = Association(inetd("--family", "ipv4"), flags=INTERFACE)
    a.unseen(4, "six.example.com").over()


def split():
    isolate()
    names("127.0.0.5 good.example.com\n")
    asked = (query("127.0.0.1", 1) + query("good.example.com", 2) + query("::1", 3)
             + query("192.0.2.1", 4))
    a = Association(inetd("--deny", "to 192.0.2.1", "--allow", "from any to loopback"),
                    flags=INTERFACE)

    def answered():
        return [read_reply(a.session)[:2] for _ in range(4)]

    want = [(0, "127.0.0.1")] * 2 + [(0, "::1"), (2, "0.0.0.0")]
    for at in range(len(asked)):
        a.session.send(asked[:at])
        pause(0.002)
        a.session.send(asked[at:])
        check(answered(), want, f"answers if split at {at}")
    a.session.send_split(asked)
    check(answered(), want, "answers byte by byte")
    many = scale(1000, 200)
    a.session.send(asked * 20)
    for i in range(20):
        check(answered(), want, "answers of many at once")
    for i in range(many):
        a.session.send(asked)
        check(answered(), want, "answers in a row")
    a.over()


def garbage():
    to = Udp()
    a = Association(inetd(), flags=INTERFACE).exchange(to)
    for waste in (b"\5\1\0\1\x7f\0\0\1\0\x50", b"\0", bytes(3000), b"\0\2\0\1\xff", b"\0\1\1\1",
                  b"\0\1\7", b"\0\1\0\2\7", b"\0\1\0\xff" + b"\xff" * 9,
                  b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 5000, b"\1" * 5000):
        a.session.send(waste)
        check(a.seen("127.0.0.1"), Reply(0, "127.0.0.1", to.peer[1]), f"reply after {waste[:9]!r}")
        a.session.send_split(waste[:50])
        check(a.seen("127.0.0.1").code, 0, f"reply after {waste[:9]!r} byte by byte")
    dice = random.Random(1928)
    for i in range(scale(300, 50)):
        size = dice.choice((9, 900))
        a.session.send(bytes(dice.choice((0, 1, 2, 3, 4, 5, 255)) for _ in range(size)))
        a.exchange(to)
        while select.select([a.session.r], [], [], 0)[0]:
            a.session.read()
    a.lives(to).over()


def without_the_flag():
    to = Udp()
    for flags in 0, 2, CLIENTS_PORT:
        a = Association(inetd(), flags=flags, granted=0)
        a.session.send(query("127.0.0.1", 53) * 1000).silent(0.1)
        a.exchange(to).over()


def every_way():
    to = Udp()
    for start in EVERY_WAY:
        a = Association(start(), flags=INTERFACE)
        said = a.seen("127.0.0.1")
        a.exchange(to)
        check(said, Reply(0, *to.peer), f"told over {start.__name__}")
        a.session.send(query("127.0.0.1", 53) * 100)
        for i in range(100):
            check(read_reply(a.session), said)
        a.lives(to).over()


def slow_name():
    isolate()
    names()
    dns = Dns({"late.example.com": ["127.0.0.1"]}, silent={"slow.example.com"}, delay=0.3)
    to = Udp()
    a = Association(inetd("--connect-timeout", "3s"), flags=INTERFACE)
    began = time.monotonic()
    a.session.send(query("late.example.com", 53) + query("127.0.0.1", 53) * 500)
    a.exchange(to)
    for i in range(501):
        check(read_reply(a.session), Reply(0, *to.peer))
    a.session.send(query("slow.example.com", 53) + query("127.0.0.1", 53))
    for i in range(10):
        a.exchange(to)
    check(read_reply(a.session), Reply(4, "0.0.0.0", 0), "reply about the slow name")
    check(read_reply(a.session).code, 0, "reply about the address behind it")
    check(time.monotonic() - began > 3, True, "the slow name had its time")
    check("slow.example.com" in dns.asked, True)
    a.over()


def same_address():
    isolate()
    here = "192.0.2.1", "192.0.2.2"
    for host in here:
        ip(f"addr add {host}/32 dev lo")
    names()
    Dns({"one.example.com": here, "two.example.com": here[::-1]})
    both = {host: Udp(host, 7000) for host in here}
    for first in "one.example.com", "two.example.com":
        for flags in INTERFACE, BOTH:
            a = Association(inetd("--family", "ipv4"), flags=flags, granted=INTERFACE)
            said = a.seen(first, 7000)
            a.exchange(both[said.host], host=first)
            check(both[said.host].peer, (said.host, said.port), "as it was seen")
            a.over()


def flood():
    to = Udp()
    many = query("127.0.0.1", 53) * 5000
    for start in inetd, unix, pipes:
        a = Association(start(), flags=INTERFACE).exchange(to)
        before, sent = resident(a.session.pid), 0
        while a.session.room(0.5):
            sent += a.session.write(many)
            a.exchange(to)
        a.lives(to)
        check(SMALL or resident(a.session.pid) - before < MIB, True, "memory stays small")
        for i in range(min(sent // 10, 3000)):
            check(read_reply(a.session).code, 0)
        a.lives(to)
        a.session.close()
        a.session.wait()


def control_ends():
    isolate()
    names()
    Dns({}, silent={"slow.example.com"})
    to = Udp()
    waits = query("slow.example.com", 53) + query("127.0.0.1", 53) * 500
    for start in EVERY_WAY:
        for leave in Session.shut, Session.close:
            s = start()
            a = Association(s, flags=INTERFACE).exchange(to)
            s.send(waits)
            a.exchange(to)
            leave(s)
            s.exits(0)
    a = Association(inetd(), flags=INTERFACE).exchange(to)
    a.session.send(waits).reset()
    a.session.ended("reset")


def idle():
    to = Udp()
    a = Association(inetd("--idle-timeout", "2s"), flags=INTERFACE).exchange(to)
    began = time.monotonic()
    for i in range(5):
        pause(0.7)
        check(a.seen("127.0.0.1").code, 0, f"reply to query {i}")
    a.session.send(b"no query")
    a.over("idle", sent="4", received="4")
    check(time.monotonic() - began > 3, True, "the queries kept it alive")


def logged():
    isolate()
    rules = "--deny", "to 127.0.0.6", "--allow", "from any to loopback"
    a = Association(inetd(*rules, *DEBUG), "127.0.0.1", 5000, flags=BOTH)
    check(a.seen("127.0.0.5", 53).code, 0)
    a.unseen(2, "127.0.0.6", 53)
    a.over(reply="0", dest=None, peer=None, command="udp",
           error="datagrams to 127.0.0.6:53 must not be sent: denied by command-line:1")
    text = a.session.stderr()
    for line in ("udp: the client's port is used", "udp: may send to 127.0.0.5:53",
                 "udp: tells as which address 127.0.0.5:53 sees it: 127.0.0.1:5000",
                 "udp: must not send to 127.0.0.6:53"):
        check(line in text, True, f"{line!r} in {text!r}")
    for port, options, why in ((0, (), "the request names none"), (80, (), "it is below 1024"),
                               (5000, ("--port-range", "6000-6009"), "it is not in port-range"),
                               (5000, (), "Address ")):
        hog = Udp(port=port) if why == "Address " else None
        a = Association(inetd(*DEBUG, *options), "192.0.2.1", port, flags=BOTH, granted=INTERFACE)
        a.over(error=None)
        text = a.session.stderr()
        check(f"udp: the client's port is not used: {why}" in text, True, text)
        if hog:
            hog.close()
