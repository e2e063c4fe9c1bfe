#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# UDP ASSOCIATE: which datagrams pass, and to which destinations, and back.

load lib/promise

@test "datagrams pass in both directions: to IPv4, IPv6 and names, from clients of both families" {
	play there_and_back
}

@test "UDP works over every kind of descriptors; a client without an address is told loopback" {
	play every_way
}

@test "the UDP relay listens on the address that the client reached, not on every address" {
	play own_address_only
}

@test "datagrams of others than the client are dropped" {
	play client_only
}

@test "the first valid datagram sets the client's port, and an invalid one does not" {
	play first_valid_datagram
}

@test "a port that the request announces is the client's only port, unless the address is another host's" {
	play announced_port
}

@test "answers pass only from hosts to which the client has sent, from any of their ports" {
	play answers_from_hosts_asked
}

@test "an association with hosts of both families still drops datagrams from strangers" {
	play stranger_of_other_family
}

@test "the rules see each datagram: address, port and name" {
	play rules_per_datagram
}

@test "a name is not looked up if the rules would deny every address of it" {
	play denied_name_not_asked
}

@test "an association is refused if the rules allow it no destination" {
	play nothing_allowed
}

@test "a remote client's datagrams reach no special destination unless a rule names it" {
	play special_destinations
}

@test "datagrams of the address family that --family leaves out are dropped" {
	play one_family
}

@test "fragments are put together in order, and sequences with a gap are dropped" {
	play fragments
}

@test "an incomplete sequence of fragments is given up after 5 seconds" {
	play late_fragments
}

@test "the largest and the smallest datagrams pass" {
	play extreme_sizes
}

@test "large datagrams pass as IP fragments" {
	play large_datagrams
}

@test "destinations that refuse, are unreachable or do not exist do not end the association" {
	play unreachable_hosts
}

@test "the association goes on if the client closes its port for a while" {
	play client_port_closed
}

@test "malformed datagrams are dropped, and the association goes on" {
	play garbage
}

@test "a burst of datagrams arrives whole and in order" {
	play burst
}

@test "a slow name lookup holds up no other datagram" {
	play slow_name
}

@test "a name is looked up once for many datagrams, which wait for it and stay in order" {
	play name_asked_once
}

@test "with more names and hosts than are remembered, memory stays bounded and the latest are served" {
	play bounded_memory
}

@test "64 names are looked up in a burst, then 10 a second, and known names are served all the time" {
	play lookups_limited
}

@test "bytes on the control connection are discarded" {
	play control_discarded
}

@test "the association ends with its control connection, at once" {
	play control_ends
}

@test "the idle timeout, the lifetime and SIGTERM end an association in order" {
	play ends_in_order
}

@test "the port of the UDP relay comes from --port-range" {
	play port_range
}

@test "the client is told --external if that is not this host's; the relay listens where the client connected" {
	play external
}

@test "on a gateway the UDP relay listens on the client's side, whatever --external is" {
	play gateway
}

@test "--rate limits datagrams" {
	play rate
}

@test "--rate counts 28 bytes of headers with each datagram, so empty datagrams are limited too" {
	play headers_counted
}

@test "an association opens at most 8 descriptors, and uses little memory" {
	play nothing_left_open
}
