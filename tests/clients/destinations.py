# SPDX-License-Identifier: GPL-3.0-or-later
"""What clients ask for, at addresses that only the proxy may go to.

The packet filter stops a client that connects there without the proxy. The proxy's connections come
from the addresses in PROXY, which are set with --source or in its configuration file.
"""

import os
import threading

from lib.peer import MIB, Listener, echo, http, noise
from lib.program import tmp
from lib.udp import Udp
from lib.world import answers, background, command, ip, names

FOUR, SIX = "198.51.100.2", "2001:db8:1::2"
PROXY = "198.51.100.9", "2001:db8:1::9"
WEB, ECHO, SSH, FTP, DNS = 8080, 7000, 2222, 2121, 5300
PAGE = noise(100000, 8).hex()
FILE = noise(MIB // 4, 13).hex()
HOSTKEY = []  # of the SSH server


def network():
    """The addresses and their names, in an isolated world."""
    ip("\n".join(f"addr add {a} dev lo" for a in (FOUR, PROXY[0])) + "\n"
       + "\n".join(f"addr add {a}/128 dev lo nodad" for a in (SIX, PROXY[1])))
    names(f"{FOUR} four.example.com\n{SIX} six.example.com\n")


def only_the_proxy():
    """Lets the proxy connect there. Connections of user nobody are sent to redsocks."""
    command("nft", "-f", tmp("filter.nft", f"""
        table inet destinations {{
            chain around {{
                type nat hook output priority -100;
                meta skuid nobody ip daddr {FOUR} tcp dport {WEB} redirect to :12345
            }}
            chain out {{
                type filter hook output priority 0;
                ct state new ip daddr {FOUR} ip saddr != {PROXY[0]} reject
                ct state new ip6 daddr {SIX} ip6 saddr != {PROXY[1]} reject
            }}
        }}
    """))


def web():
    for host in FOUR, SIX:
        Listener(host, WEB).serve(http(PAGE.encode()))


def echoes():
    def datagrams(sock):
        while True:
            sock.sendto(*sock.recvfrom(1 << 16))
    for host in FOUR, SIX:
        Listener(host, ECHO).serve(echo)
        threading.Thread(target=datagrams, args=(Udp(host, ECHO).sock,), daemon=True).start()


def ssh():
    """A server that lets in root with a key; the client's keys are user and user.ppk."""
    for key in "host", "user":
        command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp(key))
    command("puttygen", tmp("user"), "-O", "private", "-o", tmp("user.ppk"))
    HOSTKEY[:] = command("ssh-keygen", "-l", "-f", tmp("host.pub")).split()[1:2]
    tmp("file", FILE)
    os.makedirs("/run/sshd", 0o755, exist_ok=True)
    background("/usr/sbin/sshd", "-D", "-e", "-f", tmp("sshd_config", f"""Port {SSH}
        ListenAddress {FOUR}
        ListenAddress {SIX}
        HostKey {tmp("host")}
        AuthorizedKeysFile {tmp("user.pub")}
        PidFile none
        StrictModes no
        UsePAM no
        PermitRootLogin yes
        SetEnv HOME={tmp("home")}
        """))  # so that no shell reads root's startup files
    answers(FOUR, SSH)
    os.makedirs(tmp("home/.putty/sessions"))
    tmp("home/.putty/sessions/through", f"""HostName={FOUR}
PortNumber={SSH}
Protocol=ssh
UserName=root
ProxyMethod=2
ProxyHost=127.0.0.1
ProxyPort=1080
ProxyLocalhost=1
""")


def ftp():
    os.mkdir(tmp("ftp"))
    tmp("ftp/file", FILE)
    background("/usr/bin/python3", "-m", "pyftpdlib", "-i", FOUR, "-p", str(FTP), "-d", tmp("ftp"))
    answers(FOUR, FTP)


def dns():
    background("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv",
               "--no-hosts", "--user=root", f"--port={DNS}", f"--listen-address={FOUR}",
               "--bind-interfaces", "--pid-file=", "--address=/test.example/192.0.2.77")
    answers(FOUR, DNS)
