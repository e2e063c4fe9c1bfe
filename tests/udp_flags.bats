#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The flags of UDP ASSOCIATE (draft-ietf-aft-socks-pro-v5-05): the client's own port towards remote
# hosts, and queries on the control connection about how they see it.

load lib/promise

@test "flags are in the reply only if they were asked for and granted" {
	play flags_echoed
}

@test "flags in CONNECT and BIND are ignored" {
	play other_commands
}

@test "hosts see the client's own port if it has asked for that, by IPv4 and by IPv6" {
	play clients_port
}

@test "a port that is not free, below 1024 or outside of --port-range is not granted, and datagrams pass all the same" {
	play port_not_granted
}

@test "if one family cannot have the client's port, neither has it" {
	play one_family_taken
}

@test "the relay moves to another port if the client asks for the relay's" {
	play relay_moves
}

@test "a query is answered with the address and port that the destination sees" {
	play told_what_is_seen
}

@test "answers to queries follow routes, --source, --interface and --mark" {
	play routes
}

@test "a query about a host beyond NAT is answered with --external, others are not" {
	play external
}

@test "a query is refused if the rules deny it, there is no such name, or its family is left out" {
	play refused
}

@test "queries may be split at any byte, and many may come at once" {
	play split
}

@test "bytes that are no query are skipped, and end nothing" {
	play garbage
}

@test "without the flag, queries are discarded like all other bytes" {
	play without_the_flag
}

@test "queries work on every kind of descriptors" {
	play every_way
}

@test "a name that is looked up slowly holds up no datagram, and its query is answered in time or refused" {
	play slow_name
}

@test "a query and a datagram lead to the same address of a name" {
	play same_address
}

@test "a client that sends queries without reading the answers costs no memory, and its datagrams pass" {
	play flood
}

@test "the association ends with its control connection, whatever queries are left" {
	play control_ends
}

@test "answered queries count for the idle timeout, and other bytes do not" {
	play idle
}

@test "the log says what queries the rules denied, and at debug what was told and granted" {
	play logged
}
