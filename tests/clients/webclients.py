# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that others wrote, which speak HTTP to the proxy: each fetches and checks what it got.

A client takes a proxy and "user:password", or None to send no password. Its words are what it says
when the proxy asks for a password that it does not have.
"""

import base64
import collections
import itertools
import os

from clients import CURL, is_page, run
from destinations import FOUR, PAGE, SIX
from origin import HELLO, NAME, NAME6, url
from lib.peer import check
from lib.program import SOURCE, tmp

WEB_CLIENTS = []
ALICE = "alice:secret"
Client = collections.namedtuple("Client", "name run unix half_close six packages words status")
_number = itertools.count()


def client(name, words, status=None, unix=False, six=False):
    """words, status: how it ends without the right password. The rest: see clients.py."""
    def add(call):
        WEB_CLIENTS.append(Client(name, call, unix, False, six, None, words, status))
        return call
    return add


def own(name):
    """A path that no other run of a client has."""
    return tmp(f"{name}.{next(_number)}")


def through(proxy, who):
    """The URL of the proxy, as the environment's http_proxy has it."""
    return f"http://{who}@{proxy.at}" if who else f"http://{proxy.at}"


def curl(proxy, who, where, *options):
    user = ("--proxy-user", who) if who else ()
    return run(*CURL, "--cacert", tmp("origin.pem"), "--proxy", f"http://{proxy.at}", *user,
               *options, where)


@client("curl, http", "407", 22)
def curl_http(proxy, who=ALICE):
    for host in NAME, NAME6:
        is_page(curl(proxy, who, url("http", host), "-f"))


@client("curl, https", "response 407", 56)
def curl_https(proxy, who=ALICE):
    for host in NAME, NAME6:
        is_page(curl(proxy, who, url("https", host)))


@client("curl, http in a tunnel", "response 407", 56)
def curl_tunnel(proxy, who=ALICE):
    is_page(curl(proxy, who, url("http", NAME), "--proxytunnel"))


@client("curl, IPv6 addresses", "407", 22)
def curl_literals(proxy, who=ALICE):
    for host in FOUR, f"[{SIX}]":
        for scheme in "http", "https":
            is_page(curl(proxy, who, url(scheme, host), "-f"))


@client("curl, proxy at [::1]", "407", 22, six=True)
def curl_to_six(proxy, who=ALICE):
    for scheme in "http", "https":
        is_page(curl(proxy, who, url(scheme, NAME), "-f"))


@client("curl --proxy-anyauth", "407", 22)
def curl_anyauth(proxy, who=ALICE):
    """It asks without the password first, and again on the same connection."""
    for scheme in "http", "https":
        got = curl(proxy, who, url(scheme, NAME), "-f", "--proxy-anyauth", "-w", "%{num_connects}")
        check(got[-1:], b"1", "connections that curl made")
        is_page(got[:-1])


@client("curl, a form", "407", 22)
def curl_post(proxy, who=ALICE):
    """nginx refuses to have forms sent to a file. The form is too large for one segment."""
    got = curl(proxy, who, url("http", NAME), "--data-binary", f"@{tmp('www/page')}",
               "-w", "%{http_code}")
    assert got.endswith(b"405") and b"nginx" in got, f"407, status 22: {got[-200:]!r}"


@client("curl, 20 at once", "407", 22)
def curl_many(proxy, who=ALICE):
    got = curl(proxy, who, url("http", NAME, "page?[1-20]"),
               "-f", "--no-globoff", "-Z", "--parallel-max", "20", "--parallel-immediate",
               "-o", "/dev/null", "-w", "%{http_code} %{size_download}\n")
    check(got.decode(), f"200 {len(PAGE)}\n" * 20, "what came")


@client("curl, by a unix socket", "407", 22, unix=True)
def curl_unix(proxy, who=ALICE):
    """curl knows no HTTP proxy at a unix socket, so it is told what to send."""
    if not proxy.path:
        is_page(curl(proxy, who, url("http", NAME), "-f"))
        return
    where = url("http", NAME)
    is_page(run(*CURL, "-f", "--unix-socket", proxy.path, "--request-target", where, "-H",
                "Proxy-Authorization: Basic " + base64.b64encode(who.encode()).decode(), where))


@client("curl --socks5-hostname", "curl: (97)", 97)
def curl_socks(proxy, who=ALICE):
    """On the same port."""
    user = ("--proxy-user", who) if who else ()
    is_page(run(*CURL, "--proxy", proxy.url("socks5h"), *user, url("http", NAME)))


def environment(proxy, who):
    at = through(proxy, who)
    return {"http_proxy": at, "https_proxy": at, "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_TERMINAL_PROMPT": "0", "GIT_SSL_CAINFO": tmp("origin.pem")}


@client("wget", "ERROR 407: Proxy Authentication Required", 8)
def wget(proxy, who=ALICE):
    for scheme in "http", "https":
        is_page(run("wget", "--no-config", "-nv", "-t", "1", "-O", "-", "--ca-certificate",
                    tmp("origin.pem"), url(scheme, NAME), env=environment(proxy, who)))


def apt_get(proxy, who, scheme):
    root = own("apt")
    for folder in "lists/partial", "archives/partial", "etc":
        os.makedirs(f"{root}/{folder}")
    for name, text in (("status", ""), ("etc/sources.list",
                                        f"deb [trusted=yes] {url(scheme, NAME, 'apt')} ./\n")):
        with open(f"{root}/{name}", "w") as f:
            f.write(text)
    options = [word for option in (
        f"Dir::State={root}", f"Dir::State::status={root}/status", f"Dir::Cache={root}",
        f"Dir::Etc={root}/etc", "APT::Sandbox::User=root", "Acquire::Languages=none",
        "Acquire::Retries=0", f"Acquire::http::Proxy={through(proxy, who)}",
        f"Acquire::https::CAInfo={tmp('origin.pem')}") for word in ("-o", option)]
    run("apt-get", *options, "-q", "--error-on=any", "update")
    run("apt-get", *options, "-q", "download", "hello", cwd=root)
    check(run("dpkg-deb", "--fsys-tarfile", f"{root}/hello_1.0_all.deb").count(HELLO.encode()), 1,
          "hello.txt in the package")


@client("apt-get", "407  Proxy Authentication Required", 100)
def apt_http(proxy, who=ALICE):
    apt_get(proxy, who, "http")


@client("apt-get, https", "Invalid response from proxy: HTTP/1.1 407", 100)
def apt_https(proxy, who=ALICE):
    apt_get(proxy, who, "https")


@client("git", "407", 128)
def git(proxy, who=ALICE):
    for scheme in "http", "https":
        folder = own("git")
        run("git", "-c", f"http.proxy={through(proxy, who)}", "clone", "-q",
            url(scheme, NAME, "repo.git"), folder, env=environment(proxy, None))
        with open(f"{folder}/hello.txt") as f:
            check(f.read(), HELLO, "the file in the repository")


def npm(proxy, who, scheme):
    folder = own("npm")
    os.mkdir(folder)
    run("npm", "pack", "hello", "--registry", url(scheme, NAME, f"npm/{scheme}"),
        "--cache", f"{folder}/cache", "--fetch-retries=0", "--cafile", tmp("origin.pem"),
        "--update-notifier=false", cwd=folder, env={
            "HTTP_PROXY": through(proxy, who), "HTTPS_PROXY": through(proxy, who)})
    with open(f"{folder}/hello-1.0.0.tgz", "rb") as got, open(
            tmp("www/npm/hello-1.0.0.tgz"), "rb") as want:
        check(got.read() == want.read(), True, "the package")


@client("npm", "407 Proxy Authentication Required", 1)
def npm_http(proxy, who=ALICE):
    npm(proxy, who, "http")


@client("Python, urllib", "407", 1)
def urllib(proxy, who=ALICE):
    for scheme in "http", "https":
        is_page(run("/usr/bin/python3", "-I", f"{SOURCE}/tests/clients/programs/urls.py",
                    through(proxy, who), tmp("origin.pem"), url(scheme, NAME)))


def chromium(proxy, who, *urls):
    user, _, password = (who or "").partition(":")
    got = run("/usr/bin/python3", "-I", f"{SOURCE}/tests/clients/programs/chromium.py",
              f"http://{proxy.at}", own("chromium"), *urls,
              env={"PROXY_USER": user, "PROXY_PASSWORD": password} if who else None)
    check(got.decode() == PAGE * len(urls), True,
          f"the pages, not {got[:200]!r} ({len(got)} bytes)")


@client("Chromium", "status 407", 1)
def chromium_both(proxy, who=ALICE):
    chromium(proxy, who, url("http", NAME), url("https", NAME))
