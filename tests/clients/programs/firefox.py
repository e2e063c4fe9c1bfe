# SPDX-License-Identifier: GPL-3.0-or-later
"""Firefox with an extension that sets a proxy and a password, because its own settings can't.

    python3 firefox.py PROXY URL FOLDER

Prints the text of the page at URL. FOLDER is for the profile and the extension; $PROXY_USER and
$PROXY_PASSWORD are the user name and password. Marionette controls Firefox: JSON after its length.
"""

import json
import os
import socket
import subprocess
import sys
import time

WAIT = 90
proxy, url, folder = sys.argv[1:]
profile, extension = os.path.join(folder, "profile"), os.path.join(folder, "extension")

# Firefox's own requests to others, beside those that its command line switches off.
PREFS = {
    "marionette.port": 0,  # any: see MarionetteActivePort
    "app.normandy.enabled": False,
    "app.update.auto": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.healthreport.uploadEnabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.update.enabled": False,
    "geo.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "security.remote_settings.crlite_filters.enabled": False,
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.unified": False,
}

MANIFEST = {
    "manifest_version": 2,
    "name": "a proxy with a password",
    "version": "1.0",
    "browser_specific_settings": {"gecko": {"id": "proxy@example.com"}},
    "permissions": ["proxy", "<all_urls>"],
    "background": {"scripts": ["background.js"]},
}

# The proxy looks up the name. Firefox's own requests are not part of the test.
BACKGROUND = """
"use strict";
browser.proxy.onRequest.addListener(() => (%s), { urls: ["*://*.example.com/*"] });
"""


def prepare():
    os.makedirs(profile)
    with open(os.path.join(profile, "user.js"), "w") as f:
        for name, value in PREFS.items():
            f.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
    os.makedirs(extension)
    with open(os.path.join(extension, "manifest.json"), "w") as f:
        json.dump(MANIFEST, f)
    host, _, port = proxy.rpartition(":")
    with open(os.path.join(extension, "background.js"), "w") as f:
        f.write(BACKGROUND % json.dumps({
            "type": "socks", "host": host, "port": int(port), "proxyDNS": True,
            "username": os.environ.get("PROXY_USER", ""),
            "password": os.environ.get("PROXY_PASSWORD", "")}))


class Marionette:
    def __init__(self, browser):
        active = os.path.join(profile, "MarionetteActivePort")
        end = time.monotonic() + WAIT
        while not (os.path.exists(active) and os.path.getsize(active)):
            if browser.poll() is not None or time.monotonic() > end:
                sys.exit("Firefox does not start")
            time.sleep(0.05)
        with open(active) as f:
            self.sock = socket.create_connection(("127.0.0.1", int(f.read())), WAIT)
        self.file, self.count = self.sock.makefile("rb"), 0
        self.read()

    def read(self):
        size = b""
        while not size.endswith(b":"):
            byte = self.file.read(1)
            if not byte:
                sys.exit("Firefox has gone")
            size += byte
        return json.loads(self.file.read(int(size[:-1])))

    def do(self, command, **parameters):
        self.count += 1
        data = json.dumps([0, self.count, command, parameters]).encode()
        self.sock.sendall(b"%d:%s" % (len(data), data))
        _, _, error, result = self.read()
        if error:
            sys.exit(f"{command}: {error['error']}: {error['message']}")
        return result


def page(browser):
    firefox = Marionette(browser)
    firefox.do("WebDriver:NewSession", capabilities={})
    firefox.do("Addon:Install", path=extension, temporary=True)
    firefox.do("WebDriver:Navigate", url=url)
    return firefox.do("WebDriver:ExecuteScript", args=[],
                      script="return document.body.textContent")["value"]


prepare()
with open(os.path.join(folder, "firefox.out"), "wb") as said:
    browser = subprocess.Popen(
        ["firefox-esr", "--headless", "--no-remote", "--marionette", "--profile", profile],
        stdin=subprocess.DEVNULL, stdout=said, stderr=said,
        env={**os.environ, "HOME": folder, "MOZ_CRASHREPORTER_DISABLE": "1"})
try:
    sys.stdout.write(page(browser))
finally:
    browser.kill()
    browser.wait()
