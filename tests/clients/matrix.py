# SPDX-License-Identifier: GPL-3.0-or-later
"""Every client under every superserver, each once, and a table of how it went.

On a booted machine that has the program installed.
"""

import concurrent.futures
import subprocess
import traceback

import destinations
from clients import CLIENTS, Proxy
from peer import eventually
from program import tmp
from superservers import ETC, SUPERSERVERS
from world import answers, background, command

AT_ONCE = 6  # inetutils-inetd lets clients wait


def world():
    with open(f"{ETC}/picosocks5.conf", "a") as f:
        f.write(f"\nsocks4\nsource {','.join(destinations.PROXY)}\n")
    destinations.network()
    for start in (destinations.web, destinations.echoes, destinations.ssh, destinations.ftp,
                  destinations.dns):
        start()
    background("redsocks", "-c", tmp("redsocks.conf", """
        base { log_info = off; daemon = off; redirector = iptables; }
        redsocks {
            local_ip = 127.0.0.1; local_port = 12345;
            ip = 127.0.0.1; port = 1080; type = socks5;
        }
    """))
    answers("127.0.0.1", 12345)
    destinations.only_the_proxy()


def cell(client, server):
    """ok, or - where one of the two does not speak what the other does; or what went wrong."""
    if (server.path and not client.unix or server.tls and client.half_close
            or client.six and ("::1", 1080) not in server.at):
        return "-"
    try:
        client.run(Proxy("[::1]" if client.six else "127.0.0.1", 1080, server.path))
        return "ok"
    except (AssertionError, OSError, subprocess.SubprocessError):
        return traceback.format_exc()


def no_session():
    return subprocess.run(["pgrep", "-x", "picosocks5"], stdout=subprocess.DEVNULL).returncode == 1


def column(server):
    server.start()
    try:
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(lambda client: cell(client, server), CLIENTS))
    finally:
        server.stop()
        eventually(no_session, f"no session is left of {server.name}")


def table(columns):
    wide = max(len(client.name) for client in CLIENTS)
    lines = [" ".join([" " * wide, *(server.name for server in SUPERSERVERS)])]
    for client, cells in zip(CLIENTS, zip(*columns)):
        lines.append(" ".join([client.name.ljust(wide), *(
            (c if c in ("ok", "-") else "FAIL").ljust(len(server.name))
            for c, server in zip(cells, SUPERSERVERS))]).rstrip())
    return lines


def matrix():
    """Prints the table. Each cell that is not as it should be is told about."""
    world()
    columns = [column(server) for server in SUPERSERVERS]
    print(*table(columns), sep="\n", flush=True)
    failed = [f"{client.name} under {server.name}: {c}\n{server.said()[-2000:]}"
              for server, cells in zip(SUPERSERVERS, columns)
              for client, c in zip(CLIENTS, cells) if c not in ("ok", "-")]
    if failed:
        failed.append(command("journalctl", "--no-pager", "-n", "100"))
    assert not failed, "\n".join(failed)
