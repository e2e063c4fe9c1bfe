#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Access rules: which client may do what, in the real program. The unit tests test_rules* check the
# language with long tables; here the rules meet sockets, names, files and options.

load lib/promise

@test "the first rule that matches decides, by every condition" {
	play first_match_decides
}

@test "rules about users match logged-in users, and clients that no other rule lets in must log in" {
	play users_and_methods
}

@test "a remote user reaches no special destination, in any disguise" {
	play special_in_disguise
}

@test "self is every address of this host: second ones, prefixes routed to it, anycast, broadcast" {
	play own_addresses
}

@test "with --interface, --mark or --source, self has the addresses that such sockets reach here" {
	play own_addresses_by_socket
}

@test "the addresses of --external count as addresses of this host" {
	play external_is_own
}

@test "if netlink is forbidden, no address passes for one of another host, and the log says why" {
	play netlink_forbidden
}

@test "an address that the rules deny is skipped, and the next one is tried" {
	play denied_address_skipped
}

@test "rules see a name as the client wrote it, and a name that they deny is not looked up" {
	play names_as_asked
}

@test "list files have one NET or name on each line, and lie beside the file that names them" {
	play list_files
}

@test "a rule about users can take them from a file, with one name on each line" {
	play user_files
}

@test "of ten thousand rules, and of lists of a hundred thousand items, the last one still counts" {
	play many_rules
}

@test "--explain says what a session would do, and which rule decides" {
	play explain
}

@test "--explain refuses a malformed question, and says what is expected" {
	play no_question
}

@test "--check prints the rules in their order, in the form of a configuration file" {
	play rules_printed
}

@test "--check warns of rules that are probably not intended" {
	play warnings
}

@test "--check warns if users may reach private networks because no rule names these" {
	play warned_of_private_networks
}

@test "the advice of this warning closes private networks, or opens them, and silences it" {
	play advice_on_private_networks
}

@test "a message about a long rule still says what is wrong" {
	play long_rule
}

@test "a mistake in a rule serves nobody, and the message names file, line, word and what is expected" {
	play mistakes_shut_the_proxy
}

@test "--check reports every mistake in a list file, up to 20" {
	play list_mistakes
}

@test "--check reports every line of a list of users that is no name, and never prints a hash" {
	play user_list_mistakes
}

@test "a list of users that can't be read serves nobody, and an empty one matches nobody" {
	play useless_user_lists
}

@test "--check warns of words that may have been meant otherwise" {
	play doubtful_words
}

@test "--check warns of users in rules whom the users file lacks, once for each list" {
	play strange_users
}

@test "names of ports come from the system's list of services" {
	play service_names
}
