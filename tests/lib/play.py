# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays one script from standard input, with the words of this folder at hand.

Ends every session that the script left open and sees to it that each process ended by
itself. Exit status: 0 kept, 1 broken, 77 skipped with the reason in $BATS_TEST_TMPDIR/skip.
"""

import linecache
import os
import sys
import traceback

# The modules of this folder, and those beside the test.
sys.path[:0] = os.path.dirname(os.path.abspath(__file__)), os.environ["BATS_TEST_DIRNAME"]

import bind  # noqa: E402
import options  # noqa: E402
import peer  # noqa: E402
import program  # noqa: E402
import proxy  # noqa: E402
import socks4  # noqa: E402
import socks5  # noqa: E402
import trace  # noqa: E402
import udp  # noqa: E402
import users  # noqa: E402
import world  # noqa: E402


def words():
    """The names that a script can use without asking."""
    names = {"os": os, "sys": sys}
    for module in (bind, options, peer, program, proxy, socks4, socks5, trace, udp, users,
                   world):
        names.update({k: v for k, v in vars(module).items() if not k.startswith("_")})
    return names


def main():
    text = sys.stdin.read()
    name = os.environ.get("BATS_TEST_NAME", "script")
    linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        exec(compile(text, name, "exec"), words())
        program.finish_all()
    except program.Skip as reason:
        with open(os.path.join(os.environ["BATS_TEST_TMPDIR"], "skip"), "w") as f:
            f.write(str(reason))
        return 77
    except BaseException:
        traceback.print_exc()
        program.explain()
        return 1
    finally:
        program.kill_all()
        world.stop_all()
    return 0


status = main()
sys.stdout.flush()
sys.stderr.flush()
os._exit(status)  # threads of a broken script are not waited for
