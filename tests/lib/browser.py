# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium that shows files, driven by its DevTools protocol.

It reads commands on descriptor 3 and writes answers on 4: JSON, each ended by a NUL. It has no
network: a namespace of its own, with nothing but loopback, which is down.
"""

import base64
import fcntl
import itertools
import json
import os
import select
import subprocess
import tempfile

PROGRAM = "chromium-headless-shell"
PATIENCE = float(os.environ.get("PICOSOCKS5_TEST_PATIENCE", "60"))


def _pipe():
    """Both ends of a pipe, with numbers above those that Chromium's ends get."""
    ends = os.pipe()
    high = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in ends]
    for end in ends:
        os.close(end)
    return high


class Browser:
    """One page. Its events (messages of the console, requests of the network) are in `events`."""

    def __init__(self):
        (reads, self._commands), (self._answers, writes) = _pipe(), _pipe()
        self._folder = tempfile.TemporaryDirectory()
        script = f'exec {PROGRAM} "$@" 3<&{reads} 4>&{writes} {reads}<&- {writes}>&-'
        self._process = subprocess.Popen(
            ["bash", "-c", script, PROGRAM, "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-background-networking", f"--user-data-dir={self._folder.name}",
             "--remote-debugging-pipe"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(reads, writes), env=dict(os.environ, HOME=self._folder.name))
        os.close(reads)
        os.close(writes)
        self._waiting, self._numbers, self._session = b"", itertools.count(1), None
        self.events = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target,
                                  flatten=True)["sessionId"]
        for domain in "Page", "Runtime", "Log", "Network", "Audits", "DOM":
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:  # its processes end one after the other; the last closes the pipe
            self.call("Browser.close")
            while select.select([self._answers], [], [], PATIENCE)[0]:
                if not os.read(self._answers, 1 << 20):
                    break
        finally:
            self._process.kill()
            self._process.wait()
        os.close(self._commands)
        os.close(self._answers)
        self._folder.cleanup()

    def _message(self):
        while b"\0" not in self._waiting:
            ready, _, _ = select.select([self._answers], [], [], PATIENCE)
            assert ready, "Chromium does not answer"
            more = os.read(self._answers, 1 << 20)
            assert more, "Chromium has ended"
            self._waiting += more
        one, _, self._waiting = self._waiting.partition(b"\0")
        m = json.loads(one)
        if "method" in m:
            self.events.append(m)
        return m

    def call(self, method, **params):
        number = next(self._numbers)
        m = {"id": number, "method": method, "params": params}
        if self._session:
            m["sessionId"] = self._session
        data = json.dumps(m).encode() + b"\0"
        while data:
            data = data[os.write(self._commands, data):]
        while (answer := self._message()).get("id") != number:
            pass
        assert "result" in answer, answer
        return answer["result"]

    def show(self, path, width=1440, dark=False, media="", height=900):
        """Loads a file anew, and returns when it is there."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=media, features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])
        self.events.clear()
        loader = self.call("Page.navigate", url="file://" + os.path.abspath(path))["loaderId"]
        assert self.value("""new Promise(done => {
            const ready = () => done(true);
            document.readyState === "complete" ? ready() : addEventListener("load", ready);
        })""")
        return loader

    def value(self, expression):
        """What an expression of JavaScript gives; the page itself need not allow scripts."""
        got = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                        returnByValue=True)
        assert "exceptionDetails" not in got, got
        return got["result"].get("value")

    def tree(self):
        """The nodes of the accessibility tree that are not ignored: role, name, description."""
        def of(node, key):
            return node.get(key, {}).get("value", "")
        return [(of(n, "role"), of(n, "name"), of(n, "description"))
                for n in self.call("Accessibility.getFullAXTree")["nodes"] if not n["ignored"]]

    def picture(self, path, width, height):
        """Writes a PNG of the upper left part of the page."""
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                         clip=clip)
        with open(path, "wb") as f:
            f.write(base64.b64decode(shot["data"]))
