# SPDX-License-Identifier: GPL-3.0-or-later
"""Prints every reference, in a comment or a document, to something that is not in this repository.

A file that is named must exist; "picosocks5(8), LOG" must be a section of that page. A document
that is not in this repository must not be cited at all.
"""

import os
import re
import sys

FOLDERS = "src", "tests", "units", "inetd", "fail2ban", "debian"
SUFFIXES = ".c", ".h", ".md", ".bats", ".bash", ".py", ".am", ".1", ".5", ".8"
FILE = re.compile(r"(?<![\w./$*{}<-])((?:[\w-]+/)*[\w-]+\.(?:[ch]|md|bats|bash|py))(?![\w(/]|\.\w)")
SECTION = re.compile(r"(picosocks5(?:\.conf|-report)?)\(([158])\), ([A-Z][A-Z -]*[A-Z])")
PAGES = "picosocks5.8", "picosocks5.conf.5", "picosocks5-report.1"
OUTSIDE = re.compile(r"\bINTERFACE\b(?! REQUEST)|\bDESIGN\b|\bTRAPS\b|wire-formats")

# Files of the system, and names that stand for any file.
ELSEWHERE = re.compile(r"config\.h|sysexits\.h|(.*/)?((test|fuzz)_)?(x|NAME)\.\w+")


def sources():
    yield from ("README.md", "SECURITY.md", "Makefile.am", "bootstrap", "configure.ac")
    for top in FOLDERS:
        for folder, below, names in os.walk(top):
            below[:] = [b for b in below if b not in ("corpus", "__pycache__", "standin")]
            yield from (os.path.join(folder, n) for n in names if n.endswith(SUFFIXES))


def words(path, line):
    """The text of a line that is for readers: in a program, the comment."""
    if path.endswith((".c", ".h")):
        return line if re.match(r"\s*\*", line) else line.partition("/*")[2]
    if path.endswith((".md", ".1", ".5", ".8")):
        return line
    return line.partition("#")[2]


def sections():
    return {page: set(re.findall(r"^\.Sh (.*)", open(f"src/man/{page}").read(), re.M))
            for page in PAGES}


def main():
    paths = list(sources())
    known = {os.path.basename(p) for p in paths}
    pages = sections()
    found = False
    for path in paths:
        places = "", "src", "tests", "tests/lib", os.path.dirname(path)
        for number, line in enumerate(open(path, encoding="utf-8"), 1):
            line = words(path, line)
            wrong = OUTSIDE.findall(line)
            wrong += [f for f in FILE.findall(line)
                      if not any(os.path.exists(os.path.join(p, f)) for p in places)
                      and not ("/" not in f and f in known) and not ELSEWHERE.fullmatch(f)]
            wrong += [f"{page}({n}), {title}" for page, n, title in SECTION.findall(line)
                      if title not in pages.get(f"{page}.{n}", ())]
            for w in wrong:
                found = True
                print(f"{path}:{number}: {w}")
    return found


if __name__ == "__main__":
    sys.exit(main())
