# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that http.bats plays, one for each @test."""

from lib.http import (CLOSE, ESTABLISHED, VIA, Answer, asked_for_password, asks, authority, basic,
                      connect, gets, head, passed, read_answer, read_head, refused)
from lib.http_heads import EVERY
from lib.peer import (EOF, Listener, MIB, RESET, check, closed_port, end_both, flow, scale,
                      together)
from lib.program import (EVERY_WAY, Skip, classic, inetd, logfmt, pause, pipes, remote,
                         run, unix)
from lib.socks4 import read_reply4, request4
from lib.socks5 import GREETING, read_reply, request
from lib.users import CRAM_MD5, SHA1, SHA512, needs_hashes, some, userpass, users_file
from lib.world import Dns, Elsewhere, ip, isolate, names

ALLOW = b"CONNECT, GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
WRONG, RIGHT = basic("alice", "wrong"), basic("alice", "secret")


def http(*options, start=inetd, **how):
    return start("--http", *options, **how)


def users():
    needs_hashes("digest")
    return "--users", users_file(f"alice:{SHA1}\n")


def closes(s, far):
    far.close()
    s.shut().expect_end()
    return s


def every_kind_of_address():
    isolate()
    names()
    Dns({"up.example.com": ["127.0.0.1"]})
    for start in EVERY_WAY:
        for host, address in (("127.0.0.1", "127.0.0.1"), ("::1", "::1"),
                              ("up.example.com", "127.0.0.1"), ("UP.Example.com.", "127.0.0.1")):
            up = Listener(address)
            s = http(start=start).send(asks(host, up.port)).expect(ESTABLISHED, f"answer for {host}")
            far = up.accept().send(b"down")
            s.send(b"up").expect(b"down")
            far.expect(b"up")
            closes(s, far).ended("eof", protocol="http", command="connect", reply="0", sent="2",
                                 received="4", dest=authority(host, up.port).decode(),
                                 peer=authority(address, up.port).decode())
            up.close()


def split_anywhere():
    up = Listener()
    early = b"\x16\x03\x01 early\r\n\r\n"
    for start in inetd, pipes, unix:
        whole = asks(up.host, up.port, b"User-Agent: x")
        for cut in range(1, len(whole) + 3, scale(1, 9) if start is inetd else scale(7, 29)):
            s = http(start=start)
            s.send((whole + early)[:cut])
            pause(0.001)
            s.send((whole + early)[cut:]).expect(ESTABLISHED, f"answer, cut at {cut}")
            closes(s, up.accept().expect(early))
    for start in EVERY_WAY:
        s = http(start=start).send_split(asks(up.host, up.port) + early)
        s.expect(ESTABLISHED)
        closes(s, up.accept().expect(early))
        s = http(start=start).send_split(gets(up, b"/x") + early, 5)
        closes(s, up.accept().expect(passed(up, b"/x") + early))


def early_data():
    up = Listener()
    for start in EVERY_WAY:
        for data in b"x", b"\r\n", asks("127.0.0.1", closed_port()), b"y" * 100000:
            s = http(start=start)
            together(lambda s=s, data=data: s.send(asks(up.host, up.port) + data),
                     lambda s=s: s.expect(ESTABLISHED))
            far = up.accept()
            check(far.recv(len(data)), data, "early data")
            closes(s, far)


def many_at_once():
    up = Listener(backlog=256)
    n = scale(100, 20)
    sessions = [http() for _ in range(n)]
    for i, s in enumerate(sessions):
        s.send(asks(up.host, up.port) + b"%03d" % i)
    for _ in range(n):
        far = up.accept()
        number = far.recv(3)
        far.send(number).close()
    for i, s in enumerate(sessions):
        s.expect(ESTABLISHED).shut().expect_end(data=b"%03d" % i).ended("eof", sent="3")


def methods():
    isolate()
    names("127.0.0.1 up.example.com\n")
    up = Listener()
    where = authority(up.host, up.port)
    body = b"a body\r\n\r\n\0\xff"
    length = b"Content-Length: %d" % len(body)
    answer = head(b"HTTP/1.1 200 OK", b"Content-Length: 2") + b"ok"

    def asked(sent, arrives):
        s = http().send(sent)
        up.accept().expect(arrives, "what the origin gets").send(answer).close()
        s.expect_end(data=answer).ended("eof", protocol="http", command="connect", reply="0",
                                        received=str(len(answer)))

    for method in b"GET", b"HEAD", b"OPTIONS", b"DELETE", b"PROPFIND", b"M-SEARCH", \
            b"X!#$%&'*+.^_`|~":
        asked(gets(up, b"/a/b?c=d&e", b"Accept: */*", method=method),
              passed(up, b"/a/b?c=d&e", b"Accept: */*", method=method))
    for method in b"POST", b"PUT", b"PATCH":
        asked(gets(up, b"/", length, method=method) + body,
              passed(up, b"/", length, method=method) + body)
    asked(head(b"OPTIONS http://" + where + b" HTTP/1.1", b"Host: " + where),
          passed(up, b"*", method=b"OPTIONS"))
    asked(gets(up, b"", b"Cookie: a=b"), passed(up, b"/", b"Cookie: a=b"))
    name = b"up.example.com:%d" % up.port
    asked(head(b"GET http://" + name + b"/ HTTP/1.1", b"Host: x", b"A: 1"),
          head(b"GET / HTTP/1.1", b"Host: " + name, b"A: 1", VIA, CLOSE))
    up.close()
    up = Listener("127.0.0.1", 80)  # the network is the test's own
    asked(b"GET http://127.0.0.1/x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
          head(b"GET /x HTTP/1.1", b"Host: 127.0.0.1", VIA, CLOSE))


def max_forwards():
    up = Listener()
    zero = b"Max-Forwards: 0"
    for method in b"OPTIONS", b"TRACE":
        s = http().send(gets(up, b"/", b"Max-Forwards: 10", method=method))
        closes(s, up.accept().expect(passed(up, b"/", b"Max-Forwards: 9", method=method)))
    s = http().send(gets(up, b"/", zero))
    closes(s, up.accept().expect(passed(up, b"/", zero)))
    for start in EVERY_WAY:
        s = http(start=start).send(gets(up, b"", zero, method=b"OPTIONS"))
        answer = refused(s, 200)
        check(answer.fields.get(b"Allow"), ALLOW, "Allow")
        s.ended("eof", protocol="http", command="options", dest=None, reply="0", error=None)
    check(refused(http().send(gets(up, b"/", zero, b"Content-Length: 3", method=b"OPTIONS")
                              + b"abc"), 200).fields.get(b"Allow"), ALLOW, "Allow")
    s = http().send(gets(up, b"/", zero, method=b"TRACE"))
    check(refused(s, 405).fields.get(b"Allow"), ALLOW, "Allow")
    s.ended("protocol", protocol="http", reply="7", dest=None, error="TRACE with Max-Forwards 0 is "
            "meant for this proxy, which does not answer it")
    # A password is needed first.
    s = http(*users()).send(gets(up, b"/", zero, method=b"OPTIONS"))
    asked_for_password(s)
    s.send(gets(up, b"/", zero, RIGHT, method=b"OPTIONS"))
    refused(s, 200)
    s.ended("eof", user="alice", reply="0")
    for value in b"", b"-1", b"1, 2", b"1\r\nMax-Forwards: 1":
        s = http().send(gets(up, b"/", b"Max-Forwards: " + value, method=b"TRACE"))
        refused(s, 400)
        s.ended("protocol", reply="1")
    assert up.nobody_came()


def half_close_and_reset():
    up = Listener()
    for start in EVERY_WAY:
        s = http(start=start)
        far = connect(s, up)
        s.send(b"ask").shut()
        far.expect_end(data=b"ask")
        far.send(b"answer").close()
        s.expect_end(data=b"answer").ended("eof")
    s = http()
    far = connect(s, up)
    far.reset()
    check(s.rest()[1], RESET, "the client's end")
    s.ended("reset")
    s = http()
    far = connect(s, up)
    s.reset()
    check(far.rest()[1], RESET, "the destination's end")
    s.ended("reset")
    s = http().send(gets(up))
    up.accept().expect(passed(up)).reset()
    check(s.rest(), (b"", RESET), "the client's end")
    s.ended("reset")
    s = http()
    far = connect(s, up)
    flow(s, far, 4 * MIB)
    flow(far, s, 4 * MIB)
    end_both(s, far).ended("eof")


def password():
    up = Listener()
    options = users()
    for start in EVERY_WAY:
        s = http(*options, start=start).send(asks(up.host, up.port, RIGHT) + b"early")
        s.expect(ESTABLISHED)
        closes(s, up.accept().expect(b"early")).ended("eof", user="alice", auth=None)
        s = http(*options, start=start).send(gets(up, b"/", RIGHT))
        closes(s, up.accept().expect(passed(up))).ended("eof", user="alice")
    assert up.nobody_came()
    for scheme in b"Proxy-Authorization: basic ", b"proxy-authorization:  BASIC  ":
        s = http(*options)
        connect(s, up, scheme + RIGHT.rpartition(b" ")[2]).close()
        s.shut().expect_end()
    # A password is not needed where none is accepted first.
    s = http(*options, "--auth", "none,password")
    connect(s, up, WRONG).close()
    s.shut().expect_end().ended("eof", user=None)
    s = http(*options, "--auth", "password,none")
    connect(s, up).close()
    s.shut().expect_end().ended("eof", user=None)


def asked_on_the_same_connection():
    up = Listener()
    options = users()
    for start in EVERY_WAY:
        s = http(*options, start=start).send(asks(up.host, up.port))
        asked_for_password(s)
        closes(s, connect(s, up, RIGHT)).ended("eof", user="alice", reply="0", error=None)
        s = http(*options, start=start).send(gets(up, b"/a", method=b"HEAD"))
        asked_for_password(s, is_head=True)
        s.send(gets(up, b"/b", WRONG))
        asked_for_password(s)
        s.send(gets(up, b"/c", RIGHT))
        closes(s, up.accept().expect(passed(up, b"/c"))).ended("eof", user="alice")
    # The client need not wait for the answer.
    s = http(*options).send(asks(up.host, up.port) + asks(up.host, up.port, RIGHT) + b"early")
    asked_for_password(s)
    s.expect(ESTABLISHED)
    closes(s, up.accept().expect(b"early"))
    assert up.nobody_came()


def three_tries():
    up = Listener()
    options = users()
    s = http(*options).send(asks(up.host, up.port))
    asked_for_password(s)
    for i in range(2):
        s.send(asks(up.host, up.port, WRONG))
        asked_for_password(s)
    s.send(asks(up.host, up.port, WRONG) + asks(up.host, up.port, RIGHT))
    asked_for_password(s, stays=False)
    s.ended("auth", protocol="http", user="alice", error="wrong password", reply=None)
    s = http(*options).send(asks(up.host, up.port, WRONG))
    asked_for_password(s)
    s.shut().expect_end().ended("auth", error="wrong password")
    s = http(*options)
    for i in range(3):
        s.send(asks(up.host, up.port))
        asked_for_password(s, stays=i < 2)
    s.ended("auth", error="a password is required, and the client offers none")
    assert up.nobody_came()


def asked_and_closed():
    """The body of a request would be taken for the next request."""
    up = Listener()
    options = users()
    hidden = asks(up.host, up.port, RIGHT)
    for fields, body in (([b"Content-Length: %d" % len(hidden)], hidden),
                         ([b"Transfer-Encoding: chunked"], b"0\r\n\r\n" + hidden)):
        for credentials in (), (WRONG,):
            s = http(*options).send(gets(up, b"/", *fields, *credentials, method=b"POST") + body)
            asked_for_password(s, stays=False)
            s.ended("auth")
    for sent in (asks(up.host, up.port, b"Connection: close"),
                 asks(up.host, up.port, b"Proxy-Connection: close"),
                 asks(up.host, up.port, version=b"HTTP/1.0")):
        s = http(*options).send(sent + hidden)
        asked_for_password(s, stays=False)
        s.ended("auth")
    s = http(*options).send(asks(up.host, up.port, b"Proxy-Connection: Keep-Alive",
                                 version=b"HTTP/1.0"))
    asked_for_password(s)
    s.shut().expect_end()
    assert up.nobody_came()


def odd_credentials():
    up = Listener()
    options = users()
    values = (b"", b"Basic", b"Basic ", b"Basic x", b"Basic " + b"=" * 8, b"Basic YWxpY2U=",
              b'Digest username="alice"', b"Bearer YWxpY2U6c2VjcmV0", b"Basic YWxpY2U6c2VjcmV0 x",
              b"BasicYWxpY2U6c2VjcmV0", b"Basic YWxp Y2U6c2VjcmV0", b"Basic YWxpY2U6c2VjcmV0\t.")
    logins = (("alice", "secret\n"), ("a" * 256, "x"), ("alice", "x" * 256), ("alice\0", "secret"),
              ("", "secret"), ("alice", ""), ("Alice", "secret"))
    for field in [b"Proxy-Authorization: " + v for v in values] + [basic(*x) for x in logins]:
        s = http(*options).send(asks(up.host, up.port, field))
        asked_for_password(s)
        s.shut().expect_end().ended("auth", reply=None)
    assert up.nobody_came()


def wrong_password_in_log():
    options = users()
    for user in "alice", "bob", 'x" client=192.0.2.1 user="y':
        for start in remote, inetd:
            s = http(*options, start=start).send(asks("127.0.0.1", 9, basic(user, "wrong")))
            asked_for_password(s)
            s.shut().expect_end().ended("auth", error="wrong password")
            socks = start(*options).send(b"\5\1\2" + userpass(user, "wrong"))
            socks.expect_end(data=b"\5\2\1\1").ended("auth")
            lines, want = s.stderr().splitlines(), socks.stderr().splitlines()
            check(len(lines), 2, s.stderr())
            assert "wrong password: client=" in lines[0], lines
            check(list(logfmt(lines[0])), list(logfmt(want[0])), "keys")
            check(logfmt(lines[0])["user"], logfmt(want[0])["user"])
    s = http(*options)
    for user in "a", "b", "alice":
        s.send(asks("127.0.0.1", 9, basic(user, "x")))
    for stays in True, True, False:
        asked_for_password(s, stays)
    s.exits(0)
    check([logfmt(line).get("user") for line in s.stderr().splitlines()],
          ["a", "b", "alice", "alice"], "a line for each wrong password")


def unknown_user():
    """For a name that is not there a hash is computed as well, by the same library."""
    needs_hashes("crypt")
    if "static" in run("--version")[1]:
        raise Skip("a static program is linked with the library")
    path = users_file(f"alice:{SHA512}\n")
    for user in "alice", "nobody", "":
        s = http("--users", path).send(asks("127.0.0.1", 9, basic(user, "wrong")))
        answer = asked_for_password(s)
        with open(f"/proc/{s.pid}/maps") as f:
            assert "/libcrypt.so" in f.read(), f"no hash for {user!r}"
        check(answer, Answer(407, answer.fields, answer.body))
        s.shut().expect_end().ended("auth", error="wrong password")


def nobody_served():
    up = Listener()
    s = http("--allow", "from 192.0.2.1").send(asks(up.host, up.port))
    refused(s, 403)
    s.ended("denied", reply="2", rule="none", protocol="http")
    s = http(start=remote).send(gets(up))
    refused(s, 403)
    s.ended("denied", reply="2", rule="default")
    options = users()
    s = http(*options, "--deny", "from any").send(asks(up.host, up.port, RIGHT))
    refused(s, 403)
    s.ended("denied", user=None)
    s = http("--auth", "chap", "--users", users_file(f"alice:{CRAM_MD5}\n"))
    refused(s.send(asks(up.host, up.port, RIGHT)), 403)
    s.ended("auth", reply="2", protocol="http")
    assert up.nobody_came()


def rules():
    isolate()
    names("127.0.0.1 lo.example.com\n")
    up = Listener()
    for options, host, keys in (
            (("--deny", "to 127.0.0.1", "--allow", ""), "127.0.0.1", {"rule": "command-line:1"}),
            (("--deny", "command connect", "--allow", ""), "127.0.0.1", {"rule": "command-line:1"}),
            (("--deny", f"port {up.port}", "--allow", ""), "lo.example.com",
             {"rule": "command-line:1"}),
            (("--allow", "to 203.0.113.0/24"), "127.0.0.1", {"rule": "none"}),
            (("--deny", "to .example.com", "--allow", ""), "lo.example.com",
             {"rule": "command-line:1"})):
        for sent in asks(host, up.port), head(b"GET http://" + authority(host, up.port)
                                              + b"/ HTTP/1.1", b"Host: x"):
            s = http(*options).send(sent)
            refused(s, 403)
            s.ended("denied", reply="2", command="connect", peer=None, **keys)
    for host, word in (("127.0.0.1", "loopback"), ("::1", "loopback"),
                       ("::ffff:127.0.0.1", "loopback"), ("lo.example.com", "loopback (127.0.0.1)")):
        s = http("--allow", "from any", start=remote).send(asks(host, up.port))
        refused(s, 403)
        s.ended("denied", reply="2", rule="special", error="special: " + word)
    assert up.nobody_came()
    s = http("--allow", "to lo.example.com command connect")
    s.send(asks("lo.example.com", up.port)).expect(ESTABLISHED)
    closes(s, up.accept()).ended("eof")


def statuses():
    isolate()
    away = Elsewhere()
    away.black_hole("198.51.100.77")
    names()
    Dns({})
    ip("route add blackhole 203.0.113.3")
    up = Listener()
    here = authority(up.host, up.port)
    options = ("--connect-timeout", "300ms", "--deny", "to 192.0.2.9", "--allow", "from any")
    for status, reply, end, host, port in (
            (500, "1", "failed", "203.0.113.3", 80), (403, "2", "denied", "192.0.2.9", 80),
            (502, "3", "failed", "203.0.113.9", 80), (502, "4", "failed", "missing.example.com", 80),
            (502, "5", "failed", "127.0.0.1", closed_port()),
            (504, "6", "timeout", "198.51.100.77", 80),
            (400, "1", "protocol", "127.0.0.1", 0), (400, "4", "failed", "127.1", 80)):
        where = authority(host, port)
        for sent in asks(host, port), head(b"GET http://" + where + b"/ HTTP/1.1", b"Host: x"), \
                head(b"HEAD http://" + where + b"/ HTTP/1.1", b"Host: x"):
            s = http(*options).send(sent)
            refused(s, status, sent.startswith(b"HEAD"))
            s.ended(end, reply=reply, protocol="http")
            assert reply == "2" or s.log["error"], s.log
    s = http("--family", "ipv4").send(asks("::1", up.port))
    refused(s, 502)
    s.ended(s.log["end"], reply="8")
    for sent in b"GET /", b"HEAD /", b"OPTIONS *", b"GET https://" + here + b"/":
        s = http().send(head(sent + b" HTTP/1.1", b"Host: " + here))
        answer = refused(s, 405, sent.startswith(b"HEAD"))
        s.ended("protocol", reply="7", protocol="http")
        assert b"CONNECT" in answer.fields[b"Allow"], answer
        if not sent.startswith(b"HEAD"):
            check(answer.body.count(b"\n"), 3, "lines of the page")
            assert b"picosocks5" in answer.body, answer
    s = http().send(b"HEAD /\0 HTTP/1.1\r\n")
    refused(s, 400, is_head=True)
    s.ended("protocol", reply="1", error="the head has a NUL byte")
    s = http().send(b"GET /" + b"x" * 20000)
    refused(s, 431)
    s.ended("protocol", reply="1", protocol="http")
    assert up.nobody_came()


def saslauthd_fails():
    s = http("--saslauthd", "/nonexistent/mux").send(asks("127.0.0.1", 9, RIGHT))
    refused(s, 503)
    s.ended("failed", reply="1", protocol="http")
    assert "secret" not in s.stderr(), s.stderr()


def refusal_while_sending():
    up = closed_port()
    for start in inetd, classic, unix:
        for sent in (asks("127.0.0.1", up), b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"GET\0"):
            s = http(start=start).send(sent + bytes(100000))
            answer = read_answer(s)
            assert answer.status in (400, 405, 502), answer
            check(s.rest(), (b"", EOF), "the end")
            s.exits(0)


def slow_head():
    whole = asks("127.0.0.1", 9)

    def asked(s):
        """The time counts from the start, and not from the last answer."""
        asked_for_password(s.send(whole))
        s.expect_end().ended("timeout")

    sessions = [http("--handshake-timeout", "300ms", start=start).send(whole[:cut])
                for start in EVERY_WAY for cut in (1, 2, 20, len(whole) - 1)]
    for s in sessions:
        s.expect_end().ended("timeout", reply=None)
    asked(http(*users(), "--handshake-timeout", "2s"))


def cut_short():
    whole = asks("127.0.0.1", 9, RIGHT)
    options = users()
    for cut in 1, 2, 3, 8, 40, len(whole) - 2, len(whole) - 1:
        for start in inetd, pipes:
            s = http(*options, start=start).send(whole[:cut]).shut()
            s.expect_end().exits(0)
            assert s.log["end"] in ("eof", "protocol"), s.log


def one_port():
    up = Listener()
    options = "--http", "--socks4"

    for start, header, more in (
            (inetd, b"", ()), (pipes, b"", ()),
            (remote, b"PROXY TCP4 192.0.2.77 198.51.100.1 4000 1080\r\n",
             ("--proxy-protocol", "192.0.2.7", "--allow", "from 192.0.2.77 to 127.0.0.1")),
            (remote, b"\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\xc0\0\2\x4d\xc6\x33\x64\1\x0f\xa0\4\x38",
             ("--proxy-protocol", "192.0.2.7", "--allow", "from 192.0.2.77 to 127.0.0.1"))):
        s = start(*options, *more).send(header + GREETING + request("127.0.0.1", up.port))
        s.expect(b"\5\0")
        check(read_reply(s).code, 0, "reply")
        closes(s, up.accept()).ended("eof", protocol=None)
        s = start(*options, *more).send(header + request4("127.0.0.1", up.port))
        check(read_reply4(s)[0], 90, "reply")
        closes(s, up.accept()).ended("eof", protocol="socks4")
        s = start(*options, *more).send(header + asks("127.0.0.1", up.port)).expect(ESTABLISHED)
        closes(s, up.accept()).ended("eof", protocol="http")
        if header:
            assert s.log["client"].startswith("192.0.2.77:4000"), s.log
        s = start(*options, *more).send(header + gets(up))
        closes(s, up.accept().expect(passed(up))).ended("eof", protocol="http")
    for first in b"@", b"[", b"a", b"g", b"z", b"\x16", b"\0":
        s = inetd(*options).send(first + gets(up)[1:])
        got, how = s.rest()
        assert got in (b"", b"\5\xff") and how == EOF, (first, got, how)
        s.ended("protocol")
    assert up.nobody_came()


def switched_off():
    for options in (), ("--socks4",):
        for sent in gets(Listener()), asks("127.0.0.1", 9), b"GET":
            s = inetd(*options).send(sent).expect_end()
            s.ended("protocol", protocol=None, error="an HTTP request (see --http)")


def origin(up):
    """Reads all that the origin gets."""
    far = up.accept()
    got, how = far.rest()
    check(how, EOF, "the end")
    far.close()
    return got


def ambiguous_heads():
    up = Listener()
    here = authority(up.host, up.port)
    assert len(EVERY) >= 60
    for title, sent, want in some(EVERY):
        s = http("--allow", "to 127.0.0.1")
        try:
            s.send(sent.replace(b"$UP", here)).shut()
        except OSError:
            pass  # refused already
        if isinstance(want, bytes):
            check(origin(up), want.replace(b"$UP", here), title)
            s.expect_end().ended("eof")
            assert up.nobody_came(), title
            continue
        answer = read_answer(s)
        check(answer.status, want, title)
        check(answer.fields[b"Connection"], b"close", title)
        check(s.rest(), (b"", EOF), title)
        s.exits(0)
        assert s.log["error"] and "peer" not in s.log, (title, s.log)
        assert all(" " <= c <= "~" for line in s.stderr().splitlines() for c in line), s.stderr()
        assert up.nobody_came(), title


def longest_head():
    up = Listener()
    for start in inetd, pipes, unix:
        for sent, arrives in (asks(up.host, up.port, b"X: $"), None), (gets(up, b"/", b"X: $"), True):
            for size in 16383, 16384, 16385:
                fill = b"x" * (size - len(sent) + 1)
                whole = sent.replace(b"$", fill)
                check(len(whole), size)
                s = http(start=start).send(whole)
                if size > 16384:
                    refused(s, 431)
                    s.ended("protocol", reply="1")
                    continue
                far = up.accept()
                if arrives:
                    far.expect(passed(up, b"/", b"X: " + fill))
                else:
                    s.expect(ESTABLISHED)
                closes(s, far).ended("eof")
    assert up.nobody_came()


def behind_the_first_request():
    """The stream belongs to the origin of the first request."""
    up, other = Listener(), Listener()
    s = http().send(gets(up, b"/1"))
    far = up.accept().expect(passed(up, b"/1"))
    second = gets(other, b"/2", RIGHT)
    s.send(second)
    far.expect(second)
    line, _ = read_head(s) if far.send(head(b"HTTP/1.1 204 No Content", b"A: b")) else (None, None)
    check(line, b"HTTP/1.1 204 No Content")
    closes(s, far)
    assert other.nobody_came()
