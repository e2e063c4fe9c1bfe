#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Very many clients of one host at once, some of them hostile, and very many one after another.
# tests/bench measures the speed; here nothing may be wrong, late or left behind.
# PICOSOCKS5_TEST_SCALE=full takes a minute or two, and prints figures.

load lib/promise

setup() {
	[ -z "${PICOSOCKS5_TEST_KIND:-}" ] || skip "looked at in the ordinary build"
}

figures() {
	sed 's/^/# /' "$BATS_TEST_TMPDIR/figures" >&3
}

@test "thousands of sessions at once relay, and no byte is wrong" {
	play sessions_at_once
	figures
}

@test "an honest client is served at once beside hundreds of slow ones" {
	play honest_beside_slow
	figures
}

@test "hundreds of clients that stall in the handshake are cut off in time" {
	play slow_handshakes
}

@test "thousands of short sessions leave nothing behind" {
	play short_sessions
	figures
}
