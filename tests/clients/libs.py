# SPDX-License-Identifier: GPL-3.0-or-later
"""Python's SOCKS libraries, as their own documentation uses them.

    python3 libs.py WHAT PROXY [HOST PORT]

Those that fetch a page print it; dns prints the addresses that the name server HOST has for
test.example; burst sends datagrams to an echo server and prints how many came back, in order.
$PROXY_USER and $PROXY_PASSWORD are the client's user name and password.
"""

import asyncio
import os
import socket
import struct
import sys
import urllib.request

what, (proxy, _, proxy_port) = sys.argv[1], sys.argv[2].rpartition(":")
host, port = sys.argv[3], int(sys.argv[4])
proxy_port = int(proxy_port)
user, password = (os.environ.get(k) for k in ("PROXY_USER", "PROXY_PASSWORD"))
URL = f"http://{host}:{port}/"
GET = f"GET / HTTP/1.0\r\nHost: {host}\r\n\r\n".encode()
QUERY = b"\x12\x34\1\0\0\1\0\0\0\0\0\0\4test\7example\0\0\1\0\1"


def fetch(version):
    import socks
    import sockshandler
    opener = urllib.request.build_opener(sockshandler.SocksiPyHandler(
        version(socks), proxy, proxy_port, username=user, password=password))
    return opener.open(URL, timeout=60).read()


def pysocks5():
    return fetch(lambda socks: socks.SOCKS5)


def pysocks4():
    return fetch(lambda socks: socks.SOCKS4)


def datagrams():
    import socks
    s = socks.socksocket(socket.AF_INET, socket.SOCK_DGRAM)
    s.set_proxy(socks.SOCKS5, proxy, proxy_port)
    s.settimeout(60)
    return s


def dns():
    s = datagrams()
    s.sendto(QUERY, (host, port))
    answer, _ = s.recvfrom(512)
    assert answer[:2] == QUERY[:2], answer
    return socket.inet_ntoa(answer[-4:]).encode()


def burst():
    """Datagrams as large as QUIC's, as many at once as a socket's buffer holds."""
    s = datagrams()
    count = s.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) // 2560  # what the kernel counts
    for turn in range(20):
        sent = [struct.pack("!HH", turn, i) + bytes(1346) for i in range(count)]
        for data in sent:
            s.sendto(data, (host, port))
        assert [s.recvfrom(2048)[0] for _ in sent] == sent, f"turn {turn} of {count}"
    return b"%d" % (20 * count)


def through(proxy_class):
    who = f"{user}:{password}@" if user else ""
    url = f"socks5://{who}{sys.argv[2]}"
    return proxy_class.from_url(url, rdns=True).connect(host, port, timeout=60)


def sync():
    from python_socks.sync import Proxy
    s = through(Proxy)
    s.sendall(GET)
    with s.makefile("rb") as answer:
        return answer.read().partition(b"\r\n\r\n")[2]


def aio():
    from python_socks.async_.asyncio import Proxy

    async def main():
        s = await through(Proxy)
        reader, writer = await asyncio.open_connection(sock=s)
        writer.write(GET)
        return (await reader.read()).partition(b"\r\n\r\n")[2]
    return asyncio.run(main())


sys.stdout.buffer.write({"pysocks5": pysocks5, "pysocks4": pysocks4, "dns": dns, "burst": burst,
                         "sync": sync, "asyncio": aio}[what]())
