# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that others wrote, which reach the proxy inside TLS: each fetches and checks what it got.

They trust the proxy's certificate and check its name. How a client is called: see webclients.py.
"""

import functools
import os
import socket
import subprocess

import webclients
from clients import CURL, Proxy, is_page, run
from destinations import WEB
from origin import NAME, url
from superservers import unpacked
from webclients import CURL_REFUSED, client
from lib.peer import End, check, closed_port, eventually
from lib.program import tmp
from lib.socks5 import read_reply, request
from lib.tls import V12, Sealed, certificate
from lib.world import background, command

TLS_CLIENTS = []
LOGIN = r"the login: got b'\x0"  # the words of a scripted client


class Secure(Proxy):
    """The proxy as clients of TLS know it, by the name in its certificate."""

    scheme = "https"
    authorities = property(lambda self: tmp("authorities.pem"))


def secure(proxy):
    return Secure("localhost", proxy.port, None)


def trust():
    """Makes the proxy's certificate; clients trust it and the origin's. Returns its options."""
    proxy, key = certificate()
    with open(proxy) as mine, open(tmp("origin.pem")) as other:
        tmp("authorities.pem", mine.read() + other.read())
    store = tmp("home/.pki/nssdb")
    os.makedirs(store)
    command("certutil", "-d", f"sql:{store}", "-N", "--empty-password")
    for name in proxy, tmp("origin.pem"):
        command("certutil", "-d", f"sql:{store}", "-A", "-t", "C,,", "-n", name, "-i", name)
    return {"tls-certificate": proxy, "tls-key": key}


def tls_client(name, **refused):
    return client(name, to=TLS_CLIENTS, **refused)


@tls_client("curl, https:// proxy", **CURL_REFUSED)
def curl(proxy, who, scheme):
    webclients.curl_names(secure(proxy), who, [scheme])


@tls_client("apt-get, https:// proxy", http=("407  Proxy Authentication Required", 100),
            https=("Invalid response from proxy: HTTP/1.1 407", 100))
def apt_get(proxy, who, scheme):
    webclients.apt_get(secure(proxy), who, [scheme])


@tls_client("git, https:// proxy", http=("returned error: 407", 128), https=("response 407", 128))
def git(proxy, who, scheme):
    webclients.git(secure(proxy), who, [scheme])


@tls_client("Chromium, https:// proxy", http=("status 407", 1), https=("status 407", 1))
def chromium(proxy, who, scheme):
    """It asks for the password by its dialog."""
    webclients.chromium(secure(proxy), who, [scheme])


def by_socks(end, who):
    """A conversation of SOCKS 5, and what comes for GET."""
    user, _, password = (who or "").encode().partition(b":")
    end.send(b"\5\1\2" if who else b"\5\1\0")
    if who:
        end.expect(b"\5\2").send(b"\1" + bytes([len(user)]) + user
                                 + bytes([len(password)]) + password)
    check(end.recv(2), b"\1\0" if who else b"\5\0", "the login")
    end.send(request(NAME, WEB))
    check(read_reply(end).code, 0, "reply")
    end.send(f"GET / HTTP/1.0\r\nHost: {NAME}\r\n\r\n".encode())
    got = end.rest()[0]
    is_page(got.partition(b"\r\n\r\n")[2])


@tls_client("SOCKS, Python's ssl", http=(LOGIN, "b'"))
def socks_of_python(proxy, who, _):
    with socket.create_connection(("127.0.0.1", proxy.port)) as s:
        by_socks(Sealed(End(s)).shake(), who)


@tls_client("SOCKS, Python's ssl, TLS 1.2", http=(LOGIN, "b'"))
def socks_of_older_python(proxy, who, _):
    with socket.create_connection(("127.0.0.1", proxy.port)) as s:
        by_socks(Sealed(End(s), V12).shake(), who)


@tls_client("SOCKS, ncat --ssl", http=(LOGIN, "b'"))
def socks_of_ncat(proxy, who, _):
    with subprocess.Popen(
            ["ncat", "--ssl-verify", "--ssl-trustfile", tmp("authorities.pem"), "localhost",
             str(proxy.port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE) as ncat:
        try:
            by_socks(End(ncat.stdout, ncat.stdin), who)
        except (AssertionError, OSError) as e:
            ncat.kill()
            raise AssertionError(f"{e}, ncat says {ncat.stderr.read()}") from e
        finally:
            ncat.kill()


@functools.cache
def tunnel(port):
    """stunnel on the client's side; returns the port where it takes what has no TLS."""
    plain = closed_port()
    background(unpacked("stunnel4/usr/bin/stunnel4"), tmp("stunnel.conf", "\n".join((
        "foreground=yes", "pid=", "syslog=no", "debug=err", "[c]", "client=yes",
        f"accept=127.0.0.1:{plain}", f"connect=127.0.0.1:{port}",
        f"CAfile={tmp('authorities.pem')}", "verifyChain=yes", "checkHost=localhost")) + "\n"))

    def listens():  # a connection to see this would be a session
        with open("/proc/net/tcp") as f:
            return f" 0100007F:{plain:04X} 00000000:0000 0A " in f.read()
    eventually(listens, "stunnel listens")
    return plain


@tls_client("curl --socks5-hostname, stunnel", http=("curl: (97)", 97))
def curl_stunnel(proxy, who, scheme):
    user = ("--proxy-user", who) if who else ()
    is_page(run(*CURL, "--proxy", f"socks5h://127.0.0.1:{tunnel(proxy.port)}", *user,
                url(scheme, NAME)))


PLAIN = "curl", "curl --socks5-hostname", "wget", "apt-get"
ONE_PORT = TLS_CLIENTS + [c for c in webclients.WEB_CLIENTS if c.name in PLAIN]
