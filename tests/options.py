# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that options.bats plays, one for each @test."""

import os
import re
import socket
import subprocess
import tempfile

from lib.options import (all_bad, bad_values, help_options, manual_options, read_source, same,
                         settings)
from lib.peer import Listener, MIB, check, flow, scale
from lib.program import KIND, PROGRAM, Process, Skip, inetd, run, tcp_pair, tmp
from lib.users import SHA512, features, some, users_file
from lib.world import command, needs


def version_and_help():
    for o in "--version", "-V":
        status, out, err = run(o)
        check((status, err), (0, ""))
        assert re.match(r"picosocks5 \d+\.\d+", out), out
    texts = set()
    for o in "--help", "-h":
        status, out, err = run(o)
        check((status, err), (0, ""))
        assert out.lower().startswith("usage: "), out
        texts.add(out)
    check(len(texts), 1)
    check([line for line in texts.pop().splitlines() if len(line) > 80], [])
    for o in "--version", "--help", "--check", "--explain=to 127.0.0.1":  # nobody hears them
        nothing, full = os.open("/dev/null", os.O_RDONLY), os.open("/dev/full", os.O_WRONLY)
        Process((o,), {0: nothing, 1: full}).exits(71)
        Process((o,), {0: nothing}).exits(71)  # standard output is closed
    # a client on 0 is not served by them
    for o in "--version", "--help", "--check":
        s = inetd(o, fds={1: os.open("/dev/null", os.O_WRONLY)})
        check(s.rest()[0], b"")
        s.exits(0)


def every_option_documented():
    required = set("""config check handshake-timeout connect-timeout idle-timeout lifetime source
                      interface mark family rate log log-level help version""".split())
    helped = help_options()
    assert required <= helped, required - helped
    for o in "c config", "t check", "h help", "V version":
        assert re.search(r"-%s,? +--%s\b" % tuple(o.split()), run("--help")[1]), o
    check(manual_options("picosocks5.8"), helped, "options of picosocks5(8)")


def readme_options():
    pages = "README.md", "units/README.md", "inetd/README.md", "tests/bench/README.md"
    text = "".join(map(read_source, pages))
    for line in re.findall(r"(?m)^.*(?<!-t )\bpicosocks5 -.*$", text):
        words = line.partition("picosocks5 -")[2]
        named = set(re.findall(r"(?<![-\w])--([a-z][a-z0-9-]+)", " -" + words))
        assert named <= help_options(), line


def every_option_works():
    flags = {"check", "help", "version", "http", "socks4", "no-sandbox"}
    for o in help_options() - flags:
        status, out, err = run("--" + o)  # its value is missing
        check(status, 64, o)
        assert o in err, (o, err)
    for o in help_options() & flags:
        status, out, err = run("--" + o + "=value")
        check(status, 64, o)
        assert o in err, (o, err)


def mistake_on_command_line():
    for option, value, expected in bad_values():
        status, out, err = run("--" + option, value)
        check(status, 64, option)
        assert f"--{option}" in err and value[:20] in err, err
        assert any(w in err for w in expected), err
        assert "Usage" not in err and len(err.splitlines()) == 1, err
    for words in (("--family=ipv5",), ("--log-level", "info", "--family", "ipv5"),
                  ("--check", "--family", "ipv5"), ("--family", "ipv5", "--family", "ipv4")):
        status, out, err = run(*words)
        check(status, 64, str(words))
        assert "--family" in err and "ipv5" in err, err
    for words, named in (("--bogus",), "bogus"), (("-Z",), "Z"), (("--bogus=1",), "bogus"):
        status, out, err = run(*words)
        check(status, 64, str(words))
        assert named in err, err


def said(*options, status=64):
    """The messages about these options, without the program's name, which serve nobody."""
    got, _, err = run(*options)
    check(got, status, f"{options}: {err}")
    return [re.sub(r"^picosocks5(\[\d+\])?: ", "", line) for line in err.splitlines()]


def said_of_file(text, *options):
    """The messages about a configuration file: (line, words)."""
    path = tmp("conf", text)
    rows = (re.fullmatch(re.escape(path) + r":(\d+): (.*)", m)
            for m in said("--config", path, *options, status=78))
    return [(int(row[1]), row[2]) for row in rows]


def no_abbreviations():
    for option in sorted(help_options()):
        for short in {option[:n] for n in (2, 3, len(option) - 1)} - help_options():
            for words in (f"--{short}",), (f"--{short}=1",), (f"--{short}", "1"):
                got = said(*words)
                check(len(got), 1, got)
                assert got[0].startswith(f'unknown option "--{short}"'), (words, got)
        if option != "log":
            got = said_of_file(option[:-1] + " 1\n")
            check(len(got), 1, got)
            assert got[0][1].startswith(f'unknown option "{option[:-1]}"'), got
    # a whole name behind one dash would be a letter and its value
    check(said("-check"), ['unknown option "-check": did you mean --check?'])
    check(said("-users", "x"), ['unknown option "-users": did you mean --users?'])


def nearest_options():
    for words, nearest in ((("--che",), "--check"), (("--chekc",), "--check"),
                           (("--usres", "x"), "--users"), (("--log_level=x",), "--log-level"),
                           (("--Family", "ipv4"), "--family"), (("--socks",), None),
                           (("-H",), "-h"), (("check",), "--check"), (("--idle-timout=1",),
                                                                      "--idle-timeout")):
        got, = said(*words)
        written = words[0].partition("=")[0]
        kind = "unknown option" if written[0] == "-" else "unexpected argument"
        if nearest:
            check(got, f'{kind} "{written}": did you mean {nearest}?')
        else:
            assert "did you mean" not in got, got
    check(said("--bogus"), ['unknown option "--bogus"; see picosocks5 --help'])
    # musl's getopt_long() decodes UTF-8.
    for letter in b"\x8b", "\u0105".encode(), "\u20ac".encode(), "\U0010ffff".encode():
        want = f'unknown option "-\\x{letter[0]:02x}"; see picosocks5 --help'
        check(said(b"-" + letter)[0], want, letter)
    check(said_of_file("famly ipv4\nbogus\nchek\n"),
          [(1, 'unknown option "famly": did you mean family?'),
           (2, 'unknown option "bogus"; see picosocks5.conf(5)'),
           (3, 'unknown option "chek"; see picosocks5.conf(5)')])


def other_servers():
    for words, answer in ((("--port", "1080"), "listening is left to systemd or inetd"),
                          (("-p", "1080"), "listening is left to systemd or inetd"),
                          (("-p1080",), "listening is left to systemd or inetd"),
                          (("-i", "0.0.0.0"), "listening is left to systemd or inetd"),
                          (("--listen=[::]:1080",), "picosocks5.socket (ListenStream=)"),
                          (("--user", "alice"), "write --users FILE"),
                          (("-P", "secret"), "write --users FILE"),
                          (("--password=secret",), "write --users FILE"),
                          (("-d",), "there is no daemon"), (("-w", "192.0.2.1"), "write --allow"),
                          (("-b", "192.0.2.1"), "write --source"), (("-1",), "--auth none"),
                          (("-q",), "--log-level warning"), (("-6",), "write --family ipv6"),
                          (("--max-connections", "9"), "MaxConnections=")):
        got, = said(*words)
        assert got.startswith(f'unknown option "{words[0][:2] if words[0][1] != "-" else ""}') and \
            answer in got, (words, got)
        assert "secret" not in got, got
    got = said_of_file("listen 1080\ninternal: eth0 port = 1080\nlogoutput: stderr\n"
                       "password=secret\nuser.privileged: root\nmax-connections 9\n")
    check([line for line, _ in got], [1, 2, 3, 4, 5, 6])
    for (_, words), answer in zip(got, ("listening", "listening", "write log with", "write users",
                                        "User=", "MaxConnections=")):
        assert answer in words and "--" not in words and "secret" not in words, words


def mistakes_all_reported():
    got = said("--port", "1080", "--usres=x", "extra", "--family", "ipv5", "more", "-Zt", "--che")
    for words, message in zip(("--port", "--usres", "extra", "--family", "-Z", "--che"), got):
        assert words in message, got
    check(len(got), 6, got)
    check(len(said("--", "--family", "ipv5")), 1)


def values_with_remedies():
    for option, value, remedy in (
        ("lifetime", "30sec", "write 30s"), ("lifetime", "1.5h", "write 1h30m"),
        ("lifetime", "10 min", "write 10m"), ("lifetime", "2 weeks", "write 14d"),
        ("lifetime", "never", "write 0"), ("lifetime", "-5", None), ("lifetime", "soon", None),
        ("lifetime", "99999999999999999999", None), ("lifetime", "99999999999999999999 days", None),
        ("rate", "10MB/s", "write 10M"), ("rate", "1.5M", "write 1500k"),
        ("rate", "500K", "write 500k"), ("rate", "1KiB", "write 1024"),
        ("rate", "10Mbit", "the rate counts bytes, not bits: write 1250k"),
        ("rate", "0", "leave the option out for no limit"), ("rate", "fast", None),
        ("rate", "99999999999G", None), ("rate", "2000000Gbit", None),
        ("port-range", "40000:40999", "write 40000-40999"), ("port-range", "20-10", "write 10-20"),
        ("port-range", "40000 - 40999", "write 40000-40999"), ("port-range", "10", "write 10-10"),
        ("port-range", "0-80", None), ("port-range", "1-2-3", None),
        ("port-range", "1024-", None), ("port-range", "-1023", None),
        ("source", "192.0.2.1:0", "write 192.0.2.1, without a port"),
        ("source", "192.0.2.1/24", "write 192.0.2.1, without the prefix length"),
        ("source", "192.0.2.1, ::1", "write a comma and no blank between two addresses"),
        ("source", "0.0.0.0", "leave the option out for any address"),
        ("source", "[::1]:0", "write the address without brackets and without a port"),
        ("external", "eth0", "a name is not looked up here, and for a network interface there is "
                             "the option interface"),
        ("source", "127.0.0.1,127.0.0.2", None),
        ("family", "ip4", "did you mean ipv4?"), ("family", "IPv6", "did you mean ipv6?"),
        ("log", "jurnal", "did you mean journal?"), ("log", "printer", None),
        ("log-level", "warn", "did you mean warning?"),
        ("auth", "pasword", "did you mean password?"),
        ("auth", "none,pasword", "did you mean password?"), ("auth", "none,none", None),
        ("proxy-protocol", "alice", "clients have no names"),
        ("family", "“ipv4”", "write plain quotes, not curly ones"),
        ("lifetime", "30\u00a0s", "write a plain space, not a no-break space"),
    ):
        got, = said(f"--{option}={value}")
        assert re.match(f'--{option}: found ".*", expected .', got), got
        check(got.partition("; ")[2], remedy or "", got)
    needs = said("--users")[0], said("--check=yes")[0]
    check(needs, ('option "--users" needs a value: write --users FILE; see picosocks5 --help',
                  'option "--check" takes no value: write --check; see picosocks5 --help'))
    check(said("\u2014check"),
          ['unexpected argument "\\xe2\\x80\\x94check": write plain hyphens, not a long dash'])


def source_of_no_family():
    for source, family, status in (("::1", "ipv4", 64), ("127.0.0.1", "ipv6", 64),
                                   ("127.0.0.1,::1", "ipv4", 0), ("127.0.0.1", "ipv4", 0),
                                   ("::1", "prefer-ipv4", 0), ("::1", "any", 0)):
        for words in (("--source", source, "--family", family),
                      ("--family", family, "--source", source)):
            got, _, err = run("--check", *words)
            check(got, status, err)
            assert not status or f"--source: family is {family}, so" in err, err
    assert said_of_file("\nsource ::1\nfamily ipv4\n")[0][0] == 2


def other_file_formats():
    without = "write the name, a space and the value, without = or :"
    for line, words in (
        ("family = ipv4", f"family: {without}"), ("family : ipv4", f"family: {without}"),
        ("family=ipv4", f'unknown option "family=": {without}'),
        ("family: ipv4", f'unknown option "family:": {without}'),
        ("[server]", 'unknown option "[server]": a file has no sections; leave this line out'),
        ("; comment", 'unknown option ";": a comment begins with #'),
        ("// comment", 'unknown option "//": a comment begins with #'),
        ("--family ipv4", 'unknown option "--family": in a file, write names without dashes'),
        ("- family ipv4", 'unknown option "-": in a file, write names without dashes'),
        ("alice:$2y$10$secret", 'unknown option "alice:": this is a line of a users file; '
                                "name that file with users"),
        ("allow from any \\", "allow: a \\ at the end: a line can't be continued on the next one"),
        ("socks4 yes", "socks4: this option takes no value: write its name alone, or leave the "
                       "line out"),
        ("family\u00a0ipv4", 'unknown option "family\\xc2\\xa0ipv4": write a plain space, not a '
                            "no-break space"),
        ("check", "check: this option is only allowed on the command line"),
        ('config ""', 'config: found "", expected the name of a file'),
    ):
        check(said_of_file(f"log none\n{line}\nfamily any\n", "--check")[:1], [(2, words)], line)
    mark = b"\xef\xbb\xbf"
    got = said_of_file(mark + b"family ipv4\nfamily ipv5\n")
    check([line for line, _ in got], [1, 2], got)
    assert "byte-order mark" in got[0][1], got
    same(("--config", tmp("crlf", "family ipv4\r\n\r\nlog none\r\n")),
         ("--family", "ipv4", "--log", "none"))


def long_mistakes():
    for n in scale((99, 101, 500, 5000), (100, 5000)):
        long = "\x01" * n
        for words, end in some([
            (("--family", long), "or prefer-ipv6"), (("--" + "x" * n,), "see picosocks5 --help"),
            (("--rate", long), "10M or 1G"), (("x" * n,), "see picosocks5(8)"),
            (("--allow", "from " + long), "clients have no names"),
            (("-c", tmp("conf", "x" * n + " 1\n")), "see picosocks5.conf(5)"),
            (("-c", tmp("conf2", "family " + long + "\n")), "or prefer-ipv6"),
        ]):
            status, out, err = run(*words)
            assert status in (64, 78), (n, words, status)
            assert err.endswith(end + "\n") and len(err) < 1500, (n, words, err)


def mistake_in_file():
    rows = bad_values()
    path = tmp("conf", "# a comment\n\n" + "".join(f'{o} "{v}"\n' for o, v, _ in rows))
    status, out, err = run("--config", path, "--check")
    check(status, 78)
    for line, (option, value, expected) in enumerate(rows, 3):
        said = [e for e in err.splitlines() if f"{path}:{line}: " in e]
        check(len(said), 1, f"messages about line {line} in {err}")
        assert option in said[0] and value[:20] in said[0], said
        assert any(w in said[0] for w in expected), said
    status, out, err = run("--config", path)
    check(status, 78)
    assert f"{path}:3: " in err, err
    for text, line in (("bogus\n", 1), ("log stderr\nbogus 1\n", 2), ("log \"stderr\n", 1),
                       ("log \"std\" \"err\"\n", 1), ("log stderr none\n", 1), ("log\n", 1),
                       ("log \"stderr\\\n", 1), ("\n\n\nlog \"stderr\"x\n", 4), ("1080\n", 1),
                       ("family \"ipv4\0\"\n", 1), ("--\n", 1), ("family ''\n", 1)):
        path = tmp("conf", text)
        status, out, err = run("--config", path)
        check(status, 78, f"{text!r} {err!r}")
        assert f"{path}:{line}" in err, (text, err)


def unreadable_file():
    os.mkdir(tmp("dir"))
    for path in tmp("none"), tmp("dir"), tmp("none/conf"), "":
        status, out, err = run("--config", path)
        check(status, 78 if path else 64, err)
        assert (f"--config: cannot open {path}: " if path else "the name of a file") in err, err
    got, = said("-c", tmp("none/conf"), status=78)
    assert got.endswith(f"; there is no folder {tmp('none')}"), got
    got, = said("-u", "alice", status=78)
    check(got, "--users: cannot open alice: No such file or directory; the option takes a file, "
               "not the name of a user")
    for options in ("--config", "/proc/self/environ"), ("--allow", "from @/proc/self/environ"):
        status, out, err = run(*options)  # of size 0, with something in it
        check(status, 78, err)
        assert "/proc/self/environ" in err and "longer" in err, err
    inner = tmp("inner", "config nowhere\n")
    outer = tmp("outer", f"\nconfig {inner}\n")
    status, out, err = run("--config", outer)
    check(status, 78, err)
    assert f"{inner}:1" in err and "nowhere" in err, err


def closed_to_user():
    if os.getuid() != 0:
        raise Skip("needs root, to run the program as another user")
    needs("setpriv")
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o711)
        conf, secret, hidden = (f"{folder}/{name}" for name in ("conf", "secret", "hidden"))
        with open(conf, "w") as f, open(secret, "w"):
            f.write("users secret\n")
        os.chmod(secret, 0o600)
        os.mkdir(hidden, 0o700)
        for path, mode, place, closed, right in (
            (conf, 0o644, f"{conf}:1: users", secret, "read it"),
            (conf, 0o600, "--config", conf, "read it"),
            (hidden + "/x", 0o644, "--config", hidden + "/x", f"enter the folder {hidden}"),
        ):
            os.chmod(conf, mode)
            err = subprocess.run(["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups",
                                  PROGRAM, "--config", path], stdin=subprocess.DEVNULL,
                                 capture_output=True, text=True).stderr
            want = f"{place}: cannot open {closed}: Permission denied; user 65534 needs the right"
            assert f"{want} to {right}\n" in err, err


def unreadable_file_serves_nobody():
    up = Listener()
    path = tmp("conf", "")
    inetd("--config", path).connect(up).close()
    os.remove(path)
    s = inetd("--config", path)
    check(s.rest()[0], b"")
    s.exits(78)
    path = tmp("half", "family ipv4\nfamily ipv5\n")
    s = inetd("--config", path)
    check(s.rest()[0], b"")
    s.exits(78)


def check_reports_all():
    path = tmp("conf", "family ipv5\nlog stderr\nmark x\nbogus\nlog-level loud\n")
    status, out, err = run("--check", "--config", path)
    check(status, 78)
    for line in 1, 3, 4, 5:
        assert f"{path}:{line}" in out + err, (line, out, err)
    assert f"{path}:2" not in out + err, out + err
    status, out, err = run("-t", "--mark", "x", "--family", "ipv5", "--log-level", "info")
    check(status, 64)
    assert "--mark" in out + err and "--family" in out + err, out + err


def check_prints_settings():
    status, plain, err = run("--check")
    check((status, err), (0, ""))
    for o in ("handshake-timeout", "connect-timeout", "idle-timeout", "lifetime", "family", "log",
              "log-level"):
        assert o in plain, (o, plain)
    for option, value in (("family", "ipv6"), ("log", "none"), ("log-level", "debug"),
                          ("connect-timeout", "7s"), ("source", "127.0.0.9"), ("interface", "lo"),
                          ("external", "192.0.2.7"), ("rate", "5000000"),
                          ("via", "127.0.0.9,rate:10M")):
        status, out, err = run("--check", "--" + option, value)
        check((status, err), (0, ""), option)
        assert out != plain, (option, "changes nothing")
        assert option == "rate" or any(option in line and value.rstrip("s") in line
                                       for line in out.splitlines()), (option, out)
        same(("--config", tmp("conf", f"{option} {value}\n")), ("--" + option, value))
    s = inetd("--check", fds={1: os.open("/dev/null", os.O_WRONLY)})
    check(s.rest()[0], b"", "told to the client")
    s.exits(0)
    # what the build has and lacks, as --version says it
    build, = [line for line in plain.splitlines() if line.startswith("# build: ")]
    assert build.partition(": ")[2] in run("--version")[1], build


def check_on_stderr():
    path = tmp("conf", "log none\nfamily ipv5\n")
    for words in (("--check", "--config", path), ("--config", path, "--check"), ("-tc", path),
                  ("--config", path, "--explain", "to 127.0.0.1"),
                  ("--log", "syslog", "-c", path, "-t")):
        status, out, err = run(*words)
        check(status, 78, str(words))
        assert f"{path}:2: family" in err, (words, err)
    null = open("/dev/null", "r+b", buffering=0)
    r0, w0 = os.pipe()  # descriptors as after a shell's `2>&1 | less`
    for stdin, words, status in ((null, ("-tc", path), 78), (r0, ("-tc", path), 78),
                                 (null, ("--bogus",), 64)):
        r, w = os.pipe()
        Process(words, {0: stdin, 1: w, 2: w}).exits(status)
        os.close(w)
        text = open(r).read()
        assert (f"{path}:2: family" if status == 78 else "--bogus") in text, (words, text)
    for pair in tcp_pair(), socket.socketpair():  # but the client gets nothing
        s = inetd("-tc", path, pair=pair, fds={2: pair[1]})
        check(s.rest()[0], b"")
        s.exits(78)


def check_warns():
    def warned(*options):
        status, out, err = run("--check", *options)
        check(status, 0, err)
        return [line.partition(": warning: ")[2] for line in err.splitlines()]

    for options, word in some([(("--proxy-protocol", "any"), "proxy-protocol"),
                               (("--proxy-protocol", "0.0.0.0/0"), "proxy-protocol"),
                               (("--proxy-protocol", "::/1,8000::/1"), "proxy-protocol"),
                               (("--proxy-protocol", "10.0.0.0/8,loopback,::1"), None),
                               (("--socks4",), None)]):
        got = warned(*options)
        check([w.split(":")[0] for w in got], ["--" + word] if word else [], str(options))
    if features()["crypt"]:
        users = users_file(f"alice:{SHA512}\n")
        for options, n in ((), 1), (("--auth", "none,password"), 0):
            got = warned("--socks4", "--users", users, *options)
            check(len([w for w in got if w.startswith("--socks4: it has no effect")]), n, str(got))
        for options, n in (("--auth", "chap"), 1), ((), 0), (("--auth", "none,chap"), 0):
            got = warned("--http", "--users", users, *options)
            check(len([w for w in got if w.startswith("--http: every request gets")]), n, str(got))
    placed = tmp("placed", "socks4\n\nproxy-protocol any\n")
    got = warned("--config", placed)
    check([w.partition(": every")[0] for w in got], [f"{placed}:3: proxy-protocol"])
    nets = tmp("nets", "192.0.2.0/24\n")
    conf = tmp("conf", "allow from @nets\n")

    def loose():
        return [w.split(": ")[0] for w in warned("--config", conf) if "others may write" in w]

    for mode, which in some([((0o622, 0o620), [conf, nets]), ((0o600, 0o644), []),
                             ((0o664, 0o644), [conf]),
                             ((0o644, 0o602), [nets])]):
        for path, m in zip((conf, nets), mode):
            os.chmod(path, m)
        check(loose(), which, f"files of modes {mode}")
    if os.getuid() == 0:
        os.chmod(conf, 0o600)
        os.chmod(nets, 0o600)
        os.chown(nets, 65533, 65533)
        check(loose(), [nets])


def order_of_options():
    conf = tmp("conf", "family ipv4\nrate 5\n")
    same(("--family", "ipv4", "--family", "ipv6"), ("--family", "ipv6"))
    same(("--config", conf), ("--family", "ipv4", "--rate", "5"))
    same(("--config", conf, "--family", "ipv6"), ("--family", "ipv6", "--rate", "5"))
    same(("--family", "ipv6", "--config", conf), ("--family", "ipv4", "--rate", "5"))
    same(("--family=ipv6", "-c", conf), ("--rate=5", "--family=ipv4"))
    both = tmp("both", f"rate 1\nconfig {conf}\nfamily any\n")
    same(("--config", both), ("--rate", "5"))


def nested_files():
    os.makedirs(tmp("d/e"))
    tmp("top", "config d/one\n")
    tmp("d/one", "config \"e/two\"\nconfig ../three\n")
    tmp("d/e/two", "family ipv4\n")
    tmp("three", "rate 3\n")
    same(("--config", tmp("top")), ("--family", "ipv4", "--rate", "3"))
    for n in range(1, 12):
        tmp(f"c{n}", f"config c{n + 1}\n")
    tmp("c8", "rate 8\n")
    same(("--config", tmp("c1")), ("--rate", "8"))
    tmp("c8", "config c9\n")
    tmp("c10", "rate 8\n")
    status, out, err = run("--config", tmp("c1"))
    check(status, 78, err)
    assert "deep" in err or "nest" in err or "8" in err, err
    loop = tmp("loop", "config loop\n")
    status, out, err = run("--config", loop)
    check(status, 78, err)
    assert f"{loop}:1" in err, err


def file_syntax():
    def reads(text, *options):
        check(settings("--config", tmp("conf", text)), settings(*options), repr(text))

    for text in ("family ipv4", "family ipv4\n", "  family   ipv4  \n", "\tfamily\tipv4\t\n",
                 'family "ipv4"\n', "# family ipv6\n\n   \n\t# x\nfamily ipv4 # family ipv6\n",
                 'family "ipv4" # "\n', "#\nfamily ipv4#comment\n", "#" * 5000 + "\nfamily ipv4\n"):
        reads(text, "--family", "ipv4")
    for text in "", "\n", "#", "# only a comment", "\n\n\n":
        reads(text)
    rule = "from @" + tmp("a#b", "loopback\n")
    reads(f'allow "{rule}"\n', "--allow", rule)
    tmp(r'with blanks, " and \ # in its name', "family ipv4\n")
    reads(r'config "with blanks, \" and \\ # in its name"' + "\n", "--family", "ipv4")
    reads("source 127.0.0.1,::1\nlog-level debug\n", "--source", "127.0.0.1,::1", "--log-level",
          "debug")


def flags_in_file():
    flags = {"http", "socks4"}
    if KIND not in ("sanitize", "valgrind"):
        flags.add("no-sandbox")
    for flag in help_options() & flags:
        in_file = settings("--config", tmp("conf", flag + "\n"))
        assert in_file == settings("--" + flag) != settings(), in_file
        path = tmp("conf", flag + " yes\n")
        status, out, err = run("--config", path)
        check(status, 78, err)
        assert f"{path}:1" in err, err


def times():
    options = "handshake-timeout", "connect-timeout", "idle-timeout", "lifetime"

    def is_(a):
        return settings(*(f"--{o}={a}" for o in options))

    for group in (("2h4m", "124m", "7440s", "7440", "1h64m", "2h3m60s", "7440000ms"),
                  ("1500ms", "1s500ms"), ("1d", "24h", "86400"), ("0", "0s", "0ms"),
                  ("90", "1m30s")):
        check(len({is_(a) for a in group}), 1, f"settings for {group}")
    check(len({is_(a) for a in ("0", "1ms", "1s", "1m", "1h", "1d", "90")}), 7)
    for option in options:
        all_bad(option,
                ["soon", "", " ", "-1", "+1", "1.5s", "1,5s", "5x", "s", "ms", "h2", "1 s", "1s ",
                 "0x10", "1S", "1sm", "99999999999999999999", "9999999999999d", "\u0665s"])
    check(settings("--idle-timeout", "2h4m"), settings(), "default idle timeout")
    check(settings("--handshake-timeout", "30s"), settings(), "default handshake timeout")
    check(settings("--connect-timeout", "30s"), settings(), "default connect timeout")
    check(settings("--lifetime", "0"), settings(), "default lifetime")


def limits_of_values():
    for option, last, first in some([
        *((t + "-timeout", "36500d", "36501d")
          for t in scale(("handshake", "connect", "bind", "idle"), ())),
        ("lifetime", "3153600000s", "3153600001"), ("lifetime", "36499d24h", "36500d1ms"),
        ("rate", "1000G", "1001G"), ("rate", "1000000000000", "1000000000001"), ("rate", "1", "0"),
        ("mark", "4294967295", "4294967296"), ("mark", "0xFFFFFFFF", "0x100000000"),
        ("mark", "0", "0x"),
        ("port-range", "1-65535", "0-65535"), ("port-range", "65535-65535", "1-65536"),
        ("interface", "x" * 15, "x" * 16), ("family", "ipv4", "IPV4"),
        ("source", "255.255.255.255,ffff::", "0.0.0.0"), ("external", "1.2.3.4,::1", "1.2.3.4,::"),
        ("allow", "port 1-65535", "port 65536"), ("deny", "user " + "x" * 255, "user " + "x" * 256),
        ("allow", "to 0.0.0.0/0,::/0,255.255.255.255/32,::/128", "to ::/129"),
    ]):
        status, out, err = run("--version", "--" + option, last)  # whether this host has it or not
        check(status, 0, err)
        status, out, err = run("--version", "--" + option, first)
        check(status, 64, f"{option} {first}")
        assert first in err or first.split()[-1][:100] in err, err
    longest = [f"--{o}=36500d"
               for o in ("handshake-timeout", "connect-timeout", "idle-timeout", "lifetime")]
    s = inetd(*longest, "--rate", "1000G")
    far = s.connect(Listener())
    flow(s, far, MIB)
    flow(far, s, MIB)
    far.close()
    s.shut().expect_end().ended("eof")


def rates():
    def is_(a):
        return settings("--rate", a)

    for group in (("1000", "1k"), ("1000k", "1M", "1000000"), ("1000M", "1G", "1000000000"),
                  ("250k", "250000")):
        check(len({is_(a) for a in group}), 1, f"settings for {group}")
    check(len({is_(a) for a in ("1", "1k", "1M", "1G")}), 4)
    all_bad("rate",
            ["x", "", "k", "-1", "1.5M", "1kb", "1 k", "1kk", "99999999999999999999", "0x10",
             "99999999999G", "1k5"])


def no_file_by_default():
    if KIND in ("sanitize", "valgrind"):
        raise Skip("their own files are many")
    needs("strace")
    conf = tmp("conf", "family ipv4\n")

    def opened(*options):
        trace = tmp("trace")
        command("strace", "-f", "-qq", "-e", "trace=open,openat", "-o", trace, PROGRAM, "--check",
                *options)
        with open(trace) as f:
            return [line for line in f if '"' in line and "ENOENT" not in line]

    named = opened("--config", conf)
    assert any(conf in line for line in named), named
    for line in opened():
        path = line.split('"')[1]
        assert "picosocks" not in path or path == PROGRAM, line
