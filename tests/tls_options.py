# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that tls_options.bats plays, one for each @test."""

import os
import shutil

from lib.peer import check
from lib.program import Skip, inetd, run, tmp
from lib.tls import certificate
from lib.users import SHA1, needs_hashes, features, users_file

NEEDS = "it needs a certificate: name its file with the option tls-certificate"
NEEDS_CLIENTS = ("the method certificate needs the certificates of the CAs that sign those of "
                 "clients: name their file with the option tls-clients")


def own():
    """The options of a certificate that --check can read."""
    if not features().get("tls"):
        raise Skip("this build has no TLS")
    cert, key = certificate()
    return "--tls-certificate", cert, "--tls-key", key


def mistakes():
    for options, name in ((("--tls-only",), "tls-only"), (("--tls-key", "k"), "tls-key"),
                          (("--tls-clients", "c"), "tls-clients")):
        status, out, err = run(*options, "--check")
        check((status, out, err), (64, "", f"picosocks5: --{name}: {NEEDS}\n"))
    status, out, err = run("--auth", "certificate", *own(), "--check")
    check((status, out, err), (64, "", f"picosocks5: --auth: {NEEDS_CLIENTS}\n"))
    conf = tmp("conf", "auth certificate\ntls-only\n")
    status, out, err = run("--config", conf, "--check")
    check((status, out), (78, ""))
    for line, name, words in (1, "auth", NEEDS_CLIENTS), (2, "tls-only", NEEDS):
        assert f"{conf}:{line}: {name}: {words}\n" in err, err
    for option in "--tls-certificate", "--tls-key", "--tls-clients":
        status, out, err = run(option, "", "--check")
        check(status, 64)
        assert f'{option}: found "", expected the name of a file' in err, err


def defaults():
    cert = own()
    tls = (*cert, "--tls-clients", cert[1])
    needs_hashes("digest")
    users = users_file(f"alice:{SHA1}\n")
    for options, auth in ((tls, "certificate"), (cert, "none"),
                          (("--users", users, *tls), "certificate,password"),
                          (("--auth", "none", *tls), "none")):
        out = run(*options, "--check")[1].splitlines()
        assert f"auth {auth}" in out, (options, out)


def relative():
    _, cert, _, key = own()
    os.mkdir(tmp("sub"))
    shutil.copy(cert, tmp("c.pem"))
    shutil.copy(cert, tmp("sub/a.pem"))
    conf = tmp("conf", f"tls-certificate c.pem\ntls-key {key}\ntls-clients sub/a.pem\ntls-only\n")
    out = run("--config", conf, "--check")[1].splitlines()
    folder = os.path.dirname(conf)
    for line in (f"tls-certificate {folder}/c.pem", f"tls-key {key}",
                 f"tls-clients {folder}/sub/a.pem", "tls-only"):
        assert line in out, (line, out)


def without_certificate():
    own()  # a session reads neither of these files for such a client
    tls = "--tls-certificate", "c", "--tls-clients", "a"
    for offered in b"\0", b"\0\2", b"\xfe", b"\xfe\xff":
        s = inetd(*tls)
        s.send(bytes((5, len(offered))) + offered)
        s.expect(b"\5\xff")
        s.ended("auth", error="a client certificate is required, and the client does not use TLS")
    s = inetd(*tls, "--socks4")
    s.send(b"\4\1\0\x50\x7f\0\0\1me\0")
    s.ended("auth", error="a client certificate is required, and the client does not use TLS",
            user="me")
    s = inetd(*tls, "--auth", "certificate,none")
    s.send(b"\5\1\0")
    s.expect(b"\5\0")


def advice():
    cert = own()
    tls = (*cert, "--tls-clients", cert[1])
    err = run(*tls, "--auth", "none", "--check")[2]
    assert ("warning: --tls-clients: a certificate logs nobody in, because auth does not list the "
            "method certificate\n") in err, err
    err = run("--socks4", *tls, "--check")[2]
    assert "--socks4" not in err, err
    out = run(*tls, "--explain", "user alice to 203.0.113.1:80")[1]
    assert "certificate lets in whoever has a certificate of a CA of tls-clients" in out, out
    out = run(*tls, "--explain", "from 203.0.113.7 to 203.0.113.1:80")[1]
    assert "a client certificate is required" in out, out
    assert "a client without a certificate gets 05 FF" in out, out
