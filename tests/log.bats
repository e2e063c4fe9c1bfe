#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The log: one line a session, in every sink, escaped, and never in the way.

load lib/promise

@test "one line tells of a session, in the order of its life" {
	play order_of_line
}

@test "names and IPv6 addresses in the line, and the address that was reached" {
	play names_and_ipv6
}

@test "every way to end has its word" {
	play every_end
}

@test "keys without a value are left out" {
	play no_empty_keys
}

@test "a client without an address is client=local" {
	play local_client
}

@test "bytes from the network are escaped" {
	play escaped
}

@test "the longest line is whole, in every sink" {
	play longest_line
}

@test "a name with a blank or an equals sign stays one value" {
	play quoted_names
}

@test "--log-level says how much, --log none nothing" {
	play levels
}

@test "auto and stderr write to descriptor 2, whatever it is" {
	play stderr_of_any_kind
}

@test "a descriptor 2 that can't be written to is no obstacle" {
	play stderr_unwritable
}

@test "syslog gets the line when asked, and when descriptor 2 is the client's" {
	play syslog
}

@test "no syslog, a closed one, or one that is full, is no obstacle" {
	play syslog_missing
}

@test "a build without the journal's fields says so, and refuses to be told to write them" {
	play without_journal
}

@test "the journal gets the keys as fields" {
	play fields_of_journal
}

@test "no journal, a closed one, or one that is full, is no obstacle" {
	play journal_missing
}

@test "a line that a full journal loses never goes to the client" {
	play lost_line_spares_client
}
