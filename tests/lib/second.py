# SPDX-License-Identifier: GPL-3.0-or-later
"""A second computation of picosocks5-report, from the words of its manual, not from its source.

Reads rsyslog's lines of the zone in which the report runs, and lines without a time.
"""

import datetime
import re

LARGEST = 2 ** 64 - 1
ROWS, KEY_BYTES = 32768, 4 << 20  # what a table holds before it folds
TABLES = ("user", "client", "dest", "rule", "end", "hour")
ENDS = ("eof", "reset", "idle", "timeout", "denied", "auth", "protocol", "failed", "lifetime",
        "signal", "limit")
OTHERS = "(others)"

_FRONT = re.compile(r"(?:(\d{4}-\d\d-\d\dT\d\d):(\d\d:\d\d)(\.\d+)?([+-]\d\d:\d\d) \S+ )?"
                    r"(?:(\S+)\[\d+\]: )?")
_QUOTED = r"(?:\\x[0-9a-f]{2}|[^\\\"\x00-\x1f\x7f-\xff])*"
_PLAIN = r"(?:\\x[0-9a-f]{2}|[^\\\" =\x00-\x1f\x7f-\xff])"
_PAIR = rf'[a-z_]+=(?:"{_QUOTED}"|{_PLAIN}+)'
_LINE = re.compile(rf"((?:{_PAIR} )*)(?:({_PAIR})|(.*))", re.DOTALL)
_PAIRS = re.compile(r'([a-z_]+)=(?:"([^"]*)"|(\S+))')
_CUT = re.compile(rf'[a-z_]*|[a-z_]+=(?:"{_QUOTED}|{_PLAIN}*)(?:\\(?:x[0-9a-f]?)?)?')
_CLIENT = re.compile(r"(?:\[(.+)\]|([^\[\]]+)):(\d+)|local|unknown")
_KNOWN = {"client", "user", "dest", "reply", "sent", "received", "time", "end", "rule", "error"}


class Table:
    """Rows of [sessions, failed, sent, received] by key."""

    def __init__(self, by):
        self.by, self.rows, self.at, self.key_bytes = by, {}, {}, 0
        self.others, self.exact = [0, 0, 0, 0], True

    def add(self, key, numbers, at=None):
        row = self.rows.get(key)
        if row is None:
            while len(self.rows) == ROWS or self.key_bytes + len(key) > KEY_BYTES:
                self._fold()
            row = self.rows[key] = [0, 0, 0, 0]
            self.at[key] = at
            self.key_bytes += len(key)
        for i in range(4):
            row[i] += numbers[i]

    def _rank(self, by):
        def bytes_of(key):
            return min(min(self.rows[key][2], LARGEST) + min(self.rows[key][3], LARGEST), LARGEST)
        return {"bytes": lambda key: (-bytes_of(key), -self.rows[key][0], key),
                "sessions": lambda key: (-self.rows[key][0], -bytes_of(key), key),
                "time": lambda key: (self.at[key], key)}[by]

    def _fold(self):
        keys, half = sorted(self.rows, key=self._rank(self.by)), len(self.rows) // 2
        if self.by == "time":
            kept = keys[len(keys) - half:]
        else:
            kept, left = keys[:half // 2], keys[half // 2:]
            left.sort(key=self._rank("sessions" if self.by == "bytes" else "bytes"))
            kept += left[:half - half // 2]
        rows, self.rows = self.rows, {key: self.rows[key] for key in kept}
        for key in rows.keys() - self.rows.keys():
            self.others = [a + b for a, b in zip(self.others, rows[key])]
        self.key_bytes, self.exact = sum(map(len, kept)), False

    def shown(self, top=0):
        """The first rows, and the sum of all that is left out; of all rows, if top is 0."""
        keys = sorted(self.rows, key=self._rank(self.by))
        top = top or len(keys)
        rest = [sum(column) for column in zip(self.others, *(self.rows[k] for k in keys[top:]))]
        return [(k, _most(self.rows[k])) for k in keys[:top]], _most(rest)


def _most(numbers):
    return [min(n, LARGEST) for n in numbers]


class Book:
    def __init__(self):
        self.tables = {name: Table("bytes") for name in ("user", "client", "dest", "user end")}
        self.tables |= {name: Table("sessions") for name in ("rule", "end", "failure")}
        self.tables["hour"] = Table("time")
        self.total, self.skipped, self.times = [0, 0, 0, 0], 0, []

    def read(self, text):
        for line in text.split("\n"):
            front = _FRONT.match(line)
            if front[5] not in (None, "picosocks5"):
                continue
            rest = line[front.end():]
            if rest.startswith("client="):
                pairs = _session(rest)
                if pairs:
                    self._count(pairs, front)
                else:
                    self.skipped += 1

    def _count(self, pairs, front):
        failed = pairs.get("reply") not in ("0", "90")
        numbers = [1, int(failed), int(pairs.get("sent", 0)), int(pairs.get("received", 0))]
        self.total = [a + b for a, b in zip(self.total, numbers)]
        for name in ("user", "client", "dest", "rule", "end"):
            self.tables[name].add(pairs.get(name) or "-", numbers)
        self.tables["user end"].add((pairs.get("user") or "-") + " " + pairs["end"], numbers)
        if failed:
            why = pairs.get("error") or (pairs.get("rule") and "rule " + pairs["rule"])
            self.tables["failure"].add(pairs["end"] + (" " + why if why else ""), numbers)
        if front[1]:
            hour, minute, part, zone = front.groups()[:4]
            key = f"{hour}:00{zone}"
            at = self.tables["hour"].at.get(key)
            if at is None:
                at = datetime.datetime.fromisoformat(key).timestamp()
            self.tables["hour"].add(key, numbers, at)
            minutes, seconds = map(int, minute.split(":"))
            time = (at + minutes * 60 + seconds, part or "", f"{hour}:{minute}{zone}")
            self.times = [min([time, *self.times[:1]]), max([time, *self.times[1:]])]


def _session(text):
    """The pairs of a session's line; None if it is broken."""
    whole = _LINE.fullmatch(text)
    pairs = {}
    for key, quoted, plain in _PAIRS.findall((whole[1] or "") + (whole[2] or "")):
        if key in pairs and key in _KNOWN:
            return None
        pairs[key] = quoted or plain
    if whole[3] and not _CUT.fullmatch(whole[3]):
        return None
    client = _CLIENT.fullmatch(pairs.get("client", ""))
    numbers = [pairs.get(key, "0") for key in ("reply", "sent", "received")]
    if (not client or client[3] and int(client[3]) > 65535 or pairs.get("end") not in ENDS
            or not re.fullmatch(r"\d+\.\d+", pairs.get("time", ""))
            or not all(n.isdecimal() and int(n) <= LARGEST for n in numbers)
            or any(len(pairs[key]) > 1036 for key in pairs.keys() & _KNOWN)):
        return None
    pairs["client"] = client[1] or client[2] or client[0]
    return pairs


def _string(key):
    return '"' + key.replace("\\", "\\\\") + '"'


def _usage(numbers):
    return '"sessions":{},"failed":{},"sent":{},"received":{}'.format(*_most(numbers))


def json(book, top=0):
    times = [_string(time[2]) for time in book.times] or ["null", "null"]
    parts = [f'"since":{times[0]},"until":{times[1]},{_usage(book.total)},"skipped":{book.skipped}']
    others, exact = [], []
    for name in TABLES:
        rows, rest = book.tables[name].shown(top)
        parts.append(f'"{name}":[' + ",".join(
            f'\n{{"{name}":{_string(key)},{_usage(row)}}}' for key, row in rows) + "]")
        others.append(f'\n"{name}":{{{_usage(rest)}}}')
        exact.append(f'"{name}":{"true" if book.tables[name].exact else "false"}')
    parts += ['"others":{' + ",".join(others) + "}", '"exact":{' + ",".join(exact) + "}"]
    return "{" + ",\n".join(parts) + "}\n"


def csv(book, by, top=0):
    rows, rest = book.tables[by].shown(top)
    text = f"{by},sessions,failed,sent,received\n"
    for key, numbers in rows + [(OTHERS, rest)] * (rest[0] > 0):
        if key[0] in "=+-@" and len(key) > 1:
            key = f"\\x{ord(key[0]):02x}" + key[1:]
        if "," in key or key != key.strip():
            key = f'"{key}"'
        text += ",".join((key, *map(str, numbers))) + "\n"
    return text


def metrics(book, top=100):
    """Users behind the first ones, and one who has the name of this row, are "(others)"."""
    shown = [(k, row) for k, row in book.tables["user"].shown(top)[0] if k != OTHERS]
    ends, by_end = book.tables["user end"].rows, book.tables["end"].rows

    def label(key):
        return key.replace("\\", "\\\\")

    text = ("# HELP picosocks5_sessions_total Sessions, by user and by how they ended.\n"
            "# TYPE picosocks5_sessions_total counter\n")
    for end in ENDS:
        samples = [(k, ends[f"{k} {end}"][0]) for k, _ in shown if f"{k} {end}" in ends]
        rest = by_end.get(end, [0])[0] - sum(n for _, n in samples)
        for key, n in samples + [(OTHERS, rest)] * (rest > 0):
            text += f'picosocks5_sessions_total{{user="{label(key)}",end="{end}"}} {n}\n'
    for i, word, what in ((2, "sent", "sent"), (3, "received", "received")):
        name = f"picosocks5_{word}_bytes_total"
        text += f"# HELP {name} Bytes that clients {what}, by user.\n# TYPE {name} counter\n"
        rest = min(book.total[i], LARGEST) - sum(row[i] for _, row in shown)
        for key, row in shown:
            text += f'{name}{{user="{label(key)}"}} {row[i]}\n'
        if rest > 0 or len(book.tables["user"].rows) > top:
            text += f'{name}{{user="{OTHERS}"}} {max(rest, 0)}\n'
    return text
