#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Real clients of BIND, UDP ASSOCIATE, RESOLVE and SOCKS4.

load lib/promise

@test "curl --socks4 and --socks4a" {
	play <<-'END'
	isolate()
	needs("curl")
	names("127.0.0.1 four.example.com\n::1 six.example.com\n")
	page = noise(300000, 8).hex().encode()
	Listener("127.0.0.1", 8080).serve(http(page))
	Listener("::1", 8080).serve(http(page))
	proxy = serve("--socks4")
	for way, host in (("--socks4", "127.0.0.1"), ("--socks4", "four.example.com"), ("--socks4a", "127.0.0.1"),
	                  ("--socks4a", "four.example.com"), ("--socks4a", "six.example.com")):
	    got = command("curl", "-gsS", "--max-time", "60", way, proxy, f"http://{host}:8080/")
	    check(got.encode() == page, True, f"page by {way} of {host}")
	END
}

@test "an active-mode FTP transfer through socksify" {
	play <<-'END'
	isolate()
	needs("socksify", "curl")
	away = Elsewhere()
	os.mkdir(tmp("ftp"))
	want = noise(MIB, 13).hex()
	tmp("ftp/file", want)
	with away:
	    background("/usr/bin/python3", "-m", "pyftpdlib", "-i", "198.51.100.2", "-p", "2121", "-d", tmp("ftp"))
	    answers("198.51.100.2", 2121)
	for options in (), ("--external", "198.51.100.1", "--port-range", "40000-40009"):
	    proxy = serve(*options)
	    got = command("socksify", "curl", "-sS", "--max-time", "60", "--ftp-port", "-", "ftp://198.51.100.2:2121/file",
	                  env=dante(proxy))
	    check(got == want, True, f"the file with {options}: {got[:200]!r}")
	    check(sorted(p["command"] for p in sessions(2)), ["bind", "connect"], "it went through us")
	END
}

@test "datagrams through socksify" {
	play <<-'END'
	isolate()
	needs("socksify")
	away = Elsewhere()
	with away:
	    to = Udp("198.51.100.2", 7000)
	proxy = serve()
	def answer():
	    to.expect(b"hello").answer(b"world")
	script = tmp("client.py", """
	import socket
	s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
	s.settimeout(60)
	s.sendto(b"hello", ("198.51.100.2", 7000))
	print(s.recvfrom(100))
	""".replace("\n\t", "\n"))
	together(answer, lambda: check(command("socksify", "/usr/bin/python3", "-I", script, env=dante(proxy)),
	                               "(b'world', ('198.51.100.2', 7000))\n"))
	check([p["command"] for p in sessions(1)], ["udp"], "it went through us")
	END
}

@test "a DNS query by UDP through PySocks, with dnsmasq behind it" {
	play <<-'END'
	isolate()
	needs("dnsmasq")
	names("127.0.0.1 server.example.com\n")
	background("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--user=root",
	           "--port=5300", "--listen-address=127.0.0.1", "--bind-interfaces", "--pid-file=",
	           "--address=/test.example/192.0.2.77")
	answers("127.0.0.1", 5300)
	proxy = serve()
	script = tmp("client.py", """
	import socket, sys
	sys.path.append("/usr/lib/python3/dist-packages")
	import socks
	query = b"\\x12\\x34\\1\\0\\0\\1\\0\\0\\0\\0\\0\\0\\4test\\7example\\0\\0\\1\\0\\1"
	for host in "127.0.0.1", "server.example.com":
	    s = socks.socksocket(socket.AF_INET, socket.SOCK_DGRAM)
	    s.set_proxy(socks.SOCKS5, "127.0.0.1", int(sys.argv[1]))
	    s.settimeout(60)
	    s.sendto(query, (host, 5300))
	    answer, peer = s.recvfrom(512)
	    assert answer[:2] == query[:2] and answer[-4:] == bytes([192, 0, 2, 77]), answer
	    assert peer == ("127.0.0.1", 5300), peer
	    s.close()
	""".replace("\n\t", "\n"))
	try:
	    command("/usr/bin/python3", "-c", "import sys; sys.path.append('/usr/lib/python3/dist-packages'); import socks")
	except AssertionError:
	    raise Skip("needs python3-socks")
	command("/usr/bin/python3", "-I", script, proxy.rpartition(":")[2])
	END
}

@test "tor-resolve, both ways and in version 4, and torsocks" {
	play <<-'END'
	isolate()
	needs("tor-resolve", "torsocks", "curl")
	names("192.0.2.5 four.example.com\n")
	Dns({})
	proxy = serve("--socks4")
	check(command("tor-resolve", "four.example.com", proxy), "192.0.2.5\n")
	check(command("tor-resolve", "-4", "four.example.com", proxy), "192.0.2.5\n")
	check(command("tor-resolve", "-x", "192.0.2.5", proxy), "four.example.com\n")
	away = Elsewhere()
	with away:
	    Listener("198.51.100.2", 8080).serve(http(b"page"))
	cover("/etc/hosts", "127.0.0.1 localhost\n198.51.100.2 away.example.com\n")
	host, _, port = proxy.rpartition(":")
	check(command("torsocks", "-a", host, "-P", port, "curl", "-sS", "--max-time", "60",
	              "http://away.example.com:8080/"), "page")
	check({p["command"] for p in sessions(5)}, {"connect", "resolve", "resolve-ptr"}, "it went through us")
	END
}
