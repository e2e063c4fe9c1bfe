# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP/1 as bytes: what a client of a proxy sends, what an origin gets, and the proxy's answers."""

import base64
import collections

from lib.peer import check
from lib.users import raw

ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
CLOSE, VIA = b"Connection: close", b"Via: 1.1 picosocks5"

Answer = collections.namedtuple("Answer", "status fields body")


def authority(host, port):
    """host:port, with IPv6 addresses in brackets."""
    text = f"[{host}]" if ":" in host else host
    return f"{text}:{port}".encode()


def head(line, *fields):
    """A head: its request line, or a status line, and its fields."""
    return b"".join(raw(part) + b"\r\n" for part in (line, *fields, b""))


def asks(host, port, *fields, version=b"HTTP/1.1"):
    """A CONNECT request."""
    where = authority(host, port)
    return head(b"CONNECT " + where + b" " + version, b"Host: " + where, *fields)


def gets(up, path=b"/", *fields, method=b"GET"):
    """A request for a URL of this listener."""
    where = authority(up.host, up.port)
    return head(method + b" http://" + where + path + b" HTTP/1.1", b"Host: " + where, *fields)


def passed(up, path=b"/", *fields, method=b"GET"):
    """The head of gets() as the origin receives it."""
    return head(method + b" " + path + b" HTTP/1.1", b"Host: " + authority(up.host, up.port),
                *fields, VIA, CLOSE)


def basic(name, passwd):
    text = raw(name) + b":" + raw(passwd)
    return b"Proxy-Authorization: Basic " + base64.b64encode(text)


def read_head(end):
    """Reads to the empty line, and no further."""
    got = b""
    while not got.endswith(b"\r\n\r\n"):
        got += end.recv(1)
    line, *fields = got[:-4].split(b"\r\n")
    return line, dict(field.split(b": ", 1) for field in fields)


def read_answer(end, is_head=False):
    """Reads an answer that is no success and has a text, and checks its form."""
    line, fields = read_head(end)
    version, status, reason = line.split(b" ", 2)
    assert version == b"HTTP/1.1" and reason, line
    check(fields[b"Content-Type"], b"text/plain", "type of the text")
    size = int(fields[b"Content-Length"])
    body = b"" if is_head else end.recv(size)
    if not is_head:
        assert body.endswith(b"\n") and all(c == 10 or 32 <= c < 127 for c in body), body
        assert max(map(len, body.split(b"\n"))) <= 100, body
    assert size > 20, fields
    return Answer(int(status), fields, body)


def refused(session, status, is_head=False):
    """Reads exactly this refusal, and a clean end."""
    answer = read_answer(session, is_head)
    check(answer.status, status, "status")
    check(answer.fields.get(b"Connection"), b"close", "field Connection")
    session.expect_end()
    return answer


def asked_for_password(session, stays=True, is_head=False):
    """Reads the answer 407; the connection stays open, or ends."""
    answer = read_answer(session, is_head)
    check(answer.status, 407, "status")
    check(answer.fields[b"Proxy-Authenticate"], b'Basic realm="picosocks5"')
    check(answer.fields.get(b"Connection"), None if stays else b"close", "field Connection")
    if not stays:
        session.expect_end()
    return answer


def connect(session, listener, *fields):
    """Connects to the listener; returns the far end."""
    session.send(asks(listener.host, listener.port, *fields)).expect(ESTABLISHED, "answer")
    return listener.accept()
