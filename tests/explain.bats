#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --explain: one question, and files of questions. What the rules answer is in rules.bats; the
# grammar of questions is in unit/test_rules_question.c.

load lib/promise

@test "--explain exits 0 if an address is allowed, 1 if not or if the name is not found" {
	play statuses
}

@test "--explain says what the client would get, and a real client gets it" {
	play outcomes
}

@test "--explain says how a connection leaves, and whether a parent is told a name or an address" {
	play routes
}

@test "--explain says when a route does not lead to an address, and a real client gets that reply" {
	play excluded
}

@test "--explain skips addresses that leave another way beside a parent, as a session does" {
	play skipped
}

@test "--explain says whether UDP ASSOCIATE or only a datagram is refused because of a parent" {
	play datagrams
}

@test "--explain names each part that a question leaves open, and the rule that asks for it" {
	play open_questions
}

@test "--explain follows the login: a password where one is required, and a user of the users file" {
	play logins
}

@test "--explain follows the login by CHAP: a user's line must be {CRAM-MD5}" {
	play logins_by_chap
}

@test "--explain says that saslauthd or a Kerberos ticket decides, and whose name nobody gets" {
	play logins_decided_elsewhere
}

@test "--explain says which of several methods a client gets, and what becomes of it" {
	play choices_of_methods
}

@test "--explain knows which method gives which names, and that a client may offer the other" {
	play names_of_methods
}

@test "--explain says so if a user's hash can't be computed here" {
	play uncomputable_hashes
}

@test "--explain prints no hash" {
	play no_hashes
}

@test "--explain can ask about every user name that a users file can hold" {
	play every_user_name
}

@test "a line of the log is a question, which --explain answers as the session was answered" {
	play lines_of_the_log
}

@test "--explain goes on if it may not read the users file, and says so" {
	play closed_users_file
}

@test "--explain @FILE compares many answers with those expected, and names each that differs" {
	play files
}

@test "--explain @FILE takes an answer that is not known for neither allow nor deny" {
	play not_known
}

@test "--explain @FILE names each line that can't be read, and answers the others" {
	play bad_lines
}

@test "--explain @FILE refuses a file that can't be read or has no question" {
	play bad_files
}

@test "--explain @FILE answers ten thousand questions" {
	play many_questions
}
