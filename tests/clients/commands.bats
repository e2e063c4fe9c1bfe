#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BIND, UDP ASSOCIATE and RESOLVE with clients that nobody here wrote, as far as the matrix leaves it open.

load ../lib/promise
load lib

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

@test "bursts of datagrams as large as QUIC's, as many as a socket holds, through PySocks" {
	python_needs socks
	play <<-'END'
	import threading
	from clients import Proxy, library
	isolate()
	to = Udp("127.0.0.1")
	def back():
	    while True:
	        to.sock.sendto(*to.sock.recvfrom(1 << 16))
	threading.Thread(target=back, daemon=True).start()
	proxy = Proxy("127.0.0.1", int(serve().rpartition(":")[2]), None)
	came = int(library("burst", proxy, to.host, to.port))
	assert came >= 20 * 50, came
	check([(p["command"], p["sent"]) for p in sessions(1)], [("udp", str(came * 1350))], "it went through us")
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
