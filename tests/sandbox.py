# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that sandbox.bats plays, one for each @test."""

import glob
import os
import re
import socket
import struct
import threading

from lib import program
from lib.http import ESTABLISHED, asked_for_password, asks, basic, gets, passed
from lib.parent import Parent, at_path
from lib.peer import Listener, MIB, check, flow, together
from lib.program import EVERY_WAY, KIND, Skip, inetd, one_line, pause, pipes, run, tmp, unix
from lib.socks5 import name, read_reply, request, v4
from lib.trace import after_sandbox, lines, traced
from lib.users import SHA1, features, users_file
from lib.world import Datagrams, Dns, command, cover, isolate, names, needs


def calls_of_relay():
    isolate()
    syslog = Datagrams("/dev/log")
    journal = Datagrams("/run/systemd/journal/socket")
    traced()
    always = {"ppoll", "recvfrom", "sendmsg", "clock_gettime", "shutdown", "close", "ioctl",
              "setsockopt", "madvise", "rt_sigreturn", "exit_group"}
    sinks = {"none": set(), "stderr": {"write"}, "syslog": set()}
    if features()["journal"]:
        sinks["journal"] = {"socket"}
    ways = {inetd: {"pipe2", "fcntl", "splice"}, unix: set(), pipes: {"read", "write"}}
    up = Listener()
    made = set()

    def talk(s, far):
        s.send(b"ask")
        far.expect(b"ask").send(b"answer")
        s.expect(b"answer")
        together(lambda: flow(s, far, 2 * MIB), lambda: flow(far, s, 2 * MIB))

    def half_closed(s, far):
        talk(s, far)
        pause(1.3)
        s.shut()
        far.expect_end()
        far.send(b"more").close()
        s.expect_end(data=b"more")

    def reset(s, far):
        talk(s, far)
        far.reset()
        s.rest()

    def stopped(s, far):
        s.kill(19)
        s.kill(18)
        talk(s, far)
        s.kill(15)
        far.expect_end()
        s.expect_end()

    for sink, more in sinks.items():
        talks = []
        for start, also in ways.items():
            for ending in half_closed, reset, stopped:
                s = start("--log", sink, *(("--rate", "100M") if ending is stopped else ()))
                talks.append((s, s.connect(up), ending, always | more | also))
        together(*(lambda t=t: t[2](t[0], t[1]) for t in talks))
        # These get EPERM from the filter, and the library goes on.
        refused = {"getsockopt"} if sink == "journal" else set()
        for s, _, ending, allowed in talks:
            s.exits(0)
            names = set(after_sandbox(s))
            assert names <= allowed | refused, (sink, ending.__name__, names - allowed)
            assert len(allowed) <= 15, allowed
            made |= names
        got = len(syslog.messages() + journal.messages())
        check(got, 9 if sink in ("syslog", "journal") else 0, f"messages with {sink}")
    expected = always | ways[inetd]
    assert made >= expected - {"clock_gettime"}, expected - made


def calls_of_http():
    isolate()
    names("127.0.0.1 up.example.com\n")
    with_user = features()["digest"]
    users = ("--users", users_file(f"alice:{SHA1}\n")) if with_user else ()
    traced()
    allowed = {"ppoll", "recvfrom", "sendmsg", "clock_gettime", "shutdown", "close", "ioctl",
               "setsockopt", "madvise", "write", "exit_group"}
    up, right = Listener(), basic("alice", "secret")
    for start, also in (inetd, {"pipe2", "fcntl", "splice"}), (unix, set()), (pipes, {"read"}):
        for host in up.host, "up.example.com":
            for early in b"", b"early":
                s = start("--http", *users)
                if with_user:
                    s.send(asks(host, up.port))
                    asked_for_password(s)
                s.send(asks(host, up.port, right) + early).expect(ESTABLISHED)
                far = up.accept().expect(early)
                flow(s, far, MIB)
                flow(far, s, MIB)
                far.close()
                s.shut().expect_end().ended("eof", user="alice" if with_user else None)
                made = set(after_sandbox(s))
                assert made <= allowed | also, made - allowed - also
        s = start("--http", *users).send(gets(up, b"/", right, method=b"POST") + b"body").shut()
        up.accept().expect(passed(up, method=b"POST")).expect_end(data=b"body")
        s.expect_end().ended("eof")
        made = set(after_sandbox(s))
        assert made <= allowed | also, made - allowed - also


def call_not_on_list():
    isolate()
    syslog = Datagrams("/dev/log")
    journal = Datagrams("/run/systemd/journal/socket")
    up = Listener()
    # Calls made in the conversation are the same in each run.
    traced("inject=recvfrom:error=EINTR:syscall=getppid:when=40+")
    word = "forbidden system call"
    for sink in "stderr", "syslog", *(("journal",) if features()["journal"] else ()):
        s = inetd("--log", sink)
        far = s.connect(up)
        for i in range(40):
            try:
                far.send(b"x")
                s.expect(b"x")
            except (AssertionError, OSError):
                break
        s.close()
        far.close()
        s.exits(71)
        if sink == "stderr":
            s.says(word, "end=failed", "client=127.0.0.1:")
        got = syslog.messages() + journal.messages()
        check(len(got), sink != "stderr", f"messages with {sink}")
        for m in got:
            text = m.decode()
            assert word in text and ("<27>" in text or "\nPRIORITY=3\n" in text), text


def forbidden_before_relay():
    if KIND == "static":
        raise Skip("nothing can be loaded into a static program")
    if not features()["journal"]:
        raise Skip("a build without the journal")
    needs("cc")
    isolate()
    syslog = Datagrams("/dev/log")
    journal = Datagrams("/run/systemd/journal/socket")
    code = tmp("taken_over.c", """
        #include <sys/syscall.h>
        #include <unistd.h>
        long recv(int fd, void *buf, unsigned long n, int flags)
        {
            syscall(SYS_execve, "/bin/true", 0, 0);
            return 0;
        }
        """)
    taken_over = tmp("taken_over.so")
    command("cc", "-shared", "-fPIC", "-o", taken_over, code)
    err = os.open(tmp("stream", ""), os.O_WRONLY | os.O_APPEND)
    st = os.fstat(err)
    traced("trace=openat,socket,execve,exit_group")
    word = "forbidden system call"
    for fds, env in ({}, {}), ({2: err}, {"JOURNAL_STREAM": f"{st.st_dev}:{st.st_ino}"}):
        s = inetd("--log", "journal", env={"LD_PRELOAD": taken_over, **env}, fds=fds)
        s.send(b"\5\1\0")
        s.exits(71)
        trace = lines(s)
        at = max(i for i, line in enumerate(trace) if "SIGSYS" in line)
        loaded = [line for line in trace[at:] if "openat(" in line]
        check(loaded, [], "opened by the handler")
        got = [m.decode() for m in syslog.messages()]
        check(journal.messages(), [], "entries")
        with open(tmp("stream")) as f:
            text = f.read()
        if fds:
            assert not got and text.startswith("<3>client=") and word in text, (got, text)
        else:
            assert len(got) == 1 and got[0].startswith("<27>picosocks5[") and word in got[0], got
            check(text, "")


def line_lost_by_journal():
    isolate()
    syslog = Datagrams("/dev/log")
    journal = Datagrams("/run/systemd/journal/socket")
    if run("--check", "--log", "journal")[0]:
        raise Skip("a build without the journal")
    real = program.PROGRAM
    for error in "ENOBUFS", "EMSGSIZE", "EAGAIN":
        program.PROGRAM = real
        traced(f"inject=sendmsg:error={error}")
        s = inetd("--log", "journal")
        s.connect(Listener()).close()
        s.shut().expect_end().exits(0)
    check((journal.messages(), syslog.messages()), ([], []))


def phases_in_force():
    if KIND in ("sanitize", "valgrind"):
        raise Skip("runs with --no-sandbox")
    if "not in this" in command(program.PROGRAM, "--check"):
        raise Skip("no sandbox in this build or kernel")

    def state(s):
        with open(f"/proc/{s.pid}/status") as f:
            pairs = dict(line.rstrip("\n").split(":\t", 1) for line in f if ":\t" in line)
        return tuple(int(pairs[k]) for k in ("NoNewPrivs", "Seccomp", "Seccomp_filters"))

    up = Listener()
    for start in EVERY_WAY:
        s = start()
        s.greet()
        check(state(s), (1, 2, 1), "before the request")
        s.send(request(up.host, up.port))
        read_reply(s)
        far = up.accept()
        far.send(b"relayed")
        s.expect(b"relayed")
        check(state(s), (1, 2, 2), "in the relay")
        far.close()
        s.shut().expect_end().exits(0)
    s = inetd("--no-sandbox")
    far = s.connect(up)
    far.send(b"relayed")
    s.expect(b"relayed")
    check(state(s), (0, 0, 0), "without")
    far.close()
    s.shut().expect_end().exits(0)


def names_by_every_module():
    isolate()

    class Long(Dns):
        "Answers by TCP alone; by UDP it says that the answer was cut off."

        def __init__(self, zone):
            super().__init__(zone)
            self.by_tcp = 0
            self.stream = socket.create_server(("127.0.0.1", 53))
            threading.Thread(target=self.serve, daemon=True).start()

        def _answer(self, query, end, *what):
            whole = super()._answer(query, end, *what)
            return whole[:2] + b"\x83\x80\0\1\0\0\0\0\0\0" + query[12:end]

        def serve(self):
            while True:
                c, _ = self.stream.accept()
                with c, c.makefile("rb") as f:
                    while head := f.read(2):
                        q = f.read(struct.unpack("!H", head)[0])
                        n, at = [], 12
                        while q[at]:
                            n.append(q[at + 1:at + 1 + q[at]].decode())
                            at += 1 + q[at]
                        kind = struct.unpack("!H", q[at + 1:at + 3])[0]
                        a = super()._answer(q, at + 5, ".".join(n), kind)
                        c.sendall(struct.pack("!H", len(a)) + a)
                        self.by_tcp += 1

    modules = sorted(m for lib in glob.glob("/lib/*/libnss_*.so.2")
                     + glob.glob("/usr/lib/*/libnss_*.so.2")
                     for m in [os.path.basename(lib)[7:-5]] if m not in ("files", "dns", "compat"))
    names()
    cover("/etc/nsswitch.conf", f"hosts: files {' '.join(modules)} dns\n")
    up = Listener()
    Dns({"far.test": ["127.0.0.1"]}) if KIND == "static" else None
    dns = None if KIND == "static" else Long({"far.test": ["127.0.0.1"]})
    for host in "localhost", "far.test":
        s = inetd()
        check(s.ask(host, up.port).code, 0, f"reply for {host} with {modules}")
        far = up.accept()
        far.send(b"here").close()
        s.shut().expect_end(data=b"here").ended("eof", dest=f"{host}:{up.port}")
    s = inetd()
    s.refused(4, "nowhere.test", 80).ended("failed")
    if dns:
        assert dns.by_tcp >= 2, dns.by_tcp


def association_to_names():
    isolate()
    names()
    Dns({"*": ["127.0.0.1"]})
    Datagrams("/dev/log")
    host = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    host.bind(("127.0.0.1", 0))
    port = struct.pack("!H", host.getsockname()[1])
    me = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    me.bind(("127.0.0.1", 0))
    for s in (host, me):
        s.settimeout(20)
    for sink in "stderr", "syslog", *(("journal",) if features()["journal"] else ()):
        s = inetd("--log", sink, "--log-level", "debug")
        s.greet().send(b"\5\3\0" + v4("0.0.0.0") + b"\0\0")
        at = read_reply(s)
        check(at.code, 0, "reply")
        for i in range(8):
            me.sendto(b"\0\0\0" + name(f"h{i}.test") + port + b"to you", (at.host, at.port))
            data, back = host.recvfrom(100)
            check(data, b"to you")
            host.sendto(b"to me", back)
            assert me.recv(100).endswith(b"to me")
        s.shut().expect_end().exits(0)
        if s.err and sink == "stderr":
            check(one_line(s.stderr())["end"], "eof")


def memory_of_idle_session():
    if KIND in ("sanitize", "valgrind"):
        raise Skip("runs with --no-sandbox")

    def private(*options):
        s = inetd("--log", "stderr", *options)
        far = s.connect(up)
        pause(0.2)
        try:
            with open(f"/proc/{s.pid}/smaps_rollup") as f:
                pairs = dict(line.split(":", 1) for line in list(f)[1:])
        except PermissionError:
            raise Skip("needs to look at a process that can't be dumped")
        far.close()
        s.shut().expect_end().exits(0)
        return int(pairs["Anonymous"].split()[0])

    up = Listener()
    private()
    most = private("--no-sandbox") + 16
    got = private()
    assert got <= most, (got, most)


def check_names_sandbox():
    code, out, err = run("--check")
    line, = [x for x in out.splitlines() if x.startswith("#") and "sandbox" in x]
    has = r"seccomp filters: .*; Landlock: .*; MDWE: (yes|not in this kernel)"
    assert re.match(rf"# sandbox: (off|not in this build|{has})$", line), line
    code, out, err = run("--check", "--no-sandbox")
    assert "# sandbox: off" in out.splitlines(), out


def through_parents():
    """Sessions with a parent, and what a process that was taken over could reach in them."""
    if KIND in ("static", "sanitize", "valgrind"):
        raise Skip("needs a library in front of the program, and its sandbox")
    if not re.search(r"Landlock: .*TCP ports", command(program.PROGRAM, "--check")):
        raise Skip("this kernel's Landlock knows no ports")
    needs("cc")
    isolate()
    names()
    Dns({"far.test": ["127.0.0.1"], "parent.test": ["127.0.0.1"]})
    code = tmp("taken_over.c", """
        #include <errno.h>
        #include <netinet/in.h>
        #include <stdio.h>
        #include <stdlib.h>
        #include <string.h>
        #include <sys/socket.h>
        #include <sys/syscall.h>
        #include <unistd.h>

        static char probes[100];
        static int tell;

        __attribute__((constructor)) static void begin(void)
        {
            const char *s = getenv("PROBE");

            strcpy(probes, s ? s : "");
            tell = s != NULL;
        }

        /* Writes the ports that can be reached: they refuse, because nobody listens there. */
        static void probe(const char *when)
        {
            char line[200];
            int n = sprintf(line, "probe %s", when);
            char *rest = probes;

            for (long port; (port = strtol(rest, &rest, 10)) != 0;) {
                struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(port) };
                int fd = syscall(SYS_socket, AF_INET, SOCK_STREAM, 0);

                to.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
                if (syscall(SYS_connect, fd, &to, sizeof(to)) == 0 || errno != EACCES)
                    n += sprintf(line + n, " %ld", port);
                syscall(SYS_close, fd);
            }
            line[n++] = '\\n';
            if (tell)
                syscall(SYS_write, 2, line, n);
        }

        int connect(int fd, const struct sockaddr *to, socklen_t len)
        {
            int type;
            socklen_t size = sizeof(type);

            getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size);
            if (type == SOCK_STREAM)
                probe("connect");
            return syscall(SYS_connect, fd, to, len);
        }

        int eventfd(unsigned value, int flags)
        {
            probe("lookup");
            return syscall(SYS_eventfd2, value, flags);
        }
        """)
    taken_over = tmp("taken_over.so")
    command("cc", "-D_GNU_SOURCE", "-shared", "-fPIC", "-o", taken_over, code)
    up = Listener()
    socks, web, (unix_parent, unix_route) = Parent(), Parent(), at_path("parent")
    dest, first, second, other, dns = up.port, socks.port, web.port, 9, 53
    by_name = f"socks5://parent.test:{first}"
    near = f"to 127.0.0.0/8 via socks5://127.0.0.1:{first}"
    far = f"to 192.0.2.0/24 via socks5://127.0.0.1:{first}"
    via = f"via socks5://127.0.0.1:{first}"
    all_ports = dest, first, second, other, dns

    def seen(rules, host, *want, asked=None, options=()):
        """What the process could reach when it looks up a name, and when it connects."""
        s = inetd(*options, *(x for r in rules for x in ("--allow", r)),
                  env={"LD_PRELOAD": taken_over, "PROBE": " ".join(map(str, all_ports))})
        check(s.ask(host, dest).code, 0, f"reply for {host} by {rules}")
        end = up.accept()
        end.send(b"here")
        s.expect(b"here")
        end.close()
        s.shut().expect_end().exits(0)
        found = dict.fromkeys(re.findall(r"^probe (\w+)(.*)$", s.stderr(), re.M))
        got = [(when, {int(p) for p in ports.split()}) for when, ports in found]
        check(got, list(want), f"what {host} could reach by {rules}")
        told = [parent.asked.pop() for parent in (socks, web, unix_parent) if parent.asked]
        check(told, [(asked, dest)] if asked else [], "what the parents were asked for")

    here = "127.0.0.1"
    seen([], here, ("connect", {dest}))
    seen([], "far.test", ("lookup", {dest, dns}), ("connect", {dest, dns}))
    seen([via], here, ("connect", {first}), asked=here)
    seen([f"via http://127.0.0.1:{second}"], here, ("connect", {second}), asked=here)
    seen([f"via {unix_route}"], here, ("connect", set()), asked=here)
    seen([f"via {by_name}"], here, ("lookup", {first, dns}), ("connect", {first, dns}), asked=here)
    by_option = "--via", f"socks5://127.0.0.1:{first}"
    seen([], here, ("connect", {first}), asked=here, options=by_option)
    seen(["via direct"], here, ("connect", {dest}), options=by_option)
    seen([f"to .onion {via}", ""], here, ("connect", {dest}))
    seen([f"to .onion {via}", ""], "far.test",
         ("lookup", {dest, dns}), ("connect", {dest, dns}))
    every = "lookup", {dest, dns, first, second}
    seen([near, f"via http://127.0.0.1:{second}"], "far.test", every,
         ("connect", {first}), asked=here)
    seen([far, f"via http://127.0.0.1:{second}"], "far.test", every,
         ("connect", {second}), asked=here)
    seen([far, f"port 1 via http://127.0.0.1:{second}", ""], "far.test", every,
         ("connect", {dest}))
    seen([far, f"via {unix_route}"], "far.test", ("lookup", {dest, dns, first}),
         ("connect", set()), asked=here)
    unix_parent.hosts["x.onion"] = "127.0.0.1"
    seen([f"to .onion via {unix_route}", f"via http://127.0.0.1:{second}"], "x.onion",
         ("connect", set()), asked="x.onion")


def calls_of_relay_through_parents():
    isolate()
    traced()
    allowed = {"ppoll", "recvfrom", "sendmsg", "clock_gettime", "shutdown", "close", "ioctl",
               "setsockopt", "madvise", "write", "exit_group", "pipe2", "fcntl", "splice"}
    up = Listener()
    port = Parent().port
    for route in f"socks5://127.0.0.1:{port}", f"http://127.0.0.1:{port}", at_path("parent")[1]:
        s = inetd("--allow", f"via {route}")
        check(s.ask(up.host, up.port).code, 0, f"reply through {route}")
        end = up.accept()
        flow(s, end, MIB)
        flow(end, s, MIB)
        end.close()
        s.shut().expect_end().ended("eof")
        made = set(after_sandbox(s))
        assert made <= allowed, (route, made - allowed)
