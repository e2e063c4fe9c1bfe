#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# CONNECT: what is asked for, in any pieces, and every reply from its real cause.

load lib/promise

@test "IPv4, IPv6 and names are connected to, and the reply has the real local address" {
	play every_kind_of_address
}

@test "the conversation may be split at any byte" {
	play split_anywhere
}

@test "everything may be sent at once, and early data is relayed in order" {
	play all_at_once
}

@test "a client that offers several methods gets none, wherever it stands" {
	play none_among_methods
}

@test "without an acceptable method the answer is 05 FF, then the end" {
	play no_acceptable_method
}

@test "a first byte other than 5 is closed without an answer" {
	play other_first_byte
}

@test "a request of another version is closed without a connection" {
	play other_version
}

@test "a reserved byte other than zero is ignored" {
	play reserved_byte
}

@test "reply 7: a command that is not known" {
	play unknown_command
}

@test "reply 8: an address type that is not known, or ruled out by --family" {
	play unknown_address_type
}

@test "reply 1: port 0, an empty name, a name with a NUL byte" {
	play bad_names_and_port
}

@test "a name that is an address is that address" {
	play literal_as_name
}

@test "other spellings of numbers, zones and long names are not looked up: reply 4" {
	play odd_spellings
}

@test "reply 4: a name that does not exist, or that nobody resolves in time" {
	play missing_name
}

@test "replies from what the network says: refused, unreachable, prohibited, no route" {
	play replies_of_network
}

@test "replies after a silence: nobody there is 4, no answer is 6" {
	play replies_of_silence
}

@test "a refusal can be read before the end, whatever the client sent besides" {
	play refusal_then_end
}

@test "so it can when SIGTERM or the lifetime is the reason, by a client that is still sending" {
	play refusal_while_sending
}

@test "a client that does not close after a refusal is left within ten seconds" {
	play client_stays_after_refusal
}

@test "all addresses of a name are tried" {
	play every_address_tried
}

@test "an address that fails is followed by the next at once, whatever the others wait for" {
	play next_address_at_once
}

@test "if none of a name's addresses answers, --connect-timeout is the end: reply 6" {
	play no_address_answers
}

@test "--family chooses, or prefers" {
	play family
}

@test "--source is the local address, one per family" {
	play source
}

@test "--interface binds outgoing sockets" {
	play interface
}

@test "--mark is the fwmark of outgoing sockets" {
	play mark
}

@test "--rate paces each direction" {
	play rate
}

@test "--connect-timeout and --handshake-timeout of 0 set no limit" {
	play no_timeouts
}

@test "each reply of RFC 1928 has a cause that brings it about, and version 4 says yes or no" {
	play every_reply
}
