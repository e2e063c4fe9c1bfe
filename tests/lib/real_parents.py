# SPDX-License-Identifier: GPL-3.0-or-later
"""Proxies that others wrote, as parents of ours, in a world of three hosts.

The client and our proxy are on this host. The parents are on a second host, and the destination is
on a third, which only the second can reach and whose name only the second can look up.
"""

import os
import socket
import textwrap

from lib.peer import End, Listener, check, closed_port, eventually, http
from lib.program import PROGRAM, lines_of, tmp
from lib.proxy import children
from lib.world import (Dns, Elsewhere, answers, background, command, cover, ip, isolate, names,
                       needs)

NAME = "far.example.com"
USER, PASSWORD = "alice", "secret"
LOGIN = f"{USER}:{PASSWORD}@"
MD5 = "$1$vOpuLQnd$ccA4t8H4KIit9067QEhlX."  # of the password, by crypt(3)
PAGE = b"a page from far away"


class Client(End):
    """A client's end of a connection to a proxy."""

    def __init__(self, proxy):
        sock = socket.create_connection((proxy.host, proxy.port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        End.__init__(self, sock)


class World:
    """The three hosts: web and dest are servers on the third, which sees the address `seen`.

    Each method that starts a daemon on the second host returns where it listens.
    """

    SOCKS, CONTROL = "/mnt/tor/socks", "/mnt/tor/control"

    def __init__(self, here=None):
        isolate()
        needs("tcpserver", "systemd-socket-activate", "curl")
        # Daemons that give up root can't enter the test's own folder.
        command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/mnt")
        command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
        names()
        self.dns = Dns(here or {})
        self.hosts = Elsewhere()
        self.parent = self.hosts.THERE[0]
        with self.hosts:
            far = Elsewhere(1)
            self.seen, self.host = far.HERE[0], far.THERE[0]
            self.dns_there = Dns({NAME: [self.host]})
            ip("route add unreachable 203.0.113.0/25")
            with far:
                self.web = Listener(self.host, 8080).serve(http(PAGE))
                self.dest = Listener(self.host)

    def port(self):
        """A free port of the parents' host."""
        with self.hosts:
            return closed_port(self.parent)

    def danted(self, login=False):
        """Dante, which takes the passwords of the system's users: here a user of this world's."""
        port = self.port()
        if login:
            for path, line in (("/etc/passwd", f"{USER}:x:64000:64000::/:/bin/false\n"),
                               ("/etc/shadow", f"{USER}:{MD5}:19000::::::\n")):
                with open(path) as f:
                    cover(path, f.read() + line)
        daemon = self._start(port, "danted", "-f", self.file("danted.conf", f"""
            logoutput: stderr
            internal: {self.parent} port = {port}
            external: {self.seen}
            clientmethod: none
            socksmethod: {'username' if login else 'none'}
            user.privileged: root
            user.unprivileged: nobody
            client pass {{ from: 0/0 to: 0/0 }}
            socks block {{ from: 0/0 to: 0/0 port = 81 }}
            socks pass {{ from: 0/0 to: 0/0 }}
            """), "-p", f"/mnt/danted.{port}")
        daemon.kill = daemon.terminate  # because only Dante can end its many processes
        return f"{self.parent}:{port}"

    def microsocks(self, login=False):
        port = self.port()
        more = ("-u", USER, "-P", PASSWORD) if login else ()
        self._start(port, "microsocks", "-i", self.parent, "-p", str(port), "-b", self.seen, *more)
        return f"{self.parent}:{port}"

    def tinyproxy(self, login=False):
        port = self.port()
        self._start(port, "tinyproxy", "-d", "-c", self.file("tinyproxy.conf", f"""
            Port {port}
            Listen {self.parent}
            Timeout 60
            MaxClients 50
            {f'BasicAuth {USER} {PASSWORD}' if login else ''}
            """))
        return f"{self.parent}:{port}"

    def squid(self, login=False):
        port = self.port()
        self.file("squid.users", f"{USER}:{MD5}\n")
        basic = """auth_param basic program /usr/lib/squid/basic_ncsa_auth /mnt/squid.users
            acl known proxy_auth REQUIRED
            http_access deny !known""" if login else ""
        self._start(port, "squid", "-N", "-f", self.file("squid.conf", f"""
            http_port {self.parent}:{port}
            visible_hostname squid.example.com
            dns_nameservers 127.0.0.1
            hosts_file none
            pid_filename none
            access_log none
            cache_log /dev/null
            cache deny all
            pinger_enable off
            connect_timeout 1 second
            connect_retries 0
            shutdown_lifetime 0 seconds
            acl forbidden port 81
            http_access deny forbidden
            {basic}
            http_access allow all
            """))
        return f"{self.parent}:{port}"

    def ssh(self):
        """ssh -D, beside its server."""
        needs("ssh", "ssh-keygen", "/usr/sbin/sshd")
        port, server = self.port(), self.port()
        os.mkdir("/run/sshd", 0o755)
        for key in "host", "user":
            command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"/mnt/{key}")
        self._start(server, "/usr/sbin/sshd", "-D", "-e", "-f", self.file("sshd.conf", f"""
            Port {server}
            ListenAddress {self.parent}
            HostKey /mnt/host
            AuthorizedKeysFile /mnt/user.pub
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            """))
        self._start(port, "ssh", "-F", "none", "-N", "-D", f"{self.parent}:{port}",
                    "-i", "/mnt/user", "-o", "StrictHostKeyChecking=no",
                    "-o", "UserKnownHostsFile=/dev/null",
                    "-p", str(server), f"root@{self.parent}")
        return f"{self.parent}:{port}"

    def tor(self):
        """Tor, which reaches nobody; it also listens at SOCKS, and its controller at CONTROL."""
        port = self.port()
        os.mkdir("/mnt/tor", 0o700)
        self._start(port, "tor", "-f", self.file("torrc", f"""
            DataDirectory /mnt/tor
            SocksPort {self.parent}:{port}
            SocksPort unix:{self.SOCKS}
            ControlPort unix:{self.CONTROL}
            CookieAuthentication 0
            SocksTimeout 1
            SafeLogging 0
            """))
        return f"{self.parent}:{port}"

    def haproxy(self, mode, *servers):
        """HAProxy, in front of servers on the parents' host."""
        port = self.port()
        lines = "".join(f"\n                server s{i} {at}" for i, at in enumerate(servers))
        self._start(port, "haproxy", "-db", "-f", self.file(f"haproxy.{port}", f"""
            defaults
                mode {mode}
                timeout connect 60s
                timeout client 60s
                timeout server {'60s' if mode == 'tcp' else '500ms'}
                retries 1
                option redispatch
            listen parents
                bind {self.parent}:{port}
                balance roundrobin{lines}
            """))
        return f"{self.parent}:{port}"

    def ours(self, *settings):
        """Another of our proxies."""
        with self.hosts:
            return Proxy(*settings, host=self.parent)

    def _start(self, port, name, *argv):
        """Starts a daemon on the parents' host, and waits until its port answers."""
        needs(name)
        with self.hosts:
            daemon = background(name, *argv)
            answers(self.parent, port)
        return daemon

    @staticmethod
    def file(name, text):
        path = os.path.join("/mnt", name)
        with open(path, "w") as f:
            f.write(textwrap.dedent(text))
        return path


class Proxy:
    """Our proxy under a superserver, with the lines of a config file that only root can read."""

    def __init__(self, *settings, host="127.0.0.1", port=None, systemd=False, limit=50):
        self.host, self.port = host, port or closed_port(host)
        self.at, self.log, self._read = f"{host}:{self.port}", tmp(f"{self.port}.log", ""), 0
        config = tmp(f"{self.port}.conf", "\n".join(("socks4", "http", *settings, "")))
        os.chmod(config, 0o600)
        server = ("tcpserver", "-HRl0", f"-c{limit}", host, str(self.port))
        if systemd:
            server = "systemd-socket-activate", "--accept", "--inetd", "-l", self.at
        self._server = background("sh", "-c", 'exec "$@" 2>>"$0"', self.log, *server, PROGRAM,
                                  "--log", "stderr", "--config", config)
        answers(host, self.port)
        self.lines(1)

    def ended(self):
        """The lines of the sessions that have ended since they were last asked for."""
        with open(self.log, encoding="latin-1") as f:
            return lines_of(f.read())[self._read:]

    def all_ended(self):
        """Waits until no session is left."""
        eventually(lambda: not list(children(self._server.pid)), "all sessions have ended")

    def lines(self, number):
        """Waits until so many sessions have ended, and no more; returns their lines."""
        eventually(lambda: len(self.ended()) >= number, f"{number} sessions have ended")
        lines = self.ended()
        check(len(lines), number, f"sessions in {lines}")
        self._read += number
        return lines

    def line(self, **keys):
        """The line of one session, which has these keys."""
        line, = self.lines(1)
        check({k: line.get(k) for k in keys}, keys, f"in {line}")
        return line
