#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# picosocks5-quota, the script that lists users who have used more than they may. What the list does to
# sessions is tested in superservers/timers.bats.

load lib/once.bash

setup() {
	[ -x "$PICOSOCKS5-report" ] || skip "configured without the report"
	command -v jq >/dev/null || skip "no jq"
	cd "$BATS_TEST_TMPDIR"
	mkdir bin
	ln -s "$PICOSOCKS5" bin/picosocks5
	ln -s "$PICOSOCKS5-report" bin/picosocks5-report
	PATH=$PWD/bin:$PATH
	echo old >over
}

# quota BYTES [ARGUMENT]...: makes the list
quota() {
	run "$abs_top_srcdir/units/picosocks5-quota" "$1" over "${@:2}"
	echo "$output"
	[ ! -e over.new ] && [ ! -e over.report ]
}

# session USER BYTES: adds a line to the log; the bytes are sent and received, half and half
session() {
	printf 'client=192.0.2.7:1 user=%s command=connect dest=example.com:443 reply=0 sent=%s received=%s %s\n' \
		"$1" $(($2 / 2)) $(($2 - $2 / 2)) 'time=1.000 end=eof' >>log
}

# report_says TEXT: puts a program in place of picosocks5-report that prints the text, and its arguments
# into a file
report_says() {
	rm bin/picosocks5-report
	printf '#!/bin/sh\necho "$@" >arguments\nprintf "%%s" %s\n' "'$1'" >bin/picosocks5-report
	chmod +x bin/picosocks5-report
}

listed() {
	[ "$(<over)" = "$1" ]
}

@test "users over the quota are listed, by the bytes of all their sessions, and nobody else" {
	session bob 600
	session bob 400
	session alice 1000
	session carol 1001
	session bob 1
	printf 'client=192.0.2.7:1 command=connect reply=0 sent=5000 received=0 time=1.000 end=eof\n' >>log
	quota 1k log
	[ "$status" -eq 0 ]
	listed $'bob\ncarol'
	quota 1T log
	[ "$status" -eq 0 ]
	listed ""
}

@test "names are listed as rules know them: with blanks, commas and bytes that the log escapes" {
	session '"Doe, Jane"' 9
	session '@staff' 8
	session 'a\x22b\x5cx41\xc3\xa9' 7
	session . 6
	quota 1 log
	[ "$status" -eq 0 ]
	listed "Doe, Jane
@staff
a\"b\\x41é
."
}

@test "a name that no list can hold is told, the others are listed, and the unit is seen to have failed" {
	for name in 'a#b' 'a:b' 'a\x00b' 'a\x0ab' '\xef\xbb\xbfa' '"*"' '" a"' '"a "' '\x7f' \
		"$(printf 'n%.0s' {1..256})"; do
		session "$name" 9
	done
	session bob 9
	quota 1 log
	[ "$status" -eq 65 ]
	[ "${#lines[@]}" -eq 10 ]
	[[ $output == *'a\x0ab is over the limit'* ]]
	listed bob
}

@test "a list that the proxy would refuse never takes the place of the old one" {
	session bob 9
	rm bin/picosocks5
	printf '#!/bin/sh\necho refused; exit 78\n' >bin/picosocks5
	chmod +x bin/picosocks5
	quota 1 log
	[ "$status" -eq 70 ]
	[[ $output == *refused* ]]
	listed old
}

@test "if there is no report, half a report or no number of bytes, the old list stays" {
	quota 1 missing
	[ "$status" -eq 66 ]
	listed old
	for text in '' '{"user":[{"user":"bob","sent":9' '{}' '{"user":[{"user":"bob"' 'no JSON'; do
		report_says "$text"
		quota 1
		[ "$status" -eq 66 ]
		listed old
	done
	quota much
	[ "$status" -eq 64 ]
	listed old
}

@test "users who are left out of a full report are not passed over in silence" {
	report_says '{"user":[{"user":"bob","sent":9,"received":0}],"others":{"user":{"sessions":1}}}'
	quota 1
	[ "$status" -eq 65 ]
	[[ $output == *"some may be missing"* ]]
	listed bob
}

@test "the journal of this month is read, so a new month begins with an empty list" {
	report_says '{"user":[],"others":{"user":{"sessions":0}}}'
	quota 1
	[ "$status" -eq 0 ]
	[ "$(<arguments)" = "--json --since $(date +%Y-%m-01)" ]
	listed ""
	quota 1 --since -30d
	[ "$(<arguments)" = "--json --since -30d" ]
}

@test "the proxy denies who is listed, and nobody else" {
	session '"Doe, Jane"' 9
	session bob 9
	session alice 1
	quota 5 log
	decided() { "$PICOSOCKS5" --deny "user @$PWD/over" --allow 'user *' --explain "user $1 to 203.0.113.1:80" || :; }
	for user in bob '"Doe, Jane"'; do
		[[ $(decided "$user") == *"denied by"* ]]
	done
	[[ $(decided alice) == *"allowed by"* ]]
}
