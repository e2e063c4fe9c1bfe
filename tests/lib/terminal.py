# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a terminal at which the program runs, as a job of a shell."""

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

from lib.peer import PATIENCE
from lib.program import PROGRAM


def _put_forward(slave, group):
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
    os.tcsetpgrp(slave, group)


def _program(slave, argv, fds, env, foreground):
    """Becomes the program, a job of its own."""
    try:
        os.setpgid(0, 0)
        if foreground:
            _put_forward(slave, os.getpid())
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        for number, fd in fds.items():
            os.dup2(fd, number, inheritable=True)
        os.execve(argv[0], argv, env)
    finally:
        os._exit(127)


def _shell(slave, argv, fds, env, controls, foreground, report, orders):
    """Leads the session, starts the program, and reports what becomes of it, a word a line. Each byte
    of orders brings the program to the foreground; their end ends the session."""
    os.setsid()
    if controls:
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    pid = os.fork()
    if not pid:
        _program(slave, argv, fds, env, controls and foreground)
    os.write(report, f"{pid}\n".encode())
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.write(report, b"stopped\n")
            if not foreground and os.read(orders, 1):
                _put_forward(slave, pid)
                os.write(report, b"in the foreground\n")
            continue
        core = " and a core file" if os.WIFSIGNALED(status) and os.WCOREDUMP(status) else ""
        os.write(report, f"{os.waitstatus_to_exitcode(status)}{core}\n".encode())
        break
    os.read(orders, 1)  # the terminal would be hung up when its session has no leader
    os._exit(0)


class Typist:
    """Descriptor 0 of the program is the terminal; 1 and 2 are files, or 2 is the terminal as well if
    it is not that of the session."""

    def __init__(self, *options, controls=True, foreground=True):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.out = os.memfd_create("stdout")
        self.err = os.memfd_create("stderr")
        self._report, report = os.pipe()
        orders, self._orders = os.pipe()
        fds = {0: self.slave, 1: self.out, 2: self.err if controls else self.slave}
        env = {k: v for k, v in os.environ.items() if k.endswith("_OPTIONS") or k == "PATH"}
        self._leader = os.fork()
        if not self._leader:
            os.close(self._orders)
            try:
                _shell(self.slave, [PROGRAM, *options], fds, env, controls, foreground, report,
                       orders)
            finally:
                os._exit(127)
        os.close(report)
        os.close(orders)
        self.said = b""  # on the terminal, so far
        self.pid = int(self.state())

    def _wait(self, fd, what):
        if not select.select([fd], [], [], PATIENCE)[0]:
            raise AssertionError(f"no {what}; the terminal shows {self.said!r}, and descriptor 2 "
                                 f"got {self.stderr()!r}")

    def state(self):
        """What became of the program: "stopped", or its exit status, or minus its signal."""
        line = b""
        while not line.endswith(b"\n"):
            self._wait(self._report, "news of the program")
            line += os.read(self._report, 1)
        return line.decode().strip()

    def sees(self, words, times=1):
        """Waits until the terminal has shown the words so often."""
        until = time.monotonic() + PATIENCE
        while self.said.count(words.encode()) < times:
            self._wait(self.master, repr(words))
            self.said += os.read(self.master, 4096)
            assert time.monotonic() < until, f"{words!r} is not in {self.said!r}"
        return self

    def type(self, text):
        os.write(self.master, text.encode() if isinstance(text, str) else text)
        return self

    def kill(self, number):
        os.kill(self.pid, number)
        return self

    def to_foreground(self):
        os.write(self._orders, b"f")
        assert self.state() == "in the foreground"
        return self

    def settings(self):
        return termios.tcgetattr(self.slave)

    def echoes(self):
        return bool(self.settings()[3] & termios.ECHO)

    def unread(self):
        """The bytes that the next reader of the terminal, the shell, would get."""
        return struct.unpack("i", fcntl.ioctl(self.slave, termios.FIONREAD, bytes(4)))[0]

    def stdout(self):
        return os.pread(self.out, 1 << 16, 0).decode()

    def stderr(self):
        return os.pread(self.err, 1 << 16, 0).decode()

    def leave(self):
        """Ends the session, when the program has ended."""
        os.close(self._orders)
        os.waitpid(self._leader, 0)
        for fd in self.master, self.slave, self._report, self.out, self.err:
            os.close(fd)
