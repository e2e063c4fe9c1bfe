# SPDX-License-Identifier: GPL-3.0-or-later
# The rights that the process gives up are gone, and everything that it has to do still works.

load lib/promise

@test "the relay makes only system calls that are on its list of at most 15" {
	play calls_of_relay
}

@test "a session by HTTP makes no other system calls in the relay" {
	play calls_of_http
}

@test "a call that is not on the list ends the process, with a line in the log" {
	play call_not_on_list
}

@test "a forbidden call in the conversation ends the process with a line, and no library is loaded for that line" {
	play forbidden_before_relay
}

@test "a line that the journal can't take is lost, and the session ends as usual" {
	play line_lost_by_journal
}

@test "each phase of the sandbox is in force when it should be, and none with --no-sandbox" {
	play phases_in_force
}

@test "a session keeps the TCP port of its destination or of its parent, and those of other parents while a name is looked up" {
	play through_parents
}

@test "the relay through a parent makes no other system calls" {
	play calls_of_relay_through_parents
}

@test "in the sandbox names are looked up by UDP, by TCP if the answer is long, and by every NSS module" {
	play names_by_every_module
}

@test "a UDP association relays to names, one after another, under its own filter" {
	play association_to_names
}

@test "an idle session owns no more memory with the sandbox than without" {
	play memory_of_idle_session
}

@test "--check says in a comment which parts of the sandbox are in force" {
	play check_names_sandbox
}
