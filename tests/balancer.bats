#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Behind a load balancer: the PROXY protocol, required from the balancers that are named, and from no
# other peer.

load lib/promise

@test "the client that the PROXY header names is the client for the rules and the log" {
	play client_in_header
}

@test "the PROXY header may be split at any byte, and may arrive together with what follows" {
	play header_split
}

@test "a balancer is not served if it sends no PROXY header, a broken one, or a late one" {
	play header_missing_or_broken
}

@test "a PROXY header is never read from a peer that is not named as a balancer" {
	play header_of_others
}

@test "if the PROXY header names no client, the client gets none of the balancer's rights" {
	play client_not_named
}

@test "BIND and UDP serve the client that the PROXY header names, at the address that it reached" {
	play bind_and_udp
}

@test "a client behind a balancer on this host is not local" {
	play balancer_on_this_host
}

@test "HAProxy serves from two proxies, with both versions of the header, and from one when the other is gone" {
	play haproxy
}
