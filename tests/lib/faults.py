# SPDX-License-Identifier: GPL-3.0-or-later
"""Sessions in which one thing goes wrong: a system call, an allocation, a limit.

Each kind of session runs once to see what it asks of the system. Then it runs again and again, and
each time something else fails, once or for ever. judge() checks the result.
"""

import collections
import errno
import itertools
import os
import queue
import re
import signal
import struct
import subprocess

from lib import program
from lib.ordeal import LEFT, Over, PATIENCE, Place, REFUSED, SERVED
from lib.peer import FULL, check, together
from lib.program import SOURCE, Skip, lines_of, tmp
from lib.world import command, needs

# The errors of each call, beside EPERM, with which a filter may forbid any call.
_CAUSES = {
    "ppoll": "EINTR ENOMEM",
    "recvfrom": "EINTR EAGAIN ECONNRESET ETIMEDOUT ENOMEM EHOSTUNREACH EACCES EINVAL",
    "sendto": "EINTR EAGAIN EPIPE ECONNRESET ENOBUFS ENOMEM EACCES EINVAL ENETUNREACH",
    "recvmsg": "EINTR EAGAIN ENOMEM",
    "sendmsg": "EINTR EAGAIN ENOBUFS ECONNREFUSED",
    "recvmmsg": "EINTR EAGAIN ENOMEM ECONNREFUSED",
    "sendmmsg": "EINTR EAGAIN ENOBUFS ECONNREFUSED ENETUNREACH",
    "read": "EINTR EAGAIN EIO ENOMEM",
    "pread64": "EINTR EIO ENOMEM",
    "pwrite64": "EINTR EIO ENOSPC",
    "write": "EINTR EAGAIN EIO EPIPE ENOSPC",
    "socket": "EMFILE ENFILE ENOBUFS ENOMEM EAFNOSUPPORT",
    "connect": "EAGAIN EINTR ECONNREFUSED ENETUNREACH ENOBUFS EADDRNOTAVAIL",
    "bind": "EADDRINUSE ENOMEM EACCES",
    "listen": "EADDRINUSE ENOBUFS",
    "accept4": "EMFILE ENFILE ENOMEM ECONNABORTED EINTR EAGAIN",
    "getsockname": "ENOBUFS ENOMEM",
    "getpeername": "ENOBUFS ENOMEM",
    "getsockopt": "ENOBUFS ENOMEM",
    "setsockopt": "ENOBUFS ENOMEM EINVAL",
    "shutdown": "ENOTCONN ENOBUFS",
    "close": "EINTR EIO",
    "openat": "EMFILE ENFILE ENOENT EACCES EIO ENOMEM",
    "fstat": "EIO ENOMEM EOVERFLOW",
    "newfstatat": "EIO ENOMEM EOVERFLOW",
    "lseek": "EOVERFLOW",
    "ioctl": "EINVAL ENOMEM",
    "fcntl": "EINVAL ENOLCK",
    "mmap": "ENOMEM EAGAIN",
    "mremap": "ENOMEM EAGAIN",
    "mprotect": "ENOMEM EACCES",
    "munmap": "ENOMEM",
    "madvise": "ENOMEM EAGAIN EINVAL",
    "mincore": "ENOMEM EAGAIN",
    "clone": "EAGAIN ENOMEM",
    "clone3": "EAGAIN ENOMEM ENOSYS",
    "eventfd2": "EMFILE ENFILE ENOMEM",
    "seccomp": "EINVAL ENOMEM ENOSYS EACCES",
    "landlock_create_ruleset": "EMFILE ENOMEM ENOSYS EOPNOTSUPP E2BIG",
    "landlock_add_rule": "ENOMEM EINVAL",
    "landlock_restrict_self": "ENOMEM E2BIG",
    "getrandom": "EAGAIN ENOSYS",
    # The C library expects only the kernel's real errors from these.
    "futex": "EAGAIN EINTR",
    "set_robust_list": "ENOSYS",
    "rt_sigprocmask": "EINVAL",
}
_ALWAYS = ("EPERM", "ENOSYS")  # a filter that forbids it, a kernel that has none
_TRUE = {"futex", "set_robust_list", "rt_sigprocmask"}  # no other errors than those above
# They can't fail, or are also made before main() and must fail together; the C library sees
# a failure of brk() only by where the break is afterwards.
_LEFT_OUT = {"brk", "getpid", "gettid", "exit", "getuid", "geteuid", "rseq"}

# The requests of a session that may fail, and whether one failed; see tests/faults/preload.c.
Report = collections.namedtuple("Report", "seen failed crashed_in_libc")
# when: its index among those of its kind; negative: from it on. number: the system call's.
Fault = collections.namedtuple("Fault", "call number when error")


def compiled(name, *flags):
    """A tool of tests/faults, made for this test."""
    needs("cc")
    path = tmp(name)
    command("cc", "-D_GNU_SOURCE", "-O1", *flags, "-o", path,
            os.path.join(SOURCE, "tests", "faults", name + ".c"))
    return path


def numbers():
    """The system calls of this machine, by number."""
    text = command("cc", "-E", "-dM", "-include", "sys/syscall.h", "-xc", "/dev/null")
    return {int(n): name for name, n in re.findall(r"#define __NR_(\w+) (\d+)\n", text)}


class Means:
    """A means to make things fail: start() begins a session, faults() lists what can fail."""

    def __init__(self):
        self.held = {}

    def natural(self, kind, s, how):
        """Notes how the session ended without a fault, and what it may hold open."""
        check(how, kind.natural, f"how {kind.name} is settled")
        self.held[kind.name] = s.held


class Calls(Means):
    """System calls that fail: tests/faults/inject.c runs the program."""

    def __init__(self):
        super().__init__()
        self.names = numbers()
        try:
            path = compiled("inject", "-static")
        except AssertionError:  # no static C library here
            path = compiled("inject")
        self.program, program.PROGRAM = program.PROGRAM, path

    def start(self, kind, fault=None):
        """Returns a session of this kind, and a function that reads what the injector did."""
        r, w = os.pipe()
        env = {"FAULT_REPORT": "9"}
        if fault:
            env.update(FAULT_CALL=str(fault.number), FAULT_WHEN=str(fault.when),
                       FAULT_ERRNO=str(getattr(errno, fault.error)))
        try:
            s = kind.start(self.program, *kind.options, env=env, fds={9: w})
        finally:
            os.close(w)

        def report():
            with open(r) as f:
                lines = f.read().splitlines()
            return Report([tuple(map(int, line.split())) for line in lines if not fault],
                          bool(fault and lines), False)
        return s, report

    def _made(self, kind, place):
        """The calls of a session from main() on: (name, number, index among those of this name)."""
        s, report = self.start(kind)
        how = settle(kind, place, s)
        if s.wait() == 126:
            raise Skip(f"needs seccomp's notifications: {s.said()}")
        self.natural(kind, s, how)
        calls = report().seen
        s.forget()
        # The first call of main() asks which of the descriptors 0 to 2 are open.
        begin = next(i for i, (nr, n) in enumerate(calls) if (self.names[nr], n) == ("ppoll", 3))
        seen = collections.Counter()
        for i, (nr, _) in enumerate(calls):
            seen[nr] += 1
            if i >= begin and self.names[nr] not in _LEFT_OUT:
                yield self.names[nr], nr, seen[nr]

    def faults(self, kind, place):
        """Each call fails once with each error, or with one of them; then it and all later ones."""
        first = {}
        for i, (name, nr, when) in enumerate(self._made(kind, place)):
            first.setdefault(name, Fault(name, nr, -when, ""))
            errors = _CAUSES.get(name, "").split() + ["EPERM"] * (name not in _TRUE)
            for error in errors if FULL else errors[i % len(errors):][:1]:
                yield Fault(name, nr, when, error)
        for name, fault in first.items():
            for error in () if name in _TRUE else _ALWAYS if FULL else _ALWAYS[:1]:
                yield fault._replace(error=error)


NO_START = 127  # the loader's exit status, and a shell's
_made = itertools.count()


class Preloaded:
    """tests/faults/preload.c, in front of the C library of one process."""

    def __init__(self, library, **env):
        self.path = tmp(f"count{next(_made)}", bytes(24))
        self.env = {"LD_PRELOAD": library, "FAULT_COUNT": self.path, **env}

    def read(self):
        with open(self.path, "rb") as f:
            seen, failed, crashed_in_libc = struct.unpack("lll", f.read())
        return Report(range(1, seen + 1), failed, bool(crashed_in_libc))


def preload():
    """tests/faults/preload.c, compiled."""
    return compiled("preload", "-shared", "-fPIC")


class Allocations(Means):
    """Memory that runs out."""

    def __init__(self):
        super().__init__()
        self.library = preload()

    def start(self, kind, fault=None):
        loaded = Preloaded(self.library, FAULT_ALLOC=str(fault.when if fault else 0))
        return kind.start(*kind.options, env=loaded.env, fds={}), loaded.read

    def faults(self, kind, place):
        """Each allocation fails once; then it and all later ones. OpenSSL's are too many for all."""
        s, report = self.start(kind)
        self.natural(kind, s, settle(kind, place, s))
        s.exits(0).forget()
        seen = report().seen
        for n in seen[::1 + len(seen) // (4000 if FULL else 200)]:
            yield Fault("malloc", 0, n, "ENOMEM")
            yield Fault("malloc", 0, -n, "ENOMEM")


class Clock:
    """A wall clock that jumps three years forward or back each time it is read."""

    def __init__(self):
        self.library, self.loaded = preload(), []

    def start(self, how, *options):
        self.loaded.append(Preloaded(self.library, FAULT_CLOCK=str(10 ** 8)))
        return how(*options, env=self.loaded[-1].env)

    def jumps(self):
        return sum(loaded.read().failed for loaded in self.loaded)


class Limits(Means):
    """Few descriptors, or little memory, from the exec on."""

    NOFILE, MEMORY = "n", "v"  # as ulimit(1) calls them

    def __init__(self):
        super().__init__()
        self.library = preload()
        self.program, program.PROGRAM = program.PROGRAM, "/bin/sh"

    def _argv(self, fault):
        script = f'ulimit -{fault.number} {fault.when} && exec "$0" "$@"' if fault else 'exec "$0" "$@"'
        return "-c", script, self.program

    def start(self, kind, fault=None):
        loaded = Preloaded(self.library)
        s = kind.start(*self._argv(fault), *kind.options, env=loaded.env, fds={})
        return s, lambda: loaded.read()._replace(failed=s.wait() != NO_START)

    def _least(self):
        """Finds how much memory in KiB the program needs to start, in steps of 64."""
        def begins(kib):
            argv = "/bin/sh", *self._argv(Fault("memory", self.MEMORY, kib, "")), "--version"
            return subprocess.run(argv, env={"LD_PRELOAD": self.library},
                                  capture_output=True).returncode == 0
        return next(kib for kib in itertools.count(1024, 64) if begins(kib))

    def faults(self, kind, place):
        s, _ = self.start(kind)
        self.natural(kind, s, settle(kind, place, s))
        s.exits(0).forget()
        least = self._least()
        for n in range(4, 16 if FULL else 12):  # the loader needs one besides 0, 1 and 2
            yield Fault("descriptors", self.NOFILE, n, "EMFILE")
        for more in range(0, 3072, 64 if FULL else 256):
            yield Fault("memory", self.MEMORY, least + more, "ENOMEM")


def settle(kind, place, s):
    """Plays the session; returns how it ended."""
    s.held = 0
    try:
        kind.before(s)
        return kind.play(place, s)
    except Over as over:
        return over.how
    finally:
        s.close()


# The words of the log for each cause.
_ENDS = {"reset": "ECONNRESET EPIPE ECONNABORTED ENOTCONN", "timeout": "ETIMEDOUT"}
# The words of libraries: resolver, loader, service names, password hashes, OpenSSL.
_WORDS = ("the name was not found", "the name servers did not answer", "the name has no address",
          "the address has no name", "System error", "Memory allocation failure", "shared library",
          "services:", "known service name", "libssl.so.3 can't be loaded", "libssl.so.3 is too old",
          "OpenSSL fails", "malloc failure", "no memory for ",
          # Of the program, if `same` needs an address that the kernel does not tell.
          "the address that the client reached is not known")


def names_cause(text, fault):
    """True if the log names the cause."""
    if "two.example.com" in text and os.strerror(errno.ECONNREFUSED) in text:
        return True  # the error of the other address is true as well
    if os.strerror(getattr(errno, fault.error)) in text or any(w in text for w in _WORDS):
        return True
    if any(fault.error in _ENDS.get(line["end"], "") for line in lines_of(text)):
        return True
    if fault.error in ("EACCES", "EPERM") and "the firewall or the routes of this host" in text:
        return True  # connecting has these errors for no other reason
    if fault.error in ("ECONNRESET", "EPIPE") and "saslauthd closed the connection" in text:
        return True
    if fault.error == "ETIMEDOUT" and "saslauthd did not answer" in text:
        return True
    if fault.error == "ECONNRESET" and 'protocol=http' in text and "end=auth" in text:
        return True  # the client was asked for a password, and has left
    if fault.error == "EAFNOSUPPORT" and "can't send to this address family" in text:
        return True
    thread = "clone", "clone3", "mmap", "mprotect", "malloc", "memory"
    if fault.call in thread and os.strerror(errno.EAGAIN) in text:
        return True  # pthread_create(3) has no other error
    if fault.call in ("mmap", "mremap", "mprotect") or fault.error == "ENOMEM":
        return "out of memory" in text or os.strerror(errno.ENOMEM) in text
    return False


def judge(kind, place, syslog, held, fault, s):
    """Plays a session in which something fails; returns what is wrong with it, or None."""
    place.came()
    how = settle(kind, place, s)
    status = s.wait(PATIENCE)
    came = place.came()
    said = s.said() or how != kind.natural and syslog.of(s) or ""
    spent = s.usage.ru_utime + s.usage.ru_stime
    if status not in (0, 64, 71, 78):
        return f"status {status}"
    if spent > 1:
        return f"{spent:.1f} s of CPU"
    if kind.natural != SERVED and (how == SERVED or came):
        return f"let in: {how}, {came} connections"
    # A log that does not go to descriptor 2 has a descriptor of its own.
    if s.held > held + (not s.said()) and fault.call != "close":
        return f"{s.held} descriptors in place of {held}"
    if kind.natural == REFUSED and how in (REFUSED, LEFT):
        # The peer of a session through a parent is the parent.
        tried = "peer=" in said and "via=" not in said
        return f"a connection was tried: {said!r}" if tried else None
    if how == kind.natural or not kind.logs or fault.call == "write" and fault.when < 0:
        return None  # all is well, or the log itself is what failed
    return None if names_cause(said, fault) else f"no cause in {said!r}"


def is_libcs(s, crashed_in_libc):
    """True if the fault broke the C library, or one of Kerberos, and not the program."""
    if s.wait() == -signal.SIGSEGV:
        return crashed_in_libc
    if s.wait() != -signal.SIGABRT:
        return False
    found = re.search(r"^\S+: (\w+\.c):\d+: .* Assertion", s.said())
    # An assertion in the C library prints the latter if it lacks the memory for more.
    return not os.path.exists(os.path.join(SOURCE, "src", found[1])) if found else \
        "Unexpected error." in s.said()


class Sweep:
    """Tries all faults in all kinds, in several workers, because they mostly wait."""

    def __init__(self, means, kinds, syslog):
        self.means, self.syslog = means, syslog
        self.jobs, self.wrong = queue.SimpleQueue(), []
        self.tried = self.in_libc = 0
        place = Place()
        for kind in kinds:
            for fault in means.faults(kind, place):
                self.jobs.put((kind, fault))
        together(*[self._work] * 8)

    def _try(self, place, kind, fault):
        s, report = self.means.start(kind, fault)
        try:
            wrong = judge(kind, place, self.syslog, self.means.held[kind.name], fault, s)
        except (AssertionError, OSError) as e:
            wrong = f"{type(e).__name__}: {e}"
        if wrong and s.alive:
            s.kill(signal.SIGKILL)
        done = report()
        # The call that fails may not be reached: the order of events is not always the same.
        self.tried += bool(done.failed)
        if wrong and s.wait() == NO_START:
            pass  # the program was not run
        elif wrong and is_libcs(s, done.crashed_in_libc):
            self.in_libc += 1
        elif wrong:
            self.wrong.append(f"{kind.name}: {fault.call} {fault.when} {fault.error}: {wrong}")
        s.forget()

    def _work(self):
        place = Place()
        try:
            while True:
                self._try(place, *self.jobs.get_nowait())
        except queue.Empty:
            return
