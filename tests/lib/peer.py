# SPDX-License-Identifier: GPL-3.0-or-later
"""The two ends of a conversation: an end that sends, reads and closes, and a listener.

The client's end and the destination's end have the same class, so a promise about one direction can
be played in the other. Nothing here knows SOCKS.
"""

import errno
import fcntl
import os
import random
import select
import socket
import struct
import termios
import threading
import time
import zlib

PATIENCE = float(os.environ.get("PICOSOCKS5_TEST_PATIENCE", "60"))
KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
SCALE = os.environ.get("PICOSOCKS5_TEST_SCALE")
SMALL, FULL = SCALE == "small", SCALE == "full"

EOF, RESET = "eof", "reset"


def scale(full, small):
    return small if SMALL else full


def check(got, want, what=""):
    """Ends the script with both values printed, unless they are equal."""
    if got != want:
        raise AssertionError(f"{what or 'value'}: got {got!r:.2000}, want {want!r:.2000}")


def eventually(condition, what="condition", patience=None):
    """Waits until condition() is true, and returns its value."""
    end = time.monotonic() + (patience or PATIENCE)
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"never came true: {what}")
        time.sleep(0.01)


class End:
    """One end: reads from r, writes to w, the same socket or two pipes."""

    over = False  # True once the end was read

    def __init__(self, r, w=None):
        self.r, self.w = r, r if w is None else w
        for f in (self.r, self.w):
            os.set_blocking(f.fileno(), False)

    @property
    def sock(self):
        return self.r

    def _ready(self, f, event, patience):
        p = select.poll()
        p.register(f, event)
        return p.poll((PATIENCE if patience is None else patience) * 1000)

    def write(self, data):
        """Writes what fits now, after waiting until something fits."""
        while True:
            if not self._ready(self.w, select.POLLOUT, None):
                raise AssertionError(f"could send nothing for {PATIENCE:g} s")
            try:
                return os.write(self.w.fileno(), data)
            except BlockingIOError:
                pass

    def room(self, seconds):
        """True as soon as something could be written."""
        return bool(self._ready(self.w, select.POLLOUT, seconds))

    def send(self, data):
        view = memoryview(data)
        while view:
            view = view[self.write(view):]
        return self

    def send_split(self, data, size=1):
        """Each piece in a packet of its own, some before the other side has answered."""
        for i in range(0, len(data), size):
            self.send(data[i:i + size])
            if i < 64:
                time.sleep(0.001)
        return self

    def urgent(self, byte):
        self.sock.send(byte, socket.MSG_OOB)
        return self

    def read(self, size=64 * KIB, patience=None):
        """Whatever comes next; b"" is the end of file. A reset raises ConnectionResetError."""
        while True:
            if not self._ready(self.r, select.POLLIN, patience):
                raise AssertionError(f"nothing to read for {patience or PATIENCE:g} s")
            try:
                return os.read(self.r.fileno(), size)
            except BlockingIOError:
                pass

    def recv(self, size, patience=None):
        """Exactly so many bytes."""
        got = bytearray()
        while len(got) < size:
            more = self.read(min(size - len(got), MIB), patience)
            if not more:
                raise AssertionError(f"end of file after {bytes(got[:99])!r}, {len(got)} of {size}")
            got += more
        return bytes(got)

    def expect(self, data, what="bytes"):
        check(self.recv(len(data)), data, what)
        return self

    def rest(self):
        """All that still comes, and how it ends: EOF or RESET."""
        got = bytearray()
        try:
            while True:
                more = self.read(MIB)
                if not more:
                    self.over = True
                    return bytes(got), EOF
                got += more
        except ConnectionResetError:
            self.over = True
            return bytes(got), RESET

    def expect_end(self, how=EOF, data=b""):
        check(self.rest(), (data, how), "the end")
        return self

    def silent(self, seconds=0.2):
        """Nothing comes, not even the end."""
        if self._ready(self.r, select.POLLIN, seconds):
            raise AssertionError(f"unexpected: {self.rest()!r}")
        return self

    def shut(self):
        """Ends this end's stream."""
        if self.w is self.r:
            self.w.shutdown(socket.SHUT_WR)
        else:
            self.w.close()
        return self

    def reset(self):
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close()

    def close(self):
        self.r.close()
        self.w.close()

    def unsent(self):
        """Bytes that the other side has not acknowledged yet."""
        return struct.unpack("i", fcntl.ioctl(self.sock, termios.TIOCOUTQ, bytes(4)))[0]

    def unread(self):
        """Bytes that have arrived and were not read yet."""
        return struct.unpack("i", fcntl.ioctl(self.sock, termios.FIONREAD, bytes(4)))[0]


def host_of(name):
    return name[0].partition("%")[0], name[1]


class Listener:
    """A destination; accept() returns each connection to it."""

    def __init__(self, host="127.0.0.1", port=0, backlog=64):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self.sock = socket.socket(family, socket.SOCK_STREAM)
        if family == socket.AF_INET6:
            self.sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.sock.bind((host, port))
        self.sock.listen(backlog)
        self.host, self.port = host_of(self.sock.getsockname())

    def accept(self, patience=None):
        self.sock.settimeout(PATIENCE if patience is None else patience)
        conn, self.peer = self.sock.accept()
        self.peer = host_of(self.peer)
        conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return End(conn)

    def nobody_came(self):
        """True if no connection waits to be accepted."""
        return not select.select([self.sock], [], [], 0.02)[0]

    def serve(self, talk):
        """From now on calls talk(end) for each connection, in a thread of its own."""
        def one(end):
            try:
                talk(end)
            except OSError:
                pass  # the client's business
            finally:
                end.close()

        def loop():
            while True:
                threading.Thread(target=one, args=(self.accept(86400),), daemon=True).start()
        threading.Thread(target=loop, daemon=True).start()
        return self

    def close(self):
        self.sock.close()


def closed_port(host="127.0.0.1"):
    """A port that was just free."""
    listener = Listener(host)
    listener.close()
    return listener.port


def echo(end):
    while True:
        data = end.read(patience=86400)
        if not data:
            return
        end.send(data)


def http(body):
    """A web server of one page."""
    def talk(end):
        head = b""
        while b"\r\n\r\n" not in head:
            more = end.read()
            if not more:
                return
            head += more
        end.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n"
                 b"Content-Length: %d\r\n\r\n" % len(body) + body).shut()
        end.rest()
    return talk


_noise = random.Random(1928).randbytes(MIB - 3)  # an odd length, so no two blocks are aligned alike


def noise(size, seed=None):
    return random.Random(seed).randbytes(size)


def _pour(end, size, chunk, out):
    """Sends size random bytes; chunk() says how many at a time."""
    done = crc = at = 0
    try:
        while done < size:
            piece = memoryview(_noise)[at:at + min(chunk(), size - done)]
            n = end.write(piece)
            crc = zlib.crc32(piece[:n], crc)
            done += n
            at = (at + n) % len(_noise)
    except OSError as e:
        out["error"] = errno.errorcode[e.errno]
    out["sent"] = (done, crc)


def _drink(end, size, chunk, pause, out):
    """Reads size bytes; pause is slept after each read."""
    done = crc = 0
    try:
        while done < size:
            data = end.read(min(chunk(), size - done))
            if not data:
                break
            crc = zlib.crc32(data, crc)
            done += len(data)
            if pause:
                time.sleep(pause)
    except OSError as e:
        out["error"] = errno.errorcode[e.errno]
    out["received"] = (done, crc)


def together(*calls):
    """Runs the calls at the same time, until all have ended; the first error is raised."""
    errors = []

    def guarded(call):
        try:
            call()
        except BaseException as e:
            errors.append(e)
    threads = [threading.Thread(target=guarded, args=(c,), daemon=True) for c in calls]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    if errors:
        raise errors[0]


def end_both(a, b):
    """Ends both streams, and checks that each end sees it; returns the first end."""
    a.shut()
    b.shut()
    a.expect_end()
    b.expect_end()
    return a


def flow(a, b, size, chunk=lambda: 256 * KIB, gulp=lambda: 256 * KIB, pause=0):
    """Moves size bytes from a to b and compares count and checksum."""
    out = {}
    together(lambda: _pour(a, size, chunk, out), lambda: _drink(b, size, gulp, pause, out))
    check(out.get("error"), None, "flow")
    check(out["sent"][0], size, "bytes sent")
    check(out["received"], out["sent"], "bytes received and their checksum")


def paced_at_2m(a, b):
    """Moves 2 MiB each way, and checks that it takes as long as a rate of 2 MB/s makes it."""
    for out, back in (a, b), (b, a):
        began = time.monotonic()
        flow(out, back, 2 * MIB)
        took = time.monotonic() - began
        assert took > 0.5, f"2 MiB at 2 MB/s in {took:g} s"
