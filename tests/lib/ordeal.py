# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions in which something may go wrong at any time, and what each may come to.

A play drives the client and the destination of one session and returns how it ended: served whole,
refused, left without a connection, cut off, or, for datagrams, lost. It raises an exception if the
client was told something untrue: a connection that does not exist, an end of file although bytes
are missing, a wrong address, or the answer to another question.
"""

import select
import socket
import ssl
import struct
import threading

from lib.chap import CHALLENGE, CHAP_HEAD, FAILURE, RESPONSE, STATUS, message, putty, response
from lib.http import ESTABLISHED, asks, basic, gets, passed
from lib.peer import EOF, End, KIB, Listener, MIB, RESET, check, noise
from lib.program import KIND, descriptors
from lib.socks4 import request4
from lib.socks5 import (BIND, CLIENTS_PORT, INTERFACE, RESOLVE, RESOLVE_PTR, UDP, query, refusal,
                        request)
from lib.sslframe import DRAFT, Framed
from lib.tls import Sealed
from lib.udp import Udp, datagram
from lib.users import userpass

SERVED, REFUSED, LEFT, CUT, LOST = "served", "refused", "left", "cut off", "lost"

ASK, ANSWER = noise(3000, 1), noise(5000, 2)
MUCH = noise(3 * MIB, 3)  # enough for a flow to take larger steps, and then a pipe
PATIENCE = 60 if KIND == "valgrind" else 20  # seconds; a fault ends a session soon, or is overcome
PATIENTLY = (0.1, 0.2, 0.5, 1, 2) + (5, 20) * (KIND == "valgrind")  # for an answer to a datagram

HERE, THERE, ROUTED = "192.0.2.1", "192.0.2.7", "2001:db8:5::9"
NAME, REVERSE = "here.example.com", "three.example.com"


class Over(Exception):
    """The program ended the session where it could have gone on."""

    def __init__(self, how):
        super().__init__(how)
        self.how = how


def _take(end, size):
    """Reads exactly so many bytes; fewer are of no use."""
    try:
        return end.recv(size, PATIENCE)
    except ConnectionError as e:
        raise Over(LEFT) from e
    except AssertionError as e:
        if "end of file" not in str(e):
            raise
        raise Over(LEFT) from e


def _rest(end):
    """All that comes, and how it ends."""
    try:
        got, how = end.rest()
    except OSError:
        return None, RESET
    return got, RESET if getattr(end, "was_reset", False) else how


def _say(end, data):
    """Sends; no error if nobody reads, because a later read reports the reset, once."""
    try:
        end.send(data)
    except OSError:
        end.was_reset = True


def _shut(end):
    try:
        end.shut()
    except OSError:
        pass


def _all_of(end, want, what, can_reset=True):
    """True if all arrived. A part may come before a reset, never before an end of file."""
    got, how = _rest(end)
    if (got, how) == (want, EOF):
        return True
    assert got is None or want.startswith(got), f"{what}: wrong bytes"
    assert how == RESET or not can_reset, f"{what}: {len(got)} bytes of {len(want)}, then the end"
    return False


def _count(s):
    """Takes note of how many descriptors are open while the session goes on."""
    try:
        s.held = len(descriptors(s.pid))
    except OSError:
        pass  # it has ended


def _pass(a, b, data, what, can_reset=True):
    """Sends data and the end of file from a to b; True if all arrived."""
    def send():
        _say(a, data)
        _shut(a)
    if len(data) < 16 * KIB:
        send()
        return _all_of(b, data, what, can_reset)
    sender = threading.Thread(target=send, daemon=True)
    sender.start()
    try:
        return _all_of(b, data, what, can_reset)
    finally:
        sender.join()


def _relay(s, far, ask=ASK, answer=ANSWER, can_reset=True):
    """Both directions of a conversation, each ended by its sender."""
    up = _pass(s, far, ask, "up", can_reset)
    _count(s)
    resets = s.r is s.w and s.r.family != socket.AF_UNIX
    down = _pass(far, s, answer, "down", can_reset=resets)
    far.close()
    return SERVED if up and down else CUT


def _refused(s, said, code):
    """Nothing but the refusal and the end; the client may see a reset instead."""
    assert said[1] == code, said
    got, _ = _rest(s)
    assert not got, f"{got!r} behind a refusal"
    raise Over(REFUSED)


def _reply(s, flags=(0,)):
    """The local address that the success reply names; it has one of these flags."""
    said = _take(s, 10)
    if said[1]:
        check(said, refusal(said[1]), "refusal")
        _refused(s, said, said[1])
    check(said[2] in flags and said[:2] + said[3:4], b"\5\0\1", "reply")
    return socket.inet_ntoa(said[4:8]), struct.unpack("!H", said[8:])[0]


def _ask(s, host, port, command=1):
    _say(s, request(host, port, command))
    return _reply(s)


class Place:
    """What a trial needs of the world for itself alone."""

    def __init__(self):
        self.up = {h: Listener(h) for h in ("127.0.0.1", HERE)}
        self.up[ROUTED] = Listener("::")
        self.origin = {h: Udp(h) for h in ("127.0.0.1", HERE)}
        self.trials = 0

    def came(self):
        """Closes connections that no play has accepted; returns how many there were."""
        n = 0
        for up in self.up.values():
            while select.select([up.sock], [], [], 0)[0]:
                up.accept(1).close()
                n += 1
        return n


def connect(place, s, host="127.0.0.1", *data):
    up = place.up.get(host, place.up["127.0.0.1"])
    bound = _ask(s, host, up.port)
    far = up.accept(PATIENCE)
    check(bound, up.peer, "address in the reply")
    return _relay(s, far, *data)


def by_parent(_, s, host="127.0.0.1", tells=True, resets=True):
    """Through a parent that tells the address that it connects from, or does not. A parent that the
    session has left may still connect; so each trial has a port of its own."""
    up = Listener()
    try:
        bound = _ask(s, host, up.port)
        far = up.accept(PATIENCE)
        check(bound, up.peer if tells else ("0.0.0.0", 0), "address in the reply")
        return _relay(s, far, can_reset=resets)
    finally:
        up.close()


def bind(_, s):
    met = _ask(s, "127.0.0.1", 0, BIND)
    try:
        sock = socket.create_connection(met, PATIENCE)
    except ConnectionResetError:  # it was made, and broken off at once
        _reply(s)
        check(_rest(s)[0] or b"", b"", "behind a reset")
        return CUT
    except ConnectionError:
        raise AssertionError(f"nobody listens at {met}: {_reply(s)}")
    with sock:
        check(_reply(s), sock.getsockname(), "who came")
        return _relay(s, End(sock))


def _await(sock, data, patience):
    """True if this datagram came in time; older ones may come late."""
    while select.select([sock.sock], [], [], patience)[0]:
        if sock.recv() == data:
            return True
    return False


def _echo(place, s, me, to, host, patience):
    """Sends a datagram through the relay; True if the answer came back."""
    place.trials += 1
    data = b"datagram %d" % place.trials
    origin = place.origin.get(host, place.origin["127.0.0.1"])
    me.sendto(datagram(host, origin.port, data), to)
    if not _await(origin, data, patience):
        return False
    _count(s)
    origin.answer(b"re " + data)
    return _await(me, datagram(origin.host, origin.port, b"re " + data), patience)


def udp(place, s, host="127.0.0.1", patiently=PATIENTLY):
    to = _ask(s, "0.0.0.0", 0, UDP)
    me = Udp(s.name[0])
    passed = False
    try:
        for patience in patiently:
            passed = passed or _echo(place, s, me, to, host, patience)
            if passed or select.select([s.r], [], [], 0)[0]:
                break
    finally:
        me.close()
    over = select.select([s.r], [], [], 0)[0]
    _shut(s)
    check(_rest(s)[0] or b"", b"", "on the control connection")
    return CUT if over else SERVED if passed else LOST


def queries(place, s, host="127.0.0.1", patiently=PATIENTLY):
    """A query, and datagrams from a port that the client has asked for."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    # An address that is not the client's, so that the client may send from any port.
    _say(s, request("192.0.2.99", port, UDP, rsv=INTERFACE | CLIENTS_PORT))
    to = _reply(s, (INTERFACE, INTERFACE | CLIENTS_PORT))
    origin = place.origin["127.0.0.1"]
    _say(s, query(host, origin.port))
    told = _take(s, 10)
    if told[1]:
        check(told, refusal(told[1]), "refusal of the query")
        _shut(s)
        check(_rest(s)[0] or b"", b"", "on the control connection")
        return REFUSED
    me = Udp(s.name[0])
    try:
        passed = any(_echo(place, s, me, to, "127.0.0.1", patience) for patience in patiently)
    finally:
        me.close()
    if passed:
        check((socket.inet_ntoa(told[4:8]), struct.unpack("!H", told[8:])[0]), origin.peer, "told")
    over = select.select([s.r], [], [], 0)[0]
    _shut(s)
    check(_rest(s)[0] or b"", b"", "on the control connection")
    return CUT if over else SERVED if passed else LOST


def resolve(_, s, host=NAME):
    check(_ask(s, host, 0, RESOLVE), ("127.0.0.1", 0), "address of the name")
    check(_rest(s), (b"", EOF), "the end")
    return SERVED


def resolve_ptr(_, s):
    _say(s, request("127.0.0.3", 0, RESOLVE_PTR))
    head = _take(s, 4)
    if head[1]:
        check(head + _take(s, 6), refusal(head[1]), "refusal")
        _refused(s, head, head[1])
    check(head, b"\5\0\0\3", "reply")
    check(_take(s, len(REVERSE) + 3), b"%c%s\0\0" % (len(REVERSE), REVERSE.encode()), "name")
    check(_rest(s), (b"", EOF), "the end")
    return SERVED


def socks4(place, s, host="127.0.0.1"):
    up = place.up["127.0.0.1"]
    _say(s, request4(host, up.port))
    said = _take(s, 8)
    if said[1] != 90:
        _refused(s, said, 91)
    return _relay(s, up.accept(PATIENCE))


def _http_answer(s):
    """Reads an answer of the proxy; returns its head if it is a success, or asks for a password."""
    got = b""
    while not got.endswith(b"\r\n\r\n"):
        got += _take(s, 1)
    if got == ESTABLISHED:
        return got
    assert got.startswith((b"HTTP/1.1 4", b"HTTP/1.1 5")), got
    if b"\r\nConnection: close\r\n" in got:
        text, _ = _rest(s)
        assert not text or text.isascii() and text.count(b"\n") <= 3, text
        raise Over(REFUSED)
    _take(s, int(got.partition(b"Content-Length: ")[2].partition(b"\r\n")[0]))
    return got


def http_connect(place, s, host="127.0.0.1", *logins):
    """CONNECT, first with each of these logins; the proxy asks for a better one."""
    up = place.up.get(host, place.up["127.0.0.1"])
    for login in logins[:-1]:
        _say(s, asks(host, up.port, *login))
        assert _http_answer(s) != ESTABLISHED, f"let in with {login}"
    _say(s, asks(host, up.port, *(logins or ((),))[-1]))
    if _http_answer(s) != ESTABLISHED:  # asked again, because the password could not be checked
        _shut(s)
        assert not _rest(s)[0], "bytes behind the last answer"
        raise Over(REFUSED)
    return _relay(s, up.accept(PATIENCE))


def http_get(place, s):
    """A request for a URL. The proxy has an answer of its own if it fails."""
    up = place.up["127.0.0.1"]
    _say(s, gets(up, b"/path", method=b"POST"))
    select.select([s.r, up.sock], [], [], PATIENCE)
    if not select.select([up.sock], [], [], 0)[0]:
        _http_answer(s)
        raise AssertionError("a success without a connection")
    far, want = up.accept(PATIENCE), passed(up, b"/path", method=b"POST")
    try:
        check(_take(far, len(want)), want, "the head")
    except Over:
        far.close()
        _http_answer(s)
        raise
    return _relay(s, far)


RIGHT, WRONG = (basic("alice", "secret"),), (basic("alice", "secreT"),)
CLOSING = (*WRONG, b"Connection: close")


def first(method=b"\0", said=b"", answer=b""):
    """What comes before the request: method, and what follows from it."""
    def talk(s):
        _say(s, b"\5\1" + method)
        got = _take(s, 2)
        if got != b"\5" + method:
            _refused(s, got, 0xff)
        _say(s, said)
        got = _take(s, len(answer))
        if got != answer:
            _refused(s, got, 1)
    return talk


greeting = first()


def password(text):
    return first(b"\2", userpass("alice", text), b"\1\0")


def chap(text):
    """PuTTY's login, and a challenge of the client's own, so that nothing is left out."""
    def talk(s):
        first(b"\3", putty("alice"), CHAP_HEAD)(s)
        answer = response(text, _take(s, 32))
        _say(s, message((CHALLENGE, ASK[:16]), (RESPONSE, answer)))
        got = _take(s, 5)
        if got == FAILURE:
            _refused(s, got, 1)
        got += _take(s, 18)
        check(got, message((RESPONSE, response(text, ASK[:16])), (STATUS, b"\0")), "the answer")
        _say(s, message((STATUS, b"\0")))
    return talk


def token(data):
    """A login by GSS-API with this in place of a ticket, which no server accepts."""
    def talk(s):
        first(b"\1", struct.pack("!BBH", 1, 1, len(data)) + data)(s)
        _refused(s, _take(s, 2), 0xff)
    return talk


def header(text):
    def talk(s):
        _say(s, text)
        greeting(s)
    return talk


def _shake(inside):
    """Shakes hands, with a server whose certificate is right, or that gives up."""
    try:
        return inside.shake()
    except ssl.SSLCertVerificationError:
        raise
    except OSError as e:
        raise Over(LEFT) from e


def inside_tls(place, s, before=greeting, play=connect, **how):
    """Plays inside TLS. An end without close_notify is a reset."""
    inside = _shake(Sealed(s, **how))
    inside.pid, inside.held = s.pid, 0
    try:
        before(inside)
        return play(place, inside)
    finally:
        s.held = inside.held


def inside_frames(place, s):
    """Plays inside TLS in the frames of the SSL draft."""
    _say(s, bytes([5, 1, DRAFT]))
    got = _take(s, 2)
    if got[1] != DRAFT:
        _refused(s, got, 0xff)
    inside = _shake(Framed(s))
    inside.pid, inside.held = s.pid, 0
    try:
        _say(inside.enter(2), b"\0")
        check(_take(inside, 1), b"\0", "options")
        inside.flow()
        return connect(place, inside)
    finally:
        s.held = inside.held
