# SPDX-License-Identifier: GPL-3.0-or-later
"""Datagrams: a destination, and the client's end of a UDP association."""

import collections
import select
import socket
import struct

from lib.peer import PATIENCE, check, host_of
from lib.program import Skip, borrow, descriptors
from lib.socks5 import UDP, address, query, read_reply, Reply

Datagram = collections.namedtuple("Datagram", "host port data")


def datagram(host, port, data, frag=0, rsv=0):
    """A datagram as a client sends it to the relay."""
    return struct.pack("!HB", rsv, frag) + address(host) + struct.pack("!H", port) + data


class Udp:
    """A datagram socket; recv() leaves the sender's address in .peer."""

    def __init__(self, host="127.0.0.1", port=0):
        self.sock = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET,
                                  socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        try:
            self.sock.bind((host, port))
        except OSError as e:
            raise Skip(f"needs the address {host}: {e}")
        self.host, self.port = host_of(self.sock.getsockname())

    def _ready(self, seconds):
        return select.select([self.sock], [], [], seconds)[0]

    def sendto(self, data, to):
        self.sock.sendto(data, to)
        return self

    def recv(self):
        if not self._ready(PATIENCE):
            raise AssertionError(f"no datagram for {PATIENCE:g} s")
        data, peer = self.sock.recvfrom(1 << 16)
        self.peer = host_of(peer)
        return data

    def expect(self, data, what="datagram"):
        check(self.recv(), data, what)
        return self

    def answer(self, data):
        return self.sendto(data, self.peer)

    def waiting(self, seconds=0.3):
        """Returns all that arrives until nothing has come for so long."""
        got = []
        while self._ready(seconds):
            try:
                got.append(self.sock.recvfrom(1 << 16)[0])
            except ConnectionRefusedError:
                pass
        return got

    def silent(self, seconds=0.3):
        check(self.waiting(seconds), [], "datagrams")
        return self

    def close(self):
        self.sock.close()


class Association:
    """The session of an association, and the socket that its client sends from."""

    def __init__(self, session, host="0.0.0.0", port=0, sock=None, flags=0, granted=None):
        """Asks for these flags, of which all must be granted, or those that are named."""
        self.session = session
        asked = {"rsv": flags, "granted": flags if granted is None else granted} if flags else {}
        self.reply = session.ask(host, port, command=UDP, **asked)
        check(self.reply.code, 0, "reply")
        self.relay = self.reply.host, self.reply.port
        self.sock = sock or Udp(self.reply.host)

    def raw(self, data):
        self.sock.sendto(data, self.relay)
        return self

    def send(self, to, data, host=None, frag=0):
        """Sends data to this destination, named by its address or by host."""
        return self.raw(datagram(host or to.host, to.port, data, frag))

    def recv(self):
        """Returns the next datagram for the client, after checking its form."""
        data = self.sock.recv()
        check(self.sock.peer, self.relay, "the relay's address")
        check(data[:3], b"\0\0\0", "RSV and FRAG")
        size, family = {1: (4, socket.AF_INET), 4: (16, socket.AF_INET6)}[data[3]]
        port, = struct.unpack("!H", data[4 + size:6 + size])
        return Datagram(socket.inet_ntop(family, data[4:4 + size]), port, data[6 + size:])

    def expect(self, origin, data):
        check(self.recv(), Datagram(origin.host, origin.port, data), "datagram")
        return self

    def silent(self, seconds=0.3):
        self.sock.silent(seconds)
        return self

    def exchange(self, to, data=b"ping", back=b"pong", host=None):
        """Sends a datagram and gets an answer."""
        self.send(to, data, host)
        to.expect(data).answer(back)
        return self.expect(to, back)

    def seen(self, host, port=53):
        """Asks how that host sees the client; returns the reply."""
        self.session.send(query(host, port))
        return read_reply(self.session)

    def unseen(self, code, host, port=53):
        """Asks, and must get this refusal."""
        check(self.seen(host, port), Reply(code, "0.0.0.0", 0), f"reply about {host!r}")
        return self

    def lives(self, to):
        """Checks that datagrams still pass."""
        return self.exchange(to, b"still", b"there")

    def over(self, end="eof", **keys):
        """Ends the control connection, and with it the association."""
        if end == "eof":
            self.session.shut()
        self.session.expect_end().ended(end, **keys)
        return self


def path_discovery(pid):
    """IP_MTU_DISCOVER of each datagram socket of the process; 0 lets large datagrams be fragmented."""
    found = []
    for fd in descriptors(pid):
        sock = borrow(pid, fd)
        if not sock:
            continue
        with sock:
            option = {socket.AF_INET: (socket.IPPROTO_IP, 10),
                      socket.AF_INET6: (socket.IPPROTO_IPV6, 23)}.get(sock.family)
            if option and sock.type == socket.SOCK_DGRAM:
                found.append(sock.getsockopt(*option))
    return found
