#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Whatever a client sends, or leaves unsent: the process ends by itself, with status 0.

load lib/promise

@test "random bytes: every process ends by itself with status 0" {
	play random_bytes
}

@test "a client that says nothing, or too little, is left at the handshake timeout" {
	play handshake_timeout
}

@test "a byte now and then does not put the handshake timeout off" {
	play byte_now_and_then
}

@test "a client that does not read its answer is left at the handshake timeout" {
	play unread_answer
}

@test "a conversation cut off at any byte ends without a connection" {
	play cut_off_anywhere
}

@test "a flood before the request's end is no danger" {
	play flood_before_request
}

@test "a client that vanishes in any phase leaves nothing behind" {
	play client_vanishes
}

@test "nobody waits on behalf of a client that has left" {
	play nobody_waits_in_vain
}

@test "SIGTERM and the lifetime end what waits, whatever it waits for" {
	play everything_ends
}

@test "a long relay needs no more memory and no more descriptors than a short one" {
	play long_relay
}

@test "few descriptors: an orderly refusal, or service" {
	play few_descriptors
}
