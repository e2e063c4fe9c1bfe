# SPDX-License-Identifier: GPL-3.0-or-later
"""Chromium, which asks its user for a proxy's password: this program answers the dialog.

    python3 chromium.py PROXY-URL FOLDER URL...

Prints the text of the page at each URL. FOLDER is for the profile; $PROXY_USER and $PROXY_PASSWORD
are the user name and password. Asked a second time, or without a password, this program cancels
the dialog. Chromium trusts the certificates in $HOME/.pki/nssdb; if there is no such folder, it trusts
all.
"""

import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
from lib.devtools import Chromium  # noqa: E402

proxy, folder, *urls = sys.argv[1:]
user, password = (os.environ.get(k) for k in ("PROXY_USER", "PROXY_PASSWORD"))
trust = [] if os.path.isdir(os.environ["HOME"] + "/.pki/nssdb") else ["--ignore-certificate-errors"]


class Browser(Chromium):
    """Chromium, and the conversation with it."""

    def __init__(self):
        super().__init__(folder, *trust, f"--proxy-server={proxy}")
        self.asked = set()
        self.status = {}  # of each answer

    def until(self, wanted):
        """Answers what Chromium asks until a message is wanted; returns that."""
        while True:
            m = self.message()
            if m.get("method") == "Network.responseReceived":
                self.status[m["params"]["requestId"]] = m["params"]["response"]["status"]
            if wanted(m):
                return m
            if m.get("method") == "Fetch.authRequired":
                self.dialog(m)
            elif m.get("method") == "Fetch.requestPaused":
                self.send("Fetch.continueRequest", m["sessionId"],
                          requestId=m["params"]["requestId"])

    def call(self, method, session=None, **params):
        number = self.send(method, session, **params)
        answer = self.until(lambda m: m.get("id") == number)
        assert "result" in answer, answer
        return answer["result"]

    def dialog(self, m):
        challenge, request = m["params"]["authChallenge"], m["params"]["requestId"]
        assert challenge["source"] == "Proxy" and challenge["realm"] == "picosocks5", challenge
        answer = {"response": "CancelAuth"}
        if user and request not in self.asked:
            answer = {"response": "ProvideCredentials", "username": user, "password": password}
        self.asked.add(request)
        self.send("Fetch.continueWithAuth", m["sessionId"], requestId=request,
                  authChallengeResponse=answer)

    def text(self, session, url):
        went = self.call("Page.navigate", session, url=url)
        if "errorText" in went:
            sys.exit(f"chromium: {url}: {went['errorText']}")
        if went["loaderId"] not in self.status:
            self.until(lambda m: went["loaderId"] in self.status)
        if self.status[went["loaderId"]] != 200:  # the body of an answer to CONNECT never comes
            sys.exit(f"chromium: {url}: status {self.status[went['loaderId']]}")
        got = self.call("Runtime.evaluate", session, awaitPromise=True, expression="""
            new Promise(done => {
                const text = () => done(document.documentElement.textContent);
                document.readyState === "complete" ? text() : addEventListener("load", text);
            })""")
        return got["result"]["value"]


browser = Browser()
try:
    target = browser.call("Target.createTarget", url="about:blank")["targetId"]
    page = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
    browser.call("Page.enable", page)
    browser.call("Network.enable", page)
    browser.call("Fetch.enable", page, handleAuthRequests=True)
    for url in urls:
        sys.stdout.write(browser.text(page, url))
finally:
    browser.kill()
