# SPDX-License-Identifier: GPL-3.0-or-later
"""User names and passwords: users files, made by the usual tools, and RFC 1929."""

import functools
import os
import re
import struct
import subprocess

from lib.peer import GIB, SMALL, check
from lib.program import PROGRAM, Skip, run, tmp
from lib.socks5 import read_reply, request
from lib.world import command, needs

# Hashes of "secret" by openssl passwd, so that no tool is needed here.
SHA1 = "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="
SHA512 = ("$6$o5JKW0dMQGIpkL1J$xikB9XzxLQ.IKj.I77hnqZouSw3C2dr6OI.9xanhDpxL2i4szX0NWU803R4cOTbCzz"
          "J9wV3pGLE.PentdnG531")
BCRYPT = "$2y$05$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju"
APR1 = "$apr1$m4EcO3ln$cAKlGSHITfs9Ly2SKbsrF."
CRAM_MD5 = "{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56"


@functools.cache
def features():
    """What --version says of the build: {"crypt": True, ...}."""
    found = re.findall(r"([+-])(\w+)", run("--version")[1])
    return {name: sign == "+" for sign, name in found}


def needs_hashes(*names):
    for name in names or ("crypt", "digest"):
        if not features().get(name):
            raise Skip(f"this build has no {name}")


def users_file(text, mode=0o600, name="users"):
    path = tmp(name, text)
    os.chmod(path, mode)
    return path


def keytab(principal):
    """The path of a keytab that has a key for this principal (MIT's format, version 5.2)."""
    name, _, realm = principal.partition("@")
    parts = [realm, *name.split("/")]
    entry = struct.pack("!H", len(parts) - 1)
    for part in parts:
        entry += struct.pack("!H", len(part)) + part.encode()
    entry += struct.pack("!IIBHH", 1, 0, 1, 18, 32) + bytes(range(32))  # AES-256
    path = tmp("keytab", b"\5\2" + struct.pack("!i", len(entry)) + entry)
    os.chmod(path, 0o600)
    return path


def htpasswd(flag, user, passwd):
    """A line as htpasswd(1) writes it."""
    needs("htpasswd")
    return command("htpasswd", "-nb" + flag, user, passwd).strip()


def doveadm(*options):
    """What doveadm pw(1) prints. It needs neither a daemon nor a configuration."""
    needs("doveadm")
    return command("doveadm", "-c", "/dev/null", "pw", *options).strip()


def mkpasswd(method, passwd, *more):
    """A hash of crypt(5), or None if the system's crypt(3) does not have it."""
    needs("mkpasswd")
    p = subprocess.run(("mkpasswd", "-m", method, *more, passwd), capture_output=True, text=True)
    return p.stdout.strip() if p.returncode == 0 else None


def some(items):
    """All of them, or every fourth if each takes long."""
    return items[::4] if SMALL else items


def raw(text):
    return text if isinstance(text, bytes) else text.encode()


def userpass(name, passwd, version=1):
    """The client's message (RFC 1929 section 2)."""
    name, passwd = raw(name), raw(passwd)
    return bytes([version, len(name)]) + name + bytes([len(passwd)]) + passwd


def offer_password(session, methods=b"\2"):
    """Greets with these methods; the server chooses the password."""
    return session.send(bytes([5, len(methods)]) + methods).expect(b"\5\2", "chosen method")


def log_in(session, name, passwd):
    offer_password(session).send(userpass(name, passwd)).expect(b"\1\0", "status")
    return session


def turned_away(session, name, passwd):
    """Expects status 1 and the end, and a log line each for the session and the wrong password."""
    offer_password(session).send(userpass(name, passwd)).expect(b"\1\1", "status").expect_end()
    return session.ended("auth")


def lets_in(path, name, passwd, start, listener):
    """Checks that the user gets in with this password, and not with another."""
    s = log_in(start("--users", path), name, passwd)
    s.send(request(listener.host, listener.port))
    check(read_reply(s).code, 0, "reply")
    far = listener.accept()
    s.send(b"up")
    far.expect(b"up").send(b"down").close()
    s.expect_end(data=b"down")
    s.shut().ended("eof", user=name)
    turned_away(start("--users", path), name, raw(passwd) + b"x")
    turned_away(start("--users", path), name, raw(passwd)[:-1])


def memory(process):
    """The process's writable memory, as it is now."""
    if os.readlink(f"/proc/{process.pid}/exe") != os.path.realpath(PROGRAM):
        raise Skip("needs the program itself in the process")
    found = bytearray()
    try:
        with open(f"/proc/{process.pid}/maps") as maps:
            lines = maps.read().splitlines()
        mem = open(f"/proc/{process.pid}/mem", "rb", 0)
    except PermissionError as e:
        raise Skip(f"needs to read a process's memory: {e}") from e
    for line in lines:
        place, rights = line.split()[:2]
        start, end = (int(n, 16) for n in place.split("-"))
        if end - start > GIB:
            raise Skip("a sanitizer's memory is too large")
        if rights.startswith("rw"):
            mem.seek(start)
            found += mem.read(end - start)
    mem.close()
    return bytes(found)
