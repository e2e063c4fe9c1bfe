# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that others wrote: each does its work through a proxy and checks what it got."""

import collections
import os
import subprocess

from destinations import DNS, ECHO, FILE, FOUR, FTP, HOSTKEY, PAGE, SIX, SSH, WEB
from lib.peer import MIB, check, noise
from lib.program import SOURCE, tmp
from lib.proxy import dante, serve

PATIENCE = 90  # the machine may be busy

MODULES = os.environ.get("abs_top_builddir", "") + "/clients/matrix/node_modules"
CLIENTS = []
Client = collections.namedtuple("Client", "name run unix half_close six packages")


class Proxy(collections.namedtuple("Proxy", "host port path")):
    """Where a client finds a proxy."""

    scheme = "http"  # of the URL by which a client of HTTP reaches it

    @property
    def authorities(self):
        """The certificates that clients trust."""
        return tmp("origin.pem")

    @property
    def at(self):
        return f"{self.host}:{self.port}"

    def url(self, scheme):
        return f"{scheme}://localhost{self.path}" if self.path else f"{scheme}://{self.at}"


def served(*options):
    """Starts a proxy with these options."""
    host, _, port = serve(*options).rpartition(":")
    return Proxy(host, int(port), None)


def client(name, unix=False, half_close=False, six=False, packages=None, to=CLIENTS):
    """unix: it knows unix sockets. half_close: it ends its stream and goes on reading. six: it
    connects to the proxy at [::1]. packages: it may not be installed, see further.py."""
    def add(run):
        to.append(Client(name, run, unix, half_close, six, packages))
        return run
    return add


def run(*argv, text=None, env=None, **how):
    """The output of a client that has to succeed."""
    p = subprocess.run(argv, input=text, stdin=None if text else subprocess.DEVNULL,
                       capture_output=True, timeout=PATIENCE,
                       env={"PATH": os.environ["PATH"], "HOME": tmp("home"), **(env or {})}, **how)
    check(p.returncode, 0, f"status of {' '.join(argv)}, saying {p.stderr.decode('latin-1')!r}")
    return p.stdout


def is_page(got):
    check(got.decode("latin-1") == PAGE, True, f"the page, not {got[:200]!r} ({len(got)} bytes)")


CURL = "curl", "-gsS", "--max-time", str(PATIENCE)


def curl(proxy, scheme, host):
    is_page(run(*CURL, "--proxy", proxy.url(scheme), f"http://{host}:{WEB}/"))


@client("curl --socks5", unix=True)
def curl_address(proxy):
    curl(proxy, "socks5", FOUR)


@client("curl --socks5, IPv6", unix=True)
def curl_six(proxy):
    curl(proxy, "socks5", f"[{SIX}]")


@client("curl --socks5-hostname", unix=True)
def curl_name(proxy):
    curl(proxy, "socks5h", "four.example.com")
    curl(proxy, "socks5h", "six.example.com")


@client("curl, proxy at [::1]", six=True)
def curl_to_six(proxy):
    curl(proxy, "socks5h", "four.example.com")


@client("curl --socks4, --socks4a", unix=True)
def curl_socks4(proxy):
    curl(proxy, "socks4", FOUR)
    curl(proxy, "socks4a", "four.example.com")


@client("curl, 30 at once", unix=True)
def curl_many(proxy):
    got = run("curl", "-sS", "--max-time", str(PATIENCE), "-Z", "--parallel-max", "30",
              "--parallel-immediate", "--proxy", proxy.url("socks5h"), "-o", "/dev/null",
              "-w", "%{http_code} %{size_download}\n", f"http://{FOUR}:{WEB}/[1-30]")
    check(got.decode(), f"200 {len(PAGE)}\n" * 30, "what came")


@client("ncat --proxy", half_close=True)
def ncat(proxy):
    text = noise(MIB // 4, 11)
    got = run("ncat", "--proxy", proxy.at, "--proxy-type", "socks5", FOUR, str(ECHO), text=text)
    check(got == text, True, "the echo")


@client("nc -X 5", half_close=True)
def nc(proxy):
    for host in FOUR, SIX, "four.example.com":
        text = noise(MIB // 4, 11)
        got = run("nc.openbsd", "-N", "-X", "5", "-x", proxy.at, host, str(ECHO), text=text)
        check(got == text, True, f"the echo of {host}")


def ssh(proxy, through, host=FOUR):
    got = run("ssh", "-F", "none", "-p", str(SSH), "-i", tmp("user"), "-o", "BatchMode=yes",
              "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
              "-o", "LogLevel=ERROR", "-o", f"ProxyCommand={through} {proxy.at} %h %p",
              f"root@{host}", "cat", tmp("file"))
    check(got.decode() == FILE, True, f"the file, not {got[:200]!r}")


@client("ssh, ProxyCommand nc")
def ssh_nc(proxy):
    ssh(proxy, "nc.openbsd -X 5 -x")


@client("ssh, ProxyCommand ncat")
def ssh_ncat(proxy):
    ssh(proxy, "ncat --proxy-type socks5 --proxy")


@client("plink")
def plink(proxy):
    got = run("plink", "-load", "through", "-batch", "-i", tmp("user.ppk"), "-hostkey", HOSTKEY[0],
              "cat", tmp("file"))
    check(got.decode() == FILE, True, f"the file, not {got[:200]!r}")


@client("socksify (Dante)")
def socksify(proxy):
    is_page(run("socksify", *CURL, f"http://{FOUR}:{WEB}/", env=dante(proxy.at)))


@client("socksify, FTP by BIND")
def socksify_bind(proxy):
    got = run("socksify", *CURL, "--ftp-port", "-", f"ftp://{FOUR}:{FTP}/file", env=dante(proxy.at))
    check(got.decode() == FILE, True, f"the file, not {got[:200]!r}")


@client("torsocks")
def torsocks(proxy):
    is_page(run("torsocks", "-a", proxy.host, "-P", str(proxy.port), *CURL,
                f"http://four.example.com:{WEB}/"))


@client("tor-resolve")
def tor_resolve(proxy):
    check(run("tor-resolve", "four.example.com", proxy.at).decode(), f"{FOUR}\n")
    check(run("tor-resolve", "-x", FOUR, proxy.at).decode(), "four.example.com\n")


@client("proxychains4")
def proxychains(proxy):
    conf = tmp("proxychains.conf", f"""strict_chain
proxy_dns
[ProxyList]
socks5 {proxy.host} {proxy.port}
""")
    is_page(run("proxychains4", "-q", "-f", conf, *CURL, f"http://four.example.com:{WEB}/"))


@client("redsocks")
def redsocks(proxy):
    """A client that knows no proxies; the packet filter sends it to one: see matrix.py."""
    is_page(run("setpriv", "--reuid", "nobody", "--regid", "nogroup", "--clear-groups", *CURL,
                f"http://{FOUR}:{WEB}/"))


def library(what, proxy, host, port, env=None):
    return run("/usr/bin/python3", "-I", f"{SOURCE}/tests/clients/libs.py", what, proxy.at, host,
               str(port), env=env)


@client("PySocks, urllib")
def pysocks(proxy):
    is_page(library("pysocks5", proxy, "four.example.com", WEB))
    is_page(library("pysocks4", proxy, "four.example.com", WEB))


@client("PySocks, DNS by UDP")
def pysocks_dns(proxy):
    check(library("dns", proxy, "four.example.com", DNS), b"192.0.2.77")


@client("python-socks")
def python_socks(proxy):
    is_page(library("sync", proxy, "four.example.com", WEB))
    is_page(library("asyncio", proxy, FOUR, WEB))


def node(what, proxy, *to, env=None):
    return run("node", f"{SOURCE}/tests/clients/npm.js", what, proxy.path or proxy.at,
               *map(str, to), env={"MODULES": MODULES, **(env or {})})


@client("npm socks", unix=True)
def npm_connect(proxy):
    is_page(node("connect", proxy, "four.example.com", WEB))


@client("npm socks, BIND", unix=True)
def npm_bind(proxy):
    check(node("bind", proxy), b"echoed\n")


@client("npm socks, ASSOCIATE", unix=True)
def npm_associate(proxy):
    check(node("associate", proxy, FOUR, ECHO), b"echoed\n")


@client("npm socks-proxy-agent")
def npm_agent(proxy):
    is_page(node("agent", proxy, "four.example.com", WEB))


@client("Chromium")
def chromium(proxy):
    got = run("chromium-headless-shell", "--no-sandbox", "--disable-gpu",
              "--disable-background-networking", f"--user-data-dir={tmp('chromium')}",
              f"--proxy-server=socks5://{proxy.at}", "--dump-dom",
              f"http://four.example.com:{WEB}/")
    assert PAGE.encode() in got, f"the page is not in {got[:200]!r} ({len(got)} bytes)"
