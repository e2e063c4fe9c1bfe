# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that connect.bats plays, one for each @test."""

import time

from lib.peer import (EOF, KIB, Listener, check, closed_port, noise, paced_at_2m, scale,
                      together)
from lib.program import (EVERY_WAY, SO_MAX_PACING_RATE, activated, classic, descriptors, inetd,
                         is_tcp, option, pause, pipes, unix)
from lib.socks4 import read_reply4, request4
from lib.socks5 import CHOSEN, GREETING, NONE_ACCEPTABLE, name, read_reply, refusal, request, v6
from lib.world import Dns, Elsewhere, ip, isolate, names


def every_kind_of_address():
    isolate()
    names("127.0.0.3 three.example.com\n::1 six.example.com\n")
    for host, where in (("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("127.0.0.2", "127.0.0.2"),
                        ("three.example.com", "127.0.0.3"), ("six.example.com", "::1"),
                        ("THREE.Example.Com", "127.0.0.3")):
        up = Listener(where)
        for start in EVERY_WAY:
            s = start()
            reply = s.ask(host, up.port)
            check(reply.code, 0, f"reply for {host}")
            far = up.accept()
            check((reply.host, reply.port), up.peer, "address in the reply")
            s.send(b"up")
            far.expect(b"up")
            far.send(b"down")
            s.expect(b"down")
            far.close()
            s.shut().expect_end().exits(0)


def split_anywhere():
    isolate()
    names("127.0.0.1 name.example.com\n")
    up = Listener()
    early = b"early"
    for host in "127.0.0.1", "::ffff:127.0.0.1", "name.example.com":
        whole = GREETING + request(host, up.port) + early
        for cut in range(len(whole) + 1):
            s = (inetd, activated, pipes, unix)[cut % 4]()
            s.send(whole[:cut])
            pause(0.004)
            s.send(whole[cut:])
            s.expect(CHOSEN)
            check(read_reply(s).code, 0, f"reply, cut at {cut}")
            far = up.accept()
            far.expect(early).send(b"answer").close()
            s.expect(b"answer").shut().expect_end()
            s.exits(0)
        for start in EVERY_WAY:
            s = start()
            s.send_split(whole)
            s.expect(CHOSEN)
            check(read_reply(s).code, 0, "reply, byte by byte")
            far = up.accept()
            far.expect(early).close()
            s.shut().expect_end()


def all_at_once():
    up = Listener()
    for size in 1, 100, 4096, 64 * KIB:
        data = noise(size, size)
        for start in EVERY_WAY:
            s = start()
            together(lambda: s.send(GREETING + request(up.host, up.port) + data).shut(),
                     lambda: s.expect(CHOSEN))
            check(read_reply(s).code, 0)
            far = up.accept()
            far.expect_end(data=data).send(b"answer").close()
            s.expect_end(data=b"answer").exits(0)


def none_among_methods():
    up = Listener()
    for methods in (b"\0", b"\0\2", b"\2\0", b"\1\2\0", bytes(range(255)), b"\0" * 255, b"\xff\0",
                    bytes(range(254, -1, -1))):
        s = inetd()
        s.greet(methods)
        s.send(request(up.host, up.port))
        check(read_reply(s).code, 0)
        up.accept().close()
        s.shut().expect_end()


def no_acceptable_method():
    for methods in b"", b"\2", b"\1\2", b"\xff", b"\x80", bytes(range(1, 256)):
        for start in EVERY_WAY:
            s = start()
            s.send(bytes([5, len(methods)]) + methods)
            s.expect_end(data=NONE_ACCEPTABLE).exits(0)


def other_first_byte():
    for first in b"\4", b"G", b"\0", b"\xff", b"\6", b"\x16\3\1", b"\r\n":
        s = inetd()
        s.send(first)
        s.expect_end().exits(0)
    s = inetd()
    s.send(b"\4\1\0\x50\x7f\0\0\1\0").expect_end()
    s.exits(0)


def other_version():
    up = Listener()
    for version in 0, 1, 4, 6, 255:
        s = inetd()
        s.greet().send(request(up.host, up.port, version=version))
        got, how = s.rest()
        assert got in (b"", refusal(1)) and how == EOF, (got, how)
        s.exits(0)
    assert up.nobody_came()


def reserved_byte():
    up = Listener()
    for rsv in 1, 5, 255:
        s = inetd()
        check(s.ask(up.host, up.port, rsv=rsv).code, 0)
        up.accept().close()
        s.shut().expect_end()


def unknown_command():
    for command in 0, 4, 5, 0x7f, 0x80, 0xef, 0xf2, 0xff:
        for host in "127.0.0.1", "::1", "name.example.com":
            s = inetd().refused(7, host, 80, command=command)
            s.ended("protocol", reply="7")


def unknown_address_type():
    for kind in 0, 2, 5, 0x7f, 0xff:
        for tail in b"", b"\x7f\0\0\1\0\x50", bytes(300):
            s = inetd()
            s.greet().send(bytes([5, 1, 0, kind]) + tail)
            s.expect_end(data=refusal(8)).ended("protocol", reply="8")
    for family, host in (("ipv4", "::1"), ("ipv6", "127.0.0.1"), ("ipv4", name("::1")),
                         ("ipv4", name("[::1]")), ("ipv6", name("127.0.0.1"))):
        up = Listener("::1" if family == "ipv4" else "127.0.0.1")
        inetd("--family", family).refused(8, host, up.port)
        assert up.nobody_came()


def bad_names_and_port():
    for host in "127.0.0.1", "::1", "localhost":
        inetd().refused(1, host, 0).exits(0)
    for host in b"", b"\0", b"a\0", b"127.0.0.1\0", b"\0localhost", b"local\0host":
        up = Listener()
        inetd().refused(1, name(host), up.port).exits(0)
        assert up.nobody_came()


def literal_as_name():
    isolate()
    names()
    dns = Dns({"*": ["127.0.0.1", "::1"]})
    four, six = Listener("127.0.0.1"), Listener("::1")
    for text, up in (("127.0.0.1", four), ("::1", six), ("[::1]", six), ("0:0:0:0:0:0:0:1", six),
                     ("[0::1]", six), ("::ffff:127.0.0.1", four), ("[::ffff:127.0.0.1]", four),
                     ("::ffff:7f00:1", four), ("::FFFF:7F00:0001", four)):
        s = inetd()
        reply = s.ask(name(text), up.port)
        check(reply.code, 0, f"reply for {text}")
        up.accept().close()
        s.shut().expect_end()
        check((reply.host, reply.port), up.peer, f"address in the reply for {text}")
    check(dns.asked, [], "names asked for")
    s = inetd()  # the address literal that means the same
    check(s.ask(v6("::ffff:127.0.0.1"), four.port).code, 0)
    four.accept().close()
    s.shut().expect_end()


def odd_spellings():
    isolate()
    names()
    dns = Dns({"*": ["127.0.0.1", "::1"]})
    long = ".".join(["x" * 62] * 4)
    check(len(long), 251)
    for text in ("127.1", "127.0.1", "0x7f.1", "0x7f.0.0.1", "2130706433", "017700000001", "0",
                 "0x7f000001", "0177.0.0.1", "127.0.0.01", "127.0.0.0x1", "0x7F.0.0.1", "00.0.0.0",
                 "::1%lo", "::1%1", "fe80::1%lo", "[::1%lo]", "[::1]%lo", "localhost%lo", "%", "1%",
                 long + ".ab", long + ".abc"):
        up = Listener()
        inetd().refused(4, name(text), up.port).exits(0)
        assert up.nobody_came(), text
        up.close()
    check(dns.asked, [], "names asked for")
    up = Listener("::1")
    s = inetd("--family", "ipv6")
    check(s.ask(name(long + ".a"), up.port).code, 0, "reply for a name of 253 bytes")
    up.accept().close()
    s.shut().expect_end()


def missing_name():
    isolate()
    names()
    dns = Dns({"empty.example.com": []})
    for host in ("missing.example.com", "empty.example.com", "missing.", "a..b", ".", "-",
                 "two words.example.com", name(b"\xc3\xa4.example.com"),
                 name(bytes(range(1, 255)))):
        inetd().refused(4, host, 80).exits(0)
    dns.zone = None
    sessions = [start("--connect-timeout", "300ms") for start in EVERY_WAY]
    for s in sessions:
        s.refused(4, "silent.example.com", 80).exits(0)
    assert "silent.example.com" in dns.asked


def replies_of_network():
    isolate()
    away = Elsewhere()
    ip("""route add unreachable 203.0.113.1
          route add prohibit 203.0.113.2
          route add blackhole 203.0.113.3
          route add unreachable 2001:db8:9::1
          route add prohibit 2001:db8:9::2
          route add blackhole 2001:db8:9::3""")
    with away:
        theirs = [closed_port(h) for h in away.THERE]
    for code, host, port in (
        (5, "127.0.0.1", closed_port()), (5, "::1", closed_port("::1")),
        (5, away.THERE[0], theirs[0]), (5, away.THERE[1], theirs[1]),
        (4, "203.0.113.1", 80), (4, "2001:db8:9::1", 80),
        (2, "203.0.113.2", 80), (2, "2001:db8:9::2", 80),
        (1, "203.0.113.3", 80), (1, "2001:db8:9::3", 80),
        (3, "203.0.113.4", 80), (3, "2001:db8:9::4", 80),
        (1, "fe80::1", 80),
    ):
        for start in inetd, pipes:
            start().refused(code, host, port).exits(0)


def replies_of_silence():
    isolate()
    away = Elsewhere()
    for hole in "198.51.100.77", "2001:db8:1::77":
        away.black_hole(hole)
    for name_, value in (("ipv4/tcp_syn_retries", "1"), ("ipv4/tcp_syn_linear_timeouts", "0"),
                         ("ipv4/neigh/wire0/retrans_time_ms", "300"),
                         ("ipv6/neigh/wire0/retrans_time_ms", "300")):
        try:
            with open(f"/proc/sys/net/{name_}", "w") as f:
                f.write(value)
        except FileNotFoundError:
            pass  # only newer kernels have it
    cases = [(6, h, ("--connect-timeout", "300ms")) for h in ("198.51.100.77", "2001:db8:1::77")]
    cases += [(6, h, ()) for h in ("198.51.100.77", "2001:db8:1::77")]
    cases += [(4, h, ()) for h in ("198.51.100.66", "2001:db8:1::66")]
    sessions = [(inetd(*options), code, host) for code, host, options in cases]
    together(*(lambda s=s, code=code, host=host: s.refused(code, host, 80)
               for s, code, host in sessions))
    for s, code, host in sessions:
        s.ended("timeout" if code == 6 and len(s.argv) > 1 else s.log["end"], reply=str(code))


def refusal_then_end():
    port = closed_port()
    junk = bytes(100000)
    asked = ((refusal(5), request("127.0.0.1", port)), (refusal(7), request("::1", 80, command=9)),
             (refusal(8), b"\5\1\0\x0a"), (refusal(1), request("127.0.0.1", 0)))
    for i in range(scale(200, 40)):
        want, ask = asked[i % 4]
        s = (inetd, activated, classic, unix)[i // 4 % 4]()
        s.greet().send(ask + junk[:(0, 1, 3000, len(junk))[i // 16 % 4]])
        s.expect_end(data=want)
        s.close()
        s.exits(0)
    for i in range(scale(50, 10)):
        s = inetd()
        s.send(b"\5\1\2" + junk[:i * 1000])
        s.expect_end(data=NONE_ACCEPTABLE)
        s.close()
        s.exits(0)


def refusal_while_sending():
    isolate()
    away = Elsewhere()
    away.black_hole("198.51.100.77")
    talks = [(start(*options), stop) for start in (inetd, classic, unix)
             for options, stop in ((("--lifetime", "400ms"), None), ((), 15))]
    for s, stop in talks:
        s.send(GREETING + request("198.51.100.77", 80)).expect(CHOSEN)
        if stop:
            s.kill(stop)
    for i in range(60):
        pause(0.01)
        for s, _ in talks:
            s.send(bytes(100))
    for s, stop in talks:
        s.expect_end(data=refusal(1 if stop else 6))
        s.ended("signal" if stop else "lifetime", error=None)


def client_stays_after_refusal():
    began = time.monotonic()

    def sends_on(s):
        try:
            while s.alive and time.monotonic() < began + 30:
                s.write(bytes(1000))
                pause(0.01)
        except OSError:
            pass

    quiet = [start() for start in EVERY_WAY]
    for s in quiet:
        s.ask("127.0.0.1", closed_port())
        s.expect_end()
    noisy = inetd()
    noisy.ask("127.0.0.1", closed_port())
    noisy.expect_end()
    sends_on(noisy)
    for s in quiet + [noisy]:
        check(s.wait(stay=True), 0)
    assert time.monotonic() < began + 10.5, time.monotonic() - began


def every_address_tried():
    isolate()
    away = Elsewhere()
    for hole in "2001:db8:1::77", "2001:db8:1::78", "198.51.100.77":
        away.black_hole(hole)
    names()
    ip("route add prohibit 203.0.113.2")
    up = Listener("127.0.0.4")
    dns = Dns({"refused.example.com": ["127.0.0.2", "127.0.0.3", "127.0.0.4"],
               "mixed.example.com": ["::1", "2001:db8:9::1", "203.0.113.2", "127.0.0.2",
                                     "127.0.0.4"],
               "six.example.com": ["2001:db8:1::77", "127.0.0.4"],
               "holes.example.com": ["2001:db8:1::77", "2001:db8:1::78", "198.51.100.77",
                                     "127.0.0.4"],
               "many.example.com": [f"127.0.0.{n}" for n in range(5, 24)] + ["127.0.0.4"]})
    for host in ("refused.example.com", "mixed.example.com", "six.example.com",
                 "holes.example.com", "many.example.com", "many.example.com."):
        dns.asked.clear()
        s = inetd("--connect-timeout", "20s")
        reply = s.ask(host, up.port)
        check(reply.code, 0, f"reply for {host}")
        up.accept().send(b"found").close()
        s.shut().expect_end(data=b"found").ended("eof", peer=f"127.0.0.4:{up.port}")
        assert up.nobody_came(), "tried twice"
        assert len(dns.asked) <= 2 and set(dns.asked) == {host.rstrip(".")}, dns.asked


def next_address_at_once():
    isolate()
    away = Elsewhere()
    away.black_hole("2001:db8:1::77")
    names()
    up = Listener("127.64.0.4")
    # Nearest first, as the resolver sorts; a quarter of a second for each would exceed the timeout.
    Dns({"slow.example.com": ["2001:db8:1::77"] + [f"127.0.0.{n}" for n in range(1, 27)]
         + ["127.64.0.4"]})
    s = inetd("--family", "prefer-ipv6", "--connect-timeout", "5s")
    check(s.ask("slow.example.com", up.port).code, 0)
    up.accept().close()
    s.shut().expect_end().ended("eof", peer=f"127.64.0.4:{up.port}")


def no_address_answers():
    isolate()
    away = Elsewhere()
    holes = ["2001:db8:1::77", "198.51.100.77", "198.51.100.78"]
    for hole in holes:
        away.black_hole(hole)
    names()
    Dns({"holes.example.com": holes})
    inetd("--connect-timeout", "700ms").refused(6, "holes.example.com", 80).ended("timeout")


def family():
    isolate()
    names()
    four = Listener("127.0.0.1")
    six = Listener("::1", four.port)
    Dns({"both.example.com": ["127.0.0.1", "::1"], "four.example.com": ["127.0.0.1"],
         "six.example.com": ["::1"]})
    for family, host, up in (("ipv4", "both", four), ("ipv6", "both", six),
                             ("prefer-ipv4", "both", four), ("prefer-ipv6", "both", six),
                             ("prefer-ipv4", "six", six), ("prefer-ipv6", "four", four),
                             ("any", "six", six), ("any", "four", four)):
        s = inetd("--family", family)
        check(s.ask(host + ".example.com", four.port).code, 0, f"reply for {family} {host}")
        up.accept(5).close()
        s.shut().expect_end()
        assert four.nobody_came() and six.nobody_came()
    for family, host in ("ipv4", "six"), ("ipv6", "four"):
        inetd("--family", family).refused(4, host + ".example.com", four.port)


def source():
    isolate()
    ip("addr add 2001:db8::5/128 dev lo nodad")
    four, six = Listener("127.0.0.1"), Listener("::1")
    for source, up, host in (("127.0.0.5", four, "127.0.0.5"), ("2001:db8::5", six, "2001:db8::5"),
                             ("127.0.0.5,2001:db8::5", four, "127.0.0.5"),
                             ("2001:db8::5,127.0.0.5", six, "2001:db8::5"),
                             ("127.0.0.5", six, "::1"), ("2001:db8::5", four, "127.0.0.1")):
        s = inetd("--source", source)
        s.connect(up).close()
        check(up.peer[0], host, f"--source {source}")
        s.shut().expect_end()
    inetd("--source", "192.0.2.99").refused(1, four.host, four.port)


def interface():
    isolate()
    away = Elsewhere()
    with away:
        up = Listener(away.THERE[0])
    here = Listener("127.0.0.1")
    for device, to in ("wire0", up), ("lo", here):
        s = inetd("--interface", device)
        s.connect(to).close()
        s.shut().expect_end()
    for device, to in ("lo", up), ("wire0", here), ("nosuch0", here):
        s = inetd("--interface", device, "--connect-timeout", "1s")
        assert s.ask(to.host, to.port).code, device
        s.expect_end()
        assert to.nobody_came()


def mark():
    isolate()
    away = Elsewhere()
    ip("rule add pref 10 fwmark 7 prohibit")
    with away:
        up = Listener(away.THERE[0])
    for options in (), ("--mark", "8"):
        s = inetd(*options)
        s.connect(up).close()
        s.shut().expect_end()
    inetd("--mark", "7").refused(2, up.host, up.port)


def rate():
    def paced(start):
        s = start("--rate", "2M")
        far = s.connect(Listener())
        for fd in descriptors(s.pid):
            if is_tcp(s.pid, fd):
                check(option(s.pid, fd, SO_MAX_PACING_RATE), 2000000, "pacing rate")
        paced_at_2m(s, far)
        far.close()
        s.shut().expect_end()

    together(*(lambda start=start: paced(start) for start in EVERY_WAY))


def no_timeouts():
    s = inetd("--connect-timeout", "0", "--handshake-timeout", "0", "--idle-timeout", "0",
              "--lifetime", "0")
    pause(0.3)
    s.connect(Listener()).close()
    s.shut().expect_end().ended("eof")


def every_reply():
    isolate()
    away = Elsewhere()
    away.black_hole("198.51.100.77")
    names()
    Dns({})
    up = Listener()
    causes = {
        0: request(up.host, up.port),
        1: request(up.host, 0),
        2: request("192.0.2.9", up.port),
        3: request("203.0.113.9", 80),
        4: request("missing.example.com", 80),
        5: request("127.0.0.1", closed_port()),
        6: request("198.51.100.77", 80),
        7: request(up.host, up.port, command=0x80),
        8: b"\5\1\0\2",
    }
    options = ("--connect-timeout", "300ms", "--deny", "to 192.0.2.9", "--allow", "from any",
               "--socks4")
    for code, asked in causes.items():
        s = inetd(*options)
        check(read_reply(s.greet().send(asked)).code, code, "reply")
        if code == 0:
            up.accept().close()
        s.shut().expect_end().exits(0)
        check(s.log["reply"], str(code), "reply in the log")
    check(sorted(causes), list(range(9)), "replies")
    # 92 and 93 are about identd, which is never asked.
    for code, port in (90, up.port), (91, closed_port()):
        s = inetd(*options)
        check(read_reply4(s.send(request4("127.0.0.1", port)))[0], code, "reply of version 4")
        if code == 90:
            up.accept().close()
        s.shut().expect_end().exits(0)
