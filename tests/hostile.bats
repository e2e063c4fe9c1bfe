#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Whatever a client sends, or does not send, the process ends by itself with status 0.

load lib/promise

@test "after random bytes every process ends by itself with status 0" {
	play random_bytes
}

@test "the handshake timeout ends the session of a client that sends nothing, or too little" {
	play handshake_timeout
}

@test "a byte now and then does not delay the handshake timeout" {
	play byte_now_and_then
}

@test "the handshake timeout ends the session of a client that does not read its answer" {
	play unread_answer
}

@test "a conversation cut off at any byte ends without a connection" {
	play cut_off_anywhere
}

@test "a flood of bytes before the end of the request does no harm" {
	play flood_before_request
}

@test "a client that vanishes in any phase leaves nothing behind" {
	play client_vanishes
}

@test "a lookup, a connection or a hash is given up when the client leaves" {
	play nobody_waits_in_vain
}

@test "SIGTERM and the lifetime end a session, whatever it waits for" {
	play everything_ends
}

@test "a long relay needs no more memory and no more descriptors than a short one" {
	play long_relay
}

@test "with few descriptors, a client is served or refused in order" {
	play few_descriptors
}
