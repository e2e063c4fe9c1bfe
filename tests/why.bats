#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The session's line in the log says why a client was refused, and what to do.
# tests/superservers/refusals.bats provokes every row of the manual's table.

load lib/promise

@test "rule= names the rule that denied: its file and line, or its number on the command line" {
	play places_of_rules
}

@test "rule= is none, default or special if no rule denied, whatever the command" {
	play words_for_rules
}

@test "of a name whose addresses are all denied, the line has the first one and counts the others" {
	play all_addresses_denied
}

@test "if no rule could allow a client anything, its session ends as denied, with the rule" {
	play client_kept_out
}

@test "if the client lacks an acceptable method, the line says what it needs" {
	play methods_in_words
}

@test "HTTP, TLS, SOCKS4 and PROXY headers are recognised by their first bytes" {
	play other_protocols
}

@test "the line of a BIND that nobody came to says whom the rules turned away" {
	play strangers_of_bind
}

@test "however many datagrams the rules drop, the log has one line, which names the first" {
	play denied_datagrams
}

@test "a failed connection is described with its address, and with the option that caused it" {
	play failures_in_words
}

@test "a wrong password has two lines of the same level and client" {
	play wrong_password
}

@test "a password that can't be checked is not logged as a wrong one" {
	play unchecked_password
}

@test "at level debug a refusal comes with a question that --explain answers in the same way" {
	play question_pasted_back
}

@test "the names of hostile users do no harm in a shell" {
	play hostile_questions
}

@test "there is no question at other levels, and none for sessions that were not refused" {
	play no_question
}
