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

@test "a session leaves no other line in the journal than its own, unless a drop-in asks for more" {
	until_true 60 no_sessions
	began=$(in_machine date +%s.%N)
	fetch $proxy
	until_true 60 no_sessions
	journal_says end=eof -t picosocks5 --since "@$began"
	[ "$(journal_lines)" -eq 1 ]
	sh_machine 'd=/etc/systemd/system/picosocks5@.service.d; mkdir -p $d
		printf "[Service]\nLogLevelMax=debug\n" >$d/debug.conf
		systemctl daemon-reload'
	began=$(in_machine date +%s.%N)
	fetch $proxy
	until_true 60 no_sessions
	journal_says end=eof -t picosocks5 --since "@$began"
	[ "$(journal_lines)" -gt 1 ]
	sh_machine 'rm -r /etc/systemd/system/picosocks5@.service.d; systemctl daemon-reload'
}

# Prints how many lines there are since $began of sessions, and of systemd about them.
journal_lines() {
	in_machine journalctl -q --no-pager -o cat --since "@$began" | grep -cE '^client=|picosocks5@'
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

# The session that holds a lock in this folder may outlive the socket.
@test "the folder in which sessions are counted is the user's alone, and stays when the socket is stopped" {
	[ "$(in_machine stat -c %a:%U:%G /run/picosocks5)" = 750:picosocks5:picosocks5 ]
	it=$(in_machine stat -c %i /run/picosocks5)
	in_machine systemctl stop picosocks5.socket
	[ "$(in_machine stat -c %i /run/picosocks5)" = "$it" ]
	in_machine systemctl start picosocks5.socket
	[ "$(in_machine stat -c %i /run/picosocks5)" = "$it" ]
}

@test "systemd-tmpfiles makes this folder as the socket does, for superservers that do not make it" {
	[ -n "${PICOSOCKS5_PACKAGED:-}" ] || [ "$(make_value tmpfilesdir)" != no ] || skip "configured without tmpfiles.d"
	in_machine rm -r /run/picosocks5
	in_machine systemd-tmpfiles --create picosocks5.conf
	[ "$(in_machine stat -c %a:%U:%G /run/picosocks5)" = 750:picosocks5:picosocks5 ]
	in_machine rm -r /run/picosocks5
	in_machine systemctl restart picosocks5.socket
	[ "$(in_machine stat -c %a:%U:%G /run/picosocks5)" = 750:picosocks5:picosocks5 ]
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
	run status_of picosocks5.socket
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
	with_conf 'source 192.0.2.77' 'interface nosuch0'
	in_machine systemctl restart picosocks5.socket
	without_conf
	with_conf 'source 2001:db8::77' 'family ipv6'
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
	[[ $(status_of picosocks5.socket) == *status=217/USER* ]]
	in_machine systemd-sysusers
	in_machine systemctl start picosocks5.socket
	[ "$(fetch $proxy)" = "hello from the origin" ]
}

# explained DIGIT SUBJECT: journalctl -x explains the last session by the text with this digit, in which
# each field has a value.
explained() {
	local said
	until_true 60 explained_now "$1" || { echo "$said"; return 1; }
	echo "$said"
	grep -q "Subject: $2\$" <<<"$said"
	! grep '@' <<<"$said"
}
explained_now() {
	in_machine journalctl --sync
	said=$(in_machine journalctl -q --no-pager -x -n 1 -t picosocks5 --since "@$began" \
		"MESSAGE_ID=4e7a29d461b840b2bbb52157e94ee0a$1")
	[ -n "$said" ]
}

# asks HEX...: sends a greeting and this request
asks() {
	says 050100 "$@"
}

says() {
	local IFS=
	client say 127.0.0.1:1080 "$*"
}

# Packets to 198.51.100.9 get lost, those to 198.51.100.10 are turned away, and 203.0.113.1 has no route.
@test "journalctl -x explains what happened to a session, for each reply and each other end" {
	sh_machine 'ip link add lost0 type veth peer name lost1
		ip link set lost0 up
		ip link set lost1 up
		ip address add 198.51.100.1/24 dev lost0
		ip neighbour add 198.51.100.9 lladdr 02:00:00:00:00:01 dev lost0
		ip route add prohibit 198.51.100.10/32
		umask 077
		printf "%s\n" "$1" >/etc/picosocks5.users
		chgrp picosocks5 /etc/picosocks5.users
		chmod 640 /etc/picosocks5.users' \
		'alice:$6$pFhTMZbAQRpHkJV.$Zl7Crs1yccWZW9xvMaGQEeMOlUi3NntMeD0NuR7P2tA3wIO8VfXL/FztzpeE0C5.zyWxS7xMfYceKqOmkrbCm0'
	with_conf 'connect-timeout 1s' socks4 'deny "port 25"' 'allow "from local"' \
		'users /etc/picosocks5.users' 'auth none,password'
	began=$(in_machine date +%s)
	fetch $proxy
	explained 0 "A SOCKS session was served"
	asks 05010001 7f000001 0000
	explained 1 "A SOCKS request failed"
	asks 05010001 c6336409 0019
	explained 2 "The access rules denied a SOCKS request"
	asks 05010001 cb007101 0050
	explained 3 "The network of a SOCKS request could not be reached"
	asks 05010003 04 6e6f7065 0050
	explained 4 "The host of a SOCKS request could not be reached"
	asks 05010001 7f000001 0001
	explained 5 "A SOCKS request was refused by its destination"
	asks 05010001 c6336409 0050
	explained 6 "The destination of a SOCKS request did not answer"
	asks 05090001 7f000001 0050
	explained 7 "A SOCKS client asked for an unknown command"
	asks 05010009 7f000001 0050
	explained 8 "A SOCKS client asked for a type of address that is not served"
	asks 05010001 c633640a 0050
	explained 9 "A SOCKS request was not permitted by this host"
	says 050102 0105616c696365 0178
	explained a "A SOCKS client was not let in"
	says 474554202f
	explained b "A client did not speak a protocol as the proxy expects it"
	says 04010001 7f000001 00
	explained c "A SOCKS4 request failed"
	in_machine ip address add 192.0.2.7/32 dev lo
	run fetch $proxy --interface 192.0.2.7
	[ "$status" -ne 0 ]
	explained d "The access rules let a SOCKS client do nothing"
	client knock 127.0.0.1:1080 1
	explained e "A SOCKS session ended before the proxy answered a request"
	sh_machine 'echo lifetime 500ms >>"$1/picosocks5.conf"' "$sysconfdir"
	asks 05010001 c6336409 0050
	explained f "A SOCKS request was not served"
	without_conf
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

@test "make uninstall takes the texts for journalctl -x away, too" {
	[ -z "${PICOSOCKS5_PACKAGED:-}" ] || skip "the package has no make uninstall"
	in_machine journalctl --list-catalog | grep -q 'picosocks5: A SOCKS session was served'
	in_machine make -s -C "$build" uninstall >/dev/null
	[ "$(in_machine journalctl --list-catalog | grep -c picosocks5)" -eq 0 ]
}
