# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs picosocks5-report on logs that a test writes, through pipes or at a terminal."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios

from lib.peer import PATIENCE, check
from lib.program import PROGRAM, tmp

REPORT = os.path.join(os.path.dirname(PROGRAM), "picosocks5-report")
OTHERS = "(others)"
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")

_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "TZ": "UTC"}
_ENVIRONMENT.update({k: v for k, v in os.environ.items() if k.endswith("_OPTIONS")})


def session(user="alice", dest="example.com:443", end="eof", reply=0, sent=1, received=2, at=None,
            client="192.0.2.7:40000", more=""):
    """A line of the log; at is the time in front of it. Words are quoted as the program does."""
    words = [("client", client), ("user", user), ("command", "connect"), ("dest", dest)]
    text = " ".join(f'{k}="{v}"' if set(" =") & set(v) else f"{k}={v}" for k, v in words if v)
    prefix = f"{at} proxy picosocks5[7]: " if at else ""
    return f"{prefix}{text} {more}reply={reply} sent={sent} received={received} time=1.2 end={end}"


def log(*lines, name="log"):
    """The path of a log with these lines."""
    return tmp(name, "".join(line + "\n" for line in lines))


def report(*options, stdin="", env=None, **how):
    """(status, standard output, standard error)"""
    p = subprocess.run((REPORT, *options), input=stdin.encode(), env={**_ENVIRONMENT, **(env or {})},
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE, **how)
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def reported(*options, **how):
    """The output of a run without a mistake and without a message."""
    status, out, err = report(*options, **how)
    check((status, err), (0, ""), f"{options}")
    return out


def refused(*options, status=64, words=(), lines=1, **how):
    """The message of a run that prints nothing else."""
    got, out, err = report(*options, **how)
    check((got, out), (status, ""), f"{options}: {err}")
    check(len(err.splitlines()), lines, f"{options}: {err}")
    for line in err.splitlines():
        assert line.startswith("picosocks5-report: "), line
    for w in words:
        assert w in err, f"{w!r} is not in {err!r}"
    return err


def at_terminal(*options, columns=80, env=None):
    """What a terminal of this width shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    env = {**_ENVIRONMENT, "TERM": "xterm", "LC_ALL": "C.UTF-8", **(env or {})}
    p = subprocess.Popen((REPORT, *options), env=env, stdin=subprocess.DEVNULL, stdout=slave,
                         stderr=subprocess.PIPE)
    os.close(slave)
    shown = b""
    try:
        while select.select([master], [], [], PATIENCE)[0]:
            shown += os.read(master, 65536)
    except OSError:  # the last process at the terminal has gone
        pass
    check((p.wait(PATIENCE), p.stderr.read()), (0, b""), f"{options}")
    os.close(master)
    return shown.decode().replace("\r\n", "\n")


def plain(text):
    return ESCAPE.sub("", text)


def default_sigpipe():
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
