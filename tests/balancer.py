# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that balancer.bats plays, one for each @test."""

import socket
import struct
import textwrap

from lib.bind import arrive, part
from lib.peer import Listener, check, eventually, http
from lib.program import PROGRAM, inetd, lines_of, pause, pipes, remote, tmp
from lib.socks5 import BIND, CHOSEN, GREETING, Reply, read_reply, request
from lib.udp import Association, Udp, datagram
from lib.world import Elsewhere, answers, background, command, ip, isolate, needs


def v1(src, dst="198.51.100.1", family="TCP4"):
    """A PROXY header of version 1."""
    return f"PROXY {family} {src} {dst} 40000 1080\r\n".encode()


def v2(src=None, dst="198.51.100.1", tlvs=b"", command=1):
    """A PROXY header of version 2; without src it names no client."""
    signature = b"\r\n\r\n\0\r\nQUIT\n"
    if src is None:
        return signature + struct.pack("!BBH", 0x20 | command, 0, len(tlvs)) + tlvs
    family = socket.AF_INET6 if ":" in src else socket.AF_INET
    body = b"".join(socket.inet_pton(family, a) for a in (src, dst))
    body += struct.pack("!HH", 40000, 1080)
    kind = 0x21 if ":" in src else 0x11
    return signature + struct.pack("!BBH", 0x20 | command, kind, len(body + tlvs)) + body + tlvs


def client_in_header():
    up = Listener()
    options = ("--proxy-protocol", "10.0.0.0/8",
               "--allow", "from 192.0.2.7,2001:db8::7 to loopback")
    for header, client in ((v1("192.0.2.7"), "192.0.2.7:40000"),
                           (v1("2001:db8::7", "2001:db8::1", "TCP6"), "[2001:db8::7]:40000"),
                           (v1("::ffff:192.0.2.7", "::ffff:198.51.100.1", "TCP6"),
                            "192.0.2.7:40000"),
                           (v2("192.0.2.7"), "192.0.2.7:40000"),
                           (v2("192.0.2.7", tlvs=b"\x03\0\x04abcd" + b"\x04\x0f\xff" + b"x" * 4095),
                            "192.0.2.7:40000"),
                           (v2("2001:db8::7", "2001:db8::1"), "[2001:db8::7]:40000"),
                           (v2("::ffff:192.0.2.7", "::ffff:198.51.100.1"), "192.0.2.7:40000")):
        s = remote(*options, addr="10.1.2.3")
        s.send(header)
        far = s.connect(up)
        far.close()
        s.shut().expect_end().ended("eof", client=client)
    for header in v1("192.0.2.8"), v2("192.0.2.8"):
        s = remote(*options, addr="10.1.2.3")
        s.send(header)
        s.kept_out(up, client="192.0.2.8:40000")


def header_split():
    up = Listener()
    options = ("--proxy-protocol", "10.0.0.1", "--allow", "from 192.0.2.7 to loopback")
    for header in v1("192.0.2.7"), v2("192.0.2.7", tlvs=b"\x04\0\x05abcde"):
        whole = header + GREETING + request("127.0.0.1", up.port) + b"early"
        for cut in range(0, len(whole) + 1, 3):
            s = remote(*options, addr="10.0.0.1")
            s.send(whole[:cut])
            pause(0.002)
            s.send(whole[cut:])
            s.expect(CHOSEN)
            check(read_reply(s).code, 0, f"reply, cut at {cut}")
            far = up.accept()
            far.expect(b"early").close()
            s.shut().expect_end().exits(0)


def header_missing_or_broken():
    up = Listener()
    ask = GREETING + request("127.0.0.1", up.port)
    good = v2("192.0.2.7")
    for start in (ask, v1("192.0.2.7")[:-2] + b"\n", v1("192.0.2"), v1("192.0.2.7", family="TCP6"),
                  b"PROXY TCP4 192.0.2.7 198.51.100.1 70000 1080\r\n", b"PROXY " + b"x" * 200,
                  good[:12] + b"\x31" + good[13:], good[:13] + b"\x12" + good[14:],
                  good[:14] + b"\0\x04" + good[16:20]):
        s = remote("--proxy-protocol", "10.0.0.1", "--allow", "", addr="10.0.0.1")
        s.send(start + ask)
        s.expect_end().ended("protocol")
        assert up.nobody_came()
    for start in b"", v1("192.0.2.7")[:9], good[:20]:
        s = remote("--proxy-protocol", "10.0.0.1", "--handshake-timeout", "200ms", addr="10.0.0.1")
        s.send(start)
        s.expect_end().ended("timeout")
        s = remote("--proxy-protocol", "10.0.0.1", addr="10.0.0.1")
        s.send(start).shut().expect_end()
        s.ended("eof", client="10.0.0.1:40000")


def header_of_others():
    up = Listener()
    for start in (lambda *o: remote(*o, addr="10.0.0.2")), inetd, pipes:
        for header in v1("127.0.0.1"), v2("127.0.0.1"):
            s = start("--proxy-protocol", "10.0.0.1", "--allow", "")
            s.send(header + GREETING + request("127.0.0.1", up.port))
            s.expect_end().ended("protocol")
            assert up.nobody_came()


def client_not_named():
    up = Listener()
    for header in (b"PROXY UNKNOWN\r\n", b"PROXY UNKNOWN ffff::1 ::1 1 2\r\n", v2(), v2(command=0),
                   v2("127.0.0.1", "127.0.0.1", command=0)):
        for rules in ((), ("--allow", "from loopback,local,10.0.0.0/8 to any,loopback")):
            s = inetd("--proxy-protocol", "127.0.0.0/8", *rules)
            s.send(header)
            s.kept_out(up)
        s = inetd("--proxy-protocol", "127.0.0.0/8", "--allow", "from any to loopback")
        s.send(header)
        far = s.connect(up)
        far.close()
        s.shut().expect_end().ended("eof", client="%s:%d" % s.name)


def bind_and_udp():
    isolate()
    away = Elsewhere()
    ip("addr add 198.51.100.10/24 dev wire0")
    here = Udp("198.51.100.1")
    with away:
        there = Udp("198.51.100.2")
    options = "--proxy-protocol", "127.0.0.1", "--allow", "from 198.51.100.2 to any,self"
    # Only the balancer has the second address.
    for reached, where in ("198.51.100.10", "198.51.100.10"), ("203.0.113.9", "198.51.100.1"):
        s = inetd(*options)
        s.send(v2("198.51.100.2", reached))
        with away:
            a = Association(s, sock=Udp("198.51.100.2"))
        check(a.reply.host, where)
        Udp("198.51.100.1").sendto(datagram(here.host, here.port, b"stray"), a.relay)
        here.silent(0.1)
        a.exchange(here).exchange(there).over(client="198.51.100.2:40000")
    s = inetd(*options)
    s.send(v1("198.51.100.2", "198.51.100.10"))
    reply = s.ask("0.0.0.0", 0, command=BIND)
    check(reply.host, "198.51.100.10")
    with away:
        peer = arrive(reply)
    check(read_reply(s), Reply(0, *peer.name))
    part(s, peer).ended("eof", client="198.51.100.2:40000")
    # Nothing is known of a client that the header does not name: it is told loopback.
    s = inetd("--proxy-protocol", "127.0.0.1", "--allow", "from any to any,self")
    s.send(v2())
    a = Association(s)
    check(a.reply.host, "127.0.0.1")
    a.exchange(here).over()


def balancer_on_this_host():
    up = Listener()
    for header in v1("192.0.2.7"), v2("192.0.2.7"):
        s = inetd("--proxy-protocol", "127.0.0.1")
        s.send(header)
        s.kept_out(up, client="192.0.2.7:40000")
    s = inetd("--proxy-protocol", "127.0.0.1")
    s.send(v1("127.0.0.5"))
    s.connect(up).close()
    s.shut().expect_end().ended("eof", client="127.0.0.5:40000")


def haproxy():
    isolate()
    needs("haproxy", "curl", "tcpserver", "ip")
    hosts = Elsewhere(), Elsewhere(1)  # a proxy on each, and this host in front of both
    web = Listener(hosts[0].HERE[0], 8080).serve(http(b"page"))
    logs = tmp("one", ""), tmp("two", "")
    for host, log in zip(hosts, logs):
        with host:
            if host is not hosts[0]:
                ip(f"route add default via {host.HERE[0]}")
            background("sh", "-c", 'exec "$@" 2>>"$0"', log, "tcpserver", "-HRl0", host.THERE[0],
                       "1080", PROGRAM, "--proxy-protocol", host.HERE[0],
                       "--allow", f"from 127.0.0.0/8 to {web.host}")
            answers(host.THERE[0], 1080)

    def served(log):
        return [line for line in lines_of(open(log).read())
                if line["end"] == "eof" and line.get("dest")]

    def all_served(*numbers):
        eventually(lambda: [len(served(log)) for log in logs] == list(numbers),
                   f"sessions logged: {numbers}")

    def fetch():
        check(command("curl", "-sS", "--max-time", "60", "--socks5", "127.0.0.1:1080",
                      "http://198.51.100.1:8080/"),
              "page", f"page through haproxy with {version}")

    for version, before in ("send-proxy", 0), ("send-proxy-v2", 2):
        config = tmp(version, textwrap.dedent(f"""
            defaults
                mode tcp
                timeout connect 500ms
                timeout client 60s
                timeout server 60s
                retries 1
                option redispatch
            listen socks
                bind 127.0.0.1:1080
                balance roundrobin
                server one {hosts[0].THERE[0]}:1080 {version}
                server two {hosts[1].THERE[0]}:1080 {version}
            """))
        front = background("haproxy", "-db", "-f", config)
        answers("127.0.0.1", 1080)
        all_served(before, before)
        for _ in range(4):
            fetch()
        all_served(before + 2, before + 2)  # in turn
        if version == "send-proxy-v2":
            with hosts[1]:
                ip(f"link set {hosts[1].far} down")
            for _ in range(4):
                fetch()
            all_served(8, 4)
        front.kill()
        front.wait()
    for log in logs:
        assert all(line["client"].startswith("127.0.0.1:") for line in served(log)), served(log)
