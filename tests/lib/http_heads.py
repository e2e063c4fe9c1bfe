# SPDX-License-Identifier: GPL-3.0-or-later
"""Heads of HTTP requests that two readers could understand in two ways, or that are malformed.

A row is a title, the bytes that the client sends, and what comes of them: the status of the
refusal, or the very bytes that the origin receives. $UP is the origin's host and port. The
bytes may hold a second request, which a proxy must not take for the end of the first.
"""

# A body that one reader takes for a request of its own.
HIDDEN = b"GET /hidden HTTP/1.1\r\nHost: $UP\r\n\r\n"
CHUNKED = b"0\r\n\r\n"
TAIL = b"Via: 1.1 picosocks5\r\nConnection: close\r\n\r\n"


def fields(*lines, body=b"", method=b"POST"):
    """A request with these lines besides its Host."""
    return (method + b" http://$UP/ HTTP/1.1\r\nHost: $UP\r\n" + b"".join(x + b"\r\n" for x in lines)
            + b"\r\n" + body)


def got(*lines, body=b"", line=b"POST / HTTP/1.1", tail=TAIL):
    """What the origin receives of it."""
    return (line + b"\r\nHost: $UP\r\n" + b"".join(x + b"\r\n" for x in lines) + tail + body)


def line(text, *lines):
    """A request with this request line."""
    return text + b"\r\nHost: $UP\r\n" + b"".join(x + b"\r\n" for x in lines) + b"\r\n"


GET = b"GET / HTTP/1.1"
LENGTH, CODING = b"Content-Length: 5", b"Transfer-Encoding: chunked"

# Where the body ends.
BODIES = [
    ("a length", fields(LENGTH, body=b"hello"), got(LENGTH, body=b"hello")),
    ("a coding", fields(CODING, body=CHUNKED), got(CODING, body=CHUNKED)),
    ("a coding in capitals", fields(b"TRANSFER-ENCODING: Chunked", body=CHUNKED),
     got(b"TRANSFER-ENCODING: Chunked", body=CHUNKED)),
    ("a coding behind another", fields(b"Transfer-Encoding: gzip, chunked", body=CHUNKED),
     got(b"Transfer-Encoding: gzip, chunked", body=CHUNKED)),
    ("a coding behind white space", fields(b"Transfer-Encoding: \t chunked \t", body=CHUNKED),
     got(b"Transfer-Encoding: \t chunked \t", body=CHUNKED)),
    ("a length and a coding", fields(LENGTH, CODING, body=CHUNKED + HIDDEN), 400),
    ("a coding and a length", fields(CODING, LENGTH, body=CHUNKED + HIDDEN), 400),
    ("a length of 0 and a coding", fields(b"Content-Length: 0", CODING, body=CHUNKED), 400),
    ("two lengths", fields(LENGTH, b"Content-Length: 6", body=b"hello" + HIDDEN), 400),
    ("a length of 0, and another", fields(b"Content-Length: 0", LENGTH, body=HIDDEN), 400),
    ("the same length twice", fields(LENGTH, LENGTH, body=b"hello"), got(LENGTH, body=b"hello")),
    ("a length spelt in two ways", fields(LENGTH, b"Content-Length: 05", body=b"hello"), 400),
    ("a length with a plus", fields(b"Content-Length: +5", body=b"hello"), 400),
    ("a length below 0", fields(b"Content-Length: -5", body=b"hello"), 400),
    ("a length with a blank inside", fields(b"Content-Length: 5 5", body=b"hello"), 400),
    ("a list of lengths", fields(b"Content-Length: 5, 5", body=b"hello"), 400),
    ("a list of two lengths", fields(b"Content-Length: 5, 6", body=b"hello"), 400),
    ("a hexadecimal length", fields(b"Content-Length: 0x5", body=b"hello"), 400),
    ("an octal length", fields(b"Content-Length: 010", body=b"hello"), 400),
    ("a length with a point", fields(b"Content-Length: 5.0", body=b"hello"), 400),
    ("an empty length", fields(b"Content-Length:", body=HIDDEN), 400),
    ("a length beyond 64 bits", fields(b"Content-Length: 18446744073709551621", body=HIDDEN), 400),
    ("a length in quotes", fields(b'Content-Length: "5"', body=b"hello"), 400),
    ("a length and a vertical tab", fields(b"Content-Length: \x0b5", body=b"hello"), 400),
    ("an unknown coding", fields(b"Transfer-Encoding: xchunked", body=HIDDEN), 400),
    ("the coding identity", fields(b"Transfer-Encoding: identity", body=HIDDEN), 400),
    ("a coding before identity", fields(b"Transfer-Encoding: chunked, identity", body=HIDDEN), 400),
    ("a coding twice in one field", fields(b"Transfer-Encoding: chunked, chunked", body=CHUNKED), 400),
    ("a coding in two fields", fields(CODING, CODING, body=CHUNKED), 400),
    ("a coding, then an unknown one", fields(CODING, b"Transfer-Encoding: x", body=CHUNKED), 400),
    ("a coding behind a comma", fields(b"Transfer-Encoding: ,chunked", body=CHUNKED), 400),
    ("a coding before a comma", fields(b"Transfer-Encoding: chunked,", body=CHUNKED), 400),
    ("a coding with a parameter", fields(b"Transfer-Encoding: chunked;q=1", body=CHUNKED), 400),
    ("a coding in quotes", fields(b'Transfer-Encoding: "chunked"', body=CHUNKED), 400),
    ("an empty coding", fields(b"Transfer-Encoding:", body=HIDDEN), 400),
    ("gzip as the last coding", fields(b"Transfer-Encoding: gzip", body=HIDDEN), 400),
    ("a coding on a folded line", fields(b"Transfer-Encoding:", b" chunked", body=CHUNKED), 400),
    ("a coding behind a vertical tab", fields(b"Transfer-Encoding: \x0bchunked", body=CHUNKED), 400),
    ("a coding with a blank before the colon", fields(b"Transfer-Encoding : chunked", LENGTH,
                                                      body=b"hello"), 400),
    ("a length with a tab before the colon", fields(b"Content-Length\t: 5", body=b"hello"), 400),
    ("a coding behind a bare CR", fields(b"X: x\rTransfer-Encoding: chunked", body=CHUNKED), 400),
    ("a coding behind a bare LF", fields(b"X: x\nTransfer-Encoding: chunked", body=CHUNKED), 400),
    ("a coding behind a NUL", fields(b"Transfer-Encoding: \0chunked", body=CHUNKED), 400),
    ("a coding under another name", fields(b"Transfer_Encoding: chunked", LENGTH, body=b"hello"),
     got(b"Transfer_Encoding: chunked", LENGTH, body=b"hello")),
    ("a coding in HTTP/1.0", b"POST http://$UP/ HTTP/1.0\r\nHost: $UP\r\n" + CODING + b"\r\n\r\n"
     + CHUNKED, 400),
    ("a body of CONNECT", b"CONNECT $UP HTTP/1.1\r\nHost: $UP\r\n" + LENGTH + b"\r\n\r\nhello", 400),
    ("a coding of CONNECT", b"CONNECT $UP HTTP/1.1\r\nHost: $UP\r\n" + CODING + b"\r\n\r\n", 400),
]

# The form of lines and fields.
LINES = [
    ("a folded line", fields(b"X: x", b" y"), 400),
    ("a line folded by a tab", fields(b"X: x", b"\ty"), 400),
    ("a blank before the first field", b"GET http://$UP/ HTTP/1.1\r\n Host: $UP\r\n\r\n", 400),
    ("a blank before the colon", fields(b"X : x"), 400),
    ("a bare CR in a value", fields(b"X: x\ry"), 400),
    ("two CRs", fields(b"X: x\r"), 400),
    ("LF as the end of a line", b"GET http://$UP/ HTTP/1.1\nHost: $UP\r\n\r\n", 400),
    ("LF as the end of the head", b"GET http://$UP/ HTTP/1.1\r\nHost: $UP\r\n\n", 400),
    ("a NUL in a value", fields(b"X: a\0b"), 400),
    ("a NUL in a name", fields(b"X\0: a"), 400),
    ("a control byte in a value", fields(b"X: a\x1bb"), 400),
    ("a DEL in a value", fields(b"X: a\x7fb"), 400),
    ("no colon", fields(b"X"), 400),
    ("no name", fields(b": x"), 400),
    ("an empty line of blanks", fields(b" "), 400),
    ("a name with a byte above 127", fields(b"X\xc3\xa4: x"), 400),
    ("a name in brackets", fields(b"(X): x"), 400),
    ("a value with bytes above 127", fields(b"X: \xc3\xa4\xff"), got(b"X: \xc3\xa4\xff")),
    ("a tab in a value", fields(b"X: a\tb"), got(b"X: a\tb")),
    ("no value", fields(b"X:"), got(b"X:")),
    ("a value with colons", fields(b"X:a:b: c"), got(b"X:a:b: c")),
    ("two fields of one name", fields(b"X: a", b"x: b"), got(b"X: a", b"x: b")),
    ("a value of 15000 bytes", fields(b"X: " + b"x" * 15000), got(b"X: " + b"x" * 15000)),
    ("a name of 15000 bytes", fields(b"X" * 15000 + b": x"), got(b"X" * 15000 + b": x")),
    ("a head of 17000 bytes", fields(b"X: " + b"x" * 17000), 431),
    ("a request line of 17000 bytes", line(b"GET http://$UP/" + b"x" * 17000 + b" HTTP/1.1"), 431),
    ("4000 fields", fields(*[b"X:x"] * 4000), 431),
    ("an empty line first", b"GET\r\n\r\n" + line(b"GET http://$UP/ HTTP/1.1"), 400),
]

# Which host is meant.
HOSTS = [
    ("no Host", b"GET http://$UP/ HTTP/1.1\r\n\r\n", 400),
    ("no Host in HTTP/1.0", b"GET http://$UP/ HTTP/1.0\r\n\r\n",
     got(line=b"GET / HTTP/1.0", tail=TAIL.replace(b"1.1", b"1.0"))),
    ("two Hosts", b"GET http://$UP/ HTTP/1.1\r\nHost: $UP\r\nHost: other\r\n\r\n", 400),
    ("the same Host twice", b"GET http://$UP/ HTTP/1.1\r\nHost: $UP\r\nHost: $UP\r\n\r\n", got(line=GET)),
    ("a Host unlike the URL", b"GET http://$UP/ HTTP/1.1\r\nHost: other.example.com\r\n\r\n",
     got(line=GET)),
    ("an empty Host", b"GET http://$UP/ HTTP/1.1\r\nHost:\r\n\r\n", got(line=GET)),
    ("a list in Host", b"GET http://$UP/ HTTP/1.1\r\nHost: $UP other\r\n\r\n", 400),
    ("a URL in Host", b"GET http://$UP/ HTTP/1.1\r\nHost: http://$UP/\r\n\r\n", 400),
    ("a user in Host", b"GET http://$UP/ HTTP/1.1\r\nHost: u@$UP\r\n\r\n", 400),
    ("a blank before the colon of Host", b"GET http://$UP/ HTTP/1.1\r\nHost : $UP\r\n\r\n", 400),
    ("a user in the URL", line(b"GET http://user@$UP/ HTTP/1.1"), 400),
    ("a password in the URL", line(b"GET http://user:secret@$UP/ HTTP/1.1"), 400),
    ("an empty user in the URL", line(b"GET http://@$UP/ HTTP/1.1"), 400),
    ("a user of CONNECT", line(b"CONNECT user@$UP HTTP/1.1"), 400),
    ("a fragment", line(b"GET http://$UP/#x HTTP/1.1"), 400),
    ("a fragment behind the host", line(b"GET http://$UP#@other/ HTTP/1.1"), 400),
    ("a backslash behind the host", line(b"GET http://$UP\\other/ HTTP/1.1"), 400),
    ("no host", line(b"GET http:/// HTTP/1.1"), 400),
    ("one slash", line(b"GET http:/$UP/ HTTP/1.1"), 400),
    ("no slash", line(b"GET http:$UP/ HTTP/1.1"), 400),
    ("HTTP in capitals", line(b"GET HTTP://$UP/ HTTP/1.1"), got(line=GET)),
    ("a query behind the host", line(b"GET http://$UP?a=http://x/ HTTP/1.1"),
     got(line=b"GET /?a=http://x/ HTTP/1.1")),
    ("a URL as the path", line(b"GET http://$UP/http://x@other:1/ HTTP/1.1"),
     got(line=b"GET /http://x@other:1/ HTTP/1.1")),
    ("two slashes as the path", line(b"GET http://$UP//other/ HTTP/1.1"),
     got(line=b"GET //other/ HTTP/1.1")),
    ("no path", line(b"GET http://$UP HTTP/1.1"), got(line=GET)),
    ("https", line(b"GET https://$UP/ HTTP/1.1"), 405),
    ("ftp", line(b"GET ftp://$UP/ HTTP/1.1"), 405),
    ("a path for CONNECT", line(b"CONNECT $UP/ HTTP/1.1"), 400),
    ("a URL for CONNECT", line(b"CONNECT http://$UP/ HTTP/1.1"), 400),
    ("no port for CONNECT", line(b"CONNECT 127.0.0.1 HTTP/1.1"), 400),
    ("an empty port for CONNECT", line(b"CONNECT 127.0.0.1: HTTP/1.1"), 400),
    ("port 0", line(b"CONNECT 127.0.0.1:0 HTTP/1.1"), 400),
    ("port 0 in the URL", line(b"GET http://127.0.0.1:0/ HTTP/1.1"), 400),
    ("port 65536", line(b"CONNECT 127.0.0.1:65536 HTTP/1.1"), 400),
    ("port 080", line(b"CONNECT 127.0.0.1:080 HTTP/1.1"), 400),
    ("port 0x50", line(b"CONNECT 127.0.0.1:0x50 HTTP/1.1"), 400),
    ("port +80", line(b"CONNECT 127.0.0.1:+80 HTTP/1.1"), 400),
    ("two ports", line(b"CONNECT $UP:80 HTTP/1.1"), 400),
    ("an empty port in the URL", line(b"GET http://127.0.0.1:/ HTTP/1.1"), 400),
    ("port 65616, which is 80 in 16 bits", line(b"GET http://127.0.0.1:65616/ HTTP/1.1"), 400),
    ("a host in percent", line(b"CONNECT %31%32%37.0.0.1:80 HTTP/1.1"), 400),
    ("a host with %00", line(b"CONNECT 127.0.0.1%00.example.com:80 HTTP/1.1"), 400),
    ("a host in octal", line(b"CONNECT 0177.0.0.1:80 HTTP/1.1"), 400),
    ("a short address", line(b"CONNECT 127.1:80 HTTP/1.1"), 400),
    ("an address as one number", line(b"CONNECT 2130706433:80 HTTP/1.1"), 400),
    ("IPv6 without brackets", line(b"CONNECT ::1:80 HTTP/1.1"), 400),
    ("IPv6 with a zone", line(b"CONNECT [fe80::1%25lo]:80 HTTP/1.1"), 400),
    ("an open bracket", line(b"CONNECT [::1:80 HTTP/1.1"), 400),
    ("IPv4 in brackets", line(b"CONNECT [127.0.0.1]:80 HTTP/1.1"), 400),
    ("a name behind a bracket", line(b"CONNECT [::1]x:80 HTTP/1.1"), 400),
    ("a host of 256 bytes", line(b"CONNECT " + b"x" * 256 + b":80 HTTP/1.1"), 400),
]

# The request line.
REQUESTS = [
    ("HTTP/0.9", b"GET http://$UP/\r\n\r\n", 400),
    ("HTTP/0.9 with its version", line(b"GET http://$UP/ HTTP/0.9"), 400),
    ("HTTP/2.0", line(b"GET http://$UP/ HTTP/2.0"), 400),
    ("the preface of HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    ("HTTP/1.10", line(b"GET http://$UP/ HTTP/1.10"), 400),
    ("HTTP/01.1", line(b"GET http://$UP/ HTTP/01.1"), 400),
    ("HTTP/1.1 in small letters", line(b"GET http://$UP/ http/1.1"), 400),
    ("HTTP/1", line(b"GET http://$UP/ HTTP/1"), 400),
    ("a version of another protocol", line(b"GET http://$UP/ HTTQ/1.1"), 400),
    ("two blanks before the target", line(b"GET  http://$UP/ HTTP/1.1"), 400),
    ("two blanks behind the target", line(b"GET http://$UP/  HTTP/1.1"), 400),
    ("a blank at the end", line(b"GET http://$UP/ HTTP/1.1 "), 400),
    ("a tab before the target", line(b"GET\thttp://$UP/ HTTP/1.1"), 400),
    ("a tab behind the target", line(b"GET http://$UP/\tHTTP/1.1"), 400),
    ("a blank in the target", line(b"GET http://$UP/a b HTTP/1.1"), 400),
    ("a second version in the target", line(b"GET http://$UP/ HTTP/1.1 HTTP/1.1"), 400),
    ("a control byte in the target", line(b"GET http://$UP/\x01 HTTP/1.1"), 400),
    ("a bare CR in the target", line(b"GET http://$UP/\rX: HTTP/1.1"), 400),
    ("a NUL in the target", line(b"GET http://$UP/\0 HTTP/1.1"), 400),
    ("a byte above 127 in the target", line(b"GET http://$UP/\xc3\xa4 HTTP/1.1"), 400),
    ("%0d%0a in the target", line(b"GET http://$UP/%0d%0aX:%20y HTTP/1.1"),
     got(line=b"GET /%0d%0aX:%20y HTTP/1.1")),
    ("no method", line(b"A\0 http://$UP/ HTTP/1.1"), 400),
    ("a method with a colon", line(b"GET: http://$UP/ HTTP/1.1"), 400),
    ("an unknown method", line(b"M-SEARCH http://$UP/ HTTP/1.1"), got(line=b"M-SEARCH / HTTP/1.1")),
    ("a method in mixed letters", line(b"Connect http://$UP/ HTTP/1.1"),
     got(line=b"Connect / HTTP/1.1")),
    ("a path", line(b"GET / HTTP/1.1"), 405),
    ("a star", line(b"OPTIONS * HTTP/1.1"), 405),
    ("a star of another method", line(b"GET * HTTP/1.1"), 400),
    ("a relative path", line(b"GET index.html HTTP/1.1"), 400),
]

# The fields for the proxy.
HOPS = [
    ("Connection names Host", fields(b"Connection: Host", method=b"GET"), 400),
    ("Connection names Content-Length", fields(b"Connection: x, content-length", LENGTH,
                                               body=b"hello"), 400),
    ("Connection names Transfer-Encoding", fields(b"Connection: Transfer-Encoding", CODING,
                                                  body=CHUNKED), 400),
    ("Connection names Host in its second field", fields(b"Connection: x", b"Connection: host"), 400),
    ("Connection names Proxy-Authorization",
     fields(b"Connection: Proxy-Authorization", b"Proxy-Authorization: Basic eDp5"), got()),
    ("Connection names fields", fields(b"Connection: X-One,, x-TWO ,close", b"X-one: 1", b"Y: y",
                                       b"X-Two: 2", b"X-One: 3"), got(b"Y: y")),
    ("Connection names Via", fields(b"Connection: via", b"Via: 1.1 other"), got()),
    ("a Via of another proxy", fields(b"Via: 1.1 other"), got(b"Via: 1.1 other")),
    ("Connection is no list of names", fields(b"Connection: a b"), 400),
    ("the fields of a hop", fields(b"Keep-Alive: 5", b"TE: trailers", b"Upgrade: h2c",
                                   b"Proxy-Connection: keep-alive", b"proxy-foo: x",
                                   b"Connection: upgrade, TE", b"HTTP2-Settings: x"),
     got(b"HTTP2-Settings: x")),
    ("two Proxy-Authorizations", fields(b"Proxy-Authorization: Basic eDp5",
                                        b"Proxy-Authorization: Basic eDp5"), 400),
    ("Expect", fields(b"Expect: 100-continue", LENGTH, body=b"hello"),
     got(b"Expect: 100-continue", LENGTH, body=b"hello")),
    ("a second request", fields(method=b"GET") + HIDDEN, got(line=GET) + HIDDEN),
    ("Trailer", fields(b"Trailer: Host", CODING, body=b"0\r\nHost: other\r\n\r\n"),
     got(b"Trailer: Host", CODING, body=b"0\r\nHost: other\r\n\r\n")),
]

EVERY = BODIES + LINES + HOSTS + REQUESTS + HOPS
