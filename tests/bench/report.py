#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints the benchmark's figures in words and in a table.

    report.py FILE             from what bench.py wrote with --json: every figure, and the table
    report.py FILE README.md   puts the table into README.md of this folder, between its two marks

A ratio compares two figures of one round, and the median of all rounds counts: if something slows
down the machine for a while, it slows down both.
"""
import json
import pathlib
import statistics
import sys

BASE = "nothing"
PEERS = ["dante", "microsocks", "3proxy", "hev"]
OURS = ["musl", "glibc", "dynamic"]

# In front of the program, or in its place, where clients speak TLS.
TLS_PEERS = ["stunnel", "haproxy", "3proxy"]

# The table's rows: the figure; what its ratio is of ("": it stands alone); is less better?
ROWS = [
    ("CPU per session, 1 at a time", BASE, True),
    ("CPU per session, 16 at a time", BASE, True),
    ("sessions, 16 at a time", BASE, False),
    ("time to first byte, p50", "", True),
    ("CPU per GB, download", "peers", True),
    ("CPU per GB, upload", "peers", True),
    ("CPU per GB, both ways", "peers", True),
    ("CPU per GB, 8 downloads", "peers", True),
    ("CPU per GB, 128 downloads", "peers", True),
    ("download", "peers", False),
    ("upload", "peers", False),
    ("ping-pong of 64 B, p50", "peers", True),
    ("datagrams, 1200 B, 32 on their way", "peers", False),
    ("CPU per datagram, 64 B, 32 on their way", "peers", True),
    ("CPU per datagram, 1200 B, 32 on their way", "peers", True),
    ("memory of the group per idle session of 2000", "dante", True),
    ("private dirty per idle session of 2000", "dante", True),
    ("CPU per session beside 4000 idle", "CPU per session beside 0 idle", True),
    ("CPU per session with limits", "CPU per session without limits", True),
    ("CPU per session with limits beside 500 idle",
     "CPU per session without limits beside 500 idle", True),
    ("CPU per session with limits, 500 of 512 places taken",
     "CPU per session without limits, 500 of 512 places taken", True),
    ("CPU per session by HTTP", "CPU per session by SOCKS, with --http", True),
    ("CPU per GB, download by HTTP", "CPU per GB, download by SOCKS, with --http", True),
    ("CPU per GB, upload by HTTP", "CPU per GB, upload by SOCKS, with --http", True),
]

# Those of the table of TLS. Their ratios are to the best of TLS_PEERS.
TLS_ROWS = [
    ("CPU per TLS session", "tls", True),
    ("TLS, time to first byte, p50", "tls", True),
    ("CPU per GB, TLS download", "tls", True),
    ("CPU per GB, TLS upload", "tls", True),
    ("TLS download", "tls", False),
    ("TLS upload", "tls", False),
    ("private dirty per idle TLS session", "tls", True),
]


def ratio(values, others):
    pairs = [v / o for v, o in zip(values, others) if o]
    return statistics.median(pairs) if pairs else float("nan")


def everything(figures):
    reference = list(dict.fromkeys([BASE, *PEERS, *TLS_PEERS]))
    print("median [lowest-highest] of all rounds; x: ratio, median of the rounds' ratios\n")
    for what, row in figures.items():
        print(f"{what} ({row['unit']})")
        servers = row["servers"]
        for name, v in servers.items():
            line = f"    {name:14} {statistics.median(v):10.3f}  [{min(v):.3f}-{max(v):.3f}]"
            for other in reference:
                if other in servers and other != name and name not in reference[1:]:
                    line += f"  x{ratio(v, servers[other]):.2f} {other}"
            print(line)
    print()


def best(servers, less, against):
    """The peer with the better median."""
    there = [p for p in PEERS[:2] if p in servers] or [p for p in PEERS if p in servers]
    if against == "tls":
        there = [p for p in TLS_PEERS if p in servers]
    return (min if less else max)(there, key=lambda p: statistics.median(servers[p]), default=None)


def cell(figures, row, name, against, less):
    v = row["servers"].get(name)
    if not v:
        return ""
    median = statistics.median(v)
    text = f"{median:.0f}" if median >= 100 else f"{median:.3g}"
    other = None
    if against in figures:
        other = figures[against]["servers"].get(name)
    elif against in (BASE, *PEERS):
        other = row["servers"].get(against)
    elif against in ("peers", "tls") and name in OURS:
        peer = best(row["servers"], less, against)
        other = row["servers"].get(peer)
    is_reference = name in (BASE, *PEERS, *TLS_PEERS)
    return text + (f" (x{ratio(v, other):.2f})" if other and not is_reference else "")


def summary(figures):
    """Two tables in Markdown, as lines."""
    tls = {what for what, _, _ in TLS_ROWS}
    tables = [table({w: r for w, r in figures.items() if (w in tls) == (rows is TLS_ROWS)}, rows)
              for rows in (ROWS, TLS_ROWS)]
    return tables[0] + [""] * all(tables) + tables[1]


def table(figures, rows):
    """A table in Markdown, as lines: a column for each server."""
    names = [n for n in dict.fromkeys([*OURS, BASE, *PEERS, *TLS_PEERS])
             if any(n in row["servers"] for row in figures.values())]
    others = [n for n in dict.fromkeys(n for row in figures.values() for n in row["servers"])
              if n not in names]
    names = others + names
    if not any(what in figures for what, _, _ in rows):
        return []
    lines = ["| | " + " | ".join(names) + " |", "|" + " --- |" * (len(names) + 1)]
    for what, against, less in rows:
        if what not in figures:
            continue
        row = figures[what]
        cells = (cell(figures, row, name, against, less) for name in names)
        lines.append(f"| {what} ({row['unit']}) | " + " | ".join(cells) + " |")
    return lines


def put(readme, lines):
    head, begin, rest = readme.read_text().partition("<!-- bench -->\n")
    _, end, tail = rest.partition("<!-- end of bench -->\n")
    if not begin or not end:
        sys.exit(f"{readme}: no marks for the table")
    readme.write_text(head + begin + "\n".join(["", *lines, "", ""]) + end + tail)


def main():
    figures = json.loads(pathlib.Path(sys.argv[1]).read_text())
    if len(sys.argv) > 2:
        put(pathlib.Path(sys.argv[2]), summary(figures))
        return
    everything(figures)
    print("\n".join(summary(figures)))


if __name__ == "__main__":
    main()
