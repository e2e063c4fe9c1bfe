#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Who is let in by a users file, and that nobody else is.

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

@test "a wrong, empty or overlong password, an unknown or empty name: status 1, and the end" {
	play turned_away_each
}

@test "the file's lines: the first of a name, comments, blanks, CRLF, more fields" {
	play lines_of_file
}

@test "the last of a hundred thousand users" {
	play last_of_many
}

@test "plain text and whatever is no hash lets nobody in, and the log has the line's number" {
	play no_hash
}

@test "no way round: a request, another version, nothing at all in place of the password" {
	play request_for_password
}

@test "no way round: a request behind a wrong password is not served" {
	play request_behind_wrong_password
}

@test "no way round: method none is never chosen where a password is asked for" {
	play none_not_chosen
}

@test "the right password at once with the request and early data, or byte by byte" {
	play password_all_at_once
}

@test "both methods: the first of --auth that the client offers" {
	play order_of_methods
}

@test "whatever is wrong with name, line or password, a hash is computed" {
	play always_a_hash
}

@test "a hash that takes longer than the handshake may is left behind at once" {
	play slow_hash
}

@test "a library is loaded when a password needs it, and not before" {
	play library_on_demand
}

@test "without its library a password can't be checked: nobody is let in, and the log says why" {
	play library_missing
}

@test "a users file that can't be used serves nobody: who may write it, what it is" {
	play unsafe_file
}

@test "a users file of somebody else's is refused" {
	play file_of_others
}

@test "a users file that is cut short meanwhile lets nobody in, and kills nobody" {
	play file_cut_short
}

@test "--check names every bad line, what is wrong with it and what to do" {
	play check_names_bad_lines
}

@test "--check warns of weak and slow hashes, odd names, and a file that nobody is asked for" {
	play check_warns
}
