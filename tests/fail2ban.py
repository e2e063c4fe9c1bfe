# SPDX-License-Identifier: GPL-3.0-or-later
"""What fail2ban.bats plays: the logs of clients that show certificates, and of refusing parents."""

import os
import ssl

from lib.peer import Listener
from lib.program import remote, tmp
from lib.socks5 import GREETING, refusal, request
from lib.tls import V13, Sealed, certificate, served
from lib.users import SHA1, log_in, users_file


def certificates():
    """Writes the file "said". Only the certificates of mallory are refused."""
    alice, mallory = certificate("alice"), certificate("mallory")
    said = ""
    for address, who in (("192.0.2.1", alice), ("192.0.2.2", None), ("192.0.2.7", mallory),
                         ("2001:db8::7", mallory)):
        s = served("--tls-clients", alice[0], "--auth", "certificate", start=remote, addr=address)
        try:
            Sealed(s, V13, who).shake().send(b"\5\1\0").rest()
        except (ssl.SSLError, ConnectionError):
            pass
        s.close()
        said += s.stderr()
    tmp("said", said)


def over_limits():
    """Writes the file "said": a client over each of the limits. The last one sent the right password."""
    up, said = Listener(), ""
    options = ("--users", users_file(f"alice:{SHA1}\n"), "--allow", "user * to loopback")
    for limit in "--limit", "--limit-client", "--limit-user":
        def come(limit=limit):
            return remote(limit, "1", "--limit-file", tmp(f"of{limit}"), *options)
        first = log_in(come(), "alice", "secret").send(request(up.host, up.port))
        up.accept()
        s = come()
        if limit == "--limit-user":
            log_in(s, "alice", "secret").send(request(up.host, up.port))
        s.rest()
        s.close()
        said += s.stderr()
        first.close()
    tmp("said", said)


def parent_refuses_login():
    """Writes the file "said": a SOCKS 5 and an HTTP parent take the password in the route for wrong."""
    def wrong(end):
        if end.recv(1) == b"\5":
            end.recv(3)
            end.send(b"\5\2").recv(9)
            end.send(b"\1\1")
        else:
            end.send(b"HTTP/1.1 407 No\r\n\r\n").rest()

    up, said = Listener().serve(wrong), ""
    for scheme in "socks5", "http":
        place = tmp("conf", f'allow "via {scheme}://us:hush@127.0.0.1:{up.port}"\n')
        os.chmod(place, 0o640)
        s = remote("--config", place)
        s.send(GREETING + request("far.example", 443)).expect_end(data=b"\5\0" + refusal(1))
        said += s.exits(0).stderr()
    tmp("said", said)
