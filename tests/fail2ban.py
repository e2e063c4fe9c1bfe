# SPDX-License-Identifier: GPL-3.0-or-later
"""What fail2ban.bats plays: the log of clients that show certificates."""

import ssl

from lib.program import remote, tmp
from lib.tls import V13, Sealed, certificate, served


def certificates():
    """Writes the file "said". Only the certificates of mallory are refused."""
    alice, mallory = certificate("alice"), certificate("mallory")
    said = ""
    for address, who in (("192.0.2.1", alice), ("192.0.2.2", None), ("192.0.2.7", mallory),
                         ("2001:db8::7", mallory)):
        s = served("--tls-clients", alice[0], "--auth", "certificate", start=remote, addr=address)
        try:
            Sealed(s, V13, who).shake().send(b"\5\1\0").rest()
        except (ssl.SSLError, ConnectionError):
            pass
        s.close()
        said += s.stderr()
    tmp("said", said)
