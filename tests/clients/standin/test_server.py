# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for a web server that PySocks' tests use and Debian lacks: what they need of it."""

import http.server
import threading
import time


class TestServer:
    __test__ = False

    def __init__(self, address, port, engine):
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 1 << 16  # an answer is read in one piece

            def do_GET(self):
                outer.request = {"headers": {k.lower(): v for k, v in self.headers.items()},
                                 "client_ip": self.client_address[0]}
                time.sleep(outer.response.get("sleep", 0))
                self.send_response(200)
                self.send_header("Connection", "close")
                self.end_headers()
                self.wfile.write(outer.response["data"])

            def log_message(self, *args):
                pass

        self.server = http.server.ThreadingHTTPServer((address, port), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        self.url = f"http://{address}:{port}/"
        self.reset()

    def start(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def reset(self):
        self.request, self.response = None, {"data": b""}

    def get_url(self):
        return self.url
