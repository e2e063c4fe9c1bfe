#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which clients saslauthd lets in, and that nobody is let in without its word.

load lib/promise

@test "saslauthd with PAM lets in who knows the password, and nobody else" {
	play real_pam
}

@test "saslauthd with its own database lets in who knows the password, and nobody else" {
	play real_sasldb
}

@test "saslauthd with an LDAP server lets in who knows the password and is in the group, and nobody else" {
	play real_ldap
}

@test "user, password, service picosocks5 and an empty realm are sent, and the socket is closed before the request" {
	play what_is_sent
}

@test "an answer of saslauthd that begins with OK lets the user in, in whatever pieces it comes, and whatever follows" {
	play answers_ok
}

@test "any other answer of saslauthd is a wrong password, with the line for fail2ban" {
	play answers_no
}

@test "an answer of saslauthd that is cut off at any byte, or malformed, lets nobody in, and is no wrong password" {
	play answers_broken
}

@test "an empty name or password, or one with a NUL, is a wrong password, and saslauthd is not asked" {
	play never_sent
}

@test "without saslauthd nobody is let in: the log names the socket, the reason and what to do" {
	play not_there
}

@test "a silent or slow saslauthd lets nobody in: the client gets status 1 when the handshake timeout ends" {
	play silent
}

@test "if the queue of saslauthd is full, the session waits for a place, and for the handshake timeout at most" {
	play full_queue
}

@test "a client that leaves, SIGTERM and the lifetime end the session while saslauthd is silent" {
	play ended_meanwhile
}

@test "after the login by saslauthd the process has forgotten the password, and no log has it" {
	play forgotten
}

@test "with saslauthd the method is password by default, and a path may be relative to its file" {
	play option_values
}

@test "--users together with --saslauthd, chap with saslauthd, and a path that no socket can have are mistakes" {
	play option_mistakes
}

@test "--check finds a path that is not a socket, and one that the user of the service has no right to" {
	play check_mistakes
}

@test "--check warns if nothing listens at the socket, or if nobody is asked for a password" {
	play check_warns
}
