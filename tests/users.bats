#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which clients a users file lets in, and that it lets in no others.

load lib/promise

@test "every hash that htpasswd writes lets its user in" {
	play htpasswd_hashes
}

@test "every hash that crypt(5) knows lets its user in" {
	play crypt_hashes
}

@test "every hash that openssl passwd writes lets its user in" {
	play openssl_hashes
}

@test "every {CRAM-MD5} hash that doveadm pw writes lets its user in" {
	play doveadm_hashes
}

@test "a wrong, empty or overlong password, or an unknown or empty name, gets status 1 and the end" {
	play turned_away_each
}

@test "in a users file the first line of a name counts; comments, blank lines, CRLF and more fields are accepted" {
	play lines_of_file
}

@test "the last of a hundred thousand users is let in" {
	play last_of_many
}

@test "a line with plain text or no valid hash lets nobody in, and the log names the line" {
	play no_hash
}

@test "no request is served if anything else comes in place of the password, or nothing" {
	play request_for_password
}

@test "a request that follows a wrong password is not served" {
	play request_behind_wrong_password
}

@test "method none is never chosen if auth is password" {
	play none_not_chosen
}

@test "the password may arrive together with the request and early data, or byte by byte" {
	play password_all_at_once
}

@test "with both methods, the first in --auth that the client offers is used" {
	play order_of_methods
}

@test "a hash is computed, whatever is wrong with the name, the line or the password" {
	play always_a_hash
}

@test "the handshake timeout ends a session at once, even while a hash is computed" {
	play slow_hash
}

@test "a library is loaded when a password needs it, and not before" {
	play library_on_demand
}

@test "without its library a password can't be checked: nobody is let in, and the log says why" {
	play library_missing
}

@test "a users file that others may write, or that is not a regular file, serves nobody" {
	play unsafe_file
}

@test "a users file that belongs to another user is refused" {
	play file_of_others
}

@test "a users file that is truncated while it is read lets nobody in, and ends no process with a signal" {
	play file_cut_short
}

@test "--check names every bad line of the users file, what is wrong with it and what to do" {
	play check_names_bad_lines
}

@test "--check warns of weak and slow hashes, odd user names, and a users file that is never used" {
	play check_warns
}
