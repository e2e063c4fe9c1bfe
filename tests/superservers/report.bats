#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The installed picosocks5-report reads the journal of a systemd that is really booted.
# All tests run on one machine, in this order.

load lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_possible || return 0
	machine_start
	machine_install
	in_machine sh -c 'command -v picosocks5-report' >/dev/null || {
		skip_file "this build has no picosocks5-report"
		return 0
	}
	machine_origin
	in_machine systemctl start picosocks5.socket
}

teardown_file() {
	machine_stop
}

# sessions OPTION...: prints how many sessions the report has
sessions() {
	in_machine journalctl --sync
	in_machine picosocks5-report --json "$@" >"$BATS_TEST_TMPDIR/report"
	cat "$BATS_TEST_TMPDIR/report" >&2
	/usr/bin/python3 -c 'import json, sys; print(json.load(sys.stdin)["sessions"])' \
		<"$BATS_TEST_TMPDIR/report"
}

# served SINK: a session of picosocks5 --log SINK, as root
served() {
	sh_machine 'cd /run/systemd/system
		printf "%s\n" "[Socket]" Accept=yes ListenStream=127.0.0.1:1090 >other.socket
		printf "%s\n" "[Service]" "ExecStart=$1/picosocks5 --log $2" StandardInput=socket \
			StandardError=journal >other@.service
		systemctl daemon-reload
		systemctl start other.socket' "$sbindir" "$1"
	fetch socks5h://127.0.0.1:1090
	until_true 60 no_others
	in_machine systemctl stop other.socket
}

no_others() {
	[ -z "$(in_machine systemctl list-units --no-legend --plain --all 'other@*')" ]
}

@test "picosocks5-report counts the sessions that systemd starts as installed" {
	began=$(in_machine date +%s.%N)
	[ "$(sessions --since "@$began")" -eq 0 ]
	fetch $proxy
	fetch $proxy
	until_true 60 no_sessions
	[ "$(sessions --since "@$began")" -eq 2 ]
	[ "$(sessions)" -ge 2 ]
	grep '"dest":"web.example:8000"' "$BATS_TEST_TMPDIR/report"
	[ "$(sessions --until "@$began")" -eq 0 ]
}

@test "it counts the sessions that are logged by syslog and on standard error" {
	for sink in syslog stderr journal; do
		began=$(in_machine date +%s.%N)
		served "$sink"
		echo "$sink"
		[ "$(sessions --since "@$began")" -eq 1 ]
	done
}

@test "a line that another program logs is no session, though it quotes one" {
	began=$(in_machine date +%s.%N)
	line='client=192.0.2.7:40000 user=alice command=connect sent=1 received=2 time=1.204 end=eof'
	in_machine logger -t sshd "Invalid user picosocks5[1]: $line"
	in_machine logger -t sshd "$line"
	in_machine logger -t picosocks5 "Invalid user picosocks5[1]: $line"
	[ "$(sessions --since "@$began")" -eq 0 ]
}

@test "it counts the same in what journalctl writes" {
	for form in short short-full short-iso short-precise short-unix cat; do
		in_machine journalctl --no-pager -q -o "$form" >"$BATS_TEST_TMPDIR/log"
		want=$(sessions --since @0)
		in_machine picosocks5-report --json - <"$BATS_TEST_TMPDIR/log" |
			grep -q "\"sessions\":$want,"
	done
}

@test "a user who may not read the journal is told how to get there; a member of the group may read it" {
	run in_machine setpriv --reuid nobody --regid nogroup --clear-groups picosocks5-report
	echo "$output"
	[ "$status" -eq 66 ]
	[[ $output == "picosocks5-report: the journal: permission denied: "*systemd-journal* ]]
	# As systemd does at the boot of a real machine.
	in_machine systemd-tmpfiles --create --prefix=/run/log/journal
	in_machine setpriv --reuid nobody --regid nogroup --groups systemd-journal picosocks5-report \
		--json | grep '"sessions":[1-9]'
}
