#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Clients that others wrote, under every superserver: clients.py times superservers.py.

load ../lib/promise
load ../superservers/lib.bash
load lib

setup() {
	machine_possible || skip "$skip_reason"
	needs chromium-headless-shell curl dnsmasq ncat nc.openbsd nft node plink proxychains4 \
		puttygen redsocks setpriv socat socksify ssh sshd tcpserver tcpsvd tor-resolve torsocks
	"$here/fetch" "$build/superservers" >/dev/null
	python_needs async_timeout pyftpdlib python_socks socks
	fetched npm matrix socks@2 socks-proxy-agent@8
	machine_start
	machine_install
	tls_files
}

teardown() {
	machine_stop
}

@test "every client works under every superserver" {
	inside=in_machine
	play matrix >"$BATS_TEST_TMPDIR/table" || status=$?
	sed 's/^/# /' "$BATS_TEST_TMPDIR/table" >&3
	[ -z "$status" ]
}
