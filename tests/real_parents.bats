#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Parents that others wrote, and chains of our own proxies. With each of them curl, as a client of
# SOCKS 5, SOCKS 4a and HTTP, fetches a page from a host that only the parent can reach. The name of
# that host is looked up by the parent alone, and the log names the parent. Then some megabytes pass
# each way, and either end may end first.

load lib/promise

@test "Dante is a parent, with and without a password; the client learns the address that Dante connects from" {
	play danted
}

@test "microsocks is a parent, with and without a password" {
	play microsocks
}

@test "ssh -D is a parent" {
	play ssh
}

@test "tinyproxy is a parent, with and without a password" {
	play tinyproxy
}

@test "Squid is a parent, with and without a password" {
	play squid
}

@test "Tor gets names of .onion and a login, by TCP and at its unix socket; the client gets Tor's refusals" {
	play tor
}

@test "HAProxy in front of parents is a parent, also if one of them is gone; its own answers become replies" {
	play balanced
}

@test "the client and the log are told why Dante refuses" {
	play refusals danted
}

@test "the client and the log are told why microsocks refuses" {
	play refusals microsocks
}

@test "the client and the log are told why tinyproxy refuses" {
	play refusals tinyproxy
}

@test "the client and the log are told why Squid refuses" {
	play refusals squid
}

@test "three proxies in a chain that ask each other for passwords by SOCKS 5" {
	play chain socks5 socks5
}

@test "three proxies in a chain that ask each other for passwords by HTTP" {
	play chain http http
}

@test "three proxies in a chain, by SOCKS 5 and then HTTP" {
	play chain socks5 http
}

@test "three proxies in a chain, by HTTP and then SOCKS 5" {
	play chain http socks5
}

@test "a name whose address the rules must judge is looked up here and not by the parent, which gets an allowed address" {
	play judged_names
}

@test "a proxy whose parent is itself refuses at once, at whichever of its addresses" {
	play itself
}

@test "two proxies that are each other's parents give up after connect-timeout" {
	play circle
}
