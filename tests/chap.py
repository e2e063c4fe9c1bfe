# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that chap.bats plays, one for each @test."""

import glob
import os
import re
import resource
import subprocess

from lib.chap import (ALGORITHMS, CHALLENGE, CHARSET, FAILURE, HMAC_MD5, IDENTIFIER, RESPONSE,
                      STATUS, SUCCESS, TEXT, USER, ask_chap, choose_chap, log_in_by_chap, message,
                      putty, read_challenge, response, turned_away_by_chap)
from lib.peer import PATIENCE, Listener, check, echo, scale
from lib.program import EVERY_WAY, KIND, Skip, inetd, pipes, run, tmp, unix
from lib.proxy import serve, sessions
from lib.socks4 import request4
from lib.socks5 import NONE_ACCEPTABLE, read_reply, request
from lib.trace import calls, traced
from lib.users import (BCRYPT, CRAM_MD5, SHA1, SHA512, doveadm, features, log_in, memory, needs_hashes,
                       some, turned_away, userpass, users_file)
from lib.world import cover, isolate

OURS = bytes(range(16))


def users(more=""):
    return users_file(f"bob:{SHA1}\nalice:{CRAM_MD5}\n{more}")


def chap(start, path, *options):
    return start("--users", path, "--auth", "chap", *options)


def served(session, up, **keys):
    """Checks that the client gets through."""
    session.send(request(up.host, up.port))
    check(read_reply(session).code, 0, "reply")
    far = up.accept().send(b"down")
    session.expect(b"down").send(b"up")
    far.expect(b"up").close()
    session.expect_end()
    session.shut().ended("eof", user="alice", auth="chap", **keys)


def both_orders():
    needs_hashes("digest")
    up, path = Listener(), users()
    for start in EVERY_WAY:
        served(log_in_by_chap(chap(start, path), "alice", "secret"), up)
    s = choose_chap(chap(inetd, path)).send(message((ALGORITHMS, HMAC_MD5)))
    answer = response("secret", read_challenge(s))
    s.send(message((USER, b"alice"), (RESPONSE, answer))).expect(SUCCESS)
    served(s, up)
    # The order within a message is free, and so are further messages with a user name.
    s = choose_chap(chap(inetd, path)).send(message((USER, b"bob"), (ALGORITHMS, HMAC_MD5)))
    answer = response("secret", read_challenge(s))
    s.send(message((USER, b"carol")) + message((RESPONSE, answer), (USER, b"alice")))
    served(s.expect(SUCCESS), up)


def split_and_pipelined():
    needs_hashes("digest")
    up, path = Listener(), users()
    ask = request(up.host, up.port) + b"early"
    for size in some([1, 2, 3, 7, 1000]):
        s = chap(inetd, path)
        s.send_split(b"\5\2\0\3" + putty("alice"), size).expect(b"\5\3")
        answer = response("secret", read_challenge(s))
        s.send_split(message((RESPONSE, answer)) + ask, size).expect(SUCCESS)
        check(read_reply(s).code, 0, "reply")
        far = up.accept().expect(b"early")
        far.close()
        s.expect_end()
        s.shut().ended("eof", user="alice", auth="chap")


def odd_attributes():
    needs_hashes("digest")
    up, path = Listener(), users()
    junk = [(TEXT, b"hello"), (CHARSET, b"UTF-8"), (IDENTIFIER, b"\7"), (0xff, b"x" * 255),
            (0x22, b"")]
    s = choose_chap(chap(inetd, path))
    s.send(message() + message(*junk)
           + message(*junk, (ALGORITHMS, b"\5\x85\x80"), (RESPONSE, bytes(16)), *junk))
    answer = response("secret", read_challenge(s))
    s.send(message((STATUS, b"\0"), *junk))
    s.send(message(*junk * 50, (RESPONSE, answer), (USER, b"alice")))
    served(s.expect(SUCCESS), up)
    s = choose_chap(chap(pipes, path))
    s.send(message((ALGORITHMS, HMAC_MD5), *[(0xff, b"x" * 255)] * 254))
    answer = response("secret", read_challenge(s))
    s.send(message(*[(TEXT, b"x" * 255)] * 253, (USER, b"alice"), (RESPONSE, answer)))
    served(s.expect(SUCCESS), up)


def mutual():
    needs_hashes("digest")
    up, path = Listener(), users()

    def asked(theirs):
        s = chap(inetd, path)
        answer = response("secret", ask_chap(s, "alice"))
        s.send(message((CHALLENGE, theirs), (RESPONSE, answer)))
        return s.expect(message((RESPONSE, response("secret", theirs)), (STATUS, b"\0")))

    for theirs in some([OURS, b"", b"x" * 32, b"y" * 255]):
        served(asked(theirs).send(message((STATUS, b"\0"))), up)
    s = asked(OURS).send(message((TEXT, b"fine")) + message((STATUS, b"\0"), (TEXT, b"fine")))
    served(s, up)
    s = asked(OURS).send(message((STATUS, b"\1")) + request(up.host, up.port))
    s.expect_end().ended("auth", user="alice", error="the client rejects the proxy's response")
    assert "wrong password" not in s.stderr(), s.stderr()
    s = asked(OURS).send(request(up.host, up.port))
    s.expect_end().ended("protocol", user="alice")
    # A challenge in another message than the response asks for nothing.
    s = choose_chap(chap(inetd, path))
    s.send(message((ALGORITHMS, HMAC_MD5), (CHALLENGE, OURS), (USER, b"alice")))
    answer = response("secret", read_challenge(s))
    s.send(message((CHALLENGE, OURS)) + message((RESPONSE, answer)))
    served(s.expect(SUCCESS), up)
    assert up.nobody_came()


def signs_nothing():
    needs_hashes("digest")
    path = users()
    s = chap(inetd, path)
    challenge = ask_chap(s, "alice")
    s.send(message((CHALLENGE, challenge), (RESPONSE, response("secret", challenge))))
    s.expect_end(data=FAILURE)
    s.ended("auth", user="alice", error="the client returns the proxy's own challenge")
    for theirs in OURS, None:
        s = chap(inetd, path)
        challenge = ask_chap(s, "alice")
        s.send(message((CHALLENGE, theirs or challenge), (RESPONSE, response("no", challenge))))
        s.expect_end(data=FAILURE)
        s.ended("auth", user="alice", error="wrong password")


def wrong_responses():
    needs_hashes("digest")
    up, path = Listener(), users(f"dave:{CRAM_MD5}\n")
    by_password = turned_away(inetd("--users", path), "alice", "wrong").stderr().splitlines()[0]

    def refused(make, name=b"alice", known=b"alice", ask=b""):
        s = chap(inetd, path)
        challenge = ask_chap(s, known)
        s.send(message((USER, name), (RESPONSE, make(challenge))) + ask)
        s.expect_end(data=FAILURE)
        s.ended("auth", user=name.decode(), error="wrong password")
        first = s.stderr().splitlines()[0]
        pattern = re.escape(by_password).replace("alice", re.escape(name.decode()))
        pattern = re.sub(r"127\\?\.0\\?\.0\\?\.1:\d+", r"127\\.0\\.0\\.1:\\d+", pattern)
        pattern = re.sub(r"picosocks5\\\[\d+\\\]", r"picosocks5\\[\\d+\\]", pattern)
        assert re.fullmatch(pattern, first), (pattern, first)
        assert "auth=" not in s.stderr(), s.stderr()

    refused(lambda c: response("wrong", c), ask=request(up.host, up.port))
    for make in some([lambda c: response("secret", c)[:-1], lambda c: response("", c),
                      lambda c: b"", lambda c: response("secret", c) + b"\0",
                      lambda c: response("secret", OURS), lambda c: bytes(255)]):
        refused(make)
    for name in some([b"carol", b"", b"Alice", b"alice "]):
        refused(lambda c: response("secret", c), name=name)
    s = chap(inetd, path)
    s.send(b"\5\1\3" + message((ALGORITHMS, HMAC_MD5), (RESPONSE, OURS), (USER, b"alice")))
    s.expect(b"\5\3")
    read_challenge(s)
    s.shut().expect_end().ended("eof")
    s = chap(inetd, path)
    ask_chap(s, "alice")
    s.send(message((STATUS, b"\1"))).expect_end()
    s.ended("auth", error="the client ends the login by CHAP")
    assert up.nobody_came()


def fresh_challenges():
    needs_hashes("digest")
    path = users()
    seen = {ask_chap(chap(inetd, path), "alice") for _ in range(scale(20, 5))}
    check(len(seen), scale(20, 5), "different challenges")
    assert all(len(set(c)) > 8 for c in seen), seen


def no_algorithm():
    needs_hashes("digest")
    for algorithms in some([b"", b"\5", b"\5\6\x84\x86"]):
        s = choose_chap(chap(inetd, users()))
        s.send(message((ALGORITHMS, algorithms), (USER, b"alice"))).expect_end(data=FAILURE)
        s.ended("auth", error="the client offers CHAP without HMAC-MD5 (algorithm 0x85)")


def malformed():
    needs_hashes("digest")
    up, path = Listener(), users()
    ask = request(up.host, up.port)
    for odd in some([ask, userpass("alice", "secret", 5), b"\0\1", b"\2\1\x11\1\x85",
                     b"\1\1\0\0", b"\1\1\0\2\0\0", message((STATUS, b"")), ask * 50]):
        s = choose_chap(chap(inetd, path)).send(odd)
        s.expect_end().ended("protocol", error="malformed CHAP message")
        s = chap(inetd, path)
        ask_chap(s, "alice")
        s.send(odd).expect_end().ended("protocol", error="malformed CHAP message")
    whole = putty("alice")
    for cut in some(range(len(whole))):
        choose_chap(chap(inetd, path)).send(whole[:cut]).shut().expect_end().ended("eof")
    # A message of RFC 1929 looks like one of CHAP with many attributes, and is never whole.
    s = choose_chap(chap(inetd, path)).send(userpass("alice", "secret") + ask)
    s.shut().expect_end().exits(0)
    assert up.nobody_came()


def same_for_everybody():
    needs_hashes("digest")
    path = users("bad:plain text\nnothing:\n")
    heard = {}
    for name in some(["alice", "bad", "nothing", "", "carol", "bob", "#", "x" * 255]):
        s = chap(inetd, path)
        challenge = ask_chap(s, name)
        s.silent(0.01)
        s.send(message((RESPONSE, response("wrong", challenge))))
        heard[name] = s.rest()
        s.exits(0)
    check(set(heard.values()), {heard["alice"]}, "what was heard")
    check(heard["alice"][0], FAILURE)


def same_time():
    needs_hashes("digest")
    lines = "".join(f"user{i}:{CRAM_MD5}\n" for i in range(scale(100000, 2000)))
    path = users_file(f"bob:{BCRYPT}\nfirst:{CRAM_MD5}\n{lines}last:{CRAM_MD5}\n")

    def cost(name):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        turned_away_by_chap(chap(inetd, path), name, "wrong").close()
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)

    # A busy machine adds to the cost, so the least of a few runs counts.
    spent = dict.fromkeys(("last", "first", "carol", "bob", ""), 1e9)
    for _ in range(50):
        spent = {name: min(least, cost(name)) for name, least in spent.items()}
        if max(spent.values()) < 1.5 * min(spent.values()):
            return
    raise AssertionError(f"seconds of CPU: {spent}")


def same_calls():
    needs_hashes("digest")
    path = users()
    traced("trace=openat,pread64,mmap,madvise,mincore,clone,clone3,sendto,exit_group")

    def made(name):
        return calls(turned_away_by_chap(chap(inetd, path), name, "wrong"))

    want = made("alice")
    assert {"openat", "pread64"} <= set(want), want
    for name in "bob", "carol", "":
        check(made(name), want, f"the calls for {name!r}")


def other_schemes():
    needs_hashes("digest")
    path = users(f"bc:{BCRYPT}\nplain:secret\nempty:{CRAM_MD5[:10]}"
                 "00747cf2ffaf11c5ea4a64979c3901fc1d20dee13f480bb598f7d8575b23e61b\n")
    for name, line, passwd, words in (("bob", 1, "secret", "{CRAM-MD5}.*; make one"),
                                      ("bc", 3, "secret", "{CRAM-MD5}.*; make one"),
                                      ("plain", 4, "secret", "plain text"),
                                      ("empty", 5, "", "empty password")):
        s = turned_away_by_chap(chap(inetd, path), name, passwd)
        s.ended("auth", user=name, error="the line of this user in the users file can't be used")
        assert re.search(f"{re.escape(path)}:{line}: .*{words}", s.stderr()), s.stderr()
        assert "wrong password" not in s.stderr(), s.stderr()
    s = chap(inetd, path, "--log-level", "error")
    answer = response("secret", ask_chap(s, "bob"))
    s.send(message((RESPONSE, answer))).expect_end(data=FAILURE)
    s.exits(0).says(f"{path}:1: ", "--scheme cram-md5")


def order_of_methods():
    needs_hashes("digest")
    path = users()
    for auth, methods, chosen in (("chap,password", b"\0\2\3", 3), ("password,chap", b"\3\2", 2),
                                  ("none,chap", b"\3\0", 0), ("chap,none", b"\0\3", 3),
                                  ("password,chap", b"\3", 3), ("chap", b"\0\1\2", 255)):
        s = inetd("--users", path, "--auth", auth)
        s.send(bytes([5, len(methods)]) + methods).expect(bytes([5, chosen]), auth)
    s.expect_end().ended("auth", error="a login by chap is required, and the client offers only none, "
                                       "gssapi and password")
    log_in(inetd("--users", path, "--auth", "password,chap"), "alice", "secret")
    s = chap(inetd, path, "--socks4").send(request4("127.0.0.1", 80))
    s.expect_end(data=b"\0\x5b" + bytes(6)).ended("auth")
    for offered in b"", b"\0", b"\2":
        s = chap(inetd, path).send(bytes([5, len(offered)]) + offered)
        s.expect_end(data=NONE_ACCEPTABLE).ended("auth")


def forgotten():
    needs_hashes("digest")
    up, path = Listener(), users()
    states = CRAM_MD5[10:]
    for level in some(["debug", "info", "notice", "error"]):
        for passwd in "secret", "wrong":
            s = chap(inetd, path, "--log-level", level)
            challenge = ask_chap(s, "alice")
            answer = response(passwd, challenge)
            s.send(message((CHALLENGE, OURS), (RESPONSE, answer)))
            s.recv(5)
            s.shut()
            s.rest()
            said = s.stderr()
            for word in states, states[:32], answer.hex(), challenge.hex(), "secret":
                assert word not in said, (word, said)
    s = chap(inetd, path)
    challenge = ask_chap(s, "alice")
    answer = response("secret", challenge)
    s.send(message((CHALLENGE, OURS), (RESPONSE, answer)))
    signed = response("secret", OURS)
    s.expect(message((RESPONSE, signed), (STATUS, b"\0"))).send(message((STATUS, b"\0")))
    s.send(request(up.host, up.port))
    check(read_reply(s).code, 0, "reply")
    far = up.accept().send(b"x")
    s.expect(b"x")  # the relay has begun
    text = memory(s)
    assert b"alice" in text, "this is not its memory"
    for word in (states.encode(), states.encode()[16:48], bytes.fromhex(states)[:16],
                 bytes.fromhex(states)[16:], challenge, answer, signed, SHA1.encode()):
        at = text.find(word)
        assert at < 0, f"{word!r} in {text[max(0, at - 64):at + 64]!r}"
    far.close()


def too_slow():
    needs_hashes("digest")
    for start in inetd, unix, pipes:
        s = choose_chap(chap(start, users(), "--handshake-timeout", "300ms"))
        s.send(message((ALGORITHMS, HMAC_MD5)))
        read_challenge(s)
        s.expect_end().ended("timeout")


def library_missing():
    needs_hashes("digest")
    if "static" in run("--version")[1]:
        raise Skip("a static program is linked with it")
    isolate()
    path = users()
    for lib in glob.glob("/lib/*/libmd.so.*") + glob.glob("/usr/lib/*/libmd.so.*"):
        if not os.path.islink(lib):
            cover(lib, "")
    for name in "alice", "carol":
        s = turned_away_by_chap(chap(inetd, path), name, "secret")
        s.ended("auth", user=name, error="the response can't be checked")
        assert "libmd" in s.stderr() and path in s.stderr(), s.stderr()
        assert "wrong password" not in s.stderr(), s.stderr()


def needs_users():
    words = "option users" if features().get("digest") else "built without it"
    for options in ("--auth", "chap"), ("--auth", "none,chap"):
        s = inetd(*options).send(b"\5\1\3")
        check(s.rest()[0], b"", "what the client got")
        s.exits(64).says("auth", words)
        status, _, err = run("--check", *options)
        check(status, 64, err)
        assert words in err, err
    if not features().get("digest"):
        status, _, err = run("--check", "--users", users(), "--auth", "chap")
        assert status and "libmd" in err, err
    status, _, err = run("--check", "--auth", "chapp")
    assert status == 64 and "did you mean chap?" in err, err


def check_warns():
    needs_hashes("digest")

    def says(text, auth):
        status, _, err = run("--check", "--users", users_file(text), "--auth", auth,
                             "--allow", "from any to 192.0.2.1")
        check(status, 0, err)
        said = [line for line in err.splitlines() if "log in" in line and "none last" not in line]
        assert all("warning: " in line for line in said), said
        return said

    fine, other = f"a:{CRAM_MD5}\nb:{CRAM_MD5}\n", f"c:{SHA512}\n"
    for text, auth in ((fine, "chap"), (fine, "chap,password"), (fine + other, "password,chap")):
        said, = says(text, auth)
        assert "whoever can read the file can log in by CHAP" in said, said
    check(says(fine, "password"), [], "without CHAP the hash is only weak")
    for auth in "chap", "chap,password", "password,chap", "none,chap":
        said, = says(other, auth)
        assert "nobody can log in by CHAP" in said, said
    _, said = says(fine + other, "chap")
    assert "1 of 3 users can't log in, because" in said, said
    _, said = says(fine + other, "chap,password")
    assert "1 of 3 users can't log in with PuTTY" in said, said


def plink(passwd):
    """Sends a line to the destination of the session "through"; returns what comes back."""
    with open(tmp("home/.putty/sessions/through"), "a") as f:
        f.write(f"ProxyPassword={passwd}\n")
    p = subprocess.run(["plink", "-batch", "-load", "through"], input=b"through the proxy\n",
                       capture_output=True, timeout=PATIENCE,
                       env={"PATH": os.environ["PATH"], "HOME": tmp("home")})
    return p.returncode, p.stdout, p.stderr.decode("latin-1")


def real_plink():
    needs_hashes("digest")
    if KIND:
        raise Skip("one build is enough for a client that others wrote")
    isolate()
    path = users_file("alice:" + doveadm("-s", "CRAM-MD5", "-p", "Tr0ub4d&") + f"\nbob:{SHA1}\n")
    up = Listener()
    up.serve(echo)
    host, port = serve("--users", path, "--auth", "chap,password").split(":")
    os.makedirs(tmp("home/.putty/sessions"))
    for name, passwd, end in (("alice", "Tr0ub4d&", "eof"), ("alice", "wrong", "auth"),
                              ("bob", "secret", "auth"), ("carol", "secret", "auth")):
        tmp("home/.putty/sessions/through", f"""HostName={up.host}
PortNumber={up.port}
Protocol=raw
ProxyMethod=2
ProxyHost={host}
ProxyPort={port}
ProxyLocalhost=1
ProxyUsername={name}
""")
        status, out, err = plink(passwd)
        line = sessions(1)[-1]
        check((line["end"], line["user"]), (end, name), f"plink said {err}")
        if end == "eof":
            check((status, out, line["auth"]), (0, b"through the proxy\n", "chap"), err)
        else:
            assert status and not out and "auth" not in line, (status, out, err, line)
