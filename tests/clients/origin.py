# SPDX-License-Identifier: GPL-3.0-or-later
"""The origin of HTTP clients: nginx, with a page and something to fetch for apt, git and npm.

It is a process of its own with a configuration of its own; the system's nginx is left alone. Its
log has what arrived.
"""

import hashlib
import io
import json
import os
import tarfile
import urllib.request

from destinations import FOUR, PAGE, SIX, WEB
from lib.peer import eventually
from lib.program import tmp
from lib.world import answers, background, command

TLS = 8443
NAME, NAME6 = "four.example.com", "six.example.com"
SOURCES = f"http://{NAME}:{WEB}", f"https://{NAME}:{TLS}"
HELLO = "hello from a package\n"
_read = 0
_running = []


def url(scheme, host, path=""):
    return f"{scheme}://{host}:{TLS if scheme == 'https' else WEB}/{path}"


def certificate():
    """Makes a certificate that clients can trust as it is, and returns its path."""
    command("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
            "-subj", f"/CN={NAME}",
            "-addext", f"subjectAltName=DNS:{NAME},DNS:{NAME6},IP:{FOUR},IP:{SIX}",
            "-keyout", tmp("origin.key"), "-out", tmp("origin.pem"))
    return tmp("origin.pem")


def apt_repository(folder):
    """A flat repository with a package, hello."""
    os.makedirs(tmp("deb/DEBIAN"))
    tmp("deb/hello.txt", HELLO)
    control = ("Package: hello\nVersion: 1.0\nArchitecture: all\nMaintainer: T <t@example.com>\n"
               "Description: a file\n")
    tmp("deb/DEBIAN/control", control)
    os.mkdir(folder)
    command("dpkg-deb", "-Znone", "--root-owner-group", "-b", tmp("deb"), f"{folder}/hello.deb")
    with open(f"{folder}/hello.deb", "rb") as f:
        deb = f.read()
    with open(f"{folder}/Packages", "w") as f:
        f.write(f"{control}Filename: ./hello.deb\nSize: {len(deb)}\n"
                f"SHA256: {hashlib.sha256(deb).hexdigest()}\n")


def git_repository(folder):
    """A repository that any web server can serve, with one commit of hello.txt."""
    work = tmp("work")
    author = [word for key, value in (("user.name", "T"), ("user.email", "t@example.com"))
              for word in ("-c", f"{key}={value}")]
    env = {"PATH": os.environ["PATH"], "HOME": tmp("home"), "GIT_CONFIG_NOSYSTEM": "1"}
    command("git", "init", "-q", "-b", "main", work, env=env)
    tmp("work/hello.txt", HELLO)
    command("git", "-C", work, "add", "hello.txt", env=env)
    command("git", "-C", work, *author, "commit", "-q", "-m", "a file", env=env)
    command("git", "clone", "-q", "--bare", work, folder, env=env)
    command("git", "-C", folder, "update-server-info", env=env)


def npm_registry(folder):
    """What the registry says about a package, hello, for each scheme; and the package."""
    os.mkdir(folder)
    manifest = {"name": "hello", "version": "1.0.0"}
    files = {"package.json": json.dumps(manifest), "hello.txt": HELLO}
    with tarfile.open(f"{folder}/hello-1.0.0.tgz", "w:gz") as tar:
        for name, text in files.items():
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
    with open(f"{folder}/hello-1.0.0.tgz", "rb") as f:
        digest = hashlib.sha1(f.read()).hexdigest()
    for at in SOURCES:
        dist = {"tarball": f"{at}/npm/hello-1.0.0.tgz", "shasum": digest}
        os.makedirs(f"{folder}/{at.partition(':')[0]}")
        with open(f"{folder}/{at.partition(':')[0]}/hello", "w") as f:
            json.dump({"name": "hello", "dist-tags": {"latest": "1.0.0"},
                       "versions": {"1.0.0": {**manifest, "dist": dist}}}, f)


LOGGED = {"request": "request", "host": "http_host", "via": "http_via",
          "connection": "http_connection", "proxy_authorization": "http_proxy_authorization",
          "proxy_connection": "http_proxy_connection", "scheme": "scheme", "status": "status"}


def configuration():
    temporary = "\n".join(f"{kind}_temp_path {tmp('nginx.' + kind)};" for kind in
                          ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    fields = ",".join(f'"{name}":"${variable}"' for name, variable in LOGGED.items())
    return f"""
        daemon off;
        master_process off;
        pid {tmp("nginx.pid")};
        error_log stderr;
        events {{ }}
        http {{
            {temporary}
            log_format arrived escape=json '{{{fields}}}';
            access_log {tmp("arrived")} arrived;
            server {{
                listen {FOUR}:{WEB};
                listen [{SIX}]:{WEB};
                listen {FOUR}:{TLS} ssl;
                listen [{SIX}]:{TLS} ssl;
                ssl_certificate {tmp("origin.pem")};
                ssl_certificate_key {tmp("origin.key")};
                root {tmp("www")};
                default_type application/octet-stream;
                location = / {{ default_type text/plain; try_files /page =404; }}
                location = /busy {{ access_log off; stub_status; }}
            }}
        }}
    """


def start():
    os.mkdir(tmp("www"))
    os.makedirs(tmp("home"), exist_ok=True)
    tmp("www/page", PAGE)
    certificate()
    apt_repository(tmp("www/apt"))
    git_repository(tmp("www/repo.git"))
    npm_registry(tmp("www/npm"))
    _running[:] = [background("nginx", "-p", tmp(""), "-e", "stderr", "-c",
                              tmp("nginx.conf", configuration()))]
    for port in WEB, TLS:
        answers(FOUR, port)


def stop():
    for nginx in _running:
        nginx.kill()
        nginx.wait()


def arrived():
    """All requests that arrived since the last call, each as a dictionary.

    nginx is one process, which writes its log in order: asked for one more page, it has written
    all before that. But a request whose body nginx throws away is logged when its connection ends.
    So first the one that asks has to be the only connection.
    """
    global _read
    last = f"last-{_read}"

    def ask(path):
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://{FOUR}:{WEB}{path}").read()
    eventually(lambda: ask("/busy").startswith(b"Active connections: 1 "),
               "all connections to nginx have ended")
    ask(f"/page?{last}")

    def lines():
        with open(tmp("arrived")) as f:
            found = [json.loads(line) for line in f.read().splitlines()[_read:]]
        return found if found and last in found[-1]["request"] else None
    found = eventually(lines, "nginx has written its log")
    _read += len(found)
    return found[:-1]
