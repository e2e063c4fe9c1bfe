# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that limits.bats plays, one for each @test."""

import os
import signal

from lib import program
from lib.bind import arrive
from lib.chap import log_in_by_chap
from lib.http import ESTABLISHED, asked_for_password, asks, basic, refused
from lib.peer import Listener, check, closed_port, scale
from lib.program import Skip, inetd, lines_of, pipes, remote, run, tmp, unix
from lib.saslauthd import OK, counted, daemon
from lib.socks4 import read_reply4, request4
from lib.socks5 import BIND, CHOSEN, GREETING, Reply, UDP, read_reply, request
from lib.tls import certificate, sealed
from lib.trace import traced
from lib.udp import Udp, datagram
from lib.users import CRAM_MD5, SHA1, log_in, needs_hashes, offer_password, userpass, users_file
from lib.world import command, isolate, needs
from lib.x509 import named

REAL = program.PROGRAM
AREA = 4096  # the header, and the marks of a limit, as net/limits.h draws them


def limited(*options, start=inetd, file=None, **how):
    """Everybody is allowed something, also from afar."""
    return start("--limit-file", file or tmp("limits"), "--allow", "from any to any,loopback",
                 *options, **how)


def is_served(s):
    """True if the greeting is answered, and False if the stream ends without a byte."""
    s.send(GREETING)
    got = s.read()
    assert got in (CHOSEN, b""), got
    s.over = not got
    return bool(got)


def turned_away(s, error, **keys):
    s.expect_end().ended("limit", error=error, reply=None, command=None, **keys)


def over(s, **keys):
    """Reads the reply to a request of a user who has too many sessions."""
    check(read_reply(s), Reply(1, "0.0.0.0", 0), "reply")
    s.expect_end()
    s.ended("limit", error="1 session of this user is the limit (limit-user)", reply="1",
            command="connect", **keys)


def together():
    """The unit test has a thousand such rounds."""
    for number in range(scale(4, 1)):
        crowd = [limited("--limit", "10") for _ in range(50)]
        served = [s for s in crowd if is_served(s)]
        check(len(served), 10, f"served in round {number}")
        for s in crowd:
            if s in served:
                s.kill(signal.SIGKILL)
                s.exits(-signal.SIGKILL)
            else:
                s.ended("limit", error="10 sessions are the limit (limit)", reply=None)
            s.close()


def room_again():
    def full():
        s = limited("--limit", "1")
        turned_away(s, "1 session is the limit (limit)")

    up = Listener()
    for end in range(4):
        s = limited("--limit", "1")
        far = s.connect(up)
        full()
        if end == 0:
            s.kill(signal.SIGKILL)
            s.exits(-signal.SIGKILL)
        elif end == 1:
            s.kill(signal.SIGTERM)
            s.expect_end().ended("signal")
        elif end == 2:
            s.reset()
            s.ended("reset")
        else:
            far.close()
            s.expect_end().ended("eof")


def end_of_session():
    """The process reads on for 2 seconds, because its client does not close the connection."""
    two = "--limit-client", "2", "--limit", "2"
    limits = *two, "--limit-user", "1", *_accounts()
    up = Listener()
    holder = log_in(limited(*limits), "alice", "secret").send(request(up.host, up.port))
    check(read_reply(holder).code, 0, "reply")
    far = up.accept()

    def killed():
        s = limited(*two)
        assert is_served(s)
        s.kill(signal.SIGTERM)
        return s

    def asked(user, port, code, command=1):
        s = log_in(limited(*limits), user, "secret").send(request(up.host, port, command=command))
        check(read_reply(s).code, code, "reply")
        return s

    for come in (killed,
                 lambda: asked("bob", up.port, 7, command=9),
                 lambda: asked("bob", closed_port(), 5),
                 lambda: asked("alice", up.port, 1)):
        s = come().expect_end()
        t = limited(*two)
        assert is_served(t), s.argv
        t.shut().expect_end().ended("eof")
    far.close()
    holder.expect_end().ended("eof")
    # A session that the limit of all turns away takes no place of its client either.
    one = "--limit-client", "2", "--limit", "1"
    holder = limited(*one)
    assert is_served(holder)
    for s in [limited(*one).expect_end() for _ in range(3)]:
        s.ended("limit", error="1 session is the limit (limit)")


def one_after_another():
    for _ in range(scale(50, 5)):
        s = limited("--limit-client", "1")
        assert is_served(s)
        s.close()


def clients():
    def come(*options, **how):
        return limited("--limit-client", "1", *options, **how)

    words = "1 session of this client is the limit (limit-client)"
    for first, same, others in (
            ("192.0.2.7", ("192.0.2.7", "::ffff:192.0.2.7"), ("192.0.2.8", "2001:db8::1")),
            ("2001:db8::1", ("2001:db8::1", "2001:db8::ffff:0:0:1"), ("2001:db8:0:1::1",)),
            ("not an address", ("neither",), ("127.0.0.1",))):
        s = come(start=remote, addr=first)
        assert is_served(s), first
        for addr in same:
            turned_away(come(start=remote, addr=addr), words)
        for other in [come(start=remote, addr=addr) for addr in others] + [come(start=pipes)]:
            assert is_served(other), other.argv
            other.shut().expect_end().ended("eof")
        s.shut().expect_end().ended("eof")
    s = come(start=unix)
    assert is_served(s)
    turned_away(come(start=pipes), words, client="local")
    # Loopback is an address.
    s = come()
    assert is_served(s)
    turned_away(come(), words)


def client_first():
    options = "--limit-client", "2", "--limit", "3"
    two = [limited(*options, start=remote) for _ in range(2)]
    assert all(map(is_served, two))
    for _ in range(3):
        turned_away(limited(*options, start=remote),
                    "2 sessions of this client are the limit (limit-client)",
                    client="192.0.2.7:40000")
    s = limited(*options, start=remote, addr="192.0.2.8")
    assert is_served(s)
    turned_away(limited(*options, start=remote, addr="192.0.2.9"),
                "3 sessions are the limit (limit)")
    # Both are reached: the client is told of its own.
    turned_away(limited(*options, start=remote),
                "2 sessions of this client are the limit (limit-client)")


def _accounts():
    needs_hashes("digest")
    return "--users", users_file(f"alice:{CRAM_MD5}\nbob:{SHA1}\n")


def _inside(*options, who="alice", auth="certificate"):
    ca = certificate("authority")
    return sealed("--tls-clients", ca[0], "--auth", auth, "--limit-file", tmp("limits"),
                  *options, client=named(ca, who))


def users():
    up, accounts = Listener(), _accounts()
    one = "--limit-user", "1"
    s = log_in(limited(*one, *accounts), "alice", "secret")
    s.send(request(up.host, up.port))
    check(read_reply(s).code, 0, "reply")
    far = up.accept()

    def asked(s):
        return s.send(request(up.host, up.port))

    over(asked(log_in(limited(*one, *accounts), "alice", "secret")), user="alice")
    over(asked(log_in_by_chap(limited(*one, *accounts, "--auth", "chap"), "alice", "secret")),
         user="alice", auth="chap")
    over(asked(_inside(*one).greet()), user="alice", auth="certificate")
    h = limited(*one, *accounts, "--http").send(asks(up.host, up.port, basic("alice", "secret")))
    refused(h, 503)
    h.ended("limit", user="alice", command="connect", reply="1")
    # Others are served: another user, and one without a name, who may claim any in SOCKS 4.
    h = limited(*one, *accounts, "--http").send(asks(up.host, up.port, basic("bob", "secret")))
    h.expect(ESTABLISHED)
    up.accept()
    h.shut().close()
    for _ in range(2):
        t = limited(*one, "--socks4")
        t.send(request4(up.host, up.port, user=b"alice"))
        check(read_reply4(t)[0], 90, "reply")
        up.accept()
    assert up.nobody_came()
    far.close()
    s.expect_end().ended("eof")
    s = asked(log_in(limited(*one, *accounts), "alice", "secret"))
    check(read_reply(s).code, 0, "reply")


def answers():
    one, accounts = ("--limit-user", "1"), _accounts()
    up = Listener()
    first = _inside(*one)
    first.connect(up)
    s = _inside(*one, "--socks4").send(request4(up.host, up.port))
    check(read_reply4(s)[0], 91, "SOCKS 4")
    s.expect_end()
    s.ended("limit", user="alice", reply="91")
    s = _inside(*one, "--http").send(asks(up.host, up.port))
    refused(s, 503)
    s.ended("limit", user="alice", reply="1")
    # The limit counts whoever asks for something, not whoever logs in.
    s = log_in(limited(*one, *accounts), "bob", "secret")
    t = log_in(limited(*one, *accounts), "bob", "secret")
    t.send(request(up.host, up.port))
    check(read_reply(t).code, 0, "reply")
    over(s.send(request(up.host, up.port)), user="bob")


def last_login():
    one, accounts = ("--limit-user", "1"), _accounts()
    up = Listener()
    s = limited(*one, *accounts, "--http")
    asked_for_password(s.send(asks(up.host, up.port, basic("alice", "wrong"))))
    s.send(asks(up.host, up.port, basic("bob", "secret"))).expect(ESTABLISHED)
    log = log_in(limited(*one, *accounts), "alice", "secret").send(request(up.host, up.port))
    check(read_reply(log).code, 0, "alice has no session yet")
    # The certificate is alice's, but bob is who has logged in.
    t = _inside(*one, *accounts, auth="password,certificate")
    offer_password(t, b"\0\2").send(userpass("bob", "secret")).expect(b"\1\0")
    over(t.send(request(up.host, up.port)), user="bob", auth=None)


def case_of_names():
    up = Listener()
    daemon(counted(OK))

    def come(*options):
        return limited("--limit-user", "1", *options)

    s = log_in(come("--saslauthd", "mux"), "alice", "secret").send(request(up.host, up.port))
    check(read_reply(s).code, 0, "reply")
    over(log_in(come("--saslauthd", "mux"), "ALICE", "secret").send(request(up.host, up.port)),
         user="ALICE")
    needs_hashes("digest")
    path = users_file(f"alice:{SHA1}\nALICE:{SHA1}\n")
    s = log_in(come("--users", path), "ALICE", "secret").send(request(up.host, up.port))
    check(read_reply(s).code, 0, "in a users file they are two users")


def balancer():
    def header(src):
        return f"PROXY TCP4 {src} 198.51.100.1 40000 1080\r\n".encode()

    def come(*options):
        return limited("--proxy-protocol", "10.0.0.1", *options, start=remote, addr="10.0.0.1")

    one = "--limit-client", "1", "--limit", "3"
    s = come(*one).send(header("192.0.2.7"))
    assert is_served(s)
    t = come(*one).send(header("192.0.2.7"))
    turned_away(t, "1 session of this client is the limit (limit-client)",
                client="192.0.2.7:40000")
    # As many clients as there are behind it; all of them count for --limit.
    more = [come(*one).send(header(f"192.0.2.{n}")) for n in (8, 9)]
    assert all(map(is_served, more))
    turned_away(come(*one), "3 sessions are the limit (limit)", client="10.0.0.1:40000")
    for s in more:
        s.shut().expect_end().ended("eof")
    # Who is turned away takes no place, even while its end stays open.
    def come_by_tcp(src):
        return limited("--limit-client", "1", "--limit", "2", "--proxy-protocol", "127.0.0.1",
                       file=tmp("limits-of-two")).send(header(src))

    first = come_by_tcp("192.0.2.7")
    assert is_served(first)
    lingers = []
    for _ in range(3):
        lingers.append(come_by_tcp("192.0.2.7").expect_end())
    s = come_by_tcp("192.0.2.8")
    assert is_served(s)
    for t in lingers:
        t.ended("limit")
    # A header that names nobody: one client, who is unknown.
    s = come(*one).send(b"PROXY UNKNOWN\r\n")
    assert is_served(s)
    turned_away(come(*one).send(b"PROXY UNKNOWN\r\n"),
                "1 session of this client is the limit (limit-client)")


def _marks():
    """How many slots are marked as taken."""
    with open(tmp("limits"), "rb") as f:
        return sum(map(bool, f.read()[AREA:]))


def sandbox():
    """More than 16 slots, so that there are marks."""
    limits = "--limit", "100", "--limit-client", "100", "--limit-user", "100", *_accounts()
    up, far_udp, me = Listener(), Udp(), Udp()

    def connect(s):
        s.send(request(up.host, up.port))
        check(read_reply(s).code, 0, "CONNECT")
        s.send(b"x")
        up.accept().expect(b"x").close()

    def bind(s):
        s.send(request("127.0.0.1", 0, command=BIND))
        peer = arrive(read_reply(s))
        check(read_reply(s).code, 0, "BIND")
        peer.send(b"x")
        s.expect(b"x")
        peer.close()

    def associate(s):
        s.send(request("0.0.0.0", 0, command=UDP))
        reply = read_reply(s)
        me.sendto(datagram(far_udp.host, far_udp.port, b"x"), (reply.host, reply.port))
        far_udp.expect(b"x")

    for number, ask in enumerate((connect, bind, associate, None)):
        s = log_in(limited(*limits), "alice", "secret")
        if ask:
            ask(s)
            check(_marks(), 3, f"marks during command {number}")
            s.shut()
        else:
            check(_marks(), 2, "marks before a request")
            s.kill(signal.SIGTERM)
        s.rest()
        s.exits(0)
        check(_marks(), 0, f"marks after command {number}")


def _fails(words, *options, file=None, start=inetd, **how):
    """Expects that nobody is served, and the two lines."""
    s = limited("--limit", "1", *options, file=file, start=start, **how)
    s.send(GREETING).expect_end().exits(71)
    first, line = s.stderr().splitlines()
    assert "; nobody is served" in first and "limit-file: " in first, first
    for word in words:
        assert word in first, (word, first)
    got = lines_of(line)[0]
    check(got["end"], "failed", line)
    assert got["error"].startswith("limit-file: ") and "; " not in got["error"], line
    return s


def bad_file():
    folder = tmp("folder")
    os.mkdir(folder)
    _fails(("No such file or directory", f"; make the folder {tmp('none')} for the user of the service",
            "tmpfiles.d(5)"), file=tmp("none/limits"))
    _fails(("Is a directory", f"; write {folder}/limits"), file=folder)
    os.symlink(tmp("limits"), tmp("link"))
    _fails(("symbolic link", "name the file itself"), file=tmp("link"))
    os.mkfifo(tmp("pipe"))
    _fails(("not a file of limits",), file=tmp("pipe"))
    _fails(("not a file of limits", "name a file that is not there yet"),
           file=tmp("other", "important\n"))
    with open(tmp("other"), encoding="ascii") as f:
        check(f.read(), "important\n", "a file of something else")
    # The limits of clients and users need the file as well.
    for option in "--limit-client", "--limit-user":
        s = limited(option, "1", file=folder)
        s.send(GREETING).expect_end().exits(71)


def not_ours():
    """The program runs as somebody who may not write the file, or make it."""
    if os.getuid():
        raise Skip("needs root")
    needs("setpriv", "mount")
    isolate()
    command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/mnt")
    program.PROGRAM = script = tmp("nobody")
    with open(script, "w", encoding="ascii") as f:
        f.write('#!/bin/sh\nexec setpriv --reuid 65534 --clear-groups -- "$PROGRAM" "$@"\n')
    os.chmod(script, 0o755)
    env = {"PROGRAM": REAL}
    _fails(("Permission denied", "make files in /mnt"), file="/mnt/limits", env=env)
    with open("/mnt/limits", "wb"):
        os.chmod("/mnt/limits", 0o600)
    _fails(("Permission denied", "read and write it"), file="/mnt/limits", env=env)
    os.chown("/mnt/limits", 65534, 65534)
    s = limited("--limit", "1", file="/mnt/limits", env=env)
    assert is_served(s)
    s.shut().expect_end().ended("eof")
    command("mount", "-o", "remount,ro", "/mnt")
    _fails(("Read-only file system", "ReadWritePaths="), file="/mnt/limits", env=env)


def full_disk():
    if os.getuid():
        raise Skip("needs root")
    isolate()
    command("mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", "/mnt")
    with open("/mnt/fill", "wb") as f:
        f.write(bytes(8192))
    _fails(("No space left", "make room"), file="/mnt/limits")
    os.truncate("/mnt/fill", 4096)
    for limit in "1", "100":
        s = limited("--limit", limit, file="/mnt/limits")
        assert is_served(s)
        s.shut().expect_end().ended("eof")
    os.unlink("/mnt/fill")


def no_locks():
    """strace makes the first call that locks a slot fail."""
    tmp("limits", b"")
    is_served(limited("--limit", "1"))
    traced("trace=fcntl", "inject=fcntl:error=ENOLCK")
    _fails(("No locks available", "name one on a local file system"))


def no_limit():
    zero = "--limit", "0", "--limit-client", "0", "--limit-user", "0"
    for options in ("--limit", "1", *zero), zero, ():
        several = [limited(*options) for _ in range(3)]
        assert all(map(is_served, several))
    assert not os.path.exists(tmp("limits"))


def checked():
    def answer(*options, status=0):
        got, out, err = run("--check", *options)
        check(got, status, f"status of {options}, saying {err!r}")
        return out, err

    file = "--limit-file", tmp("limits")
    out, err = answer("--limit", "7", *file)
    check((err, os.path.exists(tmp("limits"))), ("", False), "what --check says and makes")
    assert f"limit 7\nlimit-file {tmp('limits')}\n" in out and "limit-user" not in out, out
    assert "limit" not in answer()[0]
    _, err = answer("--limit", "7", "--limit-file", tmp("none/limits"), status=64)
    assert f"--limit-file: {tmp('none/limits')}: No such file" in err, err
    assert f"; make the folder {tmp('none')} for the user of the service" in err, err
    conf = tmp("conf", "limit-client 3\nlimit-file none/limits\n")
    _, err = answer("--config", conf, status=78)
    assert f"{conf}:2: limit-file: {tmp('none/limits')}: No such file" in err, err
    _, err = answer("--limit", "7", "--limit-file", tmp("other", "x\n"), status=64)
    assert "it is not a file of limits" in err, err
    is_served(limited("--limit", "7"))
    os.chmod(tmp("limits"), 0o666)
    _, err = answer("--limit", "7", *file)
    assert f"warning: --limit-file: {tmp('limits')}: other users may write the file" in err, err
    os.chmod(tmp("limits"), 0o600)
    if not os.getuid():
        _, err = answer("--limit", "7", *file, "--as", "nobody", status=64)
        assert "Permission denied; " in err and "; tried as user nobody" in err, err
        os.chown(tmp("limits"), 65534, 65534)
        check(answer("--limit", "7", *file)[1], "", "what root's --check says of a file of the service's user")
    nobody = () if os.getuid() else ("--as", "nobody")
    _, err = answer("--limit-user", "2", "--limit-client", "3", *nobody, status=64)
    assert err.startswith("picosocks5: --limit-client: /run/picosocks5/limits: "), err
    for options, words in (
            (file, "limit-file: it has no effect, because no limit is set"),
            (("--limit-user", "1", *file), "limit-user: it has no effect, because auth lists no"),
            (("--limit", "2", "--limit-client", "3", *file),
             "limit-client: it is never reached, because limit is less")):
        _, err = answer(*options)
        assert f"warning: --{words}" in err, err
    for value in "4097", "-1", "1k", "", "99999999999999999999", "off":
        _, err = answer("--limit", value, status=64)
        assert "expected a number from 1 to 4096, or 0 for no limit" in err, err
    for name, word in (("--max-connections", "--limit"), ("--limit-ip", "--limit-client"),
                       ("--max-per-user", "--limit-user")):
        _, err = answer(name, "9", status=64)
        assert f"write {word} NUMBER" in err, err
