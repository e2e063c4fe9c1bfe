# SPDX-License-Identifier: GPL-3.0-or-later
"""Further clients, whose packages only `./bootstrap check-full` installs: see clients.py.

Each does its work with alice's password and then without one, if it can do both. Only the proxy
knows the names of destinations. A comment says what a client can't do; that is not tested.
"""

import functools
import itertools
import json
import os
import shlex
import subprocess

import clients
import destinations
import matrix
from clients import PATIENCE, Proxy, is_page, run
from destinations import ECHO, FILE, FOUR, PROXY, SIX, WEB
from superservers import ETC, SUPERSERVERS
from lib.peer import check, eventually
from lib.program import SOURCE, Skip, tmp
from lib.proxy import sessions
from lib.users import SHA512, needs_hashes, users_file
from lib.world import background, command, isolate, needs

FURTHER = []
SERVERS = [s for s in SUPERSERVERS if s.name in ("activate", "xinetd", "tcpserver", "s6")]
ALICE, NOBODY = {"PROXY_USER": "alice", "PROXY_PASSWORD": "secret"}, {}
WRONG = {**ALICE, "PROXY_PASSWORD": "wrong"}
NAME, NAME6 = "four.example.com", "six.example.com"
PYTHON = "/usr/bin/python3", "-I"
TORRENT, TUNNEL = 6881, 1194
_number = itertools.count()


class Packages:
    """Debian's packages of a client, and a command that fails where they are not installed."""

    def __init__(self, names, probe):
        self.names, self.probe = names, probe

    @functools.cached_property
    def missing(self):
        """Why the client can't be tried, or None."""
        p = subprocess.run(["/bin/sh", "-c", self.probe], stdin=subprocess.DEVNULL,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not p.returncode:
            return None
        return f"needs {self.names}: ./bootstrap check-full installs what is missing"

    def need(self):
        if self.missing:
            raise Skip(self.missing)


JAVA = Packages("default-jre-headless, ecj", "java -version && ecj -version")
GOPATH = "/usr/share/gocode"
GO = Packages("golang-go, golang-golang-x-net-dev",
              f"go version && test -d {GOPATH}/src/golang.org/x/net/proxy")
PERL = Packages("libio-socket-socks-perl", "perl -MIO::Socket::Socks -e 1")
PHP = Packages("php-cli, php-curl", "php -r 'curl_version();'")
QT = Packages("python3-pyqt5", f"{shlex.join(PYTHON)} -c 'import PyQt5.QtNetwork'")
GIO = Packages("python3-gi, gir1.2-glib-2.0",
               f"{shlex.join(PYTHON)} -c 'from gi.repository import Gio'")
LIBTORRENT = Packages("python3-libtorrent", f"{shlex.join(PYTHON)} -c 'import libtorrent'")
OPENVPN = Packages("openvpn, and a kernel with tun", "command -v openvpn && : <>/dev/net/tun")
FIREFOX = Packages("firefox-esr", "command -v firefox-esr")


def client(name, packages, **kinds):
    return clients.client(name, to=FURTHER, packages=packages, **kinds)


def through(proxy, who, argv):
    """A program that gets the proxy's address as {proxy} in argv, and can look up no names."""
    at = proxy.path or proxy.at
    alone = 'mount --bind "$0" /etc/hosts && exec "$@"'
    hosts = tmp("no-names", "127.0.0.1 localhost\n")
    return run("unshare", "--mount", "/bin/sh", "-c", alone, hosts,
               *(at if a is Proxy else str(a) for a in argv), env=who)


def program(name):
    return f"{SOURCE}/tests/clients/programs/{name}"


# ---- Java: no BIND, no UDP. It always offers both methods, so this proxy asks it for a password.

@functools.cache
def java_class():
    folder = tmp("java")
    command("ecj", "-proc:none", "-source", "11", "-target", "11", "-d", folder,
            program("Socks.java"))
    return folder


def java(proxy, what, host, who=ALICE):
    is_page(through(proxy, who, ("java", "-cp", java_class(), "Socks", what, Proxy, host, WEB)))


@client("Java, Socket", JAVA)
def java_socket(proxy):
    for host in NAME, FOUR, SIX:
        java(proxy, "socket", host)


@client("Java, URLConnection", JAVA)
def java_url(proxy):
    java(proxy, "url", NAME6)


@client("Java, SOCKS 4", JAVA)
def java_socks4(proxy):
    java(proxy, "url4", FOUR)


# ---- Go: no BIND, no UDP, no SOCKS 4

@functools.cache
def go_program():
    built = tmp("socks-go")
    command("go", "build", "-o", built, program("socks.go"), env={
        "PATH": os.environ["PATH"], "GOPATH": GOPATH, "GO111MODULE": "off", "GOCACHE": tmp("go")})
    return built


def go(proxy, what, host, who=ALICE):
    is_page(through(proxy, who, (go_program(), what, Proxy, host, WEB)))


@client("Go, x/net/proxy", GO, unix=True)
def go_dial(proxy):
    for host, who in itertools.product((NAME, FOUR, SIX), (ALICE, NOBODY)):
        go(proxy, "dial", host, who)


@client("Go, net/http", GO)
def go_http(proxy):
    for host, who in itertools.product((NAME6, SIX), (ALICE, NOBODY)):
        go(proxy, "transport", host, who)


# ---- Perl: no BIND in SOCKS 4. Its accept() asks *self for the version, not *$self, and so reads
# the second reply as one of SOCKS 5.

def perl(proxy, what, host, port=0, who=ALICE):
    return through(proxy, who, ("perl", program("socks.pl"), what, Proxy, host, port))


@client("Perl, CONNECT", PERL)
def perl_connect(proxy):
    for host, who in itertools.product((NAME, SIX), (ALICE, NOBODY)):
        is_page(perl(proxy, "connect", host, WEB, who))


@client("Perl, SOCKS 4, 4a", PERL)
def perl_socks4(proxy):
    is_page(perl(proxy, "connect4", FOUR, WEB))
    is_page(perl(proxy, "connect4a", NAME, WEB))


@client("Perl, BIND", PERL)
def perl_bind(proxy):
    for host in FOUR, SIX:
        check(perl(proxy, "bind", host), b"heard welcome\n")


@client("Perl, ASSOCIATE", PERL)
def perl_udp(proxy):
    for host, address in (FOUR, FOUR), (NAME, FOUR), (NAME6, SIX):
        check(perl(proxy, "udp", host, ECHO).decode(), f"{address}:{ECHO}\n")


@client("Perl, RESOLVE", PERL)
def perl_resolve(proxy):
    check(perl(proxy, "resolve", NAME).decode(), f"{FOUR}\n")
    check(perl(proxy, "resolve-ptr", FOUR).decode(), f"{NAME}\n")


# ---- PHP: no BIND, no UDP

def php(proxy, what, host, who=ALICE):
    is_page(through(proxy, who, ("php", program("socks.php"), what, Proxy, host, WEB)))


@client("PHP's curl", PHP, unix=True)
def php_curl(proxy):
    for who in ALICE, NOBODY:
        php(proxy, "SOCKS5", SIX, who)
        php(proxy, "SOCKS5_HOSTNAME", NAME, who)


@client("PHP's curl, SOCKS 4, 4a", PHP, unix=True)
def php_socks4(proxy):
    php(proxy, "SOCKS4", FOUR)
    php(proxy, "SOCKS4A", NAME)


# ---- Qt: no SOCKS 4

def qt(proxy, what, host, port=0, who=ALICE):
    return through(proxy, who, (*PYTHON, program("qt.py"), what, Proxy, host, port))


@client("Qt, QTcpSocket", QT)
def qt_tcp(proxy):
    for host, who in itertools.product((NAME, SIX), (ALICE, NOBODY)):
        is_page(qt(proxy, "tcp", host, WEB, who))


@client("Qt, QUdpSocket", QT)
def qt_udp(proxy):
    for host in FOUR, SIX:
        check(qt(proxy, "udp", host, ECHO), b"3\n")


@client("Qt, QTcpServer: BIND", QT)
def qt_listen(proxy):
    for host in FOUR, SIX:
        check(qt(proxy, "listen", host), b"welcome\n")


# ---- GLib: no BIND, no UDP

def gio(proxy, scheme, host, who=ALICE):
    is_page(through(proxy, who, (*PYTHON, program("gio.py"), scheme, Proxy, host, WEB)))


@client("GLib", GIO)
def gio_connect(proxy):
    for scheme, host in ("socks5", NAME), ("socks5", SIX), ("socks", NAME6):
        for who in ALICE, NOBODY:
            gio(proxy, scheme, host, who)


@client("GLib, SOCKS 4, 4a", GIO)
def gio_socks4(proxy):
    gio(proxy, "socks4", FOUR, NOBODY)
    gio(proxy, "socks4a", NAME, NOBODY)


# ---- libtorrent: what it does in UDP. It would look up the DHT's first nodes itself, so it gets
# addresses. Two peers behind the proxy can't meet: an association admits only hosts it has sent to.

def seed():
    """What the peers below ask for: a file, its trackers and a node of the DHT."""
    os.mkdir(tmp("seed"))
    background(*PYTHON, program("torrent.py"), "seed", FOUR, str(TORRENT), tmp("seed/file", FILE),
               tmp("torrent"))
    eventually(lambda: os.path.exists(tmp("torrent")), "the seed is there")


def torrent(proxy, what, host, who=ALICE):
    folder = tmp(f"torrent{next(_number)}")
    os.mkdir(folder)
    return through(proxy, who, (*PYTHON, program("torrent.py"), what, Proxy, host, TORRENT,
                                tmp("torrent"), folder)).decode()


@client("libtorrent, uTP", LIBTORRENT)
def torrent_peer(proxy):
    for who in ALICE, NOBODY:
        check(torrent(proxy, "peer", FOUR, who), FILE, "the file")


@client("libtorrent, HTTP tracker", LIBTORRENT)
def torrent_http(proxy):
    check(torrent(proxy, "http", NAME), FILE, "the file")


@client("libtorrent, UDP tracker", LIBTORRENT)
def torrent_udp(proxy):
    check(torrent(proxy, "udp", NAME), FILE, "the file")


@client("libtorrent, DHT", LIBTORRENT)
def torrent_dht(proxy):
    check(torrent(proxy, "dht", FOUR), "found")


# ---- OpenVPN: for UDP it asks for an address, for TCP for the name

def tun():
    """Makes /dev/net/tun, which a booted machine lacks."""
    if not os.path.exists("/dev/net/tun"):
        os.makedirs("/dev/net", exist_ok=True)
        command("mknod", "/dev/net/tun", "c", "10", "200")


def tunnel(proxy, proto, host, who=ALICE):
    """Fetches the page by a tunnel, from a network that has no other way out."""
    number = next(_number)
    key, out = tmp(f"key{number}"), tmp(f"tunnel{number}.out")
    auth = (tmp("tunnel.auth", "alice\n%s\n" % who["PROXY_PASSWORD"]),) if who else ()
    near, far, port = f"near{number}", f"far{number}", TUNNEL + number
    command("openvpn", "--genkey", "secret", key)
    both = ("openvpn", "--dev-type", "tun", "--ping", "1", "--secret", key,
            "--cipher", "AES-256-CBC")
    running = []

    def start(*argv):
        with open(out, "ab") as f:
            running.append(subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=f, stderr=f))
        return running[-1]

    def said(text):
        with open(out) as f:
            return text in f.read()
    try:
        there = start("unshare", "--net", "sleep", "600")
        start(*both, "--dev", far, "--proto", "tcp-server" if proto == "tcp" else "udp",
              "--local", FOUR, "--port", str(port),
              "--ifconfig", f"10.8.{number}.1", f"10.8.{number}.2")
        eventually(lambda: said("UDPv4 link local") or said("Listening for"), "OpenVPN listens")
        # The page has the same address as the tunnel's far end, which OpenVPN takes for a mistake.
        start(*both, "--dev", near, "--proto", "tcp-client" if proto == "tcp" else "udp",
              "--nobind", "--remote", host, str(port),
              "--socks-proxy", proxy.host, str(proxy.port), *auth,
              "--allow-recursive-routing", "--ifconfig-noexec", "--connect-retry", "1")
        with open(out) as f:
            eventually(lambda: f.seek(0) == 0 and f.read().count("Sequence Completed") == 2,
                       "both ends of the tunnel are up", PATIENCE)
        command("ip", "link", "set", near, "netns", str(there.pid))
        inside = "nsenter", "--net", "--target", str(there.pid)
        command(*inside, "ip", "link", "set", near, "up")
        command(*inside, "ip", "addr", "add", f"10.8.{number}.2", "dev", near)
        command(*inside, "ip", "route", "add", FOUR, "dev", near)
        is_page(run(*inside, *clients.CURL, f"http://{FOUR}:{WEB}/"))
    except AssertionError as e:
        with open(out) as f:
            raise AssertionError(f"{e}: {f.read()}") from e
    finally:
        for p in reversed(running):
            p.terminate()
            p.wait()


@client("OpenVPN, UDP", OPENVPN)
def openvpn_udp(proxy):
    for who in ALICE, NOBODY:
        tunnel(proxy, "udp", FOUR, who)


@client("OpenVPN, TCP", OPENVPN)
def openvpn_tcp(proxy):
    tunnel(proxy, "tcp", NAME)


# ---- Firefox: no BIND, no UDP

def firefox(proxy, host, who=ALICE):
    folder = tmp(f"firefox{next(_number)}")
    os.mkdir(folder)
    is_page(through(proxy, who, (*PYTHON, program("firefox.py"), Proxy, f"http://{host}:{WEB}/",
                                 folder)))


@client("Firefox, password", FIREFOX)
def firefox_page(proxy):
    firefox(proxy, NAME)


# ---- all of them under some superservers

def fill():
    """Prints the table, and writes it to rows.json."""
    users = f"{ETC}/picosocks5.users"
    with open(users, "w") as f:
        f.write(f"alice:{SHA512}\n")
    starts = [destinations.web, destinations.echoes, tun]
    starts += [] if LIBTORRENT.missing else [seed]
    matrix.world(*starts, more=f"socks4\nusers {users}\nauth password,none\n")
    if not JAVA.missing:
        java_class()
    if not GO.missing:
        go_program()
    columns = matrix.columns(FURTHER, SERVERS)
    print(*matrix.table(FURTHER, SERVERS, columns), sep="\n", flush=True)
    rows = {}
    for server, cells in zip(SERVERS, columns):
        for name, cell in zip(matrix.rows(FURTHER), cells):
            rows.setdefault(name, []).append((server.name, cell, server.said()[-2000:]))
    tmp("rows.json", json.dumps(rows))


def rows(path, family):
    """Checks every cell of the rows that begin so."""
    with open(path) as f:
        found = {name: row for name, row in json.load(f).items() if name.startswith(family)}
    assert found, f"no row begins with {family}"
    cells = [cell for row in found.values() for _, cell, _ in row]
    for cell in cells:
        if cell.startswith(matrix.LACKING):
            raise Skip(cell)
    assert "ok" in cells, cells
    failed = [f"{name} under {server}: {cell}\n{said}" for name, row in found.items()
              for server, cell, said in row if cell not in ("ok", "-")]
    assert not failed, "\n".join(failed)


# ---- one by one, with what the log says

def alone(packages):
    """A proxy that asks for a password, and the destinations, in a world that has nothing else."""
    packages.need()
    isolate()
    needs("nft", "unshare")
    needs_hashes()
    destinations.network()
    destinations.web()
    destinations.echoes()
    destinations.only_the_proxy()
    return served("--users", users_file(f"alice:{SHA512}\n"))


def served(*options):
    return clients.served("--source", ",".join(PROXY), *options)


def logged(least, *keys):
    """The sessions that went on to a command, each as the values of these keys."""
    lines = [p for p in sessions(least) if "command" in p]
    return [tuple(p.get(k) for k in keys) for p in lines]


def turned_away(call):
    """A wrong password is an error for the client, and is logged."""
    try:
        call()
    except AssertionError:
        pass
    else:
        raise AssertionError("let in by the wrong password")
    ends = {(p["user"], p["end"], p.get("command")) for p in sessions(1)}
    check(ends, {("alice", "auth", None)}, "the log")


def java_alone():
    proxy = alone(JAVA)
    for what, host in ("socket", NAME), ("socket", FOUR), ("socket", SIX), ("url", NAME6):
        java(proxy, what, host)
    check(logged(4, "user", "command", "dest"), [("alice", "connect", to) for to in (
        f"{NAME}:{WEB}", f"{FOUR}:{WEB}", f"[{SIX}]:{WEB}", f"{NAME6}:{WEB}")])
    turned_away(lambda: java(proxy, "url", NAME, WRONG))
    proxy = served("--socks4")
    java(proxy, "socket", NAME, NOBODY)
    java(proxy, "url4", FOUR, NOBODY)
    check(logged(2, "command", "dest", "reply"), [("connect", f"{NAME}:{WEB}", "0"),
                                                  ("connect", f"{FOUR}:{WEB}", "90")])


def go_alone():
    proxy = alone(GO)
    for what in "dial", "transport":
        for host in NAME, SIX:
            go(proxy, what, host)
        check(logged(2, "user", "command", "dest"), [("alice", "connect", f"{NAME}:{WEB}"),
                                                     ("alice", "connect", f"[{SIX}]:{WEB}")])
        turned_away(lambda: go(proxy, what, NAME, WRONG))


def perl_alone():
    proxy = alone(PERL)
    is_page(perl(proxy, "connect", NAME, WEB))
    perl(proxy, "bind", FOUR)
    perl(proxy, "udp", NAME, ECHO)
    perl(proxy, "resolve", NAME)
    perl(proxy, "resolve-ptr", FOUR)
    check(logged(5, "user", "command", "dest"), [
        ("alice", "connect", f"{NAME}:{WEB}"), ("alice", "bind", f"{FOUR}:0"),
        ("alice", "udp", None), ("alice", "resolve", f"{NAME}:0"),
        ("alice", "resolve-ptr", f"{FOUR}:0")])
    turned_away(lambda: perl(proxy, "connect", NAME, WEB, WRONG))


def php_alone():
    proxy = alone(PHP)
    for what, host in ("SOCKS5_HOSTNAME", NAME), ("SOCKS5", FOUR), ("SOCKS5", SIX):
        php(proxy, what, host)
    check(logged(3, "user", "command", "dest"), [("alice", "connect", to) for to in (
        f"{NAME}:{WEB}", f"{FOUR}:{WEB}", f"[{SIX}]:{WEB}")])
    turned_away(lambda: php(proxy, "SOCKS5_HOSTNAME", NAME, WRONG))


def qt_alone():
    proxy = alone(QT)
    is_page(qt(proxy, "tcp", NAME, WEB))
    qt(proxy, "udp", SIX, ECHO)
    qt(proxy, "listen", FOUR)
    check(logged(3, "user", "command", "dest"), [
        ("alice", "connect", f"{NAME}:{WEB}"), ("alice", "udp", None),
        ("alice", "bind", f"{FOUR}:0")])
    turned_away(lambda: qt(proxy, "tcp", NAME, WEB, WRONG))


def glib_alone():
    proxy = alone(GIO)
    for scheme, host in ("socks5", NAME), ("socks5", SIX), ("socks", NAME):
        gio(proxy, scheme, host)
    check(logged(3, "user", "command", "dest"), [("alice", "connect", to) for to in (
        f"{NAME}:{WEB}", f"[{SIX}]:{WEB}", f"{NAME}:{WEB}")])
    turned_away(lambda: gio(proxy, "socks5", NAME, WRONG))


def libtorrent_alone():
    proxy = alone(LIBTORRENT)
    seed()
    check(torrent(proxy, "udp", NAME), FILE, "the file")
    (user, command, received), = logged(1, "user", "command", "received")
    check((user, command), ("alice", "udp"))
    assert int(received) > len(FILE), received


def openvpn_alone():
    proxy = alone(OPENVPN)
    tunnel(proxy, "udp", FOUR)
    tunnel(proxy, "tcp", NAME)
    (udp, one, _), (tcp, other, dest) = logged(2, "command", "user", "dest")
    check((udp, one, tcp, other), ("udp", "alice", "connect", "alice"))
    assert dest.startswith(f"{NAME}:"), dest


def firefox_alone():
    proxy = alone(FIREFOX)
    firefox(proxy, NAME)
    check(set(logged(1, "user", "command", "dest")), {("alice", "connect", f"{NAME}:{WEB}")})
    turned_away(lambda: firefox(proxy, NAME, WRONG))
