#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# UDP ASSOCIATE: whose datagrams pass, where to, and back.

load lib/promise

@test "datagrams pass there and back: IPv4, IPv6 and names, clients of both families" {
	play there_and_back
}

@test "every kind of descriptors will do, and a client without an address gets loopback" {
	play every_way
}

@test "the relay is where the client reached us, not on every address" {
	play own_address_only
}

@test "nobody but the client gets datagrams through" {
	play client_only
}

@test "the first valid datagram tells the client's port, what is none does not" {
	play first_valid_datagram
}

@test "a port that the request announces is binding; a destination announces none" {
	play announced_port
}

@test "answers come only from hosts that the client has sent to, from any port of theirs" {
	play answers_from_hosts_asked
}

@test "a host of the other family is no less a stranger" {
	play stranger_of_other_family
}

@test "the rules see each datagram: address, port and name" {
	play rules_per_datagram
}

@test "a name that no address could make allowed is not looked up" {
	play denied_name_not_asked
}

@test "an association that nothing is allowed to is refused" {
	play nothing_allowed
}

@test "a remote client reaches no special destination, unless a rule names it" {
	play special_destinations
}

@test "--family leaves the other family out" {
	play one_family
}

@test "fragments are put together in order, and sequences that can't be are dropped" {
	play fragments
}

@test "a sequence is given up after 5 seconds" {
	play late_fragments
}

@test "the largest and the smallest datagrams pass" {
	play extreme_sizes
}

@test "large datagrams are fragmented on the way" {
	play large_datagrams
}

@test "destinations that refuse, are unreachable or not there harm nobody" {
	play unreachable_hosts
}

@test "a client that closes its port for a while harms nobody" {
	play client_port_closed
}

@test "what is no datagram of ours is dropped, and the association goes on" {
	play garbage
}

@test "a burst arrives whole and in order" {
	play burst
}

@test "a name that is slow to be found holds up nothing else" {
	play slow_name
}

@test "a name is looked up once for many datagrams, and they wait for it in order" {
	play name_asked_once
}

@test "more names and hosts than are remembered: memory is bounded, the latest are served" {
	play bounded_memory
}

@test "no more than 64 names are looked up at once, then 10 a second; known ones are served on" {
	play lookups_limited
}

@test "what comes on the control connection is discarded" {
	play control_discarded
}

@test "the association ends with its control connection, at once" {
	play control_ends
}

@test "idle timeout, lifetime and SIGTERM end it in order" {
	play ends_in_order
}

@test "--port-range gives the relay its port" {
	play port_range
}

@test "--external is told where it is not of this host; the relay is where the client reached us" {
	play external
}

@test "a gateway with two sides: the relay is on the client's, whatever --external is" {
	play gateway
}

@test "--rate paces datagrams" {
	play rate
}

@test "--rate counts 28 bytes of headers with each datagram, so that empty ones are not for nothing" {
	play headers_counted
}

@test "an association leaves nothing open and CONNECT's memory alone" {
	play nothing_left_open
}
