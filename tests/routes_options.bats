#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The option via: its mistakes, where the password of a parent may stand and where it is shown, how
# via, the rules' routes and the other options complete one another, and what --check tries.

load lib/promise

@test "a mistake in via points at the word, and never quotes a password" {
	play mistakes
}

@test "the password of a parent on the command line is a mistake that names the remedy" {
	play password_on_command_line
}

@test "the password of a parent in a file that others may read is a mistake with file, line and remedy" {
	play password_in_file
}

@test "an included file is judged by its own rights, and told of once" {
	play password_in_include
}

@test "*** stands for the password of a parent wherever it would be shown" {
	play password_is_masked
}

@test "via takes the place of source, and the route of a rule that of both" {
	play completes
}

@test "a rule with direct goes past the parent of via" {
	play direct
}

@test "via and the other options print the settings that were given, whatever completes them" {
	play settings_as_given
}

@test "addresses that the family rules out, and packets to a unix socket, are mistakes" {
	play contradictions
}

@test "options that via leaves without effect draw a warning" {
	play without_effect
}

@test "--check tries interface and source of via and of each rule, and names the rule" {
	play tries_sockets
}

@test "--check looks the names of parents up, and tries their families" {
	play tries_names
}

@test "--check tries the unix sockets of parents: one that is absent is a warning, no socket a mistake" {
	play tries_unix_sockets
}
