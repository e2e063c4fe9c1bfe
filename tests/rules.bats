#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Access rules: who may do what, in the real program. The language itself is held to long
# tables by the unit tests test_rules*; here it meets sockets, names, files and options.

load lib/promise

@test "the first rule that matches decides, by every condition" {
	play first_match_decides
}

@test "rules about users, and the method that they need" {
	play users_and_methods
}

@test "a user from elsewhere reaches no special destination, in whatever disguise" {
	play special_in_disguise
}

@test "every address of this host is its own: second ones, prefixes routed to it, anycast, broadcast" {
	play own_addresses
}

@test "sockets that are bound to a device, marked or from a source have addresses of their own" {
	play own_addresses_by_socket
}

@test "the addresses of --external are this host's, seen from outside" {
	play external_is_own
}

@test "where netlink is forbidden nobody is taken for a stranger, and the log says so" {
	play netlink_forbidden
}

@test "an address that the rules deny is skipped, and the next one is tried" {
	play denied_address_skipped
}

@test "names are matched as they were asked for, and not looked up in vain" {
	play names_as_asked
}

@test "list files: one NET or name a line, beside the file that names them" {
	play list_files
}

@test "ten thousand rules, and lists of a hundred thousand: the last one counts" {
	play many_rules
}

@test "--explain says what a session does, and by which rule" {
	play explain
}

@test "a question that is no question" {
	play no_question
}

@test "--check prints the rules in their order, as a file could say them" {
	play rules_printed
}

@test "--check warns of rules that are probably not meant" {
	play warnings
}

@test "--check warns if users may reach private networks because no rule names these" {
	play warned_of_private_networks
}

@test "a rule of any length leaves room for what is said of it" {
	play long_rule
}

@test "a mistake shuts the proxy, and names file, line, word and what is expected" {
	play mistakes_shut_the_proxy
}

@test "service names are the system's" {
	play service_names
}
