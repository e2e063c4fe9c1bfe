# SPDX-License-Identifier: GPL-3.0-or-later
"""A log of October 2026 in Berlin, where the clock goes back on the 25th: the same for a seed.

Clients of 300 users ask for hundreds of thousands of destinations. Names hold whatever a client
can send, as the program escapes it. Between the sessions stand lines of other programs, broken
ones, and lines without a time.

    month.py SESSIONS [SEED] >FILE
"""

import itertools
import random
import sys
import time

ZONE = "CET-1CEST,M3.5.0,M10.5.0/3"  # Berlin's, for TZ: the machine may have no zone files
_BEGIN, _WINTER, _END = 1790805600, 1792890000, 1793487600  # in between: 03:00 on the 25th
_CHUNK = 10000

_HOSTILE = (
    r"<script>alert(1)</script>", r"\x22quoted\x22", r"\x1b[31mred\x0a", r"back\x5cslash",
    "=cmd|'/C calc'!A0", "+1+1", "-1", "@SUM(1,1)", "-", "(others)", "a,b;c", "&amp;<b>'", "%s%n",
    r"\xc3\xa4\xf0\x9f\x98\x80", r"\xff\xfe\x00", "a b", "a=b", "{user}", "a\x20\x20b",
    "x" * 255, r"\x80" * 255, "]]>", "</td></table>", "*", "'", "0", "null", "user=root",
)


def _quoted(value):
    return f'"{value}"' if not value or " " in value or "=" in value else value


def _users():
    names = [*_HOSTILE, *(f"user{n}" for n in range(300 - len(_HOSTILE)))]
    words = [f"user={_quoted(n)} " for n in names] + ["", 'user="" ']
    return words, [1 / (i % 97 + 1) for i in range(len(words))]


def _clients():
    words = [f"10.{n >> 8}.{n & 255}.7:{1024 + n % 64000}" for n in range(1500)]
    words += [f"[2001:db8::{n:x}]:{1024 + n}" for n in range(1, 500)]
    return words + ["local", "unknown"], [1 / (i + 5) for i in range(len(words) + 2)]


def _outcomes():
    """Templates of what follows the user, and how often: destination, sent, received, time."""
    served = "reply=0 sent=%s received=%s time=%s"
    none = "%.0s%.0s"  # no bytes were counted
    refused = "command=connect dest=%s "
    rules = ("/etc/picosocks5/rules:12", "/etc/picosocks5/rules:7", "command-line:2", "none",
             "default", "special", _quoted("/etc/a b:1"))
    yield 600, f"command=connect dest=%s peer=192.0.2.1:443 {served} end=eof"
    yield 60, f"command=connect dest=%s peer=[2001:db8::2]:443 {served} end=reset"
    yield 30, f"protocol=http tls=TLSv1.3 command=connect dest=%s {served} end=idle"
    yield 20, f"command=connect dest=%s via=socks5://192.0.2.1:1080 {served} end=lifetime"
    yield 20, f"command=connect dest=%s {served} end=signal"
    yield 20, ("protocol=socks4a command=connect dest=%s reply=90 sent=%s received=%s time=%s "
               "end=eof")
    yield 15, f"auth=gssapi command=udp-associate dest=%s {served} end=eof"
    yield 15, f"command=resolve dest=%s reply=0{none} time=%s end=eof"
    yield 5, f"command=bind dest=%s reply=0{none} time=%s end=timeout error=\"no peer came\""
    yield 5, ("command=connect dest=%s reply=0 sent=%s received=%s time=%s end=eof rule=a "
              'error="cut off \\x4')
    for i, rule in enumerate(rules):
        yield 9 - i, f"{refused}reply=2{none} time=%s end=denied rule={rule}"
    yield 9, f'{refused}reply=2{none} time=%s end=denied rule=none error="no rule allows <b>"'
    for i, error in enumerate(("connection refused", "no route to host", "name not found", "=1+1",
                               r"\x1b[0m,\x22")):
        yield 9 - i, f"{refused}reply={4 + i}{none} time=%s end=failed error={_quoted(error)}"
    yield 5, f"protocol=socks4 {refused}reply=91{none} time=%s end=denied rule=default"
    yield 5, f"{refused}reply=6{none} time=%s end=timeout"
    yield 5, '%.0s%.0s%.0stime=%s end=auth error="wrong password"'
    yield 3, '%.0s%.0s%.0stime=%s end=protocol error="an HTTP request (see --http)"'
    yield 3, '%.0sreply=1%.0s%.0s time=%s end=limit error="limit-user: 3"'
    yield 3, "%.0s%.0s%.0stime=%s end=eof"


def _destinations(draw, n):
    """Some are asked for often, most of them once or twice in a million sessions."""
    for often in draw.choices((0, 1, 2), (50, 45, 5), k=n):
        if often == 0:
            yield f"cdn{int(draw.paretovariate(0.6)) % 3000}.example.com:443"
        elif often == 1:
            yield f"h{draw.randrange(500000)}.example.net:{443 - draw.randrange(2) * 363}"
        else:
            name = draw.choice(_HOSTILE)
            yield _quoted(f"{name}:{draw.randrange(1, 65536)}")


def _times(draw, n, at):
    """Writes the seconds since 1970 as rsyslog does."""
    for second, part in zip(at, draw.choices(range(1000000), k=n)):
        hours = 2 if second < _WINTER else 1
        text = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second + hours * 3600))
        yield f"{text}.{part:06}+0{hours}:00 gw picosocks5[{part + 1}]: "


_SESSION = "client=192.0.2.9:9 user=other reply=0 sent=1 received=1 time=0.001 end=eof"
_AT = "2026-10-07T12:00:00.000000+02:00 gw "
_STRANGE = (  # lines between the sessions
    _AT + "sshd[7]: " + _SESSION,
    _AT + "picosocks5-report[7]: " + _SESSION,
    _AT + "picosocks5[7]: authentication failed for \"client=192.0.2.9:9\" end=eof",
    _AT + "picosocks5[7]: listening " + _SESSION,
    _AT + "picosocks5[7]: client=192.0.2.9:9 user=x time=0.001",
    _AT + "picosocks5[7]: client=192.0.2.9:9 user=x user=y time=0.001 end=eof",
    _AT + "picosocks5[7]: client=192.0.2.9:9 sent=18446744073709551616 time=0.001 end=eof",
    _AT + "picosocks5[7]: client=192.0.2.9:9 user=a\tb time=0.001 end=eof",
    _AT + "picosocks5[7]: client=192.0.2.9:9 time=0.001 end=what",
    "",
    _SESSION,
    "picosocks5[7]: client=local user=\"no time\" reply=0 sent=5 received=6 time=1.000 end=eof",
)


def lines(n, seed=1):
    """Yields the log of n sessions as bytes, many lines at once."""
    draw = random.Random(seed)
    users, clients, outcomes = _users(), _clients(), list(zip(*_outcomes()))
    amounts = [str(int(draw.paretovariate(0.4)) % (1 << 34)) for _ in range(3000)] + ["0"] * 300
    lasts = [f"{draw.randrange(4000)}.{draw.randrange(1000):03}" for _ in range(1000)]
    cumulated = [list(itertools.accumulate(w)) for w in (users[1], clients[1], outcomes[0])]
    for begin in range(0, n, _CHUNK):
        m = min(_CHUNK, n - begin)
        span = _END - _BEGIN
        at = sorted(draw.choices(range(_BEGIN + span * begin // n,
                                       _BEGIN + span * (begin + m) // n), k=m))
        text = [f"{when}client={client} {user}{outcome % (dest, sent, received, last)}"
                for when, client, user, outcome, dest, sent, received, last in zip(
                    _times(draw, m, at),
                    draw.choices(clients[0], cum_weights=cumulated[1], k=m),
                    draw.choices(users[0], cum_weights=cumulated[0], k=m),
                    draw.choices(outcomes[1], cum_weights=cumulated[2], k=m),
                    _destinations(draw, m),
                    *(draw.choices(amounts, k=m) for _ in range(2)), draw.choices(lasts, k=m))]
        for _ in range(m // 100):
            text.insert(draw.randrange(m), draw.choice(_STRANGE))
        yield ("\n".join(text) + "\n").encode()


def hostile(n):
    """Yields n sessions all of whose words are 1 KiB long, and differ from all others."""
    for i in range(n):
        word = f"{i:08x}" * 128
        why = f"failed error={word} rule={word}" if i % 2 else f"denied rule={word}"
        at = time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(i * 3600))
        yield (f"{at} gw picosocks5[1]: client={word}:1 user={word} dest={word} reply=1 "
               f"sent={i} received=1 time=0.001 end={why}\n").encode()


if __name__ == "__main__":
    for some in lines(*map(int, sys.argv[1:])):
        sys.stdout.buffer.write(some)
