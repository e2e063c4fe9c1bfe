# SPDX-License-Identifier: GPL-3.0-or-later
"""The program under a superserver, for real clients, in an isolated world."""

import os

from lib.peer import closed_port, eventually
from lib.program import PROGRAM, lines_of, tmp
from lib.world import answers, background, needs

_read = 0
_running = []


def serve(*options, host="127.0.0.1"):
    """Starts a proxy with these options; returns host:port."""
    needs("systemd-socket-activate")
    for old in _running:
        old.kill()
        old.wait()
    port = closed_port()
    _running[:] = [background("systemd-socket-activate", "--accept", "--inetd", "-l",
                              f"{host}:{port}", PROGRAM, "--log", "stderr", *options)]
    answers(host, port)
    sessions(1)
    return f"{host}:{port}"


def children(pid):
    """The processes that this one has started, and that have not ended."""
    with open(f"/proc/{pid}/task/{pid}/children") as f:
        found = f.read().split()
    for child in found:
        try:
            with open(f"/proc/{child}/stat") as f:
                if f.read().rpartition(") ")[2][0] != "Z":
                    yield child
        except OSError:
            pass


def all_ended():
    """Waits until no session is left."""
    eventually(lambda: not list(children(_running[0].pid)), "all sessions have ended")


def sessions(least):
    """Waits for so many lines of ended sessions; returns all since the last call."""
    global _read

    def lines():
        with open(tmp("tool.out"), "rb") as f:
            found = lines_of(f.read().decode("latin-1"))[_read:]
        return found if len(found) >= least else None
    found = eventually(lines, f"{least} sessions have ended")
    _read += len(found)
    return found


def dante(proxy, method="none"):
    """The environment of Dante's client, told to use the proxy for everything."""
    host, _, port = proxy.rpartition(":")
    conf = tmp("dante.conf", f"""route {{
        from: 0.0.0.0/0 to: 0.0.0.0/0 via: {host} port = {port}
        proxyprotocol: socks_v5
        method: {method}
        protocol: tcp udp
        command: connect bind udpassociate
    }}
    """)
    return {"PATH": os.environ["PATH"], "SOCKS_CONF": conf, "SOCKS_AUTOADD_LANROUTES": "no"}
