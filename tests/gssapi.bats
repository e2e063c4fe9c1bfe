#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which clients GSS-API (RFC 1961) lets in, with tickets of a real KDC, and how they are protected.

load lib/promise
load lib/once.bash
load lib/kdc.bash

setup_file() {
	kdc_start
}

teardown_file() {
	kdc_stop
}

@test "a Kerberos ticket logs in: the principal is the user in the log and in rules" {
	play ticket_logs_in
}

@test "--limit-user counts the sessions of a principal" {
	play limit_of_principal
}

@test "a principal with a comma or a space can be named in a file of users" {
	play principal_in_file
}

@test "SPNEGO may choose Kerberos, and a ticket may be delegated" {
	play ways_to_a_context
}

@test "each service in the keytab is accepted, over every kind of descriptors" {
	play every_way
}

@test "the level granted is the first of --gssapi-levels that is not above what the client asks for" {
	play level_granted
}

@test "NEC's clients are served if --gssapi-levels has nec" {
	play nec
}

@test "a client without a valid ticket gets 01 FF with nothing before it, and the log says why" {
	play tickets_refused
}

@test "a client that asks for no mutual authentication, or has too long a name, gets 01 FF" {
	play unfit_contexts
}

@test "the recording of a login lets nobody in" {
	play recorded_login
}

@test "a session key of an old type, whose sessions can be replayed, gets 01 FF" {
	play old_keys
}

@test "a first message that is no token gets 01 FF with nothing before it" {
	play no_token
}

@test "a level message that is malformed or damaged gets 01 FF" {
	play level_refused
}

@test "without a keytab, or without the service's key in it, a ticket gets 01 FF" {
	play keys_missing
}

@test "a client that leaves within the negotiation is logged" {
	play left_early
}

@test "the handshake timeout holds within the negotiation and within a frame" {
	play handshake_timeout
}

@test "gssapi is chosen only if --auth names it, and curl is served by the other methods" {
	play only_if_named
}

@test "curl that offers gssapi alone gets in, or the log says why it does not" {
	play curl_alone
}

@test "the library is loaded for a client that logs in by gssapi, and for no other" {
	play library_on_demand
}

@test "without the library nobody is let in, the log says why, and --check finds it" {
	play library_missing
}

@test "no file is written, and the keytab is closed when the login is over" {
	play files_left_alone
}

@test "--check reports a keytab that can't be read, levels that are none, and orders that shut clients out" {
	play checked
}
