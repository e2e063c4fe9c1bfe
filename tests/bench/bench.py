#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What picosocks5 costs, beside a program that does nothing and beside other SOCKS servers.

    bench.py --load LOAD --nothing NOTHING NAME=PROGRAM...

Each PROGRAM runs under tcpserver. All take turns, round by round, on this machine and over its
loopback interface: read the figures as ratios, within one round. CPU time is that of a control
group, which counts the superserver and every process that it has started, even if it has ended.
Transfers are compared byte by byte before anything is timed, and in samples during the timing; a
wrong byte ends the run without a figure. Needs root, tcpserver, danted and microsocks; 3proxy and
hev-socks5-server take part if they are installed. TLS is measured if the program called dynamic, or
else the first, has it: beside stunnel, haproxy and 3proxy, as far as they are installed. The first
two are in front of the same program, to which they speak plainly.

README.md in this folder says how to read the figures, and what costs what.
"""
import argparse
import ctypes
import json
import os
import pathlib
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time

import report

BASE = report.BASE

# Sessions that --limit allows where limits are measured.
PLACES = 512


class Group:
    """A control group for one server: cpuacct and memory of version 1, or version 2."""

    def __init__(self, name):
        root = pathlib.Path("/sys/fs/cgroup")
        name = f"picosocks5-bench-{os.getpid()}-{name}"
        self.is_v2 = (root / "cgroup.controllers").exists()
        folders = [root] if self.is_v2 else [root / "cpuacct", root / "memory"]
        self.folders = [folder / name for folder in folders]
        for folder in self.folders:
            folder.mkdir()

    def join(self):
        """Before exec: joins the group, and drops root's right to exceed the pipe limits."""
        for capability in (21, 24):  # CAP_SYS_ADMIN, CAP_SYS_RESOURCE
            ctypes.CDLL(None).prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()))

    def pids(self):
        return [int(p) for p in (self.folders[0] / "cgroup.procs").read_text().split()]

    def cpu(self):
        """CPU seconds of all processes that are or were in the group."""
        if self.is_v2:
            return int((self.folders[0] / "cpu.stat").read_text().split()[1]) / 1e6
        return int((self.folders[0] / "cpuacct.usage").read_text()) / 1e9

    def memory(self):
        """Bytes of memory, including those that the kernel uses."""
        name = "memory.current" if self.is_v2 else "memory.usage_in_bytes"
        return int((self.folders[-1] / name).read_text())

    def remove(self):
        for _ in range(100):
            try:
                for folder in self.folders:
                    if folder.exists():
                        folder.rmdir()
                return
            except OSError:
                time.sleep(0.1)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as s:
        return s.getsockname()[1]


class Server:
    """A server in a control group of its own."""

    def __init__(self, name, program, folder, speech=""):
        self.name = name
        self.speech = speech
        self.group = Group(speech.rstrip(":") + name)
        self.port = None
        self.is_superserver = program[0] == "tcpserver"
        command = getattr(self, program[0])(program[1:], folder)
        stdout = subprocess.PIPE if self.port is None else subprocess.DEVNULL
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=stdout,
                                        stderr=subprocess.DEVNULL, preexec_fn=self.group.join)
        if self.port is None:
            self.port = int(self.process.stdout.readline())
        self.await_listener()
        self.at_rest = len(self.group.pids())

    def tcpserver(self, arguments, _, port=0):
        return ["tcpserver", "-1HRl0", "-c", "10000", "-b", "4096", "127.0.0.1", str(port),
                *arguments]

    def own_tls(self, program, folder):
        """The program speaks TLS itself."""
        self.is_superserver = True
        return self.tcpserver([*program, "--tls-certificate", f"{folder}/both.pem"], folder)

    def stunnel(self, program, folder):
        self.port = free_port()
        config = pathlib.Path(folder, "stunnel.conf")
        config.write_text(f"""
            foreground = yes
            syslog = no
            debug = emerg
            pid =
            [proxy]
            accept = 127.0.0.1:{self.port}
            cert = {folder}/both.pem
            sslVersionMin = TLSv1.2
            socket = r:TCP_NODELAY=1
            socket = l:TCP_NODELAY=1
            exec = {program[0]}
            execArgs = {" ".join(program)}
            """)
        return ["stunnel", str(config)]

    def haproxy(self, program, folder):
        self.port, plain = free_port(), free_port()
        config = pathlib.Path(folder, "haproxy.cfg")
        config.write_text(f"""
            defaults
                mode tcp
                timeout connect 5s
                timeout client 60s
                timeout server 60s
            listen proxy
                bind 127.0.0.1:{self.port} ssl crt {folder}/both.pem
                server plain 127.0.0.1:{plain}
""")
        behind = self.tcpserver(program, folder, plain)
        return ["/bin/sh", "-c", f'"$@" & exec haproxy -db -q -f {config}', "sh", *behind]

    def threeproxy_tls(self, _, folder):
        self.port = free_port()
        config = pathlib.Path(folder, "3proxy-tls.cfg")
        config.write_text(f"ssl_server_cert {folder}/certificate.pem\n"
                          f"ssl_server_key {folder}/key.pem\nssl_serv\n"
                          f"auth none\nmaxconn 10000\nsocks -i127.0.0.1 -p{self.port}\n")
        return ["3proxy", str(config)]

    def microsocks(self, _, __):
        self.port = free_port()
        return ["microsocks", "-i", "127.0.0.1", "-p", str(self.port)]

    def danted(self, _, folder):
        self.port = free_port()
        config = pathlib.Path(folder, "danted.conf")
        config.write_text(f"""
            logoutput: /dev/null
            internal: 127.0.0.1 port = {self.port}
            external: lo
            clientmethod: none
            socksmethod: none
            user.privileged: root
            user.unprivileged: nobody
            client pass {{ from: 0/0 to: 0/0 }}
            socks pass {{ from: 0/0 to: 0/0 }}
            """)
        return ["danted", "-f", str(config), "-p", str(pathlib.Path(folder, "danted.pid"))]

    def threeproxy(self, _, folder):
        self.port = free_port()
        config = pathlib.Path(folder, "3proxy.cfg")
        config.write_text(f"auth none\nmaxconn 10000\nsocks -i127.0.0.1 -p{self.port}\n")
        return ["3proxy", str(config)]

    def hev(self, _, folder):
        self.port = free_port()
        config = pathlib.Path(folder, "hev.yml")
        config.write_text(f"""
main:
  workers: {os.cpu_count()}
  port: {self.port}
  listen-address: '127.0.0.1'
misc:
  limit-nofile: 65535
""")
        return ["hev-socks5-server", str(config)]

    def await_listener(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                time.sleep(0.3)
                return
            except OSError:
                time.sleep(0.1)
        sys.exit(f"{self.name} does not listen")

    def at(self):
        """The port, as load.c wants it."""
        return f"{self.speech}{self.port}"

    def cpu(self):
        """Waits until the handlers of the load before have ended; other servers keep theirs."""
        for _ in range(100 if self.is_superserver else 3):
            if len(self.group.pids()) <= self.at_rest:
                break
            time.sleep(0.03)
        return self.group.cpu()

    def stop(self):
        self.process.terminate()
        self.process.wait()
        for _ in range(50):
            for pid in self.group.pids():
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    pass
            if not self.group.pids():
                break
            time.sleep(0.1)
        self.group.remove()


class Bench:
    def __init__(self, args):
        self.args = args
        self.figures = {}

    def load(self, kind, server, *arguments):
        command = [self.args.load, kind, server.at(), *map(str, arguments)]
        done = subprocess.run(command, stdout=subprocess.PIPE, check=False, timeout=600)
        if done.returncode != 0:
            sys.exit(f"bench: {server.name}: {kind} {arguments} failed: no figures")
        return json.loads(done.stdout)

    def note(self, what, unit, server, value):
        row = self.figures.setdefault(what, {"unit": unit, "servers": {}})
        row["servers"].setdefault(server.name, []).append(value)

    def timed(self, kind, server, *arguments):
        before = server.cpu()
        result = self.load(kind, server, *arguments)
        return result, server.cpu() - before

    def verify(self, server, tasks="dub"):
        for task in tasks:
            self.load("bulk", server, task, self.args.bulk // 8, 1, 1)

    def sessions(self, server, at_once):
        kind = "nothing" if server.name == BASE else "sessions"
        count = self.args.sessions * (2 if at_once > 1 else 1)
        result, cpu = self.timed(kind, server, count, at_once)
        self.note(f"CPU per session, {at_once} at a time", "ms", server, cpu / result["count"] * 1e3)
        self.note(f"sessions, {at_once} at a time", "/s", server,
                  result["count"] / result["seconds"])
        if at_once == 1 and server.name != BASE:
            self.note("time to first byte, p50", "us", server, result["p50_us"])

    def bulk(self, server, what, task, at_once):
        size = self.args.bulk // at_once
        result, cpu = self.timed("bulk", server, task, size, at_once, 0)
        gb = size * at_once * (2 if task == "b" else 1) / 1e9
        self.note(f"{what}", "GB/s", server, gb / result["seconds"])
        self.note(f"CPU per GB, {what}", "s", server, cpu / gb)

    def http(self, server):
        """The same sessions and downloads by SOCKS and by HTTP, of one server."""
        for speech, what in ("", "by SOCKS, with --http"), ("http:", "by HTTP"):
            server.speech = speech
            result, cpu = self.timed("sessions", server, self.args.sessions, 1)
            self.note(f"CPU per session {what}", "ms", server, cpu / result["count"] * 1e3)
            for direction, task in ("download", "d"), ("upload", "u"):
                self.bulk(server, f"{direction} {what}", task, 1)

    def tls(self, server):
        result, cpu = self.timed("sessions", server, self.args.sessions, 1)
        self.note("CPU per TLS session", "ms", server, cpu / result["count"] * 1e3)
        self.note("TLS, time to first byte, p50", "us", server, result["p50_us"])
        self.bulk(server, "TLS download", "d", 1)
        self.bulk(server, "TLS upload", "u", 1)

    def tls_memory(self, server, count):
        before = memory_of(server.group.pids())
        held = self.start_idle(server, count)
        for name, value in memory_of(server.group.pids()).items():
            self.note(f"{name} per idle TLS session", "KiB", server, (value - before[name]) / count)
        held.stdin.close()
        held.wait()

    def limits(self, server, what):
        result, cpu = self.timed("sessions", server, self.args.sessions, 1)
        self.note(f"CPU per session {what}", "ms", server, cpu / result["count"] * 1e3)

    def pingpong(self, server):
        result, cpu = self.timed("pingpong", server, self.args.pings)
        self.note("ping-pong of 64 B, p50", "us", server, result["p50_us"])
        self.note("ping-pong of 64 B, p99", "us", server, result["p99_us"])
        self.note("CPU per ping-pong", "us", server, cpu / self.args.pings * 1e6)

    def udp(self, server):
        for what, window, size in (("one at a time", 1, 64), ("64 B, 32 on their way", 32, 64),
                                   ("1200 B, 32 on their way", 32, 1200)):
            count = self.args.datagrams // (4 if window == 1 else 1)
            result, cpu = self.timed("udp", server, count, window, size)
            # There and back.
            n = 2 * result["count"]
            self.note(f"datagrams, {what}", "/s", server, n / result["seconds"])
            self.note(f"CPU per datagram, {what}", "us", server, cpu / n * 1e6)

    def beside(self, server, idle):
        """Measures what everything costs with so many idle sessions beside it."""
        result, cpu = self.timed("sessions", server, self.args.sessions, 1)
        self.note(f"CPU per session {idle}", "ms", server, cpu / result["count"] * 1e3)
        self.note(f"time to first byte, p50, {idle}", "us", server, result["p50_us"])
        result, cpu = self.timed("bulk", server, "d", self.args.bulk // 2, 1, 0)
        gb = self.args.bulk // 2 / 1e9
        self.note(f"download {idle}", "GB/s", server, gb / result["seconds"])
        self.note(f"CPU per GB, download {idle}", "s", server, cpu / gb)
        result, cpu = self.timed("pingpong", server, self.args.pings)
        self.note(f"ping-pong of 64 B, p50, {idle}", "us", server, result["p50_us"])

    def start_idle(self, server, count):
        """Starts idle sessions, and returns their client when they rest."""
        held = subprocess.Popen([self.args.load, "idle", server.at(), str(count)],
                                stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        if not held.stdout.readline():
            sys.exit(f"bench: {server.name}: {count} idle sessions failed: no figures")
        # They rest after a second.
        time.sleep(2.5)
        return held

    def hold(self, server, count):
        """Starts idle sessions and notes what memory they take."""
        before = server.group.memory(), available()
        own = memory_of(server.group.pids())
        held = self.start_idle(server, count)
        after = server.group.memory(), available()
        each = f"per idle session of {count}"
        self.note(f"memory of the group {each}", "KiB", server, (after[0] - before[0]) / count / 1024)
        self.note(f"memory of the machine {each}", "KiB", server,
                  (before[1] - after[1]) / count / 1024)
        for name, value in memory_of(server.group.pids()).items():
            self.note(f"{name} {each}", "KiB", server, (value - own[name]) / count)
        return held

    def with_idle(self, server, count):
        """Measures the memory of idle sessions, and what the loads cost beside them."""
        held, was = None, server.at_rest
        if count:
            held = self.hold(server, count)
            server.at_rest = len(server.group.pids())
        self.beside(server, f"beside {count} idle")
        server.at_rest = was
        if held:
            held.stdin.close()
            held.wait()
        server.cpu()


def available():
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return 0


def memory_of(pids):
    """Sums in KiB over all processes; if there are many, from 64 of them."""
    want = {"Pss:": "PSS", "Private_Dirty:": "private dirty", "VmPTE:": "page tables"}
    sums = dict.fromkeys(want.values(), 0)
    sample = pids[:: max(1, len(pids) // 64)]
    for pid in sample:
        try:
            text = "".join(pathlib.Path(f"/proc/{pid}/{f}").read_text()
                           for f in ("smaps_rollup", "status"))
        except OSError:
            continue
        for line in text.splitlines():
            key = line.split()[0] if line else ""
            if key in want:
                sums[want[key]] += int(line.split()[1])
    return {name: value * len(pids) / len(sample) for name, value in sums.items()}


def arguments():
    p = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    p.add_argument("--load", required=True)
    p.add_argument("--nothing", required=True)
    p.add_argument("--json", help="write every figure of every round to this file")
    p.add_argument("--rounds", type=int, default=5)
    p.add_argument("--sessions", type=int, default=150)
    p.add_argument("--bulk", type=int, default=1 << 30, help="bytes of each transfer")
    p.add_argument("--pings", type=int, default=5000)
    p.add_argument("--datagrams", type=int, default=20000)
    p.add_argument("--idle", type=lambda s: [int(n) for n in s.split(",") if n],
                   default=[0, 500, 1000, 2000, 4000], help="how many idle sessions, like 500,2000")
    p.add_argument("--held", type=int, default=500,
                   help=f"how many of {PLACES} places are taken while limits are measured")
    p.add_argument("--only", default="sessions,bulk,pingpong,udp,http,tls,limits,idle")
    p.add_argument("--peers", default="dante,microsocks,3proxy,hev,stunnel,haproxy",
                   help="those of them to run; all but the first two only where they are installed")
    p.add_argument("programs", nargs="+", metavar="NAME=PROGRAM")
    return p.parse_args()


def measure(bench, servers, only):
    for number in range(bench.args.rounds):
        print(f"round {number + 1} of {bench.args.rounds}", file=sys.stderr)
        # No server always comes first.
        turn = servers[number % len(servers):] + servers[:number % len(servers)]
        proxies = [s for s in turn if s.name != BASE]
        if "sessions" in only:
            for at_once in 1, 16:
                for s in turn:
                    bench.sessions(s, at_once)
        if "bulk" in only:
            for what, task, at_once in (("download", "d", 1), ("upload", "u", 1),
                                        ("both ways", "b", 1), ("8 downloads", "d", 8),
                                        ("128 downloads", "d", 128)):
                for s in proxies:
                    bench.bulk(s, what, task, at_once)
        if "pingpong" in only:
            for s in proxies:
                bench.pingpong(s)
        if "udp" in only:
            for s in proxies:
                if s.name != "microsocks":
                    bench.udp(s)
    if "idle" in only:
        for count in bench.args.idle:
            for s in servers:
                if s.name != BASE:
                    bench.with_idle(s, count)


def certificate(folder):
    """Makes a certificate, its key, and a file of both."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                    "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", "/CN=localhost",
                    "-keyout", f"{folder}/key.pem", "-out", f"{folder}/certificate.pem"],
                   check=True, stderr=subprocess.DEVNULL)
    both = pathlib.Path(folder, "both.pem")
    both.touch(0o600)
    both.write_text("".join(pathlib.Path(folder, f"{n}.pem").read_text()
                            for n in ("certificate", "key")))


def in_turn(bench, servers, measure_one):
    """Starts servers, has each verified and measured in every round, and stops them."""
    started = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            certificate(folder)
            for name, program, speech in servers:
                started.append(Server(name, program, folder, speech))
                bench.verify(started[-1], "du")
            for number in range(bench.args.rounds):
                for s in started[number % len(started):] + started[:number % len(started)]:
                    measure_one(s)
            yield from started
        finally:
            for s in started:
                s.stop()


def measure_http(bench, programs):
    servers = [(n, ["tcpserver", *p, "--http"], "http:") for n, p in programs.items()]
    for _ in in_turn(bench, servers, bench.http):
        pass


def measure_tls(bench, programs):
    """TLS by the program itself, and by others in front of it or in its place."""
    name = "dynamic" if "dynamic" in programs else next(iter(programs))
    program = programs[name]
    version = subprocess.run([program[0], "--version"], stdout=subprocess.PIPE, check=False)
    if b"+tls" not in version.stdout:
        print("bench: this build has no TLS: it is left out", file=sys.stderr)
        return
    servers = [(name, ["own_tls", *program], "tls:")]
    for peer, kind in ("stunnel", "stunnel"), ("haproxy", "haproxy"), ("3proxy", "threeproxy_tls"):
        if peer in bench.args.peers.split(",") and shutil.which(peer):
            servers.append((peer, [kind, *program], "tls:"))
    for s in in_turn(bench, servers, bench.tls):
        bench.tls_memory(s, 50)


def measure_limits(bench, programs):
    """Sessions with limits and without: alone, beside idle ones, and where these take places."""
    held = bench.args.held
    for name, program in programs.items():
        limits_beside(bench, name, program, "")
        limits_beside(bench, name, program, f" beside {held} idle", "without")
        limits_beside(bench, name, program, f", {held} of {PLACES} places taken", "places")


def limits_beside(bench, name, program, beside, keep=None):
    """A third superserver keeps idle sessions with the options of this name, unless it is None."""
    with tempfile.TemporaryDirectory(dir="/run") as folder:
        places = ["--limit-file", f"{folder}/limits", "--limit", str(PLACES)]
        options = {"without": [], "places": places,
                   "with": [*places, "--limit-client", "128", "--limit-user", "16"]}
        commands = {which: options[which] for which in ("with", "without")}
        if keep:
            commands["keep"] = options[keep]
        servers = {}
        try:
            for which, words in commands.items():
                servers[which] = Server(f"{name}-{which}", ["tcpserver", *program, *words], folder)
                servers[which].name = name
            if keep:
                held = bench.start_idle(servers["keep"], bench.args.held)
            for number in range(bench.args.rounds):
                for which in ("with", "without")[::1 if number % 2 else -1]:
                    bench.limits(servers[which], f"{which} limits{beside}")
            if keep:
                held.stdin.close()
                held.wait()
        finally:
            for s in servers.values():
                s.stop()


def main():
    args = arguments()
    if os.geteuid() != 0:
        sys.exit("bench: needs root, for control groups")
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    peers = {"dante": ["danted"], "microsocks": ["microsocks"]}
    if shutil.which("3proxy"):
        peers["3proxy"] = ["threeproxy"]
    if shutil.which("hev-socks5-server"):
        peers["hev"] = ["hev"]
    own = {name: command.split() for name, _, command in (p.partition("=") for p in args.programs)}
    programs = {BASE: ["tcpserver", args.nothing]}
    programs.update({name: ["tcpserver", *command] for name, command in own.items()})
    programs.update({n: peers[n] for n in args.peers.split(",") if n in peers})
    bench, servers, only = Bench(args), [], args.only.split(",")
    if "http" in only:
        measure_http(bench, own)
    if "tls" in only:
        measure_tls(bench, own)
    if "limits" in only:
        measure_limits(bench, own)
    if set(only) <= {"http", "tls", "limits"}:
        programs = {}
    with tempfile.TemporaryDirectory() as folder:
        try:
            for name, program in programs.items():
                servers.append(Server(name, program, folder))
            for s in servers:
                if s.name != BASE:
                    bench.verify(s)
            if servers:
                measure(bench, servers, only)
        finally:
            for s in servers:
                s.stop()
    report.everything(bench.figures)
    print("\n".join(report.summary(bench.figures)))
    if args.json:
        pathlib.Path(args.json).write_text(json.dumps(bench.figures, indent=1) + "\n")


main()
