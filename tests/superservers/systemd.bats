#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests the units as `make install` installs them, under a systemd that is really booted.
# All tests run on one machine, in this order.

load lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_possible || return 0
	machine_start
	machine_install
	machine_origin
}

teardown_file() {
	machine_stop
}

@test "after make install, systemctl enable --now picosocks5.socket is enough to be served" {
	in_machine systemctl enable --now picosocks5.socket
	[ "$(fetch $proxy)" = "hello from the origin" ]
	[ "$(fetch 'socks5h://[::1]:1080')" = "hello from the origin" ]
}

@test "the socket listens on loopback alone" {
	run in_machine systemctl show -P Listen picosocks5.socket
	[ "$output" = $'127.0.0.1:1080 (Stream)\n[::1]:1080 (Stream)' ]
}

@test "sessions run in picosocks5.slice, as the user of sysusers.d, with the limits of the unit" {
	hold 127.0.0.1:1080 1
	unit=$(in_machine systemctl list-units --no-legend --plain 'picosocks5@*' | cut -d ' ' -f 1)
	run in_machine systemctl show -P Slice -P User -P NRestarts "$unit"
	[[ $output == *picosocks5.slice* && $output == *picosocks5* ]]
	pid=$(in_machine systemctl show -P MainPID "$unit")
	in_machine grep -q /picosocks5.slice/ "/proc/$pid/cgroup"
	[ "$(in_machine ps -o user= -p "$pid")" = picosocks5 ]
	in_machine grep -q '^NoNewPrivs:.*1' "/proc/$pid/status"
	in_machine grep -q '^CapBnd:.*0000000000000000' "/proc/$pid/status"
	release
	in_machine systemctl show -P MemoryMax picosocks5.slice | grep -vx infinity
}

@test "systemctl status shows who is served and what is asked for" {
	hold 127.0.0.1:1080 1
	run in_machine systemctl status --no-pager --full 'picosocks5@*'
	release
	[[ $output == *"picosocks5: 127.0.0.1 connect 127.0.0.1:8000"* ]]
}

@test "each session has one line in the journal, with fields that journalctl can ask for" {
	journal_says 'command=connect dest=web.example:8000' SOCKS_DEST=web.example:8000
	run in_machine journalctl -o json --no-pager -n 1 SOCKS_DEST=web.example:8000
	for field in '"SOCKS_COMMAND":"connect"' '"SOCKS_REPLY":"0"' '"SOCKS_END":"eof"' \
		'"PRIORITY":"5"' '"SYSLOG_IDENTIFIER":"picosocks5"' '"_UID":"'; do
		[[ $output == *"$field"* ]] || { echo "no $field"; false; }
	done
}

@test "MaxConnectionsPerSource: one address gets 128 sessions, and another address is still served" {
	hold 127.0.0.1:1080 130 127.0.0.9
	grep -q 'served 128 closed 2' "$held"
	[ "$(fetch $proxy --interface 127.0.0.10)" = "hello from the origin" ]
	release
	until_true 60 no_sessions
	[ "$(fetch $proxy --interface 127.0.0.9)" = "hello from the origin" ]
}

@test "MaxConnections: the 513th connection is closed at once, the others go on" {
	[ "$(scale full small)" = full ] || skip "512 sessions at once: not at small scale"
	hold 127.0.0.1:1080 103 127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.4 127.0.0.5
	grep -q 'served 512 closed 3' "$held"
	release
	until_true 60 no_sessions
	[ "$(fetch $proxy)" = "hello from the origin" ]
}

@test "after 500 connections in 2 seconds the socket still works" {
	client burst 127.0.0.1:1080 500 2
	[ "$(in_machine systemctl is-active picosocks5.socket)" = active ]
	until_true 60 no_sessions
	[ "$(fetch $proxy)" = "hello from the origin" ]
}

@test "after a thousand broken-off sessions no unit has failed or is left, and the socket still works" {
	client rude 127.0.0.1:1080 "$(scale 1000 150)"
	until_true 60 no_sessions
	run in_machine systemctl list-units --failed --no-legend --plain
	[ -z "$output" ]
	in_machine journalctl --sync
	run in_machine journalctl --no-pager -q -o cat -g 'Failed with result|exited, code='
	[ -z "$output" ]
	[ "$(in_machine systemctl show -P NRefused picosocks5.socket)" -ge 0 ]
	[ "$(fetch $proxy)" = "hello from the origin" ]
}

@test "stopping a session sends SIGTERM: the client sees the end, and the session is logged" {
	hold 127.0.0.1:1080 1
	in_machine systemctl stop 'picosocks5@*.service'
	release
	grep -qx 'then eof' "$held"
	journal_says end=signal SOCKS_END=signal
	no_sessions
}

# with_conf LINE...: adds lines to the configuration; without_conf takes them out again
with_conf() {
	printf '%s\n' "$@" | sh_machine 'cp "$1/picosocks5.conf" /run/conf.kept
		cat >>"$1/picosocks5.conf"' "$sysconfdir"
}

without_conf() {
	sh_machine 'cat /run/conf.kept >"$1/picosocks5.conf"' "$sysconfdir"
}

@test "a mistake in the configuration makes restart of the socket fail, and status names file and line" {
	with_conf 'idle-timeout forever'
	line=$(sh_machine 'wc -l <"$1/picosocks5.conf"' "$sysconfdir")
	run in_machine systemctl restart picosocks5.socket
	[ "$status" -ne 0 ]
	run in_machine systemctl status --no-pager picosocks5.socket
	echo "$output"
	[[ $output == *"picosocks5["*"]: "*"$sysconfdir/picosocks5.conf:$line: idle-timeout: "* ]]
	[[ $output == *status=78* ]]
	[[ $(in_machine systemctl --failed --no-legend --plain) == picosocks5.socket* ]]
	run fetch $proxy
	[ "$status" -eq 7 ] # curl: connection refused
	without_conf
}

@test "the socket starts again when the mistake is mended, and its check says nothing" {
	began=$(in_machine date +%s.%N)
	in_machine systemctl start picosocks5.socket
	[ -z "$(in_machine systemctl --failed --no-legend --plain)" ]
	in_machine journalctl --sync
	run in_machine journalctl -q --no-pager -t picosocks5 --since "@$began"
	echo "$output"
	[ -z "$output" ]
	[ "$(fetch $proxy)" = "hello from the origin" ]
}

# As at boot, before the network is up.
@test "the socket starts before the addresses and interfaces that the configuration names are there" {
	with_conf 'source 192.0.2.77' 'interface nosuch0' 'mark 5'
	in_machine systemctl restart picosocks5.socket
	without_conf
}

@test "sessions go on while the socket is down because of a mistake" {
	hold 127.0.0.1:1080 1
	with_conf nonsense
	run in_machine systemctl restart picosocks5.socket
	[ "$status" -ne 0 ]
	release
	grep -qx 'then open' "$held"
	without_conf
	in_machine systemctl start picosocks5.socket
}

@test "without the user picosocks5 the socket does not start, and status says 217/USER" {
	in_machine systemctl stop picosocks5.socket
	until_true 60 no_sessions
	sh_machine 'sed -i /^picosocks5:/d /etc/passwd'
	run in_machine systemctl start picosocks5.socket
	[ "$status" -ne 0 ]
	[[ $(in_machine systemctl status --no-pager picosocks5.socket) == *status=217/USER* ]]
	in_machine systemd-sysusers
	in_machine systemctl start picosocks5.socket
	[ "$(fetch $proxy)" = "hello from the origin" ]
}

@test "listen.conf as a drop-in lets the socket listen on other addresses" {
	sh_machine 'd=/etc/systemd/system/picosocks5.socket.d
		install -D -m 644 "$1/units/listen.conf" $d/listen.conf
		systemctl daemon-reload
		systemctl restart picosocks5.socket' "$pkgdatadir"
	run in_machine systemctl show -P Listen picosocks5.socket
	[ "$output" = "[::]:1080 (Stream)" ]
	[ "$(fetch $proxy)" = "hello from the origin" ]
	sh_machine 'rm -r /etc/systemd/system/picosocks5.socket.d; systemctl daemon-reload
		systemctl restart picosocks5.socket'
}
