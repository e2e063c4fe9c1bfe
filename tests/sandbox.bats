# SPDX-License-Identifier: GPL-3.0-or-later
# What the process takes from itself holds, and whatever it has to do still works.

load lib/promise

@test "the relay makes no system call but those of its list, 15 at most" {
	play calls_of_relay
}

@test "a call that is not on the list ends the process, with a line in the log" {
	play call_not_on_list
}

@test "what is forbidden in the conversation ends it with a line, for which no library is loaded" {
	play forbidden_before_relay
}

@test "a line that the journal can't take is lost, and the session ends as ever" {
	play line_lost_by_journal
}

@test "each phase is in force when it should be, and none with --no-sandbox" {
	play phases_in_force
}

@test "names are looked up by UDP, by TCP if the answer is long, and by every module there is" {
	play names_by_every_module
}

@test "an association relays to names, one after another, under its own filter" {
	play association_to_names
}

@test "an idle session owns no more memory with it than without" {
	play memory_of_idle_session
}

@test "--check says what is in force, in a comment" {
	play check_names_sandbox
}
