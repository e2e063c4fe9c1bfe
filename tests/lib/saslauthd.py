# SPDX-License-Identifier: GPL-3.0-or-later
"""saslauthd: the real daemon, with PAM, its own database or an LDAP server behind it; and a daemon
that says what a test tells it to."""

import os
import shutil
import socket
import struct
import threading
import time

from lib.peer import eventually
from lib.program import TMP, Skip, tmp
from lib.users import raw
from lib.world import answers, background, command, isolate, needs

SERVICE = b"picosocks5"
OK, NO = b"OK", b"NO authentication failed"


def counted(*texts):
    """Counted strings, as the daemon's protocol has them."""
    return b"".join(struct.pack("!H", len(t)) + t for t in map(raw, texts))


def request_of(name, passwd):
    return counted(name, passwd, SERVICE, b"")


class Daemon:
    """Listens at the socket `mux` in the test's folder, which becomes the current folder.

    For each connection it reads a request, sends the pieces, and closes. A number among the pieces
    is a pause in seconds; None leaves the connection open; a function makes bytes of the request.
    heard has the requests.
    """

    def __init__(self, *pieces, reads=True, backlog=16):
        os.chdir(TMP)
        if os.path.exists("mux"):
            os.unlink("mux")
        self.pieces, self.reads, self.heard, self.kept = pieces, reads, [], []
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.bind("mux")
        self.sock.listen(backlog)

    def start(self):
        threading.Thread(target=self._loop, daemon=True).start()
        return self

    def _loop(self):
        while True:
            conn, _ = self.sock.accept()
            threading.Thread(target=self._talk, args=(conn,), daemon=True).start()

    def _talk(self, conn):
        self.kept.append(conn)
        try:
            said = self._read(conn) if self.reads else b""
            if self.reads:
                self.heard.append(said)
            for piece in self.pieces:
                if piece is None:
                    return
                if callable(piece):
                    piece = piece(said)
                if isinstance(piece, bytes):
                    conn.sendall(piece)
                else:
                    time.sleep(piece)
        except OSError:
            pass  # the program has closed the connection
        conn.close()

    @staticmethod
    def _read(conn):
        """Reads four counted strings, or what comes of them."""
        got, at = b"", 0
        for _ in range(4):
            for size in 2, None:
                end = at + (struct.unpack("!H", got[at - 2:at])[0] if size is None else size)
                while len(got) < end:
                    more = conn.recv(end - len(got))
                    if not more:
                        return got
                    got += more
                at = end
        return got


def daemon(*pieces, **how):
    return Daemon(*pieces, **how).start()


def keeper(name, passwd):
    """A daemon that knows this user alone."""
    right = request_of(name, passwd)
    return daemon(lambda said: counted(OK if said == right else NO))


FOLDER = "/mnt"  # of the real daemon's socket, in a world of its own
MUX = FOLDER + "/mux"


def world(*tools):
    """Makes a world in which the real daemon can be started."""
    needs("saslauthd", *tools)
    isolate()
    command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", FOLDER)


def real(mechanism, *options):
    """Starts the real daemon in the foreground, and returns the path of its socket."""
    background("saslauthd", "-d", "-n", "1", "-m", FOLDER, "-a", mechanism, *options)

    def there():
        with socket.socket(socket.AF_UNIX) as sock:
            return sock.connect_ex(MUX) == 0
    eventually(there, "saslauthd listens")
    return MUX


def pam(*lines):
    """The real daemon with PAM, whose service picosocks5 has these lines."""
    world()
    services = tmp("pam.d")
    shutil.copytree("/etc/pam.d", services)
    with open(services + "/picosocks5", "w") as f:
        f.write("".join(line + "\n" for line in lines))
    command("mount", "--bind", services, "/etc/pam.d")
    return real("pam")


def sasldb(users):
    """The real daemon with its own database. Users without a realm have the host's name as theirs."""
    world("saslpasswd2")
    path = tmp("sasldb2")
    for name, passwd in users.items():
        command("sh", "-c", 'printf %s "$4" | saslpasswd2 -p -c -f "$1" -u "$2" "$3"', "sh", path,
                socket.gethostname(), name, passwd)
    if not os.path.exists("/etc/sasldb2"):
        raise Skip("needs /etc/sasldb2")
    command("mount", "--bind", path, "/etc/sasldb2")
    return real("sasldb")


_SLAPD = """\
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
database mdb
suffix dc=example,dc=org
directory {0}
access to attrs=userPassword by anonymous auth by * none
access to * by * read
"""


def ldap(users, *settings):
    """The real daemon with an LDAP server, slapd. The group proxy has the first of the users."""
    world("slapd", "slapadd")
    folder = tmp("slapd")
    os.mkdir(folder)
    conf = tmp("slapd.conf", _SLAPD.format(folder))
    people = "ou=people,dc=example,dc=org"
    entries = ["dn: dc=example,dc=org\nobjectClass: dcObject\nobjectClass: organization\n"
               "dc: example\no: Example\n",
               f"dn: {people}\nobjectClass: organizationalUnit\nou: people\n"]
    for name, passwd in users.items():
        entries.append(f"dn: uid={name},{people}\nobjectClass: inetOrgPerson\nuid: {name}\n"
                       f"cn: {name}\nsn: {name}\nuserPassword: {passwd}\n")
    entries.append("dn: cn=proxy,dc=example,dc=org\nobjectClass: groupOfNames\ncn: proxy\n"
                   f"member: uid={next(iter(users))},{people}\n")
    command("slapadd", "-f", conf, "-l", tmp("ldif", "\n".join(entries)))
    background("slapd", "-d", "0", "-f", conf, "-h", "ldap://127.0.0.1:389/")
    answers("127.0.0.1", 389)
    lines = "ldap_servers: ldap://127.0.0.1/", f"ldap_search_base: {people}", *settings
    return real("ldap", "-O", tmp("saslauthd.conf", "".join(line + "\n" for line in lines)))
