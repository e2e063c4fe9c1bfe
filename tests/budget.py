# SPDX-License-Identifier: GPL-3.0-or-later
"""One session as a superserver would start it: CONNECT to a literal, 64 bytes up, 512 down, end.

    budget.py session PROGRAM...    pauses before each message, so that the program waits for all of
                                    them and the number of its system calls is always the same
    budget.py http PROGRAM...       does the same with CONNECT by HTTP
    budget.py parent PROGRAM...     does the same through a SOCKS 5 parent with a login; the program
                                    reads the rule "via socks5://alice:secret@127.0.0.1:PORT"
    budget.py association PROGRAM...
                                    does the same with UDP ASSOCIATE: a datagram there and back, and
                                    bytes on the control connection, which have no meaning
    budget.py faults PROGRAM...     prints the page faults of the process, from exec to exit
    budget.py memory KIB PROGRAM...
                                    lets the relay rest and prints the private dirty memory, in KiB,
                                    as soon as it is down to KIB, else after some seconds
"""
import os
import socket
import subprocess
import sys
import tempfile
import time

PAUSE = 0.3


def expect(sock, n):
    data = b""
    while len(data) < n:
        part = sock.recv(n - len(data))
        if not part:
            sys.exit("the stream ended early")
        data += part
    return data


class Session:
    def __init__(self, program, pause=0.0):
        self.pause = pause
        self.begin(program)
        self.converse()

    def begin(self, program):
        listener = socket.create_server(("127.0.0.1", 0))
        self.client = socket.create_connection(listener.getsockname())
        theirs, _ = listener.accept()
        with theirs, open(os.devnull, "w") as log:
            # The size of the environment must not count.
            self.process = subprocess.Popen(program, stdin=theirs, stdout=theirs, stderr=log,
                                            env={"PATH": os.environ["PATH"]})
        self.greet()

    def greet(self):
        self.say(b"\5\1\0")
        assert expect(self.client, 2) == b"\5\0"

    def ask(self, host, port):
        self.say(b"\5\1\0\1" + socket.inet_aton(host) + port.to_bytes(2, "big"))
        assert expect(self.client, 10)[:2] == b"\5\0"

    def converse(self):
        origin = socket.create_server(("127.0.0.1", 0))
        self.ask(*origin.getsockname())
        self.far, _ = origin.accept()
        self.relay()

    def relay(self):
        self.say(b"q" * 64)
        assert expect(self.far, 64) == b"q" * 64
        time.sleep(self.pause)
        self.far.sendall(b"a" * 512)
        assert expect(self.client, 512) == b"a" * 512

    def say(self, data):
        time.sleep(self.pause)
        self.client.sendall(data)

    def end(self):
        """Returns the kernel's counts."""
        time.sleep(self.pause)
        self.client.shutdown(socket.SHUT_WR)
        assert self.far.recv(1) == b""
        time.sleep(self.pause)
        self.far.close()
        return self.usage()

    def usage(self):
        assert self.client.recv(1) == b""
        _, status, usage = os.wait4(self.process.pid, 0)
        assert status == 0, status
        return usage


class Http(Session):
    def greet(self):
        pass

    def ask(self, host, port):
        self.say(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n"
                 "User-Agent: curl/7.88.1\r\nProxy-Connection: Keep-Alive\r\n\r\n".encode())
        answer = b"HTTP/1.1 200 Connection established\r\n\r\n"
        assert expect(self.client, len(answer)) == answer


class ByParent(Session):
    """The parent is the far end, which needs no destination behind it."""

    def begin(self, program):
        self.parent = socket.create_server(("127.0.0.1", 0))
        # The password of a parent stands in a file that others cannot read.
        self.config = tempfile.NamedTemporaryFile("w")
        port = self.parent.getsockname()[1]
        print(f'allow "via socks5://alice:secret@127.0.0.1:{port}"', file=self.config, flush=True)
        super().begin([*program, "--config", self.config.name])

    def ask(self, host, port):
        want = b"\5\1\0\1" + socket.inet_aton(host) + port.to_bytes(2, "big")
        self.say(want)
        self.far, _ = self.parent.accept()
        for asked, answer in ((b"\5\2\2\0", b"\5\2"), (b"\1\5alice\6secret", b"\1\0"),
                              (want, b"\5\0\0\1\x7f\0\0\1\0\x50")):
            assert expect(self.far, len(asked)) == asked
            time.sleep(self.pause)
            self.far.sendall(answer)
        assert expect(self.client, 10) == answer

    def converse(self):
        self.ask("127.0.0.1", 9)
        self.relay()


class Association(Session):
    def converse(self):
        me, far = (socket.socket(socket.AF_INET, socket.SOCK_DGRAM) for _ in range(2))
        for sock in me, far:
            sock.bind(("127.0.0.1", 0))
            sock.settimeout(60)
        self.say(b"\5\3\0\1" + bytes(6))
        reply = expect(self.client, 10)
        assert reply[:4] == b"\5\0\0\1"
        time.sleep(self.pause)
        me.sendto(b"\0\0\0\1\x7f\0\0\1" + far.getsockname()[1].to_bytes(2, "big") + b"question",
                  (socket.inet_ntoa(reply[4:8]), int.from_bytes(reply[8:], "big")))
        data, peer = far.recvfrom(99)
        assert data == b"question"
        time.sleep(self.pause)
        far.sendto(b"answer", peer)
        assert me.recv(99).endswith(b"answer")
        self.say(b"\0\1\0\1\x7f\0\0\1\0\x35")

    def end(self):
        time.sleep(self.pause)
        self.client.shutdown(socket.SHUT_WR)
        return self.usage()


def private_dirty(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
        return sum(int(line.split()[1]) for line in f if line.startswith("Private_Dirty:"))


def memory(goal, program):
    s = Session(program)
    until = time.monotonic() + 10
    time.sleep(1)
    while (kib := private_dirty(s.process.pid)) > goal and time.monotonic() < until:
        time.sleep(0.5)
    s.end()
    return kib


def main():
    what, *rest = sys.argv[1:]
    if what == "session":
        Session(rest, PAUSE).end()
    elif what == "http":
        Http(rest, PAUSE).end()
    elif what == "parent":
        ByParent(rest, PAUSE).end()
    elif what == "association":
        Association(rest, PAUSE).end()
    elif what == "faults":
        print(Session(rest).end().ru_minflt)
    elif what == "memory":
        print(memory(int(rest[0]), rest[1:]))


main()
