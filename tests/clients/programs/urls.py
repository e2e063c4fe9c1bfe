# SPDX-License-Identifier: GPL-3.0-or-later
"""Python's urllib with a proxy.

    python3 urls.py PROXY-URL CERTIFICATE URL

Prints the page at URL; trusts CERTIFICATE.
"""

import ssl
import sys
import urllib.request

proxy, trusted, url = sys.argv[1:]
opener = urllib.request.build_opener(
    urllib.request.ProxyHandler({"http": proxy, "https": proxy}),
    urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=trusted)))
sys.stdout.buffer.write(opener.open(url, timeout=60).read())
