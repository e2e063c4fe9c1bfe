# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that check.bats plays, one for each @test."""

import os
import pty
import re
import socket
import struct
import subprocess

from lib.peer import check
from lib.program import KIND, PROGRAM, Process, Skip, inetd, run, tmp
from lib.trace import lines, traced
from lib.users import SHA512, features, keytab, needs_hashes
from lib.world import command, cover, ip, isolate, names

USER = 64321  # of picosocks5 in these tests
PLACE = "/mnt"  # a folder that everybody may enter
RULES = "deny to private\nallow user *\n"


def place(name, text="", mode=0o600):
    """A file of root's that other users can reach."""
    path = os.path.join(PLACE, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as f:
        f.write(text)
    os.chmod(path, mode)
    return path


def world(user=True):
    """Makes a world with the user picosocks5, or without it, and an empty PLACE."""
    if os.getuid():
        raise Skip("needs root")
    isolate()
    names()
    for path, line in (("/etc/passwd", f"picosocks5:x:{USER}:{USER}::/:/usr/sbin/nologin\n"),
                       ("/etc/group", f"socks:x:{USER}:\n")):
        with open(path) as f:
            others = [one for one in f if not one.startswith(("picosocks5:", "socks:"))]
        cover(path, line * user + "".join(others))
    command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", PLACE)
    os.umask(0o022)


def environment(env):
    """What the program gets. A leak checker can't stop a process that has given up root's rights."""
    tools = {k: v for k, v in os.environ.items() if "SAN_OPTIONS" in k}
    if KIND == "sanitize":
        tools["ASAN_OPTIONS"] = tools.get("ASAN_OPTIONS", "") + ":detect_leaks=0"
    return {**tools, **env}


def checked(*options, env=()):
    """Runs --check as root does, without --as."""
    null, out = os.open("/dev/null", os.O_RDWR), os.memfd_create("stdout")
    p = Process(("--check", *options), {0: null, 1: out}, env=environment(dict(env)))
    found = p.wait(), os.pread(out, 1 << 20, 0).decode(), p.stderr()
    os.close(null)
    os.close(out)
    return found


def checked_by(number, *options, env=()):
    """Runs --check as another user does."""
    try:
        p = subprocess.run((PROGRAM, "--check", *options), stdin=subprocess.DEVNULL,
                           capture_output=True, text=True, user=number, group=number,
                           extra_groups=(), env=environment(dict(env)))
    except PermissionError as e:
        raise Skip("needs a build that other users may run") from e
    return p.returncode, p.stdout, p.stderr


def fine(found):
    """The verdict; there is nothing on descriptor 2."""
    check((found[0], found[2]), (0, ""))
    return found[1].splitlines()[-1]


def mistake(found, *words, status=78):
    """The only mistake has these words, and standard output has nothing."""
    check(found[:2], (status, ""), found[2])
    check(len(found[2].splitlines()), 1, found[2])
    for word in words:
        assert word in found[2], (word, found[2])


def verdict():
    def last(*options):
        status, out, err = run("--check", *options)
        check(status, 0, err)
        check(sum(": fine, " in line for line in out.splitlines()), 1)
        return out.splitlines()[-1]

    check(last(), "command line: fine, no rules, no warnings")
    one = tmp("one.conf", "allow from local\n")
    more = tmp("more.conf", f"config {one}\ndeny port 25\nallow from 192.0.2.0/24 to 192.0.2.1\n")
    check(last("--config", one), f"{one}: fine, 1 rule, no warnings")
    check(last("--config", more), f"{more}: fine, 3 rules, no warnings")
    check(last("-c", one, "--socks4"), f"{one}: fine, 1 rule, no warnings")
    check(last("-c", one, "-c", more, "-c", one), f"{one} and 2 more: fine, 5 rules, 2 warnings")
    check(last("--allow", ""), "command line: fine, 1 rule, 2 warnings")
    check(last("--allow", "from 192.0.2.0/24"), "command line: fine, 1 rule, 1 warning")
    odd = tmp('"odd"\n.conf', "")
    check(last("-c", odd), f"{tmp('')}\\x22odd\\x22\\x0a.conf: fine, no rules, no warnings")
    needs_hashes("crypt")
    users = tmp("users", f"alice:{SHA512}\n")
    os.chmod(users, 0o600)
    check(last("-c", one, "--users", users), f"{one}: fine, 1 user, 1 rule, no warnings")
    tmp("users", f"alice:{SHA512}\n# a comment\n\nbob:{SHA512}\n")
    check(last("-c", one, "--users", users), f"{one}: fine, 2 users, 1 rule, no warnings")
    tmp("users", "# nobody yet\n")
    check(last("-c", one, "--users", users), f"{one}: fine, no users, 1 rule, 1 warning")


def none_first():
    needs_hashes("crypt")
    users = tmp("users", f"alice:{SHA512}\n")
    os.chmod(users, 0o600)
    begin = "warning: --auth: most clients also offer none"
    for auth, rules, warned in (
            ("none,password", ("to .example.com", "user alice"), True),
            ("none,password", ("user alice", "from any to .example.com"), True),
            ("password,none", ("to .example.com", "user alice"), False),
            # The clients of one network need no name, and all others log in.
            ("none,password", ("from 192.0.2.0/24", "user alice"), False),
            ("none,password", ("from local", "user alice"), False),
            ("none,password", ("user alice",), False),
            ("none,password", (), False),
            ("none", ("to .example.com",), False)):
        rules = [word for rule in rules for word in ("--allow", rule)]
        status, out, err = run("--check", "--users", users, "--auth", auth, *rules)
        check((status, begin in err), (0, warned), f"{auth} {rules}: {err}")


def gssapi_first():
    if not features().get("gssapi"):
        raise Skip("this build has no gssapi")
    needs_hashes("crypt")
    users = tmp("users", f"alice:{SHA512}\n")
    os.chmod(users, 0o600)
    key = "--gssapi-keytab", keytab("socks/proxy.example.org@EXAMPLE.ORG")
    ticket = "can't go on without a ticket; list gssapi last"
    levels = "can't go on unless gssapi-levels is 0 and there is a ticket; list gssapi last"
    for auth, level, words in (("gssapi,password", "2,1", levels), ("gssapi,none", "2", levels),
                               ("gssapi,password", "0,2", levels), ("gssapi,none", "0", ticket),
                               ("chap,gssapi,password", "0", ticket), ("gssapi,chap", "2", None),
                               ("password,gssapi", "2", None), ("gssapi", "2,1", None)):
        status, out, err = run("--check", "--users", users, "--auth", auth, *key,
                               "--gssapi-levels", level, "--allow", "from local")
        check(status, 0, err)
        said = [line for line in err.splitlines() if "gssapi last" in line]
        check(len(said), 1 if words else 0, f"{auth} {level}: {err}")
        assert not words or said[0].startswith("picosocks5: warning: --auth: ") and \
            said[0].endswith(words), said


def silent_if_fine():
    null = os.open("/dev/null", os.O_RDWR)
    as_root = () if os.getuid() else ("--as", "root")
    conf = tmp("conf", "allow from local\n")
    check(Process(("--config", conf, "--check", *as_root), {0: null, 1: null}).exits(0).said(), "")


def only_mistakes():
    conf = tmp("conf", "allow from any\nsocks4\nauth password\nfamily ipv5\n")
    for options, said in (("--config", conf), [f"{conf}:3: auth", f"{conf}:4: family"]), \
            (("--allow", "from any", "--mark", "x"), ["--mark: "]):
        status, out, err = run("--check", *options)
        check((status, out), (64 if "--mark" in options else 78, ""))
        check(sorted(line.split(": ", 1)[1][:len(want)] for line, want in
                     zip(sorted(err.splitlines()), sorted(said))), sorted(said))
        check(len(err.splitlines()), len(said), err)
    needs_hashes("crypt", "digest")
    users = tmp("users", "weak:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\nbad\n")
    os.chmod(users, 0o600)
    mistake(run("--check", "--users", users), f"{users}:2: ")


def files_of_service():
    needs_hashes("crypt")
    world()
    users = place("users", f"alice:{SHA512}\n")
    nets = place("nets", "127.0.0.0/8\n")
    inner = place("inner", f"users {users}\nallow from @nets\n")
    conf = place("conf", f"\nconfig {inner}\n" + RULES)
    options = "--config", conf
    for path, where in ((conf, "--config: "), (inner, f"{conf}:2: config: "),
                        (nets, f"{inner}:2: allow: "), (users, f"{inner}:1: users: ")):
        found = checked(*options)
        check(found[:2], (78, ""))
        line, = [one for one in found[2].splitlines() if f": {where}" in one]
        for words in os.path.basename(path), "denied for user picosocks5 (chgrp socks, chmod 640)":
            assert words in line, (words, line)
        command("chgrp", "socks", path)
        command("chmod", "640", path)
    check(fine(checked(*options)).partition(": ")[2], "fine, 1 user, 3 rules, no warnings")
    check(checked_by(USER, *options)[0], 0)
    os.chmod(users, 0o644)
    os.chown(users, USER, USER)
    check(checked(*options)[0], 0)
    os.chown(users, 1, 1)  # of another user: root's process would not see this
    mistake(checked(*options), "another user")
    os.remove(nets)
    os.chown(users, 0, 0)
    mistake(checked(*options), f"{inner}:2: allow: ", "No such file")
    assert "picosocks5" not in checked(*options)[2].partition(": ")[2], checked(*options)


def closed_folder():
    world()
    conf = place("a/b/c/conf", "allow from local\n", 0o644)
    for folder in "a/b/c", "a/b", "a":
        os.chmod(os.path.join(PLACE, folder), 0o700)
        mistake(checked("--config", conf), "Permission denied for user picosocks5",
                f'may not enter the folder "{PLACE}/{folder}" (chmod o+x)')
    here = os.getcwd()
    os.chdir(os.path.dirname(conf))
    for name in "conf", "./conf", "../c/conf":  # the current folder is closed
        mistake(checked("--config", name), f"cannot open {name}: ", 'may not enter the folder "." (')
    os.chdir(here)
    for folder in "a", "a/b", "a/b/c":
        command("chmod", "o+x", os.path.join(PLACE, folder))
    fine(checked("--config", conf))


def access_control_list():
    world()
    conf = place("conf", "allow from local\n")

    def set_list(user, others):
        """Gives rights to root, to the service's user and to others; acl(5), in the kernel's form."""
        nobody = 0xFFFFFFFF
        entries = ((1, 6, nobody), (2, user, USER), (4, 0, nobody), (16, 4, nobody),
                   (32, others, nobody))
        os.setxattr(conf, "system.posix_acl_access", struct.pack("<I", 2) +
                    b"".join(struct.pack("<HHI", *entry) for entry in entries))

    mistake(checked("--config", conf), "Permission denied")
    set_list(4, 0)
    fine(checked("--config", conf))
    set_list(0, 4)
    mistake(checked("--config", conf), "Permission denied")


def as_user():
    world()
    conf = place("conf", "allow from local\n")
    mistake(checked("--config", conf, "--as", "nobody"), "Permission denied for user nobody (")
    fine(checked("--config", conf, "--as", "root"))
    os.chmod(conf, 0o644)
    for name, words in ("nobody2", "there is no user nobody2"), ("\n", "there is no user \\x0a"), \
            ("", 'found "", expected the name of a user'):
        mistake(checked("-c", conf, "--as", name), "--as: " + words, status=64)
    for name in "nobody", "picosocks5":
        fine(checked("--config", conf, "--as", name))
    fine(checked_by(USER, "--config", conf))
    fine(checked_by(USER, "--config", conf, "--as", "picosocks5"))
    fine(checked_by(65534, "--config", conf))
    mistake(checked_by(USER, "-c", conf, "--as", "nobody"), "only root", "user nobody", status=64)
    mistake(checked_by(USER, "-c", conf, "--as", "root"), "only root", "user root", status=64)
    os.chmod(conf, 0o600)
    mistake(checked_by(USER, "-c", conf), "denied for user picosocks5 (chgrp socks, chmod 640)")
    mistake(checked_by(65534, "-c", conf), "Permission denied (run --check as root")
    for more in (), ("--explain", "to 192.0.2.1"):
        mistake(run("--as", "root", *more), "--as: only --check", status=64)
    mistake(run("--config", place("inside", "as root\n")), "inside:1: as: ", "command line")


def without_user():
    world(user=False)
    status, out, err = checked("--config", place("conf", "allow from local\n"))
    check(status, 0)
    check(out.splitlines()[-1], f"{PLACE}/conf: fine, 1 rule, 1 warning")
    check(len(err.splitlines()), 1, err)
    assert "warning: files were tried as root" in err and "no user picosocks5" in err, err
    assert "systemd-sysusers" in err and "--as" in err, err
    mistake(checked("--as", "picosocks5"), "--as: there is no user picosocks5", status=64)
    mistake(checked("--mark", "x"), "--mark: ", status=64)


def credential():
    needs_hashes("crypt")
    world()
    users = place("etc/users", f"alice:{SHA512}\n")
    conf = place("etc/conf", f"users {users}\n" + RULES, 0o644)
    mistake(checked("--config", conf), f"{conf}:1: users: ", "(chgrp socks, chmod 640)",
            "fortress.conf", "--as root")
    fine(checked("--config", conf, "--as", "root"))
    # As the service's user in the unit; then as root, whose credential it is.
    for owner, start in (USER, lambda *o, **how: checked_by(USER, *o, **how)), (0, checked):
        copy = place(f"credentials{owner}/users", f"alice:{SHA512}\n", 0o400)
        folder = os.path.dirname(copy)
        for path in copy, folder:
            os.chown(path, owner, owner)
        os.chmod(folder, 0o500)
        line = fine(start("--config", conf, "--users", copy,
                          env={"CREDENTIALS_DIRECTORY": folder}))
        check(line, f"{conf}: fine, 1 user, 2 rules, no warnings")
        for variable in {}, {"CREDENTIALS_DIRECTORY": folder[:-1]}, {"CREDENTIALS_DIRECTORY": ""}:
            if not owner:
                mistake(start("--config", conf, "--users", copy, env=variable), "--users: ")
        # A path that leads out of the folder is no credential.
        mistake(checked("--config", conf, "--users", f"{folder}/../etc/users",
                        env={"CREDENTIALS_DIRECTORY": folder}), "--users: ", "Permission denied")
    mistake(checked_by(USER, "--config", conf), f"{conf}:1: users: ", "for user picosocks5")


def parent_password():
    world()
    for option in "via socks5://bob:sesame@192.0.2.1:1", \
                  'allow "from local via http://bob:sesame@192.0.2.1:1"':
        name = option.split()[0]
        conf = place("conf", f"{option}\n", 0o644)
        line = "this line has the password of a parent: "
        for mode, owner, group, words in (
                (0o644, 0, 0, "everybody may read this file, and " + line +
                 "run `chmod 640` and `chgrp socks` on it"),
                (0o644, 0, USER, "everybody may read this file"),
                (0o640, 0, USER, None), (0o440, USER, 0, None), (0o600, USER, 7, None),
                (0o660, USER + 1, USER, "this file belongs to another user than root and the "
                 "proxy's, and " + line + "run `chown root` on it")):
            os.chown(conf, owner, group)
            os.chmod(conf, mode)
            found = checked("--config", conf)
            if words:
                mistake(found, f"{conf}:1: {name}: {words}")
            else:
                fine(found)
            assert "sesame" not in found[1] + found[2], found
        # The group of an ACL or of another service lets its members read the password.
        os.chown(conf, USER, 7)
        os.chmod(conf, 0o640)
        mistake(checked("--config", conf), f"{conf}:1: {name}: a group other than the proxy's",
                "run `chgrp socks` on it")


def parent_socket():
    world()
    path = f"{PLACE}/tor/socks"
    os.mkdir(f"{PLACE}/tor", 0o700)
    conf = place("conf", f'\nallow "from local via socks5:{path}"\n', 0o644)
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(path)
        s.listen()
        for folder, mode in (0o700, 0o666), (0o755, 0o600):
            os.chmod(f"{PLACE}/tor", folder)
            os.chmod(path, mode)
            where = f'{conf}:2: allow "from local via socks5:{path}": {path}: Permission denied'
            mistake(checked("--config", conf), where, "for user picosocks5",
                    "add this user to the group of the socket")
            mistake(checked("--via", f"socks5:{path}"), "--via: ", status=64)
            fine(checked("--config", conf, "--as", "root"))
        os.chmod(path, 0o666)
        fine(checked("--config", conf))


def route_capabilities():
    world()
    conf = place("conf", 'via mark:5\nallow "from local via mark:6"\nallow "to 192.0.2.1"\n', 0o644)
    fine(checked("--config", conf, "--as", "root"))
    found = checked("--config", conf)
    check(found[0], 0, found[2])
    lines = [line for line in found[2].splitlines() if "CAP_" in line]
    for line, where in zip(lines, ("1: via", '2: allow "from local via mark:6"'), strict=True):
        assert f"warning: {conf}:{where}: mark needs CAP_NET_ADMIN, " in line, line


def source_and_interface():
    if os.getuid():
        raise Skip("needs root")
    isolate()
    ip("""link add wire7 type veth peer name wire8
          addr add 198.51.100.1/24 dev wire7
          addr add 2001:db8:7::1/64 dev wire7 nodad
          link set wire7 up""")
    conf = tmp("conf", "interface nope0\n\nsource 198.51.100.1,2001:db8:7::2\n")
    status, out, err = run("--check", "--config", conf)
    check((status, out), (78, ""))
    lines = err.splitlines()
    check(len(lines), 2, err)
    assert f'{conf}:1: interface: "nope0" is not an interface of this host' in lines[0], lines
    assert f'{conf}:3: source: "2001:db8:7::2" is not an address of this host' in lines[1], lines
    mistake(run("--check", "--source", "198.51.100.9"), "--source: ", status=64)
    mistake(run("--check", "--interface", "a\x01b"), '--interface: "a\\x01b"', status=64)
    for options in (("--interface", "wire7"), ("--source", "198.51.100.1"),
                    ("--source", "127.0.0.7"), ("--source", "198.51.100.1,2001:db8:7::1"),
                    ("--interface", "nope0", "--interface", "wire7"),
                    ("--config", conf, "--interface", "lo", "--source", "::1")):
        fine(run("--check", *options))
    command("ip", "link", "del", "wire7")
    check(run("--check", "--config", conf)[2].count("not an address"), 2)
    # Other modes do not ask the host.
    check(run("--config", conf, "--explain", "to 192.0.2.1")[2], "")


def capabilities():
    world()
    fine(checked("--mark", "5", "--as", "root"))
    fine(checked("--port-range", "80-90", "--as", "root"))
    fine(checked("--port-range", "40000-40999"))
    conf = place("conf", "\nmark 5\nport-range 80-90\n", 0o644)
    for found in checked("--config", conf), checked_by(USER, "--config", conf):
        check(found[0], 0, found[2])
        check(found[1].splitlines()[-1], f"{conf}: fine, no rules, 2 warnings")
        for line, where, need in zip(found[2].splitlines(), ("2: mark", "3: port-range"),
                                     ("CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE")):
            assert f"warning: {conf}:{where}: needs {need}, " in line, line
            assert f"AmbientCapabilities={need} and CapabilityBoundingSet={need}" in line, line


def process_id():
    def terminal(*options):
        ours, theirs = pty.openpty()
        null = os.open("/dev/null", os.O_RDWR)
        fds = {0: null, 1: null, 2: theirs} if options else {0: theirs, 1: null, 2: theirs}
        p = Process(options, fds)
        check(p.wait(), 64, str(options))
        os.close(null)
        said = os.read(ours, 65536).decode()
        os.close(ours)
        os.close(theirs)
        return said

    for options in (("--bogus",), ("--check", "--bogus"), ("--explain", "bogus"), ()):
        said = terminal(*options)
        assert re.match(r"picosocks5: [^[]", said), said
    for options in ("--check", "--mark", "x"), ("--check", "--allow", ""), ("--explain", "x"):
        said = run(*options)[2]
        assert re.match(r"picosocks5: [^[]", said), said
    assert re.match(r"picosocks5\[\d+\]: --mark: ", run("--mark", "x")[2])  # a superserver's log
    s = inetd()
    s.shut().expect_end().exits(0)
    assert re.match(rf"picosocks5\[{s.pid}\]: client=", s.stderr()), s.stderr()


def levels():
    for options, level in (("--check", "--mark", "x"), 3), (("--check", "--allow", "from any"), 4):
        stream = tmp("stream", "")
        err, null = os.open(stream, os.O_WRONLY | os.O_APPEND), os.open("/dev/null", os.O_RDWR)
        st = os.fstat(err)
        as_root = () if os.getuid() else ("--as", "root")
        Process((*options, *as_root), {0: null, 1: null, 2: err},
                env={"JOURNAL_STREAM": f"{st.st_dev}:{st.st_ino}"}).wait()
        with open(stream) as f:
            lines = f.read().splitlines()
        assert lines and all(line.startswith(f"<{level}>") for line in lines), lines


def session_stays():
    world()
    traced("trace=%creds,open,openat,exit_group")
    s = inetd("--config", place("conf", "allow from local\n"))
    s.shut().expect_end().exits(0)
    found = lines(s)
    assert any(f'"{PLACE}/conf"' in line for line in found), found
    check([line for line in found if re.search(r"\bset\w*[ug]id|setgroups|/etc/passwd|/etc/group", line)], [])
