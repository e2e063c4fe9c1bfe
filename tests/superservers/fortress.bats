#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The fortress and the busy service, under a systemd that is really booted: what the restrictions
# leave possible, and the exposure that systemd computes for each way.

load lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_possible || return 0
	machine_start
	machine_install
	machine_origin
	# alice, secret
	sh_machine 'umask 077; printf "%s\n" "$1" >/etc/picosocks5.users' \
		'alice:$6$pFhTMZbAQRpHkJV.$Zl7Crs1yccWZW9xvMaGQEeMOlUi3NntMeD0NuR7P2tA3wIO8VfXL/FztzpeE0C5.zyWxS7xMfYceKqOmkrbCm0'
}

teardown_file() {
	machine_stop
}

# Scores may only get better: lower these limits when they do.
score() { # score UNIT: ten times what systemd-analyze says
	in_machine systemd-analyze security --offline=yes --no-pager "$1" |
		sed -n 's/.*Overall exposure level.*: \([0-9]*\)\.\([0-9]\) .*/\1\2/p'
}

@test "the exposure of picosocks5@.service as shipped is at most 6.3" {
	[ "$(score picosocks5@.service)" -le 63 ]
}

@test "exposure of the busy service is at most 1.1" {
	[ "$(score picosocks5-busy@.service)" -le 11 ]
}

# From here on the configuration names the users file, and no test changes that.
@test "as shipped, nobody is let in if only root can read the users file, and the socket does not start" {
	in_machine systemctl start picosocks5.socket
	sh_machine 'echo users /etc/picosocks5.users >>"$1/picosocks5.conf"' "$sysconfdir"
	run fetch $proxy --proxy-user alice:secret
	[ "$status" -ne 0 ]
	run in_machine systemctl restart picosocks5.socket
	[ "$status" -ne 0 ]
	run status_of picosocks5.socket
	[[ $output == *"$sysconfdir/picosocks5.conf:"*"/etc/picosocks5.users"*"Permission denied"* ]]
}

@test "with fortress.conf as a drop-in the exposure is at most 1.1" {
	sh_machine 'd=/etc/systemd/system/picosocks5@.service.d
		install -D -m 644 "$1/units/fortress.conf" $d/fortress.conf
		systemctl daemon-reload' "$pkgdatadir"
	[ "$(score picosocks5@.service)" -le 11 ]
}

@test "with fortress.conf alone, the socket does not start: its check can't read the users file" {
	run in_machine systemctl start picosocks5.socket
	[ "$status" -ne 0 ]
	run status_of picosocks5.socket
	[[ $output == *"/etc/picosocks5.users"*"Permission denied"* ]]
}

@test "with fortress-socket.conf as well it starts, and finds mistakes in the users file" {
	sh_machine 'd=/etc/systemd/system/picosocks5.socket.d
		install -D -m 644 "$1/units/fortress-socket.conf" $d/fortress.conf
		systemctl daemon-reload
		echo "bob:plain text" >>/etc/picosocks5.users' "$pkgdatadir"
	run in_machine systemctl start picosocks5.socket
	[ "$status" -ne 0 ]
	run status_of picosocks5.socket
	[[ $output == *"/etc/picosocks5.users:2: "* ]]
	sh_machine 'sed -i /^bob:/d /etc/picosocks5.users'
	in_machine systemctl start picosocks5.socket
	in_machine "$sbindir/picosocks5" --config "$sysconfdir/picosocks5.conf" --as root --check
}

listens() { # listens ADDRESS
	in_machine bash -c "exec 3<>/dev/tcp/$1/1080"
}

# Is asked in each of the three ways, with the same configuration.
lets_in_alice_alone() {
	[ "$(fetch $proxy --proxy-user alice:secret)" = "hello from the origin" ]
	run fetch $proxy --proxy-user alice:wrong
	[ "$status" -eq 97 ] # curl: the proxy turns it away
	run fetch $proxy
	[ "$status" -eq 97 ]
}

@test "the fortress serves the users in its credential, also to names, and nobody else" {
	[ "$(in_machine stat -c %a:%U /etc/picosocks5.users)" = 600:root ]
	lets_in_alice_alone
}

@test "without its users file the fortress serves nobody, and status=243/CREDENTIALS is in the journal" {
	began=$(date +%s)
	in_machine mv /etc/picosocks5.users /etc/picosocks5.gone
	run fetch $proxy
	[ "$status" -ne 0 ]
	journal_says status=243/CREDENTIALS -u 'picosocks5@*' --since "@$began"
	in_machine mv /etc/picosocks5.gone /etc/picosocks5.users
}

# Sessions count each other, although each has its own view of the file system. A reboot empties /run.
limits_hold() {
	until_true 60 all_gone
	in_machine rm -f /run/picosocks5/limits
	export LOGIN=alice:secret
	limit_of_two limit-client 127.0.0.1:1080 1
	limit_of_two limit-user 127.0.0.1:1080 0
	limit_of_two limit 127.0.0.1:1080 1
	unset LOGIN
	journal_says 'client=127.0.0.1:.*end=limit' -t picosocks5
}

@test "limits of all, of a client and of a user hold in the fortress" {
	limits_hold
}

@test "the fortress relays UDP to names" {
	run client udp 127.0.0.1:1080 alice secret
	[ "$output" = "echo ping" ]
}

@test "the fortress logs to the journal, with fields" {
	journal_says 'user=alice command=connect dest=web.example:8000' \
		SOCKS_USER=alice SOCKS_COMMAND=connect
}

@test "broken-off sessions leave nothing behind in the fortress" {
	until_true 60 no_sessions
	client rude 127.0.0.1:1080 "$(scale 100 30)"
	until_true 60 no_sessions
	run in_machine systemctl list-units --failed --no-legend --plain
	[ -z "$output" ]
	in_machine systemctl stop picosocks5.socket
}

@test "without the fortress and its socket's drop-in, the same users are let in, and limits hold" {
	sh_machine 'rm /etc/systemd/system/picosocks5@.service.d/fortress.conf \
			/etc/systemd/system/picosocks5.socket.d/fortress.conf
		chgrp picosocks5 /etc/picosocks5.users
		chmod 640 /etc/picosocks5.users
		systemctl daemon-reload
		systemctl start picosocks5.socket'
	lets_in_alice_alone
	limits_hold
	in_machine systemctl stop picosocks5.socket
}

@test "the busy service does not start if the configuration has a mistake, and status says which" {
	sh_machine 'cp "$1/picosocks5.conf" /run/; echo nonsense >>"$1/picosocks5.conf"' "$sysconfdir"
	run in_machine systemctl start picosocks5-busy@127.0.0.1.service
	[ "$status" -ne 0 ]
	until_true 60 in_machine systemctl is-failed picosocks5-busy@127.0.0.1.service
	run status_of picosocks5-busy@127.0.0.1.service
	[[ $output == *"$sysconfdir/picosocks5.conf:"*nonsense* ]]
	in_machine cp /run/picosocks5.conf "$sysconfdir/"
	in_machine systemctl reset-failed
}

@test "the busy service runs as user picosocks5, and listens on the address in its instance name" {
	local began

	began=$(date +%s)
	in_machine systemctl enable --now picosocks5-busy@127.0.0.1.service
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	lets_in_alice_alone
	run client udp 127.0.0.1:1080 alice secret
	[ "$output" = "echo ping" ]
	# Not by unit: journald may lose it if the process has gone when the entry is read.
	journal_says 'client=127.0.0.1:.*dest=web.example:8000' -t picosocks5 --since "@$began"
}

@test "in the busy service limits hold, and without one in the configuration, a client has 128 sessions" {
	limits_hold
	until_true 60 all_gone
	LOGIN=alice:secret hold 127.0.0.1:1080 130 127.0.0.9
	cat "$held"
	grep -qx 'served 128 closed 2' "$held"
	lets_in_alice_alone
	release
}

@test "the busy service listens on IPv4 and IPv6 with the tcpserver of ucspi-tcp-ipv6" {
	local began

	"$here/fetch" "$build/superservers" >/dev/null
	in_machine systemctl stop picosocks5-busy@127.0.0.1.service
	in_machine install -m 755 "$build/superservers/ucspi-tcp-ipv6/usr/bin/tcpserver" /usr/bin/
	in_machine systemctl start picosocks5-busy@127.0.0.1.service picosocks5-busy@::1.service
	until_true 60 listens 127.0.0.1
	until_true 60 listens ::1
	lets_in_alice_alone
	[ "$(fetch 'socks5h://[::1]:1080' --proxy-user alice:secret)" = "hello from the origin" ]
	run listens 127.0.0.2
	[ "$status" -ne 0 ]
	in_machine systemctl stop picosocks5-busy@::1.service
	in_machine systemctl stop picosocks5-busy@127.0.0.1.service
	began=$(date +%s)
	in_machine systemctl start picosocks5-busy@0.service
	until_true 60 listens ::1
	lets_in_alice_alone
	[ "$(fetch 'socks5h://[::1]:1080' --proxy-user alice:secret)" = "hello from the origin" ]
	run client udp 127.0.0.2:1080 alice secret
	[ "$output" = "echo ping" ]
	journal_says 'client=127.0.0.1:.*command=udp' -t picosocks5 --since "@$began"
	journal_says 'client=\[::1\]:.*dest=web.example:8000' -t picosocks5 --since "@$began"
	in_machine systemctl stop picosocks5-busy@0.service
}

@test "the busy service holds its limit of sessions, and ends them when it is stopped" {
	sh_machine 'sed -i "/^users /d" "$1/picosocks5.conf"' "$sysconfdir"
	sh_machine 'd=/etc/systemd/system/picosocks5-busy@.service.d; mkdir -p $d
		printf "[Service]\nEnvironment=SESSIONS=5\n" >$d/sessions.conf
		systemctl daemon-reload; systemctl restart picosocks5-busy@127.0.0.1.service'
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	hold 127.0.0.1:1080 5
	run fetch $proxy --max-time 1
	[ "$status" -ne 0 ]
	in_machine systemctl stop picosocks5-busy@127.0.0.1.service
	release
	[ "$(grep -cx 'then eof' "$held")" = 5 ]
	[ "$(in_machine systemctl show -P Result picosocks5-busy@127.0.0.1.service)" = success ]
}
