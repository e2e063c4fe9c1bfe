# SPDX-License-Identifier: GPL-3.0-or-later
# The destinations of the proxy's clients: HTTP on port 8000, a name server that knows web.example,
# and UDP echo on port 7, all on loopback. Uses only Python's own library.
import http.server
import os
import socket
import struct
import threading


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = b"hello from the origin\n"
        if self.path[1:].isdigit():
            body = b"x" * int(self.path[1:])
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        pass


class Server(http.server.ThreadingHTTPServer):
    request_queue_size = 1024
    daemon_threads = True

    def handle_error(self, *args):
        pass


class Server6(Server):
    address_family = socket.AF_INET6


def echo(sock):
    while True:
        data, peer = sock.recvfrom(65536)
        sock.sendto(data, peer)


def names(sock):
    while True:
        query, peer = sock.recvfrom(512)
        end = query.index(b"\0", 12) + 5
        kind = struct.unpack("!H", query[end - 4:end - 2])[0]
        known = query[12:end - 4].lower() == b"\x03web\x07example\0"
        found = known and kind == 1
        answer = query[:2] + struct.pack("!HHHHH", 0x8180 if known else 0x8183, 1, found, 0, 0)
        answer += query[12:end]
        if found:
            answer += b"\xc0\x0c" + struct.pack("!HHIH", 1, 1, 60, 4) + bytes([127, 0, 0, 1])
        sock.sendto(answer, peer)


def udp(port):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", port))
    return sock


jobs = [
    Server(("127.0.0.1", 8000), Web).serve_forever,
    Server6(("::1", 8000), Web).serve_forever,
    lambda s=udp(7): echo(s),
    lambda s=udp(53): names(s),
]
threads = [threading.Thread(target=job) for job in jobs]
for thread in threads:
    thread.start()
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
    notify.connect(os.environ["NOTIFY_SOCKET"])
    notify.send(b"READY=1")
