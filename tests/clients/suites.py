# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that suites.bats plays, one for each @test."""

import glob
import os
import re
import socket
import subprocess
import threading

import destinations
from clients import served, ssh
from destinations import FOUR, PROXY, SIX
from lib.peer import End, Listener, check, eventually, together
from lib.program import PROGRAM, lines_of, tmp
from lib.proxy import serve, sessions
from lib.users import needs_hashes, users_file
from lib.world import command, ip, isolate, names


def suite(cwd, env, *argv):
    """Runs a suite that must succeed, and returns its output."""
    p = subprocess.run(argv, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, timeout=120)
    said = p.stdout.decode("latin-1")
    check(p.returncode, 0, said)
    return said


def curl_suite():
    isolate()
    needs_hashes("digest")
    ip("addr add 12.34.56.78/32 dev lo\naddr add 2200::33/128 dev lo nodad")
    names("127.0.0.1 this.is.a.host.name\n")
    tests = os.environ["abs_top_builddir"] + "/clients/curl/tests"
    cases = []
    for path in glob.glob(tests + "/data/test[0-9]*"):
        with open(path, "rb") as f:
            text = f.read()
        # Leave out those that need a client of their own, linked with libcurl.
        if re.search(rb"<server>[^<]*\bsocks", text) and b"<tool>" not in text:
            cases.append(path.rpartition("test")[2])
        # Their SOCKS server writes this file. picosocks5 has its log: see below.
        if b"<socks>" in text:
            with open(path, "wb") as f:
                f.write(re.sub(rb"<socks>.*?</socks>\n", b"", text, flags=re.S))
    assert len(cases) >= 20, cases
    # Their SOCKS server goes to their web server wherever it is asked to go. Here that is where it
    # is.

    def pump(one, other):
        while data := one.read():
            other.send(data)
        other.shut()

    port = None

    def forward(end):
        far = End(socket.create_connection(("127.0.0.1", port)))
        together(lambda: pump(end, far), lambda: pump(far, end))

    def elsewhere():
        nonlocal port
        port = int(eventually(lambda: os.path.exists(tests + "/.http_server.port")
                              and open(tests + "/.http_server.port").read()))
        Listener("127.0.0.1", 1).serve(forward)
        Listener("2200::33", port).serve(forward)

    for left in glob.glob(tests + "/.*.p*"):
        os.unlink(left)
    threading.Thread(target=elsewhere, daemon=True).start()
    env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PICOSOCKS5": PROGRAM, "SOCKSD_LOG": tmp("log"),
           "SOCKSD_USERS": users_file("uz3r:{SHA}fuS1b8bHICMH1omLTnQApHccacY=\n")}
    said = suite(tests, env, "perl", "-I.", "./runtests.pl", "-n", "-a", "-c", "/usr/bin/curl",
                 "-vc", "/usr/bin/curl", *sorted(cases, key=int))
    assert f"TESTDONE: {len(cases)} tests out of {len(cases)} reported OK: 100%" in said, said
    with open(tmp("log"), encoding="latin-1") as f:
        lines = lines_of(f.read())
    assert {f"[2200::33]:{port}", f"12.34.56.78:{port}", f"this.is.a.host.name:{port}"} <= {
        p.get("dest") for p in lines}, lines
    assert len(lines) > len(cases), "they went through us"
    assert [p for p in lines if p.get("user") == "uz3r"], "so did the one with a password"


def pysocks_suite(standin):
    isolate()
    env = {"PATH": "/usr/bin:/bin", "PICOSOCKS5": PROGRAM, "PYTHONDONTWRITEBYTECODE": "1",
           "PYTHONPATH": f"{tmp('suite')}:{standin}"}
    said = suite(tmp("suite"), env, "/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider",
                 "-v", "-k", "not http and not connect_timeout", "test/test_pysocks.py")
    passed = re.search(r"= (\d+) passed, \d+ deselected", said)
    assert passed and int(passed[1]) >= 11, said


def agent_suite(standin, modules):
    isolate()
    port = serve().rpartition(":")[2]
    env = {"PATH": "/usr/bin:/bin", "NODE_PATH": f"{standin}:{modules}", "SOCKS_PORT": port}
    said = suite(tmp("agent"), env, "node", modules + "/mocha/bin/_mocha", "--reporter", "tap")
    assert "# pass 5" in said and "# fail 0" in said, said
    check([p["command"] for p in sessions(2)], ["connect"] * 2, "it went through us")


def openssh_suite():
    isolate()
    command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
    destinations.network()
    destinations.ssh()
    destinations.only_the_proxy()
    proxy = served("--socks4", "--source", ",".join(PROXY))
    for version, host in ((4, FOUR), (5, FOUR), (5, SIX), (5, "four.example.com"),
                          (5, "six.example.com")):
        ssh(proxy, f"nc.openbsd -X {version} -x", host)
    check([(p["command"], p["reply"]) for p in sessions(5)],
          [("connect", "90")] + [("connect", "0")] * 4)
