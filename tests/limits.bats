#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How many sessions there may be at once: --limit, --limit-client, --limit-user.

load lib/promise

@test "of 50 clients at once exactly 10 are served under --limit 10, the others get a clean end" {
	play together
}

@test "a session that ends, however it ends, makes room for the next one" {
	play room_again
}

@test "a place is free before the client sees the end of the session, whatever is left to do" {
	play end_of_session
}

@test "a client that ends a session and begins the next one at once is served" {
	play one_after_another
}

@test "--limit-client counts an IPv4 address, an IPv6 /64, local clients, and unknown ones" {
	play clients
}

@test "a client over its own limit is told so, and takes no slot from others" {
	play client_first
}

@test "--limit-user counts whoever has logged in, by every method, in every protocol" {
	play users
}

@test "--limit-user answers the request: reply 1, SOCKS 4 code 91, HTTP 503" {
	play answers
}

@test "after several logins the last one is counted" {
	play last_login
}

@test "saslauthd's users are the same in upper and lower case" {
	play case_of_names
}

@test "behind a load balancer the client of the PROXY header is counted" {
	play balancer
}

@test "limits hold in every command and phase of the sandbox, and marks are cleared at the end" {
	play sandbox
}

@test "a file that can't be used is a failure of the system: status 71, nobody is served" {
	play bad_file
}

@test "so is a file that the user of the service may not write, or may not make" {
	play not_ours
}

@test "a disk that is full stops sessions only if the file has no key yet" {
	play full_disk
}

@test "locks that fail are a failure of the system" {
	play no_locks
}

@test "0 is no limit, and without a limit the file is not touched" {
	play no_limit
}

@test "--check tries the file, makes none, and says what to do" {
	play checked
}
