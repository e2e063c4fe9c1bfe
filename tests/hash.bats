#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --hash: lines for the users file, made without other tools. The settings of hashes, byte by byte,
# are in unit/test_setting.c.

load lib/promise

@test "--hash prints a line that --check reads and that lets its user in, by every scheme" {
	play schemes
}

@test "a line of --scheme cram-md5 lets its user in by CHAP" {
	play by_chap
}

@test "without --scheme, --hash uses yescrypt, or else the best scheme there is" {
	play best_scheme
}

@test "other programs verify the hashes: htpasswd, crypt(3) and doveadm" {
	play other_programs
}

@test "two hashes of one password differ" {
	play fresh_salts
}

@test "from a pipe, the password is one line, whose newline or CRLF does not count" {
	play lines_of_pipe
}

@test "--hash refuses a password that could let nobody in: status 64, and no line" {
	play bad_passwords
}

@test "--hash refuses a name that no line can have, and takes all others" {
	play user_names
}

@test "--scheme without --hash, an unknown scheme and a password on the command line are mistakes" {
	play misuse
}

@test "if the line can't be written, --hash says so, with status 71" {
	play cannot_write
}

@test "without its library a hash can't be made: status 71, before a password is asked for" {
	play no_library
}

@test "a line is never appended to a line that lacks its newline" {
	play appended
}

@test "with --users, --hash warns if the user is in that file already" {
	play user_is_there
}

@test "--hash takes no password from the network, but one from the socket of ssh" {
	play sockets
}

@test "at a terminal, the password is asked for twice, without echo, and the line alone is on standard output" {
	play at_terminal
}

@test "--hash at a terminal that is not that of the session asks on standard error" {
	play other_terminal
}

@test "at a terminal, different, empty and overlong passwords and the end of file are refused, and the terminal is restored" {
	play refused_at_terminal
}

@test "a signal ends --hash by itself, without a core file, and the terminal is restored" {
	play signals
}

@test "Ctrl-Z restores the terminal, and in the foreground again --hash asks anew without echo" {
	play stopped
}

@test "in the background, --hash stops before it touches the terminal, and asks once it is in the foreground" {
	play in_background
}

@test "the echo is off again after SIGSTOP, even if a shell has turned it on" {
	play stopped_by_force
}

@test "a password is in no argument, environment, message or title" {
	play secrets
}
