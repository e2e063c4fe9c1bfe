#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Test suites of other SOCKS clients, run against this proxy: fetched, never copied in. Where they
# start a SOCKS server, a program of standin/ replaces it.

load ../lib/promise
load lib

standin=$BATS_TEST_DIRNAME/standin
suites=${abs_top_builddir:?}/clients

# The servers of curl's tests, without its configure, which would take ten times as long as all of
# them.
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

@test "curl's own test cases with a SOCKS server pass" {
	needs curl gcc perl systemd-socket-activate
	fetched source curl
	curl_servers
	play curl_suite
}

@test "PySocks' own tests pass, except those about HTTP proxies" {
	needs systemd-socket-activate
	python_needs pytest psutil
	fetched source python-socksipy
	cp -r "$suites/python-socksipy" "$BATS_TEST_TMPDIR/suite"
	mkdir "$BATS_TEST_TMPDIR/suite/test/bin"
	cp "$standin/3proxy" "$BATS_TEST_TMPDIR/suite/test/bin/"
	# One of them needs a proxy that does not exist, and a network that does not report this.
	play pysocks_suite "$standin"
}

@test "socks-proxy-agent's own tests pass" {
	needs node openssl systemd-socket-activate
	# The last version whose package contains its tests.
	fetched npm agent socks-proxy-agent@4.0.2 mocha@5 raw-body@2.3
	cp -r "$suites/agent/node_modules/socks-proxy-agent" "$BATS_TEST_TMPDIR/agent"
	openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=localhost -out "$BATS_TEST_TMPDIR/agent/test/ssl-cert-snakeoil.pem" \
		-keyout "$BATS_TEST_TMPDIR/agent/test/ssl-cert-snakeoil.key" 2>/dev/null
	play agent_suite "$standin" "$suites/agent/node_modules"
}

@test "the conversations of OpenSSH's dynamic-forward test pass: both versions, addresses and names" {
	needs ssh sshd ssh-keygen puttygen nc.openbsd nft
	play openssh_suite
}
