# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that title.bats plays, one for each @test."""

import ctypes
import os
import re
import signal
import subprocess
import time

from lib.bind import arrive, part
from lib.http import ESTABLISHED, asked_for_password, asks, basic, gets, passed
from lib.peer import Listener, check, eventually
from lib.program import (KIND, PROGRAM, Skip, activated, classic, inetd, one_line, pipes, remote,
                         tcp_pair, tmp, unix)
from lib.socks4 import read_reply4, request4
from lib.socks5 import BIND, CHOSEN, CONNECT, GREETING, RESOLVE, read_reply, request
from lib.udp import Association, Udp
from lib.users import SHA512, log_in, needs_hashes, offer_password, userpass, users_file
from lib.world import Datagrams, Dns, background, command, isolate, names, needs, unshare

ROOM = {"ROOM": "x" * 700}  # an environment in which the longest title has room
NEWPID, NEWNS = 0x20000000, 0x00020000


def title(pid):
    """The command line of a process, as the kernel shows it."""
    with open(f"/proc/{pid}/cmdline", "rb") as f:
        return f.read().rstrip(b"\0").replace(b"\0", b" ").decode("latin-1")


def needs_titles():
    if KIND == "valgrind":
        raise Skip("the kernel shows valgrind's command line")


def shows(session, want):
    """Waits for this title, in a build that has one."""
    if KIND == "valgrind":
        return
    try:
        eventually(lambda: title(session.pid) == want)
    except AssertionError:
        check(title(session.pid), want, "title")


def at_once(session, want):
    """The title is there when the client has its answer."""
    if KIND != "valgrind":
        check(title(session.pid), want, "title")


def clients():
    needs_titles()
    for start in inetd, classic, activated:
        shows(start(), "picosocks5: 127.0.0.1")
    shows(unix(), "picosocks5: local")
    shows(pipes(), "picosocks5: local")
    shows(remote(), "picosocks5: 192.0.2.7")
    shows(pipes(env={"TCPREMOTEIP": "nonsense"}), "picosocks5: unknown")


def seen_by_ps():
    needs_titles()
    needs("ps")
    up = Listener()
    s = inetd("--idle-timeout", "1h", "--log-level", "debug", env=ROOM)
    s.greet()
    at_once(s, "picosocks5: 127.0.0.1")
    s.send(request("127.0.0.1", up.port))
    check(read_reply(s).code, 0, "reply")
    far = up.accept()
    want = f"picosocks5: 127.0.0.1 connect 127.0.0.1:{up.port}"
    shows(s, want)
    check(command("ps", "-ww", "-o", "args=", "-p", str(s.pid)), want + "\n", "ps")
    check(command("ps", "-o", "comm=", "-p", str(s.pid)), "picosocks5\n", "the name")
    far.close()
    s.shut().expect_end().ended("eof")


def user_after_the_password():
    needs_titles()
    needs_hashes("crypt")
    users, up = users_file(f"alice:{SHA512}\n"), Listener()
    s = inetd("--users", users, env=ROOM)
    offer_password(s).send(userpass("alice", "Secret")).expect(b"\1\1", "status")
    at_once(s, "picosocks5: 127.0.0.1")
    s.expect_end().ended("auth", user="alice")
    s = inetd("--users", users, env=ROOM)
    message = userpass("alice", "secret")
    offer_password(s).send(message[:-1])
    s.silent()
    at_once(s, "picosocks5: 127.0.0.1")
    s.send(message[-1:]).expect(b"\1\0", "status")
    at_once(s, "picosocks5: alice@127.0.0.1")
    s.send(request("127.0.0.1", up.port))
    check(read_reply(s).code, 0, "reply")
    at_once(s, f"picosocks5: alice@127.0.0.1 connect 127.0.0.1:{up.port}")
    shows(s, f"picosocks5: alice@127.0.0.1 connect 127.0.0.1:{up.port}")


def socks4_user_id():
    needs_titles()
    up = Listener()
    s = inetd("--socks4", env=ROOM)
    s.send(request4("127.0.0.1", up.port, user=b"root"))
    check(read_reply4(s)[0], 90, "reply")
    shows(s, f"picosocks5: 127.0.0.1 connect 127.0.0.1:{up.port}")
    up.accept().close()
    s.shut().expect_end().ended("eof", user="root")


def http_requests():
    needs_titles()
    needs_hashes("crypt")
    users, up = users_file(f"alice:{SHA512}\n"), Listener()
    s = inetd("--users", users, "--http", env=ROOM)
    s.send(asks("127.0.0.1", up.port, basic("alice", "Secret")))
    asked_for_password(s)
    at_once(s, "picosocks5: 127.0.0.1")
    s.send(asks("127.0.0.1", up.port, basic("alice", "secret"))).expect(ESTABLISHED)
    shows(s, f"picosocks5: alice@127.0.0.1 connect 127.0.0.1:{up.port}")
    up.accept().close()
    s.shut().expect_end().ended("eof", user="alice")
    s = inetd("--http", env=ROOM).send(gets(up, b"/secret/path?key"))
    far = up.accept().expect(passed(up, b"/secret/path?key"))
    shows(s, f"picosocks5: 127.0.0.1 connect 127.0.0.1:{up.port}")
    far.close()
    s.shut().expect_end().ended("eof")


def other_commands():
    needs_titles()
    isolate()
    names()
    Dns()
    s = inetd(env=ROOM)
    reply = s.ask("127.0.0.1", 9, command=BIND)
    at_once(s, "picosocks5: 127.0.0.1 bind 127.0.0.1:9")
    far = arrive(reply)
    check(read_reply(s).code, 0, "second reply")
    shows(s, "picosocks5: 127.0.0.1 bind 127.0.0.1:9")
    part(s, far)
    a, to = Association(inetd(env=ROOM), "192.0.2.99", 7), Udp()
    a.exchange(to)
    shows(a.session, "picosocks5: 127.0.0.1 udp")
    a.over()
    for number, word in (CONNECT, "connect"), (RESOLVE, "resolve"):
        s = inetd("--connect-timeout", "1m", env=ROOM)
        s.send(GREETING + request("silent.example.com", 443, command=number)).expect(CHOSEN)
        shows(s, f"picosocks5: 127.0.0.1 {word} silent.example.com:443")
        s.kill(signal.SIGTERM)
        s.rest()
        s.ended("signal")


def behind_a_balancer():
    needs_titles()
    s = remote("--proxy-protocol", "10.0.0.0/8", addr="10.11.12.13", env=ROOM)
    shows(s, "picosocks5: 10.11.12.13")
    s.send(b"PROXY TCP4 192.0.2.7 198.51.100.1 40000 1080\r\n")
    shows(s, "picosocks5: 192.0.2.7")
    s = remote("--proxy-protocol", "10.0.0.0/8", addr="10.11.12.13", env=ROOM)
    s.send(b"PROXY TCP6 2001:db8::7 2001:db8::1 40000 1080\r\n")
    shows(s, "picosocks5: 2001:db8::7")


def ipv6():
    needs_titles()
    isolate()
    up = Listener("::1")
    s = inetd(host="::1", env=ROOM)
    s.connect(up)
    shows(s, f"picosocks5: ::1 connect [::1]:{up.port}")


def odd_user():
    needs_titles()
    needs_hashes("crypt")
    odd = b"root@10.0.0.1 connect\x1b]0;x\x07\xff\"\\'$(x)"
    s = inetd("--users", users_file(odd + b":" + SHA512.encode() + b"\n"), env=ROOM)
    log_in(s, odd, "secret")
    shows(s, r"picosocks5: root@10.0.0.1\x20connect\x1b]0;x\x07\xff\x22\x5c'$(x)@127.0.0.1")


def long_names():
    needs_titles()
    needs_hashes("crypt")
    isolate()
    user = "u" * 255
    host = ".".join(("a" * 63, "b" * 63, "c" * 63, "d" * 61))
    names(f"127.0.0.1 {host}\n")
    up = Listener()
    s = inetd("--users", users_file(f"{user}:{SHA512}\n"), env=ROOM)
    log_in(s, user, "secret").send(request(host, up.port))
    check(read_reply(s).code, 0, "reply")
    up.accept().close()
    shows(s, f"picosocks5: {user}@127.0.0.1 connect {host}:{up.port}")
    s.shut().expect_end().ended("eof", user=user, dest=f"{host}:{up.port}")


def bare(*argv, env=None):
    """The program with these very arguments and this very environment; its client's socket."""
    client, server = tcp_pair()
    with server:
        p = subprocess.Popen(argv, executable=PROGRAM, stdin=server, stdout=server,
                             stderr=subprocess.DEVNULL, env=env or {})
    return p, client


def served(p, client, want):
    """The client is served, and this is the title meanwhile."""
    up = Listener()
    with client, up.sock:
        client.sendall(GREETING + request("127.0.0.1", up.port))
        far = up.accept()
        shows(p, want(up.port))
        far.send(b"far").close()
        got = b""
        while piece := client.recv(100):
            got += piece
        check((got[:4], got[-3:]), (CHOSEN + b"\5\0", b"far"))
    check(p.wait(), 0, "status")


def cut_to_the_room():
    needs_titles()
    if KIND == "sanitize":
        raise Skip("a script starts this build, with arguments and variables of its own")
    def at(n):
        return lambda port: f"picosocks5: 127.0.0.1 connect 127.0.0.1:{port}"[:n]

    served(*bare("picosocks5"), at(10))
    served(*bare("picosocks5", "--socks4"), at(19))
    served(*bare("picosocks5", env={"A": "12345678"}), at(21))
    served(*bare("picosocks5", env={"A": "1" * 100}), at(None))
    served(*bare("", env={"A": "1" * 30}), at(33))
    # A library could still need what the loader was told.
    served(*bare("picosocks5", env={"LD_NOTHING": "1" * 100}), at(10))
    # One variable that is longer than what is ever copied.
    served(*bare("picosocks5", env={"A": "1" * 10000}), at(10))


def no_argument():
    libc = ctypes.CDLL(None)
    client, server = tcp_pair()
    pid = os.fork()
    if not pid:
        os.dup2(server.fileno(), 0)
        os.dup2(server.fileno(), 1)
        libc.execve(PROGRAM.encode(), (ctypes.c_char_p * 1)(None), (ctypes.c_char_p * 1)(None))
        os._exit(127)
    server.close()
    up = Listener()
    client.sendall(GREETING + request("127.0.0.1", up.port))
    up.accept().send(b"far").close()
    with client:
        while client.recv(100):
            pass
    check(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0, "status")


def options_stay():
    needs_hashes("crypt")
    users = users_file(f"alice:{SHA512}\nbob:plain\n")
    config = tmp("config", "deny to 127.0.0.9\nallow from any\n")
    for argv in (["--config", config, "--users", users], [f"-c{config}", f"--users={users}"]):
        s = inetd(*argv, env=ROOM)
        log_in(s, "alice", "secret").send(request("127.0.0.9", 80))
        check(read_reply(s).code, 2, "reply")
        s.expect_end().ended("denied", rule=f"{config}:1")
        s = inetd(*argv, "--log-level", "error", env=ROOM)
        offer_password(s).send(userpass("bob", "plain")).expect(b"\1\1", "status").expect_end()
        s.exits(0).says(f"{users}:2: ")
    s = inetd("--config", tmp("none"), env=ROOM)
    s.rest()
    s.exits(78).says(tmp("none"))


def many_arguments():
    up, many = Listener(), []
    for i in range(400):
        many += ["--deny", f"to 192.0.{i // 200}.{i % 200}"]
    s = inetd(*many, "--deny", "to 127.0.0.8", "--allow", "from any", env=ROOM)
    s.connect(up).close()
    shows(s, f"picosocks5: 127.0.0.1 connect 127.0.0.1:{up.port}")
    s.shut().expect_end().ended("eof")
    s = inetd(*many, "--deny", "to 127.0.0.8", "--allow", "from any", env=ROOM)
    s.refused(2, "127.0.0.8", 80).ended("denied")


def long_request(s, up):
    """Makes a title that takes the place of the first variables."""
    host = "a" * 60 + ".example.com"
    s.send(GREETING + request(host, up.port)).expect(CHOSEN)
    check(read_reply(s).code, 0, "reply")
    far = up.accept()
    shows(s, f"picosocks5: 127.0.0.1 connect {host}:{up.port}")
    return far


def time_zone_stays():
    isolate()
    names("127.0.0.1 " + "a" * 60 + ".example.com\n")
    syslog, up = Datagrams("/dev/log"), Listener()
    s = inetd("--log", "syslog", env={"TZ": "XST-5:30", **ROOM})
    long_request(s, up).close()
    s.shut().expect_end().exits(0)
    text = syslog.messages()[0].decode()
    there = {time.strftime("%b %e %H:%M", time.gmtime(time.time() + 19800 - late))
             for late in (0, 60)}
    assert text.partition(">")[2][:12] in there, (text, there)
    check(one_line(text)["end"], "eof")


def resolver_settings_stay():
    isolate()
    names()
    # A long name of one label, so that the title is long before the name is looked up.
    label, up = "a" * 60, Listener()
    dns = Dns({f"{label}.test.example": ["127.0.0.1"]})
    settings = {"LOCALDOMAIN": "test.example", "RES_OPTIONS": "ndots:2", **ROOM}
    # With a variable of the loader, the title leaves the environment alone.
    if inetd(env={"LD_NOTHING": "", **settings}).ask(label, up.port).code:
        raise Skip("this C library does not read LOCALDOMAIN")
    dns.asked.clear()
    s = inetd(env=settings)
    check(s.ask(label, up.port).code, 0, "reply")
    assert f"{label}.test.example" in dns.asked, dns.asked
    shows(s, f"picosocks5: 127.0.0.1 connect {label}:{up.port}")


def alone_with_proc():
    """From now on new processes are in a pid namespace of their own, and see no others."""
    unshare(NEWPID | NEWNS)
    command_line = "sleep", "86400"
    background(*command_line)
    command("mount", "--make-rprivate", "/")
    command("mount", "-t", "proc", "proc", "/proc")
    check(title(1), " ".join(command_line), "process 1 of the namespace")


def pkill_one_user():
    needs_titles()
    needs("pkill", "mount")
    needs_hashes("crypt")
    alone_with_proc()
    users, up = users_file(f"alice:{SHA512}\nbob:{SHA512}\nalice2:{SHA512}\n"), Listener()
    running = {}
    for user in "alice", "bob", "alice2", "alice":
        s = inetd("--users", users, env=ROOM)
        log_in(s, user, "secret").send(request("127.0.0.1", up.port))
        check(read_reply(s).code, 0, "reply")
        running.setdefault(user, []).append((s, up.accept()))
    listed = command("pgrep", "-af", "^picosocks5: ").splitlines()
    check(len(listed), 4, "sessions listed")
    for line in listed:
        assert re.fullmatch(r"\d+ picosocks5: (alice|alice2|bob)@127\.0\.0\.1 connect \S+", line), line
    command("pkill", "-f", "^picosocks5: alice@")
    for s, far in running.pop("alice"):
        s.expect_end()
        far.expect_end()
        s.ended("signal", user="alice")
    for (s, far), in running.values():
        s.send(b"still there")
        far.expect(b"still there").close()
        s.shut().expect_end().ended("eof")
