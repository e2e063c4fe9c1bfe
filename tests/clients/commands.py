# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that commands.bats plays, one for each @test."""

import os
import subprocess
import threading

from clients import Proxy, library
from lib.bind import arrive
from lib.peer import Listener, MIB, check, http, noise, together
from lib.program import SOURCE, tmp
from lib.proxy import dante, serve, sessions
from lib.socks5 import Reply
from lib.udp import Udp
from lib.world import Dns, Elsewhere, answers, background, command, cover, ip, isolate, names, needs

PROGRAMS = f"{SOURCE}/tests/clients/programs"


def ftp_through_socksify():
    isolate()
    needs("socksify", "curl")
    away = Elsewhere()
    os.mkdir(tmp("ftp"))
    want = noise(MIB, 13).hex()
    tmp("ftp/file", want)
    with away:
        background("/usr/bin/python3", "-m", "pyftpdlib", "-i", "198.51.100.2", "-p", "2121", "-d",
                   tmp("ftp"))
        answers("198.51.100.2", 2121)
    for options in (), ("--external", "198.51.100.1", "--port-range", "40000-40009"):
        proxy = serve(*options)
        got = command("socksify", "curl", "-sS", "--max-time", "60", "--ftp-port", "-",
                      "ftp://198.51.100.2:2121/file", env=dante(proxy))
        check(got == want, True, f"the file with {options}: {got[:200]!r}")
        check(sorted(p["command"] for p in sessions(2)), ["bind", "connect"], "it went through us")


def gateway_with_perl():
    isolate()
    inner, outer = Elsewhere(), Elsewhere(1)
    ip("route add default via 198.51.101.2")
    with outer:
        to = Udp("198.51.101.2", 7000)

    def client(how, proxy):
        with inner:
            return subprocess.Popen(["perl", f"{PROGRAMS}/gateway.pl", how, *proxy.split(":")],
                                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)

    for options in (), ("--external", "198.51.101.1"):
        proxy = serve("--allow", "from any", *options, host="198.51.100.1")
        with client("bind", proxy) as perl:
            host, port, *_ = perl.stdout.readline().split()
            check(host, "198.51.101.1", "where BIND's peer is to come")
            with outer:
                peer = arrive(Reply(0, host, int(port)), "198.51.101.2")
            peer.expect(b"hello\n").send(b"world\n")
            check(perl.stdout.read(), "world\n")
            peer.expect_end().close()
        with client("udp", proxy) as perl:
            host, port, *_ = perl.stdout.readline().split()
            check(host, "198.51.100.1", "where the client is to send")
            to.expect(b"hello").answer(b"world")
            check(perl.stdout.read(), "world\n")
        check(sorted(p["command"] for p in sessions(2)), ["bind", "udp"], "it went through us")
    # Behind NAT: datagrams to the gateway's outer address arrive at the address the client reached.
    with inner:
        ip("addr add 203.0.113.9/32 dev lo")
    proxy = serve("--allow", "from any", "--external", "203.0.113.9", host="198.51.100.1")
    for how in "bind", "udp":
        with client(how, proxy) as perl:
            check(perl.stdout.readline().split()[0], "203.0.113.9", how)
            perl.kill()
    sessions(2)


def datagrams_through_socksify():
    isolate()
    needs("socksify")
    away = Elsewhere()
    with away:
        to = Udp("198.51.100.2", 7000)
    proxy = serve()

    def answer():
        to.expect(b"hello").answer(b"world")

    together(answer, lambda: check(command("socksify", "/usr/bin/python3", "-I",
                                           f"{PROGRAMS}/datagram.py", env=dante(proxy)),
                                   "(b'world', ('198.51.100.2', 7000))\n"))
    check([p["command"] for p in sessions(1)], ["udp"], "it went through us")


def quic_bursts():
    isolate()
    to = Udp("127.0.0.1")

    def back():
        while True:
            to.sock.sendto(*to.sock.recvfrom(1 << 16))

    threading.Thread(target=back, daemon=True).start()
    proxy = Proxy("127.0.0.1", int(serve().rpartition(":")[2]), None)
    came = int(library("burst", proxy, to.host, to.port))
    assert came >= 20 * 50, came
    check([(p["command"], p["sent"]) for p in sessions(1)], [("udp", str(came * 1350))],
          "it went through us")


def tor_tools():
    isolate()
    needs("tor-resolve", "torsocks", "curl")
    names("192.0.2.5 four.example.com\n")
    Dns({})
    proxy = serve("--socks4")
    check(command("tor-resolve", "four.example.com", proxy), "192.0.2.5\n")
    check(command("tor-resolve", "-4", "four.example.com", proxy), "192.0.2.5\n")
    check(command("tor-resolve", "-x", "192.0.2.5", proxy), "four.example.com\n")
    away = Elsewhere()
    with away:
        Listener("198.51.100.2", 8080).serve(http(b"page"))
    cover("/etc/hosts", "127.0.0.1 localhost\n198.51.100.2 away.example.com\n")
    host, _, port = proxy.rpartition(":")
    check(command("torsocks", "-a", host, "-P", port, "curl", "-sS", "--max-time", "60",
                  "http://away.example.com:8080/"), "page")
    check({p["command"] for p in sessions(5)}, {"connect", "resolve", "resolve-ptr"},
          "it went through us")
