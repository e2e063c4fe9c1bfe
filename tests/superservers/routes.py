# SPDX-License-Identifier: GPL-3.0-or-later
# A place on the far side of one of the host's links: a web server that says what place it is and which
# address has come, and, in the place that has the address, the name server that counts.
# Uses only Python's own library.
#
#   routes.py PLACE QUERIES
#
# QUERIES is the file with a line for each query: who has asked, and for which name.
import http.server
import os
import socket
import struct
import sys
import threading

PLACE, QUERIES = sys.argv[1:]
NAMES = {
    "web.example": "203.0.113.80",
    "web.vpn.example": "203.0.113.80",
    "web.corp.example": "203.0.113.80",
    "proxy.corp.example": "192.0.2.1",
}


class Web(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        address = self.client_address[0].removeprefix("::ffff:")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"{PLACE} {address}\n".encode())

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


def answer_to(query, name, end):
    kind = struct.unpack("!H", query[end - 4:end - 2])[0]
    known = name in NAMES
    found = known and kind == 1
    answer = query[:2] + struct.pack("!HHHHH", 0x8180 if known else 0x8183, 1, found, 0, 0)
    answer += query[12:end]
    if found:
        answer += b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + socket.inet_aton(NAMES[name])
    return answer


def name_of(query):
    labels, at = [], 12
    while query[at]:
        labels.append(query[at + 1:at + 1 + query[at]].decode())
        at += 1 + query[at]
    return ".".join(labels).lower(), at + 5


def names(sock):
    while True:
        query, peer = sock.recvfrom(512)
        name, end = name_of(query)
        with open(QUERIES, "a") as log:
            log.write(f"{peer[0]} {name}\n")
        sock.sendto(answer_to(query, name, end), peer)


def name_server():
    """Returns the socket, or None in a place that does not have the address."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        sock.bind(("192.0.2.1", 53))
    except OSError:
        return None
    return sock


web = Server(("::", 8000), Web)
threading.Thread(target=web.serve_forever).start()
asked = name_server()
if asked:
    threading.Thread(target=names, args=[asked]).start()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    notify.connect(os.environ["NOTIFY_SOCKET"])
    notify.send(b"READY=1")
