#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# HTTP on the same connection (--http): CONNECT, requests for http:// URLs, passwords, refusals.

load lib/promise

@test "CONNECT by HTTP reaches IPv4, IPv6 in brackets and names, and the log says so" {
	play every_kind_of_address
}

@test "the head of a request may be split at any byte" {
	play split_anywhere
}

@test "all that follows the empty line of CONNECT is the destination's, even if it was sent at once" {
	play early_data
}

@test "many HTTP clients are served at once" {
	play many_at_once
}

@test "a request for an http:// URL, of any method, reaches its origin as RFC 9110 and 9112 ask" {
	play methods
}

@test "a half-close and a reset pass through, and megabytes in both directions" {
	play half_close_and_reset
}

@test "OPTIONS and TRACE whose Max-Forwards is 0 reach no host; a larger number becomes less" {
	play max_forwards
}

@test "a password by Proxy-Authorization logs the client in, and does not reach the origin" {
	play password
}

@test "a client that needs a password gets 407, and may send one on the same connection" {
	play asked_on_the_same_connection
}

@test "there are three tries on one connection" {
	play three_tries
}

@test "after 407 the connection is closed if the request has a body, or the client closes" {
	play asked_and_closed
}

@test "credentials of another scheme, or that can't be decoded, get 407" {
	play odd_credentials
}

@test "a wrong password is in the log as after SOCKS5, one line for each try" {
	play wrong_password_in_log
}

@test "an unknown user costs a hash, and gets the same answer as a wrong password" {
	play unknown_user
}

@test "a client that no rule or method could let in gets 403" {
	play nobody_served
}

@test "rules and special destinations hold for HTTP as for SOCKS" {
	play rules
}

@test "each refusal has its status, a text, Connection: close, and its cause in the log" {
	play statuses
}

@test "if saslauthd gives no verdict, the status is 503" {
	play saslauthd_fails
}

@test "the client can read a refusal, whatever else it has sent" {
	play refusal_while_sending
}

@test "a head that comes too slowly gets no answer" {
	play slow_head
}

@test "a client that leaves within the head ends the session" {
	play cut_short
}

@test "SOCKS5, SOCKS4 and HTTP share a port, also behind a PROXY header" {
	play one_port
}

@test "without --http, the log tells of it" {
	play switched_off
}

@test "a head that two readers could understand in two ways is refused, or passed on in one way" {
	play ambiguous_heads
}

@test "a head may have 16384 bytes, and one more gets 431" {
	play longest_head
}

@test "a second request on the connection goes to the origin of the first one, as it is" {
	play behind_the_first_request
}
