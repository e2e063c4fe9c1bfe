# SPDX-License-Identifier: GPL-3.0-or-later
"""CHAP as bytes (draft-ietf-aft-socks-chap-01), and a client that computes its responses."""

import hashlib
import hmac

from lib.peer import check
from lib.users import raw

STATUS, TEXT, USER, CHALLENGE, RESPONSE, CHARSET, IDENTIFIER, ALGORITHMS = (
    0, 1, 2, 3, 4, 5, 0x10, 0x11)
HMAC_MD5 = b"\x85"
CHAP_HEAD = b"\1\2\x11\1\x85\3\x20"  # the server's algorithm, and then 32 bytes of challenge
SUCCESS, FAILURE = b"\1\1\0\1\0", b"\1\1\0\1\1"


def message(*attributes):
    """Encodes (type, value) pairs."""
    return bytes([1, len(attributes)]) + b"".join(
        bytes([kind, len(value)]) + value for kind, value in attributes)


def response(passwd, challenge):
    return hmac.new(raw(passwd), challenge, hashlib.md5).digest()


def putty(name):
    """PuTTY's first message."""
    return message((ALGORITHMS, HMAC_MD5), (USER, raw(name)))


def read_challenge(session):
    """Reads the algorithm and the challenge of the server; returns the challenge."""
    session.expect(CHAP_HEAD, "the algorithm and the head of the challenge")
    return session.recv(32)


def choose_chap(session, methods=b"\3"):
    return session.send(bytes([5, len(methods)]) + methods).expect(b"\5\3", "chosen method")


def ask_chap(session, name, methods=b"\3"):
    """Begins as PuTTY does; returns the server's challenge."""
    return read_challenge(choose_chap(session, methods).send(putty(name)))


def log_in_by_chap(session, name, passwd):
    challenge = ask_chap(session, name)
    session.send(message((RESPONSE, response(passwd, challenge)))).expect(SUCCESS, "status")
    return session


def turned_away_by_chap(session, name, passwd, end="auth"):
    """Expects the same failure as for everybody, and the end."""
    challenge = ask_chap(session, name)
    session.send(message((RESPONSE, response(passwd, challenge)))).expect_end(data=FAILURE)
    session.exits(0)
    if session.err is not None:
        check(session.log["end"], end)
    return session
