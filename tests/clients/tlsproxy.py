# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that tlsproxy.bats plays, one for each @test."""

import grp
import os
import re
import shutil
import socket
import struct
import subprocess

import destinations
import matrix as table
import origin
import tlsclients
from clients import PATIENCE, served
from superservers import SUPERSERVERS
from tlsclients import ONE_PORT, TLS_CLIENTS, trust
from webclients import ALICE
from webproxy import WRONG, refusal
from lib.peer import End, check
from lib.program import Skip, tmp
from lib.proxy import all_ended, sessions
from lib.tls import certificate
from lib.users import SHA512, features, needs_hashes, users_file
from lib.world import isolate


def options(files):
    return [word for name, value in files.items() for word in (f"--{name}", value)]


def needs_tls():
    if not features().get("tls"):
        raise Skip("this build has no TLS")


def world():
    """The origin, and a proxy for alice, in a world that has nothing else."""
    needs_tls()
    needs_hashes()
    isolate()
    destinations.network()
    origin.start()
    return served("--http", "--users", users_file(f"alice:{SHA512}\n"), *options(trust()))


def seen(line):
    return line.get("protocol", "socks5"), line.get("tls")


def expected(client):
    """What the log says of the client's protocol and of TLS."""
    tls = None if client not in TLS_CLIENTS else "TLSv1.2" if "1.2" in client.name else "TLSv1.3"
    return "socks5" if "socks" in client.name.lower() else "http", tls


def every_client():
    proxy = world()
    for client in ONE_PORT:
        client.run(proxy, ALICE)
        all_ended()
        lines = sessions(1)
        assert origin.arrived(), client.name
        check({(*seen(p), p.get("user"), p.get("reply")) for p in lines if p["end"] != "auth"},
              {(*expected(client), "alice", "0")}, f"the log of {client.name}")


def right_password_alone():
    proxy = world()
    for client in ONE_PORT:
        for scheme, (words, status) in client.refused.items():
            for who in WRONG, None:
                said = refusal(client.run, proxy, who, scheme)
                for part in words, f"got {status}":
                    assert part in said, (client.name, who, part, said)
                lines = sessions(1)
                check({(p["end"], p.get("tls"), p.get("command")) for p in lines},
                      {("auth", expected(client)[1], None)}, f"the log of {client.name}")
    check(origin.arrived(), [], "what came to the origin")


def certificate_checked():
    """The proxy has another certificate, of the same name."""
    proxy = world()
    other, key = certificate("other")
    shutil.copy(other, tmp("localhost.crt"))
    shutil.copy(key, tmp("localhost.key"))
    for client, words, alert in (
            (tlsclients.curl, "curl: (60)", "tlsv1 alert unknown ca"),
            (tlsclients.apt_get, "certificate is NOT trusted", None),
            (tlsclients.git, "certificate verification failed", None),
            (tlsclients.chromium, "ERR_PROXY_CERTIFICATE_INVALID",
             "sslv3 alert certificate unknown"),
            (tlsclients.socks_of_ncat, "Ncat: Input/output error", None),
            (tlsclients.curl_stunnel, "curl: (97)", "tlsv1 alert unknown ca")):
        said = refusal(client, proxy, ALICE, "http")
        assert words in said, (words, said)
        all_ended()
        for line in sessions(1):
            assert "user" not in line and "command" not in line, (words, line)
            if alert:  # the others send none, or may be gone before it is sent
                check(line.get("error"), f"TLS: {alert}", f"the log, of {words}")
    check(origin.arrived(), [], "what came to the origin")


def proxy_alone(key="ec", **more):
    """A proxy with a key of this sort, and no destinations."""
    needs_tls()
    isolate()
    cert, private = certificate(key=key, **more)
    return served("--http", "--tls-certificate", cert, "--tls-key", private)


def s_client(proxy, *argv, text="", trusts=True):
    """All that openssl s_client says, which has no limits of its own at security level 0."""
    p = subprocess.run(
        ["openssl", "s_client", "-connect", proxy.at, "-servername", "localhost",
         *(("-CAfile", tmp("localhost.crt")) if trusts else ()), *argv],
        input=text, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=PATIENCE)
    return p.returncode, p.stdout


LEVEL = "-cipher", "ALL:COMPLEMENTOFALL:@SECLEVEL=0"


def versions():
    proxy = proxy_alone()
    for flag, name in ("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3"):
        status, said = s_client(proxy, flag, *LEVEL)
        check(status, 0, f"status of {flag}, saying {said}")
        assert f"New, {name}, Cipher is " in said and "Verify return code: 0 (ok)" in said, said
        check([seen(line)[1] for line in sessions(1)], [name], "the log")
    for flag in "-tls1", "-tls1_1":
        status, said = s_client(proxy, flag, *LEVEL)
        check(status, 1, f"status of {flag}, saying {said}")
        assert "alert protocol version" in said, said
        check([(p["end"], p["error"], p.get("tls")) for p in sessions(1)],
              [("protocol", "TLS: unsupported protocol", None)], "the log")


WEAK = {
    "NULL": (0x0001, 0x0002, 0x003B, 0xC006, 0xC010, 0x00B0),
    "export": (0x0003, 0x0006, 0x0008, 0x0014),
    "RC4": (0x0004, 0x0005, 0xC007, 0xC011),
    "DES and 3DES": (0x0009, 0x000A, 0x0016, 0xC008, 0xC012),
    "nobody's key": (0x0018, 0x0034, 0x00A6, 0xC018, 0xC019),
    "RSA for the key": (0x002F, 0x0035, 0x003C, 0x003D, 0x009C, 0x009D, 0xC09C),
    "CBC": (0x0033, 0x0067, 0xC009, 0xC00A, 0xC013, 0xC014, 0xC023, 0xC024, 0xC027, 0xC028),
}
GOOD = {"ec": 0xC02B, "rsa": 0xC02F}  # ECDHE with AES128-GCM-SHA256
REFUSED = b"\x15\x03\x03\x00\x02\x02\x28"  # handshake_failure


def hello(*suites):
    """The first message of a client of TLS 1.2, which offers these suites and P-256."""
    def sized(form, data):
        return struct.pack(form, len(data)) + data
    offered = b"".join(struct.pack("!H", suite) for suite in suites)
    extensions = b"".join(struct.pack("!H", kind) + sized("!H", data) for kind, data in (
        (10, sized("!H", b"\0\x17")),                    # supported_groups: secp256r1
        (11, sized("!B", b"\0")),                        # ec_point_formats: uncompressed
        (13, sized("!H", b"\4\3\4\1\5\1\6\1\x08\4")),    # signature_algorithms
    ))
    body = (b"\3\3" + bytes(range(32)) + b"\0" + sized("!H", offered) + b"\1\0"
            + sized("!H", extensions))
    return b"\x16\3\1" + sized("!H", b"\1\0" + sized("!H", body))


def answer(proxy, *suites):
    """The suite that the proxy chooses, or None if it refuses all."""
    with socket.create_connection((proxy.host, proxy.port)) as s:
        end = End(s)
        end.send(hello(*suites))
        kind = end.recv(1)
        if kind == b"\x15":
            end.expect(REFUSED[1:])
            end.expect_end()
            return None
        check(kind, b"\x16", "the kind of record")
        end.recv(4)
        check(end.recv(1), b"\2", "the message")  # ServerHello
        end.recv(3 + 2 + 32)
        end.recv(end.recv(1)[0])
        return struct.unpack("!H", end.recv(2))[0]


def weak_suites():
    for key, good in GOOD.items():
        proxy = proxy_alone(key)
        check(answer(proxy, good), good, "the suite")
        sessions(1)
        for kind, suites in WEAK.items():
            for offered in *((suite,) for suite in suites), suites:
                check(answer(proxy, *offered), None, f"what is chosen of {kind} {offered}")
            check({(p["end"], p["error"]) for p in sessions(len(suites) + 1)},
                  {("protocol", "TLS: no shared cipher")}, "the log")
        check(answer(proxy, *sum(WEAK.values(), ()), good), good, "the suite of many")
        sessions(1)


NOWHERE = "192.0.2.1"


def no_extras():
    proxy = proxy_alone()
    for flag in "-tls1_2", "-tls1_3":
        session = tmp("session" + flag)
        said = s_client(proxy, flag, "-comp", "-alpn", "h2,http/1.1", "-sess_out", session,
                        text=f"GET http://{NOWHERE}/ HTTP/1.1\r\nHost: {NOWHERE}\r\n\r\n")[1]
        for line in "Compression: NONE", "ALPN protocol: http/1.1":
            assert line in said, said
        assert "TLS session ticket" not in said and "New Session Ticket" not in said, said
    said = s_client(proxy, "-tls1_2", *LEVEL, "-alpn", "h2")[1]
    assert "no application protocol" in said or "No ALPN negotiated" in said, said
    check(len(re.findall("^New, ", s_client(proxy, "-tls1_2", "-reconnect")[1], re.M)), 6,
          "new sessions of six")


def matrix():
    """Prints the table, and reports each cell that is wrong."""
    needs_tls()
    needs_hashes()
    users = "/etc/picosocks5.users"
    with open(users, "w") as f:
        f.write(f"alice:{SHA512}\n")
    files = {"users": users}

    def start():
        origin.start()
        for name, path in trust().items():
            files[name] = shutil.copy(path, f"/etc/picosocks5.{name}")
    table.world(start, more="http\n" + "".join(
        f"{name} /etc/picosocks5.{name}\n" for name in ("users", "tls-certificate", "tls-key")))
    for path in files.values():
        os.chown(path, 0, grp.getgrnam("picosocks5").gr_gid)
        os.chmod(path, 0o640)
    table.judge(ONE_PORT, [s for s in SUPERSERVERS if s.name in ("systemd", "tcpserver", "openbsd")])
