#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who logs in by CHAP, and that nobody else does.

load lib/promise

@test "the right password lets a user in by CHAP, in PuTTY's order and in the draft's" {
	play both_orders
}

@test "messages of CHAP may arrive byte by byte, or with the next message and the request" {
	play split_and_pipelined
}

@test "unknown attributes, other algorithms and messages of 64 KiB are read and ignored" {
	play odd_attributes
}

@test "a client that sends a challenge gets the proxy's response, and its status is heeded" {
	play mutual
}

@test "the proxy does not answer its own challenge, nor anybody whose response is wrong" {
	play signs_nothing
}

@test "a wrong response gets a failure and the end, and fail2ban's line as for a wrong password" {
	play wrong_responses
}

@test "every session has another challenge" {
	play fresh_challenges
}

@test "a client without HMAC-MD5 gets a failure, and the log says so" {
	play no_algorithm
}

@test "a malformed message is hung up on, and a request in place of a message is not served" {
	play malformed
}

@test "before the response nothing tells an unknown user apart, and after it only the log does" {
	play same_for_everybody
}

@test "an unknown user takes as long as a wrong response" {
	play same_time
}

@test "for an unknown user the process makes the same system calls" {
	play same_calls
}

@test "a line that is not {CRAM-MD5} lets nobody in by CHAP; the log names it, and fail2ban does not count it" {
	play other_schemes
}

@test "with several methods, the first in --auth that the client offers is used" {
	play order_of_methods
}

@test "no password, response or state is in the log or in the memory of the relay" {
	play forgotten
}

@test "the handshake timeout ends a client that says nothing more" {
	play too_slow
}

@test "without libmd no response can be checked: nobody is let in, and the log says why" {
	play library_missing
}

@test "--auth chap needs a users file, and a build with libmd" {
	play needs_users
}

@test "--check warns if nobody, or not everybody, could log in by CHAP" {
	play check_warns
}

@test "PuTTY's plink logs in by CHAP, with a line of doveadm pw" {
	needs plink doveadm systemd-socket-activate
	play real_plink
}
