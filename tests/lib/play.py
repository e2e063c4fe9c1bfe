# SPDX-License-Identifier: GPL-3.0-or-later
"""Plays one function of the file that stands beside a .bats file.

    play.py FILE FUNCTION [ARGUMENT...]

Then ends every session that the function left open, and checks that each process ends by itself.
Exit status: 0 kept, 1 broken, 77 skipped with the reason in $BATS_TEST_TMPDIR/skip.
"""

import importlib.util
import os
import sys
import traceback

_file, _function, *_arguments = sys.argv[1:]

# Last in the path: a file of the tests, secrets.py for one, never stands for the library's module.
sys.path += os.path.dirname(os.path.dirname(os.path.abspath(__file__))), os.path.dirname(_file)

from lib import program, world  # noqa: E402


def load(path):
    name = os.path.basename(path).removesuffix(".py")
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main():
    try:
        getattr(load(_file), _function)(*_arguments)
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
os._exit(status)  # don't wait for the threads of a broken script
