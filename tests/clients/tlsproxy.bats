#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One port for clients of TLS, of HTTP and of SOCKS that others wrote: tlsclients.py. And the versions
# and ciphers of TLS that the proxy takes, asked for by openssl s_client and byte by byte.

load ../lib/promise
load ../superservers/lib.bash

setup() {
	needs apt-get certutil chromium-headless-shell curl dpkg-deb git ncat nginx openssl wget
	# superservers.py reads these; machine_install names the real folders.
	export abs_top_builddir=$build sbindir='' sysconfdir='' pkgdatadir=''
}

teardown() {
	machine_stop
}

stunnel() {
	"$here/fetch" "$build/superservers" stunnel4 >/dev/null
}

@test "one port serves clients of TLS, HTTP and SOCKS, and the log tells tls= and protocol= of each" {
	stunnel
	play every_client
}

@test "each of them is refused with a wrong password and without one, in its own words" {
	stunnel
	play right_password_alone
}

@test "clients of TLS refuse a proxy whose certificate they do not trust, and the log has the alert if they send one" {
	stunnel
	play certificate_checked
}

@test "TLS 1.2 and 1.3 are taken, 1.0 and 1.1 refused, by openssl s_client without limits of its own" {
	play versions
}

@test "suites without encryption, with RC4, 3DES or CBC, or with RSA or nobody for the key, are refused" {
	play weak_suites
}

@test "sessions of TLS are not compressed, have no tickets and are not resumed; ALPN is http/1.1" {
	play no_extras
}

@test "the clients work under systemd's socket, tcpserver and inetd" {
	machine_possible || skip "$skip_reason"
	needs nft tcpserver
	"$here/fetch" "$build/superservers" >/dev/null
	machine_start
	machine_install
	inside=in_machine
	play matrix >"$BATS_TEST_TMPDIR/table" || status=$?
	sed 's/^/# /' "$BATS_TEST_TMPDIR/table" >&3
	[ -z "$status" ]
}
