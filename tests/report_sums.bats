#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The sums of picosocks5-report, against a second computation (lib/second.py) of a month of sessions
# (lib/month.py). PICOSOCKS5_TEST_SCALE=full takes a million sessions, and every fault.

load lib/promise

setup() {
	needs_report
	[ -z "${PICOSOCKS5_TEST_KIND:-}" ] || skip "looked at in the ordinary build"
}

@test "a month of sessions is summed up as a second computation does it, in every form" {
	play month
}

@test "the order of the sessions, and whether they come by a pipe or packed, makes no difference" {
	play ways_in
}

@test "a table that is full keeps the rows that say most, and its sums stay exact" {
	play full_table
}

@test "whatever the log says, a report takes less than 64 MiB of memory" {
	play memory
}

@test "a report that lacks memory says so, or is the same" {
	play allocations
}

@test "a report whose system calls fail says so, or is the same" {
	play system_calls
}
