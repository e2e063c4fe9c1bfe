# SPDX-License-Identifier: GPL-3.0-or-later
"""A person at a terminal at which the program runs, as a job in the foreground of a shell."""

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


def _program(slave, argv, fds, env):
    """Becomes the program, in the foreground if the terminal is that of the session."""
    try:
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTTOU})
        try:
            os.tcsetpgrp(slave, os.getpid())
        except OSError:
            pass
        signal.pthread_sigmask(signal.SIG_SETMASK, ())
        for number, fd in fds.items():
            os.dup2(fd, number, inheritable=True)
        os.execve(argv[0], argv, env)
    finally:
        os._exit(127)


def _shell(slave, argv, fds, env, controls, report, stay):
    """Leads the session, starts the program, and reports what becomes of it, a word a line."""
    os.setsid()
    if controls:
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    pid = os.fork()
    if not pid:
        _program(slave, argv, fds, env)
    os.write(report, f"{pid}\n".encode())
    while True:
        _, status = os.waitpid(pid, os.WUNTRACED)
        if os.WIFSTOPPED(status):
            os.write(report, b"stopped\n")
            continue
        core = " and a core file" if os.WIFSIGNALED(status) and os.WCOREDUMP(status) else ""
        os.write(report, f"{os.waitstatus_to_exitcode(status)}{core}\n".encode())
        break
    os.read(stay, 1)  # the terminal would be hung up when its session has no leader
    os._exit(0)


class Typist:
    """Descriptor 0 of the program is the terminal; 1 and 2 are files, or 2 is the terminal as well if
    it is not that of the session."""

    def __init__(self, *options, controls=True, out=None):
        self.master, self.slave = pty.openpty()
        self.before = termios.tcgetattr(self.slave)
        self.out = os.memfd_create("stdout") if out is None else out
        self.err = os.memfd_create("stderr")
        self._report, report = os.pipe()
        stay, self._stay = os.pipe()
        fds = {0: self.slave, 1: self.out, 2: self.err if controls else self.slave}
        env = {k: v for k, v in os.environ.items() if k.endswith("_OPTIONS") or k == "PATH"}
        self._leader = os.fork()
        if not self._leader:
            os.close(self._stay)
            try:
                _shell(self.slave, [PROGRAM, *options], fds, env, controls, report, stay)
            finally:
                os._exit(127)
        os.close(report)
        os.close(stay)
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
        os.close(self._stay)
        os.waitpid(self._leader, 0)
        for fd in self.master, self.slave, self._report, self.err:
            os.close(fd)
