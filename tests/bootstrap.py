# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that bootstrap.bats plays, one for each @test."""

import ctypes
import os
import pty
import re
import select
import shutil
import signal
import socket
import subprocess
import termios
import time

from lib.peer import PATIENCE, End, Listener, check, eventually, http
from lib.program import PROGRAM, SOURCE, Skip, tmp
from lib.socks5 import CHOSEN, GREETING, read_reply, request
from lib.world import command, isolate, needs

BUILD = os.environ["abs_top_builddir"]
PR_SET_PDEATHSIG = 1
SIZE = "(56.0 MB to download, 218 MB on disk)"


# ---- a folder to run ./bootstrap in, and commands in place of Debian's ----

class Checkout:
    """A folder that holds ./bootstrap, and in build/ the program under test as if built there."""

    def __init__(self, lacks=(), provided=(), commands=("apt-get", "dpkg-query", "sudo"), uid=None):
        self.folder, self.bin = tmp("my checkout"), tmp("bin")
        os.makedirs(f"{self.folder}/build")
        os.makedirs(f"{self.folder}/tests")
        os.makedirs(self.bin)
        for name in "bootstrap", "tests/listener.pl":
            shutil.copy(f"{SOURCE}/{name}", f"{self.folder}/{name}")
        self.script("configure", "exit 1", self.folder)
        tmp("my checkout/Makefile.in", "")
        tmp("my checkout/build/Makefile", "all:\n\t@echo built >>$(HOME)/built\n")
        os.symlink(PROGRAM, f"{self.folder}/build/picosocks5")
        for folder in "/bin", "/usr/bin":
            for name in os.listdir(folder):
                if name not in ("apt-get", "dpkg-query", "sudo") \
                        and not os.path.lexists(f"{self.bin}/{name}"):
                    os.symlink(f"{folder}/{name}", f"{self.bin}/{name}")
        with open(f"{SOURCE}/bootstrap") as f:
            lists = re.findall(r'^(?:build|run)_packages="([^"]*)"', f.read(), re.M)
        self.packages = " ".join(lists).split()
        have = [f"installed {p}" for p in self.packages if p not in lacks]
        have += [f"installed another other-name, {p} (= 1.0), more" for p in provided]
        scripts = {
            "apt-get": f"""echo "apt-get $*" >>{tmp('done')}
                case $* in *--assume-no*)
                echo "Need to get 56.0 MB of archives."
                echo "After this operation, 218 MB of additional disk space will be used." ;;
                esac""",
            "dpkg-query": "cat <<END\nconfig-files libmd-dev \n{}\nEND".format("\n".join(have)),
            "sudo": f"""echo "sudo $*" >>{tmp('done')}
                exit 1"""}
        for name in commands:
            self.script(name, scripts[name])
        if uid is not None:
            os.unlink(f"{self.bin}/id")
            self.script("id", f"echo {uid}")

    def script(self, name, text, folder=None):
        path = os.path.join(folder or self.bin, name)
        with open(path, "w") as f:
            f.write(f"#!/bin/sh\n{text}\n")
        os.chmod(path, 0o755)

    def start(self, *words, listen=None, at="/", **how):
        env = {"PATH": self.bin, "HOME": tmp("")}
        if listen is not None:
            env["PICOSOCKS5_LISTEN"] = listen
        return subprocess.Popen([f"{self.folder}/bootstrap", *words], env=env, cwd=at, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, start_new_session=True,
                                preexec_fn=end_with_us, **how)

    def run(self, *words, **how):
        """(status, standard output, standard error), without a terminal."""
        p = self.start(*words, **how)
        out, err = p.communicate(timeout=PATIENCE)
        return p.returncode, out, err

    def done(self):
        """The commands that were run in place of Debian's, except questions to apt."""
        if not os.path.exists(tmp("done")):
            return []
        with open(tmp("done")) as f:
            return [line for line in f.read().splitlines() if "--assume-no" not in line]

    def untouched(self):
        check((self.done(), os.path.exists(tmp("built"))), ([], False), "installed, and built")


def end_with_us():
    """A broken test leaves nothing running."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Terminal:
    """A command at a terminal of its own, and what is written there."""

    def __init__(self, argv, env, root="/", cwd="/", uid=None):
        self.text, self.at = "", 0
        self.pid, self.fd = pty.fork()
        if not self.pid:
            try:
                if uid is not None:
                    os.chroot(root)
                    os.setgroups([])
                    os.setgid(uid)
                    os.setuid(uid)
                os.chdir(cwd)
                os.execvpe(argv[0], argv, env)
            finally:
                os._exit(127)

    def read(self, seconds):
        """Reads what comes within this time; False at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:  # EIO: nobody has the terminal any more
            data = b""
        self.text += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)

    def expect(self, pattern, patience=PATIENCE):
        """Waits for a match after that of the last call, and returns it."""
        end = time.monotonic() + patience
        while True:
            match = re.compile(pattern).search(self.text, self.at)
            if match:
                self.at = match.end()
                return match
            if time.monotonic() > end or not self.read(1):
                raise AssertionError(f"no {pattern} in:\n{self.text[self.at:]}")

    def type(self, text, hidden=False):
        """Types it; hidden: as soon as the terminal no longer echoes."""
        if hidden:
            eventually(lambda: not termios.tcgetattr(self.fd)[3] & termios.ECHO, "no echo")
        os.write(self.fd, text.encode())

    def ends(self):
        """Waits for the end, and returns the exit status."""
        while self.read(PATIENCE):
            pass
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


class Held:
    """A session that goes on until the proxy ends it."""

    def __init__(self, at):
        host, _, port = at.rpartition(":")
        self.far = Listener()
        self.end = End(socket.create_connection((host.strip("[]"), int(port)), PATIENCE))
        self.end.send(GREETING).expect(CHOSEN).send(request(self.far.host, self.far.port))
        check(read_reply(self.end).code, 0)


def first_line(p):
    """The address that `run` has chosen."""
    line = p.stderr.readline()
    at = re.fullmatch(r"serving on (\S+); try: curl --socks5-hostname (\S+) https://example.org/"
                      r" \(Ctrl-C stops it\)\n", line)
    assert at and at[1] == at[2], line
    return at[1]


def fetch(at, url):
    return command("curl", "-sS", "--max-time", f"{PATIENCE:.0f}", "--socks5-hostname", at, url)


def page():
    """A web server; returns its URL."""
    return f"http://127.0.0.1:{Listener().serve(http(b'a page')).port}/"


# ---- the words and the options ----

def usage():
    checkout = Checkout()
    for word in "help", "--help", "-h":
        status, out, err = checkout.run(word)
        check((status, err), (0, ""), word)
        assert "./bootstrap run [OPTION...]" in out and "#" not in out, out
    for words, unknown in ((["frobnicate"], "frobnicate"), (["--run"], "--run"),
                           (["build", "it"], "it"), (["check", "--all"], "--all")):
        status, out, err = checkout.run(*words)
        check((status, out), (64, ""), words)
        assert err.startswith(f"bootstrap: unknown argument: {unknown}\n"), err
        assert "./bootstrap run [OPTION...]" in err, err
    checkout.untouched()


def addresses():
    checkout = Checkout(lacks=["libmd-dev"])
    for at in ("1080", ":1080", "localhost:1080", "127.1:1080", "127.0.0.1", "127.0.0.1:",
               "127.0.0.1:socks", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1:1080 ", "::1:1080",
               "[::1]", "[::1]1080", "[127.0.0.1]:1080", "/run/socket", "-h"):
        check(checkout.run("run", listen=at),
              (64, "", f"bootstrap: PICOSOCKS5_LISTEN={at}: expected ADDRESS:PORT with a numeric"
                       " address, for example 127.0.0.1:1081 or [::1]:1081\n"), at)
    checkout.untouched()


def taken():
    checkout = Checkout(lacks=["libmd-dev"])
    busy = Listener()
    for at, why in ((f"127.0.0.1:{busy.port}", "Address already in use"),
                    (f"0.0.0.0:{busy.port}", "Address already in use"),
                    ("192.0.2.1:1080", "Cannot assign requested address")):
        check(checkout.run("run", listen=at),
              (1, "", f"bootstrap: cannot listen on {at}: {why}. To listen elsewhere, type:"
                      " PICOSOCKS5_LISTEN=127.0.0.1:1081 ./bootstrap run\n"), at)
    checkout.untouched()


def mistakes():
    checkout = Checkout()
    for words, status, said in ((["--allwo", "from any"], 64, "--allwo"),
                                (["--allow", "from nowhere"], 64, "nowhere"),
                                (["--allow"], 64, '"--allow" needs a value'),
                                (["1080"], 64, "1080"),
                                (["--users", "missing"], 78, "missing")):
        got, out, err = checkout.run("run", *words, listen="127.0.0.1:0")
        check((got, out), (status, ""), words)
        assert said in err and "serving" not in err, err


def printed():
    checkout, busy = Checkout(), Listener()
    for words, status, said in ((["--help"], 0, "--allow"), (["-h"], 0, "--allow"),
                                (["--version"], 0, "picosocks5 "), (["-V"], 0, "picosocks5 "),
                                (["--socks4", "--check"], 0, "socks4\n"),
                                (["--sokcs4", "-t"], 64, ""),
                                (["--explain", "to 192.0.2.1"], 0, "192.0.2.1: allowed"),
                                (["--deny", "to any", "--explain=to 192.0.2.1"], 1, "denied"),
                                (["--hash", "alice"], 64, ""), (["--hash=alice"], 64, "")):
        got, out, err = checkout.run("run", *words, listen=f"127.0.0.1:{busy.port}")
        check(got, status, words)
        assert said in out and "serving" not in err, (words, out, err)


# ---- the proxy ----

def quiet():
    url = page()
    for listen, host in ("127.0.0.1:0", "127.0.0.1"), ("[::1]:0", "[::1]"):
        p = Checkout().start("run", "--allow", "from any to 127.0.0.1", listen=listen)
        at = first_line(p)
        check(at.rpartition(":")[0], host)
        for _ in range(3):
            check(fetch(at, url), "a page")
            line = p.stderr.readline()
            assert re.fullmatch(r"picosocks5\[\d+\]: client=.* end=eof\n", line), line
        p.send_signal(signal.SIGTERM)
        check((p.communicate(timeout=PATIENCE), p.returncode), (("", "stopped\n"), 0))
        shutil.rmtree(tmp("my checkout"))
        shutil.rmtree(tmp("bin"))


def stopped():
    checkout = Checkout()
    for how in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
        p = checkout.start("run", listen="127.0.0.1:0")
        sessions = [Held(first_line(p))]
        p.send_signal(how)
        for session in sessions:
            session.end.expect_end()
        out, err = p.communicate(timeout=PATIENCE)
        check((p.returncode, out), (0, ""), how)
        lines = err.splitlines()
        check((len(lines), lines[-1]), (2, "stopped"), err)
        assert lines[0].endswith("end=signal"), err


def from_elsewhere():
    checkout = Checkout()
    os.makedirs(tmp("here"))
    tmp("here/rules", 'allow "from any to 192.0.2.1"\n')
    p = checkout.start("run", "--config", "rules", listen="127.0.0.1:0", at=tmp("here"))
    try:
        Held(first_line(p))
    except AssertionError as e:
        assert "got 2, want 0" in str(e), e
    else:
        raise AssertionError("the rules were not read")
    p.terminate()
    p.communicate(timeout=PATIENCE)


# ---- what is installed, and how ----

def named():
    checkout = Checkout(lacks=["libmd-dev", "make", "pkg-config"], provided=["pkg-config"], uid=1000)
    status, out, err = checkout.run("build")
    assert err.startswith(f"bootstrap: installing {SIZE}: libmd-dev make\n"), err
    tmp("bin/apt-get", f"#!/bin/sh\necho \"apt-get $*\" >>{tmp('done')}\n")
    status, out, err = checkout.run("build")
    assert err.startswith("bootstrap: installing: libmd-dev make\n"), err


def asked():
    checkout = Checkout(lacks=["libmd-dev"], uid=1000)
    install = "sh bootstrap install-packages libmd-dev"
    status, out, err = checkout.run("run", listen="127.0.0.1:0")
    check((status, out, checkout.done()), (1, "", [f"sudo -n {install}"]), err)
    os.unlink(tmp("done"))
    t = Terminal([f"{checkout.folder}/bootstrap", "run"],
                 {"PATH": checkout.bin, "PICOSOCKS5_LISTEN": "127.0.0.1:0"})
    t.expect(re.escape(f"bootstrap: installing {SIZE}: libmd-dev\n"
                       "bootstrap: only root can do that; sudo may ask for your password\n"))
    t.expect("not installed. To do it by hand, type: sudo apt-get install .* libmd-dev\n")
    check((t.ends(), checkout.done()), (1, [f"sudo {install}"]))


def by_hand():
    apt = "apt-get install --no-install-recommends libmd-dev\n"
    for commands, said in (
            (("apt-get", "dpkg-query", "sudo"),
             "not installed: there is no terminal at which sudo could ask for a password."
             f" At a terminal, type: sudo {apt}"),
            (("apt-get", "dpkg-query"),
             f"only root can do that, and there is no sudo here. As root, type: {apt}")):
        checkout = Checkout(lacks=["libmd-dev"], commands=commands, uid=1000)
        check(checkout.run("build"),
              (1, "", f"bootstrap: installing {SIZE}: libmd-dev\nbootstrap: {said}"))
        shutil.rmtree(checkout.folder)
        shutil.rmtree(checkout.bin)
    checkout = Checkout(commands=())
    check(checkout.run("build"), (0, "", ""))
    os.unlink(f"{checkout.bin}/make")
    status, out, err = checkout.run("build")
    assert err.startswith("bootstrap: there is no apt here, and these programs are missing: make."
                          " Debian's packages for all that is needed: autoconf automake "), err


# ---- a user with a password ----

class Debian:
    """A folder with a Debian in it, and alice, who may do all by sudo if she gives her password."""

    HOME, PASSWORD = "/home/alice", "pass word"

    def __init__(self, root, **env):
        self.root, self.env = root, env
        for name in "dev", "proc":
            command("mount", "--rbind", f"/{name}", f"{root}/{name}")
        command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", f"{root}/run")
        self.do("useradd", "--create-home", "--shell", "/bin/sh", "alice")
        self.do("sh", "-c", f"echo 'alice:{self.PASSWORD}' | chpasswd")
        self.uid = int(self.do("id", "-u", "alice"))
        self.write("/etc/sudoers", "Defaults env_reset\nalice ALL=(ALL:ALL) ALL\n", 0o440)
        self.write("/etc/hosts", f"127.0.0.1 localhost {os.uname().nodename}\n")
        self.folder = f"{self.HOME}/my checkout"

    def write(self, path, text, mode=0o644):
        with open(self.root + path, "w") as f:
            f.write(text)
        os.chmod(self.root + path, mode)

    def do(self, *argv):
        return command("chroot", self.root, *argv)

    def run(self, *argv, at=None):
        return Terminal(argv, {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": self.HOME,
                               "PICOSOCKS5_LISTEN": "127.0.0.1:0", **self.env},
                        self.root, at or self.folder, self.uid)

    def first_run(self, missing):
        """alice has a new checkout, and makes a mistake in her password."""
        t = self.run("./bootstrap", "run")
        t.expect(r"^bootstrap: installing \([\d.,/kMB ]+ to download, [\d.,]+ [kM]B on disk\): "
                 + missing + r"\nbootstrap: only root can do that; sudo may ask for your password\n")
        t.expect("password for alice: ")
        t.type("a mistake\n", hidden=True)
        t.expect("Sorry, try again")
        t.expect("password for alice: ")
        t.type(self.PASSWORD + "\n", hidden=True)
        at = t.expect(r"serving on (127\.0\.0\.1:\d+); .*\n", patience=15 * PATIENCE)[1]
        begin = t.at
        check(fetch(at, page()), "a page")
        t.expect("end=eof\n")
        held = Held(at)
        t.type("\x03")
        held.end.expect_end()
        check(t.ends(), 0, t.text)
        lines = t.text[begin:].replace("^C", "").splitlines()
        check((len(lines), lines[-1]), (3, "stopped"), t.text[begin:])
        for line, end in zip(lines, ("eof", "signal")):
            assert re.fullmatch(rf"picosocks5\[\d+\]: client=127.* end={end}", line), line
        for folder, _, files in os.walk(self.root + self.folder):
            for name in (folder, *(os.path.join(folder, f) for f in files)):
                check(os.lstat(name).st_uid, self.uid, f"owner of {name}")
        assert not os.path.exists(self.root + "/usr/sbin/policy-rc.d"), "left behind"
        return t.text[:begin]

    def second_run(self):
        """It needs no sudo, and works from another folder."""
        os.chmod(f"{self.root}/usr/bin/sudo", 0)
        t = self.run(f"{self.folder}/bootstrap", "run", at="/")
        t.expect(r"^serving on 127\.0\.0\.1:\d+; .*\n")
        t.type("\x03")
        t.expect("stopped\n")
        check(t.ends(), 0)


    def root_run(self, package):
        """Root needs no sudo."""
        self.do("dpkg", "--purge", "--force-depends", package)
        said = self.do("sh", "-c", 'cd "$1" && ./bootstrap build 2>&1', "sh", self.folder)
        assert re.match(rf"bootstrap: installing \(.*\): {package}\n", said), said
        assert "sudo" not in said, said
        self.do("dpkg-query", "-s", package)


def repack(debian, package, postinst):
    """Makes a repository that holds an installed package once more, and removes the package."""
    files = [f[1:] for f in command("dpkg-query", "-L", package).splitlines()
             if os.path.islink(f) or os.path.isfile(f)]
    repository, folder = f"{debian.root}/srv/packages", tmp(package)
    os.makedirs(repository)
    os.makedirs(f"{folder}/DEBIAN")
    command("cp", "--archive", "--parents", f"--target-directory={folder}", *files, cwd="/")
    control = command("dpkg-query", "-s", package)
    tmp(f"{package}/DEBIAN/control", re.sub(r"^Status: .*\n", "", control, flags=re.M))
    tmp(f"{package}/DEBIAN/postinst", f"#!/bin/sh\n{postinst}\n")
    os.chmod(f"{folder}/DEBIAN/postinst", 0o755)
    command("dpkg-deb", "--root-owner-group", "--build", folder, f"{repository}/{package}.deb")
    command("sh", "-c", "dpkg-scanpackages . >Packages 2>/dev/null", cwd=repository)
    shutil.rmtree(f"{debian.root}/etc/apt/sources.list.d", ignore_errors=True)
    debian.write("/etc/apt/sources.list", "deb [trusted=yes] file:/srv/packages ./\n")
    debian.do("dpkg", "--purge", "--force-depends", package)
    debian.do("apt-get", "update")


def overlay():
    """A copy of this machine's files, which can be changed."""
    layers, root = tmp("layers"), tmp("root")
    os.makedirs(layers)
    os.makedirs(root)
    command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", layers)
    os.mkdir(f"{layers}/new")
    os.mkdir(f"{layers}/work")
    try:
        command("mount", "-t", "overlay", "-o",
                f"lowerdir=/,upperdir={layers}/new,workdir={layers}/work", "overlay", root)
    except AssertionError as e:
        raise Skip(f"needs overlays: {e}")
    if not os.access(f"{root}/usr/bin/sudo", os.X_OK):
        raise Skip("needs /usr on the file system of /")
    return root


def with_password():
    if os.getuid():
        raise Skip("needs root, to make a user")
    needs("apt-get", "curl", "dpkg-deb", "dpkg-scanpackages", "sudo", "useradd")
    if subprocess.run(["dpkg-query", "-s", "libmd-dev"], capture_output=True).returncode:
        raise Skip("needs libmd-dev")
    isolate()
    debian = Debian(overlay(), CFLAGS="-O0")  # to be quick
    debian.do("rm", "-f", "/usr/sbin/policy-rc.d")
    repack(debian, "libmd-dev", "cp /usr/sbin/policy-rc.d /srv/policy")
    archived(debian.root + debian.folder)
    debian.do("chown", "-R", "alice:", debian.folder)
    debian.first_run("libmd-dev")
    with open(f"{debian.root}/srv/policy") as f:
        check(f.read(), "#!/bin/sh\nexit 101\n", "the policy on daemons during the installation")
    debian.second_run()
    debian.root_run("libmd-dev")


def archived(folder):
    """What the release archive has."""
    command("make", "-s", "-C", BUILD, "distdir", f"distdir={tmp('archive')}",
            env={k: v for k, v in os.environ.items() if not k.startswith("MAKE") and k != "MFLAGS"})
    shutil.move(tmp("archive"), folder)
