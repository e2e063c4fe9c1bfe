# SPDX-License-Identifier: GPL-3.0-or-later
"""The functions that rules.bats plays, one for each @test."""

import base64
import hashlib
import os
import re
import subprocess
import textwrap

from lib.bind import arrive
from lib.options import is_ours
from lib.peer import Listener, check, scale
from lib.program import TMP, Skip, inetd, remote, run, tmp
from lib.socks5 import BIND, CHOSEN, GREETING, NONE_ACCEPTABLE, name, read_reply, refusal, request
from lib.users import BCRYPT, SHA1, features, keytab, log_in, needs_hashes, some, users_file
from lib.world import Dns, Elsewhere, command, cover, ip, isolate, names, without_netlink


def first_match_decides():
    isolate()
    up = Listener()
    other = Listener()
    rules = f"""
        # what matches first decides
        deny from 192.0.2.66
        deny "to loopback port {other.port} from 192.0.2.0/24"   # not there
        allow "to 127.0.0.0/8 from 192.0.2.0/24,2001:db8::/32 command connect"
        allow from 203.0.113.0/24
        """
    options = "--config", tmp("conf", textwrap.dedent(rules))
    for addr, listener, code in (
        ("192.0.2.7", up, 0), ("192.0.2.255", up, 0), ("2001:db8::7", up, 0),
        ("2001:db8::7", other, 0),
        ("::ffff:192.0.2.7", up, 0), ("192.0.2.7", other, 2), ("203.0.113.1", up, 2),
    ):
        s = remote(*options, addr=addr)
        check(s.ask("127.0.0.1", listener.port).code, code, f"reply for {addr}")
        if not code:
            listener.accept().close()
        s.shut().expect_end().exits(0)
        line = s.log
        check(line.get("end"), "denied" if code else "eof", f"{addr}: {line}")
        if addr == "192.0.2.7" and code:
            check(line["rule"], f"{options[1]}:4", "the rule in the log")
    s = remote(*options, addr="203.0.113.1").refused(2, "127.0.0.1", up.port)
    s.ended("denied", rule="special", error="special: loopback")
    for addr in "192.0.2.66", "192.0.3.1", "2001:db9::1":
        remote(*options, addr=addr).kept_out(up)
    deep = "/".join(["d" * 100] * 4)
    os.makedirs(tmp(deep))
    long = "--config", tmp(f"{deep}/conf", "\ndeny to 127.0.0.1\nallow from any to loopback\n")
    s = remote(*long).refused(2, "127.0.0.1", up.port).exits(0)
    assert s.log["rule"].endswith("d/conf:2") and long[1].endswith(s.log["rule"][:-2]), s.log
    remote(*options, env={"TCPREMOTEIP": "nonsense"}).kept_out(up)
    inetd(*options).kept_out(up)  # if there are rules, local clients have no special rights
    s = remote(*options)
    s.greet().send(request("127.0.0.1", up.port, command=BIND)).expect(refusal(2))
    s.expect_end().ended("denied", command="bind")


def users_and_methods():
    status, out, err = run("--version")
    if "+digest" not in out:
        raise Skip("needs a build that knows {SHA}")
    up = Listener()
    digest = base64.b64encode(hashlib.sha1(b"secret").digest()).decode()
    users = tmp("users", f"alice:{{SHA}}{digest}\nbob:{{SHA}}{digest}\n")
    os.chmod(users, 0o600)

    def login(s, user):
        s.send(b"\5\2\0\2").expect(b"\5\2")
        s.send(bytes([1, len(user)]) + user + b"\6secret").expect(b"\1\0")
        s.send(request("127.0.0.1", up.port))
        return read_reply(s).code

    options = "--users", users, "--allow", "user alice to loopback", "--allow", "user bob"
    for user, code in (b"alice", 0), (b"bob", 2):
        s = remote(*options)
        check(login(s, user), code, user)
        if not code:
            up.accept().close()
        s.shut().expect_end()
    # method none is not accepted if no rule lets the client in without a user name
    s = remote("--auth", "none,password", *options)
    check(login(s, b"alice"), 0)
    up.accept().close()
    s.shut().expect_end()
    s = remote("--auth", "none,password", *options)
    s.send(b"\5\1\0").expect(NONE_ACCEPTABLE)
    s.expect_end()
    s = remote("--auth", "none,password", *options, "--allow", "from 192.0.2.7 to loopback")
    s.send(b"\5\2\0\2").expect(b"\5\0")


def special_in_disguise():
    isolate()
    away = Elsewhere()
    names("127.0.0.1 rebind.example.com\n::1 rebind.example.com\n")
    up = Listener("127.0.0.1")
    port = up.port
    others = [Listener(h, port) for h in ("::1", *away.HERE)]

    def disguises(v4):
        a, b, c, d = (int(x) for x in v4.split("."))
        hex4 = f"{a:02x}{b:02x}:{c:02x}{d:02x}"
        flip = f"{a^255:02x}{b^255:02x}:{c^255:02x}{d^255:02x}"
        yield from (v4, "::ffff:" + v4, "::" + v4, "64:ff9b::" + hex4, "64:ff9b:1::" + hex4,
                    f"2002:{hex4}::1", "2001:0:0:0:0:0:" + flip, "2001:db8::5efe:" + hex4,
                    "2001:db8::200:5efe:" + hex4, f"2002:808:808::5efe:{hex4}", "::ffff:0:" + v4,
                    f"64:ff9b:1:{a:02x}{b:02x}:{c:x}:{d:02x}00::",
                    f"64:ff9b:1:{a:02x}:{b:02x}:{c:02x}{d:02x}::",
                    f"64:ff9b:1:0:{a:02x}:{b:02x}{c:02x}:{d:02x}00:0")

    hosts = ["::1", "::", "fe80::1", "ff02::1", away.HERE[1], "fd00:ec2::254", "rebind.example.com"]
    for v4 in "127.0.0.1", "127.9.9.9", "169.254.169.254", "0.0.0.0", "224.0.0.1", away.HERE[0]:
        hosts += disguises(v4)
        hosts += [name(d) for d in disguises(v4)][::scale(1, 9)]
    for rule in scale(["", "to any"], ["to any"]):
        for host in hosts:
            s = remote("--allow", rule)
            s.send(GREETING + request(host, port))
            check(s.rest()[0], CHOSEN + refusal(2), f"{host!r} with {rule!r}")
            s.exits(0)
    for listener in (up, *others):
        assert listener.nobody_came()


def own_addresses():
    isolate()
    Elsewhere()
    ip("""addr add 198.51.100.3/24 brd + dev wire0
          addr add 2001:db8:1::3/64 dev wire0 nodad
          route add local 203.0.113.0/24 dev lo
          route add local 198.51.102.0/24 dev wire0
          route add local 2001:db8:2::/64 dev lo
          route add local 2001:db8:3::/64 dev wire0
          route add unreachable 203.0.114.1
          route add prohibit 203.0.114.2
          route add blackhole 203.0.114.3
          route add unreachable 2001:db8:4::1
          route add prohibit 2001:db8:4::2
          route add blackhole 2001:db8:4::3""")

    def sysctl(name, value):
        with open(f"/proc/sys/net/{name}", "w") as f:
            f.write(value)

    sysctl("ipv6/conf/all/forwarding", "1")  # a router has the first address of each of its subnets
    mine = ("198.51.100.1", "198.51.100.3", "203.0.113.77", "198.51.102.77", "198.51.100.255",
            "2001:db8:1::1", "2001:db8:1::3", "2001:db8:2::77", "2001:db8:3::77", "2001:db8:1::")
    others = ["198.51.100.2", "198.51.100.4", "2001:db8:1::4", "2001:db8:9::1", "192.0.2.1"]
    others += [f"{net}{i}" for net in ("203.0.114.", "2001:db8:4::") for i in (1, 2, 3)]
    for nonlocal_bind in "0", "1":
        for family in "ipv4", "ipv6":
            sysctl(f"{family}/ip_nonlocal_bind", nonlocal_bind)
        for host in mine:
            assert is_ours(host), host
        for host in others:
            assert not is_ours(host), host
    up = Listener("198.51.100.3")
    remote("--allow", "from any").refused(2, "198.51.100.3", up.port)
    remote("--allow", "from any to self").connect(up).close()
    assert up.nobody_came()


def own_addresses_by_socket():
    isolate()
    away, second = Elsewhere(), Elsewhere(1)
    mine = {"--interface": second.near, "--mark": "7", "--source": "198.51.101.1,2001:db8:101::1"}
    for (option, value), net, rule in zip(mine.items(), (1, 2, 3),
                                          (f"oif {second.near}", "fwmark 7", "from {}")):
        for family, own, prefix in (("-4", "198.51.101.1", f"203.0.{net}.0/24"),
                                    ("-6", "2001:db8:101::1", f"2001:db8:f{net}::/64")):
            command("ip", family, *f"rule add {rule.format(own)} lookup {100 + net}".split())
            command("ip", family,
                    *f"route add local {prefix} dev {second.near} table {100 + net}".split())
        for host in f"203.0.{net}.9", f"2001:db8:f{net}::9":
            assert is_ours(host, option, value), (option, host)
            assert not is_ours(host), host
            for other in mine.items():
                assert other[0] == option or not is_ours(host, *other), (other, host)
    # Addresses that are this host's for any socket still count, and foreign ones still don't.
    away.black_hole("198.51.100.99")
    for option in mine.items():
        for host in away.HERE + second.HERE + ("198.51.100.255",):
            assert is_ours(host, *option), (option, host)
        for host in away.THERE + second.THERE + ("198.51.100.99", "192.0.2.1", "2001:db8:9::1"):
            assert not is_ours(host, *option), (option, host)
    # A --source that this host does not have proves nothing, nor does a missing device.
    assert is_ours("198.51.100.1", "--source", "192.0.2.99")
    assert not is_ours("198.51.100.2", "--source", "192.0.2.99")
    status, out, err = run("--allow", "", "--interface", "gone0", "--explain",
                           "from 192.0.2.7 to 198.51.100.2")
    assert "can't find out whether it is an address of this host: No such device" in out, out
    # A VRF, if the kernel has VRFs: its addresses are found only by sockets in it.
    vrf = subprocess.run("ip link add red type vrf table 77".split(), capture_output=True)
    if not vrf.returncode:
        ip(f"""link set red up
           link set {away.near} master red
           addr replace 2001:db8:1::1/64 dev {away.near} nodad""")
        for host in away.HERE:
            for device in "red", away.near:
                assert is_ours(host, "--interface", device), (host, device)
        for host in away.THERE:
            assert not is_ours(host, "--interface", "red"), host


def external_is_own():
    isolate()
    Elsewhere()
    up = Listener()
    external = "--external", "203.0.113.5,2001:db8:5::5"
    for host in "203.0.113.5", "2001:db8:5::5", "64:ff9b::203.0.113.5":
        assert not is_ours(host) and is_ours(host, *external), host
    for host in "203.0.113.6", "2001:db8:5::6":
        assert not is_ours(host, *external), host
    s = remote("--allow", "from any", *external).refused(2, "203.0.113.5", 80)
    s.ended("denied", peer=None)
    # Behind NAT a neighbour may have the external address; it is still not this host.
    remote("--allow", "from self to any", *external, addr="203.0.113.5").kept_out(up)
    s = inetd("--deny", "to self", "--allow", "", *external).refused(2, "203.0.113.5", 80)
    s.ended("denied")


def netlink_forbidden():
    isolate()
    away = Elsewhere()
    names(f"{away.THERE[0]} far.example.com\n")
    with away:
        up = Listener(away.THERE[0])
    remote("--allow", "from any").connect(up).close()
    without_netlink()
    inetd().connect(up).close()  # the client is local, so the kernel is not asked
    why = "netlink could not say whether it is an address of this host: " + os.strerror(97)
    for host in away.THERE[0], "far.example.com":
        for rule in "from any", "to self", "to any,self":
            s = remote("--allow", rule)
            s.refused(1, host, up.port).ended("failed", error=why, peer=None)
    s = remote("--deny", "to self", "--allow", "from any to any,198.51.100.0/24")
    s.refused(1, up.host, up.port).ended("failed", error=why)
    s = remote("--proxy-protocol", "self", "--allow", "from any")
    s.rest()
    s.ended("failed", error=why)
    s = inetd("--allow", "from any", "--bind-timeout", "700ms", pair=away.pair())
    reply = s.ask("0.0.0.0", 0, command=BIND)
    with away:
        arrive(reply).expect_end()
    read_reply(s)
    s.expect_end().ended("timeout", error="the peer did not connect within bind-timeout; turned "
                                          f"away: {away.THERE[0]}, because {why}")
    assert up.nobody_came()
    status, out, err = run("--allow", "from any", "--explain", f"from 192.0.2.7 to {up.host}")
    why = "can't find out whether it is an address of this host: " + os.strerror(97)
    assert "denied: " + why in out, out
    check((status, out.splitlines()[-1]), (1, "the client gets reply 1: general failure"))


def denied_address_skipped():
    isolate()
    names("127.0.0.1 two.example.com\n127.0.0.2 two.example.com\n127.0.0.1 one.example.com\n")
    first = Listener("127.0.0.1")
    second = Listener("127.0.0.2", first.port)
    for denied, listener in ("127.0.0.1", second), ("127.0.0.2", first):
        s = inetd("--deny", f"to {denied}", "--allow", "")
        check(s.ask("two.example.com", first.port).code, 0, f"without {denied}")
        listener.accept().close()
        s.shut().expect_end()
    inetd("--deny", "to 127.0.0.1", "--allow", "").refused(2, "one.example.com", first.port)
    s = inetd("--deny", "to 127.0.0.1,127.0.0.2", "--allow", "")
    s.refused(2, "two.example.com", first.port)
    assert first.nobody_came() and second.nobody_came()


def names_as_asked():
    isolate()
    names()
    dns = Dns({"*": ["127.0.0.1"]})
    up = Listener()

    def answer(host, *rules):
        s = inetd(*rules)
        code = s.ask(host, up.port).code
        if not code:
            up.accept().close()
        s.shut().expect_end()
        return code

    rules = "--deny", "to .bad.example", "--allow", "to good.example,.fine.example"
    for host, code in (("good.example", 0), ("GOOD.Example.", 0), ("x.good.example", 2),
                       ("fine.example", 0),
                       ("a.b.fine.example", 0), ("bad.example", 2), ("x.bad.example", 2),
                       ("127.0.0.1", 2)):
        check(answer(host, *rules), code, host)
    asked = [a.rstrip(".").lower() for a in dns.asked]
    assert "good.example" in asked, asked
    for host in "x.good.example", "bad.example", "x.bad.example":
        assert host not in asked, f"{host} was looked up"
    # once for each family: the proxy connects to the address that the rules have judged
    assert asked.count("fine.example") <= 2, asked
    check(answer("evil.example", "--deny", "to 127.0.0.1", "--allow", ""), 2)


def list_files():
    isolate()
    names("127.0.0.1 listed.example.com\n127.0.0.1 other.example.com\n")
    up = Listener()
    os.mkdir(tmp("lists"))
    tmp("lists/to", "# destinations\n127.0.0.7\n\n  .listed.example.com # and below\r\n")
    tmp("lists/from", "192.0.2.0/24\n2001:db8::/32")
    conf = tmp("conf", "allow from @lists/from to @lists/to,127.0.0.1\n"
               "allow from @lists/from to 127.0.0.8\n")
    for addr in "192.0.2.7", "2001:db8::7":
        for host in "127.0.0.1", "127.0.0.7", "127.0.0.8":
            s = remote("--config", conf, addr=addr)
            assert s.ask(host, 9).code in (0, 5), host
            s.shut()
        s = remote("--config", conf, addr=addr)
        check(s.ask("127.0.0.9", 9).code, 2)
    remote("--config", conf, addr="192.0.3.7").kept_out(up)
    for host, code in ("listed.example.com", 0), ("other.example.com", 2):
        s = inetd("--allow", f"to @{tmp('lists/to')}")
        check(s.ask(host, up.port).code, code, host)
        if not code:
            up.accept().close()
        s.shut().expect_end()


def user_files():
    needs_hashes("digest")
    isolate()
    names()
    up = Listener()
    users = users_file("".join(f"{user}:{SHA1}\n" for user in (
        "alice", "bob", "carol", "Doe, Jane", "alice@EXAMPLE.ORG", "@home", "dave")))
    os.mkdir(tmp("lists"))
    tmp("lists/staff", "# the department\n\nalice\r\n  bob \t# the boss\nDoe, Jane\n@home\n")
    tmp("lists/conf", "deny user @gone\nallow user @staff,alice@EXAMPLE.ORG to loopback\n"
                      "allow user carol to 127.0.0.0/8\n")
    tmp("lists/gone", "dave")
    conf = tmp("conf", f"users {users}\nconfig lists/conf\n")
    for user, rule in (("alice", 2), ("bob", 2), ("Doe, Jane", 2), ("@home", 2),
                       ("alice@EXAMPLE.ORG", 2), ("carol", 3), ("dave", 1)):
        s = log_in(remote("--config", conf), user, "secret")
        s.send(request("127.0.0.1", up.port))
        check(read_reply(s).code, 2 if rule == 1 else 0, user)
        if rule > 1:
            up.accept().close()
        s.shut().expect_end()
        if rule == 1:
            s.ended("denied", user=user, rule=f"{tmp('lists/conf')}:1", error=None)
        else:
            s.ended("eof", user=user)
        status, out, err = run("--config", conf, "--explain",
                               f'from 192.0.2.7 user "{user}" to 127.0.0.1:{up.port}')
        check((status, err), (int(rule == 1), ""), user)
        assert f"by {tmp('lists/conf')}:{rule}: " in out.splitlines()[0], (user, out)
    # No rule lets a client in that has no name, so it must log in.
    options = "--config", conf, "--auth", "none,password"
    remote(*options).send(b"\5\1\0").expect_end(data=NONE_ACCEPTABLE)
    # --check prints the rules as they were written.
    status, out, err = run("--check", "--config", conf)
    check(status, 0, err)
    assert '\nallow "user @staff,alice@EXAMPLE.ORG to loopback"\n' in out, out


def many_rules():
    isolate()
    names("127.0.0.1 last.example.com\n127.0.0.1 h99999.d999.example.com\n")
    up = Listener()
    many = "".join(f'deny "to 10.{i // 250}.{i % 250}.0/24 port {i + 1}"\n'
                   for i in range(scale(10000, 1000)))
    conf = tmp("conf", many + f'allow "from 192.0.2.7 to loopback port {up.port}"\n')
    remote("--config", conf).connect(up).close()
    remote("--config", conf, addr="192.0.2.8").kept_out(up)
    nets = (f"{i // 65536 + 1}.{i // 256 % 256}.{i % 256}.0/24\n"
            for i in range(scale(100000, 5000)))
    tmp("nets", "".join(nets) + "127.0.0.0/8")
    tmp("names", "".join(f"h{i}.d{i % 1000}.example.com\n"
                         for i in range(99999 - scale(99999, 5000), 100000)))
    conf = tmp("conf2", "deny to @names\nallow to @nets,last.example.com\n")
    remote("--config", conf).connect(up).close()
    inetd("--config", conf).refused(2, "h99999.d999.example.com", up.port)
    s = inetd("--config", conf)
    check(s.ask("last.example.com", up.port).code, 0)
    up.accept().close()
    s.shut().expect_end()


def explain():
    isolate()
    names("127.0.0.1 two.example.com\n::1 two.example.com\n127.0.0.1 denied.example.com\n")
    up = Listener()
    conf = tmp("conf", textwrap.dedent(f"""
        deny to denied.example.com
        allow "from 192.0.2.0/24 to 127.0.0.1 port {up.port}"
        allow from 198.51.100.0/24
        """))

    def explained(question, *options, status=1):
        found, out, err = run(*options, "--explain", question)
        check((found, err), (status, ""), question)
        return out.splitlines()

    for addr, host, want in (
        ("192.0.2.7", "127.0.0.1",
         [f'127.0.0.1: allowed by {conf}:3: '
          f'allow "from 192.0.2.0/24 to 127.0.0.1 port {up.port}"']),
        ("192.0.2.7", "127.0.0.2", ["127.0.0.2: denied: no rule matches"]),
        ("192.0.2.7", "denied.example.com",
         [f'127.0.0.1: denied by {conf}:2: deny "to denied.example.com"']),
        ("192.0.2.7", "two.example.com",
         ["127.0.0.1: allowed by ", "::1: denied: no rule matches"]),
        ("198.51.100.7", "127.0.0.1",
         ["127.0.0.1: denied: it is special (loopback), and no rule names it"]),
        ("203.0.113.7", "127.0.0.1", ["127.0.0.1: denied: no rule matches"]),
    ):
        allowed = any("allowed by" in line for line in want)
        lines = explained(f"from {addr} to {host} port {up.port}", "--config", conf,
                          status=int(not allowed))
        outcome = None if allowed else lines.pop()
        check(len(lines), len(want), lines)
        for line, begin in zip(sorted(lines), sorted(want)):
            assert line.startswith(begin), (line, begin)
        s = remote("--config", conf, addr=addr)
        s.send(GREETING + request(host, up.port))
        if allowed:
            s.expect(CHOSEN)
            check(read_reply(s).code, 0)
            up.accept().close()
        else:
            gets = {"the client gets 05 FF: no acceptable method": NONE_ACCEPTABLE,
                    "the client gets reply 2: not allowed": CHOSEN + refusal(2)}
            check(s.rest()[0], gets[outcome], (addr, host))
        s.shut()
    # without rules, defaults decide
    assert "local clients" in explained("to 127.0.0.1 port 80", status=0)[0]
    line = explained("from 192.0.2.7 to 192.0.2.1 port 80")[0]
    assert line.startswith("192.0.2.1: denied: without rules"), line
    line = explained("from 192.0.2.7 user alice to ::ffff:127.0.0.1 port 80")[0]
    assert line.startswith("127.0.0.1: denied: it is special (loopback)"), line
    line = explained("from 192.0.2.7 user alice to 64:ff9b::7f00:1 port 80")[0]
    assert "because of the IPv4 address inside it" in line, line
    # details that the question leaves open
    assert "not known" in explained("command udp", "--allow", "from local", status=0)[0]
    assert "not known" in explained("command udp", "--config", conf)[0]
    line = explained("from 192.0.2.7 command bind port 9", "--allow", "to 10.0.0.0/8")[0]
    assert "depends" in line, line
    line = explained("from 192.0.2.7 command bind to 0.0.0.0", "--allow", "command connect")[0]
    assert "denied" in line, line
    # a rule of the command line, a missing method, a given name
    assert '--allow "from local"' in explained("to 192.0.2.1", "--allow", "from local",
                                                     status=0)[0]
    assert any("user name" in line
               for line in explained("user u to 192.0.2.1", "--allow", "user u"))
    assert explained("to missing.example.com", "--allow", "")[0].startswith("no address")


def no_question():
    for question, words in (("who", "from, to"), ("to", "found nothing"),
                            ("from 192.0.2.0/24", "192.0.2.0/24"),
                            ("to 127.1", "127.1"), ("port 0", '"0"'), ("command dance", "dance"),
                            ("to a.example to b.example", "once")):
        status, out, err = run("--explain", question)
        check((status, out), (64, ""), question)
        assert "--explain" in err and words in err, err
    status, out, err = run("--deny", "form any", "--explain", "to 192.0.2.1")
    check((status, out), (64, ""))
    assert '"form"' in err, err
    status, _, err = run("--config", tmp("conf", 'explain "to 192.0.2.1"\n'))
    check(status, 78)
    assert "command line" in err, err


def rules_printed():
    conf = tmp("conf", 'deny "to 10.0.0.0/8 port 1-1024"\nallow from local\n'
               'proxy-protocol 192.0.2.1\nallow ""\n')
    *lines, verdict = run("--config", conf, "--check")[1].splitlines()
    check(verdict, f"{conf}: fine, 3 rules, 1 warning")
    check([line for line in lines if line.split()[0] in ("allow", "deny", "proxy-protocol")],
          ["proxy-protocol 192.0.2.1", 'deny "to 10.0.0.0/8 port 1-1024"', 'allow "from local"',
           'allow ""'])
    again = tmp("again", "\n".join(lines) + "\n")
    check(run("--config", again, "--check")[1].splitlines()[:-1], lines,
          "what was printed, read again")


def warnings():
    def warnings(*rules):
        conf = tmp("conf", "".join(r + "\n" for r in rules))
        status, out, err = run("--check", "--config", conf)
        check(status, 0, err)
        return [line.partition("warning: ")[2].replace(conf, "conf") for line in err.splitlines()]

    for rules, begin in (
        (["allow from private"], []),
        (["deny to private", "allow from 192.0.2.0/24", "deny \"\""], []),
        (["allow from 192.0.2.0/24"],
         ['conf:1: allow "from 192.0.2.0/24": also opens private networks']),
        (["allow from 192.0.2.0/24", "deny \"\""],
         ['conf:1: allow "from 192.0.2.0/24": also opens']),
        (["deny to 10.0.0.0/8"], ["there is no allow rule"]),
        (["allow from any"], ['conf:1: allow "from any": makes this an open proxy',
                              'conf:1: allow "from any": also opens private networks']),
        (["deny \"\"", "allow from local"], ['conf:2: allow "from local": can never match']),
        (["deny to private", "allow from local to 10.0.0.0/8", "deny to 10.0.0.0/8",
          "deny to 10.1.0.0/16"],
         ['conf:4: deny "to 10.1.0.0/16": can never match: '
          'it is covered by conf:3: deny "to 10.0.0.0/8"']),
        (["allow user alice"], ['conf:1: allow "user alice": can never match: no method']),
        (["allow from 192.0.2.7/24"], ['conf:1: allow "from 192.0.2.7/24": a NET has bits',
                                       'conf:1: allow "from 192.0.2.7/24": also opens']),
    ):
        got = warnings(*rules)
        check(len(got), len(begin), f"{rules}: {got}")
        for line, b in zip(got, begin):
            assert line.startswith(b), (line, b)


def warned_of_private_networks():
    needs_hashes()
    users = "--users", users_file(f"alice:{BCRYPT}\n")

    def warned(*options):
        status, out, err = run("--check", *options)
        check(status, 0, err)
        return [line.partition("warning: ")[2] for line in err.splitlines()]

    for options, words in some([
        (users, "without rules, authenticated users may reach private networks"),
        ((), None),
        (("--allow", "from local"), None),
        ((*users, "--auth", "none"), "nobody is asked"),
        ((*users, "--allow", "user *"), '--allow "user *": also opens private networks'),
        ((*users, "--allow", "user alice port https"),
         '--allow "user alice port https": also opens'),
        ((*users, "--deny", "port 25", "--allow", "user *"), '--allow "user *": also opens'),
        ((*users, "--deny", "to private", "--allow", "user *"), None),
        ((*users, "--allow", "user * to private"), None),
        ((*users, "--allow", "user * to 198.51.100.0/24"), None),
        ((*users, "--allow", "from local"), None),
    ]):
        got = warned(*options)
        check(len(got), 1 if words else 0, f"{options}: {got}")
        assert not words or words in got[0], got


def advice_on_private_networks():
    needs_hashes()
    users = "--users", users_file("".join(f"{u}:{BCRYPT}\n" for u in ("alice", "bob", "x" * 120)))

    def advice(*rules):
        """The rules to use if private networks are to be closed, and if they are to be open."""
        err = run("--check", *users, *rules)[2]
        check(len(err.splitlines()), 1, err)
        assert "private networks; to close them, " in err, err
        closing, opening = err.partition("to close them")[2].split("; if they are meant to be open")
        return [[f"--{verb}={rule}" for verb, rule in re.findall(r'(allow|deny) "([^"]*)"', text)]
                for text in (closing, opening)]

    def verdicts(*rules):
        status, out, err = run("--check", *users, *rules)
        check((status, err), (0, ""), str(rules))
        return [run(*users, *rules, "--explain", f"from 192.0.2.7 user alice to {to} port 443")[1]
                .partition(": ")[2].split()[0].rstrip(":") for to in ("10.1.2.3", "203.0.113.9")]

    for rules in some([(), ("--allow=user *",), ("--allow=",),
                       ("--allow=user alice,bob port https",)]):
        closing, opening = advice(*rules)
        check(verdicts(*closing, *rules), ["denied", "allowed"], f"{rules}: {closing}")
        check(verdicts(*opening, *rules), ["allowed", "allowed"], f"{rules}: {opening}")
    for rule in "user * to any", "user * to 0.0.0.0/0,::/0", "user " + "x" * 120:
        closing, opening = advice("--allow=" + rule)
        check((closing, opening), (["--deny=to private"], []), rule)


def long_rule():
    nets = ",".join(f"10.{i // 256}.{i % 256}.0/24" for i in range(scale(2000, 300)))
    conf = tmp("conf", f"allow from {nets}\ndeny from {nets} to 192.0.2.1\n")
    status, out, err = run("--check", "--config", conf)
    check(status, 0, err)
    assert f'{conf}:2: deny "from 10.0.0.0/24,' in err and "can never match" in err, err
    assert f'covered by {conf}:1: allow "from 10.0.0.0/24,' in err and len(err) < 1500, err
    status, out, err = run("--config", conf, "--explain", "from 10.0.1.1 to 127.0.0.1")
    check((status, err), (1, ""))
    assert "no rule names it" in out and f'{conf}:1: allow "from 10.0.0.0/24,' in out, out


def mistakes_shut_the_proxy():
    up = Listener()
    lists = tmp("bad.list", "# one\n10.0.0.0/8\n10.0.0.0/33\n")
    for rule, word, expected in (
        ("form any", '"form"', "from, to, port, user, command or via"),
        ("from", "nothing", "address"),
        ("from any, local", '"any,"', "commas"),
        ("from 192.0.2.0/33", '"192.0.2.0/33"', "0 to 32"),
        ("from 192.0.2.256", '"192.0.2.256"', "0 to 255"),
        ("from host.example.com", '"host.example.com"', "clients have no names"),
        ("to *.example.com", '"*.example.com"', ".example.com"),
        ("to local", '"local"', "from"),
        ("port 0", '"0"', "1 to 65535"),
        ("port 90-80", '"90-80"', "range"),
        ("port nosuchservice", '"nosuchservice"', "service"),
        ("command associate", '"associate"', "udp"),
        ("from any from any", '"from"', "once"),
        ("to @missing", "@missing", "No such file"),
        ("to @no/missing", "@no/missing", f"there is no folder {TMP}/no"),
        ("to @bad.list", "bad.list:3: ", "0 to 32"),
        ("from @.", "@.", "regular file"),
        ("from any to a.example:25", '"a.example:25"', 'write "to a.example port 25"'),
        ("port 80 443", '"443"', "separate the items of `port` by commas: 80,443"),
        ("all", '"all"', 'write "" to match every client and every destination'),
    ):
        for verb in "allow", "deny":
            conf = tmp("conf", f'\nallow ""\n{verb} "{rule}"\n')
            status, out, err = run("--check", "--config", conf)
            check(status, 78, rule)
            check(len([line for line in err.splitlines() if "warning" not in line]), 1, err)
            found = f"cannot open {TMP}/{word[1:]}: " if "@" in word else f"found {word}"
            found = f"{TMP}/{word}" if word[0] == "b" else found
            for words in f"{conf}:3: {verb}: {found}", expected:
                assert words in err, (rule, words, err)
        s = inetd("--config", conf)
        check(s.rest()[0], b"")
        s.exits(78)
        status = run(f"--deny={rule.replace('@bad.list', '@' + lists)}", "--check")[0]
        check(status, 78 if "@" in rule else 64, rule)
    assert up.nobody_came()


def list_mistakes():
    def lines(n):
        return "".join(f"10.0.0.{i}/33\n# fine\n192.0.2.{i}\n" for i in range(n))

    path = tmp("list", lines(3) + "example.com:443\n")
    conf = tmp("conf", f"deny to @{path}\nallow from alice\n")
    status, _, err = run("--check", "--config", conf)
    check(status, 78, err)
    places = [line.partition(": ")[2].partition(": found")[0] for line in err.splitlines()]
    check(places, [f"{conf}:1: deny: {path}:{n}" for n in (1, 4, 7, 10)] + [f"{conf}:2: allow"])
    assert "write example.com alone: a list has no ports" in err, err
    # a session reports the first, so that a long list does not fill the log
    status, _, err = run("--deny", f"to @{path}")
    check((status, len(err.splitlines())), (78, 1), err)
    tmp("list", lines(20))
    for n, more in (20, False), (21, True), (1000, True):
        tmp("list", lines(n))
        status, _, err = run("--check", "--deny", f"to @{path}")
        check(status, 78, err)
        check(err.count("found"), 20, err)
        check(err.endswith("--deny: this list has more mistakes\n"), more, err)


def user_list_mistakes():
    path = tmp("list", f"alice\nbob:{BCRYPT}\n*\ncarol#x\nda\1ve\n" + "x" * 256 + "\n")
    conf = tmp("conf", f"deny user @{path}\nallow from local\n")
    status, out, err = run("--check", "--config", conf)
    check((status, out), (78, ""), err)
    got = err.splitlines()
    check(len(got), 5, err)
    for line, n, words in zip(got, range(2, 7), (
            'found ":", expected a user name alone on the line, and not a line of the users file',
            "for every user, write `user *` in the rule",
            "expected a blank before the # of a comment",
            'found "da\\x01ve", expected a user name without control characters',
            "expected a user name of at most 255 bytes")):
        assert f"{conf}:1: deny: {path}:{n}: " in line and words in line, line
    assert BCRYPT[:10] not in err, err
    tmp("list", "\ufeffalice\n")
    status, out, err = run("--check", "--config", conf)
    check(status, 78, err)
    assert err.endswith("save the file without a byte-order mark\n"), err
    # a session reports the first, and serves nobody
    tmp("list", "*\n*\n")
    s = inetd("--config", conf)
    s.expect_end().exits(78)
    check(len(s.stderr().splitlines()), 1)


def useless_user_lists():
    gone = tmp("gone")
    os.mkdir(tmp("folder"))
    with open(tmp("large"), "w") as f:
        f.truncate((64 << 20) + 1)
    for path, words in ((gone, os.strerror(2)), (tmp("folder"), "it is not a regular file"),
                        (tmp("large"), "it is larger than 64 MiB")):
        conf = tmp("conf", f"\ndeny user @{path}\nallow from local\n")
        status, out, err = run("--check", "--config", conf)
        check((status, out), (78, ""), err)
        assert f"{conf}:2: deny: cannot open {path}: {words}" in err, err
        inetd("--config", conf).expect_end().exits(78)
    status, out, err = run("--check", "--allow", "user @")
    check(status, 64)
    assert 'found "@", expected the name of a file after the @' in err, err
    needs_hashes("digest")
    users = users_file(f"alice:{SHA1}\n")
    empty = tmp("empty", "# nobody yet\n")
    options = "--users", users, "--allow", f"user @{empty}"
    status, out, err = run("--check", *options)
    check(status, 0, err)
    assert f"warning: {empty}: the list is empty" in err, err
    remote(*options).send(b"\5\1\2").expect_end(data=NONE_ACCEPTABLE)


def doubtful_words():
    for rule, words in (
        ("to privat", '"privat" is the name of a host; did you mean private?'),
        ("to all", '"all" is the name of a host; write any'),
        ("user any", '"any" is the name of a user; write * for every user'),
        ("user 192.0.2.1", '"192.0.2.1" is the name of a user; write an address after from or to'),
        ("from 0.0.0.0", '"0.0.0.0" is a single address; write any for all of them'),
    ):
        status, _, err = run("--check", "--allow", rule)
        check(status, 0, err)
        assert f'warning: --allow "{rule}": {words}\n' in err, err


def strange_users():
    needs_hashes()
    users = users_file(f"alice:{BCRYPT}\nDoe, Jane:{BCRYPT}\n")
    staff = tmp("staff", "# comment\nalice\nDoe, Jane\nDoe\nJane\n")
    conf = tmp("conf", f"deny to private\ndeny user alcie,alice\nallow user @{staff}\n"
                       f"allow user * to @{tmp('nets', '192.0.2.0/24')}\nallow user @{staff},bob\n")

    def warned(*options):
        status, out, err = run("--check", "--config", conf, *options)
        check(status, 0, err)
        return [line.partition("warning: ")[2] for line in err.splitlines() if "Doe" in line
                or "alcie" in line or "bob" in line]

    found = [f'{conf}:2: deny "user alcie,alice": user "alcie" is not in {users}',
             f'{conf}:5: allow "user @{staff},bob": user "bob" is not in {users}',
             f'{staff}:4: user "Doe" is not in {users} (the first such line of this file)']
    check(warned("--users", users), found)
    check(warned("--users", users, "--auth", "none,password"), found)
    # saslauthd may know them.
    check(warned("--saslauthd", tmp("mux")), [])
    if not features().get("gssapi"):
        return
    key = "--gssapi-keytab", keytab("socks/proxy.example.org@EXAMPLE.ORG")
    check(warned("--users", users, "--auth", "password,gssapi", *key), [])
    tmp("staff", "alice@EXAMPLE.ORG\nDoe, Jane\n")
    check(warned("--auth", "gssapi", *key)[2:],
          [f'{conf}:5: allow "user @{staff},bob": user "bob" is not a Kerberos principal, like '
           "alice@EXAMPLE.ORG",
           f'{staff}:2: user "Doe, Jane" is not a Kerberos principal, like alice@EXAMPLE.ORG '
           "(the first such line of this file)"])


def service_names():
    isolate()
    names()
    cover("/etc/services", "quux 4242/tcp\nhttps 1/tcp\n")

    def explained(rule, port):
        return run("--allow", rule, "--explain", f"to 192.0.2.1 port {port}")[1]

    assert "allowed" in explained("port quux", 4242)
    assert "allowed" in explained("port quux", "quux")
    assert "denied" in explained("port quux", 4243)
    assert "allowed" in explained("port https,ssh", 22)
