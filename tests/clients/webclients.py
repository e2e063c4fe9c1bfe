# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that others wrote, which speak HTTP to the proxy: each fetches and checks what it got.

A client takes a proxy, "user:password" (or None to send no password), and the scheme of the URL.
"""

import base64
import collections
import itertools
import os

from clients import CURL, is_page, run
from destinations import PAGE, SIX
from origin import HELLO, NAME, NAME6, url
from lib.peer import check
from lib.program import SOURCE, tmp

WEB_CLIENTS = []
ALICE = "alice:secret"
Client = collections.namedtuple("Client", "name run unix half_close six packages refused")
_number = itertools.count()


def client(name, unix=False, six=False, to=WEB_CLIENTS, **refused):
    """http, https: the words and the status of a client that may not fetch such a URL, because it
    has no password or a wrong one; it fetches URLs of these schemes. The rest: see clients.py."""
    def add(fetch):
        def run_all(proxy, who=ALICE, schemes=tuple(refused)):
            for scheme in schemes:
                fetch(proxy, who, scheme)
        to.append(Client(name, run_all, unix, False, six, None, refused))
        return run_all
    return add


def own(name):
    """A path that no other run of a client has."""
    return tmp(f"{name}.{next(_number)}")


def through(proxy, who):
    """The URL of the proxy, as the environment's http_proxy has it."""
    return f"{proxy.scheme}://{who}@{proxy.at}" if who else f"{proxy.scheme}://{proxy.at}"


CURL_REFUSED = {"http": ("returned error: 407", 22), "https": ("response 407", 56)}


def curl(proxy, who, scheme, host, *options, path=""):
    """An https:// URL fails without -f, and with -f it fails in other words."""
    user = ("--proxy-user", who) if who else ()
    fail = ("-f",) if scheme == "http" else ()
    return run(*CURL, *fail, "--cacert", tmp("origin.pem"), "--proxy-cacert", proxy.authorities,
               "--proxy", through(proxy, None), *user, *options, url(scheme, host, path))


@client("curl", **CURL_REFUSED)
def curl_names(proxy, who, scheme):
    for host in NAME, NAME6:
        is_page(curl(proxy, who, scheme, host))


@client("curl, IPv6 address", **CURL_REFUSED)
def curl_address(proxy, who, scheme):
    is_page(curl(proxy, who, scheme, f"[{SIX}]"))


@client("curl, proxy at [::1]", six=True, **CURL_REFUSED)
def curl_to_six(proxy, who, scheme):
    is_page(curl(proxy, who, scheme, NAME))


@client("curl --proxytunnel", http=("response 407", 56))
def curl_tunnel(proxy, who, scheme):
    is_page(curl(proxy, who, scheme, NAME, "--no-fail", "--proxytunnel"))


@client("curl --proxy-anyauth", **CURL_REFUSED)
def curl_anyauth(proxy, who, scheme):
    """It asks without the password first, and again on the same connection."""
    got = curl(proxy, who, scheme, NAME, "--proxy-anyauth", "-w", "%{num_connects}")
    check(got[-1:], b"1", "connections that curl made")
    is_page(got[:-1])


@client("curl, a form", http=("status 407", 22))
def curl_form(proxy, who, scheme):
    """nginx refuses to have forms sent to a file. The form is too large for one segment."""
    got = curl(proxy, who, scheme, NAME, "--no-fail", "--data-binary", f"@{tmp('www/page')}",
               "-w", "%{http_code}")
    status = got[-3:].decode()
    assert status == "405" and b"nginx" in got, f"status {status}, got 22: {got[-200:]!r}"


@client("curl, 20 at once", http=("returned error: 407", 22))
def curl_many(proxy, who, scheme):
    got = curl(proxy, who, scheme, NAME, "--no-globoff", "-Z", "--parallel-max", "20",
               "--parallel-immediate", "-o", "/dev/null", "-w", "%{http_code} %{size_download}\n",
               path="page?[1-20]")
    check(got.decode(), f"200 {len(PAGE)}\n" * 20, "what came")


@client("curl, at a unix socket", unix=True, http=("returned error: 407", 22))
def curl_unix(proxy, who, scheme):
    """curl knows no HTTP proxy at a unix socket, so it is told what to send."""
    if not proxy.path:
        is_page(curl(proxy, who, scheme, NAME))
        return
    where = url(scheme, NAME)
    is_page(run(*CURL, "-f", "--unix-socket", proxy.path, "--request-target", where, "-H",
                "Proxy-Authorization: Basic " + base64.b64encode(who.encode()).decode(), where))


@client("curl --socks5-hostname", http=("curl: (97)", 97))
def curl_socks(proxy, who, scheme):
    """On the same port."""
    user = ("--proxy-user", who) if who else ()
    is_page(run(*CURL, "--proxy", proxy.url("socks5h"), *user, url(scheme, NAME)))


@client("wget", http=("ERROR 407: Proxy Authentication Required", 8),
        https=("Proxy tunneling failed: Proxy Authentication Required", 4))
def wget(proxy, who, scheme):
    at = through(proxy, who)
    is_page(run("wget", "--no-config", "-nv", "-t", "1", "-O", "-", "--ca-certificate",
                tmp("origin.pem"), url(scheme, NAME), env={"http_proxy": at, "https_proxy": at}))


@client("apt-get", http=("407  Proxy Authentication Required", 100),
        https=("Invalid response from proxy: HTTP/1.1 407", 100))
def apt_get(proxy, who, scheme):
    """In a root of its own, and without this machine's configuration."""
    root = own("apt")
    for folder in "lists/partial", "archives/partial", "etc":
        os.makedirs(f"{root}/{folder}")
    for name, text in (("status", ""), ("etc/sources.list", f"""
                deb [trusted=yes] {url(scheme, NAME, "apt")} ./
            """), ("apt.conf", f"""
                Dir::State "{root}"; Dir::State::status "{root}/status";
                Dir::Cache "{root}"; Dir::Etc "{root}/etc";
                APT::Sandbox::User "root"; Acquire::Languages "none"; Acquire::Retries "0";
                Acquire::http::Proxy "{through(proxy, who)}";
                Acquire::https::CAInfo "{proxy.authorities}";
            """)):
        with open(f"{root}/{name}", "w") as f:
            f.write(text)
    env = {"APT_CONFIG": f"{root}/apt.conf"}
    run("apt-get", "-q", "--error-on=any", "update", env=env)
    run("apt-get", "-q", "download", "hello", cwd=root, env=env)
    check(run("dpkg-deb", "--fsys-tarfile", f"{root}/hello_1.0_all.deb").count(HELLO.encode()), 1,
          "hello.txt in the package")


@client("git", http=("returned error: 407", 128), https=("response 407", 128))
def git(proxy, who, scheme):
    folder = own("git")
    run("git", "-c", f"http.proxy={through(proxy, who)}", "clone", "-q",
        url(scheme, NAME, "repo.git"), folder, env={
            "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0",
            "GIT_SSL_CAINFO": tmp("origin.pem"), "GIT_PROXY_SSL_CAINFO": proxy.authorities})
    with open(f"{folder}/hello.txt") as f:
        check(f.read(), HELLO, "the file in the repository")


@client("npm", http=("407 Proxy Authentication Required", 1))
def npm(proxy, who, scheme):
    folder = own("npm")
    os.mkdir(folder)
    at = through(proxy, who)
    run("npm", "pack", "hello", "--registry", url(scheme, NAME, f"npm/{scheme}"),
        "--cache", f"{folder}/cache", "--fetch-retries=0", "--cafile", tmp("origin.pem"),
        "--update-notifier=false", cwd=folder, env={"HTTP_PROXY": at, "HTTPS_PROXY": at})
    with open(f"{folder}/hello-1.0.0.tgz", "rb") as got, open(
            tmp("www/npm/hello-1.0.0.tgz"), "rb") as want:
        check(got.read() == want.read(), True, "the package")


@client("Python, urllib", http=("HTTP Error 407", 1), https=("Tunnel connection failed: 407", 1))
def urllib(proxy, who, scheme):
    is_page(run("/usr/bin/python3", "-I", f"{SOURCE}/tests/clients/programs/urls.py",
                through(proxy, who), tmp("origin.pem"), url(scheme, NAME)))


@client("Chromium", http=("status 407", 1), https=("status 407", 1))
def chromium(proxy, who, scheme):
    user, _, password = (who or "").partition(":")
    is_page(run("/usr/bin/python3", "-IB", f"{SOURCE}/tests/clients/programs/chromium.py",
                through(proxy, None), own("chromium"), url(scheme, NAME),
                env={"PROXY_USER": user, "PROXY_PASSWORD": password} if who else None))
