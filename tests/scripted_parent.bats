#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Through a parent: what our client gets and what the log says, whatever the parent does. The parent
# is a script.

load lib/promise

@test "a client of each protocol gets through a parent of each kind, early data and all" {
	play every_pair
}

@test "a parent may answer byte by byte, and in one piece with the destination's first bytes" {
	play answers_split
}

@test "a parent that closes at any byte of its answers is reply 1, and the line names it" {
	play closes_anywhere
}

@test "a SOCKS5 parent's reply is the client's, and one that RFC 1928 lacks is 1" {
	play socks5_replies
}

@test "an HTTP parent's 403 is 2, 502 and 504 are 4, and every other status is 1" {
	play http_statuses
}

@test "a 2xx answer to CONNECT has no body: all that follows is the destination's" {
	play no_body
}

@test "interim responses come before the answer, and do not last beyond connect-timeout" {
	play interim
}

@test "what BND.ADDR the parent says is what the client is told" {
	play bound
}

@test "a parent gets the user and password, and a login that it refuses is reply 1" {
	play login
}

@test "a parent that talks nonsense is reply 1" {
	play nonsense
}

@test "a parent that can't be reached is reply 1, one that is silent until connect-timeout 6" {
	play unreachable_and_silent
}

@test "the parent gets the next allowed address if it can't reach the first" {
	play next_address
}

@test "a parent that is this proxy itself is reply 1" {
	play itself
}

@test "a parent at a unix socket with a full backlog is waited for" {
	play full_backlog
}

@test "a client that leaves while the parent is asked ends the session" {
	play client_leaves
}

@test "a setting that fails on the way to a parent is the administrator's mistake" {
	play setting
}
