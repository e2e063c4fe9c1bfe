# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that manual.bats plays, one for each @test."""

import os
import re
import subprocess
import time

from lib.options import help_options, manual, manual_options, read_source
from lib.peer import Listener, check, http
from lib.program import PROGRAM, Skip, SOURCE, run, tmp
from lib.users import SHA512, users_file
from lib.world import answers, background, command, isolate, names, needs


def printed(page):
    """The page as a terminal shows it, without bold and underlined."""
    text = command("mandoc", "-T", "utf8", os.path.join(SOURCE, "src/man", page))
    return re.sub(".\b", "", text)


def section(page, heading):
    return re.search(rf"(?ms)^{heading}\n(.*?)(?=^\S)", printed(page))[1]


def displays(page, heading):
    """The page's displays, which are indented more than its text, each as lines."""
    found, inside = [], False
    for line in section(page, heading).splitlines():
        if line.startswith(" " * 11):
            if not inside:
                found.append([])
            found[-1].append(line[11:])
        inside = line.startswith(" " * 11)
    return found


def entries():
    """The options of picosocks5.conf(5): the name, its argument, and its description."""
    text = re.search(r"(?ms)^\.Sh OPTIONS\n(.*?)^\.Sh ", manual("picosocks5.conf.5"))[1]
    depth, found = 0, {}
    for line in text.splitlines():
        depth += line.startswith(".Bl ") - (line == ".El")
        if depth == 1 and line.startswith(".It Cm "):
            name, *words = line.split()[2:]
            argument = "".join(word for word in words if word not in ("Ar", "Ns"))
            entry = found[name] = [re.sub("Op(.*)", r"[\1]", argument), ""]
        elif depth and found:
            entry[1] += re.sub(r"^\.\w+ ", "", line) + " "
    return found


def etc():
    """Makes a private /etc with the user picosocks5, and puts picosocks5 into the path."""
    command("cp", "-a", "/etc", tmp("etc"))
    command("mount", "--bind", tmp("etc"), "/etc")
    for name, line in ("passwd", "picosocks5:x:64321:64321::/:/usr/sbin/nologin\n"), \
            ("group", "picosocks5:x:64321:\n"):
        with open(f"/etc/{name}") as f:
            others = [one for one in f if not one.startswith("picosocks5:")]
        tmp(f"etc/{name}", line + "".join(others))
    os.makedirs(tmp("bin"))
    os.symlink(PROGRAM, tmp("bin/picosocks5"))
    os.environ["PATH"] = tmp("bin") + ":/usr/sbin:/usr/bin:/sbin:/bin"


def typed(lines):
    return command("sh", "-ec", "\n".join(lines))


def examples_of_program():
    needs("curl", "systemd-socket-activate", "tcpserver")
    isolate()
    etc()
    names("127.0.0.1 example.org\n")
    Listener("127.0.0.1", 80).serve(http(b"a page"))
    (activate, tcpserver, fetch, greet, users, fetch_as, ask,
     ask_many) = displays("picosocks5.8", "EXAMPLES")
    for lines in activate, tcpserver:
        server = background("sh", "-c", "exec " + "\n".join(lines))
        answers("127.0.0.1", 1080)
        assert typed(fetch).endswith("a page")
        server.kill()
        server.wait()
    assert " 05 00" in typed(greet).splitlines()  # and the log's line, before or after it
    p = subprocess.run(["sh", "-ec", "\n".join(users[:-1])], input=b"secret\n")
    check(p.returncode, 0, "the users file")
    server = background("sh", "-c", "exec " + users[-1])
    answers("127.0.0.1", 1080)
    assert typed(fetch_as).endswith("a page")
    status = subprocess.run(["sh", "-c", fetch[0]], capture_output=True).returncode
    check(status, 97, "curl without a password")
    server.kill()
    server.wait()
    tmp("etc/picosocks5.conf", "users /etc/picosocks5.users\ndeny to private\nallow \"user alice port https\"\n")
    names("203.0.113.1 example.org\n")
    said = typed(ask)
    assert "users /etc/picosocks5.users\n" in said and "warning:" not in said, said
    assert "/etc/picosocks5.conf: fine, 1 user, 2 rules, no warnings\n" in said, said
    assert '203.0.113.1: allowed by /etc/picosocks5.conf:3: allow "user alice port https"' in said
    check(typed(ask_many), "/etc/picosocks5.test: 4 questions, all as expected\n")


def examples_of_config():
    needs("htpasswd")
    isolate()
    etc()
    list_file, staff = (d for d in displays("picosocks5.conf.5", "ACCESS RULES")
                        if d[0].startswith("#"))
    company, service, question = displays("picosocks5.conf.5", "EXAMPLES")
    tmp("etc/picosocks5.users", command("htpasswd", "-nbBC", "5", "alice", "secret"))
    os.chmod("/etc/picosocks5.users", 0o600)
    tmp("etc/picosocks5.blocked", "\n".join(list_file) + "\n")

    def explained(lines, words):
        tmp("etc/picosocks5.conf", "\n".join(lines) + "\n")
        status, out, err = run("--config", "/etc/picosocks5.conf", "--check")
        check((status, err), (0, ""))
        out = run("--config", "/etc/picosocks5.conf", "--explain", words)[1]
        return out.splitlines()[0].partition(": ")[2].partition(" by ")[0]

    for words, verdict in (("from 192.0.2.7 to 203.0.113.1 port 443", "allowed"),
                           ("from 192.0.2.7 to 203.0.113.1 port 22", "denied: no rule matches"),
                           ("from 203.0.113.7 user alice to 203.0.113.1 port 22", "allowed"),
                           ("from 203.0.113.7 user alice to 203.0.113.1 port 25", "denied"),
                           ("from 203.0.113.7 user alice to 192.168.1.1 port 22", "denied")):
        check(explained(company, words), verdict, words)
    names("203.0.113.9 a.example.net\n")
    for words, verdict in (("from 203.0.113.7 to 127.0.0.1 port 8080", "allowed"),
                           ("from 192.0.2.7 to 198.51.100.7 port 80", "denied"),
                           ("to a.example.net port 80", "denied"),
                           ("to 203.0.113.1 port 80", "allowed")):
        check(explained(service, words), verdict, words)
    tmp("etc/picosocks5.staff", "\n".join(staff) + "\n")
    staff_only = "--users", "/etc/picosocks5.users", "--allow", "user @/etc/picosocks5.staff"
    for user, denied in ("alice", 0), ("Doe, Jane", 0), ("alice@EXAMPLE.ORG", 0), ("bob", 1):
        out = run(*staff_only, "--explain", f'user "{user}" to 203.0.113.1:80')[1]
        assert out.startswith("203.0.113.1: " + ("denied" if denied else "allowed")), (user, out)
    command_lines = [line for line in question if line.startswith(("$", "    "))]
    p = subprocess.run(["sh", "-c", "\n".join(line.removeprefix("$ ") for line in command_lines)],
                       capture_output=True, text=True)
    check((p.returncode, p.stderr), (1, ""), "the client is denied")
    check(p.stdout.split(), " ".join(question[len(command_lines):]).split(),
          "what is printed below the question")


def examples_of_readme():
    needs("haproxy")

    def blocks(page, chapter):
        text = re.search(rf"(?ms)^## {chapter}\n(.*?)(?=^## |\Z)", read_source(page))[1]
        return [re.sub("(?m)^    ", "", b) for b in re.findall(r"(?m)(?:^    .*\n)+", text)]

    rules, commands = blocks("README.md", "In a company")
    conf = tmp("conf", rules)
    tmp("blocked", "198.51.100.7\n")
    users = ("--users", users_file(f"alice:{SHA512}\n"), "--auth", "password,none")
    status, out, err = run("--config", conf, *users, "--check")
    check((status, err), (0, ""))

    def decided(words):
        out = run("--config", conf, *users, "--explain", words)[1]
        return out.splitlines()[0].partition(": ")[2].partition(" by ")[0]

    for words, verdict in (("user alice to 203.0.113.1 port 22", "allowed"),
                           ("user alice to 198.51.100.7 port 22", "denied"),
                           ("to 10.0.0.1 port 80", "denied"),
                           ("from 192.0.2.7 to 198.51.100.9 port 443", "allowed"),
                           ("from 192.0.2.7 to 203.0.113.1 port 443", "denied: no rule matches"),
                           ("from local to 198.51.100.7 port 80", "denied"),
                           ("from local to 203.0.113.1 port 25", "denied"),
                           ("to 203.0.113.1 port 80", "allowed")):
        check(decided(words), verdict, words)
    isolate()
    names("203.0.113.1 example.com\n")
    conf = tmp("conf", f"users {users[1]}\n{rules}")
    for line in commands.splitlines():
        words = line.partition("#")[0].removeprefix("sudo ").replace("FILE", conf)
        words = words.replace("picosocks5", PROGRAM, 1)
        command("sh", "-ec", words)
    setting, listen = blocks("units/README.md", "Behind a load balancer")
    check(run("--config", tmp("conf2", re.search("'(.*)'", setting)[1] + "\n"), "--check")[0::2],
          (0, ""))
    listen = "defaults\n timeout connect 5s\n timeout client 1m\n timeout server 1m\n" + listen
    command("haproxy", "-c", "-f", tmp("haproxy.cfg", listen))


def every_option_described():
    helped = dict(re.findall(r"(?m)^ +(?:-\w, )?--([a-z0-9-]+)(?: ([A-Z]\S*))?", run("--help")[1]))
    check(set(helped), help_options())

    def is_refused(option):
        return "command line" in run("--config", tmp("conf", option + "\n"), "--check")[2]

    refused = {option for option in helped if is_refused(option)}
    check(refused, {"as", "check", "explain", "hash", "help", "scheme", "version"})
    expected = {option: helped[option] for option in helped.keys() - refused}
    check({name: argument for name, (argument, _) in entries().items()}, expected)
    for name, (_, text) in entries().items():
        assert len(text) > 40, (name, text)
    page = section("picosocks5.conf.5", "OPTIONS").partition("These may")[0]
    check({option for option in helped if re.search(rf"\b{option}\b", page)}, refused)


def defaults_everywhere():
    helped = " ".join(run("--help")[1].split())
    for line in run("--check")[1].splitlines()[:-1]:
        option, _, value = line.partition(" ")
        if option in ("auth", "#"):
            continue
        text = entries()[option][1]
        assert re.search(rf"The default is {value}[ .,]", text), (option, value, text)
        entry = re.search(rf"--{option} .*?(?= --[a-z]| Defaults are)", helped)[0]
        assert re.search(rf"\({value}(, no limit)?\)", entry), (option, value, entry)
    for name, (_, text) in entries().items():
        assert name in ("config", "allow", "deny") or "The default is " in text, (name, text)


def log_and_environment():
    record = read_source("src/log/record.c")
    log = section("picosocks5.8", "LOG")
    listed = set(re.findall(r"(?m)^ {5}([a-z]+(?:, [a-z]+)*)(?: {2,}|$)", log))
    listed = {word for words in listed for word in words.split(", ")}
    keys = set(re.findall(r'\bemit\w*\((?:ctx, )?"(\w+)"', record))
    assert len(keys) >= 12, keys
    check(listed & keys, keys, "keys in the manual")
    words = re.findall(r'\[END_\w+\] = "(\w+)"', record)
    check(len(words), 11)
    for word in words:
        assert re.search(rf"(?m)^ {{5}}{word} +\S", log), word
    replies = re.findall(r"SOCKS5_REP_\w+", read_source("src/wire/socks5.h"))
    assert len(replies) >= 9, replies
    for code in range(len(replies)):
        assert re.search(rf"(?m)^ {{5}}{code} +\S", log), code
    message_id = re.search(r'MESSAGE_ID_SESSION "(\w+)"', read_source("src/log/journal.c"))[1]
    assert message_id in log
    explained = re.findall(rf"(?m)^-- {message_id}(\w)$", read_source("units/picosocks5.catalog"))
    check(explained, list("0123456789abcdef"), "texts in units/picosocks5.catalog")
    environment = section("picosocks5.8", "ENVIRONMENT")
    asked = set()
    for file in "activate", "remote", "log/log":
        source = read_source(f"src/{file}.c")
        asked |= set(re.findall(r'(?:getenv|env_number)\("([A-Z_0-9]+)"\)', source))
        asked |= set(re.findall(r'"([A-Z]+_?(?:IP|ADDR|HOST|PORT))"', source))
    for name in asked - {n for n in asked if n.startswith(("TCP6", "SSL"))}:
        assert name in environment, name


def report_options():
    text = command(f"{PROGRAM}-report", "--help")
    helped = set(re.findall(r"(?m)^ +(?:-\w, )?--([a-z]+)", text))
    assert len(helped) > 8, text
    check(manual_options("picosocks5-report.1"), helped)


def report_words():
    text = " ".join(printed("picosocks5-report.1").split())
    book, tally = read_source("src/report/book.c"), read_source("src/report/tally.h")
    tables = re.findall(r'\[BOOK_\w+\] = "(\w+)"', book)
    check(len(tables), 6)
    for heading in "OPTIONS", "OUTPUT":
        words = section("picosocks5-report.1", heading)
        for name in tables:
            assert re.search(rf"\b{name}\b", words), (heading, name)
    rows, keys = re.search(r"TALLY_ROWS = (\d+),(?s:.*)TALLY_KEYS = (\d+) << 20", tally).groups()
    assert f"holds {rows} rows, and names of {int(keys) << 20} bytes" in text
    members = set(re.findall(r'\\"([a-z]+)\\":', read_source("src/report/json.c")))
    metrics = set(re.findall(r'"(?:picosocks5_)?(\w+_total)"', read_source("src/report/metrics.c")))
    assert len(members) > 4 and len(metrics) == 3, (members, metrics)
    for word in members | metrics:
        assert re.search(rf"\b(picosocks5_)?{word}\b", text), word
    given = set()
    for name in os.listdir(os.path.join(SOURCE, "src/report")):
        given |= set(re.findall(r"\bEX_[A-Z]+\b", read_source(f"src/report/{name}")))
    codes = {"EX_OK": 0, "EX_USAGE": 64, "EX_NOINPUT": 66, "EX_OSERR": 71, "EX_CANTCREAT": 73,
             "EX_IOERR": 74}
    listed = re.findall(r"(?m)^ {5}(\d+) +\S", section("picosocks5-report.1", "EXIT STATUS"))
    check({codes[name] for name in given}, {int(n) for n in listed})


def examples_of_report():
    """Each example is typed with other folders. Where it reads the journal, it reads a file here."""
    needs("gzip", "jq")
    yesterday = int(time.time()) - 86400

    def line(user, received):
        return (f"client=192.0.2.7:51312 user={user} command=connect dest=example.com:443 reply=0"
                f" sent=1 received={received} time=1.000 end=eof\n")

    stamps = [time.strftime("%Y-%m-%dT%H:%M:%S%z", time.localtime(yesterday)),
              "2026-11-15T12:00:00+0000"]
    lines = [f"{stamp} host picosocks5[1]: {line('alice', 200 * 10 ** 9)}" for stamp in stamps]
    lines.append(f"{stamps[0]} host picosocks5[1]: {line('bob', 7)}")
    for folder in "bin", "log", "main", "mail", "prometheus":
        os.mkdir(tmp(folder))
    tmp("log/syslog", lines[0]), tmp("log/syslog.2", lines[1])
    command("gzip", tmp("log/syslog.2"))
    tmp("main/current", f"@{2 ** 62 + 10 + yesterday:016x}00000000 {line('alice', 5)}")
    tmp("main/@400000006929.s", f"@{2 ** 62 + yesterday:016x}00000000 {line('bob', 5)}")
    journal = tmp("journal", "".join(lines))
    tmp("bin/mail", "#!/bin/sh\ncat >mail/sent\n")
    tmp("bin/ssh", "#!/bin/sh\nshift\nexec \"$@\"\n")
    tmp("bin/picosocks5-report", f'#!/bin/sh\nexec {PROGRAM}-report "$@" $JOURNAL\n')
    for name in "mail", "ssh", "picosocks5-report":
        os.chmod(tmp(f"bin/{name}"), 0o755)

    def played(example, *files):
        text = "\n".join(example).replace("/var/lib/prometheus/node-exporter", "prometheus")
        text = text.replace("/var/log", "log").replace("/service/picosocks5/log/main", "main")
        environment = {"PATH": f"{tmp('bin')}:/usr/bin:/bin", "JOURNAL": " ".join(files)}
        return command("sh", "-ec", text, cwd=tmp(""), env=environment)

    mailed, page, metrics, multilog, syslog, sheet, most = displays("picosocks5-report.1", "EXAMPLES")
    played(mailed, journal)
    played(page, journal)
    played(metrics, journal)
    played(sheet)
    for name in "mail/sent", "november.html", "prometheus/picosocks5.prom":
        with open(tmp(name)) as f:
            assert "alice" in f.read(), name
    with open(tmp("destinations.csv")) as f:
        check(f.read(), "dest,sessions,failed,sent,received\nexample.com:443,1,0,1,200000000000\n")
    assert "alice" in played(multilog), multilog
    check(played(most, journal), "alice\n")
    if "libz.so" not in command("ldd", f"{PROGRAM}-report"):
        raise Skip("needs a build with zlib, for an old log")
    assert "alice" in played(syslog), syslog
