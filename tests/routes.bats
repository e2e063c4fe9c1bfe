#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Routes by rule, as the destination sees them: the address that connections and datagrams come
# from, the way that they take, and their speed. Routes through parents are in other files.

load lib/promise

@test "each user's connections leave from the address of the user's rule, in every protocol" {
	play address_per_user
}

@test "same: connections leave from the address that the client reached" {
	play same
}

@test "same: over IPv6 as well, link-local addresses included, and no other family" {
	play same_family
}

@test "same is refused with the remedy if the client has reached no address" {
	play same_unreached
}

@test "a rule's interface and mark choose the way, and what it leaves open the options say" {
	play interface_and_mark
}

@test "a rule's family decides, even against --family; its order does as well" {
	play family
}

@test "a rule's rate limits both directions, whatever the options say" {
	play rate
}

@test "an address that is this host's own by the route of the rule alone is special" {
	play own_by_route
}

@test "BIND listens at the rule's address, the one that the client reached, or its interface's" {
	play bind_place
}

@test "BIND answers with the rule's mark, and turns away a peer whose rule has another route" {
	play bind_peer
}

@test "UDP: each datagram leaves by the route of the rule that allows it" {
	play datagram_routes
}

@test "UDP: same, family and rate of the rule hold for datagrams" {
	play datagram_settings
}

@test "UDP: a datagram whose route the association does not have is dropped" {
	play datagram_dropped
}

@test "BIND, UDP ASSOCIATE and RESOLVE through a parent get reply 7" {
	play parents_refused
}
