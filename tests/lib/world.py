# SPDX-License-Identifier: GPL-3.0-or-later
"""A small world of its own for a script: network, names and log sockets in namespaces.

Everything ends with the script's process; nothing of the machine is touched. A machine
that can't make namespaces skips.
"""

import ctypes
import errno
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import threading
import time

from lib.peer import eventually
from lib.program import Skip, tmp

_NEWNET, _NEWNS = 0x40000000, 0x00020000
_libc = ctypes.CDLL(None, use_errno=True)
_tools = []


def needs(*tools):
    for tool in tools:
        if not shutil.which(tool, path="/usr/sbin:/usr/bin:/sbin:/bin"):
            raise Skip(f"needs {tool}")


def unshare(flags):
    if _libc.unshare(flags) < 0:
        raise Skip(f"needs namespaces of its own: {os.strerror(ctypes.get_errno())}")


def command(*argv, **how):
    """Runs a tool that must succeed; returns its output."""
    p = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True, **how)
    if p.returncode:
        raise AssertionError(f"{' '.join(argv)}: status {p.returncode}: {p.stdout}")
    return p.stdout


def background(*argv, **how):
    """A tool that runs until the script ends."""
    p = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=open(tmp("tool.out"), "ab"),
                         stderr=subprocess.STDOUT, **how)
    _tools.append(p)
    return p


def stop_all():
    for p in _tools:
        p.kill()
        p.wait()


def answers(host, port):
    """Waits until a server listens there."""
    def there():
        try:
            socket.create_connection((host, port), 1).close()
            return True
        except OSError:
            return False
    eventually(there, f"{host} port {port} answers")


def ip(words):
    """One line or several of the ip command."""
    batch = tmp("ip.batch", "\n".join(w.strip() for w in words.strip().splitlines()) + "\n")
    command("ip", "-force", "-batch", batch)


def isolate():
    """From now on the script has an empty network with loopback, and its own mounts."""
    needs("ip", "mount")
    unshare(_NEWNET | _NEWNS)
    command("mount", "--make-rprivate", "/")
    command("mount", "-t", "sysfs", "-o", "ro", "sysfs", "/sys")
    ip("link set lo up")


def cover(path, text):
    """Gives the file this content, in this world only."""
    real = os.path.realpath(path)
    if not os.path.exists(real):
        raise Skip(f"needs {path}")
    command("mount", "--bind", tmp("cover" + path.replace("/", "_"), text), real)


def names(hosts="", servers=("127.0.0.1",), timeout=None):
    """The names of this world: a hosts file, the servers to ask, and how long each may take."""
    cover("/etc/hosts", "127.0.0.1 localhost\n::1 localhost\n" + hosts)
    cover("/etc/resolv.conf", "".join(f"nameserver {s}\n" for s in servers)
          + (f"options timeout:{timeout}\n" if timeout else ""))
    cover("/etc/nsswitch.conf", "passwd: files\nservices: files\nhosts: files dns\n")


_SOCKET = {"x86_64": 41, "aarch64": 198, "riscv64": 198}  # the number of the system call


def without_netlink():
    """From now on new processes can make no netlink sockets, as RestrictAddressFamilies= would
    cause."""
    if os.uname().machine not in _SOCKET:
        raise Skip("needs the number of socket(2) on this machine")
    load, equal, ret, allow = 0x20, 0x15, 0x06, 0x7FFF0000
    steps = ((load, 0, 0, 0), (equal, 0, 3, _SOCKET[os.uname().machine]),
             (load, 0, 0, 16), (equal, 0, 1, socket.AF_NETLINK),
             (ret, 0, 0, 0x50000 | errno.EAFNOSUPPORT), (ret, 0, 0, allow))
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("H6xP", len(steps), ctypes.addressof(code))
    if _libc.prctl(38, 1, 0, 0, 0) or _libc.prctl(22, 2, program, 0, 0):
        raise Skip(f"needs seccomp: {os.strerror(ctypes.get_errno())}")


def alone():
    """Waits for its turn: one script at a time takes all that the machine gives to a user."""
    lock = os.open(os.path.dirname(os.path.abspath(__file__)), os.O_RDONLY | os.O_CLOEXEC)
    fcntl.flock(lock, fcntl.LOCK_EX)  # to the script's end


class Dns:
    """A name server at 127.0.0.1 in an isolated world.

    zone maps a name to its addresses; "*" stands for every other name. A server without a zone
    receives every question and never answers; nor does it answer for the silent names. Answers
    take delay seconds.
    """

    def __init__(self, zone=None, silent=(), delay=0):
        self.zone, self.asked, self.silent, self.delay = zone, [], silent, delay
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.bind(("127.0.0.1", 53))
        threading.Thread(target=self._loop, daemon=True).start()

    def _loop(self):
        while True:
            query, client = self.sock.recvfrom(4096)
            labels, at = [], 12
            while query[at]:
                labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
                at += 1 + query[at]
            kind = struct.unpack("!H", query[at + 1:at + 3])[0]
            self.asked.append(".".join(labels))
            if self.zone is not None and self.asked[-1].lower() not in self.silent:
                time.sleep(self.delay)
                self.sock.sendto(self._answer(query, at + 5, self.asked[-1], kind), client)

    def _answer(self, query, end, name, kind):
        known = self.zone.get(name.lower(), self.zone.get("*"))
        family = {1: socket.AF_INET, 28: socket.AF_INET6}.get(kind)
        packed = [socket.inet_pton(family, a) for a in known or ()
                  if family and (":" in a) == (family == socket.AF_INET6)]
        head = struct.pack("!2sHHHHH", query[:2], 0x8180 | (3 if known is None else 0),
                           1, len(packed), 0, 0)
        records = (struct.pack("!HHHIH", 0xC00C, kind, 1, 60, len(p)) + p for p in packed)
        return head + query[12:end] + b"".join(records)


class Elsewhere:
    """Another host at the far end of a wire: `with elsewhere:` opens sockets over there.

    Here is 198.51.100.1 and 2001:db8:1::1, there 198.51.100.2 and 2001:db8:1::2. A second one, of
    another number, is on a wire of its own, in 198.51.101.0/24 and 2001:db8:101::/64.
    """

    def __init__(self, number=0):
        nets = (f"198.51.{100 + number}.", f"2001:db8:{100 + number if number else 1}::")
        self.HERE, self.THERE = (tuple(n + end for n in nets) for end in "12")
        self.near, self.far = f"wire{2 * number}", f"wire{2 * number + 1}"
        self.here = os.open("/proc/self/ns/net", os.O_RDONLY)
        unshare(_NEWNET)
        self.there = os.open("/proc/self/ns/net", os.O_RDONLY)
        ip("link set lo up")
        self._enter(self.here)
        ip(f"""link add {self.near} type veth peer name {self.far}
               link set {self.far} netns /proc/{os.getpid()}/fd/{self.there}
               addr add {self.HERE[0]}/24 dev {self.near}
               addr add {self.HERE[1]}/64 dev {self.near} nodad
               link set {self.near} up""")
        with self:
            ip(f"""addr add {self.THERE[0]}/24 dev {self.far}
                   addr add {self.THERE[1]}/64 dev {self.far} nodad
                   link set {self.far} up""")

    @staticmethod
    def _enter(fd):
        if _libc.setns(fd, _NEWNET) < 0:
            raise OSError(ctypes.get_errno(), "setns")

    def __enter__(self):
        self._enter(self.there)

    def __exit__(self, *_):
        self._enter(self.here)

    def pair(self, six=False):
        """Both ends of a TCP connection from there to here: the client's, the server's."""
        with socket.socket(socket.AF_INET6 if six else socket.AF_INET) as listener:
            listener.bind((self.HERE[six], 0))
            listener.listen(1)
            with self:
                client = socket.create_connection(listener.getsockname()[:2])
            return client, listener.accept()[0]

    def black_hole(self, address):
        """Makes an address that drops whatever is sent to it."""
        ip(f"neigh replace {address} lladdr 02:00:00:00:00:99 dev {self.near} nud permanent")


def silence():
    """Makes 198.51.100.77 and the name server silent for the whole test."""
    Elsewhere().black_hole("198.51.100.77")
    names(timeout=30)
    Dns()


class Datagrams:
    """A socket that log messages are sent to, in an isolated world."""

    def __init__(self, path):
        top = "/" + path.split("/")[1]
        kept = [n for n in ("null", "zero", "urandom", "full") if top == "/dev"]
        places = {n: os.stat(f"/dev/{n}") for n in kept}
        command("mount", "-t", "tmpfs", "tmpfs", top)
        for n, st in places.items():
            os.mknod(f"/dev/{n}", st.st_mode, st.st_rdev)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.sock.bind(path)
        os.chmod(path, 0o666)
        self.sock.settimeout(0.5)

    def messages(self):
        """Returns all messages that have arrived."""
        got = []
        try:
            while True:
                data, fds, _, _ = socket.recv_fds(self.sock, 65536, 1)
                for fd in fds:  # a large entry is sent as a file
                    data += os.pread(fd, 1 << 20, 0)
                    os.close(fd)
                got.append(data)
        except TimeoutError:
            return got


def journal_fields(entry):
    """The fields of an entry in the journal's native form."""
    fields, at = {}, 0
    while at < len(entry):
        end = entry.index(b"\n", at)
        key, equals, value = entry[at:end].partition(b"=")
        at = end + 1
        if not equals:  # binary: a length of 64 bits, the value, a newline
            size = struct.unpack("<Q", entry[at:at + 8])[0]
            value = entry[at + 8:at + 8 + size]
            at += 8 + size + 1
        fields[key.decode()] = value.decode()
    return fields
