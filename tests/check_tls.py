# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that check_tls.bats plays, one for each @test."""

import functools
import glob
import os
import shutil
import time

from lib.peer import check
from lib.program import KIND, Process, Skip, run, tmp
from lib.tls import certificate
from lib.users import SHA512, features, needs_hashes, users_file
from lib.world import command, cover, isolate, names, needs

DAY = 24 * 60 * 60
NOW = time.time()
LOCAL = "--allow", "from local"  # without rules, users may reach more than is meant
USER = 64321  # of picosocks5 in the test of rights
CA_CONF = """[ca]
default_ca = it
[it]
database = {0}
new_certs_dir = {1}
default_md = sha256
policy = policy
unique_subject = no
rand_serial = yes
[policy]
commonName = supplied
[empty]
[own]
basicConstraints = CA:TRUE
"""
KEYS = {"ec": ("ec", "-pkeyopt", "ec_paramgen_curve:P-256"), "p192": (
    "ec", "-pkeyopt", "ec_paramgen_curve:P-192"), "ed25519": ("ed25519",),
        "rsa1024": ("rsa:1024",), "rsa2048": ("rsa:2048",)}


def needs_tls():
    if not features().get("tls"):
        raise Skip("this build has no TLS")


@functools.lru_cache(maxsize=None)
def dated(name, begins=-DAY, ends=100 * DAY, key="ec", ca=None):
    """The paths of a certificate that is valid between these times from now on, and of its key."""
    needs("openssl")
    cert, private, request = (tmp(f"{name}.{end}") for end in ("crt", "key", "csr"))
    conf = tmp("ca.conf", CA_CONF.format(tmp("index", ""), tmp("")))
    command("openssl", "req", "-config", conf, "-new", "-newkey", *KEYS[key], "-nodes", "-subj",
            f"/CN={name}", "-keyout", private, "-out", request)
    signer = ("-cert", ca[0], "-keyfile", ca[1]) if ca else (
        "-selfsign", "-keyfile", private, "-extensions", "own")
    command("openssl", "ca", "-batch", "-notext", "-config", conf, *signer,
            "-startdate", stamp(begins, "%Y%m%d%H%M%SZ"), "-enddate", stamp(ends, "%Y%m%d%H%M%SZ"),
            "-in", request, "-out", cert)
    return cert, private


def stamp(seconds, form="%Y-%m-%d %H:%M:%S UTC"):
    return time.strftime(form, time.gmtime(NOW + seconds))


def options(pair, *more):
    return "--tls-certificate", pair[0], "--tls-key", pair[1], *more


def warned(*arguments, n=None):
    """The lines of a --check that finds no mistake. The last line must count the warnings."""
    status, out, err = run("--check", *arguments)
    check(status, 0, err)
    lines = err.splitlines()
    assert all(line.startswith("picosocks5: warning: ") for line in lines), err
    number = f"{len(lines) or 'no'} warning{'' if len(lines) == 1 else 's'}"
    assert out.splitlines()[-1].endswith(f", {number}"), (out, err)
    if n is not None:
        check(len(lines), n, err)
    return [line.partition("warning: ")[2] for line in lines], out.splitlines()


def mistaken(*arguments, status=78):
    """The only line of a --check that finds one mistake."""
    got, out, err = run("--check", *arguments)
    check((got, out), (status, ""), err)
    check(len(err.splitlines()), 1, err)
    return err[len("picosocks5: "):-1]


def good():
    needs_tls()
    for key in "ec", "ed25519", "rsa2048":
        pair = dated(f"good-{key}", key=key)
        _, out = warned(*options(pair, "--tls-clients", pair[0]), *LOCAL, n=0)
        assert f"# certificate: valid until {stamp(100 * DAY)}" in out, out
    # The certificate and the key in one file.
    with open(pair[0], "rb") as cert, open(pair[1], "rb") as key:
        both = tmp("both.pem", key.read() + cert.read())
    os.chmod(both, 0o600)
    warned("--tls-certificate", both, n=0)
    assert "certificate" not in "".join(warned(n=0)[1])


def validity():
    needs_tls()
    for name, begins, ends, words in (
            ("old", -9 * DAY, -2 * DAY, "has expired: it was valid until {1}; renew it"),
            ("soon", -9 * DAY, 13 * DAY, "expires soon: it is valid until {1}; renew it"),
            ("today", -9 * DAY, 600, "expires soon: it is valid until {1}; renew it"),
            ("later", 2 * DAY, 99 * DAY,
             "is not valid before {0}; is the clock of this host right?"),
            ("fine", -9 * DAY, 15 * DAY, None)):
        pair = dated(name, begins, ends)
        lines, out = warned(*options(pair))
        words = words and words.format(stamp(begins), stamp(ends))
        check(lines, [f"--tls-certificate: {pair[0]}: the certificate {words}"] if words else [])
        assert f"# certificate: valid until {stamp(ends)}" in out, out
    conf = tmp("conf", f"allow from local\ntls-key {pair[1]}\ntls-certificate old.crt\n")
    mistake = mistaken("--config", conf)
    check(mistake, f"{conf}:2: tls-key: {pair[1]}: its key is not the certificate's: "
          "key values mismatch")
    conf = tmp("conf", "allow from local\ntls-key old.key\ntls-certificate old.crt\n")
    assert warned("--config", conf, n=1)[0][0].startswith(f"{conf}:3: tls-certificate: "), conf


def others_expired():
    needs_tls()
    root = dated("root")
    middle = dated("middle", -9 * DAY, -2 * DAY, ca=root)
    leaf = dated("leaf", ca=middle)
    with open(leaf[0], "rb") as one, open(middle[0], "rb") as two:
        chain = tmp("chain.pem", one.read() + two.read())
    lines, _ = warned("--tls-certificate", chain, "--tls-key", leaf[1], n=1)
    check(lines, [f'--tls-certificate: {chain}: the certificate of "/CN=middle" in its chain has '
                  f"expired: it was valid until {stamp(-2 * DAY)}; renew it"])
    with open(root[0], "rb") as one, open(middle[0], "rb") as two:
        clients = tmp("clients.pem", one.read() + two.read())
    lines, _ = warned(*options(leaf, "--tls-clients", clients), *LOCAL, n=1)
    check(lines, [f'--tls-clients: {clients}: the CA "/CN=middle" has expired: it was valid until '
                  f"{stamp(-2 * DAY)}; renew it"])


def unusable():
    needs_tls()
    pair = dated("good")
    nix, junk = tmp("nix"), tmp("junk", "-----BEGIN CERTIFICATE-----\nAAAA\n")
    for option in "--tls-certificate", "--tls-key", "--tls-clients":
        check(mistaken(*options(pair, option, nix)),
              f"{option}: cannot open {nix}: No such file or directory")
        check(mistaken(*options(pair, option, tmp(""))),
              f"{option}: cannot open {tmp('')}: it is not a regular file")
        assert mistaken(*options(pair, option, junk)).startswith(f"{option}: {junk}: "), option
    for option in "--tls-certificate", "--tls-clients":
        assert "no certificate in PEM form is in it" in mistaken(*options(pair, option, pair[1]))
    # All files that can't be opened are told at once.
    status, out, err = run("--check", *options((nix, nix), "--tls-clients", tmp("no")))
    check((status, out, len(err.splitlines())), (78, "", 3), err)
    words = mistaken("--tls-certificate", pair[0])
    assert words.startswith(f"--tls-certificate: {pair[0]}: no private key in PEM form") and \
        words.endswith("; name the file of the key with the option tls-key"), words


def wrong_key():
    needs_tls()
    one, two = dated("one"), dated("two")
    check(mistaken(*options((one[0], two[1]))),
          f"--tls-key: {two[1]}: its key is not the certificate's: key values mismatch")
    rsa = tmp("rsa.key")
    command("openssl", "genrsa", "-out", rsa, "2048")
    check(mistaken(*options((one[0], rsa))), f"--tls-key: {rsa}: its key is of another kind than "
          "the certificate's, such as RSA in place of EC")
    sealed = tmp("sealed.key")
    command("openssl", "pkey", "-in", one[1], "-aes128", "-passout", "pass:x", "-out", sealed)
    check(mistaken(*options((one[0], sealed))),
          f"--tls-key: {sealed}: its key has a passphrase; write a file without one: "
          "openssl pkey -in FILE -out NEW")


def weak():
    needs_tls()
    for key in "rsa1024", "p192":
        pair = dated(key, key=key)
        check(mistaken(*options(pair)),
              f"--tls-certificate: {pair[0]}: its certificate can't be used: ee key too small; "
              "make a key for RSA with 2048 bits or more, or for EC with 256")
    for key, words in ("rsa1024", "RSA with 1024 bits"), ("p192", "192 bits"):
        ca = dated(key, key=key)[0]
        lines, _ = warned(*options(dated("strong"), "--tls-clients", ca), *LOCAL, n=1)
        check(lines, [f'--tls-clients: {ca}: the key of the CA "/CN={key}" is too weak, {words}, '
                      "so the certificates of its clients are refused; make a new CA (RSA with "
                      "2048 bits or more, or EC with 256)"])


def readable_key():
    needs_tls()
    pair = dated("shown")
    words = "others may read or write it, and whoever has the key can pose as this proxy (chmod 640)"
    for mode, n in (0o600, 0), (0o640, 0), (0o644, 1), (0o660, 1), (0o602, 1):
        os.chmod(pair[1], mode)
        lines, _ = warned(*options(pair), n=None)
        check([line for line in lines if "pose" in line],
              [f"--tls-key: {pair[1]}: {words}"] * n, oct(mode))
    os.chmod(pair[1], 0o600)
    with open(pair[0], "rb") as cert, open(pair[1], "rb") as key:
        both = tmp("both.pem", key.read() + cert.read())
    os.chmod(both, 0o644)
    check(warned("--tls-certificate", both, n=1)[0], [f"--tls-certificate: {both}: {words}"])


def rights():
    needs_tls()
    pair = dated("good")
    if os.getuid():
        raise Skip("needs root")
    isolate()
    names()
    cover("/etc/passwd", f"root:x:0:0::/:/bin/sh\npicosocks5:x:{USER}:{USER}::/:/bin/false\n")
    cover("/etc/group", f"root:x:0:\nsocks:x:{USER}:\n")
    command("mount", "-t", "tmpfs", "-o", "mode=755", "none", "/mnt")
    os.mkdir("/mnt/live")
    cert, key = (shutil.copy(path, "/mnt/live/") for path in pair)
    os.chmod(cert, 0o644)
    os.chmod(key, 0o600)

    # LeakSanitizer can't trace a process that has changed its user.
    tools = {"ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"}

    def checked(*arguments, env=()):
        null, out = os.open("/dev/null", os.O_RDWR), os.memfd_create("out")
        p = Process(("--check", *arguments), {0: null, 1: out},
                    env={**(tools if KIND == "sanitize" else {}), **dict(env)})
        return p.wait(), os.pread(out, 1 << 16, 0).decode(), p.stderr()

    status, _, err = checked(*options((cert, key)), *LOCAL)
    check((status, err), (78, f"picosocks5: --tls-key: cannot open {key}: Permission denied for "
                          "user picosocks5 (chgrp socks, chmod 640); if systemd hands the file "
                          "over, as in tls.conf, check with --as root\n"))
    check(checked(*options((cert, key)), *LOCAL, "--as", "root")[0], 0)
    os.chown(key, 0, USER)
    os.chmod(key, 0o640)
    status, out, err = checked(*options((cert, key)), *LOCAL)
    check((status, err), (0, ""))
    os.chmod("/mnt/live", 0o700)
    status, _, err = checked(*options((cert, key)), *LOCAL)
    check((status, len(err.splitlines())), (78, 2), err)
    assert 'who may not enter the folder "/mnt/live"' in err and "tls.conf" in err, err
    # The key is a credential of root's, and the certificate is everybody's.
    os.mkdir("/mnt/credentials", 0o500)
    key = shutil.copy(key, "/mnt/credentials/tls-key")
    cert = shutil.copy(cert, "/mnt/tls.crt")
    os.chown(key, 0, 0)
    os.chmod(key, 0o400)
    status, out, err = checked(*options((cert, key)), *LOCAL,
                               env={"CREDENTIALS_DIRECTORY": "/mnt/credentials"})
    check((status, err), (0, ""))
    assert "# certificate: valid until " in out, out
    status, _, err = checked(*options((cert, key)), *LOCAL)
    check(status, 78, err)


def no_library():
    """A build without libssl; or one with it, where the library is not installed."""
    if not features().get("tls"):
        check(mistaken("--tls-certificate", "c", status=64),
              "--tls-certificate: TLS needs OpenSSL's libssl, and this program was built without it")
        return
    pair = dated("good")
    if os.getuid():
        raise Skip("needs root")
    isolate()
    for lib in glob.glob("/lib/*/libssl.so.*") + glob.glob("/usr/lib/*/libssl.so.*"):
        if not os.path.islink(lib):
            cover(lib, "")
    said = mistaken(*options(pair))
    assert said.startswith("--tls-certificate: no client can use TLS, because "), said
    assert said.endswith("; install it (Debian: libssl3)"), said


def before_tls():
    needs_tls()
    needs_hashes("crypt")
    users = users_file(f"alice:{SHA512}\n")
    os.chmod(users, 0o600)
    clear = "passwords are accepted in the clear, because password stands before tls; " \
        "list tls first"
    none = "most clients also offer none, and get it without TLS, because none stands before " \
        "tls; list tls first"
    never = "the method tls is never used, because with tls-only TLS begins before the methods; " \
        "leave it out"
    for auth, more, words in (
            ("password,tls", (), clear), ("none,password,tls", (), clear),
            ("password,tls,none", (), clear), ("tls,password", (), None),
            ("tls", (), None), ("none,tls", (), none), ("none,tls,password", (), none),
            ("password,tls", ("--tls-only",), never), ("tls,password", ("--tls-only",), never),
            ("tls", ("--tls-only",), None), ("password", ("--tls-only",), None)):
        named = ("--users", users) if "password" in auth else ()
        lines, _ = warned(*options(dated("good"), "--auth", auth, *named, *more))
        check([line for line in lines if " tls" in line or "TLS" in line],
              [f"--auth: {words}"] if words else [], auth)
    # One warning is enough where most clients never log in.
    lines, _ = warned(*options(dated("good"), "--auth", "none,tls,password", "--users", users,
                               "--allow", "to .example.com", "--allow", "user alice"))
    check([line for line in lines if line.startswith("--auth")],
          ["--auth: most clients also offer none, and get it because it stands first, so they "
           "never log in; list none last"])


def silent_clients():
    needs_tls()
    needs_hashes("digest")
    pair = dated("good")
    users = users_file("bob:{CRAM-MD5}" + "0" * 64 + "\n")
    for auth, socks4, http in (
            ("certificate", 0, 0), ("tls", 0, 0), ("tls,none", 0, 0), ("certificate,chap", 0, 0),
            ("chap", 1, 1), ("tls,chap", 1, 1)):
        status, _, err = run("--check", *options(pair, "--tls-clients", pair[0], "--auth", auth,
                                                 "--users", users, "--socks4", "--http"))
        check(status, 0, err)
        check(("--socks4: it has no effect" in err, "--http: every request gets status 403" in err),
              (bool(socks4), bool(http)), err)


def explained():
    needs_tls()
    needs_hashes("crypt")
    users = users_file(f"alice:{SHA512}\n")
    cert, key = certificate()

    def said(question, auth, *more, rules=("user *",)):
        rules = [word for rule in rules for word in ("--allow", rule)]
        tls = ("--tls-certificate", cert, "--tls-key", key, "--tls-clients", cert)
        named = ("--users", users) if "password" in auth else ()
        status, out, err = run("--explain", f"{question} to 203.0.113.1:80", "--auth", auth, *tls,
                               *named, *rules, *more)
        check((status, err), (0, ""))
        return out.splitlines()[1:]

    unchecked = "but not checked: whether users can log in, because certificate lets in whoever " \
        "has a certificate of a CA of tls-clients"
    inside = "the client gets this inside TLS only, because "
    asked = "that also offers the method none is not asked for its name, because auth lists none "
    # A client that shows a certificate has its name, although it uses the method none.
    check(said("user alice", "none,certificate", rules=("from local", "user *")), [unchecked])
    check(said("user alice", "certificate,none", rules=("from local", "user *")), [unchecked])
    free = {"rules": ("from local", "user *")}
    check(said("user alice", "none,certificate,password", **free),
          ["but a client without a certificate " + asked + "first",
           "the client logs in by certificate if it has one, else by password"])
    check(said("user alice", "certificate,none,password", **free),
          ["the client logs in by certificate if it has one, else by password",
           "but a client without a certificate " + asked + "before password"])
    check(said("user alice", "none,password", **free), ["but a client " + asked + "first"])
    check(said("user bob", "password,certificate"),
          [unchecked, f'but a client that offers password gets that, and user "bob" is not in '
           f"{users}, so nobody logs in by this name"])
    check(said("user alice", "tls,password"), [inside + "auth lists tls before password"])
    check(said("user alice", "password,tls"), [])
    check(said("user alice", "certificate,tls,password"),
          ["the client logs in by certificate if it has one, else by password",
           inside + "auth lists tls before password"])
    check(said("user alice", "password", "--tls-only"), [inside + "tls-only is set"])
    check(said("", "tls", **free), [inside + "auth lists only tls"])
    check(said("", "tls,none", **free), [inside + "auth lists tls before none"])
    check(said("", "none,tls", **free), [])
    for auth, words in ("none", "method none"), ("none,tls", "methods none and tls"), \
            ("tls", "method tls"):
        out = run("--explain", "user alice to 203.0.113.1:80", "--auth", auth,
                  "--tls-certificate", cert, "--tls-key", key)[1]
        assert f"because auth lists only the {words}\n" in out, out


def foreign():
    for names_, answer in (
            (("ssl", "tls", "cert", "certificate", "sslcert", "ssl_certificate", "pem"),
             "write --tls-certificate FILE, and --tls-key FILE if the key is in another file"),
            (("key", "private-key", "ssl_certificate_key"),
             "write --tls-key FILE, and --tls-certificate FILE"),
            (("ca", "cafile", "cacert", "client-ca", "mtls", "verify"), "write --tls-clients FILE"),
            (("force-tls", "ssl-only"), "write --tls-only, and --tls-certificate FILE"),
            (("ciphers", "ssl_protocols"), "only TLS 1.2 and 1.3 are served"),
            (("http-proxy",), "write --http")):
        for name in names_:
            status, _, err = run(f"--{name}=x")
            assert status == 64 and f'unknown option "--{name}": {answer}' in err, (name, err)
            conf = tmp("foreign.conf", f"{name} x\n")
            err = run("--config", conf, "--check")[2]
            assert answer.replace("--", "") in err, (name, err)
