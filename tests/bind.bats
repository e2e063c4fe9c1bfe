#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BIND: where it listens, which peers it admits, and what both replies say.

load lib/promise

@test "BIND sends two replies and then relays, over every kind of descriptors" {
	play two_replies_then_relay
}

@test "BIND listens before the first reply, and stops with the second" {
	play listens_between_replies
}

@test "BIND waits for the peer that the request names, and turns others away" {
	play strangers_turned_away
}

@test "BIND for 0.0.0.0 or :: admits any peer" {
	play anybody_admitted
}

@test "BIND for a name admits the addresses of the name and no others" {
	play peer_by_name
}

@test "BIND asks the rules about the request, and again about the peer that arrives" {
	play rules_asked_twice
}

@test "BIND for a remote client admits no peer from a special address" {
	play special_peers
}

@test "BIND gives up after --bind-timeout if no peer arrives" {
	play bind_timeout
}

@test "BIND stops waiting when the client ends its stream or closes" {
	play client_leaves
}

@test "bytes that the client sends while BIND waits reach the peer" {
	play early_data
}

@test "SIGTERM and the lifetime end BIND's waiting, and the client gets a reply" {
	play ended_by_sigterm_or_lifetime
}

@test "BIND listens on one address, never on all" {
	play one_address
}

@test "BIND listens within --port-range, also on a port that was just in use" {
	play port_range
}

@test "BIND for an unreachable peer gets CONNECT's reply, and the log does not blame this host" {
	play unreachable_peer
}

@test "on a gateway, BIND listens where this host reaches the peer, and tells the client --external" {
	play gateway
}

@test "BIND asks the kernel whether --external is an address of this host; that it can be bound proves nothing" {
	play external_by_kernel
}

@test "BIND refuses the address family that --family leaves out" {
	play one_family
}
