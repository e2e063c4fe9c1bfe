# SPDX-License-Identifier: GPL-3.0-or-later
"""What picosocks5-report shows people, from a second computation: a terminal's text, and a page.

Only what tests need: a pipe of 80 columns, and a month, whose hours are shown as days.
"""

import datetime
import html.parser

from lib.second import OTHERS, TABLES

WIDTH, GAP, KEY_WIDTH, TOP = 80, 2, 32, 10
_TITLES = ("SESSIONS", "FAILED", "SENT", "RECEIVED")


def _divided(n, by):
    return (2 * n + by) // (2 * by)


def _bytes(n):
    if n < 1000:
        return f"{n} B"
    unit, names = 1000, ["kB", "MB", "GB", "TB", "PB", "EB"]
    while _divided(n, unit) >= 1000 and len(names) > 1:
        unit *= 1000
        del names[0]
    tenths = _divided(n, unit // 10)
    short = f"{tenths // 10}.{tenths % 10}" if tenths < 100 else str(_divided(n, unit))
    return f"{short} {names[0]}"


def _figures(numbers):
    return [f"{numbers[0]:,}", f"{numbers[1]:,}", _bytes(numbers[2]), _bytes(numbers[3])]


def _paragraph(text):
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > WIDTH:
            lines.append(word)
        else:
            lines[-1] += " " * bool(lines[-1]) + word
    return "\n".join(lines) + "\n"


def _cut(text, width):
    """Leaves out the middle of what is too long."""
    if len(text) <= width:
        return text.ljust(width)
    tail = (width - 3) // 2
    return text[:width - 3 - tail] + "..." + text[len(text) - tail:]


def days(book):
    """The sums of each day."""
    sums = {}
    for hour, numbers in book.tables["hour"].shown()[0]:
        sums[hour[:10]] = [a + b for a, b in zip(sums.get(hour[:10], [0] * 4), numbers)]
    return list(sums.items())


def _rows(book, name):
    rows, rest = book.tables[name].shown(TOP)
    return rows + [(OTHERS, rest)] * (rest[0] > 0)


def _plural(n, one, many):
    return f"{n:,} {one if n == 1 else many}"


def _notes(book):
    if book.skipped:
        yield _plural(book.skipped,
                      "line looks like a session, but can't be read: it is not counted.",
                      "lines look like sessions, but can't be read: they are not counted.")
    timeless = book.total[0] - sum(numbers[0] for _, numbers in days(book))
    if timeless:
        yield _plural(timeless, "session has no time: it is in no hour.",
                      "sessions have no time: they are in no hour.")
    for name, keys in ("user", "users"), ("dest", "destinations"), ("failure", "failures"):
        if not book.tables[name].exact:
            yield (f"There are too many {keys}: only the largest are kept, and each may lack "
                   f"some of its sessions. All others are in {OTHERS}.")


def terminal(book):
    tables = {"USER": _rows(book, "user"), "DESTINATION": _rows(book, "dest"),
              "FAILURE": _rows(book, "failure"), "DAY": days(book)}
    cells = [_figures(numbers) for rows in tables.values() for _, numbers in rows]
    columns = [max(map(len, column)) + GAP for column in zip(_TITLES, *cells)]
    keys = {title: max(len(key) for key, _ in rows) for title, rows in tables.items()}
    longest = keys.pop("FAILURE") - sum(columns[1:])
    key_width = min(max(KEY_WIDTH, longest, *keys.values()), WIDTH - sum(columns))
    sessions, failed, sent, received = book.total
    begin, end = (time[2][:16].replace("T", " ") for time in book.times)
    text = _paragraph(f"{_plural(sessions, 'session', 'sessions')}, {failed:,} failed "
                      f"({100 * failed / sessions:.0f} %), {_bytes(sent)} sent, "
                      f"{_bytes(received)} received, from {begin} to {end}")
    for title, rows in tables.items():
        text += "\n" + _table(title, rows, key_width, columns)
    return text + "\n" + "".join(map(_paragraph, _notes(book)))


def _right(cells, columns):
    return "".join(cell.rjust(width) for cell, width in zip(cells, columns))


def _table(title, rows, key_width, columns):
    heads, label, most = _TITLES, 0, 0
    if title == "FAILURE":
        key_width, columns, heads = key_width + sum(columns[1:]), columns[:1], heads[:1]
    if title == "DAY":
        label, most = len("2026-10-01") + GAP, max(n[2] + n[3] for _, n in rows)
    begin = "DAY".ljust(label) + "BYTES".ljust(key_width - label) if label else None
    lines = [(begin or _cut(title, key_width)) + _right(heads, columns)]
    for key, numbers in rows:
        begin = _cut(key, label or key_width)
        if label:
            room = key_width - label
            part = numbers[2] + numbers[3]
            bar = max(int(part / most * room + 0.5), 1) if part else 0
            begin += ("#" * bar).ljust(room)
        lines.append(begin + _right(_figures(numbers), columns))
    return "\n".join(lines) + "\n"


class Page(html.parser.HTMLParser):
    """The tables of a page: for each its head, and rows of cells. Of bytes, all digits."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.cell = [], None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("th", "td"):
            title = dict(attrs).get("title", "")
            self.cell = title.removesuffix(" bytes").removesuffix(" byte").replace(",", "")
            self.tables[-1][-1].append(self.cell)
            self.cell = "" if not title else None

    def handle_data(self, data):
        if self.cell is not None and self.tables:
            self.cell += data
            self.tables[-1][-1][-1] = self.cell

    def handle_endtag(self, tag):
        if tag in ("th", "td"):
            self.cell = None


def page(book):
    """The rows that a page must have: (what they are called, rows of key and numbers)."""
    def day(text):
        date = datetime.date.fromisoformat(text)
        return f"{date:%a} {date.day} {date:%b %Y}"
    yield "Day", [[day(key), *map(str, numbers)] for key, numbers in days(book)]
    for title, name in (("User", "user"), ("Destination", "dest"), ("Reason", "failure"),
                        ("Client", "client"), ("Rule", "rule"), ("End", "end")):
        assert name == "failure" or name in TABLES
        rows = [[key, *map(str, numbers)] for key, numbers in _rows(book, name)]
        yield title, [row[:2] for row in rows] if name == "failure" else rows


def rows_of(text):
    """The same, as a page shows them, without the shares."""
    for head, *rows in Page(text).tables:
        share = "Share" in head
        yield head[0], [[row[0], *(cell.replace(",", "") for cell in row[1 + share:])]
                        for row in rows]
