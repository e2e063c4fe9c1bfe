# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that gssapi.bats plays, one for each @test."""

import glob
import os
import re
import socket
import subprocess
import time

from lib.gss import (ABORT, ALICE, CHOSEN, CONTEXT, Context, DATA, EVERY, FLAGS, GREETING, Inside,
                     LEVEL, PROTECTED, REALM, SPNEGO, STREAM, begin, enter, frame, gss,
                     read_frame, served)
from lib.kdc import OLD, USERS
from lib.peer import EOF, Listener, PATIENCE, check, end_both, eventually, http, noise
from lib.program import EVERY_WAY, Process, Skip, inetd, links, one_line, run, tmp
from lib.relayed import finish, talk
from lib.socks5 import Reply, read_reply, request
from lib.trace import lines, traced
from lib.users import SHA1, log_in, users_file
from lib.world import command, cover, isolate, needs


def aborted(session, end="auth", **keys):
    """Reads the abort, and nothing else; returns the log's text."""
    session.expect_end(data=ABORT).ended(end, **keys)
    return session.stderr()


def ticket_logs_in():
    up = Listener()
    for level in EVERY:
        inside = enter(gss(), level)
        far = inside.connect(up)
        talk(inside, far)
        finish(inside, far, command="connect", sent="2", received="4")
    rules = "--allow", f"user {ALICE},admin/root@EXAMPLE.ORG to 127.0.0.1"
    for user in "alice", "admin":
        inside = enter(gss(*rules), user=user)
        finish(inside, inside.connect(up), user=USERS[user] + "@EXAMPLE.ORG")
    inside = enter(gss(), user="longest")
    finish(inside, inside.connect(up), user=USERS["longest"] + "@EXAMPLE.ORG")
    inside = enter(gss(*rules), user="bob")
    check(inside.ask(up.host, up.port), Reply(2, "0.0.0.0", 0), "reply for bob")
    inside.expect_end()
    inside.ended("denied", user="bob@EXAMPLE.ORG", rule="none")


def limit_of_principal():
    """The reply is inside the protection."""
    up, one = Listener(), ("--limit-user", "1", "--limit-file", tmp("limits"))
    first = enter(gss(*one))
    far = first.connect(up)
    second = enter(gss(*one))
    check(second.ask(up.host, up.port), Reply(1, "0.0.0.0", 0), "reply for alice")
    second.expect_end()
    second.ended("limit", user=ALICE, auth="gssapi",
                 error="1 session of this user is the limit (limit-user)")
    other = enter(gss(*one), user="bob")
    finish(other, other.connect(up), user="bob@EXAMPLE.ORG")
    finish(first, far)


def principal_in_file():
    name = "carol dee,smith@EXAMPLE.ORG"
    path = tmp("group", f"# a department\nbob@EXAMPLE.ORG\n{name}\n")
    up = Listener()
    rules = "--allow", f"user @{path} to 127.0.0.1"
    for user, full in ("carol", name), ("bob", "bob@EXAMPLE.ORG"):
        inside = enter(gss(*rules), user=user)
        finish(inside, inside.connect(up), user=full)
    inside = enter(gss(*rules))
    check(inside.ask(up.host, up.port).code, 2, "reply for alice")
    inside.expect_end()
    inside.ended("denied", user=ALICE)


def ways_to_a_context():
    """By SPNEGO, and with a delegated ticket, which is not used."""
    up = Listener()
    for how in {"mech": SPNEGO}, {"flags": STREAM | FLAGS.delegate_to_peer}:
        inside = enter(gss(), **how)
        finish(inside, inside.connect(up))


def every_way():
    up = Listener()
    for start in EVERY_WAY:
        inside = enter(gss(start=start), service="socks/localhost")
        far = inside.connect(up)
        talk(inside, far)
        finish(inside, far)


GRANTED = {  # what a client gets that asks for 0, 1, 2 or 3; None: it is refused
    None: (None, 1, 2, 2),
    "2,1": (None, 1, 2, 2),
    "1,2": (None, 1, 1, 1),
    "2": (None, None, 2, 2),
    "1": (None, 1, 1, 1),
    "0": (0, 0, 0, 0),
    "2,1,0": (0, 1, 2, 2),
    "2,0": (0, 0, 2, 2),
    "0,2": (0, 0, 0, 0),
}


def _ask_for(session, wanted, granted, bare=False):
    """Asks for a level, and expects one or the abort."""
    context = begin(session)
    if granted is not None:
        check(context.level(wanted, bare), granted, f"granted for {wanted} of {session.argv}")
        session.shut().expect_end().ended("eof")
        return
    session.send(frame(LEVEL, bytes([wanted]) if bare else context.wrap(bytes([wanted]), False)))
    aborted(session)


def level_granted():
    for levels, each in GRANTED.items():
        for wanted, granted in enumerate(each):
            _ask_for(gss(levels=levels), wanted, granted)


def nec():
    up = Listener()
    for level in PROTECTED:
        session = gss(levels="nec,2,1,0")
        context = begin(session)
        check(context.level(level, bare=True), level, "the level granted")
        inside = Inside(context)
        far = inside.connect(up)
        talk(inside, far)
        finish(inside, far)
    # A bare level proves nothing, so it is never level 0.
    for levels, each in ("2,1,nec", (None, 1, 2, 2)), ("nec,0,2", (None, None, 2, 2)), \
            ("0,nec", (None,) * 4), ("2,1,0", (None,) * 4), ("0", (None,) * 4):
        for wanted, granted in enumerate(each):
            _ask_for(gss(levels=levels), wanted, granted, bare=True)
    for wanted, granted in enumerate(GRANTED["2,1,0"]):
        _ask_for(gss(levels="2,nec,1,0"), wanted, granted)


def tickets_refused():
    strict = REALM.config_with("strict.conf", "clockskew = 1")
    made = os.stat(REALM.path("up")).st_mtime
    eventually(lambda: time.time() > made + 3, "the brief ticket expires")
    for user, reason in ("brief", "expired"), ("late", "skew"):
        session = gss(env={"KRB5_CONFIG": strict}).send(GREETING).expect(CHOSEN)
        session.send(frame(CONTEXT, Context(session, user).first()))
        said = aborted(session, user=None)
        assert reason in said.lower(), said
    # The key of another service.
    session = gss()
    session.send(GREETING).expect(CHOSEN)
    session.send(frame(CONTEXT, Context(session, service="rcmd/elsewhere.example").first()))
    said = aborted(session)
    assert "keytab" in said.lower() or "key table" in said.lower(), said


def unfit_contexts():
    """The first messages are in order, and the server can't rely on what they make."""
    session = gss()
    begin(session, flags=FLAGS.mutual_authentication)
    session.close()
    session = gss().send(GREETING).expect(CHOSEN)
    session.send(frame(CONTEXT, Context(session, flags=FLAGS.replay_detection).first()))
    said = aborted(session)
    assert "mutual" in said, said
    session = gss().send(GREETING).expect(CHOSEN)
    session.send(frame(CONTEXT, Context(session, "too-long").first()))
    aborted(session, user=None)


class Recorded:
    """A session that remembers all that its client sends."""

    def __init__(self, session):
        self.session, self.sent = session, []

    def send(self, data):
        self.sent.append(bytes(data))
        self.session.send(data)
        return self

    def __getattr__(self, name):
        return getattr(self.session, name)


def _record(up, **how):
    """Returns all that a client has sent in a session that asked for up."""
    session = Recorded(gss())
    session.send(GREETING).expect(CHOSEN)
    context = Context(session, **how).establish()
    context.level(2)
    session.send(context.seal(request(up.host, up.port)) + context.seal(b"pay"))
    check(read_reply(Inside(context)).code, 0, "reply")
    up.accept().expect(b"pay").close()
    session.close()
    return session.sent


def recorded_login():
    up = Listener()
    greeting, first, *rest = _record(up)
    session = gss().send(greeting).expect(CHOSEN).send(first)
    read_frame(session, CONTEXT)
    session.send(b"".join(rest))
    said = aborted(session)
    assert "login failed" in said, said
    # NEC's level has no protection, so it proves nothing.
    session = gss(levels="nec,0,1,2").send(greeting).expect(CHOSEN).send(first)
    read_frame(session, CONTEXT)
    session.send(frame(LEVEL, b"\0") + request(up.host, up.port))
    got, _ = session.rest()
    assert got == ABORT, f"after a recorded login: {got!r}"
    assert up.nobody_came()


def old_keys():
    """The protection of rc4 and des3 has no key of the server, so a recording would be valid."""
    if os.path.exists(REALM.path("too-new")):
        raise Skip("this KDC makes no tickets with keys of the type rc4")
    session = gss().send(GREETING).expect(CHOSEN)
    os.environ["KRB5_CONFIG"] = REALM.config_with("old.conf", "permitted_enctypes = arcfour-hmac")
    context = Context(session, "old", service=OLD).establish()
    token = context.wrap(b"\2", False)
    assert token[:2] != b"\5\4", "not the protection of RFC 1964"
    session.send(frame(LEVEL, token))
    aborted(session)


def no_token():
    session = gss()
    token = Context(session, "alice").first()
    changed = bytearray(token)
    changed[-9] ^= 1
    for data in (frame(CONTEXT, b"garbage"), frame(CONTEXT, b""), frame(CONTEXT, bytes(0xffff)),
                 frame(CONTEXT, token[:-1]), frame(CONTEXT, bytes(changed)), frame(LEVEL, b"\2"),
                 frame(DATA, token), b"\2" + frame(CONTEXT, token)[1:], request("127.0.0.1", 80),
                 frame(CONTEXT, noise(9000, 8))):
        session = gss()
        session.send(GREETING + data)
        got, how = session.rest()
        check((got, how), (CHOSEN + ABORT, EOF), f"the answer to {data[:20]!r}")
        session.exits(0)
        line = session.log
        assert line["end"] in ("auth", "protocol") and "error" in line, line
        assert "user" not in line, line


def level_refused():
    def good(context):
        return frame(LEVEL, context.wrap(b"\2", False))

    def flipped(at):
        def make(context):
            data = bytearray(good(context))
            data[at] ^= 1
            return bytes(data)
        return make

    def twice(context):
        return frame(LEVEL, context.wrap(b"\2\2", False))

    def empty(context):
        return frame(LEVEL, context.wrap(b"", False))

    def of_data(context):
        return frame(DATA, context.wrap(b"\2", False))

    def no_length(_):
        return frame(LEVEL, b"")

    def second_context(context):
        return frame(CONTEXT, context.wrap(b"\2", False))

    def in_the_clear(_):
        return request("127.0.0.1", 80)

    for make in (twice, empty, of_data, no_length, second_context, in_the_clear, flipped(0),
                 flipped(1), flipped(5), flipped(9), flipped(-1), flipped(20)):
        session = gss()
        context = begin(session)
        session.send(make(context))
        got, how = session.rest()
        check((got, how), (ABORT, EOF), f"the answer to {make}")
        session.exits(0)
        line = session.log
        assert line["end"] in ("auth", "protocol") and "error" in line, line


def keys_missing():
    other, gone = REALM.path("elsewhere.keytab"), tmp("gone.keytab")
    for env, options in ({"KRB5_KTNAME": other}, ()), ({}, ("--gssapi-keytab", other)):
        session = gss(*options, env=env).send(GREETING).expect(CHOSEN)
        session.send(frame(CONTEXT, Context(session).first()))
        said = aborted(session)
        assert "rcmd/localhost@EXAMPLE.ORG" in said, said
    for env, options in ({"KRB5_KTNAME": gone}, ()), ({}, ("--gssapi-keytab", gone)):
        session = gss(*options, env=env).send(GREETING)
        check(session.rest()[0], b"", "the answer")
        session.exits(78).says(gone, "keytab")
    # One that is no keytab, as the library finds out.
    session = gss("--gssapi-keytab", tmp("odd.keytab", "not a keytab")).send(GREETING)
    session.expect(CHOSEN).send(frame(CONTEXT, Context(session).first()))
    said = aborted(session, "failed")
    assert tmp("odd.keytab") in said, said
    # The option counts, and not the environment.
    up = Listener()
    inside = enter(gss("--gssapi-keytab", REALM.keytab, env={"KRB5_KTNAME": gone}))
    finish(inside, inside.connect(up))


def left_early():
    token = frame(CONTEXT, Context(gss()).first())
    for cut in 0, 1, 3, 4, 5, len(token) - 1:
        session = gss()
        session.send(GREETING + token[:cut]).shut()
        session.expect_end(data=CHOSEN).ended("eof")
    for cut in 0, 1, 4, 9:
        session = gss()
        context = begin(session)
        session.send(frame(LEVEL, context.wrap(b"\2", False))[:cut]).shut()
        session.expect_end().ended("eof", user=ALICE)
    # Before the request, and within a frame of it.
    for cut in None, 1, 4, 9:
        inside = enter(gss())
        session = inside.context.session
        session.send(inside.context.seal(request("127.0.0.1", 80))[:cut] if cut else b"").shut()
        inside.rest()
        session.exits(0)
        check(session.log["user"], ALICE)
        assert session.log["end"] in (("protocol",) if cut else ("eof",)), session.log


def handshake_timeout():
    options = "--handshake-timeout", "700ms"
    token = frame(CONTEXT, Context(gss()).first())
    slow = []
    for cut in 0, 1, 4, len(token) - 1:
        session = gss(*options)
        session.send(GREETING + token[:cut])
        slow.append((session, CHOSEN))
    session = gss(*options)
    begin(session)
    slow.append((session, b""))
    session = gss(*options)
    session.send(frame(LEVEL, begin(session).wrap(b"\2", False))[:-1])
    slow.append((session, b""))
    inside = enter(gss(*options))
    slow.append((inside.context.session, b""))
    inside = enter(gss(*options))
    session = inside.context.session
    session.send(inside.context.seal(request("127.0.0.1", 80))[:-1])
    slow.append((session, b""))
    for session, data in slow:
        session.expect_end(data=data).ended("timeout")


def only_if_named():
    path = users_file(f"alice:{SHA1}\n")
    password = "--auth", "password,gssapi", "--users", path
    for options, method in (((), 0), (("--users", path), 2), (("--auth", "none,gssapi"), 0),
                            (password, 2), (("--auth", "gssapi,none"), 1)):
        session = inetd(*options, env=served())
        session.send(b"\5\3\0\1\2").expect(bytes([5, method]), f"method with {options}")
        session.shut().expect_end().exits(0)
    inetd(env=served()).send(GREETING).expect_end(data=b"\5\xff").ended("auth")
    needs("curl")
    for options, who in ((("--auth", "none,gssapi"), ()),
                         (password, ("--proxy-user", "alice:secret"))):
        status, said, line = _curl(options, *who)
        check((status, said), (0, "hello"), f"curl with {options}")
        check((line["end"], line.get("auth")), ("eof", None))


def _curl(options, *more):
    """Fetches a page with curl; returns its status, what it says, and the line in the log."""
    up = Listener().serve(http(b"hello"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        curl = subprocess.Popen(
            ("curl", "-sS", "--max-time", f"{PATIENCE:.0f}", *more, "--socks5-hostname",
             f"localhost:{listener.getsockname()[1]}", f"http://127.0.0.1:{up.port}/"),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={"PATH": os.environ["PATH"], "KRB5_CONFIG": REALM.config,
                 "KRB5CCNAME": REALM.tickets("alice")})
        listener.settimeout(PATIENCE)
        conn, _ = listener.accept()
    with conn:
        p = Process(options, {0: conn, 1: conn}, env=served())
    said = curl.communicate()[0]
    return curl.returncode, said, one_line(p.exits(0).stderr())


def curl_alone():
    needs("curl")
    if "GSS-API" not in command("curl", "-V"):
        raise Skip("this curl has no GSS-API")
    version = tuple(map(int, re.search(r"curl (\d+)\.(\d+)", command("curl", "-V")).groups()))
    status, said, line = _curl(("--auth", "gssapi", "--gssapi-levels", "0"))
    if (7, 69) <= version < (8, 17):  # these log in and break off, whatever they are granted
        assert status and "hello" not in said, said
        check((line["end"], line.get("command")), ("eof", None))
        assert line.get("user") in (None, ALICE), line
        return
    check((status, said, line["end"]), (0, "hello", "eof"))
    check((line["user"], line["auth"]), (ALICE, "gssapi"))


def library_on_demand():
    if os.getuid():
        raise Skip("needs root: no other may look into the process")

    def loaded(session):
        with open(f"/proc/{session.pid}/maps") as f:
            return "libgssapi" in f.read()

    up = Listener()
    path = users_file(f"alice:{SHA1}\n")
    both = "--auth", "none,password,gssapi", "--users", path
    session = inetd(*both, env=served())
    far = session.send(b"\5\2\0\1").expect(b"\5\0").send(request(up.host, up.port))
    check(read_reply(session).code, 0)
    far = up.accept().send(b"x")
    session.expect(b"x")
    assert not loaded(session), "a client without a login"
    end_both(session, far).exits(0)
    session = log_in(inetd(*both, env=served()), "alice", "secret")
    assert not loaded(session), "a client with a password"
    session = inetd(*both, env=served())
    enter(session)
    assert loaded(session), "the library is not seen"


def library_missing():
    isolate()
    name = "libgssapi_krb5.so.*"
    for lib in glob.glob(f"/lib/*/{name}") + glob.glob(f"/usr/lib/*/{name}"):
        if not os.path.islink(lib):
            cover(lib, "")
    session = gss().send(GREETING).expect(CHOSEN).send(frame(CONTEXT, b"anything"))
    said = aborted(session, "failed", user=None)
    assert "libgssapi_krb5" in said, said
    status, _, err = run("--check", "--auth", "gssapi", env=served())
    check(status, 78, err)
    assert "libgssapi_krb5" in err, err


def files_left_alone():
    if os.getuid():
        raise Skip("needs root: no other may look into the process")
    up = Listener()
    home = tmp("home")
    os.mkdir(home)
    before = set(os.listdir("/var/tmp")) | set(os.listdir("/tmp"))
    env = {"TMPDIR": home, "HOME": home, "KRB5RCACHEDIR": home}
    inside = enter(gss(env=env), flags=STREAM | FLAGS.delegate_to_peer)
    far = inside.connect(up)
    talk(inside, far)
    held = links(inside.context.session.pid)
    assert not [f for f in held if REALM.folder in f], held
    finish(inside, far)
    check(os.listdir(home), [], "files")
    new = set(os.listdir("/var/tmp")) | set(os.listdir("/tmp")) - before
    check([f for f in new - before if "krb5" in f or "rcache" in f], [], "replay caches")
    traced("trace=open,openat,creat,rename,renameat,renameat2,mkdir,mkdirat,unlink,unlinkat,"
           "exit_group")
    inside = enter(gss(env=env), flags=STREAM | FLAGS.delegate_to_peer)
    finish(inside, inside.connect(up))
    wrote = [line for line in lines(inside.context.session)
             if re.search(r"O_(WRONLY|RDWR|CREAT)|^(\d+ +)?(creat|rename|mkdir|unlink)", line)]
    check([line for line in wrote if "/dev/null" not in line], [], "calls that write files")


def checked():
    def says(status, *words, order="gssapi", options=(), env=None):
        got, out, err = run("--check", "--auth", order, "--allow", "to 127.0.0.1", *options,
                            env=served(**(env or {})))
        check(got, status, out + err)
        for word in words:
            assert word in out + err, (word, out + err)
        return out + err

    gone = tmp("gone.keytab")
    good = says(0, "gssapi-levels 2,1", REALM.keytab)
    assert "no warnings" in good, good
    says(0, REALM.keytab, options=("--gssapi-keytab", REALM.keytab), env={"KRB5_KTNAME": gone})
    says(78, gone, options=("--gssapi-keytab", gone))
    says(78, gone, env={"KRB5_KTNAME": gone})
    for path in tmp("empty", ""), tmp("odd", "not a keytab"):
        says(78, path, "kadmin", options=("--gssapi-keytab", path))
    says(78, tmp(""), "not a regular file", options=("--gssapi-keytab", tmp("")))
    for levels in "3", "2,,1", "2,2", "", "nec,x", "clear", "2,1,", "nec":
        says(64, "gssapi-levels", options=("--gssapi-levels", levels))
    users = "--users", users_file(f"alice:{SHA1}\n")
    for order in "gssapi,password", "gssapi,none":
        says(0, "curl", order=order, options=users if "password" in order else ())
    for order in "password,gssapi", "none,gssapi":
        said = says(0, order=order, options=users if "password" in order else ())
        assert "curl" not in said, said
