#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# TLS behind the greeting, in the frames of draft-ietf-aft-socks-ssl-00: the method `tls` of --auth.

load lib/promise

@test "a client that offers method 6 or 134 gets it, and TLS 1.2 or 1.3 inside frames" {
	play both_numbers
}

@test "the handshake and its frames may be cut at every byte" {
	play split
}

@test "frames need not match the records of TLS, and empty ones are ignored" {
	play borders
}

@test "TLS is not tied to the state of the client's frames, and those of the proxy are in order" {
	play states
}

@test "options that are not known are left out of the answer" {
	play options
}

@test "Subauthentication by a password" {
	play password
}

@test "Subauthentication by CHAP" {
	play chap
}

@test "a client that must log in and does not do so is hung up on" {
	play login_needed
}

@test "methods behind tls are refused outside of TLS, to SOCKS 4 and HTTP as well" {
	play never_in_the_clear
}

@test "inside TLS that begins with the first byte, methods behind tls are accepted, and tls is not" {
	play around
}

@test "a client certificate is a login, without Subauthentication" {
	play client_certificate
}

@test "UDP ASSOCIATE is refused unless the client has offered UDP-Naked" {
	play datagrams
}

@test "much data passes through the frames both ways" {
	play much
}

@test "the end of one direction is in a frame of the closing state, and the other one goes on" {
	play half_close
}

@test "an end without close_notify resets the destination" {
	play cut_off
}

@test "bytes that are no frame, or no TLS, end the session" {
	play garbage
}
