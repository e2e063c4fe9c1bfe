#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# CONNECT: requests in any pieces, and every reply from its real cause.

load lib/promise

@test "CONNECT reaches IPv4, IPv6 and names, and the reply has the real local address" {
	play every_kind_of_address
}

@test "the conversation may be split at any byte" {
	play split_anywhere
}

@test "the client may send everything at once, and early data is relayed in order" {
	play all_at_once
}

@test "a client that offers several methods gets method none, wherever it is in the list" {
	play none_among_methods
}

@test "if no method is acceptable, the answer is 05 FF, then the end of the stream" {
	play no_acceptable_method
}

@test "if the first byte is not 5, the connection is closed without an answer" {
	play other_first_byte
}

@test "a request of another version is not connected, and the session is closed" {
	play other_version
}

@test "a reserved byte other than zero is ignored" {
	play reserved_byte
}

@test "an unknown command gets reply 7" {
	play unknown_command
}

@test "an address type that is unknown, or excluded by --family, gets reply 8" {
	play unknown_address_type
}

@test "port 0, an empty name and a name with a NUL byte get reply 1" {
	play bad_names_and_port
}

@test "an address that is sent as a name counts as that address" {
	play literal_as_name
}

@test "other spellings of numbers, zones, and long names are not looked up and get reply 4" {
	play odd_spellings
}

@test "a name that does not exist, or is not resolved in time, gets reply 4" {
	play missing_name
}

@test "the network's answers (refused, unreachable, prohibited, no route) become the right replies" {
	play replies_of_network
}

@test "a host that does not exist on the local network gets reply 4, one that never answers gets 6" {
	play replies_of_silence
}

@test "the client can read a refusal before the end, whatever else it has sent" {
	play refusal_then_end
}

@test "a client that is still sending can read the refusal when SIGTERM or the lifetime ends the session" {
	play refusal_while_sending
}

@test "after a refusal the session ends within ten seconds even if the client does not close" {
	play client_stays_after_refusal
}

@test "all addresses of a name are tried" {
	play every_address_tried
}

@test "when an address fails, the next one is tried at once, even if others are still pending" {
	play next_address_at_once
}

@test "if no address of a name answers within --connect-timeout, the reply is 6" {
	play no_address_answers
}

@test "--family chooses an address family, or prefers one" {
	play family
}

@test "--source sets the local address, one for each family" {
	play source
}

@test "--interface binds outgoing sockets" {
	play interface
}

@test "--mark sets the firewall mark of outgoing sockets" {
	play mark
}

@test "--rate limits the speed of each direction" {
	play rate
}

@test "--connect-timeout and --handshake-timeout of 0 set no limit" {
	play no_timeouts
}

@test "every reply of RFC 1928 occurs for its cause, and SOCKS4 gets granted or rejected" {
	play every_reply
}
