#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Behind a load balancer: the PROXY protocol, required from those named and from nobody else.

load lib/promise

@test "the client in the header is the client, for the rules and the log" {
	play client_in_header
}

@test "the header may be split at any byte, and may come with all the rest" {
	play header_split
}

@test "a balancer that sends no header, a broken one or a late one is not served" {
	play header_missing_or_broken
}

@test "a header is never read from anybody else" {
	play header_of_others
}

@test "a client that the header does not name has no rights of the balancer's" {
	play client_not_named
}

@test "BIND and UDP are for the client in the header, at the address that it reached" {
	play bind_and_udp
}

@test "a client behind a balancer on this host is not local" {
	play balancer_on_this_host
}

@test "HAProxy in front of two proxies, both versions, one of them taken away" {
	play haproxy
}
