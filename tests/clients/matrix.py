# SPDX-License-Identifier: GPL-3.0-or-later
"""Every client under every superserver, each once, and a table of how it went.

On a booted machine that has the program installed.
"""

import concurrent.futures
import os
import signal
import subprocess
import traceback

import destinations
from clients import CLIENTS, Proxy
from superservers import ETC, SUPERSERVERS
from lib.peer import eventually
from lib.program import tmp
from lib.world import answers, background, command

AT_ONCE = 6  # inetutils-inetd lets clients wait
LACKING = "needs "  # how the cell of a client begins if it is not installed


def rows(clients):
    return [client.name for client in clients] + ["all sessions have ended"]


def world(*starts, more="socks4\n"):
    """Starts the destinations, which only the proxy can reach; more goes into its configuration."""
    with open(f"{ETC}/picosocks5.conf", "a") as f:
        f.write(f"\nsource {','.join(destinations.PROXY)}\n{more}")
    destinations.network()
    for start in starts:
        start()
    destinations.only_the_proxy()


def redsocks():
    background("redsocks", "-c", tmp("redsocks.conf", """
        base { log_info = off; daemon = off; redirector = iptables; }
        redsocks {
            local_ip = 127.0.0.1; local_port = 12345;
            ip = 127.0.0.1; port = 1080; type = socks5;
        }
    """))
    answers("127.0.0.1", 12345)


def cell(client, server, wanted):
    """ok, or - where one of the two does not speak what the other does, or where the cell is not
    wanted; or what went wrong."""
    if client.packages and client.packages.missing:
        return client.packages.missing
    if (not wanted(client, server) or server.path and not client.unix or server.ends_both and client.half_close
            or client.six and ("::1", 1080) not in server.at):
        return "-"
    try:
        client.run(Proxy("[::1]" if client.six else "127.0.0.1", 1080, server.path))
        return "ok"
    except (AssertionError, OSError, subprocess.SubprocessError):
        return traceback.format_exc()


def sessions():
    p = subprocess.run(["pgrep", "-x", "picosocks5"], stdout=subprocess.PIPE, text=True)
    return [int(pid) for pid in p.stdout.split()]


def all_ended():
    """Each session ends when its client has gone."""
    try:
        eventually(lambda: not sessions(), "no session is left")
        return "ok"
    except AssertionError:
        for pid in sessions():
            os.kill(pid, signal.SIGKILL)
        return traceback.format_exc()


def everywhere(_client, _server):
    return True


def columns(clients, servers, wanted=everywhere):
    return [column(clients, server, wanted) for server in servers]


def column(clients, server, wanted):
    server.start()
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        cells = list(pool.map(lambda client: cell(client, server, wanted), clients))
    cells.append(all_ended())
    server.stop()
    return cells


def word(c):
    return c if c in ("ok", "-") else "skip" if c.startswith(LACKING) else "FAIL"


def table(clients, servers, filled):
    first = max(len(name) for name in rows(clients))
    wide = [max(len(server.name), 4) for server in servers]
    lines = [("", [server.name for server in servers])]
    lines += [(name, map(word, cells)) for name, cells in zip(rows(clients), zip(*filled))]
    return [" ".join([name.ljust(first), *(w.ljust(n) for w, n in zip(words, wide))]).rstrip()
            for name, words in lines]


def matrix():
    world(destinations.web, destinations.echoes, destinations.ssh, destinations.ftp,
          destinations.dns, redsocks)
    judge(CLIENTS, SUPERSERVERS)


def judge(clients, servers, wanted=everywhere):
    """Prints the table, and reports each cell that is wrong."""
    filled = columns(clients, servers, wanted)
    print(*table(clients, servers, filled), sep="\n", flush=True)
    failed = [f"{name} under {server.name}: {c}\n{server.said()[-2000:]}"
              for server, cells in zip(servers, filled)
              for name, c in zip(rows(clients), cells) if c not in ("ok", "-")]
    if failed:
        failed.append(command("journalctl", "--no-pager", "-n", "100"))
    assert not failed, "\n".join(failed)
