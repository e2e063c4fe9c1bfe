# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that report_now.bats plays, one for each @test."""

import csv
import datetime
import io
import json
import os
import shutil
import subprocess

from lib.peer import Listener, check, eventually
from lib.program import KIND, Skip, inetd, remote, tmp
from lib.reporting import REPORT, at_terminal, plain, refused, report, reported
from lib.socks5 import read_reply, request
from lib.users import SHA512, log_in, needs_hashes, users_file
from lib.world import command, isolate, needs

ROOM = {"ROOM": "x" * 700}  # an environment in which the longest title has room


def needs_titles():
    if KIND == "valgrind":
        raise Skip("the kernel shows valgrind's command line")


def listed(pid, **how):
    """What JSON says of this process, or None. Other sessions of the machine are not ours."""
    found = json.loads(reported("--now", "--json", **how))["sessions"]
    found = [s for s in found if s["pid"] == pid]
    assert len(found) < 2, found
    return found[0] if found else None


def shows(pid, *want):
    """Waits until the process is listed with this user, client, command and destination."""
    def words():
        s = listed(pid)
        return s and (s["user"], s["client"], s["command"], s["dest"])
    try:
        eventually(lambda: words() == want)
    except AssertionError:
        check(words(), want, f"process {pid}")


def connected(*options, user=None, name=None, **how):
    """A session that relays, and its destination."""
    up = Listener()
    s = inetd(*options, env=ROOM, **how)
    if user:
        log_in(s, user, b"secret")
    else:
        s.greet()
    s.send(request("127.0.0.1", up.port))
    check(read_reply(s).code, 0, "reply")
    return s, f"127.0.0.1:{up.port}", up.accept()


def with_user(name):
    needs_hashes("crypt")
    return "--users", users_file(f"{name}:{SHA512}\n")


def live_sessions():
    needs_titles()
    waiting = remote(env=ROOM)
    shows(waiting.pid, None, "192.0.2.7", None, None)
    s, dest, far = connected()
    shows(s.pid, None, "127.0.0.1", "connect", dest)
    row = [line for line in reported("--now").splitlines() if line.split()[:1] == [str(s.pid)]]
    check([line.split()[2:] for line in row], [["-", "127.0.0.1", "connect", dest]])
    far.close()
    s.shut().expect_end()
    s.wait()
    check(listed(s.pid), None, "a session that has ended")


def forms():
    needs_titles()
    s, dest, _ = connected()
    waiting = remote(env=ROOM)
    shows(s.pid, None, "127.0.0.1", "connect", dest)
    shows(waiting.pid, None, "192.0.2.7", None, None)
    whole = json.loads(reported("--now", "--json"))
    check(list(whole), ["time", "sessions"])
    datetime.datetime.fromisoformat(whole["time"])
    for one in whole["sessions"]:
        check(list(one), ["pid", "since", "seconds", "user", "client", "command", "dest"])
    rows = list(csv.DictReader(io.StringIO(reported("--csv", "--now"))))
    ours = {r["pid"]: r for r in rows}
    for pid, client, word, to in ((s.pid, "127.0.0.1", "connect", dest),
                                  (waiting.pid, "192.0.2.7", "", "")):
        got = ours[str(pid)]
        check((got["user"], got["client"], got["command"], got["dest"]), ("", client, word, to))
        assert datetime.datetime.fromisoformat(got["since"]) and got["seconds"].isdigit(), got


def ages():
    needs_titles()
    pids = []
    for _ in range(3):
        pids.append(remote(env=ROOM).pid)
        shows(pids[-1], None, "192.0.2.7", None, None)
    found = json.loads(reported("--now", "--json"))
    seconds = [s["seconds"] for s in found["sessions"]]
    check(seconds, sorted(seconds, reverse=True), "ages")
    check([s["pid"] for s in found["sessions"] if s["pid"] in pids], pids, "the oldest first")
    now = datetime.datetime.fromisoformat(found["time"])
    for s in found["sessions"]:
        age = now - datetime.datetime.fromisoformat(s["since"])
        check(age.total_seconds(), s["seconds"], "since")
        assert s["pid"] not in pids or 0 <= s["seconds"] < 600, s


def odd_users():
    needs_titles()
    for name, shown in (("alice@EXAMPLE.ORG", "alice@EXAMPLE.ORG"), ("a b", r"a\x20b"),
                        ("\x1b[2J", r"\x1b[2J"), ("r\u00e9mi", r"r\xc3\xa9mi"), ("@", "@")):
        s, dest, _ = connected(*with_user(name), user=name)
        shows(s.pid, shown, "127.0.0.1", "connect", dest)
        assert "\x1b" not in plain(at_terminal("--now", columns=200))


def impostor(title, name="picosocks5"):
    """A process with this title that runs until the test ends, under this name; its end of a pipe."""
    needs("sleep")
    path = os.path.join(tmp("bin " + name.replace("/", "")), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    if not os.path.exists(path):
        shutil.copy(os.path.realpath(shutil.which("sleep")), path)
    return subprocess.Popen([title, "600"], executable=path)


def other_programs():
    title = "picosocks5: mallory@192.0.2.66 connect example.com:443\0"
    path = shutil.which("sleep", path="/usr/bin:/bin")
    processes = [impostor(title[:-1], name) for name in ("sleep", "picosocks5x", "xpicosocks5")]
    processes.append(subprocess.Popen([title[:-1], "600"], executable=path))
    # The same title under the right name is listed, so the name is what matters.
    processes.append(impostor(title[:-1]))
    try:
        last = processes[-1].pid
        eventually(lambda: listed(last) is not None)
        check([listed(p.pid) for p in processes[:-1]], [None] * 4)
        os.unlink(os.readlink(f"/proc/{last}/exe"))
        assert listed(last), "a program that was replaced by an upgrade"
    finally:
        for p in processes:
            p.kill()
            p.wait()


def hostile_titles():
    bad = ("picosocks5: a\x1b[2J@192.0.2.7", "picosocks5: a\x7f@192.0.2.7",
           "picosocks5: r\u00e9mi@192.0.2.7", "picosocks5: a\nb",
           "picosocks5: a@192.0.2.7 connect x:1 more words", "picosocks5: ", "picosocks5:",
           "picosocks5", "picosocks5:  connect x:1", "xpicosocks5: a", "picosocks5: " + "x" * 700)
    good = "picosocks5: =cmd@192.0.2.7 connect \"x\",y:1"
    processes = [impostor(title) for title in (*bad, good)]
    try:
        last = processes[-1].pid
        eventually(lambda: listed(last) is not None)
        check([(t, listed(p.pid)) for t, p in zip(bad, processes)], [(t, None) for t in bad])
        check(listed(last)["dest"], '"x",y:1')
        rows = list(csv.DictReader(io.StringIO(reported("--now", "--csv"))))
        check([(r["user"], r["dest"]) for r in rows if r["pid"] == str(last)],
              [(r"\x3dcmd", '"x",y:1')])
    finally:
        for p in processes:
            p.kill()
            p.wait()


def alone(*options):
    """Runs the report where no other process is."""
    needs("unshare")
    p = subprocess.run(("unshare", "--pid", "--fork", "--mount-proc", REPORT, *options),
                       stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if "unshare" in p.stderr:
        raise Skip(f"needs namespaces of its own: {p.stderr}")
    check((p.returncode, p.stderr), (0, ""))
    return p.stdout


def idle():
    check(alone("--now"), "No client is being served at this moment.\n")
    check(json.loads(alone("--now", "--json"))["sessions"], [])
    check(alone("--now", "--csv"), "pid,since,seconds,user,client,command,dest\n")


def widths():
    process = impostor("picosocks5: " + "u" * 200 + "@2001:db8::7 connect " + "d" * 250 + ":65535")
    try:
        eventually(lambda: listed(process.pid) is not None)
        for columns in 32, 40, 60, 80, 120, 600:
            shown = plain(at_terminal("--now", columns=columns)).splitlines()
            check([line for line in shown if len(line) > columns], [], f"in {columns} columns")
            row, = [line for line in shown if line.split()[:1] == [str(process.pid)]]
            assert columns < 60 or "connect" in row and row.endswith("65535"), row
            assert columns < 60 or "2001:db8::7" in row, row
    finally:
        process.kill()
        process.wait()


def hidden():
    needs_titles()
    isolate()
    s = remote(env=ROOM)
    shows(s.pid, None, "192.0.2.7", None, None)
    if os.getuid():
        raise Skip("needs root")
    nobody = {"user": 65534, "group": 65534, "extra_groups": []}
    try:
        report("--help", **nobody)
    except PermissionError:
        raise Skip("needs a build that every user can run")
    check(listed(s.pid, **nobody)["client"], "192.0.2.7", "others' sessions are seen")
    command("mount", "-t", "proc", "-o", "hidepid=2", "proc", "/proc")
    status, out, err = report("--now", "--json", **nobody)
    check((status, json.loads(out)["sessions"]), (0, []))
    assert "/proc hides the processes of other users here (hidepid)" in err, err
    check(listed(s.pid)["client"], "192.0.2.7", "what root sees")


def no_proc():
    isolate()
    empty = tmp("empty")
    os.mkdir(empty)
    command("mount", "--bind", empty, "/proc")
    refused("--now", status=71, words=("can't list processes", "/proc"))
