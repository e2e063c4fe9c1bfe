#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# However busy a session is, it hears SIGTERM, and its time is up when it is up: within 100 ms.

load lib/promise

setup() {
	case ${PICOSOCKS5_TEST_KIND:-} in
	sanitize | valgrind | coverage) skip "this build is slow" ;;
	esac
}

@test "a flood of bytes, up, down or both ways, hides neither SIGTERM nor the lifetime" {
	play bytes_hide_nothing
}

@test "a flood of datagrams, from the client or from a host, hides neither" {
	play datagrams_hide_nothing
}

@test "a side that reads nothing does not keep the end from the side that reads" {
	play side_that_reads_nothing
}

@test "a reset reaches a reader who takes little within 10 seconds in all" {
	play reset_to_slow_reader
}

@test "while a reset is passed on, SIGTERM and the lifetime end the session, and it stays a reset" {
	play end_during_reset
}

@test "strangers who keep coming do not put off --bind-timeout, nor SIGTERM" {
	play strangers_keep_coming
}
