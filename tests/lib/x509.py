# SPDX-License-Identifier: GPL-3.0-or-later
"""Certificates that openssl(1) does not make: with any bytes as the subject, and any dates.

Writes DER by itself; `openssl` only makes the key and the signature. Uses nothing else of this
folder, because a booted machine gets a copy of this file alone.
"""

import base64
import functools
import os
import subprocess

FOLDER = os.environ.get("BATS_TEST_TMPDIR", "/run")
UTF8, BMP, T61 = 0x0C, 0x1E, 0x14  # types of a string
CN, O = b"\x55\x04\x03", b"\x55\x04\x0a"  # attributes of a name
ECDSA_SHA256 = bytes.fromhex("06082a8648ce3d040302")
VALID, EXPIRED = ("20200101", "20990101"), ("20200101", "20200102")
FUTURE = "20980101", "20990101"


def tlv(tag, *parts):
    """One element of DER."""
    data = b"".join(parts)
    n = len(data)
    size = bytes([n]) if n < 128 else b"\x82" + n.to_bytes(2, "big")
    return bytes([tag]) + size + data


def elements(data):
    """The elements of DER that stand one behind the other, as (the whole element, its content)."""
    while data:
        n, at = data[1], 2
        if n > 127:
            at += n - 128
            n = int.from_bytes(data[2:at], "big")
        yield data[:at + n], data[at:at + n]
        data = data[at + n:]


def _openssl(*argv, data=b""):
    return subprocess.run(("openssl", *argv), input=data, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True).stdout


def _pem(path):
    """The first object in a PEM file, as DER."""
    with open(path) as f:
        lines = f.read().split("-----")[2]
    return base64.b64decode(lines)


def _subject(path):
    whole = next(elements(_pem(path)))[1]
    return list(elements(next(elements(whole))[1]))[5][0]


@functools.lru_cache(maxsize=None)
def _key():
    """The path of a key for all certificates, and its public part in DER."""
    path = os.path.join(FOLDER, "x509.key")
    _openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", path)
    _openssl("pkey", "-in", path, "-pubout", "-out", path + ".pub")
    return path, _pem(path + ".pub")


def name(*attributes):
    """A name of attributes, each a tuple of its number, the type of its string, and its bytes."""
    return tlv(0x30, *(tlv(0x31, tlv(0x30, tlv(6, number), tlv(kind, data)))
                       for number, kind, data in attributes))


def client(ca, *attributes, dates=VALID):
    """The paths of a client's certificate, signed by this CA, and of its key."""
    key, public = _key()
    algorithm = tlv(0x30, ECDSA_SHA256)
    validity = tlv(0x30, *(tlv(0x18, day.encode() + b"000000Z") for day in dates))
    body = tlv(0x30, tlv(2, b"\x07"), algorithm, _subject(ca[0]), validity, name(*attributes),
               public)
    signed = _openssl("dgst", "-sha256", "-sign", ca[1], data=body)
    text = base64.encodebytes(tlv(0x30, body, algorithm, tlv(3, b"\0", signed))).decode()
    path = os.path.join(FOLDER, f"client-{hash((attributes, dates, ca)):x}.crt")
    with open(path, "w") as f:
        f.write(f"-----BEGIN CERTIFICATE-----\n{text}-----END CERTIFICATE-----\n")
    return path, key


def named(ca, common_name, **how):
    """The same, for a subject that has this CN alone."""
    text = common_name if isinstance(common_name, bytes) else common_name.encode()
    return client(ca, (CN, UTF8, text), **how)
