# SPDX-License-Identifier: GPL-3.0-or-later
"""Very many clients at once; a real superserver starts the program for each of them."""

import functools
import os
import resource
import select
import signal
import socket
import threading
import time

from lib import peer, program, socks5
from lib.peer import Listener, PATIENCE, check, eventually
from lib.program import PROGRAM, tmp
from lib.socks5 import CHOSEN, GREETING, request
from lib.world import answers, background, command, needs

PROXY = "127.0.0.1", 1080
CHUNK = 16 << 10
_BLOB = peer.noise(1 << 20, 7) * 2


def many_descriptors():
    """Raises the limit on descriptors as far as this machine allows."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Superserver:
    """tcpserver in an isolated world, where any files that sessions leave behind can be found."""

    WRITABLE = "/tmp", "/var/tmp", "/dev/shm", "/run"

    def __init__(self, *options, limit=100):
        needs("tcpserver", "unshare")
        with open("/proc/sys/net/core/somaxconn", "w") as f:
            f.write("8192")
        command("mount", "-t", "tmpfs", "tmpfs", "/mnt")
        command("cp", PROGRAM, "/mnt/program")
        script = "".join(f"mount -t tmpfs tmpfs {d} && " for d in self.WRITABLE)
        self.process = background("unshare", "-m", "sh", "-c", script + 'exec "$@"', "sh",
                                  "tcpserver", "-HRl0", "-c", str(limit), "-b", "8192",
                                  PROXY[0], str(PROXY[1]), "/mnt/program", "--log", "stderr", *options)
        answers(*PROXY)
        self.sessions(1)

    @property
    def pid(self):
        return self.process.pid

    def children(self):
        with open(f"/proc/{self.pid}/task/{self.pid}/children") as f:
            return f.read().split()

    def rests(self):
        """Waits until no session is left, not even as a zombie."""
        eventually(lambda: not self.children(), "all sessions have ended")
        return self

    def weight(self):
        """Counts what must not grow: descriptors, KiB of memory, files."""
        with open(f"/proc/{self.pid}/statm") as f:
            memory = int(f.read().split()[1]) * resource.getpagesize() >> 10
        files = [name for d in self.WRITABLE
                 for _, dirs, names in os.walk(f"/proc/{self.pid}/root{d}") for name in dirs + names]
        return len(program.descriptors(self.pid)), memory, files

    def sessions(self, n):
        """Returns the lines of at least the next n sessions that end, and none of earlier ones."""
        seen = getattr(self, "seen", 0)

        def lines():
            with open(tmp("tool.out"), "rb") as f:
                f.seek(seen)
                text = f.read()
            whole = text[:text.rfind(b"\n") + 1]
            found = program.lines_of(whole.decode("latin-1"))
            return (found, seen + len(whole)) if len(found) >= n else None
        found, self.seen = eventually(lines, f"{n} sessions have ended")
        return found


class Echo:
    """A destination that echoes to any number of clients at once; a process of its own."""

    def __init__(self):
        listener = Listener(backlog=8192)
        self.host, self.port = listener.host, listener.port
        if not os.fork():
            try:
                program._libc.prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: it ends with us
                self._serve(listener.sock)
            finally:
                os._exit(1)
        listener.close()

    def _serve(self, listener):
        listener.setblocking(False)
        poll, conns, waiting = select.epoll(), {}, {}
        poll.register(listener, select.EPOLLIN)
        while True:
            for fd, _ in poll.poll():
                if fd == listener.fileno():
                    conn, _ = listener.accept()
                    conn.setblocking(False)
                    conn.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    conns[conn.fileno()], waiting[conn.fileno()] = conn, b""
                    poll.register(conn, select.EPOLLIN)
                elif self._pass(conns[fd], waiting):
                    poll.modify(fd, select.EPOLLOUT if waiting[fd] else select.EPOLLIN)
                else:
                    conns.pop(fd).close()

    @staticmethod
    def _pass(conn, waiting):
        """Reads or writes what it can; returns False at the end."""
        fd = conn.fileno()
        try:
            if not waiting[fd]:
                waiting[fd] = conn.recv(CHUNK)
            elif sent := conn.send(waiting[fd]):
                waiting[fd] = waiting[fd][sent:]
                return True
            return bool(waiting[fd])
        except BlockingIOError:
            return True
        except OSError:
            return False


class Client:
    """A client of the crowd; no other one sends the same bytes."""

    def __init__(self, i, echo, size):
        start = i * 4099 % (len(_BLOB) // 2)
        self.i, self.data = i, memoryview(_BLOB)[start:start + size]
        self.out, self.got, self.read = GREETING + request(echo.host, echo.port), b"", 0
        self.sock = socket.socket()
        self.sock.setblocking(False)
        self.sock.connect_ex(PROXY)

    def fileno(self):
        return self.sock.fileno()

    def write(self):
        if self.out:
            self.out = self.out[self.sock.send(self.out):]

    def answered(self):
        """Reads on; True once it is served."""
        self.write()
        try:
            more = self.sock.recv(12 - len(self.got))
        except BlockingIOError:
            return False
        self.got += more
        want = CHOSEN + b"\5\0\0\1"
        assert more and self.got[:6] == want[:len(self.got)], f"client {self.i}: {self.got!r}"
        return len(self.got) == 12

    def echoed(self):
        """Sends and reads on; True once all has come back."""
        try:
            self.write()
            more = self.sock.recv(CHUNK)
        except BlockingIOError:
            return False
        want = self.data[self.read:self.read + len(more)]
        assert more and more == want, f"client {self.i}: {len(more)} wrong bytes at {self.read}"
        self.read += len(more)
        return self.read == len(self.data)

    def left(self):
        """True once the end has come."""
        check(self.sock.recv(1), b"", f"client {self.i}: behind the answer")
        return True


class Crowd:
    """n clients, each with a session that relays size bytes there and back."""

    def __init__(self, echo, n, size):
        self.n, self.size, self.clients = n, size, []
        waiting = [functools.partial(Client, i, echo, size) for i in range(n)]
        self._each(Client.answered, waiting, 100)

    def _each(self, step, makers, at_once):
        """Steps each client until it reports that it is done, with so many at the same time."""
        poll, busy, makers = select.epoll(), {}, list(makers)
        end = time.monotonic() + PATIENCE * 5
        while makers or busy:
            while makers and len(busy) < at_once:
                client = makers.pop()()
                busy[client.fileno()] = client
                poll.register(client, select.EPOLLIN | select.EPOLLOUT * bool(client.out))
            assert time.monotonic() < end, f"{len(busy) + len(makers)} of {self.n} still wait"
            for fd, _ in poll.poll(1):
                client = busy[fd]
                if step(client):
                    poll.unregister(busy.pop(fd))
                    if step is Client.answered:
                        self.clients.append(client)
                elif not client.out:
                    poll.modify(fd, select.EPOLLIN)

    def exchange(self):
        """All at the same time."""
        for c in self.clients:
            c.out, c.read = c.data, 0
        self._each(Client.echoed, [lambda c=c: c for c in self.clients], self.n)
        return self

    def leave(self):
        for c in self.clients:
            c.sock.shutdown(socket.SHUT_WR)
        self._each(Client.left, [lambda c=c: c for c in self.clients], self.n)
        for c in self.clients:
            c.sock.close()


class Drip:
    """Slow clients: one sends nothing, one sends a byte now and then, one sends its request and
    then a byte now and then, one sends a request and never reads the answer."""

    EVERY = 0.5  # seconds

    def __init__(self, echo, n):
        ask = GREETING + request(echo.host, echo.port)
        # SOCKS has no more to say than this in a handshake: 255 methods, a name of 255 bytes.
        slow = b"\5\xff" + bytes(255) + b"\5\1\0\3\xff" + b"x" * 257
        self.left, self.socks = [], []
        for i in range(n):
            sock = socket.create_connection(PROXY)
            sock.setblocking(False)
            head, drip = ((b"", b""), (b"", slow), (ask, bytes(1000)), (ask + bytes(1 << 16), b""))[i % 4]
            sock.send(head)
            self.socks.append([sock, drip])
        threading.Thread(target=self._drip, daemon=True).start()

    def _drip(self):
        while True:
            time.sleep(self.EVERY)
            for one in self.socks:
                try:
                    one[0].send(one[1][:1])
                    one[1] = one[1][1:]
                except OSError:
                    pass  # the proxy ended the session, as it should

    def close(self):
        for sock, _ in self.socks:
            sock.close()


def converse(echo, size):
    """Runs an honest client; returns the seconds to its first answer, and to its end."""
    began = time.monotonic()
    data = memoryview(_BLOB)[:size]
    with socket.create_connection(PROXY) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        end = peer.End(sock)
        end.send(GREETING + request(echo.host, echo.port)).expect(CHOSEN)
        check(socks5.read_reply(end).code, 0, "reply")
        end.send(data[:1]).expect(data[:1])
        first = time.monotonic() - began
        peer.together(lambda: end.send(data[1:]), lambda: end.expect(bytes(data[1:])))
        end.shut().expect_end()
    return first, time.monotonic() - began


def short(i, echo, refusing):
    """Runs a short session of one of several kinds."""
    with socket.create_connection(PROXY) as sock:
        end = peer.End(sock)
        kind = i % 6
        if kind == 0:
            return end.reset()
        end.send(GREETING).expect(CHOSEN)
        if kind == 1:
            return end.close()
        where = refusing if kind == 2 else echo.port
        end.send(request("0.0.0.0" if kind == 3 else echo.host, 0 if kind == 3 else where,
                         socks5.UDP if kind == 3 else socks5.CONNECT))
        check(socks5.read_reply(end).code, 5 if kind == 2 else 0, "reply")
        if kind > 3:
            data = bytes(_BLOB[i % 1000:i % 1000 + 2000])
            end.send(data).expect(data)
        if kind == 5:
            return end.reset()
        return end.shut().expect_end()


def many_short(echo, n, at_once=16):
    refusing = peer.closed_port()
    peer.together(*(lambda k=k: [short(i, echo, refusing) for i in range(k, n, at_once)]
                    for k in range(at_once)))
