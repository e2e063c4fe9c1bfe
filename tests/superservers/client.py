# SPDX-License-Identifier: GPL-3.0-or-later
# Clients that curl can't imitate: many at once, rude ones, one that uses UDP, and one of SOCKS inside TLS.
#
#   client.py hold PROXY COUNT [SOURCE]...  open COUNT sessions from each SOURCE, print how many were
#                                           served, keep these open until standard input ends
#   client.py talk PROXY                    open a session; fetch a page in it for each line of standard
#                                           input; print "fetched", or "closed" when the proxy closes it
#   client.py knock PROXY COUNT             connect and leave COUNT times
#   client.py burst PROXY COUNT SECONDS     connect COUNT times within SECONDS, then leave
#   client.py say PROXY HEX                 send these bytes, print what comes until the end
#   client.py rude PROXY COUNT              COUNT sessions, each broken off in another way
#   client.py udp PROXY [USER PASSWORD]     one datagram to the echo server and back
#   client.py tls PROXY NAME CAFILE [USER PASSWORD]
#                                           print the page fetched by SOCKS inside TLS from a proxy with
#                                           this name in its certificate
#
# PROXY is ADDRESS:PORT, for hold the path of a unix socket as well. hold logs in if LOGIN=USER:PASSWORD is in
# the environment.
import os
import select
import socket
import ssl
import struct
import sys
import threading
import time

PATIENCE = 120
WEB = b"\x05\x01\x00\x01\x7f\0\0\1" + struct.pack("!H", 8000)
NAME = b"\x05\x01\x00\x03\x0bweb.example" + struct.pack("!H", 8000)
GET = b"GET /1000000 HTTP/1.1\r\nHost: web\r\n\r\n"


def proxy(text):
    if text.startswith("/"):
        return text
    host, port = text.rsplit(":", 1)
    return host.strip("[]"), int(port)


def exactly(sock, size):
    data = b""
    while len(data) < size:
        piece = sock.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def greet(sock, user=None, password=None):
    sock.sendall(b"\x05\x01\x02" if user else b"\x05\x01\x00")
    method = exactly(sock, 2)[1]
    if method == 2:
        sock.sendall(bytes([1, len(user)]) + user.encode()
                     + bytes([len(password)]) + password.encode())
        if exactly(sock, 2)[1]:
            raise PermissionError
    elif method:
        raise PermissionError


def request(sock, message):
    sock.sendall(message)
    head = exactly(sock, 4)
    address = exactly(sock, {1: 4, 4: 16}[head[3]])
    return head[1], address, struct.unpack("!H", exactly(sock, 2))[0]


def dial(where, source):
    if isinstance(where, tuple):
        return socket.create_connection(where, PATIENCE, (source, 0))
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(PATIENCE)
    sock.connect(where)
    return sock


def hold(where, count, *sources):
    kept, closed = [], 0
    login = os.environ["LOGIN"].split(":") if "LOGIN" in os.environ else ()
    for source in sources or ("127.0.0.1",):
        for _ in range(int(count)):
            sock = dial(where, source)
            time.sleep(0.006)  # below what xinetd may take for an attack, 200 a second
            try:
                greet(sock, *login)
                if request(sock, WEB)[0] == 0:
                    kept.append(sock)
            except (EOFError, ConnectionError):
                closed += 1
    print("served %d closed %d" % (len(kept), closed), flush=True)
    sys.stdin.read()
    for sock in kept:
        sock.settimeout(0.001)
        try:
            print("then", sock.recv(1) or "eof", flush=True)
        except TimeoutError:
            print("then open", flush=True)
        except ConnectionError:
            print("then reset", flush=True)


def talk(where):
    sock = dial(where, "127.0.0.1")
    greet(sock)
    request(sock, WEB)
    pages = sock.makefile("rb")
    for _ in sys.stdin:
        sock.sendall(b"GET /1 HTTP/1.1\r\nHost: web\r\n\r\n")
        if not any(line == b"\r\n" for line in pages) or pages.read(1) != b"x":
            break
        print("fetched", flush=True)
    print("closed", flush=True)


def burst(where, count, seconds):
    start, gap, socks = time.monotonic(), float(seconds) / int(count), []
    for i in range(int(count)):
        time.sleep(max(0, start + i * gap - time.monotonic()))
        sock = socket.socket(socket.AF_INET)
        sock.setblocking(False)
        sock.connect_ex(where)
        socks.append(sock)
    print("%d connections in %.1f s" % (len(socks), time.monotonic() - start), flush=True)
    for sock in socks:
        sock.close()


def knock(where, count):
    for _ in range(int(count)):
        socket.create_connection(where, PATIENCE).close()


def say_bytes(where, text):
    with socket.create_connection(where, PATIENCE) as sock:
        sock.sendall(bytes.fromhex(text))
        heard = b""
        while piece := sock.recv(4096):
            heard += piece
    print(heard.hex())


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def say(*parts, then=None):
    def play(sock):
        for part in parts:
            sock.sendall(part)
            if part is not parts[-1]:
                time.sleep(0.01)
        if then:
            then(sock)
    return play


def in_relay(*what, then=None):
    def play(sock):
        greet(sock)
        request(sock, WEB)
        say(*what, then=then)(sock)
    return play


RUDE = [
    say(),
    say(then=reset),
    say(b"\x05"),
    say(b"\x05", then=reset),
    say(b"\x05\xff" + b"\0" * 7),
    say(b"\x05\x01\x00"),
    say(b"\x05\x01\x00", then=reset),
    say(b"\x05\x01\x80"),
    say(b"GET / HTTP/1.1\r\n\r\n"),
    say(b"\x16\x03\x01\x02\x00\x01\x00", then=reset),
    say(b"\xff" * 5000),
    say(b"\0"),
    say(b"\x04\x01\x1f\x40\x7f\0\0\1user\0"),
    say(b"\x05\x01\x00", WEB[:5]),
    say(b"\x05\x01\x00", WEB[:5], then=reset),
    say(b"\x05\x01\x00" + WEB + GET),
    say(b"\x05\x01\x00" + WEB + GET, then=reset),
    say(b"\x05\x01\x00" + NAME, then=reset),
    say(b"\x05\x01\x00", b"\x05\x01\x00\x03\xff" + b"\n" * 255 + b"\0\0"),
    say(b"\x05\x01\x00", b"\x05\x07\x00\x09junk"),
    say(b"\x05\x01\x00", b"\x05\x02\x00\x01" + b"\0" * 6),
    say(b"\x05\x01\x00", b"\x05\x03\x00\x01" + b"\0" * 6, then=reset),
    say(b"\x05\x01\x00", b"\x05\x01\x00\x01\x7f\0\0\1\0\1"),
    in_relay(GET),
    in_relay(GET, then=reset),
    in_relay(GET, then=lambda sock: (sock.recv(100), reset(sock))),
    in_relay(b"", then=lambda sock: sock.shutdown(socket.SHUT_WR)),
    in_relay(GET, then=lambda sock: sock.send(b"!", socket.MSG_OOB)),
    in_relay(b"\0" * 100000, then=reset),
]


def parallel(workers, count, play):
    """Call play(0), play(1)... play(count - 1), several at a time."""
    turns = iter(range(int(count)))
    lock = threading.Lock()

    def work():
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            play(turn)

    threads = [threading.Thread(target=work) for _ in range(int(workers))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def rude(where, count):
    def play(turn):
        with socket.create_connection(where, PATIENCE) as sock:
            try:
                RUDE[turn % len(RUDE)](sock)
            except (EOFError, OSError, PermissionError):
                pass

    parallel(8, count, play)
    print("%s rude sessions, %d ways" % (count, len(RUDE)))


def udp(where, *login):
    control = socket.create_connection(where, PATIENCE)
    greet(control, *login)
    reply, address, port = request(control, b"\x05\x03\x00\x01" + b"\0" * 6)
    if reply:
        sys.exit("reply %d" % reply)
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    head = b"\0\0\0\x03\x0bweb.example" + struct.pack("!H", 7)
    for _ in range(5):
        sock.sendto(head + b"ping", (socket.inet_ntoa(address), port))
        if select.select([sock], [], [], 4)[0]:
            print("echo", sock.recv(1000)[-4:].decode())
            return
    sys.exit("no answer")


def tls(where, name, authorities, *login):
    context = ssl.create_default_context(cafile=authorities)
    with context.wrap_socket(dial(where, "127.0.0.1"), server_hostname=name,
                             suppress_ragged_eofs=False) as sock:
        greet(sock, *login)
        reply = request(sock, NAME)[0]
        if reply:
            sys.exit("reply %d" % reply)
        sock.sendall(b"GET /hello HTTP/1.0\r\nHost: web\r\n\r\n")
        with sock.makefile("rb") as page:
            print(page.read().decode().rpartition("\r\n\r\n")[2])


verb = {"hold": hold, "talk": talk, "burst": burst, "knock": knock, "say": say_bytes, "rude": rude,
        "udp": udp, "tls": tls}[sys.argv[1]]
verb(proxy(sys.argv[2]), *sys.argv[3:])
