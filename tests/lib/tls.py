# SPDX-License-Identifier: GPL-3.0-or-later
"""A client of TLS, by Python's ssl module, and the certificates that `openssl` makes for it."""

import functools
import ssl
import threading

from lib.peer import End
from lib.program import Session, Skip, inetd, tmp
from lib.users import features
from lib.world import command, needs

V12, V13 = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = V12, V13


def name_of(version):
    """The value of tls= in the log."""
    return {V12: "TLSv1.2", V13: "TLSv1.3"}[version]


@functools.lru_cache(maxsize=None)
def certificate(name="localhost", ca=None, key="ec"):
    """The paths of a certificate and its key: signed by itself, or by this other one."""
    needs("openssl")
    cert, private = tmp(f"{name}.crt"), tmp(f"{name}.key")
    sort = ("ec", "-pkeyopt", "ec_paramgen_curve:P-256") if key == "ec" else (key,)
    signer = ("-CA", ca[0], "-CAkey", ca[1]) if ca else ()
    command("openssl", "req", "-x509", "-newkey", *sort, "-nodes", "-days", "30", "-subj",
            f"/CN={name}", "-addext", "subjectAltName=DNS:localhost", *signer, "-keyout", private,
            "-out", cert)
    return cert, private


class Sealed(End):
    """A stream inside TLS: what End does, in terms of the bytes that are protected."""

    def __init__(self, session, version=V13, client=None, alpn=(), split=0):
        super().__init__(session.r, session.w)
        self.session, self._raw, self._split = session, End(self.r, self.w), split
        self._lock = threading.Lock()  # one thread may write while another one reads
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        context = ssl.create_default_context(cafile=certificate()[0])
        context.minimum_version = context.maximum_version = version
        context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)  # no end without close_notify
        if client:
            context.load_cert_chain(*client)
        if alpn:
            context.set_alpn_protocols(alpn)
        self.tls = context.wrap_bio(self._in, self._out, server_hostname="localhost")

    def _flush(self):
        with self._lock:
            data = self._out.read()
        if self._split and data:
            self._raw.send_split(data, self._split)
        elif data:
            self._raw.send(data)

    def _pump(self, call, patience=None, answer=lambda: None):
        """Makes the call, and reads bytes until it succeeds."""
        while True:
            try:
                with self._lock:
                    return call()
            except ssl.SSLWantReadError:
                answer()
                data = self._raw.read(1 << 18, patience)
                with self._lock:
                    if data:
                        self._in.write(data)
                    else:
                        self._in.write_eof()

    def shake(self):
        try:
            self._pump(self.tls.do_handshake, answer=self._flush)
        finally:
            self._flush()
        self._split = 0
        return self

    def write(self, data):
        with self._lock:
            n = self.tls.write(data[:1 << 16])
        self._flush()
        return n

    def read(self, size=1 << 16, patience=None):
        """b"" is close_notify; an end without it raises ConnectionResetError."""
        try:
            return self._pump(lambda: self.tls.read(size), patience)
        except ssl.SSLZeroReturnError:
            return b""
        except ssl.SSLError as e:
            raise ConnectionResetError(f"no close_notify: {e}") from e

    def shut(self):
        """Sends close_notify, and nothing else."""
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass
        self._flush()
        return self

    def ask(self, host, port, **more):
        return Session.ask(self, host, port, **more)

    greet, connect = Session.greet, Session.connect

    def ended(self, end, **keys):
        self.session.over = self.over
        self.session.ended(end, **keys)
        return self


def served(*options, start=inetd, **how):
    """A session that has a certificate, before its first byte."""
    if not features().get("tls"):
        raise Skip("this build has no TLS")
    cert, key = certificate()
    return start("--tls-certificate", cert, "--tls-key", key, *options, **how)


def sealed(*options, version=V13, client=None, alpn=(), split=0, **how):
    """The inside of TLS, once the handshake is over."""
    return Sealed(served(*options, **how), version, client, alpn, split).shake()
