#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The process title: whom this process serves now, as ps(1) and pkill(1) see it.

load lib/promise

@test "the title names the client as soon as it is known: its address, local or unknown" {
	play clients
}

@test "ps shows the client, the command and the destination, and nothing else of the arguments" {
	play seen_by_ps
}

@test "the title shows a user name when the password was right, and not before" {
	play user_after_the_password
}

@test "the user id of SOCKS4, which anybody can claim, is not in the title" {
	play socks4_user_id
}

@test "an HTTP client has the same title, without the path of the request" {
	play http_requests
}

@test "the title shows the command while BIND waits, a name is looked up, or datagrams pass" {
	play other_commands
}

@test "the title shows the client of the PROXY header" {
	play behind_a_balancer
}

@test "an IPv6 client is shown as it is, and an IPv6 destination in brackets" {
	play ipv6
}

@test "blanks, and bytes that a terminal obeys, are escaped in the title" {
	play odd_user
}

@test "the longest names are shown whole if there is room" {
	play long_names
}

@test "the title is cut where the arguments and the environment end" {
	play cut_to_the_room
}

@test "without any argument, not even a name, the program serves as ever" {
	play no_argument
}

@test "options keep their values under a title: messages still name the files" {
	play options_stay
}

@test "arguments of 10 KB keep their values under a title, and are no longer shown" {
	play many_arguments
}

@test "the environment keeps its values under a title: TZ" {
	play time_zone_stays
}

@test "the environment keeps its values under a title: LOCALDOMAIN and RES_OPTIONS" {
	play resolver_settings_stay
}

@test "pkill -f '^picosocks5: alice@' ends the sessions of alice in order, and no others" {
	play pkill_one_user
}
