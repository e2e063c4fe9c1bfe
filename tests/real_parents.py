# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that real_parents.bats plays, one for each @test."""

import re
import socket

from lib.peer import MIB, Listener, check, closed_port, flow, scale
from lib.real_parents import LOGIN, NAME, PAGE, Client, Proxy, World
from lib.socks5 import CHOSEN, GREETING, read_reply, request
from lib.users import SHA1, needs_hashes, users_file
from lib.world import command

FAR = "to .example.com,198.51.101.0/24,203.0.113.0/24"
ONION = "duckduckgogg42xjoc72x3sjasowoarfbgcmvfimaftt6twagswzczad.onion"


def _fetch(world, proxy, **keys):
    """Fetches a page with each kind of client; compares the line of each session."""
    port = world.web.port
    for options, protocol, host, reply in ((("--socks5-hostname",), None, NAME, "0"),
                                           (("--socks5",), None, world.host, "0"),
                                           (("--socks4a",), "socks4a", NAME, "90"),
                                           (("--proxytunnel", "--proxy"), "http", NAME, "0"),
                                           (("--proxy",), "http", NAME, "0")):
        page = command("curl", "-sS", "--max-time", "60", *options, proxy.at,
                       f"http://{host}:{port}/")
        check(page, PAGE.decode(), f"page by {options}")
        check(world.web.peer[0], world.seen, "address that the destination sees")
        proxy.line(protocol=protocol, dest=f"{host}:{port}", reply=reply, end="eof", error=None,
                   **keys)
    check(world.dns.asked, [], "names that were looked up here")


def _connect(world, proxy, host=NAME, early=b""):
    """Connects to the destination; returns both ends and the reply."""
    s = Client(proxy)
    s.send(GREETING + request(host, world.dest.port) + early).expect(CHOSEN)
    reply = read_reply(s)
    check(reply.code, 0, "reply")
    far = world.dest.accept()
    check(world.dest.peer[0], world.seen, "address that the destination sees")
    return s, far.expect(early), (reply.host, reply.port)


def _talk(world, proxy, bound, halves):
    """Moves bytes both ways; either end may end first, and if halves, the other one goes on."""
    for client_first in True, False:
        s, far, address = _connect(world, proxy, early=b"early")
        check(address, world.dest.peer if bound else ("0.0.0.0", 0), "address in the reply")
        size = scale(5 * MIB, MIB)
        flow(s, far, size)
        flow(far, s, size)
        a, b = (s, far) if client_first else (far, s)
        a.shut()
        b.expect_end()
        if halves:
            flow(b, a, size)
        b.shut()
        a.expect_end()
        s.close()
        far.close()
        proxy.line(end="eof", reply="0", sent=str(5 + size * (1 + (halves and not client_first))),
                   received=str(size * (1 + (halves and client_first))))


def _refused(proxy, host, port, code, why, end="failed"):
    s = Client(proxy)
    s.send(GREETING + request(host, port)).expect(CHOSEN)
    check(read_reply(s).code, code, f"reply for {host} port {port}")
    s.expect_end().close()
    line = proxy.line(reply=str(code), end=end)
    want = f"the parent {re.escape(line['via'])}{why}"
    assert re.fullmatch(want, line["error"]), f"{want} is not in {line}"


def _said(scheme, number):
    """The end of a message about a reply of SOCKS, or a status of HTTP."""
    return rf": .+ \({'reply' if scheme == 'socks5' else 'status'} {number}\)"


def _through(scheme, at, login="", **how):
    return Proxy(f'allow "{FAR} via {scheme}://{login}{at}"', **how)


def _serves(scheme, start, bound=False, halves=False, logins=scale(("", LOGIN), (LOGIN,))):
    """Plays all this through a parent, once for each of the logins."""
    world = World()
    for login in logins:
        at = start(world, bool(login))
        proxy = _through(scheme, at, login, systemd=bool(login))
        _fetch(world, proxy, via=f"{scheme}://{at}", peer=at)
        _talk(world, proxy, bound, halves)


def danted():
    _serves("socks5", World.danted, bound=True, halves=True)


def microsocks():
    _serves("socks5", World.microsocks)


def tinyproxy():
    _serves("http", World.tinyproxy)


def squid():
    _serves("http", World.squid)


def ssh():
    _serves("socks5", lambda world, _: world.ssh(), halves=True, logins=("",))


def refusals(kind):
    world = World()
    socks = kind in ("danted", "microsocks")
    scheme = "socks5" if socks else "http"
    at = getattr(world, kind)(login=True)
    proxy = _through(scheme, at, LOGIN)
    for host, port, replies in ((NAME, 82, {"danted": 5, "microsocks": 5, "tinyproxy": 500,
                                            "squid": 503}),
                                (NAME, 81, {"danted": 2, "squid": 403}),
                                ("no.example.com", 80, {"danted": 4, "squid": 500}),
                                ("203.0.113.9", 80, {"danted": 4, "microsocks": 4, "squid": 503}),
                                ("203.0.113.200", 80, {"danted": 3, "microsocks": 3})):
        if kind in replies:
            said = replies[kind]
            code = said if socks else {403: 2}.get(said, 1)
            _refused(proxy, host, port, code, _said(scheme, said))
    # Tinyproxy refuses a wrong password by the status that is meant for origins.
    statuses = {"tinyproxy": (401, 407), "squid": (407, 407)}.get(kind, (None, None))
    for login, why, status in (("alice:Secret@", "it refuses the user or password", statuses[0]),
                               ("", "it requires a login", statuses[1])):
        _refused(_through(scheme, at, login), NAME, world.web.port, 1,
                 f": {why}" + (rf" \(status {status}\)" if status else ""))


def tor():
    world = World()
    at = world.tor()
    control = socket.socket(socket.AF_UNIX)
    control.connect(world.CONTROL)
    control.sendall(b"AUTHENTICATE\r\nSETEVENTS STREAM\r\n")
    said = ""
    for via, peer in ((f"socks5://{LOGIN}{at}", True), (f"socks5:{world.SOCKS}", False)):
        proxy = Proxy(f'allow "to .onion,any via {via}"')
        for host, code in (ONION, 6), ("short.onion", 1), ("192.168.1.1", 1):
            _refused(proxy, host, 80, code, _said("socks5", code))
        for host in ONION, "short.onion", "192.168.1.1":
            asked = re.compile(r"STREAM \d+ NEW 0 " + re.escape(f"{host}:80 ") + r"(.*)")
            while not asked.search(said):
                said += control.recv(65536).decode()
            login = 'SOCKS_USERNAME="alice" SOCKS_PASSWORD="secret"' in asked.search(said)[1]
            check(login, peer, f"login in {said}")
        said = ""
    check(world.dns.asked, [], "names that were looked up here")


def chain(first, second):
    """Three of our proxies: the hops between them are of these schemes, each with a password."""
    needs_hashes("digest")
    world, users = World(), users_file(f"alice:{SHA1}\n")
    last = world.ours(f"users {users}", 'deny "port 81"', f'allow "user alice {FAR}"')
    middle = world.ours(f"users {users}",
                        f'allow "user alice {FAR} via {second}://{LOGIN}{last.at}"')
    proxy = _through(first, middle.at, LOGIN)
    _fetch(world, proxy, via=f"{first}://{middle.at}", peer=middle.at)
    for line in middle.lines(5):
        check((line["user"], line["via"], line["peer"]),
              ("alice", f"{second}://{last.at}", last.at))
    for line in last.lines(5):
        check((line["user"], line.get("via"), line["peer"]), ("alice", None, f"{world.host}:8080"))
        assert line["dest"] in (f"{NAME}:8080", f"{world.host}:8080"), line
    check(set(world.dns_there.asked), {NAME}, "names that the last proxy looked up")
    _talk(world, proxy, bound=(first, second) == ("socks5", "socks5"), halves=True)
    middle.lines(2)
    last.lines(2)
    # A hop of HTTP tells less.
    whole = (first, second) == ("socks5", "socks5")
    for host, port, code in ((NAME, 82, 5 if whole else 4), (NAME, 81, 2), ("203.0.113.9", 80, 4),
                             ("203.0.113.200", 80, 3 if whole else 4), ("no.example.com", 80, 4)):
        told = code if first == "socks5" else 403 if code == 2 else 502
        _refused(proxy, host, port, code, _said(first, told))
        line, = middle.lines(1)
        assert line["error"].startswith(f"the parent {second}://{last.at}: "), line
        check("via" in last.line(end="denied" if port == 81 else "failed"), False, "via")


def judged_names():
    world = World({"near.example.com": ["198.51.101.2"], "bad.example.com": ["203.0.113.9"],
                   "two.example.com": ["203.0.113.9", "198.51.101.2"]})
    at = world.microsocks()
    proxy = Proxy('deny "to 203.0.113.0/24"', f'allow "to .example.com via socks5://{at}"')
    for name in "near.example.com", "two.example.com":
        s, far, _ = _connect(world, proxy, name)
        s.close()
        far.close()
        proxy.line(dest=f"{name}:{world.dest.port}", via=f"socks5://{at}", peer=at, end="eof")
        check(world.dns.asked, [name] * 2, "names that were looked up here, for IPv4 and IPv6")
        world.dns.asked.clear()
    s = Client(proxy)
    s.send(GREETING + request("bad.example.com", 80)).expect(CHOSEN)
    check(read_reply(s).code, 2, "reply")
    s.expect_end().close()
    proxy.line(reply="2", end="denied", via=None)
    check(world.dns.asked, ["bad.example.com"] * 2, "names that were looked up here")
    check(world.dns_there.asked, [], "names that were looked up by the parent")


def itself():
    world = World()
    for scheme in "socks5", "http":
        for host, at in (("127.0.0.1", "127.0.0.1"), ("0.0.0.0", world.hosts.HERE[0]),
                         ("0.0.0.0", "localhost")):
            port = closed_port()
            proxy = Proxy(f'allow "via {scheme}://{at}:{port}"', host=host, port=port)
            _refused(proxy, NAME, 80, 1, ": it is this proxy itself")
            check(proxy.ended(), [])


def circle():
    World()
    for scheme in "socks5", "http":
        port = closed_port()
        one = Proxy("connect-timeout 1s", f'allow "via {scheme}://127.0.0.1:{port}"', limit=5)
        two = Proxy("connect-timeout 1s", f'allow "via {scheme}://{one.at}"', limit=5, port=port)
        s = Client(one)
        s.send(GREETING + request(NAME, 80)).expect(CHOSEN)
        code = read_reply(s).code
        assert code in (4, 6), code
        s.expect_end().close()
        one.all_ended()
        two.all_ended()
        one.all_ended()
        lines = one.ended() + two.ended()
        assert 2 <= len(lines) <= 20, lines
        for line in lines:
            if "dest" in line:  # not the client's that left before it was served
                why = line["error"]
                assert why.startswith(f"the parent {line['via']}") or "client left" in why, line


def balanced():
    """HAProxy in front of parents, of which one is gone."""
    world = World()
    alive = world.microsocks(login=True)
    at = world.haproxy("tcp", f"{world.parent}:{world.port()}", alive)
    proxy = _through("socks5", at, LOGIN)
    _fetch(world, proxy, via=f"socks5://{at}", peer=at)
    _talk(world, proxy, bound=False, halves=False)
    gone = world.haproxy("tcp", f"{world.parent}:{world.port()}")
    _refused(_through("socks5", gone), NAME, 80, 1, ": it closed the connection", end="reset")
    # In front of a parent that speaks HTTP, it has answers of its own.
    alive = world.tinyproxy(login=True)
    at = world.haproxy("http", alive)
    proxy = _through("http", at, LOGIN)
    _fetch(world, proxy, via=f"http://{at}", peer=at)
    with world.hosts:
        silent = Listener(world.parent).serve(lambda end: end.rest())
        garbage = Listener(world.parent).serve(lambda end: end.send(b"220 ready\r\n").read())
    for server, status, code in ((f"{world.parent}:{world.port()}", 503, 1),
                                 (f"{world.parent}:{silent.port}", 504, 4),
                                 (f"{world.parent}:{garbage.port}", 502, 4)):
        _refused(_through("http", world.haproxy("http", server)), NAME, 80, code,
                 _said("http", status))
