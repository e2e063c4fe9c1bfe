#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Real clients through real superservers. The other superservers stand in superservers/.

load lib/promise

@test "curl, by address and by name, over IPv4 and IPv6" {
	play <<-'END'
	isolate()
	needs("curl")
	names("127.0.0.1 four.example.com\n::1 six.example.com\n")
	page = noise(300000, 8).hex().encode()
	four = Listener("127.0.0.1", 8080).serve(http(page))
	six = Listener("::1", 8080).serve(http(page))
	for proxy in superservers():
	    for way, host in (("--socks5", "127.0.0.1"), ("--socks5", "[::1]"), ("--socks5", "four.example.com"),
	                      ("--socks5-hostname", "127.0.0.1"), ("--socks5-hostname", "[::1]"),
	                      ("--socks5-hostname", "four.example.com"), ("--socks5-hostname", "six.example.com")):
	        got = command("curl", "-gsS", "--max-time", "60", way, proxy, f"http://{host}:8080/")
	        check(got.encode() == page, True, f"page by {way} of {host} through {proxy}")
	END
}

@test "curl reads our reply codes" {
	play <<-'END'
	import re, subprocess
	isolate()
	needs("curl")
	names()
	Dns({})
	for proxy in superservers():
	    for host, code in ("127.0.0.1", 5), ("203.0.113.9", 3), ("missing.example.com", 4):
	        p = subprocess.run(["curl", "-sS", "--max-time", "60", "--socks5-hostname", proxy, f"http://{host}:1/"],
	                           capture_output=True, text=True)
	        check(p.returncode, 97, p.stderr)
	        assert re.search(r"\(%d\)" % code, p.stderr), p.stderr
	END
}

@test "ncat --proxy and nc -X 5" {
	play <<-'END'
	import subprocess
	isolate()
	needs("ncat", "nc.openbsd")
	Listener("127.0.0.1", 7000).serve(echo)
	Listener("::1", 7000).serve(echo)
	text = noise(MIB, 11)
	for proxy in superservers():
	    for argv in (("ncat", "--proxy", proxy, "--proxy-type", "socks5", "127.0.0.1", "7000"),
	                 ("nc.openbsd", "-N", "-X", "5", "-x", proxy, "127.0.0.1", "7000"),
	                 ("nc.openbsd", "-N", "-X", "5", "-x", proxy, "::1", "7000")):
	        p = subprocess.run(argv, input=text, capture_output=True, timeout=PATIENCE)
	        check((p.returncode, p.stdout == text), (0, True), f"{argv} {p.stderr}")
	END
}

@test "ssh -o ProxyCommand" {
	play <<-'END'
	isolate()
	needs("sshd", "ssh", "ssh-keygen", "nc.openbsd", "ncat")
	for key in "host", "user":
	    command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp(key))
	os.rename(tmp("user.pub"), tmp("authorized"))
	command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
	os.mkdir("/run/sshd", 0o755)
	config = tmp("sshd_config", f"""ListenAddress 127.0.0.1:2222
	    HostKey {tmp("host")}
	    AuthorizedKeysFile {tmp("authorized")}
	    PidFile none
	    StrictModes no
	    UsePAM no
	    PermitRootLogin yes
	    """)
	background("/usr/sbin/sshd", "-D", "-e", "-f", config)
	answers("127.0.0.1", 2222)
	want = noise(MIB, 12).hex()
	tmp("file", want)
	for proxy in superservers():
	    for through in "nc.openbsd -X 5 -x", "ncat --proxy-type socks5 --proxy":
	        got = command("ssh", "-F", "none", "-p", "2222", "-i", tmp("user"), "-o", "BatchMode=yes", "-o",
	                      "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR",
	                      "-o", f"ProxyCommand={through} {proxy} %h %p", "root@127.0.0.1", "cat", tmp("file"))
	        check(got == want, True, f"the file through {proxy} with {through}: {got[:200]!r}")
	END
}

@test "many clients at once" {
	play <<-'END'
	isolate()
	Listener("127.0.0.1", 7000).serve(echo)
	import socket
	for proxy in superservers():
	    host, _, port = proxy.rpartition(":")
	    ends = [End(socket.create_connection((host.strip("[]"), int(port)), PATIENCE)) for i in range(30)]
	    for e in ends:
	        e.send(GREETING + request("127.0.0.1", 7000))
	    for i, e in enumerate(ends):
	        e.expect(CHOSEN)
	        check(read_reply(e).code, 0)
	        e.send(noise(10000, i))
	    for i, e in enumerate(ends):
	        e.expect(noise(10000, i)).shut().expect_end()
	        e.close()
	END
}
