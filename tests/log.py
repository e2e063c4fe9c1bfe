# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that log.bats plays, one for each @test."""

import os
import re
import socket
import struct
import time

from lib.peer import Listener, MIB, RESET, check, closed_port, end_both, flow, together
from lib.program import (KIND, Skip, activated, classic, inetd, lines_of, logfmt, one_line, pipes,
                         remote, run, tmp, unix)
from lib.socks5 import GREETING, NONE_ACCEPTABLE, Reply, name, refusal, request
from lib.users import (SHA512, features, needs_hashes, offer_password, turned_away, userpass,
                       users_file)
from lib.world import Datagrams, Dns, Elsewhere, cover, isolate, journal_fields, names


def order_of_line():
    s = inetd()
    up = Listener()
    far = s.connect(up)
    s.send(b"12345")
    far.expect(b"12345").send(b"123").close()
    s.expect_end(data=b"123")
    s.shut().exits(0)
    check(len(s.stderr().splitlines()), 1, "lines")
    line = s.log
    check(list(line),
          ["client", "command", "dest", "peer", "reply", "sent", "received", "time", "end"])
    check({k: line[k] for k in line if k != "time"},
          {"client": "%s:%d" % s.name, "command": "connect", "dest": f"127.0.0.1:{up.port}",
           "peer": f"127.0.0.1:{up.port}", "reply": "0", "sent": "5", "received": "3",
           "end": "eof"})
    assert re.fullmatch(r"\d+\.\d\d\d", line["time"]), line


def names_and_ipv6():
    isolate()
    names("::1 six.example.com\n127.0.0.3 four.example.com\n")
    six, four = Listener("::1"), Listener("127.0.0.3")
    for host, up, dest, peer in (("::1", six, "[::1]", "[::1]"),
                                 ("six.example.com", six, "six.example.com", "[::1]"),
                                 ("four.example.com", four, "four.example.com", "127.0.0.3")):
        s = inetd(host="::1")
        check(s.ask(host, up.port).code, 0)
        up.accept().close()
        s.shut().expect_end()
        s.ended("eof", client="[%s]:%d" % s.name, dest=f"{dest}:{up.port}",
                peer=f"{peer}:{up.port}")


def by_parents():
    """A parent is in the line without its login, and at level debug the rule without the password."""
    up = Listener()
    answer = b"\5\0\0\1\xc0\0\2\7\x1f\x90"  # connected from 192.0.2.7:8080

    def parent(end):
        end.expect(b"\5\2\2\0").send(b"\5\2")
        end.expect(userpass("us", "hush")).send(b"\1\0")
        end.expect(request("far.example", 443)).send(answer)
        end.expect(b"12345").send(b"123").close()

    def through(name, *options):
        """Returns the file of these options, the session, and its two lines."""
        up.serve(parent)
        place = tmp(name, "\n".join(("log-level debug", *options, 'allow ""', "")))
        os.chmod(place, 0o600)
        s = inetd("--config", place)
        check(s.ask("far.example", 443), Reply(0, "192.0.2.7", 8080))
        s.send(b"12345").expect_end(data=b"123")
        s.shut().exits(0)
        return place, s, *s.stderr().splitlines()

    parent_url = f"socks5://us:hush@127.0.0.1:{up.port}"
    place, s, route, line = through("conf", f'allow "to .example via {parent_url}"')
    assert route.endswith(f'route: {place}:2: allow "to .example via socks5://us:***@127.0.0.1:'
                          f'{up.port}"'), route
    line = one_line(line)
    check(list(line), ["client", "command", "dest", "via", "peer", "reply", "sent", "received",
                       "time", "end"])
    check([line[k] for k in ("dest", "via", "peer", "sent", "received", "end")],
          ["far.example:443", f"socks5://127.0.0.1:{up.port}", f"127.0.0.1:{up.port}", "5", "3",
           "eof"])
    assert "hush" not in s.stderr()
    # The option via is no rule.
    _, _, route, _ = through("option", f"via {parent_url}")
    assert route.endswith(f"route: the option via: socks5://127.0.0.1:{up.port}"), route
    # Without a route there is nothing to tell.
    far = Listener()
    s = inetd("--config", place)
    s.connect(far).close()
    s.shut().expect_end().ended("eof")
    check(len(s.stderr().splitlines()), 1, "lines")
    assert "via" not in s.log, s.log


def by_parents_of_all_kinds():
    isolate()
    at = tmp("parent")
    sock = socket.socket(socket.AF_UNIX)
    sock.bind(at)
    sock.listen()
    for route, via, peer in ((f"socks5:{at}", f"socks5:{at}", None),
                             ("http://127.0.0.1:9", "http://127.0.0.1:9", "127.0.0.1:9"),
                             ("socks5://[::1]:9", "socks5://[::1]:9", "[::1]:9")):
        s = inetd("--connect-timeout", "300ms", "--allow", f"via {route}")
        s.send(GREETING + request("127.0.0.9", 80)).rest()
        s.exits(0)
        check((s.log["via"], s.log.get("peer"), s.log["dest"]), (via, peer, "127.0.0.9:80"))


def every_end():
    isolate()
    away = Elsewhere()
    away.black_hole("198.51.100.77")
    up, port = Listener(), closed_port()
    # Begins first, so that nothing below waits for its end.
    old = inetd("--lifetime", "10s" if KIND == "valgrind" else "2s")
    old_far = old.connect(up)
    s = inetd()
    s.connect(up).close()
    s.shut().expect_end().ended("eof", reply="0")
    s = inetd()
    s.connect(up).reset()
    s.expect_end(RESET).ended("reset", reply="0")
    s = inetd()
    far = s.connect(up)
    s.reset()
    far.expect_end(RESET)
    s.ended("reset")

    def over(s, far):
        s.expect_end()
        far.close()
        return s

    s = inetd("--idle-timeout", "100ms")
    over(s, s.connect(up)).ended("idle")
    s = inetd()
    far = s.connect(up)
    s.kill(15)
    over(s, far).ended("signal")
    inetd("--handshake-timeout", "100ms").expect_end().ended("timeout")
    s = inetd("--connect-timeout", "100ms")
    s.refused(6, "198.51.100.77", 80).ended("timeout", reply="6", dest="198.51.100.77:80")
    inetd().refused(5, "127.0.0.1", port).ended("failed", reply="5", dest=f"127.0.0.1:{port}",
                                                command="connect")
    remote().kept_out(up, client="192.0.2.7:40000")
    s = inetd()
    s.send(b"\5\1\2").expect_end(data=NONE_ACCEPTABLE)
    s.ended("auth")
    s = inetd()
    s.refused(7, "127.0.0.1", 80, command=99).ended("protocol", reply="7")
    s = inetd()
    s.greet().send(b"\5\1\0\7").expect_end(data=refusal(8))
    s.ended("protocol", reply="8")
    s = inetd()
    s.send(b"GET / HTTP/1.0\r\n\r\n").expect_end()
    s.ended("protocol")
    over(old, old_far).ended("lifetime")


def no_empty_keys():
    sessions = []
    s = inetd("--handshake-timeout", "100ms")
    s.expect_end()
    sessions.append(s)
    s = inetd()
    s.send(b"\5\1\2").expect_end(data=NONE_ACCEPTABLE)
    sessions.append(s)
    sessions.append(inetd().refused(5, "127.0.0.1", closed_port()))
    sessions.append(pipes().refused(7, "127.0.0.1", 1, command=77))
    for s in sessions:
        s.exits(0)
        assert not re.search(r'=(\s|""|-\s|$)', s.stderr()), s.stderr()
        assert "user" not in s.log and "sent" not in s.log, s.log
    check("reply" in sessions[0].log, False)


def local_client():
    for start in pipes, unix:
        s = start()
        s.connect(Listener()).close()
        s.shut().expect_end().ended("eof", client="local")


def escaped():
    isolate()
    names()
    Dns({})
    for raw, escaped in ((b'q"u', r"q\x22u"), (b"b\\s", r"b\x5cs"), (b"\x1b[31m", r"\x1b[31m"),
                         (b"a\nb", r"a\x0ab"), (b"a\r\tb", r"a\x0d\x09b"),
                         (b"\x7f\x80\x9b\xff", r"\x7f\x80\x9b\xff"), ("é".encode(), r"\xc3\xa9"),
                         (b"%s%n%d", "%s%n%d"), (b"a\x85b", r"a\x85b"),
                         (b"x end=eof", "x end=eof"), (bytes(range(128, 255)) * 2, r"\x80\x81")):
        for start in inetd, unix:
            s = start()
            s.refused(4, name(raw), 80).exits(0)
            text = s.stderr()
            check(len(text.splitlines()), 1, f"lines of {text!r}")
            assert all(0x20 <= ord(c) <= 0x7e for c in text.rstrip("\n")), repr(text)
            assert escaped in text, (escaped, text)
            dest = s.log["dest"]
            assert (dest.startswith(escaped) or raw == b"x end=eof"
                    or "%" in escaped), (dest, escaped)
            if b" " not in raw and len(raw) < 100:
                check(dest, escaped + ":80")
            check(s.log["end"], "failed")


def longest_line():
    isolate()
    names()
    Dns({})
    users = users_file(f"{'u' * 255}:{SHA512}\n")
    long = b"\xff" * 255  # each byte is four in the log

    def said(s):
        s.send(GREETING + request(name(long), 65535)).rest()
        s.exits(0)
        return s

    for sink in ("stderr",), ("syslog", "/dev/log"), ("journal", "/run/systemd/journal/socket"):
        if sink[0] == "journal" and not features().get("journal"):
            continue
        socket_of = Datagrams(sink[1]) if len(sink) > 1 else None
        s = said(inetd("--log", sink[0]))
        if socket_of:
            text, = (m.decode() for m in socket_of.messages())
            text = journal_fields(text.encode())["MESSAGE"] if sink[0] == "journal" else text
        else:
            text = s.stderr()
        line = one_line(text.rstrip("\0"))
        check((line["dest"], line["end"]), (r"\xff" * 255 + ":65535", "failed"), sink[0])
    if features()["crypt"]:  # and a user name of that length, which another line has too
        s = turned_away(inetd("--users", users), long, "x")
        for line in s.stderr().splitlines():
            check(logfmt(line)["user"], r"\xff" * 255)


def quoted_names():
    isolate()
    names()
    Dns({})
    for raw in b"a b", b"a=b", b"x end=eof user=root", b" ", b"=":
        s = inetd().refused(4, name(raw), 80)
        s.ended("failed", dest=f"{raw.decode()}:80")
        assert "user" not in s.log, s.stderr()


def levels():
    for level in "error", "warning":
        s = inetd("--log-level", level)
        s.connect(Listener()).close()
        s.shut().expect_end().exits(0)
        check(lines_of(s.stderr()), [], level)
    for level in "notice", "info", "debug":
        s = inetd("--log-level", level)
        s.connect(Listener()).close()
        s.shut().expect_end().ended("eof")
    for options in ("--log", "none"), ("--log", "none", "--log-level", "debug"):
        s = inetd(*options).refused(5, "127.0.0.1", closed_port()).exits(0)
        check(s.stderr(), "")


def stderr_of_any_kind():
    for options in (), ("--log", "auto"), ("--log", "stderr"):
        r, w = os.pipe()
        s = inetd(*options, fds={2: w})
        os.close(w)
        s.refused(5, "127.0.0.1", closed_port()).exits(0)
        check(one_line(os.read(r, 10000).decode())["end"], "failed")
        a, b = socket.socketpair()
        s = inetd(*options, fds={2: b})
        b.close()
        s.refused(5, "127.0.0.1", closed_port()).exits(0)
        check(one_line(a.recv(10000).decode())["end"], "failed")
    s = activated(fds={2: os.open(tmp("log", "before\n"), os.O_WRONLY | os.O_APPEND)})
    s.refused(5, "127.0.0.1", closed_port()).exits(0)
    with open(tmp("log")) as f:
        text = f.read()
    check(text[:7], "before\n")
    check(one_line(text)["end"], "failed")


def stderr_unwritable():
    def full_pipe():
        r, w = os.pipe()
        os.set_blocking(w, False)
        try:
            while True:
                os.write(w, bytes(4096))
        except BlockingIOError:
            os.set_blocking(w, True)
        return r, w

    def broken_pipe():
        r, w = os.pipe()
        os.close(r)
        return None, w

    for make in (full_pipe, broken_pipe, lambda: (None, os.open("/dev/full", os.O_WRONLY)),
                 lambda: (None, os.open("/dev/null", os.O_RDONLY)), lambda: (None, None)):
        for options in (), ("--log", "stderr"), ("--log", "stderr", "--log-level", "debug"):
            r, w = make()
            s = inetd(*options, fds={2: w})
            far = s.connect(Listener())
            together(lambda: flow(s, far, MIB), lambda: flow(far, s, MIB))
            end_both(s, far).exits(0)
            s = inetd(*options, fds={2: w})
            s.refused(5, "127.0.0.1", closed_port()).exits(0)
            s = inetd("--bogus", fds={2: w})
            s.rest()
            s.exits(64)


def syslog():
    isolate()
    names()
    Dns({})
    syslog = Datagrams("/dev/log")
    up = Listener()
    for start, *options in ((inetd, "--log", "syslog"), (classic,), (classic, "--log", "auto"),
                            (classic, "--log", "stderr"), (pipes, "--log", "syslog")):
        s = start(*options)
        far = s.connect(up)
        far.send(b"abc").close()
        s.shut().expect_end(data=b"abc").exits(0)
        got = syslog.messages()
        check(len(got), 1, "messages")
        text = got[0].decode().rstrip("\0\n")
        m = re.fullmatch(r"<(\d+)>\w\w\w [ \d]\d \d\d:\d\d:\d\d picosocks5\[(\d+)\]: (.*)", text)
        assert m, text
        check(int(m[1]), 3 * 8 + 5, "daemon, notice")
        check(int(m[2]), s.pid)
        line = one_line(m[3])
        check((line["received"], line["end"]), ("3", "eof"))
        if s.err:
            check(s.stderr(), "")
    # in local time, though the sandbox of the relay opens no files
    zone = b"TZif2" + bytes(15) + struct.pack("!6IlBB4s", 0, 0, 0, 0, 1, 4, 19800, 0, 0, b"XST")
    cover("/etc/localtime", 2 * zone + b"\nXST-5:30\n")
    s = inetd("--log", "syslog")
    s.connect(up).close()
    s.shut().expect_end().exits(0)
    stamp = syslog.messages()[0].decode().partition(">")[2][:12]
    there = {time.strftime("%b %e %H:%M", time.gmtime(time.time() + 19800 - late))
             for late in (0, 60)}
    assert stamp in there, (stamp, there)
    s = classic("--allow", "to .example via http://127.0.0.1:9")
    s.refused(1, "far.example", 80).exits(0)
    line = one_line(syslog.messages()[0].decode().rstrip("\0\n").partition("]: ")[2])
    check((line["via"], line["peer"]), ("http://127.0.0.1:9", "127.0.0.1:9"))
    s = classic("--bogus")
    s.rest()
    s.exits(64)
    text = syslog.messages()[0].decode()
    assert "--bogus" in text and re.match(r"<2[6-8]>", text), text
    s = classic()
    s.refused(4, name(b"a\nb\x9b"), 80).exits(0)
    assert rb"a\x0ab\x9b" in syslog.messages()[0]


def fill(path):
    """Sends to a log socket until it takes no more."""
    sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    sender.setblocking(False)
    try:
        while True:
            sender.sendto(b"x", path)
    except BlockingIOError:
        pass


def unusable(path, *starts):
    """A log socket that is full, then closed, then gone holds up no session."""
    sink = Datagrams(path)
    up = Listener()

    def serve():
        for start in starts:
            s = start()
            far = s.connect(up)
            together(lambda: flow(s, far, MIB), lambda: flow(far, s, MIB))
            far.close()
            s.shut().expect_end().exits(0)

    fill(path)
    serve()
    sink.sock.close()
    serve()
    os.remove(path)
    serve()


def syslog_missing():
    isolate()
    unusable("/dev/log", classic, lambda: classic("--log", "syslog"))


def without_journal():
    isolate()
    has = features()["journal"]
    settings = run("--check")[1]
    assert ("+journal" in settings, "-journal" in settings) == (has, not has), settings
    config = tmp("config", "log journal\n")
    for arguments, status in (("--log", "journal"), 64), (("--config", config), 78):
        check(run("--check", *arguments)[0], 0 if has else status)
        if not has:
            s = inetd(*arguments)
            s.expect_end().exits(status)
            s.says('log: found "journal", expected auto, syslog, stderr or none', "libsystemd")
    # If descriptor 2 leads to the journal, this is not a mistake: lines go there.
    err = os.open(tmp("stream", ""), os.O_WRONLY | os.O_APPEND)
    st = os.fstat(err)
    s = inetd(env={"JOURNAL_STREAM": f"{st.st_dev}:{st.st_ino}"}, fds={2: err})
    s.refused(5, "127.0.0.1", closed_port()).exits(0)
    with open(tmp("stream")) as f:
        assert re.fullmatch(r"<5>client=.* end=failed .*\n", f.read())


def fields_of_journal():
    isolate()
    journal = Datagrams("/run/systemd/journal/socket")
    if run("--check", "--log", "journal")[0]:
        raise Skip("needs journal support built in")
    up = Listener()
    err = os.open(tmp("stream", ""), os.O_WRONLY | os.O_APPEND)
    st = os.fstat(err)
    stream = {"JOURNAL_STREAM": f"{st.st_dev}:{st.st_ino}"}
    for start, options, env in ((inetd, ("--log", "journal"), {}),
                                (classic, ("--log", "journal"), {}), (inetd, (), stream)):
        s = start(*options, env=env, **({"fds": {2: err}} if env else {}))
        far = s.connect(up)
        far.send(b"abc").close()
        s.shut().expect_end(data=b"abc").exits(0)
        fields = [journal_fields(m) for m in journal.messages()]
        check(len(fields), 1, "entries")
        f = fields[0]
        check({k: f.get(k) for k in ("SOCKS_CLIENT", "SOCKS_COMMAND", "SOCKS_DEST", "SOCKS_PEER",
                                     "SOCKS_REPLY", "SOCKS_SENT", "SOCKS_RECEIVED", "SOCKS_END",
                                     "PRIORITY")},
              {"SOCKS_CLIENT": "%s:%d" % s.name, "SOCKS_COMMAND": "connect",
               "SOCKS_DEST": f"127.0.0.1:{up.port}", "SOCKS_PEER": f"127.0.0.1:{up.port}",
               "SOCKS_REPLY": "0", "SOCKS_SENT": "0", "SOCKS_RECEIVED": "3", "SOCKS_END": "eof",
               "PRIORITY": "5"})
        assert "SOCKS_USER" not in f and "SOCKS_TIME" in f, f
        check(f.get("SYSLOG_IDENTIFIER"), "picosocks5")
        check(one_line(f["MESSAGE"])["end"], "eof")
        check(os.fstat(err).st_size, 0, "bytes on descriptor 2")
    s = inetd("--log", "journal", "--allow", "to .example via http://127.0.0.1:9")
    s.refused(1, "far.example", 80).exits(0)
    fields = journal_fields(*journal.messages())
    check((fields["SOCKS_VIA"], fields["SOCKS_PEER"]), ("http://127.0.0.1:9", "127.0.0.1:9"))
    s = inetd(env={"JOURNAL_STREAM": f"{st.st_dev}:{st.st_ino + 1}"})  # 2 is another file
    s.refused(5, "127.0.0.1", closed_port()).ended("failed")
    check(journal.messages(), [])


def journal_missing():
    isolate()
    if run("--check", "--log", "journal")[0]:
        raise Skip("needs journal support built in")
    unusable("/run/systemd/journal/socket", lambda: inetd("--log", "journal"),
             lambda: classic("--log", "journal"))


def lost_line_spares_client():
    isolate()
    needs_hashes()
    journal = Datagrams("/run/systemd/journal/socket")
    fill("/run/systemd/journal/socket")
    if run("--check", "--log", "journal")[0]:
        raise Skip("needs journal support built in")
    # The superserver's own JOURNAL_STREAM, which is not where the client's descriptor 2 leads.
    s = classic("--log", "journal", "--users", users_file(f"alice:{SHA512}\n"),
                env={"JOURNAL_STREAM": "1:2"})
    offer_password(s)
    s.send(userpass("alice", "wrong")).expect_end(data=b"\1\1").exits(0)
    check(set(journal.messages()), {b"x"}, "what the journal got")
