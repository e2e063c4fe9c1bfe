# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that tls.bats plays, one for each @test."""

import base64
import signal
import socket
import ssl
import subprocess
import warnings

from lib.peer import EOF, Listener, MIB, RESET, check, flow, noise, scale, together
from lib.program import KIND, Skip, inetd, pause, tmp
from lib.relayed import finish_in_order, pause_client, talk
from lib.socks4 import read_reply4, request4
from lib.socks5 import request
from lib.tls import V12, V13, VERSIONS, Sealed, certificate, name_of, sealed, served
from lib.trace import after_sandbox, traced
from lib.users import memory
from lib.world import command, needs


def both_versions():
    up = Listener()
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        talk(inside, far)
        finish_in_order(inside, far, tls=name_of(version))
        inside = sealed("--socks4", version=version)
        inside.send(request4(up.host, up.port))
        check(read_reply4(inside)[0], 90, "reply")
        far = up.accept()
        talk(inside, far)
        finish_in_order(inside, far, reply="90", tls=name_of(version), protocol="socks4")


def plain_clients():
    up = Listener()
    s = served("--socks4")
    far = s.connect(up)
    with open(f"/proc/{s.pid}/maps") as f:
        assert "libssl" not in f.read(), "libssl is loaded"
    s.shut()
    far.expect_end().close()
    s.expect_end()
    s.ended("eof")
    assert "tls" not in s.log, s.log
    inside = sealed()
    far = inside.connect(up)
    if KIND != "valgrind":
        with open(f"/proc/{inside.session.pid}/maps") as f:
            assert "libssl" in f.read(), "libssl is not loaded"
    finish_in_order(inside, far)


def tls_only():
    up = Listener()
    for first in (b"\5\1\0", b"\4\1", b"GET / HTTP/1.1\r\n"):
        s = served("--tls-only", "--socks4")
        s.send(first).expect_end()
        s.ended("protocol", error="not TLS (see --tls-only)")
    inside = sealed("--tls-only")
    finish_in_order(inside, inside.connect(up))


def handshake_cut():
    up = Listener()
    for version in VERSIONS:
        inside = sealed(version=version, split=1)
        far = inside.connect(up)
        talk(inside, far)
        finish_in_order(inside, far)


def garbage():
    for data in (b"\x16\x03\x01" + bytes(200), b"\x16" + b"GET / HTTP/1.1\r\n\r\n",
                 b"\x16\x05\x01\0" * 9, b"\x16" * 100, b"\x16\xff\xff\xff\xff" + noise(500, 1)):
        s = served()
        s.send(data).shut()
        s.rest()
        s.exits(0)
        line = s.log
        assert (line["end"] == "protocol" and line["error"].startswith("TLS: ")
                or line["end"] == "reset"), line
    up = Listener()
    for version in VERSIONS:
        for data in (b"\5\1\0\5\1\0\1\x7f\0\0\1", b"GET / HTTP/1.1\r\n\r\n", b"\x17\3\3\0\x20" + noise(32, 2)):
            inside = sealed(version=version)
            far = inside.connect(up)
            talk(inside, far)
            inside.session.send(data)
            far.expect_end(RESET)
            inside.session.rest()
            inside.over = True
            inside.session.over = True
            line = inside.session.exits(0).log
            check(line["end"], "protocol", line)
            assert line["error"].startswith("TLS: "), line


def old_version():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        inside = Sealed(served(), ssl.TLSVersion.TLSv1_1)
        inside.tls.context.set_ciphers("ALL:@SECLEVEL=0")
        try:
            inside.shake()
        except ssl.SSLError as e:
            if "NO_PROTOCOLS" in str(e) or "NO_CIPHERS" in str(e):
                raise Skip(f"this client has no TLS 1.1: {e}") from e
        else:
            raise AssertionError("TLS 1.1 is served")
    inside.session.rest()
    inside.session.ended("protocol", error="TLS: unsupported protocol")


def half_close():
    up = Listener()
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        inside.send(b"question").shut()
        far.expect_end(data=b"question")
        pause(0.05)
        far.send(noise(300000, 3)).close()
        inside.expect_end(data=noise(300000, 3))
        inside.ended("eof", sent="8", received="300000")
        inside = sealed(version=version)
        far = inside.connect(up)
        far.send(b"greeting").shut()
        inside.expect_end(data=b"greeting")
        inside.send(noise(300000, 4)).shut()
        far.expect_end(data=noise(300000, 4)).close()
        inside.ended("eof", sent="300000", received="8")


def truncated():
    up = Listener()
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        inside.send(b"half of it")
        inside.session.shut()
        check(far.rest(), (b"half of it", RESET), "the destination's end")
        check(inside.rest()[1], RESET, "the client's end")
        inside.ended("reset", sent="10")
        inside = sealed(version=version)
        inside.greet()
        inside.session.shut()
        inside.rest()
        inside.ended("reset")


def destination_reset():
    up = Listener()
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        far.send(b"half")
        inside.expect(b"half")
        far.reset()
        check(inside.rest(), (b"", RESET), "the client's end")
        inside.ended("reset")


def closed_before_the_answer_ends():
    """The client says close_notify and is gone: ours then meets a reset, which needs no words."""
    up = Listener()
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        far.send(b"answer")
        inside.expect(b"answer").shut()
        inside.session.close()
        far.expect_end()
        pause(0.05)
        far.close()
        inside.ended("reset", error=None)


def both_directions():
    size, up = scale(64, 2) * MIB, Listener()
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        together(lambda: flow(inside, far, size), lambda: flow(far, inside, size))
        finish_in_order(inside, far, sent=str(size), received=str(size))


def paused_client():
    up = Listener()
    for version in VERSIONS:
        inside = sealed(version=version)
        pause_client(inside, inside.connect(up))


def ended_in_order():
    up = Listener()
    for version in VERSIONS:
        for end, options in (("signal", ()), ("idle", ("--idle-timeout", "300ms"))):
            inside = sealed(*options, version=version)
            far = inside.connect(up)
            talk(inside, far)
            if end == "signal":
                inside.session.kill(signal.SIGTERM)
            inside.expect_end(EOF)
            far.expect_end().close()
            inside.ended(end)
    s = served("--handshake-timeout", "300ms")
    s.send(b"\x16\3\1").expect_end()
    s.ended("timeout", error="no TLS handshake within handshake-timeout")


def sandboxed():
    up = Listener()
    traced()
    allowed = {"ppoll", "recvfrom", "sendmsg", "clock_gettime", "shutdown", "close", "exit_group",
               "madvise", "brk", "munmap", "mremap", "getrandom", "futex", "getpid",
               "gettimeofday", "mmap", "mprotect", "write", "ioctl", "setsockopt"}
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        talk(inside, far)
        flow(far, inside, 1 << 20)
        flow(inside, far, 1 << 20)
        finish_in_order(inside, far)
        made = set(after_sandbox(inside.session))
        assert made <= allowed and "ppoll" in made, made


def _integer(path):
    """The bytes of the secret number of a P-256 key, which stands in PKCS #8."""
    with open(path) as f:
        lines = f.read().splitlines()
    der = base64.b64decode("".join(lines[1:-1]))
    at = der.index(b"\x02\x01\x01\x04\x20") + 5
    return der[at:at + 32], lines[2][8:40].encode()


def key_forgotten():
    up = Listener()
    number, line = _integer(certificate()[1])
    for version in VERSIONS:
        inside = sealed(version=version)
        far = inside.connect(up)
        talk(inside, far)
        text = memory(inside.session)
        assert b"tls-certificate" in text, "this is not its memory"
        for what in (number, number[::-1], line, number[8:24], number[::-1][8:24]):
            assert text.find(what) < 0, f"{name_of(version)}: {what!r} is in memory"
        finish_in_order(inside, far)


def unusable_files():
    cert, key = certificate()
    other = certificate("other")
    locked = tmp("locked.key")
    command("openssl", "pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", locked)
    for files, words in (((cert, tmp("missing")), f"tls-key: {tmp('missing')}: "),
                         ((tmp("missing"), key), f"tls-certificate: {tmp('missing')}: "),
                         ((tmp("empty", ""), key), "no certificate in PEM form"),
                         ((cert, tmp("empty", "")), "no private key in PEM form"),
                         ((cert, other[1]), "its key is not the certificate's"),
                         ((cert, certificate("rsa", key="rsa:2048")[1]), "of another kind"),
                         ((cert, locked), "its key has a passphrase; write a file without one")):
        served()  # Skips if this build has no TLS.
        s = inetd("--tls-certificate", files[0], "--tls-key", files[1])
        s.send(b"\x16\3\1").expect_end()
        s.exits(78)
        assert words in s.stderr(), s.stderr()
        check(s.log["end"], "failed", s.stderr())
    s = inetd("--tls-certificate", tmp("missing"))
    s.greet().shut().expect_end()
    s.ended("eof")


def client_certificates():
    up, ca = Listener(), certificate("ca")
    alice, mallory = certificate("alice", ca), certificate("mallory", certificate("other ca"))
    for version in VERSIONS:
        inside = sealed("--tls-clients", ca[0], "--auth", "certificate", version=version,
                        client=alice)
        finish_in_order(inside, inside.connect(up), user="alice", auth="certificate")
        inside = sealed("--tls-clients", ca[0], "--auth", "certificate,none", version=version)
        finish_in_order(inside, inside.connect(up))
        inside = Sealed(served("--tls-clients", ca[0]), version, mallory)
        try:
            inside.shake()
            inside.session.rest()
        except (ssl.SSLError, ConnectionResetError):
            pass
        inside.session.rest()
        inside.session.exits(0)
        line = inside.session.log
        check(line["end"], "auth", line)
        assert line["error"].startswith("TLS: the client's certificate is refused: "), line


def _by_s_client(up, version):
    """A session of openssl s_client, and the destination's end; its commands are lines."""
    needs("openssl")
    with socket.create_server(("127.0.0.1", 0)) as door:
        client = subprocess.Popen(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{door.getsockname()[1]}",
             "-tls1_3" if version is V13 else "-tls1_2"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, bufsize=0)
        ours, _ = door.accept()
    nobody, _ = socket.socketpair()  # the client has the other end of the connection
    s = served(pair=(nobody, ours))
    client.stdin.write(b"\5\1\0" + request(up.host, up.port))
    _read_until(client, b"\5\0\5\0\0\1")
    return client, s, up.accept()


def _command(client, letter, answer):
    """Gives a command, and waits until the client says that it obeys."""
    client.stdin.write(letter + b"\n")
    said = b""
    while answer not in said:
        more = client.stderr.read(1)
        assert more, said
        said += more


def _read_until(client, data):
    got = b""
    while data not in got:
        more = client.stdout.read(1 << 16)
        assert more, got
        got += more


def new_keys():
    up = Listener()
    client, s, far = _by_s_client(up, V13)
    for i, letter in enumerate((b"k", b"K", b"k", *[b"K"] * 20)):
        _command(client, letter, b"KEYUPDATE\n")
        client.stdin.write(b"up %d" % i)
        far.expect(b"up %d" % i).send(b"down %d." % i)
        _read_until(client, b"down %d." % i)
    client.stdin.close()
    far.expect_end().close()
    client.wait()
    s.ended("eof", tls="TLSv1.3")


def no_renegotiation():
    up = Listener()
    client, s, far = _by_s_client(up, V12)
    _command(client, b"R", b"RENEGOTIATING\n")
    check(far.rest(), (b"", RESET), "the destination's end")
    said = client.communicate()[1]
    assert b"no renegotiation" in said, said
    s.exits(0)
    check(s.log["end"], "protocol", s.log)


def alpn():
    for version in VERSIONS:
        for offered, want in ((["h2", "http/1.1"], "http/1.1"), (["h2"], None), ([], None)):
            inside = sealed(version=version, alpn=offered)
            check(inside.tls.selected_alpn_protocol(), want, f"of {offered}")
            inside.shut().expect_end()
