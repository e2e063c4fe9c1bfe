# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the picture of the report that README.md shows: `make report-picture`.

    python3 report_picture.py REPORT PICTURE

REPORT is the program. Chromium shows the upper part of the page for the log of a made-up office.
The page is the same each time; its pixels depend on the fonts of this machine. The picture has a
palette of few colours, so that it is small.
"""

import collections
import os
import struct
import subprocess
import sys
import tempfile
import zlib

from lib import office
from lib.browser import Browser

WIDTH = 960
COLOURS = 64


def shoot(report, picture):
    with tempfile.TemporaryDirectory() as folder, Browser() as browser:
        page = os.path.join(folder, "page.html")
        log = os.path.join(folder, "log")
        with open(log, "w") as f:
            f.writelines(line + "\n" for line in office.lines(
                days=30, users=40, sessions=900, start="2026-11-01", bad_day=12))
        subprocess.run([report, "--since", "2026-11-01", "--until", "2026-12-01", "--top", "5",
                        "--html", page, log], check=True, env=dict(os.environ, TZ="UTC"))
        browser.show(page, width=WIDTH)
        end = browser.value("document.querySelector('#dest').parentElement"
                            ".getBoundingClientRect().top")
        browser.picture(picture, WIDTH, round(end))


def chunks(data):
    at = 8
    while at < len(data):
        n, kind = struct.unpack(">I4s", data[at:at + 8])
        yield kind, data[at + 8:at + 8 + n]
        at += n + 12


def pixels(data):
    """The rows of a PNG of 8 bits in RGB, each a list of colours."""
    parts = collections.defaultdict(bytes)
    for kind, part in chunks(data):
        parts[kind] += part
    width, _, *form = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert form == [8, 2, 0, 0, 0], form
    raw, n = zlib.decompress(parts[b"IDAT"]), 3 * width
    before = bytearray(n)
    for start in range(0, len(raw), n + 1):
        before = unfiltered(raw[start], bytearray(raw[start + 1:start + 1 + n]), before)
        yield [bytes(before[i:i + 3]) for i in range(0, n, 3)]


def unfiltered(kind, row, before):
    for i in range(len(row) if kind else 0):
        left, up, corner = (row[i - 3], before[i], before[i - 3]) if i > 2 else (0, before[i], 0)
        near = left + up - corner
        row[i] = row[i] + (left, up, (left + up) // 2, min(
            (left, up, corner), key=lambda v: abs(near - v)))[kind - 1] & 255
    return row


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_palette(rows):
    """A PNG of these rows. A colour that is rare becomes the nearest of those that are not."""
    counted = collections.Counter(colour for row in rows for colour in row)
    palette = [colour for colour, _ in counted.most_common(COLOURS)]

    def nearest(colour):
        return min(range(len(palette)), key=lambda i: sum(
            (a - b) ** 2 for a, b in zip(palette[i], colour)))
    number = {colour: nearest(colour) for colour in counted}
    data = b"".join(b"\0" + bytes(number[colour] for colour in row) for row in rows)
    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join((
        chunk(b"IHDR", head), chunk(b"PLTE", b"".join(palette)),
        chunk(b"IDAT", zlib.compress(data, 9)), chunk(b"IEND", b"")))


def main():
    report, picture = sys.argv[1:]
    shoot(report, picture)
    with open(picture, "rb") as f:
        rows = list(pixels(f.read()))
    with open(picture, "wb") as f:
        f.write(with_palette(rows))


main()
