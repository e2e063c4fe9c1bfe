# SPDX-License-Identifier: GPL-3.0-or-later
"""GLib's GSocketClient, as GNOME's programs use it.

    python3 gio.py SCHEME PROXY HOST PORT

Fetches the page at http://HOST:PORT/ and prints it. SCHEME is socks5, socks4a, socks4, or socks,
which leaves the version to GLib. $PROXY_USER and $PROXY_PASSWORD are the user name and password.
"""

import os
import sys

from gi.repository import Gio

scheme, proxy, host, port = sys.argv[1:]
who = "{PROXY_USER}:{PROXY_PASSWORD}@".format_map(os.environ) if "PROXY_USER" in os.environ else ""
client = Gio.SocketClient(timeout=60)
client.set_proxy_resolver(Gio.SimpleProxyResolver.new(f"{scheme}://{who}{proxy}", None))
connection = client.connect_to_host(host, int(port), None)
connection.get_output_stream().write_all(b"GET / HTTP/1.0\r\n\r\n", None)
answer = b""
while data := connection.get_input_stream().read_bytes(65536, None).get_data():
    answer += data
sys.stdout.buffer.write(answer.partition(b"\r\n\r\n")[2])
