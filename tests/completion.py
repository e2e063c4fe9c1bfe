# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that completion.bats plays, one for each @test. Each gets the name of a shell."""

import os
import pty
import re
import select
import time

from lib.peer import PATIENCE, check
from lib.program import PROGRAM, Skip, run, tmp
from lib.world import command

MADE = os.path.join(os.environ["builddir"], "completion")
PROMPT = "ready-for-a-line> "
REPORT = "picosocks5-report"
# In these shells, both commands are functions that write their arguments to a file.
NOTE = f"""picosocks5() {{ printf '%s\\0' "$@" >args; }}; {REPORT}() {{ picosocks5 "$@"; }}"""
INSERT = {"bash": "\033*", "zsh": "\t"}  # inserts all completions
SETUP = {
    "bash": f"for f in {MADE}/bash/*; do source $f; done; {NOTE}",
    "zsh": f"""fpath=({MADE}/zsh $fpath); autoload -Uz compinit; compinit -u -D
               zstyle ':completion:*' completer _all_matches _complete
               zstyle ':completion:*' insert true; {NOTE}""",
}
START = {"bash": ("bash", "--norc", "--noprofile", "-i"), "zsh": ("zsh", "-f", "-i")}


def environment():
    return {"PATH": "/usr/bin:/bin", "HOME": tmp(""), "TERM": "dumb", "PS1": PROMPT,
            "LC_ALL": "C.UTF-8"}


class Terminal:
    """bash or zsh at a terminal, which ends with the script."""

    def __init__(self, shell):
        self.insert, self.said = INSERT[shell], b""
        pid, self.fd = pty.fork()
        if not pid:
            os.chdir(tmp(""))
            os.execvpe(START[shell][0], START[shell], environment())
        self._await_prompt()
        for line in SETUP[shell].splitlines():
            self.type(line + "\n")

    def _await_prompt(self):
        until = time.monotonic() + PATIENCE
        while PROMPT.encode() not in self.said:
            if not select.select([self.fd], [], [], max(0, until - time.monotonic()))[0]:
                raise AssertionError(f"no prompt, but {self.said!r}")
            self.said += os.read(self.fd, 4096)

    def type(self, text):
        """Types a whole line; waits until the shell wants the next one."""
        self.said = b""
        os.write(self.fd, text.encode())
        self._await_prompt()

    def complete(self, line, program):
        self.type(f"{program} {line}{self.insert}\n")
        with open(tmp("args"), encoding="utf-8") as f:
            args = f.read().split("\0")[:-1]
        os.remove(tmp("args"))
        words = line.split(" ")
        before = len(words) - 1
        check(args[:before], words[:-1], f"what stood before {words[-1]!r}")
        found = args[before:]
        return [] if found == words[-1:] else found  # the word that was typed is no completion


class Fish:
    """fish says by itself what it would complete."""

    def complete(self, line, program):
        out = command("fish", "--no-config", "-c", f"source {MADE}/fish/{program}.fish\n"
                      f"complete -C {f'{program} {line}'!r}", cwd=tmp(""), env=environment())
        return [text.partition("\t")[0].replace("\\ ", " ") for text in out.splitlines()]


def shell_of(name):
    if not os.path.isdir(os.path.join(MADE, name)):
        raise Skip(f"configured without the completion of {name}")
    return Fish() if name == "fish" else Terminal(name)


def completes(shell, table, program="picosocks5"):
    """Each line of the table is completed with exactly these words, in any order."""
    for line, want in table:
        found = shell.complete(line, program)
        check(sorted(found), sorted(want), f"completions of {program} {line!r}")


def options(name):
    shell = shell_of(name)
    completes(shell, [
        ("--che", ["--check"]),
        ("--so", ["--socks4", "--source"]),
        ("--socks4 --log-l", ["--log-level"]),
        ("-c x --no-s", ["--no-sandbox"]),
        ("--telepathy", []),
    ])
    found = shell.complete("-", "picosocks5")
    for letter in "-a", "-c", "-h", "-t", "-u", "-V":
        assert letter in found, (letter, found)


def values(name):
    shell = shell_of(name)
    tmp("picosocks5.conf", ""), tmp("users of mine", "")
    os.mkdir(tmp("picosocks5.d"))
    levels = ["debug", "error", "info", "notice", "warning"]
    completes(shell, [
        ("--auth pa", ["password"]),
        ("-a no", ["none"]),
        ("--auth password,n", ["password,none"]),
        ("--auth=no", ["--auth=none"]),
        ("--log-level ", levels),
        ("--log-level=w", ["--log-level=warning"]),
        ("--family prefer", ["prefer-ipv4", "prefer-ipv6"]),
        ("--config picosocks5.c", ["picosocks5.conf"]),
        ("-c picosocks5.c", ["picosocks5.conf"]),
        ("--config=picosocks5.c", ["--config=picosocks5.conf"]),
        ("--users user", ["users of mine"]),
        ("-u user", ["users of mine"]),
        ("--as roo", ["root"]),
        ("--hash alice --scheme ", ["bcrypt", "cram-md5", "sha512", "yescrypt"]),
        ("--scheme=y", ["--scheme=yescrypt"]),
        ("--hash ", []),
        ("--lifetime ", []),
        ("--allow pico", []),
        ("--mark ", []),
    ])
    assert "lo" in shell.complete("--interface l", "picosocks5"), "the interface lo"


def once(name):
    """fish offers options with words or files again, because it could not complete these then."""
    table = [
        ("--socks4 --so", ["--source"]),
        ("--lifetime 5 --lif", []),
        ("--allow x --allo", ["--allow"]),
        ("--proxy-protocol x --prox", ["--proxy-protocol"]),
        ("--config x --conf", ["--config"]),
        ("-c x --conf", ["--config"]),
        ("--check --ch", []),
        ("-t --ch", []),
        ("--check --he", []),
        ("-t --vers", []),
        ("-t --exp", []),
        ("-t --has", []),
        ("--hash x --ch", []),
        ("--explain x --ch", []),
    ]
    if name != "fish":
        table += [("--users x --us", []), ("-u x --us", []), ("--auth none --aut", [])]
    completes(shell_of(name), table)


def options_in(text):
    names = re.findall(r"(?m)^ +(?:(-\w), )?(--[a-z0-9-]+)", text)
    return [n for pair in names for n in pair if n]


def every_option(name):
    names = options_in(run("--help")[1])
    assert len(names) > 20, names
    completes(shell_of(name), [("-", names)])


def report_shell(name):
    if not os.path.exists(f"{PROGRAM}-report"):
        raise Skip("configured without the report")
    return shell_of(name)


def report(name):
    """fish offers options with words or files again, because it could not complete these then."""
    shell = report_shell(name)
    tmp("november.html", ""), tmp("picosocks5.log", "")
    table = [
        ("--si", ["--since"]),
        ("--by ", ["client", "dest", "end", "hour", "rule", "user"]),
        ("--by=e", ["--by=end"]),
        ("--since y", ["yesterday"]),
        ("--until=y", ["--until=yesterday"]),
        ("--top ", []),
        ("--html nov", ["november.html"]),
        ("--metrics nov", ["november.html"]),
        ("--json pico", ["picosocks5.log"]),
        ("--now --js", ["--json"]),
        ("--csv --no", ["--now"]),
        ("--now --no", []),
        ("--csv --js", []),
        ("--telepathy", []),
    ]
    if name != "fish":
        table += [("--by user --b", []), ("--json --ht", []), ("--html=x --met", [])]
    completes(shell, table, REPORT)


def report_every_option(name):
    shell = report_shell(name)
    text = command(f"{PROGRAM}-report", "--help")
    names = options_in(text)
    assert len(names) > 8, text
    completes(shell, [("-", names)], REPORT)
