# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that users.bats plays, one for each @test."""

import glob
import os
import re
import resource

from lib.options import help_options
from lib.peer import Listener, check, scale
from lib.program import EVERY_WAY, KIND, Skip, TMP, inetd, pipes, run, tmp, unix
from lib.socks5 import GREETING, NONE_ACCEPTABLE, read_reply, request
from lib.users import (APR1, BCRYPT, CRAM_MD5, SHA1, SHA512, doveadm, features, htpasswd, lets_in,
                       log_in, mkpasswd, needs_hashes, offer_password, some, turned_away, userpass,
                       users_file)
from lib.world import command, cover, isolate, needs

# The digits of {CRAM-MD5} for the empty password.
EMPTY = "00747cf2ffaf11c5ea4a64979c3901fc1d20dee13f480bb598f7d8575b23e61b"


def htpasswd_hashes():
    needs_hashes()
    up = Listener()
    for flag in "B", "m", "s", "2", "5", "d":
        passwd = "Tr0ub4d&" if flag == "d" else "correct horse"
        path = users_file("other:x\n" + htpasswd(flag, "alice", passwd) + "\n")
        s = log_in(inetd("--users", path), "alice", passwd)
        s.shut().expect_end()
        turned_away(inetd("--users", path), "alice", "Correct horse")
    for flag, start in ("B", inetd), ("m", pipes):
        path = users_file(htpasswd(flag, "alice", "correct horse"))
        lets_in(path, "alice", "correct horse", start, up)


def crypt_hashes():
    needs_hashes("crypt")
    known = 0
    for method in some(["bcrypt", "bcrypt-a", "sha256crypt", "sha512crypt", "yescrypt",
                        "gost-yescrypt", "scrypt", "sha1crypt", "sunmd5", "md5crypt", "bsdicrypt",
                        "descrypt", "nt"]):
        hashed = mkpasswd(method, "secret!")
        if not hashed:
            continue
        if run("--check", "--users", users_file(f"u:{hashed}\n"))[0] == 78:
            assert method not in ("sha512crypt", "md5crypt"), method
            continue  # not in this program's crypt
        known += 1
        log_in(inetd("--users", users_file(f"u:{hashed}\n")), "u", "secret!").shut().expect_end()
        turned_away(inetd("--users", users_file(f"u:{hashed}\n")), "u", "Secret!")
    assert known >= scale(4, 1), known


def openssl_hashes():
    needs_hashes()
    needs("openssl")
    for kind in "-1", "-5", "-6", "-apr1":
        for passwd in some(["Pässwörd €", "x", "a" * 64, "b" * 200]):
            path = users_file("u:" + command("openssl", "passwd", kind, passwd))
            log_in(inetd("--users", path), "u", passwd).shut().expect_end()
            turned_away(inetd("--users", path), "u", passwd + "y")


def doveadm_hashes():
    needs_hashes("digest")
    up = Listener()
    for passwd in some(["Pässwörd €", "x", "a" * 64, "a" * 65, "b" * 255]):
        hashed = doveadm("-s", "CRAM-MD5", "-p", passwd)
        path = users_file(f"other:{SHA1}\nu:{hashed}\nupper:{hashed[:10]}{hashed[10:].upper()}\n")
        log_in(inetd("--users", path), "u", passwd).shut().expect_end()
        log_in(inetd("--users", path), "upper", passwd).shut().expect_end()
        turned_away(inetd("--users", path), "u", passwd[:-1] + "y")
    lets_in(users_file(f"alice:{CRAM_MD5}\n"), "alice", "secret", inetd, up)


def turned_away_each():
    needs_hashes()
    seventy_two = "p" * 72
    path = users_file(f"alice:{BCRYPT}\nsha:{SHA1}\nempty:$apr1$saltsalt$a8ml/vK5HEjiZ5oypDWA7/\n"
                      f"cram:{CRAM_MD5}\n" + htpasswd("B", "long", seventy_two))
    for name, passwd in some([("alice", "Secret"), ("alice", "secret "), ("alice", ""),
                              ("alice", b"secret\0"), ("alice", b"secret\0x"), ("alice", b"\0"),
                              ("sha", b"\0secret"), ("cram", ""), ("cram", b"secret\0"), ("sha", "x" * 255), ("empty", ""),
                              ("empty", b"\0"), ("", "secret"), ("", ""), ("bob", "secret"),
                              ("Alice", "secret"), ("alic", "secret"), ("alice ", "secret"),
                              (b"alice\0", "secret"), (b"alice\0x", "secret"),
                              ("n" * 255, "p" * 255), (b"\xff\xfe", "secret"),
                              ("long", seventy_two + "x"), ("long", seventy_two[1:]),
                              ("alice:" + BCRYPT, "secret"), ("x\nalice", "secret"),
                              ("alice", BCRYPT)]):
        turned_away(inetd("--users", path), name, passwd)
    log_in(inetd("--users", path), "long", seventy_two)
    log_in(inetd("--users", path), "sha", "secret")
    log_in(inetd("--users", path), "alice", "secret")


def lines_of_file():
    needs_hashes()
    other = htpasswd("m", "x", "other").split(":")[1]
    path = users_file(f"# comment:{SHA1}\r\n\r\n\n#alice:{other}\nalice:{SHA1}:Alice Liddell:x\r\n"
                      f"alice:{other}\n sp ace :{SHA1}\nlast:{BCRYPT}")
    log_in(inetd("--users", path), "alice", "secret")
    turned_away(inetd("--users", path), "alice", "other")
    turned_away(inetd("--users", path), "#alice", "other")
    turned_away(inetd("--users", path), "# comment", "secret")
    log_in(inetd("--users", path), " sp ace ", "secret")
    log_in(inetd("--users", path), "last", "secret")
    log_in(inetd("--users", path), "last", "secret")


def last_of_many():
    needs_hashes("digest")
    path = users_file("".join(f"user{i}:{'x' * (i % 90)}\n" for i in range(scale(100000, 5000)))
                      + f"last:{SHA1}\n")
    log_in(inetd("--users", path), "last", "secret")
    turned_away(inetd("--users", path), "user4999", "secret")


def no_hash():
    needs_hashes()
    for bad in some(["secret", "plaintext", "pl", "", "*", "!" + SHA512, "$6$", SHA512[:-1],
                     SHA512 + "x", SHA512 + " ", "$2y$05$" + "x" * 53, BCRYPT[:-1] + "v",
                     "$2x" + BCRYPT[3:], "$9$a$b", "{SSHA}" + SHA1[5:], "{sha}" + SHA1[5:],
                     SHA1[:-1], SHA1 + "=", CRAM_MD5[:-1], CRAM_MD5 + "0",
                     "{CRAM-MD5}" + EMPTY, APR1[:-1] + "z", "$apr1$$" + APR1[-22:],
                     "$5$rounds=10$salt$" + SHA512[20:63], "ab"]):
        path = users_file(f"# users\nalice:{bad}\nbob:{SHA1}\nalice:{SHA1}\n")
        for passwd in "secret", bad or "x":
            s = turned_away(inetd("--users", path), "alice", passwd)
            assert re.search(f"{re.escape(path)}:2: .*hash.*; ", s.stderr()), (bad, s.stderr())
            assert bad not in s.stderr() or len(bad) < 4, s.stderr()
        log_in(inetd("--users", path), "bob", "secret")
    s = turned_away(inetd("--users", users_file("alice\nbob:x\n")), "alice", "secret")
    assert "users:1" not in s.stderr(), s.stderr()


def request_for_password():
    up = Listener()
    path = users_file(f"alice:{SHA512}\n")

    def keeps_out(*said, hears=b""):
        s = inetd("--users", path)
        offer_password(s)
        for piece in said:
            s.send(piece)
        s.shut().expect_end(data=hears).exits(0)
        assert s.log["end"] in ("protocol", "eof"), s.log
        assert up.nobody_came()

    ask = request(up.host, up.port)
    keeps_out(ask)
    keeps_out(ask * 50)
    keeps_out()
    keeps_out(b"\1")
    keeps_out(b"\1\5alice")
    keeps_out(b"\1\5alice\6secre")
    keeps_out(GREETING + ask)
    for version in 0, 2, 4, 5, 255:
        keeps_out(userpass("alice", "secret", version) + ask)


def request_behind_wrong_password():
    up = Listener()
    path = users_file(f"alice:{SHA512}\n")
    ask = request(up.host, up.port)
    log_in_again = userpass("alice", "secret") + ask
    for behind in ask, log_in_again, b"\5\1\2" + log_in_again, GREETING + ask:
        for start in some(EVERY_WAY):
            s = start("--users", path)
            s.send(b"\5\1\2" + userpass("alice", "wrong") + behind)
            s.expect_end(data=b"\5\2\1\1").exits(0)
            assert up.nobody_came()


def none_not_chosen():
    up = Listener()
    path = users_file(f"alice:{SHA512}\n")
    ask = request(up.host, up.port)
    for methods in b"\0", b"", b"\1", b"\0\1\3\x80\xff", bytes(set(range(256)) - {2}):
        s = inetd("--users", path)
        s.send(bytes([5, len(methods)]) + methods + ask)
        s.expect_end(data=NONE_ACCEPTABLE).ended("auth")
    for methods in b"\0\2", b"\2\0", bytes(range(255)), b"\0" * 100 + b"\2":
        s = inetd("--users", path)
        s.send(bytes([5, len(methods)]) + methods + ask)
        s.shut().expect_end(data=b"\5\2").exits(0)
    assert up.nobody_came()
    s = inetd("--users", path)
    s.send(b"\4\1" + ask[8:10] + ask[4:8] + b"alice\0").expect_end().ended("protocol")
    if "socks4" in help_options():
        s = inetd("--users", path, "--socks4")
        s.send(b"\4\1" + ask[8:10] + ask[4:8] + b"alice\0")
        got, _ = s.rest()
        assert got[:2] != b"\0\x5a", got
    assert up.nobody_came()


def password_all_at_once():
    needs_hashes("digest")
    up = Listener()
    path = users_file(f"alice:{SHA1}\n")
    said = b"\5\2\0\2" + userpass("alice", "secret") + request(up.host, up.port) + b"early"
    for split in len(said), 1, 7:
        s = inetd("--users", path)
        s.send_split(said, split)
        s.expect(b"\5\2\1\0")
        check(read_reply(s).code, 0, "reply")
        far = up.accept().expect(b"early")
        far.close()
        s.expect_end()
        s.shut().ended("eof", user="alice")


def order_of_methods():
    needs_hashes("digest")
    path = users_file(f"alice:{SHA1}\n")
    for auth, methods, chosen in (("none,password", b"\0\2", 0), ("none,password", b"\2", 2),
                                  ("password,none", b"\0\2", 2), ("password,none", b"\0", 0)):
        s = inetd("--users", path, "--auth", auth)
        s.send(bytes([5, len(methods)]) + methods).expect(bytes([5, chosen]), auth)
        if chosen == 2:
            s.send(userpass("alice", "secret")).expect(b"\1\0")


def always_a_hash():
    needs_hashes("crypt")

    def cost(name, passwd):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        turned_away(inetd("--users", path), name, passwd).close()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime - before.ru_utime

    needs("htpasswd")
    path = users_file(command("htpasswd", "-nbBC", scale("11", "8"), "alice", "secret")
                      + "bad:plain\n")
    wrong = min(cost("alice", "wrong") for _ in range(3))
    for name, passwd in (("bob", "secret"), ("", "secret"), ("", ""), ("alice", ""),
                         ("alice", b"\0"), ("alice", "p" * 73), ("bad", "plain"), ("#", "x"),
                         (b"a\0b", "x")):
        spent = cost(name, passwd)
        assert spent > wrong / 2, (f"{name!r}, {passwd!r}: {spent} s of CPU, "
                                   f"a wrong password takes {wrong}")


def slow_hash():
    needs_hashes("crypt")
    if KIND == "valgrind":
        raise Skip("valgrind runs one thread at a time, and the hash holds up the other")
    path = users_file("alice:" + BCRYPT.replace("$05$", "$17$") + "\n")
    for start in inetd, unix, pipes:
        s = start("--users", path, "--handshake-timeout", "500ms")
        s.send(b"\5\1\2").expect(b"\5\2").send(userpass("alice", "secret") + bytes(1000))
        s.ended("timeout")  # the client stays, but the session neither waits for it nor reads
        took = float(s.log["time"])
        assert 0.5 <= took < 2.4, f"{took} s, while the hash went on"


def library_on_demand():
    needs_hashes()
    if "static" in run("--version")[1]:
        raise Skip("a static program is linked with them")

    def loaded(s):
        with open(f"/proc/{s.pid}/maps") as f:
            text = f.read()
        return {n for n in ("libcrypt", "libmd", "libsystemd") if f"/{n}.so" in text}

    path = users_file(f"sha:{SHA1}\napr:{APR1}\nbc:{BCRYPT}\n")
    s = inetd("--users", path)
    offer_password(s)
    check(loaded(s), set(), "before the password")
    for name, want in ("sha", {"libmd"}), ("apr", {"libmd"}), ("bc", {"libcrypt"}):
        s = log_in(inetd("--users", path), name, "secret")
        check(loaded(s), want, name)
    s = inetd("--users", path, "--auth", "none,password")
    s.greet()
    check(loaded(s), set(), "without a password")


def library_missing():
    needs_hashes()
    if "static" in run("--version")[1]:
        raise Skip("a static program is linked with them")
    isolate()
    path = users_file(f"alice:{BCRYPT}\nsha:{SHA1}\n")
    for name in "libcrypt", "libmd":
        for lib in glob.glob(f"/lib/*/{name}.so.*") + glob.glob(f"/usr/lib/*/{name}.so.*"):
            if not os.path.islink(lib):
                cover(lib, "")
    for user, library in ("alice", "libcrypt"), ("sha", "libmd"):
        s = inetd("--users", path)
        offer_password(s).send(userpass(user, "secret")).expect(b"\1\1", "status").expect_end()
        s.ended("auth", user=user, error="the password can't be checked")
        assert library in s.stderr() and path in s.stderr(), s.stderr()
    # An outsider can't tell whether a user exists: for an unknown name the first hash is computed.
    turned_away(inetd("--users", path), "nobody", "secret")
    status, _, err = run("--check", "--users", path)
    check(status, 78, err)
    assert "libcrypt" in err and "libmd" in err, err


def unsafe_file():
    os.umask(0)
    good = users_file(f"alice:{SHA512}\n")

    def refuses(path, *words):
        for methods in (), ("--auth", "none,password"):
            s = inetd("--users", path, *methods)
            s.send(b"\5\1\2").rest()
            s.exits(78).says(path, *words)
        status, _, err = run("--check", "--users", path)
        check(status, 78, err)
        config = tmp("conf", f"# users\nusers {path}\n")
        status, _, err = run("--check", "--config", config)
        check(status, 78, err)
        assert f"{config}:2: users" in err, err

    for mode in some([0o660, 0o606, 0o620, 0o602, 0o666, 0o777, 0o642]):
        os.chmod(good, mode)
        refuses(good, "others may write", "chmod go-w")
    for mode in some([0o400, 0o440, 0o600, 0o640, 0o700]):
        os.chmod(good, mode)
        offer_password(inetd("--users", good))
        assert "read it" not in run("--check", "--users", good)[2], f"mode {mode:o}"
    for mode in 0o444, 0o644, 0o604:
        os.chmod(good, mode)
        offer_password(inetd("--users", good))
        err = run("--check", "--users", good)[2]
        # Where the hash can't be computed, that is a mistake, and --check prints no warning.
        warned = "warning" in err and "read it" in err
        check(warned, bool(features().get("crypt")), err)
    refuses(TMP, "regular file")
    refuses(TMP + "/missing", "No such file")
    os.mkfifo(TMP + "/fifo", 0o600)
    refuses(TMP + "/fifo", "regular file")
    refuses("/dev/null", "regular file")
    os.symlink("users", TMP + "/link")
    os.chmod(good, 0o600)
    offer_password(inetd("--users", TMP + "/link"))


def file_of_others():
    path = users_file(f"alice:{SHA512}\n")
    try:
        os.chown(path, 65533, 65533)
    except OSError as e:
        raise Skip(f"can't give files away: {e}")
    s = inetd("--users", path)
    s.send(b"\5\1\2").rest()
    s.exits(78).says(path, "another user", "root")


def file_cut_short():
    path = users_file("".join(f"user{i}:{SHA512}\n" for i in range(5000)))
    s = inetd("--users", path)
    offer_password(s)
    os.truncate(path, 3)
    s.send(userpass("user4999", "secret")).expect_end(data=b"\1\1").ended("auth")


def check_names_bad_lines():
    needs_hashes()
    path = users_file(f"# users\nalice:{BCRYPT}\nalice:{SHA512}\nplain:s3cr3t-text\n"
                      f"nocolon s3cr3t\n:{BCRYPT}\nnone:\nodd:$9$a$b\ncut:{SHA512[:-3]}\n"
                      f"{'n' * 256}:{BCRYPT}\nblank:{CRAM_MD5[:10]}{EMPTY}\nfine:{APR1}\n")
    status, out, err = run("--check", "--users", path, "--allow", "from local")
    check(status, 78, err)
    lines = err.splitlines()
    for line, words in ((3, ("alice", "line 2", "; remove one")),
                        (4, ("plain", "plain text", "; make one")),
                        (5, ("no colon", "; write name:hash")),
                        (6, ("no user name", "; write name:hash")),
                        (7, ("none", "no password hash", "; make one")),
                        (8, ("odd", "unknown", "; make one")),
                        (9, ("cut", "malformed", "$6$", "; copy")),
                        (10, ("255", "; use a shorter")),
                        (11, ("blank", "empty password", "; make one"))):
        said = [text for text in lines if f"{path}:{line}: " in text]
        check(len(said), 1, f"messages on line {line} in {err}")
        for word in words:
            assert word in said[0], (word, said[0])
    check(len(lines), 9, err)
    assert "s3cr3t" not in err and "s3cr3t" not in out, err


def check_warns():
    needs_hashes()
    path = users_file(f"sha:{SHA1}\ndes:7vzstWOi/4y2g\nmd5:$1$VtE64bY8$POM71QZh1A9L9nrKMsIMi0\n"
                      f"slow:{BCRYPT.replace('$05$', '$17$')}\n blank:{BCRYPT}\nfine:{BCRYPT}\n"
                      f"cram:{CRAM_MD5}\n")
    status, _, err = run("--check", "--users", path, "--allow", "from local")
    check(status, 0, err)
    for line, word in (1, "weak"), (2, "weak"), (3, "weak"), (4, "second"), (5, "blank"), (7, "weak"):
        said = [text for text in err.splitlines() if f"{path}:{line}: " in text]
        check(len(said), 1, err)
        assert word in said[0] and "warning" in said[0], said
    check(len(err.splitlines()), 6, err)
    status, _, err = run("--check", "--users", users_file(f"a:{BCRYPT}\n"), "--auth", "none")
    check((status, len(err.splitlines())), (0, 1), err)
    assert "nobody is asked" in err, err
    status, _, err = run("--check", "--users", users_file("# nobody yet\n"),
                         "--allow", "from local")
    check((status, len(err.splitlines())), (0, 1), err)
    assert "lets nobody in" in err, err
