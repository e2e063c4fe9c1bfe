# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that ssldraft.bats plays, one for each @test."""

from lib.chap import log_in_by_chap
from lib.peer import MIB, RESET, Listener, check, flow, noise, scale
from lib.program import EVERY_WAY
from lib.relayed import finish_in_order, talk
from lib.socks5 import NONE_ACCEPTABLE, UDP, read_reply, refusal, request
from lib.sslframe import (CLOSING, DRAFT, FLOW, HANDSHAKE, OPTIONS, SSL, SUBAUTHENTICATION, UDP_NAKED,
                          Framed, choose, frame, framed)
from lib.tls import VERSIONS, certificate, name_of, sealed, served
from lib.users import CRAM_MD5, SHA1, log_in, needs_hashes, turned_away, users_file


def _request(inside, up):
    """Sends a request, and returns the destination's end of what is granted."""
    inside.flow().send(request(up.host, up.port))
    check(read_reply(inside).code, 0, "reply")
    return up.accept()


def _served(inside, **keys):
    up = Listener()
    far = _request(inside, up)
    talk(inside, far)
    finish_in_order(inside, far, **keys)


def both_numbers():
    for version in VERSIONS:
        for number in SSL, DRAFT:
            inside = framed(number=number, version=version)
            check(inside.agree(), (), "options")
            _served(inside, tls=name_of(version))
            assert "auth" not in inside.session.log, inside.session.log
    for start in EVERY_WAY:
        inside = framed(start=start)
        inside.agree()
        _served(inside)
    # Of both numbers, the client gets its first one.
    for first, second in (SSL, DRAFT), (DRAFT, SSL):
        s = served("--auth", "tls")
        s.send(bytes([5, 3, 0, first, second])).expect(bytes([5, first]), "chosen method")


def split():
    for version in VERSIONS:
        inside = framed(version=version, split=1)
        inside.agree()
        _served(inside)


def borders():
    """Frames of a byte cut each record, and empty ones stand between them."""
    for version in VERSIONS:
        inside = framed(version=version, size=1, empty=True)
        inside.agree()
        _served(inside)


def states():
    """TLS is not tied to the state of the frames that the client sends; the proxy's are in order."""
    for state in HANDSHAKE, OPTIONS, FLOW:
        s = choose(served("--auth", "tls"))
        inside = Framed(s).enter(state).shake()
        inside.send(b"\0").expect(b"\0")
        up = Listener()
        inside.send(request(up.host, up.port))
        check(read_reply(inside).code, 0, "reply")
        far = up.accept()
        talk(inside, far)
        finish_in_order(inside, far)
        check(inside.frames.seen, [HANDSHAKE, OPTIONS, FLOW, CLOSING], "states")


def options():
    for offered, used in (((), ()), ((SUBAUTHENTICATION,), ()), ((UDP_NAKED,), (UDP_NAKED,)),
                          ((2, 255, UDP_NAKED, 0, UDP_NAKED), (UDP_NAKED,)),
                          (tuple(range(1, 256)), (UDP_NAKED,))):
        inside = framed()
        check(inside.agree(*offered), used, f"options of {offered}")
        _served(inside)


def _users():
    return users_file(f"bob:{SHA1}\nalice:{CRAM_MD5}\n")


def _with_users(methods, *, auth=None, **how):
    """The inside, once Subauthentication is agreed on."""
    inside = framed("--users", _users(), auth=auth or "tls," + methods, **how)
    check(inside.agree(SUBAUTHENTICATION), (SUBAUTHENTICATION,), "options")
    return inside


def password():
    needs_hashes("digest")
    for version in VERSIONS:
        _served(log_in(_with_users("password", version=version), "bob", "secret"), user="bob")
    inside = turned_away(_with_users("password"), "bob", "wrong")
    check(inside.session.log["end"], "auth", "end")
    # Methods before `tls` are there inside, too.
    _served(log_in(_with_users("", auth="password,tls"), "bob", "secret"), user="bob")


def chap():
    needs_hashes("digest")
    _served(log_in_by_chap(_with_users("chap"), "alice", "secret"), user="alice", auth="chap")


def login_needed():
    needs_hashes("digest")
    inside = framed("--users", _users(), auth="tls,password")
    inside.agree(UDP_NAKED)
    inside.expect_end()
    inside.ended("auth", error="a login is required inside TLS, and the client does not offer the "
                               "option Subauthentication")
    inside = _with_users("password")
    inside.send(b"\5\1\0").expect(NONE_ACCEPTABLE).expect_end()
    inside.ended("auth", error="a password is required, and the client offers none")


def never_in_the_clear():
    needs_hashes("digest")
    words = "password is accepted inside TLS only (auth tls,password)"
    for methods in b"\2", b"\0\2":
        s = served("--auth", "tls,password", "--users", _users())
        s.send(bytes([5, len(methods)]) + methods).expect(NONE_ACCEPTABLE).expect_end()
        s.ended("auth", error=words)
    s = served("--auth", "tls")
    s.send(b"\5\1\0").expect(NONE_ACCEPTABLE).expect_end()
    s.ended("auth", error="none is accepted inside TLS only (auth tls)")
    s = served("--auth", "tls", "--socks4")
    s.send(b"\4\1\0\1\x7f\0\0\1\0").expect(b"\0\x5b").rest()
    s.ended("auth", error="none is accepted inside TLS only (auth tls)")
    s = served("--auth", "tls,password", "--users", _users(), "--http")
    s.send(b"CONNECT localhost:1 HTTP/1.1\r\nHost: a\r\n"
           b"Proxy-Authorization: Basic Ym9iOnNlY3JldA==\r\n\r\n").expect(b"HTTP/1.1 403 ").rest()
    s.ended("auth", error=words)


def around():
    """TLS from the first byte on makes the methods behind `tls` available as well."""
    needs_hashes("digest")
    up = Listener()
    inside = log_in(sealed("--auth", "tls,password", "--users", _users()), "bob", "secret")
    inside.send(request(up.host, up.port))
    check(read_reply(inside).code, 0, "reply")
    finish_in_order(inside, up.accept(), user="bob")
    inside = sealed("--auth", "tls")
    finish_in_order(inside, inside.connect(up))
    inside = sealed("--auth", "tls")
    inside.send(bytes([5, 2, SSL, DRAFT])).expect(NONE_ACCEPTABLE).expect_end()
    inside.ended("auth", error="tls is not accepted here (auth tls)")


def client_certificate():
    authority = certificate("authority")
    alice = certificate("alice", authority)
    inside = framed("--tls-clients", authority[0], auth="tls,certificate", client=alice)
    check(inside.agree(SUBAUTHENTICATION), (), "options")
    _served(inside, user="alice", auth="certificate")
    inside = framed("--tls-clients", authority[0], auth="tls,certificate")
    check(inside.agree(SUBAUTHENTICATION), (SUBAUTHENTICATION,), "options")
    inside.send(b"\5\1\0").expect(NONE_ACCEPTABLE).expect_end()
    inside.ended("auth")


def datagrams():
    inside = framed()
    inside.agree()
    inside.flow().send(request("0.0.0.0", 0, UDP)).expect(refusal(7)).expect_end()
    inside.ended("protocol", reply="7",
                 error="UDP ASSOCIATE inside the SSL draft needs the option UDP-Naked, which the "
                       "client does not offer")
    inside = framed()
    check(inside.agree(UDP_NAKED), (UDP_NAKED,), "options")
    inside.flow().send(request("0.0.0.0", 0, UDP))
    check(read_reply(inside).code, 0, "reply")
    inside.shut().expect_end()
    inside.ended("eof", reply="0")


def much():
    for version in VERSIONS:
        inside, up = framed(version=version), Listener()
        inside.agree()
        far = _request(inside, up)
        flow(inside, far, scale(8 * MIB, MIB))
        finish_in_order(inside, far)


def half_close():
    """close_notify ends one direction; the other one goes on, in frames of its own state."""
    for version in VERSIONS:
        inside, up = framed(version=version), Listener()
        inside.agree()
        far = _request(inside, up)
        inside.shut()
        far.expect_end().send(data := noise(200000)).close()
        check(inside.recv(len(data)), data, "data behind the client's end")
        check(inside.frames.seen[-1], FLOW, "state of the data")
        inside.expect_end()
        check(inside.frames.seen[-1], CLOSING, "state of the end")
        inside.ended("eof")


def cut_off():
    """An end without close_notify is a reset, between frames and within one."""
    for last in b"", frame(FLOW), frame(CLOSING), b"\1", frame(FLOW, b"abc")[:-1]:
        inside, up = framed(), Listener()
        inside.agree()
        far = _request(inside, up)
        inside.frames.raw.send(last).shut()
        far.expect_end(RESET)


def garbage():
    none = "SSL draft: the client sent something that is not a frame"
    for bad, words in ((b"\x16\3\1\0\5", none), (frame(0), none), (frame(5), none),
                       (frame(FLOW, version=2), none), (b"\5\1\0", none),
                       (frame(CLOSING) + frame(FLOW),
                        "SSL draft: a frame of another state follows the closing one")):
        s = choose(served("--auth", "tls"))
        s.send(bad).rest()
        s.ended("protocol", error=words)
        inside, up = framed(), Listener()
        inside.agree()
        far = _request(inside, up)
        inside.frames.raw.send(bad)
        far.expect_end(RESET)
    s = choose(served("--auth", "tls"))
    s.send(frame(HANDSHAKE, b"no TLS at all")).rest()
    s.exits(0)
    check(s.log["end"], "protocol", "end")
    assert s.log["error"].startswith("TLS: "), s.log
