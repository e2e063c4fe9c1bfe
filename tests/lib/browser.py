# SPDX-License-Identifier: GPL-3.0-or-later
"""A headless Chromium that shows files. It has no network: a namespace of its own, with nothing but
loopback, which is down.
"""

import base64
import os
import select
import tempfile

from lib.devtools import PATIENCE, Chromium


class Browser:
    """One page. Its events (messages of the console, requests of the network) are in `events`."""

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory()
        self._chromium = Chromium(self._folder.name, "--hide-scrollbars",
                                  env=dict(os.environ, HOME=self._folder.name))
        self._session, self.events = None, []
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
            while select.select([self._chromium.answers], [], [], PATIENCE)[0]:
                if not os.read(self._chromium.answers, 1 << 20):
                    break
        finally:
            self._chromium.kill()
        self._folder.cleanup()

    def _message(self):
        m = self._chromium.message()
        if "method" in m:
            self.events.append(m)
        return m

    def call(self, method, **params):
        number = self._chromium.send(method, self._session, **params)
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
