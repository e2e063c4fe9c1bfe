# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that secrets.bats plays, one for each @test."""

import ctypes
import os
import resource
import signal

from lib.http import ESTABLISHED, asked_for_password, asks, basic, gets, passed
from lib.peer import End, Listener, check, eventually
from lib.program import KIND, PROGRAM, Skip, inetd, links, logfmt, pause, run, tcp_pair, tmp
from lib.socks4 import read_reply4, request4
from lib.socks5 import CHOSEN, GREETING, read_reply, request
from lib.tls import VERSIONS, sealed
from lib.users import (APR1, SHA1, SHA512, htpasswd, log_in, memory, needs_hashes, offer_password,
                       some, turned_away, userpass, users_file)
from lib.world import background


def not_in_log():
    needs_hashes()
    secret = "Xy2-unspeakable-7Q"
    path = users_file(htpasswd("m", "good", secret) + f"\nbad:{secret}\n")
    said = b"\5\1\2" + userpass("good", secret)
    for level in some(["debug", "info", "notice", "warning", "error"]):
        options = "--users", path, "--log-level", level
        log_in(inetd(*options), "good", secret).shut().expect_end()
        for name, passwd in (("good", secret + "x"), ("good", "x" + secret), ("bad", secret),
                             ("bob", secret), ("", secret)):
            s = inetd(*options)
            if level in ("notice", "info", "debug"):
                turned_away(s, name, passwd)
            else:
                offer_password(s).send(userpass(name, passwd)).expect_end(data=b"\1\1").exits(0)
            assert "unspeakable" not in s.stderr(), s.stderr()
    for cut in some(range(3, len(said))):
        s = inetd(*options)
        s.send(said[:cut]).shut().expect_end(data=b"\5\2")
        assert "unspeakable" not in s.stderr(), s.stderr()
    for odd in (b"\5\1\2" + userpass("good", secret, 5), b"\5\1\2" + secret.encode(),
                secret.encode()):
        s = inetd(*options)
        s.send(odd).rest()
        assert "unspeakable" not in s.stderr(), s.stderr()
    status, out, err = run("--check", "--users", path, "--log-level", "debug")
    assert "unspeakable" not in out + err, err


def not_in_log_of_http():
    needs_hashes()
    secret = "Xy2-unspeakable-7Q"
    coded = basic("good", secret).rpartition(b" ")[2].decode()
    path = users_file(htpasswd("m", "good", secret) + "\n")
    whole = asks("127.0.0.1", 9, basic("good", secret), b"X: y")
    for level in some(["debug", "notice"]):
        for sent in (whole, whole.replace(b"X: y", b"X : y"), whole.replace(b"X: y", b"\0"),
                     whole.replace(b":9", b":0"), whole.replace(b"CONNECT 127.0.0.1:9", b"GET /"),
                     whole.replace(b"CONNECT ", b"CONNECT good:" + secret.encode() + b"@"),
                     whole.replace(b"Basic", b"Digest"), basic("good", secret) + whole, whole[:-2],
                     asks("127.0.0.1", 9, basic("good", secret + "x"), b"X: " + b"x" * 20000),
                     *(asks("127.0.0.1", 9, basic(user, secret + "x")) for user in ("good", "bob"))):
            s = inetd("--users", path, "--log-level", level, "--http")
            s.send(sent).shut()
            got, _ = s.rest()
            s.exits(0)
            for text in s.stderr(), got.decode():
                assert "unspeakable" not in text and coded[:-4] not in text, text


def not_forged_in_log():
    path = users_file(f"alice:{SHA512}\n")
    for name in ('x" client=192.0.2.1:1 user="y',
                 "x\npicosocks5[1]: wrong password: client=192.0.2.1:1", "\x1b[2J", b"\x9b2J",
                 "a\\", 'x end=eof', "x\ry"):
        s = turned_away(inetd("--users", path), name, "x")
        lines = s.stderr().splitlines()
        check(len(lines), 2, s.stderr())
        for line in lines:
            assert all(" " <= c <= "~" for c in line), line
        check(logfmt(lines[1])["client"], logfmt(lines[0])["client"])
        check(logfmt(lines[1])["end"], "auth")
        check(list(logfmt(lines[0])), ["client", "user"])


def forgotten_after_login():
    needs_hashes()
    secret, kinds = "Xy2-unspeakable-7Q", ("B", "m", "s", "5")
    path = users_file("".join(htpasswd(k, "user" + k, secret) + "\n" for k in kinds)
                      + f"other:{APR1}\n")
    up = Listener()
    for kind in kinds:
        s = log_in(inetd("--users", path), "user" + kind, secret)
        s.send(request(up.host, up.port))
        check(read_reply(s).code, 0)
        far = up.accept()
        text = memory(s)
        assert b"SOCKS_" in text or b"users" in text, "this is not its memory"
        for word in (secret.encode(), secret.encode()[4:], SHA1.encode(), APR1.encode()[-22:]):
            at = text.find(word)
            assert at < 0, f"{kind}: {text[max(0, at - 64):at + 64]!r}"
        far.close()


def forgotten_by_http():
    needs_hashes()
    secret = "Xy2-unspeakable-7Q"
    path = users_file(htpasswd("m", "good", secret) + f"\nother:{APR1}\n")
    up = Listener()
    right, wrong = basic("good", secret), basic("good", secret + "-not")
    words = [secret.encode()] + [login.rpartition(b" ")[2][cut:][:16] for login in (right, wrong)
                                 for cut in (0, 8)]
    filler = b"X: " + b"x" * 3000
    needed = "--users", path
    for options, *before in (needed,), (needed, wrong), (needed, filler, wrong), ((),):
        for sent, arrives in ((asks(up.host, up.port, right) + b"early", b""),
                              (gets(up, b"/x", right, filler), passed(up, b"/x", filler))):
            s = inetd(*options, "--http", "--log-level", "debug")
            if before:
                s.send(asks(up.host, up.port, *before))
                asked_for_password(s)
            s.send(sent)
            if not arrives:
                s.expect(ESTABLISHED)
            far = up.accept().expect(arrives or b"early").send(b"x")
            s.expect(b"x")  # the relay has begun
            text = memory(s)
            assert b"picosocks5" in text, "this is not its memory"
            for word in *words, APR1.encode()[-22:]:
                at = text.find(word)
                assert at < 0, f"{word!r}: {text[max(0, at - 64):at + 64]!r}"
            far.close()
            s.shut().expect_end().exits(0)
    cookie = b"Cookie: Xy2-unspeakable-8R"
    s = inetd(*needed, "--http").send(gets(up, b"/", filler, cookie))
    asked_for_password(s)
    s.send(asks(up.host, up.port, right)).expect(ESTABLISHED)
    far = up.accept().send(b"x")
    s.expect(b"x")
    assert memory(s).find(cookie) < 0, "the cookie of a request that got 407 is in memory"
    far.close()
    s.shut().expect_end().exits(0)


def forgotten_inside_tls():
    needs_hashes()
    secret = "Xy2-unspeakable-7Q"
    path = users_file(htpasswd("m", "good", secret) + "\n")
    login = basic("good", secret)
    words = secret.encode(), secret.encode()[4:], login.rpartition(b" ")[2][8:]
    up = Listener()

    def by_socks(s):
        log_in(s, "good", secret).send(request(up.host, up.port))
        check(read_reply(s).code, 0)

    def by_http(s):
        s.send(asks(up.host, up.port, login)).expect(ESTABLISHED)

    for version in VERSIONS:
        for way in by_socks, by_http:
            s = sealed("--users", path, "--http", version=version)
            way(s)
            far = up.accept().send(b"x")
            s.expect(b"x")  # the relay has begun
            text = memory(s.session)
            assert b"tls-certificate" in text, "this is not its memory"
            for word in words:
                at = text.find(word)
                assert at < 0, f"{version} {way.__name__}: {text[max(0, at - 64):at + 64]!r}"
            far.close()
            s.shut().expect_end()
            s.ended("eof")


def users_file_let_go():
    needs_hashes("digest")
    path = users_file(f"alice:{SHA1}\n")
    up = Listener()

    def files(s):
        return set(links(s.pid))

    options = "--users", path, "--auth", "none,password", "--socks4", "--http"
    s = offer_password(inetd(*options))
    assert path in files(s), files(s)
    s.send(userpass("alice", "secret") + request(up.host, up.port)).expect(b"\1\0")
    sessions = [(s, read_reply(s).code)]
    s = inetd(*options)
    sessions.append((s, s.ask(up.host, up.port).code))
    s = inetd(*options).send(request4(up.host, up.port))
    sessions.append((s, read_reply4(s)[0] - 90))
    s = inetd(*options).send(asks(up.host, up.port)).expect(ESTABLISHED)
    sessions.append((s, 0))
    for s, code in sessions:
        check(code, 0)
        far = up.accept().send(b"x")
        s.expect(b"x")  # the relay has begun
        assert path not in files(s), files(s)
        far.close()
        s.shut().expect_end().exits(0)


def same_user_kept_out():
    if os.getuid():
        raise Skip("needs root, to be somebody else")
    if KIND in ("sanitize", "valgrind", "coverage") or open(PROGRAM, "rb").read(4) != b"\x7fELF":
        raise Skip("needs the program itself in the process")
    program = os.open(PROGRAM, os.O_RDONLY)
    client, server = tcp_pair()
    pid = os.fork()
    if not pid:
        try:
            os.dup2(server.fileno(), 0)
            os.dup2(server.fileno(), 1)
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            os.execve(program, [PROGRAM, "--log", "none"], {})
        finally:
            os._exit(127)
    server.close()
    end = End(client).send(GREETING).expect(CHOSEN)

    def by_the_same_user(act):
        child = os.fork()
        if not child:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            try:
                os._exit(0 if act() else 1)
            except OSError:
                os._exit(1)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0

    libc = ctypes.CDLL(None)
    ATTACH = 16
    for act in (lambda: open(f"/proc/{pid}/mem", "rb"), lambda: open(f"/proc/{pid}/environ").read(),
                lambda: os.listdir(f"/proc/{pid}/fd"), lambda: libc.ptrace(ATTACH, pid, 0, 0) == 0):
        assert not by_the_same_user(act)
    other = background("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "sleep",
                       "100")
    eventually(lambda: open(f"/proc/{other.pid}/comm").read() == "sleep\n",
               "another process of his")
    assert by_the_same_user(lambda: open(f"/proc/{other.pid}/environ").read() is not None)
    end.close()
    check(os.waitpid(pid, 0)[1], 0)


def no_core():
    if os.environ.get("PICOSOCKS5_TEST_KIND") == "valgrind":
        raise Skip("valgrind writes cores of its own")
    where = tmp("cores")
    os.mkdir(where)
    os.chdir(where)
    path = users_file(f"alice:{SHA512}\n")
    s = inetd("--users", path, limits={resource.RLIMIT_CORE: resource.RLIM_INFINITY})
    offer_password(s).send(userpass("alice", "secret")[:-1])
    pause(0.1)
    s.kill(signal.SIGQUIT)
    _, raw = os.waitpid(s.pid, 0)
    assert os.WIFSIGNALED(raw) and not os.WCOREDUMP(raw), raw
    s._status = s.expected = -signal.SIGQUIT
    check(os.listdir(where), [])
