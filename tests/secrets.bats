#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# A password is found nowhere afterwards: not in a log, not in memory, not in a core file.

load lib/promise

@test "no password is in the log, at any level and in any case" {
	play not_in_log
}

@test "no password of an HTTP client is in the log or in an answer, however malformed the request" {
	play not_in_log_of_http
}

@test "a name that the client sends can't look like another part of the log" {
	play not_forged_in_log
}

@test "after the login the process has forgotten the password, and the hashes" {
	play forgotten_after_login
}

@test "during the relay the process has forgotten the head of an HTTP request and its password" {
	play forgotten_by_http
}

@test "during the relay the process has forgotten a password that came inside TLS" {
	play forgotten_inside_tls
}

@test "during the relay the users file is closed, whichever method the client used" {
	play users_file_let_go
}

@test "other processes of the same user can't look into the process" {
	play same_user_kept_out
}

@test "the process leaves no core file" {
	play no_core
}
