# SPDX-License-Identifier: GPL-3.0-or-later
"""The log of an office, made up: users who work by day and on weekdays, and what fails.

The same arguments make the same log. Each line begins with its time, in UTC.
"""

import random
from datetime import datetime, timedelta

NAMES = ("alice bob carol david erin frank grace heidi ivan judy karl laura nina oscar peggy quinn "
         "rupert sybil trent ursula victor wendy xavier yvonne zoe").split()
HOSTS = ["packages.example.org", "updates.example.com", "git.example.net", "mail.example.org",
         "meet.example.com", "cdn.example.net", "docs.example.org", "registry.example.net"]
BY_HOUR = (1, 1, 1, 1, 1, 2, 4, 10, 20, 28, 30, 29, 23, 27, 29, 28, 25, 18, 11, 8, 6, 5, 3, 2)

# What fails, how often in a hundred failures, and the end of its line.
FAILURES = (
    (30, 'time=0.052 end=auth error="wrong password"'),
    (26, "command=connect dest={host}:25 reply=2 sent=0 received=0 rule=1 time=0.011 end=denied"),
    (20, "command=connect dest={host}:443 reply=4 sent=0 received=0 rule=3 time=0.092 "
         'end=failed error="no such name"'),
    (15, "command=connect dest={host}:443 reply=4 sent=0 received=0 rule=3 time=10.003 "
         'end=timeout error="no answer within connect-timeout"'),
    (9, "command=connect dest={host}:443 reply=5 sent=0 received=0 rule=3 time=0.031 "
        'end=failed error="connection refused"'))


def user(i):
    return NAMES[i] if i < len(NAMES) else f"{NAMES[i % len(NAMES)]}{i // len(NAMES) + 1}"


def falling(n):
    """Weights by Zipf's law."""
    return [1 / (i + 1) for i in range(n)]


def lines(days=1, users=12, sessions=2000, start="2026-11-27", bad_day=None, seed=1):
    """So many sessions on a weekday. On the bad day, three sessions of ten fail."""
    chance = random.Random(seed)
    hosts = HOSTS + [f"www{i}.example.{('com', 'net', 'org')[i % 3]}" for i in range(40)]
    begin = datetime.fromisoformat(start)
    for hour in range(24 * days):
        at = begin + timedelta(hours=hour)
        many = sessions * BY_HOUR[at.hour] / sum(BY_HOUR) * (0.2 if at.weekday() > 4 else 1)
        failing = 0.3 if at.day == bad_day else 0.03
        for second in sorted(chance.sample(range(3600), round(many * chance.uniform(0.8, 1.2)))):
            yield line(at + timedelta(seconds=second), chance, users, hosts, failing)


def line(at, chance, users, hosts, failing):
    who = chance.choices(range(users), falling(users))[0]
    host = chance.choices(hosts, falling(len(hosts)))[0]
    head = (f"{at.isoformat()}+00:00 proxy picosocks5[{chance.randrange(1000, 99999)}]: "
            f"client=192.0.2.{who % 250 + 1}:{chance.randrange(32768, 61000)} ")
    if chance.random() < failing:
        how = chance.choices(FAILURES, [f[0] for f in FAILURES])[0][1]
        name = "" if "end=auth" in how else f"user={user(who)} "
        return head + name + how.format(host=host)
    received = min(int(chance.lognormvariate(13, 1.6)), 1 << 27)
    return (f"{head}user={user(who)} command=connect dest={host}:443 reply=0 "
            f"sent={received // 9 + 517} received={received} rule=3 "
            f"time={chance.uniform(0.1, 60):.3f} end={chance.choices(('eof', 'reset'), (19, 1))[0]}")
