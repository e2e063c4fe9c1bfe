#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# More clients that others wrote. Their packages take a gigabyte: only `make check-full` runs this.
# First all clients of further.py under some superservers; then each by itself, with its log.

load ../lib/promise
load ../superservers/lib.bash

setup_file() {
	machine_possible || return 0
	local tool
	for tool in curl nft systemd-socket-activate tcpserver; do
		command -v $tool >/dev/null || { skip_file "needs $tool"; return 0; }
	done
	"$here/fetch" "$build/superservers" xinetd >/dev/null
	machine_start
	machine_install
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR BATS_TEST_NAME=matrix inside=in_machine play fill >"$BATS_FILE_TMPDIR/table"
	in_machine cat "$BATS_FILE_TMPDIR/rows.json" >"$BATS_FILE_TMPDIR/rows.json"
	sed 's/^/# /' "$BATS_FILE_TMPDIR/table" >&3
}

teardown_file() {
	machine_stop
}

# rows FAMILY: checks that every cell in the family's rows of the table is right.
rows() {
	play rows "$BATS_FILE_TMPDIR/rows.json" "$1"
}

@test "no session outlives its client under any of these superservers" {
	rows "all sessions have ended"
}

@test "Java's sockets, URLs and SOCKS 4 work under each superserver" {
	rows "Java"
}

@test "Go's two clients work under each superserver" {
	rows "Go"
}

@test "Perl's IO::Socket::Socks works under each superserver: CONNECT, BIND, ASSOCIATE, RESOLVE, SOCKS 4" {
	rows "Perl"
}

@test "PHP's curl works under each superserver" {
	rows "PHP"
}

@test "Qt's sockets work under each superserver: TCP, UDP, listening" {
	rows "Qt"
}

@test "GLib's GSocketClient works under each superserver" {
	rows "GLib"
}

@test "libtorrent works under each superserver: uTP, trackers by name, DHT" {
	rows "libtorrent"
}

@test "OpenVPN works under each superserver: a tunnel over UDP and one over TCP" {
	rows "OpenVPN"
}

@test "Firefox works under each superserver, with a password from an extension" {
	rows "Firefox"
}

@test "Java sends names unresolved, its password is checked, and without a password it is refused" {
	play java_alone
}

@test "Go sends names unresolved, and its password is checked" {
	play go_alone
}

@test "Perl: each command is logged with its user, and the password is checked" {
	play perl_alone
}

@test "PHP's curl sends names unresolved, and its password is checked" {
	play php_alone
}

@test "Qt: TCP, datagrams of up to 9000 bytes and listening are logged with the user; the password is checked" {
	play qt_alone
}

@test "GLib sends names unresolved, and its password is checked" {
	play glib_alone
}

@test "libtorrent: a file by uTP is one UDP association in the log, with its user and all bytes" {
	play libtorrent_alone
}

@test "OpenVPN: a tunnel over UDP is logged as an association, one over TCP as a connection to a name" {
	play openvpn_alone
}

@test "Firefox: the log has the user that its extension names, and the name of the page's host" {
	play firefox_alone
}
