# SPDX-License-Identifier: GPL-3.0-or-later
"""Provokes each row of picosocks5(8), REFUSALS, on a booted machine, by real clients where there are
any for it, and finds the row's words in the journal.

    refusals.py compare PAGE    each row of the page has a provocation here, and each has a row
    refusals.py provoke PAGE    provokes all of them; run it as root inside the machine

It makes destinations, name servers, routes, certificates (refusals_tls.py beside it) and a Kerberos
realm (kdc.py) of its own. Uses only Python's own library, and python3-gssapi.
"""
import fcntl
import hmac
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time

from refusals_tls import (AUTHORITY, CLOSING, HANDSHAKE, SERVER, certify, client, frame, in_frames,
                          named)

PATIENCE = float(os.environ.get("PICOSOCKS5_TEST_PATIENCE", "60"))
CONF, USERS = "/etc/picosocks5.conf", "/etc/picosocks5.users"
PROXY, AFAR = "127.0.0.1:1080", "192.168.1.2:1080"
SILENT = "198.51.100.77"  # routed to a device that drops everything
WEB, BREAKER, MUTE, PARENT, LOCKED, SHUT = 8000, 8001, 8002, 8003, 8004, 8005
DROPIN = "/run/systemd/system/picosocks5@.service.d/refusals.conf"
AUTH = f"users {USERS}\n"
CHAP = AUTH + "auth chap,password\n"
REALM, NO_KEYTAB = "/run/realm", "/run/no-keytab"
GSS = f"auth gssapi\ngssapi-keytab {REALM}/service.keytab\n"
TLS = f"tls-certificate {SERVER[0]}\ntls-key {SERVER[1]}\n"
CERTIFIED = f"{TLS}tls-clients {AUTHORITY[0]}\n"
DRAFT = TLS + "auth tls\n"
MUTE_MUX, SHUT_MUX, ODD_MUX = "/run/mute-mux", "/run/shut-mux", "/run/odd-mux"

# ---- the rows of the page ----


def rows(page):
    """Each row as (what the client sees, the words in the log)."""
    with open(page) as f:
        text = re.search(r"(?ms)^\.Sh REFUSALS\n(.*?)^\.Sh ", f.read())[1]
    found, seen = [], None
    for line in text.splitlines():
        if line.startswith(".Ss "):
            seen = line[4:]
        elif line.startswith('.It Li "'):
            words = line[8:-1]
            for mdoc, char in ((r"\(dq", '"'), (r"\(aq", "'"), (r"\-", "-")):
                words = words.replace(mdoc, char)
            found.append((seen, words))
    return found


PAIR = re.compile(r'(\w+)=("[^"]*"|\S+)')
ANY = {"FILE:LINE": r"/etc/picosocks5\.conf:\d+", "ADDRESS": r"[0-9a-f.:]+", "0xNN": "0x[0-9a-f]{2}",
       "REASON": ".+", "METHODS": "[a-z0-9, ]+", r"\bN\b": r"\d+",
       "parent URL": r"parent (?:socks5|http)://[0-9.]+:\d+"}


def pattern(value):
    """A value of a row as a regular expression."""
    made = re.escape(value.strip('"')).replace(r"\ ", " ")
    for word, stands_for in ANY.items():
        made = re.sub(re.escape(word) if word.isalpha() else word, lambda _: stands_for, made)
    return made


def expected(seen, words):
    """The values that the session's line must have; None: it must not have the key."""
    want = {"rule": None, "error": None, "reply": None}
    reply = re.search(r"[Rr]eply (?:is )?(\d+)", seen)
    if reply:
        want["reply"] = reply[1]
    want.update((key, pattern(value)) for key, value in PAIR.findall(words))
    return want


def differs(seen, words, line):
    for key, value in expected(seen, words).items():
        got = line.get("SOCKS_" + key.upper())
        if value is None and got is not None:
            return f"{key}={got}, which the row does not have"
        if value is not None and not re.fullmatch(value, got or ""):
            return f"{key}={got}, not {value}"
    return None


# ---- destinations ----


def serve(port, talk):
    listener = socket.create_server(("127.0.0.1", port))

    def loop():
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=talk, args=(conn,), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()


def web(conn):
    conn.recv(4096)
    conn.sendall(b"HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello")
    conn.close()


def breaker(conn):
    conn.recv(4096)
    conn.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    conn.close()


heard = threading.Event()  # the mute server has received something


def mute(conn):
    try:
        while conn.recv(4096):
            heard.set()
    except ConnectionError:
        pass


def parent(conn):
    """A proxy that refuses the destination: by the port as the status of HTTP, or by the port's last
    digit as the reply of SOCKS 5, after it has refused any password."""
    said = conn.recv(4096)
    if said[:1] != b"\5":
        port = re.match(rb"CONNECT \S+:(\d+) HTTP", said)[1]
        conn.sendall(b"HTTP/1.1 " + port + b" No\r\n\r\n")
    elif 2 in said[2:]:
        conn.sendall(b"\5\2")
        conn.recv(4096)
        conn.sendall(b"\1\1")
    else:
        conn.sendall(b"\5\0")
        conn.sendall(b"\5" + bytes([conn.recv(4096)[-1] % 10]) + b"\0\1" + bytes(6))
    conn.close()


def locked(conn):
    """A SOCKS 5 proxy that accepts no client without a login."""
    conn.recv(4096)
    conn.sendall(b"\5\xff")
    conn.close()


def echo(sock):
    while True:
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)


def names(sock):
    """web.example has the address 127.0.0.1, and empty.example none."""
    while True:
        query, peer = sock.recvfrom(512)
        end = query.index(b"\0", 12) + 5
        labels = query[13:end - 5]
        kind = struct.unpack("!H", query[end - 4:end - 2])[0]
        if labels.startswith(b"silent") or labels.startswith(b"7\x03113"):
            continue
        found = labels.startswith(b"web") and kind == 1
        code = 2 if labels.startswith(b"broken") else 0 if labels[:3] in (b"web", b"emp") else 3
        answer = query[:2] + struct.pack("!HHHHH", 0x8180 + code, 1, found, 0, 0) + query[12:end]
        if found:
            answer += b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + bytes([127, 0, 0, 1])
        sock.sendto(answer, peer)


def udp(host, port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind((host, port))
    return sock


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)


def command(*argv):
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)


def daemon(path, said):
    """Listens where saslauthd would, says this to each client, and closes; None: stays silent."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o777)
    listener.listen()

    def talk(conn):
        conn.recv(4096)
        if said is None:
            conn.recv(4096)
        else:
            conn.sendall(said)
        conn.close()

    def loop():
        while True:
            conn, _ = listener.accept()
            threading.Thread(target=talk, args=(conn,), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()


def world():
    for path, said in (MUTE_MUX, None), (SHUT_MUX, b""), (ODD_MUX, b"\0\0"):
        daemon(path, said)
    for port, talk in ((WEB, web), (BREAKER, breaker), (MUTE, mute), (PARENT, parent),
                       (LOCKED, locked), (SHUT, socket.socket.close)):
        serve(port, talk)
    for job, host, port in (names, "127.0.0.1", 53), (echo, "127.0.0.1", 7):
        threading.Thread(target=job, args=(udp(host, port),), daemon=True).start()
    write("/etc/resolv.conf", "nameserver 127.0.0.1\n")
    write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n")
    for words in ("addr add 192.168.1.2/24 dev lo", "link add void type veth peer name beyond",
                  "link set void up", "link set beyond up", "addr add 198.51.100.1/24 dev void",
                  f"neigh add {SILENT} lladdr 02:00:00:00:00:01 dev void nud permanent",
                  "route add unreachable 203.0.113.1", "route add prohibit 203.0.113.2",
                  "route add blackhole 203.0.113.3"):
        command("ip", *words.split())
    sha = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="  # secret
    write(USERS, f"alice:{sha}\nbob:secret\nslow:$2y$17$8kgq3YhSk/T0F2sUPKKnQu"
          "ubA9lCMjKZ3Gkbkejw729m0Qh46yuju\n"
          "dave:{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747"
          "a9e0f7f1fbc00c8a81bbaac395731b56\n", 0o640)
    command("chgrp", "picosocks5", USERS)
    os.environ["KRB5_CONFIG"] = f"{REALM}/krb5.conf"
    subprocess.Popen(("/usr/bin/python3", "/run/kdc.py", REALM), stdout=subprocess.DEVNULL)
    until = time.monotonic() + PATIENCE
    while not os.path.exists(f"{REALM}/up") and time.monotonic() < until:
        time.sleep(0.05)
    command("chgrp", "picosocks5", f"{REALM}/service.keytab")
    os.chmod(f"{REALM}/service.keytab", 0o640)
    write(NO_KEYTAB, "")
    command("install", "-d", "-o", "picosocks5", "-g", "picosocks5", "/run/picosocks5")
    certify()
    write(CONF, "")
    write("/run/systemd/system/picosocks5.socket.d/refusals.conf",
          "[Socket]\nListenStream=\nListenStream=0.0.0.0:1080\n")
    write("/run/haproxy.cfg", "defaults\n mode tcp\n timeout connect 9s\n timeout client 9s\n"
          " timeout server 9s\nlisten one\n bind 127.0.0.1:1091\n server s 127.0.0.1:1080 send-proxy\n"
          "listen two\n bind 127.0.0.1:1092\n server s 127.0.0.1:1080 send-proxy-v2\n")
    subprocess.Popen(("haproxy", "-db", "-f", "/run/haproxy.cfg"), stderr=subprocess.DEVNULL)
    for port in "1091", "1092":
        listed("-l", "sport", f":{port}")()
    command("systemctl", "daemon-reload")
    command("systemctl", "restart", "picosocks5.socket")


# ---- clients ----


def tool(*argv, stdin=None):
    """Runs a client to its end, whatever that is; returns what it says."""
    p = subprocess.run(argv, input=stdin, stdin=None if stdin is not None else subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                       timeout=PATIENCE)
    return p.stdout


def url(host, port=WEB):
    return f"http://{host}:{port}/"


def curl(to="web.example", port=WEB, proxy=PROXY, scheme="socks5h", more=()):
    """The name, where there is one, goes to the proxy."""
    near = ("--interface", "192.168.1.2") if proxy == AFAR else ()
    return lambda: tool("curl", "-sS", "--max-time", f"{PATIENCE:g}", *near, *more,
                        "--proxy", f"{scheme}://{proxy}", url(to, port))


def login(user, password, **how):
    return curl(more=("--proxy-user", f"{user}:{password}"), **how)


def through_http(to="web.example", port=WEB, more=()):
    """Asks for CONNECT, and says the status line of the proxy."""
    return lambda: tool("curl", "-sS", "-v", "--max-time", f"{PATIENCE:g}", "--proxytunnel", *more,
                        "--proxy", f"http://{PROXY}", url(to, port))


def torsocks(user, password):
    """Unlike curl it offers the password and nothing else."""
    return lambda: tool("torsocks", "-a", "127.0.0.1", "-P", "1080", "-u", user, "-p", password,
                        "curl", "-sS", url("198.51.100.9"))


def tor_resolve(*words):
    return lambda: tool("tor-resolve", *words, PROXY)


def ncat(text):
    return lambda: tool("ncat", "127.0.0.1", "1080", stdin=text)


def connect():
    return socket.create_connection(("127.0.0.1", 1080), PATIENCE)


def exactly(sock, n):
    data = b""
    while len(data) < n and (more := sock.recv(n - len(data))):
        data += more
    return data


def drain(sock):
    data = b""
    try:
        while more := sock.recv(4096):
            data += more
    except ConnectionError:
        pass
    sock.close()
    return repr(data)


def raw(*said):
    """For what no real client does: says this, piece by piece, and hears the end."""
    def play():
        sock = connect()
        for piece in said:
            sock.sendall(piece)
        return drain(sock)
    return play


def ask(message, host="127.0.0.1", port=0):
    """Greets and sends the start of a request, and then this address."""
    return raw(b"\5\1\0" + message + b"\1" + socket.inet_aton(host) + struct.pack("!H", port))


def via(route):
    """Rules by which everything leaves by this route."""
    return f'allow "to loopback,any via {route}"\n'


def parent_refuses(number):
    """The line of a client whose parent gives this reply."""
    return via(f"socks5://127.0.0.1:{PARENT}"), curl("web.example", port=9000 + number)


def on_pipes(message):
    """A client of whom nothing tells which address it has reached."""
    def play():
        out = tool("systemctl", "show", "-P", "ExecStart", "picosocks5@x.service")
        start = re.search(r"argv\[\]=(.*?) ;", out)[1]
        p = subprocess.run(f"exec {start} --log journal --no-sandbox", shell=True, input=message,
                           stdout=subprocess.PIPE, timeout=PATIENCE)
        return repr(p.stdout)
    return play


def listed(*connection):
    """Waits until ss lists such a connection."""
    def wait():
        until = time.monotonic() + PATIENCE
        while not tool("ss", "-Htn", *connection).strip():
            assert time.monotonic() < until, f"ss lists no connection {connection}"
            time.sleep(0.02)
    return wait


def reset(request=b"", progress=None):
    """Greets, says this, and when the proxy has got so far, breaks the connection off."""
    sock = connect()
    sock.sendall(b"\5\1\0")
    exactly(sock, 2)
    if request:
        sock.sendall(request)
        progress()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()
    return "reset"


def gives_up():
    return reset(b"\5\1\0\1" + socket.inet_aton(SILENT) + b"\0\7", listed("dst", SILENT))


def few_tries(client):
    """The kernel gives up a connection that nobody answers after 3 seconds, not after minutes."""
    def play():
        before = {}
        for name, value in ("tcp_syn_retries", "1"), ("tcp_syn_linear_timeouts", "0"):
            if os.path.exists(f"/proc/sys/net/ipv4/{name}"):
                before[name] = tool("sysctl", "-n", f"net.ipv4.{name}").strip()
                command("sysctl", "-qw", f"net.ipv4.{name}={value}")
        try:
            return client()
        finally:
            for name, value in before.items():
                command("sysctl", "-qw", f"net.ipv4.{name}={value}")
    return play


def stopped(client, progress):
    """systemctl stops the session when the client has got so far."""
    def play():
        said = []
        heard.clear()
        thread = threading.Thread(target=lambda: said.append(client()), daemon=True)
        thread.start()
        progress()
        command("systemctl", "stop", "picosocks5@*.service")
        thread.join(PATIENCE)
        return said
    return play


def bind(expects, stranger=None):
    """BIND for this peer; a stranger comes from another address."""
    def play():
        sock = connect()
        sock.sendall(b"\5\1\0\5\2\0\1" + socket.inet_aton(expects) + b"\0\0")
        reply = exactly(sock, 12)[2:]
        if stranger:
            there = socket.inet_ntoa(reply[4:8]), struct.unpack("!H", reply[8:])[0]
            drain(socket.create_connection(there, PATIENCE, (stranger, 0)))
        return drain(sock)
    return play


def beside_two(client, login=False):
    """The client comes while two sessions are running; those of alice, if they log in."""
    def play():
        others = [connect() for _ in range(2)]
        for sock in others:
            if login:
                sock.sendall(b"\5\1\2\1\5alice\6secret\5\1\0\1" + socket.inet_aton("127.0.0.1")
                             + struct.pack("!H", MUTE))
                exactly(sock, 14)
            else:
                sock.sendall(b"\5\1\0")
                exactly(sock, 2)
        try:
            return client()
        finally:
            for sock in others:
                sock.close()
    return play


def datagrams(*to):
    """An association that sends a datagram to each, and then gets an answer from the echo server."""
    def play():
        control = connect()
        control.sendall(b"\5\1\0\5\3\0\1" + bytes(6))
        reply = exactly(control, 12)[2:]
        sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sock.settimeout(PATIENCE)
        there = socket.inet_ntoa(reply[4:8]), struct.unpack("!H", reply[8:])[0]
        for address in (*to, b"\1\x7f\0\0\1"):
            sock.sendto(b"\0\0\0" + address + b"\0\7ping", there)
        sock.recv(100)
        control.close()
        return "echo"
    return play


def with_unit(text, client):
    """The client meets a service with this drop-in."""
    def play():
        write(DROPIN, "[Service]\n" + text)
        command("systemctl", "daemon-reload")
        try:
            return client()
        finally:
            os.unlink(DROPIN)
            command("systemctl", "daemon-reload")
    return play


def counted(client):
    """The client meets a service that can write the file of limits."""
    return with_unit("ReadWritePaths=/run/picosocks5\n", client)


def without_library(client, name="libmd"):
    def play():
        found = os.popen(f"ls /lib/*/{name}.so.* /usr/lib/*/{name}.so.* 2>/dev/null").read()
        libraries = [p for p in found.split() if not os.path.islink(p)]
        write("/run/empty", "")
        for path in libraries:
            command("mount", "--bind", "/run/empty", path)
        try:
            return client()
        finally:
            for path in libraries:
                command("umount", path)
    return play


def command_line():
    """The rule of the row is the second one on the command line."""
    out = tool("systemctl", "show", "-P", "ExecStart", "picosocks5@x.service")
    start = re.search(r"argv\[\]=(.*?) ;", out)[1]
    rules = "--allow 'to 203.0.113.6' --deny 'to 203.0.113.5'"
    return with_unit(f"ExecStart=\nExecStart={start} {rules}\n", curl("203.0.113.5"))()


def chap(algorithm, *answers):
    """A login of dave by CHAP: an answer is made of the bytes of the proxy's challenge. Before a
    second answer the proxy's own response is read."""
    def play():
        sock = connect()
        sock.sendall(b"\5\1\3\1\2\x11\1" + algorithm + b"\2\4dave")
        said = exactly(sock, 2 + 5 + 2 + 32)
        try:
            for answer in answers:
                sock.sendall(answer(said[9:]))
                if answer is not answers[-1]:
                    exactly(sock, 2 + 18 + 3)
        except ConnectionError:
            pass
        return drain(sock)
    return play


def responds(*more):
    """Makes dave's response, with more attributes."""
    return lambda challenge: b"".join((bytes([1, 1 + len(more)]), b"\4\x10",
                                       hmac.digest(b"secret", challenge, "md5"),
                                       *(part(challenge) for part in more)))


def gss_frame(kind, token):
    return struct.pack("!BBH", 1, kind, len(token)) + token


def token(data):
    """Chooses gssapi, and sends this in place of a token."""
    return raw(b"\5\1\1", gss_frame(1, data))


def damaged(token):
    """The token with a bit of its last byte flipped."""
    return token[:-1] + bytes([token[-1] ^ 1])


def ticket(*messages):
    """Logs in with alice's ticket, and sends each message as it is made of the context's wrap()."""
    def play():
        import gssapi
        krb5 = gssapi.OID.from_int_seq("1.2.840.113554.1.2.2")
        creds = gssapi.Credentials(usage="initiate", mechs=[krb5],
                                   store={"ccache": f"FILE:{REALM}/alice.tickets"})
        name = gssapi.Name("rcmd/localhost", gssapi.NameType.kerberos_principal)
        context = gssapi.SecurityContext(name=name, creds=creds, mech=krb5, usage="initiate",
                                         flags=gssapi.RequirementFlag.mutual_authentication)

        def received():
            return exactly(sock, struct.unpack("!H", exactly(sock, 4)[2:])[0])

        def protected(data):
            return gss_frame(3, context.wrap(data, True)[0])
        sock = connect()
        sock.sendall(b"\5\1\1" + gss_frame(1, context.step()))
        exactly(sock, 2)
        context.step(received())
        sock.sendall(gss_frame(2, context.wrap(b"\2", False)[0]))
        received()
        for message in messages:
            sock.sendall(message(protected))
            if message is not messages[-1]:
                received()
        return drain(sock)
    return play


def through_tls(*more):
    """Asks an HTTPS proxy for CONNECT."""
    return lambda: tool("curl", "-sS", "-v", "--max-time", f"{PATIENCE:g}", "--proxytunnel", *more,
                        "--proxy", f"https://{PROXY}", url("web.example"))


TRUSTING = "--proxy-cacert", SERVER[0]


def with_certificate(make):
    """curl shows the certificate that make() makes."""
    def play():
        certificate, key = make()
        return through_tls(*TRUSTING, "--proxy-cert", certificate, "--proxy-key", key)()
    return play


def with_status_78(client):
    """systemd reports the status of the session."""
    def play():
        began, said = time.time(), client()
        until = time.monotonic() + PATIENCE
        while not has_status("78", began):
            assert time.monotonic() < until, f"systemd reports no status 78; the client says {said}"
            time.sleep(0.05)
        return said
    return play


def with_locked_keytab(client):
    def play():
        with open(f"{REALM}/service.keytab", "r+b") as f:
            fcntl.lockf(f, fcntl.LOCK_EX)
            return client()
    return play


# ---- the provocations: for each row the configuration, and the client ----

KEPT_OUT = 'allow "from 203.0.113.0/24"\n'
QUICK = "connect-timeout 300ms\n"
PROVOCATIONS = {
    # The connection is closed without an answer
    'end=protocol error="an HTTP request (see --http)"': ("", curl(scheme="http")),
    'end=protocol error="TLS (see --tls-certificate)"': ("", curl(scheme="https")),
    'end=protocol error="TLS inside TLS"': (TLS, client(b"\x16\3\1\2\0\1")),
    'end=protocol error="not TLS (see --tls-only)"': (TLS + "tls-only\n", curl()),
    'end=timeout error="no TLS handshake within handshake-timeout"':
        (TLS + "handshake-timeout 300ms\n", raw(b"\x16\3\1")),
    'end=protocol error="SOCKS 4 (see --socks4)"': ("", curl("127.0.0.1", scheme="socks4")),
    'end=protocol error="a PROXY header (see --proxy-protocol)"':
        ("", curl(proxy="127.0.0.1:1092")),
    'end=protocol error="a PROXY header (see --proxy-protocol), or an HTTP request"':
        ("", curl(proxy="127.0.0.1:1091")),
    'end=protocol error="not SOCKS version 5: the first byte is 0xNN"': ("", ncat("quit\n")),
    'end=protocol error="expected a PROXY header from this load balancer"':
        ("proxy-protocol 127.0.0.1\n", curl()),
    'end=protocol error="malformed password message (RFC 1929)"':
        (AUTH, raw(b"\5\1\2", b"\5\1\0\1\x7f\0\0\1\0\7")),
    'end=protocol error="the request is not of SOCKS version 5"':
        ("", raw(b"\5\1\0", b"\4\1\0\1\x7f\0\0\1\0\7")),
    'end=timeout error="no whole request within handshake-timeout"':
        ("handshake-timeout 300ms\n",
         lambda: tool("ncat", "--recv-only", "127.0.0.1", "1080")),
    'end=timeout error="the password was not checked within handshake-timeout"':
        (AUTH + "handshake-timeout 500ms\n", login("slow", "secret")),
    'end=protocol error="GSS-API: REASON"': (GSS, ticket(lambda _: b"\5\1\0\1")),
    'end=timeout error="GSS-API took longer than handshake-timeout"':
        (GSS + "handshake-timeout 500ms\n", with_locked_keytab(token(b"any"))),
    'end=limit error="N sessions are the limit (limit)"':
        ("limit 2\n", counted(beside_two(curl()))),
    'end=limit error="N sessions of this client are the limit (limit-client)"':
        ("limit-client 2\n", counted(beside_two(curl()))),
    'end=failed error="limit-file: REASON"': ("limit 2\nlimit-file /run/none/limits\n", curl()),
    "end=eof": ("", lambda: tool("ncat", "--send-only", "127.0.0.1", "1080", stdin="")),
    "end=reset": ("", reset),
    'end=reset error="the client left before it got an answer"':
        ("", gives_up),
    "status=78/CONFIG": ("lifetime long\n", curl()),
    # The handshake of TLS fails
    'end=protocol error="TLS: REASON"': (TLS + "http\n", through_tls()),
    'end=auth error="TLS: the client\'s certificate is refused: REASON"':
        (CERTIFIED + "http\n", with_certificate(named(b"alice", expired=True))),
    'end=auth error="the client\'s certificate has no valid common name (CN), or more than one"':
        (CERTIFIED, with_certificate(named())),
    'end=auth error="the common name (CN) of the client\'s certificate can\'t be a user name, which '
    'has 1 to 255 bytes and no NUL"': (CERTIFIED, with_certificate(named(b"a" * 256))),
    'end=failed error="tls-key: REASON"':
        (f"tls-certificate {SERVER[0]}\ntls-key {AUTHORITY[1]}\nhttp\n",
         with_status_78(through_tls(*TRUSTING))),
    'end=failed error="libssl.so.3 can\'t be loaded"':
        (TLS, with_status_78(without_library(raw(b"\x16\3\1\2\0\1"), "libssl"))),
    # The method tls (the SSL draft)
    'end=protocol error="SSL draft: the client sent something that is not a frame"':
        (DRAFT, in_frames(b"\x16\3\1\2\0")),
    'end=protocol error="SSL draft: a frame of another state follows the closing one"':
        (DRAFT, in_frames(frame(CLOSING), frame(HANDSHAKE))),
    'end=protocol error="SSL draft: the stream ends within a frame"':
        (DRAFT, in_frames(frame(HANDSHAKE, b"\x16\3\1\2\0\1")[:-1])),
    'end=auth error="a login is required inside TLS, and the client does not offer the option '
    'Subauthentication"': (TLS + AUTH + "auth tls,password\n", client(frames=True, options=())),
    # The answer to the greeting is 05 FF (no acceptable method)
    'end=auth error="a password is required, and the client offers none"': (AUTH, curl()),
    'end=auth error="a login by METHODS is required, and the client offers only METHODS"':
        (AUTH + "auth chap,password\n", curl()),
    'end=auth error="password is not accepted here (auth none)"': ("", torsocks("alice", "secret")),
    'end=auth error="password is accepted inside TLS only (auth tls,password)"':
        (TLS + AUTH + "auth tls,password\n", torsocks("alice", "secret")),
    'end=auth error="a client certificate is required, and the client does not use TLS"':
        (CERTIFIED, curl()),
    'end=auth error="a client certificate is required, and the client has sent none"':
        (CERTIFIED, client(b"\5\1\0")),
    'end=auth error="a login by METHODS is required; the client does not use TLS, and offers only '
    'METHODS"': (CERTIFIED + AUTH, curl()),
    'end=auth error="a login by METHODS is required; the client has sent no certificate, and offers '
    'only METHODS"': (CERTIFIED + AUTH, client(b"\5\1\0")),
    'end=auth error="the client\'s certificate is accepted, but only with the method none, which the '
    'client does not offer"': (CERTIFIED, client(b"\5\1\2", who=named(b"alice"))),
    'end=auth error="the client offers no method of authentication"': ("", raw(b"\5\0")),
    'end=auth error="the rules allow nothing to users who log in, and the client offers nothing '
    'else"': (AUTH + 'auth none,password\ndeny "user *"\nallow "from any"\n',
              torsocks("alice", "secret")),
    'end=denied rule=FILE:LINE error="this client is denied everything"':
        ('deny "from 127.0.0.0/8"\nallow "from any"\n', curl()),
    'end=denied rule=none error="no rule allows this client anything"': (KEPT_OUT, curl()),
    'end=denied rule=default error="without rules, only clients on this host and users who '
    'log in are served"': ("", curl(proxy=AFAR)),
    # The answer to the password is status 1
    'end=auth error="wrong password"': (AUTH, login("alice", "wrong")),
    'end=auth error="the line of this user in the users file can\'t be used"':
        (AUTH, login("bob", "secret")),
    'end=auth error="the password can\'t be checked"':
        (AUTH, without_library(login("alice", "secret"))),
    # A login by CHAP fails
    'end=auth error="the client offers CHAP without HMAC-MD5 (algorithm 0x85)"':
        (CHAP, chap(b"\5")),
    'end=auth error="the response can\'t be checked"':
        (CHAP, without_library(chap(b"\x85", responds()))),
    'end=auth error="the client returns the proxy\'s own challenge"':
        (CHAP, chap(b"\x85", responds(lambda challenge: b"\3\x20" + challenge))),
    'end=auth error="the client ends the login by CHAP"':
        (CHAP, chap(b"\x85", lambda _: b"\1\1\0\1\1")),
    'end=auth error="the client rejects the proxy\'s response"':
        (CHAP, chap(b"\x85", responds(lambda _: b"\3\4mine"), lambda _: b"\1\1\0\1\1")),
    'end=protocol error="malformed CHAP message"': (CHAP, raw(b"\5\1\3", b"\5\1\0")),
    'end=failed error="no random bytes for a challenge: REASON"':
        (CHAP, with_unit("SystemCallFilter=~getrandom\nSystemCallErrorNumber=EPERM\n",
                         chap(b"\x85"))),
    'end=failed error="saslauthd can\'t be reached: REASON"':
        ("saslauthd /run/no-mux\n", login("alice", "secret")),
    'end=failed error="saslauthd did not answer within handshake-timeout"':
        (f"saslauthd {MUTE_MUX}\nhandshake-timeout 1s\n", login("alice", "secret")),
    'end=failed error="saslauthd closed the connection without an answer"':
        (f"saslauthd {SHUT_MUX}\n", login("alice", "secret")),
    'end=failed error="the answer of saslauthd is malformed"':
        (f"saslauthd {ODD_MUX}\n", login("alice", "secret")),
    # The answer to a GSS-API message is 01 FF
    'end=auth error="GSS-API: REASON"': (GSS, token(b"no ticket")),
    'end=failed error="GSS-API: REASON"': (f"auth gssapi\ngssapi-keytab {NO_KEYTAB}\n",
                                           token(b"any")),
    'end=failed error="libgssapi_krb5.so.2 can\'t be loaded"':
        (GSS, without_library(token(b"any"), "libgssapi_krb5")),
    'end=protocol error="malformed GSS-API message (RFC 1961)"':
        (GSS, raw(b"\5\1\1", b"\5\1\0")),
    # Reply 1 (general failure)
    'end=limit error="N sessions of this user are the limit (limit-user)"':
        (AUTH + "limit-user 2\n", counted(beside_two(login("alice", "secret"), login=True))),
    'end=failed error="source: REASON"': ("source 192.0.2.99\n", curl()),
    'end=failed error="interface: REASON"': (via("interface:nosuch0"), curl()),
    'end=failed error="mark: REASON"': (via("mark:7"), curl()),
    'end=failed error="the route has same, but the address that the client reached is not known"':
        (via("same"), on_pipes(b"\5\1\0\5\1\0\1\x7f\0\0\1\x1f\x40")),
    'end=failed error="same: REASON"':
        ("proxy-protocol 127.0.0.1\n" + via("same"),
         raw(b"PROXY TCP4 127.0.0.1 203.0.113.9 4000 1080\r\n",
             b"\5\1\0\5\1\0\1\x7f\0\0\1\x1f\x40")),
    'end=failed error="the parent URL: Connection refused"':
        (via("socks5://127.0.0.1:9"), curl()),
    'end=reset error="the parent URL: it closed the connection"':
        (via(f"socks5://127.0.0.1:{SHUT}"), curl()),
    'end=failed error="the parent URL: it does not speak SOCKS 5"':
        (via(f"socks5://127.0.0.1:{WEB}"), curl()),
    'end=failed error="the parent URL: it does not speak HTTP/1"':
        (via(f"http://127.0.0.1:{LOCKED}"), curl()),
    'end=failed error="the parent URL: it requires a login"':
        (via(f"socks5://127.0.0.1:{LOCKED}"), curl()),
    'end=failed error="the parent URL: it refuses the user or password"':
        (via(f"socks5://us:hush@127.0.0.1:{PARENT}"), curl()),
    'end=failed error="the parent URL: it is this proxy itself"':
        (via(f"socks5://{PROXY}"), curl()),
    'end=failed error="the parent URL: REASON"': parent_refuses(1),
    'end=failed error="no address and port to listen on: REASON"':
        ("port-range 80-80\n", bind("127.0.0.1")),
    'end=failed error="no address and port for the relay: REASON"':
        ("port-range 80-80\n", ask(b"\5\3\0")),
    'end=failed error="netlink could not say whether it is an address of this host: REASON"':
        ('allow "from any"\n', with_unit("RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n",
                                         curl("203.0.113.7", proxy=AFAR))),
    'end=failed error="Invalid argument"': ("", curl("203.0.113.3")),
    'end=protocol error="there is no port 0 to connect to"': ("", curl("127.0.0.1", port=0)),
    'end=protocol error="the name is empty or has a NUL byte"':
        ("", raw(b"\5\1\0\5\1\0\3\3a\0b\0\7")),
    "end=signal reply=1": ("", stopped(curl(SILENT), listed("dst", SILENT))),
    # Reply 2 (not allowed)
    "end=denied rule=FILE:LINE": ('deny "to 203.0.113.5"\nallow ""\n', curl("203.0.113.5")),
    'end=denied rule=FILE:LINE error="ADDRESS is denied"':
        ('deny "to 127.0.0.1"\nallow ""\n', curl()),
    "end=denied rule=command-line:N": ("", command_line),
    'end=denied rule=none error="no rule allows ADDRESS"':
        ('allow "to 203.0.113.0/24"\n', curl("198.51.100.7")),
    'end=denied rule=none error="no rule allows the command udp"':
        ('allow "command connect"\n', ask(b"\5\3\0")),
    'end=denied rule=special error="special: loopback"':
        ('allow "from any"\n', curl("127.0.0.1", proxy=AFAR)),
    'end=denied rule=default error="special: loopback"':
        (AUTH, login("alice", "secret", to="127.0.0.1", proxy=AFAR)),
    'end=denied error="the firewall or the routes of this host forbid it"':
        ("", curl("203.0.113.2")),
    'end=failed reply=2 error="the parent URL: REASON"': parent_refuses(2),
    # Reply 3 (network unreachable)
    'end=failed error="Network is unreachable"': ("", curl("203.0.113.99")),
    'end=failed reply=3 error="the parent URL: REASON"': parent_refuses(3),
    # Reply 4 (host unreachable)
    'end=failed error="No route to host"': ("", curl("203.0.113.1")),
    'end=failed error="the name was not found"': ("", curl("missing.example")),
    'end=failed error="the name has no address"': ("", curl("empty.example")),
    'end=failed error="the name was not found; it was looked up for IPv4 alone, because of the '
    'option family"': ("family ipv4\n", curl("missing.example")),
    'end=failed error="the name servers did not answer, or failed"': ("", curl("broken.example")),
    'end=timeout error="the name was not looked up within connect-timeout"':
        (QUICK, curl("silent.example")),
    'end=failed error="not looked up, because it is not the name of a host"':
        ("", curl("not..a.name")),
    'end=failed error="the address has no name"': ("", tor_resolve("-x", "203.0.113.8")),
    'end=timeout error="the address was not looked up within connect-timeout"':
        (QUICK, tor_resolve("-x", "203.0.113.7")),
    'end=failed error="the name was not found; it was looked up for IPv4 alone, because of the '
    'family in the rule\'s route"':
        ('allow "to any,.example via family:ipv4"\n', curl("missing.example")),
    'end=failed reply=4 error="the parent URL: REASON"': parent_refuses(4),
    # Reply 5 (connection refused)
    'end=failed error="Connection refused"': ("", curl("127.0.0.1", port=9)),
    'end=failed reply=5 error="the parent URL: REASON"': parent_refuses(5),
    # Reply 6 (timed out)
    'end=timeout error="no answer within connect-timeout"': (QUICK, curl(SILENT)),
    'end=timeout error="Connection timed out"': ("", few_tries(curl(SILENT))),
    'end=timeout error="the peer did not connect within bind-timeout"':
        ("bind-timeout 300ms\n", bind("127.0.0.1")),
    'end=timeout rule=FILE:LINE error="the peer did not connect within bind-timeout; turned away: '
    'ADDRESS is denied"': ('bind-timeout 1s\ndeny "to 127.0.0.5"\nallow ""\n',
                           bind("0.0.0.0", "127.0.0.5")),
    'end=timeout error="the peer did not connect within bind-timeout; turned away: ADDRESS, because '
    'the request names another peer"': ("bind-timeout 1s\n", bind("127.0.0.6", "127.0.0.5")),
    'end=timeout error="the peer did not connect within bind-timeout; turned away: ADDRESS, because '
    'the rule that allows it has another route"':
        ('bind-timeout 1s\nallow "to 127.0.0.5 via mark:0"\nallow ""\n',
         bind("0.0.0.0", "127.0.0.5")),
    "end=lifetime reply=6": ("lifetime 300ms\n", curl(SILENT)),
    'end=timeout error="the parent URL: no answer within connect-timeout"':
        (QUICK + via(f"socks5://127.0.0.1:{MUTE}"), curl()),
    'end=failed reply=6 error="the parent URL: REASON"': parent_refuses(6),
    # Reply 7 (unknown command)
    'end=protocol error="unknown command N"': ("", ask(b"\5\x09\0")),
    'end=protocol error="UDP ASSOCIATE inside the SSL draft needs the option UDP-Naked, which the '
    'client does not offer"':
        (DRAFT, client(b"\5\3\0\1" + bytes(6), frames=True, options=())),
    'end=protocol error="the route of this destination is a parent, which is only for CONNECT"':
        (via(f"socks5://127.0.0.1:{PARENT}"), ask(b"\5\2\0", "127.0.0.1", 80)),
    'end=protocol error="the route of all datagrams is a parent, which is only for CONNECT"':
        (via(f"socks5://127.0.0.1:{PARENT}"), ask(b"\5\3\0", "0.0.0.0", 0)),
    # Reply 8 (unknown type of address)
    'end=protocol error="unknown address type N"': ("", raw(b"\5\1\0\5\1\0\x09")),
    'end=protocol error="the option family excludes IPv6"': ("family ipv4\n", curl("[::1]")),
    'end=protocol error="the rule\'s route has family:ipv4, which excludes IPv6"':
        ('allow "via family:ipv4"\n', curl("[::1]")),
    'end=protocol error="the route has same, and the client reached an IPv4 address"':
        ('allow "via same"\n', curl("[::1]")),
    'end=protocol error="RESOLVE_PTR is for an address, and the client sent a name"':
        ("", raw(b"\5\1\0\5\xf1\0\3\3web\0\0")),
    # SOCKS4: reply 91
    'end=auth error="a login by METHODS is required, and SOCKS 4 has none"':
        (AUTH + "auth chap,password\nsocks4\n", curl("127.0.0.1", scheme="socks4")),
    'end=auth error="a password is required, and SOCKS 4 has none"':
        (AUTH + "socks4\n", curl("127.0.0.1", scheme="socks4")),
    'end=auth error="a login by METHODS is required; the client does not use TLS, and SOCKS 4 has no '
    'other login"': (CERTIFIED + AUTH + "socks4\n", curl("127.0.0.1", scheme="socks4")),
    'end=protocol error="a reply of SOCKS 4 can\'t carry an IPv6 address"':
        ("socks4\n", raw(b"\4\2\0\7\0\0\0\1u\0::1\0")),
    'end=protocol error="the user id or the name has more than 255 bytes"':
        ("socks4\n", raw(b"\4\1\0\7\x7f\0\0\1" + b"u" * 256 + b"\0")),
    'end=protocol error="unknown command N" reply=91':
        ("socks4\n", raw(b"\4\x09\0\7\x7f\0\0\1u\0")),
    'end=failed error="the name was not found; it was looked up for IPv4 alone, because SOCKS 4 has '
    'no IPv6"': ("socks4\n", tor_resolve("-4", "missing.example")),
    'end=denied reply=91 rule=none error="no rule allows this client anything"':
        (KEPT_OUT + "socks4\n", curl("127.0.0.1", scheme="socks4")),
    # HTTP
    'end=limit protocol=http reply=1 error="N sessions of this user are the limit (limit-user)"':
        (AUTH + "limit-user 2\nhttp\n",
         counted(beside_two(through_http(more=("--proxy-user", "alice:secret")), login=True))),
    'end=protocol protocol=http reply=1 error="REASON"':
        ("http\n", raw(b"GET http://web.example/\0 HTTP/1.1\r\nHost: web.example\r\n\r\n")),
    'end=protocol protocol=http reply=1 error="there is no port 0 to connect to"':
        ("http\n", raw(b"CONNECT 127.0.0.1:0 HTTP/1.1\r\nHost: 127.0.0.1:0\r\n\r\n")),
    'end=protocol protocol=http reply=1 error="the name of the host has more than 255 bytes"':
        ("http\n", raw(b"GET http://" + b"a" * 256 + b"/ HTTP/1.0\r\n\r\n")),
    'end=failed protocol=http reply=4 error="not looked up, because it is not the name of a host"':
        ("http\n", through_http("not..a.name")),
    'end=denied protocol=http reply=2 rule=none error="no rule allows this client anything"':
        (KEPT_OUT + "http\n", through_http()),
    'end=failed protocol=http reply=1 error="the parent URL: Connection refused"':
        ("http\n" + via("socks5://127.0.0.1:9"), through_http()),
    'end=auth protocol=http reply=2 error="a login by METHODS is required, and the client offers '
    'only none"': (AUTH + "auth chap\nhttp\n", through_http()),
    'end=auth protocol=http reply=2 error="a client certificate is required, and the client has sent '
    'none"': (CERTIFIED + "http\n", through_tls(*TRUSTING)),
    'end=protocol protocol=http reply=7 error="an HTTP request that is neither CONNECT nor for an '
    'http:// URL"': ("http\n", lambda: tool("curl", "-sS", "-i", f"http://{PROXY}/")),
    'end=protocol protocol=http reply=7 error="TRACE with Max-Forwards 0 is meant for this proxy, '
    'which does not answer it"':
        ("http\n", raw(b"TRACE http://web.example/ HTTP/1.0\r\nMax-Forwards: 0\r\n\r\n")),
    'end=auth protocol=http error="a password is required, and the client offers none"':
        (AUTH + "http\n", through_http()),
    'end=auth protocol=http error="a login by METHODS is required; the client has sent no '
    'certificate, and offers only none"': (CERTIFIED + AUTH + "http\n", through_tls(*TRUSTING)),
    'end=auth protocol=http error="a login by METHODS is required; the client has tried another login '
    'than its certificate, and offers only none"':
        (CERTIFIED + AUTH + "auth password,certificate\nhttp\n",
         client(b"CONNECT web.example:80 HTTP/1.1\r\nHost: web.example:80\r\n"
                b"Proxy-Authorization: Basic YWxpY2U6d3Jvbmc=\r\n\r\n",
                b"CONNECT web.example:80 HTTP/1.1\r\nHost: web.example:80\r\n"
                b"Connection: close\r\n\r\n", who=named(b"alice"))),
    'end=auth protocol=http error="wrong password"':
        (AUTH + "http\n", through_http(more=("--proxy-user", "alice:wrong"))),
    'end=auth protocol=http error="the credentials are not those of Basic (RFC 7617)"':
        (AUTH + "http\n", through_http(more=("--proxy-header", "Proxy-Authorization: Bearer x"))),
    'end=protocol protocol=http reply=1 error="the head of the HTTP request is longer than 16384 '
    'bytes"': ("http\n", through_http(more=("--proxy-header", "X: " + "x" * 16384))),
    'end=failed protocol=http reply=1 error="saslauthd can\'t be reached: REASON"':
        ("saslauthd /run/no-mux\nhttp\n", through_http(more=("--proxy-user", "alice:secret"))),
    # The reply is 0, and the session ends early
    "end=reset reply=0": ("", curl(port=BREAKER)),
    'end=protocol reply=0 error="GSS-API: REASON"':
        (GSS, ticket(lambda wrap: wrap(b"\5\1\0\1" + socket.inet_aton("127.0.0.1")
                                       + struct.pack("!H", MUTE)),
                     lambda wrap: damaged(wrap(b"data")))),
    'end=protocol reply=0 error="TLS: REASON"':
        (TLS, client(b"\5\1\0", b"\5\1\0\1" + socket.inet_aton("127.0.0.1")
                     + struct.pack("!H", MUTE), below=b"\x17\3\3\0\x20" + bytes(32))),
    "end=idle reply=0": ("idle-timeout 300ms\n", curl(port=MUTE)),
    "end=lifetime reply=0": ("lifetime 500ms\n", curl(port=MUTE)),
    "end=signal reply=0": ("", stopped(curl(port=MUTE), lambda: heard.wait(PATIENCE))),
    'end=eof error="datagrams to ADDRESS were dropped: denied by FILE:LINE"':
        ('deny "to 127.0.0.9"\nallow ""\n', datagrams(b"\1\x7f\0\0\x09")),
    'end=eof error="the option family excludes IPv6"':
        ("family ipv4\n", datagrams(b"\4" + bytes(15) + b"\1")),
    'end=eof error="the route of a destination is a parent, which is only for CONNECT"':
        (f'allow "to 127.0.0.9 via socks5://127.0.0.1:{PARENT}"\nallow ""\n',
         datagrams(b"\1\x7f\0\0\x09")),
    'end=eof error="the route of the rule can\'t be used on this host"':
        ('allow "to 127.0.0.9 via interface:nosuch0"\nallow ""\n', datagrams(b"\1\x7f\0\0\x09")),
    'end=eof error="the rules have more than 8 routes for this client\'s datagrams"':
        ("".join(f'allow "to 127.0.0.{n} via rate:{n}M"\n' for n in range(1, 10)),
         datagrams(b"\1\x7f\0\0\x09")),
}

# ---- what the client sees: what curl says of it ----

CURL_SAYS = {
    "05 FF": "No authentication method was acceptable",
    "status is 1": "User was rejected",
}
CURL_SAYS.update({f"Reply {n} ": rf"\({n}\)" for n in range(1, 9)})


def journal(since, *which):
    command("journalctl", "--sync")
    out = tool("journalctl", "-q", "-o", "json", "--since", f"@{since:.6f}", *which)
    return [json.loads(line) for line in out.splitlines()]


def has_status(number, since):
    return any(f"status={number}/" in str(entry["MESSAGE"]) for entry in journal(since, "_PID=1"))


def judge(seen, words, since):
    """Returns "", or what is wrong so far."""
    said = []
    status = re.fullmatch(r"status=(\d+)/\w+", words)
    for entry in journal(since, "-t", "picosocks5"):
        if status and entry["PRIORITY"] == "3" and f"{CONF}:1: " in entry["MESSAGE"]:
            return "" if has_status(status[1], since) else "systemd says nothing"
        if not status and "SOCKS_END" in entry:
            wrong = differs(seen, words, entry)
            if not wrong:
                return "" if entry["PRIORITY"] == "5" else f"level {entry['PRIORITY']}"
            said.append(wrong)
        said.append(entry["MESSAGE"])
    return f"the log says {said}"


# A machine under load can reach these deadlines before the client has got as far as the row wants.
DEADLINE = re.compile(r"(?m)^((?:handshake-timeout|bind-timeout|lifetime) )(\d+)(?=ms$|s$)")


def provoke(seen, words):
    """Returns "", or what is wrong. With a short deadline, a row that does not come is provoked again,
    with deadlines that are 4 and 16 times as long."""
    conf, client = PROVOCATIONS[words]
    if DEADLINE.search(conf):
        for factor in 1, 4:
            if not attempt(seen, words, slower(conf, factor), client, patient=False):
                return ""
        conf = slower(conf, 16)
    return attempt(seen, words, conf, client)


def slower(conf, factor):
    return DEADLINE.sub(lambda found: found[1] + str(int(found[2]) * factor), conf)


def attempt(seen, words, conf, client, patient=True):
    """Returns "", or what is wrong. Without patience, the first line of a session decides."""
    write(CONF, conf, 0o640)  # it may have the password of a parent
    shutil.chown(CONF, group="picosocks5")
    began = time.time()
    try:
        said = client()
    except Exception as e:  # so that the other rows are still provoked
        return f"the client fails: {e!r}"
    for part, says in CURL_SAYS.items():
        if part in seen and str(said).startswith("curl: (97)") and not re.search(says, said):
            return f"curl says {said!r}"
    status = re.match(r"HTTP: status (\d+)", seen)
    if status and f"HTTP/1.1 {status[1]} " not in str(said):
        return f"no status {status[1]}: the client says {said!r}"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        ended = not patient and any("SOCKS_END" in entry
                                    for entry in journal(began, "-t", "picosocks5"))
        wrong = judge(seen, words, began)
        if ended or not wrong:
            break
        time.sleep(0.05)
    return wrong and f"{wrong}; the client says {said!r}"


def compare(page):
    found = [words for _, words in rows(page)]
    wrong = [f"no provocation: {w}" for w in found if w not in PROVOCATIONS]
    wrong += [f"no row: {w}" for w in PROVOCATIONS if w not in found]
    wrong += [f"twice: {w}" for w in set(found) if found.count(w) > 1]
    if len(found) < 60:
        wrong.append(f"the page has {len(found)} rows")
    sys.exit("\n".join(wrong) or 0)


def main():
    verb, page = sys.argv[1:]
    if verb == "compare":
        compare(page)
    world()
    failed = []
    for seen, words in rows(page):
        began = time.monotonic()
        wrong = provoke(seen, words)
        print(f"{time.monotonic() - began:5.2f} {seen}: {words}", wrong, flush=True)
        if wrong:
            failed.append(f"FAILED: {seen}: {words} {wrong}")
    print(*failed, sep="\n", flush=True)
    os._exit(bool(failed))  # without waiting for the threads


main()
