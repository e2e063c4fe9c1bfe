# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that routes.bats plays, one for each @test."""

import socket
import time

from lib.bind import arrive, part
from lib.http import ESTABLISHED, asks, basic
from lib.peer import End, Listener, check, eventually, paced_at_2m, together
from lib.program import activated, borrow, descriptors, inetd, pipes, remote, tmp, unix
from lib.socks4 import read_reply4, request4
from lib.socks5 import BIND, Reply, UDP, read_reply, request
from lib.udp import Association, Udp
from lib.users import SHA1, log_in, needs_hashes, users_file
from lib.world import Dns, Elsewhere, ip, isolate, names

FAR = "203.0.113.9"  # an address that both other hosts have
MORE = "198.51.100.8", "198.51.100.9"
MORE_SIX = "2001:db8:1::8"
SO_MAX_PACING_RATE = 47


def world():
    """Two other hosts. Packets for FAR go to the second one with mark 7, else to the first."""
    isolate()
    for name in "all", "default":
        with open(f"/proc/sys/net/ipv4/conf/{name}/rp_filter", "w") as f:
            f.write("0")
    one, two = Elsewhere(), Elsewhere(1)
    for address in MORE:
        ip(f"addr add {address}/24 dev {one.near}")
    ip(f"""addr add {MORE_SIX}/64 dev {one.near} nodad
           route add {FAR} via {one.THERE[0]}
           rule add fwmark 7 table 7 pref 10
           route add {FAR} via {two.THERE[0]} table 7""")
    for host in one, two:
        with host:
            ip(f"addr add {FAR}/32 dev lo")
    return one, two


def there(host, address, kind=Listener):
    with host:
        return kind(address)


def allow(*rules):
    return [word for rule in rules for word in ("--allow", rule)]


def leaves_from(s, up, source):
    """Connects, and checks at the destination from which address."""
    far = s.connect(up)
    check(up.peer[0], source, "the address that arrived")
    far.close()
    return s.shut().expect_end()


def address_per_user():
    needs_hashes("digest")
    one, _ = world()
    up = there(one, one.THERE[0])
    users = users_file(f"alice:{SHA1}\nbob:{SHA1}\n")
    options = ("--users", users, "--http",
               *allow(f"user alice via {MORE[0]}", f"user bob via {MORE[1]}", "via same"))
    for user, source in ("alice", MORE[0]), ("bob", MORE[1]):
        s = log_in(inetd(*options), user, "secret")
        s.send(request(up.host, up.port))
        reply, far = read_reply(s), up.accept()
        check((reply.code, reply.host, up.peer[0]), (0, source, source), "the address")
        far.close()
        s.shut().expect_end()
        s = inetd(*options)
        s.send(asks(up.host, up.port, basic(user, "secret"))).expect(ESTABLISHED)
        up.accept().close()
        check(up.peer[0], source, "by HTTP")
        s.shut().expect_end()
    s = inetd("--socks4", *allow(f"command connect via {MORE[1]}"))
    s.send(request4(up.host, up.port))
    far = up.accept()
    check((read_reply4(s)[0], up.peer[0]), (90, MORE[1]), "by SOCKS 4")
    far.close()
    s.shut().expect_end()


def same():
    one, _ = world()
    up = there(one, one.THERE[0])
    options = allow("via same")
    for address in one.HERE[0], *MORE:
        for start in inetd, activated:
            for family in None, socket.AF_INET6:  # a listener at one address; at every address
                s = start(*options, pair=pair_at(address, family))
                leaves_from(s, up, address)
        s = inetd("--proxy-protocol", "127.0.0.1", *options)
        s.send(f"PROXY TCP4 192.0.2.7 {address} 40000 1080\r\n".encode())
        leaves_from(s, up, address)
        leaves_from(remote(*options, env={"TCPLOCALIP": address}), up, address)
    # A rule's address counts before --via same.
    leaves_from(inetd("--via", "same", *allow(f"via {MORE[0]}"),
                      pair=pair_at(MORE[1])), up, MORE[0])
    leaves_from(inetd("--via", "same", *allow("from any"), pair=pair_at(MORE[1])), up, MORE[1])
    # The header may name an address that this host does not have.
    s = inetd("--proxy-protocol", "127.0.0.1", *options)
    s.send(b"PROXY TCP4 192.0.2.7 192.0.2.99 40000 1080\r\n")
    s.refused(1, up.host, up.port)
    assert "same: " in s.log["error"], s.log


def pair_at(address, family=None, host=None):
    """Both ends of a connection to this address, perhaps from another host to a wildcard listener."""
    with socket.socket(family or (socket.AF_INET6 if ":" in address else socket.AF_INET)) as lis:
        lis.bind(("::" if family else address, 0))
        lis.listen(1)
        where = address, lis.getsockname()[1]
        if host:
            with host:
                client = socket.create_connection(where)
        else:
            client = socket.create_connection(where)
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return client, lis.accept()[0]


def same_family():
    one, _ = world()
    four, six = there(one, one.THERE[0]), there(one, one.THERE[1])
    options = allow("from any via same")
    leaves_from(inetd(*options, pair=pair_at(MORE_SIX)), six, MORE_SIX)
    s = inetd(*options, pair=pair_at(MORE_SIX)).refused(8, four.host, four.port)
    s.ended("protocol", error="the route has same, and the client reached an IPv6 address")
    inetd(*options, pair=pair_at(MORE[0])).refused(8, six.host, six.port)
    # A name may have addresses of both families.
    names(f"{four.host} both.example.com\n{six.host} both.example.com\n")
    both = there(one, four.host)
    for address, up in (MORE[0], both), (MORE_SIX, six):
        s = inetd(*options, pair=pair_at(address))
        check(s.ask("both.example.com", up.port).code, 0, "reply")
        up.accept().close()
        check(up.peer[0], address, "the address that arrived")
        s.shut().expect_end()
    # The client has reached a link-local address, which is of no use without its interface.
    ip(f"addr add fe80::11/64 dev {one.near} nodad")
    with socket.socket(socket.AF_INET6) as lis:
        lis.bind(("::", 0))
        lis.listen(1)
        with one:
            ip(f"addr add fe80::12/64 dev {one.far} nodad")
            client = socket.socket(socket.AF_INET6)
            index = socket.if_nametoindex(one.far)
            client.bind(("fe80::12", 0, 0, index))
            client.connect(("fe80::11", lis.getsockname()[1], 0, index))
        s = inetd(*options, pair=(client, lis.accept()[0]))
    leaves_from(s, six, "fe80::11")
    # Nothing tells the interface if the client comes from another kind of address.
    with socket.socket(socket.AF_INET6) as lis:
        lis.bind(("::", 0))
        lis.listen(1)
        with one:
            client = socket.socket(socket.AF_INET6)
            client.bind((one.THERE[1], 0))
            client.connect(("fe80::11", lis.getsockname()[1], 0, index))
        s = inetd(*options, pair=(client, lis.accept()[0])).refused(1, six.host, six.port)
    s.ended("failed", error="same: a link-local address whose interface is not known: "
            "Invalid argument")


def same_unreached():
    one, _ = world()
    up = there(one, one.THERE[0])
    for start in pipes, unix:
        s = start(*allow("via same")).refused(1, up.host, up.port)
        s.exits(0)
        text = s.stderr()
        assert "put an address in place of same" in text, text
        assert up.nobody_came()
        s = start(*allow("via same"))
        check(s.ask("0.0.0.0", 0, command=UDP).code, 1, "reply")
        s.expect_end().exits(0)
        check(start(*allow("via same")).ask(up.host, 0, command=BIND).code, 1, "reply")


def interface_and_mark():
    one, two = world()
    first, second = there(one, FAR), there(two, FAR)
    second.sock.close()
    with two:
        second = Listener(FAR, first.port)
    marked, by_wire = "via mark:7", f"via interface:{two.near},{two.HERE[0]}"
    ip(f"route add {FAR} dev {two.near} via {two.THERE[0]} metric 900")
    for options, up, source in (((), first, one.HERE[0]),
                                (allow(marked), second, two.HERE[0]),
                                (("--mark", "7", *allow("via direct")), second, two.HERE[0]),
                                (("--mark", "7", *allow("via mark:8")), first, one.HERE[0]),
                                (allow(by_wire), second, two.HERE[0]),
                                (("--interface", two.near, *allow(marked)), second, two.HERE[0]),
                                (("--via", f"mark:7,{two.HERE[0]}"), second, two.HERE[0])):
        leaves_from(inetd(*options), up, source)
        assert first.nobody_came() and second.nobody_came()
    # The first rule that matches says the way.
    options = allow(f"port {first.port + 1} via mark:7", f"port {first.port}", "via mark:7")
    leaves_from(inetd(*options), first, one.HERE[0])
    s = inetd(*allow("via interface:nosuch0"))
    s.refused(1, first.host, first.port)
    assert "interface: " in s.stderr(), s.stderr()


def family():
    one, _ = world()
    names(f"{one.THERE[0]} both.example.com\n{one.THERE[1]} both.example.com\n"
          f"{one.THERE[1]} six.example.com\n")
    four = there(one, one.THERE[0])
    with one:
        six = Listener(one.THERE[1], four.port)

    def leads(up, *options, host="both.example.com"):
        s = inetd(*options)
        check(s.ask(host, four.port).code, 0, f"reply with {options}")
        up.accept().close()
        assert four.nobody_came() and six.nobody_came()
        s.shut().expect_end()

    leads(four, *allow("via family:ipv4"))
    leads(six, *allow("via family:ipv6"))
    leads(six, "--family", "ipv4", *allow("via family:ipv6"))
    leads(four, "--family", "ipv6", *allow("via family:ipv4"))
    leads(four, *allow("via family:prefer-ipv4"))
    leads(six, *allow("via family:prefer-ipv6"))
    leads(four, "--family", "prefer-ipv6", *allow("to any via family:prefer-ipv4"))
    leads(six, "--family", "ipv4", *allow("to any via family:prefer-ipv6"))
    # Each address has the route of its own rule.
    leads(six, *allow(f"to {four.host} via family:ipv6", "to any"))
    leads(six, "--family", "ipv4", *allow(f"to {six.host} via family:any", "to any"),
          host=six.host)
    s = inetd("--family", "ipv4", *allow(f"to {four.host} via family:any", "to any"))
    s.refused(8, six.host, six.port).ended("protocol", error="the option family excludes IPv6")
    words = "the rule's route has family:ipv4, which excludes IPv6"
    for rule in "via family:ipv4", "to any via family:ipv4":
        s = inetd(*allow(rule)).refused(8, six.host, six.port)
        s.ended("protocol", error=words)
    s = inetd(*allow("to 2001:db8::/32 via family:ipv4")).refused(4, "six.example.com", six.port)
    s.ended("failed", error=words)
    s = inetd(*allow("via family:ipv4")).refused(4, "six.example.com", six.port)
    assert "because of the family in the rule's route" in s.log["error"], s.log


def pacing(s):
    """The rates of the TCP sockets that a session has."""
    found = set()
    for fd in descriptors(s.pid):
        sock = borrow(s.pid, fd)
        if not sock:
            continue
        with sock:
            if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
                found.add(sock.getsockopt(socket.SOL_SOCKET, SO_MAX_PACING_RATE))
    return found


def rate():
    rule = allow("via rate:2M")

    def paced(s, far):
        eventually(lambda: pacing(s) <= {2000000}, "the pacing rate of the rule")
        paced_at_2m(s, far)
        far.close()
        s.shut().expect_end()

    def bound():
        s = inetd("--rate", "300M", *rule)
        far = arrive(s.ask("127.0.0.1", 0, command=BIND))
        check(read_reply(s).code, 0, "second reply")
        paced(s, far)

    def connected(start, *options):
        s = start(*options, *rule)
        paced(s, s.connect(Listener()))

    def through_unix():
        """The kernel paces no unix socket, so the proxy has to."""
        path = tmp("parent")
        with socket.socket(socket.AF_UNIX) as parent:
            parent.bind(path)
            parent.listen(1)
            s = inetd(*allow(f"via rate:2M,socks5:{path}"))
            s.greet().send(request("192.0.2.1", 9))
            far = End(parent.accept()[0])
        far.expect(b"\5\1\0").send(b"\5\0")
        far.expect(request("192.0.2.1", 9)).send(b"\5\0\0\1" + bytes(6))
        check(read_reply(s).code, 0, "reply")
        paced(s, far)

    together(bound, through_unix, lambda: connected(inetd, "--rate", "300M"), lambda: connected(inetd),
             lambda: connected(pipes), lambda: connected(unix, "--rate", "1k"))


def own_by_route():
    one, _ = world()
    there(one, one.THERE[0])
    ip("route add local 203.0.113.77 dev lo table 7")
    up = Listener("0.0.0.0")
    for rules in ("from any via mark:7",), ("from any port 1", "from any via mark:7"):
        s = inetd(*allow(*rules), pair=one.pair()).refused(2, "203.0.113.77", up.port)
        s.ended("denied")
        assert "this host" in s.log["error"], s.log
    assert up.nobody_came()
    # Without the mark it is no address of this host. A rule that comes later may name it.
    s = inetd(*allow("from any"), pair=one.pair())
    check(s.ask("203.0.113.77", up.port).code, 3, "reply")
    s = inetd(*allow("from any via mark:7", "from any to self via mark:7"), pair=one.pair())
    assert s.ask("203.0.113.77", up.port).code != 2, "denied"


def bind_place():
    one, two = world()

    def listens(asked, where, *options, host=one, pair=None):
        s = inetd(*options, pair=pair or one.pair())
        reply = s.ask(asked, 0, command=BIND)
        check((reply.code, reply.host), (0, where), f"first reply with {options}")
        with host:
            peer = arrive(reply)
        check(read_reply(s), Reply(0, *peer.name), "second reply")
        part(s, peer).ended("eof")

    for asked in one.THERE[0], "0.0.0.0":
        listens(asked, MORE[0], *allow(f"from any via {MORE[0]}"))
        listens(asked, MORE[1], *allow("from any via same"), pair=pair_at(MORE[1], host=one))
        listens(asked, MORE[0], "--source", MORE[1], *allow(f"from any via {MORE[0]}"))
    listens("0.0.0.0", MORE[0], *allow(f"to {one.THERE[0]} via {MORE[0]}", "command connect"),
            pair=pair_at(one.HERE[0]))
    listens("0.0.0.0", two.HERE[0], *allow(f"from any via interface:{two.near}"), host=two)
    listens(two.THERE[0], two.HERE[0], *allow(f"from any via interface:{two.near}"), host=two)
    listens("0.0.0.0", MORE_SIX, *allow("from any via same"), pair=pair_at(MORE_SIX, host=one))
    listens("0.0.0.0", MORE_SIX, *allow(f"from any via {MORE_SIX}"))
    s = inetd(*allow("via interface:nosuch0"))
    check(s.ask("0.0.0.0", 0, command=BIND).code, 1, "reply")


def bind_peer():
    one, two = world()
    # Without the mark the answer to FAR would go to the other host.
    s = inetd(*allow(f"from any via mark:7,{two.HERE[0]}"), pair=one.pair())
    reply = s.ask(FAR, 0, command=BIND)
    check((reply.code, reply.host), (0, two.HERE[0]), "first reply")
    with two:
        peer = arrive(reply, FAR)
    check(read_reply(s), Reply(0, *peer.name), "second reply")
    part(s, peer).ended("eof")
    # The first rule that may allow the peer says where BIND listens.
    s = inetd("--bind-timeout", "1s", "--log-level", "debug",
              *allow(f"to {MORE[0]} via {MORE[1]}", f"to {one.THERE[0]} via {MORE[0]}"),
              pair=one.pair())
    reply = s.ask("0.0.0.0", 0, command=BIND)
    check((reply.code, reply.host), (0, MORE[1]), "first reply")
    with one:
        arrive(reply, one.THERE[0]).expect_end()
    check(read_reply(s).code, 6, "second reply")
    s.expect_end().exits(0)
    assert "the rule that allows it has another route" in s.log["error"], s.log


def datagram_routes():
    one, two = world()
    a, b, c = (there(one, one.THERE[0], Udp) for _ in range(3))
    far = there(two, FAR, Udp)
    names(f"{b.host} b.example.com\n")
    rules = allow(f"port {a.port} via {MORE[0]}", f"port {b.port} via {MORE[1]}",
                  f"port {far.port} via mark:7", "to any")
    for options in (), ("--external", one.HERE[0]):
        ass = Association(inetd(*rules, *options))
        for _ in range(2):
            for to, source in (a, MORE[0]), (b, MORE[1]), (c, one.HERE[0]), (far, two.HERE[0]):
                ass.exchange(to)
                check(to.peer[0], source, "the address that arrived")
        ass.exchange(b, host="b.example.com")
        check(b.peer[0], MORE[1], "the address that arrived")
        ass.over()
    # A host's answers pass only where the client has sent to that host.
    ass = Association(inetd(*allow(f"port {a.port} via {MORE[0]}", f"port {far.port} via mark:7")))
    ass.exchange(a).exchange(far)
    a.sendto(b"stray", (one.HERE[0], far.peer[1]))
    ass.silent(0.2)
    ass.lives(a).over()
    # The request is decided: there is one route.
    ass = Association(inetd(*allow(f"via {MORE[0]}")))
    ass.exchange(a)
    check(a.peer[0], MORE[0], "the address that arrived")
    ass.over()
    # The client's port is the port of every route.
    sock = Udp("127.0.0.1")
    ip(f"addr add 2001:db8:1::9/64 dev {one.near} nodad")
    both = allow(f"port {a.port} via {MORE[0]},{MORE_SIX}",
                 f"port {b.port} via {MORE[1]},2001:db8:1::9")
    ass = Association(inetd(*both), port=sock.port, sock=sock, flags=4)
    for to, source in (a, MORE[0]), (b, MORE[1]):
        ass.exchange(to)
        check(to.peer, (source, sock.port), "the address that arrived")
    ass.over()
    # A query is answered for the route of the rule.
    ass = Association(inetd(*rules), flags=1)
    for to, source in (a, MORE[0]), (b, MORE[1]), (far, two.HERE[0]):
        ass.exchange(to)
        check(ass.seen(to.host, to.port), Reply(0, *to.peer), "as the host sees us")
        check(to.peer[0], source, "the address that arrived")
    ass.over()


def datagram_settings():
    one, two = world()
    four, six = there(one, one.THERE[0], Udp), there(one, one.THERE[1], Udp)
    for address, to in (MORE[1], four), (MORE_SIX, six):
        s = inetd(*allow("from any via same"), pair=pair_at(address))
        ass = Association(s, sock=Udp(s.name[0]))
        ass.exchange(to)
        check(to.peer[0], address, "the address that arrived")
        ass.over()
    ass = Association(inetd(*allow("via interface:" + two.near)))
    ass.send(four, b"lost")
    four.silent(0.2)
    ass.session.shut().expect_end()
    # Another family is an error for all, or for the addresses of a rule.
    for rules in (("via family:ipv4",), (f"to {four.host} via mark:8", "to any via family:ipv4")):
        ass = Association(inetd(*allow(*rules)))
        ass.exchange(four).send(six, b"lost")
        six.silent(0.2)
        ass.over(error="the rule's route has family:ipv4, which excludes IPv6")
    names(f"{six.host} both.example.com\n{four.host} both.example.com\n")
    ass = Association(inetd(*allow("to .other", "to .example.com via family:ipv4")))
    ass.exchange(four, host="both.example.com").over()
    # 40 datagrams of 1000 bytes at 40 kB/s take a second; by the other rule they take none.
    for rules, least in ((allow("to any via rate:40k"), 0.5), (allow("to any", "via rate:40k"), 0)):
        ass = Association(inetd(*rules))
        began = time.monotonic()
        for _ in range(40):
            ass.exchange(four, bytes(1000), b"")
        took = time.monotonic() - began
        assert took > least, f"{took:g} s"
        ass.over()


def datagram_dropped():
    one, _ = world()
    up = [there(one, one.THERE[0], Udp) for _ in range(10)]
    parent = "socks5://198.51.100.2:1"
    s = inetd("--log-level", "debug",
              *allow(f"port {up[0].port} via {parent}", f"port {up[1].port} via {MORE[0]}"))
    ass = Association(s)
    ass.send(up[0], b"lost").exchange(up[1])
    up[0].silent(0.2)
    ass.over(error="the route of a destination is a parent, which is only for CONNECT")
    assert "no route for datagrams leads to" in s.stderr(), s.stderr()
    # Nine routes are one too many.
    ass = Association(inetd(*allow(*(f"port {u.port} via mark:{i}" for i, u in enumerate(up)))))
    for u in up[:6]:
        ass.exchange(u)
    ass.send(up[9], b"lost")
    up[9].silent(0.2)
    ass.over(error="the rules have more than 8 routes for this client's datagrams")
    # A route that can't be used is one less, even if it can be for one family.
    for route, setting in ("interface:nosuch0", "interface"), ("127.0.0.1,2001:db8::77", "source"):
        s = inetd(*allow(f"port {up[0].port} via {route}", f"port {up[1].port} via {MORE[0]}"))
        ass = Association(s)
        ass.send(up[0], b"lost").exchange(up[1])
        up[0].silent(0.2)
        ass.over(error="the route of the rule can't be used on this host")
        assert f"{setting}: " in s.stderr(), s.stderr()


def parents_refused():
    isolate()
    names()
    Dns({"*": ["192.0.2.1"]})
    words = "the route of {} is a parent, which is only for CONNECT"
    for parent in "socks5://127.0.0.1:1", "http://127.0.0.1:1", "socks5:/nowhere":
        for rules in ("via " + parent,), ("to 192.0.2.0/24 via " + parent,):
            for cmd in BIND, UDP, 0xF0:
                host = "192.0.2.1" if cmd != UDP else "0.0.0.0"
                error = words.format("all datagrams" if cmd == UDP else "this destination")
                inetd(*allow(*rules)).refused(7, host, 0, command=cmd).ended("protocol", error=error)
            inetd(*allow(*rules)).refused(7, "a.example", 0, command=0xF0)
        s = inetd("--socks4", *allow("via " + parent))
        s.send(request4("192.0.2.1", 21, command=BIND))
        check(read_reply4(s)[0], 91, "reply")
        s.expect_end().ended("protocol", error=words.format("this destination"))
