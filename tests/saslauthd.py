# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that saslauthd.bats plays, one for each @test."""

import os
import signal
import socket

from lib.options import settings
from lib.peer import Listener, check, eventually
from lib.program import EVERY_WAY, TMP, Skip, inetd, links, pipes, run, tmp, unix
from lib.saslauthd import (FOLDER, NO, OK, Daemon, counted, daemon, ldap, pam, real, request_of,
                           sasldb, world)
from lib.socks5 import read_reply, request
from lib.users import (SHA512, features, log_in, memory, offer_password, some, turned_away, userpass,
                       users_file)
from lib.world import command

WRONG = "wrong password: client="
RULES = "--deny", "to private", "--allow", "user *"  # --check has nothing to say of them


def lets_in(path, name, passwd, start=inetd):
    """Checks that this user is let in and served, and not with another password."""
    up = Listener()
    s = log_in(start("--saslauthd", path), name, passwd).send(request(up.host, up.port))
    check(read_reply(s).code, 0, "reply")
    far = up.accept()
    s.send(b"up")
    far.expect(b"up").send(b"down").close()
    s.expect_end(data=b"down").shut().ended("eof", user=name)
    keeps_out(path, name, passwd + "x")


def keeps_out(path, name, passwd):
    s = turned_away(inetd("--saslauthd", path), name, passwd)
    check(s.log.get("error"), "wrong password", s.stderr())
    assert WRONG in s.stderr(), s.stderr()


def fails(error, *options, name="alice", passwd="secret", path="mux", start=inetd):
    """Status 1 and the end, but no line for fail2ban; returns what the log says."""
    s = start("--saslauthd", path, *options)
    offer_password(s).send(userpass(name, passwd)).expect(b"\1\1", "status").expect_end()
    s.ended("failed", user=name, error=error, command=None, reply=None)
    said = s.stderr()
    assert WRONG not in said and said.count("\n") == 2 and path + ": " in said, said
    return said


def real_pam():
    tmp("passwd", "alice:$1$vOpuLQnd$ccA4t8H4KIit9067QEhlX.\n"
        "carol:$1$vOpuLQnd$ccA4t8H4KIit9067QEhlX.\n")
    tmp("barred", "carol\n")
    path = pam(f"auth required pam_pwdfile.so nodelay pwdfile={tmp('passwd')}",
               f"account required pam_listfile.so item=user sense=deny file={tmp('barred')}"
               " onerr=fail")
    if not os.popen("ls /lib/*/security/pam_pwdfile.so").read():
        raise Skip("needs pam_pwdfile.so")
    for start in EVERY_WAY:
        lets_in(path, "alice", "secret", start)
    for name, passwd in (("alice", "Secret"), ("Alice", "secret"), ("carol", "secret"),
                         ("bob", "secret"), ("root", "secret"), ("n" * 255, "p" * 255),
                         (b"\xff\n", b"\xff\xfe"), ("alice", "secret\n"), ("alice ", "secret")):
        keeps_out(path, name, passwd)


def real_sasldb():
    path = sasldb({"alice": "secret", "dora": "p" * 255})
    lets_in(path, "alice", "secret")
    log_in(inetd("--saslauthd", path), "dora", "p" * 255)
    for name, passwd in (("alice", "Secret"), ("bob", "secret"), ("dora", "p" * 254),
                         (f"alice@{socket.gethostname()}", "secret")):
        keeps_out(path, name, passwd)


def real_ldap():
    path = ldap({"alice": "secret", "bob": "secret"}, "ldap_filter: (uid=%u)",
                "ldap_group_dn: cn=proxy,dc=example,dc=org", "ldap_group_attr: member",
                "ldap_group_match_method: attr")
    lets_in(path, "alice", "secret")
    for name, passwd in (("alice", "Secret"), ("bob", "secret"), ("carol", "secret"), ("*", "secret"),
                         ("alice)(uid=*", "secret"), ("ali*", "secret")):
        keeps_out(path, name, passwd)


def what_is_sent():
    d = daemon(counted(OK))
    for name, passwd in some([("alice", "secret"), ("a", "b"), ("n" * 255, "p" * 255),
                              ("al ice@EXAMPLE.ORG", "\xe9 \x80:"), (b"\xff\x01", b"\n\xfe")]):
        s = log_in(inetd("--saslauthd", "mux", "--auth", "none,password"), name, passwd)
        check(d.heard.pop(), request_of(name, passwd), "what the daemon got")
        left = {where for where in links(s.pid) if where.startswith("socket:")}
        check(len(left), 1, f"sockets that are left: {left}")
        s.shut().expect_end().exits(0)


def answers_ok():
    for pieces in some([(counted(OK),), (counted(OK + b" welcome"),), (counted(b"OKAY"),),
                        (counted(OK + b"x" * 1022),), (counted(OK) + bytes(1 << 20), None),
                        tuple(bytes([b]) for b in counted(OK)),
                        (b"\0", 0.05, b"\2O", 0.05, b"K"), (counted(OK) + counted(NO),),
                        (counted(OK), None)]):
        daemon(*pieces)
        log_in(inetd("--saslauthd", "mux"), "alice", "secret").shut().expect_end().exits(0)


def answers_no():
    for words in some([NO, b"NO", b"no", b"ok", b"Ok", b"KO", b" OK", b"\0OK", b"O", b"0K", b"NOOK",
                       b"NO" * 512, b"O\0K"]):
        if len(words) > 1:
            daemon(counted(words))
            keeps_out("mux", "alice", "secret")
    daemon(counted(NO) + counted(OK))
    keeps_out("mux", "alice", "secret")


def answers_broken():
    closed = "saslauthd closed the connection without an answer"
    for answer in counted(OK), counted(OK + b" welcome"), counted(NO):
        for cut in some(range(len(answer))):
            daemon(answer[:cut])
            fails(closed)
    for answer in some([b"\0\0", b"\0\1O", b"\0\0OK", b"\4\1OK" + b"x" * 1023, b"\xff\xffOK",
                        b"OK", b"OK\n", counted(OK)[::-1], bytes(1000)]):
        daemon(answer, None)
        fails("the answer of saslauthd is malformed")
    # One that closes before it has read.
    d = daemon(reads=False)
    for start in inetd, unix, pipes:
        fails(closed, start=start)
    check(d.heard, [])


def never_sent():
    d = daemon(counted(OK))
    for name, passwd in (("", "secret"), ("alice", ""), ("", ""), (b"alice\0", "secret"), (b"\0", "x"),
                         ("alice", b"secret\0"), ("alice", b"\0secret"), (b"al\0ice", b"se\0cret")):
        s = turned_away(inetd("--saslauthd", "mux"), name, passwd)
        assert WRONG in s.stderr(), s.stderr()
    check(d.heard, [])
    os.unlink("mux")
    s = turned_away(inetd("--saslauthd", "mux"), "", "secret")
    check(s.log["error"], "wrong password")


def not_there():
    os.chdir(TMP)
    reach = "saslauthd can't be reached: "
    said = fails(reach + "No such file or directory")
    assert "start saslauthd, or correct the option" in said, said
    said = fails(reach + "No such file or directory", path="/nowhere/mux")
    sock = socket.socket(socket.AF_UNIX)
    sock.bind("mux")
    said = fails(reach + "Connection refused")
    assert "start saslauthd, or correct the option" in said, said
    sock.close()
    tmp("file", "")
    fails(reach + "Connection refused", path="file")
    fails(reach + "Not a directory", path="file/mux")
    datagrams = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    datagrams.bind("datagrams")
    fails(reach + "Protocol wrong type for socket", path="datagrams")
    if os.getuid():
        os.mkdir("closed", 0)
        said = fails(reach + "Permission denied", path="closed/mux")
        assert "adduser picosocks5 sasl" in said, said


def silent():
    slow = "saslauthd did not answer within handshake-timeout"
    for pieces in (None,), (b"\0", None), (b"\0\2O", None), \
            tuple(p for b in counted(OK + b"x" * 500) for p in (bytes([b]), 0.05)):
        d = daemon(*pieces)
        said = fails(slow, "--handshake-timeout", "400ms")
        assert "handshake-timeout" in said, said
        check(d.heard, [request_of("alice", "secret")])
    # A daemon that reads nothing: the request waits in its socket.
    daemon(None, reads=False)
    fails(slow, "--handshake-timeout", "300ms", name="n" * 255, passwd="p" * 255)


def full_queue():
    d = Daemon(counted(OK), backlog=0)
    crowd = []

    def is_full():
        sock = socket.socket(socket.AF_UNIX)
        sock.setblocking(False)
        crowd.append(sock)
        return sock.connect_ex("mux") != 0
    eventually(is_full, "the queue is full")
    fails("saslauthd did not answer within handshake-timeout", "--handshake-timeout", "300ms")
    s = inetd("--saslauthd", "mux")
    offer_password(s).send(userpass("alice", "secret"))
    s.silent()
    for sock in crowd:
        sock.close()
    d.start()
    s.expect(b"\1\0").shut().expect_end().exits(0)


def ended_meanwhile():
    d = daemon(None)

    def asked(*options, start=inetd):
        s = start("--saslauthd", "mux", *options)
        offer_password(s).send(userpass("alice", "secret"))
        eventually(lambda: d.heard, "the daemon was asked")
        d.heard.clear()
        return s
    s = asked()
    s.reset()
    s.ended("reset", user="alice")
    for start in inetd, unix, pipes:
        s = asked(start=start)
        s.kill(signal.SIGTERM)
        s.expect_end().ended("signal")
        asked("--lifetime", "300ms", start=start).expect_end().ended("lifetime")
    # A half-close is no reason to give up.
    s = asked("--handshake-timeout", "700ms").shut()
    s.expect_end(data=b"\1\1").ended("failed")
    # While the queue is full it is no different.
    full = Daemon(counted(OK), backlog=0)
    crowd = [socket.socket(socket.AF_UNIX) for _ in range(3)]
    for sock in crowd:
        sock.setblocking(False)
        sock.connect_ex("mux")
    for how in "left", "signal":
        s = inetd("--saslauthd", "mux")
        offer_password(s).send(userpass("alice", "secret"))
        s.silent()
        if how == "left":
            s.reset()
            s.ended("reset")
        else:
            s.kill(signal.SIGTERM)
            s.expect_end().ended("signal")
    full.sock.close()


def forgotten():
    secret = "Xy2-unspeakable-7Q"
    up = Listener()
    for words in OK, NO:
        daemon(counted(words))
        s = inetd("--saslauthd", "mux", "--log-level", "debug")
        offer_password(s).send(userpass("alice", secret))
        if words == OK:
            s.expect(b"\1\0").send(request(up.host, up.port))
            check(read_reply(s).code, 0)
            far = up.accept()
            text = memory(s)
            for word in secret.encode(), secret.encode()[4:], b"\0\12picosocks5\0\0":
                assert word not in text, word
            far.close()
        s.shut().rest()
        assert "unspeakable" not in s.stderr(), s.stderr()
    os.unlink("mux")
    for name in "alice", "":
        s = inetd("--saslauthd", "mux", "--log-level", "debug")
        offer_password(s).send(userpass(name, secret)).expect_end(data=b"\1\1").exits(0)
        assert "unspeakable" not in s.stderr(), s.stderr()


def option_values():
    daemon(counted(OK))
    text = settings("--saslauthd", "mux", *RULES)
    assert "saslauthd mux\nauth password\n" in text, text
    conf = tmp("conf", "saslauthd mux\n")
    os.chdir("/")
    assert f"saslauthd {TMP}/mux\n" in settings("--config", conf, *RULES)
    s = log_in(inetd("--config", conf), "alice", "secret")
    s.shut().expect_end().exits(0)
    # In whatever order, and with the other method.
    for auth, methods, chosen in (("none,password", b"\0\2", 0), ("password,none", b"\0\2", 2)):
        s = inetd("--config", conf, "--auth", auth)
        s.send(bytes([5, len(methods)]) + methods).expect(bytes([5, chosen]), auth)
    # A user's rules.
    s = inetd("--config", conf, "--allow", "user bob")
    log_in(s, "alice", "secret").send(request("127.0.0.1", 9))
    check(read_reply(s).code, 2, "reply")
    # The question of --explain is answered, although nobody is asked for a password.
    status, out, err = run("--config", conf, "--explain", "user alice to 127.0.0.1 port 80")
    check((status, err), (0, ""), out)
    assert "saslauthd checks their passwords" in out, out


def option_mistakes():
    daemon(counted(OK))
    path = users_file(f"alice:{SHA512}\n")

    def mistake(status, *options, says=()):
        for mode in (), ("--check",):
            got, _, err = run(*mode, *options)
            check(got, status, err)
            for words in says:
                assert words in err, (words, err)

    mistake(64, "--users", path, "--saslauthd", "mux",
            says=("--saslauthd: ", "either by saslauthd or by the file", "on the command line"))
    conf = tmp("conf", f"# both\nusers {path}\nsaslauthd mux\n")
    mistake(78, "--config", conf, says=(f"{conf}:3: saslauthd: ", f"{conf}:2: leave out"))
    mistake(64, "--auth", "password", says=("needs a users file", "with saslauthd"))
    chap = "can't be served by saslauthd" if features().get("digest") else "needs libmd"
    for auth in "chap", "chap,password", "password,chap":
        mistake(64, "--auth", auth, "--saslauthd", "mux", says=(f"--auth: the method chap {chap}",))
    mistake(64, "--saslauthd", "", says=("/run/saslauthd/mux",))
    mistake(64, "--saslauthd", "/" + "x" * 107, says=("at most 107 bytes",))
    run_long = "/" + "x" * 106
    assert f"saslauthd {run_long}\n" in run("--check", "--saslauthd", run_long)[1]
    for foreign in "pam", "ldap", "saslauthd_path":
        _, _, err = run(f"--{foreign}=x")
        assert "--saslauthd /run/saslauthd/mux" in err, err


def check_mistakes():
    os.chdir(TMP)
    tmp("file", "")
    os.mkdir("folder")
    for path, words in ("file", "it is not a socket"), ("folder", "write folder/mux"), \
            ("file/mux", "Not a directory"):
        status, _, err = run("--check", "--saslauthd", path)
        check(status, 64, err)
        assert f"--saslauthd: {path}: " in err and words in err and "warning" not in err, err
    conf = tmp("conf", "saslauthd file\n")
    status, _, err = run("--check", "--config", conf)
    check(status, 78, err)
    assert f"{conf}:1: saslauthd: " in err, err
    if os.getuid():
        raise Skip("needs root, to be another user")
    world()
    path = real("pam")
    os.chmod(FOLDER, 0o710)
    status, _, err = run("--check", "--as", "nobody", "--saslauthd", path)
    check(status, 64, err)
    assert "Permission denied for user nobody" in err and "adduser nobody sasl" in err, err
    status, _, err = run("--check", "--as", "root", "--saslauthd", path, *RULES)
    check((status, err), (0, ""))
    gid = command("id", "-g", "nobody").strip()
    os.chown(FOLDER, 0, int(gid))
    status, _, err = run("--check", "--as", "nobody", "--saslauthd", path, *RULES)
    check((status, err), (0, ""))


def check_warns():
    def warned(words, *options):
        status, out, err = run("--check", *options, *RULES)
        check(status, 0, err)
        assert words in err and err.startswith("picosocks5: warning: --saslauthd: "), err
        assert out.endswith("1 warning\n"), out

    os.chdir(TMP)
    warned("No such file or directory; nobody can log in until saslauthd runs", "--saslauthd", "mux")
    sock = socket.socket(socket.AF_UNIX)
    sock.bind("mux")
    warned("Connection refused; nobody can log in until", "--saslauthd", "mux")
    sock.listen(1)
    check(run("--check", "--saslauthd", "mux", *RULES)[::2], (0, ""))
    sock.close()
    err = run("--check", "--saslauthd", "mux", "--auth", "none")[2]
    assert "--saslauthd: nobody is asked for a password" in err and "refused" not in err, err
