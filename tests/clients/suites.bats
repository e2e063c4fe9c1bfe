#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What others test their own SOCKS clients with, pointed at us: fetched, never copied in. Where they start a
# SOCKS server, something of standin/ stands in its place.

load ../lib/promise
load lib

standin=$BATS_TEST_DIRNAME/standin
suites=${abs_top_builddir:?}/clients

# The servers of curl's tests, without its configure, which would take ten times as long as all of them.
curl_servers() {
	local server have common=()

	cd "$suites/curl/tests/server"
	for have in STRUCT_TIMEVAL LONGLONG ARPA_INET_H NETINET_TCP_H SYS_STAT_H SYS_UN_H SYS_POLL_H POLL_FINE \
		UNISTD_H SIGACTION SIGNAL_H FCNTL_H FCNTL_O_NONBLOCK GETTIMEOFDAY CLOCK_GETTIME_MONOTONIC \
		RECV SEND STRDUP INET_PTON SUSECONDS_T BOOL_T STDBOOL_H; do
		echo "#define HAVE_$have 1"
	done >curl_config.h
	printf '#define %s\n' 'SIZEOF_CURL_OFF_T 8' 'SIZEOF_LONG 8' 'SIZEOF_TIME_T 8' 'ENABLE_IPV6 1' \
		'USE_UNIX_SOCKETS 1' >>curl_config.h
	for have in mprintf nonblock strtoofft warnless timediff dynbuf strdup strcase curl_multibyte base64 \
		memdebug inet_pton; do
		common+=("../../lib/$have.c")
	done
	for server in sws sockfilt; do
		gcc -w -DHAVE_CONFIG_H -DCURL_STATICLIB -I. -I../../include -I../../lib "${common[@]}" getpart.c \
			util.c $server.c -o $server
	done
	cp "$standin/socksd" socksd
	ln -sf /bin/true disabled
	install -m 755 /dev/null ../../curl-config
}

@test "curl's own: each of its cases that has a SOCKS server in it" {
	needs curl gcc perl systemd-socket-activate
	fetched source curl
	curl_servers
	play <<-'END'
	import glob, re, socket, subprocess, threading
	isolate()
	needs_hashes("digest")
	ip("addr add 12.34.56.78/32 dev lo\naddr add 2200::33/128 dev lo nodad")
	names("127.0.0.1 this.is.a.host.name\n")
	tests = os.environ["abs_top_builddir"] + "/clients/curl/tests"
	cases = []
	for path in glob.glob(tests + "/data/test[0-9]*"):
	    with open(path, "rb") as f:
	        text = f.read()
	    # Not those that need a client of their own, linked with libcurl.
	    if re.search(rb"<server>[^<]*\bsocks", text) and b"<tool>" not in text:
	        cases.append(path.rpartition("test")[2])
	    # What their SOCKS server writes down. Ours has its log: see below.
	    if b"<socks>" in text:
	        with open(path, "wb") as f:
	            f.write(re.sub(rb"<socks>.*?</socks>\n", b"", text, flags=re.S))
	assert len(cases) >= 20, cases
	# Their SOCKS server goes to their web server wherever it is asked to go. Here that is where it is.
	def pump(one, other):
	    while data := one.read():
	        other.send(data)
	    other.shut()
	def forward(end):
	    far = End(socket.create_connection(("127.0.0.1", port)))
	    together(lambda: pump(end, far), lambda: pump(far, end))
	def elsewhere():
	    global port
	    port = int(eventually(lambda: os.path.exists(tests + "/.http_server.port")
	                          and open(tests + "/.http_server.port").read()))
	    Listener("127.0.0.1", 1).serve(forward)
	    Listener("2200::33", port).serve(forward)
	for left in glob.glob(tests + "/.*.p*"):
	    os.unlink(left)
	threading.Thread(target=elsewhere, daemon=True).start()
	env = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "PICOSOCKS5": PROGRAM, "SOCKSD_LOG": tmp("log"),
	       "SOCKSD_USERS": users_file("uz3r:{SHA}fuS1b8bHICMH1omLTnQApHccacY=\n")}
	p = subprocess.run(["perl", "-I.", "./runtests.pl", "-n", "-a", "-c", "/usr/bin/curl", "-vc", "/usr/bin/curl",
	                    *sorted(cases, key=int)], cwd=tests, env=env, stdin=subprocess.DEVNULL,
	                   stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
	said = p.stdout.decode("latin-1")
	assert p.returncode == 0 and f"TESTDONE: {len(cases)} tests out of {len(cases)} reported OK: 100%" in said, said
	with open(tmp("log"), encoding="latin-1") as f:
	    lines = lines_of(f.read())
	assert {f"[2200::33]:{port}", f"12.34.56.78:{port}", f"this.is.a.host.name:{port}"} <= {
	    p.get("dest") for p in lines}, lines
	assert len(lines) > len(cases), "they went through us"
	assert [p for p in lines if p.get("user") == "uz3r"], "so did the one with a password"
	END
}

@test "PySocks' own: all that are not about HTTP proxies" {
	needs systemd-socket-activate
	python_needs pytest psutil
	fetched source python-socksipy
	cp -r "$suites/python-socksipy" "$BATS_TEST_TMPDIR/suite"
	mkdir "$BATS_TEST_TMPDIR/suite/test/bin"
	cp "$standin/3proxy" "$BATS_TEST_TMPDIR/suite/test/bin/"
	# One asks for a proxy that is not there, and for a network that does not say so.
	play "$standin" <<-'END'
	import re, subprocess
	isolate()
	p = subprocess.run(["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "-v", "-k",
	                    "not http and not connect_timeout", "test/test_pysocks.py"], cwd=tmp("suite"),
	                   env={"PATH": "/usr/bin:/bin", "PICOSOCKS5": PROGRAM, "PYTHONDONTWRITEBYTECODE": "1",
	                        "PYTHONPATH": f"{tmp('suite')}:{sys.argv[1]}"},
	                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
	said = p.stdout.decode("latin-1")
	passed = re.search(r"= (\d+) passed, \d+ deselected", said)
	assert p.returncode == 0 and passed and int(passed[1]) >= 11, said
	END
}

@test "socks-proxy-agent's own" {
	needs node openssl systemd-socket-activate
	# The last version whose package has its tests in it.
	fetched npm agent socks-proxy-agent@4.0.2 mocha@5 raw-body@2.3
	cp -r "$suites/agent/node_modules/socks-proxy-agent" "$BATS_TEST_TMPDIR/agent"
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -out "$BATS_TEST_TMPDIR/agent/test/ssl-cert-snakeoil.pem" \
		-keyout "$BATS_TEST_TMPDIR/agent/test/ssl-cert-snakeoil.key" 2>/dev/null
	play "$standin" "$suites/agent/node_modules" <<-'END'
	import subprocess
	isolate()
	port = serve().rpartition(":")[2]
	p = subprocess.run(["node", sys.argv[2] + "/mocha/bin/_mocha", "--reporter", "tap"], cwd=tmp("agent"),
	                   env={"PATH": "/usr/bin:/bin", "NODE_PATH": ":".join(sys.argv[1:]), "SOCKS_PORT": port},
	                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
	said = p.stdout.decode("latin-1")
	assert p.returncode == 0 and "# pass 5" in said and "# fail 0" in said, said
	check([p["command"] for p in sessions(2)], ["connect"] * 2, "it went through us")
	END
}

@test "the conversations of OpenSSH's dynamic-forward: both versions, addresses and names" {
	needs ssh sshd ssh-keygen puttygen nc.openbsd nft
	play <<-'END'
	from clients import Proxy, ssh
	from destinations import FOUR, PROXY, SIX, SSH
	import destinations
	isolate()
	command("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")
	destinations.network()
	destinations.ssh()
	destinations.only_the_proxy()
	proxy = Proxy("127.0.0.1", int(serve("--socks4", "--source", ",".join(PROXY)).rpartition(":")[2]), None)
	for version, host in (4, FOUR), (5, FOUR), (5, SIX), (5, "four.example.com"), (5, "six.example.com"):
	    ssh(proxy, f"nc.openbsd -X {version} -x", host)
	check([(p["command"], p["reply"]) for p in sessions(5)], [("connect", "90")] + [("connect", "0")] * 4)
	END
}
