# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium, and its DevTools protocol: it reads commands on descriptor 3 and writes answers
on 4, as JSON, each ended by a NUL.
"""

import fcntl
import itertools
import json
import os
import select
import subprocess

PROGRAM = "chromium-headless-shell"
PATIENCE = float(os.environ.get("PICOSOCKS5_TEST_PATIENCE", "60"))


def _pipe():
    """Both ends of a pipe, with numbers above those that Chromium's ends get."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high


class Chromium:
    """The process and its two pipes. The folder is for its profile."""

    def __init__(self, folder, *arguments, env=None):
        (reads, self._commands), (self.answers, writes) = _pipe(), _pipe()
        script = f'exec {PROGRAM} "$@" 3<&{reads} 4>&{writes} {reads}<&- {writes}>&-'
        self._process = subprocess.Popen(
            ["bash", "-c", script, PROGRAM, "--no-sandbox", "--disable-gpu",
             "--disable-background-networking", f"--user-data-dir={folder}",
             "--remote-debugging-pipe", *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(reads, writes), env=env)
        os.close(reads)
        os.close(writes)
        self._waiting, self._numbers = b"", itertools.count(1)

    def send(self, method, session=None, **params):
        """Sends a command; returns the id of its answer."""
        number = next(self._numbers)
        m = {"id": number, "method": method, "params": params}
        if session:
            m["sessionId"] = session
        data = json.dumps(m).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data):]
        return number

    def message(self):
        """Returns the next answer or event."""
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self.answers], [], [], PATIENCE)
            assert ready, "Chromium does not answer"
            more = os.read(self.answers, 1 << 20)
            assert more, "Chromium has ended"
            self._waiting += more
        one, _, self._waiting = self._waiting.partition(b"\0")
        return json.loads(one)

    def kill(self):
        self._process.kill()
        self._process.wait()
        os.close(self._commands)
        os.close(self.answers)
