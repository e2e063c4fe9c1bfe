# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that why.bats plays, one for each @test."""

import collections
import os
import re
import subprocess

from lib.bind import arrive, part
from lib.http import asks, basic, gets, refused
from lib.peer import Listener, check, closed_port
from lib.program import inetd, lines_of, logfmt, remote, tmp
from lib.socks4 import request4
from lib.socks5 import (BIND, NONE_ACCEPTABLE, RESOLVE, RESOLVE_PTR, UDP, Reply, read_reply,
                        request)
from lib.udp import Association, Udp
from lib.users import SHA1, features, log_in, needs_hashes, offer_password, userpass, users_file
from lib.world import Dns, Elsewhere, ip, isolate, names, needs

DEFAULT = "without rules, only clients on this host and users who log in are served"


def asked(session, host, port, command=1, user=None):
    """Asks, as this user if there is one; expects a refusal."""
    if user:
        log_in(session, user, "secret")
        session.send(request(host, port, command=command))
        reply = read_reply(session)
    else:
        reply = session.ask(host, port, command=command)
    assert reply.code, reply
    session.expect_end()
    return session


def places_of_rules():
    conf = tmp("conf", '# rules\ndeny "to 192.0.2.1"\nallow ""\n')
    for rules, place in ((("--config", conf), f"{conf}:2"),
                         (("--deny", "to 192.0.2.1", "--allow", ""), "command-line:1"),
                         (("--allow", "to 192.0.2.9", "--family", "ipv4", "--deny", "", "--allow",
                           ""), "command-line:2"),
                         (("--allow", "to 192.0.2.9", "--config", tmp("a", 'allow "port 1"\n'),
                           "--allow", "port 2", "--deny", "to 192.0.2.0/24"), "command-line:3")):
        for command in 1, BIND, RESOLVE:
            s = asked(inetd(*rules), "192.0.2.1", 80, command)
            s.ended("denied", rule=place, error=None, reply="2")


def words_for_rules():
    needs_hashes("digest")
    isolate()
    names("127.0.0.1 lo.example.com\n")
    users = "--users", users_file(f"alice:{SHA1}\n")

    def says(rules, host, rule, error, command=1, user=None, start=remote):
        asked(start(*rules), host, 80, command, user).ended("denied", rule=rule, error=error)

    for command in 1, BIND, RESOLVE, RESOLVE_PTR:
        says(("--allow", "to 203.0.113.0/24"), "198.51.100.7", "none",
             "no rule allows 198.51.100.7", command)
        says(("--allow", "from any"), "127.0.0.1", "special", "special: loopback", command)
        says(users, "127.0.0.1", "default", "special: loopback", command, "alice")
    says(("--allow", "command connect"), "0.0.0.0", "none", "no rule allows the command udp", UDP)
    says(("--allow", "command connect"), "0.0.0.0", "none", "no rule allows the command bind", BIND)
    says(("--allow", "to .example.net"), "web.example.com", "none", "no rule allows web.example.com")
    says(("--allow", "from any"), "lo.example.com", "special", "special: loopback (127.0.0.1)")
    says(("--allow", "from any"), "64:ff9b::7f00:1", "special",
         "special: loopback (the IPv4 address inside 64:ff9b::7f00:1)")
    says(("--allow", "from any"), "169.254.169.254", "special", "special: link-local")
    says(("--allow", "to 203.0.113.0/24"), "198.51.100.7", "none", "no rule allows 198.51.100.7",
         start=inetd)
    s = inetd("--socks4", "--allow", "to 203.0.113.0/24")
    s.send(request4("198.51.100.7", 80)).expect_end(data=b"\0\x5b" + bytes(6))
    s.ended("denied", rule="none", error="no rule allows 198.51.100.7", reply="91")


def all_addresses_denied():
    isolate()
    names("127.0.0.1 two.example.com\n127.0.0.2 two.example.com\n127.0.0.3 three.example.com\n"
          "127.0.0.4 three.example.com\n127.0.0.5 three.example.com\n")
    for host, first, more in (("two.example.com", "127.0.0.1", "; 1 more address is denied"),
                              ("three.example.com", "127.0.0.3", "; 2 more addresses are denied")):
        s = asked(inetd("--deny", "to 127.0.0.0/8", "--allow", ""), host, 80)
        s.ended("denied", rule="command-line:1", error=f"{first} is denied{more}")
        s = asked(inetd("--allow", "to 192.0.2.0/24"), host, 80)
        s.ended("denied", rule="none", error=f"no rule allows {first}{more}")


def client_kept_out():
    conf = tmp("conf", 'allow "from 203.0.113.1"\ndeny "from 192.0.2.0/24"\nallow ""\n')
    for options, rule, error in (
            ((), "default", DEFAULT),
            (("--allow", "from 203.0.113.0/24"), "none", "no rule allows this client anything"),
            (("--allow", "user alice"), "none", "no rule allows this client anything"),
            (("--config", conf), f"{conf}:2", "this client is denied everything"),
            (("--deny", ""), "command-line:1", "this client is denied everything")):
        s = remote(*options)
        s.send(b"\5\1\0").expect_end(data=NONE_ACCEPTABLE)
        s.ended("denied", rule=rule, error=error, reply=None)
        s = remote("--socks4", *options)
        s.send(request4("203.0.113.9", 80)).expect_end(data=b"\0\x5b" + bytes(6))
        s.ended("denied", rule=rule, error=error, reply="91")
    users = users_file(f"alice:{SHA1}\n")
    s = remote("--users", users, "--deny", "user *", "--allow", "from 203.0.113.1")
    s.send(b"\5\2\0\2").expect_end(data=NONE_ACCEPTABLE)
    s.ended("denied", rule="command-line:1", error="this client is denied everything")


def needs_libmd(options):
    """True if this build has no libmd, without which it refuses to serve CHAP."""
    return any("chap" in o for o in options) and not features().get("digest")


def methods_in_words():
    users = "--users", users_file(f"alice:{SHA1}\n")
    both = *users, "--auth", "none,password"
    need = "a password is required, and the client offers none"
    more = *users, "--auth", "chap,password"
    many = bytes(range(0x80, 0xff))
    for options, methods, error in (
            (users, b"\0", need), (users, b"\0\1", need), (users, b"\x80", need), (users, b"", need),
            ((*both, "--allow", "user alice"), b"\0", need),
            ((), b"\2", "password is not accepted here (auth none)"),
            ((), b"\1\2", "password is not accepted here (auth none)"),
            ((), b"\1", "gssapi is not accepted here (auth none)"),
            ((), b"\x80\x81", "method 128 is not accepted here (auth none)"),
            ((), b"", "the client offers no method of authentication"),
            (more, b"\0", "a login by chap or password is required, and the client offers only none"),
            (more, b"\0\1", "a login by chap or password is required, and the client offers only none "
             "and gssapi"),
            (more, b"", "a login by chap or password is required, and the client offers none"),
            ((*users, "--auth", "chap"), b"\0\1\2",
             "a login by chap is required, and the client offers only none, gssapi and password"),
            ((*users, "--auth", "chap,none", "--allow", "user alice"), b"\x80" + b"\0",
             "a login by chap is required, and the client offers only method 128 and none"),
            (more, many, "a login by chap or password is required, and the client offers only "
             + ", ".join(f"method {n}" for n in range(0x80, 0x86)) + " and others"),
            ((*both, "--deny", "user *", "--allow", ""), b"\2",
             "the rules allow nothing to users who log in, and the client offers nothing else"),
            ((*users, "--auth", "chap,none", "--deny", "user *", "--allow", ""), b"\3",
             "the rules allow nothing to users who log in, and the client offers nothing else")):
        if needs_libmd(options):
            continue
        s = inetd(*options)
        s.send(bytes([5, len(methods)]) + methods).expect_end(data=NONE_ACCEPTABLE)
        s.ended("auth", error=error, rule=None)
    for options in users, (*both, "--allow", "user alice"):
        s = inetd("--socks4", *options)
        s.send(request4("127.0.0.1", 80)).expect_end(data=b"\0\x5b" + bytes(6))
        s.ended("auth", error="a password is required, and SOCKS 4 has none", rule=None)
    if needs_libmd(more):
        return
    s = inetd("--socks4", *more)
    s.send(request4("127.0.0.1", 80)).expect_end(data=b"\0\x5b" + bytes(6))
    s.ended("auth", error="a login by chap or password is required, and SOCKS 4 has none", rule=None)


def other_protocols():
    for said, error in (
            (b"GET / HTTP/1.1\r\n", "an HTTP request (see --http)"),
            (b"CONNECT a:1 HTTP/1.1\r\n", "an HTTP request (see --http)"),
            (b"P", "an HTTP request (see --http)"),
            (b"POST / HTTP/1.1\r\n", "an HTTP request (see --http)"),
            (b"\x16\3\1\2\0", "TLS (see --tls-certificate)"),
            (b"\4\1\0\x50\x7f\0\0\1\0", "SOCKS 4 (see --socks4)"),
            (b"\r\n\r\n\0\r\nQUIT\n", "a PROXY header (see --proxy-protocol)"),
            (b"PROXY TCP4 ", "a PROXY header (see --proxy-protocol), or an HTTP request"),
            (b"quit", "not SOCKS version 5: the first byte is 0x71"),
            (b"\0", "not SOCKS version 5: the first byte is 0x00"),
            (b"\xff\xff", "not SOCKS version 5: the first byte is 0xff")):
        s = inetd()
        s.send(said)
        if len(said) == 1:
            s.shut()
        s.expect_end().ended("protocol", error=error, reply=None)


def strangers_of_bind():
    late = "the peer did not connect within bind-timeout"
    quick = "--bind-timeout", "700ms"

    def nobody(*options, expects="0.0.0.0", strangers=(), **keys):
        s = inetd(*quick, *options)
        reply = s.ask(expects, 0, command=BIND)
        for stranger in strangers:
            arrive(reply, stranger).expect_end()
        check(read_reply(s), Reply(6, "0.0.0.0", 0))
        s.expect_end().ended("timeout", reply="6", **keys)

    nobody(error=late, rule=None)
    nobody(expects="127.0.0.7", strangers=("127.0.0.5",), rule=None,
           error=late + "; turned away: 127.0.0.5, because the request names another peer")
    nobody("--deny", "to 127.0.0.5", "--allow", "", strangers=("127.0.0.5", "127.0.0.5"),
           rule="command-line:1", error=late + "; turned away: 127.0.0.5 is denied")
    nobody("--allow", "to 127.0.0.7", strangers=("127.0.0.5",), rule="none",
           error=late + "; turned away: no rule allows 127.0.0.5")
    # One that comes after the stranger is served, and then nothing was refused.
    s = inetd("--deny", "to 127.0.0.5", "--allow", "")
    reply = s.ask("0.0.0.0", 0, command=BIND)
    arrive(reply, "127.0.0.5").expect_end()
    peer = arrive(reply, "127.0.0.6")
    read_reply(s)
    part(s, peer).ended("eof", rule=None, error=None)


def denied_datagrams():
    isolate()
    names("127.0.0.5 bad.example.com\n127.0.0.6 other.example.com\n")
    good, denied = Udp("127.0.0.7"), Udp("127.0.0.6")
    options = "--deny", "to 127.0.0.6,bad.example.com", "--allow", f"to 127.0.0.7 port {good.port}"

    def over(*sent, error, more=()):
        a = Association(inetd(*options, *more))
        for host, port in sent:
            a.send(Udp(), b"x", host) if port is None else a.raw(
                b"\0\0\0" + request(host, port)[3:] + b"x")
        a.exchange(good).over(rule=None, error=error)
        check(len(a.session.stderr().splitlines()), 1, a.session.stderr())

    place = "denied by command-line:1"
    over(error=None)
    over(("127.0.0.6", 53), error=f"datagrams to 127.0.0.6:53 were dropped: {place}")
    over(*[("127.0.0.6", 53)] * 200, error=f"datagrams to 127.0.0.6:53 were dropped: {place}")
    over(*[("127.0.0.6", port) for port in range(1, 101)],
         error=f"datagrams to 127.0.0.6:1 were dropped: {place} (the first of 100 denials)")
    over(("bad.example.com", 53), error=f"datagrams to bad.example.com:53 were dropped: {place}")
    over(("127.0.0.8", 53),
         error="datagrams to 127.0.0.8:53 were dropped: no rule allows 127.0.0.8")
    over(("127.0.0.6", 53), ("::1", 53), more=("--family", "ipv4", "--allow", "to ::1"),
         error=f"datagrams to 127.0.0.6:53 were dropped: {place}; others were lost: the option "
               "family excludes IPv6")
    denied.silent(0.1)


def failures_in_words():
    isolate()
    away = Elsewhere()
    away.black_hole("198.51.100.77")
    ip("route add prohibit 203.0.113.2")
    names("127.0.0.1 one.example.com\n127.0.0.2 two.example.com\n127.0.0.3 two.example.com\n"
          "127.0.0.3 three.example.com\n198.51.100.77 three.example.com\n"
          "198.51.100.77 hole.example.com\n")
    Dns({"six.example.com": ["2001:db8::5"], "empty.example.com": []})
    port = closed_port()

    def fails(host, end, error, *options, port=port, command=1):
        asked(inetd(*options), host, port, command).ended(end, error=error, rule=None)

    fails("127.0.0.1", "failed", "Connection refused")
    fails("one.example.com", "failed", "127.0.0.1: Connection refused")
    fails("two.example.com", "failed", "127.0.0.2: Connection refused; tried 2 addresses")
    fails("two.example.com", "failed", "127.0.0.3: Connection refused; the rules deny 1 more",
          "--deny", "to 127.0.0.2", "--allow", "")
    quick = "--connect-timeout", "400ms"
    fails("198.51.100.77", "timeout", "no answer within connect-timeout", *quick)
    fails("hole.example.com", "timeout", "198.51.100.77: no answer within connect-timeout", *quick)
    fails("three.example.com", "timeout",
          "198.51.100.77: no answer within connect-timeout; tried 2 addresses", *quick)
    fails("203.0.113.2", "denied", "the firewall or the routes of this host forbid it")
    fails("203.0.113.9", "failed", "Network is unreachable")
    fails("::1", "protocol", "the option family excludes IPv6", "--family", "ipv4")
    fails("127.0.0.1", "protocol", "the option family excludes IPv4", "--family", "ipv6")
    fails("missing.example.com", "failed", "the name was not found")
    fails("127.1", "failed", "not looked up, because it is not the name of a host")
    s = asked(inetd("--source", "192.0.2.9"), "127.0.0.1", 80)
    assert s.log["error"].startswith("source: "), s.log
    fails("127.0.0.1", "protocol", "there is no port 0 to connect to", port=0)
    fails("127.0.0.1", "protocol", "unknown command 77", command=77)
    s = asked(inetd("--family", "ipv4"), "six.example.com", 80)
    assert s.log["error"].endswith("; it was looked up for IPv4 alone, because of the option family")
    s = inetd("--socks4")
    s.send(request4("six.example.com", 0, command=RESOLVE)).expect_end(data=b"\0\x5b" + bytes(6))
    assert s.log["error"].endswith("; it was looked up for IPv4 alone, because SOCKS 4 has no IPv6")
    for options, error in (((), "a reply of SOCKS 4 can't carry an IPv6 address"),
                           (("--family", "ipv4"), "the option family excludes IPv6")):
        s = inetd("--socks4", *options)
        s.send(request4("::1", 80, command=BIND)).expect_end(data=b"\0\x5b" + bytes(6))
        s.ended("protocol", error=error)
    s = inetd("--handshake-timeout", "200ms").expect_end()
    s.ended("timeout", error="no whole request within handshake-timeout")


def reject(session, user, password):
    offer_password(session).send(userpass(user, password)).expect(b"\1\1", "status").expect_end()
    session.exits(0)
    return session.stderr().splitlines()


def wrong_password():
    needs_hashes("digest")
    users = users_file(f"alice:{SHA1}\n")
    err = tmp("stream", "")
    fd = os.open(err, os.O_WRONLY | os.O_APPEND)
    st = os.fstat(fd)
    env = {"JOURNAL_STREAM": f"{st.st_dev}:{st.st_ino}"}  # so lines begin with their level
    for user in "alice", "bob":
        os.truncate(err, 0)
        s = inetd("--users", users, "--log", "stderr", env=env, fds={2: fd})
        offer_password(s).send(userpass(user, "wrong")).expect(b"\1\1").expect_end().exits(0)
        with open(err) as f:
            first, second = f.read().splitlines()
        client = "%s:%d" % s.name
        check(first, f'<5>wrong password: client={client} user="{user}"')
        assert second.startswith(f"<5>client={client} user={user} "), second
        check((logfmt(second)["end"], logfmt(second)["error"]), ("auth", "wrong password"))


def unchecked_password():
    needs_hashes("digest")
    path = users_file(f"alice:{SHA1}\nbad:secret\n")
    first, second = reject(inetd("--users", path), "bad", "secret")
    assert f"{path}:2: " in first and "wrong password" not in first + second, (first, second)
    check(logfmt(second)["error"], "the line of this user in the users file can't be used")
    s = inetd("--users", path)
    offer_password(s)
    os.truncate(path, 0)  # a file that changes is not believed
    lines = s.send(userpass("alice", "secret")).expect(b"\1\1").expect_end().stderr()
    assert lines_of(lines)[0]["end"] == "auth", lines


def question(session):
    """The command of the line before the session's line."""
    lines = session.stderr().splitlines()
    assert "end" in logfmt(lines[-1]) and "end" not in logfmt(lines[-2]), lines
    assert all(" " <= c <= "~" for c in lines[-2]), lines[-2]
    return re.fullmatch(r".*?: explain: (.*)", lines[-2])[1]


def answer(command):
    p = subprocess.run(("bash", "-c", command), capture_output=True, text=True, cwd=tmp(""),
                       stdin=subprocess.DEVNULL, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"})
    assert p.returncode in (0, 1) and p.stdout, (command, p)
    return p.stdout


def agrees(session):
    """What --explain says to the question is what the session's line says."""
    said = answer(question(session))
    rule = session.log["rule"]
    words = {"none": "denied: no rule matches", "special": "denied: it is special",
             "default": "without rules, "}.get(rule, f"denied by {rule}: ")
    if rule.startswith("command-line:"):
        words = "denied by --deny "
    assert words in said, (session.stderr(), said)
    return said


# Like a Listener, but nobody listens there.
Place = collections.namedtuple("Place", "host port")


def question_pasted_back():
    needs("bash")
    needs_hashes("digest")
    isolate()
    names("127.0.0.1 lo.example.com\n127.0.0.6 six.example.com\n")
    users = "--users", users_file(f"alice:{SHA1}\n"), "--auth", "password,none"
    conf = tmp("a conf", 'deny "to 192.0.2.1"\ndeny "user alice port 25"\nallow "to 203.0.113.0/24"\n'
               'allow "from 192.0.2.7 to any"\n')
    debug = "--log-level", "debug"
    with_rules = *debug, "--config", conf, *users
    for options, host, port, command, user in (
            (with_rules, "192.0.2.1", 80, 1, None), (with_rules, "203.0.113.1", 25, 1, "alice"),
            (with_rules, "lo.example.com", 80, 1, None), (with_rules, "127.0.0.1", 80, RESOLVE, None),
            (with_rules, "192.0.2.1", 0, BIND, None), ((*debug, *users[:2]), "::1", 80, 1, "alice"),
            ((*debug, "--deny", "to lo.example.com", "--allow", ""), "lo.example.com", 1, 1, None),
            ((*debug, "--deny=command udp", "--allow", ""), "0.0.0.0", 9, UDP, None),
            ((*debug, "--deny=command bind", "--allow", ""), "0.0.0.0", 9, BIND, None)):
        agrees(asked(remote(*options), host, port, command, user))
    for start in remote, inetd:
        for options in (("--deny", ""), ("--allow", "from 203.0.113.1", "--")):
            s = start(*debug, *options)
            s.send(b"\5\1\0").expect_end(data=NONE_ACCEPTABLE)
            agrees(s)
    s = remote(*debug)
    s.send(b"\5\1\0").expect_end(data=NONE_ACCEPTABLE)
    agrees(s)
    for options, host, *login in ((with_rules, "192.0.2.1"), (with_rules, "lo.example.com"),
                                  ((*debug, *users[:2]), "::1", basic("alice", "secret")),
                                  ((*debug, "--deny", ""), "192.0.2.1"), (debug, "192.0.2.1")):
        for by_url in False, True:
            s = remote("--http", *options)
            port = 80 + by_url
            place = Place(host, port)
            s.send(gets(place, b"/", *login) if by_url else asks(host, port, *login))
            refused(s, 403)
            agrees(s)
            if options != debug and "" not in options:
                assert f"to {host} port {port} command connect" in question(s), s.stderr()
    s = remote(*debug, *users[:2], "--deny", "user *", "--allow", "from any")
    s.send(b"\5\2\0\2").expect_end(data=NONE_ACCEPTABLE)
    agrees(s)
    s = inetd(*debug, "--bind-timeout", "500ms", "--deny", "to 127.0.0.5", "--allow", "")
    reply = s.ask("0.0.0.0", 0, command=BIND)
    arrive(reply, "127.0.0.5").expect_end()
    check(read_reply(s).code, 6)
    s.expect_end().exits(0)
    assert "127.0.0.5: " in agrees(s)
    for host in "127.0.0.6", "six.example.com":
        a = Association(inetd(*debug, "--deny", "to 127.0.0.6,six.example.com", "--allow", ""))
        a.raw(b"\0\0\0" + request(host, 53)[3:] + b"x").exchange(Udp("127.0.0.7")).over()
        said = answer(question(a.session))
        assert "127.0.0.6: denied by --deny " in said, said


def hostile_questions():
    needs("bash")
    needs_hashes("digest")
    trap = tmp("trap")
    bad = ["o'brien", 'a"b', "a\\b", "$(>trap)", "`>trap`", "a;>trap", "a'\\'';>trap;'", "$'", "'",
           "é", "\x1b[31m'>trap'", "\x7f'\\", "-x", "~", "*", "!!", "a&>trap&", "{a,b}", "\u20ac'\\'",
           "two words", "x to 192.0.2.9", "x\t#", "u" * 250 + "\u20ac"]
    users = users_file("".join(f"{name}:{SHA1}\n" for name in bad))
    for name in bad:
        for rules in (("--deny", "to 192.0.2.1", "--allow", ""),
                      ("--allow", "user nobody", "--allow", "to 192.0.2.9")):
            s = remote("--users", users, "--log-level", "debug", "--family", "any", *rules)
            agrees(asked(s, "192.0.2.1", 80, user=name))
            for shell in "sh", "bash":
                subprocess.run((shell, "-c", question(s)), capture_output=True, cwd=tmp(""),
                               stdin=subprocess.DEVNULL)
            assert not os.path.exists(trap), (name, question(s))
    # The words of the administrator are quoted too.
    odd = tmp("it's; >trap $(>trap) \x01", 'deny ""\n')
    s = remote("--config", odd, "--log-level", "debug")
    s.send(b"\5\1\0").expect_end(data=NONE_ACCEPTABLE)
    assert "denied by " in answer(question(s))
    assert not os.path.exists(trap)
    # A command line that does not fit is left out; the question is still there.
    s = remote(*["--deny", "to 192.0.2.1"] * 200, "--allow", "", "--log-level", "debug")
    s = asked(s, "192.0.2.1", 80)
    check(question(s).partition(" --explain ")[::2],
          ("picosocks5 [OPTION]...", "'from 192.0.2.7 to 192.0.2.1 port 80 command connect'"))


def no_question():
    needs_hashes("digest")
    for level in "notice", "info":
        s = asked(inetd("--deny", "to 192.0.2.1", "--allow", "", "--log-level", level),
                  "192.0.2.1", 80)
        check(len(s.stderr().splitlines()), 1, s.stderr())
    s = asked(inetd("--log-level", "debug"), "127.0.0.1", closed_port())
    check(len(s.stderr().splitlines()), 1, s.stderr())
    up = Listener()
    s = inetd("--log-level", "debug", "--deny", "to 192.0.2.1", "--allow", "")
    s.connect(up).close()
    s.shut().expect_end().exits(0)
    check(len(s.stderr().splitlines()), 1, s.stderr())
