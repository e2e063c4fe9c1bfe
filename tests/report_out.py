# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that report_out.bats plays, one for each @test."""

import csv
import io
import json
import os
import re
import resource
import signal
import stat
import subprocess

from lib.peer import check
from lib.program import SOURCE, tmp
from lib.reporting import (OTHERS, REPORT, default_sigpipe, log, refused, report, reported, session)

OPTIONS = ("since", "until", "by", "top", "now", "json", "csv", "html", "metrics", "help",
           "version")
TABLES = "user", "client", "dest", "rule", "end", "hour"
FORMS = ((), ("--json",), ("--csv",), ("--html", "-"), ("--metrics", "-"))


def help():
    for letter, word in ("-h", "--help"), ("-V", "--version"):
        check(reported(letter), reported(word))
    text = reported("--help")
    check(tuple(re.findall(r"^ .{5}--([a-z]+)", text, re.M)), OPTIONS)
    check([line for line in text.splitlines() if len(line) > 80], [])
    with open(os.path.join(SOURCE, "configure.ac")) as f:
        version = re.search(r"AC_INIT\(\[\w+\], *\[([^]]+)\]", f.read())[1]
    check(reported("--version").splitlines()[0], f"picosocks5-report {version}")
    for how in "--help", "--version":
        with open("/dev/full", "w") as full:
            p = subprocess.run((REPORT, how), stdout=full, stderr=subprocess.PIPE, text=True)
        check(p.returncode, 74)
        assert "No space left" in p.stderr, p.stderr


def unknown_options():
    for written, words in (
        ("--sinc", "did you mean --since?"), ("--js", "did you mean --json?"),
        ("--SINCE", "did you mean --since?"), ("--metric=x", "did you mean --metrics?"),
        ("--t", "see picosocks5-report --help"), ("-json", "did you mean --json?"),
        ("--quiet", "see picosocks5-report --help"), ("-x", "see picosocks5-report --help"),
        ("-help", "did you mean --help?"), ("--h\x1b[31m", r'"--h\x1b[31m"'),
        ("\u2014since", None), ("-hV", "unknown option"), ("--=x", "unknown option"),
    ):
        if words:
            err = refused(written, log(), words=(words, "unknown option "))
            assert "\x1b" not in err, err
    refused("--sinc", "today", words=('"--sinc"',))  # its value is part of the same mistake
    refused("--top-secret=hunter2", words=('"--top-secret"',))


def bad_values():
    for value in ("", "0", "-1", "+1", "1000001", "99999999999999999999999", "1k", " 1", "ten"):
        refused("--top", value, log(), words=(f'--top: found "{value}", expected', "1000000"))
    for value, hint in (("", ""), ("users", "did you mean user?"), ("DEST", "did you mean dest?"),
                        ("failure", ""), ("user,dest", ""), ("hours", "did you mean hour?")):
        refused("--by", value, log(), words=(f'--by: found "{value}", expected user,', hint))
    for option in "--since", "--until":
        for value in "", "noon tomorrow", "2026-13-01", "x\x1b[2J":
            err = refused(option, value, log(), words=(f"{option}: found ", "yesterday"))
            assert "\x1b" not in err, err
    for option in "--html", "--metrics":
        refused(option, "", log(), words=(f'{option}: found "", expected the name of a file',))
    refused("", words=("name of a FILE is empty",))


def missing_values():
    for option in "since", "until", "by", "top", "html", "metrics":
        refused(f"--{option}", words=(f'option "--{option}" needs a value: write --{option} ',))
    for option in "now", "json", "csv", "help", "version":
        refused(f"--{option}=yes", words=(f'option "--{option}" takes no value',))


def all_mistakes():
    missing = tmp("no such file")
    refused("--top", "0", "--by", "x", "--sinc", "today", "--json=1", missing, lines=4)
    refused("--json", "--csv", "--top=0", missing, lines=2)


def options_that_clash():
    path = log(session())
    for a, b in (("--json", "--csv"), ("--csv", "--html=-"), ("--html=-", "--metrics=-"),
                 ("--metrics=-", "--json")):
        names = a.split("=")[0], b.split("=")[0]
        refused(a, b, path, words=(f"{names[0]} and {names[1]} are two outputs",))
        refused("--now", a, b, words=("two outputs",))
    for output in "--json", "--html=-", "--metrics=-":
        refused(output, "--by", "dest", path, words=("--by has no effect on",))
    for option in ("--since=now", "--until=now", "--by=user", "--top=1", "--html=-",
                   "--metrics=-"):
        refused("--now", option, words=(f"--now and {option.split('=')[0]} don't go together",))
    refused("--now", path, words=("leave out --now or the files",))
    refused("--metrics=-", "--top=1001", path, words=("at most 1000",))
    refused("--since", "@100", "--until", "@100", path, words=("must be the earlier",))
    refused("--until", "yesterday", words=("say --since too",))
    check(reported("--json", "--json", path), reported("--json", path))
    for twice in ("--by=dest", "--by=user", "--csv"), ("--top=9", "--top=1", "--csv"):
        check(reported(*twice, path), reported(*twice[1:], path), "the last one counts")


def files_anywhere():
    a, b = log(session("a"), name="a"), log(session("b"), name="b")
    dashed = log(session("c"), name="--csv")
    where, dashed = os.path.split(dashed)
    want = reported("--csv", a, b)
    check(want.splitlines()[1:], ["a,1,0,1,2", "b,1,0,1,2"])
    for arguments in ((a, b, "--csv"), (a, "--csv", b), ("--csv", "--", a, b), (a, "--csv", "--", b)):
        check(reported(*arguments, env={"POSIXLY_CORRECT": "1"}), want, f"{arguments}")
        check(reported(*arguments), want, f"{arguments}")
    check(reported("--csv", "--", dashed, cwd=where).splitlines()[1:], ["c,1,0,1,2"])
    check(reported("--csv", "-", stdin=session("d") + "\n").splitlines()[1:], ["d,1,0,1,2"])


def some_log():
    return log(
        session("alice", sent=10, received=20, at="2026-11-28T14:05:00+00:00"),
        session("alice", "[2001:db8::1]:443", sent=1, at="2026-11-28T15:05:00+00:00"),
        session("bob", sent=5, received=5, at="2026-11-28T15:06:00+00:00"),
        session("", "x.example:25", "denied", 2, 0, 0, more="rule=/etc/p.conf:3 ",
                at="2026-11-28T15:07:00+00:00"),
        session("carol", "y.example:25", "failed", 5, 0, 0, more='error="Connection refused" '))


def rows(table, name):
    return [(r[name], r["sessions"], r["failed"], r["sent"], r["received"]) for r in table]


def sums(table):
    return tuple(sum(r[k] for r in table) for k in ("sessions", "failed", "sent", "received"))


NONE = {"sessions": 0, "failed": 0, "sent": 0, "received": 0}


def json_whole():
    got = json.loads(reported("--json", some_log()))
    check(list(got), ["since", "until", "sessions", "failed", "sent", "received", "skipped",
                      *TABLES, "others", "exact"])
    check(sums([got]) + (got["skipped"],), (5, 2, 16, 27, 0))
    check(rows(got["user"], "user"), [("alice", 2, 0, 11, 22), ("bob", 1, 0, 5, 5),
                                      ("-", 1, 1, 0, 0), ("carol", 1, 1, 0, 0)])
    check(rows(got["hour"], "hour"), [("2026-11-28T14:00+00:00", 1, 0, 10, 20),
                                      ("2026-11-28T15:00+00:00", 3, 1, 6, 7)])
    check([r["end"] for r in got["end"]], ["eof", "denied", "failed"])
    check([r["rule"] for r in got["rule"]], ["-", "/etc/p.conf:3"])
    check(got["others"], {t: NONE for t in TABLES})
    check(got["exact"], {t: True for t in TABLES})


def json_top():
    whole = json.loads(reported("--json", some_log()))
    for top in 1, 2, 3, 1000000:
        got = json.loads(reported("--json", "--top", str(top), some_log()))
        for t in TABLES:
            check(got[t], whole[t][:top], t)
            check(tuple(got["others"][t].values()), sums(whole[t][top:]), f"others of {t}")


def json_times():
    def times(*options):
        got = json.loads(reported("--json", *options))
        return got["since"], got["until"]

    path = some_log()
    check(times(path), ("2026-11-28T14:05:00+00:00", "2026-11-28T15:07:00+00:00"))
    check(times("--since", "@86400", path), ("1970-01-02T00:00:00+00:00", "2026-11-28T15:07:00+00:00"))
    check(times("--until", "@86399", path), (None, "1970-01-01T23:59:59+00:00"))
    check(times(log(session())), (None, None))
    got = json.loads(reported("--json", "--since", "@0", path, env={"TZ": "Asia/Kolkata"}))
    check(got["since"], "1970-01-01T05:30:00+05:30")


def parsed_csv(*options, **how):
    return list(csv.reader(io.StringIO(reported("--csv", *options, **how), newline="")))


def csv_tables():
    path = some_log()
    whole = json.loads(reported("--json", path))
    for t in TABLES:
        want = [[t, "sessions", "failed", "sent", "received"]]
        want += [[str(v) for v in r.values()] for r in whole[t]]
        check(parsed_csv("--by", t, path), want, t)
    check(parsed_csv(path), parsed_csv("--by", "user", path))
    check(parsed_csv("--top", "1", path)[1:],
          [["alice", "2", "0", "11", "22"], [OTHERS, "3", "2", "5", "5"]])
    check(parsed_csv("--top", "4", path), parsed_csv(path))
    assert "\r" not in reported("--csv", path)


def csv_formulas():
    users = ["=1+2", "+cmd|x", "-1", "@SUM(A1)", "a=b", "al, ice", " x", "x "]
    got = parsed_csv(log(*(session(u) for u in users)))
    check([r for r in got if r[0][0] in "=+-@"], [], "formulas")
    names = [re.sub(r"\\x(..)", lambda m: chr(int(m[1], 16)), r[0]) for r in got[1:]]
    check(sorted(names), sorted(users))
    check(parsed_csv(log(session("")))[1][0], "-", "no user")


SAMPLE = re.compile(r'([a-zA-Z_:][a-zA-Z0-9_:]*)\{([^}]*(?:\}[^}]*)*)\} (\d+)')
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\\n]|\\["\\n])*)"(,|$)')


def metrics(*options, **how):
    """The samples as {(metric, labels): value}, by the rules of the text format."""
    text, samples, known, last = reported("--metrics", "-", *options, **how), {}, set(), None
    assert text.endswith("\n") and text.isascii()
    for line in text.splitlines():
        words = line.split(" ")
        if line.startswith("# HELP "):
            last = words[2]
            assert last not in known and len(words) > 3, line
            known.add(last)
        elif line.startswith("# TYPE "):
            check(words[2:], [last, "counter"], line)
        else:
            name, labels, value = SAMPLE.fullmatch(line).groups()
            check(name, last, "a sample stands behind its HELP and TYPE")
            found = LABEL.findall(labels)
            check("".join(f'{k}="{v}"{comma}' for k, v, comma in found), labels)
            key = name, tuple((k, re.sub(r"\\(.)", r"\1", v)) for k, v, _ in found)
            assert key not in samples, f"{key} is there twice"
            samples[key] = int(value)
    check(known, {f"picosocks5_{m}_total" for m in ("sessions", "sent_bytes", "received_bytes")})
    return samples


def total(samples, metric):
    return sum(v for (name, _), v in samples.items() if name == f"picosocks5_{metric}_total")


def series(metric, **labels):
    return f"picosocks5_{metric}_total", tuple(labels.items())


def check_sums(samples, path):
    whole = json.loads(reported("--json", path))
    for metric, member in (("sessions", "sessions"), ("sent_bytes", "sent"),
                           ("received_bytes", "received")):
        check(total(samples, metric), whole[member], metric)


def metrics_format():
    path = some_log()
    got = metrics(path)
    check_sums(got, path)
    check(got[series("sessions", user="alice", end="eof")], 2)
    check(got[series("sessions", user="-", end="denied")], 1)
    check(got[series("sent_bytes", user="alice")], 11)
    check(got[series("received_bytes", user="bob")], 5)


def metrics_promtool(promtool):
    for path in some_log(), hostile(), log():
        text = report("--metrics", "-", path)[1]
        p = subprocess.run((promtool, "check", "metrics"), input=text, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        check((p.returncode, p.stdout), (0, ""), text)


def metrics_top():
    lines = [session(f"u{i}", sent=1000 - i, end="eof" if i % 2 else "idle") for i in range(150)]
    path = log(*lines, session("", sent=0, received=0, end="reset"))
    for options, n in ((), 100), (("--top", "3"), 3), (("--top", "1000"), 151):
        got = metrics(*options, path)
        check_sums(got, path)
        users = {labels[0][1] for _, labels in got} - {OTHERS}
        check(len(users), n, f"users of {options}")
        check((series("sent_bytes", user=OTHERS) in got), n < 151)
    check(metrics("--top", "3", path)[series("sessions", user=OTHERS, end="idle")], 73)
    got = metrics("--top", "1", log(session("a"), session("b", sent=0, received=0)))
    check(got[series("sent_bytes", user=OTHERS)], 0, "others without a byte")


def metrics_others():
    path = log(session(OTHERS, sent=100), session(OTHERS, end="idle"), session("a"), session("b"))
    got = metrics("--top", "2", path)
    check_sums(got, path)
    check(got[series("sessions", user=OTHERS, end="idle")], 1)
    check(got[series("sessions", user="a", end="eof")], 1)


EVIL = (r"\x1b[2J\x1b]0;x\x07", r"\x22,\x22", "</script><script>alert(1)</script>", "'&lt;",
        "}x{", "a,b", "{user}", "x\\x0ay 1", "%n%s", "${PATH}", "`id`", r"\xff\xfe", "#", "--", "]]>")


def hostile():
    bad = b"client=1.2.3.4:5 user=\x1b[31m\x9b\xff reply=0 sent=1 received=1 time=1 end=eof\n"
    text = "".join(session(e, e.replace(" ", "") + ":1", "failed", 5, more=f'error="{e}" ') + "\n"
                   for e in EVIL)
    return tmp("hostile", text.encode() + bad)


def hostile_names():
    path = hostile()
    for form in FORMS:
        status, out, err = report(*form, path, env={"LC_ALL": "C.UTF-8"})
        check(status, 0, err)
        bad = [c for c in out + err if ord(c) < 32 and c not in "\n\t" or 126 < ord(c) < 160]
        check(bad, [], f"bytes that a terminal obeys, in {form}")
    whole = json.loads(report("--json", path)[1])
    check(sorted(r["user"] for r in whole["user"]), sorted(EVIL))
    check((whole["sessions"], whole["skipped"]), (len(EVIL), 1))
    assert "<script>alert" not in report("--html", "-", path)[1]


def skipped_lines():
    path = log(session(), "client=1.2.3.4:5 nonsense", "client=")
    check(json.loads(reported("--json", path))["skipped"], 2)
    assert "2 lines look like sessions, but can't be read" in reported(path)
    for form in ("--csv",), ("--metrics", "-"):
        status, out, err = report(*form, path)
        check((status, err), (0, "picosocks5-report: 2 lines look like sessions, but can't be read: "
                                 "not counted\n"), f"{form}")
    err = report("--csv", log(session(), "client="))[2]
    assert "1 line looks like a session, but" in err, err


def empty_forms():
    path = log("Nov 28 14:00:00 proxy sshd[1]: nothing")
    got = json.loads(reported("--json", path))
    check(sums([got]), (0, 0, 0, 0))
    check([got[t] for t in TABLES], [[]] * 6)
    check(parsed_csv("--by", "rule", path), [["rule", "sessions", "failed", "sent", "received"]])
    check(metrics(path), {})
    for options, words in (((path,), path), ((path, path), "these files"), (("-",), "standard input"),
                           (("--since", "@0", path), "Ask for another time")):
        out = " ".join(reported(*options).split())
        assert out.startswith("No session was found in ") and words in out, out


def folder():
    path = tmp("reports")
    os.mkdir(path)
    return path


def file_replaced():
    where, source = folder(), some_log()
    for option in "--html", "--metrics":
        path = os.path.join(where, option)
        want = reported(option, "-", source)
        for old_mask, mode in (0o22, 0o644), (0o77, 0o600), (0, 0o644):
            with open(path, "a+") as old:
                os.chmod(path, 0o666)
                old.seek(0)
                before = old.read()
                check(reported(option, path, source, umask=old_mask), "")
                old.seek(0)
                check(old.read(), before, "the old file")
                with open(path) as new:
                    new, ino = new.read(), os.fstat(new.fileno()).st_ino
            check((re.sub(r"\d\d:\d\d", "", new)), re.sub(r"\d\d:\d\d", "", want))
            assert ino != os.stat(source).st_ino
            check(stat.S_IMODE(os.stat(path).st_mode), mode, f"umask {old_mask:o}")
    check(sorted(os.listdir(where)), ["--html", "--metrics"], "files")
    reported("--metrics", "relative.prom", source, cwd=where)
    check(sorted(os.listdir(where)), ["--html", "--metrics", "relative.prom"], "files")


def file_refused():
    where, source = folder(), some_log()
    link, target, fifo = (os.path.join(where, n) for n in ("link", "target", "fifo"))
    with open(target, "w") as f:
        f.write("precious")
    os.symlink(target, link)
    os.symlink("nowhere", os.path.join(where, "dangling"))
    os.mkfifo(fifo)
    for path, words in ((link, "symbolic link"), (os.path.join(where, "dangling"), "symbolic link"),
                        (fifo, "not a regular file"), ("/dev/full", "not a regular file"),
                        (where, "folder"), (os.path.join(where, "no/file"), "No such file"),
                        (os.path.join(target, "x"), "Not a directory"), (source, "maybe it is a log"),
                        (target, "no report of this form"),
                        (os.path.join(where, "x\x1b[2J", "y"), "No such file")):
        for option in "--html", "--metrics":
            err = refused(option, path, source, status=73, words=("can't write ", words))
            assert "\x1b" not in err, err
    check(sorted(os.listdir(where)), ["dangling", "fifo", "link", "target"])
    page, log_text = os.path.join(where, "page"), open(source).read()
    reported("--html", page, source)
    refused("--metrics", page, source, status=73, words=("no report of this form",))
    check(open(source).read(), log_text)
    with open(target) as f:
        check(f.read(), "precious")


def file_stays():
    where, source = folder(), some_log()
    path, missing = os.path.join(where, "report"), tmp("no such log")

    def limited():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
    for option, old in ("--html", "<!DOCTYPE html>old"), ("--metrics", "# HELP picosocks5_old"):
        with open(path, "w") as f:
            f.write(old)
        check(report(option, path, missing)[0], 66)
        refused(option, path, source, status=74, words=("can't write ", "File too large"),
                preexec_fn=limited)
        check(os.listdir(where), ["report"])
        with open(path) as f:
            check(f.read(), old)


def output_fails():
    source = log(*(session(f"user{i}", f"h{i}.example:1") for i in range(3000)))
    for form in FORMS + (("--now",),):
        options = form if form == ("--now",) else (*form, source)
        with open("/dev/full", "w") as full:
            p = subprocess.run((REPORT, *options), stdout=full, stderr=subprocess.PIPE, text=True)
        check(p.returncode, 74, f"{form}")
        assert "can't write to standard output: No space left on device" in p.stderr, p.stderr
        p = subprocess.run((REPORT, *options), stderr=subprocess.PIPE, text=True,
                           preexec_fn=lambda: os.close(1))
        check(p.returncode, 74, f"{form}, without descriptor 1")
    for ignored in False, True:
        r, w = os.pipe()
        os.close(r)
        p = subprocess.run((REPORT, "--json", source), stdout=w, stderr=subprocess.PIPE, text=True,
                           restore_signals=False, preexec_fn=None if ignored else default_sigpipe)
        os.close(w)
        check((p.returncode, p.stderr), (74, "picosocks5-report: can't write to standard output: "
                                             "Broken pipe\n") if ignored else (-signal.SIGPIPE, ""))


def dash_is_stdout():
    source, where = some_log(), folder()
    for option in "--html", "--metrics":
        assert reported(option, "-", source, cwd=where)
    check(os.listdir(where), [])
