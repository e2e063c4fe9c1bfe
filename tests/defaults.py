# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that defaults.bats plays, one for each @test."""

import socket

from lib.options import help_options
from lib.peer import Listener, PATIENCE, check
from lib.program import EVERY_WAY, Skip, inetd, remote
from lib.socks5 import CHOSEN, GREETING, NONE_ACCEPTABLE, name, read_reply, refusal, request
from lib.users import SHA1, log_in, needs_hashes, some, turned_away, users_file
from lib.world import Elsewhere, isolate, names


def local_client():
    isolate()
    away = Elsewhere()
    names("127.0.0.1 lo.example.com\n198.51.100.1 self.example.com\n")
    with away:
        theirs = [Listener(h) for h in away.THERE]
    ours = [Listener(h) for h in ("127.0.0.1", "::1", *away.HERE)]
    for start in EVERY_WAY:
        for up in theirs + ours:
            s = start()
            s.connect(up).close()
            s.shut().expect_end().exits(0)
    for host, up in (("lo.example.com", ours[0]), ("self.example.com", ours[2]),
                     ("0.0.0.0", ours[0]), ("::", ours[1]), ("::ffff:127.0.0.1", ours[0])):
        s = inetd()
        check(s.ask(host, up.port).code, 0, f"reply for {host}")
        up.accept().close()
        s.shut().expect_end()


def remote_client():
    isolate()
    away = Elsewhere()
    names("127.0.0.1 lo.example.com\n198.51.100.2 there.example.com\n")
    with away:
        there = Listener(away.THERE[0])
    up = Listener("127.0.0.1", there.port)
    for addr in ("192.0.2.7", "10.0.0.1", "169.254.1.1", "2001:db8::7", "fe80::1",
                 "::ffff:192.0.2.7", *away.HERE, *away.THERE):
        remote(addr=addr).kept_out(up)
        remote(addr=addr).kept_out(there)
    for host in "lo.example.com", "there.example.com", "missing.example.com", "::1":
        s = remote()
        s.send(GREETING + request(host, up.port))
        assert s.rest()[0] in (NONE_ACCEPTABLE, CHOSEN + refusal(2)), host
    assert up.nobody_came() and there.nobody_came()


def user_from_elsewhere():
    needs_hashes("digest")
    isolate()
    away = Elsewhere()
    names("127.0.0.1 rebind.example.com\n198.51.100.2 there.example.com\n"
          "169.254.169.254 meta.example.com\n")
    users = users_file(f"alice:{SHA1}\n")
    with away:
        there = Listener(away.THERE[0])
    here = [Listener(h, there.port) for h in ("127.0.0.1", "::1", *away.HERE)]

    def ask(host, start=remote):
        s = log_in(start("--users", users), "alice", "secret")
        s.send(request(host, there.port))
        code = read_reply(s).code
        if not code:
            there.accept().close()
        s.shut().expect_end().ended("eof" if not code else "denied", user="alice")
        return code

    for host in away.THERE[0], "there.example.com", name("198.51.100.2"), f"::ffff:{away.THERE[0]}":
        check(ask(host), 0, f"reply for {host!r}")
    for host in some(["127.0.0.1", "::1", "169.254.169.254", "rebind.example.com",
                      "meta.example.com", *away.HERE, "0.0.0.0", "::", "::ffff:127.0.0.1",
                      "64:ff9b::7f00:1", "2002:7f00:1::1", "::127.0.0.1", "64:ff9b::a9fe:a9fe",
                      "2001:0:0:0:0:0:80ff:fffe", "fe80::5efe:7f00:1", name("[::1]"),
                      name("::ffff:169.254.169.254"), "224.0.0.1", "255.255.255.255"]):
        check(ask(host), 2, f"reply for {host!r}")
    for listener in here:
        assert listener.nobody_came()
    # a wrong password, or none, gets nothing of that
    turned_away(remote("--users", users), "alice", "Secret")
    s = remote("--users", users)
    s.send(GREETING).expect_end(data=NONE_ACCEPTABLE)
    s.ended("auth")


def client_on_another_host():
    isolate()
    away = Elsewhere()
    for here, there in zip(away.HERE, away.THERE):
        door, up = Listener(here), Listener("127.0.0.1")
        with away:
            theirs = Listener(there)
            client = socket.create_connection((here, door.port), PATIENCE)
            again = socket.create_connection((here, door.port), PATIENCE)
        inetd(pair=(client, door.accept().sock)).kept_out(up)
        inetd(pair=(again, door.accept().sock)).kept_out(theirs)


def special_by_accident():
    if "allow" not in help_options():
        raise Skip("needs access rules")
    isolate()
    away = Elsewhere()
    names("127.0.0.1 lo.example.com\n198.51.100.1 self.example.com\n"
          "169.254.169.254 meta.example.com\n198.51.100.2 there.example.com\n::1 six.example.com\n")
    with away:
        there = Listener(away.THERE[0])
    port = there.port
    up = [Listener(h, port) for h in ("127.0.0.1", "::1", *away.HERE)]
    for rule in ("from any", "to any", "", "to 0.0.0.0/0,::/0",
                 "to lo.example.com,self.example.com,six.example.com,meta.example.com,"
                 "198.51.100.2"):
        s = remote("--allow", rule)
        if not rule.startswith("to lo"):
            check(s.ask("there.example.com", port).code, 0, f"reply with {rule!r}")
            there.accept().close()
            s.shut().expect_end()
        for host in ("127.0.0.1", "127.255.255.254", "::1", "0.0.0.0", "::", *away.HERE,
                     "169.254.169.254", "224.0.0.1", "ff02::1", "fe80::1", "255.255.255.255",
                     "0.1.2.3", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1",
                     "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::",
                     "::ffff:0.0.0.0", name("::1"), name("[::1]"), name("127.0.0.1"),
                     name("::ffff:127.0.0.1"), "lo.example.com", "self.example.com",
                     "six.example.com", "meta.example.com"):
            s = remote("--allow", rule)
            s.refused(2, host, port).ended("denied", reply="2")
    for listener in up:
        assert listener.nobody_came()
