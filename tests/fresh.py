# SPDX-License-Identifier: GPL-3.0-or-later
"""The function that fresh.bats plays. It needs the archives of Debian, and leaves nothing behind."""

import os
import re
import subprocess
import time

import bootstrap
from lib.program import SOURCE, Skip, tmp
from lib.world import command, needs, unshare

NEWNS = 0x00020000


def fresh_debian():
    if os.getuid():
        raise Skip("needs root, to make a Debian")
    needs("apt-get", "curl", "mmdebstrap")
    unshare(NEWNS)
    command("mount", "--make-rprivate", "/")
    began, root = time.monotonic(), tmp("debian")
    sources = command("apt-get", "indextargets", "--format",
                      "deb $(REPO_URI) $(RELEASE) $(COMPONENT)", "Created-By: Packages",
                      "Origin: Debian")
    subprocess.run(["mmdebstrap", "--quiet", "--variant=minbase", "--include=sudo",
                    "--skip=cleanup/apt", "", root, "-"], input=sources, text=True, check=True)
    debian = bootstrap.Debian(root)
    made = time.monotonic()
    clone(f"{root}{debian.folder}")
    debian.do("chown", "-R", "alice:", debian.folder)
    said = debian.first_run("autoconf automake .*")
    run = time.monotonic()
    debian.second_run()
    size, = re.findall(r"installing \((.*?)\)", said)
    tmp("figures", f"Debian made in {made - began:.0f} s; ./bootstrap run serves after "
                   f"{run - made:.0f} s: {size}\n")


def clone(folder):
    """What a clone has; without git, what the release archive has."""
    files = subprocess.run(["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=SOURCE,
                           capture_output=True, text=True)
    if files.returncode:
        bootstrap.archived(folder)
        return
    os.makedirs(folder)
    names = [n for n in files.stdout.split("\0") if n]
    command("cp", "--parents", f"--target-directory={folder}", "--", *names, cwd=SOURCE)
