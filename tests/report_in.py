# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that report_in.bats plays, one for each @test."""

import datetime
import glob
import gzip
import json
import os
import pty
import random
import re
import resource
import select
import shlex
import shutil
import socket
import subprocess
import time
import zlib
import zoneinfo

from lib.peer import PATIENCE, check
from lib.program import SOURCE, Skip, tmp
from lib.reporting import REPORT, log, refused, report, reported, session
from lib.world import command, needs, unshare

BERLIN = {"TZ": "Europe/Berlin"}
TAG = "picosocks5[12]: "
LINE = TAG + session()
NOON = 1795953600  # 2026-11-29 12:00:00 UTC
REMOTE = "/lib/systemd/systemd-journal-remote"
_NEWNS = 0x00020000


def counts(*options, **how):
    """(sessions, skipped)"""
    got = json.loads(reported("--json", *options, **how))
    return got["sessions"], got["skipped"]


def at_its_time(path, first, last):
    """The log has one session, between these times."""
    text = open(path, errors="replace").read()
    check(counts("--since", f"@{first}", "--until", f"@{last}", path, env=BERLIN), (1, 0), text)
    check(counts("--until", f"@{first}", path, env=BERLIN), (0, 0), text)
    check(counts("--since", f"@{last}", path, env=BERLIN), (0, 0), text)


def through(argv, text, path):
    """Has a logger read a line. Some write to a file, and some to standard output or error."""
    p = subprocess.run(argv, input=text.encode(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                       env={**os.environ, **BERLIN}, timeout=PATIENCE)
    check(p.returncode, 0, f"{argv}: {p.stderr}")
    if not os.path.exists(path):
        with open(path, "wb") as f:
            f.write(p.stdout or p.stderr)


def by_loggers():
    system = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    system.bind(tmp("system"))
    logger = ("logger", "--no-act", "--stderr", "--socket", tmp("system"))
    folders = iter(range(100))
    tried = 0
    for argv, text, late in (
            (("multilog", "t", "DIR"), LINE, 0),
            (("s6-log", "t", "DIR"), LINE, 27),
            (("s6-log", "T", "DIR"), LINE, 0),
            (("s6-log", "t", "T", "DIR"), LINE, 0),
            (("svlogd", "-t", "DIR"), LINE, 0),
            (("svlogd", "-tt", "DIR"), LINE, 0),
            (("svlogd", "-ttt", "DIR"), LINE, 0),
            (("tai64n",), LINE, 0),
            (("sh", "-c", "tai64n | tai64nlocal"), LINE, 0),
            ((*logger, "-t", "picosocks5"), session(), 0),
            ((*logger, "-t", "picosocks5", "--id=12"), session(), 0),
            ((*logger, "-t", "picosocks5", "--rfc3164"), session(), 0),
            ((*logger, "-t", "picosocks5", "--rfc5424"), session(), 0),
            ((*logger, "-t", "picosocks5", "--rfc5424=notime"), session(), None),
            ((*logger, "-t", "picosocks5", "--rfc5424", "--id=12", "--sd-id", "a@1", "--sd-param",
              'b="c d"'), session(), 0)):
        if not shutil.which(argv[0]) or "tai64n" in argv[-1] and not shutil.which("tai64n"):
            continue
        folder = tmp(f"log{next(folders)}")
        os.mkdir(folder)
        before = int(time.time())
        path = os.path.join(folder, "current")
        through([folder if a == "DIR" else a for a in argv], text + "\n", path)
        if late is None:
            check(counts("--until", "@1", path), (1, 0))
        else:
            at_its_time(path, before + late, int(time.time()) + 1 + late)
        tried += 1
    if not tried:
        raise Skip("needs a logger")


def journal_of(entries, folder):
    """Writes a journal: entries are (time, fields)."""
    if not os.path.exists(REMOTE):
        raise Skip("needs systemd-journal-remote")
    with open("/etc/machine-id") as f:
        machine = f.read().strip()
    if len(machine) != 32:
        raise Skip("needs /etc/machine-id")
    text = ""
    for i, (at, fields) in enumerate(entries):
        fields = {"__REALTIME_TIMESTAMP": int(at * 1000000), "__MONOTONIC_TIMESTAMP": i + 1,
                  "_BOOT_ID": "b" * 32, "_MACHINE_ID": machine, "_HOSTNAME": "proxy.example",
                  "_PID": 12, **fields}
        text += "".join(f"{k}={v}\n" for k, v in fields.items()) + "\n"
    os.makedirs(os.path.join(folder, machine))
    path = os.path.join(folder, machine, "system.journal")
    command(REMOTE, "-o", path, tmp("export", text))
    return path


def of_session(at, identifier="picosocks5", **how):
    return at, {"SYSLOG_IDENTIFIER": identifier, "MESSAGE": session(**how), "PRIORITY": 5}


def by_journalctl():
    path = journal_of([of_session(NOON + 0.25),
                       (NOON + 1, {"SYSLOG_IDENTIFIER": "sshd",
                                   "MESSAGE": "Invalid user " + LINE}),
                       (NOON + 1, {"SYSLOG_IDENTIFIER": "sshd", "MESSAGE": LINE})], tmp("journal"))
    for form in ("short", "short-full", "short-iso", "short-iso-precise", "short-precise",
                 "short-unix"):
        for more in (), ("--no-hostname",), ("--utc",):
            if more == ("--utc",) and form not in ("short-full", "short-iso", "short-unix"):
                continue  # a local time is expected
            out = tmp("out", command("journalctl", "-q", "--file", path, "-o", form, *more,
                                     env={**os.environ, **BERLIN}))
            check(len(open(out).read().splitlines()), 3)
            at_its_time(out, NOON, NOON + 1)
    cat = command("journalctl", "-q", "--file", path, "-o", "cat", "-t", "picosocks5")
    check(counts(tmp("cat", cat)), (1, 0))


def quoted():
    for line in ("sshd[1]: Invalid user " + LINE, "Invalid user " + LINE,
                 "Nov 28 14:00:01 proxy sshd[1]: Invalid user " + LINE,
                 "Nov 28 14:00:01 proxy sshd[1]: " + LINE,
                 "Nov 28 14:00:01 sshd[1]: " + LINE,
                 "2026-11-28T14:00:01Z proxy nginx: " + LINE,
                 "2026-11-28T14:00:01Z stdout P " + LINE,
                 "@400000006b0ad05b075bca00 tcpserver: " + LINE,
                 "<29>1 2026-11-28T14:00:01Z proxy sshd 12 - - " + LINE,
                 "Nov 28 14:00:01 proxy picosocks5-report[1]: " + session(),
                 " " + LINE):
        check(counts(log(line, TAG + session(user="bob"))), (1, 0), line)


def long_lines():
    long = session(dest="x" * 100000)
    for line, skipped in ((long, 1), (TAG + long, 1), ("Nov 28 14:00:01 proxy " + TAG + long, 1),
                          ("Nov 28 14:00:01 proxy sshd: " + TAG + long, 0), ("x" * 10000000, 0),
                          ("x" * 70000 + session(), 0), ("\0" * 300000, 0),
                          ("Nov 28 14:00:01 " + "x" * 300000, 0)):
        check(counts(log(LINE, line, LINE)), (2, skipped), line[:60])
        check(counts("-", stdin=f"{LINE}\n{line}\n{LINE}"), (2, skipped), line[:60])
        check(counts(tmp("end", f"{LINE}\n{line}")), (1, skipped), line[:60])
    # The year of a long line counts as well.
    check(counts("--since", "@4000000000", log("2026-11-28T14:00:01Z " + TAG + long)), (0, 0))
    for size in range(65530, 65545):
        check(counts(log("x" * size, LINE)), (1, 0), size)


def odd_lines():
    for text, want in (("", (0, 0)), ("\n\n\n", (0, 0)), (LINE, (1, 0)), (LINE + "\r\n", (1, 0)),
                       ("\0" + LINE + "\n" + LINE, (1, 0)), (LINE + "\0\n", (0, 1)),
                       ("\ufeff" + LINE + "\n" + LINE, (2, 0)), ("\ufeff", (0, 0)),
                       (LINE + "\n\ufeff" + LINE, (1, 0)),
                       ("client=\n", (0, 1)), ("client=", (0, 1)), (TAG, (0, 0)),
                       (TAG + "\n" + TAG + "hello\n", (0, 0))):
        check(counts("-", stdin=text), want, repr(text))
        check(counts(tmp("odd", text)), want, repr(text))
    check(counts(log(LINE, name="a"), log(LINE, name="b"), "-", stdin=LINE), (3, 0))


def lines(n):
    return "".join(f"{TAG}{session(user=f'user{i}', sent=i)}\n" for i in range(n)).encode()


def gzip_files():
    linked("libz.so")
    one = gzip.compress(lines(1000))
    for packed, want in ((one, 1000), (one + one, 2000), (one * 30, 30000),
                         (gzip.compress(b"") + one, 1000), (gzip.compress(b""), 0),
                         (one + b"\0" * 1000, 1000), (gzip.compress(lines(3000), 0), 3000),
                         (gzip.compress(lines(10)[:-1]), 10)):
        path = tmp("log.of.any.name", packed)
        check(counts(path), (want, 0))
        with open(path, "rb") as f:
            p = subprocess.run((REPORT, "--json", "-"), stdin=f, stdout=subprocess.PIPE)
        check(json.loads(p.stdout)["sessions"], want)
    # A member may begin anywhere in what is read at once, and a pipe brings its bytes one by one.
    p = subprocess.Popen((REPORT, "--json", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for b in gzip.compress(lines(3)) + gzip.compress(lines(4)):
        p.stdin.write(bytes([b]))
        p.stdin.flush()
    check(json.loads(p.communicate()[0])["sessions"], 7)
    if shutil.which("gzip"):
        plain = tmp("plain", lines(500))
        command("gzip", "-f", plain)
        check(counts(plain + ".gz"), (500, 0))


def gzip_damaged():
    linked("libz.so")
    whole = gzip.compress(lines(50))
    for n in [*range(2, 30), len(whole) // 2, *range(len(whole) - 9, len(whole))]:
        refused("--json", tmp("cut.gz", whole[:n]), status=66,
                words=("/cut.gz: ", "gzip", "its end is missing"))
    refused(tmp("cut.gz", whole + whole[:20]), status=66, words=("its end is missing",))
    for n in 2, 3, len(whole) // 2, len(whole) - 8, len(whole) - 1:
        bad = bytearray(whole)
        bad[n] ^= 0xff
        refused("--json", tmp("bad.gz", bytes(bad)), status=66,
                words=("/bad.gz: ", "gzip", "damaged"))
    for garbage in b"garbage", b"\0garbage", whole[1:]:
        refused(tmp("bad.gz", whole + garbage), status=66, words=("/bad.gz: ", "damaged"))


def gzip_bomb():
    linked("libz.so")
    pack = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"x" * (1 << 20)
    with open(tmp("bomb"), "wb") as f:
        for _ in range(200):
            f.write(pack.compress(block))
        f.write(pack.compress(b"\n" + LINE.encode()) + pack.flush())
    check(counts(tmp("bomb")), (1, 0))
    kib = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert kib < 64 << 10, f"{kib} KiB"


def suggested(path, what):
    """The command of the message makes a report."""
    said = refused("--json", path, status=66, words=(os.path.basename(path) + ": ", what))
    where = os.path.dirname(REPORT)
    out = command("sh", "-c", said.split("pipe it: ")[1].rstrip() + " --json",
                  env={"PATH": f"{where}:/usr/bin:/bin"})
    check(json.loads(out)["sessions"], 3, said)


def other_packers():
    for tool, what in ("zstd", "zstd"), ("xz", "xz"), ("bzip2", "bzip2"), ("lz4", "lz4"):
        if shutil.which(tool):
            path = tmp(f"log.{tool}")
            with open(path, "wb") as f:
                subprocess.run((tool, "-c"), input=lines(3), stdout=f, check=True)
            suggested(path, f"compressed with {what}")
            with open(path, "rb") as f:
                p = subprocess.run((REPORT, "-"), stdin=f, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, text=True)
            check((p.returncode, p.stdout), (66, ""))
            assert p.stderr.endswith("cat FILE | picosocks5-report -\n"), p.stderr
    for order in "utf-16-le", "utf-16-be":
        suggested(tmp(f"log.{order}", ("\ufeff" + lines(3).decode()).encode(order)), "UTF-16")
    for name in "a b", "$(id)", "a;b", "a'b", "a\nb":
        path = tmp(name, b"\x28\xb5\x2f\xfd" + bytes(10))
        refused(path, status=66, words=("pipe it: zstdcat FILE | ",))
    if os.path.exists(REMOTE):
        suggested(journal_of([of_session(NOON + i) for i in range(3)], tmp("journal")),
                  "a file of the journal")


def no_file():
    good = log(LINE)
    missing = tmp("missing")
    for path, reason in (missing, "No such file or directory"), (tmp(""), "Is a directory"):
        for files in (path,), (good, path), (path, good):
            for form in (), ("--json",), ("--csv",):
                refused(*form, *files, status=66, words=(f"{path}: {reason}",))
    # A name can't play tricks on the terminal.
    refused(tmp("a\x1b[2J\nb"), status=66, words=("a\\x1b[2J\\x0ab: ",))
    page = tmp("page.html")
    refused("--html", page, missing, status=66)
    assert not os.path.exists(page)


def own_journal(entries):
    """From now on the system's journal is this one."""
    unshare(_NEWNS)
    command("mount", "--make-rprivate", "/")
    for at in "/var/log/journal", "/run/log/journal":
        if os.path.exists(at):
            command("mount", "-t", "tmpfs", "tmpfs", at)
    if not os.path.exists("/var/log/journal"):
        command("mount", "-t", "tmpfs", "tmpfs", "/var/log")
        os.mkdir("/var/log/journal")
    os.chmod("/var/log/journal", 0o755)
    if entries:
        path = journal_of(entries, "/var/log/journal/made")
        os.rename(os.path.dirname(path), "/var/log/journal/" +
                  os.path.basename(os.path.dirname(path)))


def linked(what):
    needs("ldd")
    if what not in command("ldd", REPORT):
        raise Skip(f"needs a build with {what}")


def journal():
    linked("libsystemd")
    now = time.time()
    midnight = time.mktime((*time.localtime(now)[:3], 0, 0, 0, 0, 0, -1))
    other = {"SYSLOG_IDENTIFIER": "sshd", "MESSAGE": "Invalid user " + LINE}
    mine = {"SYSLOG_IDENTIFIER": "picosocks5"}
    own_journal([of_session(midnight - 7200, user="old"),
                 of_session(midnight - 0.000001, user="old"),
                 of_session(midnight, user="new"),
                 (midnight + 0.1, other),
                 (midnight + 0.1, {"SYSLOG_IDENTIFIER": "sshd", "MESSAGE": session()}),
                 (midnight + 0.2, {**mine, "MESSAGE": "client=192.0.2.7:1 broken"}),
                 (midnight + 0.2, {**mine, "MESSAGE": "Invalid user " + LINE}),
                 (midnight + 0.3, {**mine, "MESSAGE": "not a session"}),
                 (midnight + 0.3, {**mine, "PRIORITY": "5"}),
                 (midnight + 0.4, {**mine, "MESSAGE": TAG + session(user="stderr")}),
                 of_session(midnight + 0.5, user="new")])
    zone = {"TZ": ":/etc/localtime"}
    got = json.loads(reported("--json", env=zone))
    check((got["sessions"], got["skipped"]), (3, 1))
    check(sorted((u["user"], u["sessions"]) for u in got["user"]), [("new", 2), ("stderr", 1)])
    for options, want in ((("--since", "yesterday"), (5, 1)),
                          (("--since", f"@{midnight + 0.4}"), (2, 0)),
                          (("--since", f"@{midnight + 0.4}", "--until", f"@{midnight + 0.5}"),
                           (1, 0)),
                          (("--since", "@0", "--until", f"@{midnight}"), (2, 0)),
                          (("--since", "tomorrow"), (0, 0))):
        check(counts(*options, env=zone), want, f"{options}")


def journal_long():
    """The journal is closed and opened again every 20000 sessions; some have the same time."""
    linked("libsystemd")
    n = 40001
    own_journal([of_session(NOON + i // 3, sent=i) for i in range(n)])
    got = json.loads(reported("--json", "--since", "@0"))
    check((got["sessions"], got["sent"], got["skipped"]), (n, n * (n - 1) // 2, 0))


def journal_odd():
    """Between two files of the journal there is none; and damaged ones."""
    linked("libsystemd")
    own_journal([of_session(NOON + i, sent=i) for i in range(200)])
    path = glob.glob("/var/log/journal/*/system.journal")[0]
    with open(path, "rb") as f:
        whole = f.read()
    for damaged in b"", whole[:100], whole[:4096], bytes(len(whole)), b"X" + whole[1:]:
        with open(path, "wb") as f:
            f.write(damaged)
        check(counts("--since", "@0"), (0, 0), f"{len(damaged)} bytes")
    noise = random.Random(1)
    for _ in range(20):
        bad = bytearray(whole)
        for _ in range(300):
            bad[noise.randrange(300, len(bad))] ^= noise.randrange(1, 256)
        with open(path, "wb") as f:
            f.write(bad)
        sessions, skipped = counts("--since", "@0")
        assert sessions + skipped <= 200, (sessions, skipped)
    with open(path, "wb") as f:
        f.write(whole)
    folder = os.path.dirname(path)
    os.rename(path, f"{folder}/system@{'0' * 32}-{1:016x}-{1:016x}.journal")
    check(counts("--since", "@0"), (200, 0), "a journal that is being rotated")


def journal_forbidden():
    linked("libsystemd")
    needs("setpriv")
    if os.getuid():
        raise Skip("needs root")
    own_journal([of_session(time.time())])
    # The build folder may be root's alone.
    program = "/run/log/picosocks5-report"
    os.makedirs("/run/log", exist_ok=True)
    command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run/log")
    shutil.copy(REPORT, program)
    for folder in glob.glob("/var/log/journal/*") + ["/var/log/journal"]:
        p = subprocess.run(("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", program),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        check((p.returncode, p.stdout), (66, ""), p.stderr)
        for words in "permission denied", "be root", "systemd-journal", "adm":
            assert words in p.stderr, p.stderr
        os.chmod(folder, 0o700)


def journal_none():
    linked("libsystemd")
    own_journal([])
    refused(status=66, words=("the journal: ", "picosocks5-report FILE"))


# When the zone sets its clocks back.
TWICE = (("Europe/Berlin", "2026-10-25 02:30"), ("America/New_York", "2026-11-01 01:30"),
         ("Australia/Lord_Howe", "2026-04-05 01:45"))


def times():
    needs("systemd-analyze")
    for zone in "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC":
        env = {"TZ": zone}
        for text in ("now", "today", "yesterday", "tomorrow", "2026-11-28", "2026-11-28 14:00",
                     "2026-11-28 14:00:01", "2026-11-28 14:00 UTC", "26-11-28", "14:00",
                     "14:00:01", "14:00 UTC", "today UTC", "yesterday UTC", "-2h", "+5min",
                     "2h ago", "2h 30min ago", "1 week ago", "3 days left", "-1month", "-1y", "-90",
                     "@1764338400", "2026-03-29 02:30", "2026-10-25 02:30", "2026-03-08 02:30",
                     "2026-11-01 01:30", "2026-04-05 01:45", "2026-10-04 02:15"):
            said = command("systemd-analyze", "timestamp", "--", text, env={**os.environ, **env})
            want = int(re.search(r"UNIX seconds: @(\d+)", said)[1])
            if (zone, text) in TWICE:
                # systemd-analyze leaves it to mktime(3) which of the two it is.
                when = datetime.datetime.fromisoformat(text)
                want = int(when.replace(tzinfo=zoneinfo.ZoneInfo(zone), fold=1).timestamp())
            got = json.loads(reported("--json", "--since", text, "/dev/null", env=env))["since"]
            got = int(command("date", "-d", got, "+%s"))
            assert 0 <= got - want <= 5 if text[0] in "n-+" or text[-1] in "ot" else got == want, \
                (zone, text, got, want)


def progress():
    """The pipe stays full until the terminal shows something."""
    master, slave = pty.openpty()
    p = subprocess.Popen((REPORT, "--json", "-"), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                         stderr=slave)
    os.close(slave)
    seen, fed, until = b"", 0, time.monotonic() + PATIENCE
    block = lines(500)
    while b"lines" not in seen:
        p.stdin.write(block)
        p.stdin.flush()
        fed += 500
        if select.select([master], [], [], 0)[0]:
            seen += os.read(master, 4096)
        assert time.monotonic() < until, "no progress is shown"
    out = p.communicate()[0]
    check(json.loads(out)["sessions"], fed)
    while select.select([master], [], [], 0)[0]:
        try:
            seen += os.read(master, 4096)
        except OSError:
            break
    text = seen.decode()
    assert re.search(r"standard input: \d+ lines", text), text
    # What is left of it, if the terminal does as it is told.
    row = [" "] * 200
    at = 0
    for c in text:
        assert c != "\n", text
        at = 0 if c == "\r" else at + 1
        if c != "\r":
            row[at - 1] = c
    check(("".join(row).strip(), at), ("", 0), text)
    check(report("--json", "-", stdin=block.decode())[2], "")


def without_libraries():
    needs("cc")
    build = os.environ.get("abs_top_builddir") or os.path.dirname(REPORT)
    library = os.path.join(build, "libbase.a")
    if not os.path.exists(library):
        raise Skip("needs the build folder")
    sources = [s for s in glob.glob(os.path.join(SOURCE, "src/report/*.c"))
               if not s.endswith(("_zlib.c", "_systemd.c"))]
    program = tmp("bare")
    command("cc", "-std=c11", "-D_GNU_SOURCE", "-I", os.path.join(SOURCE, "src"), "-I", build,
            "-o", program, *sources, library)
    packed = tmp("log.gz", gzip.compress(lines(3)))
    for argv, words in (((), "journalctl -o short-unix -t picosocks5 | picosocks5-report -"),
                        ((packed,), f"no zlib; pipe it: zcat {shlex.quote(packed)} | "
                                    "picosocks5-report -")):
        p = subprocess.run((program, *argv), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           text=True)
        check((p.returncode, p.stdout), (66, ""), p.stderr)
        assert words in p.stderr, p.stderr
    same = [subprocess.run((p, "--json", log(LINE)), stdout=subprocess.PIPE).stdout
            for p in (program, REPORT)]
    check(*same)
