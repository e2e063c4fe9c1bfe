# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that answers.bats plays, one for each @test."""

import os
import re
import subprocess

from clients import CURL, library, node, run, served
from destinations import FOUR, PAGE, WEB, network, web
from lib.peer import PATIENCE, check, closed_port
from lib.program import tmp
from lib.proxy import dante, serve, sessions
from lib.users import SHA512, needs_hashes, users_file
from lib.world import Dns, isolate, names


def curl_reads_codes():
    isolate()
    names()
    Dns({})
    proxy = serve()
    for host, code in ("127.0.0.1", 5), ("203.0.113.9", 3), ("missing.example.com", 4):
        p = subprocess.run(["curl", "-sS", "--max-time", "60", "--socks5-hostname", proxy,
                            f"http://{host}:1/"],
                           capture_output=True, text=True)
        check(p.returncode, 97, p.stderr)
        assert re.search(r"\(%d\)" % code, p.stderr), p.stderr


def errors_of_refusals():
    isolate()
    names("127.0.0.1 four.example.com\n")
    proxy = served()
    to = "four.example.com", str(closed_port())
    url = "http://%s:%s/" % to
    conf = tmp("proxychains.conf",
               f"strict_chain\nproxy_dns\n[ProxyList]\nsocks5 {proxy.host} {proxy.port}\n")
    for words, *argv in (
        ("(5)", *CURL, "--proxy", proxy.url("socks5h"), url),
        ("", "ncat", "--proxy", proxy.at, "--proxy-type", "socks5", *to),
        ("connection failed", "nc.openbsd", "-X", "5", "-x", proxy.at, *to),
        ("", "proxychains4", "-q", "-f", conf, *CURL, url),
        ("", "torsocks", "-a", proxy.host, "-P", str(proxy.port), *CURL, url),
    ):
        p = subprocess.run(argv, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           timeout=PATIENCE, env={"PATH": os.environ["PATH"]})
        assert p.returncode > 0 and words in p.stderr, f"{argv}: {p.returncode} {p.stderr}"
    for words, call, what in (("0x05: Connection refused", library, "pysocks5"),
                              ("0x5b", library, "pysocks4"),
                              ("Connection refused by destination host", library, "sync"),
                              ("Connection refused by destination host", library, "asyncio"),
                              ("ConnectionRefused", node, "connect")):
        if what == "pysocks4":
            proxy = served("--socks4")
        try:
            call(what, proxy, *to)
        except AssertionError as e:
            assert words in str(e), e
        else:
            raise AssertionError(f"{what}: no error")


def right_password_alone():
    isolate()
    needs_hashes()
    network()
    web()
    proxy = served("--users", users_file(f"alice:{SHA512}\n"))
    to = "four.example.com", str(WEB)
    url = "http://%s:%s/" % to

    def chains(who, password):
        conf = tmp("proxychains.conf",
                   f"proxy_dns\n[ProxyList]\nsocks5 {proxy.host} {proxy.port} {who} {password}\n")
        return run("proxychains4", "-q", "-f", conf, *CURL, url)

    def dante_client(who, password):
        return run("socksify", *CURL, f"http://{FOUR}:{WEB}/", env={
            **dante(proxy.at, "username"), "SOCKS_USERNAME": who, "SOCKS_PASSWORD": password})

    def lib(call, what):
        return lambda who, password: call(what, proxy, *to,
                                          env={"PROXY_USER": who, "PROXY_PASSWORD": password})

    clients = {
        "curl": lambda *who: run(*CURL, "--proxy", proxy.url("socks5h"), "--proxy-user",
                                 ":".join(who), url),
        "ncat": lambda *who: run("ncat", "--proxy", proxy.at, "--proxy-type", "socks5",
                                 "--proxy-auth", ":".join(who), *to,
                                 text=b"GET / HTTP/1.0\r\n\r\n").partition(b"\r\n\r\n")[2],
        "torsocks": lambda who, password: run("torsocks", "-a", proxy.host, "-P", str(proxy.port),
                                              "-u", who, "-p", password, *CURL, url),
        "proxychains4": chains,
        "socksify": dante_client,
        "PySocks": lib(library, "pysocks5"),
        "python-socks": lib(library, "sync"),
        "python-socks, asyncio": lib(library, "asyncio"),
        "npm socks": lib(node, "connect"),
    }
    for name, client in clients.items():
        got = client("alice", "secret")
        check(got.decode() == PAGE, True, f"the page by {name}: {got[:200]!r}")
        try:
            got = client("alice", "wrong")
        except AssertionError:
            got = b""
        check(got, b"", f"{name} with a wrong password")
    lines = sessions(2 * len(clients) + 1)  # torsocks asks for the address first
    check([p["user"] for p in lines if p.get("command") == "connect"], ["alice"] * len(clients),
          "who was served")
    check(len([p for p in lines if p["end"] == "auth"]), len(clients), "who was not")
