# SPDX-License-Identifier: GPL-3.0-or-later
"""Sends one datagram, and prints what comes back and from where."""

import socket

s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.settimeout(60)
s.sendto(b"hello", ("198.51.100.2", 7000))
print(s.recvfrom(100))
