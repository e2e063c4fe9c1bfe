# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that hash.bats plays, one for each @test."""

import glob
import os
import resource
import signal
import socket
import termios

from lib.chap import log_in_by_chap, turned_away_by_chap
from lib.peer import check, eventually
from lib.program import KIND, Process, Skip, classic, inetd, run, tmp
from lib.terminal import Typist
from lib.users import features, log_in, needs_hashes, some, turned_away, users_file
from lib.world import command, cover, isolate, needs

PREFIX = {"yescrypt": "$y$j9T$", "bcrypt": "$2y$10$", "sha512": "$6$rounds=100000$",
          "cram-md5": "{CRAM-MD5}"}
FIRST, SECOND = "Password for alice: ", "The same password again: "


def schemes_here():
    """The schemes that this build can compute."""
    has = features()
    here = ["yescrypt"] * has["yescrypt"] + ["bcrypt", "sha512"] * has["crypt"]
    return here + ["cram-md5"] * has["digest"]


def piped(text, *options, fds=None, name="alice"):
    """Runs --hash with the text in a pipe; (status, standard output, standard error)."""
    r, w = os.pipe()
    out = os.memfd_create("stdout")
    os.write(w, text if isinstance(text, bytes) else text.encode())
    os.close(w)
    p = Process(("--hash", name, *options), {0: r, 1: out, **(fds or {})})
    os.close(r)
    try:
        return p.wait(), os.pread(out, 1 << 16, 0), p.stderr()
    finally:
        os.close(out)


def hashed(text, *options, name="alice"):
    """The hash that --hash prints for this password."""
    status, out, err = piped(text, *options, name=name)
    check((status, err), (0, ""), f"--hash {options}")
    line = out.decode()
    assert line.startswith(name + ":") and line.endswith("\n") and line.count("\n") == 1, line
    return line[len(name) + 1:-1]


def cheap():
    """Options for the scheme that costs least here."""
    if features()["digest"]:
        return "--scheme", "cram-md5"
    needs_hashes("crypt")
    return "--scheme", "sha512"


def lets_in_only(path, name, passwd):
    log_in(inetd("--users", path), name, passwd).shut().expect_end()
    turned_away(inetd("--users", path), name, passwd[:-1])


def schemes():
    here = schemes_here()
    if not here:
        raise Skip("this build computes no hashes")
    for scheme in some(here):
        line = hashed("Pässwörd €\n", "--scheme", scheme)
        assert line.startswith(PREFIX[scheme]), line
        path = users_file(f"alice:{line}\n")
        status, out, err = run("--check", "--users", path, "--allow", "from local")
        check(status, 0, err)
        assert "1 user," in out and "second" not in err, (out, err)
        check("weak" in err, scheme == "cram-md5", err)
        lets_in_only(path, "alice", "Pässwörd €".encode())


def by_chap():
    needs_hashes("digest")
    for passwd in "Pässwörd €", "x" * 64, "x" * 65, "x" * 255:
        path = users_file("alice:" + hashed(passwd, "--scheme", "cram-md5") + "\n")
        options = "--users", path, "--auth", "chap"
        log_in_by_chap(inetd(*options), "alice", passwd).shut().expect_end()
        turned_away_by_chap(inetd(*options), "alice", passwd[:-1])


def best_scheme():
    best = [s for s in schemes_here() if s != "cram-md5"]
    if best:
        line = hashed("secret\n")
        assert line.startswith(PREFIX[best[0]]), line
    else:
        status, out, err = piped("secret\n")
        check((status, out), (71, b""))
        assert "this build can't compute hashes of yescrypt, bcrypt or sha512" in err, err


def other_programs():
    needs_hashes()
    needs("htpasswd", "perl")
    path = users_file("alice:" + hashed("correct horse", "--scheme", "bcrypt") + "\n")
    command("htpasswd", "-vb", path, "alice", "correct horse")
    for scheme in [s for s in schemes_here() if s != "cram-md5"]:
        line = hashed("correct horse", "--scheme", scheme)
        check(command("perl", "-e", "print crypt($ARGV[0], $ARGV[1])", "correct horse", line),
              line, scheme)
    needs("doveadm")
    for passwd in "correct horse", "x" * 64, "x" * 65, "x" * 255:
        line = hashed(passwd, "--scheme", "cram-md5")
        said = command("doveadm", "pw", "-t", line, "-p", passwd)
        assert "(verified)" in said, said
        check(command("doveadm", "pw", "-s", "CRAM-MD5", "-p", passwd).strip(), line)


def fresh_salts():
    needs_hashes("crypt")
    for scheme in [s for s in schemes_here() if s != "cram-md5"]:
        salts = {hashed("secret", "--scheme", scheme)[:len(PREFIX[scheme]) + 16]
                 for _ in range(3)}
        check(len(salts), 3, scheme)


def lines_of_pipe():
    needs_hashes("digest")
    want = hashed("secret", *cheap())
    for text in "secret\n", "secret\r\n", "secret\nmore\n", "secret\r\nmore":
        check(hashed(text, *cheap()), want, repr(text))
    for text in "secret\r", "sec\rret\n", " secret\n", "secret \n", "secret\t\n", "secre\n":
        assert hashed(text, *cheap()) != want, text
    r, w = os.pipe()
    os.write(w, b"first\nsecret\nthird\n")
    os.close(w)
    out = os.memfd_create("stdout")
    for _ in range(2):  # the second finds its line where the first has left off
        Process(("--hash", "alice", *cheap()), {0: r, 1: out}).exits(0)
    check(os.pread(out, 1 << 16, 0).decode().splitlines()[1], f"alice:{want}")
    check(os.read(r, 100), b"third\n", "what was not read")


def bad_passwords():
    cheapest = cheap()
    for text, words in (("", "no password"), ("\n", "empty"), ("\r\n", "empty"),
                        ("se\0cret\n", "NUL"), ("\0\n", "NUL"), ("x" * 256 + "\n", "255 bytes"),
                        ("x" * 256, "255 bytes"), ("x" * 60000, "255 bytes"),
                        ("x" * 255 + "\r\r\n", "255 bytes"), ("€" * 86, "255 bytes")):
        status, out, err = piped(text, *cheapest)
        check((status, out, len(err.splitlines())), (64, b"", 1), (text, err))
        assert words in err and "xxx" not in err and "se" + "\0" not in err, err
    for ending in "", "\n", "\r\n":
        assert hashed("x" * 255 + ending, *cheapest)
    if "bcrypt" in schemes_here():
        status, out, err = piped("x" * 73 + "\n", "--scheme", "bcrypt")
        check((status, out), (64, b""))
        assert "72 bytes" in err, err
        hashed("x" * 72 + "\r\n", "--scheme", "bcrypt")


def user_names():
    for name in ("", "#alice", "al:ice", ":", "al\nice", "alice\r", "\talice", "al\x1bice",
                 "alice\x7f", "n" * 256):
        status, out, err = piped("secret\n", name=name)
        check((status, out, len(err.splitlines())), (64, b"", 1), (name, err))
        assert "--hash: found" in err and "without a colon" in err, err
    cheapest = cheap()
    for name in some(["a", " alice ", "al#ice", "ålice", "alice@EXAMPLE.ORG", "n" * 255,
                      "a\"b\\c"]):
        path = users_file(f"{name}:" + hashed("secret", *cheapest, name=name) + "\n")
        lets_in_only(path, name, b"secret")


def misuse():
    for options, words in (
        (("--scheme", "sha512"), "--scheme: it has an effect only with --hash NAME"),
        (("--check", "--scheme", "sha512"), "--scheme: it has an effect only with --hash NAME"),
        (("--hash", "alice", "--scheme", "md5"),
         '--scheme: found "md5", expected yescrypt, bcrypt, sha512 or cram-md5'),
        (("--hash", "alice", "--scheme=sha"), "did you mean sha512?"),
        (("--hash", "alice", "--scheme", "SHA512"), "did you mean sha512?"),
        (("--hash", "alice", "s3cret"), "unexpected argument: --hash asks for the password"),
        (("s3cret", "--hash", "alice"), "unexpected argument: --hash asks for the password"),
        (("--adduser", "alice"), "`picosocks5 --hash NAME`"),
    ):
        status, out, err = run(*options)
        check((status, out, len(err.splitlines())), (64, "", 1), f"{options}: {err}")
        assert words in err and "s3cret" not in err, err
    status, out, err = run("--config", tmp("conf", "hash alice\nscheme sha512\n"))
    check(status, 78)
    assert "only allowed on the command line" in err, err
    status, out, err = piped("secret\n", "--config", tmp("conf", "family ipv5\n"))
    check((status, out), (78, b""), err)


def cannot_write():
    cheapest = cheap()
    r, w = os.pipe()
    os.close(r)
    ways = [(os.open("/dev/full", os.O_WRONLY), "No space left"), (w, "Broken pipe"),
            (os.open("/dev/null", os.O_RDONLY), "Bad file descriptor")]
    if KIND != "valgrind":  # which opens a file in the place of a descriptor that is closed
        ways.append((None, "Bad file descriptor"))
    for out, why in ways:
        status, _, err = piped("secret\n", *cheapest, fds={1: out})
        check(status, 71, err)
        check(err, f"picosocks5: can't write the line to standard output: {why}"
              + " on device" * (why[0] == "N") + "\n")
    full, (r, w), (said, err) = tmp("full", ""), os.pipe(), os.pipe()
    os.write(w, b"secret\n")
    os.close(w)
    with open(full, "ab") as out:  # the limit counts for every file, so the message goes to a pipe
        Process(("--hash", "alice", *cheapest), {0: r, 1: out, 2: err},
                limits={resource.RLIMIT_FSIZE: 0}).exits(71)
    assert b"File too large" in os.read(said, 1000)
    check(os.path.getsize(full), 0, "size of the file")


def no_library():
    needs_hashes()
    if "static" in run("--version")[1]:
        raise Skip("a static program is linked with them")
    isolate()
    for name in "libcrypt", "libmd":
        for lib in glob.glob(f"/lib/*/{name}.so.*") + glob.glob(f"/usr/lib/*/{name}.so.*"):
            if not os.path.islink(lib):
                cover(lib, "")
    for options, library in (((), "libcrypt.so.1"), (("--scheme", "bcrypt"), "libcrypt.so.1"),
                             (("--scheme", "cram-md5"), "libmd.so.0")):
        r, w = os.pipe()  # nobody writes a password into it
        out = os.memfd_create("stdout")
        p = Process(("--hash", "alice", *options), {0: r, 1: out})
        p.exits(71).says(library, "can't be loaded", "install", "libcrypt1")
        check(os.fstat(out).st_size, 0)


def appended():
    cheapest = cheap()
    for before, after in (("", ""), ("bob:x\n", "bob:x\n"), ("bob:x", "bob:x\n"),
                          ("bob:x\n\n", "bob:x\n\n"), ("#", "#\n")):
        path = tmp("users", before)
        with open(path, "ab") as out:
            piped("secret\n", *cheapest, fds={1: out})
        text = open(path).read()
        assert text.startswith(after + "alice:") and text.count("\n") == after.count("\n") + 1, text
        with open(path, "r+b") as out:  # not in append mode: the file is as its owner wants it
            piped("secret\n", *cheapest, fds={1: out})
        assert open(path).read().startswith("alice:")


def user_is_there():
    cheapest = cheap()
    path = users_file("# users\nbob:x\n\nalice:x\nalice:y\n")
    status, out, err = piped("secret\n", *cheapest, "--users", path)
    check((status, err),
          (0, f"picosocks5: warning: {path}:4: the user is there already, and the first line of a "
              "name counts; delete that line\n"))
    assert out.startswith(b"alice:"), out
    config = tmp("conf", f"users {path}\n")
    assert f"{path}:4: " in piped("secret\n", *cheapest, "--config", config)[2]
    for options in ("--users", path), ("--users", tmp("none")), ("--config", config):
        check(piped("secret\n", *cheapest, *options, name="carol")[::2], (0, ""), options)
    os.chmod(path, 0o666)
    err = piped("secret\n", *cheapest, "--users", path)[2]
    assert "warning: " in err and "others may write" in err, err
    err = piped("secret\n", *cheapest, "--users", tmp(""))[2]
    assert "warning: " in err and "not a regular file" in err, err


def sockets():
    s = inetd("--hash", "alice")
    s.expect_end()
    s.exits(64)
    assert "standard input is a connection" in s.stderr(), s.stderr()
    classic("--hash", "alice").expect_end().exits(64)  # nor does it get the message
    cheapest = cheap()
    mine, its = socket.socketpair()
    p = Process(("--hash", "alice", *cheapest), {0: its, 1: its},
                env={"SSH_CONNECTION": "192.0.2.7 1 192.0.2.1 22"})
    its.close()
    mine.sendall(b"secret\n")
    p.exits(0)
    assert mine.recv(1000).startswith(b"alice:"), "no line"


def typist(*options, **how):
    """A person who is asked for the first password."""
    return Typist("--hash", "alice", *cheap(), *options, **how).sees(FIRST)


def ends(t, state, words=""):
    """The program has ended so, and the terminal is as it was."""
    check(t.state(), str(state), f"end, with {t.stderr()!r}")
    check(t.settings(), t.before, "settings of the terminal")
    check(t.unread(), 0, "bytes for the next reader of the terminal")
    if words:
        assert words in t.stderr() and t.stderr().count("\n") == 1, t.stderr()
    if state:
        check(t.stdout(), "")
    t.leave()


def succeeds(t, said):
    """Types the password twice; the terminal has shown exactly this."""
    t.type("secret\n").sees(SECOND)
    assert not t.echoes()
    t.type("secret\n")
    check(t.state(), "0", t.stderr())
    t.sees("\r\n", said.count("\r\n"))
    check(t.said.decode(), said, "what the terminal has shown")
    check(t.stdout(), f"alice:{hashed('secret', *cheap())}\n")
    check(t.stderr(), "")
    check(t.settings(), t.before, "settings of the terminal")
    t.leave()


def at_terminal():
    needs_hashes("digest")  # whose hashes have no salt
    t = typist()
    assert not t.echoes()
    succeeds(t, f"{FIRST}\r\n{SECOND}\r\n")
    t = Typist("--hash", "ål\"ice", *cheap())
    t.sees("Password for \\xc3\\xa5l\\x22ice: ").type("secret\nsecret\n")  # both at once
    ends(t, 0)


def other_terminal():
    needs_hashes("digest")
    succeeds(typist(controls=False), f"{FIRST}\r\n{SECOND}\r\n")
    ends(typist(controls=False).type("sec").kill(signal.SIGTERM), -signal.SIGTERM)


def refused_at_terminal():
    cheap()
    for first, second, words in (("secret\n", "Secret\n", "the two passwords differ"),
                                 ("secret\n", "\n", "the two passwords differ"),
                                 ("secret\n", "x" * 300 + "\n", "the two passwords differ"),
                                 ("secret\n", "\4", "the two passwords differ"),
                                 ("\n", "", "empty"), ("\4", "", "no password"),
                                 ("x" * 300 + "\n", "", "255 bytes"),
                                 ("se\0cret\n", "", "NUL")):
        t = typist().type(first)
        if second:
            t.sees(SECOND).type(second)
        ends(t, 64, words)
    t = typist().type("x" * 300 + "\nrm -rf\n")
    ends(t, 64, "255 bytes")


def signals():
    cheap()
    _, hard = resource.getrlimit(resource.RLIMIT_CORE)
    if KIND != "valgrind":  # which writes a core file of its own
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))
    every = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT, signal.SIGALRM,
             signal.SIGUSR1, signal.SIGUSR2, signal.SIGVTALRM, signal.SIGPROF, signal.SIGIO,
             signal.SIGXCPU]
    for number in some(every):
        ends(typist().type("sec").kill(number), -number)
        ends(typist().type("secret\n").sees(SECOND).type("sec").kill(number), -number)
    ends(typist().type("sec\3"), -signal.SIGINT)
    ends(typist().type("sec\x1c"), -signal.SIGQUIT)


def _news(t, prompt, times):
    """The program asks again, and echoes nothing."""
    t.sees(prompt, times)
    eventually(lambda: not t.echoes(), "the echo is off")


def stopped():
    needs_hashes("digest")
    if KIND == "valgrind":
        raise Skip("a program under valgrind does not stop at a signal of its own")
    t = typist().type("sec\x1a")
    check(t.state(), "stopped")
    check(t.settings(), t.before, "settings while it is stopped")
    t.kill(signal.SIGCONT)
    _news(t, FIRST, 2)
    succeeds(t, f"{FIRST}\r\n{FIRST}\r\n{SECOND}\r\n")
    t = typist().type("secret\n").sees(SECOND).kill(signal.SIGTSTP)
    check(t.state(), "stopped")
    check(t.settings(), t.before, "settings while it is stopped")
    t.kill(signal.SIGCONT)
    _news(t, SECOND, 2)
    ends(t.type("secret\n"), 0)
    t = typist().kill(signal.SIGTSTP)
    check(t.state(), "stopped")
    ends(t.kill(signal.SIGTERM).kill(signal.SIGCONT), -signal.SIGTERM)


def in_background():
    needs_hashes("digest")
    if KIND == "valgrind":
        raise Skip("a program under valgrind does not stop at a signal of its own")
    t = Typist("--hash", "alice", *cheap(), foreground=False)
    check(t.state(), "stopped")
    check(t.settings(), t.before, "settings while it is in the background")
    check(t.said, b"")
    t.to_foreground().kill(signal.SIGCONT).sees(FIRST)
    succeeds(t, f"{FIRST}\r\n{SECOND}\r\n")


def stopped_by_force():
    cheap()
    t = typist().type("sec").kill(signal.SIGSTOP)
    check(t.state(), "stopped")
    termios.tcsetattr(t.slave, termios.TCSANOW, t.before)
    t.kill(signal.SIGCONT)
    _news(t, FIRST, 2)
    t.type("secret\n").sees(SECOND).type("secret\n")
    ends(t, 0)
    # What another program has set meanwhile stays as it is.
    t = typist().kill(signal.SIGSTOP)
    check(t.state(), "stopped")
    theirs = t.settings()
    theirs[3] &= ~termios.ICANON
    termios.tcsetattr(t.slave, termios.TCSANOW, theirs)
    t.before = t.settings()
    ends(t.kill(signal.SIGTERM).kill(signal.SIGCONT), -signal.SIGTERM)


def secrets():
    cheapest = cheap()
    secret = "Xy2-unspeakable-7Q"
    t = typist().type(secret + "\n").sees(SECOND)
    for name in "cmdline", "environ", "comm", "status":
        with open(f"/proc/{t.pid}/{name}", "rb") as f:
            assert secret.encode() not in f.read(), name
    t.type(secret + "x\n")
    check(t.state(), "64")
    assert secret not in t.stderr() + t.said.decode(), "it was shown"
    t.leave()
    for text in secret + "\0\n", secret * 20:
        status, out, err = piped(text, *cheapest)
        check(status, 64)
        assert secret not in err and secret.encode() not in out, err
