# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts the program in each way that superservers do, and says how it ended.

A session is the client's end of the connection together with the process that serves it. The exit
status must be 0 even if the script does not check it.
"""

import ctypes
import errno
import fcntl
import os
import re
import resource
import select
import signal
import socket
import stat
import sys
import time

from lib.peer import End, EOF, PATIENCE, check, host_of
from lib.socks5 import CHOSEN, GREETING, NONE_ACCEPTABLE, Reply, read_reply, refusal, request

PROGRAM = os.environ["PICOSOCKS5"]
SOURCE = os.environ["abs_top_srcdir"]
TMP = os.environ["BATS_TEST_TMPDIR"]
KIND = os.environ.get("PICOSOCKS5_TEST_KIND", "")  # of the build, if it is not the ordinary one
SELF = object()  # as a value in the environment: stands for the process's own id

_TOOLS = re.compile("^(ASAN|UBSAN|LSAN|MSAN|LLVM|GCOV|VALGRIND)_")
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
_ENVIRONMENT.update({k: v for k, v in os.environ.items() if _TOOLS.match(k)})
_all = []

for _fd in os.listdir("/proc/self/fd"):  # the program must not inherit what a test runner left open
    if int(_fd) > 2 and os.path.exists(f"/proc/self/fd/{_fd}"):
        os.set_inheritable(int(_fd), False)


class Skip(Exception):
    """Says why this machine can't test a promise."""


def tmp(name, text=None):
    """Returns a path in the test's own folder; writes content to the file if there is any."""
    path = os.path.join(TMP, name)
    if text is not None:
        with open(path, "wb") as f:
            f.write(text if isinstance(text, bytes) else text.encode())
    return path


_RESET = (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT)  # what Python has changed


def _high(fds):
    """Copies the descriptors to high numbers, out of the way of those that they shall get."""
    return {n: fcntl.fcntl(f, fcntl.F_DUPFD_CLOEXEC, 100) for n, f in fds.items()}


def _spawn(argv, fds, env, block):
    high = _high(fds)
    actions = [(os.POSIX_SPAWN_CLOSE, n) for n in range(3) if n not in fds]
    actions += [(os.POSIX_SPAWN_DUP2, f, n) for n, f in high.items()]
    try:
        return os.posix_spawn(argv[0], argv, {**_ENVIRONMENT, **env}, file_actions=actions,
                              setsigmask=block, setsigdef=_RESET)
    finally:
        for f in high.values():
            os.close(f)


def _fork(argv, fds, env, block, ignore, limits, umask):
    """For settings that posix_spawn(3) does not have."""
    pid = os.fork()
    if pid:
        return pid
    try:
        high = _high(fds)
        os.closerange(0, 100)
        for n, f in high.items():
            os.dup2(f, n, inheritable=True)
        for s in _RESET:
            signal.signal(s, signal.SIG_DFL)
        for s in ignore:
            signal.signal(s, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, block)
        for what, value in limits.items():
            resource.setrlimit(what, (value, value))
        os.umask(umask)
        os.execve(argv[0], argv, {**_ENVIRONMENT, **env})
    finally:
        os._exit(127)


class Process:
    """A run of the program with the descriptors given; a descriptor not named is closed."""

    def __init__(self, options, fds, env=None, block=(), ignore=(), limits=None, umask=None):
        self.argv = [PROGRAM, *options]
        self.err = None
        if 2 not in fds:
            self.err = os.memfd_create("stderr")
            fds = {**fds, 2: self.err}
        fds = {n: f if isinstance(f, int) else f.fileno() for n, f in fds.items()
               if f is not None}
        argv, env = self.argv, dict(env or {})
        for key in [k for k, v in env.items() if v is SELF]:
            del env[key]
            argv = ["/bin/sh", "-c", f'{key}=$$ exec "$@"', "sh", *argv]
        self._status = self.expected = None
        self.began = time.monotonic()
        if ignore or limits or umask is not None:
            self.pid = _fork(argv, fds, env, block, ignore, limits or {},
                             0o22 if umask is None else umask)
        else:
            self.pid = _spawn(argv, fds, env, block)
        _all.append(self)

    def _reap(self, flags):
        if self._status is None:
            pid, raw, self.usage = os.wait4(self.pid, flags)
            if pid:
                self._status = os.waitstatus_to_exitcode(raw)

    @property
    def alive(self):
        self._reap(os.WNOHANG)
        return self._status is None

    def wait(self, patience=None):
        """The exit status, or minus the signal."""
        if self._status is None:
            fd = os.pidfd_open(self.pid)
            try:
                if not select.select([fd], [], [], PATIENCE if patience is None else patience)[0]:
                    raise AssertionError(f"still running: {self.argv}")
            finally:
                os.close(fd)
            self._reap(0)
        self.expected = self._status
        return self._status

    def forget(self):
        """Forgets a process that has ended and was checked, because there are many."""
        _all.remove(self)
        if self.err is not None:
            os.close(self.err)

    def kill(self, number):
        os.kill(self.pid, number)

    def stderr(self):
        """All that was written to descriptor 2, once the process has ended."""
        self.wait()
        return os.pread(self.err, 1 << 20, 0).decode("latin-1")

    def exits(self, status):
        check(self.wait(), status, f"exit status of {self.argv[1:]}, saying {self.said()!r},")
        return self

    def said(self):
        return self.stderr() if self.err is not None else None

    def says(self, *words):
        """The message on descriptor 2 is one line and has each of the words in it."""
        text = self.stderr()
        check(len(text.splitlines()), 1, f"lines of {text!r}")
        for w in words:
            assert w.lower() in text.lower(), f"{w!r} is not in {text!r}"
        return self


class Session(End, Process):
    """A process and the client's end of its connection."""

    def __init__(self, options, end, fds, **how):
        End.__init__(self, *end)
        Process.__init__(self, options, fds, **how)

    def wait(self, patience=None, stay=False):
        """As above; a client that has read the end closes, unless it is to stay."""
        if self.over and not stay:
            self.close()
        return Process.wait(self, patience)

    def greet(self, methods=b"\0"):
        return self.send(bytes([5, len(methods)]) + methods).expect(CHOSEN, "chosen method")

    def ask(self, host, port, granted=0, **more):
        """Greets, asks, and reads the reply, which has these flags."""
        self.greet().send(request(host, port, **more))
        return read_reply(self, granted)

    def connect(self, listener):
        """Connects to the listener; returns the far end."""
        reply = self.ask(listener.host, listener.port)
        check(reply.code, 0, "reply")
        far = listener.accept()
        check((reply.host, reply.port), listener.peer, "address in the reply")
        return far

    def refused(self, code, host, port, **more):
        """Asks, and reads exactly this refusal and a clean end."""
        check(self.ask(host, port, **more), Reply(code, "0.0.0.0", 0), f"reply for {host!r}")
        self.expect_end()
        return self

    def kept_out(self, listener, **keys):
        """Asks for the listener; the rules have nothing for this client, before or after."""
        self.send(GREETING + request(listener.host, listener.port))
        got, how = self.rest()
        check(how, EOF, "the end")
        assert got in (NONE_ACCEPTABLE, CHOSEN + refusal(2)), f"not kept out: {got!r}"
        assert listener.nobody_came()
        self.exits(0)
        line = self.log
        assert line["end"] in ("denied",) + ("auth",) * (got == NONE_ACCEPTABLE), line
        check({k: line.get(k) for k in keys}, keys, f"in {line}")
        return self

    @property
    def log(self):
        """The session's line, as a dictionary."""
        return one_line(self.stderr())

    def ended(self, end, **keys):
        """Exit status 0 and, if descriptor 2 is ours, one line with this end and these keys."""
        self.exits(0)
        if self.err is None:
            return self
        line = self.log
        check({k: line.get(k) for k in ("end", *keys)}, {"end": end, **keys}, f"in {line}")
        return self


_PAIR = re.compile(r'([a-z_]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?=\s|$)')


def logfmt(line):
    return {k: v[1:-1] if v[:1] == '"' else v for k, v in _PAIR.findall(line)}


def lines_of(text):
    """Each session's line in a log, as dictionaries."""
    found = (logfmt(line) for line in text.splitlines())
    return [pairs for pairs in found if "end" in pairs]


def one_line(text):
    lines = lines_of(text)
    check(len(lines), 1, f"session lines in {text!r}")
    return lines[0]


def tcp_pair(host="127.0.0.1", here="", family=None):
    """Both ends of a real TCP connection: the client's, the server's."""
    family = family or (socket.AF_INET6 if ":" in host else socket.AF_INET)
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.bind(("::" if family == socket.AF_INET6 and ":" not in host else host, 0))
        listener.listen(1)
        where = socket.AF_INET6 if ":" in host else socket.AF_INET
        client = socket.socket(where, socket.SOCK_STREAM)
        if here:
            client.bind((here, 0))
        client.connect((host, listener.getsockname()[1]))
        server, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return client, server


def _serve(options, ends, fds, how):
    """Starts a session, and closes the descriptors that only the process may have."""
    client, mine = ends
    session = Session(options, client, fds, **how)
    for f in mine:
        f.close()
    return session


def inetd(*options, host="127.0.0.1", family=None, pair=None, **how):
    """A TCP connection on descriptors 0 and 1; 2 is a file."""
    client, server = pair or tcp_pair(host, family=family)
    session = _serve(options, ((client,), (server,)), {0: server, 1: server, **how.pop("fds", {})},
                     how)
    session.name = host_of(client.getsockname()) if client.family != socket.AF_UNIX else None
    return session


def classic(*options, **how):
    """A TCP connection on descriptors 0, 1 and 2, as inetd and xinetd hand it over."""
    client, server = tcp_pair()
    return inetd(*options, pair=(client, server), fds={2: server}, **how)


def activated(*options, fds=None, env=None, pair=None, **how):
    """A TCP connection on descriptor 3, as systemd hands it over."""
    client, server = pair or tcp_pair()
    null = open("/dev/null", "r+b", buffering=0)
    env = {"LISTEN_PID": SELF, "LISTEN_FDS": "1", **(env or {})}
    fds = {0: null, 1: null, 3: server, **(fds or {})}
    return _serve(options, ((client,), (server, null)), fds, {"env": env, **how})


def unix(*options, **how):
    """An AF_UNIX socket pair on descriptors 0 and 1."""
    return inetd(*options, pair=socket.socketpair(), **how)


def _pipe():
    r, w = os.pipe()
    return open(r, "rb", buffering=0), open(w, "wb", buffering=0)


def pipes(*options, fds=None, **how):
    """Two pipes: one on 0, one on 1."""
    (r0, w0), (r1, w1) = _pipe(), _pipe()
    return _serve(options, ((r1, w0), (r0, w1)), {0: r0, 1: w1, **(fds or {})}, how)


def remote(*options, addr="192.0.2.7", port="40000", **how):
    """A client from elsewhere, on pipes, as a UCSPI server announces it."""
    env = {"PROTO": "TCP", "TCPREMOTEIP": addr, "TCPREMOTEPORT": port, **how.pop("env", {})}
    return pipes(*options, env=env, **how)


EVERY_WAY = (inetd, classic, activated, unix, pipes)


def run(*options, **how):
    """Runs the program with nothing on 0; (status, standard output, standard error).

    A --check by root tries files with the rights of root, unless --as names a user: this machine may
    lack the user picosocks5, and the files of tests are for their owner.
    """
    if "--check" in options and "--as" not in options and os.getuid() == 0:
        options += "--as", "root"
    elif "--as" in options and KIND == "sanitize":
        # A leak checker can't stop a process that has given up root's rights.
        leaks = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
        how["env"] = {"ASAN_OPTIONS": leaks, **how.get("env", {})}
    null = os.open("/dev/null", os.O_RDWR)
    out = os.memfd_create("stdout")
    try:
        p = Process(options, {0: null, 1: out}, **how)
        return p.wait(), os.pread(out, 1 << 20, 0).decode(), p.stderr()
    finally:
        os.close(null)
        os.close(out)


def finish_all():
    """Sends each process that the script left running the end of file; it must end."""
    for p in _all:
        if isinstance(p, Session):
            p.close()
    for p in _all:
        if p.expected is None:
            p.exits(0)


def explain():
    """Prints the log of the processes of a broken script."""
    for p in _all[-12:]:
        if p.err is not None:
            text = os.pread(p.err, 4096, 0).decode("latin-1").rstrip()
            print(f"process {p.pid} {p.argv[1:]}: {p._status}: {text}", file=sys.stderr)


def kill_all():
    for p in _all:
        if p.alive:
            p.kill(signal.SIGKILL)
            p._reap(0)


def descriptors(pid):
    """The program's descriptors, without those that valgrind keeps at high numbers."""
    every = sorted(int(n) for n in os.listdir(f"/proc/{pid}/fd"))
    return [n for n in every if n < 256] if KIND == "valgrind" else every


def links(pid):
    """What each descriptor of the program leads to, as the kernel calls it."""
    found = []
    for fd in descriptors(pid):
        try:
            found.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
        except FileNotFoundError:  # closed by now
            pass
    return found


def resident(pid):
    """Bytes in memory."""
    with open(f"/proc/{pid}/statm") as f:
        return int(f.read().split()[1]) * resource.getpagesize()


def pause(seconds):
    time.sleep(seconds)


SO_MAX_PACING_RATE = 47
_PIDFD_GETFD = 438
_libc = ctypes.CDLL(None, use_errno=True)


def borrow(pid, fd):
    """The process's own socket, or None if it is something else, or closed by now."""
    pidfd = os.pidfd_open(pid)
    try:
        copy = _libc.syscall(_PIDFD_GETFD, pidfd, fd, 0)
        if copy < 0 and ctypes.get_errno() == errno.EBADF:
            return None
        if copy < 0:
            raise Skip(f"needs pidfd_getfd: {os.strerror(ctypes.get_errno())}")
    finally:
        os.close(pidfd)
    if stat.S_ISSOCK(os.fstat(copy).st_mode):
        return socket.socket(fileno=copy)
    os.close(copy)
    return None


def is_tcp(pid, fd):
    sock = borrow(pid, fd)
    if not sock:
        return False
    with sock:
        return sock.family != socket.AF_UNIX and sock.type == socket.SOCK_STREAM


def option(pid, fd, name, level=socket.SOL_SOCKET):
    """A socket option of the process, as a number."""
    with borrow(pid, fd) as sock:
        return sock.getsockopt(level, name)
