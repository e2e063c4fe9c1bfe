# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that report_terminal.bats plays, one for each @test."""

import datetime
import re
import time

from lib.peer import check
from lib.program import tmp
from lib.reporting import OTHERS, at_terminal, log, plain, report, reported, session

BLOCKS = " ▏▎▍▌▋▊▉█"


def first(*options, **how):
    """The paragraph of totals, in a line."""
    return " ".join(reported(*options, **how).split("\n\n")[0].split())


def tables(text):
    """The tables of a report: a list of lists of lines."""
    return [t.splitlines() for t in plain(text).rstrip("\n").split("\n\n")[1:]]


def names(table):
    return [re.split(r" {2,}", line)[0] for line in table]


def some_log():
    return log(
        session("alice", sent=12_345, received=67_000_000, at="2026-11-28T14:05:00+00:00"),
        session("bob", "x.example:25", sent=5, received=5, at="2026-11-28T15:06:00+00:00"),
        session("", "x.example:25", "denied", 2, 0, 0, more="rule=/etc/p.conf:3 ",
                at="2026-11-28T15:07:00+00:00"),
        session("carol", "y.example:25", "failed", 5, 0, 0, more='error="Connection refused" ',
                at="2026-11-28T16:07:00+00:00"))


def totals():
    path = some_log()
    want = "4 sessions, 2 failed (50 %), 12 kB sent, 67 MB received"
    check(first(path), want + ", from 2026-11-28 14:05 to 16:07")
    check(first("--since", "2026-11-28", path), want + ", since 2026-11-28 00:00")
    check(first("--until", "2026-11-29", path), want + ", until 2026-11-29 00:00")
    check(first("--since", "2026-11-28", "--until", "2026-11-30", path),
          want + ", from 2026-11-28 00:00 to 2026-11-30 00:00")
    check(first(log(session())), "1 session, 1 B sent, 2 B received")
    while True:  # again if midnight comes in between
        day = time.gmtime().tm_yday
        now = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
        got = first("--since", "today", log(session(at=now)))
        if time.gmtime().tm_yday == day:
            break
    check(got, "1 session, 1 B sent, 2 B received, today since 00:00")


def all_tables():
    users, dests, failures, hours = tables(reported(some_log()))
    check(names(users), ["USER", "alice", "bob", "-", "carol"])
    check(names(dests), ["DESTINATION", "example.com:443", "x.example:25", "y.example:25"])
    check(names(failures), ["FAILURE", "denied rule /etc/p.conf:3", "failed Connection refused"])
    check(names(hours), ["HOUR", "14:00", "15:00", "16:00"])
    check(users[0].split(), ["USER", "SESSIONS", "FAILED", "SENT", "RECEIVED"])
    check(users[1].split(), ["alice", "1", "0", "12", "kB", "67", "MB"])
    check(failures[1].split()[-1], "1")
    check(hours[2].split()[-6:], ["2", "1", "5", "B", "5", "B"])
    check(len(tables(reported(log(session("a"))))), 2, "tables without a failure or a time")


def one_table():
    for by, title, rows in (("user", "USER", 4), ("client", "CLIENT", 1), ("rule", "RULE", 2),
                            ("dest", "DESTINATION", 3), ("end", "END", 3), ("hour", "HOUR", 3)):
        got = tables(reported("--by", by, some_log()))
        check((len(got), names(got[0])[0], len(got[0])), (1, title, 1 + rows), by)


def rows_of_tables():
    path = log(*(session(f"u{i:02}", f"h{i % 11}:1", sent=100 - i) for i in range(25)))
    users, dests = tables(reported(path))
    check(names(users)[1:], [f"u{i:02}" for i in range(10)] + [OTHERS])
    check(users[-1].split()[1:], ["15", "0", f"{sum(100 - i for i in range(10, 25)) / 1000:.1f}",
                                  "kB", "30", "B"])
    check(len(dests), 12)
    users, dests = tables(reported("--top", "3", path))
    check((names(users)[-2:], len(dests)), (["u02", OTHERS], 5))
    users, dests = tables(reported("--top", "25", path))
    check((len(users), len(dests)), (26, 12))


def widths():
    lines = [session(f"user{i}@{'x' * i}", f"{'long.' * (i % 30)}example:443", sent=10 ** (i % 18),
                     end="failed", reply=5, more=f'error="{"word " * (i % 20)}" ',
                     at=f"2026-11-28T{i % 24:02}:00:00+00:00") for i in range(60)]
    path = log(*lines, "client=broken")
    for columns in (*range(20, 140, 7), 40, 60, 80, 200, 250):
        for utf8 in True, False:
            shown = at_terminal(path, columns=columns, env=None if utf8 else {"LC_ALL": "C"})
            wide = [line for line in plain(shown).splitlines() if len(line) > columns]
            check(wide, [], f"lines of more than {columns} columns")
            assert utf8 or shown.isascii(), shown
            for table in tables(shown)[:4]:
                check(len({len(line) for line in table}), 1, f"the widths of {table}")
    narrow = tables(at_terminal(path, columns=40))
    check(narrow[0][0].split(), ["USER", "SESSIONS", "BYTES"])


def long_names():
    dest = "a-very-long-name." * 8 + "example.net:443"
    path = log(session(dest=dest))
    for columns, env, mark in (80, None, "\u2026"), (80, {"LC_ALL": "C"}, "..."):
        name = names(tables(at_terminal(path, columns=columns, env=env))[1])[1]
        head, tail = name.split(mark)
        assert dest.startswith(head) and dest.endswith(tail) and tail.endswith(".net:443"), name
        check(len(name), columns - 34, "the room of a name")
    check(names(tables(at_terminal(path, columns=250))[1])[1], dest)


def figures():
    for sent, want in ((0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (1049, "1.0 kB"),
                       (1050, "1.1 kB"), (9949, "9.9 kB"), (9950, "10 kB"), (999_499, "999 kB"),
                       (999_500, "1.0 MB"), (12_345_678, "12 MB"), (5 * 10 ** 9, "5.0 GB"),
                       (34 * 10 ** 12, "34 TB"), (2 ** 63, "9.2 EB"), (2 ** 64 - 1, "18 EB")):
        got = first(log(session(sent=sent, received=0)))
        check(got, f"1 session, {want} sent, 0 B received", f"{sent}")
    for n, failed, want in ((1234, 0, "1,234 sessions,"), (1000, 1, "1,000 sessions, 1 failed (<1 %)"),
                            (1000, 999, "1,000 sessions, 999 failed (>99 %)"),
                            (3, 3, "3 sessions, 3 failed (100 %)"), (8, 1, "1 failed (12 %)")):
        got = first(log(*(session(end="eof", reply=int(i < failed)) for i in range(n))))
        assert want in got, got


def hours(*sent, start="2026-11-28T00"):
    t = datetime.datetime.fromisoformat(start + ":00:00+00:00")
    hour = datetime.timedelta(hours=1)
    return log(*(session(sent=n, received=0, at=(t + i * hour).isoformat())
                 for i, n in enumerate(sent) if n is not None))


def bars():
    sent = 80, 40, 20, 1, 0, 33, 79
    path = hours(*sent)
    for columns in 60, 80, 120:
        table = tables(at_terminal("--by", "hour", path, columns=columns))[0][1:]
        cells = [re.fullmatch(r"(\d\d:00)  ([ ▏▎▍▌▋▊▉█]*?) +\d+ +\d+ .*", line) for line in table]
        lengths = [sum(BLOCKS.index(c) for c in m[2]) for m in cells]
        whole = lengths[0]
        assert whole % 8 == 0 and whole >= 8 * 10, cells[0]
        for n, length in zip(sent, lengths):
            check(length, max(int(whole * n / 80 + 0.5), n > 0), f"the bar of {n} in {columns}")
    table = tables(reported("--by", "hour", path))[0][1:]
    whole = table[0].count("#")
    check([line.count("#") for line in table],
          [max(int(whole * n / 80 + 0.5), n > 0) for n in sent])


def long_times():
    def table(*options):
        return tables(reported("--by", "hour", *options))[0]

    check(names(table(hours(*[1] * 24)))[:3:2], ["HOUR", "01:00"])
    check(names(table(hours(*[1] * 48)))[:3:2], ["HOUR", "11-28 01:00"])
    check(names(table(hours(*[1] * 48, start="2026-12-31T00")))[-1], "2027-01-01 23:00")
    got = table(hours(*[1] * 49))
    check(names(got), ["DAY", "2026-11-28", "2026-11-29", "2026-11-30"])
    check([line.split()[-6] for line in got[1:]], ["24", "24", "1"])
    check(names(table("--top", "2", hours(*[1] * 49))),
          ["DAY", "2026-11-28", "2026-11-29", OTHERS])
    check(names(table("--top", "2", hours(1, 1, 1))), ["HOUR", "00:00", "01:00", OTHERS])
    days = [1] + [None] * 23
    check(len(table(hours(*days * 62))), 63)
    got = table(hours(*days * 63))
    check(names(got), ["MONTH", "2026-11", "2026-12", "2027-01"])
    check([line.split()[-6] for line in got[1:]], ["3", "31", "29"])
    years = [f"{y}-{m:02}" for y in range(1990, 2000) for m in range(1, 13)]
    got = table(log(*(session(at=f"{month}-01T00:00:00+00:00") for month in years)))
    check(names(got)[1:], years[60:] + [OTHERS])
    check(got[-1].split()[1], "60")
    check(len(tables(reported("--top", "1", hours(*[1] * 9)))[2]), 10, "hours beside other tables")


def summer_time():
    path = log(*(session(sent=n, received=0, at=f"2026-10-25T0{h}:30:00+00:00")
                 for h, n in ((0, 10), (1, 20), (2, 30))))
    table = tables(reported("--by", "hour", path, env={"TZ": "CET-1CEST,M3.5.0,M10.5.0/3"}))[0]
    check([(line[:5], line.split()[-4]) for line in table[1:]],
          [("02:00", "10"), ("02:00", "20"), ("03:00", "30")])


def colours():
    path = some_log()
    for env, want in ((None, True), ({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False),
                      ({"TERM": "dumb"}, False), ({"TERM": ""}, False)):
        shown = at_terminal(path, env=env)
        check("\x1b[" in shown, want, f"colours with {env}")
        check(set(re.findall("\x1b.{0,3}", shown)) <= {"\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[31",
                                                       "\x1b[36"}, True)
        check(plain(shown), plain(at_terminal(path)), "the text")
        assert not want or shown.rstrip().rfind("\x1b[0m") > shown.rfind("\x1b[3"), "no reset"
    assert "\x1b" not in reported(path, env={"TERM": "xterm"})


def pipes():
    path = some_log()
    want = reported(path)
    assert want.isascii() and len(want.splitlines()[0]) == 78, want
    check(reported(path, env={"LC_ALL": "C.UTF-8", "TERM": "xterm"}), want)
    for columns, widest in (("40", 40), ("200", 90), ("x", 80), ("0", 80), ("1", 20),
                            ("99999999999999999999", 90), ("-5", 90)):
        got = reported(path, env={"COLUMNS": columns})
        assert max(map(len, got.splitlines())) <= widest, (columns, got)
    long = log(session("u" * 200))
    check(max(map(len, reported(long).splitlines())), 80)
    check(max(map(len, reported(long, env={"COLUMNS": "120"}).splitlines())), 120)


def lacks():
    path = log(session(at="2026-11-28T15:06:00+00:00"), session(), session("bob"), "client=x")
    notes = plain(reported(path)).split("\n\n")[-1]
    check(notes, "1 line looks like a session, but can't be read: it is not counted.\n"
                 "2 sessions have no time: they are in no hour.\n")
    assert "no hour" not in reported("--by", "user", path)
    assert "there are too many" not in reported(path).lower()
    many = log(*(session("u", f"{i}:1") for i in range(33000)))
    assert "There are too many destinations: only the largest are kept" in reported(many)
    assert "too many" not in reported("--by", "user", many)


def hostile():
    bad = b"client=1.2.3.4:5 user=\x1b[31m\x9b reply=0 sent=1 received=1 time=1 end=eof\n"
    evil = r"\x1b[2J\x9b31m\x0d\x0a\xe2\x80\xae"
    lines = session(evil, evil, "failed", 5, more=f'error="{evil}" ') + "\n"
    path = tmp("hostile", lines.encode() + bad)
    for env in {"TERM": "dumb"}, {"TERM": "dumb", "LC_ALL": "C"}:
        shown = at_terminal(path, env=env, columns=120)
        check([c for c in shown if ord(c) < 32 and c != "\n" or 126 < ord(c) < 160], [])
        assert evil in shown, shown
    status, out, err = report(tmp("\x1b[2J"))
    assert status == 66 and "\x1b" not in err, err
    assert "\x1b" not in reported(log(name="\x1b[2J"))
