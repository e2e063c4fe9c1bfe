#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# picosocks5-report --now: who is being served, by the titles of real sessions.

load lib/promise

setup() {
	needs_report
}

@test "--now lists each session from its start to its end: client, user, command, destination" {
	play live_sessions
}

@test "--now as JSON and as CSV has the same sessions, and null or nothing for what is not known" {
	play forms
}

@test "the oldest session comes first, with its age" {
	play ages
}

@test "a user name with an @ or with odd bytes is told from the address" {
	play odd_users
}

@test "a program of another name with the title of a session is not listed" {
	play other_programs
}

@test "a title with bytes that a terminal obeys, or without an end, is not listed" {
	play hostile_titles
}

@test "a machine without sessions says so, and JSON and CSV are empty" {
	play idle
}

@test "the table keeps to the width of the terminal, and cuts long names" {
	play widths
}

@test "a /proc that hides processes is named to a user who sees too little" {
	play hidden
}

@test "without /proc, --now fails with a message" {
	play no_proc
}
