#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A session or two through each library that the program loads while it serves. Other files test each
# of them thoroughly; under valgrind, where a library takes seconds to load, these tests stand for them.

load lib/promise
load lib/once.bash
load lib/kdc.bash

teardown_file() {
	kdc_stop
}

@test "a session is served whose name the C library's modules look up" {
	play kinds "a name of the hosts file" "a name of the DNS" RESOLVE RESOLVE_PTR "UDP to a name"
}

@test "a session is served that is logged to the journal" {
	play kinds_with journal "the journal"
}

@test "a password is verified that libcrypt has hashed, and a wrong one is not let in" {
	play kinds_with crypt "a crypt(3) hash" "a wrong password, of crypt(3)"
}

@test "a password is verified that libmd has hashed, and a wrong one is not let in" {
	play kinds_with digest "a digest" CHAP "HTTP with a password" "a wrong password" \
		"a wrong response of CHAP"
}

@test "a session is served inside TLS, by libssl, whatever is inside" {
	play kinds_with tls "TLS 1.3" "TLS 1.2 on pipes" "a certificate" "HTTP inside TLS" "SSL frames"
}

@test "a client with a ticket is served inside the protection of Kerberos, and one without is not" {
	kdc_start
	skip_if_told
	play ticket
}
