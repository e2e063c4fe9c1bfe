# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that webproxy.bats plays, one for each @test."""

import socket
import textwrap

import destinations
import origin
from clients import CURL, Proxy, run, served
from destinations import FOUR, WEB
from origin import NAME, NAME6, url
from webclients import (ALICE, WEB_CLIENTS, apt_get, chromium, curl_names, git, npm, urllib, wget)
from lib.peer import check, closed_port, eventually
from lib.program import tmp
from lib.proxy import sessions
from lib.users import SHA512, needs_hashes, users_file
from lib.world import background, isolate

ALONE = [client for client in WEB_CLIENTS if not client.six]
WRONG = "alice:wrong"


def world(*options):
    """The origin, and a proxy with these options, in a world that has nothing else."""
    isolate()
    destinations.network()
    origin.start()
    return served("--http", *options)


def world_of_alice():
    needs_hashes()
    return world("--users", users_file(f"alice:{SHA512}\n"))


def refusal(client, proxy, who, scheme):
    """What the client says; it has to fail."""
    try:
        client(proxy, who, [scheme])
    except AssertionError as e:
        return str(e)
    raise AssertionError(f"no error with {who}")


def origin_sees():
    proxy = world_of_alice()
    for client in ALONE:
        client.run(proxy, ALICE)
        came = origin.arrived()
        assert came, client.name
        for request in came:
            port = origin.TLS if request["scheme"] == "https" else WEB
            hosts = NAME, NAME6, FOUR, f"[{destinations.SIX}]"
            assert request["host"] in [f"{host}:{port}" for host in hosts], (client.name, request)
            assert request["request"].split()[1].startswith("/"), (client.name, request)
            tunnel = port == origin.TLS or "tunnel" in client.name or "socks5" in client.name
            if not tunnel:  # what a client sends through a tunnel is its own
                check([request[key] for key in ("via", "connection", "proxy_authorization",
                                                "proxy_connection")],
                      ["1.1 picosocks5", "close", "", ""], f"fields that came from {client.name}")
            else:
                check(request["via"], "", f"Via in a tunnel of {client.name}")
        passed_on = sum(request["via"] != "" for request in came)
        lines = sessions(max(passed_on, 1))
        check({(p.get("user"), p.get("command"), p.get("protocol"), p.get("reply"))
               for p in lines},
              {("alice", "connect", None if "socks5" in client.name else "http", "0")},
              f"the log of {client.name}")


def right_password_alone():
    proxy = world_of_alice()
    for client in ALONE:
        for scheme, (words, status) in client.refused.items():
            for who in WRONG, None:
                said = refusal(client.run, proxy, who, scheme)
                for part in words, f"got {status}":
                    assert part in said, (client.name, who, part, said)
    lines = sessions(2 * sum(len(client.refused) for client in ALONE))
    check({(p["end"], p.get("command")) for p in lines}, {("auth", None)}, "how they ended")
    check({p.get("user") for p in lines}, {"alice", None}, "who tried")
    check(origin.arrived(), [], "what came to the origin")


def without_password():
    proxy = world()
    for client in ALONE:
        client.run(proxy, None)
    assert all(line["end"] in ("eof", "reset") and "user" not in line
               for line in sessions(len(ALONE)))


def asked(count):
    """Sessions with a request. Chromium may open a connection in reserve, and send nothing."""
    return [line for line in sessions(count) if "command" in line]


def errors_of_refusals():
    tunnel = "ERR_TUNNEL_CONNECTION_FAILED"  # Chromium's words, whatever the status
    clients = (
        (curl_names, "http", "error: %d"),
        (curl_names, "https", "response %d"),
        (wget, "http", "ERROR %d"),
        (wget, "https", "Proxy tunneling failed: "),
        (apt_get, "http", "%d  "),
        (apt_get, "https", "HTTP/1.1 %d "),
        (git, "http", "error: %d"),
        (git, "https", "response %d"),
        (npm, "http", "npm error code E%d"),
        (urllib, "http", "HTTP Error %d"),
        (urllib, "https", "Tunnel connection failed: %d"),
        (chromium, "http", "status %d"),
        (chromium, "https", tunnel),
    )
    proxy = world("--allow", "to 192.0.2.1")
    for client, scheme, words in clients:
        said = refusal(client, proxy, None, scheme)
        assert words.replace("%d", "403") in said, said
    assert {line["end"] for line in asked(len(clients))} == {"denied"}
    check(origin.arrived(), [], "what came to the origin")
    origin.stop()
    proxy = served("--http")
    for client, scheme, words in clients:
        said = refusal(client, proxy, None, scheme)
        assert words.replace("%d", "502") in said, said
    assert {p["reply"] for p in asked(len(clients)) if p["end"] != "denied"} == {"5"}


def _serves(port):
    """Waits until a session on this port has got an answer, so that its line is sure to come."""
    def answered():
        try:
            with socket.create_connection(("127.0.0.1", port), 10) as s:
                s.sendall(b"GET / HTTP/1.0\r\n\r\n")
                return s.recv(1)
        except OSError:
            return False
    eventually(answered, f"port {port} serves")


def behind_haproxy():
    behind = world("--proxy-protocol", "127.0.0.1", "--allow",
                   f"from 127.0.0.7 to {FOUR},{destinations.SIX}")
    for version in "send-proxy", "send-proxy-v2":
        port = closed_port()
        background("haproxy", "-db", "-f", tmp(version, textwrap.dedent(f"""
            defaults
                mode tcp
                timeout connect 60s
                timeout client 60s
                timeout server 60s
            listen web
                bind 127.0.0.1:{port}
                server one {behind.at} {version}
            """)))
        _serves(port)
        front = Proxy("127.0.0.1", port, None)
        sessions(1)
        for scheme in "http", "https":
            said = refusal(curl_names, front, None, scheme)
            assert "403" in said, said
        assert {line["end"] for line in sessions(2)} == {"denied"}
        for scheme in "http", "https":
            run(*CURL, "-f", "--interface", "127.0.0.7", "--cacert", tmp("origin.pem"),
                "--proxy", f"http://{front.at}", url(scheme, NAME))
        check([line["client"].partition(":")[0] for line in sessions(2)], ["127.0.0.7"] * 2,
              f"the clients in the log, with {version}")
