#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The system fails us: each call, each allocation, each resource in turn. No crash, no hang, no
# spin, no descriptor kept; the client is served whole or hears of it; nobody is let in; the log
# names the cause.

load lib/promise

# What play wrote of how many trials there were.
tried() {
	sed 's/^/# /' "$BATS_TEST_TMPDIR/tried" >&3
}

setup() {
	case ${PICOSOCKS5_TEST_KIND:-} in
	'' | coverage) ;;
	*) skip "makes the ordinary build fail" ;;
	esac
}

@test "each system call of a session fails in turn" {
	play system_calls
	tried
}

@test "each allocation of a session fails in turn, and from each on all" {
	play allocations
	tried
}

@test "few descriptors, little memory: an orderly refusal, or service" {
	play limits
	tried
}

@test "no port is left: a refusal that says so, and nobody is let in for that" {
	play no_port_left
}

@test "pipes of one page, for want of more: everything is relayed" {
	play small_pipes
}

@test "a log that may not grow is no obstacle" {
	play log_may_not_grow
}

@test "a wall clock that jumps by years changes nothing" {
	play clock_jumps
}
