#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Logins with Kerberos tickets under the shipped units: what units/README.md tells administrators to
# type, on a booted machine that has a KDC. All tests run on one machine, in this order.

load ../lib/promise
load lib.bash

setup_file() {
	local tool

	machine_possible || return 0
	"$PICOSOCKS5" --version | grep -q +gssapi || { skip_file "this build has no gssapi"; return 0; }
	[ "$(make_value pkgdatadir) $(make_value sysconfdir)" = "/usr/local/share/picosocks5 /etc" ] || {
		skip_file "the pages speak of a program below /usr/local"
		return 0
	}
	for tool in krb5kdc kdb5_util kadmin.local kinit; do
		PATH=$bare command -v $tool >/dev/null || { skip_file "needs $tool"; return 0; }
	done
	machine_start
	sh_machine 'rm -rf /usr/share/picosocks5'
	machine_install
	machine_origin
	in_machine systemd-run --quiet --unit=kdc \
		/usr/bin/python3 -IS "$abs_top_srcdir/tests/lib/kdc.py" /run/realm
	until_true 60 in_machine test -e /run/realm/up
	sh_machine 'mkdir -p /etc/krb5kdc
		cp /run/realm/krb5.conf /etc/
		cp /run/realm/kdc.conf /etc/krb5kdc/'
	in_machine systemctl start picosocks5.socket
}

teardown_file() {
	machine_stop
}

# logs_in FUNCTION [ARGUMENT]: plays it on the machine
logs_in() {
	inside=in_machine PICOSOCKS5_TEST_REALM=/run/realm BATS_TEST_TMPDIR=/run play "$@"
}

lets_in_tickets_alone() {
	logs_in lets_in alice
	logs_in lets_in bob
	logs_in keeps_out
}

@test "units/README.md, Kerberos tickets: who has a ticket is let in, and nobody else" {
	typed units 'Kerberos tickets'
	typed units 'Kerberos tickets' 2
	in_machine systemctl restart picosocks5.socket
	lets_in_tickets_alone
}

@test "the journal has the principal, and the method of the login" {
	journal_says 'user=alice@EXAMPLE.ORG auth=gssapi command=connect' \
		SOCKS_USER=alice@EXAMPLE.ORG SOCKS_AUTH=gssapi
}

@test "no session leaves a file behind" {
	# systemd's own files may vanish while find reads their folder. The socket has made the folder of
	# limits, and sessions without limits put nothing into it.
	run sh_machine 'find /tmp /var/tmp /run -ignore_readdir_race -maxdepth 2 -user picosocks5 \
		! -path /run/picosocks5'
	echo "$output"
	[ -z "$output" ]
}

@test "as shipped, the socket does not start if only root can read the keytab, and status says so" {
	in_machine chmod 600 /etc/picosocks5.keytab
	run in_machine systemctl restart picosocks5.socket
	[ "$status" -ne 0 ]
	run status_of picosocks5.socket
	[[ $output == *"$sysconfdir/picosocks5.conf:"*"/etc/picosocks5.keytab"*"Permission denied"* ]]
}

@test "the busy service lets in the same" {
	in_machine chmod 640 /etc/picosocks5.keytab
	in_machine systemctl start picosocks5-busy@127.0.0.1.service
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	lets_in_tickets_alone
	in_machine systemctl stop picosocks5-busy@127.0.0.1.service
}

@test "units/README.md, Kerberos tickets: in the fortress only root can open the keytab" {
	typed units 'Kerberos tickets' 3
	[ "$(in_machine stat -c %a:%U /etc/picosocks5.keytab)" = 600:root ]
	lets_in_tickets_alone
	in_machine "$sbindir/picosocks5" --config "$sysconfdir/picosocks5.conf" --as root --check
}

@test "without its keytab the fortress serves nobody" {
	in_machine mv /etc/picosocks5.keytab /etc/gone
	logs_in is_closed
	in_machine mv /etc/gone /etc/picosocks5.keytab
	logs_in lets_in alice
}
