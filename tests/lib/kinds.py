# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of sessions in which faults are tried: the client, its request, the options, and how
the session ends without a fault. The plays are in ordeal.py."""

import collections
import itertools
import os
import re
import threading
import time

from lib.ordeal import (ANSWER, ASK, CLOSING, HERE, LEFT, LOST, MUCH, NAME, REFUSED, REVERSE,
                        RIGHT, ROUTED, SERVED, THERE, WRONG, bind, by_parent, chap, connect, greeting, header,
                        http_connect, http_get, inside_frames, inside_tls, password, queries, resolve, resolve_ptr, socks4,
                        token, udp)
from lib.parent import Parent, at_path
from lib.program import activated, inetd, pipes, tcp_pair, tmp, unix
from lib.saslauthd import keeper
from lib.socks5 import CHOSEN, GREETING
from lib.tls import V12, certificate
from lib.users import CRAM_MD5, SHA1, features, users_file
from lib.world import Datagrams, Dns, cover, ip, isolate, names

# The key of rcmd/localhost@EXAMPLE, as a file. No KDC is needed to refuse a client.
KEYTAB = (b"\5\2\0\0\0\x39\0\2\0\7EXAMPLE\0\4rcmd\0\x09localhost"
          b"\0\0\0\1\0\0\0\0\1\0\x11\0\x10sixteen letters.")
# "secret", by crypt(3), at little cost.
MD5 = "$1$vOpuLQnd$ccA4t8H4KIit9067QEhlX."


def from_afar(*options, **how):
    """A client that is not local, on a real connection."""
    return inetd(*options, pair=tcp_pair(HERE, here=THERE), **how)


def classic(*options, fds, **how):
    """Descriptor 2 is the client's as well: the log goes to syslog."""
    client, server = tcp_pair()
    return inetd(*options, pair=(client, server), fds={2: server, **fds}, **how)


_fresh = itertools.count()


def counted_anew(*options, **how):
    """A file of limits that is not there yet."""
    return inetd(*options, "--limit-file", tmp(f"new-limits.{next(_fresh)}"), **how)


# natural: how it ends if nothing fails. logs: the log is on descriptor 2, where it can be read.
Kind = collections.namedtuple("Kind", "name start options before play natural logs",
                              defaults=((), greeting, connect, SERVED, True))


def _with(play, *args):
    return lambda place, s: play(place, s, *args)


class Sink:
    """A socket for log lines that is read all the time; the latest lines are kept."""

    def __init__(self, path):
        self.socket, self.lines = Datagrams(path).sock, collections.deque(maxlen=200)
        self.socket.settimeout(None)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        while True:
            text = self.socket.recv(1 << 16).decode("latin-1")
            pid = re.search(r"picosocks5\[(\d+)\]: ", text)
            if pid:
                self.lines.append((int(pid[1]), time.monotonic(),
                                   text[pid.end():].rstrip("\0\n")))

    def of(self, s):
        """The lines of a session that has ended, so all of them have at least been sent."""
        for _ in range(20):
            # An earlier process may have had the same number.
            said = "\n".join(text for pid, when, text in list(self.lines)
                             if pid == s.pid and when >= s.began)
            if said:
                break
            time.sleep(0.05)
        return said


def _parents():
    """Parents, and a file for each with its route, which may have a password in it."""
    hosts = {"x.onion": "127.0.0.1"}
    plain = Parent(hosts=hosts)
    login = Parent(login=("bob", "pa:ss"))
    at = f"127.0.0.1:{login.port}"
    for name, route in (("by-socks", f"socks5://127.0.0.1:{plain.port}"),
                        ("by-name", f"socks5://far.example.com:{plain.port}"),
                        ("by-login", f"socks5://bob:pa%3ass@{at}"),
                        ("by-wrong", f"socks5://bob:pass@{at}"),
                        ("by-http", f"http://bob:pa%3ass@{at}"),
                        ("by-wrong-http", f"http://bob:pass@{at}"),
                        ("by-unix", at_path("parent", hosts=hosts)[1])):
        os.chmod(tmp(name, f'allow "via {route}"\n'), 0o600)
    tmp("by-address", 'allow "to 192.0.2.0/24"\nconfig by-socks\n')


def world():
    """Makes the addresses, names, files and log sockets of the kinds; returns syslog."""
    isolate()
    ip(f"""addr add {HERE}/32 dev lo
           addr add {THERE}/32 dev lo
           addr add 2001:db8::1/128 dev lo nodad
           route add local {ROUTED}/64 dev lo""")
    names(f"127.0.0.1 {NAME}\n127.0.0.3 {REVERSE}\n")
    cover("/etc/resolv.conf", "nameserver 127.0.0.1\noptions timeout:1 attempts:2\n")
    Dns({"far.example.com": ["127.0.0.1"], "two.example.com": ["127.0.0.9", "127.0.0.1"],
         "own.example.com": [HERE]})
    users_file(f"bob:{SHA1}\nalice:{SHA1}\n")
    users_file(f"alice:{MD5}\n", name="crypt")
    users_file(f"bob:{SHA1}\nalice:{CRAM_MD5}\n", name="cram")
    tmp("list", f"{HERE}\n203.0.113.0/24\n{NAME}\n")
    tmp("more", 'deny "to @list"\nallow "from loopback to loopback,any port socks,1024-65535"\n')
    tmp("config", "users users\nauth password\nconfig more\n")
    with open(tmp("keytab"), "wb") as f:
        f.write(KEYTAB)
    keeper("alice", "secret")
    # One session has the only place, to the end of the test.
    s = inetd("--limit", "1", "--limit-file", tmp("full"), "--handshake-timeout", "0")
    s.send(GREETING).expect(CHOSEN)
    inetd(*LIMITS).send(GREETING).expect(CHOSEN).close()
    _parents()
    Sink("/run/systemd/journal/socket")
    return Sink("/dev/log")


BALANCED = "--proxy-protocol", "127.0.0.1", "--allow", f"from {THERE} to 127.0.0.1"
TUNED = ("--source", "127.0.0.5", "--interface", "lo", "--mark", "7", "--rate", "10M",
         "--family", "ipv4")
CHAP = "--auth", "chap", "--users"
GSSAPI = "--auth", "gssapi", "--gssapi-keytab"
PORTS = "--port-range", "40000-49999", "--external", "127.0.0.1"
SAME = "--allow", "via same"
# All sessions of the test are one client.
LIMITS = ("--limit-file", tmp("limits"), "--limit", "4000", "--limit-client", "4000")
ANY, FAR = ("--allow", "from any"), "far.example.com"


def _by(name):
    return "--config", tmp(name)


def _balancer(client):
    return header(f"PROXY TCP4 {client} {HERE} 4000 1080\r\n".encode())


def _nothing(_):
    """SOCKS 4 and HTTP begin with the request."""


def _sealed():
    """The kinds inside TLS that get what they ask for."""
    cert, key = certificate()
    ca = certificate("ca")
    alice = certificate("alice", ca)
    files = "--tls-certificate", cert, "--tls-key", key
    return [
        Kind("TLS 1.3", inetd, files, _nothing, inside_tls),
        Kind("TLS 1.2 on pipes", pipes, files, _nothing, lambda p, s: inside_tls(p, s, version=V12)),
        Kind("a certificate", inetd, (*files, "--tls-clients", ca[0]), _nothing,
             lambda p, s: inside_tls(p, s, client=alice)),
        Kind("HTTP inside TLS", inetd, (*files, "--http"), _nothing,
             _with(inside_tls, _nothing, http_connect)),
        Kind("SSL frames", inetd, (*files, "--auth", "tls"), _nothing, inside_frames),
    ]


def served():
    """The kinds that get what they ask for."""
    digest, crypt = ("--users", tmp("users")), ("--users", tmp("crypt"))
    return [
        Kind("a socket", inetd),
        Kind("an activated descriptor", activated),
        Kind("a unix socket", unix),
        Kind("pipes", pipes),
        Kind("pipes at a rate", pipes, ("--rate", "10M")),
        Kind("a download", inetd, play=_with(connect, "127.0.0.1", ASK, MUCH)),
        Kind("an upload from a pipe", pipes, play=_with(connect, "127.0.0.1", MUCH, ANSWER)),
        Kind("syslog", classic, logs=False),
        Kind("the journal", inetd, ("--log", "journal"), logs=False),
        Kind("outgoing options", inetd, TUNED),
        Kind("no sandbox", inetd, ("--no-sandbox",)),
        Kind("a name of the hosts file", inetd, play=_with(connect, NAME)),
        Kind("a name of the DNS", inetd, play=_with(connect, FAR)),
        Kind("a name of two addresses", inetd, play=_with(connect, "two.example.com")),
        Kind("a digest", inetd, digest, password("secret")),
        Kind("a crypt(3) hash", inetd, crypt, password("secret")),
        Kind("CHAP", inetd, (*CHAP, tmp("cram")), chap("secret")),
        Kind("saslauthd", inetd, ("--saslauthd", "mux"), password("secret")),
        Kind("a config file", inetd, ("--config", tmp("config")), password("secret")),
        Kind("a load balancer", inetd, BALANCED, _balancer(THERE)),
        Kind("BIND", inetd, play=bind),
        Kind("BIND at a port of ours", inetd, PORTS, play=bind),
        Kind("UDP", inetd, play=udp),
        Kind("UDP to a name", inetd, play=_with(udp, FAR)),
        Kind("UDP with its flags", inetd, play=queries),
        Kind("UDP with its flags and a name", inetd, ("--family", "ipv4"), play=_with(queries, FAR)),
        Kind("RESOLVE", inetd, play=_with(resolve, FAR)),
        Kind("RESOLVE_PTR", inetd, play=resolve_ptr),
        Kind("SOCKS 4", inetd, ("--socks4",), _nothing, socks4),
        Kind("SOCKS 4a", inetd, ("--socks4",), _nothing, _with(socks4, FAR)),
        Kind("HTTP", inetd, ("--http",), _nothing, http_connect),
        Kind("HTTP on pipes, to a name", pipes, ("--http",), _nothing, _with(http_connect, FAR)),
        Kind("HTTP to a URL", inetd, ("--http",), _nothing, http_get),
        Kind("HTTP with a password", inetd, ("--http", *digest), _nothing,
             _with(http_connect, "127.0.0.1", (), WRONG, RIGHT)),
        Kind("limits", inetd, (*LIMITS, "--limit-user", "4000", *digest), password("secret")),
        Kind("limits, and datagrams", inetd, LIMITS, play=udp),
        Kind("a limit whose file is new", counted_anew, ("--limit", "10")),
        Kind("the address that the client reached", inetd, SAME),
        Kind("a parent", inetd, _by("by-socks"), play=by_parent),
        Kind("a parent, to a name that it looks up", inetd, _by("by-socks"),
             play=_with(by_parent, "x.onion")),
        Kind("a parent, to a name that is looked up", inetd, _by("by-address"),
             play=_with(by_parent, FAR)),
        Kind("a parent with a name", inetd, _by("by-name"), play=by_parent),
        Kind("a parent with a login", inetd, _by("by-login"), play=by_parent),
        Kind("a parent that speaks HTTP", inetd, _by("by-http"),
             play=_with(by_parent, "127.0.0.1", False)),
        Kind("a parent at a unix socket", inetd, _by("by-unix"),
             play=_with(by_parent, "x.onion", True, False)),
    ]


def kept_out():
    """The kinds that no fault may let in."""
    digest, crypt = ("--users", tmp("users")), ("--users", tmp("crypt"))
    config = "--config", tmp("config")

    def out(name, start, *more, natural=REFUSED, **how):
        return Kind(name, start, *more, natural=natural, **how)
    return [
        out("a stranger", from_afar),
        out("a stranger, to loopback", from_afar, ("--allow", "from any to any")),
        out("a stranger, to an address of ours", from_afar, ANY, play=_with(connect, HERE)),
        out("a stranger, to a name of ours", from_afar, ANY, play=_with(connect, "own.example.com")),
        out("a stranger, to a prefix of ours", from_afar, ANY, play=_with(connect, ROUTED)),
        out("a stranger, elsewhere than to ours", from_afar, ("--allow", "to self"),
            play=_with(connect, "203.0.113.9")),
        out("a stranger's datagrams, to an address of ours", from_afar, ANY,
            play=_with(udp, HERE, (0.15,)), natural=LOST),
        out("a stranger's query, about an address of ours", from_afar, ANY,
            play=_with(queries, HERE), natural=REFUSED),
        out("a wrong password", inetd, digest, password("secreT")),
        out("a wrong password, of crypt(3)", inetd, crypt, password("secreT")),
        out("a wrong response of CHAP", inetd, (*CHAP, tmp("cram")), chap("secreT")),
        out("CHAP with a line of another scheme", inetd, (*CHAP, tmp("users")), chap("secret")),
        out("a wrong password, of saslauthd", inetd, ("--saslauthd", "mux"), password("secreT")),
        out("no saslauthd", inetd, ("--saslauthd", "no-mux"), password("secret")),
        *([out("no ticket", inetd, (*GSSAPI, tmp("keytab")), token(b"no ticket"))]
          if features().get("gssapi") else []),
        out("no password where one is asked for", inetd, config),
        out("a list that denies", inetd, config, password("secret"), _with(connect, HERE)),
        out("a stranger, by HTTP", from_afar, ("--http",), _nothing, http_connect),
        out("a stranger, by HTTP to a URL", from_afar, ("--http", *ANY), _nothing, http_get),
        out("a wrong password, by HTTP", inetd, ("--http", *digest), _nothing,
            _with(http_connect, "127.0.0.1", (), WRONG, CLOSING)),
        out("more than a limit", inetd, ("--limit", "1", "--limit-file", tmp("full")), natural=LEFT),
        out("a wrong client of a load balancer", inetd, BALANCED, _balancer("192.0.2.8")),
        out("no load balancer", inetd, ("--proxy-protocol", "127.0.0.2"), _balancer(THERE),
            natural=LEFT),
        out("a wrong password, of a parent", inetd, _by("by-wrong")),
        out("a wrong password, of a parent that speaks HTTP", inetd, _by("by-wrong-http")),
    ]


def every_kind():
    return served() + (_sealed() if features().get("tls") else []) + kept_out()
