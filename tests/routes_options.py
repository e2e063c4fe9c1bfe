# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that routes_options.bats plays, one for each @test."""

import os
import socket

from lib.options import settings
from lib.peer import Listener, check
from lib.program import Skip, inetd, run, tmp
from lib.socks5 import GREETING, request
from lib.world import ip, isolate, names

PASSWORD = "ses%2came"  # no message may have it, nor what it decodes to
PARENT = f"socks5://bob:{PASSWORD}@127.0.0.1:9"


def said(*options, status=64):
    """The mistakes that --check reports."""
    found = run("--check", *options)
    check(found[:2], (status, ""), f"{options}: {found[2]}")
    hides(found[2])
    return found[2].splitlines()


def hides(text):
    for secret in PASSWORD, "ses,ame", "came":
        assert secret not in text, (secret, text)


def conf(name, text, mode=0o600):
    path = tmp(name, text)
    os.chmod(path, mode)
    return path


def mistakes():
    for value, words in (
            ("mark:x", 'found "x", expected a number'),
            ("interface:a/b", 'found "a/b", expected the name of a network interface'),
            ("family:ipv5", 'found "ipv5", expected any, ipv4, ipv6'),
            ("rate:1001G", 'found "1001G", expected at most 1000G'),
            ("rate:0", 'found "0", expected at most 1000G bytes per second, like 500k, 10M or 1G; '
             "write rate:1000G to lift the limit of the option rate"),
            ("socks5://h:65536", "expected the port of the parent"),
            (f"socks5://bob:{PASSWORD}", "expected the port of the parent"),
            (f"socks5://bob:{PASSWORD}@h:65536", 'found "65536", expected the port of the parent'),
            ("http://h", 'found "h", expected HOST:PORT'),
            ("socks5:path", "expected socks5://HOST:PORT, or socks5:/PATH"),
            ("nowhere", 'found "nowhere", expected one address of each family'),
            ("tor", 'found "tor", expected one address of each family'),
            ("", "found nothing, expected one address of each family"),
            ("same,192.0.2.1", "expected either same or an address, not both"),
            ("direct,socks5://h:1", "expected one parent at most"),
            ("same, direct", "expected a route without blanks"),
            (f"{PARENT},x", "expected one address of each family"),
            (f"socks5://bob:{PASSWORD}@h", 'found "h", expected HOST:PORT'),
            ("socks5://bob:ses,came@h:1",
             "expected USER:PASSWORD without a comma before the @"),
            ("http://b%3Aob:came@h:1", "expected USER:PASSWORD whose user has no colon"),
            ("socks5://bob:ses:came@h:1", "expected USER:PASSWORD before the @")):
        line, = said("--via", value)
        assert line.startswith(f"picosocks5: --via: {words}"), (value, line)
        path = conf("conf", f'\nvia "{value}"\n')
        line, = said("--config", path, status=78)
        assert line.startswith(f"picosocks5: {path}:2: via: {words}"), (value, line)
    # A URL without via, in a rule, a list and a question.
    urls = conf("urls", f"192.0.2.1\nhttp://bob:{PASSWORD}@h:1\nhttp://bob:ses came@h:1\n")
    for option, value in (("--allow", f"socks5://bob:{PASSWORD}@h:1"),
                          ("--allow", f"to http://bob:{PASSWORD}@h:1"),
                          ("--deny", f"to .example via {PARENT}"),
                          ("--allow", f"to @{urls}"),
                          ("--explain", f"to http://bob:{PASSWORD}@h:1"),
                          ("--explain", "to a.example http://bob:ses came@h:1")):
        status, _, err = run(option, value)
        assert status in (64, 78) and "expected " in err, (value, err)
        hides(err)


def password_on_command_line():
    for option, value in ("via", PARENT), ("allow", f"to 192.0.2.1 via http://a:{PASSWORD}@h:1"):
        for line in said(f"--{option}", value) + run(f"--{option}", value)[2].splitlines():
            assert f"--{option}: every user of this host can see the password" in line, line
            assert "write the option into a configuration file" in line, line
            hides(line)
        s = inetd(f"--{option}", value)
        check(s.rest()[0], b"")
        s.exits(64)
        hides(s.stderr())
    # The last one counts, and it is a mistake all the same.
    said("--via", PARENT, "--via", "direct")
    check(run("--check", "--via", "socks5://127.0.0.1:9")[0], 0)


def password_in_file():
    for option in f"via {PARENT}", f'allow "from local via {PARENT}"':
        name = option.split()[0]
        path = conf("conf", f"\n{option}\n", 0o644)
        for mode, words in ((0o644, "everybody may read this file"), (0o604, "everybody"),
                            (0o640, None), (0o600, None), (0o400, None)):
            os.chmod(path, mode)
            s = inetd("--config", path)
            if words:
                check(s.rest()[0], b"")
                s.exits(78)
                line, = said("--config", path, status=78)
                for text in line, s.stderr():
                    assert f"{path}:2: {name}: {words}" in text, text
                    assert "`chmod 640`" in text and "password of a parent" in text, text
                    hides(text)
            else:
                s.shut().expect_end().exits(0)
                check(run("--check", "--config", path)[0], 0, oct(mode))
        os.chmod(path, 0o644)
        check(run("--config", path, "--explain", "to 192.0.2.1")[0], 78, "--explain")
    if os.getuid():
        return
    for mode, owner, group, words in ((0o640, 64321, 0, "this file belongs to another user"),
                                      (0o640, 0, 64321, "a group other than the proxy's"),
                                      (0o600, 0, 64321, None)):
        os.chown(path, owner, group)
        os.chmod(path, mode)
        s = inetd("--config", path)
        if words:
            check(s.rest()[0], b"")
            s.exits(78)
            assert f"{path}:2: allow: {words}" in s.stderr(), s.stderr()
        else:
            s.shut().expect_end().exits(0)
        # Who asks is not the proxy's user, so only what everybody may read is a mistake.
        check(run("--config", path, "--explain", "to 192.0.2.1")[0], 0, "--explain")


def password_in_include():
    closed = conf("closed", f"via {PARENT}\n")
    check(run("--check", "--config", conf("open", f"config {closed}\nsocks4\n", 0o644))[0], 0)
    # What stands behind the include belongs to the first file again.
    path = conf("open", f"config {closed}\n\nallow \"via {PARENT}\"\nvia {PARENT}\n", 0o644)
    line, = said("--config", path, status=78)
    assert f"{path}:3: allow: everybody" in line, line
    os.chmod(closed, 0o644)
    os.chmod(path, 0o600)
    line, = said("--config", path, status=78)
    assert f"{closed}:1: via: everybody" in line, line


def password_is_masked():
    rule = f"from local via {PARENT},interface:lo@x"
    path = conf("conf", f'log-level debug\nvia {PARENT},rate:1M\nallow "{rule}"\n'
                f'allow "from 192.0.2.0/24 via {PARENT}"\n')
    status, out, err = run("--config", path, "--explain", "to 192.0.2.1")
    check((status, err), (0, ""))
    assert "via socks5://bob:***@127.0.0.1:9,interface:lo@x" in out, out
    hides(out)
    line = warnings("--config", path)[0]
    assert 'via socks5://bob:***@127.0.0.1:9,interface:lo@x": "lo@x" is not an interface' in line
    conf("conf", f'log-level debug\nvia {PARENT},rate:1M\nallow "{rule.partition(",")[0]}"\n'
         f'allow "from 192.0.2.0/24 via {PARENT}"\n')
    status, out, err = run("--check", "--config", path)
    check(status, 0, err)
    masked = PARENT.replace(PASSWORD, "***")
    for line in (f"via {masked},rate:1M", f'allow "from local via {masked}"',
                 f'allow "from 192.0.2.0/24 via {masked}"'):
        assert line in out.splitlines(), (line, out)
    assert f"via {masked}" in err, err  # the warning of private networks
    hides(out + err)
    s = inetd("--config", path)
    s.send(GREETING + request("192.0.2.1", 80))
    with open(f"/proc/{s.pid}/cmdline", "rb") as f:
        hides(f.read().decode("latin-1"))
    s.rest()
    s.exits(0)
    hides(s.stderr())


def leaves_from(want, *options, host="127.0.0.1"):
    there = Listener()
    s = inetd(*options, host=host)
    far = s.connect(there)
    check(there.peer[0], want, options)
    far.close()
    s.close()
    s.exits(0)


def completes():
    source = "--source", "127.0.0.2"
    for want, *options in (
            ("127.0.0.2", *source),
            ("127.0.0.3", *source, "--via", "127.0.0.3"),
            ("127.0.0.3", "--via", "127.0.0.3", *source),
            ("127.0.0.9", *source, "--via", "same"),
            ("127.0.0.2", *source, "--via", "rate:1M"),
            ("127.0.0.2", "--via", "same", "--via", "127.0.0.2"),
            ("127.0.0.4", *source, "--via", "same", "--allow", "via 127.0.0.4"),
            ("127.0.0.9", *source, "--via", "127.0.0.3", "--allow", "via same"),
            ("127.0.0.3", *source, "--via", "127.0.0.3", "--allow", "via rate:1M"),
            ("127.0.0.2", *source, "--allow", "via direct"),
            ("127.0.0.9", *source, "--via", "same", "--allow", "from local")):
        leaves_from(want, *options, host="127.0.0.9")


def direct():
    parent, there = Listener(), Listener()
    via = "--via", f"socks5://127.0.0.1:{parent.port},127.0.0.3"
    s = inetd(*via, "--allow", "to 127.0.0.1")
    s.send(GREETING + request("127.0.0.1", there.port))
    end = parent.accept()
    check(parent.peer[0], "127.0.0.3")
    end.expect(b"\5", "greeting to the parent")
    end.close()
    s.rest()
    s.exits(0)
    assert there.nobody_came()
    leaves_from("127.0.0.3", *via, "--allow", "to 127.0.0.1 via direct")
    assert parent.nobody_came()


def settings_as_given():
    path = conf("conf", "source 127.0.0.2\nfamily ipv4\n")
    plain = settings("--config", path).splitlines()
    for line in "source 127.0.0.2", "family ipv4":
        assert line in plain, (line, plain)
    for via in "direct", "same", "127.0.0.3,family:any,rate:5":
        status, out, err = run("--check", "--config", path, "--via", via)
        check(status, 0, err)
        lines = out.splitlines()[:-1]
        assert f"via {via}" in lines, (via, lines)
        check([line for line in lines if not line.startswith("via ")], plain, via)


def contradictions():
    def one(where, words, *options):
        line, = said(*options)
        assert line.startswith(f"picosocks5: {where}: {words}"), (options, line)

    one("--via", "family is ipv6, so this IPv4", "--via", "127.0.0.1", "--family", "ipv6")
    one("--via", "family is ipv4, so this IPv6", "--via", "::1,family:ipv4")
    one("--via", "family is ipv4, so this IPv6", "--via", "family:ipv4", "--source", "::1")
    one("--source", "family is ipv4, so this IPv6", "--source", "::1", "--family", "ipv4")
    one("--allow", '"via 127.0.0.1": family is ipv6, so this IPv4', "--allow", "to ::1",
        "--allow", "via 127.0.0.1", "--family", "ipv6")
    one("--allow", '"via family:ipv6": family is ipv6, so this IPv4', "--allow", "via family:ipv6",
        "--via", "127.0.0.1")
    path = conf("own", f'allow "user alice via ::1,socks5://bob:{PASSWORD}@h:1,family:ipv4"\n')
    line, = said("--config", path, status=78)
    check(line, f'picosocks5: {path}:1: allow: "user alice via ::1,socks5://bob:***@h:1,family:ipv4": '
          "family is ipv4, so this IPv6 address is never used: write an IPv4 address, or another "
          "family")
    tor = "--via", f"socks5:{tmp('tor')}"
    for item in "127.0.0.1", "same", "interface:lo", "mark:5":
        one("--allow", f'"via {item}": the option via leads to a unix socket', *tor,
            "--allow", f"via {item}")
        check(run("--version", *tor, "--allow", f"via {item},direct")[0], 0, item)
    check(run("--version", *tor, "--allow", "via family:ipv4,rate:1M")[0], 0)
    path = conf("conf", f'family ipv6\nvia same\nallow "via 127.0.0.1"\nvia socks5:{tmp("tor")}\n')
    line, = said("--config", path, status=78)
    assert line.startswith(f'picosocks5: {path}:3: allow: "via 127.0.0.1": the option via leads'), line
    # A session is not served, because it would leave in another way than intended.
    s = inetd("--via", "127.0.0.1", "--family", "ipv6")
    check(s.rest()[0], b"")
    s.exits(64)


def warnings(*options):
    status, _, err = run("--check", *options)
    check(status, 0, err)
    return err.splitlines()


def without_effect():
    for given, via in (("--source=127.0.0.1", "same"), ("--source=127.0.0.1", "127.0.0.2"),
                       ("--interface=lo", "interface:lo"), ("--family=any", "family:ipv4"),
                       ("--rate=1M", "rate:2M")):
        line, = warnings(given, "--via", via)
        name = given.partition("=")[0]
        check(line, f"picosocks5: warning: {name}: it has no effect, because via says something "
                    "else in its place")
    for options in (("--source", "127.0.0.1", "--via", "rate:1M"), ("--via", "same"),
                    ("--rate", "1M", "--via", "direct"), ("--family", "any")):
        check(warnings(*options), [])
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(tmp("tor"))
        s.listen()
        options = "--via", f"socks5:{tmp('tor')}", "--source", "127.0.0.1", "--rate", "1M"
        line, = warnings(*options)
        assert "warning: --source: it has no effect, because via leads to a unix socket" in line
        check(warnings(*options, "--allow", "from local via direct"), [])


def tries_sockets():
    if os.getuid():
        raise Skip("needs root")
    isolate()
    ip("""link add wire7 type veth peer name wire8
          addr add 198.51.100.1/24 dev wire7
          link set wire7 up""")
    until = "; what takes this route fails until it is"
    line, = warnings("--via", "interface:nope0", "--allow", "from local")
    check(line, 'picosocks5: warning: --via: "nope0" is not an interface of this host '
                f"(see ip link){until}")
    line, = warnings("--via", "198.51.100.9", "--allow", "from local")
    check(line, 'picosocks5: warning: --via: "198.51.100.9" is not an address of this host '
                f"(see ip address){until}")
    path = conf("conf", 'via 198.51.100.1\nallow "to 192.0.2.1 via 198.51.100.9"\n'
                'allow "to 192.0.2.2 via interface:nope0"\nallow "to 192.0.2.3 via same,rate:5"\n'
                'allow "to 192.0.2.4 via interface:wire7"\nallow "from local via direct"\n')
    lines = warnings("--config", path)
    check(lines, [f'picosocks5: warning: {path}:2: allow "to 192.0.2.1 via 198.51.100.9": '
                  f'"198.51.100.9" is not an address of this host (see ip address){until}',
                  f'picosocks5: warning: {path}:3: allow "to 192.0.2.2 via interface:nope0": '
                  f'"nope0" is not an interface of this host (see ip link){until}'])
    check(warnings("--interface", "wire7", "--allow", "from local via 198.51.100.1"), [])
    # Other modes do not ask the host.
    check(run("--config", path, "--explain", "to 192.0.2.1")[0], 0)


def tries_names():
    if os.getuid():
        raise Skip("needs root")
    isolate()
    names("192.0.2.7 parent.example\n")
    check(warnings("--via", "socks5://parent.example:1080",
                   "--allow", "from local via http://parent.example:3128"), [])
    lines = warnings("--via", "socks5://gone.example:1080",
                     "--allow", "from local via http://gone.example:3128,same")
    for line, where in zip(lines, ("--via", '--allow "from local via http://gone.example:3128,'
                                   'same"'), strict=True):
        assert line.startswith(f'picosocks5: warning: {where}: the parent "gone.example" can\'t '
                               "be looked up: "), line
    line, = said("--via", "socks5://[::1]:1080", "--family", "ipv4")
    check(line, 'picosocks5: --via: the parent "::1" is never used, because family excludes its '
                "address: write another family")
    line, = said("--allow", "from local via http://127.0.0.1:1,family:ipv6")
    assert 'the parent "127.0.0.1" is never used' in line, line


def tries_unix_sockets():
    path = tmp("tor")
    route = f"socks5:{path}"
    for options, where in ((("--via", route), "--via"),
                           (("--allow", f"from local via {route}"),
                            f'--allow "from local via {route}"')):
        line, = warnings(*options)
        check(line, f"picosocks5: warning: {where}: {path}: No such file or directory; clients get "
                    "reply 1 until the parent runs")
        tmp("tor", "")
        line, = said(*options)
        check(line, f"picosocks5: {where}: {path}: it is not a socket")
        os.unlink(path)
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(path)
            line, = warnings(*options)
            assert "Connection refused; clients get reply 1 until" in line, line
            s.listen()
            check(warnings(*options), [])
        os.unlink(path)
