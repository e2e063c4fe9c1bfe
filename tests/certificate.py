# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that certificate.bats plays, one for each @test."""

import ssl

from lib.http import ESTABLISHED, asked_for_password, asks, basic, gets, passed, refused
from lib.peer import SMALL, Listener, check, eventually
from lib.program import KIND, lines_of, remote
from lib.relayed import finish_in_order, talk
from lib.socks4 import read_reply4, request4
from lib.socks5 import NONE_ACCEPTABLE, read_reply, request
from lib.tls import V13, VERSIONS, Sealed, certificate, sealed, served
from lib.users import SHA1, log_in, needs_hashes, offer_password, some, userpass, users_file
from lib.x509 import BMP, CN, EXPIRED, FUTURE, O, T61, UTF8, client, named

ONLY_NONE = ("the client's certificate is accepted, but only with the method none, which the "
             "client does not offer")
EACH = (V13,) if SMALL else VERSIONS


def authority():
    return certificate("authority")


def users():
    needs_hashes("digest")
    return "--users", users_file(f"bob:{SHA1}\n")


def inside(*options, auth="certificate", who=None, **how):
    """The inside of TLS; who: the CN of the client's certificate, or the certificate."""
    if isinstance(who, str):
        who = named(authority(), who)
    return sealed("--tls-clients", authority()[0], "--auth", auth, *options, client=who, **how)


def finish(s, far, **keys):
    talk(s, far)
    finish_in_order(s, far, **keys)


def asked(s, up):
    """Sends the request of SOCKS 5 that is granted."""
    s.send(request(up.host, up.port))
    check(read_reply(s).code, 0, "reply")
    return up.accept()


def every_protocol():
    up = Listener()
    alice = {"user": "alice", "auth": "certificate"}
    for version in EACH:
        s = inside(who="alice", version=version)
        finish(s, s.connect(up), protocol=None, **alice)
        s = inside("--socks4", who="alice", version=version)
        s.send(request4(up.host, up.port, user=b"mallory"))
        check(read_reply4(s)[0], 90, "reply")
        finish(s, up.accept(), protocol="socks4", reply="90", **alice)
        s = inside("--http", who="alice", version=version)
        s.send(asks(up.host, up.port)).expect(ESTABLISHED)
        finish(s, up.accept(), protocol="http", **alice)
        s = inside("--http", who="alice", version=version).send(gets(up, b"/x"))
        finish(s, up.accept().expect(passed(up, b"/x")), protocol="http", **alice)


def rules():
    up = Listener()
    for rule, who, served_here in (("user alice", "alice", True), ("user alice", "bob", False),
                                   ("user alice", "Alice", False), ("user *", "bob", True),
                                   ("user alice", None, False), ("user *", None, False)):
        # Somebody without a name may do something, so that the request is what is denied.
        s = inside("--allow", rule, "--allow", "to 192.0.2.1", auth="certificate,none", who=who)
        s.greet().send(request(up.host, up.port))
        reply = read_reply(s)
        check(reply.code, 0 if served_here else 2, f"reply for {who} and {rule}")
        if served_here:
            finish(s, up.accept(), user=who, auth="certificate")
        else:
            s.expect_end()
            s.ended("denied", user=who, auth="certificate" if who else None, rule="none")
    s = inside("--http", "--allow", "user alice", "--allow", "to 192.0.2.1", who="bob")
    refused(s.send(asks(up.host, up.port)), 403)
    s.ended("denied", user="bob", auth="certificate", rule="none", reply="2")


def intermediate_authority():
    """The file has an intermediate CA, and not the root that has signed it."""
    up, root = Listener(), certificate("root")
    between = certificate("between", root)
    for version in EACH:
        s = sealed("--tls-clients", between[0], "--auth", "certificate", version=version,
                   client=named(between, "alice"))
        finish(s, s.connect(up), user="alice", auth="certificate")
        # Neither the root nor another CA below it is trusted.
        for signer in root, certificate("beside", root), certificate("another"):
            turned_away(named(signer, "alice"), "unable to get local issuer certificate", version,
                        "--auth", "certificate", ca=between)


def turned_away(who, reason, version, *options, start=None, ca=None):
    """Expects that the handshake fails, and the two lines."""
    how = {"start": start} if start else {}
    file = (ca or authority())[0]
    s = Sealed(served("--tls-clients", file, *options, **how), version, who)
    try:
        s.shake().rest()
    except (ssl.SSLError, ConnectionError):
        pass
    s.session.rest()
    s.session.exits(0)
    first, line = s.session.stderr().splitlines()
    words = f"TLS: the client's certificate is refused: {reason}"
    got = lines_of(line)[0]
    check((got["end"], got["error"]), ("auth", words), line)
    assert "user" not in got and "auth" not in got and "tls" not in got, line
    check(first.partition("login failed: ")[2], f"client={got['client']} method=certificate", first)
    return got


def refused_certificates():
    ca = authority()
    alone = certificate("self-made")
    for version in EACH:
        for who, reason in (
                (named(ca, "alice", dates=EXPIRED), "certificate has expired"),
                (named(ca, "alice", dates=FUTURE), "certificate is not yet valid"),
                (named(certificate("another"), "alice"), "unable to get local issuer certificate"),
                (alone, "self-signed certificate")):
            turned_away(who, reason, version, "--auth", "certificate")
        # It does not matter whether a certificate is a login.
        turned_away(named(ca, "alice", dates=EXPIRED), "certificate has expired", version, "--auth",
                    "none")


def without_certificate():
    up, both = Listener(), users()
    for version in EACH:
        s = log_in(inside(*both, auth="certificate,password", version=version), "bob", "secret")
        finish(s, asked(s, up), user="bob", auth=None)
    s = inside()
    s.send(b"\5\1\0").expect(NONE_ACCEPTABLE).expect_end()
    words = "a client certificate is required, and the client has sent none"
    s.ended("auth", error=words, user=None)
    s = inside("--socks4")
    s.send(request4(up.host, up.port, user=b"alice")).expect(b"\0\x5b" + bytes(6)).expect_end()
    s.ended("auth", error=words)
    s = inside("--http").send(asks(up.host, up.port, basic("bob", "secret")))
    refused(s, 403)
    s.ended("auth", error=words, reply="2")
    # Of several logins, the line tells whether there was a certificate.
    need = "a login by certificate or password is required; the client "
    for start, has in ((inside, "has sent no certificate"), (None, "does not use TLS")):
        def begin(*options, start=start):
            if start:
                return start(*both, *options, auth="certificate,password")
            return served("--tls-clients", authority()[0], *both, *options)
        for methods, words in ((b"\0", "offers only none"), (b"", "offers none"),
                               (b"\0\1", "offers only none and gssapi")):
            s = begin()
            s.send(bytes([5, len(methods)]) + methods).expect(NONE_ACCEPTABLE).expect_end()
            s.ended("auth", error=f"{need}{has}, and {words}")
        s = begin("--socks4")
        s.send(request4(up.host, up.port)).expect(b"\0\x5b" + bytes(6)).expect_end()
        s.ended("auth", error=f"{need}{has}, and SOCKS 4 has no other login")


def order():
    up, both = Listener(), users()
    s = inside(*both, auth="certificate,password", who="alice")
    s.send(b"\5\2\0\2").expect(b"\5\0")
    finish(s, asked(s, up), user="alice", auth="certificate")
    s = inside(*both, auth="password,certificate", who="alice")
    offer_password(s, b"\0\2").send(userpass("bob", "secret")).expect(b"\1\0")
    finish(s, asked(s, up), user="bob", auth=None)
    for auth in "password,certificate", "certificate,password":
        s = inside(*both, auth=auth, who="alice")
        finish(s, s.connect(up), user="alice", auth="certificate")
        s = inside(*both, auth=auth, who="alice")
        offer_password(s, b"\2").send(userpass("bob", "secret")).expect(b"\1\0")
        finish(s, asked(s, up), user="bob", auth=None)


def wrong_password():
    both = users()
    for auth in "password,certificate", "certificate,password":
        s = inside(*both, auth=auth, who="alice")
        offer_password(s, b"\2").send(userpass("alice", "secret")).expect(b"\1\1").expect_end()
        s.ended("auth", user="alice", auth=None, error="wrong password")
        s = inside(*both, "--http", auth="password,certificate", who="alice")
        asked_for_password(s.send(asks("192.0.2.1", 9, basic("bob", "wrong"))))
        # The certificate does not count any more.
        asked_for_password(s.send(asks("192.0.2.1", 9)))
        s.shut().expect_end()
        s.ended("auth", user=None, auth=None, reply=None, error="a login by password or "
                "certificate is required; the client has tried another login than its "
                "certificate, and offers only none")


def http_passwords():
    up, both = Listener(), users()
    right, wrong = basic("bob", "secret"), basic("bob", "wrong")
    for sent in right, wrong:
        s = inside(*both, "--http", auth="certificate,password", who="alice")
        s.send(asks(up.host, up.port, sent)).expect(ESTABLISHED)
        finish(s, up.accept(), user="alice", auth="certificate")
    s = inside(*both, "--http", auth="password,certificate", who="alice")
    s.send(asks(up.host, up.port, right)).expect(ESTABLISHED)
    finish(s, up.accept(), user="bob", auth=None)
    s = inside(*both, "--http", auth="password,certificate", who="alice")
    s.send(gets(up, b"/x", right))
    finish(s, up.accept().expect(passed(up, b"/x")), user="bob", auth=None)
    s = inside(*both, "--http", auth="password,certificate", who="alice")
    s.send(asks(up.host, up.port)).expect(ESTABLISHED)
    finish(s, up.accept(), user="alice", auth="certificate")


def common_names():
    up, ca = Listener(), authority()
    none = "the client's certificate has no valid common name (CN), or more than one"
    unusable = ("the common name (CN) of the client's certificate can't be a user name, which has "
                "1 to 255 bytes and no NUL")
    umlaut = "J\u00fcrgen \u30e6"
    escaped = "J\\xc3\\xbcrgen \\xe3\\x83\\xa6"
    for attributes, user in ((((CN, UTF8, b"x" * 255),), "x" * 255),
                             (((O, UTF8, b"Co"), (CN, UTF8, b"alice")), "alice"),
                             (((CN, UTF8, umlaut.encode()),), escaped),
                             (((CN, BMP, umlaut.encode("utf-16-be")),), escaped),
                             (((CN, T61, umlaut[:6].encode("latin-1")),), escaped[:13])):
        s = inside("--allow", "user *", who=client(ca, *attributes))
        finish(s, s.connect(up), user=user, auth="certificate")
    bad = ((((CN, UTF8, b"x" * 256),), unusable),
           (((CN, UTF8, b"\xc3\xbc" * 128),), unusable),
           (((CN, UTF8, b"alice\0mallory"),), unusable),
           (((CN, BMP, b"\0a\0\0\0b"),), unusable),
           (((CN, UTF8, b"\0"),), unusable),
           (((CN, UTF8, b""),), none),
           (((O, UTF8, b"alice"),), none),
           ((), none),
           (((CN, UTF8, b"alice"), (CN, UTF8, b"bob")), none))
    for attributes, words in some(bad):
        who = client(ca, *attributes)
        s = inside(who=who)
        s.expect_end()
        s.session.over = True
        s.session.exits(0)
        first, line = s.session.stderr().splitlines()
        got = lines_of(line)[0]
        check((got["end"], got["error"], got.get("user")), ("auth", words, None), line)
        assert first.endswith(f"login failed: client={got['client']} method=certificate"), first
        # Where a certificate is no login, nobody reads the name.
        s = inside(auth="none", who=who)
        finish(s, s.connect(up), user=None, auth=None)


def number_254():
    up = Listener()
    words = "a client certificate is required, and the client has sent none"
    for methods in b"\xfe", b"\xfe\0", b"\xfe\xff":
        s = inside()
        s.send(bytes([5, len(methods)]) + methods).expect(NONE_ACCEPTABLE).expect_end()
        s.ended("auth", error=words)
    s = inside(who="alice")
    s.send(b"\5\1\xfe").expect(NONE_ACCEPTABLE).expect_end()
    s.ended("auth", user="alice", error=ONLY_NONE)
    s = inside(who="alice")
    s.send(b"\5\2\xfe\0").expect(b"\5\0")
    finish(s, asked(s, up), user="alice", auth="certificate")


def balancer():
    header = b"PROXY TCP4 192.0.2.9 198.51.100.1 4321 1080\r\n"
    more = "--proxy-protocol", "10.0.0.1"

    def behind(*options, **how):
        s = remote(*options, *more, addr="10.0.0.1", **how)
        s.send(header)
        return s
    for version in EACH:
        s = inside("--allow", "user alice to loopback", start=behind, who="alice", version=version)
        up = Listener()
        finish(s, s.connect(up), user="alice", auth="certificate", client="192.0.2.9:4321")
        got = turned_away(named(authority(), "alice", dates=EXPIRED), "certificate has expired",
                          version, "--auth", "certificate", start=behind)
        check(got["client"], "192.0.2.9:4321", "client")


def titled(s, words):
    """Expects these words in the title of the process."""
    def shown():
        with open(f"/proc/{s.session.pid}/cmdline", "rb") as f:
            return f.read().rstrip(b"\0").decode()
    if KIND != "valgrind":
        eventually(lambda: shown() == f"picosocks5: {words}")


def title():
    up = Listener()
    s = inside(who="alice", env={"ROOM": "x" * 300})
    titled(s, "alice@127.0.0.1")
    far = s.connect(up)
    titled(s, f"alice@127.0.0.1 connect 127.0.0.1:{up.port}")
    finish(s, far, user="alice")
    # A password that takes the certificate's place.
    s = inside(*users(), "--http", auth="password,certificate", who="alice", env={"ROOM": "x" * 300})
    titled(s, "alice@127.0.0.1")
    asked_for_password(s.send(asks(up.host, up.port, basic("bob", "wrong"))))
    titled(s, "127.0.0.1")
    s.send(asks(up.host, up.port, basic("bob", "secret"))).expect(ESTABLISHED)
    far = up.accept()
    titled(s, f"bob@127.0.0.1 connect 127.0.0.1:{up.port}")
    finish(s, far, user="bob")


def other_methods():
    for auth, more, methods in (("certificate", (), b"\1"), ("certificate", (), b"\2"),
                                ("certificate", (), b""), ("certificate,password", users(), b"\1")):
        s = inside(*more, auth=auth, who="alice")
        s.send(bytes([5, len(methods)]) + methods).expect(NONE_ACCEPTABLE).expect_end()
        s.ended("auth", error=ONLY_NONE, user="alice", auth="certificate")
