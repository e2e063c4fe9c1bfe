#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The system fails: each call, each allocation, each resource in turn. No crash, no hang, no
# spin, no descriptor kept; the client is served in full or told of the failure; nobody is let in; the
# log names the cause.

load lib/promise

# Prints how many trials there were, as play wrote it.
tried() {
	sed 's/^/# /' "$BATS_TEST_TMPDIR/tried" >&3
}

setup() {
	case ${PICOSOCKS5_TEST_KIND:-} in
	'' | coverage) ;;
	*) skip "makes the ordinary build fail" ;;
	esac
}

@test "any system call of a session may fail: no crash, no hang, nobody let in" {
	play system_calls
	tried
}

@test "any allocation of a session may fail, alone or with all that follow: no crash, no hang, nobody let in" {
	play allocations
	tried
}

@test "with few descriptors or little memory, the client is served or refused in order" {
	play limits
	tried
}

@test "if no local port is left, the request is refused and the log says why" {
	play no_port_left
}

@test "if pipes are limited to one page, every byte is still relayed" {
	play small_pipes
}

@test "a log file that may not grow stops no session" {
	play log_may_not_grow
}

@test "a wall clock that jumps by years changes nothing" {
	play clock_jumps
}
