# SPDX-License-Identifier: GPL-3.0-or-later
"""What the help text, the manual pages and --check say of the options."""

import functools
import glob
import os
import re

from lib.peer import check
from lib.program import SOURCE, run, tmp

# Option, a value it can't have, and words one of which tells what it could be.
BAD_VALUES = [
    ("family", "ipv5", ["prefer-ipv4"]),
    ("log", "printer", ["journal"]),
    ("log-level", "loud", ["warning"]),
    ("handshake-timeout", "soon", ["time", "2h4m", "30s"]),
    ("connect-timeout", "12x", ["time", "2h4m", "30s"]),
    ("idle-timeout", "-1", ["time", "2h4m", "30s"]),
    ("lifetime", "1.5h", ["time", "2h4m", "30s"]),
    ("bind-timeout", "soon", ["time", "2h4m", "30s"]),
    ("source", "nowhere", ["address"]),
    ("source", "127.0.0.1,127.0.0.2", ["famil", "one IPv4"]),
    ("source", "127.0.0.1,", ["address"]),
    ("interface", "a-name-that-is-too-long", ["interface", "15"]),
    ("mark", "seven", ["number"]),
    ("mark", "4294967296", ["number"]),
    ("mark", "-1", ["number"]),
    ("rate", "fast", ["bytes", "rate"]),
    ("auth", "telepathy", ["none"]),
    ("port-range", "10", ["LO-HI", "port"]),
    ("port-range", "20-10", ["LO-HI", "port"]),
    ("external", "nowhere", ["address"]),
    ("proxy-protocol", "nowhere", ["net", "NET", "address"]),
    ("via", "nowhere", ["an address", "socks5://"]),
    ("allow", "frm", ["from"]),
]


@functools.cache
def help_options():
    """The long names in the help text."""
    return set(re.findall(r"(?m)^ +(?:-\w, ?)?--([a-z][a-z0-9-]+)", run("--help")[1]))


def read_source(path):
    with open(os.path.join(SOURCE, path)) as f:
        return f.read()


def manual(page):
    found = glob.glob(os.path.join(SOURCE, "**", page), recursive=True)
    if not found:
        raise AssertionError(f"there is no {page}")
    return read_source(found[0])


def manual_options(page):
    """The long names that a manual page in mdoc gives an entry of its own."""
    entries = re.findall(r"(?m)^\.It (.*)$", manual(page))
    return {n for e in entries for n in re.findall(r"Fl (?:Fl |-)([a-z][a-z0-9-]+)", e)}


def bad_values():
    """A pattern that matches any of the options."""
    return [row for row in BAD_VALUES if row[0] in help_options()]


def all_bad(option, values):
    """None of the values will do, and each is reported."""
    path = tmp("bad", "".join(f'{option} "{v}"\n' for v in values))
    status, _, err = run("--check", "--config", path)
    check(status, 78, err)
    for line, value in enumerate(values, 1):
        assert f"{path}:{line}: " in err, (value, err)
    status, _, err = run(f"--{option}={values[0]}")
    check(status, 64, err)
    assert f"--{option}" in err, err


def settings(*options):
    """The settings in force that --check prints, without the verdict, which names the file."""
    status, out, err = run("--check", *options)
    check((status, err), (0, ""), f"--check {options}")
    *lines, verdict = out.splitlines()
    assert verdict.partition(": ")[2].startswith("fine, "), verdict
    return "\n".join(lines)


def same(a, b):
    """Both lists of options give the same settings."""
    check(settings(*a), settings(*b), f"{a} and {b}")


def is_ours(host, *options):
    """Whether the program takes the address for one of this host, with these options."""
    status, out, err = run("--allow", "from any", *options,
                           "--explain", f"from 192.0.2.7 to {host} port 80")
    own = "this host's own" in out
    assert own or "allowed by" in out, out
    check((status, err), (int(own), ""), f"--explain of {host}")
    return own
