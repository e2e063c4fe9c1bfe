#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A password stays where it was offered: not in a log, not in memory, not in a core.

load lib/promise

@test "no password is in the log, at any level and in any case" {
	play not_in_log
}

@test "a name of the client's can't look like a part of the log" {
	play not_forged_in_log
}

@test "after the login the process has forgotten the password, and the hashes" {
	play forgotten_after_login
}

@test "the relay has let go of the users file, however its client came in" {
	play users_file_let_go
}

@test "others of the same user can't look into the process" {
	play same_user_kept_out
}

@test "the process leaves no core" {
	play no_core
}
