# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that report_page.bats plays, one for each @test."""

import collections
import html.parser
import os
import re
import struct
import subprocess
import xml.etree.ElementTree as ElementTree

from lib import office
from lib.browser import Browser
from lib.peer import check
from lib.program import PROGRAM, SOURCE, logfmt, tmp

REPORT = os.path.join(os.path.dirname(PROGRAM), "picosocks5-report")
DAY = "--since", "2026-11-27", "--until", "2026-11-28"
MONTH = "--since", "2026-11-01", "--until", "2026-12-01"
EMPTY = {"dl", "h1", "table", "img"}
GRANTED = ("client=192.0.2.1:4000 user=alice command=connect dest=example.com:443 reply=0 "
           "sent=100 received=900 rule=1 time=1.000 end=eof")
HOSTILE = [
    "<script>alert(1)</script>", "'><img src=http://127.0.0.1:1/ onerror=alert(1)>",
    "javascript:alert(1)", "--></style></svg></table><h1>no</h1>]]>", "&lt;b&gt;&amp;&#60;",
    "{{7*7}}${7*7}`id`", "\\x22 onload=\\x22alert(1)\\x00\\xff\\xe2\\x80\\xae", "-" * 200,
    "w" * 255, "\\xff" * 255, "a." * 120, "<&'>" * 60]


class Page:
    """What the program writes for these lines, parsed as XML."""

    def __init__(self, lines, *options, zone="UTC"):
        self.path = tmp("page.html")
        log = tmp("log", "".join(line + "\n" for line in lines))
        run = subprocess.run([REPORT, *options, "--html", self.path, log],
                             stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
                             env=dict(os.environ, TZ=zone))
        assert not run.returncode, run
        with open(self.path, encoding="utf-8") as f:
            self.text = f.read()
        assert self.text.startswith("<!DOCTYPE html>\n"), self.text[:100]
        self.root = ElementTree.fromstring(self.text.partition("\n")[2])

    def words(self):
        return words(self.root.find("body"))

    def figures(self):
        return {words(d.find("dt")): d.find("dd") for d in self.root.iter("div")
                if d.find("dt") is not None}

    def table(self, heading):
        """The rows of a section's table: the name, and the cells as {column: cell}."""
        for section in self.root.iter("section"):
            if words(section.find("h2")) == heading:
                table = section.find(".//table")
                heads = [words(th) for th in table.find("thead/tr")]
                return [(words(tr[0]), dict(zip(heads[1:], tr[1:])))
                        for tr in table.find("tbody")]
        return None

    def caption(self, heading):
        return words(next(s.find(".//caption") for s in self.root.iter("section")
                          if words(s.find("h2")) == heading))

    def series(self):
        return [(name, exact(cells)) for name, cells in self.table("Over time")]

    def chart(self, i):
        return [e for e in self.root.iter("svg") if e.get("role") == "img"][i]

    def notes(self):
        return [words(p) for p in self.root.iter("p") if p.get("class") == "note"]


def words(element):
    return "" if element is None else " ".join("".join(element.itertext()).split())


def number(cell):
    """What a cell says, to the byte."""
    return int((cell.get("title") or words(cell)).removesuffix(" bytes").replace(",", ""))


def exact(cells):
    return tuple(number(cells[c]) for c in ("Sessions", "Failed", "Sent", "Received"))


def month():
    return office.lines(days=30, users=300, sessions=600, start="2026-11-01", bad_day=12)


def at(time, rest=GRANTED):
    return f"{time} {rest}"


def hostile():
    for i, name in enumerate(HOSTILE):
        q = '"' if " " in name else ""
        yield at(f"2026-11-27T10:{i:02}:00+00:00",
                 f"client=192.0.2.1:1 user={q}{name}{q} command=connect dest={q}{name}{q} reply=0 "
                 f"sent={10 ** 17} received={10 ** 17} rule={q}{name}{q} time=1.0 end=eof")
        yield at(f"2026-11-27T11:{i:02}:00+00:00",
                 f'client=192.0.2.1:1 time=1.0 end=failed error="{name}"')


def every_page():
    yield Page(office.lines(), *DAY)
    yield Page(month(), *MONTH)
    yield Page(hostile(), "--top", "100")
    yield Page([])


class Balance(html.parser.HTMLParser):
    """Finds elements that are closed in a wrong order, or never."""

    void = {"meta"}

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{self.getpos()}: {attrs}"
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        svg = "svg" in self.open
        assert tag in self.void or svg, f"{self.getpos()}: HTML does not close <{tag}/>"

    def handle_endtag(self, tag):
        check(self.open.pop(), tag, f"{self.getpos()}")


def well_formed():
    for page in every_page():
        balance = Balance()
        balance.feed(page.text)
        balance.close()
        check(balance.open, [], "elements left open")
        ids = [e.get("id") for e in page.root.iter() if e.get("id")]
        check(len(ids), len(set(ids)), "ids")
        for e in page.root.iter():
            for name in "aria-labelledby", "aria-describedby":
                assert e.get(name) in (None, *ids), e.attrib


def sums(lines, key):
    """The numbers of each key, the most bytes first."""
    found = collections.defaultdict(lambda: [0, 0, 0, 0])
    for line in lines:
        pairs = logfmt(line[line.index("client="):])
        row = found[key(line, pairs)]
        row[0] += 1
        row[1] += pairs.get("reply") != "0"
        row[2] += int(pairs.get("sent", 0))
        row[3] += int(pairs.get("received", 0))
    return sorted(((k, tuple(v)) for k, v in found.items()),
                  key=lambda r: (-r[1][2] - r[1][3], -r[1][0], r[0]))


def added(rows):
    return tuple(map(sum, zip(*(v for _, v in rows))))


def figures():
    lines = list(month())
    page = Page(lines, *MONTH)
    users = sums(lines, lambda _, p: p.get("user", "-"))
    total = added(users)
    got = page.figures()
    check(tuple(number(got[k]) for k in ("Sessions", "Sent by clients", "Received by clients")),
          (total[0], *total[2:]))
    check(words(got["Sessions"]), f"{total[0]:,}")
    check(words(got["Failed"]), f"{total[1]:,} {100 * total[1] / total[0]:.1f} %")
    check(number(got["Users"]), len([u for u, _ in users if u != "-"]), "users")
    for heading, want in ("Users", users), ("Destinations", sums(lines, lambda _, p: p.get("dest", "-"))):
        rows = page.table(heading)
        check([(name, exact(cells)) for name, cells in rows],
              want[:10] + [("(others)", added(want[10:]))], heading)
        for name, cells in rows:
            share = sum(exact(cells)[2:]) / sum(total[2:])
            check(words(cells["Share"]), f"{100 * share:.1f} %", name)
    days = sums(lines, lambda line, _: line[:10])
    check([v for _, v in page.series()], [v for _, v in sorted(days)], "days")
    failures = collections.Counter()
    for line in lines:
        p = logfmt(line[line.index("client="):])
        if p.get("reply") != "0":
            failures[p["end"] + (" " + p["error"] if "error" in p else " rule " + p["rule"])] += 1
    check({name: number(cells["Sessions"]) for name, cells in page.table("Failures")}, failures)


def parts(bar):
    """The heights of a bar: of the upper part and of the lower, hatched one."""
    height = {r.get("fill") or r.get("class"): float(r.get("height")) for r in bar.findall("rect")}
    upper = height.get("granted", height.get("received", 0))
    return upper, sum(h for name, h in height.items() if name.startswith("url("))


def bars():
    lines = list(month())
    page = Page(lines, *MONTH)
    for i, wanted in enumerate((lambda v: (v[0] - v[1], v[1]), lambda v: (v[3], v[2]))):
        series = [wanted(v) for _, v in page.series()]
        drawn = [parts(g) for g in page.chart(i).findall("g")]
        check(len(drawn), 30, "bars")
        per = max(map(sum, series)) / max(map(sum, drawn))
        for numbers, heights in zip(series, drawn):
            for n, h in zip(numbers, heights):
                assert abs(n / per - h) < 0.2, (n / per, h)
    scale = next(e for e in page.root.iter("svg") if e.get("class") == "scale")
    labels = {int(words(t).replace(",", "")): 192 - float(t.get("y")) for t in scale}
    top, height = max(labels.items())
    assert 4 <= len(labels) <= 7, labels
    assert all(abs(y / height - n / top) < 0.01 for n, y in labels.items()), labels
    most = max(v[0] for _, v in page.series())
    tallest = max(sum(parts(g)) for g in page.chart(0).findall("g"))
    assert abs(tallest / height - most / top) < 0.01, (tallest, height, most, top)
    widths = [float(r.get("width")[:-1]) for r in page.root.iter("rect")
              if r.get("class") == "share"][:10]
    numbers = [sum(exact(cells)[2:]) for _, cells in page.table("Users")[:10]]
    check(widths, [round(100 * n / numbers[0], 2) for n in numbers], "bars of the users")


def units_of_time():
    for first, last, unit, n in (
            ("2026-11-27T10:59", "2026-11-27T10:59", "hour", 1),
            ("2026-11-25T00:00", "2026-11-27T23:59", "hour", 72),
            ("2026-11-25T00:00", "2026-11-28T00:00", "day", 4),
            ("2026-01-01T00:00", "2027-01-01T12:00", "day", 366),
            ("2026-01-01T00:00", "2027-01-02T12:00", "month", 13),
            ("1990-01-01T00:00", "2026-12-01T12:00", "year", 37)):
        page = Page([at(first + ":00+00:00"), at(last + ":00+00:00")])
        check(len(page.series()), n, f"{first} to {last}")
        check(len(page.chart(1).findall("g")), n, f"bars, {first} to {last}")
        check(words(page.chart(0).find("title")), f"Sessions per {unit}")


def gaps():
    page = Page([at("2026-11-27T10:00:00+00:00"), at("2026-11-27T13:00:00+00:00")])
    zero, one = (0, 0, 0, 0), (1, 0, 100, 900)
    check(page.series(), [(f"Fri 27 Nov 2026, {hour}:00", numbers)
                          for hour, numbers in zip(range(10, 14), (one, zero, zero, one))])
    page = Page([at("2026-02-27T10:00:00+00:00"), at("2026-03-03T13:00:00+00:00")])
    check(page.series(), [("Fri 27 Feb 2026", one), ("Sat 28 Feb 2026", zero),
                          ("Sun 1 Mar 2026", zero), ("Mon 2 Mar 2026", zero),
                          ("Tue 3 Mar 2026", one)])


def asked_time():
    lines = [at("2026-11-27T10:00:00+00:00")]
    check(len(Page(lines).series()), 1)
    check([name[-5:] for name, _ in Page(lines, *DAY).series()],
          [f"{hour:02}:00" for hour in range(24)])
    # A chart of days would show less of this hour.
    check(len(Page(lines, *MONTH).series()), 1)
    lines.append(at("2026-11-20T10:00:00+00:00"))
    check(len(Page(lines, *MONTH).series()), 30)


def summer_time():
    page = Page([at(f"2026-10-24T{h}:30:00+00:00") for h in (22, 23)] +
                [at(f"2026-10-25T{h:02}:30:00+00:00") for h in range(3)], zone="Europe/Berlin")
    check([name[-5:] for name, _ in page.series()], ["00:00", "01:00", "02:00", "02:00", "03:00"])
    check([numbers[0] for _, numbers in page.series()], [1] * 5)
    page = Page([at("2026-03-29T00:30:00+00:00"), at("2026-03-29T01:30:00+00:00")],
                zone="Europe/Berlin")
    check([name[-5:] for name, _ in page.series()], ["01:00", "03:00"])
    page = Page([at("2026-11-27T10:40:00+00:00"), at("2026-11-27T12:40:00+00:00")],
                zone="Asia/Kolkata")
    check([name[-5:] for name, _ in page.series()], ["16:00", "17:00", "18:00"])


def period():
    lines = [at("2026-11-27T10:00:00+00:00"), at("2026-11-28T13:05:00+00:00")]
    for options, want in (
            ((), "27 November 2026, 10:00 to 28 November 2026, 13:05 UTC"),
            (("--until", "2026-11-28"), "Friday 27 November 2026, 10:00 to 10:00 UTC"),
            (DAY, "Friday 27 November 2026"),
            (MONTH, "1 to 30 November 2026"),
            (("--since", "2026-10-01", "--until", "2026-12-01"),
             "1 October 2026 to 30 November 2026"),
            (("--since", "2026-11-27 09:00"),
             "27 November 2026, 09:00 to 28 November 2026, 13:05 UTC")):
        if options == ("--until", "2026-11-28"):
            want = "27 November 2026, 10:00 to 28 November 2026, 00:00 UTC"
        page = Page(lines, *options)
        check(words(page.root.find("head/title")), "Proxy report: " + want)
        check(words(page.root.find("body/header/p")), want)
    check(words(Page([GRANTED]).root.find("body/header/p")), "All of the log")
    check(words(Page(lines[:1]).root.find("body/header/p")),
          "Friday 27 November 2026, 10:00 to 10:00 UTC")


def rows_left_out():
    lines = list(office.lines())
    users = [r for r in sums(lines, lambda _, p: p.get("user", "-"))]
    page = Page(lines, *DAY, "--top", "3")
    rows = page.table("Users")
    check(len(rows), 4)
    check((rows[3][0], exact(rows[3][1])), ("(others)", added(users[3:])))
    check(page.caption("Users"),
          "The first 3 of 12 users by bytes, and their shares of all bytes.")
    check(len(page.table("Failures")), 4)
    page = Page(lines, *DAY, "--top", "100")
    check(len(page.table("Users")), len(users))
    check(page.caption("Users"), "All 12 users by bytes, and their shares of all bytes.")
    assert "(others)" not in page.words()


def captions():
    """The row of the sessions that have no user is no user."""
    of = [at("2026-11-27T10:00:00+00:00", GRANTED.replace("alice", f"user{i}")) for i in range(10)]
    none = at("2026-11-27T10:00:00+00:00", GRANTED.replace("user=alice ", ""))
    less, more = none.replace("sent=100", "sent=0"), none.replace("sent=100", "sent=200")
    for lines, want in ((of, "All 10 users"), (of + [less], "All 10 users"),
                        (of + [more], "The first 9 of 10 users"), (of[:1] + [more], "1 user")):
        check(Page(lines).caption("Users").partition(" by ")[0], want)
    assert " its share of " in Page(of[:1]).caption("Users")
    check(Page([none]).caption("Users"), "Sessions without a user.")


def full_table():
    page = Page(at("2026-11-27T10:00:00+00:00", GRANTED.replace("alice", f"user{i}"))
                for i in range(33000))
    assert page.caption("Users").startswith("The first 10 of more than "), page.caption("Users")
    assert "There were too many users to keep all" in page.caption("Users")
    assert words(page.figures()["Users"]).endswith(" and more"), words(page.figures()["Users"])
    check(sum(exact(cells)[0] for _, cells in page.table("Users")), 33000, "sessions")
    page = Page((at("2026-11-27T10:00:00+00:00", GRANTED.replace("alice", f"user{i}"))
                 for i in range(33000)), "--top", "40000")
    assert page.caption("Users").startswith("All more than "), page.caption("Users")
    name, cells = page.table("Users")[-1]
    check((name, exact(cells)[0]), ("(others)", 33000 - len(page.table("Users")) + 1))
    assert "too many" not in page.caption("Destinations"), page.caption("Destinations")


def notes():
    page = Page([])
    check(page.notes(), ["No session ended in this time."])
    check([page.table(t) for t in ("Over time", "Users", "Failures")], [None] * 3)
    broken = at("2026-11-27T10:00:00+00:00", "client=192.0.2.1:1 user=")
    check(Page([broken, at("2026-11-27T10:00:00+00:00")]).notes(),
          ["1 line like a session\u2019s can\u2019t be read, and is not counted."])
    page = Page([GRANTED, GRANTED, broken, broken, at("2026-11-27T10:00:00+00:00")])
    check(page.notes(),
          ["2 lines like a session\u2019s can\u2019t be read, and are not counted.",
           "The charts lack 2 sessions, logged without a time or too long before the others."])
    check(words(page.figures()["Sessions"]), "3")
    check(len(page.series()), 1)
    check(Page([at("2026-11-27T10:00:00+00:00")]).notes(), [])
    page = Page([at("1971-11-27T10:00:00+00:00"), at("2999-11-27T10:00:00+00:00")])
    check(page.notes(),
          ["The charts lack 1 session, logged without a time or too long before the others."])
    check((len(page.series()), page.series()[0], page.series()[-1]),
          (400, ("2600", (0, 0, 0, 0)), ("2999", (1, 0, 100, 900))))


def hostile_names():
    page = Page(hostile(), "--top", "100")
    for table in "Users", "Destinations", "Rules":
        check(sorted(name for name, _ in page.table(table)), sorted([*HOSTILE, "-"]), table)
    check(sorted(name for name, _ in page.table("Failures")),
          sorted("failed " + name for name in HOSTILE))
    plain = Page(office.lines(), *DAY)

    def elements(page):
        return {(e.tag, *sorted(e.attrib)) for e in page.root.iter()}
    # No element and no attribute comes from a name; a long name is also in a title.
    check(elements(page) - elements(plain), {("span", "title")})


def loads_nothing():
    with Browser() as browser:
        for page in every_page():
            browser.show(page.path)
            said = [e for e in browser.events if e["method"] in (
                "Log.entryAdded", "Runtime.consoleAPICalled", "Runtime.exceptionThrown",
                "Audits.issueAdded")]
            check(said, [])
            check([e["params"]["request"]["url"] for e in browser.events
                   if e["method"] == "Network.requestWillBeSent"], ["file://" + page.path])
            check(browser.value("document.scripts.length"), 0)
        # The policy is in force: what an attacker might add stays without effect.
        check(browser.value("""new Promise(done => {
            const seen = [];
            addEventListener("securitypolicyviolation", e => {
                seen.push(e.effectiveDirective);
                if (seen.length === 3) done(seen.sort().join());
            });
            for (const [name, key, text] of [["script", "textContent", "document.title = 1"],
                    ["style", "textContent", "*{}"], ["img", "src", "http://127.0.0.1:1/"]]) {
                const e = document.createElement(name);
                e[key] = text;
                document.body.append(e);
            }
        })"""), "img-src,script-src-elem,style-src-elem")


def screen_reader():
    with Browser() as browser:
        for lines, time in (office.lines(), DAY), (hostile(), ()), ([], ()):
            page = Page(lines, *time)
            browser.show(page.path)
            browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            nodes = browser.tree()
            roles = collections.Counter(role for role, *_ in nodes)
            some = "Over time" in page.text
            check(roles["image"], 2 if some else 0, "images")
            check(roles["table"], 7 if some else 0, "tables")
            for role, name, description in nodes:
                if role in ("image", "table", "columnheader", "rowheader", "heading", "region"):
                    assert name, (role, name, description)
                if role == "image":
                    assert name.startswith(("Sessions per ", "Bytes per ")), name
                    assert "The highest is " in description, description
            levels = [int(e.tag[1]) for e in page.root.iter() if re.fullmatch("h[1-6]", e.tag)]
            check(levels.count(1), 1, "h1")
            assert levels[0] == 1 and all(b <= a + 1 for a, b in zip(levels, levels[1:])), levels
            check(page.root.get("lang"), "en")


def narrow_tables():
    page = Page(office.lines(), *DAY)
    with Browser() as browser:
        trees = []
        for width in 1440, 360:
            browser.show(page.path, width=width)
            browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            trees.append([node for node in browser.tree() if node[0] in (
                "table", "rowgroup", "row", "columnheader", "rowheader", "cell")])
        assert len(trees[0]) > 400, len(trees[0])
        check(trees[1], trees[0])


# Returns [the least contrast of all text, where; the same of drawings].
CONTRAST = """(() => {
    const rgb = text => text.match(/[\\d.]+/g).map(Number);
    const light = text => rgb(text).slice(0, 3).map(v => v / 255)
        .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
    const contrast = (a, b) => {
        const [high, low] = [light(a), light(b)].sort((x, y) => y - x);
        return (high + 0.05) / (low + 0.05);
    };
    const ground = e => {
        for (; e; e = e.parentElement) {
            const colour = getComputedStyle(e).backgroundColor;
            if (rgb(colour)[3] !== 0) return colour;
        }
        return "rgb(255, 255, 255)";
    };
    let text = [99], drawing = [99];
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) {
        const e = walk.currentNode.parentElement, style = getComputedStyle(e);
        if (!walk.currentNode.data.trim() || /^(title|desc)$/.test(e.tagName)) continue;
        const c = contrast(e.tagName === "text" ? style.fill : style.color, ground(e));
        if (c < text[0]) text = [c, e.outerHTML];
    }
    for (const e of document.querySelectorAll(
            ".granted, .received, .failed, .sent, .share, .base")) {
        const style = getComputedStyle(e);
        const c = contrast(e.tagName === "line" ? style.stroke : style.fill, ground(e));
        if (c < drawing[0]) drawing = [c, e.outerHTML];
    }
    return [text, drawing, ground(document.body)];
})()"""


def contrast():
    page = Page(office.lines(), *DAY)
    grounds = []
    with Browser() as browser:
        for dark, media in (False, ""), (True, ""), (True, "print"):
            browser.show(page.path, dark=dark, media=media)
            browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
            text, drawing, ground = browser.value(CONTRAST)
            assert 4.5 <= text[0] < 99, (dark, media, text)
            assert 3 <= drawing[0] < 99, (dark, media, drawing)
            grounds.append(max(int(v) for v in re.findall(r"\d+", ground)[:3]))
    assert grounds[0] > 240 and grounds[1] < 40 and grounds[2] == 255, grounds


def widths():
    with Browser() as browser:
        for page in every_page():
            for width in 320, 360, 800, 1440:
                browser.show(page.path, width=width)
                browser.value("document.querySelectorAll('details').forEach(d => d.open = true)")
                assert browser.value("document.documentElement.scrollWidth") <= width, width
                # No cell is wider than its card.
                check(browser.value("""[...document.querySelectorAll("td, th, dd, h3, .note")]
                    .filter(e => e.getBoundingClientRect().right >
                            e.closest("section, dl, .note").getBoundingClientRect().right)
                    .map(e => e.outerHTML)"""), [], f"width {width}")


def labels():
    with Browser() as browser:
        for first, last in (
                ("2026-11-27T10", "2026-11-27T10"), ("2026-11-27T00", "2026-11-27T05"),
                ("2026-11-27T00", "2026-11-27T11"), ("2026-11-27T00", "2026-11-27T23"),
                ("2026-11-26T00", "2026-11-27T23"), ("2026-11-25T00", "2026-11-27T23"),
                ("2026-11-16T00", "2026-11-22T00"), ("2026-11-15T00", "2026-11-28T00"),
                ("2026-11-01T00", "2026-11-30T00"), ("2026-10-13T00", "2026-11-30T00"),
                ("2026-09-22T00", "2026-11-30T00"), ("2026-07-01T00", "2026-11-30T00"),
                ("2026-01-01T00", "2026-12-31T00"), ("2025-11-01T00", "2026-11-30T00"),
                ("2024-01-01T00", "2026-12-31T00"), ("2017-01-01T00", "2026-12-31T00"),
                ("1998-01-01T00", "2026-12-31T00"), ("1971-01-01T00", "2026-12-31T00")):
            page = Page([at(f"{first}:00:00+00:00"), at(f"{last}:00:00+00:00")])
            for width in 320, 600, 1440:
                browser.show(page.path, width=width)
                places = browser.value("""[...document.querySelectorAll(".bars")].map(svg =>
                    [...svg.querySelectorAll("text")].map(e => e.getBoundingClientRect())
                    .filter(r => r.width).map(r => [r.left, r.right]))""")
                for chart in places:
                    assert chart, (first, last, width)
                    ends = [(0, 0), *chart, (width + 3, width)]
                    assert all(a[1] + 3 <= b[0] for a, b in zip(ends, ends[1:])), (
                        first, last, width, ends)


def size():
    page = Page(month(), *MONTH)
    assert len(page.text) < 100_000, len(page.text)


def picture():
    with open(os.path.join(SOURCE, "units/report.png"), "rb") as f:
        data = f.read()
    check(data[:8], b"\x89PNG\r\n\x1a\n")
    assert len(data) < 60 * 1024, len(data)
    width, height = struct.unpack(">II", data[16:24])
    assert width == 960 and 500 < height < 1400, (width, height)
