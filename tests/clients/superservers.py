# SPDX-License-Identifier: GPL-3.0-or-later
"""The superservers, each started by the very file that make install has left for it.

All run on a booted machine (tests/superservers/machine), where clients reach each of them at
127.0.0.1:1080, and s6 at a unix socket. A superserver without a file in inetd/, such as
systemd-socket-activate, gets the same command.
"""

import os
import signal
import socket
import subprocess

from lib.peer import eventually
from lib.program import tmp
from lib.world import answers, command

SBIN, ETC, SHARE = (os.environ[k] for k in ("sbindir", "sysconfdir", "pkgdatadir"))
PROGRAM = f"{SBIN}/picosocks5", "--config", f"{ETC}/picosocks5.conf"


def unpacked(path):
    """A path in a package that superservers/fetch has unpacked."""
    return f"{os.environ['abs_top_builddir']}/superservers/{path}"


class Superserver:
    """A kind of superserver; its processes run from start() to stop()."""

    def __init__(self, name, *commands, at=(("127.0.0.1", 1080),), path=None, pidfile=None,
                 ends_both=False):
        self.name, self.commands = name, commands
        self.at = at            # where it listens
        self.path = path        # its unix socket, in place of that
        self.ends_both = ends_both  # does the end of one direction end the other as well?
        self.pidfile = pidfile  # if it goes into the background

    def start(self):
        self.running = []
        with open(tmp(f"{self.name}.out"), "ab") as out:
            for argv in self.commands:
                # Descriptor 3: on it s6 is told that the service listens.
                self.running.append(subprocess.Popen(
                    ["/bin/sh", "-c", 'exec "$@" 3>/dev/null', "sh", *argv], stdout=out, stderr=out,
                    stdin=subprocess.DEVNULL, env={"PATH": os.environ["PATH"]}))
        self.wait()

    def wait(self):
        if self.path:
            eventually(self.listens, f"{self.name} listens")
        for host, port in () if self.path else self.at:
            answers(host, port)

    def listens(self):
        with socket.socket(socket.AF_UNIX) as s:
            return s.connect_ex(self.path) == 0

    def stop(self):
        if self.pidfile:
            with open(self.pidfile) as f:
                pid = int(f.read())
            os.kill(pid, signal.SIGTERM)
            eventually(lambda: not os.path.exists(f"/proc/{pid}"), f"{self.name} has ended")
        for p in self.running:
            if not self.pidfile:
                p.terminate()
            p.wait()

    def said(self):
        with open(tmp(f"{self.name}.out"), "rb") as f:
            return f.read().decode("latin-1")


class Unit(Superserver):
    """systemd itself, with a unit of this project."""

    def start(self):
        command("systemctl", "start", *self.commands)
        self.wait()

    def stop(self):
        command("systemctl", "stop", *self.commands)

    def said(self):
        return ""  # it is in the journal


BOTH = ("127.0.0.1", 1080), ("::1", 1080)


def activate(name, *options):
    return Superserver(name, ("systemd-socket-activate", "--accept", *options,
                              "-l", "127.0.0.1:1080", "-l", "[::1]:1080", *PROGRAM), at=BOTH)


def tls(name, *argv):
    """TLS in front of the proxy, and stunnel on the client's side."""
    return Superserver(name, argv, (unpacked("stunnel4/usr/bin/stunnel4"), "/run/client.conf"),
                       at=(("127.0.0.1", 1081), ("127.0.0.1", 1080)), ends_both=True)


INETD_CONF = f"{SHARE}/inetd/inetd.conf"

SUPERSERVERS = (
    Unit("systemd", "picosocks5.socket", at=BOTH),
    Unit("busy", "picosocks5-busy@127.0.0.1.service"),
    activate("activate"),
    activate("activate-i", "--inetd"),
    Superserver("openbsd", (unpacked("openbsd-inetd/usr/sbin/inetd"), "-i", INETD_CONF)),
    Superserver("inetutils", (unpacked("inetutils-inetd/usr/sbin/inetutils-inetd"), INETD_CONF),
                pidfile="/run/inetd.pid"),
    Superserver("xinetd", (unpacked("xinetd/usr/sbin/xinetd"), "-dontfork", "-f",
                           f"{SHARE}/inetd/xinetd")),
    Superserver("tcpserver", (f"{SHARE}/inetd/tcpserver/run",)),
    Superserver("tcpsvd", (f"{SHARE}/inetd/ipsvd/run",)),
    Superserver("socat", (f"{SHARE}/inetd/socat/run",)),
    # Between client and session, on a socketpair. On pipes socat 1.7 does not notice the end of
    # what the session sends before the session itself has ended, which waits for the client.
    Superserver("socat-s", ("socat", "-t", "60", "TCP4-LISTEN:1080,bind=127.0.0.1,reuseaddr,fork",
                            "EXEC:" + " ".join(PROGRAM))),
    Superserver("ncat", ("ncat", "-k", "-l", "127.0.0.1", "1080", "-e", " ".join(PROGRAM)),
                ends_both=True),
    Superserver("s6", (f"{SHARE}/inetd/s6-unix/run",), path="/run/picosocks5/socket"),
    tls("stunnel", unpacked("stunnel4/usr/bin/stunnel4"), f"{SHARE}/inetd/stunnel.conf"),
    tls("tlswrap", f"{SHARE}/inetd/tlswrapper/run"),
)
