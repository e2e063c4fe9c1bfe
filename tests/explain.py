# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that explain.bats plays, one for each @test."""

import glob
import os
import subprocess

from lib.chap import log_in_by_chap, turned_away_by_chap
from lib.peer import Listener, check, scale
from lib.program import PROGRAM, Skip, inetd, logfmt, remote, run, tmp
from lib.socks5 import (BIND, CHOSEN, GREETING, NONE_ACCEPTABLE, RESOLVE, RESOLVE_PTR, UDP,
                        read_reply, refusal, request)
from lib.udp import Association, Udp
from lib.users import (BCRYPT, CRAM_MD5, SHA1, features, keytab, needs_hashes, offer_password, turned_away, userpass,
                       users_file)
from lib.world import cover, isolate, names, needs

# The sentences about what the client gets, and what a client then gets.
GETS = {"the client gets 05 FF: no acceptable method": NONE_ACCEPTABLE,
        "a client that offers no password gets 05 FF": NONE_ACCEPTABLE,
        "the client gets reply 1: general failure": CHOSEN + refusal(1),
        "the client gets reply 2: not allowed": CHOSEN + refusal(2),
        "the client gets reply 4: host unreachable": CHOSEN + refusal(4),
        "the client gets reply 7: command not supported": CHOSEN + refusal(7),
        "the client gets reply 8: address type not supported": CHOSEN + refusal(8)}


def explained(question, *options, status):
    """The lines of the answer."""
    found, out, err = run(*options, "--explain", question)
    check((found, err), (status, ""), question)
    return out.splitlines()


def statuses():
    isolate()
    names("127.0.0.1 two.example.com\n127.0.0.2 two.example.com\n")
    rules = "--deny", "to 127.0.0.2", "--allow", "from local port 80"
    for question, status in (("to two.example.com:80", 0), ("to 127.0.0.1:80", 0),
                             ("to 127.0.0.2:80", 1), ("to two.example.com:81", 1),
                             ("to missing.example.com:80", 1), ("to 127.0.0.1", 1),
                             ("from 192.0.2.7 to two.example.com:80", 1)):
        explained(question, *rules, status=status)
    lines = explained("to missing.example.com:80", *rules, status=1)
    assert lines[0].startswith("no address for missing.example.com: "), lines
    check(lines[1], "the client gets reply 4: host unreachable")
    # The rules deny the name, so a session does not look it up.
    lines = explained("to missing.example.com:81", *rules, status=1)
    check(lines[1:], ["any address: denied: no rule matches",
                      "the client gets reply 2: not allowed"])
    for question in "to 127.0.0.1 to 127.0.0.2", "to 127.0.0.1:80 port 81", 'user "a', "@":
        check(run(*rules, "--explain", question)[:2], (64, ""), question)
    # Whoever is on a client's socket hears nothing, and the status still tells.
    for question, status in ("to 127.0.0.1:80", 0), ("to 127.0.0.1:81", 1):
        s = inetd(*rules, "--explain", question)
        check(s.rest()[0], b"")
        s.exits(status)


def outcomes():
    isolate()
    names("127.0.0.1 one.example.com\n::1 six.example.com\n")
    up = Listener()
    some = "--deny", "port 1", "--allow", "from 192.0.2.0/24 to loopback,.example.com"
    for options, addr, host in (
            (some, "192.0.2.7", "127.0.0.1"), (some, "192.0.2.7", "one.example.com"),
            (some, "192.0.2.7", "192.0.2.1"), (some, "192.0.2.7", "missing.example.com"),
            (some, "198.51.100.7", "127.0.0.1"), ((), "192.0.2.7", "127.0.0.1"),
            ((*some, "--family", "ipv4"), "192.0.2.7", "::1"),
            ((*some, "--family", "ipv4"), "192.0.2.7", "six.example.com")):
        for port in up.port, 1:
            status, out, err = run(*options, "--explain", f"from {addr} to {host} port {port}")
            s = remote(*options, addr=addr).send(GREETING + request(host, port))
            if status:
                check(s.rest()[0], GETS[out.splitlines()[-1]], (options, addr, host, out))
            else:
                s.expect(CHOSEN)
                check(read_reply(s).code, 0, out)
                up.accept().close()
            s.shut()
    # A datagram is dropped, but a whole association is refused.
    lines = explained("command udp to 192.0.2.1:53", "--allow", "to loopback", status=1)
    check(lines[-1], "the datagram is dropped")
    lines = explained("command udp to 192.0.2.1:53", "--allow", "command connect", status=1)
    check(lines[-1], "the client gets reply 2: not allowed")


def routes():
    """How an allowed connection leaves; a name that is for a parent is not looked up."""
    isolate()
    names("127.0.0.1 one.example.com\n")
    conf = tmp("conf", """allow "to .onion via socks5:/run/tor/socks"
        deny "to 10.0.0.0/8"
        allow "to 192.0.2.0/24 via same,rate:10M"
        allow "to 198.51.100.0/24 via 192.0.2.9,2001:db8::9,interface:eth0,mark:7,family:prefer-ipv6"
        allow "to 203.0.113.0/24"
        allow "to any via http://alice:hush@[2001:db8::1]:3128"
        """)
    os.chmod(conf, 0o600)

    def leaves(question, *last, status=0):
        lines = explained(question, "--config", conf, status=status)
        assert "hush" not in str(lines), lines
        check(tuple(lines[1:]), last, question)
        return lines[0]

    first = leaves("to x.onion:80", "x.onion: leaves through the parent socks5:/run/tor/socks; "
                   "the parent is told the name, which is not looked up here")
    assert first.startswith(f"x.onion: allowed by {conf}:1: "), first
    leaves("to 192.0.2.1:80", "192.0.2.1: leaves directly, from the address that the client "
           "reached, at most 10000000 bytes per second each way; fails unless the client "
           "reached an IPv4 address")
    leaves("to 198.51.100.1:80", "198.51.100.1: leaves directly, from 192.0.2.9 or 2001:db8::9, "
           "by the interface eth0, with the mark 7, by IPv6 first")
    leaves("to 203.0.113.1:80")
    leaves("to 198.18.0.1:80",
           "198.18.0.1: leaves through the parent http://alice:***@[2001:db8::1]:3128")
    leaves("to one.example.com:80", "127.0.0.1: leaves through the parent "
           "http://alice:***@[2001:db8::1]:3128; the parent is told this address and not the "
           f'name, because a rule needs the address: {conf}:2: deny "to 10.0.0.0/8"')
    # A session says the same: the parent is for CONNECT.
    for host in "x.onion", "198.18.0.1":
        for command, code in ("bind", BIND), ("resolve", RESOLVE):
            port = " port 80" * (code == BIND)
            out = explained(f"command {command} to {host}{port}", "--config", conf, status=1)
            assert "but its route is a parent, which is only for CONNECT" in out[0], out
            s = inetd("--config", conf).send(GREETING + request(host, 80, code))
            check(s.rest()[0], GETS[out[-1]], out)
            s.shut()
    # What --via says, and what a rule says against it.
    via = "--via", "socks5://192.0.2.1:1080", "--allow", "from local port 80", \
        "--allow", "from local via direct"
    check(explained("to a.example:80", *via, status=0)[1],
          "a.example: leaves through the parent socks5://192.0.2.1:1080; "
          "the parent is told the name, which is not looked up here")
    check(explained("to 192.0.2.1:81", *via, status=0)[1], "192.0.2.1: leaves directly")
    check(explained("to 192.0.2.1:80", "--via", "127.0.0.9,rate:5k", status=0)[1],
          "192.0.2.1: leaves directly, from 127.0.0.9, at most 5000 bytes per second each way")


def excluded():
    """The family of a route, and `same`."""
    isolate()
    names("127.0.0.1 one.example.com\nfd00::6 six.example.com\n127.0.0.1 both.example.com\n"
          "::1 both.example.com\n")
    four = Listener()
    six = Listener("::1", four.port)
    by_rule = "but the rule's route has family:ipv4, which excludes IPv6"
    only4 = "--allow", "to loopback,.example.com via family:ipv4"
    only6 = "--family", "ipv4", "--allow", "to any,.example.com via family:ipv6"
    both = "--family", "ipv4", "--allow", "to ::1 via family:ipv6", "--allow", "to 127.0.0.1"
    denied = "--deny", "to 127.0.0.1", "--allow", "to any via family:ipv4"
    same = "--allow", "to any,.example.com via same"
    # The options, the host, the listener that a connection reaches, and words of the answer.
    for options, host, up, words in (
            (only4, "127.0.0.1", four, "leaves directly, by IPv4 alone"),
            (only4, "::1", None, by_rule), (only4, "six.example.com", None, ""),
            (only4, "both.example.com", four, "by IPv4 alone"),
            (only6, "::1", six, "leaves directly, by IPv6 alone"),
            (only6, "both.example.com", six, "by IPv6 alone"),
            (only6, "127.0.0.1", None, "family:ipv6, which excludes IPv4"),
            (both, "::1", six, "by IPv6 alone"),
            (both, "one.example.com", four, "127.0.0.1: allowed by"),
            (denied, "both.example.com", None, by_rule),
            (same, "127.0.0.1", four, "fails unless the client reached an IPv4 address"),
            (same, "::1", None, "fails unless the client reached an IPv6 address")):
        question = f"to {host} port {four.port}"
        status, out, err = run(*options, "--explain", question)
        check(err, "", question)
        assert words in out, (options, host, out)
        s = inetd(*options).send(GREETING + request(host, four.port))
        if up:
            check(status, 0, out)
            s.expect(CHOSEN)
            check(read_reply(s).code, 0, (options, host, out))
            up.accept().close()
            s.shut()
        elif options == same:
            check((status, s.rest()[0]), (0, CHOSEN + refusal(8)), out)
        else:
            check((status, s.rest()[0]), (1, GETS[out.splitlines()[-1]]), (options, host, out))
    # RESOLVE opens no socket, and the family counts all the same.
    for options, host in (only4, "six.example.com"), (only4, "one.example.com"), \
            (same, "six.example.com"):
        status, out, err = run(*options, "--explain", f"command resolve to {host}")
        s = inetd(*options).greet().send(request(host, 0, RESOLVE))
        assert "fails unless" not in out, out
        check(read_reply(s).code, 4 if status else 0, out)
        s.shut()


def skipped():
    isolate()
    names("127.0.0.1 two.example.com\n127.0.0.2 two.example.com\n")
    port = Listener("127.0.0.9").port
    parent = f"via socks5://127.0.0.9:{port}"
    for first, second, tried in ((parent, "", (True, False)), ("", parent, (True, False)),
                                 ("", "via mark:0", (True, True)), ("", "", (True, True))):
        options = "--allow", f"to 127.0.0.1 {first}", "--allow", f"to 127.0.0.2 {second}"
        out = explained(f"to two.example.com port {port}", *options, status=0)
        said = [line for line in out if ": allowed by " in line]
        check(tuple("but it is not tried" not in line for line in said), tried, out)
        # With a parent first, it is no use for RESOLVE, whatever the second address has.
        status, out, err = run(*options, "--explain", "command resolve to two.example.com")
        s = inetd(*options).greet().send(request("two.example.com", 0, RESOLVE))
        check(read_reply(s).code, 7 if first else 0, out)
        check(status, 1 if first else 0, out)
        s.shut()
    # Nobody listens at the first address; a session that skips the second fails.
    up = Listener("127.0.0.2")
    parent = f"via socks5://127.0.0.9:{port}"
    for rule, code in ("", 0), (parent, 5):
        s = inetd("--allow", "to 127.0.0.1", "--allow", f"to 127.0.0.2 {rule}")
        s.greet().send(request("two.example.com", up.port))
        check(read_reply(s).code, code, rule)
        s.shut()


def datagrams():
    isolate()
    up = Udp()
    parent = "via socks5://127.0.0.1:1"
    for options, gets, last in (
            (("--allow", f"to 127.0.0.1 {parent}", "--allow", ""), 0, "the datagram is dropped"),
            (("--allow", f"to loopback {parent}"), 7,
             "the client gets reply 7: command not supported"),
            (("--via", "socks5://127.0.0.1:1", "--allow", "to loopback"), 7,
             "the client gets reply 7: command not supported"),
            (("--deny", "to 127.0.0.1", "--allow", f"to any {parent}"), 7,
             "the client gets reply 7: command not supported"),
            (("--allow", "via family:ipv6"), 0, "the datagram is dropped"),
            (("--allow", f"to 127.0.0.9 {parent}", "--allow", ""), 0, None)):
        status, out, err = run(*options, "--explain", f"command udp to 127.0.0.1:{up.port}")
        if last:
            check((status, out.splitlines()[-1]), (1, last), options)
        else:
            check(status, 0, out)
        s = inetd(*options)
        if gets:
            check(s.ask("0.0.0.0", 0, command=UDP).code, gets, out)
            s.shut()
            continue
        a = Association(s)
        if last:
            a.send(up, b"lost").silent()
            up.silent()
        else:
            a.exchange(up)
        s.shut()


def open_questions():
    conf = tmp("conf", "deny port 25\nallow from 192.0.2.0/24 to 198.51.100.0/24\n"
                       "allow user * port 443\n")
    options = "--config", conf
    port = f'it depends on the port: add `port N` to the question; {conf}:1: deny "port 25" ' \
        "asks for it"
    dest = "it depends on the destination: add `to DEST` to the question; " \
        f'{conf}:2: allow "from 192.0.2.0/24 to 198.51.100.0/24" asks for it'
    for question, want in (("to 198.51.100.7", ["198.51.100.7: " + port]),
                           ("", [port, dest]), ("port 80", [dest])):
        check(explained("from 192.0.2.7 " + question, *options, status=1), want, question)
    explained("from 192.0.2.7 to 198.51.100.7:80", *options, status=0)
    # Without passwords nobody has a user name, so the question need not have one.
    lines = explained("from 192.0.2.7 to 203.0.113.1:443", *options, status=1)
    check(lines, ["203.0.113.1: denied: no rule matches", "the client gets reply 2: not allowed"])
    options += "--users", users_file(f"alice:{SHA1}\n"), "--auth", "password,none"
    lines = explained("from 192.0.2.7 to 203.0.113.1:443", *options, status=1)
    check(lines, ["203.0.113.1: denied: no rule matches",
                  "a user may be allowed: add `user NAME` to the question; "
                  f'{conf}:3: allow "user * port 443" asks for it',
                  "the client gets reply 2: not allowed"])


def logins():
    needs_hashes("digest")
    up = Listener()
    users = users_file(f"alice:{SHA1}\nplain:secret\nlocked:!{SHA1}\n")
    rules = "--deny", "user bob", "--allow", f"to loopback port {up.port} user *"
    both, only = "--users {} --auth none,password", "--users {}"
    here = f"from 192.0.2.7 to 127.0.0.1:{up.port}"

    def asked(user, auth, status):
        options = *auth.format(users).split(), *rules
        question = f"{here} user {user}" if user else here
        return explained(question, *options, status=status), options

    for auth in both, only:
        lines, options = asked("alice", auth, 0)
        check(len(lines), 1, lines)
        s = offer_password(remote(*options)).send(userpass("alice", "secret")).expect(b"\1\0")
        s.send(request("127.0.0.1", up.port))
        check(read_reply(s).code, 0)
        up.accept().close()
        s.shut().expect_end()
        for user, words in (("mallory", f'user "mallory" is not in {users}, so nobody'),
                            ("plain", f"{users}:2: not a password hash"),
                            ("locked", f"{users}:3: ")):
            lines, options = asked(user, auth, 1)
            assert lines[0].startswith("127.0.0.1: allowed by "), lines
            assert lines[1].startswith("but refused: ") and words in lines[1], lines
            check(lines[2], "the client gets status 1, as for a wrong password")
            turned_away(remote(*options), user, "secret")
        # Without a user, the client is refused at the greeting.
        lines, options = asked("", auth, 1)
        check(lines[0], "refused: a password is required; add `user NAME` to the question")
        s = remote(*options).send(GREETING + request("127.0.0.1", up.port))
        check(s.rest()[0], GETS[lines[1]])
    # Of many users, each is looked for.
    path = tmp("questions", "".join(f"{answer} {here} user {user}\n" for answer, user in (
        ("allow", "alice"), ("deny", "mallory"), ("allow", "alice"), ("deny", "plain"),
        ("deny", "bob"), ("allow", "alice"))))
    check(run(*options, "--explain", f"@{path}")[:2],
          (0, f"{path}: 6 questions, all as expected\n"))
    # With `none` alone, nobody has a user name.
    lines, options = asked("alice", "--auth none", 1)
    assert "no client gets a user name" in lines[-2], lines
    check(remote(*options).send(b"\5\1\2").rest()[0], GETS[lines[-1]])
    # A client that may do as it likes without a name is not asked for it.
    options = "--users", users, "--auth", "none,password", "--allow", "from 192.0.2.7"
    lines = explained(f"{here.replace('127.0.0.1', '198.51.100.1')} user alice", *options, status=0)
    assert lines[1].startswith("but a client that also offers the method none is not asked"), lines
    remote(*options).send(b"\5\2\0\2").expect(b"\5\0").shut()
    # The rules allow this client nothing, with or without a name.
    options = "--users", users, "--allow", "from 198.51.100.7"
    for question in here, f"{here} user alice", f"{here} user mallory":
        lines = explained(question, *options, status=1)
        check(lines[0], "127.0.0.1: denied: no rule matches")
        check(lines[-1], "the client gets 05 FF: no acceptable method")
    check(remote(*options).send(b"\5\2\0\2").rest()[0], NONE_ACCEPTABLE)
    # The rules allow no user anything, and clients without a name can't come in.
    options = "--users", users, "--deny", "user *", "--allow", "to loopback"
    lines = explained(here, *options, status=1)
    check(lines[1:], ["but refused: a password is required, and the rules allow no user of this "
                      "client anything", "the client gets 05 FF: no acceptable method"])
    check(remote(*options).send(b"\5\2\0\2").rest()[0], NONE_ACCEPTABLE)


HERE = "from 192.0.2.7 to 198.51.100.1:80"


def said(question, *options, status):
    """The lines about the login."""
    lines = explained(f"{HERE} {question}", *options, status=status)
    return [line for line in lines if not line.startswith("198.51.100.1: ")]


def logins_by_chap():
    needs_hashes("digest")
    users = users_file(f"alice:{CRAM_MD5}\nbob:{SHA1}\nplain:secret\n")
    options = "--users", users, "--auth", "chap", "--allow", "user *"
    check(said("user alice", *options, status=0), [])
    fails = "the client gets STATUS 1 for its response, as for a wrong password"
    for user, words in (("bob", f"{users}:2: not a {{CRAM-MD5}} hash, which CHAP needs; "),
                        ("plain", f"{users}:3: not a password hash"),
                        ("carol", f'user "carol" is not in {users}, so nobody logs in')):
        lines = said(f"user {user}", *options, status=1)
        assert lines[0].startswith("but refused: user ") and words in lines[0], lines
        check(lines[1:], [fails])
        turned_away_by_chap(remote(*options), user, "secret")
    log_in_by_chap(remote(*options), "alice", "secret").shut().expect_end()
    check(said("", *options, status=1),
          ["refused: a login by chap is required; add `user NAME` to the question",
           "a client that offers no such method gets 05 FF"])
    remote(*options).send(b"\5\2\0\2").expect_end(data=NONE_ACCEPTABLE)
    # With a password, the same line will do.
    options = "--users", users, "--allow", "user *"
    check(said("user alice", *options, status=0), [])
    check(said("user bob", *options, status=0), [])


def gssapi(*options):
    """These options, for a build that has gssapi, with a keytab."""
    if not features().get("gssapi"):
        raise Skip("this build has no gssapi")
    return *options, "--gssapi-keytab", keytab("socks/proxy.example.org@EXAMPLE.ORG")


def logins_decided_elsewhere():
    rules = "--allow", "user *"
    daemon = "--saslauthd", tmp("mux"), *rules
    unchecked = "but not checked: whether users can log in, because "
    check(said("user alice", *daemon, status=0), [unchecked + "saslauthd checks their passwords"])
    check(said("", *daemon, status=1),
          ["refused: a password is required; add `user NAME` to the question",
           "a client that offers no password gets 05 FF"])
    tickets = gssapi("--auth", "gssapi", *rules)
    check(said("user alice@EXAMPLE.ORG", *tickets, status=0),
          [unchecked + "gssapi lets in whoever has a Kerberos ticket"])
    for user in "alice", "@EXAMPLE.ORG", "alice@":
        check(said(f"user {user}", *tickets, status=1),
              [f'but refused: nobody gets the name "{user}" by gssapi, whose users are Kerberos '
               "principals, like alice@EXAMPLE.ORG",
               "a client with a ticket gets the name of its principal"])
    check(said("", *tickets, status=1)[0],
          "refused: a login by gssapi is required; add `user NAME` to the question")
    path = tmp("questions", f"allow {HERE} user alice@EXAMPLE.ORG\ndeny {HERE} user alice\n")
    status, out, err = run(*tickets, "--explain", f"@{path}")
    check((status, err), (0, ""))
    assert "whoever has a Kerberos ticket\n" in out and "all as expected" in out, out


def choices_of_methods():
    needs_hashes("digest")
    users = users_file(f"alice:{CRAM_MD5}\nbob:{SHA1}\n")

    def choices(user, auth, status=0, rules=("--allow", "user *")):
        return said(f"user {user}", "--users", users, "--auth", auth, *rules, status=status)

    def offers(auth, methods, *rules):
        s = remote("--users", users, "--auth", auth, *(rules or ("--allow", "user *")))
        s.send(bytes([5, len(methods)]) + methods)
        return s.recv(2)[1]

    check(choices("alice", "chap,password"),
          ["the client logs in by chap if it offers that, else by password"])
    check(choices("alice", "password,chap"),
          ["the client logs in by password if it offers that, else by chap"])
    check(choices("bob", "chap,password"),
          [f'but a client that offers chap gets that, and user "bob" can\'t log in: {users}:2: '
           "not a {CRAM-MD5} hash, which CHAP needs; make one with "
           "`picosocks5 --hash NAME --scheme cram-md5`"])
    check(choices("bob", "password,chap"), [])
    check(offers("chap,password", b"\0\2\3"), 3)
    check(offers("password,chap", b"\0\2\3"), 2)
    lines = choices("carol", "chap,password", status=1)
    check(lines[0], f'but refused: user "carol" is not in {users}, so nobody logs in by this name')
    # The method none is chosen only if the rules allow something without a name.
    free = "--allow", "from 192.0.2.7"
    check(choices("alice", "password,none,chap", rules=free),
          ["the client logs in by password if it offers that, else by chap"])
    asked = "but a client that also offers the method none is not asked for its name, because auth " \
        "lists none "
    check(choices("bob", "none,password", rules=free), [asked + "first"])
    check(choices("bob", "none,password"), [])
    check(choices("bob", "chap,none,password", rules=free)[1:], [asked + "before password"])
    check(offers("chap,none,password", b"\0\2", *free), 0)


def names_of_methods():
    needs_hashes("digest")
    users = users_file(f"bob:{SHA1}\nalice@EXAMPLE.ORG:{SHA1}\n")

    def choices(user, auth):
        return said(f"user {user}", *gssapi("--users", users, "--auth", auth, "--allow", "user *"),
                    status=0)

    check(choices("bob", "password,gssapi"), [])
    assert "nobody gets the name" in choices("bob", "gssapi,password")[0]
    check(choices("alice@EXAMPLE.ORG", "gssapi,password"),
          ["the client logs in by gssapi if it offers that, else by password"])
    check(choices("carol@EXAMPLE.ORG", "password,gssapi"),
          ["but not checked: whether users can log in, because gssapi lets in whoever has a "
           "Kerberos ticket",
           f'but a client that offers password gets that, and user "carol@EXAMPLE.ORG" is not in '
           f"{users}, so nobody logs in by this name"])


def uncomputable_hashes():
    isolate()
    users = users_file(f"alice:{BCRYPT}\nsha:{SHA1}\n")
    static = "static" in run("--version")[1]
    if static and features()["crypt"] and features()["digest"]:
        raise Skip("a static program is linked with the libraries")
    for name in () if static else ("libcrypt", "libmd"):
        for lib in glob.glob(f"/lib/*/{name}.so.*") + glob.glob(f"/usr/lib/*/{name}.so.*"):
            if not os.path.islink(lib):
                cover(lib, "")
    for line, user, feature, library in ((1, "alice", "crypt", "libcrypt"),
                                         (2, "sha", "digest", "libmd")):
        if static and features()[feature]:
            continue
        lines = explained(f"user {user} to 192.0.2.1", "--users", users, "--allow", "", status=1)
        begin = f'but refused: user "{user}" can\'t log in: {users}:{line}: this system or build ' \
            "can't compute the hash; "
        assert lines[1].startswith(begin), lines
        assert static or not features()[feature] or library in lines[1], lines
        offer_password(remote("--users", users, "--allow", "")).send(
            userpass(user, "secret")).expect(b"\1\1", "status")


def no_hashes():
    users = users_file(f"alice:{SHA1}\nplain:Passw0rd\nempty:\nbob:$2y$x\n")
    tests = tmp("tests", "".join(f"deny user {u}\n" for u in ("alice", "plain", "empty", "bob")))
    for words in ("user alice", "user plain", "user empty", "user bob", "user carol", f"@{tests}"):
        status, out, err = run("--users", users, "--explain", words)
        for secret in SHA1[5:], "Passw0rd", "$2y$x":
            assert secret not in out + err, (words, out, err)


def every_user_name():
    needs_hashes("digest")
    odd = ["a b", " a", "a\t", 'a"b', "a\\b", "a'b", "a#b", "a=b", "user", "*", "a,b", "\\x41", '"',
           "\x01\x7f", "x" * 255, "ü", "@a", "`$(a)`", "client=x"]
    raw = [name.encode() for name in odd]
    raw += [bytes([b]) for b in range(1, 256) if b not in b"\n\r#:"]
    options = "--users", users_file(b"".join(name + f":{SHA1}\n".encode() for name in raw)), \
        "--allow", "user *"

    def escaped(name):
        return "".join(chr(b) if 0x20 <= b <= 0x7e and b not in b'"\\' else f"\\x{b:02x}"
                       for b in name)

    questions = "".join(f'allow user "{escaped(name)}" to 192.0.2.1:80\n' for name in raw)
    file = tmp("questions", questions)
    status, out, err = run(*options, "--explain", f"@{file}")
    check((status, out, err), (0, f"{file}: {len(raw)} questions, all as expected\n", ""))
    for name in raw[:len(odd)]:
        explained(f'user "{escaped(name)}" to 192.0.2.1:80', *options, status=0)
    for name in "nobody", "# a", "a:b", "a\\x0a":
        lines = explained(f'user "{name}" to 192.0.2.1:80', *options, status=1)
        assert " is not in " in lines[1], lines


def lines_of_the_log():
    needs_hashes("digest")
    isolate()
    names("127.0.0.1 one.example.com\n")
    up, six = Listener(), Listener("::1")
    users = users_file(f'alice:{SHA1}\na "b" = \\c:{SHA1}\n')
    conf = tmp("conf", f"""users {users}
auth password,none
deny  "port 1"
allow "user alice to loopback,one.example.com"
deny  "user *"
allow "from 192.0.2.7,2001:db8::7,198.51.100.7,local to loopback command connect,bind,resolve"
""")

    def session(host, port, command=1, user=None, options=("--config", conf), start=remote, **how):
        s = start(*options, **how)
        if user is None:
            s.send(GREETING).expect(CHOSEN)
        else:
            offer_password(s).send(userpass(user, "secret")).expect(b"\1\0", "status")
        s.send(request(host, port, command=command))
        code = read_reply(s).code
        if code == 0 and command == 1:
            (six if host == "::1" else up).accept().close()
        s.shut().rest()
        s.exits(0)
        line, = (line for line in s.stderr().splitlines() if " end=" in line)
        return code, line.partition(": ")[2]

    for code, words in (
            (0, ("127.0.0.1", up.port)), (0, ("::1", six.port)), (2, ("127.0.0.1", 1)),
            (0, ("one.example.com", up.port)), (2, ("192.0.2.1", 80)), (4, ("no.example.com", 80)),
            (2, ("0.0.0.0", 1, BIND)), (0, ("one.example.com", 0, RESOLVE)),
            (2, ("192.0.2.9", 0, RESOLVE_PTR))):
        for addr in "192.0.2.7", "2001:db8::7":
            got, line = session(*words, addr=addr)
            check(got, code, line)
            assert f"client={addr}:40000" in line or f"client=[{addr}]:40000" in line, line
            explained(line, "--config", conf, status=int(code != 0))
    for user, code in ("alice", 0), ('a "b" = \\c', 2):
        got, line = session("127.0.0.1", up.port, user=user)
        check(got, code, line)
        assert logfmt(line)["user"], line
        lines = explained(line, "--config", conf, status=int(code != 0))
        assert ('deny "user *"' in lines[0]) == (code == 2), lines
    # In a line of UDP ASSOCIATE, `dest` is no destination, so the rule about it has no effect.
    options = "--deny", "to 192.0.2.9 port 7", "--allow", "command udp"
    got, line = session("192.0.2.9", 7, UDP, options=options, start=inetd)
    check(got, 0, line)
    assert "destination" in explained(line, *options, status=1)[0], line
    explained(line, *options[2:], status=0)
    # The values stand on their own, too.
    pairs = logfmt(session("::1", six.port, addr="2001:db8::7")[1])
    explained(f"from {pairs['client']} to {pairs['dest']}", "--config", conf, status=0)


def closed_users_file():
    users = users_file("alice:x\n", mode=0)
    tests = tmp("tests", "allow user alice to 192.0.2.1\nallow user mallory to 192.0.2.1\n")
    options = "--users", users, "--allow", "user *"
    closed = f"not checked: whether users can log in, because {users} can't be opened: " \
        "Permission denied"
    # Even root needs a capability to read it.
    needs("setpriv")
    powerless = ("setpriv", "--bounding-set=-all") if os.geteuid() == 0 else ()

    def said(question):
        p = subprocess.run([*powerless, PROGRAM, *options, "--explain", question],
                           stdin=subprocess.DEVNULL, capture_output=True, text=True)
        return p.returncode, p.stderr, p.stdout.splitlines()

    check(said("user mallory to 192.0.2.1"),
          (0, "", ['192.0.2.1: allowed by --allow "user *"', "but " + closed]))
    check(said(f"@{tests}"), (0, "", [f"{tests}: {closed}",
                                      f"{tests}: 2 questions, all as expected"]))
    check(said("to 192.0.2.1")[0], 1)
    # A file that does not exist, or that others may write, is still a mistake.
    os.unlink(users)
    check(said("user mallory to 192.0.2.1")[0], 78)
    users_file("alice:x\n", mode=0o666)
    check(said("user mallory to 192.0.2.1")[0], 78)
    if os.geteuid() != 0:
        raise Skip("needs root to give the users file to another user")
    users_file("alice:x\n", mode=0o600)
    os.chown(users, 65534, 65534)
    status, out, err = run(*options, "--explain", "user alice to 192.0.2.1")
    check((status, err), (0, ""))
    assert f"but not checked: whether users can log in, because {users} belongs to an" in out, out


def files():
    isolate()
    names("192.0.2.80 here.example.com\n")
    conf = tmp("conf", 'deny "to private"\ndeny "port 25"\nallow "from 192.0.2.0/24"\n')
    good = ('# the policy of the company\r\n\r\n'
            'allow from 192.0.2.7 to 203.0.113.1:443\r\n'
            '\tdeny  from 192.0.2.7 to 203.0.113.1:25   # mail "goes elsewhere\r\n'
            '\n  # another comment\n'
            'deny from "192.0.2.7" to [fc00::1]:80\n'
            'deny from 198.51.100.7 to 203.0.113.1:443\n'
            'deny client=198.51.100.7:1 dest=203.0.113.1:443 error="a # b"\n'
            'allow from 192.0.2.7 to here.example.com:80')
    path = tmp("policy", good)
    status, out, err = run("--config", conf, "--explain", f"@{path}")
    check((status, out, err), (0, f"{path}: 6 questions, all as expected\n", ""))
    bad = good.replace("allow ", "other ").replace("deny ", "allow ").replace("other ", "deny ", 1)
    bad = bad.replace("other ", "deny ")
    path = tmp("policy", bad)
    status, out, err = run("--config", conf, "--explain", f"@{path}")
    check((status, err), (1, ""))
    rule = f'allowed by {conf}:3: allow "from 192.0.2.0/24"'
    check(out.splitlines(), [
        f"{path}:3: expected deny, but: {rule}",
        f'{path}:4: expected allow, but: denied by {conf}:2: deny "port 25"',
        f'{path}:7: expected allow, but: denied by {conf}:1: deny "to private"',
        f"{path}:8: expected allow, but: denied: no rule matches",
        f"{path}:9: expected allow, but: denied: no rule matches",
        f"{path}:10: expected deny, but: 192.0.2.80: {rule}",
        f"{path}: 6 of 6 questions differ"])
    path = tmp("one", "allow from 192.0.2.7 to 203.0.113.1:443\n"
                      "allow from 192.0.2.7 to 10.0.0.1:1\n")
    check(run("--config", conf, "--explain", f"@{path}")[1].splitlines()[-1],
          f"{path}: 1 of 2 questions differs")
    path = tmp("one", "allow from 192.0.2.7 to 203.0.113.1:443")
    check(run("--config", conf, "--explain", f"@{path}")[1], f"{path}: 1 question, as expected\n")
    # A relative path begins in the current folder, not in that of the configuration file.
    os.makedirs(tmp("sub"))
    tmp("sub/one", "allow from 192.0.2.7 to 203.0.113.1:443")
    os.chdir(tmp("sub"))
    check(run("--config", conf, "--explain", "@one")[:2], (0, "one: 1 question, as expected\n"))
    # With a login.
    path = tmp("users.test", "allow user mallory to 203.0.113.1:443\ndeny to 203.0.113.1:443\n")
    users = users_file(f"alice:{SHA1}\n")
    status, out, err = run("--users", users, "--allow", "user *", "--explain", f"@{path}")
    check((status, err), (1, ""))
    check(out.splitlines()[0], f'{path}:1: expected allow, but: refused: user "mallory" is not in '
                               f"{users}, so nobody logs in by this name")
    check(len(out.splitlines()), 2, out)
    # Nobody hears it, and it is written whole or not at all.
    s = inetd("--allow", "", "--explain", f"@{path}")
    check(s.rest()[0], b"")
    s.exits(1)
    with open("/dev/full", "wb") as full:
        check(subprocess.run([PROGRAM, "--allow", "", f"--explain=@{path}"],
                             stdin=subprocess.DEVNULL, stdout=full).returncode, 71)


def not_known():
    isolate()
    names()
    path = tmp("policy", "allow to 192.0.2.1\ndeny to 192.0.2.1\n"
                         "allow to no.example.com:80\ndeny to no.example.com:80\n"
                         "deny to no.example.com:25\n")
    status, out, err = run("--deny", "port 25", "--allow", "", "--explain", f"@{path}")
    check((status, err), (1, ""))
    lines = out.splitlines()
    for i, line in enumerate(lines[:-1], 1):
        expected = "allow" if i % 2 else "deny"
        assert line.startswith(f"{path}:{i}: expected {expected}, but: "), line
        assert ("depends on the port" in line if i < 3 else "no address for no" in line), line
    check(lines[-1], f"{path}: 4 of 5 questions differ")


def bad_lines():
    long = "x" * scale(1 << 20, 1 << 16)
    good = "allow to 192.0.2.1:80"
    for line, words in (
            ("maybe to 192.0.2.1", 'found "maybe", expected allow or deny'),
            ("to 192.0.2.1", 'found "to", expected allow or deny'),
            ("allowed to 192.0.2.1", 'found "allowed", expected allow or deny'),
            ("allow 192.0.2.1", 'found "192.0.2.1", expected from, to, port, user or command'),
            ("deny to 192.0.2.1:x:y", 'found "192.0.2.1:x:y"'),
            ('deny user "al', "expected a closing quote"),
            (b"allow to 192.0.2.1\0.example.com", 'found "\\x00", expected a line without NUL'),
            (b"allow to \xff\x1b[2J", 'found "\\xff\\x1b[2J"'),
            (long, f'found "{long[:100]}..."'), (f"allow {long}", f'found "{long[:100]}..."'),
            (f"allow user {long}", "at most 255 bytes"), (f'allow user "{long}"', "at most"),
            (f"allow to {long}", "an address or a name")):
        line = line if isinstance(line, bytes) else line.encode()
        before, after = f"{good}\n".encode(), f"\n{good}\ndeny to 192.0.2.1\n".encode()
        path = tmp("policy", before + line + after)
        status, out, err = run("--allow", "", "--explain", f"@{path}")
        check(status, 64, words)
        check(len(err.splitlines()), 1, err)
        assert f"{path}:2: found " in err and words in err, err
        check(out.splitlines(), [
            f'{path}:4: expected deny, but: allowed by --allow ""',
            f"{path}: 1 of 3 questions differs; 1 line can't be read"])
    path = tmp("policy", "one\ntwo")
    status, out, err = run("--allow", "", "--explain", f"@{path}")
    check((status, out), (64, f"{path}: 0 questions; 2 lines can't be read\n"))
    check(len(err.splitlines()), 2, err)


def bad_files():
    fifo = tmp("fifo")
    os.mkfifo(fifo)
    for path, words in ((tmp("missing"), "No such file"), (tmp(""), "not a regular file"),
                        (fifo, "not a regular file")):
        status, out, err = run("--allow", "", "--explain", f"@{path}")
        check((status, out), (78, ""), path)
        assert f"--explain: can't read {path}: " in err and words in err, err
    for text in "", "\n\n", "# allow to 192.0.2.1:80\n":
        path = tmp("empty", text)
        status, out, err = run("--allow", "", "--explain", f"@{path}")
        check((status, out), (64, ""), text)
        assert f"{path}: no question" in err, err
    # A broken configuration answers nothing.
    path = tmp("policy", "deny to 192.0.2.1:80\n")
    check(run("--config", tmp("conf", "deny form any\n"), "--explain", f"@{path}")[:2], (78, ""))
    status, out, err = run("--config", tmp("conf", f'explain "@{path}"\n'))
    check((status, out), (78, ""))


def many_questions():
    many = scale(10000, 1000)
    path = tmp("policy", "".join(f"allow from 192.0.2.{i % 256} to 203.0.113.{i % 256}:443\n"
                                 f"deny user u{i} to 203.0.113.{i % 256}:25\n"
                                 for i in range(many // 2)))
    users = users_file("".join(f"u{i}:{SHA1}\n" for i in range(100)))
    status, out, err = run("--users", users, "--auth", "none,password", "--deny", "port 25",
                           "--allow", "", "--explain", f"@{path}")
    check((status, out, err), (0, f"{path}: {many} questions, all as expected\n", ""))
