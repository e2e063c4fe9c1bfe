#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# RESOLVE and RESOLVE_PTR, Tor's extensions.

load lib/promise

@test "RESOLVE tells an address of a name, port 0, and ends" {
	play resolves_name
}

@test "nothing is connected, and what else is sent is dropped" {
	play nothing_connected
}

@test "addresses that the rules deny are left out, none left is reply 2" {
	play rules_filter_addresses
}

@test "a name that is not there, or too slow to be found, is reply 4" {
	play missing_or_slow_name
}

@test "--family chooses among the addresses" {
	play family
}

@test "RESOLVE_PTR tells the name of an address" {
	play reverse_lookup
}

@test "a reverse lookup that takes too long is reply 4" {
	play slow_reverse_lookup
}
