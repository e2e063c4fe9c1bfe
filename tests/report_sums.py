# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that report_sums.bats plays, one for each @test."""

import errno
import gzip
import os
import random
import subprocess
import sys

from lib import faults, month as log_of, program, second, second_shown
from lib.peer import FULL, check
from lib.program import tmp
from lib.world import command

REPORT = os.path.join(os.path.dirname(program.PROGRAM), "picosocks5-report")
ENV = {"PATH": "/usr/bin:/bin", "TZ": log_of.ZONE, "LC_ALL": "C"}
SESSIONS = 1000000 if FULL else 20000
# Without memory, the C library takes UTC for the zone, without its name, and tells nobody.
FAULTY = {"TZ": "UTC0"}
EVERY = ("--json",), ("--csv",), ("--metrics", "-"), ("--html", "-"), ()


def report(*argv, source=None, env=None, front=(), fds=()):
    """Runs the report; returns its exit status, standard output, and standard error."""
    p = subprocess.run([*front, REPORT, *argv], env={**ENV, **(env or {})}, capture_output=True,
                       stdin=source or subprocess.DEVNULL, pass_fds=fds)
    return p.returncode, p.stdout, p.stderr.decode("latin-1")


def written(*argv, **how):
    """What the report writes to standard output; it must succeed."""
    status, out, said = report(*argv, **how)
    check(status, 0, f"exit status of {argv}, saying {said!r},")
    return out


def same(got, want, what):
    """Both are the same to the byte; else shows the first lines that differ."""
    for a, b in zip(got.split(b"\n"), want.encode("latin-1").split(b"\n")):
        check(a, b, what)
    check(len(got), len(want), f"bytes of {what}")


def log_file(n, name="log", seed=1):
    path = tmp(name)
    with open(path, "wb") as f:
        f.writelines(log_of.lines(n, seed))
    return path


def book_of(path):
    """The second computation, some lines at a time."""
    book = second.Book()
    with open(path, encoding="latin-1", newline="\n") as f:
        while text := f.read(1 << 20):
            book.read((text + f.readline()).removesuffix("\n"))
    return book


def month():
    path = log_file(SESSIONS)
    book = book_of(path)
    assert book.total[0] >= SESSIONS and book.skipped > SESSIONS // 1000
    check(book.tables["dest"].exact, not FULL, "the table of destinations is whole")
    same(written("--json", path), second.json(book), "JSON")
    same(written("--json", "--top", "7", path), second.json(book, 7), "JSON of 7 rows")
    for by in second.TABLES:
        same(written("--csv", "--by", by, path), second.csv(book, by), f"CSV by {by}")
    same(written("--csv", "--by", "dest", "--top", "5", path), second.csv(book, "dest", 5),
         "CSV of 5 rows")
    same(written("--metrics", "-", path), second.metrics(book), "metrics")
    same(written("--metrics", "-", "--top", "3", path), second.metrics(book, 3), "metrics of 3")
    same(written(path), second_shown.terminal(book), "the terminal's text")
    shown = dict(second_shown.rows_of(written("--html", "-", path).decode()))
    for name, rows in second_shown.page(book):
        check(shown[name], rows, f"the page's rows of {name}")


def ways_in():
    path = log_file(20000)
    packed = tmp("log.gz", gzip.compress(open(path, "rb").read()))
    text = open(path, "rb").read().split(b"\n")
    random.Random(1).shuffle(text)
    shuffled = tmp("shuffled", b"\n".join(text) + b"\n")
    for form in EVERY:
        plain = written(*form, path)
        for other in packed, shuffled:
            check(written(*form, other) == plain, True, f"{form} of {other} is the same")
        for source in path, packed:
            with subprocess.Popen(["cat", source], stdout=subprocess.PIPE) as cat:
                check(written(*form, "-", source=cat.stdout) == plain, True,
                      f"{form} of a pipe with {source} is the same")


def full_table():
    """More destinations than a table holds: with few bytes, with more sessions, and with many."""
    path = tmp("many")
    with open(path, "wb") as f:
        for i in range(3 * second.ROWS):
            for dest, sent in ((f"once{i}", i % 7), (f"twice{i // 2}", 0),
                               (f"often{i % 50}", 1000)):
                f.write(b"client=local user=u dest=%s:1 reply=0 sent=%d received=1 time=0.001 "
                        b"end=eof\n" % (dest.encode(), sent))
    book = book_of(path)
    check(book.tables["dest"].exact, False, "a table that isn't full")
    out = written("--json", path)
    same(out, second.json(book), "JSON")
    first = written("--csv", "--by", "dest", "--top", "50", path).decode().splitlines()
    check({line.partition(":")[0] for line in first[1:51]}, {f"often{i}" for i in range(50)},
          "the first 50")
    check(first[51].split(",")[:2], ["(others)", str(6 * second.ROWS)],
          "sessions of all others")


# A process counts the memory of its parent before the exec, so the parent is a small one.
MEASURE = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
print(status, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def peak_kib(*argv):
    """The most memory that a report had, in KiB."""
    status, kib = command(sys.executable, "-ISc", MEASURE, REPORT, *argv, env=ENV).split()[-2:]
    check(status, "0", f"status of {argv}")
    return int(kib)


def memory():
    words, month_of = tmp("words"), log_file(SESSIONS)
    with open(words, "wb") as f:
        f.writelines(log_of.hostile(20000))
    endless = tmp("endless", b"client=" + b"x" * (100 << 20))
    for form in EVERY:
        for path in words, month_of, endless:
            kib = peak_kib(*form, path)
            assert kib < 64 << 10, f"{form} of {path}: {kib} KiB"


def judge(what, plain, found):
    """A report in which something failed is the same, or there is a status and a message."""
    status, out, said = found
    if status == 0:
        check(out.replace(b" UTC", b" ") == plain.replace(b" UTC", b" "), True,
              f"{what}: the output is the same, with {said!r},")
        return
    assert status in (64, 66, 71, 73, 74), f"{what}: status {status}, saying {said!r}"
    mute = " write -" in what  # the message can't be written either
    assert mute or said.startswith("picosocks5-report: "), f"{what}: says {said!r}"


def allocations():
    path, library = log_file(1000), faults.preload()
    for form in EVERY:
        loaded = faults.Preloaded(library, FAULT_ALLOC="0", **FAULTY)
        plain = written(*form, path, env=loaded.env)
        seen = loaded.read().seen
        assert seen, form
        for n in seen[::1 + len(seen) // (4000 if FULL else 100)]:
            for which in n, -n:
                loaded = faults.Preloaded(library, FAULT_ALLOC=str(which), **FAULTY)
                found = report(*form, path, env=loaded.env)
                if not loaded.read().crashed_in_libc:
                    judge(f"{form}, allocation {which}", plain, found)
                os.unlink(loaded.path)


# What a report needs from the system, and how it can fail.
CALLS = {"read": (errno.EIO, errno.ENOMEM), "openat": (errno.EMFILE, errno.EACCES),
         "newfstatat": (errno.EIO,), "fstat": (errno.EIO,), "lseek": (errno.ESPIPE,),
         "mmap": (errno.ENOMEM,), "mremap": (errno.ENOMEM,), "munmap": (errno.ENOMEM,),
         "write": (errno.ENOSPC, errno.EIO), "getrandom": (errno.ENOSYS, errno.EAGAIN),
         "ioctl": (errno.ENOTTY,), "close": (errno.EIO,)}


def system_calls():
    path, inject, tried = log_file(3000), faults.compiled("inject"), 0
    packed = tmp("log.gz", gzip.compress(open(path, "rb").read()))
    numbers = faults.numbers()
    for form, source in [*((form, path) for form in EVERY), (("--json",), packed)]:
        plain = written(*form, source, env=FAULTY)
        for name, n in calls_of(inject, numbers, form, source):
            if name not in CALLS:
                continue
            for error in CALLS[name] if FULL else CALLS[name][:1]:
                for when in n, -n:
                    call = next(nr for nr in numbers if numbers[nr] == name)
                    env = {"FAULT_CALL": str(call), "FAULT_WHEN": str(when),
                           "FAULT_ERRNO": str(error)}
                    judge(f"{form}, {name} {when}: {os.strerror(error)}", plain,
                          injected(inject, env, form, source)[0])
                    tried += 1
    assert tried > 200, tried


def injected(inject, env, form, source):
    """Runs a report under the injector; returns what it did, and what the injector says."""
    r, w = os.pipe()
    with open(r) as notes:
        try:
            found = report(*form, source, env={**FAULTY, **env, "FAULT_REPORT": str(w)},
                           front=(inject,), fds=(w,))
        finally:
            os.close(w)
        return found, notes.read().split("\n")[:-1]


def calls_of(inject, numbers, form, source):
    """The calls of a report from main() on: (name, index among those of this name).

    The first ones there ask for 16 random bytes, which nothing else does.
    """
    found, notes = injected(inject, {}, form, source)
    if found[0] == 126:
        raise program.Skip(f"needs seccomp's notifications: {found[2]}")
    seen, begun = {}, False
    for number, second_argument in (map(int, note.split()) for note in notes):
        name = numbers[number]
        seen[name] = seen.get(name, 0) + 1
        begun = begun or (name, second_argument) == ("getrandom", 16)
        if begun:
            yield name, seen[name]
