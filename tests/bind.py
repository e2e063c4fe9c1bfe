# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that bind.bats plays, one for each @test."""

import itertools
import signal

from lib.bind import arrive, part
from lib.peer import KIB, MIB, check, closed_port, flow
from lib.program import EVERY_WAY, Session, inetd, remote
from lib.socks5 import BIND, Reply, name, read_reply
from lib.world import Dns, Elsewhere, ip, isolate, names


def two_replies_then_relay():
    for start in EVERY_WAY:
        s = start()
        reply = s.ask("127.0.0.1", 21, command=BIND)
        check((reply.code, reply.host), (0, "127.0.0.1"), "first reply")
        peer = arrive(reply)
        check(read_reply(s), Reply(0, *peer.name), "second reply")
        flow(s, peer, MIB)
        flow(peer, s, MIB)
        s.shut()
        peer.expect_end()
        peer.send(b"last words").shut()
        s.expect_end(data=b"last words")
        s.ended("eof", command="bind", dest="127.0.0.1:21", peer="%s:%d" % peer.name, reply="0",
                sent=str(MIB), received=str(MIB + 10))


def listens_between_replies():
    for i in range(20):
        s = inetd()
        reply = s.ask("127.0.0.1", 0, command=BIND)
        peer = arrive(reply)  # at once
        read_reply(s)
        try:
            arrive(reply)
            raise AssertionError("still listening")
        except ConnectionRefusedError:
            pass
        part(s, peer).exits(0)


def strangers_turned_away():
    for host in "127.0.0.5", "::ffff:127.0.0.5", name("127.0.0.5"):
        s = inetd()
        reply = s.ask(host, 0, command=BIND)
        for stranger in "127.0.0.6", "127.0.0.1", "127.0.0.7":
            arrive(reply, stranger).expect_end()
        s.silent()
        peer = arrive(reply, "127.0.0.5")
        check(read_reply(s), Reply(0, *peer.name))
        s.send(b"hello")
        peer.expect(b"hello")
        part(s, peer).ended("eof")


def anybody_admitted():
    for client, host in itertools.product(("127.0.0.1", "::1"), ("0.0.0.0", "::")):
        s = inetd(host=client)
        reply = s.ask(host, 0, command=BIND)
        check((reply.code, reply.host), (0, client), "where the client found us")
        peer = arrive(reply)
        check(read_reply(s), Reply(0, *peer.name))
        part(s, peer).ended("eof")


def peer_by_name():
    isolate()
    names("127.0.0.5 peer.example.com\n127.0.0.6 peer.example.com\n0.0.0.0 nobody.example.com\n")
    Dns({})
    s = inetd()
    reply = s.ask("peer.example.com", 20, command=BIND)
    arrive(reply, "127.0.0.7").expect_end()
    peer = arrive(reply, "127.0.0.6")
    check(read_reply(s), Reply(0, *peer.name))
    part(s, peer).ended("eof", dest="peer.example.com:20")
    s = inetd("--bind-timeout", "500ms")
    reply = s.ask("nobody.example.com", 20, command=BIND)
    if reply.code == 0:
        arrive(reply).expect_end()
        check(read_reply(s).code, 6)
    s.expect_end().exits(0)
    inetd().refused(4, "missing.example.com", 20, command=BIND).ended("failed")


def rules_asked_twice():
    for host, *rules in (("0.0.0.0", "--deny", "command bind", "--allow", "from any"),
                         ("127.0.0.5", "--deny", "to 127.0.0.5", "--allow", "from any"),
                         ("127.0.0.6", "--allow", "to 127.0.0.5")):
        inetd(*rules).refused(2, host, 0, command=BIND).ended("denied")
    s = inetd("--deny", "to 127.0.0.6", "--allow", "from any")
    reply = s.ask("0.0.0.0", 0, command=BIND)
    arrive(reply, "127.0.0.6").expect_end()
    peer = arrive(reply, "127.0.0.5")
    check(read_reply(s), Reply(0, *peer.name))
    part(s, peer).ended("eof", rule=None)
    port = closed_port()
    s = inetd("--allow", f"to 127.0.0.5 port {port} command bind")
    reply = s.ask("127.0.0.5", 0, command=BIND)
    arrive(reply, "127.0.0.5").expect_end()
    peer = arrive(reply, "127.0.0.5", port)
    check(read_reply(s), Reply(0, "127.0.0.5", port))
    part(s, peer).ended("eof")


def special_peers():
    isolate()
    away = Elsewhere()
    ip("addr add 192.0.2.1/32 dev lo")

    def ask(*options, host):
        s = remote(*options)
        return s, s.ask(host, 0, command=BIND)

    for host in "127.0.0.1", "198.51.100.1", "::1", "169.254.0.1", "::ffff:127.0.0.1":
        s, reply = ask("--allow", "from any", host=host)
        check(reply.code, 2, host)
        s.expect_end().exits(0)
    s, reply = ask("--allow", "from any", host="198.51.100.2")
    check((reply.code, reply.host), (0, "198.51.100.1"), "the address towards the peer")
    arrive(reply).expect_end()
    with away:
        peer = arrive(reply, "198.51.100.2")
    check(read_reply(s), Reply(0, *peer.name))
    part(s, peer).exits(0)
    # Any peer may come, except from this host.
    s, reply = ask("--allow", "from any", "--external", "198.51.100.1", host="0.0.0.0")
    arrive(reply).expect_end()
    with away:
        peer = arrive(reply, "198.51.100.2")
    check(read_reply(s), Reply(0, *peer.name))
    part(s, peer).exits(0)


def bind_timeout():
    s = inetd("--bind-timeout", "400ms")
    check(s.ask("127.0.0.9", 0, command=BIND).code, 0)
    check(read_reply(s), Reply(6, "0.0.0.0", 0))
    s.expect_end().ended("timeout", reply="6")


def client_leaves():
    for start in EVERY_WAY:
        for leave in Session.shut, Session.close:
            s = start()
            s.ask("0.0.0.0", 0, command=BIND)
            leave(s)
            if leave is Session.shut:
                s.expect_end()
            s.ended("eof")
    s = inetd()
    s.ask("0.0.0.0", 0, command=BIND)
    s.send(b"early").shut().expect_end().ended("eof")
    s = inetd()
    s.ask("0.0.0.0", 0, command=BIND)
    s.reset()
    s.ended("reset")


def early_data():
    for start in EVERY_WAY:
        s = start()
        reply = s.ask("0.0.0.0", 0, command=BIND)
        s.send(b"early bird")
        s.silent(0.1)
        peer = arrive(reply)
        check(read_reply(s).code, 0)
        peer.expect(b"early bird")
        part(s, peer).exits(0)


def ended_by_sigterm_or_lifetime():
    s = inetd()
    s.ask("0.0.0.0", 0, command=BIND)
    s.kill(signal.SIGTERM)
    check(read_reply(s), Reply(1, "0.0.0.0", 0))
    s.expect_end().ended("signal")
    s = inetd("--lifetime", "400ms")
    s.ask("0.0.0.0", 0, command=BIND)
    check(read_reply(s).host, "0.0.0.0")
    s.expect_end().ended("lifetime")


def one_address():
    for host in "127.0.0.1", "127.0.0.2":
        s = inetd(host=host)
        reply = s.ask("0.0.0.0", 0, command=BIND)
        check(reply.host, host)
        for other in {"127.0.0.1", "127.0.0.2", "127.0.0.3"} - {host}:
            try:
                arrive(Reply(0, other, reply.port))
                raise AssertionError(f"listens on {other} as well")
            except ConnectionRefusedError:
                pass
        peer = arrive(reply)
        check(read_reply(s).code, 0)
        part(s, peer).exits(0)


def port_range():
    isolate()
    waiting = [inetd("--port-range", "40000-40002") for i in range(3)]
    ports = sorted(s.ask("0.0.0.0", 0, command=BIND).port for s in waiting)
    check(ports, [40000, 40001, 40002])
    s = inetd("--port-range", "40000-40002")
    s.refused(1, "0.0.0.0", 0, command=BIND).exits(0)
    for s in waiting:
        s.close()
        s.exits(0)
    for i in range(4):
        s = inetd("--port-range", "40000-40000")
        reply = s.ask("0.0.0.0", 0, command=BIND)
        check(reply.port, 40000)
        peer = arrive(reply)
        read_reply(s)
        part(s, peer).ended("eof")


def unreachable_peer():
    isolate()
    ip("""route add unreachable 203.0.113.1
          route add unreachable 2001:db8:9::1""")
    for host, code in (("203.0.113.1", 4), ("203.0.113.2", 3),
                       ("2001:db8:9::1", 4), ("2001:db8:9::2", 3)):
        s = inetd("--allow", "from any").refused(code, host, 0, command=BIND)
        s.ended("failed", reply=str(code))
        check(len(s.stderr().splitlines()), 1, s.stderr())


def gateway():
    isolate()
    inner, outer = Elsewhere(), Elsewhere(1)
    # Neither side has a route to the other; the rest of the world is beyond the outer side.
    ip(f"route add default via {outer.THERE[0]}\nroute add default via {outer.THERE[1]}")
    own, nat = ",".join(outer.HERE), "203.0.113.9,2001:db8:9::9"

    def holds(six, asked, *options, told, where):
        s = inetd("--allow", "from any", *options, pair=inner.pair(six))
        reply = s.ask(asked, 0, command=BIND)
        check((reply.code, reply.host), (0, told), f"for {asked} with {options}")
        side = outer if where in outer.HERE else inner
        with side:
            peer = arrive(Reply(0, where, reply.port), side.THERE[six])
        check(read_reply(s), Reply(0, *peer.name))
        flow(s, peer, KIB)
        flow(peer, s, KIB)
        part(s, peer).ended("eof")

    for six, anybody in (False, "0.0.0.0"), (True, "::"):
        ours, outside = inner.HERE[six], outer.HERE[six]
        foreign = nat.split(",")[six]
        holds(six, outer.THERE[six], told=outside, where=outside)
        holds(six, inner.THERE[six], told=ours, where=ours)
        holds(six, anybody, told=ours, where=ours)
        for asked in outer.THERE[six], anybody:
            holds(six, asked, "--external", own, told=outside, where=outside)
            holds(six, asked, "--external", nat, told=foreign, where=outside)
        # A NAT gateway may be on the inner side too; then the peer is beyond it.
        holds(six, inner.THERE[six], "--external", nat, told=foreign, where=ours)
    # With --source, connections come from that address.
    ip(f"addr add 198.51.101.7/24 dev {outer.near}")
    s = inetd("--allow", "from any", "--source", "198.51.101.7", pair=inner.pair())
    check(s.ask(outer.THERE[0], 0, command=BIND).host, "198.51.101.7")
    s.close()
    s.exits(0)


def external_by_kernel():
    isolate()
    away = Elsewhere()
    ip("""route add default via 198.51.100.2
          route add default via 2001:db8:1::2
          route add local 203.0.113.0/24 dev lo
          route add local 2001:db8:5::/64 dev lo""")
    with away:
        ip("""route add 203.0.113.0/24 via 198.51.100.1
              route add 2001:db8:5::/64 via 2001:db8:1::1""")
    for nonlocal_bind in "0", "1":
        for family in "ipv4", "ipv6":
            with open(f"/proc/sys/net/{family}/ip_nonlocal_bind", "w") as f:
                f.write(nonlocal_bind)
        for six, foreign, routed in ((False, "192.0.2.99", "203.0.113.5"),
                                     (True, "2001:db8:9::9", "2001:db8:5::5")):
            for external, where in (foreign, away.HERE[six]), (routed, routed):
                for asked in "::" if six else "0.0.0.0", away.THERE[six]:
                    s = inetd("--external", external)
                    reply = s.ask(asked, 0, command=BIND)
                    check((reply.code, reply.host), (0, external),
                          f"{asked}, nonlocal {nonlocal_bind}")
                    with away:
                        peer = arrive(Reply(0, where, reply.port), away.THERE[six])
                    check(read_reply(s), Reply(0, *peer.name))
                    part(s, peer).exits(0)


def one_family():
    inetd("--family", "ipv6").refused(8, "127.0.0.1", 0, command=BIND).ended("protocol")
    inetd("--family", "ipv4").refused(8, "::", 0, command=BIND).ended("protocol")
