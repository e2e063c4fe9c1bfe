#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# RESOLVE and RESOLVE_PTR, Tor's extensions.

load lib/promise

@test "RESOLVE answers with an address of the name and port 0, and ends the session" {
	play resolves_name
}

@test "RESOLVE connects to nothing, and drops whatever else the client sends" {
	play nothing_connected
}

@test "RESOLVE leaves out addresses that the rules deny; if none is left, the reply is 2" {
	play rules_filter_addresses
}

@test "RESOLVE of a name that does not exist, or is not found in time, gets reply 4" {
	play missing_or_slow_name
}

@test "--family chooses among the addresses that RESOLVE finds" {
	play family
}

@test "RESOLVE_PTR answers with the name of an address" {
	play reverse_lookup
}

@test "a RESOLVE_PTR that takes too long gets reply 4" {
	play slow_reverse_lookup
}
