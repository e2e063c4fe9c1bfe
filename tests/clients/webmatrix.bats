#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# HTTP clients that others wrote, under every superserver: webclients.py times superservers.py.

load ../lib/promise
load ../superservers/lib.bash

setup() {
	machine_possible || skip "$skip_reason"
	needs apt-get chromium-headless-shell curl dpkg-deb git ncat nft nginx npm openssl socat \
		tcpserver tcpsvd wget
	"$here/fetch" "$build/superservers" >/dev/null
	machine_start
	machine_install
	tls_files
}

teardown() {
	machine_stop
}

@test "every HTTP client works under every superserver with a password, npm and Chromium under one of each kind, and curl by SOCKS on the same port" {
	inside=in_machine
	play matrix >"$BATS_TEST_TMPDIR/table" || status=$?
	sed 's/^/# /' "$BATS_TEST_TMPDIR/table" >&3
	[ -z "$status" ]
}
