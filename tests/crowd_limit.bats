#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The limits of sessions under a superserver that can't limit the sessions of one client.

load lib/promise

setup() {
	[ -z "${PICOSOCKS5_TEST_KIND:-}" ] || skip "looked at in the ordinary build"
}

@test "of 50 clients of one address at once, --limit-client 10 serves 10 and closes 40 in order, with a log line each" {
	play exactly_ten
}

@test "after SIGKILL of all sessions, --limit-client serves as many as before" {
	play again_after_sigkill
}
