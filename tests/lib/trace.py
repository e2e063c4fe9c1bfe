# SPDX-License-Identifier: GPL-3.0-or-later
"""The program under strace: which system calls it makes, and what it does if some fail."""

import os
import re
import textwrap

from lib import program
from lib.peer import eventually
from lib.program import Skip, tmp
from lib.world import command, needs

_CALL = re.compile(r"^(?:\d+ +)?(\w+)\(")


def traced(*expressions):
    """From here on, sessions run under strace; each argument is the value of an option -e."""
    needs("strace")
    if program.KIND in ("sanitize", "valgrind"):
        raise Skip("this build is traced by others, or has no sandbox")
    if "not in this" in command(program.PROGRAM, "--check"):
        raise Skip("no sandbox in this build or kernel")
    e = " ".join(f"-e '{x}'" for x in expressions)
    # -D: the process that was started is the program, and strace is its grandchild.
    text = f"""\
        #!/bin/sh
        exec strace -D -f -qq -o {tmp("trace")}.$$ {e} {program.PROGRAM} "$@"
        """
    path = tmp("traced", textwrap.dedent(text))
    os.chmod(path, 0o755)
    program.PROGRAM = path


def lines(session):
    """What strace wrote of a session that has ended."""
    path = f"{tmp('trace')}.{session.pid}"

    def whole():
        with open(path, encoding="latin-1") as f:
            text = f.read()
        return text if re.search(r"^(\d+ +)?(exit_group\(|\+\+\+)", text, re.M) else None

    return eventually(whole, "the trace ends").splitlines()


def calls(session):
    """The names of all its system calls, in order."""
    found = (_CALL.match(line) for line in lines(session))
    return [m[1] for m in found if m]


def after_sandbox(session):
    """The names of those it made after the last filter was in force."""
    names = calls(session)
    return names[len(names) - names[::-1].index("seccomp"):]
