# SPDX-License-Identifier: GPL-3.0-or-later
"""For refusals.py: clients of TLS that no program is, and the certificates. TLS may stand in the frames
of the SSL draft. Uses Python's own library, and x509.py, which stands beside it on the machine.
"""
import os
import socket
import ssl
import struct
import subprocess

SERVER, AUTHORITY = ("/run/tls.crt", "/run/tls.key"), ("/run/ca.crt", "/run/ca.key")
HANDSHAKE, OPTIONS, FLOW, CLOSING = 1, 2, 3, 4
PATIENCE = float(os.environ.get("PICOSOCKS5_TEST_PATIENCE", "60"))


def certify():
    """Makes the certificate of the server, which the service may read, and a CA of clients."""
    for name, (certificate, key) in ("localhost", SERVER), ("authority", AUTHORITY):
        subprocess.run(("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                        "ec_paramgen_curve:P-256", "-nodes", "-days", "30", "-subj", f"/CN={name}",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out",
                        certificate), check=True, stderr=subprocess.DEVNULL)
    for path in SERVER:
        subprocess.run(("chgrp", "picosocks5", path), check=True)
        os.chmod(path, 0o640)


def frame(state, data=b"", version=1):
    return struct.pack("!BBH", version, state, len(data)) + data


class Sealed:
    """A connection whose bytes stand inside TLS."""

    def __init__(self, sock, who=None, frames=False):
        self.sock, self.state = sock, HANDSHAKE if frames else None
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=SERVER[0])
        if who:
            context.load_cert_chain(*who)
        self.tls = context.wrap_bio(self._in, self._out, server_hostname="127.0.0.1")
        self._pump(self.tls.do_handshake)

    def _exactly(self, n):
        data = b""
        while len(data) < n and (more := self.sock.recv(n - len(data))):
            data += more
        return data

    def _bytes(self):
        if not self.state:
            return self.sock.recv(65536)
        head = self._exactly(4)
        return self._exactly(struct.unpack("!H", head[2:])[0]) if head else b""

    def _flush(self):
        data = self._out.read()
        if data:
            self.sock.sendall(frame(self.state, data) if self.state else data)

    def _pump(self, call):
        while True:
            try:
                done = call()
                self._flush()
                return done
            except ssl.SSLWantReadError:
                self._flush()
                data = self._bytes()
                if data:
                    self._in.write(data)
                else:
                    self._in.write_eof()

    def send(self, data):
        self.tls.write(data)
        self._flush()

    def recv(self, n):
        return self._pump(lambda: self.tls.read(n))

    def exactly(self, n):
        data = b""
        while len(data) < n and (more := self.recv(n - len(data))):
            data += more
        return data

    def options(self, *offered):
        """Agrees on the options of the draft."""
        self.state = OPTIONS
        self.send(bytes([len(offered), *offered]))
        self.exactly(self.exactly(1)[0])
        self.state = FLOW


def client(*said, who=None, frames=False, options=None, below=None):
    """Says this inside TLS, and after each but the last waits for an answer; then sends the bytes
    `below`, which are not in TLS, and hears the end. who() gives a certificate and its key. With
    `frames` the client chooses the method of the SSL draft."""
    def play():
        sock = socket.create_connection(("127.0.0.1", 1080), PATIENCE)
        heard = b""
        try:
            if frames:
                sock.sendall(b"\5\1\x86")
                heard += sock.recv(2)
            inside = Sealed(sock, who and who(), frames)
            if options is not None:
                inside.options(*options)
            for message in said:
                inside.send(message)
                if message is not said[-1] or below is not None:
                    heard += inside.recv(4096)
            if below is not None:
                sock.sendall(below)
                sock.shutdown(socket.SHUT_WR)
            while more := inside.recv(4096):
                heard += more
        except (ssl.SSLError, ConnectionError) as e:
            heard += str(e).encode()
        sock.close()
        return repr(heard)
    return play


def in_frames(*said):
    """Chooses the method of the SSL draft, says this in place of TLS, ends, and hears the end."""
    def play():
        sock = socket.create_connection(("127.0.0.1", 1080), PATIENCE)
        sock.sendall(b"\5\1\x86")
        heard = sock.recv(2)
        try:
            sock.sendall(b"".join(said))
            sock.shutdown(socket.SHUT_WR)
            while more := sock.recv(4096):
                heard += more
        except ConnectionError:
            pass
        sock.close()
        return repr(heard)
    return play


def named(*subject, expired=False):
    """Makes the certificate of a client, whose subject has these CNs."""
    def make():
        import x509
        attributes = [(x509.CN, x509.UTF8, text) for text in subject]
        dates = x509.EXPIRED if expired else x509.VALID
        return x509.client(AUTHORITY, *attributes, dates=dates)
    return make
