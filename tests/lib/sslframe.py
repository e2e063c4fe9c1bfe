# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of SOCKS 5 by SSL (draft-ietf-aft-socks-ssl-00): TLS in frames, and its options."""

import struct

from lib.peer import End, check
from lib.tls import V13, Sealed, served

HANDSHAKE, OPTIONS, FLOW, CLOSING = 1, 2, 3, 4  # states
SUBAUTHENTICATION, UDP_NAKED = 0x01, 0x10
SSL, DRAFT = 0x06, 0x86  # the numbers of the method


def frame(state, data=b"", version=1):
    return struct.pack("!BBH", version, state, len(data)) + data


class Frames(End):
    """The bytes inside the frames. size: the most bytes in one; empty: others stand between."""

    def __init__(self, end, size=65535, empty=False):
        super().__init__(end.r, end.w)
        self.raw, self.size, self.empty = End(end.r, end.w), size, empty
        self.state, self.seen = HANDSHAKE, []  # the states of the frames that were read, in order
        self._left = 0

    def send(self, data):
        out = []
        for i in range(0, len(data), self.size):
            out.append(frame(self.state, data[i:i + self.size]))
            if self.empty:
                out.append(frame(self.state))
        self.raw.send(b"".join(out))
        return self

    def send_split(self, data, size=1):
        """Cuts the stream of frames, not what is inside."""
        self.raw.send_split(frame(self.state, data), size)
        return self

    def read(self, size=1 << 16, patience=None):
        while not self._left:
            head = self.raw.read(1, patience)
            if not head:
                return b""
            version, state, self._left = struct.unpack("!BBH", head + self.raw.recv(3))
            check(version, 1, "version of a frame")
            if not self.seen or self.seen[-1] != state:
                self.seen.append(state)
        data = self.raw.read(min(size, self._left), patience)
        assert data, "the stream ends within a frame"
        self._left -= len(data)
        return data


class Framed(Sealed):
    """The inside of TLS inside the frames, before the handshake."""

    def __init__(self, session, version=V13, client=None, split=0, **how):
        super().__init__(session, version, client, split=split)
        self.frames = self._raw = Frames(session, **how)

    def enter(self, state):
        self.frames.state = state
        return self

    def agree(self, *options):
        """Sends the list of options, and returns the server's."""
        self.enter(OPTIONS).send(bytes([len(options), *options]))
        return tuple(self.recv(self.recv(1)[0]))

    def flow(self):
        return self.enter(FLOW)

    def shut(self):
        return super().shut() if self.enter(CLOSING) else self


def choose(session, number=DRAFT, methods=b""):
    """Offers these methods and this one, which is chosen."""
    methods += bytes([number])
    session.send(bytes([5, len(methods)]) + methods).expect(bytes([5, number]), "chosen method")
    return session


def framed(*options, number=DRAFT, auth="tls", start=None, **how):
    """The inside of TLS, once the handshake is over."""
    more = {"start": start} if start else {}
    return Framed(choose(served("--auth", auth, *options, **more), number), **how).shake()
