#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The log: one line for each session, in every sink, escaped, and it never stops a session.

load lib/promise

@test "each session writes one line, whose keys have a fixed order" {
	play order_of_line
}

@test "the line has names, IPv6 addresses, and the address that was connected to" {
	play names_and_ipv6
}

@test "the line names the parent, and neither the line nor the rule told at level debug has its password" {
	play by_parents
}

@test "the line names a parent of every kind, also if it can't be reached" {
	play by_parents_of_all_kinds
}

@test "every way in which a session ends has its own value of end=" {
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

@test "the longest possible line is written whole, in every sink" {
	play longest_line
}

@test "a user name with a space or an equals sign stays one value" {
	play quoted_names
}

@test "--log-level sets the least important level, and --log none logs nothing" {
	play levels
}

@test "--log auto and stderr write to descriptor 2, whatever kind of file it is" {
	play stderr_of_any_kind
}

@test "the session goes on if descriptor 2 can't be written to" {
	play stderr_unwritable
}

@test "syslog gets the line with --log syslog, and if descriptor 2 is the client's" {
	play syslog
}

@test "the session goes on if syslog is missing, closed or full" {
	play syslog_missing
}

@test "a build without journal fields says so, and refuses --log journal" {
	play without_journal
}

@test "the journal gets each key as a field" {
	play fields_of_journal
}

@test "the session goes on if the journal is missing, closed or full" {
	play journal_missing
}

@test "a line that a full journal loses never goes to the client" {
	play lost_line_spares_client
}
