# SPDX-License-Identifier: GPL-3.0-or-later
"""A Kerberos realm of its own, EXAMPLE.ORG: MIT's krb5kdc on loopback, users, services and tickets.

    kdc.py FOLDER    makes the realm in the folder, runs krb5kdc, makes the file FOLDER/up, and
                     waits; krb5kdc ends together with it

Everything is in the folder: the configuration, the database, the keytabs and the tickets. Any user
may run it. Uses only Python's own library.
"""

import ctypes
import os
import signal
import socket
import struct
import subprocess
import sys
import time

REALM = "EXAMPLE.ORG"
LONGEST, TOO_LONG = ("u" * (n - len("@" + REALM)) for n in (255, 256))
USERS = {"alice": "alice", "bob": "bob", "carol": "carol dee,smith", "admin": "admin/root",
         "longest": LONGEST, "too-long": TOO_LONG}
SERVICES = "rcmd/localhost", "socks/localhost"
OLD = "rcmd/old.example"  # a service whose keys are of the old type rc4
ELSEWHERE = "rcmd/elsewhere.example"  # a service whose key the proxy does not have
_OLD_TYPE = "arcfour-hmac"

_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"


def _write(path, text):
    with open(path, "w", encoding="ascii") as f:
        f.write(text)


class Realm:
    """The files of a realm, and the tools that are told to use them."""

    def __init__(self, folder):
        self.folder = folder
        self.config = self.path("krb5.conf")
        self.keytab = self.path("service.keytab")
        self.environment = {"PATH": _PATH, "KRB5_CONFIG": self.config, "LC_ALL": "C",
                            "KRB5_KDC_PROFILE": self.path("kdc.conf")}

    def path(self, name):
        return os.path.join(self.folder, name)

    def tool(self, *argv, said=""):
        """Runs a tool of Kerberos, which reads said."""
        p = subprocess.run(argv, env=self.environment, input=said, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, check=False)
        if p.returncode:
            raise AssertionError(f"{' '.join(argv)}: status {p.returncode}: {p.stdout}")
        return p.stdout

    def tickets(self, name):
        """The credential cache of this name, as a library is told of it."""
        return "FILE:" + self.path(name + ".tickets")

    def log_in(self, user, name, *options):
        """Gets tickets for the user, by its key, into the cache of this name."""
        self.tool("kinit", *options, "-c", self.tickets(name), "-k", "-t",
                  self.path("users.keytab"), user)

    def config_with(self, name, setting):
        """Writes the configuration with one more setting to another file; returns its path."""
        with open(self.config, encoding="ascii") as f:
            text = f.read()
        _write(self.path(name), text.replace("[libdefaults]", f"[libdefaults]\n    {setting}"))
        return self.path(name)

    def make(self):
        """Makes the configuration, the database and the keytabs."""
        os.makedirs(self.folder, exist_ok=True)
        with socket.create_server(("127.0.0.1", 0)) as s:
            self.port = s.getsockname()[1]
        _write(self.config, f"""[libdefaults]
    default_realm = {REALM}
    dns_lookup_kdc = false
    dns_lookup_realm = false
    dns_canonicalize_hostname = false
    rdns = false
    udp_preference_limit = 1
    allow_weak_crypto = true
    allow_rc4 = true
    permitted_enctypes = aes256-cts {_OLD_TYPE}
    default_ccache_name = FILE:{self.path("none.tickets")}
[realms]
    {REALM} = {{
        kdc = 127.0.0.1:{self.port}
    }}
[logging]
    default = FILE:{self.path("log")}
""")
        _write(self.path("kdc.conf"), f"""[kdcdefaults]
    kdc_listen = 127.0.0.1:{self.port}
    kdc_tcp_listen = 127.0.0.1:{self.port}
[realms]
    {REALM} = {{
        database_name = {self.path("database")}
        key_stash_file = {self.path("stash")}
        supported_enctypes = aes256-cts:normal
        max_life = 1d
    }}
""")
        self.tool("kdb5_util", "create", "-r", REALM, "-s", "-P", "master")
        keytabs = {self.keytab: SERVICES, self.path("users.keytab"): USERS.values(),
                   self.path("elsewhere.keytab"): [ELSEWHERE]}
        lines = [f'add_principal -randkey "{name}"\nktadd -q -k {keytab} "{name}"'
                 for keytab, names in keytabs.items() for name in names]
        lines += [f"add_principal -randkey {OLD}", f"setstr {OLD} session_enctypes {_OLD_TYPE}",
                  f"ktadd -q -e {_OLD_TYPE}:normal -k {self.keytab} {OLD}"]
        said = self.tool("kadmin.local", "-r", REALM, said="\n".join(lines) + "\n")
        for keytab in keytabs:
            assert os.path.exists(keytab), said

    def log_in_all(self):
        """Gets the tickets that the tests use."""
        for name, user in USERS.items():
            self.log_in(user, name, "-f")
        # Their caches say that the KDC's clock is a minute behind, and the client follows it.
        for name, life in ("brief", "1s"), ("late", "1h"):
            self.log_in("alice", name, "-l", life, "-S", SERVICES[0])
            _shift(self.path(name + ".tickets"), -60)
        try:
            self.log_in("alice", "old", "-S", OLD)
        except AssertionError as e:  # a KDC of a newer version than the protocol
            _write(self.path("too-new"), str(e))

    def run(self):
        """Makes the realm, and serves it until this process is ended."""
        self.make()
        kdc = subprocess.Popen(("krb5kdc", "-n", "-r", REALM), env=self.environment,
                               preexec_fn=_end_with_parent, stdin=subprocess.DEVNULL)
        while kdc.poll() is None and not self._answers():
            time.sleep(0.02)
        self.log_in_all()
        _write(self.path("up"), f"{self.port}\n")
        return kdc.wait()

    def _answers(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False


def _end_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def _shift(path, seconds):
    """Changes by how much the clocks of the KDC and the client differ, in a file of credentials."""
    with open(path, "r+b") as f:
        # Version 4; the length of the header; one field: tag 1, 8 bytes, seconds, microseconds.
        assert f.read(8) == b"\5\4\0\x0c\0\1\0\x08", "not the file that kinit writes"
        f.write(struct.pack("!ii", seconds, 0))


if __name__ == "__main__":
    sys.exit(Realm(os.path.abspath(sys.argv[1])).run())
