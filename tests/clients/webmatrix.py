# SPDX-License-Identifier: GPL-3.0-or-later
"""Every HTTP client under every superserver, with a password: see matrix.py.

On a booted machine that has the program installed.
"""

import grp
import os

import matrix as table
import origin
from superservers import SUPERSERVERS
from webclients import WEB_CLIENTS
from lib.users import SHA512, needs_hashes


# A TCP socket, a socket between two processes, pipes, and TLS in front: a superserver of each kind.
KINDS = "systemd", "socat-s", "ncat", "tlswrap"
# These start for seconds, and do not differ from others in what they send.
SLOW = "npm", "Chromium"


def matrix():
    """Prints the table, and reports each cell that is wrong."""
    needs_hashes()
    users = "/etc/picosocks5.users"
    with open(users, "w") as f:
        f.write(f"alice:{SHA512}\n")
    os.chown(users, 0, grp.getgrnam("picosocks5").gr_gid)
    os.chmod(users, 0o640)
    table.world(origin.start, more=f"http\nusers {users}\n")
    table.judge(WEB_CLIENTS, SUPERSERVERS,
                lambda client, server: client.name not in SLOW or server.name in KINDS)
