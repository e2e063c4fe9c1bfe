# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that scripted_parent.bats plays, one for each @test."""

import base64
import os
import socket

from lib import http
from lib.peer import End, Listener, PATIENCE, check, closed_port
from lib.program import KIND, inetd, tmp
from lib.socks4 import request4
from lib.socks5 import CHOSEN, GREETING, Reply, address, read_reply, refusal, request
from lib.world import isolate, names

DEST, PORT = "192.0.2.80", 80  # an address that nobody connects to but the parent
GRANTED = b"\5\0\0\1" + bytes([192, 0, 2, 9]) + b"\x10\1"
OK = b"HTTP/1.1 200 OK\r\n\r\n"


def some(items):
    """All of them; under valgrind, where each session takes a second, every third and the last."""
    return [*items[:-1:3], items[-1]] if KIND == "valgrind" else items


class UnixListener(Listener):
    def __init__(self, name="parent", backlog=8):
        self.path = os.path.join(os.path.realpath(os.path.dirname(tmp(name))), name)
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.bind(self.path)
        self.sock.listen(backlog)

    def accept(self, patience=None):
        self.sock.settimeout(PATIENCE if patience is None else patience)
        return End(self.sock.accept()[0])


def url(up, scheme="socks5"):
    return f"socks5:{up.path}" if hasattr(up, "path") else f"{scheme}://{up.host}:{up.port}"


def start(up, *options, scheme="socks5", how=inetd, **more):
    return how("--allow", f"via {url(up, scheme)}", *options, **more)


def asked(up, session, scheme="socks5", dest=None):
    """Lets the client of SOCKS5 ask; returns the parent's end when it has got the request."""
    session.send(GREETING + request(*(dest or (DEST, PORT)))).expect(CHOSEN)
    far = up.accept()
    if scheme == "http":
        where = http.authority(*(dest or (DEST, PORT)))
        return far.expect(b"CONNECT " + where + b" HTTP/1.1\r\nHost: " + where + b"\r\n\r\n")
    return far.expect(GREETING).send(CHOSEN).expect(request(*(dest or (DEST, PORT))))


def useless(session, up, code, words, end="failed", scheme="socks5"):
    """The client of SOCKS5 gets this reply, and the line names the parent."""
    session.expect_end(data=refusal(code))
    session.ended(end, reply=str(code), via=url(up, scheme),
                  error=f"the parent {url(up, scheme)}{words}")


def every_pair():
    to = http.authority(DEST, PORT)
    clients = (
        (GREETING + request(DEST, PORT), CHOSEN + GRANTED, CHOSEN + refusal(0)),
        (request4(DEST, PORT), b"\0\x5a\x10\1" + bytes([192, 0, 2, 9]),
         b"\0\x5a" + bytes(6)),
        (http.asks(DEST, PORT), http.ESTABLISHED, http.ESTABLISHED),
    )
    for make, scheme in (Listener, "socks5"), (UnixListener, "socks5"), (Listener, "http"):
        up = make()
        for asks, told, told_by_http in clients:
            s = start(up, "--socks4", "--http", scheme=scheme)
            s.send(asks + b"early")
            far = up.accept()
            if scheme == "http":
                far.expect(b"CONNECT " + to + b" HTTP/1.1\r\nHost: " + to + b"\r\n\r\n")
                far.send(OK + b"hello")
            else:
                far.expect(GREETING).send(CHOSEN).expect(request(DEST, PORT))
                far.send(GRANTED + b"hello")
            s.expect((told_by_http if scheme == "http" else told) + b"hello")
            far.expect(b"early").send(b"bye").shut()
            s.shut().expect_end(data=b"bye")
            far.expect_end()
            s.ended("eof", via=url(up, scheme), sent="5", received="8")
        # The absolute form, with a body.
        s = start(up, "--http", scheme=scheme)
        s.send(http.head(f"POST http://{DEST}/x HTTP/1.1", f"Host: {DEST}", "Content-Length: 4")
               + b"body")
        far = up.accept()
        if scheme == "http":
            far.expect(b"CONNECT " + to + b" HTTP/1.1\r\nHost: " + to + b"\r\n\r\n").send(OK)
        else:
            far.expect(GREETING).send(CHOSEN).expect(request(DEST, PORT)).send(GRANTED)
        far.expect(http.head("POST /x HTTP/1.1", f"Host: {DEST}", "Content-Length: 4",
                             http.VIA, http.CLOSE) + b"body")
        far.send(OK).shut()
        s.expect_end(data=OK)
        s.ended("eof", via=url(up, scheme))


def answers_split():
    for scheme, answer in ("socks5", GRANTED), ("http", OK):
        up = Listener()
        for split in True, False:
            s = start(up, scheme=scheme)
            far = asked(up, s, scheme)
            if split:
                far.send_split(answer).send(b"first")
            else:
                far.send(answer + b"first")
            check(read_reply(s).code, 0)
            s.expect(b"first")
            far.close()
            s.expect_end().exits(0)


def closes_anywhere():
    for scheme, answers in ("socks5", CHOSEN + GRANTED), ("http", OK):
        up = Listener()
        for n in some(range(len(answers))):
            s = start(up, scheme=scheme)
            s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
            far = up.accept()
            far.send(answers[:n])
            if scheme == "http" or n < 2:
                far.recv(3)
            else:
                far.expect(GREETING + request(DEST, PORT))
            far.close()
            useless(s, up, 1, ": it closed the connection", "reset", scheme)
    # It closes without reading.
    up = Listener()
    s = start(up)
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
    up.accept().reset()
    useless(s, up, 1, ": it closed the connection", "reset")


SAYS = ("", "it failed", "its rules do not allow the destination", "the network is unreachable",
        "the host was not found or is unreachable", "the destination refused the connection",
        "the destination did not answer in time", "it does not support CONNECT",
        "it does not support this type of address")
STATUS = (0, 502, 403, 502, 502, 502, 504, 502, 502)  # for clients of HTTP


def socks5_replies():
    up = Listener()
    for rep in some((*range(1, 10), 0xF0, 255)):
        code = rep if rep < 9 else 1
        s = start(up)
        asked(up, s).send(refusal(rep)).close()
        useless(s, up, code, ": "
                f"{SAYS[rep] if rep < 9 else 'it gave an unknown reason'} (reply {rep})")
        s = start(up, "--http")
        s.send(http.asks(DEST, PORT))
        up.accept().expect(GREETING).send(CHOSEN + refusal(rep)).recv(10)
        http.refused(s, STATUS[code])
        s.ended("failed", reply=str(code))
    s = start(up, "--socks4")
    s.send(request4(DEST, PORT))
    up.accept().expect(GREETING).send(CHOSEN + refusal(5)).recv(10)
    s.expect_end(data=b"\0\x5b" + bytes(6))
    s.ended("failed", reply="91")


def http_statuses():
    up = Listener()
    for status, code, words, ours in some((
            (101, 1, "it failed", 502), (302, 1, "it failed", 502), (400, 1, "it failed", 502),
            (401, 1, "it requires a login", 502),
            (403, 2, "its rules do not allow the destination", 403),
            (407, 1, "it requires a login", 502), (500, 1, "it failed", 502),
            (502, 4, "the host was not found or is unreachable", 502),
            (503, 1, "it failed", 502), (504, 4, "the destination did not answer in time", 502),
            (999, 1, "it failed", 502))):
        answer = b"HTTP/1.1 %d Reason\r\nContent-Length: 4\r\n\r\nbody" % status
        s = start(up, scheme="http")
        asked(up, s, "http").send(answer).close()
        useless(s, up, code, f": {words} (status {status})", scheme="http")
        s = start(up, "--http", scheme="http")
        s.send(http.asks(DEST, PORT))
        up.accept().send(answer).recv(16)
        http.refused(s, ours)
        s.ended("failed", reply=str(code))


def no_body():
    up = Listener()
    for answer in (b"HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\n\r\n",
                   b"HTTP/1.0 200\r\nTransfer-Encoding: chunked\r\n\r\n",
                   b"HTTP/1.1 204 No Content\r\n\r\n", b"HTTP/1.1 299 \r\nX: a\r\n b\r\n\r\n"):
        s = start(up, scheme="http")
        far = asked(up, s, "http").send(answer + b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
        check(read_reply(s), Reply(0, "0.0.0.0", 0))
        s.expect(b"\r\n\r\nHTTP/1.1 200 OK\r\n\r\n")
        far.close()
        s.expect_end().exits(0)


def interim():
    up = Listener()
    wait = b"HTTP/1.1 100 Continue\r\n\r\n"
    s = start(up, scheme="http")
    far = asked(up, s, "http").send(wait * 2 + b"HTTP/1.1 199 x\r\nA: b\r\n\r\n" + OK + b"first")
    check(read_reply(s).code, 0)
    s.expect(b"first")
    far.close()
    s.expect_end().exits(0)

    s = start(up, "--connect-timeout", "300ms", scheme="http")
    far = asked(up, s, "http")
    try:
        while not s.unread():
            far.send(wait * 100)
    except ConnectionError:
        pass
    useless(s, up, 6, ": no answer within connect-timeout", "timeout", "http")


def bound():
    up = Listener()
    for host, port, told in (("192.0.2.9", 4097, None), ("2001:db8::9", 65535, None),
                             ("::ffff:192.0.2.9", 1, "192.0.2.9"), ("a.example", 80, "0.0.0.0"),
                             ("x" * 255, 80, "0.0.0.0"), (b"\3\0", 80, "0.0.0.0")):
        answer = b"\5\0\xff" + address(host) + port.to_bytes(2, "big")
        s = start(up)
        far = asked(up, s).send_split(answer, 7)
        check(read_reply(s), Reply(0, told or host, 0 if told == "0.0.0.0" else port))
        far.close()
        s.expect_end().exits(0)
    # SOCKS4 can't tell an IPv6 address.
    s = start(up, "--socks4")
    s.send(request4(DEST, PORT))
    far = up.accept().expect(GREETING).send(CHOSEN)
    far.send(b"\5\0\0" + address("2001:db8::9") + b"\0\1").recv(10)
    far.close()
    s.expect_end(data=b"\0\x5a" + bytes(6))
    s.exits(0)


def with_login(up, user, password, scheme):
    def encode(raw):
        return "".join(f"%{byte:02x}" for byte in raw)
    conf = tmp("conf", f"allow \"via {scheme}://{encode(user)}:{encode(password)}@"
               f"{up.host}:{up.port}\"\n")
    os.chmod(conf, 0o600)
    return inetd("--config", conf)


def login():
    up = Listener()
    offer = b"\5\2\2\0"
    for user, password in (b"alice", b"s3cret:,@%"), (b"a" * 255, b"\xff" * 255):
        sub = bytes([1, len(user)]) + user + bytes([len(password)]) + password
        s = with_login(up, user, password, "socks5")
        s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
        far = up.accept().expect(offer).send(b"\5\2").expect(sub).send(b"\1\0")
        far.expect(request(DEST, PORT)).send(GRANTED)
        check(read_reply(s).code, 0)
        far.close()
        s.expect_end().exits(0)
        assert "s3cret" not in s.stderr(), s.stderr()

        s = with_login(up, user, password, "http")
        s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
        where = http.authority(DEST, PORT)
        far = up.accept().expect(
            b"CONNECT " + where + b" HTTP/1.1\r\nHost: " + where
            + b"\r\nProxy-Authorization: Basic " + base64.b64encode(user + b":" + password)
            + b"\r\n\r\n").send(OK)
        check(read_reply(s).code, 0)
        far.close()
        s.expect_end().exits(0)

    sub = b"\1\1u\1p"
    refuses = ": it refuses the user or password"
    for answers, words in (
            ((b"\5\2", sub, b"\1\1"), refuses), ((b"\5\2", sub, b"\1\xff"), refuses),
            ((b"\5\2", sub, b"\5\0"), ": it does not speak SOCKS 5"),
            ((b"\5\xff",), ": it does not accept a password"),
            ((b"\5\1",), ": it chose a method that it was not offered")):
        s = with_login(up, b"u", b"p", "socks5")
        s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
        far = up.accept().expect(offer)
        for i, part in enumerate(answers):
            far.send(part) if i % 2 == 0 else far.expect(part)
        useless(s, up, 1, words)
        far.close()
    # It needs none.
    s = with_login(up, b"u", b"p", "socks5")
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
    far = up.accept().expect(offer).send(CHOSEN).expect(request(DEST, PORT)).send(GRANTED)
    check(read_reply(s).code, 0)
    far.close()
    s.expect_end().exits(0)

    s = with_login(up, b"u", b"p", "http")
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
    far = up.accept().send(b"HTTP/1.1 407 Who are you\r\n\r\n")
    useless(s, up, 1, refuses + " (status 407)", scheme="http")
    far.close()


def nonsense():
    up = Listener()
    speaks = ": it does not speak SOCKS 5"
    for answer, words in (
            (b"\4\0", speaks), (b"\0\x5a", speaks), (b"HTTP/1.1 400 Bad Request\r\n\r\n", speaks),
            (b"SSH-2.0-x\r\n", speaks), (b"\5\2", ": it chose a method that it was not offered"),
            (b"\5\1", ": it chose a method that it was not offered"),
            (b"\5\xff", ": it requires a login"),
            (CHOSEN + b"\4\0", ": its reply is malformed"),
            (CHOSEN + b"\5\0\0\2", ": its reply is malformed"),
            (CHOSEN + b"\5\0\0\0", ": its reply is malformed")):
        s = start(up)
        s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
        far = up.accept().send(answer)
        useless(s, up, 1, words)
        far.close()
    speaks = ": it does not speak HTTP/1"
    for answer, words in (
            (b"\5\0", speaks), (b"HTTP/2 200\r\n\r\n", speaks), (b"HTTP/1.1 200 OK\n\n", speaks),
            (b"HTTP/1.1 20\r\n\r\n", speaks), (b"HTTP/1.1 099 x\r\n\r\n", speaks),
            (b"HTTP/1.1 200 OK\r\nX: \0", speaks), (b"HTTP/1.1 200 OK\r\r", speaks),
            (b"<html>", speaks),
            (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 16384,
             ": the head of its response is longer than 16 KiB")):
        s = start(up, scheme="http")
        far = asked(up, s, "http").send(answer)
        useless(s, up, 1, words, scheme="http")
        far.close()


def unreachable_and_silent():
    gone = UnixListener("gone")
    gone.close()
    closed = Listener()
    closed.close()
    for up in closed, gone:
        s = start(up)
        s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
        useless(s, up, 1, ": Connection refused")
        s = start(up, "--http")
        s.send(http.asks(DEST, PORT))
        http.refused(s, 502)
        s.ended("failed")
    os.unlink(gone.path)
    s = start(gone)
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
    useless(s, gone, 1, ": No such file or directory")

    for scheme in "socks5", "http":
        up = Listener()
        for begin in b"", b"\5" if scheme == "socks5" else b"HTTP":
            s = start(up, "--connect-timeout", "300ms", scheme=scheme)
            s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
            far = up.accept().send(begin)
            useless(s, up, 6, ": no answer within connect-timeout", "timeout", scheme)
            far.close()
        s = start(up, "--connect-timeout", "300ms", "--http", scheme=scheme)
        s.send(http.asks(DEST, PORT))
        far = up.accept()
        http.refused(s, 504)
        s.ended("timeout")


def next_address():
    isolate()
    names("192.0.2.1 two.example\n192.0.2.2 two.example\n192.0.2.3 two.example\n"
          "127.0.0.1 parent.example\n")
    up = Listener()

    def tries(*codes, rules=("to 192.0.2.0/24",)):
        """The parent answers so; returns what it was asked for, and the session."""
        where = f"socks5://parent.example:{up.port}"
        s = inetd("--deny", "to 192.0.2.2", *(x for r in rules
                                              for x in ("--allow", f"{r} via {where}")))
        s.send(GREETING + request("two.example", 80)).expect(CHOSEN)
        told = []
        for code in codes:
            far = up.accept().expect(GREETING).send(CHOSEN)
            told.append(far.recv(10)[4:8][3])
            far.send(GRANTED if code == 0 else refusal(code))
        return told, s

    for code in 3, 4, 5, 6, 8:
        told, s = tries(code, 0)
        check(told, [1, 3])
        check(read_reply(s).code, 0)
        s.shut()
    for code in 1, 2, 7, 9:  # the parent would refuse every address
        told, s = tries(code)
        check((told, read_reply(s).code), ([1], 1 if code == 9 else code))
        assert up.nobody_came()
    for codes, told_us in ((3, 5), 5), ((5, 3), 5), ((6, 4), 6), ((4, 1), 4):
        told, s = tries(*codes)
        check((told, read_reply(s).code), ([1, 3], told_us))
        s.expect_end().exits(0)
        assert s.log["error"].endswith("; tried 2 addresses"), s.log
    # Each address goes by its own rule, so only those whose rule names the same parent remain.
    told, s = tries(4, rules=("to 192.0.2.1", "to 192.0.2.3"))
    check((told, read_reply(s).code), ([1], 4))


def itself():
    client = socket.socket()
    listener = Listener()
    client.connect((listener.host, listener.port))
    s = inetd("--allow", f"via {url(listener)}", pair=(client, listener.accept().sock))
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
    useless(s, listener, 1, ": it is this proxy itself")
    assert listener.nobody_came()

    # By another address of this host.
    client = socket.socket()
    listener = Listener("0.0.0.0")
    client.connect(("127.0.0.1", listener.port))
    other = f"socks5://127.0.0.2:{listener.port}"
    s = inetd("--allow", f"via {other}", pair=(client, listener.accept().sock))
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN).expect_end(data=refusal(1))
    s.ended("failed", via=other, error=f"the parent {other}: it is this proxy itself")

    # By another path of the unix socket.
    listener = UnixListener()
    client = socket.socket(socket.AF_UNIX)
    client.connect(listener.path)
    os.symlink(listener.path, tmp("link"))
    s = inetd("--allow", f"via socks5:{tmp('link')}", pair=(client, listener.accept().sock))
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN).expect_end(data=refusal(1))
    s.ended("failed", error=f"the parent socks5:{tmp('link')}: it is this proxy itself")


def full_backlog():
    up = UnixListener(backlog=0)
    waits = socket.socket(socket.AF_UNIX)
    waits.connect(up.path)
    s = start(up, "--connect-timeout", "300ms")
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
    useless(s, up, 6, ": no answer within connect-timeout", "timeout")

    s = start(up)
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN).silent()
    up.accept().close()
    far = up.accept().expect(GREETING).send(CHOSEN).expect(request(DEST, PORT)).send(GRANTED)
    check(read_reply(s).code, 0)
    far.close()
    s.expect_end().exits(0)

    waits = socket.socket(socket.AF_UNIX)
    waits.connect(up.path)
    s = start(up)
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN).silent()
    s.reset()
    s.ended("reset", error="the client left before it got an answer")


def client_leaves():
    for scheme, answers in ("socks5", (b"", CHOSEN)), ("http", (b"", b"HTTP")):
        up = Listener()
        for answer in answers:
            s = start(up, scheme=scheme)
            s.send(GREETING + request(DEST, PORT)).expect(CHOSEN)
            far = up.accept().send(answer)
            far.recv(3)
            s.reset()
            s.ended("reset", error="the client left before it got an answer")
            far.close()


def setting():
    s = inetd("--allow", f"via socks5://127.0.0.1:{closed_port()},192.0.2.99")
    s.send(GREETING + request(DEST, PORT)).expect(CHOSEN).expect_end(data=refusal(1))
    s.ended("failed")
    # The words of glibc and of musl for EADDRNOTAVAIL.
    check(s.log["error"] in ("source: Cannot assign requested address",
                             "source: Address not available"), True, s.log["error"])
    check(len(s.stderr().splitlines()), 2, "lines of the log")
