# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of RFC 1961: Kerberos tickets over SOCKS 5, by MIT's library and python3-gssapi.

The realm is that of kdc.py, in the folder that $PICOSOCKS5_TEST_REALM names.
"""

import os
import struct
import sys
import threading

from lib.kdc import Realm
from lib.peer import End, check
from lib.program import Session, Skip, inetd
from lib.socks5 import read_reply, request
from lib.udp import Udp

METHOD = 1
GREETING, CHOSEN = b"\5\1\1", b"\5\1"
CONTEXT, LEVEL, DATA = 1, 2, 3  # MTYP
ABORT = b"\1\xff"
NONE, INTEGRITY, CONFIDENTIALITY = 0, 1, 2  # levels of protection
PROTECTED = INTEGRITY, CONFIDENTIALITY
EVERY = NONE, *PROTECTED
ALICE = "alice@EXAMPLE.ORG"
MOST = 32 * 1024  # bytes of the stream in a frame, if a test does not say

REALM = Realm(os.environ.get("PICOSOCKS5_TEST_REALM", "/nonexistent"))
os.environ.update(KRB5_CONFIG=REALM.config, KRB5_KTNAME="/nonexistent",
                  KRB5CCNAME=REALM.tickets("none"))
# play.py runs without this folder. It must come before those of the tests, which have a gssapi.py.
sys.path.insert(-2, "/usr/lib/python3/dist-packages")
try:
    import gssapi
except ModuleNotFoundError as e:
    raise Skip(f"needs python3-gssapi: {e}") from e

KRB5, SPNEGO = map(gssapi.OID.from_int_seq, ("1.2.840.113554.1.2.2", "1.3.6.1.5.5.2"))
FLAGS = gssapi.RequirementFlag
STREAM = FLAGS.mutual_authentication | FLAGS.replay_detection | FLAGS.out_of_sequence_detection
DATAGRAMS = FLAGS.mutual_authentication | FLAGS.replay_detection  # RFC 1961 section 3


def served(**more):
    """The environment of a program that may use the realm's keytab."""
    return {"KRB5_CONFIG": REALM.config, "KRB5_KTNAME": REALM.keytab, **more}


def frame(kind, token):
    return struct.pack("!BBH", 1, kind, len(token)) + token


def read_frame(end, kind):
    """Reads one frame of this kind; returns the token in it."""
    head = end.recv(2)
    check(head, bytes([1, kind]), "the beginning of a frame")
    return end.recv(*struct.unpack("!H", end.recv(2)))


class Context:
    """A client's security context with the service, and the session in which it is made."""

    def __init__(self, session, user="alice", service="rcmd/localhost", flags=STREAM, mech=KRB5):
        self.session, self.lock, self.granted = session, threading.Lock(), None
        creds = gssapi.Credentials(usage="initiate", store={"ccache": REALM.tickets(user)})
        name = gssapi.Name(service, gssapi.NameType.kerberos_principal)
        self.gss = gssapi.SecurityContext(name=name, creds=creds, flags=flags, mech=mech,
                                          usage="initiate")

    def first(self):
        """The first token, for the service."""
        return self.gss.step()

    def establish(self, split=None):
        """Sends and reads context tokens until both sides have the context."""
        token = self.first()
        while token or not self.gss.complete:
            (split or self.session.send)(frame(CONTEXT, token))
            token = self.gss.step(read_frame(self.session, CONTEXT))
        return self

    def wrap(self, data, secret):
        with self.lock:
            token, made_secret = self.gss.wrap(bytes(data), secret)
        check(made_secret, secret, "the state of a token of ours")
        return token

    def unwrap(self, token):
        """Returns the bytes in a token of the other side, which is protected as was agreed."""
        with self.lock:
            data, secret, _ = self.gss.unwrap(token)
        check(secret, self.granted == CONFIDENTIALITY, "is the token of the proxy confidential")
        return data

    def level(self, wanted, bare=False):
        """Asks for this level, as NEC's client does if bare; returns the level that is granted."""
        octet = bytes([wanted])
        self.session.send(frame(LEVEL, octet if bare else self.wrap(octet, False)))
        return self.read_level(bare)

    def read_level(self, bare=False):
        """Reads the level that is granted."""
        token = read_frame(self.session, LEVEL)
        if not bare:
            assert len(token) > 1, f"not protected: {token!r}"
            with self.lock:
                token, secret, _ = self.gss.unwrap(token)
            check(secret, False, "is the level confidential")
        check(len(token), 1, "length of the level")
        self.granted = token[0]
        return token[0]

    def seal(self, data):
        """The frames of so much of the stream, or the data as they are at level 0."""
        if self.granted == NONE:
            return bytes(data)
        return b"".join(frame(DATA, self.wrap(data[i:i + MOST], self.granted == CONFIDENTIALITY))
                        for i in range(0, len(data), MOST))


class Inside(End):
    """A stream inside the protection: what End does, in terms of the bytes that are protected.

    A write is one frame, unless more than MOST bytes are written.
    """

    def __init__(self, context):
        super().__init__(context.session.r, context.session.w)
        self.context, self._left, self._raw = context, b"", context.session

    def write(self, data):
        piece = data[:MOST]
        self._raw.send(self.context.seal(piece))
        return len(piece)

    def read(self, size=1 << 16, patience=None):
        if self.context.granted == NONE:
            return self._raw.read(size, patience)
        while not self._left:
            head = self._raw.read(1, patience)
            if not head:
                return b""
            check(head + self._raw.recv(1), b"\1\3", "the beginning of a frame")
            token = self._raw.recv(*struct.unpack("!H", self._raw.recv(2)))
            self._left = self.context.unwrap(token)
        data, self._left = self._left[:size], self._left[size:]
        return data

    def shut(self):
        self._raw.shut()
        return self

    def ask(self, host, port, granted=0, **more):
        """Sends a request, and reads the reply, which has these flags."""
        self.send(request(host, port, **more))
        return read_reply(self, granted)

    connect = Session.connect

    def ended(self, end, **keys):
        self.context.session.over = self.over
        self.context.session.ended(end, **{"user": ALICE, "auth": "gssapi", **keys})
        return self


class SealedUdp(Udp):
    """A client's socket for datagrams inside the protection."""

    def __init__(self, context, host="127.0.0.1"):
        super().__init__(host)
        self.context = context

    def sealed(self, data, secret=None):
        """A datagram as it is sent."""
        if self.context.granted == NONE:
            return data
        if secret is None:
            secret = self.context.granted == CONFIDENTIALITY
        return frame(DATA, self.context.wrap(data, secret))

    def sendto(self, data, to):
        return super().sendto(self.sealed(data), to)

    def recv(self):
        data = super().recv()
        if self.context.granted == NONE:
            return data
        check(data[:2], b"\1\3", "the beginning of a datagram")
        check(struct.unpack("!H", data[2:4])[0], len(data) - 4, "length in a datagram")
        return self.context.unwrap(data[4:])


def begin(session, user="alice", **how):
    """Greets, and makes a context; returns it."""
    session.send(GREETING).expect(CHOSEN, "chosen method")
    return Context(session, user, **how).establish()


def enter(session, wanted=CONFIDENTIALITY, granted=None, user="alice", **how):
    """Logs in with the user's ticket; returns the inside of the protection."""
    context = begin(session, user, **how)
    check(context.level(wanted), wanted if granted is None else granted, "the level granted")
    return Inside(context)


def gss(*options, levels="2,1,0", start=inetd, env=None, **how):
    """A session in which gssapi is the only method."""
    if levels:
        options = "--gssapi-levels", levels, *options
    return start("--auth", "gssapi", *options, env=served(**(env or {})), **how)
