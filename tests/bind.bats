#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BIND: where it listens, who may come, and what both replies say.

load lib/promise

@test "two replies, then the relay, over every kind of descriptors" {
	play two_replies_then_relay
}

@test "it listens before the first reply, and no longer than to the second" {
	play listens_between_replies
}

@test "the peer of the request is waited for, strangers are turned away" {
	play strangers_turned_away
}

@test "0.0.0.0 and :: admit anybody" {
	play anybody_admitted
}

@test "a name admits its addresses and no others" {
	play peer_by_name
}

@test "the rules are asked about the request, and again about who comes" {
	play rules_asked_twice
}

@test "a remote client gets no special peer" {
	play special_peers
}

@test "nobody comes: --bind-timeout" {
	play bind_timeout
}

@test "the client's end, half or whole, ends the waiting" {
	play client_leaves
}

@test "what the client sends while it waits reaches the peer" {
	play early_data
}

@test "SIGTERM and the lifetime end the waiting with an answer" {
	play ended_by_sigterm_or_lifetime
}

@test "it listens on one address, never on all" {
	play one_address
}

@test "--port-range is where it listens, also right after the last time" {
	play port_range
}

@test "a peer that no way leads to: the reply that CONNECT would get, and no complaint about us" {
	play unreachable_peer
}

@test "a gateway with two sides: it listens where it reaches the peer, and tells --external" {
	play gateway
}

@test "--external is an address of this host by the kernel's word, not where a socket can be bound" {
	play external_by_kernel
}

@test "--family leaves the other family out" {
	play one_family
}
