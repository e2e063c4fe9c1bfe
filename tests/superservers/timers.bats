#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests the timers of picosocks5-report on a booted machine, as `make install` installs them, after real
# sessions: the page, the counters, and who is denied when the quota is used up. Types the blocks of
# units/README.md. All tests run on one machine, in this order.

load lib.bash

proxy=socks5h://127.0.0.1:1080
state=/var/lib/picosocks5-report

setup_file() {
	machine_possible || return 0
	command -v jq >/dev/null || { skip_file "no jq"; return 0; }
	machine_start
	machine_install
	in_machine systemctl cat picosocks5-report.service >/dev/null 2>&1 || {
		skip_file "configured without the report"
		return 0
	}
	machine_origin
	# The group of the journal's files, which a machine without tmpfiles at boot leaves to root.
	in_machine systemd-tmpfiles --create --prefix=/run/log/journal
	sh_machine 'rm -rf /etc/picosocks5-quota /var/lib/picosocks5-report
		install -m 640 -g picosocks5 /dev/null /etc/picosocks5.users
		echo "users /etc/picosocks5.users" >>"$1/picosocks5.conf"
		for user in alice bob "Doe, Jane"; do
			echo secret | picosocks5 --hash "$user" >>/etc/picosocks5.users
		done' "$sysconfdir"
	in_machine systemctl start picosocks5.socket
}

teardown_file() {
	machine_stop
}

# download USER BYTES: fetches that much, and waits until the session is in the journal
download() {
	local before
	before=$(sessions)
	in_machine curl -sS -o /dev/null --max-time 60 --proxy $proxy --proxy-user "$1:secret" \
		"http://web.example:8000/$2"
	until_true 60 more_sessions "$before"
}

sessions() {
	sh_machine 'journalctl --sync; journalctl -q -o cat -t picosocks5 | grep -c ^client= || :'
}

more_sessions() {
	[ "$(sessions)" -gt "$1" ]
}

serves() {
	[ "$(fetch $proxy --proxy-user "$1:secret")" = "hello from the origin" ]
}

# As in a drop-in that systemctl edit makes.
with_setting() { # with_setting UNIT LINE...
	printf '%s\n' '[Service]' "${@:2}" | sh_machine 'mkdir -p "/etc/systemd/system/$1.d"
		cat >"/etc/systemd/system/$1.d/override.conf"
		systemctl daemon-reload' "$1"
}

fails() { # fails COMMAND...: succeeds if the command fails
	! "$@"
}

@test "systemd finds nothing wrong with the units of the report, and they are little exposed" {
	in_machine systemd-analyze verify picosocks5-report.timer picosocks5-quota.timer
	for unit in picosocks5-report picosocks5-quota; do
		[ "$(in_machine systemctl is-enabled $unit.timer || :)" = disabled ]
		run in_machine systemd-analyze security --threshold=15 $unit.service
		echo "${lines[-1]}"
		[ "$status" -eq 0 ]
	done
}

@test "after real sessions, picosocks5-report shows the users, and the timer's service writes a page and counters" {
	download alice 1000
	download bob 3000000
	run typed units 'Who used it'
	[[ $output == *bob* && $output == *alice* ]]
	typed units 'Who used it' 2
	for file in index.html picosocks5.prom; do
		in_machine grep -q bob $state/$file
	done
	run in_machine grep -o '^picosocks5_received_bytes_total{user="bob"} 3000...$' $state/picosocks5.prom
	echo "$output"
	[ "$status" -eq 0 ]
	[ "$(in_machine systemctl is-active picosocks5-report.timer)" = active ]
	[ -z "$(in_machine systemctl --failed --no-legend --plain)" ]
}

@test "the page covers more days if a drop-in says so" {
	with_setting picosocks5-report.service Environment=PAGE_SINCE=-7d
	in_machine systemctl start picosocks5-report.service
	in_machine grep -q bob $state/index.html
	run in_machine systemctl show -P ExecStart picosocks5-report.service
	with_setting picosocks5-report.service Environment=PAGE_SINCE=tomorrow
	in_machine systemctl start picosocks5-report.service
	fails in_machine grep -q bob $state/index.html
}

# Debian's packages of nginx and Prometheus are not needed: their users are made if they are not there.
@test "only the group picosocks5-report can read the page, and the README's commands let nginx and Prometheus in" {
	sh_machine 'for user in www-data prometheus; do
			getent passwd $user >/dev/null || useradd --system --user-group $user
		done
		mkdir -p /etc/nginx /var/lib/prometheus/node-exporter
		rm -f /var/lib/prometheus/node-exporter/picosocks5.prom
		for unit in nginx prometheus-node-exporter; do
			printf "%s\n" "[Service]" "Type=oneshot" ExecStart=/bin/true >/etc/systemd/system/$unit.service
		done
		systemctl daemon-reload'
	as() { in_machine setpriv --reuid "$1" --regid "$1" --init-groups "${@:2}"; }
	for user in nobody www-data; do
		run in_machine setpriv --reuid $user --clear-groups --regid nogroup cat $state/index.html
		[ "$status" -ne 0 ]
	done
	typed units 'Who used it' 4 < <(echo secret)
	typed units 'Who used it' 5
	as www-data cat $state/index.html >/dev/null
	as www-data grep -q '^admin:\$6\$' /etc/nginx/proxy.users
	as prometheus grep -q bob /var/lib/prometheus/node-exporter/picosocks5.prom
	run as nobody cat /etc/nginx/proxy.users
	[ "$status" -ne 0 ]
}

@test "nginx serves the page with the README's lines, to who knows the password" {
	command -v nginx || skip "no nginx"
	{
		printf '%s\n' 'user www-data;' 'error_log stderr;' 'pid /run/nginx.pid;' 'events {}' 'http {' 'server {' \
			'listen 127.0.0.1:8080;'
		block units 'Who used it' 3
		printf '%s\n' '}' '}'
	} | in_machine tee /run/nginx.conf >/dev/null
	in_machine systemd-run --quiet --unit=web nginx -c /run/nginx.conf -g 'daemon off;'
	page() { in_machine curl -sS -o /run/page -w '%{http_code}' "$@" http://127.0.0.1:8080/proxy; }
	until_true 60 page
	[ "$(page)" = 401 ]
	[ "$(page --user admin:secret)" = 200 ]
	in_machine cmp /run/page $state/index.html
	in_machine systemctl stop web
}

# The rules of the README, in front of the configuration.
quota_rules() {
	block units Quotas 2 | sh_machine 'cat - "$1/picosocks5.conf" >/run/conf
		cat /run/conf >"$1/picosocks5.conf"' "$sysconfdir"
}

@test "a user over the quota is denied from the next session on, the log names the rule, and others are served" {
	typed units Quotas
	quota_rules
	typed units Quotas 3 >/dev/null
	in_machine systemctl start picosocks5-quota.service
	[ -z "$(in_machine cat /etc/picosocks5-quota/over)" ]
	serves bob
	with_setting picosocks5-quota.service Environment=QUOTA=2M
	in_machine systemctl start picosocks5-quota.service
	[ "$(in_machine cat /etc/picosocks5-quota/over)" = bob ]
	run fetch $proxy --proxy-user bob:secret
	[[ $output == *"(2)"* ]]
	serves alice
	journal_says "user=bob .*reply=2 .*end=denied rule=[^ ]*$sysconfdir/picosocks5.conf:1" -t picosocks5
}

@test "the list is read by a session of the fortress, too, and it may hold a name with a comma and a blank" {
	download 'Doe, Jane' 2500000
	in_machine systemctl start picosocks5-quota.service
	[ "$(in_machine cat /etc/picosocks5-quota/over)" = "bob
Doe, Jane" ]
	sh_machine 'd=/etc/systemd/system
		install -D -m 644 "$1/units/fortress.conf" $d/picosocks5@.service.d/fortress.conf
		systemctl daemon-reload' "$pkgdatadir"
	for user in bob 'Doe, Jane'; do
		run fetch $proxy --proxy-user "$user:secret"
		[[ $output == *"(2)"* ]]
	done
	serves alice
	sh_machine 'rm -r /etc/systemd/system/picosocks5@.service.d; systemctl daemon-reload'
}

@test "if the report fails, the old list stays, the user stays denied, and systemctl --failed tells" {
	sh_machine 'mv "$1/picosocks5.conf" /run/kept
		cp /run/kept "$1/picosocks5.conf"' "$sysconfdir"
	with_setting picosocks5-quota.service Environment=QUOTA=2M \
		InaccessiblePaths=/run/log/journal InaccessiblePaths=-/var/log/journal SupplementaryGroups=
	run in_machine systemctl start picosocks5-quota.service
	[ "$status" -ne 0 ]
	[[ $(in_machine systemctl --failed --no-legend --plain) == *picosocks5-quota.service* ]]
	run status_of picosocks5-quota.service
	[[ $output == *"/etc/picosocks5-quota/over stays as it was"* ]]
	in_machine grep -qx bob /etc/picosocks5-quota/over
	with_setting picosocks5-quota.service Environment=QUOTA=2M
	in_machine systemctl start picosocks5-quota.service
	[ -z "$(in_machine systemctl --failed --no-legend --plain)" ]
}

# A month that has just begun is one without sessions.
@test "a new month frees the user" {
	with_setting picosocks5-quota.service Environment=QUOTA=2M ExecStart= \
		"ExecStart=$pkgdatadir/units/picosocks5-quota \${QUOTA} /etc/picosocks5-quota/over --since tomorrow"
	in_machine systemctl start picosocks5-quota.service
	[ -z "$(in_machine cat /etc/picosocks5-quota/over)" ]
	serves bob
}
