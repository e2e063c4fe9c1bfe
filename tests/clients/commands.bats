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

@test "BIND and datagrams on a gateway with two sides, through Perl's IO::Socket::Socks" {
	perl -MIO::Socket::Socks -e1 2>/dev/null || skip "needs Perl's IO::Socket::Socks"
	play <<-'END'
	isolate()
	inner, outer = Elsewhere(), Elsewhere(1)
	ip("route add default via 198.51.101.2")
	with outer:
	    to = Udp("198.51.101.2", 7000)
	script = tmp("client.pl", r"""
	use strict;
	use IO::Socket::Socks;
	use Socket;
	my ($how, $host, $port) = @ARGV;
	my %proxy = (ProxyAddr => $host, ProxyPort => $port, SocksVersion => 5, Timeout => 60);
	$| = 1;
	if ($how eq "bind") {
	    my $s = IO::Socket::Socks->new(%proxy, BindAddr => "198.51.101.2", BindPort => 20) or die $SOCKS_ERROR;
	    print join(" ", $s->dst()), "\n";
	    $s->accept() or die $SOCKS_ERROR;
	    $s->syswrite("hello\n");
	    print $s->getline();
	} else {
	    my $s = IO::Socket::Socks->new(%proxy, UdpAddr => "0.0.0.0", UdpPort => 0) or die $SOCKS_ERROR;
	    print join(" ", $s->dst()), "\n";
	    $s->send("hello", 0, scalar sockaddr_in(7000, inet_aton("198.51.101.2"))) or die $!;
	    defined $s->recv(my $data, 50) or die $!;
	    print "$data\n";
	}
	""".replace("\n\t", "\n"))
	import subprocess
	def client(how, proxy):
	    with inner:
	        return subprocess.Popen(["perl", script, how, *proxy.split(":")], stdin=subprocess.DEVNULL,
	                                stdout=subprocess.PIPE, text=True)
	for options in (), ("--external", "198.51.101.1"):
	    proxy = serve("--allow", "from any", *options, host="198.51.100.1")
	    with client("bind", proxy) as perl:
	        host, port, *_ = perl.stdout.readline().split()
	        check(host, "198.51.101.1", "where BIND's peer is to come")
	        with outer:
	            peer = arrive(Reply(0, host, int(port)), "198.51.101.2")
	        peer.expect(b"hello\n").send(b"world\n")
	        check(perl.stdout.read(), "world\n")
	        peer.expect_end().close()
	    with client("udp", proxy) as perl:
	        host, port, *_ = perl.stdout.readline().split()
	        check(host, "198.51.100.1", "where the client is to send")
	        to.expect(b"hello").answer(b"world")
	        check(perl.stdout.read(), "world\n")
	    check(sorted(p["command"] for p in sessions(2)), ["bind", "udp"], "it went through us")
	# Behind NAT: what is sent to the outer address there comes to the one that the client reached.
	with inner:
	    ip("addr add 203.0.113.9/32 dev lo")
	proxy = serve("--allow", "from any", "--external", "203.0.113.9", host="198.51.100.1")
	for how in "bind", "udp":
	    with client(how, proxy) as perl:
	        check(perl.stdout.readline().split()[0], "203.0.113.9", how)
	        perl.kill()
	sessions(2)
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
