#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# SOCKS 4 and 4a behind --socks4.

load lib/promise

@test "without --socks4 a SOCKS4 client is disconnected without an answer" {
	play off_by_default
}

@test "SOCKS4 connects by address and by name, and the user id is logged" {
	play address_and_name
}

@test "with --socks4, SOCKS5 is served as before" {
	play socks5_beside_it
}

@test "a SOCKS4 request may arrive byte by byte, in any pieces, and with what follows" {
	play split_anywhere
}

@test "a SOCKS4 failure is code 91, then a clean end" {
	play failures
}

@test "a SOCKS4 user id and a name of 255 bytes are accepted" {
	play longest_user_id
}

@test "unusual bytes in a SOCKS4 user id are escaped in the log" {
	play odd_user_id
}

@test "SOCKS4 is served only if auth has none, and if the rules let in a client without a user name" {
	play where_none_is_accepted
}

@test "both replies of a SOCKS4 BIND are SOCKS4 replies" {
	play both_replies_of_bind
}

@test "RESOLVE over SOCKS4 answers with an IPv4 address, the only kind that fits" {
	play resolves_ipv4
}

@test "the handshake timeout ends the session of a SOCKS4 client that sends too little" {
	play handshake_timeout
}
