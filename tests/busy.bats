#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# However busy a session is, it reacts to SIGTERM and to the end of its lifetime within 100 ms.

load lib/promise

setup() {
	case ${PICOSOCKS5_TEST_KIND:-} in
	sanitize | valgrind | coverage) skip "this build is slow" ;;
	esac
}

@test "a flood of bytes in either or both directions delays neither SIGTERM nor the lifetime" {
	play bytes_hide_nothing
}

@test "a flood of datagrams from the client or a host delays neither SIGTERM nor the lifetime" {
	play datagrams_hide_nothing
}

@test "when a session is ended, a side that reads sees the end although the other side reads nothing" {
	play side_that_reads_nothing
}

@test "a reset reaches a slow reader within 10 seconds in all" {
	play reset_to_slow_reader
}

@test "SIGTERM and the lifetime end a session that is passing on a reset, and the reset still arrives" {
	play end_during_reset
}

@test "strangers who keep connecting to BIND delay neither --bind-timeout nor SIGTERM" {
	play strangers_keep_coming
}
