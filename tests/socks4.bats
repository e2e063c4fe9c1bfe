#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# SOCKS 4 and 4a behind --socks4.

load lib/promise

@test "without --socks4 version 4 is hung up on" {
	play off_by_default
}

@test "CONNECT by address and by name, and the user id is logged" {
	play address_and_name
}

@test "SOCKS5 is served as before beside it" {
	play socks5_beside_it
}

@test "a request may arrive byte by byte, in any pieces, and with what follows" {
	play split_anywhere
}

@test "failures are 91, then a clean end" {
	play failures
}

@test "a user id and a name of 255 bytes are taken" {
	play longest_user_id
}

@test "an odd user id is escaped in the log" {
	play odd_user_id
}

@test "it is served only where none is accepted, and the rules let in who has no name" {
	play where_none_is_accepted
}

@test "BIND: both replies are of version 4" {
	play both_replies_of_bind
}

@test "RESOLVE tells an IPv4 address, for there is room for no other" {
	play resolves_ipv4
}

@test "a client that says too little is left at the handshake timeout" {
	play handshake_timeout
}
