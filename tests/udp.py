# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that udp.bats plays, one for each @test."""

import errno
import random
import signal
import socket
import time

from lib.peer import EOF, MIB, SMALL, check, noise, scale
from lib.program import EVERY_WAY, Session, Skip, descriptors, inetd, pause, pipes, resident, unix
from lib.socks5 import CHOSEN, GREETING, NONE_ACCEPTABLE, UDP, name, refusal, request
from lib.udp import Association, Udp, datagram, path_discovery
from lib.world import Dns, Elsewhere, ip, isolate, names


def there_and_back():
    isolate()
    names("127.0.0.1 four.example.com\n::1 six.example.com\n")
    four, six = Udp("127.0.0.1"), Udp("::1")
    for client in "127.0.0.1", "::1":
        a = Association(inetd(host=client))
        check(a.reply.host, client, "the address that the client reached")
        a.exchange(four).exchange(six)
        a.exchange(four, host="four.example.com").exchange(six, host="six.example.com")
        a.exchange(four, host="::ffff:127.0.0.1").exchange(four, host=name("127.0.0.1"))
        a.exchange(six, host=name("[::1]"))
        a.over(command="udp", reply="0", sent="28", received="28", dest=None)


def every_way():
    to = Udp()
    for start in EVERY_WAY:
        a = Association(start())
        check(a.reply.host, "127.0.0.1")
        a.exchange(to).over()
    for start in unix, pipes:
        a = Association(start(), "::", 0)
        check(a.reply.host, "::1")
        a.exchange(to).over()
    # --source applies to outgoing sockets, not to the client's side.
    a = Association(pipes("--source", "127.0.0.9"))
    check(a.reply.host, "127.0.0.1")
    a.exchange(to)
    check(to.peer[0], "127.0.0.9")
    a.over()


def own_address_only():
    to = Udp()
    for host in "127.0.0.1", "127.0.0.2":
        a = Association(inetd(host=host))
        check(a.reply.host, host)
        for other in {"127.0.0.1", "127.0.0.2", "127.0.0.3"} - {host}:
            stray = Udp("127.0.0.1")
            stray.sendto(datagram(to.host, to.port, b"stray"), (other, a.reply.port))
            to.silent(0.1)
        a.sock = Udp("127.0.0.1")
        a.exchange(to).over()


def client_only():
    to, neighbour = Udp(), Udp("127.0.0.2")
    a = Association(inetd())
    stray = datagram(to.host, to.port, b"stray")
    neighbour.sendto(stray, a.relay)
    to.silent()
    a.exchange(to)
    other = Udp("127.0.0.1")
    for who in neighbour, other:
        who.sendto(stray, a.relay)
    to.silent()
    a.lives(to)
    for who in neighbour, other:
        who.silent(0.1)
    a.over()


def first_valid_datagram():
    to = Udp()
    a = Association(inetd())
    for nothing in b"", b"\0", b"\0\0\0", b"\0\0\0\1\x7f", b"\0\0\0\2" + bytes(9), bytes(22):
        Udp("127.0.0.1").sendto(nothing, a.relay)
    a.exchange(to)
    late = Udp("127.0.0.1")
    late.sendto(datagram(to.host, to.port, b"late"), a.relay)
    to.silent()
    a.over()


def announced_port():
    to = Udp()
    for start, said in ((inetd, "0.0.0.0"), (inetd, "127.0.0.1"), (inetd, "::"),
                        (unix, "0.0.0.0"), (pipes, "0.0.0.0")):
        mine, other = Udp(), Udp()
        a = Association(start(), said, mine.port, sock=other)
        a.send(to, b"from another port")
        to.silent()
        a.sock = mine
        a.exchange(to).over()
    for said in "192.0.2.1", "2001:db8::1", "example.com", "0":
        Association(inetd(), said, 53).exchange(to).over()


def answers_from_hosts_asked():
    to, other = Udp("127.0.0.2"), Udp("127.0.0.3")
    a = Association(inetd()).exchange(to)
    out = to.peer
    other.sendto(b"unasked", out)
    a.silent()
    second = Udp("127.0.0.2")
    second.sendto(b"from a second port", out)
    a.expect(second, b"from a second port")
    a.exchange(other)
    other.sendto(b"asked", out)
    a.expect(other, b"asked").over()


def stranger_of_other_family():
    four, six, stranger = Udp("127.0.0.1"), Udp("::1"), Udp("127.0.0.9")
    a = Association(inetd()).exchange(four).exchange(six)
    stranger.sendto(b"unasked", four.peer)
    a.silent().over()


def rules_per_datagram():
    isolate()
    names("127.0.0.5 good.example.com bad.example.com\n127.0.0.6 other.example.com\n")
    good, denied, other = Udp("127.0.0.5"), Udp("127.0.0.6"), Udp("127.0.0.7")
    a = Association(inetd("--deny", "to bad.example.com", "--deny", "to 127.0.0.6 command udp",
                          "--deny", f"port {other.port}", "--allow", "from any"))
    for i in range(3):
        a.exchange(good).exchange(good, host="good.example.com")
        for to, host in ((good, "bad.example.com"), (denied, None), (denied, "other.example.com"),
                         (other, None)):
            a.send(to, b"denied", host)
    for to in good, denied, other:
        to.silent(0.1)
    a.lives(good).over(rule=None)


def denied_name_not_asked():
    isolate()
    names()
    dns = Dns({"*": ["127.0.0.1"]})
    to = Udp()
    a = Association(inetd("--deny", "to .denied.test", "--deny", f"port {to.port + 1}",
                          "--allow", "from any"))
    for host, port in ("a.denied.test", to.port), ("b.test", to.port + 1):
        for i in range(3):
            a.raw(datagram(host, port, b"denied"))
    a.exchange(to, host="c.test")
    check(set(dns.asked), {"c.test"}, "names asked for")
    to.silent(0.1)
    a.over()


def nothing_allowed():
    for rules in (("--deny", "command udp", "--allow", "from any"), ("--allow", "command connect"),
                  ("--deny", "from any"), ("--allow", "from 192.0.2.0/24")):
        s = inetd(*rules)
        s.send(GREETING + request("0.0.0.0", 0, command=UDP))
        got, how = s.rest()
        check((got in (NONE_ACCEPTABLE, CHOSEN + refusal(2)), how), (True, EOF), got)
        s.exits(0)
    Association(inetd("--allow", "to 192.0.2.0/24 port 53")).over()


def special_destinations():
    isolate()
    away = Elsewhere()
    names("127.0.0.1 trap.example.com\n198.51.100.2 away.example.com\n")
    with away:
        far = Udp("198.51.100.2", 7000)
    inner, mine = Udp("127.0.0.1", 7000), Udp("198.51.100.1", 7000)

    def from_afar(*options):
        with socket.socket() as listener:
            listener.bind(("198.51.100.1", 0))
            listener.listen(1)
            with away:
                client = socket.create_connection(listener.getsockname())
            server, _ = listener.accept()
        with away:
            own = Udp("198.51.100.2")
        a = Association(inetd(*options, pair=(client, server)), sock=own)
        check(a.reply.host, "198.51.100.1", "the relay")
        return a

    a = from_afar("--allow", "from any")
    a.exchange(far).exchange(far, host="away.example.com")
    for to, host in ((inner, None), (mine, None), (inner, "::ffff:127.0.0.1"),
                     (inner, "trap.example.com"),
                     (inner, "0.0.0.0"), (inner, "64:ff9b::7f00:1")):
        a.send(to, b"trap", host)
    inner.silent()
    mine.silent()
    a.lives(far).over()
    a = from_afar("--allow", "from any to loopback,self,any")
    a.exchange(inner).exchange(mine).exchange(inner, host="trap.example.com").over()


def one_family():
    isolate()
    names("127.0.0.1 both.example.com\n::1 both.example.com\n")
    four, six = Udp("127.0.0.1", 7000), Udp("::1", 7000)
    for family, yes, no in ("ipv4", four, six), ("ipv6", six, four):
        a = Association(inetd("--family", family))
        a.send(no, b"no")
        a.exchange(yes).exchange(yes, host="both.example.com")
        no.silent()
        a.over()


def fragments():
    to, other = Udp(), Udp()
    a = Association(inetd())

    def parts(*pieces, to=to):
        for frag, data in pieces:
            a.send(to, data, frag=frag)

    parts((1, b"one "), (2, b"two "), (0x83, b"three"))
    to.expect(b"one two three").answer(b"whole")
    a.expect(to, b"whole")
    parts((0x81, b"alone"))
    to.expect(b"alone")
    parts((1, b"a"), (3, b"c"), (0x84, b"d"))                  # a gap
    parts((2, b"b"), (0x83, b"c"))                             # no beginning
    parts((1, b"lost"), (0, b"in between"))
    to.expect(b"in between")
    parts((0x82, b"too late"))
    parts((1, b"x"))
    parts((0x82, b"y"), to=other)            # another destination
    to.silent()
    other.silent()
    parts((1, b"once "), (1, b"again "), (0x82, b"end"))
    to.expect(b"again end")
    parts(*((i, b"%03d" % i) for i in range(1, 127)), (0x80 | 127, b"127"))
    to.expect(b"".join(b"%03d" % i for i in range(1, 128)))
    a.session.kill(signal.SIGSTOP)                             # all at one go
    for i in range(4):
        parts((1, b"a%d" % i), (0x82, b"b%d" % i), (0, b"c%d" % i))
    a.session.kill(signal.SIGCONT)
    for i in range(4):
        to.expect(b"a%db%d" % (i, i)).expect(b"c%d" % i)
    half = noise(32750, 5)
    parts((1, half), (0x82, half))
    to.expect(half + half)     # 65500 bytes
    parts((1, half), (2, half), (0x83, half))
    to.silent()     # more than any datagram
    a.lives(to).over()


def late_fragments():
    to = Udp()
    a = Association(inetd())
    a.send(to, b"early ", frag=1)
    pause(1)
    a.send(to, b"enough", frag=0x82)
    to.expect(b"early enough")
    a.send(to, b"too ", frag=1)
    pause(5.2)
    a.send(to, b"late", frag=0x82)
    to.silent()
    a.over()


def extreme_sizes():
    to = Udp("::1")
    a = Association(inetd(host="::1"))
    for size in 0, 1, 1500, 9000, 65505:
        data = noise(size, size)
        a.exchange(to, data, data)
    to.answer(noise(65507, 1))   # with a header it is more than any datagram
    a.lives(to)
    # The largest payload is put together from fragments.
    data = noise(65507, 2)
    a.send(to, data[:40000], frag=1).send(to, data[40000:], frag=0x82)
    to.expect(data)
    a.over()
    four = Udp()
    Association(inetd()).exchange(four, noise(65497, 3), noise(65497, 4)).over()


def large_datagrams():
    isolate()
    away = Elsewhere()
    with away:
        four, six = Udp("198.51.100.2"), Udp("2001:db8:1::2")
    a = Association(inetd())
    for to in four, six:
        a.exchange(to, noise(20000, 1), noise(20000, 2))
        a.exchange(to, noise(60000, 3), noise(60000, 4))
    check(path_discovery(a.session.pid), [0, 0, 0], "IP_MTU_DISCOVER")
    a.over()


def unreachable_hosts():
    isolate()
    names()
    Dns({})
    ip("""route add unreachable 203.0.113.1
          route add prohibit 203.0.113.2
          route add blackhole 203.0.113.3""")
    to = Udp()
    gone = Udp()
    gone.close()
    a = Association(inetd())
    for i in range(3):
        for host in (None, "203.0.113.1", "203.0.113.2", "203.0.113.3", "203.0.113.4",
                     "2001:db8::1", "fe80::1", "255.255.255.255", "0.0.0.1", "missing.example.com"):
            a.send(gone, b"nobody", host)
        a.lives(to)
    a.over()


def client_port_closed():
    to = Udp()
    a = Association(inetd()).exchange(to)
    port = a.sock.port
    a.sock.close()
    for i in range(5):
        to.answer(b"lost")
        pause(0.02)
    a.sock = Udp("127.0.0.1", port)
    a.send(to, b"still")
    to.expect(b"still").answer(b"there")
    got = a.recv()
    while got.data == b"lost":  # one that had not been passed on before
        got = a.recv()
    check(got.data, b"there")
    a.over()


def garbage():
    isolate()
    names()
    Dns({})
    to = Udp()
    a = Association(inetd())
    a.exchange(to)
    whole = datagram(to.host, to.port, b"")
    long = datagram("a.example.com", to.port, b"")
    for n in range(len(whole)):
        a.raw(whole[:n])
    for n in range(len(long)):
        a.raw(long[:n])
    for kind in 0, 2, 5, 255:
        a.raw(b"\0\0\0" + bytes([kind]) + bytes(30))
    for bad in (b"", b"a\0b", b"127.1", b"0x7f.1", b"2130706433", b"fe80::1%lo", b"a b",
                b"x" * 255, b"." * 9, b"\xff"):
        a.send(to, b"bad", host=name(bad))
    a.raw(datagram(to.host, 0, b"port 0"))
    to.silent()
    a.raw(datagram(to.host, to.port, b"rsv", rsv=0xffff))
    to.expect(b"rsv")
    dice = random.Random(1928)
    for i in range(scale(5000, 500)):
        data = dice.randbytes(dice.choice((3, 10, 30, 300)))
        a.raw(b"\0\0" + bytes([dice.choice((0, 0, 1, 2, 0x82))]) + bytes([dice.choice((1, 3, 4))])
              + data)
        if i % 20 == 0:
            to.waiting(0)
    to.waiting(1)
    a.lives(to).over()


def burst():
    to = Udp()
    a = Association(inetd()).exchange(to)
    burst = [b"%03d" % i + bytes(1200) for i in range(60)]
    for turn in range(5):
        for data in burst:
            a.send(to, data)
        check([to.recv()[:3] for _ in burst], [b[:3] for b in burst], "up")
        for data in burst:
            to.answer(data)
        check([a.recv().data[:3] for _ in burst], [b[:3] for b in burst], "down")
    a.over()


def slow_name():
    isolate()
    names()
    Dns({"quick.example.com": ["127.0.0.1"], "late.example.com": ["127.0.0.1"]},
        silent={"slow1.example.com", "slow2.example.com", "slow3.example.com"})
    to = Udp()
    a = Association(inetd())
    for n in 1, 2, 3:
        a.send(to, b"slow", host=f"slow{n}.example.com")
    a.exchange(to).exchange(to, host="quick.example.com").exchange(to, host="late.example.com")
    a.lives(to).over()


def name_asked_once():
    isolate()
    names()
    dns = Dns({"many.example.com": ["127.0.0.1"]}, delay=0.3)
    to = Udp()
    a = Association(inetd("--family", "ipv4"))
    for i in range(6):
        a.send(to, b"%d" % i, host="many.example.com")
    for i in range(6):
        to.expect(b"%d" % i)
    for i in range(50):
        a.exchange(to, host="many.example.com").exchange(to, host="MANY.example.com")
    check(dns.asked.count("many.example.com"), 1, "questions")
    for i in range(5):
        a.send(to, b"none", host="none.example.com")
        pause(0.05)
    pause(0.5)
    a.send(to, b"none", host="none.example.com")
    check(dns.asked.count("none.example.com"), 1, "questions")
    to.silent()
    a.over()


def bounded_memory():
    isolate()
    names()
    Dns({"*": ["127.0.0.1"]})
    to = Udp("0.0.0.0")
    a = Association(inetd("--family", "ipv4")).exchange(Udp())
    before = resident(a.session.pid)
    for i in range(scale(10000, 6000)):
        a.raw(datagram(f"127.{i >> 8 & 255}.{i & 255}.1", to.port, b"x"))
        if i % 50 == 49:
            to.waiting(0)
    for i in range(200):
        a.raw(datagram(f"n{i}.example.com", to.port, b"x"))
        pause(0.002)
    to.waiting(1)
    check(SMALL or resident(a.session.pid) - before < 4 * MIB, True, "memory stays small")
    a.lives(Udp("127.200.0.1"))
    last = Udp("127.0.0.1")
    a.exchange(last, host="last.example.com").over()


def lookups_limited():
    isolate()
    names()
    dns = Dns({"*": ["127.0.0.1"]})
    to = Udp("127.0.0.1")
    began = time.monotonic()
    a = Association(inetd("--family", "ipv4")).exchange(to, host="known.example.com")
    for i in range(400):
        a.raw(datagram(f"n{i}.example.com", 9, b"x"))
        pause(0.002)
        if i % 20 == 19:
            a.exchange(to, host="known.example.com")
    pause(0.2)
    asked, most = len(set(dns.asked)), 64 + 10 * (time.monotonic() - began) + 1
    check(60 <= asked <= most, True, f"{asked} names, at most {most}")
    pause(1)
    a.exchange(to, host="late.example.com")
    a.over(error="too many names to look up: 64 at once, then 10 a second")


def control_discarded():
    to = Udp()
    for start in EVERY_WAY:
        a = Association(start())
        a.session.send(noise(MIB, 9))
        a.exchange(to)
        a.session.send(b"\5\1\0\1" + bytes(6)).silent(0.1)
        a.lives(to).over()
    a = Association(inetd())
    a.session.urgent(b"!")
    a.exchange(to).over()


def control_ends():
    try:
        isolate()  # or another test may have got a port that was given back
    except Skip:
        pass
    to = Udp()
    for start in EVERY_WAY:
        for leave in Session.shut, Session.close:
            askers = Udp(), Udp()  # made before, for the same reason
            s = start()
            a = Association(s).exchange(to)
            out = to.peer
            began = time.monotonic()
            leave(s)
            s.wait()
            check(time.monotonic() - began < 5, True, "it does not linger")
            s.ended("eof") if s.err is not None else s.exits(0)
            for sock, address in zip(askers, (a.relay, out)):
                sock.sock.connect(address)
                sock.sock.send(b"anybody there?")
                pause(0.02)
                check(sock.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR), errno.ECONNREFUSED,
                      "port is closed")
    a = Association(inetd()).exchange(to)
    a.session.reset()
    a.session.ended("reset")


def ends_in_order():
    to = Udp()
    a = Association(inetd("--idle-timeout", "600ms"))
    for i in range(8):
        a.exchange(to)
        pause(0.15)
    a.session.send(b"no datagram")
    Udp("127.0.0.2").sendto(datagram(to.host, to.port, b"foreign"), a.relay)
    a.over("idle", sent="32", received="32")
    a = Association(inetd("--lifetime", "500ms")).exchange(to).over("lifetime")
    for number in signal.SIGTERM, signal.SIGINT, signal.SIGHUP:
        a = Association(inetd()).exchange(to)
        a.session.kill(number)
        a.over("signal", sent="4", received="4")


def port_range():
    isolate()
    to = Udp()
    open_ = []
    for i in range(3):
        open_.append(Association(inetd("--port-range", "40000-40002")))
    check(sorted(a.reply.port for a in open_), [40000, 40001, 40002], "ports")
    for a in open_:
        a.exchange(to)
    s = inetd("--port-range", "40000-40002")
    s.refused(1, "0.0.0.0", 0, command=UDP).exits(0)
    assert "ddress" in s.stderr(), s.stderr()
    open_[1].over()
    Association(inetd("--port-range", "40000-40002")).exchange(to).over()


def external():
    isolate()
    away = Elsewhere()
    ip("addr add 192.0.2.1/32 dev lo")
    to = Udp()
    own = "--external", "192.0.2.1,2001:db8:1::1"
    for host in "127.0.0.1", "::1":
        a = Association(inetd(*own, host=host))
        check(a.reply.host, host)
        a.exchange(to).over()
    # A client without an address may send from this host's loopback, and from nowhere else.
    for start in unix, pipes:
        a = Association(start("--external", "198.51.100.1"), sock=Udp("127.0.0.1"))
        check(a.reply.host, "198.51.100.1")
        with away:
            strangers = Udp("198.51.100.2"), Udp("198.51.100.2")
        for stranger in *strangers, Udp("198.51.100.1"):
            stranger.sendto(datagram(to.host, to.port, b"stray"), a.relay)
        to.silent(0.1)
        a.exchange(to).over()
        # So it is not told an address outside this host.
        a = Association(start("--external", "198.51.100.99"))
        check(a.reply.host, "127.0.0.1")
        a.exchange(to).over()
    # A foreign address: a gateway passes datagrams on to the address that the client reached.
    for nonlocal_bind in "0", "1":
        with open("/proc/sys/net/ipv4/ip_nonlocal_bind", "w") as f:
            f.write(nonlocal_bind)
        a = Association(inetd("--external", "198.51.100.99"), sock=Udp("127.0.0.1"))
        check(a.reply.host, "198.51.100.99")
        a.relay = "127.0.0.1", a.reply.port
        a.exchange(to).over()


def gateway():
    isolate()
    inner, outer = Elsewhere(), Elsewhere(1)
    own, nat = ",".join(outer.HERE), "203.0.113.9,2001:db8:9::9"
    for six in False, True:
        with outer:
            to = Udp(outer.THERE[six])
        for external in None, own, nat:
            options = ("--external", external) if external else ()
            s = inetd("--allow", "from any", *options, pair=inner.pair(six))
            with inner:
                a = Association(s, sock=Udp(inner.THERE[six]))
            check(a.reply.host, nat.split(",")[six] if external == nat else inner.HERE[six],
                  f"with {options}")
            a.relay = inner.HERE[six], a.reply.port
            a.exchange(to)
            check(to.peer[0], outer.HERE[six], "as the destination sees it")
            a.over(command="udp")


def rate():
    to = Udp()
    a = Association(inetd("--rate", "100k"))
    began = time.monotonic()
    for i in range(50):
        a.send(to, bytes(1000))
    for i in range(50):
        to.expect(bytes(1000))
    # The last batch, of at most 32, is sent without a pause after it.
    took = time.monotonic() - began
    assert took > 0.18, f"the first 18 kB at 100 kB/s took {took} s"
    a.over()


def headers_counted():
    to = Udp()
    a = Association(inetd("--rate", "10k")).exchange(to)
    for send, expect in ((lambda: a.send(to, b""), lambda: to.expect(b"")),
                         (lambda: to.answer(b""), lambda: a.expect(to, b""))):
        pause(0.1)
        began = time.monotonic()
        for i in range(200):
            send()
        for i in range(200):
            expect()
        took = time.monotonic() - began
        assert took > 0.3, f"200 empty datagrams at 10 kB/s took {took} s"
    a.over(sent="4", received="4")


def nothing_left_open():
    to = Udp()
    a = Association(inetd()).exchange(to)
    # The client, stderr, the relay, two upstream sockets, and the descriptors of the name lookups.
    check(len(descriptors(a.session.pid)) <= 8, True, descriptors(a.session.pid))
    assert SMALL or resident(a.session.pid) < 4 * MIB, resident(a.session.pid)
    a.over()
